//! What can be written anew: each page and mail with its name, what must stay in it, and where its samples and fields come from.

use kernel::pages::{Context, Face, Frame, Kind, Mail, MailFrame, Page, Required, Slot, What, context_of};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::{documents, home, mails, pages, people, photos, updates, visits};

/// The frame of the samples: a page's or a mail's.
pub enum SampleFrame {
    /// A page's.
    Page(fn(Face) -> Frame),
    /// A mail's.
    Mail(fn(Face) -> MailFrame),
}

/// A page or a mail that can be written anew.
pub struct Published {
    /// In addresses and rows; never changed once released.
    pub key: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// For the sandbox.
    pub slot: Slot,
    /// How its samples are framed.
    pub frame: SampleFrame,
    /// Its samples as plain data.
    pub samples: fn() -> Vec<Value>,
    /// Its fields.
    pub schema: fn() -> Schema,
}

impl Published {
    /// The samples as the sandbox takes them.
    pub fn contexts(&self) -> Vec<Context> {
        (self.samples)().iter().map(context_of).collect()
    }
}

/// By its key.
pub fn find(key: &str) -> Option<&'static Published> {
    PUBLISHED.iter().find(|published| published.key == key)
}

const HEADING: Required = Required { what: What::Heading, when: "", words: "one heading <h1>, no more and no less." };

const fn region(id: &'static str, when: &'static str, words: &'static str) -> Required {
    Required { what: What::Region(id), when, words }
}

const LINK: Required = Required {
    what: What::Address("link"),
    when: "",
    words: "the link {{ page.link }}, in the HTML for example by {{ button(frame, page.link, \"…\") }}, and in the plain text.",
};

const DASHBOARD: &[&str] = &[
    "home/_parts.html",
    "components/_banner.html",
    "components/_contact.html",
    "components/_delay.html",
    "components/_doc_row.html",
    "components/_empty.html",
    "components/_needs.html",
    "components/_photo_grid.html",
    "components/_ring.html",
    "components/_tag.html",
    "components/_timeline.html",
    "components/_visit_card.html",
    "updates/_update.html",
];

/// The parts of one project's screen that live updates renew, where its project is at `$at`.
macro_rules! dashboard {
    ($at:literal, $there:literal $(, $more:expr)*) => {
        &[
            HEADING,
            region("part-answer", $there, "the answer on top: {{ answer(project, frame) }}."),
            region("part-needs", concat!("not (", $there, ") or ", $at, ".status != 'archived'"), "what is asked of the reader: {{ asked(project, frame) }}."),
            region("part-weather", $there, "what the weather has moved: {{ weather(project, frame) }}."),
            region("part-visit", concat!($there, " and ", $at, ".status not in ['archived', 'completed'] and not ", $at, ".partial"), "the next visit: {{ next_visit(project, frame) }}."),
            region("part-lead", $there, "who answers: {{ lead(project, frame) }}."),
            region("part-steps", concat!($there, " and not ", $at, ".partial"), "the steps: {{ steps(project, frame) }}."),
            region("part-news", concat!($there, " and not ", $at, ".partial"), "what was done: {{ news(project, frame) }}."),
            region("part-photos", concat!($there, " and not ", $at, ".partial"), "the photos: {{ photos(project, frame) }}."),
            region("part-papers", $there, "the documents: {{ papers(project, frame) }}."),
            $($more),*
        ]
    };
}

