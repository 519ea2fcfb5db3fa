//! Benchmark: what one company's plugins that misbehave cost another company, and the process in memory.
//!
//!     cargo build --release --manifest-path plugins/bench/Cargo.toml --bin plugin-attack
//!
//! One company has a roof's warranty made again and again, with pauses as people make them. Now and then the other has four runs at
//! once of a plugin that misbehaves, each begun anew when it was stopped; as many as it may have run, the rest waits. Quiet and attack
//! take turns, so that what else the machine does meets both. No breaker turns the plugins off, as the product would after five
//! failures.

#[path = "../../plugins/host/tests/all/fixtures.rs"]
#[expect(dead_code, reason = "the host's tests use more of it")]
mod fixtures;
#[path = "plugin/nothing.rs"]
mod nothing;

use anyhow::{Result, anyhow, ensure};
use confine::Program;
use fixtures::{Guest, text};
use plugin_host::{
    Approval, Host, HostConfig, Input, Install, Order, Run,
    author::sample,
    compile::{self, Compiler},
    delegate::Delegate,
    egress::Egress,
};
use std::{
    collections::BTreeMap,
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};
use tokio::{runtime::Handle, task::spawn_blocking, time::sleep};
use uuid::Uuid;

const HONEST: &[u8] = include_bytes!("../../plugins/examples/roofing-warranty/roofing-warranty.wasm");
const ROUNDS: usize = 8;
/// One half of a round: so many calls, and the pause after each.
const CALLS: usize = 400;
const PAUSE: Duration = Duration::from_millis(3);
/// Runs that the attacker asks for at once, and how many it gets.
const ASKED: usize = 4;
const GOT: usize = 2;
/// How long an attack lasts before it is measured: the first of its runs are still treated like anybody's.
const BEFORE: Duration = Duration::from_millis(500);
const DEMAND: f64 = 1.5;
/// What the process may have more than the limits of the runs, in MiB.
const MEMORY_DEMAND: f64 = 16.0;

