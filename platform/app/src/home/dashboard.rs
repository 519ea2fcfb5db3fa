//! What one screen tells of one project: gathered in one transaction, and as its template takes it.

use super::{
    answer::{Answer, answer},
    ring::Ring,
    steps::{Step, steps},
};
use crate::{
    documents::{self, ops::CustomerDocuments, pages::DocumentRow},
    photos::{self, pages::PhotoCell},
    projects::{self, ProjectDetails, ProjectId, ProjectStatus, ops::CustomerProject},
    schedule,
    updates::{self, pages::UpdateRow},
    visits::{self, AppointmentState, ops::CustomerVisit, pages::VisitCard},
    weather::{self, ops::CustomerDelay},
};
use kernel::{Cx, Result};
use schemars::JsonSchema;
use serde::Serialize;

/// How many of the newest papers are shown.
const PAPERS: u64 = 4;
/// How many of the newest photos.
const PHOTOS: u64 = 4;
/// How many of the next visits are looked at for what is asked of the reader.
pub const VISITS: u64 = 20;
/// How many of the newest updates.
const UPDATES: u64 = 2;

/// One project on one screen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dashboard {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// `planned`, `active`, `on_hold`, `completed` or `archived`.
    pub status: String,
    /// The sentence people came for.
    pub answer: Answer,
    /// How far along; none without a plan.
    pub ring: Option<Ring>,
    /// What is asked of the reader, the most urgent first.
    pub needs: Vec<Need>,
    /// When somebody comes next.
    pub visit: Option<VisitCard>,
    /// What the weather has moved.
    pub delays: Vec<DelayNote>,
    /// The line through time; empty without a plan.
    pub steps: Vec<Step>,
    /// What was done lately.
    pub updates: Vec<UpdateRow>,
    /// The newest photos.
    pub photos: Vec<PhotoCell>,
    /// How many there are.
    pub photo_count: i64,
    /// The newest papers.
    pub documents: Vec<DocumentRow>,
    /// How many there are.
    pub document_count: i64,
    /// Who answers, if somebody is named.
    pub lead: Option<Lead>,
    /// This schema is still to be migrated: what it has no tables for is left out.
    pub partial: bool,
}

/// Something that is asked of the reader.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Need {
    /// Its icon.
    pub icon: &'static str,
    /// In a few words: what to do.
    pub title: String,
    /// Why, in one line.
    pub why: String,
    /// By when, `2026-06-09`.
    pub day: Option<String>,
    /// Where it is done.
    pub href: String,
    /// On the button.
    pub act: String,
}

/// What the weather has moved, or given back.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DelayNote {
    /// Its id.
    pub id: String,
    /// Its icon.
    pub icon: &'static str,
    /// What moved and by how much.
    pub title: String,
    /// The day it was planned for.
    pub was: String,
    /// The day it is planned for now.
    pub now: String,
    /// Why.
    pub reason: String,
    /// It is back on its earlier day.
    pub withdrawn: bool,
}

/// Who answers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lead {
    /// Their name.
    pub name: String,
    /// The first letters of it, at most two.
    pub initials: String,
    /// As people write it; may be empty.
    pub phone: String,
}

impl Need {
    /// A visit that waits for the household's word.
    pub fn of(visit: &CustomerVisit) -> Option<Need> {
        let asked = visit.answerable && visit.state == AppointmentState::Proposed;
        let hours = visits::when::words(visit.window.from, visit.window.until);
        asked.then(|| Need {
            icon: "calendar-check",
            title: "Does this time suit you?".to_owned(),
            why: format!("{}, {hours}.", visit.title),
            day: Some(visit.window.day.to_string()),
            href: format!("/projects/{}/visits#visit-{}", visit.project, visit.id),
            act: "Answer".to_owned(),
        })
    }
}

impl Lead {
    fn of(details: &ProjectDetails) -> Option<Lead> {
        Some(Lead::new(&details.lead_name, &details.lead_phone)).filter(|lead| !lead.name.is_empty())
    }

