//! One US Letter page in Helvetica: as much PDF as a form needs. The same input gives the same bytes.

const WIDTH: f32 = 612.0;
const HEIGHT: f32 = 792.0;
const MARGIN: f32 = 72.0;
const SIZE: f32 = 11.0;
/// Letters that fit into a line, by the average width of Helvetica.
const LETTERS: usize = 84;

/// A page that is written from top to bottom.
pub struct Page {
    stream: Vec<u8>,
    y: f32,
}

impl Page {
    pub fn new() -> Self {
        Self { stream: Vec::new(), y: HEIGHT - MARGIN }
    }

    pub fn title(&mut self, text: &str) {
        self.show("F2", 17.0, MARGIN, text);
        self.y -= 30.0;
    }

    pub fn line(&mut self, text: &str) {
        self.show("F1", SIZE, MARGIN, text);
        self.y -= SIZE * 1.5;
    }

    pub fn field(&mut self, label: &str, value: &str) {
        self.show("F2", SIZE, MARGIN, label);
        for line in wrap(value, LETTERS - 18) {
            self.show("F1", SIZE, MARGIN + 90.0, &line);
            self.y -= SIZE * 1.5;
        }
    }

    pub fn text(&mut self, text: &str) {
        for line in wrap(text, LETTERS) {
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

    fn show(&mut self, font: &str, size: f32, x: f32, text: &str) {
        self.stream.extend_from_slice(format!("BT /{font} {size} Tf {x} {} Td (", self.y).as_bytes());
        for letter in text.chars() {
            // WinAnsi is Latin-1 for what forms say; the rest has no glyph in the standard fonts.
            let byte = u8::try_from(u32::from(letter)).unwrap_or(b'?');
            if matches!(byte, b'(' | b')' | b'\\') {
                self.stream.push(b'\\');
            }
            self.stream.push(byte);
        }
        self.stream.extend_from_slice(b") Tj ET\n");
    }

    /// The whole file.
    pub fn finish(self, number: &str) -> Vec<u8> {
        let font = |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>");
        let title: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let head = format!("<< /Length {} >>\nstream\n", self.stream.len());
        let objects: Vec<Vec<u8>> = vec![
            b"<< /Type /Catalog /Pages 2 0 R /Lang (en-US) >>".to_vec(),
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents 4 0 R \
                 /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>"
            )
            .into_bytes(),
            [head.as_bytes(), &self.stream, b"endstream"].concat(),
            font("Helvetica").into_bytes(),
            font("Helvetica-Bold").into_bytes(),
            format!("<< /Title (Lien waiver {title}) >>").into_bytes(),
        ];
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
        file.extend_from_slice(format!("trailer\n<< /Size {size} /Root 1 0 R /Info 7 0 R >>\nstartxref\n{start}\n%%EOF\n").as_bytes());
        file
    }
}

fn wrap(text: &str, letters: usize) -> Vec<String> {
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > letters {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}
