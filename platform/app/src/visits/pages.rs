//! When somebody comes, as the household reads and answers it; and the address for their calendar program.

use super::{
    ops::{CustomerVisit, FeedView},
    when::{Window, words},
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{forms::Form, pages::Page};
use schemars::JsonSchema;
use serde::Serialize;

use crate::pages::hours_ago;

/// A day and its hours.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VisitHours {
    /// `2026-06-09`
    pub day: String,
    /// `8 to 11 am`
    pub hours: String,
}

impl From<Window> for VisitHours {
    fn from(window: Window) -> Self {
        Self { day: window.day.to_string(), hours: words(window.from, window.until) }
    }
}

/// One visit to come, with what can be said to it. Shown by `components/_visit_card.html`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VisitCard {
    /// Its id.
    pub id: String,
    /// Where it belongs.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
    /// For example "Gutters go up".
    pub title: String,
    /// When.
    pub time: VisitHours,
    /// The same day for the leaf: `Tue`, `9`, `June`.
    pub leaf: [String; 3],
    /// When it was to be before it was moved.
    pub was: Option<VisitHours>,
    /// Who comes; may be empty.
    pub who: String,
    /// What to prepare, line by line.
    pub prepare: Vec<String>,
    /// `proposed`, `confirmed` or `move_asked`.
    pub state: String,
    /// What was written when another time was asked for; may be empty.
    pub asked_note: String,
    /// Who of the household answered; may be empty.
    pub answered_by: String,
    /// What an answer is about.
    pub sequence: i32,
    /// The reader may answer.
    pub answerable: bool,
}

impl VisitCard {
    /// The card of a visit to come.
    pub fn of(visit: &CustomerVisit) -> VisitCard {
        let day: NaiveDate = visit.window.day;
        VisitCard {
            id: visit.id.to_string(),
            project_id: visit.project.to_string(),
            project_name: visit.project_name.clone(),
            title: visit.title.clone(),
            time: visit.window.into(),
            leaf: ["%a", "%-d", "%B"].map(|part| day.format(part).to_string()),
            was: visit.was.map(Into::into),
            who: visit.who.clone(),
            prepare: visit.prepare.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
            state: visit.state.name(),
            asked_note: visit.asked_note.clone(),
            answered_by: visit.answered_by.clone(),
            sequence: visit.sequence,
            answerable: visit.answerable,
        }
    }
}

/// A visit that is over, or that was called off.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PastVisit {
    /// Its id.
    pub id: String,
    /// For example "Gutters go up".
    pub title: String,
    /// When it was, or would have been.
    pub time: VisitHours,
    /// Who came; may be empty.
    pub who: String,
    /// Nobody came.
    pub cancelled: bool,
}

impl PastVisit {
    /// The row of a visit that is over or was called off.
    pub fn of(visit: &CustomerVisit) -> PastVisit {
        PastVisit {
            id: visit.id.to_string(),
            title: visit.title.clone(),
            time: visit.window.into(),
            who: visit.who.clone(),
            cancelled: visit.state == super::AppointmentState::Cancelled,
        }
    }
}

/// What has just happened.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VisitNotice {
    /// `positive`, `info` or `warning`.
    pub tone: &'static str,
    /// In one sentence.
    pub title: String,
    /// What it means.
    pub words: String,
}

/// `GET /projects/{id}/visits`
#[derive(Debug, Serialize, JsonSchema)]
pub struct VisitsPage {
    /// The project's id.
    pub project_id: String,
    /// The project's name.
    pub project_name: String,
    /// By time.
    pub upcoming: Vec<VisitCard>,
    /// The newest first.
    pub past: Vec<PastVisit>,
    /// What has just happened.
    pub notice: Option<VisitNotice>,
    /// Work goes on; else all of it is there to be read.
    pub open: bool,
}

/// `GET /appointments/{id}/move`: the form posts to the same address.
#[derive(Debug, Serialize)]
pub struct MovePage {
    /// What another time is asked for.
    pub visit: VisitCard,
    /// What was typed.
    pub form: Form,
    /// What has changed since the form was opened.
    pub notice: Option<VisitNotice>,
}

/// `GET /calendar`
#[derive(Debug, Serialize)]
pub struct CalendarPage {
    /// The address that is there.
    pub feed: Option<FeedRow>,
    /// The new address: shown now and never again.
    pub made: Option<MadeAddress>,
    /// What has just happened.
    pub notice: Option<VisitNotice>,
}

/// An address that is there.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FeedRow {
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When a calendar program last asked, to the hour.
    pub last_read_at: Option<DateTime<Utc>>,
}

impl From<FeedView> for FeedRow {
    fn from(feed: FeedView) -> Self {
        Self { created_at: feed.created_at, last_read_at: feed.last_read_at }
    }
}

/// A new address.
#[derive(Clone, Debug, Serialize)]
pub struct MadeAddress {
    /// To be copied.
    pub address: String,
    /// The same for the calendar program of this device.
    pub open: String,
}

