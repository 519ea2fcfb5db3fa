//! The rows of appointments and calendar feeds, what comes in, and the pure rules about them.

use super::{
    AppointmentId, CalendarFeedId,
    when::{Span, Window, parse_time},
};
use crate::{people::HouseholdId, projects::ProjectId, schedule::MilestoneId, visibility::Visibility};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use kernel::{Problem, Result, ids::CustomerId};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum AppointmentState {
    /// The household has not answered.
    Proposed,
    /// It suits the household.
    Confirmed,
    /// The household asked for another time.
    MoveAsked,
    /// Nobody comes.
    Cancelled,
}

impl AppointmentState {
    /// The word in tables and templates.
    pub fn name(self) -> String {
        self.to_value()
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "appointments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AppointmentId,
    pub household_id: HouseholdId,
    pub project_id: ProjectId,
    pub milestone_id: Option<MilestoneId>,
    pub visibility: Visibility,
    pub title: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub who: String,
    pub prepare: String,
    pub state: AppointmentState,
    pub asked_note: String,
    pub answered_by: String,
    pub answered_at: Option<DateTime<Utc>>,
    pub sequence: i32,
    pub was_starts_at: Option<DateTime<Utc>>,
    pub was_ends_at: Option<DateTime<Utc>>,
    pub told_sequence: Option<i32>,
    pub reminded_sequence: Option<i32>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The time as moments.
    pub fn span(&self) -> Span {
        Span { starts_at: self.starts_at, ends_at: self.ends_at }
    }

    /// The time that the household had been told before the one that counts now.
    pub fn was(&self) -> Option<Span> {
        Some(Span { starts_at: self.was_starts_at?, ends_at: self.was_ends_at? })
    }

    /// Nobody can be asked to move it any more.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends_at <= now
    }
}

/// The table `calendar_feeds`.
pub mod feed {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "calendar_feeds")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CalendarFeedId,
        pub customer_id: CustomerId,
        pub token_hash: Vec<u8>,
        pub created_at: DateTime<Utc>,
        pub last_read_at: Option<DateTime<Utc>>,
        pub revoked_at: Option<DateTime<Utc>>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a new visit is made from. Times are the company's.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewAppointment {
    /// For example "Gutters go up".
    pub title: String,
    /// The day.
    pub day: NaiveDate,
    /// The beginning of the window, `08:00`.
    pub from: String,
    /// Its end, `11:00`, on the same day.
    pub until: String,
    /// Who comes; may be empty.
    #[oai(default)]
    pub who: String,
    /// What the household should prepare; may be empty.
    #[oai(default)]
    pub prepare: String,
    /// Who may see it.
    pub visibility: Visibility,
    /// What it belongs to, of the same project.
    pub milestone_id: Option<MilestoneId>,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Object)]
pub struct AppointmentChange {
    /// For example "Gutters go up".
    pub title: Option<String>,
    /// The day. A new time asks the household again.
    pub day: Option<NaiveDate>,
    /// The beginning of the window, `08:00`.
    pub from: Option<String>,
    /// Its end, `11:00`.
    pub until: Option<String>,
    /// Who comes.
    pub who: Option<String>,
    /// What the household should prepare.
    pub prepare: Option<String>,
    /// Who may see it. What the household has seen cannot be hidden again, only cancelled.
    pub visibility: Option<Visibility>,
    /// What it belongs to; null: nothing.
    pub milestone_id: MaybeUndefined<MilestoneId>,
    /// Answers a household that asked for another time: there is none, it stays as it is. They are asked again.
    pub keep_time: Option<bool>,
}

/// A visit's time as it comes in.
pub struct TimeInput<'a> {
    /// The day.
    pub day: NaiveDate,
    /// `08:00`
    pub from: &'a str,
    /// `11:00`
    pub until: &'a str,
}

impl TimeInput<'_> {
    /// The moments that are meant, if a visit can be then.
    pub fn span(&self, zone: Tz, now: DateTime<Utc>) -> Result<Span> {
        let window = Window { day: self.day, from: parse_time("from", self.from)?, until: parse_time("until", self.until)? };
        let today = now.with_timezone(&zone).date_naive();
        if (self.day - today).num_days().abs() > 1830 {
            return Err(Problem::invalid("day", "day_out_of_range", "This day is more than five years away. Is the year right?"));
        }
        let span = window.span(zone)?;
        if span.ends_at <= now {
            return Err(Problem::invalid("day", "time_past", "This time is over. A visit is still to come."));
        }
        Ok(span)
    }
}

/// A title as it is kept: one line, 1 to 120 characters.
pub fn clean_title(text: &str) -> Result<String> {
    let title = one_line(text);
    match title.chars().count() {
        0 => Err(Problem::invalid("title", "title_missing", "Say what the visit is for, for example \"Gutters go up\".")),
        1..=120 => Ok(title),
        _ => Err(Problem::invalid("title", "title_too_long", "At most 120 characters fit here.")),
    }
}

/// Who comes as it is kept: one line, at most 200 characters.
pub fn clean_who(text: &str) -> Result<String> {
    short("who", one_line(text), 200)
}

/// What is to be prepared as it is kept: at most 600 characters, lines stay.
pub fn clean_prepare(text: &str) -> Result<String> {
    short("prepare", lines(text), 600)
}

