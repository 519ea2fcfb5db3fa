//! A believable project and its product, for runs without a server.

use crate::{
    data::{
        Company, DocumentRequest, Event, Input, Milestone, Moment, Person, PersonRole, Photo, ProjectDetails, ProjectDocument,
        ProjectStatus, Visit,
    },
    delegate::{Failure, FailureCode, KeyValue, Part, PartData, Projects, SecretValue, Secrets},
    inspect::World,
    manifest::Manifest,
};
use async_trait::async_trait;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// The sample project's id.
pub const PROJECT: &str = "01930f3e-6a10-7cc4-8d55-0a1b2c3d4e5f";
/// Bytes that a sample install may remember.
const SPACE: usize = 1 << 20;

/// The time of a sample run.
pub fn moment() -> Moment {
    Moment {
        unix_milliseconds: 1_796_054_700_000,
        utc: "2026-11-30T16:05:00Z".to_owned(),
        today: "2026-11-30".to_owned(),
        time_zone: "America/Denver".to_owned(),
    }
}

/// Something for a plugin of this kind to do.
pub fn input(manifest: &Manifest) -> Input {
    match manifest.world {
        World::DocumentGenerator => {
            let kind = manifest.documents.first().map(|d| d.kind.clone()).unwrap_or_default();
            let request = DocumentRequest { kind, number: "W-2026-0117".to_owned(), locale: "en-US".to_owned() };
            Input::Document { request, project: PROJECT.to_owned() }
        }
        World::Notifier => Input::Notify(event(manifest)),
        World::EventHook => Input::Hear(event(manifest)),
    }
}

fn event(manifest: &Manifest) -> Event {
    let kind = manifest.events.first().map_or("milestone.completed", String::as_str);
    Event {
        id: "01930f40-11aa-7d00-9c3b-77f0e1d2c3b4".to_owned(),
        kind: kind.to_owned(),
        at: "2026-11-30T16:04:12Z".to_owned(),
        summary: "Milestone completed: Final inspection".to_owned(),
        project_id: Some(PROJECT.to_owned()),
        data: serde_json::json!({ "milestone": "01930f3e-7b00-7000-8000-000000000005", "name": "Final inspection" }),
    }
}

/// The projects of a company that does not exist.
pub struct SampleProjects;

#[async_trait]
impl Projects for SampleProjects {
    async fn company(&self) -> Result<Company, Failure> {
        Ok(Company {
            name: "Larkrise Roofing & Exteriors".to_owned(),
            phone: "(303) 555-0142".to_owned(),
            email: "office@larkrise.example".to_owned(),
            address: "1180 Quarry Road, Golden, CO 80401".to_owned(),
            locale: "en-US".to_owned(),
            currency: "USD".to_owned(),
        })
    }

    async fn open(&self, id: &str) -> Result<(), Failure> {
        if id == PROJECT { Ok(()) } else { Err(Failure::new(FailureCode::NotFound, "There is no such project.")) }
    }

    async fn read(&self, id: &str, part: Part) -> Result<PartData, Failure> {
        self.open(id).await?;
        Ok(match part {
            Part::Details => PartData::Details(details()),
            Part::Household => PartData::Household(household()),
            Part::Milestones => PartData::Milestones(milestones()),
            Part::Visits => PartData::Visits(vec![Visit {
                title: "Final walk-through".to_owned(),
                starts_at: "2026-12-02T17:00:00Z".to_owned(),
                ends_at: "2026-12-02T18:00:00Z".to_owned(),
                who: "Dana Whitfield".to_owned(),
            }]),
            Part::Photos => PartData::Photos(vec![
                photo(1, "North slope before tear-off", "Before", "2026-11-09"),
                photo(2, "Ice and water shield at the eaves", "Roofing", "2026-11-12"),
                photo(3, "Ridge vent finished", "Roofing", "2026-11-20"),
            ]),
            Part::Documents => PartData::Documents(vec![ProjectDocument {
                id: "01930f3e-9d00-7000-8000-000000000001".to_owned(),
                title: "Roofing contract".to_owned(),
                kind: "contract".to_owned(),
                added_on: "2026-10-21".to_owned(),
            }]),
        })
    }
}

