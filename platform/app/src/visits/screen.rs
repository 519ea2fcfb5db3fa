//! What the page of a project's visits shows, gathered in its reader's transaction.

use super::{
    ops::{self, CustomerVisit},
    pages::{PastVisit, VisitCard, VisitNotice, VisitsPage},
};
use crate::projects::{self, ProjectId, ProjectStatus};
use kernel::{Cx, Result};

/// The most visits to come, and the most past ones, on one page.
const MOST: u64 = 100;

/// The visits of a project that the customer of this transaction may see; `notice` says what has just happened.
pub async fn gather(cx: &Cx, project: ProjectId, notice: impl FnOnce(&[CustomerVisit]) -> Option<VisitNotice>) -> Result<VisitsPage> {
    let found = projects::ops::find_mine(cx, project).await?;
    let (upcoming, past) = cx.ask_all((ops::mine(cx, Some(project), MOST), ops::mine_past(cx, Some(project), MOST))).await?;
    Ok(VisitsPage {
        project_id: project.to_string(),
        project_name: found.name,
        notice: notice(&upcoming),
        upcoming: upcoming.iter().map(VisitCard::of).collect(),
        past: past.iter().map(PastVisit::of).collect(),
        open: !matches!(found.status, ProjectStatus::Completed | ProjectStatus::Archived),
    })
}
