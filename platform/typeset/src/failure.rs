//! Why there is no paper.

use confine::Stopped;
use serde::{Deserialize, Serialize};

/// Why there is no paper. Its words are for staff.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The order is at fault.
    #[error("{field}: {words}")]
    Order {
        /// Which part of it: `content.steps`.
        field: String,
        /// What is wrong with it.
        words: String,
    },
    /// None of our fonts has these characters.
    #[error("Our fonts cannot print these characters: {}", spaced(.0))]
    MissingGlyph(Vec<char>),
    /// The layout failed or complained, in Typst's words.
    #[error("The paper could not be laid out: {0}")]
    Layout(String),
    /// The laid out paper is not fit for PDF/A, in Typst's words.
    #[error("The paper could not be written as a PDF: {0}")]
    Export(String),
    /// The child process gave no answer.
    #[error("The paper could not be made: {0}")]
    Child(Stopped),
}

/// A failure as the child tells it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Order { field: String, words: String },
    MissingGlyph(Vec<char>),
    Layout(String),
    Export(String),
}

impl Failure {
    /// Stable, for programs: `invalid_order`, `missing_glyph`, `layout_failed`, `export_failed`, `took_too_long`, `too_large`,
    /// `child_failed`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Order { .. } => "invalid_order",
            Self::MissingGlyph(_) => "missing_glyph",
            Self::Layout(_) => "layout_failed",
            Self::Export(_) => "export_failed",
            Self::Child(Stopped::Time) => "took_too_long",
            Self::Child(Stopped::Memory | Stopped::Output) => "too_large",
            Self::Child(_) => "child_failed",
        }
    }

    /// The same would come of trying again.
    pub fn is_final(&self) -> bool {
        match self {
            Self::Child(stopped) => stopped.is_final(),
            _ => true,
        }
    }

    pub(crate) fn order(field: impl Into<String>, words: impl Into<String>) -> Self {
        Self::Order { field: field.into(), words: words.into() }
    }

    /// What the child says to its parent.
    pub(crate) fn tell(self) -> String {
        let told = match self {
            Self::Order { field, words } => Told::Order { field, words },
            Self::MissingGlyph(chars) => Told::MissingGlyph(chars),
            Self::Export(words) => Told::Export(words),
            Self::Layout(words) => Told::Layout(words),
            Self::Child(stopped) => Told::Layout(stopped.to_string()),
        };
        serde_json::to_string(&told).unwrap_or_default()
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Self {
        let Stopped::Refused(words) = &stopped else { return Self::Child(stopped) };
        match serde_json::from_str(words) {
            Ok(Told::Order { field, words }) => Self::Order { field, words },
            Ok(Told::MissingGlyph(chars)) => Self::MissingGlyph(chars),
            Ok(Told::Layout(words)) => Self::Layout(words),
            Ok(Told::Export(words)) => Self::Export(words),
            Err(_) => Self::Child(stopped),
        }
    }
}

/// Each with its number, as not everybody's screen has it either.
fn spaced(chars: &[char]) -> String {
    let named = chars.iter().map(|&c| format!("{c} (U+{:04X})", u32::from(c)));
    named.collect::<Vec<_>>().join(", ")
}
