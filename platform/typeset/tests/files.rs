//! Each kind as a file: whole, embedded, tagged, dated, and the same every time.

use crate::{
    samples::{self, larkrise, order},
    tools::{ask, flow, text},
};
use confine::Program;
use sha2::{Digest, Sha256};
use std::collections::HashSet;
use typeset::{Content, Kind, Locale, Order, Paper, default_limits, render, render_here};

fn child() -> Program {
    Program::new(env!("CARGO_BIN_EXE_typeset-child"), &[])
}

#[test]
fn every_sample_is_a_whole_pdf_with_its_fonts() {
    for (name, order) in samples::all() {
        let pdf = render_here(&order).unwrap_or_else(|failure| panic!("{name}: {failure}"));
        if let Some(said) = ask("qpdf", &["--check"], &pdf.bytes) {
            assert!(said.contains("No syntax or stream encoding errors found"), "{name}: {said}");
        }
        let Some(fonts) = ask("pdffonts", &[], &pdf.bytes) else { continue };
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(rows.len() >= 2, "{name}: {fonts}");
        for row in rows {
            // The columns emb, sub and uni.
            assert!(row.contains(" yes yes yes "), "{name}: {row}");
        }
    }
}

#[test]
fn a_paper_says_what_it_is() {
    for kind in Kind::all() {
        let order = order(kind, larkrise(), Paper::Letter);
        let pdf = render_here(&order).unwrap();
        let file = String::from_utf8_lossy(&pdf.bytes);
        for part in [
            "<pdfaid:part>2</pdfaid:part>",
            "<pdfaid:conformance>B</pdfaid:conformance>",
            "<pdfuaid:part>1</pdfuaid:part>",
            "<rdf:li>Larkrise Roofing</rdf:li>",
        ] {
            assert!(file.contains(part), "{}: no {part}", kind.name());
        }
        assert!(!file.to_lowercase().contains("typst") && !file.contains("Plumbline"), "{} names a tool", kind.name());
        let Some(info) = ask("pdfinfo", &["-isodates"], &pdf.bytes) else { continue };
        let row = |name: &str| info.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        assert!(row("Title:").ends_with(&order.number), "{info}");
        assert_eq!(row("Author:"), "Larkrise Roofing");
        assert_eq!(row("Tagged:"), "yes");
        assert_eq!(row("Pages:"), pdf.pages.to_string());
        assert_eq!(row("CreationDate:"), "2026-06-17T00:00:00Z");
        assert_eq!(row("Page size:"), "612 x 792 pts (letter)");
    }
}

#[test]
fn what_was_ordered_is_on_the_paper() {
    let said = |order: &Order| flow(&render_here(order).unwrap().bytes);
    for kind in Kind::all() {
        let order = order(kind, larkrise(), Paper::A4);
        let Some(text) = said(&order) else { return };
        let shared = [
            order.number.clone(),
            order.short_fingerprint(),
            format!("larkrise.example/check/{}", order.number),
            "Margaret Ellery".to_owned(),
        ];
        let own: &[&str] = match kind {
            Kind::WelcomePacket => {
                &["Who answers Dana Whitlock", "Mon, June 1", "Tue, June 2 to Wed, June 3", "Not planned yet", "margaret@ellery.example"]
            }
            Kind::ProgressReport => {
                &["Step 4 of 6", "about 72 % done", "Tuesday, June 16, 2026 (moved from Fri, June 12)", "Under way", "8 to 11 am"]
            }
            Kind::CompletionCertificate => {
                &["Finished June 17, 2026", "Gutters and metal June 16, 2026", "for Larkrise Roofing, June 17, 2026"]
            }
            Kind::Warranty => &[
                "Covered until June 17, 2036",
                "June 17, 2056 (30 years)",
                "Hail over",
                "Loose or missing shingles",
                "within three working days",
            ],
            Kind::Custom => &[
                "Manufacturer Summit Slate Works",
                "Covered until June 17, 2036",
                "We stand for this roof, as written below.",
                "Shingles that the wind took",
                "Keep this paper with the house.",
                "As they were fitted",
                "Skylight 1",
                "Dana Whitlock Contractor",
            ],
        };
        for part in shared.iter().map(String::as_str).chain(own.iter().copied()) {
            assert!(text.to_lowercase().contains(&part.to_lowercase()), "{}: no {part:?} in {text}", kind.name());
        }
    }
}

