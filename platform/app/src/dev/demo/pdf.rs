//! A small, valid PDF of one page: a bar in the company's colour, a title, and a few lines.

use std::fmt::Write;

/// What stands on the page.
pub(super) struct Sheet<'a> {
    pub company: &'a str,
    /// `#rrggbb`.
    pub color: &'a str,
    pub title: &'a str,
    /// A line under the title.
    pub about: &'a str,
    pub lines: &'a [&'a str],
    /// At the bottom.
    pub foot: &'a str,
}

const WIDTH: u32 = 612;
const HEIGHT: u32 = 792;
const MARGIN: u32 = 64;
/// Letters of a line of body text; a longer one is broken.
const COLUMNS: usize = 86;

/// The file. The same sheet gives the same bytes.
pub(super) fn render(sheet: &Sheet<'_>) -> Vec<u8> {
    let content = content(sheet);
    let info = format!("<< /Title ({}) /Producer (Demo data) >>", escape(sheet.title));
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R /Lang (en) >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R \
             /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        font("Helvetica"),
        font("Helvetica-Bold"),
        info,
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::with_capacity(objects.len());
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        put(&mut out, format_args!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = out.len();
    put(&mut out, format_args!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        put(&mut out, format_args!("{place:010} 00000 n \n"));
    }
    put(&mut out, format_args!("trailer\n<< /Size {} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

fn content(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    let [r, g, b] = color(sheet.color);
    let bar = HEIGHT - 72;
    put(&mut out, format_args!("{r:.3} {g:.3} {b:.3} rg 0 {bar} {WIDTH} 72 re f\n"));
    text(&mut out, "F2", 18, bar + 28, "1 1 1", sheet.company);
    text(&mut out, "F2", 24, bar - 60, "0.1 0.1 0.1", sheet.title);
    text(&mut out, "F1", 11, bar - 82, "0.35 0.35 0.35", sheet.about);
    let mut y = bar - 124;
    for line in sheet.lines {
        for part in wrap(line) {
            text(&mut out, "F1", 11, y, "0.1 0.1 0.1", &part);
            y -= 16;
        }
        y -= 8;
    }
    put(&mut out, format_args!("0.8 0.8 0.8 RG {MARGIN} 84 m {} 84 l S\n", WIDTH - MARGIN));
    text(&mut out, "F1", 9, 64, "0.35 0.35 0.35", sheet.foot);
    out.truncate(out.trim_end().len());
    out
}

fn text(out: &mut String, font: &str, size: u32, y: u32, color: &str, words: &str) {
    put(out, format_args!("BT /{font} {size} Tf {color} rg {MARGIN} {y} Td ({}) Tj ET\n", escape(words)));
}

fn font(name: &str) -> String {
    format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>")
}

fn wrap(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in line.split_whitespace() {
        let full = lines.last().is_some_and(|l| !l.is_empty() && l.len() + 1 + word.len() > COLUMNS);
        if full {
            lines.push(String::new());
        }
        if let Some(last) = lines.last_mut() {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

/// A text between brackets, in plain letters.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | ')' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            _ => out.push('?'),
        }
    }
    out
}

fn color(hex: &str) -> [f32; 3] {
    let value = u32::from_str_radix(hex.trim_start_matches('#'), 16).unwrap_or_default();
    [16, 8, 0].map(|shift| f32::from(u8::try_from((value >> shift) & 0xff).unwrap_or_default()) / 255.0)
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_objects_points_at_them() {
        let sheet = Sheet {
            company: "Larkrise Roofing",
            color: "#1f5b3f",
            title: "Roof contract (final)",
            about: "For the Ellerys",
            lines: &["A line that is long enough to be broken, because it goes on and on about roofs, gutters, flashing and the weather."],
            foot: "Demo data",
        };
        let pdf = String::from_utf8(render(&sheet)).unwrap();
        let (_, tail) = pdf.rsplit_once("startxref\n").unwrap();
        let table: usize = tail.lines().next().unwrap().parse().unwrap();
        assert!(pdf[table..].starts_with("xref\n0 8\n"));
        for (index, entry) in pdf[table..].lines().skip(3).take(7).enumerate() {
            let place: usize = entry[..10].parse().unwrap();
            assert!(pdf[place..].starts_with(&format!("{} 0 obj\n", index + 1)), "{entry}");
        }
        assert!(pdf.contains("(Roof contract \\(final\\))"));
        assert_eq!(render(&sheet), render(&sheet));
    }
}
