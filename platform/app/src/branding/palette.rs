//! One brand colour in, a palette out that is readable everywhere: 19 roles for light and 19 for dark. Pure arithmetic in
//! OKLCH; contrast is always measured on the rounded colour that browsers will show.
use std::collections::BTreeMap;

/// Roles to `#rrggbb`.
pub type Roles = BTreeMap<String, String>;

/// What becomes of one colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// The colour that was asked for, in small letters.
    pub input: String,
    /// Roles in light mode.
    pub light: Roles,
    /// Roles in dark mode.
    pub dark: Roles,
    /// The brand's own colour had to change.
    pub adjusted: bool,
    /// The colour is so close to the red of errors that destructive buttons must be outlines.
    pub near_danger: bool,
}

const WHITE: &str = "#ffffff";
const BLACK: &str = "#000000";
/// The hue of a brand without one.
const NEUTRAL_HUE: f64 = 250.0;

/// Lightness, chroma, hue in degrees.
#[derive(Clone, Copy, Debug)]
struct Lch(f64, f64, f64);

/// The palette of `#rrggbb`; none when it is no such colour.
pub fn palette(input: &str) -> Option<Palette> {
    let input = input.trim().to_ascii_lowercase();
    let is_hex = input.len() == 7 && input.starts_with('#') && input[1..].bytes().all(|b| b.is_ascii_hexdigit());
    if !is_hex {
        return None;
    }
    let Lch(_, chroma, hue) = oklch(&input);
    let light = mode(&input, false);
    let adjusted = light["brand"] != input;
    let from_red = ((hue - 25.0 + 540.0) % 360.0 - 180.0).abs();
    let near_danger = chroma > 0.09 && from_red < 22.0;
    Some(Palette { dark: mode(&input, true), input, light, adjusted, near_danger })
}

/// The roles of one mode.
fn mode(input: &str, dark: bool) -> Roles {
    let brand = oklch(input);
    let tint = if brand.1 < 0.02 { 0.0 } else { 1.0 };
    let brand = if tint == 0.0 { Lch(brand.0, brand.1, NEUTRAL_HUE) } else { brand };
    let mut roles = neutrals(brand.2, tint, dark);
    soft_tones(&mut roles, brand, dark);
    let (solid, on) = solid(brand, tint, &roles["raised"], dark);
    let away = if on == WHITE { -1.0 } else { 1.0 };
    let base = oklch(&solid);
    // Hover and press go away from the text's colour, so contrast only grows.
    let step = |by: f64| hex(Lch(base.0 + away * by, base.1, brand.2));
    set(&mut roles, "brand-hover", step(0.05));
    set(&mut roles, "brand-press", step(0.085));
    texts_and_marks(&mut roles, brand, dark);
    band(&mut roles, brand, &solid, &on, dark);
    set(&mut roles, "brand", solid);
    set(&mut roles, "on-brand", on);
    roles
}

fn set(roles: &mut Roles, role: &str, colour: String) {
    roles.insert(role.to_owned(), colour);
}

/// Grounds, lines and texts with a breath of the brand's hue.
fn neutrals(hue: f64, tint: f64, dark: bool) -> Roles {
    let tones: [(&str, f64, f64); 7] = if dark {
        [
            ("surface", 0.185, 0.010),
            ("raised", 0.228, 0.012),
            ("sunken", 0.155, 0.009),
            ("line", 0.325, 0.014),
            ("line-strong", 0.60, 0.016),
            ("text", 0.945, 0.006),
            ("muted", 0.775, 0.012),
        ]
    } else {
        [
            ("surface", 0.977, 0.004),
            ("raised", 1.0, 0.0),
            ("sunken", 0.95, 0.006),
            ("line", 0.895, 0.008),
            ("line-strong", 0.62, 0.014),
            ("text", 0.235, 0.018),
            ("muted", 0.45, 0.016),
        ]
    };
    let mut roles: Roles = tones.iter().map(|(role, l, c)| ((*role).to_owned(), hex(Lch(*l, c * tint, hue)))).collect();
    if !dark {
        set(&mut roles, "raised", WHITE.to_owned());
    }
    roles
}

fn soft_tones(roles: &mut Roles, Lch(_, c, h): Lch, dark: bool) {
    let (soft, line) = if dark {
        (Lch(0.285, (c * 0.5).min(0.045), h), Lch(0.43, (c * 0.6).min(0.07), h))
    } else {
        (Lch(0.955, (c * 0.3).min(0.028), h), Lch(0.85, (c * 0.5).min(0.06), h))
    };
    set(roles, "brand-soft", hex(soft));
    set(roles, "brand-line", hex(line));
}

/// The colour of the main button, and of the text on it.
fn solid(Lch(l, c, h): Lch, tint: f64, raised: &str, dark: bool) -> (String, String) {
    let ink = hex(Lch(0.19, c.min(0.03) * tint, h));
    if dark {
        let mut solid = walk(Lch(l.max(0.62), c * 0.92, h), 1.0, 5.0, &[&ink]);
        if contrast(&solid, raised) < 4.0 {
            solid = walk(oklch(&solid), 1.0, 4.0, &[raised]);
        }
        return (solid, ink);
    }
    let darker = walk(Lch(l, c, h), -1.0, 4.5, &[WHITE]);
    // Near enough: darken and keep white text. Light brands keep their colour and get dark text.
    let (mut solid, on) =
        if l - oklch(&darker).0 <= 0.09 { (darker, WHITE.to_owned()) } else { (walk(Lch(l, c, h), 1.0, 4.5, &[&ink]), ink) };
    if oklch(&solid).0 < 0.24 {
        solid = hex(Lch(0.24, c, h)); // near-black brands stay visible
    }
    (solid, on)
}

