//! Every way to misbehave ends within its limit, with the reason that an admin understands, and nothing of it remains.

use crate::{
    fixtures::{Guest, NOTHING, text},
    product::{Installed, host, installed},
};
use async_trait::async_trait;
use plugin_host::{
    Outcome, Reason, Run,
    delegate::{Failure, KeyValue},
    inspect,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

async fn run(guest: Guest, change: impl FnOnce(&mut Installed)) -> Run {
    let mut installed = installed(host(), &guest.packed()).await;
    change(&mut installed);
    installed.run(host()).await
}

fn reason(run: &Run) -> &Reason {
    assert!(run.output.is_none(), "nothing of a stopped run is kept");
    match &run.report.outcome {
        Outcome::Stopped { reason } => reason,
        other => panic!("{other:?}"),
    }
}

const LOOP: &str = "(loop (br 0)) unreachable";
const LOG: (&str, &str, &str) = ("log", "write", "$log (param i32 i32 i32)");

fn with_log(body: &str) -> Guest {
    Guest::hook(body).import(LOG.0, LOG.1, LOG.2)
}

#[tokio::test]
async fn an_endless_loop_uses_up_its_fuel() {
    let run = run(Guest::hook(LOOP), |_| {}).await;
    assert_eq!(reason(&run), &Reason::Fuel);
    assert_eq!(run.report.outcome.words(), "Stopped: it used up its fuel. Nothing was saved.");
    assert_eq!((run.report.fuel_used, run.report.headroom()), (10_000_000, 0.0));
    assert_eq!(run.report.outcome.verdict(), Some(false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_endless_loop_with_fuel_is_stopped_by_processor_time() {
    let limit = Duration::from_millis(400);
    let run = run(Guest::hook(LOOP), |i| {
        i.install.limits.fuel = u64::MAX / 2;
        i.install.limits.cpu = limit;
    })
    .await;
    assert_eq!(reason(&run), &Reason::CpuTime);
    let spent = Duration::from_micros(run.report.cpu_us);
    assert!(spent >= limit && spent < limit.mul_f64(1.2), "{spent:?}");
}

/// The guest gives the thread back every few milliseconds: what shares it goes on meanwhile.
#[tokio::test(flavor = "current_thread")]
async fn others_have_their_turn_while_one_loops() {
    let mut plugin = installed(host(), &Guest::hook(LOOP).packed()).await;
    plugin.install.limits.fuel = u64::MAX / 2;
    plugin.install.limits.cpu = Duration::from_millis(500);
    let turns = async {
        for _ in 0..30 {
            tokio::task::yield_now().await;
        }
    };
    // On this one thread the other's thirty turns come first only if the loop gives way thirty times.
    tokio::select! {
        biased;
        run = plugin.run(host()) => panic!("the loop never gave way: {:?}", run.report.outcome),
        () = turns => {}
    }
}

#[tokio::test]
async fn an_endless_loop_in_start_is_found_at_the_upload() {
    let guest = Guest::hook(NOTHING).with("(func $spin (loop (br 0))) (start $spin)");
    let refusal = host().prepare(&guest.packed()).await.unwrap_err();
    assert_eq!((refusal.code.code(), refusal.detail.as_str()), ("does-not-start", "fuel"));
    assert!(refusal.words.contains("cannot be started") && refusal.words.contains("used up its fuel"), "{}", refusal.words);
}

#[tokio::test]
async fn a_memory_bomb_costs_its_limit_and_no_more() {
    let body = "(loop (drop (memory.grow (i32.const 16))) (br 0)) unreachable";
    let run = run(Guest::hook(body), |_| {}).await;
    assert_eq!(reason(&run), &Reason::Memory);
    assert!(run.report.memory_peak <= run.report.memory_limit, "{}", run.report.memory_peak);
    assert!(run.report.memory_peak > run.report.memory_limit - (2 << 20));
    assert!(run.report.outcome.words().contains("more memory than it may have"));
}

#[tokio::test]
async fn a_component_that_begins_with_too_much_memory_is_refused() {
    let refusal = host().prepare(&Guest::hook(NOTHING).pages(1100).packed()).await.unwrap_err();
    assert_eq!((refusal.code.code(), refusal.detail.as_str()), ("does-not-start", "memory"));
}

#[tokio::test]
async fn tables_are_bounded() {
    let table = "(table $t 1 funcref)";
    let body = "(loop (drop (table.grow $t (ref.null func) (i32.const 1000))) (br 0)) unreachable";
    assert_eq!(reason(&run(Guest::hook(body).with(table), |_| {}).await), &Reason::Tables);
}

#[tokio::test]
async fn a_giant_text_is_not_taken() {
    // 60 MB at once to the log.
    let guest = with_log(&format!("(call $log (i32.const 1) (i32.const 0) (i32.const 60000000)) {NOTHING}")).pages(1000);
    let run = run(guest, |_| {}).await;
    assert_eq!(reason(&run), &Reason::TooMuchAtOnce);
}

/// A million records that all show the same 64 KiB: 60 GiB, if somebody copied them.
#[tokio::test]
async fn records_that_share_their_bytes_are_not_multiplied() {
    let body = "(local $n i32)
        (loop
            (i32.store (i32.add (i32.const 131072) (i32.mul (local.get $n) (i32.const 16))) (i32.const 0))
            (i32.store (i32.add (i32.const 131076) (i32.mul (local.get $n) (i32.const 16))) (i32.const 65536))
            (local.set $n (i32.add (local.get $n) (i32.const 1)))
            (br_if 0 (i32.lt_u (local.get $n) (i32.const 400000))))
        (i32.store8 (i32.const 0) (i32.const 0))
        (i32.store (i32.const 4) (i32.const 131072)) (i32.store (i32.const 8) (i32.const 400000)) (i32.const 0)";
    let before = resident();
    let run = run(Guest::hook(body).pages(120), |_| {}).await;
    assert_eq!(reason(&run), &Reason::TooMuchAtOnce);
    assert!(resident().saturating_sub(before) < 96 << 10, "{} KiB more", resident() - before);
}

/// KiB of this process.
pub fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_flood_of_log_lines_is_cut_and_ended() {
    let guest = with_log("(loop (call $log (i32.const 1) (i32.const 1024) (i32.const 1000)) (br 0)) unreachable");
    let run = run(guest, |_| {}).await;
    assert_eq!(reason(&run), &Reason::TooManyCalls);
    assert!(run.report.log_cut);
    let kept: usize = run.report.log.iter().map(|l| l.message.len()).sum();
    assert!(kept <= 64 << 10 && kept > 60 << 10, "{kept}");
}

#[tokio::test]
async fn empty_log_lines_are_bounded_too() {
    let run = run(with_log("(loop (call $log (i32.const 1) (i32.const 0) (i32.const 0)) (br 0)) unreachable"), |_| {}).await;
    assert_eq!(reason(&run), &Reason::TooManyCalls);
    assert!(run.report.log.len() <= 8 << 10, "{}", run.report.log.len());
}

/// A store that answers after a minute.
struct Asleep;

#[async_trait]
impl KeyValue for Asleep {
    async fn get(&self, _: &str) -> Result<Option<Vec<u8>>, Failure> {
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok(None)
    }
    async fn set(&self, _: &str, _: Vec<u8>) -> Result<(), Failure> {
        Ok(())
    }
    async fn delete(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    async fn list(&self, _: &str, _: usize) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn host_calls_that_sleep_end_with_the_runs_time() {
    // Neither fuel nor the epoch interrupts a host call; its own limit does, and the run's.
    let guest = Guest::hook("(loop (call $get (i32.const 1024) (i32.const 3) (i32.const 256)) (br 0)) unreachable")
        .import("kv", "get", "$get (param i32 i32 i32)")
        .with(&text("key"));
    let began = Instant::now();
    let run = run(guest, |i| {
        i.delegate.kv = Arc::new(Asleep);
        i.install.limits.call = Duration::from_millis(100);
        i.install.limits.time = Duration::from_millis(450);
    })
    .await;
    assert_eq!(reason(&run), &Reason::Time);
    let first = &run.report.calls[0];
    assert_eq!(first.failure.as_deref(), Some("It took longer than one call may."));
    assert!(first.time_us >= 100_000 && run.report.calls.len() >= 3);
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[tokio::test]
async fn deep_recursion_and_crashes_have_their_words() {
    let deep = run(Guest::hook("(call $deep) (i32.const 0)").with("(func $deep (call $deep))"), |_| {}).await;
    assert_eq!(reason(&deep), &Reason::StackOverflow);
    let crash = run(Guest::hook("unreachable"), |_| {}).await;
    assert!(matches!(reason(&crash), Reason::Crashed { .. }));
    assert_eq!(crash.report.outcome.words(), "Stopped: it crashed. Nothing was saved.");
    let divided = run(Guest::hook("(i32.div_u (i32.const 1) (i32.const 0))"), |_| {}).await;
    assert!(matches!(reason(&divided), Reason::Crashed { how } if how.contains("divi")));
    let outside = run(Guest::hook("(i32.const 0x7fffff00)"), |_| {}).await;
    assert!(matches!(reason(&outside), Reason::Crashed { .. }));
}

#[tokio::test]
async fn an_answer_that_is_too_large_is_not_kept() {
    // A PDF of 2 MiB, where one may have 1.
    let body = "(call $drop (local.get 8)) (i32.store8 (i32.const 0) (i32.const 0)) (i32.store8 (i32.const 4) (i32.const 1))
        (i32.store (i32.const 8) (i32.const 1024)) (i32.store (i32.const 12) (i32.const 2097152)) (i32.const 0)";
    let guest = |start| {
        let drop = ("projects", "[resource-drop]project", "$drop (param i32)");
        Guest::generator(body).pages(64).import(drop.0, drop.1, drop.2).with(&text(start))
    };
    let large = run(guest("%PDF-1.7"), |i| i.install.limits.output = 1 << 20).await;
    assert!(matches!(reason(&large), Reason::OutputTooLarge | Reason::TooMuchAtOnce), "{:?}", large.report.outcome);
    let wrong = run(guest("GIF89a"), |_| {}).await;
    assert!(matches!(reason(&wrong), Reason::BadOutput { what } if what.contains("PDF")), "{:?}", wrong.report.outcome);
    let fine = run(guest("%PDF-1.7"), |_| {}).await;
    assert_eq!((fine.report.outcome, fine.report.output_bytes), (Outcome::Done, 2 << 20));
}

#[tokio::test]
async fn a_tenant_has_only_so_many_runs_at_once() {
    use crate::product::{compiler, host_with};
    let host = host_with(compiler(), plugin_host::egress::Egress::public().unwrap());
    let guest = Guest::hook("(loop (call $get (i32.const 1024) (i32.const 3) (i32.const 256)) (br 0)) unreachable")
        .import("kv", "get", "$get (param i32 i32 i32)")
        .with(&text("key"));
    let mut slow = installed(&host, &guest.packed()).await;
    slow.delegate.kv = Arc::new(Asleep);
    slow.install.limits.time = Duration::from_millis(600);
    slow.install.limits.queue = Duration::from_millis(50);
    let runs = futures::future::join_all((0..9).map(|_| slow.run(&host))).await;
    let busy = runs.iter().filter(|r| reason(r) == &Reason::Busy).count();
    assert_eq!(busy, 1, "eight of one tenant at once, as this host is set up");
    assert_eq!(runs.iter().find(|r| reason(r) == &Reason::Busy).unwrap().report.outcome.verdict(), None);
}

#[test]
fn what_is_looked_at_is_named_by_its_hash() {
    assert_eq!(inspect::hash(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}
