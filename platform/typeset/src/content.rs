//! What papers say: one struct a kind. Empty texts and lists are left out of the paper.

use crate::Picture;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The kinds of papers. A new one is a variant here and in [`Content`], a struct, and a file of its name in `layouts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a customer gets before the work begins.
    WelcomePacket,
    /// How the work stands.
    ProgressReport,
    /// That the work is done.
    CompletionCertificate,
    /// What the company stands for, and how long.
    Warranty,
    /// Whatever a plugin of the company says.
    Custom,
}

/// A content of one kind; `{"kind": "warranty", …}` in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    /// What a customer gets before the work begins.
    WelcomePacket(WelcomePacket),
    /// How the work stands.
    ProgressReport(ProgressReport),
    /// That the work is done.
    CompletionCertificate(CompletionCertificate),
    /// What the company stands for, and how long.
    Warranty(Warranty),
    /// Whatever a plugin of the company says.
    Custom(Custom),
}

/// What a customer gets before the work begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomePacket {
    /// What the project is called.
    pub project: String,
    /// Where it is.
    pub address: String,
    /// The household.
    pub customers: Vec<String>,
    /// The company's greeting; paragraphs are apart by an empty line.
    pub greeting: String,
    /// Who answers.
    pub lead: Person,
    /// The plan.
    pub steps: Vec<PlannedStep>,
    /// What to prepare, a sentence each.
    pub prepare: Vec<String>,
    /// Where the customer signs in.
    pub portal_url: String,
    /// The mail address that sign-in links go to; may be empty.
    pub sign_in_email: String,
    /// What happens next, a sentence each.
    pub next: Vec<String>,
}

/// Somebody at the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// What they are: "Project lead"; may be empty.
    pub title: String,
    /// As people write it; may be empty.
    pub phone: String,
}

/// A step that has not begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// What is done.
    pub title: String,
    /// A sentence about it; may be empty.
    pub note: String,
    /// Its first day, if there is a plan.
    pub from: Option<NaiveDate>,
    /// Its last day.
    pub until: Option<NaiveDate>,
}

/// How the work stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProgressReport {
    /// What the project is called.
    pub project: String,
    /// Where it is.
    pub address: String,
    /// The household.
    pub customers: Vec<String>,
    /// One sentence that answers how it stands; may be empty.
    pub summary: String,
    /// 0 to 100.
    pub percent: u8,
    /// All steps in their order.
    pub steps: Vec<Step>,
    /// What was planned for another day.
    pub moved: Vec<Moved>,
    /// The newest first.
    pub updates: Vec<Update>,
    /// At most six.
    pub photos: Vec<Photo>,
    /// When somebody comes next.
    pub next_visit: Option<Visit>,
}

/// A step of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is done.
    pub title: String,
    /// How far it is.
    pub state: StepState,
    /// Its first day.
    pub from: Option<NaiveDate>,
    /// Its last day; of a finished one, the day it was finished.
    pub until: Option<NaiveDate>,
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    /// Finished.
    Done,
    /// Under way.
    Now,
    /// Not begun.
    Next,
}

/// A day that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// What was moved.
    pub title: String,
    /// Planned before.
    pub from: NaiveDate,
    /// Planned now.
    pub to: NaiveDate,
    /// Why; may be empty.
    pub reason: String,
}

/// Something the company told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Update {
    /// When.
    pub date: NaiveDate,
    /// What; paragraphs are apart by an empty line.
    pub text: String,
}

/// A picture of the work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    /// PNG or JPEG.
    pub picture: Picture,
    /// What is to be seen; also read to people who cannot see it.
    pub caption: String,
    /// When it was taken.
    pub taken: Option<NaiveDate>,
}

/// When somebody comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The day.
    pub date: NaiveDate,
    /// "8 to 11 am"; may be empty.
    pub time: String,
    /// What for; may be empty.
    pub purpose: String,
}

/// That the work is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompletionCertificate {
    /// What the project is called.
    pub project: String,
    /// Where it is.
    pub address: String,
    /// The household.
    pub customers: Vec<String>,
    /// The sentence below the heading; if empty, one of ours.
    pub statement: String,
    /// The day the work was done.
    pub finished: NaiveDate,
    /// What was done.
    pub steps: Vec<DoneStep>,
    /// Who says so.
    pub signed: Signature,
}

/// A finished step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoneStep {
    /// What was done.
    pub title: String,
    /// When, if it was noted.
    pub finished: Option<NaiveDate>,
}

/// Who stands for a paper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// Their name.
    pub name: String,
    /// What they are; may be empty.
    pub title: String,
}

/// What the company stands for, and how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warranty {
    /// The heading: "Roof warranty".
    pub title: String,
    /// The promise, in a sentence or two; may be empty.
    pub lead: String,
    /// What the project is called.
    pub project: String,
    /// Where it is.
    pub address: String,
    /// Who it is given to.
    pub customers: Vec<String>,
    /// Its first day.
    pub starts: NaiveDate,
    /// Its last day; none when it does not end.
    pub ends: Option<NaiveDate>,
    /// What is covered, a line each.
    pub covered: Vec<String>,
    /// What is not.
    pub not_covered: Vec<String>,
    /// More facts.
    pub facts: Vec<Fact>,
    /// More to read: terms, serial numbers.
    pub sections: Vec<Section>,
    /// How to make a claim, a step each.
    pub claim: Vec<String>,
    /// Who stands for it.
    pub signed: Option<Signature>,
}

/// Whatever a plugin of the company says, below the facts that every paper has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Custom {
    /// The heading.
    pub title: String,
    /// Below it, in a sentence or two; may be empty.
    pub lead: String,
    /// What the project is called.
    pub project: String,
    /// Where it is.
    pub address: String,
    /// Who it is given to.
    pub customers: Vec<String>,
    /// How it begins, a paragraph each.
    pub intro: Vec<String>,
    /// More facts.
    pub facts: Vec<Fact>,
    /// What is covered, a line each.
    pub covered: Vec<String>,
    /// What is not.
    pub not_covered: Vec<String>,
    /// More to read.
    pub sections: Vec<Section>,
    /// Lines to sign on.
    pub signatures: Vec<SignatureLine>,
}

/// A line to sign on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureLine {
    /// Who signs, as "Owner".
    pub role: String,
    /// Whose name is printed below the line; may be empty.
    pub name: String,
}

/// A name and a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// "Shingles are covered until".
    pub label: String,
    /// "June 17, 2056 (30 years)".
    pub value: String,
}

/// Something to read, with a heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// What is in it, in order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "snake_case")]
pub enum Block {
    /// Running text; paragraphs are apart by an empty line.
    Text {
        /// The text.
        text: String,
    },
    /// A list, a line each.
    Bullets {
        /// The lines.
        items: Vec<String>,
    },
    /// A table; every row has as many cells as the head.
    Table {
        /// The names of the columns.
        head: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
        /// Above it; may be empty.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        caption: String,
        /// Columns whose texts stand at their end, as numbers do: their places, from 0.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ends: Vec<usize>,
    },
}

impl Kind {
    /// All of them.
    pub fn all() -> [Self; 5] {
        [Self::WelcomePacket, Self::ProgressReport, Self::CompletionCertificate, Self::Warranty, Self::Custom]
    }

    /// The stable name: `welcome_packet`.
    pub fn name(self) -> &'static str {
        match self {
            Self::WelcomePacket => "welcome_packet",
            Self::ProgressReport => "progress_report",
            Self::CompletionCertificate => "completion_certificate",
            Self::Warranty => "warranty",
            Self::Custom => "custom",
        }
    }
}

impl Content {
    /// Of which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::WelcomePacket(_) => Kind::WelcomePacket,
            Self::ProgressReport(_) => Kind::ProgressReport,
            Self::CompletionCertificate(_) => Kind::CompletionCertificate,
            Self::Warranty(_) => Kind::Warranty,
            Self::Custom(_) => Kind::Custom,
        }
    }
}
