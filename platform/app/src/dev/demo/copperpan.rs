//! Copperpan Kitchens: kitchens in and around Harborwick. Invented, as is everybody in it.

use super::{
    cast::{Brand, Company, Home, Person, Resident, Work, internal, paper},
    stories::{COPPERPAN, COPPERPAN_TEMPLATES},
};
use crate::{
    branding::BrandFont,
    documents::DocumentKind::{Contract, InspectionReport, Other, Permit, Warranty},
    people::HouseholdRole::{Payer, Signer, Viewer},
    projects::ProjectStatus::{Active, Archived, OnHold, Planned},
};

pub(super) static COMPANY: Company = Company {
    subdomain: "copperpan",
    name: "Copperpan Kitchens",
    time_zone: "America/New_York",
    owner: Person { name: "Ines Calloway", email: "ines@copperpan.example" },
    manager: Person { name: "Rufus Adeyemi", email: "rufus@copperpan.example" },
    member: Person { name: "Mina Thorsen", email: "mina@copperpan.example" },
    guest: "hugo@marchetti.example",
    brand: Brand {
        tagline: "Kitchens to live in",
        color: "#b5532a",
        font: BrandFont::SourceSerif,
        phone: "(555) 010-0180",
        hours: "Tuesday to Saturday, 9 to 6",
        welcome: "This is the place for your kitchen: plans, papers, and where we are.",
        signature: "Ines Calloway, Copperpan Kitchens",
    },
    templates: COPPERPAN_TEMPLATES,
    stories: COPPERPAN,
    others: &[],
    homes: &[MARCHETTI, ASHDOWN, KOWALCZYK, DELACROIX, FINCH],
};

const MARCHETTI: Home = Home {
    name: "The Marchettis",
    address: "52 Saltmarsh Avenue, Harborwick, MA 01999",
    people: &[
        Resident { name: "Hugo Marchetti", email: "hugo@marchetti.example", phone: "(555) 010-0161", role: Signer, invited: true },
        Resident { name: "Bea Marchetti", email: "bea@marchetti.example", phone: "(555) 010-0162", role: Payer, invited: true },
    ],
    works: &[Work {
        name: "Kitchen with island",
        status: Active,
        papers: &[
            paper(
                "Kitchen contract",
                Contract,
                &[
                    &["Cabinets in sage green, island of 8 by 4 feet.", "Countertop: pale quartz."],
                    &["Cabinets in sage green, island of 7 by 4 feet, as drawn on the second plan.", "Countertop: pale quartz, honed."],
                ],
            ),
            paper("Plumbing permit", Permit, &[&["Permit to move the sink and the dishwasher to the island."]]),
            paper(
                "Electrical inspection, rough-in",
                InspectionReport,
                &[&["All circuits of the kitchen are on their own breakers.", "Passed."]],
            ),
            paper(
                "Care of your countertop",
                Other,
                &[&["Warm water and a soft cloth are enough.", "Hot pans on a board, never on the stone."]],
            ),
            internal("Cabinet order", Other, &[&["Order and delivery dates by cabinet.", "For the office only."]]),
        ],
    }],
};

const ASHDOWN: Home = Home {
    name: "Ashdown and Lee",
    address: "9 Cooper's Wharf, Harborwick, MA 01999",
    people: &[
        Resident { name: "Priya Ashdown", email: "priya@ashdown.example", phone: "(555) 010-0164", role: Signer, invited: true },
        Resident { name: "Jonah Lee", email: "jonah@ashdown.example", phone: "(555) 010-0165", role: Viewer, invited: false },
    ],
    works: &[
        Work {
            name: "Galley kitchen",
            status: Planned,
            papers: &[paper(
                "Design agreement",
                Contract,
                &[&["Two designs, three rounds of changes.", "What you pay for the design counts toward the kitchen."]],
            )],
        },
        Work { name: "Pantry", status: Planned, papers: &[] },
    ],
};

const KOWALCZYK: Home = Home {
    name: "The Kowalczyks",
    address: "118 Bell Street, Harborwick, MA 01999",
    people: &[Resident { name: "Marek Kowalczyk", email: "marek@kowalczyk.example", phone: "(555) 010-0167", role: Signer, invited: true }],
    works: &[
        Work {
            name: "Kitchen and mud room",
            status: Archived,
            papers: &[
                paper("Contract, kitchen and mud room", Contract, &[&["New kitchen, bench and cubbies in the mud room."]]),
                paper("Final inspection", InspectionReport, &[&["Building, plumbing and electrical: passed."]]),
                paper("Warranty", Warranty, &[&["Cabinets: ten years.", "Our work: three years."]]),
            ],
        },
        Work {
            name: "Butler's pantry",
            status: OnHold,
            papers: &[
                paper("Contract, butler's pantry", Contract, &[&["Waits for the wall to be opened."]]),
                internal("What we found in the wall", InspectionReport, &[&["An old vent stack. Ask the plumber for a price."]]),
            ],
        },
    ],
};

const DELACROIX: Home = Home {
    name: "Delacroix",
    address: "3 Tidewater Row, Harborwick, MA 01999",
    people: &[Resident {
        name: "Simone Delacroix",
        email: "simone@delacroix.example",
        phone: "(555) 010-0169",
        role: Signer,
        invited: false,
    }],
    works: &[
        Work {
            name: "Attic kitchenette",
            status: Archived,
            papers: &[
                paper("Kitchenette contract", Contract, &[&["Six feet of cabinets, sink and two burners."]]),
                paper("Kitchenette warranty", Warranty, &[&["Our work: three years."]]),
            ],
        },
        Work {
            name: "New countertops",
            status: Active,
            papers: &[paper("Countertop contract", Contract, &[&["Quartz, 38 square feet, eased edge."]])],
        },
    ],
};

const FINCH: Home = Home {
    name: "The Finches",
    address: "27 Lighthouse Lane, Harborwick, MA 01999",
    people: &[Resident { name: "Oren Finch", email: "oren@finch.example", phone: "(555) 010-0171", role: Payer, invited: false }],
    works: &[Work {
        name: "Cabinet refacing",
        status: Active,
        papers: &[
            paper("Refacing contract", Contract, &[&["New doors and fronts in painted maple.", "The boxes stay."]]),
            paper("Color card", Other, &[&["The color that you chose: Sea Glass."]]),
        ],
    }],
};