    /// Somebody with a name and a phone.
    pub fn new(name: &str, phone: &str) -> Lead {
        let initials = name.split_whitespace().take(2).filter_map(|word| word.chars().next()).collect();
        Lead { name: name.to_owned(), initials, phone: phone.to_owned() }
    }
}

impl DelayNote {
    fn of(delay: &CustomerDelay) -> DelayNote {
        let (was, now) = match delay.withdrawn {
            false => (delay.from_start, delay.to_start),
            true => (delay.to_start, delay.from_start),
        };
        let (was, now) = match was == now {
            false => (was, now),
            // It begins when it was to begin and takes longer.
            true if delay.withdrawn => (delay.to_end, delay.from_end),
            true => (delay.from_end, delay.to_end),
        };
        DelayNote {
            id: delay.id.to_string(),
            icon: if delay.withdrawn { "sun" } else { delay.hazard.icon() },
            title: delay.title(),
            was: was.to_string(),
            now: now.to_string(),
            reason: delay.reason(),
            withdrawn: delay.withdrawn,
        }
    }
}

/// The screen of a project by its id.
pub async fn of(cx: &Cx, id: ProjectId) -> Result<Dashboard> {
    let found = projects::ops::find_mine(cx, id).await?;
    let details = projects::ops::details_of(cx, [id]).await?.remove(&id).unwrap_or_default();
    gather(cx, found, details).await
}

/// Gathers the screen of a project that the customer of this transaction may see, by one question to the database.
pub async fn gather(cx: &Cx, project: CustomerProject, details: ProjectDetails) -> Result<Dashboard> {
    let id = project.id;
    let (schedule, delays, visits, updates, (photos, photo_count, _), papers) = cx
        .ask_all((
            schedule::ops::mine(id),
            weather::ops::mine(cx, id),
            visits::ops::mine(cx, Some(id), VISITS),
            updates::ops::mine(id, UPDATES),
            photos::ops::newest_mine(cx, id, PHOTOS),
            documents::ops::mine(id, PAPERS),
        ))
        .await?;
    let gallery = format!("/projects/{id}/photos");
    Ok(Dashboard {
        answer: answer(project.status, &details, &schedule, cx.today()),
        ring: Ring::of(&schedule),
        needs: visits.iter().filter_map(Need::of).collect(),
        visit: visits.first().map(VisitCard::of),
        delays: delays.iter().filter(|_| is_open(project.status)).map(DelayNote::of).collect(),
        steps: steps(&schedule),
        updates: updates.into_iter().map(UpdateRow::of).collect(),
        photos: photos.iter().map(|photo| PhotoCell::of(photo, &gallery)).collect(),
        photo_count,
        lead: Lead::of(&details),
        ..plain(cx, project, papers)
    })
}

/// The same from a schema of the version before, which knows projects and papers only.
pub async fn papers(cx: &Cx, project: CustomerProject) -> Result<Dashboard> {
    let papers = cx.ask(documents::ops::mine(project.id, PAPERS)).await?;
    Ok(Dashboard { partial: true, ..plain(cx, project, papers) })
}

fn plain(cx: &Cx, project: CustomerProject, papers: CustomerDocuments) -> Dashboard {
    Dashboard {
        id: project.id.to_string(),
        name: project.name,
        address: project.address,
        status: project.status.name(),
        answer: answer(project.status, &ProjectDetails::default(), &schedule::ops::CustomerSchedule::default(), cx.today()),
        ring: None,
        needs: Vec::new(),
        visit: None,
        delays: Vec::new(),
        steps: Vec::new(),
        updates: Vec::new(),
        photos: Vec::new(),
        photo_count: 0,
        documents: papers.documents.into_iter().filter_map(DocumentRow::of).collect(),
        document_count: papers.total,
        lead: None,
        partial: false,
    }
}

/// Work is still to come.
pub fn is_open(status: ProjectStatus) -> bool {
    matches!(status, ProjectStatus::Planned | ProjectStatus::Active | ProjectStatus::OnHold)
}
