//! The rows of generated documents and of each time they are made, their states, what comes in, and how they are numbered.

mod settings;

pub use settings::{DocumentLocale, DocumentRule, DocumentSettings, PaperSize, ReportAt, entries};

use super::{GeneratedDocumentId, GenerationId};
use crate::{
    documents::{DocumentId, DocumentKind},
    projects::ProjectId,
    schedule::MilestoneId,
    visibility::Visibility,
};
use chrono::{DateTime, NaiveDate, Utc};
use poem_openapi::{Enum, Object};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What a document that writes itself is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum GeneratedKind {
    /// What a customer gets before the work begins.
    WelcomePacket,
    /// How the work stands.
    ProgressReport,
    /// That the work is done.
    CompletionCertificate,
    /// What the company stands for afterwards.
    Warranty,
    /// What a plugin of the company makes and we do not; its variant says what.
    Plugin,
}

impl GeneratedKind {
    /// Those that we make.
    pub const OURS: [Self; 4] = [Self::WelcomePacket, Self::ProgressReport, Self::CompletionCertificate, Self::Warranty];

    /// The one of ours that is called so.
    pub fn named(name: &str) -> Option<Self> {
        Self::OURS.into_iter().find(|kind| kind.to_value() == name)
    }

    /// The word in tables and events.
    pub fn name(self) -> String {
        self.to_value()
    }

    /// What people call it.
    pub fn words(self) -> &'static str {
        match self {
            Self::WelcomePacket => "Welcome packet",
            Self::ProgressReport => "Progress report",
            Self::CompletionCertificate => "Completion certificate",
            Self::Warranty => "Warranty",
            Self::Plugin => "Document",
        }
    }

    /// What it is in the document centre.
    pub fn document_kind(self) -> DocumentKind {
        match self {
            Self::Warranty => DocumentKind::Warranty,
            _ => DocumentKind::Other,
        }
    }

    /// `W-2026-0003`.
    pub fn number(self, year: i32, counter: i32) -> String {
        let letter = match self {
            Self::WelcomePacket => "P",
            Self::ProgressReport => "R",
            Self::CompletionCertificate => "C",
            Self::Warranty => "W",
            Self::Plugin => "D",
        };
        format!("{letter}-{year}-{counter:04}")
    }
}

/// Where the making of a document stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum GenerationState {
    /// It waits for its turn, or for another try.
    Queued,
    /// It is being made.
    Rendering,
    /// Its sealed bytes are stored.
    Ready,
    /// A rule asked for it, and nothing was new since the version before.
    Unchanged,
    /// It could not be made.
    Failed,
}

impl GenerationState {
    /// It has not come to an end.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Rendering)
    }
}

/// Why a document is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Somebody of the staff asked for it.
    ByHand,
    /// The project became active.
    ProjectStarted,
    /// A milestone is done.
    MilestoneCompleted,
    /// The project is completed.
    ProjectCompleted,
}

impl Occasion {
    /// The word in tables and events.
    pub fn name(self) -> String {
        self.to_value()
    }
}

/// The table `generated_documents`.
pub mod generated {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "generated_documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: GeneratedDocumentId,
        pub project_id: ProjectId,
        pub milestone_id: Option<MilestoneId>,
        pub kind: GeneratedKind,
        pub variant: String,
        pub number: String,
        pub title: String,
        pub visibility: Visibility,
        pub token: String,
        pub document_id: Option<DocumentId>,
        pub created_at: DateTime<Utc>,
        pub closed_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The table `generations`.
pub mod generation {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "generations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: GenerationId,
        pub generated_id: GeneratedDocumentId,
        pub state: GenerationState,
        pub reason: String,
        pub occasion: Occasion,
        pub cause: Uuid,
        pub asked_by: Option<Uuid>,
        pub asked_by_name: String,
        pub issued: NaiveDate,
        pub version: Option<i32>,
        pub sha256: Option<Vec<u8>>,
        pub fingerprint: Option<Vec<u8>>,
        pub pages: Option<i32>,
        pub created_at: DateTime<Utc>,
        pub started_at: Option<DateTime<Utc>>,
        pub ended_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What staff ask for by hand.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewGeneratedDocument {
    /// What is to be made.
    pub kind: GeneratedKind,
    /// Of a plugin's document: which, as the plugin names it.
    pub variant: Option<String>,
    /// Of a progress report: about which milestone; absent, about the project as it stands.
    pub milestone_id: Option<MilestoneId>,
    /// Who may see it; absent, what the rule of its kind says. What is there already keeps what it has.
    pub visibility: Option<Visibility>,
}

/// What is to be looked at before it is made.
#[derive(Clone, Debug, Object, Serialize)]
pub struct DocumentPreview {
    /// What is to be made.
    pub kind: GeneratedKind,
    /// Of a plugin's document: which, as the plugin names it.
    pub variant: Option<String>,
    /// Of a progress report: about which milestone.
    pub milestone_id: Option<MilestoneId>,
    /// With these settings instead of the saved ones.
    pub settings: Option<DocumentSettings>,
}

/// A document's title in the document centre: with what it is about and its number.
/// `words`: what people call its kind.
pub fn title(words: &str, milestone: Option<&str>, number: &str) -> String {
    let about = milestone.map(|name| format!(": {}", name.chars().take(120).collect::<String>())).unwrap_or_default();
    format!("{words}{about} ({number})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_titles_are_what_people_read_out() {
        assert_eq!(GeneratedKind::Warranty.number(2026, 3), "W-2026-0003");
        assert_eq!(GeneratedKind::WelcomePacket.number(2026, 12345), "P-2026-12345");
        assert_eq!(title("Warranty", None, "W-2026-0003"), "Warranty (W-2026-0003)");
        assert_eq!(title("Progress report", Some("Shingles"), "R-2026-0001"), "Progress report: Shingles (R-2026-0001)");
        assert!(title("Progress report", Some(&"ä".repeat(500)), "R-2026-0001").chars().count() <= 200);
    }

    #[test]
    fn letters_tell_the_kinds_apart() {
        let numbers = <GeneratedKind as sea_orm::Iterable>::iter().map(|kind| kind.number(2026, 1));
        let letters: std::collections::BTreeSet<String> = numbers.collect();
        assert_eq!(letters.len(), 5);
    }
}
