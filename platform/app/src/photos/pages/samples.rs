//! Believable photos of a roof, for the samples of every page that shows some.

use super::{Choice, PairRow, PhotoCell, PhotoGroup, PhotoView, PhotosPage, in_a_ring};
use crate::{
    pages::hours_ago,
    photos::{
        Shape,
        model::{ShapeColor, ShapeKind},
    },
};

/// The page itself: what its cells link to is on it.
const PAGE: &str = "";

/// Photos of a roof, newest first.
pub fn sample_cells() -> Vec<PhotoCell> {
    let cell = |id: &str, room: &str, caption: &str| PhotoCell::new(id, (800, 600), (room, caption), PAGE);
    let added = |hours: i64, cell| PhotoCell { at: hours_ago(hours).to_rfc3339(), ..cell };
    let taken = |day: &str, cell| PhotoCell { at: day.to_owned(), taken: true, ..cell };
    vec![
        added(2, cell("roof-half", "Street side", "Front, half shingled")),
        PhotoCell { marked: true, ..added(4, cell("roof-chimney", "Chimney", "New metal around the chimney")) },
        taken("2026-06-04", cell("roof-underlay", "Street side", "Waterproof layer on")),
        taken("2026-06-04", cell("roof-deck", "Street side", "New wood deck, before the waterproof layer goes on top of it")),
        taken("2026-06-04", cell("roof-eave", "Gutter", "")),
        taken("2026-06-01", cell("roof-before", "", "")),
    ]
}

fn shapes() -> Vec<Shape> {
    let shape = |kind, (x1, y1, x2, y2), text: &str, color| Shape { kind, x1, y1, x2, y2, text: text.to_owned(), color };
    vec![
        shape(ShapeKind::Circle, (0.3, 0.52, 0.68, 0.8), "", ShapeColor::Yellow),
        shape(ShapeKind::Arrow, (0.16, 0.9, 0.34, 0.72), "Here the water came in", ShapeColor::Red),
        shape(ShapeKind::Text, (0.62, 0.12, 0.62, 0.12), "Sealed twice", ShapeColor::White),
        shape(ShapeKind::Rectangle, (0.72, 0.55, 0.9, 0.7), "", ShapeColor::Black),
        shape(ShapeKind::Line, (0.05, 0.3, 0.25, 0.3), "", ShapeColor::White),
    ]
}

fn views(cells: Vec<PhotoCell>) -> Vec<PhotoView> {
    let shapes = shapes();
    cells.into_iter().map(|cell| PhotoView::new(cell.clone(), if cell.marked { &shapes } else { &[] })).collect()
}

fn choices(labels: &[&str], current: usize) -> Vec<Choice> {
    let choice = |(n, label): (usize, &&str)| Choice {
        label: (*label).to_owned(),
        href: "/projects/01985b2e/photos".to_owned(),
        current: n == current,
    };
    labels.iter().enumerate().map(choice).collect()
}

/// Every state of the page.
pub(super) fn pages() -> Vec<PhotosPage> {
    let cells = sample_cells();
    let group = |day: Option<&str>, room: &str, from: usize, to: usize| PhotoGroup {
        day: day.map(str::to_owned),
        room: room.to_owned(),
        views: views(cells[from..to].to_vec()),
    };
    let page = |mut groups: Vec<PhotoGroup>| {
        in_a_ring(&mut groups);
        PhotosPage {
            project_id: "01985b2e".to_owned(),
            project_name: "New roof".to_owned(),
            total: 38,
            count: groups.iter().map(|g| g.views.len()).sum(),
            groups,
            ..PhotosPage::default()
        }
    };
    let rooms = |current| choices(&["All", "Chimney", "Gutter", "Street side"], current);
    let phases = choices(&["All", "Old roof taken off", "Wood deck and waterproof layer", "Shingles"], 0);
    let orders = |current| choices(&["By day", "By room"], current);
    let before =
        PhotoCell { at: "2026-04-21".to_owned(), taken: true, ..PhotoCell::new("roof-before", (800, 600), ("", "The old roof"), PAGE) };
    let pair = PairRow { title: "From the street".to_owned(), before, after: PhotoCell::new("roof-half", (800, 600), ("", ""), PAGE) };
    let pair = PairRow { after: PhotoCell { at: hours_ago(2).to_rfc3339(), ..pair.after }, ..pair };
    let by_day = || vec![group(Some("2026-06-08"), "", 0, 2), group(Some("2026-06-04"), "", 2, 5), group(Some("2026-06-01"), "", 5, 6)];
    let older = Some("/projects/01985b2e/photos?after=01985b2e".to_owned());
    vec![
        PhotosPage {
            rooms: rooms(0),
            phases: phases.clone(),
            orders: orders(0),
            pairs: vec![pair.clone()],
            older: older.clone(),
            ..page(by_day())
        },
        PhotosPage {
            rooms: rooms(3),
            phases,
            orders: orders(1),
            some: true,
            arriving: 3,
            announced: 20,
            newest: Some("/projects/01985b2e/photos".to_owned()),
            older,
            ..page(vec![group(None, "Street side", 0, 2), group(None, "", 2, 6)])
        },
        PhotosPage {
            total: 1,
            pairs: vec![pair.clone(), PairRow { title: String::new(), ..pair }],
            ..page(vec![group(Some("2026-06-08"), "", 0, 1)])
        },
        PhotosPage { some: true, update_day: Some("2026-06-08".to_owned()), ..page(vec![group(Some("2026-06-08"), "", 0, 2)]) },
        PhotosPage { rooms: rooms(1), some: true, ..page(Vec::new()) },
        PhotosPage { total: 0, ..page(Vec::new()) },
        PhotosPage { total: 0, arriving: 1, announced: 1, ..page(Vec::new()) },
    ]
}
