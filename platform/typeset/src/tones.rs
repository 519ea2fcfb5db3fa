//! One brand colour in, the tones of a paper out. Pure arithmetic in OKLCH; contrast is measured on the rounded colour.

use palette::{FromColor, IntoColor, LinSrgb, Oklch, Srgb, color_difference::Wcag21RelativeContrast, convert::FromColorUnclamped};
use serde::Serialize;

/// `#rrggbb` each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tones {
    /// Text.
    pub ink: String,
    /// Less important text.
    pub muted: String,
    /// Edges.
    pub line: String,
    /// Marks and lines of the brand: at least 3 to 1 on white and on `soft`.
    pub mark: String,
    /// Text in the brand's colour: at least 5 to 1.
    pub accent: String,
    /// The fine lines of the ornament.
    pub wave: String,
    /// A quiet ground.
    pub soft: String,
}

/// The hue of a brand without one.
const NEUTRAL_HUE: f32 = 250.0;

/// The tones of `#rrggbb`; none when it is no such colour.
pub(crate) fn tones(color: &str) -> Option<Tones> {
    let color = color.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let color: Srgb<u8> = color.parse().ok()?;
    let brand = Oklch::from_color(color.into_format::<f32>());
    let (tint, hue) = if brand.chroma < 0.02 { (0.0, NEUTRAL_HUE) } else { (1.0, brand.hue.into_positive_degrees()) };
    let tone = |l: f32, chroma: f32| rounded(Oklch::new(l, chroma * tint, hue));
    let soft = tone(0.955, (brand.chroma * 0.3).min(0.028));
    let darker = |from: f32, least: f32| walk(Oklch::new(from, brand.chroma, hue), soft, least);
    let tones = Tones {
        ink: named(tone(0.235, 0.02)),
        muted: named(tone(0.45, 0.018)),
        line: named(tone(0.895, 0.01)),
        mark: named(darker(brand.l, 3.0)),
        accent: named(darker(brand.l.min(0.56), 5.0)),
        wave: named(tone(0.85, (brand.chroma * 0.5).min(0.06))),
        soft: named(soft),
    };
    Some(tones)
}

/// Gets darker in small steps until it stands out from `soft`, and so from white.
fn walk(mut color: Oklch, soft: Srgb<u8>, least: f32) -> Srgb<u8> {
    loop {
        let found = rounded(color);
        if color.l <= 0.0 || contrast(found, soft) >= least {
            return found;
        }
        color.l -= 0.005;
    }
}

pub(crate) fn contrast(a: Srgb<u8>, b: Srgb<u8>) -> f32 {
    a.into_format::<f32>().relative_contrast(b.into_format::<f32>())
}

/// Keeps lightness and hue and gives up chroma until paper can show it.
fn rounded(color: Oklch) -> Srgb<u8> {
    let inside = |chroma: f32| {
        let linear = LinSrgb::from_color_unclamped(Oklch { chroma, ..color });
        [linear.red, linear.green, linear.blue].iter().all(|v: &f32| (-1e-4..=1.0001).contains(v))
    };
    let mut chroma = color.chroma;
    if !inside(chroma) {
        let (mut low, mut high) = (0.0, chroma);
        for _ in 0..18 {
            let middle = (low + high) / 2.0;
            if inside(middle) { low = middle } else { high = middle }
        }
        chroma = low;
    }
    let color: Srgb = Oklch { chroma, ..color }.into_color();
    color.into_format()
}

fn named(color: Srgb<u8>) -> String {
    format!("#{color:x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_brand_can_be_read_on_paper() {
        let parse = |name: &str| name.parse::<Srgb<u8>>().unwrap();
        for n in 0..4096u32 {
            let [r, g, b] = [n >> 8, (n >> 4) & 15, n & 15].map(|v| v * 17);
            let tones = tones(&format!("#{r:02x}{g:02x}{b:02x}")).unwrap();
            for ground in ["#ffffff", &tones.soft].map(parse) {
                for (tone, least) in [(&tones.ink, 7.0), (&tones.muted, 4.5), (&tones.accent, 5.0), (&tones.mark, 3.0)] {
                    let contrast = contrast(parse(tone), ground);
                    assert!(contrast >= least, "{tones:?}: {tone} has {contrast}");
                }
            }
        }
    }

    #[test]
    fn a_dark_brand_keeps_its_colour_and_a_bright_one_gets_darker() {
        assert_eq!(tones("#1f5b3f").unwrap().mark, "#1f5b3f");
        assert_ne!(tones("#ffe600").unwrap().mark, "#ffe600");
        assert_eq!(tones("green"), None);
        assert_eq!(tones("#12345"), None);
        assert_eq!(tones("#12345g"), None);
    }
}
