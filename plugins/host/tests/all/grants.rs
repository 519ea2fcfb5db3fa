//! A plugin does what its manifest asks for and its admin approved, and nothing else.

use crate::{
    fixtures::{Guest, TELL_FAILURE, text},
    product::{Installed, host, installed},
};
use plugin_host::{Approval, Grants, Outcome};

fn asks(interface: &str, name: &str, call: &str, signature: &str) -> Guest {
    Guest::hook(&format!("{call} {TELL_FAILURE}")).import(interface, name, signature).with(&text("key"))
}

fn kv() -> Guest {
    asks(
        "kv",
        "set",
        "(call $f (i32.const 1024) (i32.const 3) (i32.const 1024) (i32.const 3) (i32.const 256))",
        "$f (param i32 i32 i32 i32 i32)",
    )
}

fn company() -> Guest {
    asks("projects", "company", "(call $f (i32.const 256))", "$f (param i32)")
}

async fn told(mut plugin: Installed, approval: &Approval) -> Outcome {
    plugin.install.grants = Grants::new(&plugin.install.manifest.wants, approval);
    plugin.run(host()).await.report.outcome
}

fn refused(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Declined { message } if message.contains("has not approved it") || message.contains("may not"))
}

#[tokio::test]
async fn nothing_is_granted_without_approval() {
    for guest in [kv(), company()] {
        let plugin = installed(host(), &guest.packed()).await;
        let outcome = told(plugin, &Approval::default()).await;
        assert!(refused(&outcome), "{outcome:?}");
    }
}

#[tokio::test]
async fn what_was_approved_works() {
    // The guest gives up when it is not refused: that is how it tells.
    let approved = Approval { kv: true, projects: true, ..Approval::default() };
    for guest in [kv(), company()] {
        let outcome = told(installed(host(), &guest.packed()).await, &approved).await;
        assert_eq!(outcome.code(), "crashed", "{outcome:?}");
    }
}

#[tokio::test]
async fn one_approval_gives_not_the_other() {
    let only_kv = Approval { kv: true, ..Approval::default() };
    let outcome = told(installed(host(), &company().packed()).await, &only_kv).await;
    assert!(refused(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn approval_of_what_the_manifest_does_not_ask_for_gives_nothing() {
    let mut guest = company();
    guest.wants = r#"{"kv": {"why": "To remember."}}"#;
    let all = Approval { kv: true, projects: true, ..Approval::default() };
    let outcome = told(installed(host(), &guest.packed()).await, &all).await;
    assert!(refused(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn keys_and_values_have_their_sizes() {
    let long = asks("kv", "get", "(call $f (i32.const 1024) (i32.const 300) (i32.const 256))", "$f (param i32 i32 i32)");
    let outcome = told(installed(host(), &long.packed()).await, &Approval { kv: true, ..Approval::default() }).await;
    assert_eq!(outcome, Outcome::Declined { message: "A key has between 1 and 256 bytes.".to_owned() });
    let large = asks(
        "kv",
        "set",
        "(call $f (i32.const 1024) (i32.const 3) (i32.const 0) (i32.const 65537) (i32.const 256))",
        "$f (param i32 i32 i32 i32 i32)",
    );
    let outcome = told(installed(host(), &large.packed()).await, &Approval { kv: true, ..Approval::default() }).await;
    assert_eq!(outcome, Outcome::Declined { message: "A value has at most 64 KiB.".to_owned() });
}

#[tokio::test]
async fn a_dry_run_changes_nothing() {
    use plugin_host::delegate::KeyValue;
    let mut plugin = installed(host(), &kv().packed()).await;
    let store = std::sync::Arc::new(plugin_host::author::sample::SampleStore::default());
    plugin.delegate.kv = store.clone();
    plugin.delegate.dry = true;
    plugin.run(host()).await;
    assert_eq!(store.get("key").await.unwrap(), None);
    plugin.delegate.dry = false;
    plugin.run(host()).await;
    assert_eq!(store.get("key").await.unwrap().as_deref(), Some(&b"key"[..]));
}

#[tokio::test]
async fn what_is_not_for_a_plugin_does_not_start_it() {
    let mut plugin = installed(host(), &kv().packed()).await;
    plugin.event().kind = "invoice.paid".to_owned();
    let outcome = plugin.run(host()).await.report.outcome;
    assert_eq!((outcome.code(), outcome.verdict()), ("not-for-it", None));
    plugin.event().kind = "milestone.completed".to_owned();
    assert_eq!(plugin.run(host()).await.report.outcome.code(), "crashed", "it began, and gave up as it was not refused");
    assert_eq!(plugin.install.with_settings(&serde_json::json!({ "unknown": 1 })).unwrap_err()[0].name, "unknown");
}
