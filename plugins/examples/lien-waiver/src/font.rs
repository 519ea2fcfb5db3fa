//! A font in the file: only then does the page look the same everywhere. Its letters are those of WinAnsi, one byte each.

use std::fmt::Write;
use ttf_parser::{RawFace, Tag, cmap, head, hhea, hmtx, maxp, os2};

/// What stands in WinAnsi where Latin-1 has nothing to print, from 0x80 on; a hole is a zero.
const HIGH: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', //
    '\0', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

pub struct Font {
    name: &'static str,
    file: &'static [u8],
    bold: bool,
    /// By byte, in thousandths of the font's size, as PDF has them.
    widths: [i32; 256],
    /// Left, bottom, right and top of its letters; ascent, descent, height of capitals.
    metrics: [i32; 7],
}

impl Font {
    /// Under the name that the file gives itself.
    pub fn new(name: &'static str, file: &'static [u8], bold: bool) -> Result<Self, String> {
        Self::read(name, file, bold).ok_or_else(|| format!("the font {name} cannot be read"))
    }

    /// The few tables that are needed, each for itself: reading whole faces would double the plugin.
    fn read(name: &'static str, file: &'static [u8], bold: bool) -> Option<Self> {
        let face = RawFace::parse(file, 0).ok()?;
        let table = |name| face.table(Tag::from_bytes(name));
        let (head, hhea) = (head::Table::parse(table(b"head")?)?, hhea::Table::parse(table(b"hhea")?)?);
        let glyphs = maxp::Table::parse(table(b"maxp")?)?.number_of_glyphs;
        let advances = hmtx::Table::parse(hhea.number_of_metrics, glyphs, table(b"hmtx")?)?;
        let letters = cmap::Table::parse(table(b"cmap")?)?.subtables.into_iter().find(cmap::Subtable::is_unicode)?;
        let capitals = os2::Table::parse(table(b"OS/2")?)?.capital_height()?;
        let thousandths = |length: i32| length * 1000 / i32::from(head.units_per_em);
        let mut widths = [0; 256];
        for byte in 32..=255 {
            let glyph = letter(byte).and_then(|letter| letters.glyph_index(letter.into()));
            widths[usize::from(byte)] = thousandths(glyph.and_then(|glyph| advances.advance(glyph)).unwrap_or(0).into());
        }
        let bounds = head.global_bbox;
        let metrics = [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max, hhea.ascender, hhea.descender, capitals];
        Some(Self { name, file, bold, widths, metrics: metrics.map(|length| thousandths(length.into())) })
    }

    /// How wide the text is at this size.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.widths[usize::from(byte(letter))]).sum::<i32>() as f32 * size / 1000.0
    }

    /// Its four objects, of which the first is the font; they are numbered from `first` on.
    pub fn objects(&self, first: usize) -> [Vec<u8>; 4] {
        let (name, descriptor, file, unicode) = (format!("ANSIFT+{}", self.name), first + 1, first + 2, first + 3);
        let widths: Vec<String> = self.widths[32..].iter().map(i32::to_string).collect();
        let font = format!(
            "<< /Type /Font /Subtype /TrueType /BaseFont /{name} /Encoding /WinAnsiEncoding /FirstChar 32 /LastChar 255 \
             /Widths [{}] /FontDescriptor {descriptor} 0 R /ToUnicode {unicode} 0 R >>",
            widths.join(" ")
        );
        let [left, bottom, right, top, ascent, descent, capitals] = self.metrics;
        let stem = if self.bold { 140 } else { 80 };
        // 32: its letters are the usual ones, and the encoding says which is which.
        let description = format!(
            "<< /Type /FontDescriptor /FontName /{name} /Flags 32 /FontBBox [{left} {bottom} {right} {top}] /ItalicAngle 0 \
             /Ascent {ascent} /Descent {descent} /CapHeight {capitals} /StemV {stem} /FontFile2 {file} 0 R >>"
        );
        let program = stream(&format!("/Length1 {} ", self.file.len()), self.file);
        [font.into_bytes(), description.into_bytes(), program, stream("", to_unicode().as_bytes())]
    }
}

/// The letter that this byte means, if any.
fn letter(byte: u8) -> Option<char> {
    match byte {
        32..=126 | 160..=255 => Some(char::from(byte)),
        128..=159 => Some(HIGH[usize::from(byte) - 128]).filter(|&letter| letter != '\0'),
        _ => None,
    }
}

/// The byte that means this letter; what has none is a question mark.
pub fn byte(wanted: char) -> u8 {
    match wanted {
        ' '..='~' | '\u{a0}'..='\u{ff}' => wanted as u8,
        _ => (128..=159).find(|&byte| letter(byte) == Some(wanted)).unwrap_or(b'?'),
    }
}

/// So that what is copied out of the page is what it says.
fn to_unicode() -> String {
    let mut map = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /WinAnsi def\n/CMapType 2 def\n\
                   1 begincodespacerange\n<00> <FF>\nendcodespacerange\n\
                   2 beginbfrange\n<20> <7E> <0020>\n<A0> <FF> <00A0>\nendbfrange\n"
        .to_owned();
    let high: Vec<(u8, char)> = (128..=159).filter_map(|byte| Some((byte, letter(byte)?))).collect();
    let _ = writeln!(map, "{} beginbfchar", high.len());
    for (byte, letter) in high {
        let _ = writeln!(map, "<{byte:02X}> <{:04X}>", u32::from(letter));
    }
    map + "endbfchar\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
}

/// A stream object, with what else its dictionary says.
pub fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<< {dictionary}/Length {} >>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}
