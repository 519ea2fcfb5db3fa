//! What the page of a project's papers shows, gathered in its reader's transaction.

use super::{
    ops,
    pages::{DocumentRow, DocumentsPage},
};
use crate::projects::{self, ProjectId};
use kernel::{Cx, Result};

/// The most papers on one page; a house has dozens.
const MOST: u64 = 500;

/// The papers of a project that the customer of this transaction may see.
pub async fn gather(cx: &Cx, project: ProjectId) -> Result<DocumentsPage> {
    let found = projects::ops::find_mine(cx, project).await?;
    let papers = cx.ask(ops::mine(project, MOST)).await?;
    let rows = papers.documents.into_iter().filter_map(DocumentRow::of).collect();
    Ok(DocumentsPage::new(project.to_string(), found.name, rows))
}
