//! The bytes of the announced papers.

use super::{
    cast::{Company, Home, Paper, Work},
    pdf::{self, Sheet},
    rows::ALL,
    staff,
};
use crate::documents::{
    VersionState,
    ops::{self, DocumentFilter, DocumentView},
};
use anyhow::Result;
use futures::stream;
use kernel::App;
use std::sync::Arc;
use tenants::Tenant;

/// Of every paper.
pub(super) const MEDIA_TYPE: &str = "application/pdf";
const FOOT: &str = "Demo data. The company, the people, the addresses and the numbers are invented.";

/// Uploads each version of ours that still waits for its bytes, the oldest first.
pub(super) async fn fill(app: &Arc<App>, tenant: &Arc<Tenant>, company: &Company) -> Result<()> {
    let manager = staff(app, tenant, company.manager.email).await?;
    let cx = manager.begin().await?;
    let documents = ops::list(&cx, &DocumentFilter::default(), &ALL).await?.items;
    cx.commit().await?;
    for document in documents.iter().rev() {
        let Some((home, work, paper)) = find(company, document) else { continue };
        for version in document.versions.iter().filter(|version| version.state == VersionState::Uploading) {
            let number = usize::try_from(version.number)?;
            if number > paper.versions.len() {
                continue;
            }
            let bytes = render(company, home, work, paper, number);
            let length = bytes.len() as u64;
            let body = stream::iter([Ok(bytes.into())]);
            ops::upload(&manager, document.id, version.number, Some(length), body).await?;
        }
    }
    Ok(())
}

/// The file of a version; the same every time.
pub(super) fn render(company: &Company, home: &Home, work: &Work, paper: &Paper, number: usize) -> Vec<u8> {
    let lines = number.checked_sub(1).and_then(|index| paper.versions.get(index)).copied().unwrap_or_default();
    let about = match paper.versions.len() {
        1 => format!("{}, {}", work.name, home.address),
        _ => format!("{}, {}. Version {number}", work.name, home.address),
    };
    pdf::render(&Sheet { company: company.name, color: company.brand.color, title: paper.title, about: &about, lines, foot: FOOT })
}

fn find<'a>(company: &'a Company, document: &DocumentView) -> Option<(&'a Home, &'a Work, &'a Paper)> {
    let works = company.homes.iter().flat_map(|home| home.works.iter().map(move |work| (home, work)));
    let (home, work) = works.into_iter().find(|(_, work)| work.name == document.project.name)?;
    let paper = work.papers.iter().find(|paper| paper.title == document.title)?;
    Some((home, work, paper))
}
