//! What is drawn and not written: the QR code and the ornaments, as SVG, which stay lines in the PDF.

use qrcode::{EcLevel, QrCode, types::Color};
use std::{
    f64::consts::TAU,
    fmt::{Display, Write},
};

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
    stroked("0 0 800 140", "none", &path, color, 0.9)
}

/// The rosette inside of the seal: a circle that rolls in a circle.
pub(crate) fn rosette(color: &str) -> String {
    let (big, small, arm, turns, points) = (38.0, 7.2, 9.5, 18.0, 900);
    let mut path = String::new();
    for point in 0..=points {
        let t = f64::from(point) / f64::from(points) * TAU * turns;
        let k = (big - small) / small;
        let x = (big - small) * t.cos() + arm * (k * t).cos();
        let y = (big - small) * t.sin() - arm * (k * t).sin();
        put(&mut path, format_args!("{}{x:.1} {y:.1}", if point == 0 { 'M' } else { 'L' }));
    }
    stroked("-41 -41 82 82", "xMidYMid", &path, color, 0.35)
}

fn stroked(view: &str, fit: &str, path: &str, color: &str, width: f64) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" preserveAspectRatio="{fit}"><path d="{path}" fill="none" stroke="{color}" stroke-width="{width}"/></svg>"#
    )
}

fn put(path: &mut String, piece: impl Display) {
    write!(path, "{piece}").expect("a string takes all that is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_refuses_what_is_too_long() {
        let svg = qr("https://larkrise.example/check/LR-W-0118", "#000000").unwrap();
        assert!(svg.contains(r#"viewBox="0 0 29 29""#), "{svg}");
        assert!(svg.contains("M0 0h7v1h-7z") && svg.contains("M22 0h7v1h-7z") && svg.contains("M0 28h7v1h-7z"));
        assert_eq!(qr(&"a".repeat(3000), "#000000"), None);
    }

    #[test]
    fn other_papers_have_other_waves() {
        assert_ne!(waves(&[1; 32], "#000000"), waves(&[2; 32], "#000000"));
    }
}
