//! Which news of a project have not been told, and what they come to. The only writer of the table `news`.

use crate::{
    documents::{self, DocumentId},
    people::{self, ops::CustomerPerson},
    projects::{self, ProjectId},
    updates::{self, UpdateId, ops::CustomerUpdate},
    visibility::Visibility,
};
use kernel::{Cx, Result, ids::CustomerId};
use sea_orm::FromQueryResult;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What happened, and what undoes it.
const KINDS: [&str; 8] = [
    "update.posted",
    "update.changed",
    "photo.uploaded",
    "photo.changed",
    "photo.withdrawn",
    "milestone.completed",
    "milestone.reopened",
    "generated_document.ready",
];

/// A stretch of the log: after this entry, up to and with that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The last entry that was told before.
    pub after: i64,
    /// The last entry that is told.
    pub until: i64,
}

/// What a household is told.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct News {
    /// The names of finished milestones, in the order in which they were finished.
    pub steps: Vec<String>,
    /// How many photos are new.
    pub photos: usize,
    /// The titles of documents that wrote themselves.
    pub papers: Vec<String>,
    /// New updates, by day.
    pub updates: Vec<CustomerUpdate>,
}

impl News {
    /// There is nothing to tell.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.photos == 0 && self.papers.is_empty() && self.updates.is_empty()
    }
}

/// What one person is written.
pub struct Letter {
    /// To whom.
    pub person: CustomerPerson,
    /// The project's name.
    pub project_name: String,
    /// What is new.
    pub news: News,
}

/// Closes the stretch that begins after what was told last, and says whom to tell; nobody and none if nothing is new. The row is held,
/// so of two that ask at once the second finds it told.
pub async fn gather(cx: &Cx, project: ProjectId) -> Result<Option<(Stretch, Vec<CustomerId>)>> {
    let sql = "INSERT INTO news (project_id, told_seq, told_at) VALUES ($1, 0, $2) \
               ON CONFLICT (project_id) DO UPDATE SET told_at = excluded.told_at RETURNING told_seq";
    let Some(row) = cx.one(sql, [project.into(), cx.now().into()]).await? else { return Ok(None) };
    let after: i64 = row.try_get("", "told_seq")?;
    let happened = happened(cx, project, after).await?;
    let Some(until) = happened.last().map(|entry| entry.seq) else { return Ok(None) };
    cx.execute("UPDATE news SET told_seq = $2 WHERE project_id = $1", [project.into(), until.into()]).await?;
    let household = projects::ops::household_of(cx, project).await?;
    let told = people::ops::told(cx, household).await?.into_iter().map(|person| person.id).collect();
    Ok(Some((Stretch { after, until }, told)))
}

/// What one person reads about a stretch; none if nothing of it is left, or they no longer belong there.
pub async fn letter(cx: &Cx, project: ProjectId, stretch: Stretch, to: CustomerId) -> Result<Option<Letter>> {
    let household = projects::ops::household_of(cx, project).await?;
    let Some(person) = people::ops::told(cx, household).await?.into_iter().find(|person| person.id == to) else { return Ok(None) };
    let summary = summary(happened(cx, project, stretch.after).await?, stretch.until);
    let updates = updates::ops::shown(cx, summary.updates).await?;
    let papers = documents::ops::shown(cx, summary.papers).await?;
    let news = News { steps: summary.steps, photos: summary.photos, papers, updates };
    if news.is_empty() {
        return Ok(None);
    }
    let project_name = projects::ops::names(cx, [project]).await?.remove(&project).map(|(_, name)| name).unwrap_or_default();
    Ok(Some(Letter { person, project_name, news }))
}

/// An entry of the log.
#[derive(Clone, Debug, FromQueryResult)]
struct Entry {
    seq: i64,
    kind: String,
    subject_id: Option<Uuid>,
    data: String,
}

/// The fields of an entry that matter here.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Data {
    visibility: String,
    name: String,
    shown: bool,
    first: bool,
}

