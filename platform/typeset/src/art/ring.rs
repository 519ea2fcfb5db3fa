//! Letters around a ring, as their outlines: set by Typst, each would be measured and laid out as a paragraph of its own, which took
//! a fifth of the time of a whole paper.

use super::{FINE, point};
use std::f64::consts::TAU;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Where the middle of the letters is; the rings are at 41 and 55.5.
const RADIUS: f64 = 48.3;
/// The size of the letters where there is room.
const SIZE: f64 = 8.3;
/// How much of the way around they may take; the rest is the air between them.
const FULL: f64 = 0.92;
const BETWEEN: &str = " · ";

/// One letter with what hangs on it, such as an accent; as wide as the first.
struct Letter<'a> {
    glyphs: Vec<(&'a Face<'a>, GlyphId)>,
    /// Of its size.
    width: f64,
}

/// The name, whose middle is at the top, and the number, as the path of an SVG around its origin.
pub(super) fn letters(company: &str, number: &str, faces: &[Face]) -> String {
    let mut all = set(&company.to_uppercase(), faces);
    let named = all.len();
    for text in [BETWEEN, number, BETWEEN] {
        all.extend(set(text, faces));
    }
    let around = TAU * RADIUS;
    let natural: f64 = all.iter().map(|letter| letter.width).sum();
    let size = SIZE.min(around * FULL / natural);
    let air = (around - natural * size) / all.len() as f64;
    let step = |letter: &Letter| letter.width * size + air;
    let mut at = (air - all[..named].iter().map(step).sum::<f64>()) / 2.0;
    let mut path = String::new();
    for letter in &all {
        let (sin, cos) = ((at + letter.width * size / 2.0) / around * TAU).sin_cos();
        for &(face, glyph) in &letter.glyphs {
            let (scale, half) = (size / units(face), f64::from(face.capital_height().unwrap_or_default()) / units(face) * size / 2.0);
            let mut pen = Pen { path: &mut path, scale, sin, cos, left: letter.width * size / 2.0, low: half - RADIUS };
            face.outline_glyph(glyph, &mut pen);
        }
        at += step(letter);
    }
    path
}

/// Each character in the first face that has it. What has no width of its own hangs on the letter before.
fn set<'a>(text: &str, faces: &'a [Face<'a>]) -> Vec<Letter<'a>> {
    let mut letters: Vec<Letter> = Vec::new();
    for c in text.chars() {
        let Some((face, glyph)) = faces.iter().find_map(|face| Some((face, face.glyph_index(c)?))) else { continue };
        let width = f64::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / units(face);
        match letters.last_mut() {
            Some(before) if width == 0.0 => before.glyphs.push((face, glyph)),
            _ => letters.push(Letter { glyphs: vec![(face, glyph)], width }),
        }
    }
    letters
}

fn units(face: &Face) -> f64 {
    f64::from(face.units_per_em())
}

/// Draws an outline in font units turned to its place.
struct Pen<'a> {
    path: &'a mut String,
    scale: f64,
    sin: f64,
    cos: f64,
    left: f64,
    low: f64,
}

impl Pen<'_> {
    fn point(&mut self, command: char, x: f32, y: f32) {
        let (x, y) = (f64::from(x) * self.scale - self.left, self.low - f64::from(y) * self.scale);
        point(self.path, command, (x * self.cos - y * self.sin, x * self.sin + y * self.cos), FINE);
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.point('M', x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.point('L', x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.point('Q', x1, y1);
        self.point(' ', x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.point('C', x1, y1);
        self.point(' ', x2, y2);
        self.point(' ', x, y);
    }

    fn close(&mut self) {
        self.path.push('Z');
    }
}
