//! Texts that want to be more than texts.

use crate::{
    samples::{larkrise, order, sections},
    tools::flow,
};
use typeset::{Content, Failure, Kind, Order, Paper, Section, render_here};

fn warranty(lead: &str) -> Order {
    let mut order = order(Kind::Warranty, larkrise(), Paper::A4);
    let Content::Warranty(warranty) = &mut order.content else { unreachable!() };
    warranty.lead = lead.to_owned();
    order
}

#[test]
fn code_is_printed_and_not_run() {
    for text in [
        "#while true {}",
        r#"#read("/etc/passwd")"#,
        r#"#import "@preview/cetz:0.3.4""#,
        "#panic(1) #set page(width: 1pt)",
        r#"" ) #eval("1+1") // "#,
        "= Heading _it_ *bold* `raw` $x^2$ <end> @end ~ -- --- ... \\ #",
        "{{ 7*7 }} ${7*7} %s %n <b>bold</b>",
        "/* // \\u{41} [[]] ]] }} ))",
    ] {
        let pdf = render_here(&warranty(text)).unwrap_or_else(|failure| panic!("{text}: {failure}"));
        if let Some(said) = flow(&pdf.bytes) {
            assert!(said.contains(text.trim()), "{text:?} is not on the paper: {said}");
            assert!(!said.contains("root:"));
        }
    }
}

#[test]
fn code_is_printed_in_every_place_that_takes_a_text() {
    let attack = r##"#read("data.json") #"x"; \ $a$ ]"##;
    for kind in Kind::all() {
        let order = order(kind, larkrise(), Paper::A4);
        let mut json = serde_json::to_value(&order).unwrap();
        let mut count = 0;
        replace(&mut json["content"], attack, &mut count);
        let attacked: Order = serde_json::from_value(json).unwrap();
        let pdf = render_here(&attacked).unwrap_or_else(|failure| panic!("{}: {failure}", kind.name()));
        assert!(count >= 10, "{count}");
        if let Some(said) = flow(&pdf.bytes) {
            let shown = said.matches(r##"#read("data.json")"##).count();
            assert!(shown >= count, "{}: {shown} of {count}", kind.name());
        }
    }
}

/// Every text that is neither a name of ours, nor a day, nor an address, nor a picture.
fn replace(value: &mut serde_json::Value, with: &str, count: &mut usize) {
    use serde_json::Value;
    match value {
        Value::String(text) => {
            let kinds = ["warranty", "welcome_packet", "progress_report", "completion_certificate", "custom"];
            let ours = [kinds.as_slice(), &["done", "now", "next", "text", "bullets", "table"]].concat();
            let fixed = ours.contains(&text.as_str()) || text.starts_with("https:") || text.parse::<chrono::NaiveDate>().is_ok();
            if !text.is_empty() && !fixed && text.len() < 2000 {
                with.clone_into(text);
                *count += 1;
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| replace(value, with, count)),
        Value::Object(values) => values.values_mut().for_each(|value| replace(value, with, count)),
        _ => {}
    }
}

#[test]
fn marks_that_turn_text_around_are_taken_out() {
    let pdf = render_here(&warranty("paid \u{202e}000.1$\u{202c} in\u{200d} full\u{feff}")).unwrap();
    if let Some(said) = flow(&pdf.bytes) {
        assert!(said.contains("paid 000.1$ in full"), "{said}");
    }
}

#[test]
fn characters_without_a_font_are_named() {
    for (text, missing) in
        [("Roof 👷 done", vec!['👷']), ("שלום", vec!['ו', 'ל', 'ם', 'ש']), ("山田", vec!['山', '田']), ("\u{e000}", vec!['\u{e000}'])]
    {
        let failure = render_here(&warranty(text)).unwrap_err();
        assert!(matches!(&failure, Failure::MissingGlyph(chars) if *chars == missing), "{failure}");
        assert_eq!(failure.code(), "missing_glyph");
        assert!(failure.is_final() && failure.to_string().contains(missing[0]));
    }
    render_here(&warranty("Đặng Łukasz Ελένη Мария Ştefan — “quoted” ½ № 5 ′ ″ → ✓ é e\u{301}")).unwrap();
}

#[test]
fn long_texts_and_words_stay_on_the_paper() {
    let mut order = order(Kind::Warranty, larkrise(), Paper::A4);
    let Content::Warranty(content) = &mut order.content else { unreachable!() };
    let word = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(200);
    let text: String = word.chars().take(8_000).chain(" and so on".chars().cycle().take(2_000)).collect();
    assert_eq!(text.chars().count(), 10_000);
    content.sections = vec![Section { heading: "W".repeat(200), ..sections(3).remove(1) }];
    content.sections[0].blocks.push(typeset::Block::Text { text });
    if let typeset::Block::Table { rows, .. } = &mut content.sections[0].blocks[0] {
        rows[0] = vec!["x".repeat(300); 4];
    }
    content.covered = vec!["M".repeat(300)];
    let pdf = render_here(&order).unwrap();
    // What is beyond the edge of the paper is not found by a tool that looks at the paper only.
    let Some(boxes) = crate::tools::ask("pdftotext", &["-bbox", "-"], &pdf.bytes) else { return };
    let mut seen = 0;
    for right in boxes.lines().filter_map(|line| line.split("xMax=\"").nth(1)).filter_map(|rest| rest.split('"').next()) {
        let right: f64 = right.parse().unwrap();
        assert!(right <= 595.3 - 56.0, "a word ends at {right}");
        seen += 1;
    }
    assert!(seen > 500, "{seen}");
}
