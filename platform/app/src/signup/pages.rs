//! The pages of the signup, on the bare domain: the form, "check your mail", the confirmation and the progress.
use kernel::forms::Form;
use kernel::pages::{Face, Page};
use serde::Serialize;

/// Time zones under one heading of the select.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneGroup {
    /// The heading.
    pub label: String,
    /// Identifier and words, in the order shown.
    pub zones: Vec<(String, String)>,
}

/// The zones most companies are in, with the words people use for them.
const COMMON_ZONES: [(&str, &str); 10] = [
    ("America/New_York", "Eastern time (New York)"),
    ("America/Chicago", "Central time (Chicago)"),
    ("America/Denver", "Mountain time (Denver)"),
    ("America/Phoenix", "Arizona (Phoenix)"),
    ("America/Los_Angeles", "Pacific time (Los Angeles)"),
    ("America/Anchorage", "Alaska (Anchorage)"),
    ("Pacific/Honolulu", "Hawaii (Honolulu)"),
    ("America/Toronto", "Eastern time (Toronto)"),
    ("Europe/London", "United Kingdom (London)"),
    ("Australia/Sydney", "Australia (Sydney)"),
];

const REGIONS: [&str; 8] = ["Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// Every zone a company can choose: the common ones first, then the rest by region.
pub fn zone_groups() -> Vec<ZoneGroup> {
    let common = COMMON_ZONES.iter().map(|(id, words)| ((*id).to_owned(), (*words).to_owned())).collect();
    let mut groups = vec![ZoneGroup { label: "Common".to_owned(), zones: common }];
    for region in REGIONS {
        let is_common = |id: &str| COMMON_ZONES.iter().any(|(common, _)| *common == id);
        let in_region = |id: &&str| id.split('/').next() == Some(region) && id.contains('/') && !is_common(id);
        let words = |id: &str| (id.to_owned(), id[region.len() + 1..].replace('_', " ").replace('/', ", "));
        let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).filter(in_region).map(words).collect();
        groups.push(ZoneGroup { label: region.to_owned(), zones });
    }
    groups
}

/// `GET /` of the bare domain, and the answer to a form with mistakes. Fields: company, subdomain, name, email, time_zone.
#[derive(Debug, Serialize)]
pub struct SignupPage {
    /// What was typed and what is wrong with it.
    pub form: Form,
    /// The bare domain, shown behind the subdomain.
    pub base_domain: String,
    /// The choices of the time zone.
    pub zones: Vec<ZoneGroup>,
}

impl SignupPage {
    /// The page for a form; Eastern time until somebody chose.
    pub fn new(form: Form, base_domain: impl Into<String>) -> SignupPage {
        SignupPage { form, base_domain: base_domain.into(), zones: zone_groups() }
    }
}

impl Page for SignupPage {
    const TEMPLATE: &'static str = "signup/form.html";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupPage> {
        let mut wrong = Form::new()
            .with("company", "Larkrise Roofing")
            .with("subdomain", "www")
            .with("name", "Dana Whitlock")
            .with("email", "dana.larkrise.example")
            .with("time_zone", "America/Chicago");
        wrong.mistake("subdomain", "This name is reserved. Please choose another.");
        wrong.email("email", "Type your mail address.");
        let mut refused = Form::new().with("company", "Larkrise Roofing");
        refused.refuse("We cannot send mail at the moment. Nothing was saved. Please try again in a minute.");
        [Form::new(), wrong, refused].map(|form| SignupPage::new(form, "plumbline.example")).into()
    }
}

/// After the form: a mail is on its way.
#[derive(Debug, Serialize)]
pub struct SignupSentPage {
    /// Where it was sent.
    pub email: String,
    /// How long its link works.
    pub link_minutes: u32,
}

impl Page for SignupSentPage {
    const TEMPLATE: &'static str = "signup/sent.html";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupSentPage> {
        vec![SignupSentPage { email: "dana@larkrise.example".to_owned(), link_minutes: 60 }]
    }
}