#[test]
fn a_paper_speaks_the_language_of_its_locale() {
    for (locale, tag, parts) in [
        (Locale::EnGb, "en-GB", ["Page 1 of 1", "17 June 2026"]),
        (Locale::DeDe, "de-DE", ["Seite 1 von 1", "17. Juni 2026"]),
        (Locale::EsUs, "es-US", ["Página 1 de 1", "17 de junio de 2026"]),
        (Locale::FrCa, "fr-CA", ["Page 1 de 1", "17 juin 2026"]),
    ] {
        let pdf = render_here(&Order { locale, ..order(Kind::CompletionCertificate, larkrise(), Paper::A4) }).unwrap();
        assert!(String::from_utf8_lossy(&pdf.bytes).contains(&format!("<rdf:li>{tag}</rdf:li>")), "{tag}");
        let Some(text) = flow(&pdf.bytes) else { continue };
        for part in parts {
            assert!(text.contains(part), "{tag}: no {part:?} in {text}");
        }
    }
}

#[test]
fn certificates_are_one_page_and_long_tables_repeat_their_head() {
    for paper in Paper::ALL {
        for kind in [Kind::CompletionCertificate, Kind::Warranty] {
            assert_eq!(render_here(&order(kind, larkrise(), paper)).unwrap().pages, 1, "{} on {paper:?}", kind.name());
        }
        assert_eq!(render_here(&samples::crowded(Kind::CompletionCertificate, paper)).unwrap().pages, 1, "twelve steps on {paper:?}");
    }
    let long = render_here(&samples::long_warranty(larkrise(), Paper::Letter, 120)).unwrap();
    let Some(text) = text(&long.bytes) else { return };
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert_eq!(pages.len() as u32, long.pages);
    assert!(pages.len() >= 4, "{}", pages.len());
    for (at, page) in pages.iter().enumerate() {
        assert!(page.contains(&format!("Page {} of {}", at + 1, pages.len())), "{page}");
        assert_eq!(page.contains("Serial number "), at > 0, "{page}");
    }
}

#[tokio::test]
async fn the_same_order_gives_the_same_bytes() {
    for kind in Kind::all() {
        let order = samples::order(kind, samples::copperpan(), Paper::A4);
        let mut hashes = HashSet::new();
        for _ in 0..100 {
            hashes.insert(Sha256::digest(render_here(&order).unwrap().bytes));
            // Others in between must leave no trace.
            if hashes.len() == 1 && kind == Kind::Warranty {
                render_here(&samples::order(Kind::CompletionCertificate, larkrise(), Paper::Letter)).unwrap();
            }
        }
        for _ in 0..3 {
            hashes.insert(Sha256::digest(render(&child(), default_limits(), &order).await.unwrap().bytes));
        }
        assert_eq!(hashes.len(), 1, "{}", kind.name());
    }
}

/// What is remembered of one customer's paper must not show on the next one's.
#[tokio::test]
async fn papers_made_before_leave_no_trace() {
    for kind in Kind::all() {
        let order = samples::order(kind, larkrise(), Paper::A4);
        let alone = render(&child(), default_limits(), &order).await.unwrap();
        // Of the same company and of another, with all else the same and with all else different.
        let before = [
            Order { number: "LR-X-0001".to_owned(), verify_url: "https://larkrise.example/check/LR-X-0001".to_owned(), ..order.clone() },
            Order { brand: samples::copperpan(), ..order.clone() },
            Order { locale: Locale::FrCa, paper: Paper::Letter, ..order.clone() },
            samples::crowded(kind, Paper::A4),
            Order { issued: samples::day(11, 28), ..order.clone() },
        ];
        for other in before {
            let other_alone = render(&child(), default_limits(), &other).await.unwrap();
            for (order, alone) in [(&other, &other_alone), (&order, &alone)] {
                assert!(render_here(order).unwrap() == *alone, "{}, {}", kind.name(), other.number);
            }
        }
    }
}

#[test]
fn the_fingerprint_is_of_what_is_stated() {
    let order = order(Kind::Warranty, larkrise(), Paper::A4);
    assert_eq!(order.short_fingerprint().len(), 24);
    let same = Order { paper: Paper::Letter, brand: typeset::Brand { logo_png: None, ..larkrise() }, ..order.clone() };
    assert_eq!(order.fingerprint(), same.fingerprint());
    let mut other = order.clone();
    let Content::Warranty(warranty) = &mut other.content else { unreachable!() };
    warranty.covered[0].push('.');
    assert_ne!(order.fingerprint(), other.fingerprint());
    assert_ne!(order.fingerprint(), Order { number: "LR-W-0119".to_owned(), ..order.clone() }.fingerprint());
}
