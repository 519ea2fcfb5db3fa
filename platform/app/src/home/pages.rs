//! The typed contexts of the start page and a project's page.

use super::{
    answer::Answer,
    dashboard::{Dashboard, DelayNote, Lead, Need},
    ring::{Arc, Ring},
    steps::{Step, samples},
};
use crate::{documents::pages::sample_rows, photos::pages::sample_cells, updates::pages as updates, visits::pages::sample_card};
use kernel::pages::Page;
use schemars::JsonSchema;
use serde::Serialize;

/// One project in the start page's list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProjectRow {
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
}

/// `GET /`: the one project's screen, or the list of several.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HomePage {
    /// How the reader is called.
    pub first_name: String,
    /// The screen of the only project there is.
    pub only: Option<Dashboard>,
    /// Those that are worked on; empty with only one.
    pub projects: Vec<ProjectRow>,
    /// Those that are finished.
    pub finished: Vec<ProjectRow>,
    /// What is asked of the reader in any of them.
    pub needs: Vec<Need>,
}

/// `GET /projects/{id}`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ProjectPage {
    /// The project's screen.
    pub project: Dashboard,
    /// There are other projects to go back to.
    pub several: bool,
}

fn ring() -> Ring {
    let arc = |(at, filled): (usize, f64)| Arc { length: 51.5, filled, turn: -87.3 + at as f64 * 60.0 };
    Ring {
        step: 4,
        steps: 6,
        percent: 61,
        now: Some("Shingles".to_owned()),
        next: Some("Gutters".to_owned()),
        done: false,
        arcs: [51.5, 51.5, 51.5, 25.8, 0.0, 0.0].into_iter().enumerate().map(arc).collect(),
    }
}

fn told(status: &str, sentence: &str, detail: &str) -> Answer {
    let open = status == "active";
    Answer {
        sentence: sentence.to_owned(),
        detail: detail.to_owned(),
        begins: (status == "planned").then(|| "2026-06-22".to_owned()),
        finishes: open.then(|| "2026-06-17".to_owned()),
        state: match status {
            "planned" => "Planned",
            "completed" => "Finished",
            _ => "Under way",
        },
        icon: match status {
            "planned" => "calendar",
            "completed" => "circle-check",
            _ => "hammer",
        },
    }
}

/// A believable roof, half done.
fn roof() -> Dashboard {
    let rain = DelayNote {
        id: "d1".to_owned(),
        icon: "cloud-rain",
        title: "Rain has moved “Gutters” by two working days".to_owned(),
        was: "2026-06-12".to_owned(),
        now: "2026-06-16".to_owned(),
        reason: "Rain is forecast between Thursday, June 11 and Friday, June 12.".to_owned(),
        withdrawn: false,
    };
    Dashboard {
        id: "01985b2e".to_owned(),
        name: "New roof".to_owned(),
        address: "14 Quillfeather Lane, Sampleton".to_owned(),
        status: "active".to_owned(),
        answer: told("active", "Your new roof is going on this week.", "The shingles are about half done."),
        ring: Some(ring()),
        needs: vec![Need {
            icon: "calendar-check",
            title: "Say whether tomorrow suits you".to_owned(),
            why: "Shingles on the back, 8 to 11 am.".to_owned(),
            day: Some("2026-06-09".to_owned()),
            href: "/projects/01985b2e/visits".to_owned(),
            act: "Answer".to_owned(),
        }],
        visit: Some(sample_card("proposed")),
        delays: vec![rain],
        steps: samples(),
        updates: updates::sample_rows().into_iter().take(2).collect(),
        photos: sample_cells().into_iter().take(4).collect(),
        photo_count: 38,
        documents: sample_rows(),
        document_count: 9,
        lead: Some(Lead::new("Dana Whitlock", "(555) 010-0142")),
        partial: false,
    }
}

/// The same project without anything to show yet, in this state.
fn bare(status: &str, sentence: &str, partial: bool) -> Dashboard {
    Dashboard {
        status: status.to_owned(),
        answer: told(status, sentence, "There is nothing for you to do right now."),
        ring: None,
        needs: Vec::new(),
        visit: None,
        delays: Vec::new(),
        steps: Vec::<Step>::new(),
        updates: Vec::new(),
        photos: Vec::new(),
        photo_count: 0,
        documents: Vec::new(),
        document_count: 0,
        lead: None,
        partial,
        ..roof()
    }
}

/// The same project when all is done.
fn finished() -> Dashboard {
    let mut project = roof();
    project.status = "completed".to_owned();
    project.answer = told("completed", "Your project is finished.", "Thank you for having us. Everything stays here for you to keep.");
    let arcs = ring().arcs.into_iter().map(|arc| Arc { filled: arc.length, ..arc }).collect();
    project.ring = Some(Ring { step: 6, percent: 100, done: true, now: None, next: None, arcs, ..ring() });
    project.needs = Vec::new();
    project.visit = None;
    project.delays[0].withdrawn = true;
    project.delays[0].icon = "sun";
    project.steps.iter_mut().for_each(|step| {
        step.state = "done";
        step.days.done = Some(step.days.until.clone());
    });
    project
}

fn row(project: Dashboard) -> ProjectRow {
    let Dashboard { id, name, address, status, answer, ring, .. } = project;
    ProjectRow { id, name, address, status, answer, ring }
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "home/home.html";
    fn samples() -> Vec<HomePage> {
        let page =
            |only| HomePage { first_name: "Margaret".to_owned(), only, projects: Vec::new(), finished: Vec::new(), needs: Vec::new() };
        let several = HomePage {
            projects: vec![
                row(roof()),
                ProjectRow { name: "Kitchen".to_owned(), ..row(bare("planned", "Your project is planned.", false)) },
            ],
            finished: vec![ProjectRow { name: "Porch repair".to_owned(), ..row(finished()) }],
            needs: roof().needs,
            ..page(None)
        };
        vec![
            page(Some(roof())),
            page(Some(bare("planned", "Your project is planned.", false))),
            page(Some(bare("active", "Work on your project is under way.", true))),
            page(Some(finished())),
            several,
            page(None),
        ]
    }
}

impl Page for ProjectPage {
    const TEMPLATE: &'static str = "home/project.html";
    fn samples() -> Vec<ProjectPage> {
        vec![
            ProjectPage { project: roof(), several: true },
            ProjectPage { project: bare("on_hold", "Your project is paused for now.", false), several: false },
        ]
    }
}
