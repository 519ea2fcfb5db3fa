//! What a rehearsal is run over: the events of the last 90 days that the plugin hears, or the projects in which something was done.

use crate::{
    audit, generated_documents,
    plugins::{hears, model::plugin, ops::hear::told},
    projects::ProjectId,
};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Duration, Utc};
use kernel::{Cx, Result, event::Recorded};
use plugin_host::{Input, Manifest, World, data::DocumentRequest};

const DAYS: i64 = 90;
/// The most runs; of more events the newest.
const MOST: u64 = 200;
/// Where something of this was done, a document could have been made.
const WORKED: &[&str] = &["project.created", "project.changed", "milestone.completed"];

/// One run.
pub(super) struct Case {
    pub at: DateTime<Utc>,
    pub about: String,
    pub project: Option<ProjectId>,
    pub input: Input,
}

impl Case {
    /// The same for both versions, and each time.
    pub fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        seed.copy_from_slice(digest(&SHA256, format!("{} {}", self.at, self.about).as_bytes()).as_ref());
        seed
    }
}

/// What this plugin would have been run for. What is enabled; where nothing is, all that it is made for.
pub(super) async fn of(cx: &Cx, row: &plugin::Model, manifest: &Manifest) -> Result<Vec<Case>> {
    let since = cx.now() - Duration::days(DAYS);
    if manifest.world == World::DocumentGenerator {
        return documents(cx, row, manifest, since).await;
    }
    let chosen: Vec<String> = row.events.iter().filter(|kind| manifest.events.contains(kind)).cloned().collect();
    let kinds = if chosen.is_empty() { manifest.events.iter().filter(|kind| hears(kind)).cloned().collect() } else { chosen };
    let events = audit::ops::since(cx, since, &kinds, MOST).await?;
    let case = |event: Recorded| Case {
        at: event.at,
        about: audit::sentence(&event),
        project: event.project_id.map(ProjectId),
        input: if manifest.world == World::Notifier { Input::Notify(told(&event)) } else { Input::Hear(told(&event)) },
    };
    Ok(events.into_iter().map(case).collect())
}

async fn documents(cx: &Cx, row: &plugin::Model, manifest: &Manifest, since: DateTime<Utc>) -> Result<Vec<Case>> {
    let worked: Vec<String> = WORKED.iter().map(|kind| (*kind).to_owned()).collect();
    let mut projects: Vec<(ProjectId, DateTime<Utc>)> = Vec::new();
    for event in audit::ops::since(cx, since, &worked, 5 * MOST).await? {
        if let Some(id) = event.project_id.map(ProjectId).filter(|id| !projects.iter().any(|(known, _)| known == id)) {
            projects.push((id, event.at));
        }
    }
    let names = crate::projects::ops::names(cx, projects.iter().map(|(id, _)| *id)).await?;
    let locale = generated_documents::ops::settings(cx).await?.locale.name();
    let made = manifest.documents.iter().filter(|d| row.documents.is_empty() || row.documents.contains(&d.kind));
    let mut cases = Vec::new();
    for document in made {
        for (id, at) in &projects {
            let Some((number, name)) = names.get(id) else { continue };
            let request = DocumentRequest { kind: document.kind.clone(), number: "Rehearsal".to_owned(), locale: locale.to_owned() };
            cases.push(Case {
                at: *at,
                about: format!("{} for {number} {name}", document.title),
                project: Some(*id),
                input: Input::Document { request, project: id.to_string() },
            });
        }
    }
    cases.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    Ok(cases)
}
