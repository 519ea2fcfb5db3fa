//! The rows of documents and versions, their states, and the pure rules about names.

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

const NAME_LENGTH: usize = 200;
const EXTENSION_LENGTH: usize = 20;

/// A file's name as it is kept: without folders, without characters that mean something to a file system or turn the reading
/// direction, at most 200 characters of which the extension stays.
pub fn clean_file_name(name: &str) -> Result<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = name.chars().filter(|c| !c.is_control() && !is_invisible(*c));
    let name: String = kept.map(|c| if "\"<>:|?*".contains(c) { '_' } else { c }).collect();
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let length = name.chars().count();
    if length == 0 {
        return Err(Problem::invalid("file_name", "missing", "The file needs a name, for example \"contract.pdf\"."));
    }
    if length <= NAME_LENGTH {
        return Ok(name.to_owned());
    }
    let extension =
        name.rsplit_once('.').map(|(_, e)| format!(".{e}")).filter(|e| e.chars().count() <= EXTENSION_LENGTH).unwrap_or_default();
    let stem: String = name.chars().take(NAME_LENGTH - extension.chars().count()).collect();
    Ok(stem + &extension)
}

/// Zero-width characters, and those that turn the reading direction (`photo<202E>fdp.exe` reads as `photoexe.pdf`).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A claimed media type as it is kept until the bytes tell.
pub fn clean_media_type(claimed: &str) -> String {
    let plain = claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let fits = plain.len() <= 100 && plain.contains('/') && plain.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b));
    if fits { plain } else { "application/octet-stream".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_loses_what_is_dangerous_and_keeps_what_is_not() {
        let cases = [
            ("Roof contract.pdf", "Roof contract.pdf"),
            ("Übergabe – Dach.pdf", "Übergabe – Dach.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\dana\\permit.pdf", "permit.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
            ("photo\u{202e}fdp.exe", "photofdp.exe"),
            ("what?\".txt", "what__.txt"),
            (" .hidden. ", "hidden"),
        ];
        for (given, kept) in cases {
            assert_eq!(clean_file_name(given).unwrap(), kept);
        }
        for empty in ["", "  ", "...", "folder/", "\u{200b}"] {
            assert_eq!(clean_file_name(empty).unwrap_err().code(), "missing", "{empty:?}");
        }
    }

    #[test]
    fn a_long_file_name_keeps_its_extension() {
        let long = clean_file_name(&format!("{}.pdf", "ä".repeat(400))).unwrap();
        assert_eq!(long.chars().count(), 200);
        assert!(long.ends_with("ä.pdf"));
        let odd = clean_file_name(&format!("a.{}", "b".repeat(400))).unwrap();
        assert_eq!(odd.chars().count(), 200);
    }

    #[test]
    fn a_media_type_is_plain_or_nothing() {
        assert_eq!(clean_media_type("Text/CSV; charset=utf-8"), "text/csv");
        for odd in ["", "pdf", "text/<b>", "a/b\r\nx: y"] {
            assert_eq!(clean_media_type(odd), "application/octet-stream", "{odd:?}");
        }
    }
}
