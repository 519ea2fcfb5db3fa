//! The portal's start page and a project's page: the answer first, then what is needed, then the newest papers.
use kernel::pages::Page;
use serde::Serialize;

use crate::documents::pages::{DocumentRow, sample_rows};

/// The sentence people came for, from what is known of a project.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The heading: a sentence.
    pub sentence: &'static str,
    /// One more sentence: what comes next, and what to do, even if nothing.
    pub detail: &'static str,
    /// The state in one or two words, beside its icon in lists.
    pub state: &'static str,
    /// The icon of the state.
    pub icon: &'static str,
}

/// What a status means for the people who live there.
pub fn answer(status: &str) -> Answer {
    let (sentence, detail, state, icon) = match status {
        "planned" => (
            "Your project is planned.",
            "Work has not started yet. You will find every paper here as soon as it is ready.",
            "Planned",
            "calendar",
        ),
        "active" => (
            "Work on your project is under way.",
            "There is nothing for you to do right now. We will mail you when that changes.",
            "Under way",
            "hammer",
        ),
        "on_hold" => (
            "Your project is paused for now.",
            "Nothing is lost, and your papers stay here. Call us if you want to know when it goes on.",
            "Paused",
            "pause",
        ),
        "completed" => {
            ("Your project is finished.", "Thank you for having us. Your papers stay here for you to keep.", "Finished", "circle-check")
        }
        _ => ("Your project is finished and filed.", "Your papers stay here for you to read and download.", "Filed", "archive"),
    };
    Answer { sentence, detail, state, icon }
}

/// One project in the start page's list.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// `planned`, `active`, `on_hold`, `completed` or `archived`.
    pub status: String,
    /// What the status means.
    pub answer: Answer,
}

impl ProjectRow {
    /// A row with its answer.
    pub fn new(id: impl Into<String>, name: impl Into<String>, address: impl Into<String>, status: &str) -> ProjectRow {
        ProjectRow { id: id.into(), name: name.into(), address: address.into(), answer: answer(status), status: status.to_owned() }
    }
}

/// `GET /`: the answer for the one project, or the list of several.
#[derive(Debug, Serialize)]
pub struct HomePage {
    /// How the reader is called.
    pub first_name: String,
    /// Newest first; may be empty.
    pub projects: Vec<ProjectRow>,
    /// The newest papers of all of them, at most four.
    pub documents: Vec<DocumentRow>,
    /// How many papers there are in all.
    pub document_count: usize,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "home/home.html";
    fn samples() -> Vec<HomePage> {
        let roof = |status| ProjectRow::new("01985b2e", "New roof", "14 Quillfeather Lane, Sampleton", status);
        let porch = ProjectRow::new("01985b2f", "Porch repair", "14 Quillfeather Lane, Sampleton", "completed");
        let page = |projects, documents: Vec<DocumentRow>| HomePage {
            first_name: "Margaret".to_owned(),
            projects,
            document_count: documents.len(),
            documents,
        };
        let mut pages =
            vec![page(vec![roof("active")], sample_rows()), page(vec![roof("active"), porch], sample_rows()), page(vec![], vec![])];
        pages.extend(["planned", "on_hold", "completed", "archived"].map(|status| page(vec![roof(status)], vec![])));
        pages
    }
}

/// `GET /projects/{id}`.
#[derive(Debug, Serialize)]
pub struct ProjectPage {
    /// The project.
    pub project: ProjectRow,
    /// Its newest papers, at most four.
    pub documents: Vec<DocumentRow>,
    /// How many papers it has.
    pub document_count: usize,
    /// There are other projects to go back to.
    pub several: bool,
}

impl Page for ProjectPage {
    const TEMPLATE: &'static str = "home/project.html";
    fn samples() -> Vec<ProjectPage> {
        let project = ProjectRow::new("01985b2e", "New roof", "14 Quillfeather Lane, Sampleton", "active");
        vec![
            ProjectPage { project: project.clone(), documents: sample_rows(), document_count: 9, several: true },
            ProjectPage { project, documents: Vec::new(), document_count: 0, several: false },
        ]
    }
}
