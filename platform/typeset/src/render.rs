//! From an order to a PDF, here or in a child.

use crate::{Failure, Order};
use confine::{Limits, Program};
use std::time::Duration;

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
    let pdf = render_here(&order).map_err(Failure::tell)?;
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

/// Makes the paper in this process, which an order that runs away would take along.
pub fn render_here(order: &Order) -> Result<Pdf, Failure> {
    let _ = order;
    Err(Failure::Layout("no layouts yet".to_owned()))
}
