//! What is drawn and not written: the QR code and the ornaments, as SVG, which stay lines in the PDF.

mod ring;

use qrcode::{EcLevel, QrCode, types::Color};
use std::{
    f64::consts::TAU,
    fmt::{Display, Write},
};
use ttf_parser::Face;

/// The code that leads to `text`; none when it is too long for one. Quiet space is for the layout to leave.
pub(crate) fn qr(text: &str, ink: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                put(&mut path, format_args!("M{x} {y}h{len}v1h-{len}z", len = run.len()));
            }
            x += run.len();
        }
    }
    Some(format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}"><path d="{path}" fill="{ink}"/></svg>"#))
}

/// A woven band of fine lines across the head of a paper. Its swing follows the paper's fingerprint, so no two papers have the
/// same.
pub(crate) fn waves(fingerprint: &[u8; 32], color: &str) -> String {
    let turn = |byte: u8| f64::from(byte) / 256.0 * TAU;
    let (slow, fast) = (turn(fingerprint[0]), turn(fingerprint[1]));
    let (long, short) = (56.0 + f64::from(fingerprint[2]) / 16.0, 21.0 + f64::from(fingerprint[3]) / 64.0);
    let mut path = String::new();
    for line in 0..26 {
        let k = f64::from(line);
        for step in 0..=80 {
            let x = f64::from(step) * 10.0;
            let y = 70.0 + (x / long + slow + k * 0.12).sin() * (46.0 - k * 1.1) + (x / short + fast + k * 0.24).sin() * 9.0;
            put(&mut path, format_args!("{}{x} {y:.1}", if step == 0 { 'M' } else { 'L' }));
        }
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 140" preserveAspectRatio="none"><path d="{path}" fill="none" stroke="{color}" stroke-width="0.9"/></svg>"#
    )
}

/// The seal, without the logo in its middle: a rosette between rings, and around it the company's name and the paper's number.
pub(crate) fn seal(company: &str, number: &str, faces: &[Face], mark: &str, accent: &str) -> String {
    let (rosette, letters) = (rosette(), ring::letters(company, number, faces));
    let round = |radius: f64, width: f64| format!(r#"<circle r="{radius}" stroke-width="{width}"/>"#);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-60 -60 120 120"><g fill="none" stroke="{mark}">{}{}{}<path d="{rosette}" stroke-width="0.35"/><circle r="20" stroke-width="0.8" fill="#ffffff"/></g><path d="{letters}" fill="{accent}"/></svg>"##,
        round(58.0, 1.6),
        round(55.5, 0.5),
        round(41.0, 0.8),
    )
}

/// A circle that rolls in a circle.
fn rosette() -> String {
    let (big, small, arm, turns, points) = (38.0, 7.2, 9.5, 18.0, 900);
    let mut path = String::new();
    for point in 0..=points {
        let t = f64::from(point) / f64::from(points) * TAU * turns;
        let k = (big - small) / small;
        let x = (big - small) * t.cos() + arm * (k * t).cos();
        let y = (big - small) * t.sin() - arm * (k * t).sin();
        put(&mut path, format_args!("{}{x:.1} {y:.1}", if point == 0 { 'M' } else { 'L' }));
    }
    path
}

fn put(path: &mut String, piece: impl Display) {
    write!(path, "{piece}").expect("a string takes all that is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::bold;

    #[test]
    fn a_code_has_its_three_corners_and_refuses_what_is_too_long() {
        let svg = qr("https://larkrise.example/check/LR-W-0118", "#000000").unwrap();
        assert!(svg.contains(r#"viewBox="0 0 29 29""#), "{svg}");
        assert!(svg.contains("M0 0h7v1h-7z") && svg.contains("M22 0h7v1h-7z") && svg.contains("M0 28h7v1h-7z"));
        assert_eq!(qr(&"a".repeat(3000), "#000000"), None);
    }

    #[test]
    fn names_of_any_length_go_around_the_seal_and_what_no_font_has_is_left_out() {
        let seal = |company: &str| seal(company, "LR-W-0118", &bold(&["Figtree"]), "#000000", "#111111");
        let letters = |company: &str| seal(company).matches('Z').count();
        assert!(letters("I") > 10 && letters("II") == letters("I") + 1, "{}", seal("I"));
        assert_eq!(letters("I山"), letters("I"));
        // All of them stay between the rings, however many.
        for company in ["Å", "Larkrise Roofing", &"Larkrise Roofing and Sons ".repeat(12)] {
            let svg = seal(company);
            let path = svg.rsplit("<path d=\"").next().unwrap().split('"').next().unwrap();
            let numbers: Vec<f64> = path.split(['M', 'L', 'Q', 'C', 'Z', ' ']).filter_map(|number| number.parse().ok()).collect();
            assert!(numbers.len() > 100 && numbers.len().is_multiple_of(2));
            for point in numbers.chunks(2) {
                let far = point[0].hypot(point[1]);
                assert!((41.0..55.5).contains(&far), "{company}: {point:?}");
            }
        }
    }

    #[test]
    fn other_papers_have_other_waves() {
        assert_ne!(waves(&[1; 32], "#000000"), waves(&[2; 32], "#000000"));
    }
}
