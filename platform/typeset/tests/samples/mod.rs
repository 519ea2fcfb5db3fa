//! Sample papers: two companies, every kind, and the odd ones that show where a layout gives way.

use chrono::NaiveDate;
use typeset::{
    Block, Brand, CompletionCertificate, Content, Custom, DoneStep, Fact, Font, Kind, Locale, Moved, Order, Paper, Person, Photo, Picture,
    PlannedStep, ProgressReport, Section, Signature, SignatureLine, Step, StepState, Update, Visit, Warranty, WelcomePacket,
};

/// A day of 2026.
pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day of the calendar")
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

pub fn larkrise() -> Brand {
    Brand {
        company: "Larkrise Roofing".to_owned(),
        color: "#1f5b3f".to_owned(),
        font: Font::Archivo,
        logo_png: Some(include_bytes!("larkrise.png").to_vec().into()),
        address_lines: texts(&["22 Rafter Road", "Sampleton"]),
        phone: "(555) 010-0142".to_owned(),
        email: "hello@larkrise.example".to_owned(),
        website: "larkrise.example".to_owned(),
        footer: "Licence CCB 204 118".to_owned(),
    }
}

pub fn copperpan() -> Brand {
    Brand {
        company: "Copperpan Kitchens".to_owned(),
        color: "#b8573a".to_owned(),
        font: Font::SourceSerif,
        logo_png: Some(include_bytes!("copperpan.png").to_vec().into()),
        address_lines: texts(&["3 Saucepan Yard", "Mocksbury"]),
        phone: "(555) 010-0188".to_owned(),
        email: "kitchens@copperpan.example".to_owned(),
        website: String::new(),
        footer: String::new(),
    }
}

/// Of this kind, by this company, with everything a paper may have.
pub fn order(kind: Kind, brand: Brand, paper: Paper) -> Order {
    let (content, number) = match kind {
        Kind::WelcomePacket => (Content::WelcomePacket(welcome()), "LR-P-0042"),
        Kind::ProgressReport => (Content::ProgressReport(progress()), "LR-R-0007"),
        Kind::CompletionCertificate => (Content::CompletionCertificate(completion()), "LR-C-0118"),
        Kind::Warranty => (Content::Warranty(warranty()), "LR-W-0118"),
        Kind::Custom => (Content::Custom(custom()), "LR-D-0003"),
    };
    Order {
        content,
        number: number.to_owned(),
        issued: day(6, 17),
        brand,
        locale: Locale::EnUs,
        paper,
        currency: "USD".to_owned(),
        verify_url: format!("https://larkrise.example/check/{number}"),
    }
}

/// What a plugin might say.
pub fn custom() -> Custom {
    let fact = |label: &str, value: &str| Fact { label: label.to_owned(), value: value.to_owned() };
    let line = |role: &str, name: &str| SignatureLine { role: role.to_owned(), name: name.to_owned() };
    let mut sections = sections(3);
    if let Some(Section { blocks, .. }) = sections.first_mut() {
        blocks.push(Block::Bullets { items: texts(&["Keep this paper with the house.", "Call us before you have anything changed."]) });
    }
    if let Some(Block::Table { caption, ends, .. }) = sections.last_mut().and_then(|section| section.blocks.last_mut()) {
        (*caption, *ends) = ("As they were fitted".to_owned(), vec![3]);
    }
    Custom {
        title: "Roofing warranty".to_owned(),
        lead: "For the shingles, and for our work.".to_owned(),
        project: "New roof".to_owned(),
        address: "14 Quillfeather Lane, Sampleton".to_owned(),
        customers: texts(&["Margaret Ellery", "Howard Ellery"]),
        intro: texts(&["We stand for this roof, as written below."]),
        facts: vec![fact("Manufacturer", "Summit Slate Works"), fact("Covered until", "2036-06-17")],
        covered: texts(&["Leaks through the roof's surface.", "Shingles that the wind took."]),
        not_covered: texts(&["Damage by others."]),
        sections,
        signatures: vec![line("Contractor", "Dana Whitlock"), line("Owner", "Margaret Ellery")],
    }
}

