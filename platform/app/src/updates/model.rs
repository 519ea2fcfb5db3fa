//! An update's row, what comes in, and the pure rules about its words and its day.

use super::UpdateId;
use crate::{people::HouseholdId, projects::ProjectId, visibility::Visibility};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Problem, Result};
use poem_openapi::Object;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "updates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: UpdateId,
    pub household_id: HouseholdId,
    pub project_id: ProjectId,
    pub visibility: Visibility,
    pub day: NaiveDate,
    pub body: String,
    pub author_id: Option<Uuid>,
    pub author_name: String,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a new update is made from.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewUpdate {
    /// What was done, in plain words; empty lines part paragraphs.
    pub body: String,
    /// The day it is about, today if absent; never one to come.
    pub day: Option<NaiveDate>,
    /// Who may see it.
    pub visibility: Visibility,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Object, Serialize)]
pub struct UpdateChange {
    /// What was done, in plain words.
    pub body: Option<String>,
    /// The day it is about.
    pub day: Option<NaiveDate>,
    /// Who may see it.
    pub visibility: Option<Visibility>,
}

/// The most characters of an update.
pub const MAX_BODY: usize = 4_000;

/// Words as they are kept: one kind of line end, no control characters, trimmed, 1 to 4000 characters.
pub fn clean_body(body: &str) -> Result<String> {
    let body = body.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = body.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    let body = kept.trim();
    match body.chars().count() {
        0 => Err(Problem::invalid("body", "body_missing", "Say in a sentence or two what was done.")),
        1..=MAX_BODY => Ok(body.to_owned()),
        _ => Err(Problem::invalid("body", "body_too_long", format!("At most {MAX_BODY} characters fit here."))),
    }
}

/// A day that an update can be about: it has come, and somebody who works here may still have seen it.
pub fn check_day(day: NaiveDate, today: NaiveDate) -> Result<NaiveDate> {
    if day > today {
        return Err(Problem::invalid("day", "day_to_come", "An update is about what was done. This day is yet to come."));
    }
    if today.signed_duration_since(day).num_days() > 3_650 {
        return Err(Problem::invalid("day", "day_too_old", "This day is more than ten years ago. Is the year right?"));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_lines_and_nothing_else() {
        assert_eq!(clean_body("  One.\r\n\r\nTwo.\u{0}\u{7}\n").unwrap(), "One.\n\nTwo.");
        assert_eq!(clean_body(" \n\t ").unwrap_err().code(), "body_missing");
        assert_eq!(clean_body(&"ä".repeat(4_000)).unwrap().chars().count(), 4_000);
        assert_eq!(clean_body(&"ä".repeat(4_001)).unwrap_err().code(), "body_too_long");
    }

    #[test]
    fn days_have_come() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-06-09");
        assert!(check_day(today, today).is_ok() && check_day(day("2026-01-31"), today).is_ok());
        assert_eq!(check_day(day("2026-06-10"), today).unwrap_err().code(), "day_to_come");
        assert_eq!(check_day(day("0206-06-09"), today).unwrap_err().code(), "day_too_old");
    }
}
