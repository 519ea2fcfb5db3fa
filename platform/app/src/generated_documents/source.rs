//! Where a document comes from: our content and our layout. A plugin of the company will be another source: it gives the content of
//! the order before it is rendered, or the bytes in its place.

use super::{GeneratedKind, render};
use kernel::{App, Result};
use typeset::{Order, Pdf};

/// Where the documents of a kind come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From what is known of the project, in our layout.
    Ours,
}

/// A document that was made, before it is stored.
pub struct Made {
    /// The file.
    pub pdf: Pdf,
    /// Signs that no font of ours has, and that were left out.
    pub left_out: Vec<char>,
}

impl Source {
    /// The source of a kind.
    pub fn of(_kind: GeneratedKind) -> Self {
        Self::Ours
    }

    /// Makes the document. No transaction is open meanwhile.
    pub async fn make(self, app: &App, order: Order) -> Result<Made> {
        match self {
            Self::Ours => render::pdf(app, order).await,
        }
    }
}
