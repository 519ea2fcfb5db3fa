//! What is not taken at an upload, and in which words.

use crate::{
    fixtures::{Guest, NOTHING},
    product::{compiler, host, host_with, installed},
};
use confine::{Limits, Program};
use plugin_host::{
    Manifest, Outcome, Refusal,
    compile::{self, Compiler},
    egress::Egress,
    inspect::inspect,
    pack,
};
use std::{fmt::Write, time::Duration};

fn refused(bytes: &[u8]) -> Refusal {
    inspect(bytes).map(|i| i.hash).unwrap_err()
}

fn good() -> Guest {
    Guest::hook(NOTHING)
}

#[tokio::test]
async fn a_good_one_is_taken_and_told_of() {
    let found = host().prepare(&good().packed()).await.unwrap();
    assert_eq!((found.wit.as_str(), found.world.name(), found.manifest.name.as_str()), ("1.0.0", "event-hook", "fixture"));
    assert!(found.words().iter().any(|w| w.contains("adds notes when something happens")));
    let run = installed(host(), &good().packed()).await;
    let run = run.run(host()).await;
    assert_eq!(run.report.outcome, Outcome::Done);
}

#[test]
fn other_files_are_told_apart() {
    let module = wat::parse_str("(module)").unwrap();
    for (bytes, code, word) in [
        (&b"GIF89a"[..], "not-wasm", "not a WebAssembly file"),
        (b"", "not-wasm", "not a WebAssembly file"),
        (b"\x7fELF\x02\x01\x01", "precompiled", "machine code"),
        (&module, "core-module", "without the form that plugins have"),
        (b"\0asm\x63\0\x07\0", "invalid", "damaged"),
    ] {
        let refusal = refused(bytes);
        assert_eq!(refusal.code.code(), code);
        assert!(refusal.words.contains(word), "{}", refusal.words);
    }
}

#[test]
fn machine_code_is_not_taken_also_when_it_is_ours() {
    let engine = wasmtime::Engine::default();
    let code = engine.precompile_component(&wat::parse_str("(component)").unwrap()).unwrap();
    assert_eq!(refused(&code).code.code(), "precompiled");
}

#[test]
fn a_damaged_file_is_refused_wherever_it_was_cut_or_changed() {
    let whole = good().packed();
    for cut in (9..whole.len()).step_by(97) {
        let _ = refused(&whole[..cut]);
    }
    // A changed byte may still be a plugin, for example in a name; it must not be a panic.
    for at in (8..whole.len()).step_by(31) {
        let mut changed = whole.clone();
        changed[at] ^= 0xff;
        let _ = inspect(&changed);
    }
}

#[test]
fn another_version_of_the_contract_is_named() {
    let text = |bytes: &[u8]| bytes.windows(5).position(|w| w == b"1.0.0");
    let mut other = good().packed();
    while let Some(at) = text(&other) {
        other[at..at + 5].copy_from_slice(b"9.0.0");
    }
    let refusal = refused(&other);
    assert_eq!(refusal.code.code(), "unknown-version");
    assert!(refusal.words.contains("version 9.0.0") && refusal.words.contains("here runs 1.0.0"), "{}", refusal.words);
}

#[test]
fn what_no_plugin_gets_is_named() {
    let with = |import: &str| {
        let text =
            format!(r#"(component (import "{import}" (instance)) (instance $i) (export "plumbline:plugin/events@1.0.0" (instance $i)))"#);
        pack::pack(&wat::parse_str(text).unwrap(), &good().manifest()).unwrap()
    };
    for (import, word) in [
        ("wasi:filesystem/types@0.2.0", "files of this machine"),
        ("wasi:sockets/tcp@0.2.0", "the network"),
        ("wasi:cli/environment@0.2.0", "environment"),
        ("evil:thing/here", "something that no plugin gets"),
        ("plumbline:plugin/root@1.0.0", "something that no plugin gets"),
    ] {
        let refusal = refused(&with(import));
        assert_eq!(refusal.code.code(), "unknown-import", "{import}");
        assert!(refusal.words.contains(word), "{}", refusal.words);
        assert_eq!(refusal.detail, import);
    }
}

#[test]
fn a_component_that_is_no_plugin_or_two_is_refused() {
    let packed = |text: &str| pack::pack(&wat::parse_str(text).unwrap(), &good().manifest()).unwrap();
    assert_eq!(refused(&packed("(component)")).code.code(), "no-world");
    let two = r#"(component (instance $i) (export "plumbline:plugin/events@1.0.0" (instance $i))
        (instance $j) (export "plumbline:plugin/documents@1.0.0" (instance $j)))"#;
    assert_eq!(refused(&packed(two)).code.code(), "no-world");
}