pub fn welcome() -> WelcomePacket {
    let step = |title: &str, note: &str, days: Option<((u32, u32), (u32, u32))>| PlannedStep {
        title: title.to_owned(),
        note: note.to_owned(),
        from: days.map(|((month, date), _)| day(month, date)),
        until: days.map(|(_, (month, date))| day(month, date)),
    };
    WelcomePacket {
        project: "New roof".to_owned(),
        address: "14 Quillfeather Lane, Sampleton".to_owned(),
        customers: texts(&["Margaret Ellery", "Howard Ellery"]),
        greeting: "Dear Margaret, dear Howard,\n\nthank you for trusting us with your roof. We have been on the roofs of Sampleton \
                   since 1998, and we still look forward to every first morning on a new one. This paper tells you what will happen and when.\n\n\
                   Dana Whitlock"
            .to_owned(),
        lead: Person { name: "Dana Whitlock".to_owned(), title: "Project lead".to_owned(), phone: "(555) 010-0142".to_owned() },
        steps: vec![
            step("Scaffold and protection", "We cover flower beds and the path to your door.", Some(((6, 1), (6, 1)))),
            step("Old roof off", "The loudest two days. We begin at 8 in the morning.", Some(((6, 2), (6, 3)))),
            step("Deck and underlayment", "", Some(((6, 4), (6, 5)))),
            step("New shingles", "", Some(((6, 8), (6, 11)))),
            step("Gutters and metal", "", Some(((6, 12), (6, 12)))),
            step("Inspection and handover", "You walk round the house with us.", None),
        ],
        prepare: texts(&[
            "Move cars out of the driveway by Monday, June 1, at 7 am.",
            "Take pictures off the walls of the upper floor; the hammering shakes them.",
            "Tell us where the outside tap and an outside socket are.",
        ]),
        portal_url: "https://larkrise.example/".to_owned(),
        sign_in_email: "margaret@ellery.example".to_owned(),
        next: texts(&[
            "We call you on Friday, May 29, to say who comes on Monday.",
            "The first photos are in your project on Monday evening.",
            "The first payment is due when the old roof is off.",
        ]),
    }
}

pub fn progress() -> ProgressReport {
    let step = |title: &str, state, from, until| Step { title: title.to_owned(), state, from, until };
    let photo = |bytes: &[u8], caption: &str, taken| Photo {
        picture: Picture::from(bytes.to_vec()),
        caption: caption.to_owned(),
        taken: Some(taken),
    };
    ProgressReport {
        project: "New roof".to_owned(),
        address: "14 Quillfeather Lane, Sampleton".to_owned(),
        customers: texts(&["Margaret Ellery"]),
        summary: "Your new roof is on. Gutters follow as soon as it is dry.".to_owned(),
        percent: 72,
        steps: vec![
            step("Scaffold and protection", StepState::Done, Some(day(6, 1)), Some(day(6, 1))),
            step("Old roof off", StepState::Done, Some(day(6, 2)), Some(day(6, 3))),
            step("Deck and underlayment", StepState::Done, Some(day(6, 4)), Some(day(6, 5))),
            step("New shingles", StepState::Now, Some(day(6, 8)), Some(day(6, 11))),
            step("Gutters and metal", StepState::Next, Some(day(6, 16)), Some(day(6, 16))),
            step("Inspection and handover", StepState::Next, None, Some(day(6, 17))),
        ],
        moved: vec![Moved {
            title: "Gutters and metal".to_owned(),
            from: day(6, 12),
            to: day(6, 16),
            reason: "Rain is forecast for Thursday and Friday, and sealant needs a dry day. There is nothing for you to do.".to_owned(),
        }],
        updates: vec![
            Update { date: day(6, 10), text: "Both long sides are shingled. The chimney got new flashing today.".to_owned() },
            Update {
                date: day(6, 8),
                text: "The deck is sound; only four boards had to be replaced.\n\nThe underlayment is on everywhere, so the house is tight even if it rains."
                    .to_owned(),
            },
        ],
        photos: vec![
            photo(include_bytes!("../../../app/src/dev/demo/photos/roof-half.jpg"), "Half of the new shingles", day(6, 9)),
            photo(include_bytes!("../../../app/src/dev/demo/photos/roof-chimney.jpg"), "New flashing round the chimney", day(6, 10)),
            photo(include_bytes!("../../../app/src/dev/demo/photos/roof-deck.jpg"), "The deck with four new boards", day(6, 5)),
            photo(include_bytes!("../../../app/src/dev/demo/photos/roof-underlay.jpg"), "Underlayment, and the house is tight", day(6, 5)),
        ],
        next_visit: Some(Visit { date: day(6, 16), time: "8 to 11 am".to_owned(), purpose: "Gutters and metal. Nobody has to be at home.".to_owned() }),
    }
}

pub fn completion() -> CompletionCertificate {
    let step = |title: &str, finished| DoneStep { title: title.to_owned(), finished: Some(finished) };
    CompletionCertificate {
        project: "New roof".to_owned(),
        address: "14 Quillfeather Lane, Sampleton".to_owned(),
        customers: texts(&["Margaret Ellery"]),
        statement: String::new(),
        finished: day(6, 17),
        steps: vec![
            step("Scaffold and protection", day(6, 1)),
            step("Old roof off", day(6, 3)),
            step("Deck and underlayment", day(6, 5)),
            step("New shingles", day(6, 11)),
            step("Gutters and metal", day(6, 16)),
            step("Inspection and handover", day(6, 17)),
        ],
        signed: Signature { name: "Dana Whitlock".to_owned(), title: "Project lead".to_owned() },
    }
}

