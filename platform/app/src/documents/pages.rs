//! The papers of a project as its household sees them, by kind, each with its older versions.
use chrono::{DateTime, Utc};
use kernel::pages::Page;
use schemars::JsonSchema;
use serde::Serialize;

use super::ops::{CustomerDocument, CustomerVersion};
use crate::pages::hours_ago;

/// One version of a paper.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VersionRow {
    /// From 1.
    pub number: i32,
    /// When it was uploaded.
    pub at: DateTime<Utc>,
    /// Its size.
    pub bytes: i64,
    /// Where it is downloaded.
    pub url: String,
}

/// One paper: its newest version, and the older ones, newest first.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentRow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `contract`, `permit`, `inspection_report`, `warranty` or `other`.
    pub kind: String,
    /// The kind in words.
    pub kind_words: String,
    /// The icon of the kind.
    pub icon: &'static str,
    /// The version that counts.
    pub newest: VersionRow,
    /// Those it replaced.
    pub older: Vec<VersionRow>,
}

impl DocumentRow {
    /// The row of a document as its customers see it.
    pub fn of(document: CustomerDocument) -> Option<DocumentRow> {
        let id = document.id;
        let version = |v: CustomerVersion| VersionRow {
            number: v.number,
            at: v.at,
            bytes: v.bytes,
            url: format!("/documents/{id}/versions/{}/file", v.number),
        };
        let versions = document.versions.into_iter().map(version).collect();
        DocumentRow::new(id.to_string(), document.title, &document.kind.name(), versions)
    }

    /// A row from the versions that are ready, newest first; none without a ready version.
    pub fn new(id: impl Into<String>, title: impl Into<String>, kind: &str, versions: Vec<VersionRow>) -> Option<DocumentRow> {
        let mut versions = versions.into_iter();
        let (words, _, icon) = kind_words(kind);
        let newest = versions.next()?;
        let older = versions.collect();
        Some(DocumentRow { id: id.into(), title: title.into(), kind: kind.to_owned(), kind_words: words.to_owned(), icon, newest, older })
    }
}

/// A kind in words for one, for many, and its icon.
pub fn kind_words(kind: &str) -> (&'static str, &'static str, &'static str) {
    match kind {
        "contract" => ("Contract", "Contracts", "file-pen-line"),
        "permit" => ("Permit", "Permits", "stamp"),
        "inspection_report" => ("Inspection report", "Inspection reports", "clipboard-check"),
        "warranty" => ("Warranty", "Warranties", "award"),
        _ => ("Paper", "Other papers", "file"),
    }
}

/// The papers of one kind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentGroup {
    /// The kind.
    pub kind: String,
    /// Its heading.
    pub label: String,
    /// Newest first.
    pub rows: Vec<DocumentRow>,
}

/// `GET /projects/{id}/documents`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DocumentsPage {
    /// The project's id.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
    /// How many papers there are.
    pub count: usize,
    /// In the order of the kinds, without empty ones.
    pub groups: Vec<DocumentGroup>,
}

impl DocumentsPage {
    /// Groups the rows by kind; their order inside a group stays.
    pub fn new(project_id: impl Into<String>, project_name: impl Into<String>, rows: Vec<DocumentRow>) -> DocumentsPage {
        let count = rows.len();
        let order = ["contract", "permit", "inspection_report", "warranty", "other"];
        let mut groups: Vec<DocumentGroup> = order
            .iter()
            .map(|kind| DocumentGroup { kind: (*kind).to_owned(), label: kind_words(kind).1.to_owned(), rows: Vec::new() })
            .collect();
        for row in rows {
            let at = order.iter().position(|kind| *kind == row.kind).unwrap_or(order.len() - 1);
            groups[at].rows.push(row);
        }
        groups.retain(|group| !group.rows.is_empty());
        DocumentsPage { project_id: project_id.into(), project_name: project_name.into(), count, groups }
    }
}

/// Believable papers of a roof.
pub fn sample_rows() -> Vec<DocumentRow> {
    let version = |id: &str, number, hours, bytes| VersionRow {
        number,
        at: hours_ago(hours),
        bytes,
        url: format!("/documents/{id}/versions/{number}/file"),
    };
    let rows = [
        DocumentRow::new("d1", "Roof contract", "contract", vec![version("d1", 2, 850, 412_000), version("d1", 1, 1_010, 408_000)]),
        DocumentRow::new("d2", "Building permit", "permit", vec![version("d2", 1, 700, 1_240_000)]),
        DocumentRow::new("d3", "Inspection of the wood deck", "inspection_report", vec![version("d3", 1, 96, 8_430_000)]),
        DocumentRow::new("d4", "How to look after your gutters", "other", vec![version("d4", 1, 3, 96_000)]),
    ];
    rows.into_iter().flatten().collect()
}

impl Page for DocumentsPage {
    const TEMPLATE: &'static str = "documents/list.html";
    fn samples() -> Vec<DocumentsPage> {
        vec![
            DocumentsPage::new("01985b2e", "New roof", sample_rows()),
            DocumentsPage::new("01985b2e", "New roof", sample_rows().into_iter().take(1).collect()),
            DocumentsPage::new("01985b2e", "New roof", Vec::new()),
        ]
    }
}
