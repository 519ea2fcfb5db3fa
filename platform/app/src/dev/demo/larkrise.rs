//! Larkrise Roofing: roofs and gutters around Sampleton. Invented, as is everybody in it.

use super::{
    cast::{Brand, Company, Home, Person, Resident, Work, internal, paper},
    others::OTHERS,
    stories::{LARKRISE, LARKRISE_TEMPLATES},
};
use crate::{
    branding::BrandFont,
    documents::DocumentKind::{Contract, InspectionReport, Other, Permit, Warranty},
    people::HouseholdRole::{Payer, Signer, Viewer},
    projects::ProjectStatus::{Active, Archived, Completed, OnHold, Planned},
};

pub(super) static COMPANY: Company = Company {
    subdomain: "larkrise",
    name: "Larkrise Roofing",
    time_zone: "America/Chicago",
    owner: Person { name: "Dana Whitlock", email: "dana@larkrise.example" },
    manager: Person { name: "Joss Varga", email: "joss@larkrise.example" },
    member: Person { name: "Pia Lindqvist", email: "pia@larkrise.example" },
    guest: "margaret@ellery.example",
    brand: Brand {
        tagline: "Roofs that stay dry",
        color: "#1f5b3f",
        font: BrandFont::Archivo,
        phone: "(555) 010-0142",
        hours: "Monday to Friday, 7:30 to 4:30",
        welcome: "Everything about your roof is here: where the work stands, and every paper, to read and to keep.",
        signature: "Dana Whitlock and the crew of Larkrise Roofing",
    },
    templates: LARKRISE_TEMPLATES,
    stories: LARKRISE,
    others: &OTHERS,
    homes: &[ELLERY, OKAFOR, BRANDT, SORIANO, PETTIBONE],
};

const ELLERY: Home = Home {
    name: "The Ellerys",
    address: "14 Quillfeather Lane, Sampleton, IL 60999",
    people: &[
        Resident { name: "Margaret Ellery", email: "margaret@ellery.example", phone: "(555) 010-0117", role: Signer, invited: true },
        Resident { name: "Tom Ellery", email: "tom@ellery.example", phone: "(555) 010-0118", role: Payer, invited: true },
    ],
    works: &[
        Work {
            name: "New roof",
            status: Active,
            papers: &[
                paper(
                    "Roof contract",
                    Contract,
                    &[
                        &[
                            "Tear-off of one layer of shingles, 26 squares.",
                            "Architectural shingles, color Driftwood.",
                            "Start in the second week of the month; about five working days.",
                        ],
                        &[
                            "Tear-off of one layer of shingles, 26 squares.",
                            "Architectural shingles, color Weathered Oak, as agreed on the phone.",
                            "Ice and water shield on all eaves and in both valleys.",
                            "Start in the second week of the month; about five working days.",
                        ],
                    ],
                ),
                paper(
                    "Building permit",
                    Permit,
                    &[&[
                        "Permit for the replacement of a roof covering.",
                        "To be posted where it can be seen from the street until the final inspection.",
                    ]],
                ),
                paper(
                    "Inspection of the wood deck",
                    InspectionReport,
                    &[&[
                        "Two sheets of plywood at the north eave are soft and will be replaced.",
                        "The rest of the deck is dry and sound.",
                    ]],
                ),
                paper(
                    "How to get the house ready",
                    Other,
                    &[&[
                        "Park on the street on working days.",
                        "Take down what hangs loose on the walls of the top floor.",
                        "Keep pets inside: there will be noise.",
                    ]],
                ),
                internal("Cost sheet, new roof", Other, &[&["Materials, labor and disposal by line.", "For the office only."]]),
            ],
        },
        Work {
            name: "Porch repair",
            status: Archived,
            papers: &[
                paper("Porch contract", Contract, &[&["Repair of the porch roof and its flashing."]]),
                paper("Porch warranty", Warranty, &[&["Workmanship: five years.", "Shingles: as the manufacturer says."]]),
            ],
        },
    ],
};

const OKAFOR: Home = Home {
    name: "Okafor and Reyes",
    address: "208 Millrace Road, Sampleton, IL 60999",
    people: &[
        Resident { name: "Ada Okafor", email: "ada@okafor.example", phone: "(555) 010-0121", role: Signer, invited: true },
        Resident { name: "Luis Reyes", email: "luis@okafor.example", phone: "(555) 010-0122", role: Viewer, invited: false },
    ],
    works: &[
        Work {
            name: "Garage roof and gutters",
            status: Planned,
            papers: &[
                paper(
                    "Garage contract",
                    Contract,
                    &[&["New covering for the garage, 8 squares.", "Seamless gutters, 62 feet, with two downspouts."]],
                ),
                paper("Permit application", Permit, &[&["Filed with the village. We will tell you when it is granted."]]),
            ],
        },
        Work { name: "Skylight", status: Planned, papers: &[] },
    ],
};

const BRANDT: Home = Home {
    name: "The Brandts",
    address: "7 Heron Court, Little Sampleton, IL 60998",
    people: &[Resident { name: "Greta Brandt", email: "greta@brandt.example", phone: "(555) 010-0125", role: Signer, invited: true }],
    works: &[Work {
        name: "Storm damage, west side",
        status: OnHold,
        papers: &[
            paper(
                "Contract for the west side",
                Contract,
                &[&["Replacement of the west slope.", "Work begins when the insurance has agreed."]],
            ),
            paper(
                "Report for the insurance",
                InspectionReport,
                &[&["Hail marks on 40 of 100 test squares.", "The other slopes are not affected."]],
            ),
            internal("Call notes", Other, &[&["The adjuster comes on Thursday. Call Greta on Friday morning."]]),
        ],
    }],
};

const SORIANO: Home = Home {
    name: "The Sorianos",
    address: "33 Orchard Street, Sampleton, IL 60999",
    people: &[Resident { name: "Elena Soriano", email: "elena@soriano.example", phone: "(555) 010-0127", role: Signer, invited: false }],
    works: &[
        Work {
            name: "Roof of the main house",
            status: Archived,
            papers: &[
                paper("Main house contract", Contract, &[&["Complete replacement, 31 squares."]]),
                paper("Final inspection", InspectionReport, &[&["Passed without remarks."]]),
                paper("Main house warranty", Warranty, &[&["Workmanship: ten years from the day of the final inspection."]]),
            ],
        },
        Work {
            name: "Gutter guards",
            status: Active,
            papers: &[paper("Gutter guard contract", Contract, &[&["Guards on 140 feet of gutter."]])],
        },
    ],
};

const PETTIBONE: Home = Home {
    name: "Pettibone House",
    address: "1 Lantern Hill, Sampleton, IL 60999",
    people: &[Resident {
        name: "Walter Pettibone",
        email: "walter@pettibone.example",
        phone: "(555) 010-0129",
        role: Payer,
        invited: false,
    }],
    works: &[Work {
        name: "Slate repair",
        status: Completed,
        papers: &[paper("Slate contract", Contract, &[&["Forty slates replaced, copper nails."]])],
    }],
};
