//! The open pages, in a process of their own: it holds the sockets, notes what each hears and when, and tells at the end.

use anyhow::{Context, Result, ensure};
use futures::{StreamExt, stream};
use kernel::clock::{Clock, SystemClock};
use std::{
    collections::HashMap,
    net::SocketAddr,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::TcpStream,
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::mpsc,
};
use tokio_tungstenite::{client_async, tungstenite::client::IntoClientRequest};
use uuid::Uuid;

/// The word that makes this program hold pages.
pub const ROLE: &str = "pages";

/// Microseconds since 1970, the same clock in both processes.
pub fn micros() -> u64 {
    u64::try_from(SystemClock.now().timestamp_micros()).unwrap_or(0)
}

/// The process with the pages.
pub struct Pages {
    child: Child,
    say: ChildStdin,
    hear: Lines<BufReader<ChildStdout>>,
}

impl Pages {
    /// Opens a page for each host, cookie and path, and waits until all have been greeted.
    pub async fn open(at: SocketAddr, doors: &[[String; 3]]) -> Result<Self> {
        let program = std::env::current_exe()?;
        let mut child =
            Command::new(program).args([ROLE, &at.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let mut say = child.stdin.take().context("its input")?;
        let mut hear = BufReader::new(child.stdout.take().context("its output")?).lines();
        let list: String = doors.iter().map(|door| door.join(" ") + "\n").collect();
        say.write_all(format!("{}\n{list}", doors.len()).as_bytes()).await?;
        ensure!(hear.next_line().await?.as_deref() == Some("open"), "the pages could not be opened");
        Ok(Self { child, say, hear })
    }

    /// The milliseconds that each of these events took to each of the `pages` that show it.
    pub async fn delays(&mut self, sent: &HashMap<Uuid, u64>, pages: usize) -> Result<Vec<f64>> {
        self.say.write_all(b"tell\n").await?;
        let mut delays = Vec::new();
        while let Some(line) = self.hear.next_line().await?.filter(|line| line != "end") {
            let (id, at) = line.split_once(' ').context("a line of two words")?;
            if let Some(sent) = sent.get(&id.parse()?) {
                delays.push(at.parse::<u64>()?.saturating_sub(*sent) as f64 / 1000.0);
            }
        }
        ensure!(delays.len() == sent.len() * pages, "{} frames of {} came", delays.len(), sent.len() * pages);
        Ok(delays)
    }

    /// Closes all; how many events they have heard since they told.
    pub async fn close(mut self) -> Result<usize> {
        self.say.write_all(b"close\n").await?;
        let heard = self.hear.next_line().await?.context("no last word")?.parse()?;
        self.child.kill().await?;
        Ok(heard)
    }
}

/// The other process.
pub fn main() -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(hold())
}

async fn hold() -> Result<()> {
    let at: SocketAddr = std::env::args().nth(2).context("an address")?.parse()?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let count: usize = lines.next_line().await?.context("a number")?.parse()?;
    let (heard, mut log) = mpsc::unbounded_channel::<(Uuid, u64)>();
    let mut doors = Vec::new();
    for _ in 0..count {
        let line = lines.next_line().await?.context("a page")?;
        let mut words = line.split(' ').map(str::to_owned);
        doors.push((words.next().context("a host")?, words.next().context("a cookie")?, words.next().context("a path")?));
    }
    let greeted = Arc::new(AtomicUsize::new(0));
    let open = stream::iter(doors).map(|(host, cookie, path)| page(at, host, cookie, path, heard.clone(), greeted.clone()));
    let opened: Vec<Result<()>> = open.buffer_unordered(50).collect().await;
    opened.into_iter().collect::<Result<()>>()?;
    while greeted.load(Ordering::Relaxed) < count {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    println!("open");
    while let Some(word) = lines.next_line().await? {
        let mut said = 0;
        while let Ok((id, at)) = log.try_recv() {
            said += 1;
            if word == "tell" {
                println!("{id} {at}");
            }
        }
        println!("{}", if word == "tell" { "end".to_owned() } else { said.to_string() });
    }
    Ok(())
}

async fn page(
    at: SocketAddr,
    host: String,
    cookie: String,
    path: String,
    heard: mpsc::UnboundedSender<(Uuid, u64)>,
    greeted: Arc<AtomicUsize>,
) -> Result<()> {
    let mut request = format!("ws://{host}{path}").into_client_request()?;
    request.headers_mut().insert("cookie", cookie.parse()?);
    request.headers_mut().insert("origin", format!("https://{host}").parse()?);
    let (mut socket, _) = client_async(request, TcpStream::connect(at).await?).await?;
    tokio::spawn(async move {
        while let Some(Ok(message)) = socket.next().await {
            let now = micros();
            let Ok(text) = message.to_text() else { continue };
            if text.contains("\"hello\"") {
                greeted.fetch_add(1, Ordering::Relaxed);
            }
            let id = text.split_once("\"id\":\"").and_then(|(_, rest)| rest.get(..36)).and_then(|id| id.parse().ok());
            if let Some(id) = id {
                heard.send((id, now)).ok();
            }
        }
    });
    Ok(())
}
