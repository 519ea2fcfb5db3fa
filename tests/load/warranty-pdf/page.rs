//! The paper of the benchmark, as an order and as the HTML of the same page.

use crate::Outcome;
use chrono::NaiveDate;
use fast_qr::{ECL, QRBuilder};
use std::fmt::Write;
use typeset::{Brand, Content, Fact, Font, Locale, Order, Paper, Signature, Warranty};

const LOGO: &[u8] = include_bytes!("../../../platform/typeset/tests/samples/larkrise.png");

/// The nth paper; each has its own number and name.
pub fn order(n: usize) -> Order {
    let texts = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>();
    let number = format!("LR-W-{:04}", 118 + n);
    Order {
        content: Content::Warranty(Warranty {
            title: "Roof warranty".to_owned(),
            lead:
                "We made this roof, and we stand behind it. If it leaks or comes loose because of our work, we repair it at no cost to you."
                    .to_owned(),
            project: "New roof".to_owned(),
            address: format!("{} Quillfeather Lane, Sampleton", 14 + n),
            customers: vec![format!("Margaret Ellery {}", 1 + n)],
            starts: NaiveDate::from_ymd_opt(2026, 6, 17).unwrap_or_default(),
            ends: NaiveDate::from_ymd_opt(2036, 6, 17),
            covered: texts(&[
                "Leaks through the new roof",
                "Loose or missing shingles",
                "Metal around chimney and vents",
                "Gutters we fitted",
            ]),
            not_covered: texts(&["Fallen trees, hail over 2 inches", "Changes made by other companies", "Gutters blocked by leaves"]),
            facts: vec![Fact { label: "Shingles are covered until".to_owned(), value: "June 17, 2056 (30 years)".to_owned() }],
            sections: Vec::new(),
            claim: texts(&[
                "Call (555) 010-0142, or write to us in your project online.",
                "We come within three working days and look at it.",
            ]),
            signed: Some(Signature { name: "Dana Whitlock".to_owned(), title: "Project lead".to_owned() }),
        }),
        verify_url: format!("https://larkrise.example/check/{number}"),
        number,
        issued: NaiveDate::from_ymd_opt(2026, 6, 17).unwrap_or_default(),
        brand: Brand {
            company: "Larkrise Roofing".to_owned(),
            color: "#1f5b3f".to_owned(),
            font: Font::Archivo,
            logo_png: Some(LOGO.to_vec().into()),
            address_lines: texts(&["22 Rafter Road", "Sampleton"]),
            phone: "(555) 010-0142".to_owned(),
            email: "hello@larkrise.example".to_owned(),
            website: "larkrise.example".to_owned(),
            footer: String::new(),
        },
        locale: Locale::EnUs,
        paper: Paper::A4,
        currency: "USD".to_owned(),
    }
}

/// The page around its body: the fonts and the styles.
pub fn frame(body: &str) -> String {
    let fonts = concat!(env!("CARGO_MANIFEST_DIR"), "/fonts");
    let face = |family: &str, weight: u32, file: &str| {
        format!("@font-face{{font-family:{family};font-weight:{weight};src:url('file://{fonts}/{file}')}}")
    };
    let faces = [
        face("Figtree", 400, "figtree-400.ttf"),
        face("Figtree", 600, "figtree-600.ttf"),
        face("Figtree", 700, "figtree-700.ttf"),
        face("Archivo", 700, "archivo-700.ttf"),
    ];
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Roof warranty</title><style>{}{STYLE}</style><body>{body}</body></html>",
        faces.concat()
    )
}

/// What is printed.
pub fn body(order: &Order) -> Outcome<String> {
    let Content::Warranty(warranty) = &order.content else { return Err("not a warranty".into()) };
    let items = |items: &[String]| items.iter().map(|item| format!("<li>{item}</li>")).collect::<String>();
    let facts = [
        ("Given to", warranty.customers[0].as_str()),
        ("Number", order.number.as_str()),
        ("House", warranty.address.as_str()),
        ("Project", warranty.project.as_str()),
        ("Covered from", "June 17, 2026"),
        ("Covered until", "June 17, 2036"),
        ("Shingles are covered until", "June 17, 2056 (30 years)"),
    ];
    let facts = facts.map(|(label, value)| format!("<div><dt>{label}</dt><dd>{value}</dd></div>")).concat();
    let logo = concat!("file://", env!("CARGO_MANIFEST_DIR"), "/tests/samples/larkrise.png");
    let url = order.verify_url.trim_start_matches("https://");
    Ok(format!(
        r##"<svg class=guil viewBox="0 0 800 140" preserveAspectRatio=none><path d="{waves}"/></svg>
<div class=rail><div class=lg><img src="{logo}" alt="Logo of Larkrise Roofing"></div></div>
<main><p class=co>Larkrise Roofing<br><span>22 Rafter Road, Sampleton<br>(555) 010-0142 · hello@larkrise.example · larkrise.example</span></p>
<h1>{title}</h1><p class=lead>{lead}</p><dl>{facts}</dl>
<div class=cov><section><h2>What is covered</h2><ul>{covered}</ul></section><section><h2>What is not</h2><ul>{not}</ul></section></div>
<h2>How to make a claim</h2><ol>{claim}</ol></main>
<div class=end><svg class=q viewBox="0 0 {width} {width}" role=img aria-label="QR code"><path d="{qr}"/></svg>
<p class=sig><b>Dana Whitlock</b>, Project lead<br>for Larkrise Roofing, June 17, 2026</p>
<div class=seal><svg viewBox="-60 -60 120 120"><g fill=none stroke="#1f5b3f"><circle r=58 stroke-width=1.6 /><circle r=55.5 stroke-width=.5 /><circle r=41 stroke-width=.8 /><path d="{rosette}" stroke-width=.35 /></g><circle r=20 fill="#fff" stroke="#1f5b3f"/></svg><img src="{logo}" alt=""></div>
<p>Scan to check it is real</p><p class=check>Or visit <a href="{address}">{url}</a><br>Fingerprint {fingerprint}</p></div>
<footer><span>{number} · Larkrise Roofing</span><span>Page 1 of 1</span></footer>"##,
        waves = waves(),
        title = warranty.title,
        lead = warranty.lead,
        covered = items(&warranty.covered),
        not = items(&warranty.not_covered),
        claim = items(&warranty.claim),
        width = qr(&order.verify_url)?.0,
        qr = qr(&order.verify_url)?.1,
        rosette = rosette(),
        address = order.verify_url,
        fingerprint = order.short_fingerprint(),
        number = order.number,
    ))
}

