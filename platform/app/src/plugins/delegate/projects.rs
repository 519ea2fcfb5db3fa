//! Projects as plugins read them: what their households may see, and how to reach them.

use super::{Desk, failure};
use crate::{
    branding, documents,
    generated_documents::{self, entries},
    people::{self, HouseholdRole},
    photos, projects,
    projects::{ProjectId, ProjectStatus},
    schedule::{self, ops::CustomerSchedule},
    visits,
};
use async_trait::async_trait;
use chrono::{NaiveDate, SecondsFormat};
use kernel::{Cx, Problem, Result, problem::Kind};
use plugin_host::{
    data::{self, Company, Milestone, Person, PersonRole, Photo, ProjectDetails, ProjectDocument, Visit},
    delegate::{Failure, FailureCode, Part, PartData, Projects},
};

/// The most of a list.
const MOST: u64 = 500;

#[async_trait]
impl Projects for Desk {
    async fn company(&self) -> Result<Company, Failure> {
        self.firm().await.map_err(failure)
    }

    async fn open(&self, id: &str) -> Result<(), Failure> {
        let found = async {
            let id = id.parse().map_err(|_| Problem::not_found("project"))?;
            let cx = self.caller.begin().await?;
            projects::ops::household_of(&cx, ProjectId(id)).await
        };
        found.await.map(drop).map_err(failure)
    }

    async fn read(&self, id: &str, part: Part) -> Result<PartData, Failure> {
        let read = async {
            let id = id.parse().map_err(|_| Problem::not_found("project"))?;
            let cx = self.caller.begin().await?;
            read(&cx, ProjectId(id), part).await
        };
        read.await.map_err(|problem| match problem.kind() {
            Kind::NotFound => Failure::new(FailureCode::Stale, "This project is not there any more."),
            _ => failure(problem),
        })
    }
}

impl Desk {
    async fn firm(&self) -> Result<Company> {
        let cx = self.caller.begin().await?;
        let brand = branding::ops::brand(&cx).await?;
        let settings = generated_documents::ops::settings(&cx).await?;
        Ok(Company {
            name: brand.name,
            phone: brand.phone,
            email: settings.email,
            address: entries(&settings.address).join(", "),
            locale: settings.locale.name().to_owned(),
            currency: settings.currency,
        })
    }
}

async fn read(cx: &Cx, id: ProjectId, part: Part) -> Result<PartData> {
    let household = projects::ops::household_of(cx, id).await?;
    Ok(match part {
        Part::Details => PartData::Details(details(cx, id).await?),
        Part::Household => PartData::Household(people::ops::contacts(cx, household).await?.into_iter().map(person).collect()),
        Part::Milestones => PartData::Milestones(milestones(cx.ask(schedule::ops::mine(id)).await?)),
        Part::Visits => PartData::Visits(cx.ask(visits::ops::mine(cx, Some(id), MOST)).await?.into_iter().map(visit).collect()),
        Part::Photos => PartData::Photos(photos(cx, id).await?),
        Part::Documents => {
            let known = cx.ask(documents::ops::mine(id, MOST)).await?;
            PartData::Documents(known.documents.into_iter().filter_map(|paper| document(cx, paper)).collect())
        }
    })
}

async fn details(cx: &Cx, id: ProjectId) -> Result<ProjectDetails> {
    let project = projects::ops::find(cx, id).await?;
    let schedule = cx.ask(schedule::ops::mine(id)).await?;
    Ok(ProjectDetails {
        id: project.id.to_string(),
        number: project.number,
        name: project.name,
        address: project.address,
        status: status(project.status),
        household: project.household.name,
        starts_on: schedule.milestones.iter().map(|m| m.planned_start).min().map(day),
        ends_on: schedule.milestones.iter().map(|m| m.actual_end.unwrap_or(m.planned_end)).max().map(day),
    })
}

fn status(status: ProjectStatus) -> data::ProjectStatus {
    match status {
        ProjectStatus::Planned => data::ProjectStatus::Planned,
        ProjectStatus::Active => data::ProjectStatus::Active,
        ProjectStatus::OnHold => data::ProjectStatus::OnHold,
        ProjectStatus::Completed => data::ProjectStatus::Completed,
        ProjectStatus::Archived => data::ProjectStatus::Archived,
    }
}

fn person(contact: people::ops::Contact) -> Person {
    let role = match contact.role {
        HouseholdRole::Signer => PersonRole::Signer,
        HouseholdRole::Payer => PersonRole::Payer,
        HouseholdRole::Viewer => PersonRole::Viewer,
    };
    Person { name: contact.name, email: contact.email, phone: contact.phone, role }
}

fn milestones(schedule: CustomerSchedule) -> Vec<Milestone> {
    let CustomerSchedule { phases, milestones, .. } = schedule;
    let phase = |position: usize| phases.get(position).map(|phase| phase.name.clone()).unwrap_or_default();
    let milestone = |known: schedule::ops::CustomerMilestone| Milestone {
        id: known.id.to_string(),
        phase: phase(known.phase_position),
        name: known.name,
        note: known.note,
        planned_start: day(known.planned_start),
        planned_end: day(known.planned_end),
        actual_start: known.actual_start.map(day),
        actual_end: known.actual_end.map(day),
    };
    milestones.into_iter().map(milestone).collect()
}

fn visit(known: visits::ops::CustomerVisit) -> Visit {
    let utc = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    Visit { title: known.title, starts_at: utc(known.starts_at), ends_at: utc(known.ends_at), who: known.who }
}

async fn photos(cx: &Cx, id: ProjectId) -> Result<Vec<Photo>> {
    let names = schedule::ops::phase_names(cx, id).await?;
    let (found, ..) = cx.ask(photos::ops::newest_mine(cx, id, MOST)).await?;
    let photo = |known: photos::ops::CustomerPhoto| Photo {
        id: known.id.to_string(),
        caption: known.caption,
        room: known.room,
        phase: names.iter().find(|(id, _)| Some(*id) == known.phase_id).map(|(_, name)| name.clone()).unwrap_or_default(),
        taken_on: known.taken_at.map(|at| day(at.date())),
    };
    Ok(found.into_iter().map(photo).collect())
}

fn document(cx: &Cx, known: documents::ops::CustomerDocument) -> Option<ProjectDocument> {
    let added = known.versions.last()?.at.with_timezone(&cx.tenant().time_zone).date_naive();
    Some(ProjectDocument { id: known.id.to_string(), title: known.title, kind: known.kind.name(), added_on: day(added) })
}

fn day(day: NaiveDate) -> String {
    day.to_string()
}
