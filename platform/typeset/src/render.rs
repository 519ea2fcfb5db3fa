//! From an order to a PDF, here or in a child.

use crate::{
    Failure, Order, art, check, data, fonts,
    world::{Desk, datetime},
};
use confine::{Limits, Program};
use std::time::Duration;
use typst::{
    diag::{SourceDiagnostic, Warned},
    foundations::Smart,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// A finished paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pdf {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: u32,
}

/// What a paper may cost: many times of what the longest one needs.
pub fn default_limits() -> Limits {
    Limits { memory: 1 << 30, cpu: Duration::from_secs(20), time: Duration::from_secs(60), output: 32 << 20 }
}

/// Makes the paper in a child: `program` is one that calls [`confine::work`] with [`child`].
pub async fn render(program: &Program, limits: Limits, order: &Order) -> Result<Pdf, Failure> {
    let input = serde_json::to_vec(order).map_err(|error| Failure::order("", error.to_string()))?;
    let answer = program.run(limits, &input).await?;
    parse(answer)
}

/// What the child does: an order as JSON in, the number of pages and the PDF out. It refuses with a [`Failure`].
pub fn child(input: Vec<u8>) -> Result<Vec<u8>, String> {
    let order = serde_json::from_slice(&input).map_err(|error| Failure::order("", error.to_string()).tell())?;
    let pdf = make(&order).map_err(Failure::tell)?;
    let mut answer = pdf.pages.to_le_bytes().to_vec();
    answer.extend(pdf.bytes);
    Ok(answer)
}

fn parse(mut answer: Vec<u8>) -> Result<Pdf, Failure> {
    let Some(&pages) = answer.first_chunk() else {
        return Err(Failure::Export("the child's answer is too short".to_owned()));
    };
    Ok(Pdf { pages: u32::from_le_bytes(pages), bytes: answer.split_off(4) })
}

/// Typst forgets what this many papers in a row did not have.
const UNUSED: usize = 1;

/// Makes the paper in this process, which an order that runs away would take along.
pub fn render_here(order: &Order) -> Result<Pdf, Failure> {
    let pdf = make(order);
    // So what all papers of a company have is laid out once, see shared.typ, and what only one had does not stay.
    comemo::evict(UNUSED);
    pdf
}

fn make(order: &Order) -> Result<Pdf, Failure> {
    let tones = check::order(order)?;
    let fingerprint = order.fingerprint();
    let data = data::data(order, &tones)?;
    let mut desk = Desk::new(order.content.kind().name(), order.issued)?;
    desk.put("company.json", data.company)?;
    desk.put("data.json", data.json)?;
    for (at, photo) in data.photos.into_iter().enumerate() {
        desk.put(&format!("photo-{at}"), photo.into())?;
    }
    if let Some(logo) = &order.brand.logo_png {
        desk.put("logo", logo.bytes().to_vec())?;
    }
    let qr =
        art::qr(&order.verify_url, &tones.ink).ok_or_else(|| Failure::order("verify_url", "The address is too long for a QR code."))?;
    let faces = fonts::bold(&order.brand.font.for_text());
    let drawn = [
        ("qr.svg", qr),
        ("waves.svg", art::waves(&fingerprint, &tones.wave)),
        ("seal.svg", art::seal(&tones.mark)),
        ("around-seal.svg", art::around_seal(&order.brand.company, &order.number, &faces, &tones.accent)),
    ];
    for (name, svg) in drawn {
        desk.put(name, svg.into_bytes())?;
    }
    set(&desk, order)
}

fn set(desk: &Desk, order: &Order) -> Result<Pdf, Failure> {
    let Warned { output, warnings } = typst::compile::<PagedDocument>(desk);
    let document = output.map_err(|errors| Failure::Layout(words(&errors)))?;
    // A warning is a font that is not there, or a layout that does not settle: such a paper would not be as it was meant.
    if !warnings.is_empty() {
        return Err(Failure::Layout(words(&warnings)));
    }
    // For archives, and for people who have papers read to them.
    let standards =
        PdfStandards::new(&[PdfStandard::A_2b, PdfStandard::Ua_1]).map_err(|error| Failure::Export(error.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {}", order.number, order.short_fingerprint())),
        creator: Smart::Custom(None),
        timestamp: datetime(order.issued).map(Timestamp::new_utc),
        standards,
        ..PdfOptions::default()
    };
    let bytes = typst_pdf::pdf(&document, &options).map_err(|errors| Failure::Export(words(&errors)))?;
    Ok(Pdf { bytes, pages: u32::try_from(document.pages().len()).unwrap_or(u32::MAX) })
}

fn words(diagnostics: &[SourceDiagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| diagnostic.message.as_str()).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use typst::{diag::warning, syntax::Span};

    #[test]
    fn complaints_are_told_together() {
        let complaint = |words: &str| SourceDiagnostic { ..warning!(Span::detached(), "{words}") };
        assert_eq!(words(&[complaint("unknown font"), complaint("layout did not converge")]), "unknown font; layout did not converge");
    }

    #[test]
    fn an_answer_has_its_pages_before_the_file() {
        assert_eq!(parse(b"\x02\0\0\0%PDF".to_vec()).unwrap(), Pdf { bytes: b"%PDF".to_vec(), pages: 2 });
        assert_eq!(parse(b"%P".to_vec()).unwrap_err().code(), "export_failed");
    }
}
