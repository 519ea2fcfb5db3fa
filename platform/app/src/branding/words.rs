//! What we tell a contractor about their colour, in words.
use super::palette::Palette;

/// What we changed, and why; or that nothing had to change.
pub fn words(palette: &Palette) -> String {
    let on = &palette.light["on-brand"];
    let changed = match (palette.adjusted, lightness(&palette.light["brand"]) < lightness(&palette.input)) {
        (false, _) if on == "#ffffff" => "Your color is used as it is, with white text on buttons.",
        (false, _) => "Your color is used as it is, with dark text on buttons, because white would be hard to read on it.",
        (true, true) => "We made your color a little darker so that button text is easy to read.",
        (true, false) if on == "#ffffff" => "We made your color a little lighter so that it does not look plain black.",
        (true, false) => "We made your color a little lighter so that the dark button text is easy to read.",
    };
    let danger = " It is close to the red that warns of mistakes, so buttons that delete something are shown as outlines.";
    format!("{changed}{}", if palette.near_danger { danger } else { "" })
}

/// Light or dark enough to compare two forms of one colour.
fn lightness(colour: &str) -> u32 {
    let channel = |at: usize| u32::from_str_radix(colour.get(at..at + 2).unwrap_or("0"), 16).unwrap_or(0);
    2126 * channel(1) + 7152 * channel(3) + 722 * channel(5)
}

#[cfg(test)]
mod tests {
    use super::super::palette::palette;
    use super::*;

    #[test]
    fn words_say_what_happened() {
        let said = |hex: &str| words(&palette(hex).expect("a colour"));
        assert_eq!(said("#1f5b3f"), "Your color is used as it is, with white text on buttons.");
        assert!(said("#ffd400").contains("dark text on buttons"));
        assert!(said("#3f8fdf").contains("darker"), "{}", said("#3f8fdf"));
        assert!(said("#000000").contains("lighter"));
        assert!(said("#d02020").contains("outlines"));
    }
}