/// A believable visit in this state.
pub fn sample_card(state: &str) -> VisitCard {
    let hours = |day: &str, hours: &str| VisitHours { day: day.to_owned(), hours: hours.to_owned() };
    let answered = if state == "proposed" { "" } else { "Margaret Ellery" };
    let note = if state == "move_asked" { "We are away until noon. Any time after 1 pm is fine.\nOr Thursday, all day." } else { "" };
    VisitCard {
        id: "01985b30".to_owned(),
        project_id: "01985b2e".to_owned(),
        project_name: "New roof".to_owned(),
        title: "Shingles on the back".to_owned(),
        time: hours("2026-06-09", "8 to 11 am"),
        leaf: ["Tue", "9", "June"].map(str::to_owned),
        was: None,
        who: "Dana Whitlock and three roofers".to_owned(),
        prepare: vec!["Please move cars off the driveway by 7:45. It will be noisy until lunch.".to_owned()],
        state: state.to_owned(),
        asked_note: note.to_owned(),
        answered_by: answered.to_owned(),
        sequence: 0,
        answerable: true,
    }
}

/// Another one, later and moved.
fn moved_card() -> VisitCard {
    VisitCard {
        id: "01985b31".to_owned(),
        title: "Final walk-through with you".to_owned(),
        time: VisitHours { day: "2026-06-17".to_owned(), hours: "11 am to 2 pm".to_owned() },
        leaf: ["Wed", "17", "June"].map(str::to_owned),
        was: Some(VisitHours { day: "2026-06-15".to_owned(), hours: "8:30 to 9:15 am".to_owned() }),
        who: String::new(),
        prepare: Vec::new(),
        ..sample_card("proposed")
    }
}

fn sample_past() -> Vec<PastVisit> {
    let row = |id: &str, title: &str, day: &str, cancelled| PastVisit {
        id: id.to_owned(),
        title: title.to_owned(),
        time: VisitHours { day: day.to_owned(), hours: "8 to 10 am".to_owned() },
        who: "Dana Whitlock".to_owned(),
        cancelled,
    };
    vec![
        row("v3", "Gutters go up", "2026-06-12", true),
        row("v2", "Old roof comes off", "2026-06-02", false),
        row("v1", "We look at the roof", "2026-04-21", false),
    ]
}

fn notice(tone: &'static str, title: &str, words: &str) -> Option<VisitNotice> {
    Some(VisitNotice { tone, title: title.to_owned(), words: words.to_owned() })
}

impl Page for VisitsPage {
    const TEMPLATE: &'static str = "visits/list.html";
    fn samples() -> Vec<VisitsPage> {
        let page = |upcoming, past, notice, open| VisitsPage {
            project_id: "01985b2e".to_owned(),
            project_name: "New roof".to_owned(),
            upcoming,
            past,
            notice,
            open,
        };
        let look = VisitCard { answerable: false, ..sample_card("proposed") };
        vec![
            page(vec![sample_card("proposed"), moved_card()], sample_past(), None, true),
            page(
                vec![sample_card("confirmed"), moved_card()],
                sample_past(),
                notice("positive", "Confirmed: tomorrow, 8 to 11 am.", "Thank you. We remind you the day before."),
                true,
            ),
            page(vec![sample_card("move_asked")], vec![], notice("positive", "We have your question.", "We will write to you."), true),
            page(vec![moved_card()], vec![], notice("warning", "The time has changed in the meantime.", "Please look at it again."), true),
            page(vec![look], vec![], None, true),
            page(vec![], vec![], None, true),
            page(vec![], sample_past(), None, false),
        ]
    }
}

impl Page for MovePage {
    const TEMPLATE: &'static str = "visits/move.html";
    fn samples() -> Vec<MovePage> {
        let mut form = Form::new().with("note", "  ");
        form.mistake("note", "Tell us which days or times would suit you better.");
        vec![
            MovePage { visit: sample_card("proposed"), form: Form::new(), notice: None },
            MovePage { visit: sample_card("confirmed"), form, notice: None },
            MovePage {
                visit: moved_card(),
                form: Form::new().with("note", "Thursday is better."),
                notice: notice("warning", "The time of this visit has changed in the meantime.", "What you typed is still here."),
            },
        ]
    }
}

impl Page for CalendarPage {
    const TEMPLATE: &'static str = "visits/calendar.html";
    fn samples() -> Vec<CalendarPage> {
        let feed = |read: Option<i64>| Some(FeedRow { created_at: hours_ago(200), last_read_at: read.map(hours_ago) });
        let host = "larkrise.plumbline.example/calendar/Zk3uVJ2nT0yqk2m1rB7hX8cQeW4sLd9aYfGpNv5oI6t.ics";
        let made = MadeAddress { address: format!("https://{host}"), open: format!("webcal://{host}") };
        vec![
            CalendarPage { feed: None, made: None, notice: None },
            CalendarPage { feed: feed(None), made: Some(made), notice: None },
            CalendarPage { feed: feed(Some(2)), made: None, notice: None },
            CalendarPage { feed: None, made: None, notice: notice("positive", "The address has ended.", "Nobody can read it any more.") },
        ]
    }
}
