//! What is drawn and not written: the QR code and the ornaments, as SVG, which stay lines in the PDF.
//!
//! Points are whole numbers of a fine unit: to write fractions and to read them again would take longer than all else about them.

mod ring;

use fast_qr::{ECL, QRBuilder};
use std::{
    f64::consts::TAU,
    fmt::{Display, Write},
    sync::LazyLock,
};
use ttf_parser::Face;

/// The code that leads to `text`; none when it is too long for one. Quiet space is for the layout to leave.
pub(crate) fn qr(text: &str, ink: &str) -> Option<String> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let width = code.size;
    let mut path = String::new();
    for y in 0..width {
        let mut x = 0;
        for run in code[y].chunk_by(|a, b| a.value() == b.value()) {
            if run[0].value() {
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
        for step in 0..=64 {
            let x = f64::from(step) * 12.5;
            let y = 70.0 + (x / long + slow + k * 0.12).sin() * (46.0 - k * 1.1) + (x / short + fast + k * 0.24).sin() * 9.0;
            point(&mut path, if step == 0 { 'M' } else { 'L' }, (x, y), 10.0);
        }
    }
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8000 1400" preserveAspectRatio="none"><path d="{path}" fill="none" stroke="{color}" stroke-width="9"/></svg>"#
    )
}

/// What all seals of a company have, without the logo in its middle: a rosette between rings.
pub(crate) fn seal(mark: &str) -> String {
    static ROSETTE: LazyLock<String> = LazyLock::new(rosette);
    let round = |radius: u32, width: u32| format!(r#"<circle r="{radius}" stroke-width="{width}"/>"#);
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{AROUND}"><g fill="none" stroke="{mark}">{}{}{}<path d="{}" stroke-width="35"/><circle r="2000" stroke-width="80" fill="#ffffff"/></g></svg>"##,
        round(5800, 160),
        round(5550, 50),
        round(4100, 80),
        *ROSETTE,
    )
}

/// What is around one seal: the company's name and the paper's number.
pub(crate) fn around_seal(company: &str, number: &str, faces: &[Face], accent: &str) -> String {
    let letters = ring::letters(company, number, faces);
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{AROUND}"><path d="{letters}" fill="{accent}"/></svg>"#)
}

/// A circle that rolls in a circle.
fn rosette() -> String {
    let (big, small, arm, turns, points) = (38.0, 7.2, 9.5, 18.0, 760);
    let mut path = String::new();
    for at in 0..=points {
        let t = f64::from(at) / f64::from(points) * TAU * turns;
        let k = (big - small) / small;
        let x = (big - small) * t.cos() + arm * (k * t).cos();
        let y = (big - small) * t.sin() - arm * (k * t).sin();
        point(&mut path, if at == 0 { 'M' } else { 'L' }, (x, y), FINE);
    }
    path
}

/// The seal is 120 wide, in units of which this many are one.
const FINE: f64 = 100.0;
const AROUND: &str = "-6000 -6000 12000 12000";

/// A command and its point, in units of which `scale` are one.
fn point(path: &mut String, command: char, (x, y): (f64, f64), scale: f64) {
    let whole = |number: f64| (number * scale).round() as i32;
    put(path, format_args!("{command}{} {}", whole(x), whole(y)));
}

fn put(path: &mut String, piece: impl Display) {
    write!(path, "{piece}").expect("a string takes all that is written to it");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fonts::bold;

    /// What a reader of codes sees in the drawing, a square eight pixels wide.
    fn read(svg: &str) -> String {
        let width: usize = svg.split(r#"viewBox="0 0 "#).nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        let mut dark = vec![false; width * width];
        for run in svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap().split_terminator('z') {
            let numbers: Vec<usize> = run.split(['M', ' ', 'h', 'v', '-']).filter_map(|number| number.parse().ok()).collect();
            let [x, y, long, 1, _] = numbers[..] else { panic!("{run}") };
            dark[y * width + x..][..long].fill(true);
        }
        let (pixels, quiet) = (8, 4);
        let side = (width + 2 * quiet) * pixels;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            let square = |at: usize| (at / pixels).checked_sub(quiet).filter(|&at| at < width);
            let ink = square(x).zip(square(y)).is_some_and(|(x, y)| dark[y * width + x]);
            if ink { 0 } else { 255 }
        });
        image.detect_grids()[0].decode().unwrap().1
    }

    #[test]
    fn a_code_can_be_read_and_one_that_is_too_long_is_refused() {
        for text in [
            "https://larkrise.example/check/LR-W-0118",
            "https://a-company-with-a-very-long-name.portal.example:8443/check/LR-W-2026-000118?x=%20ä",
        ] {
            assert_eq!(read(&qr(text, "#000000").unwrap()), text);
        }
        assert_eq!(qr(&"a".repeat(3000), "#000000"), None);
    }

    #[test]
    fn names_of_any_length_go_around_the_seal_and_what_no_font_has_is_left_out() {
        let seal = |company: &str| around_seal(company, "LR-W-0118", &bold(&["Figtree"]), "#111111");
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
                assert!((4100.0..5550.0).contains(&far), "{company}: {point:?}");
            }
        }
    }

    #[test]
    fn other_papers_have_other_waves() {
        assert_ne!(waves(&[1; 32], "#000000"), waves(&[2; 32], "#000000"));
    }
}