const fn page(template: &'static str, partials: &'static [&'static str], required: &'static [Required]) -> Slot {
    Slot { template, kind: Kind::Page, partials, required }
}

const fn mail(name: &'static str, partials: &'static [&'static str], required: &'static [Required]) -> Slot {
    Slot { template: name, kind: Kind::Mail, partials, required }
}

fn samples<P: Page>() -> Vec<Value> {
    P::samples().iter().filter_map(|page| serde_json::to_value(page).ok()).collect()
}

fn mail_samples<M: Mail>() -> Vec<Value> {
    M::samples().iter().filter_map(|mail| serde_json::to_value(mail).ok()).collect()
}

fn schema<T: JsonSchema>() -> Schema {
    SchemaGenerator::default().into_root_schema_for::<T>()
}

/// The list. What is not here is ours alone: signing in, errors, the console, and whatever goes to staff and operators.
pub static PUBLISHED: &[Published] = &[
    Published {
        key: "home",
        name: "Start page",
        about: "What a customer sees first: their one project, or a list of several.",
        slot: page(
            "home/home.html",
            DASHBOARD,
            dashboard!(
                "page.only",
                "page.only",
                region(
                    "part-projects",
                    "not page.only",
                    "the list of projects: a part with id=\"part-projects\" and data-live=\"project schedule\"."
                )
            ),
        ),
        frame: SampleFrame::Page(pages::signed_in_frame),
        samples: samples::<home::pages::HomePage>,
        schema: schema::<home::pages::HomePage>,
    },
    Published {
        key: "project",
        name: "Project page",
        about: "One project, for customers who have several.",
        slot: page("home/project.html", DASHBOARD, dashboard!("page.project", "page.project")),
        frame: SampleFrame::Page(pages::signed_in_frame),
        samples: samples::<home::pages::ProjectPage>,
        schema: schema::<home::pages::ProjectPage>,
    },
    Published {
        key: "documents",
        name: "Documents",
        about: "All papers of a project, by kind.",
        slot: page(
            "documents/list.html",
            &[
                "components/_doc_row.html",
                "components/_empty.html",
                "components/_banner.html",
                "components/_contact.html",
                "components/_tag.html",
            ],
            &[
                HEADING,
                Required {
                    what: What::Address("groups.*.rows.*.newest.url"),
                    when: "",
                    words: "every paper, for example by {{ doc_row(doc, frame) }}.",
                },
            ],
        ),
        frame: SampleFrame::Page(pages::papers_frame),
        samples: samples::<documents::pages::DocumentsPage>,
        schema: schema::<documents::pages::DocumentsPage>,
    },
    Published {
        key: "photos",
        name: "Photos",
        about: "All photos of a project, with before and after.",
        slot: page(
            "photos/list.html",
            &[
                "components/_photo_grid.html",
                "components/_empty.html",
                "components/_banner.html",
                "components/_contact.html",
                "components/_tag.html",
                "photos/_compare.html",
                "photos/_large.html",
            ],
            &[
                HEADING,
                region("photos-top", "", "a part with id=\"photos-top\" and data-live=\"photos\" for the choices."),
                region("photos", "", "a part with id=\"photos\" and data-live=\"photos\" for the pictures."),
                region("photos-large", "", "a part with id=\"photos-large\" and data-live=\"photos\" for the large pictures."),
            ],
        ),
        frame: SampleFrame::Page(pages::photos_frame),
        samples: samples::<photos::pages::PhotosPage>,
        schema: schema::<photos::pages::PhotosPage>,
    },
    Published {
        key: "updates",
        name: "What was done",
        about: "The days on site, the newest first.",
        slot: page(
            "updates/list.html",
            &[
                "updates/_update.html",
                "components/_photo_grid.html",
                "components/_empty.html",
                "components/_banner.html",
                "components/_contact.html",
            ],
            &[HEADING, region("updates", "", "a part with id=\"updates\" and data-live=\"updates photos\" for the days.")],
        ),
        frame: SampleFrame::Page(pages::signed_in_frame),
        samples: samples::<updates::pages::UpdatesPage>,
        schema: schema::<updates::pages::UpdatesPage>,
    },
    Published {
        key: "visits",
        name: "Visits",
        about: "When somebody comes, and what the household says to it.",
        slot: page(
            "visits/list.html",
            &[
                "components/_visit_card.html",
                "components/_banner.html",
                "components/_empty.html",
                "components/_tag.html",
                "components/_contact.html",
            ],
            &[HEADING, region("visits", "", "a part with id=\"visits\" and data-live=\"visits\" for the visits to come.")],
        ),
        frame: SampleFrame::Page(pages::visits_frame),
        samples: samples::<visits::pages::VisitsPage>,
        schema: schema::<visits::pages::VisitsPage>,
    },
    Published {
        key: "invitation_page",
        name: "Invitation page",
        about: "Where the link of an invitation leads.",
        slot: page(
            "people/invitation.html",
            &["people/_ask.html", "components/_banner.html", "components/_contact.html"],
            &[
                HEADING,
                Required {
                    what: What::Address("action"),
                    when: "",
                    words: "the button that sends the sign-in mail: {{ ask_button(page) }}.",
                },
            ],
        ),
        frame: SampleFrame::Page(pages::sample_frame),
        samples: samples::<people::pages::InvitationPage>,
        schema: schema::<people::pages::InvitationPage>,
    },
    Published {
        key: "mail_sign_in",
        name: "Sign-in mail",
        about: "To a customer who asked to sign in: a button and six numbers.",
        slot: mail(
            "sign_in",
            &["mail/_parts.html"],
            &[
                LINK,
                Required {
                    what: What::Code("code"),
                    when: "",
                    words: "the six numbers: {{ code(frame, page.code, \"…\") }} in the HTML, {{ page.code }} in the plain text.",
                },
            ],
        ),
        frame: SampleFrame::Mail(pages::sample_mail_frame),
        samples: mail_samples::<mails::SignInMail>,
        schema: schema::<mails::SignInMail>,
    },
    Published {
        key: "mail_invitation",
        name: "Invitation mail",
        about: "The first mail to a customer.",
        slot: mail("invitation", &["mail/_parts.html"], &[LINK]),
        frame: SampleFrame::Mail(pages::sample_mail_frame),
        samples: mail_samples::<mails::InvitationMail>,
        schema: schema::<mails::InvitationMail>,
    },
    Published {
        key: "mail_news",
        name: "News mail",
        about: "What is new on a project: steps, photos, what was written.",
        slot: mail("news", &["mail/_parts.html", "mail/_news.html"], &[LINK]),
        frame: SampleFrame::Mail(pages::sample_mail_frame),
        samples: mail_samples::<mails::NewsMail>,
        schema: schema::<mails::NewsMail>,
    },
    Published {
        key: "mail_visit",
        name: "Visit mail",
        about: "A visit was proposed, moved, kept or called off, or is tomorrow.",
        slot: mail("visit", &["mail/_parts.html", "mail/_visit.html"], &[LINK]),
        frame: SampleFrame::Mail(pages::sample_mail_frame),
        samples: mail_samples::<mails::VisitMail>,
        schema: schema::<mails::VisitMail>,
    },
    Published {
        key: "mail_weather_delay",
        name: "Weather mail: moved",
        about: "The weather has moved a step.",
        slot: mail("weather_delay", &["mail/_parts.html", "mail/_dates.html"], &[LINK]),
        frame: SampleFrame::Mail(pages::sample_mail_frame),
        samples: mail_samples::<mails::WeatherDelayMail>,
        schema: schema::<mails::WeatherDelayMail>,
    },
    Published {
        key: "mail_weather_back",
        name: "Weather mail: back",
        about: "A step that the weather had moved is back on its day.",
        slot: mail("weather_back", &["mail/_parts.html", "mail/_dates.html"], &[LINK]),
        frame: SampleFrame::Mail(pages::sample_mail_frame),
        samples: mail_samples::<mails::WeatherBackMail>,
        schema: schema::<mails::WeatherBackMail>,
    },
];
