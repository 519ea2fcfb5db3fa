//! A recorded run is run again without the product, and comes to the same bytes.

use crate::{
    examples,
    fixtures::{Guest, NOTHING, text},
    product::{host, installed},
};
use plugin_host::{Outcome, Reason, Recording, digest};
use std::{collections::HashSet, time::Duration};

async fn recorded(wasm: &[u8]) -> (Recording, crate::product::Installed) {
    let mut plugin = installed(host(), wasm).await;
    // Built for development, and beside other tests, what is measured here is not time.
    (plugin.install.limits.time, plugin.install.limits.cpu) = (Duration::from_secs(300), Duration::from_secs(300));
    plugin.run(host()).await;
    let recording = plugin.kept.recording.lock().unwrap().clone().unwrap();
    // As it is stored.
    let json = serde_json::to_string(&recording).unwrap();
    (serde_json::from_str(&json).unwrap(), plugin)
}

#[tokio::test]
async fn a_hundred_replays_give_one_hash() {
    for wasm in [examples::ROOFING, examples::WAIVER] {
        let (recording, plugin) = recorded(wasm).await;
        assert_eq!(recording.outcome, Outcome::Done);
        let (mut hashes, mut fuel) = (HashSet::new(), HashSet::new());
        for _ in 0..100 {
            let run = host().replay(&recording, &*plugin.kept).await;
            assert_eq!(run.report.outcome, Outcome::Done);
            hashes.insert(digest(&run.output.unwrap()));
            fuel.insert(run.report.fuel_used);
        }
        assert_eq!(hashes.into_iter().collect::<Vec<_>>(), [recording.output.unwrap()]);
        assert_eq!(fuel.len(), 1, "also the fuel is the same");
    }
}

#[tokio::test]
async fn time_and_randomness_stand_in_the_recording() {
    // Declines with 8 random letters.
    let body = "(call $bytes (i32.const 8) (i32.const 256))
        (i32.store8 (i32.const 0) (i32.const 1)) (i32.store (i32.const 4) (i32.const 1024)) (i32.store (i32.const 8) (i32.const 8))
        (i64.store (i32.const 1024) (i64.or (i64.and (i64.load (i32.load (i32.const 256))) (i64.const 0x0f0f0f0f0f0f0f0f)) (i64.const 0x6060606060606060)))
        (i32.const 0)";
    let guest = Guest::hook(body).import("random", "bytes", "$bytes (param i32 i32)");
    let (mut recording, plugin) = recorded(&guest.packed()).await;
    let again = host().replay(&recording, &*plugin.kept).await;
    assert_eq!(again.report.outcome, recording.outcome);
    recording.seed.0[0] ^= 1;
    assert_ne!(host().replay(&recording, &*plugin.kept).await.report.outcome, recording.outcome);
}

#[tokio::test]
async fn a_run_that_asks_something_else_is_told_where() {
    let (mut recording, plugin) = recorded(examples::ROOFING).await;
    recording.exchanges.remove(1);
    let run = host().replay(&recording, &*plugin.kept).await;
    match run.report.outcome {
        Outcome::Stopped { reason: Reason::Diverged { at } } => assert!(at.contains("read the project's"), "{at}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_recording_that_is_not_whole_is_not_replayed() {
    // Stores 64 KiB 300 times: more than a recording keeps.
    let body = format!(
        "(local $n i32) (loop (call $set (i32.const 1024) (i32.const 3) (i32.const 0) (i32.const 65536) (i32.const 256))
         (local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if 0 (i32.lt_u (local.get $n) (i32.const 300)))) {NOTHING}"
    );
    let guest = Guest::hook(&body).import("kv", "set", "$set (param i32 i32 i32 i32 i32)").with(&text("key"));
    let (recording, plugin) = recorded(&guest.packed()).await;
    assert_eq!(recording.outcome, Outcome::Done);
    assert!(!recording.complete && recording.exchanges.is_empty());
    assert_eq!(host().replay(&recording, &*plugin.kept).await.report.outcome.code(), "not-for-it");
}
