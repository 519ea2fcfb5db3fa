//! Shapes over a photo as a page draws them: paths and words in the photo's own pixels, so that they lie where they were put at any size.

use super::{
    Shape,
    model::{ShapeColor, ShapeKind},
};
use schemars::JsonSchema;
use serde::Serialize;

/// As many letters of a note are drawn; all of them stand below the picture.
const LETTERS: usize = 40;

/// One shape, drawn.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Mark {
    /// `red`, `yellow`, `white` or `black`.
    pub color: &'static str,
    /// Its lines; empty where there are only words.
    pub lines: String,
    /// What is filled: the head of an arrow.
    pub head: String,
    /// Its words.
    pub words: Option<Words>,
}

/// Words at a place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Words {
    /// What is drawn.
    pub text: String,
    /// From the left.
    pub x: i64,
    /// From the top.
    pub y: i64,
    /// How high the letters are.
    pub size: i64,
    /// They end at the place, so that they stay on the picture.
    pub ends: bool,
}

/// Draws a shape over a photo of this size.
pub fn mark(shape: &Shape, width: i32, height: i32) -> Mark {
    let (wide, high) = (f64::from(width), f64::from(height));
    let longest = wide.max(high);
    let (from, to) = ((shape.x1 * wide, shape.y1 * high), (shape.x2 * wide, shape.y2 * high));
    let (lines, head) = match shape.kind {
        ShapeKind::Text => (String::new(), String::new()),
        ShapeKind::Line => (line(from, to), String::new()),
        ShapeKind::Arrow => arrow(from, to, longest * 0.03),
        ShapeKind::Rectangle => (rectangle(from, to), String::new()),
        ShapeKind::Circle => (ellipse(from, to), String::new()),
    };
    Mark { color: color(shape.color), lines, head, words: words(shape, wide, high) }
}

fn color(color: ShapeColor) -> &'static str {
    match color {
        ShapeColor::Red => "red",
        ShapeColor::Yellow => "yellow",
        ShapeColor::White => "white",
        ShapeColor::Black => "black",
    }
}

type Point = (f64, f64);

fn at((x, y): Point) -> String {
    format!("{x:.0} {y:.0}")
}

fn line(from: Point, to: Point) -> String {
    format!("M{}L{}", at(from), at(to))
}

/// The shaft ends inside of the head, so that the tip is sharp.
fn arrow(from: Point, to: Point, head: f64) -> (String, String) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length < 1.0 {
        return (line(from, to), String::new());
    }
    let (ux, uy) = (dx / length, dy / length);
    let head = head.min(length);
    let neck = (to.0 - ux * head, to.1 - uy * head);
    let side = |turn: f64| (neck.0 - uy * head * 0.5 * turn, neck.1 + ux * head * 0.5 * turn);
    (line(from, neck), format!("M{}L{}L{}Z", at(to), at(side(1.0)), at(side(-1.0))))
}

fn rectangle(from: Point, to: Point) -> String {
    format!("M{}H{:.0}V{:.0}H{:.0}Z", at(from), to.0, to.1, from.0)
}

fn ellipse(from: Point, to: Point) -> String {
    let (rx, ry) = ((to.0 - from.0).abs() / 2.0, (to.1 - from.1).abs() / 2.0);
    let (left, middle) = (from.0.min(to.0), (from.1 + to.1) / 2.0);
    let half = |x: f64| format!("A{rx:.0} {ry:.0} 0 0 1 {}", at((x, middle)));
    format!("M{}{}{}Z", at((left, middle)), half(left + rx * 2.0), half(left))
}

/// At the first point: notes begin there, labels keep away from the second point. Always on the picture.
fn words(shape: &Shape, wide: f64, high: f64) -> Option<Words> {
    if shape.text.is_empty() {
        return None;
    }
    let mut text: String = shape.text.chars().take(LETTERS).collect();
    if text.len() < shape.text.len() {
        text.push('…');
    }
    let size = wide.max(high) * 0.042;
    let below = shape.kind == ShapeKind::Text || shape.y2 < shape.y1;
    let beside = if below { size * 1.1 } else { -size * 0.5 };
    let y = (shape.y1 * high + beside).clamp(size, (high - size * 0.3).max(size));
    Some(Words { text, x: (shape.x1 * wide).round() as i64, y: y.round() as i64, size: size.round() as i64, ends: shape.x1 > 0.6 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(kind: ShapeKind, (x1, y1, x2, y2): (f64, f64, f64, f64), text: &str) -> Mark {
        mark(&Shape { kind, x1, y1, x2, y2, text: text.into(), color: ShapeColor::Red }, 1000, 500)
    }

    #[test]
    fn shapes_lie_where_they_were_put() {
        assert_eq!(drawn(ShapeKind::Line, (0.0, 0.0, 1.0, 1.0), "").lines, "M0 0L1000 500");
        assert_eq!(drawn(ShapeKind::Rectangle, (0.1, 0.2, 0.5, 0.6), "").lines, "M100 100H500V300H100Z");
        assert_eq!(drawn(ShapeKind::Circle, (0.5, 0.6, 0.1, 0.2), "").lines, "M100 200A200 100 0 0 1 500 200A200 100 0 0 1 100 200Z");
        let arrow = drawn(ShapeKind::Arrow, (0.1, 0.5, 0.5, 0.5), "");
        assert_eq!((arrow.lines.as_str(), arrow.head.as_str()), ("M100 250L470 250", "M500 250L470 265L470 235Z"));
        assert_eq!(drawn(ShapeKind::Arrow, (0.5, 0.5, 0.5, 0.5), "").head, "", "an arrow to nowhere has no head");
    }

    #[test]
    fn words_stay_on_the_picture() {
        let words = |shape, text| drawn(ShapeKind::Text, shape, text).words.expect("words");
        let low = words((0.9, 1.0, 0.9, 1.0), "Here");
        assert!(low.ends && low.y < 500 && low.x == 900);
        assert!(words((0.0, 0.0, 0.0, 0.0), "Here").y >= 42);
        assert_eq!(words((0.0, 0.0, 0.0, 0.0), &"é".repeat(41)).text.chars().count(), 41);
        assert!(drawn(ShapeKind::Line, (0.0, 0.0, 1.0, 1.0), "").words.is_none());
    }
}
