//! Benchmark: a plugin call, 1 KB in and out with all limits on, against bare wasmtime and against extism.
//!
//!     cargo build --release --manifest-path plugins/bench/Cargo.toml --bin plugin-call
//!
//! Every call has a fresh instance, with each of the three. The guests do the same: they turn the case of 1,024 letters. Bare wasmtime
//! runs the very component of ours, from a pool, without fuel, epoch, time limit, grants, recording and report.

#[path = "plugin/nothing.rs"]
mod nothing;

use anyhow::{Result, anyhow, ensure};
use confine::Program;
use extism::{CompiledPlugin, Plugin, PluginBuilder};
use plugin_host::{
    Approval, Host, HostConfig, Input, Install, Order, Output,
    author::sample,
    compile::{self, Compiler},
    data::Event,
    delegate::Delegate,
    egress::Egress,
};
use std::{
    path::Path,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store};

const LETTERS: usize = 1024;
const ROUNDS: usize = 9;
const CALLS: u32 = 2000;
const BARE_DEMAND: f64 = 1.5;
const EXTISM_DEMAND: f64 = 1.0;
/// Runs after which memory is compared, and by how much it may have grown.
const MANY: u32 = 10_000;
const GROWTH_DEMAND: f64 = 5.0;

mod bare {
    wasmtime::component::bindgen!({ path: "../wit", world: "event-hook" });
}

fn main() -> Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    if args.next().as_deref() == Some(compile::CHILD) {
        return Ok(compile::child(args));
    }
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let text: String = ('a'..='z').cycle().take(LETTERS).collect();
    let wanted = text.to_uppercase();
    let ours = Ours::new(&runtime, &text)?;
    let (bare, mut peer) = (Bare::new(&text)?, Peer::new(&text)?);
    ensure!(ours.call()? == wanted && bare.call()? == wanted && peer.call()? == wanted, "the three do not give the same answer");
    println!("the three give the same answer: {LETTERS} letters");

    let mut times: [Vec<f64>; 3] = Default::default();
    for round in 1..=ROUNDS {
        times[0].push(micros(|| ours.call().map(drop))?);
        times[1].push(micros(|| bare.call().map(drop))?);
        times[2].push(micros(|| peer.call().map(drop))?);
        println!("round {round} of {ROUNDS}");
    }
    println!("{:<34}{:>10}{:>10}{:>10}", "one call, microseconds", "minimum", "median", "maximum");
    let [ours_us, bare_us, peer_us] = times;
    let ours_us = row("plugin host, all limits on", ours_us);
    let bare_us = row("bare wasmtime", bare_us);
    let peer_us = row("extism", peer_us);

    let before = resident()?;
    for _ in 0..MANY {
        ours.call()?;
    }
    let growth = (resident()? - before).max(0.0) * 100.0 / before;
    println!("memory: {MANY} more runs added {growth:.1} % (demand {GROWTH_DEMAND} %)");
    let (to_bare, to_peer) = (ours_us / bare_us, ours_us / peer_us);
    println!("plugin-call: ratio {to_peer:.2} to extism (demand {EXTISM_DEMAND})");
    println!("plugin-call: ratio {to_bare:.2} (demand {BARE_DEMAND})");
    let holds = to_bare <= BARE_DEMAND && to_peer <= EXTISM_DEMAND && growth <= GROWTH_DEMAND;
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Microseconds a call.
fn micros(mut call: impl FnMut() -> Result<()>) -> Result<f64> {
    let began = Instant::now();
    for _ in 0..CALLS {
        call()?;
    }
    Ok(began.elapsed().as_secs_f64() * 1e6 / f64::from(CALLS))
}

fn row(name: &str, mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    let median = times[times.len() / 2];
    println!("{name:<34}{:>10.1}{median:>10.1}{:>10.1}", times[0], times[times.len() - 1]);
    median
}

/// KiB of this process.
fn resident() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).ok_or_else(|| anyhow!("no VmRSS"))?;
    Ok(line.split_whitespace().nth(1).unwrap_or_default().parse()?)
}