pub fn warranty() -> Warranty {
    Warranty {
        title: "Roof warranty".to_owned(),
        lead: "We made this roof, and we stand behind it. If it leaks or comes loose because of our work, we repair it at no cost to you."
            .to_owned(),
        project: "New roof".to_owned(),
        address: "14 Quillfeather Lane, Sampleton".to_owned(),
        customers: texts(&["Margaret Ellery"]),
        starts: day(6, 17),
        ends: NaiveDate::from_ymd_opt(2036, 6, 17),
        covered: texts(&["Leaks through the new roof", "Loose or missing shingles", "Metal around chimney and vents", "Gutters we fitted"]),
        not_covered: texts(&["Fallen trees, hail over 2 inches", "Changes made by other companies", "Gutters blocked by leaves"]),
        facts: vec![Fact { label: "Shingles are covered until".to_owned(), value: "June 17, 2056 (30 years)".to_owned() }],
        sections: Vec::new(),
        claim: texts(&["Call (555) 010-0142, or write to us in your project online.", "We come within three working days and look at it."]),
        signed: Some(Signature { name: "Dana Whitlock".to_owned(), title: "Project lead".to_owned() }),
    }
}

/// A table of serial numbers, and what else a plugin may add.
pub fn sections(rows: usize) -> Vec<Section> {
    let row = |n: usize| {
        vec![format!("Skylight {}", n + 1), format!("VX-2{:04}-{}", n * 37, n % 7), "June 10, 2026".to_owned(), "10 years".to_owned()]
    };
    vec![
        Section {
            heading: "Terms".to_owned(),
            blocks: vec![Block::Text {
                text: "This warranty stays with the house if you sell it. Tell us the new owner's name, and we write a new paper for them at no cost.\n\n\
                       A repair does not lengthen the warranty, and does not shorten it."
                    .to_owned(),
            }],
        },
        Section {
            heading: "Serial numbers".to_owned(),
            blocks: vec![Block::Table {
                head: texts(&["Part", "Serial number", "Fitted", "Maker's warranty"]),
                rows: (0..rows).map(row).collect(),
                caption: String::new(),
                ends: Vec::new(),
            }],
        },
    ]
}

/// The warranty with sections after its face.
pub fn long_warranty(brand: Brand, paper: Paper, rows: usize) -> Order {
    let mut order = order(Kind::Warranty, brand, paper);
    order.content = Content::Warranty(Warranty { sections: sections(rows), ..warranty() });
    order
}

/// Long names, no logo, many steps: where a layout would break first.
pub fn crowded(kind: Kind, paper: Paper) -> Order {
    let mut order = order(kind, Brand { logo_png: None, font: Font::Bitter, color: "#f2c200".to_owned(), ..larkrise() }, paper);
    order.brand.company = "Bartholomew Featherstonehaugh & Daughters Roofing, Guttering and Chimney Company".to_owned();
    let customers = texts(&["Wilhelmina Konstantinopoulou-Featherstonehaugh", "Bartholomäus Ödön Đặng-Łukasiewicz"]);
    let address =
        "Apartment 12B, 10457 Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Boulevard, Saint-Louis-du-Ha! Ha!".to_owned();
    let title = |n: usize| format!("Step {n}, with a name that says rather more than the name of a step should ever have to say");
    match &mut order.content {
        Content::WelcomePacket(packet) => {
            (packet.customers, packet.address) = (customers, address);
            packet.steps = (1..=12).map(|n| PlannedStep { title: title(n), ..packet.steps[n % 6].clone() }).collect();
        }
        Content::ProgressReport(report) => {
            (report.customers, report.address) = (customers, address);
            report.steps = (1..=12).map(|n| Step { title: title(n), ..report.steps[(n - 1) / 2].clone() }).collect();
            report.steps[7].state = StepState::Next;
            report.photos.extend_from_within(..2);
        }
        Content::CompletionCertificate(certificate) => {
            (certificate.customers, certificate.address) = (customers, address);
            let steps = certificate.steps.clone();
            certificate.steps =
                (1..=12).map(|n| DoneStep { title: format!("Step {n}: {}", steps[n % 6].title), ..steps[n % 6].clone() }).collect();
        }
        Content::Warranty(warranty) => {
            (warranty.customers, warranty.address) = (customers, address);
            warranty.title = "Roof, gutter, chimney and skylight workmanship warranty".to_owned();
            warranty.sections = sections(40);
        }
        Content::Custom(custom) => {
            (custom.customers, custom.address) = (customers, address);
            custom.title = "Roof, gutter, chimney and skylight workmanship warranty".to_owned();
            custom.sections = sections(40);
        }
    }
    order
}

/// All that are worth a look, with the names of their files.
pub fn all() -> Vec<(String, Order)> {
    let mut all = Vec::new();
    for kind in Kind::all() {
        for (paper, size) in [(Paper::A4, "a4"), (Paper::Letter, "letter")] {
            for (brand, name) in [(larkrise(), "larkrise"), (copperpan(), "copperpan")] {
                all.push((format!("{}-{size}-{name}", kind.name()), order(kind, brand, paper)));
            }
            all.push((format!("{}-{size}-crowded", kind.name()), crowded(kind, paper)));
        }
        for (locale, name) in [(Locale::DeDe, "de"), (Locale::EsUs, "es"), (Locale::FrCa, "fr")] {
            all.push((
                format!("{}-{name}", kind.name()),
                Order { locale, ..order(kind, Brand { font: Font::Atkinson, ..copperpan() }, Paper::A4) },
            ));
        }
    }
    all.push(("warranty-a4-sections".to_owned(), long_warranty(larkrise(), Paper::A4, 40)));
    all
}
