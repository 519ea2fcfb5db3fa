//! The mails the product writes, in the sender's brand.
mod plugin;
mod visit;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::pages::{Face, Mail};
use schemars::JsonSchema;
use serde::Serialize;

use crate::pages::sample_now;
pub use plugin::{PluginMail, PluginOffMail};
pub use visit::{VisitMail, VisitTime};

fn in_minutes(minutes: i64) -> DateTime<Utc> {
    sample_now() + chrono::Duration::minutes(minutes)
}

/// To a customer who asked to sign in: a button and a code.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignInMail {
    /// How the customer is called.
    pub first_name: String,
    /// The button's address.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when the code works.
    pub code_until: DateTime<Utc>,
    /// Until when the button works.
    pub link_until: DateTime<Utc>,
}

impl Mail for SignInMail {
    const NAME: &'static str = "sign_in";
    fn samples() -> Vec<SignInMail> {
        vec![SignInMail {
            first_name: "Margaret".to_owned(),
            link: "https://larkrise.plumbline.example/sign-in/sample".to_owned(),
            code: "407182".to_owned(),
            code_until: in_minutes(10),
            link_until: in_minutes(15),
        }]
    }
}

/// To somebody of the staff who asked to sign in to the console.
#[derive(Debug, Serialize)]
pub struct StaffSignInMail {
    /// How the person is called.
    pub first_name: String,
    /// The button's address.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when the code works.
    pub code_until: DateTime<Utc>,
    /// Until when the button works.
    pub link_until: DateTime<Utc>,
}

impl Mail for StaffSignInMail {
    const NAME: &'static str = "staff_sign_in";
    fn samples() -> Vec<StaffSignInMail> {
        vec![StaffSignInMail {
            first_name: "Dana".to_owned(),
            link: "https://larkrise.plumbline.example/console/sign-in/sample".to_owned(),
            code: "530914".to_owned(),
            code_until: in_minutes(10),
            link_until: in_minutes(15),
        }]
    }
}

/// Invites a customer to the portal. The link is no key: it leads to a page that offers the sign-in mail.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvitationMail {
    /// How the customer is called.
    pub first_name: String,
    /// The invitation page.
    pub link: String,
    /// The name of a project they will find there.
    pub project: Option<String>,
}

impl Mail for InvitationMail {
    const NAME: &'static str = "invitation";
    fn samples() -> Vec<InvitationMail> {
        let mail = |project: Option<&str>| InvitationMail {
            first_name: "Margaret".to_owned(),
            link: "https://larkrise.plumbline.example/invitation/01985b2e".to_owned(),
            project: project.map(str::to_owned),
        };
        vec![mail(Some("New roof")), mail(None)]
    }
}

/// Invites somebody to the team.
#[derive(Debug, Serialize)]
pub struct StaffInvitationMail {
    /// How the invited person is called.
    pub first_name: String,
    /// Who invites.
    pub inviter: String,
    /// `owner`, `manager` or `member`.
    pub role: String,
    /// The console's sign-in page.
    pub link: String,
}

impl Mail for StaffInvitationMail {
    const NAME: &'static str = "staff_invitation";
    fn samples() -> Vec<StaffInvitationMail> {
        vec![StaffInvitationMail {
            first_name: "Joss".to_owned(),
            inviter: "Dana Whitlock".to_owned(),
            role: "manager".to_owned(),
            link: "https://larkrise.plumbline.example/console/sign-in".to_owned(),
        }]
    }
}

/// To the owner of a new company: confirms the address, and by it the signup.
#[derive(Debug, Serialize)]
pub struct SignupConfirmMail {
    /// How the owner is called.
    pub first_name: String,
    /// The company's name.
    pub company: String,
    /// Its address, `larkrise.plumbline.example`.
    pub host: String,
    /// The button's address.
    pub link: String,
    /// Until when it works.
    pub link_until: DateTime<Utc>,
}

impl Mail for SignupConfirmMail {
    const NAME: &'static str = "signup_confirm";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<SignupConfirmMail> {
        vec![SignupConfirmMail {
            first_name: "Dana".to_owned(),
            company: "Larkrise Roofing".to_owned(),
            host: "larkrise.plumbline.example".to_owned(),
            link: "https://plumbline.example/signup/confirm/sample".to_owned(),
            link_until: in_minutes(60),
        }]
    }
}

/// To an operator who asked to sign in.
#[derive(Debug, Serialize)]
pub struct OperatorSignInMail {
    /// How the operator is called.
    pub first_name: String,
    /// The button's address.
    pub link: String,
    /// Six digits.
    pub code: String,
    /// Until when the code works.
    pub code_until: DateTime<Utc>,
    /// Until when the button works.
    pub link_until: DateTime<Utc>,
}

impl Mail for OperatorSignInMail {
    const NAME: &'static str = "operator_sign_in";
    const FACE: Face = Face::Apex;
    fn samples() -> Vec<OperatorSignInMail> {
        vec![OperatorSignInMail {
            first_name: "Robin".to_owned(),
            link: "https://plumbline.example/operator/sign-in/sample".to_owned(),
            code: "218640".to_owned(),
            code_until: in_minutes(10),
            link_until: in_minutes(15),
        }]
    }
}