/// The guest of ours and of bare wasmtime: an event hook whose note is the event's summary with its letters' case turned.
fn component() -> Result<Vec<u8>> {
    let mut module = wat::parse_str(
        r#"(module
            (memory (export "memory") 2)
            (global $free (mut i32) (i32.const 4096))
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                (local.set $at (i32.and (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
                (global.set $free (i32.add (local.get $at) (local.get 3)))
                (local.get $at))
            (func (export "plumbline:plugin/events@1.0.0#handle")
                (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (local $n i32)
                (loop
                    (i32.store8 (i32.add (i32.const 65536) (local.get $n))
                        (i32.xor (i32.load8_u (i32.add (local.get 6) (local.get $n))) (i32.const 32)))
                    (local.set $n (i32.add (local.get $n) (i32.const 1)))
                    (br_if 0 (i32.lt_u (local.get $n) (local.get 7))))
                (i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 16)) (i32.store (i32.const 8) (i32.const 1))
                (i32.store (i32.const 16) (i32.const 0)) (i32.store (i32.const 20) (i32.const 0))
                (i32.store (i32.const 24) (i32.const 65536)) (i32.store (i32.const 28) (local.get 7))
                (i32.const 0)))"#,
    )?;
    let mut resolve = wit_parser::Resolve::default();
    let (package, _) = resolve.push_path(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../wit")))?;
    let world = resolve.select_world(&[package], Some("event-hook"))?;
    wit_component::embed_component_metadata(&mut module, &resolve, world, wit_component::StringEncoding::UTF8)?;
    wit_component::ComponentEncoder::default().module(&module)?.validate(true).encode()
}

fn event(text: &str) -> Event {
    Event {
        id: "1".to_owned(),
        kind: "milestone.completed".to_owned(),
        at: "2026-11-30T16:04:12Z".to_owned(),
        summary: text.to_owned(),
        project_id: None,
        data: serde_json::json!({}),
    }
}

/// The host as the product runs it.
struct Ours<'a> {
    runtime: &'a tokio::runtime::Runtime,
    host: Host,
    install: Install,
    delegate: Delegate,
    text: &'a str,
    _cache: tempfile::TempDir,
}

impl<'a> Ours<'a> {
    fn new(runtime: &'a tokio::runtime::Runtime, text: &'a str) -> Result<Self> {
        let manifest = plugin_host::Manifest::from_json(
            br#"{"name": "case", "title": "Case", "version": "1.0.0", "description": "Turns letters.", "world": "event-hook",
                "events": ["milestone.completed"]}"#,
        )?;
        let wasm = plugin_host::pack::pack(&component()?, &manifest)?;
        let cache = tempfile::tempdir()?;
        let compiler = Compiler::new(Program::own(&[compile::CHILD])?, compile::LIMITS);
        let config = HostConfig {
            cache: cache.path().to_owned(),
            cache_key: [1; 32],
            compiler,
            egress: Egress::public()?,
            runs: 16,
            runs_per_tenant: 2,
        };
        let _runtime = runtime.enter();
        let host = Host::start(config)?;
        let inspection = runtime.block_on(host.prepare(&wasm))?;
        let install =
            Install::new(Uuid::nil(), &inspection.hash, Arc::new(inspection.manifest), &Approval::default(), &serde_json::json!({}))
                .map_err(|errors| anyhow!("{errors:?}"))?;
        let delegate = nothing::delegate(wasm);
        Ok(Self { runtime, host, install, delegate, text, _cache: cache })
    }

    fn call(&self) -> Result<String> {
        let (install, delegate, input) = (&self.install, self.delegate.clone(), Input::Hear(event(self.text)));
        let run = self.runtime.block_on(self.host.run(Order { install, input, moment: sample::moment(), seed: [5; 32], delegate }));
        match run.output {
            Some(Output::Notes(mut notes)) if notes.len() == 1 => Ok(notes.remove(0).text),
            _ => Err(anyhow!("{}", run.report.outcome.words())),
        }
    }
}

