//! A project's photos as its household sees them: the cells of a grid, and the page with all of them.

use super::ops::CustomerPhoto;
use crate::pages::hours_ago;
use serde::Serialize;

/// The longest sides that pictures are made for.
const SIZES: [i32; 3] = [320, 800, 1600];

/// One photo in a grid. Its picture is asked for in the size that the reader's screen needs.
#[derive(Clone, Debug, Serialize)]
pub struct PhotoCell {
    /// Its id.
    pub id: String,
    /// Where it is looked at large.
    pub href: String,
    /// The middle size, for browsers that do not choose.
    pub src: String,
    /// Every size with its width, such as `/photos/0198/320 320w`.
    pub srcset: String,
    /// The largest size.
    pub large: String,
    /// The file as it came, without what the camera wrote.
    pub original: String,
    /// Upright, in pixels.
    pub width: i32,
    /// Upright, in pixels.
    pub height: i32,
    /// May be empty.
    pub caption: String,
    /// For example "Kitchen"; may be empty.
    pub room: String,
    /// What it shows, for those who cannot see it; never empty.
    pub alt: String,
    /// The day it was taken, `2026-06-09`, or the moment it was added.
    pub at: String,
    /// The day is the camera's.
    pub taken: bool,
    /// Something is drawn over it.
    pub marked: bool,
}

impl PhotoCell {
    /// The cell of a photo; `page` is the address of the page that shows it large.
    pub fn of(photo: &CustomerPhoto, page: &str) -> PhotoCell {
        let taken = photo.taken_at.map(|at| at.date().to_string());
        let cell = PhotoCell::new(&photo.id.to_string(), (photo.width, photo.height), (&photo.room, &photo.caption), page);
        PhotoCell { taken: taken.is_some(), at: taken.unwrap_or_else(|| photo.created_at.to_rfc3339()), marked: photo.marked, ..cell }
    }

    fn new(id: &str, (width, height): (i32, i32), (room, caption): (&str, &str), page: &str) -> PhotoCell {
        let alt = match (caption, room) {
            ("", "") => "Photo".to_owned(),
            ("", room) => format!("Photo: {room}"),
            (caption, _) => caption.to_owned(),
        };
        PhotoCell {
            href: format!("{page}#photo-{id}"),
            src: format!("/photos/{id}/800"),
            srcset: srcset(id, width, height),
            large: format!("/photos/{id}/1600"),
            original: format!("/photos/{id}/original"),
            id: id.to_owned(),
            width,
            height,
            caption: caption.to_owned(),
            room: room.to_owned(),
            alt,
            at: String::new(),
            taken: false,
            marked: false,
        }
    }
}

/// The pictures that there are of a photo with these sides, and how wide each one is: none is larger than the photo.
fn srcset(id: &str, width: i32, height: i32) -> String {
    let longest = width.max(height).max(1);
    let smaller = |size: i32| SIZES.into_iter().filter(|other| *other < size).max().unwrap_or(0);
    let entry = |size: i32| {
        let wide = (i64::from(width) * i64::from(size.min(longest)) / i64::from(longest)).max(1);
        format!("/photos/{id}/{size} {wide}w")
    };
    SIZES.into_iter().filter(|size| longest > smaller(*size)).map(entry).collect::<Vec<_>>().join(", ")
}

/// Believable photos of a roof, newest first.
pub fn sample_cells() -> Vec<PhotoCell> {
    let page = "/projects/01985b2e/photos";
    let cell = |id: &str, room: &str, caption: &str, hours: i64| PhotoCell {
        at: hours_ago(hours).to_rfc3339(),
        ..PhotoCell::new(id, (800, 600), (room, caption), page)
    };
    vec![
        cell("roof-half", "Street side", "Front, half shingled", 2),
        PhotoCell { marked: true, ..cell("roof-chimney", "Chimney", "New metal around the chimney", 4) },
        cell("roof-underlay", "Street side", "Waterproof layer on", 96),
        PhotoCell {
            at: "2026-06-03".to_owned(),
            taken: true,
            ..cell("roof-deck", "Street side", "New wood deck, before the waterproof layer goes on", 0)
        },
        PhotoCell { at: "2026-06-03".to_owned(), taken: true, ..cell("roof-eave", "Gutter", "", 0) },
        PhotoCell { at: "2026-06-01".to_owned(), taken: true, ..cell("roof-before", "", "", 0) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_offered_in_the_sizes_that_there_are() {
        assert_eq!(srcset("p", 4000, 3000), "/photos/p/320 320w, /photos/p/800 800w, /photos/p/1600 1600w");
        assert_eq!(srcset("p", 3000, 4000), "/photos/p/320 240w, /photos/p/800 600w, /photos/p/1600 1200w");
        assert_eq!(srcset("p", 960, 720), "/photos/p/320 320w, /photos/p/800 800w, /photos/p/1600 960w");
        assert_eq!(srcset("p", 300, 200), "/photos/p/320 300w");
        assert_eq!(srcset("p", 0, 0), "/photos/p/320 1w");
    }

    #[test]
    fn a_photo_is_never_without_words() {
        let alt = |room, caption| PhotoCell::new("p", (4, 3), (room, caption), "/x").alt;
        assert_eq!(alt("", ""), "Photo");
        assert_eq!(alt("Hall", ""), "Photo: Hall");
        assert_eq!(alt("Hall", "New floor"), "New floor");
    }
}
