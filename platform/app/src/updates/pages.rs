//! What was done on a project as its household reads it: day by day, the newest first.
use kernel::pages::Page;
use schemars::JsonSchema;
use serde::Serialize;

use super::ops::CustomerUpdate;
use crate::photos::{
    ops::CustomerPhoto,
    pages::{PhotoCell, sample_cells},
};

/// One update.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct UpdateRow {
    /// Its id.
    pub id: String,
    /// The day it is about, `2026-06-09`.
    pub day: String,
    /// Who wrote it.
    pub author: String,
    /// Its words; each paragraph may have several lines.
    pub paragraphs: Vec<String>,
    /// Some of its photos.
    pub photos: Vec<PhotoCell>,
    /// How many it has.
    pub photo_count: i64,
    /// Where all of them are.
    pub photos_url: String,
}

impl UpdateRow {
    /// The row of an update as its customers see it.
    pub fn of(update: CustomerUpdate) -> UpdateRow {
        let paragraphs = update.body.split("\n\n").map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect();
        UpdateRow {
            photos_url: format!("/projects/{}/photos?update={}", update.project, update.id),
            id: update.id.to_string(),
            day: update.day.to_string(),
            author: update.author_name,
            paragraphs,
            photos: Vec::new(),
            photo_count: 0,
        }
    }

    /// The same with these of its photos.
    pub fn with_photos(self, photos: &[CustomerPhoto], photo_count: i64) -> UpdateRow {
        let photos = photos.iter().map(|photo| PhotoCell::of(photo, &self.photos_url)).collect();
        UpdateRow { photos, photo_count, ..self }
    }
}

/// `GET /projects/{id}/updates`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UpdatesPage {
    /// The project's id.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
    /// By day, the newest first.
    pub updates: Vec<UpdateRow>,
    /// Where the next page is.
    pub older: Option<String>,
    /// This is the first page.
    pub first: bool,
}

/// Believable days of a roof.
pub fn sample_rows() -> Vec<UpdateRow> {
    let row = |id: &str, day: &str, paragraphs: &[&str]| UpdateRow {
        id: id.to_owned(),
        day: day.to_owned(),
        author: "Joss Amberley".to_owned(),
        paragraphs: paragraphs.iter().map(|p| (*p).to_owned()).collect(),
        photos: Vec::new(),
        photo_count: 0,
        photos_url: format!("/projects/01985b2e/photos?update={id}"),
    };
    let photos =
        |row: UpdateRow, from: usize, to: usize, photo_count| UpdateRow { photos: sample_cells()[from..to].to_vec(), photo_count, ..row };
    let latest = row(
        "u3",
        "2026-06-08",
        &[
            "The north side is covered. We start on the side to the street tomorrow at 8.",
            "Please keep the driveway free until noon:\nthe truck with the tiles needs the room.",
        ],
    );
    vec![
        photos(latest, 0, 3, 7),
        photos(row("u2", "2026-06-07", &["Underlay is on, the house is dry."]), 3, 4, 1),
        row("u1", "2026-06-03", &["The old tiles are off and gone. The wood below is sound, so nothing comes on top of the price."]),
    ]
}

impl Page for UpdatesPage {
    const TEMPLATE: &'static str = "updates/list.html";
    fn samples() -> Vec<UpdatesPage> {
        let page = |updates, older: Option<&str>, first| UpdatesPage {
            project_id: "01985b2e".to_owned(),
            project_name: "New roof".to_owned(),
            updates,
            older: older.map(str::to_owned),
            first,
        };
        let more = "/projects/01985b2e/updates?after=2026-06-03.u1";
        vec![
            page(sample_rows(), Some(more), true),
            page(sample_rows(), None, false),
            page(Vec::new(), None, true),
            page(Vec::new(), None, false),
        ]
    }
}
