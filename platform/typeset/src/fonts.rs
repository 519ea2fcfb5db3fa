//! The fonts of this program, and which characters they have.

use crate::Font;
use std::sync::LazyLock;
use typst::{
    foundations::Bytes,
    text::{Font as Face, FontBook, FontVariant, FontWeight},
    utils::LazyHash,
};

/// Every family can be asked for in 400, 600 and 700, but Bitter, which is for headings only.
static FILES: [&[u8]; 13] = [
    include_bytes!("../fonts/figtree-400.ttf"),
    include_bytes!("../fonts/figtree-600.ttf"),
    include_bytes!("../fonts/figtree-700.ttf"),
    include_bytes!("../fonts/atkinson-hyperlegible-next-400.ttf"),
    include_bytes!("../fonts/atkinson-hyperlegible-next-600.ttf"),
    include_bytes!("../fonts/atkinson-hyperlegible-next-700.ttf"),
    include_bytes!("../fonts/archivo-400.ttf"),
    include_bytes!("../fonts/archivo-600.ttf"),
    include_bytes!("../fonts/archivo-700.ttf"),
    include_bytes!("../fonts/source-serif-4-400.ttf"),
    include_bytes!("../fonts/source-serif-4-600.ttf"),
    include_bytes!("../fonts/source-serif-4-700.ttf"),
    include_bytes!("../fonts/bitter-700.ttf"),
];

/// Where a character comes from that a paper's own face lacks: Latin, then Vietnamese, then Greek and Cyrillic.
const FALLBACK: [&str; 3] = ["Figtree", "Archivo", "Source Serif 4"];

/// The parsed fonts.
pub(crate) struct Fonts {
    pub book: LazyHash<FontBook>,
    pub faces: Vec<Face>,
}

pub(crate) static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let faces: Vec<Face> = FILES.iter().flat_map(|&file| Face::iter(Bytes::new(file))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&faces)), faces }
});

impl Font {
    fn family(self) -> &'static str {
        match self {
            Self::Figtree => "Figtree",
            Self::Archivo => "Archivo",
            Self::Bitter => "Bitter",
            Self::SourceSerif => "Source Serif 4",
            Self::Atkinson => "Atkinson Hyperlegible Next",
        }
    }

    /// The families that headings are set in, the first that has the character.
    pub(crate) fn for_headings(self) -> Vec<&'static str> {
        chain(self.family())
    }

    /// The same for running text: the brand's own face only where it was made for reading.
    pub(crate) fn for_text(self) -> Vec<&'static str> {
        chain(if self == Self::Atkinson { self.family() } else { FALLBACK[0] })
    }
}

/// The bold faces of these families, in their order.
pub(crate) fn bold(families: &[&str]) -> Vec<ttf_parser::Face<'static>> {
    let variant = FontVariant { weight: FontWeight::BOLD, ..FontVariant::default() };
    let face = |family: &&str| {
        let face = &FONTS.faces[FONTS.book.select(&family.to_lowercase(), variant)?];
        ttf_parser::Face::parse(face.data(), face.index()).ok()
    };
    families.iter().filter_map(face).collect()
}

fn chain(first: &'static str) -> Vec<&'static str> {
    std::iter::once(first).chain(FALLBACK.into_iter().filter(|&family| family != first)).collect()
}

/// The characters of a text that would be missing on paper, each once.
pub(crate) fn missing(text: &str) -> Vec<char> {
    let mut missing: Vec<char> = text.chars().filter(|&c| !drawn(c)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Line ends and places to break a line are not drawn; everything else must be in a font that every paper may use.
fn drawn(c: char) -> bool {
    matches!(c, '\n' | '\u{200b}' | '\u{ad}')
        || FONTS.faces.iter().any(|face| {
            let info = face.info();
            FALLBACK.contains(&info.family.as_str()) && info.coverage.contains(u32::from(c))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_are_fonts_with_the_names_that_layouts_ask_for() {
        assert_eq!(FONTS.faces.len(), FILES.len());
        for font in Font::ALL {
            for family in font.for_headings().into_iter().chain(font.for_text()) {
                assert!(FONTS.book.contains_family(&family.to_lowercase()), "{family}");
            }
        }
    }

    #[test]
    fn names_of_europe_and_vietnam_can_be_printed() {
        assert_eq!(missing("Đặng Łukasz Óscar Þóra Søren Ğül Ştefan Çelik Ľubomír Ελένη Мария"), Vec::<char>::new());
    }

    #[test]
    fn what_cannot_be_printed_is_named() {
        assert_eq!(missing("山田 roof 👷 שלום 山"), ['ו', 'ל', 'ם', 'ש', '山', '田', '👷']);
    }
}
