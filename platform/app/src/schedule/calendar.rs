//! The company's working days: a week, and the days that are otherwise. Calendar days only, no moments and no zones.

use chrono::{Datelike, Days, NaiveDate};
use std::collections::HashMap;

/// Nobody plans further than this; a search for a working day ends there.
const HORIZON: u32 = 3660;

/// Which days are worked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Monday first.
    week: [bool; 7],
    exceptions: HashMap<NaiveDate, bool>,
}

impl Default for Calendar {
    /// Monday to Friday.
    fn default() -> Self {
        Self { week: [true, true, true, true, true, false, false], exceptions: HashMap::new() }
    }
}

impl Calendar {
    /// A week, Monday first, with the days that are otherwise.
    pub fn new(week: [bool; 7], exceptions: impl IntoIterator<Item = (NaiveDate, bool)>) -> Self {
        Self { week, exceptions: exceptions.into_iter().collect() }
    }

    /// Whether people work on this day.
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let weekday = usize::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
        self.exceptions.get(&day).copied().unwrap_or(self.week[weekday])
    }

    /// This day if it is a working day, else the next one. A calendar without any answers the day itself.
    pub fn next_working(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days().take(HORIZON as usize).find(|d| self.is_working(*d)).unwrap_or(day)
    }

    /// `days` working days after the first working day at or after `day`.
    pub fn add(&self, day: NaiveDate, days: i64) -> NaiveDate {
        let mut at = self.next_working(day);
        for _ in 0..days.clamp(0, i64::from(HORIZON)) {
            at = self.next_working(at.succ_opt().unwrap_or(at));
        }
        at
    }

    /// The last day of work that begins on `start` and takes `length` working days, at least one.
    pub fn last_day(&self, start: NaiveDate, length: i64) -> NaiveDate {
        self.add(start, length.max(1) - 1)
    }

    /// The first day on which something may begin that waits for what ends on `end`, and `lag` working days more.
    pub fn after(&self, end: NaiveDate, lag: i64) -> NaiveDate {
        self.add(end.succ_opt().unwrap_or(end), lag)
    }

    /// Working days from `start` to `end`, both counted.
    pub fn days_between(&self, start: NaiveDate, end: NaiveDate) -> i64 {
        let days = start.iter_days().take_while(|d| *d <= end).take(HORIZON as usize).filter(|d| self.is_working(*d)).count();
        i64::try_from(days).unwrap_or(i64::MAX)
    }

    /// How long something takes; never less than a day, also if it lies on a holiday.
    pub fn length(&self, start: NaiveDate, end: NaiveDate) -> i64 {
        self.days_between(start, end).max(1)
    }

    /// The days from `start` to `end` on which nobody works, at most two years of them.
    pub fn days_off(&self, start: NaiveDate, end: NaiveDate) -> Vec<NaiveDate> {
        let end = end.min(start.checked_add_days(Days::new(731)).unwrap_or(end));
        start.iter_days().take_while(|d| *d <= end).filter(|d| !self.is_working(*d)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn weekends_holidays_and_saturday_shifts_count() {
        let calendar = Calendar::new(Calendar::default().week, [(day("2026-12-25"), false), (day("2026-12-26"), true)]);
        assert_eq!(calendar.next_working(day("2026-12-25")), day("2026-12-26"), "Christmas is off, the Saturday after it is not");
        assert_eq!(calendar.add(day("2026-12-24"), 1), day("2026-12-26"));
        assert_eq!(calendar.add(day("2026-12-24"), 2), day("2026-12-28"));
        assert_eq!(calendar.add(day("2026-12-31"), 1), day("2027-01-01"), "years end in the middle of the work");
        assert_eq!(calendar.days_between(day("2026-12-21"), day("2026-12-28")), 6);
        assert_eq!(calendar.days_off(day("2026-12-24"), day("2026-12-28")), [day("2026-12-25"), day("2026-12-27")]);
    }

    #[test]
    fn work_of_some_days_ends_on_a_working_day() {
        let calendar = Calendar::default();
        assert_eq!(calendar.last_day(day("2026-06-05"), 1), day("2026-06-05"));
        assert_eq!(calendar.last_day(day("2026-06-05"), 2), day("2026-06-08"), "over the weekend");
        assert_eq!(calendar.last_day(day("2026-06-06"), 1), day("2026-06-08"), "nothing begins on a Saturday");
        assert_eq!(calendar.after(day("2026-06-05"), 0), day("2026-06-08"));
        assert_eq!(calendar.after(day("2026-06-05"), 2), day("2026-06-10"));
        assert_eq!(calendar.length(day("2026-06-06"), day("2026-06-07")), 1, "a weekend is no time, but work is never less than a day");
    }

    #[test]
    fn a_calendar_without_working_days_ends_its_search() {
        let never = Calendar::new([false; 7], []);
        assert_eq!(never.next_working(day("2026-06-05")), day("2026-06-05"));
        assert_eq!(never.days_between(day("2026-06-05"), day("2026-06-09")), 0);
    }
}