/// The same component, without anything around it.
struct Bare<'a> {
    engine: Engine,
    ready: bare::EventHookPre<()>,
    text: &'a str,
}

impl<'a> Bare<'a> {
    fn new(text: &'a str) -> Result<Self> {
        let whole = |e: wasmtime::Error| anyhow!("{e:#}");
        let mut config = Config::new();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(PoolingAllocationConfig::new()));
        let engine = Engine::new(&config).map_err(whole)?;
        let component = wasmtime::component::Component::new(&engine, component()?).map_err(whole)?;
        let linker = wasmtime::component::Linker::new(&engine);
        let ready = bare::EventHookPre::new(linker.instantiate_pre(&component).map_err(whole)?).map_err(whole)?;
        Ok(Self { engine, ready, text })
    }

    fn call(&self) -> Result<String> {
        let whole = |e: wasmtime::Error| anyhow!("{e:#}");
        let mut store = Store::new(&self.engine, ());
        let guest = self.ready.instantiate(&mut store).map_err(whole)?;
        let event = event(self.text);
        let event = bare::exports::plumbline::plugin::events::Event {
            id: event.id,
            kind: event.kind,
            at: event.at,
            summary: event.summary,
            project_id: event.project_id,
            data: "{}".to_owned(),
        };
        let notes = guest.plumbline_plugin_events().call_handle(&mut store, &event, "{}").map_err(whole)?.map_err(|e| anyhow!(e))?;
        notes.into_iter().next().map(|note| note.text).ok_or_else(|| anyhow!("no note"))
    }
}

/// The same letters by extism, with the limits that it has: memory, fuel and time.
struct Peer<'a> {
    compiled: CompiledPlugin,
    text: &'a str,
}

impl<'a> Peer<'a> {
    fn new(text: &'a str) -> Result<Self> {
        let module = wat::parse_str(
            r#"(module
                (import "extism:host/env" "input_length" (func $length (result i64)))
                (import "extism:host/env" "input_load_u64" (func $load (param i64) (result i64)))
                (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
                (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
                (import "extism:host/env" "output_set" (func $output (param i64 i64)))
                (memory (export "memory") 2)
                (func (export "turn") (result i32) (local $n i64) (local $all i64) (local $to i64)
                    (local.set $all (call $length))
                    (local.set $to (call $alloc (local.get $all)))
                    (loop
                        (i64.store (i32.wrap_i64 (local.get $n)) (call $load (local.get $n)))
                        (local.set $n (i64.add (local.get $n) (i64.const 8)))
                        (br_if 0 (i64.lt_u (local.get $n) (local.get $all))))
                    (local.set $n (i64.const 0))
                    (loop
                        (i32.store8 (i32.add (i32.const 65536) (i32.wrap_i64 (local.get $n)))
                            (i32.xor (i32.load8_u (i32.wrap_i64 (local.get $n))) (i32.const 32)))
                        (local.set $n (i64.add (local.get $n) (i64.const 1)))
                        (br_if 0 (i64.lt_u (local.get $n) (local.get $all))))
                    (local.set $n (i64.const 0))
                    (loop
                        (call $store (i64.add (local.get $to) (local.get $n)) (i64.load (i32.add (i32.const 65536) (i32.wrap_i64 (local.get $n)))))
                        (local.set $n (i64.add (local.get $n) (i64.const 8)))
                        (br_if 0 (i64.lt_u (local.get $n) (local.get $all))))
                    (call $output (local.get $to) (local.get $all))
                    (i32.const 0)))"#,
        )?;
        let manifest = extism::Manifest::new([extism::Wasm::data(module)]).with_timeout(Duration::from_secs(10)).with_memory_max(1024);
        let builder = PluginBuilder::new(manifest).with_wasi(false).with_fuel_limit(10_000_000);
        Ok(Self { compiled: builder.compile()?, text })
    }

    fn call(&mut self) -> Result<String> {
        let mut plugin = Plugin::new_from_compiled(&self.compiled)?;
        Ok(plugin.call::<&str, String>("turn", self.text)?)
    }
}
