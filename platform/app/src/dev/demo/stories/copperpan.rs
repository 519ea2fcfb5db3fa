//! What happens in the kitchens of Copperpan's customers.

use super::{Marked, Move, PLAIN, Pair, Picture, Story, Update, Visit, picture, required};
use crate::{
    projects::ProjectStatus,
    visibility::Visibility::{Client, Internal},
};

const INES: (&str, &str) = ("Ines Calloway", "(555) 010-0180");

pub(in super::super) static STORIES: &[Story] = &[
    Story {
        work: "Kitchen with island",
        template: "Kitchen",
        begins: -19,
        done: 7,
        begun: true,
        headline: "Your cabinets are in, and the tiles go on this week.",
        detail: "The water is on again. From tomorrow evening on you can cook on the new stove.",
        lead: INES,
        place: (42.71, -70.82),
        moved: Some(Move { step: "Walk-through with you", days: 2, reason: "You asked for a day when you are both at home." }),
        updates: &[
            Update { back: 6, visibility: Client, body: "Pipes and wires have passed the inspection, and the walls are closed." },
            Update { back: 4, visibility: Internal, body: "One door of the corner cabinet is scratched. Ordered; it comes on Friday." },
            Update { back: 3, visibility: Client, body: "All cabinets hang, and they hang straight. The drawers close by themselves." },
            Update {
                back: 2,
                visibility: Client,
                body: "The countertop is in. It was measured to the millimeter and needed not one cut on site.\n\nPlease put nothing heavy on it until tomorrow.",
            },
            Update { back: 0, visibility: Client, body: "The first rows of tiles are on the wall, and the tap runs." },
        ],
        pictures: PICTURES,
        pair: Some(Pair { title: "The view from the hall door", before: "kitchen-before", after: "kitchen-after" }),
        marked: Some(Marked {
            file: "kitchen-drawers",
            circle: [0.12, 0.36, 0.37, 0.96],
            arrow: [0.62, 0.2, 0.38, 0.46],
            words: "This door gets a new handle",
        }),
        visits: &[
            Visit {
                title: "Last adjustments",
                ahead: 1,
                from: "09:00",
                until: "12:00",
                who: "Rufus Adeyemi",
                prepare: "Please keep the countertop empty.",
                step: Some("Last adjustments"),
                confirmed_by: Some("hugo@marchetti.example"),
            },
            Visit {
                title: "Walk-through",
                ahead: 4,
                from: "17:00",
                until: "18:00",
                who: "Ines Calloway",
                prepare: "We try every drawer together, and you get the key to the warranty box.",
                step: Some("Walk-through with you"),
                confirmed_by: None,
            },
        ],
        ..PLAIN
    },
    Story {
        work: "Kitchen and mud room",
        template: "Kitchen",
        begins: -90,
        done: 10,
        headline: "Your kitchen is finished.",
        detail: "Thank you for having us. Photos and papers stay here for you to keep.",
        lead: INES,
        place: (42.72, -70.81),
        pictures: &[
            picture("kitchen-oak", 90, (9, 10), "Kitchen", "Before: the old oak cabinets", 0),
            picture("kitchen-window", 69, (16, 20), "Kitchen", "Finished, the window end", 5),
        ],
        ends: Some(ProjectStatus::Archived),
        ..PLAIN
    },
    Story {
        work: "New countertops",
        template: "Countertop and fronts",
        begins: -4,
        done: 1,
        begun: true,
        lead: ("Rufus Adeyemi", "(555) 010-0181"),
        place: (42.70, -70.84),
        ..PLAIN
    },
];

static PICTURES: &[Picture] = &[
    required("View from the hall, before", picture("kitchen-before", 19, (10, 0), "Kitchen", "Before, view from the hall", 0)),
    picture("kitchen-sink", 14, (8, 30), "Kitchen", "The last day of the old sink", 1),
    Picture { visibility: Internal, ..picture("kitchen-oak", 14, (9, 15), "Pantry", "Wall behind: call the plumber", 1) },
    picture("kitchen-drawers", 3, (15, 40), "Kitchen", "The cabinets are in", 4),
    picture("kitchen-plant", 2, (13, 25), "Window end", "The countertop, and somebody has moved in", 4),
    picture("kitchen-tiles", 0, (10, 45), "Kitchen", "The first rows of tiles", 4),
    picture("kitchen-tap", 0, (13, 5), "Window end", "Tap and tiles", 4),
    picture("kitchen-after", 0, (15, 55), "Kitchen", "Today, view from the hall", 4),
];