/// `GET /signup/confirm/{token}`: shows what is about to be made. Only the button's POST makes it.
#[derive(Debug, Serialize)]
pub struct SignupConfirmPage {
    /// The company's name.
    pub company: String,
    /// Its address, `larkrise.plumbline.example`.
    pub host: String,
    /// Where the button posts to.
    pub action: String,
}

impl Page for SignupConfirmPage {
    const TEMPLATE: &'static str = "signup/confirm.html";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupConfirmPage> {
        vec![SignupConfirmPage {
            company: "Larkrise Roofing".to_owned(),
            host: "larkrise.plumbline.example".to_owned(),
            action: "/signup/confirm/sample".to_owned(),
        }]
    }
}

/// One step of setting up a company.
#[derive(Debug, Serialize)]
pub struct SetupStep {
    /// In words: "Your own encryption key".
    pub label: String,
    /// `done`, `now` or `next`.
    pub state: &'static str,
}

/// The form that hands the new owner over to the new host.
#[derive(Debug, Serialize)]
pub struct HandOver {
    /// Where it posts to, on the new host. Its origin must stand in the frame's form targets.
    pub action: String,
    /// The single-use token, posted as `token`.
    pub token: String,
}

/// How far the setting up is.
#[derive(Debug, Serialize)]
pub struct SignupProgress {
    /// The company's name.
    pub company: String,
    /// Its address.
    pub host: String,
    /// This page's own address, asked again every two seconds while it runs.
    pub poll_url: String,
    /// The steps in order.
    pub steps: Vec<SetupStep>,
    /// It failed and will not go on: what was done about it.
    pub failed: Option<String>,
    /// It is ready.
    pub ready: Option<HandOver>,
}

/// The steps of a setting up, in the order of provisioning.
pub const SETUP_STEPS: [&str; 5] =
    ["Your address", "A database of your own", "An encryption key of your own", "A place for your documents", "Your first look"];

impl SignupProgress {
    /// Steps with `done` of them finished and the next one running.
    pub fn steps(done: usize) -> Vec<SetupStep> {
        let state = |i: usize| {
            if i < done {
                "done"
            } else if i == done {
                "now"
            } else {
                "next"
            }
        };
        SETUP_STEPS.iter().enumerate().map(|(i, label)| SetupStep { label: (*label).to_owned(), state: state(i) }).collect()
    }

    fn samples() -> Vec<SignupProgress> {
        let sample = |done, failed: Option<&str>, ready| SignupProgress {
            company: "Larkrise Roofing".to_owned(),
            host: "larkrise.plumbline.example".to_owned(),
            poll_url: "/signup/progress/01985b2e".to_owned(),
            steps: SignupProgress::steps(done),
            failed: failed.map(str::to_owned),
            ready,
        };
        let hand_over =
            HandOver { action: "https://larkrise.plumbline.example/api/v1/session/handoff".to_owned(), token: "sample".to_owned() };
        vec![
            sample(2, None, None),
            sample(
                2,
                Some(
                    "The encryption key could not be made, so we removed what was there already. Your address is free again. Please sign up once more in a few minutes.",
                ),
                None,
            ),
            sample(5, None, Some(hand_over)),
        ]
    }
}

/// `GET /signup/progress/{id}` for a browser.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct SignupProgressPage(pub SignupProgress);

impl Page for SignupProgressPage {
    const TEMPLATE: &'static str = "signup/progress.html";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupProgressPage> {
        SignupProgress::samples().into_iter().map(SignupProgressPage).collect()
    }
}

/// The same address asked by htmx (`HX-Request: true`): only the part that changes.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct SignupProgressPart(pub SignupProgress);

impl Page for SignupProgressPart {
    const TEMPLATE: &'static str = "signup/_progress.html";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupProgressPart> {
        SignupProgress::samples().into_iter().map(SignupProgressPart).collect()
    }
}