/// As many lines as the paper has.
fn waves() -> String {
    let mut path = String::new();
    for k in (0..26).map(f64::from) {
        for x in (0..=64).map(|step| f64::from(step) * 12.5) {
            let y = 70.0 + (x / 62.0 + k * 0.12).sin() * (46.0 - k * 1.1) + (x / 23.0 + k * 0.24).sin() * 9.0;
            let _ = write!(path, "{}{x} {y:.1}", if x == 0.0 { 'M' } else { 'L' });
        }
    }
    path
}

fn rosette() -> String {
    let mut path = String::new();
    for point in 0..=760 {
        let t = f64::from(point) / 760.0 * std::f64::consts::TAU * 18.0;
        let (x, y) = (30.8 * t.cos() + 9.5 * (t * 30.8 / 7.2).cos(), 30.8 * t.sin() - 9.5 * (t * 30.8 / 7.2).sin());
        let _ = write!(path, "{}{x:.1} {y:.1}", if point == 0 { 'M' } else { 'L' });
    }
    path
}

fn qr(text: &str) -> Outcome<(usize, String)> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().map_err(|error| error.to_string())?;
    let mut path = String::new();
    for (y, row) in (0..code.size).map(|y| (y, &code[y])) {
        for x in (0..code.size).filter(|&x| row[x].value()) {
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    Ok((code.size, path))
}

const STYLE: &str = "@page{size:A4;margin:0}body{margin:0;font:10.5pt/1.45 Figtree;color:#17211b;position:relative;width:210mm;height:296mm;overflow:hidden}\
.guil{position:absolute;width:100%;height:30mm;stroke:#b9d6c5;stroke-width:.9;fill:none}.rail{position:absolute;left:20mm;top:31mm;width:30mm;height:180mm}\
.rail::after{content:'';position:absolute;left:14.4mm;top:30mm;bottom:0;width:1.2pt;background:#1f5b3f}\
.lg{box-sizing:border-box;width:30mm;height:30mm;border:.5pt solid #d8deda;border-radius:3mm;padding:3mm}.lg img{width:24mm;height:24mm}\
main{position:absolute;left:62mm;right:20mm;top:31mm}.co{font-weight:600;font-size:12pt;margin:0;height:33mm}.co span{font-weight:400;font-size:10pt;color:#4e5852}\
h1,h2{font-family:Archivo;font-weight:700}h1{font-size:41pt;line-height:1;margin:0;letter-spacing:-.02em;word-spacing:.06em}h2{font-size:12.5pt;margin:6mm 0 2mm}\
.lead{font-size:14pt;margin:6mm 0 7mm}dl,.cov{display:grid;grid-template-columns:1fr 1fr;gap:0 8mm;margin:0}dl div{border-top:.6pt solid;padding:2mm 0 3mm}\
dt{color:#4e5852;font-size:9pt}dd{margin:0;font-weight:600;font-size:11.5pt}ul{margin:0;padding:0;list-style:none}ul li{padding-left:5mm;position:relative}\
ul li::before{content:'';position:absolute;left:0;top:2.4mm;width:3mm;height:1.5pt;background:#1f5b3f}ol{margin:0;padding-left:5mm}\
.end{position:absolute;left:20mm;right:20mm;bottom:16mm;display:grid;grid-template-columns:30mm 1fr 46mm;column-gap:12mm;align-items:end}.end p{font-size:8.5pt;color:#4e5852}\
.q{width:30mm}.end .sig{font-size:10.5pt;color:#17211b;border-top:.6pt solid;padding-top:1.5mm;margin:0}.sig b{font-weight:600}.check{grid-column:2/4}.check a{color:inherit;text-decoration:none}\
.seal{position:relative;width:46mm;height:46mm}.seal img{position:absolute;left:18mm;top:18mm;width:10mm}\
footer{position:absolute;left:62mm;right:20mm;bottom:8mm;font-size:8.5pt;color:#4e5852;display:flex;justify-content:space-between}";
