//! The rows of photos and their renditions, what comes in, and the pure rules about it.

use crate::{schedule::PhaseId, updates::UpdateId, visibility::Visibility};
use chrono::{DateTime, NaiveDateTime, Utc};
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::ShotId;

/// The most bytes of one photo: phones make 2 to 12 MB.
pub const MAX_BYTES: u64 = 30 << 20;
/// The most photos that are announced at once.
pub const MOST_AT_ONCE: usize = 50;
/// The most shapes over one photo.
const MOST_SHAPES: usize = 50;

/// Where a photo stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum PhotoState {
    /// Announced; its bytes are to come.
    Uploading,
    /// Sealed, stored, and there to be seen.
    Ready,
    /// Its bytes were no photo, or did not come in time.
    Failed,
}

/// The table `photos`.
pub mod photo {
    use super::*;
    use crate::{people::HouseholdId, photos::PhotoId, projects::ProjectId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "photos")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PhotoId,
        pub household_id: HouseholdId,
        pub project_id: ProjectId,
        pub visibility: Visibility,
        pub state: PhotoState,
        pub error: Option<String>,
        pub phase_id: Option<PhaseId>,
        pub update_id: Option<UpdateId>,
        pub shot_id: Option<ShotId>,
        pub room: String,
        pub caption: String,
        pub taken_at: Option<NaiveDateTime>,
        pub latitude: Option<f64>,
        pub longitude: Option<f64>,
        pub file_name: String,
        pub media_type: String,
        pub bytes: i64,
        pub width: Option<i32>,
        pub height: Option<i32>,
        pub sha256: Option<Vec<u8>>,
        pub sealed_header: Option<Vec<u8>>,
        pub object_id: Uuid,
        pub uploaded_by: Option<Uuid>,
        pub uploaded_by_name: String,
        pub created_at: DateTime<Utc>,
        pub ready_at: Option<DateTime<Utc>>,
        pub withdrawn_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The table `photo_renditions`.
pub mod rendition {
    use super::*;
    use crate::photos::PhotoId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "photo_renditions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub photo_id: PhotoId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i32,
        pub media_type: String,
        pub width: i32,
        pub height: i32,
        pub bytes: i64,
        pub sealed_header: Vec<u8>,
        pub object_id: Uuid,
        pub created_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Several photos, announced at once; their bytes follow one by one.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewPhotos {
    /// At most 50.
    pub photos: Vec<NewPhoto>,
    /// Who may see them.
    pub visibility: Visibility,
    /// The phase that they belong to.
    pub phase_id: Option<PhaseId>,
    /// For example "Kitchen".
    #[oai(default)]
    pub room: String,
    /// The daily update that they belong to.
    pub update_id: Option<UpdateId>,
    /// The required photo that this is.
    pub shot_id: Option<ShotId>,
}

/// One file that is to come.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewPhoto {
    /// The file's name on the sender's machine.
    pub file_name: String,
    /// What the sender takes the file for.
    pub media_type: String,
    /// The file's size.
    pub bytes: u64,
}

/// What changes; what is absent stays, and null clears.
#[derive(Clone, Debug, Object)]
pub struct PhotoChange {
    /// Who may see it.
    pub visibility: Option<Visibility>,
    /// The phase that it belongs to.
    pub phase_id: MaybeUndefined<PhaseId>,
    /// For example "Kitchen".
    pub room: Option<String>,
    /// For example "The new valley, seen from the ladder".
    pub caption: Option<String>,
    /// The required photo that this is.
    pub shot_id: MaybeUndefined<ShotId>,
    /// The daily update that it belongs to.
    pub update_id: MaybeUndefined<UpdateId>,
}

/// What a shape over a photo is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case", rename = "ShapeKind")]
#[serde(rename_all = "snake_case")]
pub enum ShapeKind {
    /// A line with a head at its second end.
    Arrow,
    /// A line.
    Line,
    /// Between two corners.
    Rectangle,
    /// An ellipse between two corners.
    Circle,
    /// Words that begin at the first point.
    Text,
}

/// In which colour it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case", rename = "ShapeColor")]
#[serde(rename_all = "snake_case")]
pub enum ShapeColor {
    /// For what is wrong.
    Red,
    /// For what to look at.
    Yellow,
    /// On dark photos.
    White,
    /// On bright photos.
    Black,
}

/// One shape over a photo. Places are parts of the photo's width and height, from 0 to 1.
#[derive(Clone, Debug, PartialEq, Object, Serialize, Deserialize)]
pub struct Shape {
    /// What it is.
    pub kind: ShapeKind,
    /// The first point, from the left.
    pub x1: f64,
    /// The first point, from the top.
    pub y1: f64,
    /// The second point, from the left.
    pub x2: f64,
    /// The second point, from the top.
    pub y2: f64,
    /// What it says; of shapes that are no text a label, or empty.
    #[oai(default)]
    #[serde(default)]
    pub text: String,
    /// In which colour.
    pub color: ShapeColor,
}

/// The shapes over a photo.
#[derive(Clone, Debug, PartialEq, Object, Serialize, Deserialize)]
pub struct Markup {
    /// At most 50, the last one on top.
    pub shapes: Vec<Shape>,
}

impl Markup {
    /// As it is kept: points on the photo, short texts without control characters.
    pub fn clean(self) -> Result<Self> {
        let wrong = |code, words: &str| Err(Problem::invalid("shapes", code, words));
        if self.shapes.len() > MOST_SHAPES {
            return wrong("too_many", "At most 50 shapes fit over one photo.");
        }
        let mut shapes = Vec::with_capacity(self.shapes.len());
        for mut shape in self.shapes {
            if ![shape.x1, shape.y1, shape.x2, shape.y2].iter().all(|at| (0.0..=1.0).contains(at)) {
                return wrong("outside", "A shape lies outside of the photo. Places are numbers from 0 to 1.");
            }
            shape.text = plain(&shape.text);
            if shape.text.chars().count() > 200 {
                return wrong("too_long", "At most 200 characters fit into a note.");
            }
            if shape.kind == ShapeKind::Text && shape.text.is_empty() {
                return wrong("missing", "A note needs words.");
            }
            shapes.push(shape);
        }
        Ok(Self { shapes })
    }
}

/// A room as it is kept, so that the same room is the same text.
pub fn clean_room(room: &str) -> Result<String> {
    short("room", room, 80)
}

/// A caption as it is kept.
pub fn clean_caption(caption: &str) -> Result<String> {
    short("caption", caption, 300)
}

fn short(field: &str, text: &str, most: usize) -> Result<String> {
    let text = plain(text);
    if text.chars().count() > most {
        return Err(Problem::invalid(field, "too_long", format!("At most {most} characters fit here.")));
    }
    Ok(text)
}

/// One line: without control characters, with single blanks.
fn plain(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(kind: ShapeKind, x1: f64, text: &str) -> Shape {
        Shape { kind, x1, y1: 0.5, x2: 1.0, y2: 0.0, text: text.into(), color: ShapeColor::Red }
    }

    #[test]
    fn shapes_lie_on_the_photo() {
        let clean = |shapes| Markup { shapes }.clean();
        assert!(clean(vec![shape(ShapeKind::Arrow, 0.0, ""), shape(ShapeKind::Text, 1.0, " leak\nhere ")]).is_ok());
        for x in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
            assert_eq!(clean(vec![shape(ShapeKind::Line, x, "")]).unwrap_err().code(), "outside");
        }
        assert_eq!(clean(vec![shape(ShapeKind::Text, 0.1, " ")]).unwrap_err().code(), "missing");
        assert_eq!(clean(vec![shape(ShapeKind::Text, 0.1, &"x".repeat(201))]).unwrap_err().code(), "too_long");
        assert_eq!(clean(vec![shape(ShapeKind::Line, 0.1, ""); 51]).unwrap_err().code(), "too_many");
    }

    #[test]
    fn rooms_are_one_line() {
        assert_eq!(clean_room("  Upper \n bath\t").unwrap(), "Upper bath");
        assert_eq!(clean_room(&"x".repeat(81)).unwrap_err().code(), "too_long");
    }
}
