//! A project's photos as its household sees them: the cells of a grid, and the page with all of them.

use super::{
    Shape,
    drawing::{Mark, mark},
    ops::{CustomerPair, CustomerPhoto},
};
use kernel::pages::Page;
use schemars::JsonSchema;
use serde::Serialize;

mod samples;

pub use samples::sample_cells;

/// The longest sides that pictures are made for.
const SIZES: [i32; 3] = [320, 800, 1600];

/// One photo in a grid. Its picture is asked for in the size that the reader's screen needs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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

/// A photo alone in the window.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PhotoView {
    /// The photo.
    pub cell: PhotoCell,
    /// What is drawn over it.
    pub marks: Vec<Mark>,
    /// What the drawing says, in words.
    pub notes: Vec<String>,
    /// Which of the page's photos it is, from 1.
    pub number: usize,
    /// The id of the one before it; the first one's is the last. None: it is the only one.
    pub back: Option<String>,
    /// The id of the one behind it; the last one's is the first. None: it is the only one.
    pub next: Option<String>,
}

impl PhotoView {
    /// A photo and the shapes over it.
    pub fn new(cell: PhotoCell, shapes: &[Shape]) -> PhotoView {
        let marks = shapes.iter().map(|shape| mark(shape, cell.width, cell.height)).collect();
        let notes = shapes.iter().filter(|shape| !shape.text.is_empty()).map(|shape| shape.text.clone()).collect();
        PhotoView { cell, marks, notes, number: 1, back: None, next: None }
    }
}

/// Tells each photo of a page its neighbours.
pub fn in_a_ring(groups: &mut [PhotoGroup]) {
    let ids: Vec<_> = groups.iter().flat_map(|group| &group.views).map(|view| view.cell.id.clone()).collect();
    for (at, view) in groups.iter_mut().flat_map(|group| &mut group.views).enumerate() {
        let other = |step: usize| ids.get((at + step) % ids.len()).filter(|_| ids.len() > 1).cloned();
        (view.number, view.back, view.next) = (at + 1, other(ids.len() - 1), other(1));
    }
}

/// Photos that belong together.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PhotoGroup {
    /// The day, `2026-06-09`, where they are shown by day.
    pub day: Option<String>,
    /// The room, where they are shown by room; empty for those without one.
    pub room: String,
    /// In the order they are shown in.
    pub views: Vec<PhotoView>,
}

/// The same spot before and after.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PairRow {
    /// For example "The kitchen from the hall"; may be empty.
    pub title: String,
    /// How it was.
    pub before: PhotoCell,
    /// How it is.
    pub after: PhotoCell,
}

impl PairRow {
    /// The row of a pair.
    pub fn of(pair: &CustomerPair, page: &str) -> PairRow {
        PairRow { title: pair.title.clone(), before: PhotoCell::of(&pair.before, page), after: PhotoCell::of(&pair.after, page) }
    }
}

/// A link that shows some of the photos, or all of them in another order.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Choice {
    /// What it shows.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// This is what is shown.
    pub current: bool,
}

/// `GET /projects/{id}/photos`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct PhotosPage {
    /// The project's id.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
    /// How many photos there are, whatever is chosen.
    pub total: i64,
    /// How many are on their way.
    pub arriving: i64,
    /// How many were announced with those that are on their way.
    pub announced: i64,
    /// Before and after; where all photos are shown, on the first page.
    pub pairs: Vec<PairRow>,
    /// The rooms to choose from; empty where there is nothing to choose.
    pub rooms: Vec<Choice>,
    /// The steps to choose from; empty where there is nothing to choose.
    pub phases: Vec<Choice>,
    /// By day or by room.
    pub orders: Vec<Choice>,
    /// Only some of the photos were asked for.
    pub some: bool,
    /// They were asked for by the update of this day.
    pub update_day: Option<String>,
    /// The photos.
    pub groups: Vec<PhotoGroup>,
    /// How many are on this page.
    pub count: usize,
    /// Where the next page is.
    pub older: Option<String>,
    /// Where the first page is; none on it.
    pub newest: Option<String>,
}

impl Page for PhotosPage {
    const TEMPLATE: &'static str = "photos/list.html";
    fn samples() -> Vec<PhotosPage> {
        samples::pages()
    }
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
    fn photos_stand_in_a_ring() {
        let views = |ids: &[&str]| ids.iter().map(|id| PhotoView::new(PhotoCell::new(id, (4, 3), ("", ""), ""), &[])).collect();
        let group = |ids| PhotoGroup { day: None, room: String::new(), views: views(ids) };
        let mut groups = [group(&["a", "b"]), group(&["c"])];
        in_a_ring(&mut groups);
        let last = &groups[1].views[0];
        assert_eq!((last.number, last.back.as_deref(), last.next.as_deref()), (3, Some("b"), Some("a")));
        assert_eq!(groups[0].views[0].back.as_deref(), Some("c"));
        let mut only = [group(&["a"])];
        in_a_ring(&mut only);
        assert_eq!((&only[0].views[0].back, &only[0].views[0].next), (&None, &None));
    }

    #[test]
    fn a_photo_is_never_without_words() {
        let alt = |room, caption| PhotoCell::new("p", (4, 3), (room, caption), "/x").alt;
        assert_eq!(alt("", ""), "Photo");
        assert_eq!(alt("Hall", ""), "Photo: Hall");
        assert_eq!(alt("Hall", "New floor"), "New floor");
    }
}
