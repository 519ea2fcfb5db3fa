//! One US Letter page: as much PDF as a form needs. The same input gives the same bytes.

use crate::font::{Font, byte, stream};

const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const MARGIN: f32 = 72.0;
const SIZE: f32 = 11.0;
/// Where a field's value begins, from its label.
const INDENT: f32 = 90.0;
/// The first object of the fonts, and how many each has.
const FONTS: (usize, usize) = (6, 4);

#[derive(Clone, Copy)]
enum Weight {
    Regular,
    Bold,
}

/// A page that is written from top to bottom.
pub struct Page {
    stream: Vec<u8>,
    y: f32,
    fonts: [Font; 2],
}

impl Page {
    pub fn new() -> Result<Self, String> {
        let fonts = [
            Font::new("Figtree-Regular", include_bytes!("../fonts/figtree-400.ttf"), false)?,
            Font::new("Figtree-Bold", include_bytes!("../fonts/figtree-700.ttf"), true)?,
        ];
        Ok(Self { stream: Vec::new(), y: HEIGHT - MARGIN, fonts })
    }

    pub fn title(&mut self, text: &str) {
        self.show(Weight::Bold, 17.0, MARGIN, text);
        self.y -= 30.0;
    }

    pub fn line(&mut self, text: &str) {
        self.show(Weight::Regular, SIZE, MARGIN, text);
        self.y -= SIZE * 1.5;
    }

    pub fn field(&mut self, label: &str, value: &str) {
        self.show(Weight::Bold, SIZE, MARGIN, label);
        for line in self.wrap(value, WIDTH - 2.0 * MARGIN - INDENT) {
            self.show(Weight::Regular, SIZE, MARGIN + INDENT, &line);
            self.y -= SIZE * 1.5;
        }
    }

    pub fn text(&mut self, text: &str) {
        for line in self.wrap(text, WIDTH - 2.0 * MARGIN) {
            self.line(&line);
        }
    }

    pub fn gap(&mut self) {
        self.y -= SIZE * 1.5;
    }

    pub fn signature(&mut self, name: &str, company: &str) {
        self.y -= 60.0;
        let rule = format!("{MARGIN} {} m {} {} l 0.7 w S\n", self.y + 14.0, MARGIN + 260.0, self.y + 14.0);
        self.stream.extend_from_slice(rule.as_bytes());
        self.line(name);
        self.line(company);
    }

    fn show(&mut self, weight: Weight, size: f32, x: f32, text: &str) {
        self.stream.extend_from_slice(format!("BT /F{} {size} Tf {x} {} Td (", weight as usize, self.y).as_bytes());
        for byte in text.chars().map(byte) {
            if matches!(byte, b'(' | b')' | b'\\') {
                self.stream.push(b'\\');
            }
            self.stream.push(byte);
        }
        self.stream.extend_from_slice(b") Tj ET\n");
    }

    /// Lines of regular letters that are no wider than this.
    fn wrap(&self, text: &str, width: f32) -> Vec<String> {
        let wide = |text: &str| self.fonts[Weight::Regular as usize].width(text, SIZE);
        let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0.0);
        for word in text.split_whitespace() {
            let (space, word_width) = (wide(" "), wide(word));
            if line.is_empty() {
                used = word_width;
            } else if used + space + word_width <= width {
                line.push(' ');
                used += space + word_width;
            } else {
                lines.push(std::mem::take(&mut line));
                used = word_width;
            }
            line.push_str(word);
        }
        lines.push(line);
        lines
    }

    /// The whole file.
    pub fn finish(self, number: &str) -> Vec<u8> {
        let title: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let [regular, bold] = [FONTS.0, FONTS.0 + FONTS.1];
        let mut objects: Vec<Vec<u8>> = vec![
            b"<< /Type /Catalog /Pages 2 0 R /Lang (en-US) >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R \
                 /Resources << /Font << /F0 {regular} 0 R /F1 {bold} 0 R >> >> >>"
            )
            .into_bytes(),
            stream("", &self.stream),
            format!("<< /Title (Lien waiver {title}) >>").into_bytes(),
        ];
        for (font, first) in self.fonts.iter().zip([regular, bold]) {
            objects.extend(font.objects(first));
        }
        let (mut file, mut offsets) = (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), Vec::new());
        for (n, object) in objects.iter().enumerate() {
            offsets.push(file.len());
            file.extend_from_slice(format!("{} 0 obj\n", n + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        let start = file.len();
        file.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
        for offset in offsets {
            file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
        }
        let size = objects.len() + 1;
        file.extend_from_slice(format!("trailer\n<< /Size {size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        file
    }
}