/// Why somebody asks for another time, and when it would suit them: 1 to 600 characters, lines stay.
pub fn clean_note(text: &str) -> Result<String> {
    let note = short("note", lines(text), 600)?;
    match note.is_empty() {
        true => Err(Problem::invalid("note", "note_missing", "Tell us which days or times would suit you better.")),
        false => Ok(note),
    }
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect::<String>().trim().to_owned()
}

fn short(field: &str, text: String, max: usize) -> Result<String> {
    match text.chars().count() > max {
        true => Err(Problem::invalid(field, "too_long", format!("At most {max} characters fit here."))),
        false => Ok(text),
    }
}

/// The time that the household knows once a visit moves from `now` to `next`: what it was told last, if that is another one.
pub fn known_before(row: &Model, next: Span) -> Option<Span> {
    let known = if row.told_sequence == Some(row.sequence) { Some(row.span()) } else { row.was() };
    known.filter(|span| *span != next)
}

/// When to remind of a visit: on the day before, at four in the afternoon.
pub fn reminder_at(span: Span, zone: Tz) -> DateTime<Utc> {
    let day = span.window(zone).day;
    let four = chrono::NaiveTime::from_hms_opt(16, 0, 0).unwrap_or_default();
    super::when::at_or_after(day.pred_opt().unwrap_or(day), four, zone)
}

/// A day of the calendar feed that is older is left out.
pub const FEED_PAST: Duration = Duration::days(90);
/// How long the feed shows that a visit was cancelled.
pub const FEED_CANCELLED: Duration = Duration::days(30);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn span(starts: &str, ends: &str) -> Span {
        Span { starts_at: at(starts), ends_at: at(ends) }
    }

    fn row(told: Option<i32>) -> Model {
        Model {
            id: AppointmentId(Uuid::nil()),
            household_id: HouseholdId(Uuid::nil()),
            project_id: ProjectId(Uuid::nil()),
            milestone_id: None,
            visibility: Visibility::Client,
            title: String::new(),
            starts_at: at("2026-06-09T12:00:00Z"),
            ends_at: at("2026-06-09T15:00:00Z"),
            who: String::new(),
            prepare: String::new(),
            state: AppointmentState::Proposed,
            asked_note: String::new(),
            answered_by: String::new(),
            answered_at: None,
            sequence: 2,
            was_starts_at: Some(at("2026-06-08T12:00:00Z")),
            was_ends_at: Some(at("2026-06-08T15:00:00Z")),
            told_sequence: told,
            reminded_sequence: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_move_is_from_what_the_household_knows() {
        let next = span("2026-06-10T12:00:00Z", "2026-06-10T15:00:00Z");
        let told = span("2026-06-09T12:00:00Z", "2026-06-09T15:00:00Z");
        let earlier = span("2026-06-08T12:00:00Z", "2026-06-08T15:00:00Z");
        assert_eq!(known_before(&row(Some(2)), next), Some(told));
        assert_eq!(known_before(&row(Some(1)), next), Some(earlier), "the newest time was never told");
        assert_eq!(known_before(&row(Some(1)), earlier), None, "back to what they know");
    }

    #[test]
    fn a_time_to_come_within_reason() {
        let now = at("2026-06-09T13:00:00Z");
        let code = |day: &str, from, until| {
            let input = TimeInput { day: day.parse().expect("a day"), from, until };
            input.span(Tz::America__New_York, now).err().map(|p| p.code().to_owned()).unwrap_or_default()
        };
        assert_eq!(code("2026-06-09", "08:00", "11:00"), "", "it has begun and goes on");
        assert_eq!(code("2026-06-09", "07:00", "09:00"), "time_past");
        assert_eq!(code("2026-06-08", "08:00", "11:00"), "time_past");
        assert_eq!(code("0206-06-08", "08:00", "11:00"), "day_out_of_range");
        assert_eq!(code("2062-06-08", "08:00", "11:00"), "day_out_of_range");
        assert_eq!(code("2026-06-10", "8", "11:00"), "time_format");
    }

    #[test]
    fn reminders_come_in_the_afternoon_before() {
        let said = |starts: &str, zone: Tz| {
            let starts_at = at(starts);
            let span = Span { starts_at, ends_at: starts_at + Duration::hours(1) };
            reminder_at(span, zone).format("%Y-%m-%dT%H:%M").to_string()
        };
        assert_eq!(said("2026-06-09T12:00:00Z", Tz::America__New_York), "2026-06-08T20:00");
        assert_eq!(said("2026-06-09T12:00:00Z", Tz::Pacific__Auckland), "2026-06-09T04:00");
        assert_eq!(said("2026-06-09T12:00:00Z", Tz::Etc__GMTPlus12), "2026-06-09T04:00");
    }

    #[test]
    fn words_are_cleaned() {
        assert_eq!(clean_title(" Gutters \n go\u{7} up ").unwrap(), "Gutters go up");
        assert_eq!(clean_title("\u{0}").unwrap_err().code(), "title_missing");
        assert_eq!(clean_prepare(" Move the cars.\r\nLock up the dog.\u{0} ").unwrap(), "Move the cars.\nLock up the dog.");
        assert_eq!(clean_note("  ").unwrap_err().code(), "note_missing");
        assert_eq!(clean_note(&"ü".repeat(601)).unwrap_err().code(), "too_long");
    }
}
