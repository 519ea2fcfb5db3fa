//! What the projects of the demo companies start with.

use super::{Phase, Step, Template};
use crate::schedule::WorkType::{self, Gutters, Roofing};

const fn step(name: &'static str, note: &'static str, days: i32, lag: i32, work: Option<WorkType>) -> Step {
    Step { name, note, days, lag, work }
}

const fn phase(name: &'static str, weight: i32, steps: &'static [Step]) -> Phase {
    Phase { name, weight, steps }
}

pub(in super::super) static LARKRISE: &[Template] = &[
    Template {
        name: "Roof replacement",
        note: "A whole roof of shingles, with new gutters.",
        phases: &[
            phase("Inspection and quote", 5, &[step("Inspection and quote", "", 1, 0, None)]),
            phase("Old roof taken off", 20, &[step("Old roof taken off", "Loud, and a truck in the driveway.", 2, 3, Some(Roofing))]),
            phase(
                "Wood deck and waterproof layer",
                20,
                &[
                    step("New wood where it is soft", "", 1, 0, Some(Roofing)),
                    step("Waterproof layer", "From this day on the house is dry.", 1, 0, Some(Roofing)),
                ],
            ),
            phase(
                "Shingles",
                35,
                &[
                    step("Shingles on the street side", "", 2, 0, Some(Roofing)),
                    step("Shingles on the garden side", "", 2, 0, Some(Roofing)),
                ],
            ),
            phase("Gutters", 15, &[step("Gutters", "Two hours of noise in the morning.", 1, 0, Some(Gutters))]),
            phase("Final walk-through with you", 5, &[step("Final walk-through with you", "We look at everything together.", 1, 1, None)]),
        ],
        draws: &[
            ("Deposit", 3000, None),
            ("Second payment", 3500, Some("Waterproof layer")),
            ("Last payment", 3500, Some("Final walk-through with you")),
        ],
        shots: &[
            ("Front before", 0),
            ("Wood deck, before it is covered", 2),
            ("Metal around the chimney", 3),
            ("Gutter joints", 4),
            ("Front after", 5),
        ],
    },
    Template {
        name: "Gutters and small repairs",
        note: "Anything of less than a week.",
        phases: &[
            phase("Look and measure", 10, &[step("Look and measure", "", 1, 0, None)]),
            phase("The work itself", 80, &[step("Repair", "", 2, 2, Some(Gutters))]),
            phase("Cleaned up", 10, &[step("Cleaned up", "", 1, 0, None)]),
        ],
        draws: &[("Payment", 10000, Some("Cleaned up"))],
        shots: &[("Before", 0), ("After", 1)],
    },
];

pub(in super::super) static COPPERPAN: &[Template] = &[
    Template {
        name: "Kitchen",
        note: "A whole kitchen, from the plan to the last drawer.",
        phases: &[
            phase("Plan and order", 10, &[step("Plan and order", "", 1, 0, None)]),
            phase("Old kitchen out", 10, &[step("Old kitchen out", "Dust walls are up, and the microwave is in the hall.", 2, 4, None)]),
            phase(
                "Pipes and wires",
                20,
                &[
                    step("Pipes and wires", "The water is off on the first day until 4.", 3, 0, None),
                    step("Rough-in inspection", "", 1, 0, None),
                ],
            ),
            phase("Walls and floor", 15, &[step("Walls and floor", "", 3, 0, None)]),
            phase(
                "Cabinets and countertop",
                30,
                &[
                    step("Cabinets", "", 3, 0, None),
                    step("Countertop", "It takes two strong people and an open door.", 1, 0, None),
                    step("Tiles and tap", "", 2, 0, None),
                ],
            ),
            phase("Finished with you", 15, &[step("Last adjustments", "", 1, 0, None), step("Walk-through with you", "", 1, 0, None)]),
        ],
        draws: &[
            ("Deposit", 4000, None),
            ("When the cabinets are in", 4000, Some("Cabinets")),
            ("Last payment", 2000, Some("Walk-through with you")),
        ],
        shots: &[("View from the hall, before", 0), ("Behind the walls, before they are closed", 2), ("View from the hall, after", 5)],
    },
    Template {
        name: "Countertop and fronts",
        note: "The boxes stay.",
        phases: &[
            phase("Measured", 20, &[step("Measured", "", 1, 0, None)]),
            phase("Made", 30, &[step("Made in the shop", "", 6, 1, None)]),
            phase("Put in", 50, &[step("Put in", "", 2, 0, None)]),
        ],
        draws: &[("Deposit", 5000, None), ("Rest", 5000, Some("Put in"))],
        shots: &[("Before", 0), ("After", 2)],
    },
];
