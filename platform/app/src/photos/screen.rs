//! What the page of a project's photos shows, gathered in its reader's transaction.

use super::{
    PhotoId,
    ops::{self, CustomerPhoto, Gallery, GalleryFilter},
    pages::{Choice, PairRow, PhotoCell, PhotoGroup, PhotoView, PhotosPage, in_a_ring},
};
use crate::{
    projects::{self, ProjectId},
    schedule::{self, PhaseId},
    updates,
};
use chrono_tz::Tz;
use kernel::{Cx, Result};

/// How many photos stand on one page.
const A_PAGE: u64 = 24;

/// What is shown, and in which order.
#[derive(Clone)]
pub struct Wish {
    /// Of which project.
    pub project: ProjectId,
    /// Which of them.
    pub filter: GalleryFilter,
    /// By room, not by day.
    pub by_room: bool,
}

impl Wish {
    /// All photos, by day.
    pub fn all(project: ProjectId) -> Wish {
        Wish { project, filter: GalleryFilter::default(), by_room: false }
    }

    fn some(&self) -> bool {
        self.filter.phase.is_some() || self.filter.room.is_some() || self.filter.update.is_some()
    }

    /// The address that asks for this, from this photo on.
    fn href(&self, after: Option<PhotoId>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let ids = [("phase", self.filter.phase.map(|id| id.to_string())), ("update", self.filter.update.map(|id| id.to_string()))];
        let texts = [("room", self.filter.room.clone()), ("by", self.by_room.then(|| "room".to_owned()))];
        for (name, value) in ids.into_iter().chain(texts).chain([("after", after.map(|id| id.to_string()))]) {
            value.map(|value| query.append_pair(name, &value));
        }
        match query.finish() {
            query if query.is_empty() => format!("/projects/{}/photos", self.project),
            query => format!("/projects/{}/photos?{query}", self.project),
        }
    }

    fn with_room(&self, room: Option<&str>) -> Wish {
        Wish { filter: GalleryFilter { room: room.map(str::to_owned), ..self.filter.clone() }, ..self.clone() }
    }

    fn with_phase(&self, phase: Option<PhaseId>) -> Wish {
        Wish { filter: GalleryFilter { phase, ..self.filter.clone() }, ..self.clone() }
    }

    fn choice(&self, label: impl Into<String>, current: bool) -> Choice {
        Choice { label: label.into(), href: self.href(None), current }
    }
}

/// The photos of a project that the customer of this transaction may see, from this one on.
pub async fn gather(cx: &Cx, wish: &Wish, after: Option<PhotoId>) -> Result<PhotosPage> {
    let found = projects::ops::find_mine(cx, wish.project).await?;
    let gallery = ops::gallery_mine(cx, wish.project, &wish.filter, after, A_PAGE).await?;
    let around = Around::of(cx, wish, after.is_none()).await?;
    Ok(PhotosPage { project_name: found.name, ..page(wish, gallery, around, after, cx.tenant().time_zone) })
}

/// What the page shows beside the photos that were asked for.
struct Around {
    phases: Vec<(PhaseId, String)>,
    pairs: Vec<PairRow>,
    update_day: Option<String>,
}

impl Around {
    async fn of(cx: &Cx, wish: &Wish, first: bool) -> Result<Around> {
        let phases = schedule::ops::phase_names(cx, wish.project).await?;
        let pairs = if first && !wish.some() { ops::pairs_mine(cx, wish.project).await? } else { Vec::new() };
        let pairs = pairs.iter().map(|pair| PairRow::of(pair, "")).collect();
        let update = updates::ops::shown(cx, wish.filter.update).await?.pop();
        Ok(Around { phases, pairs, update_day: update.map(|update| update.day.to_string()) })
    }
}

fn page(wish: &Wish, gallery: Gallery, around: Around, after: Option<PhotoId>, zone: Tz) -> PhotosPage {
    let older = gallery.photos.last().filter(|_| gallery.more).map(|last| wish.href(Some(last.id)));
    let days = Wish { by_room: false, ..wish.clone() };
    let by_room = Wish { by_room: true, ..wish.clone() };
    let orders = vec![days.choice("By day", !wish.by_room), by_room.choice("By room", wish.by_room)];
    PhotosPage {
        project_id: wish.project.to_string(),
        total: gallery.total,
        arriving: gallery.arriving.0,
        announced: gallery.arriving.1,
        rooms: rooms(wish, &gallery),
        phases: phases(wish, &gallery, &around),
        orders: if gallery.rooms.is_empty() { Vec::new() } else { orders },
        pairs: around.pairs,
        update_day: around.update_day,
        some: wish.some(),
        count: gallery.photos.len(),
        older,
        newest: after.map(|_| wish.href(None)),
        groups: groups(wish, gallery, zone),
        ..PhotosPage::default()
    }
}

fn rooms(wish: &Wish, gallery: &Gallery) -> Vec<Choice> {
    let chosen = wish.filter.room.as_deref();
    let all = wish.with_room(None).choice("All", chosen.is_none());
    let one = |room: &String| wish.with_room(Some(room)).choice(room, chosen == Some(room));
    if gallery.rooms.is_empty() { Vec::new() } else { [all].into_iter().chain(gallery.rooms.iter().map(one)).collect() }
}

fn phases(wish: &Wish, gallery: &Gallery, around: &Around) -> Vec<Choice> {
    let chosen = wish.filter.phase;
    let all = wish.with_phase(None).choice("All", chosen.is_none());
    let with_photos = around.phases.iter().filter(|(id, _)| gallery.phases.contains(id));
    let one = |(id, name): &(PhaseId, String)| wish.with_phase(Some(*id)).choice(name, chosen == Some(*id));
    let choices: Vec<_> = [all].into_iter().chain(with_photos.map(one)).collect();
    if choices.len() > 1 { choices } else { Vec::new() }
}

/// By day, the newest first, or by room, those without one last.
fn groups(wish: &Wish, gallery: Gallery, zone: Tz) -> Vec<PhotoGroup> {
    let mut groups: Vec<PhotoGroup> = Vec::new();
    for photo in &gallery.photos {
        let (day, room) = if wish.by_room { (None, photo.room.clone()) } else { (Some(day(photo, zone)), String::new()) };
        let shapes = gallery.layers.get(&photo.id).map(Vec::as_slice).unwrap_or_default();
        let view = PhotoView::new(PhotoCell::of(photo, ""), shapes);
        match groups.iter_mut().find(|group| group.day == day && group.room == room) {
            Some(group) => group.views.push(view),
            None => groups.push(PhotoGroup { day, room, views: vec![view] }),
        }
    }
    groups.sort_by(|a, b| b.day.cmp(&a.day).then(a.room.is_empty().cmp(&b.room.is_empty())).then(a.room.cmp(&b.room)));
    in_a_ring(&mut groups);
    groups
}

/// The camera's day, or the company's day when it was added.
fn day(photo: &CustomerPhoto, zone: Tz) -> String {
    photo.taken_at.map_or_else(|| photo.created_at.with_timezone(&zone).date_naive(), |at| at.date()).to_string()
}