fn main() -> Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some(compile::CHILD) {
        return Ok(compile::child(args));
    }
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    // As the product's runtime is built.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<ExitCode> {
    let cache = tempfile::tempdir()?;
    let host = Arc::new(Host::start(HostConfig {
        cache: cache.path().to_owned(),
        cache_key: [1; 32],
        compiler: Compiler::new(Program::own(&[compile::CHILD])?, compile::LIMITS),
        egress: Egress::public()?,
        runs: 16,
        runs_per_tenant: GOT,
    })?);
    let honest = Arc::new(Tenant::new(&host, 1, HONEST).await?);
    honest.calls(&host, CALLS).await?;
    println!(
        "{:<18}{:>12}{:>12}{:>8}{:>12}{:>12}{:>10}",
        "attack", "quiet p99", "during p99", "ratio", "quiet p50", "during p50", "memory"
    );
    let (mut worst, mut most) = (0.0_f64, 0.0_f64);
    for (name, guest) in attacks() {
        let attacker = Arc::new(Tenant::new(&host, 2, &guest.packed()).await?);
        let (mut quiet, mut during) = (Vec::new(), Vec::new());
        let (mut memory, mut ends) = (0.0_f64, BTreeMap::new());
        for _ in 0..ROUNDS {
            quiet.extend(honest.calls(&host, CALLS).await?);
            let before = forget_peak()?;
            let (stop, runs) = attack(&host, &attacker);
            sleep(BEFORE).await;
            during.extend(honest.calls(&host, CALLS).await?);
            stop.store(true, Ordering::Relaxed);
            for run in runs {
                run.await?.into_iter().for_each(|code| *ends.entry(code).or_insert(0) += 1);
            }
            memory = memory.max(status("VmHWM:")? - before);
        }
        let (quiet, during) = (Percentiles::of(quiet), Percentiles::of(during));
        let ratio = during.p99 / quiet.p99;
        println!(
            "{name:<18}{:>9.0} us{:>9.0} us{ratio:>8.2}{:>9.0} us{:>9.0} us{memory:>6.0} MiB   {ends:?}",
            quiet.p99, during.p99, quiet.p50, during.p50
        );
        (worst, most) = (worst.max(ratio), most.max(memory));
    }
    let limit = (honest.install.limits.memory * GOT) as f64 / f64::from(1 << 20);
    println!(
        "memory: at most {most:.0} MiB more during an attack (demand {:.0} MiB: {limit:.0} for the runs and {MEMORY_DEMAND:.0})",
        limit + MEMORY_DEMAND
    );
    println!("plugin-attack: ratio {worst:.2} (demand {DEMAND})");
    Ok(if worst <= DEMAND && most <= limit + MEMORY_DEMAND { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What an attacker can do: compute, fill memory, and ask the host.
fn attacks() -> [(&'static str, Guest); 4] {
    // What it gets is written to, else it costs nothing.
    let bomb = "(local $at i32)
        (loop
            (local.set $at (i32.mul (memory.grow (i32.const 1)) (i32.const 65536)))
            (memory.fill (local.get $at) (i32.const 1) (i32.const 65536))
            (br 0)) unreachable";
    let log = "(loop (call $log (i32.const 1) (i32.const 1024) (i32.const 1000)) (br 0)) unreachable";
    let set = "(loop (call $set (i32.const 1024) (i32.const 3) (i32.const 65536) (i32.const 65536) (i32.const 256)) (br 0)) unreachable";
    [
        ("endless loop", Guest::generator("(loop (br 0)) unreachable")),
        ("memory bomb", Guest::generator(bomb)),
        ("log flood", Guest::hook(log).import("log", "write", "$log (param i32 i32 i32)")),
        ("host-call flood", Guest::hook(set).import("kv", "set", "$set (param i32 i32 i32 i32 i32)").with(&text("key"))),
    ]
}

type Attack = tokio::task::JoinHandle<Vec<&'static str>>;

/// Begins it; the runs tell how they ended.
fn attack(host: &Arc<Host>, attacker: &Arc<Tenant>) -> (Arc<AtomicBool>, Vec<Attack>) {
    let stop = Arc::new(AtomicBool::new(false));
    let run = |_| {
        let (host, attacker, stop) = (Arc::clone(host), Arc::clone(attacker), Arc::clone(&stop));
        tokio::spawn(async move {
            let mut ends = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                ends.push(attacker.run(&host).await.report.outcome.code());
            }
            ends
        })
    };
    let runs = (0..ASKED).map(run).collect();
    (stop, runs)
}

/// A company with one plugin.
struct Tenant {
    install: Install,
    input: Input,
    delegate: Delegate,
}

impl Tenant {
    async fn new(host: &Host, id: u128, wasm: &[u8]) -> Result<Self> {
        let inspection = host.prepare(wasm).await.map_err(|e| anyhow!("{} {}", e.words, e.detail))?;
        let manifest = Arc::new(inspection.manifest);
        let input = sample::input(&manifest);
        let approval = Approval::all(&manifest.wants);
        let install = Install::new(Uuid::from_u128(id), &inspection.hash, manifest, &approval, &serde_json::json!({}))
            .map_err(|errors| anyhow!("{errors:?}"))?;
        let delegate = nothing::delegate(wasm.to_vec());
        Ok(Self { install, input, delegate })
    }

    async fn run(&self, host: &Host) -> Run {
        let (input, delegate) = (self.input.clone(), self.delegate.clone());
        host.run(Order { install: &self.install, input, moment: sample::moment(), seed: [5; 32], delegate }).await
    }

    /// So many calls one after another, in microseconds: a thread outside of the runtime asks and waits, as somebody's browser does,
    /// so the time until a worker takes it counts too.
    async fn calls(self: &Arc<Self>, host: &Arc<Host>, count: usize) -> Result<Vec<f64>> {
        let (tenant, host, runtime) = (Arc::clone(self), Arc::clone(host), Handle::current());
        let calls = move || {
            let mut times = Vec::with_capacity(count);
            for _ in 0..count {
                thread::sleep(PAUSE);
                let (tenant, host, (to, from)) = (Arc::clone(&tenant), Arc::clone(&host), mpsc::channel());
                let began = Instant::now();
                runtime.spawn(async move { to.send(tenant.run(&host).await) });
                let run = from.recv()?;
                times.push(began.elapsed().as_secs_f64() * 1e6);
                ensure!(run.output.is_some(), "{}", run.report.outcome.words());
            }
            Ok(times)
        };
        spawn_blocking(calls).await?
    }
}

struct Percentiles {
    p50: f64,
    p99: f64,
}

impl Percentiles {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self { p50: times[times.len() / 2], p99: times[times.len() * 99 / 100] }
    }
}

/// MiB of this process, by the name that Linux gives it.
fn status(name: &str) -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with(name)).ok_or_else(|| anyhow!("no {name}"))?;
    Ok(line.split_whitespace().nth(1).unwrap_or_default().parse::<f64>()? / 1024.0)
}

/// Lets the peak begin anew from what there is now.
fn forget_peak() -> Result<f64> {
    std::fs::write("/proc/self/clear_refs", "5")?;
    status("VmRSS:")
}