fn texts_and_marks(roles: &mut Roles, Lch(l, c, h): Lch, dark: bool) {
    let grounds = ["surface", "raised", "sunken", "brand-soft"].map(|role| roles[role].clone());
    let grounds = grounds.each_ref().map(String::as_str);
    let (text, mark) = if dark {
        (walk(Lch(l.max(0.72), c * 0.85, h), 1.0, 5.0, &grounds), walk(Lch(l.max(0.55), c, h), 1.0, 3.0, &grounds))
    } else {
        (walk(Lch(l.min(0.56), c, h), -1.0, 5.0, &grounds), walk(Lch(l, c, h), -1.0, 3.0, &grounds))
    };
    set(roles, "brand-text", text);
    set(roles, "brand-mark", mark);
}

/// The large branded area: the brand itself in light, a quiet deep tone with white text in the dark.
fn band(roles: &mut Roles, Lch(l, c, h): Lch, solid: &str, on: &str, dark: bool) {
    let (band, on_band) =
        if dark { (walk(Lch(l.clamp(0.29, 0.36), c.min(0.085), h), -1.0, 7.0, &[WHITE]), WHITE) } else { (solid.to_owned(), on) };
    let base = oklch(&band);
    let mix = if on == WHITE || dark { 1.0 } else { -1.0 };
    let soft = walk(Lch(base.0 + mix * 0.30, base.1.min(0.06), h), mix, 4.5, &[&band]);
    let soft = if contrast(&soft, &band) >= 4.5 { soft } else { on_band.to_owned() };
    set(roles, "band-line", hex(Lch(base.0 + mix * 0.13, base.1 * 0.85, h)));
    set(roles, "on-band", on_band.to_owned());
    set(roles, "on-band-soft", soft);
    set(roles, "band", band);
}

/// Changes lightness in steps of .005 until every ground is met.
fn walk(Lch(l, c, h): Lch, direction: f64, least: f64, grounds: &[&str]) -> String {
    let mut at = l;
    while (0.0..=1.0).contains(&at) {
        let colour = hex(Lch(at, c, h));
        if grounds.iter().all(|ground| contrast(&colour, ground) >= least) {
            return colour;
        }
        at += direction * 0.005;
    }
    if direction < 0.0 { BLACK } else { WHITE }.to_owned()
}

/// The contrast of two colours as WCAG 2 measures it.
pub fn contrast(a: &str, b: &str) -> f64 {
    let (x, y) = (luminance(a), luminance(b));
    (x.max(y) + 0.05) / (x.min(y) + 0.05)
}

fn luminance(colour: &str) -> f64 {
    let [r, g, b] = linear(colour);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// The three linear channels of a valid `#rrggbb`.
fn linear(colour: &str) -> [f64; 3] {
    [1, 3, 5].map(|at| {
        let value = u8::from_str_radix(&colour[at..at + 2], 16).unwrap_or(0);
        let v = f64::from(value) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    })
}

fn oklch(colour: &str) -> Lch {
    let [r, g, b] = linear(colour);
    let l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b).cbrt();
    let m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b).cbrt();
    let s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b).cbrt();
    let lightness = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
    let a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
    let b = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
    Lch(lightness, a.hypot(b), (b.atan2(a).to_degrees() + 360.0) % 360.0)
}

fn to_linear(Lch(lightness, chroma, hue): Lch) -> [f64; 3] {
    let (a, b) = (chroma * hue.to_radians().cos(), chroma * hue.to_radians().sin());
    let l = (lightness + 0.3963377774 * a + 0.2158037573 * b).powi(3);
    let m = (lightness - 0.1055613458 * a - 0.0638541728 * b).powi(3);
    let s = (lightness - 0.0894841775 * a - 1.291485548 * b).powi(3);
    [
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
    ]
}

fn in_gamut(colour: Lch) -> bool {
    to_linear(colour).iter().all(|v| (-1e-4..=1.0001).contains(v))
}

/// Keeps lightness and hue and gives up chroma until a screen can show it.
fn fit(Lch(l, c, h): Lch) -> Lch {
    let l = l.clamp(0.0, 1.0);
    if in_gamut(Lch(l, c, h)) {
        return Lch(l, c, h);
    }
    let (mut low, mut high) = (0.0, c);
    for _ in 0..18 {
        let middle = (low + high) / 2.0;
        if in_gamut(Lch(l, middle, h)) { low = middle } else { high = middle }
    }
    Lch(l, low, h)
}

fn hex(colour: Lch) -> String {
    let channel = |v: f64| {
        let v = v.clamp(0.0, 1.0);
        let v = if v <= 0.0031308 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        format!("{:02x}", (255.0 * v + 0.5).floor() as u8)
    };
    let [r, g, b] = to_linear(fit(colour)).map(channel);
    format!("#{r}{g}{b}")
}

#[cfg(test)]
#[path = "palette_tests.rs"]
mod tests;