fn details() -> ProjectDetails {
    ProjectDetails {
        id: PROJECT.to_owned(),
        number: 117,
        name: "New roof, 42 Alder Court".to_owned(),
        address: "42 Alder Court, Lakewood, CO 80214".to_owned(),
        status: ProjectStatus::Completed,
        household: "Okafor-Lindqvist".to_owned(),
        starts_on: Some("2026-11-09".to_owned()),
        ends_on: Some("2026-11-27".to_owned()),
    }
}

fn household() -> Vec<Person> {
    let person = |name: &str, email: &str, phone: &str, role| Person {
        name: name.to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        role,
    };
    vec![
        person("Ngozi Okafor", "ngozi@example.com", "+13035550170", PersonRole::Signer),
        person("Per Lindqvist", "per@example.com", "", PersonRole::Viewer),
    ]
}

fn milestones() -> Vec<Milestone> {
    let step = |n: u8, phase: &str, name: &str, from: &str, to: &str| Milestone {
        id: format!("01930f3e-7b00-7000-8000-{n:012}"),
        phase: phase.to_owned(),
        name: name.to_owned(),
        note: String::new(),
        planned_start: from.to_owned(),
        planned_end: to.to_owned(),
        actual_start: Some(from.to_owned()),
        actual_end: Some(to.to_owned()),
    };
    vec![
        step(1, "Preparation", "Materials delivered", "2026-11-09", "2026-11-09"),
        step(2, "Roofing", "Old roof removed", "2026-11-10", "2026-11-11"),
        step(3, "Roofing", "Underlayment and flashing", "2026-11-12", "2026-11-16"),
        step(4, "Roofing", "Shingles and ridge", "2026-11-17", "2026-11-20"),
        step(5, "Hand-over", "Final inspection", "2026-11-27", "2026-11-27"),
    ]
}

fn photo(n: u8, caption: &str, phase: &str, day: &str) -> Photo {
    Photo {
        id: format!("01930f3e-8c00-7000-8000-{n:012}"),
        caption: caption.to_owned(),
        room: "Roof".to_owned(),
        phase: phase.to_owned(),
        taken_on: Some(day.to_owned()),
    }
}

/// A store in memory.
#[derive(Default)]
pub struct SampleStore(Mutex<BTreeMap<String, Vec<u8>>>);

impl SampleStore {
    fn map(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl KeyValue for SampleStore {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, Failure> {
        Ok(self.map().get(key).cloned())
    }

    async fn set(&self, key: &str, value: Vec<u8>) -> Result<(), Failure> {
        let mut map = self.map();
        let others: usize = map.iter().filter(|(k, _)| *k != key).map(|(k, v)| k.len() + v.len()).sum();
        if others + key.len() + value.len() > SPACE {
            return Err(Failure::new(FailureCode::OverLimit, "A plugin remembers at most 1 MiB."));
        }
        map.insert(key.to_owned(), value);
        Ok(())
    }

    async fn delete(&self, key: &str) -> Result<(), Failure> {
        self.map().remove(key);
        Ok(())
    }

    async fn list(&self, prefix: &str, most: usize) -> Result<Vec<String>, Failure> {
        Ok(self.map().keys().filter(|key| key.starts_with(prefix)).take(most).cloned().collect())
    }
}

/// Secrets that open nothing.
pub struct SampleSecrets(pub Vec<String>);

#[async_trait]
impl Secrets for SampleSecrets {
    async fn names(&self) -> Result<Vec<String>, Failure> {
        Ok(self.0.clone())
    }

    async fn value(&self, name: &str) -> Result<Option<SecretValue>, Failure> {
        Ok(self.0.iter().any(|n| n == name).then(|| SecretValue::new("sample-secret")))
    }
}