/// To a household: what is new on their project.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NewsMail {
    /// How the reader is called.
    pub first_name: String,
    /// The project's name.
    pub project: String,
    /// Steps that are done, by name.
    pub steps: Vec<String>,
    /// How many photos are new.
    pub photos: usize,
    /// The titles of new documents.
    pub papers: Vec<String>,
    /// The first lines of what was written.
    pub updates: Vec<NewsLine>,
    /// How many more were written.
    pub more_updates: usize,
    /// The project's page. No credential is in it.
    pub link: String,
}

/// The first line of what was written about a day.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NewsLine {
    /// Which day.
    pub day: NaiveDate,
    /// The line.
    pub words: String,
}

impl Mail for NewsMail {
    const NAME: &'static str = "news";
    fn samples() -> Vec<NewsMail> {
        let line = |day, words: &str| NewsLine { day: NaiveDate::from_ymd_opt(2026, 6, day).expect("a day"), words: words.to_owned() };
        let mail = |steps: &[&str], photos, updates, more_updates| NewsMail {
            first_name: "Margaret".to_owned(),
            project: "New roof".to_owned(),
            steps: steps.iter().map(|s| (*s).to_owned()).collect(),
            photos,
            papers: Vec::new(),
            updates,
            more_updates,
            link: "https://larkrise.plumbline.example/projects/01985b2e".to_owned(),
        };
        vec![
            mail(
                &["Tear-off", "Underlay"],
                6,
                vec![line(8, "The north side is covered."), line(7, "Underlay is on, the house is dry.")],
                1,
            ),
            mail(&["Tear-off"], 0, vec![], 0),
            mail(&[], 1, vec![], 0),
            mail(&[], 0, vec![line(8, "The north side is covered.")], 0),
            mail(&[], 0, vec![line(8, "One."), line(8, "Two.")], 0),
            NewsMail { papers: vec!["Warranty (W-2026-0003)".to_owned()], ..mail(&[], 0, vec![], 0) },
        ]
    }
}

/// The days of a piece of work, in a mail.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct DaySpan {
    /// The first.
    pub first: NaiveDate,
    /// The last; may be the same.
    pub last: NaiveDate,
}

impl From<(NaiveDate, NaiveDate)> for DaySpan {
    fn from((first, last): (NaiveDate, NaiveDate)) -> Self {
        Self { first, last }
    }
}

/// To a household: the weather has moved a step of their project.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WeatherDelayMail {
    /// How the reader is called.
    pub first_name: String,
    /// The project's name.
    pub project: String,
    /// `Rain has moved “Gutters” by two working days`
    pub title: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The days as they were planned.
    pub was: DaySpan,
    /// The days as they are planned now.
    pub now: DaySpan,
    /// The project's page. No credential is in it.
    pub link: String,
}

impl Mail for WeatherDelayMail {
    const NAME: &'static str = "weather_delay";
    fn samples() -> Vec<WeatherDelayMail> {
        let day = |n| NaiveDate::from_ymd_opt(2026, 6, n).expect("a day");
        let mail = |was: (u32, u32), now: (u32, u32)| WeatherDelayMail {
            first_name: "Margaret".to_owned(),
            project: "New roof".to_owned(),
            title: "Rain has moved “Gutters” by two working days".to_owned(),
            reason: "Rain is forecast between Tuesday, June 9 and Wednesday, June 10.".to_owned(),
            was: (day(was.0), day(was.1)).into(),
            now: (day(now.0), day(now.1)).into(),
            link: "https://larkrise.plumbline.example/projects/01985b2e".to_owned(),
        };
        vec![mail((9, 10), (11, 12)), mail((9, 9), (11, 11))]
    }
}

/// To the same household: the delay was taken back.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WeatherBackMail {
    /// How the reader is called.
    pub first_name: String,
    /// The project's name.
    pub project: String,
    /// `“Gutters” is back on its earlier date`
    pub title: String,
    /// Why, in a sentence.
    pub reason: String,
    /// The days of which they were told.
    pub was: DaySpan,
    /// The days as they are planned now.
    pub now: DaySpan,
    /// The project's page. No credential is in it.
    pub link: String,
}

impl Mail for WeatherBackMail {
    const NAME: &'static str = "weather_back";
    fn samples() -> Vec<WeatherBackMail> {
        let samples = WeatherDelayMail::samples().into_iter();
        let back = |mail: WeatherDelayMail| WeatherBackMail {
            first_name: mail.first_name,
            project: mail.project,
            title: "“Gutters” is back on its earlier date".to_owned(),
            reason: "The forecast has turned: no rain any more for Tuesday, June 9.".to_owned(),
            was: mail.now,
            now: mail.was,
            link: mail.link,
        };
        samples.map(back).collect()
    }
}
