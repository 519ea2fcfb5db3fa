//! What happens at the houses of Larkrise Roofing's customers.

use super::{Marked, Move, PLAIN, Pair, Picture, Rain, Story, Update, Visit, picture, required};
use crate::{
    projects::ProjectStatus,
    visibility::Visibility::{Client, Internal},
};

const DANA: (&str, &str) = ("Dana Whitlock", "(555) 010-0142");

pub(in super::super) static STORIES: &[Story] = &[
    Story {
        work: "New roof",
        template: "Roof replacement",
        begins: -9,
        done: 4,
        begun: true,
        headline: "Your new roof is going on this week.",
        detail: "The street side is about half done. The house has been dry since the waterproof layer went on.",
        lead: DANA,
        place: (41.61, -89.21),
        moved: Some(Move {
            step: "Final walk-through with you",
            days: 1,
            reason: "The village inspector comes a day later, and we would like to have the paper in hand when we meet.",
        }),
        updates: &[
            Update {
                back: 4,
                visibility: Client,
                body: "The old roof is off and gone. Two sheets of plywood at the north eave are soft, as the inspection said; the rest is sound.",
            },
            Update { back: 4, visibility: Internal, body: "The dumpster is full. Ask for a second one before the garden side." },
            Update { back: 3, visibility: Client, body: "New wood is in. Nothing comes on top of the price." },
            Update {
                back: 2,
                visibility: Client,
                body: "The waterproof layer is on. The house is dry from today, whatever the weather does.\n\nThe skylight stays where it was; it has new metal around it.",
            },
            Update {
                back: 0,
                visibility: Client,
                body: "The street side is half shingled, up to the chimney. The metal around the chimney is new.\n\nTomorrow we start at 8. Please keep the driveway free until noon: the truck with the shingles needs the room.",
            },
        ],
        pictures: PICTURES,
        pair: Some(Pair { title: "From the street, so far", before: "roof-before", after: "roof-half" }),
        marked: Some(Marked {
            file: "roof-chimney",
            circle: [0.3, 0.62, 0.72, 0.84],
            arrow: [0.18, 0.94, 0.33, 0.8],
            words: "Here the water came in",
        }),
        visits: &[
            Visit {
                title: "Shingles on the garden side",
                ahead: 1,
                from: "08:00",
                until: "11:00",
                who: "Dana Whitlock and three roofers",
                prepare: "Please move cars off the driveway by 7:45. It will be noisy until lunch.",
                step: Some("Shingles on the garden side"),
                confirmed_by: Some("margaret@ellery.example"),
            },
            Visit {
                title: "Final walk-through",
                ahead: 6,
                from: "15:00",
                until: "16:00",
                who: "Dana Whitlock",
                prepare: "Bring your questions. We go around the house together and up to the attic.",
                step: Some("Final walk-through with you"),
                confirmed_by: None,
            },
        ],
        rain: Some(Rain { step: "Gutters", accepted: true }),
        ..PLAIN
    },
    Story {
        work: "Porch repair",
        template: "Gutters and small repairs",
        begins: -60,
        done: 3,
        headline: "Your porch is finished and dry.",
        detail: "Thank you for having us. The warranty is among your papers.",
        lead: DANA,
        place: (41.61, -89.21),
        pictures: &[
            required("Before", picture("roof-moss", 60, (9, 20), "Porch", "Before: moss, and the edge is rotten", 0)),
            required("After", picture("roof-eave", 55, (15, 5), "Porch", "New shingles and a new edge", 1)),
        ],
        updates: &[Update {
            back: 55,
            visibility: Client,
            body: "The porch roof is new, the edge is straight again, and we have taken everything with us.",
        }],
        pair: Some(Pair { title: "The edge of the porch", before: "roof-moss", after: "roof-eave" }),
        ends: Some(ProjectStatus::Archived),
        ..PLAIN
    },
    Story {
        work: "Gutter guards",
        template: "Gutters and small repairs",
        begins: -1,
        done: 1,
        lead: ("Joss Varga", "(555) 010-0143"),
        place: (41.58, -89.17),
        rain: Some(Rain { step: "Repair", accepted: false }),
        ..PLAIN
    },
];

static PICTURES: &[Picture] = &[
    required("Front before", picture("roof-before", 9, (10, 15), "Street side", "Before: the old roof from the street", 0)),
    picture("roof-deck", 3, (11, 40), "Street side", "The wood deck, dry and sound", 2),
    required("Wood deck, before it is covered", picture("roof-boards", 3, (14, 5), "North eave", "Two new sheets at the north eave", 2)),
    picture("roof-underlay", 2, (10, 30), "Street side", "Waterproof layer on", 2),
    picture("roof-skylight", 2, (14, 50), "Skylight", "The skylight stays, with new metal", 2),
    Picture { visibility: Internal, ..picture("roof-courses", 0, (9, 5), "Street side", "Check the last course before the ridge", 3) },
    required("Metal around the chimney", picture("roof-chimney", 0, (11, 30), "Chimney", "New metal around the chimney", 3)),
    picture("roof-half", 0, (14, 10), "Street side", "Front, half shingled", 3),
];
