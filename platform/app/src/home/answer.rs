//! The sentence people came for: what staff wrote, or what the schedule says, or what the status means.

use crate::{
    projects::{ProjectDetails, ProjectStatus},
    schedule::ops::CustomerSchedule,
};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

/// The heading of a project's page, and what follows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Answer {
    /// The heading: a sentence.
    pub sentence: String,
    /// One more sentence: what comes next, and what to do, even if nothing.
    pub detail: String,
    /// When it begins, as planned, `2026-06-09`; only while it has not begun.
    pub begins: Option<String>,
    /// When it is finished, as planned; only while it is not, and the day is still to come.
    pub finishes: Option<String>,
    /// The state in one or two words, beside its icon in lists.
    pub state: &'static str,
    /// The icon of the state.
    pub icon: &'static str,
}

/// What is known of a project, as a sentence.
pub fn answer(status: ProjectStatus, details: &ProjectDetails, schedule: &CustomerSchedule, today: NaiveDate) -> Answer {
    let (state, icon) = mark(status);
    let (sentence, detail) = words(status, schedule);
    let open = matches!(status, ProjectStatus::Planned | ProjectStatus::Active) && schedule.percent < 100;
    let begun = schedule.current.is_some() || schedule.percent > 0;
    let coming = |day: &Option<NaiveDate>| day.filter(|day| open && *day >= today).map(|day| day.to_string());
    let first = schedule.milestones.iter().map(|m| m.planned_start).min();
    let own = |text: &str, usual: String| if text.is_empty() || !open && status != ProjectStatus::OnHold { usual } else { text.to_owned() };
    Answer {
        sentence: own(&details.headline, sentence),
        detail: own(&details.detail, detail),
        begins: if begun { None } else { coming(&first) },
        finishes: coming(&schedule.finish),
        state,
        icon,
    }
}

/// The state in a word, and its icon.
fn mark(status: ProjectStatus) -> (&'static str, &'static str) {
    match status {
        ProjectStatus::Planned => ("Planned", "calendar"),
        ProjectStatus::Active => ("Under way", "hammer"),
        ProjectStatus::OnHold => ("Paused", "pause"),
        ProjectStatus::Completed => ("Finished", "circle-check"),
        ProjectStatus::Archived => ("Filed", "archive"),
    }
}

fn words(status: ProjectStatus, schedule: &CustomerSchedule) -> (String, String) {
    let (sentence, detail) = match status {
        ProjectStatus::Planned => ("Your project is planned.", "Work has not started yet, and there is nothing for you to do."),
        ProjectStatus::Active => match (&schedule.current, &schedule.next) {
            (Some(current), _) => return (format!("We are at work: {}.", small(current)), active_detail(schedule)),
            (None, Some(next)) if schedule.step > 1 => return (format!("Next on your project: {}.", small(next)), active_detail(schedule)),
            (None, Some(_)) => ("Work on your project begins soon.", "There is nothing for you to do right now."),
            (None, None) if schedule.steps > 0 => {
                ("All the steps of your project are done.", "We look over everything once more, then we are finished.")
            }
            (None, None) => {
                ("Work on your project is under way.", "There is nothing for you to do right now. We will mail you when that changes.")
            }
        },
        ProjectStatus::OnHold => {
            ("Your project is paused for now.", "Nothing is lost, and everything stays here. Call us if you want to know when it goes on.")
        }
        ProjectStatus::Completed => ("Your project is finished.", "Thank you for having us. Everything stays here for you to keep."),
        ProjectStatus::Archived => ("Your project is finished and filed.", "Everything stays here for you to read and download."),
    };
    (sentence.to_owned(), detail.to_owned())
}

fn active_detail(schedule: &CustomerSchedule) -> String {
    match schedule.next.as_deref().filter(|_| schedule.current.is_some()) {
        Some(next) => format!("After that: {}.", small(next)),
        None => "There is nothing for you to do right now.".to_owned(),
    }
}

/// A name inside a sentence: its first letter small, unless it is written in capitals.
fn small(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn schedule(current: Option<&str>, next: Option<&str>) -> CustomerSchedule {
        CustomerSchedule {
            percent: 40,
            step: 3,
            steps: 6,
            current: current.map(str::to_owned),
            next: next.map(str::to_owned),
            finish: Some(day("2026-06-17")),
            ..Default::default()
        }
    }

    #[test]
    fn what_staff_wrote_comes_first_while_work_goes_on() {
        let details = ProjectDetails { headline: "Your roof is going on.".into(), ..Default::default() };
        let now = |status| answer(status, &details, &schedule(Some("Shingles"), Some("Gutters")), day("2026-06-08"));
        assert_eq!(now(ProjectStatus::Active).sentence, "Your roof is going on.");
        assert_eq!(now(ProjectStatus::Active).detail, "After that: gutters.");
        assert_eq!(now(ProjectStatus::Completed).sentence, "Your project is finished.", "an old sentence would be wrong");
    }

    #[test]
    fn dates_that_have_passed_are_not_promised() {
        let plain = ProjectDetails::default();
        let on = |today| answer(ProjectStatus::Active, &plain, &schedule(Some("Shingles"), None), day(today));
        assert_eq!(on("2026-06-17").finishes.as_deref(), Some("2026-06-17"));
        assert_eq!(on("2026-06-18").finishes, None);
        assert_eq!(on("2026-06-08").sentence, "We are at work: shingles.");
        assert_eq!(answer(ProjectStatus::OnHold, &plain, &schedule(None, None), day("2026-06-08")).finishes, None);
        assert_eq!(small("HVAC"), "HVAC");
    }
}
