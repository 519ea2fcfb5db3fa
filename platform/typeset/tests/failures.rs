//! Orders that cannot be carried out, here and by the child.

use crate::samples::{larkrise, order};
use confine::{Limits, Program};
use std::time::Duration;
use typeset::{Block, Brand, Content, Failure, Kind, Order, Paper, Picture, default_limits, render, render_here};

fn child() -> Program {
    Program::new(env!("CARGO_BIN_EXE_typeset-child"), &[])
}

/// The field that is refused when the order is changed like this.
fn refused(kind: Kind, change: impl FnOnce(&mut Order)) -> String {
    let mut order = order(kind, larkrise(), Paper::A4);
    change(&mut order);
    match render_here(&order).expect_err("the order is at fault") {
        failure @ Failure::Order { .. } => {
            assert!(failure.is_final() && failure.code() == "invalid_order");
            let Failure::Order { field, .. } = failure else { unreachable!() };
            field
        }
        other => panic!("{other}"),
    }
}

#[test]
fn the_frame_of_an_order_is_checked() {
    let kind = Kind::Warranty;
    assert_eq!(refused(kind, |order| order.number.clear()), "number");
    assert_eq!(refused(kind, |order| order.number = "1".repeat(41)), "number");
    assert_eq!(refused(kind, |order| order.brand.company = " ".to_owned()), "brand.company");
    assert_eq!(refused(kind, |order| order.brand.company = "two\nlines".to_owned()), "brand.company");
    assert_eq!(refused(kind, |order| order.brand.color = "green".to_owned()), "brand.color");
    assert_eq!(refused(kind, |order| order.brand.address_lines = vec!["line".to_owned(); 5]), "brand.address_lines");
    assert_eq!(refused(kind, |order| order.currency = "usd".to_owned()), "currency");
    assert_eq!(refused(kind, |order| order.verify_url = "javascript:alert(1)".to_owned()), "verify_url");
    assert_eq!(refused(kind, |order| order.issued = "0001-01-01".parse().unwrap()), "issued");
}

#[test]
fn contents_have_limits() {
    fn warranty(change: impl FnOnce(&mut typeset::Warranty)) -> String {
        refused(Kind::Warranty, |order| {
            let Content::Warranty(content) = &mut order.content else { unreachable!() };
            change(content);
        })
    }
    assert_eq!(warranty(|w| w.customers.clear()), "content.customers");
    assert_eq!(warranty(|w| w.covered = vec!["roof".to_owned(); 41]), "content.covered");
    assert_eq!(warranty(|w| w.lead = "x".repeat(1_001)), "content.lead");
    assert_eq!(warranty(|w| w.ends = w.starts.pred_opt()), "content.ends");
    let table = |head: usize, rows: Vec<usize>| {
        let cells = |n: usize| vec!["cell".to_owned(); n];
        warranty(|w| {
            w.sections = crate::samples::sections(1);
            w.sections[1].blocks = vec![Block::Table {
                head: cells(head),
                rows: rows.into_iter().map(cells).collect(),
                caption: String::new(),
                ends: Vec::new(),
            }];
        })
    };
    assert_eq!(table(0, vec![]), "content.sections[1].blocks[0]");
    assert_eq!(table(7, vec![]), "content.sections[1].blocks[0].head");
    assert_eq!(table(2, vec![2, 3]), "content.sections[1].blocks[0].rows[1]");
    assert_eq!(table(2, vec![2; 501]), "content.sections[1].blocks[0].rows");
    let percent = refused(Kind::ProgressReport, |order| {
        let Content::ProgressReport(report) = &mut order.content else { unreachable!() };
        report.percent = 101;
    });
    assert_eq!(percent, "content.percent");
}

#[test]
fn pictures_are_looked_at_before_they_are_decoded() {
    // The head of a PNG that claims to be 100,000 pixels wide and high.
    let bomb =
        [&b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"[..], &100_000u32.to_be_bytes(), &100_000u32.to_be_bytes(), &[8, 2, 0, 0, 0, 0, 0, 0, 0]]
            .concat();
    for bytes in [b"GIF89a".to_vec(), b"<svg/>".to_vec(), Vec::new(), bomb] {
        let field = refused(Kind::Warranty, |order| order.brand.logo_png = Some(Picture::from(bytes.clone())));
        assert_eq!(field, "brand.logo_png");
        let field = refused(Kind::ProgressReport, |order| {
            let Content::ProgressReport(report) = &mut order.content else { unreachable!() };
            report.photos[1].picture = Picture::from(bytes.clone());
        });
        assert_eq!(field, "content.photos[1]");
    }
    // A head that is right, and then nothing: Typst says so.
    let cut = larkrise().logo_png.unwrap().bytes()[..200].to_vec();
    let cut = Order { brand: Brand { logo_png: Some(Picture::from(cut)), ..larkrise() }, ..order(Kind::Warranty, larkrise(), Paper::A4) };
    assert_eq!(render_here(&cut).unwrap_err().code(), "layout_failed");
}

#[tokio::test]
async fn the_child_refuses_in_the_same_words() {
    let mut bad = order(Kind::Warranty, larkrise(), Paper::A4);
    bad.currency = "dollars".to_owned();
    let (here, there) = (render_here(&bad).unwrap_err(), render(&child(), default_limits(), &bad).await.unwrap_err());
    assert_eq!((here.code(), here.to_string()), (there.code(), there.to_string()));
    bad.currency = "USD".to_owned();
    bad.brand.company = "山 Roofing".to_owned();
    let failure = render(&child(), default_limits(), &bad).await.unwrap_err();
    assert!(matches!(&failure, Failure::MissingGlyph(chars) if chars[..] == ['山']), "{failure}");
}

#[tokio::test]
async fn the_childs_limits_have_names() {
    let order = order(Kind::Warranty, larkrise(), Paper::A4);
    let limited = async |limits: Limits| render(&child(), limits, &order).await.unwrap_err();
    let late = limited(Limits { time: Duration::from_millis(1), ..default_limits() }).await;
    assert_eq!((late.code(), late.is_final()), ("took_too_long", true));
    let long = limited(Limits { output: 1_000, ..default_limits() }).await;
    assert_eq!((long.code(), long.is_final()), ("too_large", true));
    let absent = render(&Program::new("/nonexistent", &[]), default_limits(), &order).await.unwrap_err();
    assert_eq!((absent.code(), absent.is_final()), ("child_failed", false));
}

#[test]
fn the_child_knows_an_order_by_its_json() {
    assert!(typeset::child(b"{}".to_vec()).unwrap_err().contains("missing field"));
    let order = order(Kind::ProgressReport, larkrise(), Paper::Letter);
    let json = serde_json::to_vec(&order).unwrap();
    assert_eq!(serde_json::from_slice::<Order>(&json).unwrap(), order);
    let answer = typeset::child(json).unwrap();
    assert_eq!(&answer[4..9], b"%PDF-");
}
