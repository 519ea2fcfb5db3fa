//! The server's process: made, watched by a thread that lives as long as it does, and shut down.

use std::fs::{self, File};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal};
use sqlx::Connection;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep, timeout};

use super::find::Programs;
use super::user::User;
use super::{PostgresOptions, SUPERUSER, connect};
use crate::folder::{create_private, sync_folder};

const LOG: &str = "postgres.log";

/// The process.
#[derive(Debug)]
pub struct Server {
    pid: Pid,
    folder: PathBuf,
    exited: watch::Receiver<Option<ExitStatus>>,
}

/// Makes the data, beside its final place, so that half of it is never taken for all of it.
pub async fn init(programs: &Programs, user: &User, folder: &Path, durable: bool) -> Result<()> {
    let unfinished = folder.join("data.new");
    if unfinished.is_dir() {
        fs::remove_dir_all(&unfinished)?;
    }
    create_private(&unfinished)?;
    user.own_privately(&unfinished)?;
    let mut command = Command::new(programs.bin.join("initdb"));
    command.arg("-D").arg(&unfinished).args(["-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8"]);
    command.args(["--auth-local=trust", "--auth-host=scram-sha-256", "--no-instructions"]);
    if !durable {
        command.arg("--no-sync");
    }
    command.current_dir(folder).stdin(Stdio::null());
    user.apply(&mut command);
    let output = tokio::task::spawn_blocking(move || command.output()).await?.context("initdb does not run")?;
    if !output.status.success() {
        bail!("initdb failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    // The superuser never comes by network, everybody else only with a password.
    let access = format!(
        "local all {SUPERUSER} trust\nlocal all all scram-sha-256\n\
         host all {SUPERUSER} all reject\nhost all all 127.0.0.1/32 scram-sha-256\n"
    );
    fs::write(unfinished.join("pg_hba.conf"), access)?;
    fs::rename(&unfinished, folder.join("data"))?;
    sync_folder(folder)?;
    Ok(())
}

impl Server {
    /// Starts the process and waits until it answers.
    pub async fn start(
        programs: &Programs,
        user: &User,
        folder: &Path,
        socket: &Path,
        port: u16,
        options: &PostgresOptions,
    ) -> Result<Server> {
        let mut command = Command::new(programs.bin.join("postgres"));
        command.arg("-D").arg(folder.join("data")).arg("-p").arg(port.to_string());
        let mut set = |setting: &str| {
            command.arg("-c").arg(setting);
        };
        set("listen_addresses=127.0.0.1");
        set(&format!("unix_socket_directories={}", socket.display()));
        set("unix_socket_permissions=0700");
        set("logging_collector=off");
        set("timezone=UTC");
        set(&format!("max_connections={}", options.max_connections));
        set(&format!("shared_buffers={}MB", options.cache_mb));
        if !options.durable {
            set("fsync=off");
            set("synchronous_commit=off");
            set("full_page_writes=off");
        }
        let log = File::create(folder.join(LOG))?;
        command.current_dir(folder).process_group(0).stdin(Stdio::null());
        command.stdout(log.try_clone()?).stderr(log);
        user.apply(&mut command);

        let (pid, exited) = spawn_watched(command).await.context("postgres does not run")?;
        let mut server = Server { pid, folder: folder.to_owned(), exited };
        match server.ready(socket, port).await {
            Ok(()) => Ok(server),
            Err(error) => {
                server.stop().await?;
                Err(error)
            }
        }
    }

    /// Where it writes its log.
    pub fn log(&self) -> PathBuf {
        self.folder.join(LOG)
    }

    async fn ready(&mut self, socket: &Path, port: u16) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            if let Some(status) = *self.exited.borrow() {
                bail!("PostgreSQL ended ({status}); its log ends:\n{}", tail(&self.folder.join(LOG)));
            }
            if let Ok(connection) = connect(socket, port, "postgres").await {
                connection.close().await?;
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("PostgreSQL does not answer; its log ends:\n{}", tail(&self.folder.join(LOG)));
            }
            sleep(Duration::from_millis(30)).await;
        }
    }

    /// The folder given at the start.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Asks for a fast shutdown and does not wait.
    pub fn interrupt(&self) {
        self.signal(Signal::INT);
    }

    /// A fast shutdown; an immediate one when that takes too long.
    pub async fn stop(&mut self) -> Result<()> {
        for (signal, patience) in [(Signal::INT, 15), (Signal::QUIT, 5), (Signal::KILL, 5)] {
            self.signal(signal);
            let ended = self.exited.wait_for(Option::is_some);
            if timeout(Duration::from_secs(patience), ended).await.is_ok() {
                return Ok(());
            }
        }
        bail!("PostgreSQL (process {}) cannot be ended", self.pid.as_raw_nonzero());
    }

    fn signal(&self, signal: Signal) {
        if self.exited.borrow().is_none() {
            // It may end on its own at this very moment, which is what we want.
            let _ = rustix::process::kill_process(self.pid, signal);
        }
    }
}

