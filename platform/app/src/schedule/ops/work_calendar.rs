//! The company's working days: asked by everything that counts days, changed by managers.

use crate::{
    events::Event,
    schedule::{Calendar, model::clean_text},
};
use chrono::NaiveDate;
use kernel::{Cx, Problem, Result, caller::Role};
use poem_openapi::Object;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The working days as they are kept and changed.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct WorkCalendar {
    /// Seven, Monday first.
    pub days: Vec<bool>,
    /// Days that are otherwise, by date.
    pub exceptions: Vec<WorkException>,
}

/// A day that is otherwise: a holiday, a Saturday shift.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize, FromQueryResult)]
pub struct WorkException {
    /// Which.
    pub day: NaiveDate,
    /// Whether people work on it.
    pub works: bool,
    /// For example "Independence Day"; may be empty.
    pub name: String,
}

#[derive(FromQueryResult)]
struct Week {
    days: String,
}

const MAX_EXCEPTIONS: usize = 500;

/// For counting.
pub async fn calendar(cx: &Cx) -> Result<Calendar> {
    let kept = work_calendar(cx).await?;
    let mut week = [false; 7];
    for (day, works) in week.iter_mut().zip(&kept.days) {
        *day = *works;
    }
    Ok(Calendar::new(week, kept.exceptions.into_iter().map(|e| (e.day, e.works))))
}

/// As it was saved; Monday to Friday where nothing was.
pub async fn work_calendar(cx: &Cx) -> Result<WorkCalendar> {
    let week = cx.row::<Week>("SELECT days FROM work_week", []).await?;
    let exceptions = cx.rows::<WorkException>("SELECT day, works, name FROM work_exceptions ORDER BY day", []).await?;
    let days = week.map_or("1111100".to_owned(), |w| w.days);
    Ok(WorkCalendar { days: days.chars().map(|c| c == '1').collect(), exceptions })
}

/// Saves the whole calendar. Plans stay as they are; what is moved from now on counts by it.
pub async fn change_work_calendar(cx: &mut Cx, input: WorkCalendar) -> Result<WorkCalendar> {
    cx.require(Role::Manager)?;
    let input = check(input)?;
    let days: String = input.days.iter().map(|works| if *works { '1' } else { '0' }).collect();
    let sql = "INSERT INTO work_week (days, updated_at) VALUES ($1, $2) ON CONFLICT (one) DO UPDATE SET days = excluded.days, updated_at = excluded.updated_at";
    cx.execute(sql, [days.into(), cx.now().into()]).await?;
    cx.execute("DELETE FROM work_exceptions", []).await?;
    let (mut dates, mut works, mut names) = (Vec::new(), Vec::new(), Vec::new());
    for exception in &input.exceptions {
        dates.push(exception.day);
        works.push(exception.works);
        names.push(exception.name.clone());
    }
    let sql = "INSERT INTO work_exceptions (day, works, name) SELECT * FROM unnest($1::date[], $2::boolean[], $3::text[])";
    cx.execute(sql, [dates.into(), works.into(), names.into()]).await?;
    let tenant = cx.tenant().id.0;
    cx.record(&Event::WorkCalendarChanged { tenant }).await?;
    work_calendar(cx).await
}

fn check(mut input: WorkCalendar) -> Result<WorkCalendar> {
    if input.days.len() != 7 {
        return Err(Problem::invalid("days", "not_seven", "A week has seven days, Monday first."));
    }
    if !input.days.contains(&true) {
        return Err(Problem::invalid("days", "none", "At least one day of the week is a working day."));
    }
    if input.exceptions.len() > MAX_EXCEPTIONS {
        return Err(Problem::invalid("exceptions", "too_many", format!("At most {MAX_EXCEPTIONS} days can be otherwise.")));
    }
    for exception in &mut input.exceptions {
        exception.name = clean_text("name", &exception.name)?.chars().take(120).collect();
    }
    let known: BTreeSet<NaiveDate> = input.exceptions.iter().map(|e| e.day).collect();
    match known.len() == input.exceptions.len() {
        true => Ok(input),
        false => Err(Problem::invalid("exceptions", "twice", "A day stands in the list twice.")),
    }
}