#[tokio::test]
async fn a_function_of_another_form_does_not_fit() {
    let text = r#"(component
        (core module $m (func (export "handle")))
        (core instance $c (instantiate $m))
        (func $f (canon lift (core func $c "handle")))
        (instance $i (export "handle" (func $f)))
        (export "plumbline:plugin/events@1.0.0" (instance $i)))"#;
    let packed = pack::pack(&wat::parse_str(text).unwrap(), &good().manifest()).unwrap();
    let refusal = host().prepare(&packed).await.unwrap_err();
    assert_eq!(refusal.code.code(), "does-not-fit");
}

#[test]
fn the_manifest_is_there_once_and_tells_the_truth() {
    assert_eq!(refused(&good().bare()).code.code(), "no-manifest");
    // Packing again replaces it.
    let again = pack::pack(&good().packed(), &good().manifest()).unwrap();
    assert_eq!(again, good().packed());
    let other = Guest::generator(NOTHING).manifest();
    let refusal = refused(&pack::pack(&good().bare(), &other).unwrap());
    assert_eq!(refusal.code.code(), "bad-manifest");
    assert!(refusal.words.contains("makes documents") && refusal.words.contains("adds notes"), "{}", refusal.words);
    let mut silent = Guest::hook(&format!("(call $get (i32.const 0) (i32.const 0) (i32.const 256)) {NOTHING}")).import(
        "kv",
        "get",
        "$get (param i32 i32 i32)",
    );
    silent.wants = "{}";
    let refusal = refused(&silent.packed());
    assert_eq!(refusal.code.code(), "not-declared");
    assert!(refusal.words.contains("remembers things"), "{}", refusal.words);
    assert!(Manifest::from_json(b"{}").is_err());
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let mut large = good().packed();
    large.resize(21 << 20, 0);
    let refusal = refused(&large);
    assert_eq!(refusal.code.code(), "too-large");
    assert!(refusal.words.contains("21.0 MB"), "{}", refusal.words);
}

/// One function with so many blocks and values that allocating registers takes for ever.
fn bomb() -> Vec<u8> {
    let mut body = String::from("(local i64 i64 i64 i64 i64 i64 i64 i64) ");
    for n in 0..60_000 {
        let (a, b) = (15 + n % 8, 15 + (n * 5 + 3) % 8);
        write!(body, "(block (br_if 0 (i64.eqz (local.get {a}))) (local.set {b} (i64.mul (local.get {a}) (i64.add (local.get {b}) (i64.const {n}))))) ").unwrap();
    }
    Guest::hook(&format!("{body} {NOTHING}")).packed()
}

#[tokio::test]
async fn a_compile_bomb_ends_with_its_child() {
    let program = || Program::new(env!("CARGO_BIN_EXE_plugin"), &[compile::CHILD]);
    let bomb = bomb();
    assert!(bomb.len() < 16 << 20);
    let host = |limits| host_with(Compiler::new(program(), limits), Egress::public().unwrap());
    let short = host(Limits { cpu: Duration::from_secs(1), ..compile::LIMITS });
    let refusal = short.prepare(&bomb).await.unwrap_err();
    assert_eq!(refusal.code.code(), "compile-time", "{refusal:?}");
    assert!(refusal.words.contains("too long to prepare"));
    let small = host(Limits { memory: 160 << 20, ..compile::LIMITS });
    let refusal = small.prepare(&bomb).await.unwrap_err();
    assert_eq!(refusal.code.code(), "compile-memory", "{refusal:?}");
    let narrow = host(Limits { output: 1000, ..compile::LIMITS });
    assert_eq!(narrow.prepare(&good().packed()).await.unwrap_err().code.code(), "compile-size");
}

#[tokio::test]
async fn a_compiler_that_is_missing_is_our_fault() {
    let broken = host_with(Compiler::new(Program::new("/nonexistent", &[]), compile::LIMITS), Egress::public().unwrap());
    let refusal = broken.prepare(&good().packed()).await.unwrap_err();
    assert_eq!(refusal.code.code(), "host");
    assert!(refusal.words.contains("The fault is ours"));
    let _ = compiler();
}