/// Spawns in a thread that waits for the process: the kernel's death signal hangs on the thread that spawned.
async fn spawn_watched(mut command: Command) -> Result<(Pid, watch::Receiver<Option<ExitStatus>>)> {
    let (started, starting) = oneshot::channel();
    let (exit, exited) = watch::channel(None);
    std::thread::Builder::new().name("postgres".into()).spawn(move || {
        die_with_us(&mut command);
        match command.spawn() {
            Ok(mut child) => {
                if started.send(Ok(child.id())).is_err() {
                    let _ = child.kill();
                }
                exit.send_replace(child.wait().ok());
            }
            Err(error) => drop(started.send(Err(error))),
        }
    })?;
    let id = starting.await??;
    let pid = i32::try_from(id).ok().and_then(Pid::from_raw).ok_or_else(|| anyhow!("a process without an id"))?;
    Ok((pid, exited))
}

/// The kernel asks the child for a fast shutdown as soon as we die, even by kill -9.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "the death signal must be set between fork and exec, and only pre_exec runs there")]
fn die_with_us(command: &mut Command) {
    let parent = rustix::process::getpid();
    let before = move || -> io::Result<()> {
        rustix::process::set_parent_process_death_signal(Some(Signal::INT))?;
        match rustix::process::getppid() == Some(parent) {
            true => Ok(()),
            false => Err(io::ErrorKind::NotConnected.into()),
        }
    };
    // SAFETY: between fork and exec only two system calls are made and nothing is allocated.
    unsafe { command.pre_exec(before) };
}

/// Elsewhere the next start ends what a killed run left behind.
#[cfg(not(target_os = "linux"))]
fn die_with_us(_: &mut Command) {}

/// Ends the server of a run that was killed, and clears away the note of one that is gone.
pub async fn stop_leftover(data: &Path) -> Result<()> {
    let note = data.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&note) else {
        return Ok(());
    };
    let Some(pid) = text.lines().next().and_then(|line| Pid::from_raw(line.trim().parse().ok()?)) else {
        return Ok(fs::remove_file(&note)?);
    };
    // The id may belong to another program by now: ours sits in its data folder.
    let place = format!("/proc/{}/cwd", pid.as_raw_nonzero());
    let alive = || fs::read_link(&place).is_ok_and(|folder| folder == data);
    if !alive() {
        if Path::new("/proc/self").exists() && note.exists() {
            fs::remove_file(&note)?;
        }
        return Ok(());
    }
    for (signal, patience) in [(Signal::INT, 15), (Signal::QUIT, 5), (Signal::KILL, 5)] {
        let _ = rustix::process::kill_process(pid, signal);
        let deadline = Instant::now() + Duration::from_secs(patience);
        while Instant::now() < deadline {
            if !alive() {
                return Ok(());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
    bail!("the PostgreSQL of an earlier run (process {}) cannot be ended", pid.as_raw_nonzero());
}

/// The last lines of the log.
fn tail(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::postgres::find;

    #[tokio::test]
    async fn a_server_left_behind_is_ended_and_a_stale_note_removed() {
        let dir = tempfile::tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let folder = dir.path().canonicalize().unwrap();
        let data = folder.join("data");
        let user = User::for_folder(&data).unwrap();
        let programs = find::programs(&user, None).unwrap();
        let socket = folder.join("socket");
        create_private(&socket).unwrap();
        user.own_privately(&socket).unwrap();
        init(&programs, &user, &folder, false).await.unwrap();
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let options = PostgresOptions { data_dir: folder.clone(), port: Some(port), durable: false, max_connections: 10, cache_mb: 128 };
        let mut left = Server::start(&programs, &user, &folder, &socket, port, &options).await.unwrap();
        stop_leftover(&data).await.unwrap();
        let ended = left.exited.wait_for(Option::is_some);
        assert!(timeout(Duration::from_secs(5), ended).await.is_ok());

        // The id in the note is alive, but it is not PostgreSQL's.
        let note = data.join("postmaster.pid");
        fs::write(&note, format!("{}\n", std::process::id())).unwrap();
        stop_leftover(&data).await.unwrap();
        assert!(!note.exists());
    }
}
