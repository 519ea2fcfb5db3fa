//! The examples of this repository, as they are committed.

use crate::product::{host, installed};
use plugin_host::{
    Outcome, Output,
    data::{Block, Input},
    inspect,
};

pub const ROOFING: &[u8] = include_bytes!("../../../examples/roofing-warranty/roofing-warranty.wasm");
pub const WAIVER: &[u8] = include_bytes!("../../../examples/lien-waiver/lien-waiver.wasm");

#[tokio::test]
async fn the_roofing_warranty_lists_its_serial_numbers() {
    let mut plugin = installed(host(), ROOFING).await;
    let run = plugin.run(host()).await;
    assert_eq!(run.report.outcome, Outcome::Done);
    let Some(Output::Content(content)) = &run.output else { panic!("{:?}", run.output) };
    assert_eq!(content.title, "Roofing warranty");
    assert!(content.intro[0].contains("Larkrise Roofing & Exteriors warrants the roof at 42 Alder Court"), "{:?}", content.intro);
    assert!(content.facts.iter().any(|f| f.label == "Work is covered until" && f.value == "2036-11-27"), "{:?}", content.facts);
    let Block::Table(table) = &content.sections[0].blocks[0] else { panic!("{:?}", content.sections) };
    assert_eq!((table.columns.len(), table.rows[0][1].as_str()), (3, "RL50-77120-A"));
    assert_eq!(content.signatures[1].name, "Ngozi Okafor");
    assert!(run.report.headroom() > 0.9, "{}", run.report.headroom());

    plugin.install = plugin.install.with_settings(&serde_json::json!({ "bundles": ["North slope, no serial number"] })).unwrap();
    let declined = plugin.run(host()).await.report.outcome;
    assert_eq!(declined.words(), "The plugin said: Bundle 1 has to be written as: slope; serial number; count");
    let errors = plugin.install.with_settings(&serde_json::json!({ "workmanship_years": 500 })).unwrap_err();
    assert_eq!(errors[0].name, "workmanship_years");
}

#[tokio::test]
async fn the_lien_waiver_is_a_pdf_and_counts() {
    let mut plugin = installed(host(), WAIVER).await;
    let text = |run: plugin_host::Run| match run.output {
        Some(Output::Pdf(pdf)) => String::from_utf8_lossy(&pdf.0).into_owned(),
        other => panic!("{other:?} {:?}", run.report),
    };
    let first = text(plugin.run(host()).await);
    assert!(first.starts_with("%PDF-1.7") && first.contains("Conditional waiver and release on progress payment"), "{first}");
    assert!(first.contains("/ 1, made on 2026-11-30"));
    let fonts = first.matches("/Type /Font ").count();
    assert_eq!((fonts, first.matches("/FontFile2 ").count()), (2, 2), "every font is in the file");
    assert!(text(plugin.run(host()).await).contains("/ 2, made on"));
    plugin.install = plugin.install.with_settings(&serde_json::json!({ "form": "unconditional" })).unwrap();
    if let Input::Document { request, .. } = &mut plugin.input {
        request.kind = "lien_waiver_final".to_owned();
    }
    assert!(text(plugin.run(host()).await).contains("Unconditional waiver and release on final payment"));
}

/// What is committed is what SHA256SUMS says; `plugins/examples/build.sh` makes both anew.
#[test]
fn the_built_examples_are_the_listed_ones() {
    let sums = include_str!("../../../examples/SHA256SUMS");
    for (name, wasm) in [("roofing-warranty", ROOFING), ("lien-waiver", WAIVER)] {
        let line = format!("{}  {name}/{name}.wasm", inspect::hash(wasm));
        assert!(sums.lines().any(|l| l == line), "{line}");
    }
}
