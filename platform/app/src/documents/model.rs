//! The rows of documents and versions, their states, and the pure rule about titles.

use crate::visibility::Visibility;
use chrono::{DateTime, Utc};
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What kind of paper it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// What was agreed.
    Contract,
    /// What an authority allowed.
    Permit,
    /// What an inspector found.
    InspectionReport,
    /// What is promised for afterwards.
    Warranty,
    /// Any other paper.
    Other,
}

impl DocumentKind {
    /// The word in tables and templates.
    pub fn name(self) -> String {
        self.to_value()
    }
}

/// Where a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Announced; its bytes are to come.
    Uploading,
    /// Sealed and stored.
    Ready,
    /// Its bytes did not come in time.
    Failed,
}

/// The table `documents`.
pub mod document {
    use super::*;
    use crate::{documents::DocumentId, people::HouseholdId, projects::ProjectId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DocumentId,
        pub household_id: HouseholdId,
        pub project_id: ProjectId,
        pub title: String,
        pub kind: DocumentKind,
        pub visibility: Visibility,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
        pub withdrawn_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The table `document_versions`.
pub mod version {
    use super::*;
    use crate::documents::DocumentId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "document_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub document_id: DocumentId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub state: VersionState,
        pub file_name: String,
        pub media_type: String,
        pub bytes: i64,
        pub sha256: Option<Vec<u8>>,
        pub sealed_header: Option<Vec<u8>>,
        pub object_id: Uuid,
        pub uploaded_by: Option<Uuid>,
        pub uploaded_by_name: String,
        pub created_at: DateTime<Utc>,
        pub ready_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a new document is made from; its bytes follow.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewDocument {
    /// For example "Roof contract".
    pub title: String,
    /// What kind of paper it is.
    pub kind: DocumentKind,
    /// Who may see it.
    pub visibility: Visibility,
    /// The file's name on the sender's machine.
    pub file_name: String,
    /// What the sender takes the file for.
    pub media_type: String,
    /// The file's size.
    pub bytes: u64,
}

/// What a new version of a document is made from; its bytes follow.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewVersion {
    /// The file's name on the sender's machine.
    pub file_name: String,
    /// What the sender takes the file for.
    pub media_type: String,
    /// The file's size.
    pub bytes: u64,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Object, Serialize)]
pub struct DocumentChange {
    /// For example "Roof contract".
    pub title: Option<String>,
    /// What kind of paper it is.
    pub kind: Option<DocumentKind>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

/// A title as it is kept: trimmed, not empty, at most 200 characters.
pub fn clean_title(title: &str) -> Result<String> {
    let title = title.trim();
    match title.chars().count() {
        0 => Err(Problem::invalid("title", "missing", "Give the document a title, for example \"Roof contract\".")),
        n if n > 200 => Err(Problem::invalid("title", "too_long", "At most 200 characters fit here.")),
        _ => Ok(title.to_owned()),
    }
}