/// What happened to a project after an entry, in one question.
async fn happened(cx: &Cx, project: ProjectId, after: i64) -> Result<Vec<Entry>> {
    let sql = "SELECT seq, kind, subject_id, data::text AS data FROM events \
               WHERE project_id = $1 AND seq > $2 AND kind = ANY($3) ORDER BY seq";
    let kinds: Vec<String> = KINDS.iter().map(|kind| (*kind).to_owned()).collect();
    Ok(cx.rows(sql, [project.into(), after.into(), kinds.into()]).await?)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Summary {
    steps: Vec<String>,
    photos: usize,
    papers: BTreeSet<DocumentId>,
    updates: BTreeSet<UpdateId>,
}

/// What the entries up to `until` come to, less what any entry has undone since. Pure.
fn summary(entries: Vec<Entry>, until: i64) -> Summary {
    let (mut steps, mut photos, mut updates) = (BTreeMap::<Uuid, (i64, String)>::new(), BTreeSet::new(), BTreeSet::new());
    let mut papers = BTreeSet::new();
    for entry in entries {
        let Some(id) = entry.subject_id else { continue };
        let data: Data = serde_json::from_str(&entry.data).unwrap_or_default();
        let (news, client) = (entry.seq <= until, data.visibility == Visibility::Client.name());
        match entry.kind.as_str() {
            "milestone.completed" if news => drop(steps.insert(id, (entry.seq, data.name))),
            "milestone.reopened" => drop(steps.remove(&id)),
            "photo.uploaded" if news && client => drop(photos.insert(id)),
            "photo.withdrawn" => drop(photos.remove(&id)),
            "photo.changed" if !client => drop(photos.remove(&id)),
            "photo.changed" if news && data.shown => drop(photos.insert(id)),
            "update.posted" if news && client => drop(updates.insert(UpdateId(id))),
            "update.changed" if news && data.shown => drop(updates.insert(UpdateId(id))),
            "generated_document.ready" if news && client && data.first => drop(papers.insert(DocumentId(id))),
            // Whether an update or a document is still shown is asked where they are.
            _ => {}
        }
    }
    let mut steps: Vec<(i64, String)> = steps.into_values().collect();
    steps.sort_unstable();
    Summary { steps: steps.into_iter().map(|(_, name)| name).collect(), photos: photos.len(), papers, updates }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entries(of: &[(&str, u128, serde_json::Value)]) -> Vec<Entry> {
        let entry = |(n, (kind, id, data)): (usize, &(&str, u128, serde_json::Value))| Entry {
            seq: n as i64 + 1,
            kind: (*kind).to_owned(),
            subject_id: Some(Uuid::from_u128(*id)),
            data: data.to_string(),
        };
        of.iter().enumerate().map(entry).collect()
    }

    #[test]
    fn news_are_what_is_left() {
        let (client, internal) = (json!({ "visibility": "client" }), json!({ "visibility": "internal" }));
        let step = |name: &str| json!({ "name": name });
        let all = entries(&[
            ("milestone.completed", 1, step("Underlay")),
            ("milestone.completed", 2, step("Tiles")),
            ("milestone.reopened", 1, step("Underlay")),
            ("photo.uploaded", 3, client.clone()),
            ("photo.uploaded", 4, client.clone()),
            ("photo.uploaded", 5, internal.clone()),
            ("photo.withdrawn", 4, client.clone()),
            ("update.posted", 6, client.clone()),
            ("update.posted", 7, internal.clone()),
            ("update.changed", 7, json!({ "visibility": "client", "shown": true })),
            ("update.posted", 8, internal),
            ("milestone.completed", 1, step("Underlay")),
        ]);
        let updates = |ids: &[u128]| ids.iter().map(|id| UpdateId(Uuid::from_u128(*id))).collect();
        let found = summary(all.clone(), 12);
        assert_eq!(
            found,
            Summary { steps: vec!["Tiles".into(), "Underlay".into()], photos: 1, updates: updates(&[6, 7]), ..Default::default() }
        );
        // Told up to the fifth: what comes later only takes away.
        assert_eq!(summary(all, 5), Summary { steps: vec!["Tiles".into()], photos: 1, ..Default::default() });
    }

    #[test]
    fn an_entry_that_cannot_be_read_is_no_news() {
        let odd = Entry { seq: 1, kind: "photo.uploaded".into(), subject_id: Some(Uuid::nil()), data: "[]".into() };
        assert_eq!(summary(vec![odd], 9), Summary::default());
    }
}
