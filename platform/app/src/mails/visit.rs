//! The mail about a visit: proposed, moved, kept, cancelled, or tomorrow.

use crate::visits::ops::Occasion;
use chrono::NaiveDate;
use kernel::pages::Mail;
use schemars::JsonSchema;
use serde::Serialize;

/// To a household: when somebody comes, and what to do for it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VisitMail {
    /// Why it is written.
    pub occasion: Occasion,
    /// How the reader is called.
    pub first_name: String,
    /// The project's name.
    pub project: String,
    /// For example "Gutters go up".
    pub title: String,
    /// When it is; if it was cancelled, when it would have been.
    pub time: VisitTime,
    /// When they had been told it would be.
    pub was: Option<VisitTime>,
    /// Who comes; may be empty.
    pub who: String,
    /// What to prepare; may be empty.
    pub prepare: String,
    /// They have not said yet that it suits them.
    pub unanswered: bool,
    /// The page with the visits. No credential is in it.
    pub link: String,
}

/// When a visit is, in a mail.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VisitTime {
    /// The day where the company is.
    pub day: NaiveDate,
    /// `8 to 11 am`
    pub hours: String,
}

impl Mail for VisitMail {
    const NAME: &'static str = "visit";
    fn samples() -> Vec<VisitMail> {
        let time = |day, hours: &str| VisitTime { day: NaiveDate::from_ymd_opt(2026, 6, day).expect("a day"), hours: hours.to_owned() };
        let mail = |occasion, was: Option<VisitTime>, unanswered| VisitMail {
            occasion,
            first_name: "Margaret".to_owned(),
            project: "New roof".to_owned(),
            title: "Shingles on the back".to_owned(),
            time: time(9, "8 to 11 am"),
            was,
            who: "Dana Whitlock and three roofers".to_owned(),
            prepare: "Please move cars off the driveway by 7:45.\nIt will be noisy until lunch.".to_owned(),
            unanswered,
            link: "https://larkrise.plumbline.example/projects/01985b2e/visits".to_owned(),
        };
        let bare = VisitMail { who: String::new(), prepare: String::new(), ..mail(Occasion::Proposed, None, true) };
        vec![
            mail(Occasion::Proposed, None, true),
            bare,
            mail(Occasion::Moved, Some(time(12, "11 am to 2 pm")), true),
            mail(Occasion::Kept, None, true),
            mail(Occasion::Cancelled, None, false),
            mail(Occasion::Reminder, None, false),
            mail(Occasion::Reminder, None, true),
        ]
    }
}
