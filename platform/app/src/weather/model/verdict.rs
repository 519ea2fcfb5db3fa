//! The verdict over one milestone: which of its days the forecast takes away, and when it is done then. Pure.

use super::{ForecastDay, Hazard, WeatherRule};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// A milestone that takes no end in this time is left to people.
const PATIENCE_DAYS: usize = 400;

/// The work that is judged.
pub struct Work<'a> {
    /// Its first planned day.
    pub start: NaiveDate,
    /// Its last planned day.
    pub end: NaiveDate,
    /// It has begun: its first day stays.
    pub started: bool,
    /// Days inside of it that an accepted delay has taken out already: nobody counts on them.
    pub reckoned: &'a BTreeSet<NaiveDate>,
    /// Days on which the company works whatever the forecast says: it has dismissed them.
    pub spared: &'a BTreeSet<NaiveDate>,
}

/// A delay that follows from a forecast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What takes the first lost day away.
    pub hazard: Hazard,
    /// The working days that are lost, in their order.
    pub lost: Vec<NaiveDate>,
    /// The new first day.
    pub to_start: NaiveDate,
    /// The new last day.
    pub to_end: NaiveDate,
    /// How many working days later it ends.
    pub working_days: i32,
}

/// Compares the planned days with the forecast. None: no day of work is lost. `works` says which days the company works.
pub fn judge(
    work: &Work<'_>,
    rule: &WeatherRule,
    forecast: &[ForecastDay],
    today: NaiveDate,
    works: impl Fn(NaiveDate) -> bool,
) -> Option<Verdict> {
    let hazard_on = |day: NaiveDate| {
        let ahead = day >= today && !work.spared.contains(&day);
        forecast.iter().find(|f| ahead && f.day == day).and_then(|f| rule.hazard(f))
    };
    let counts = |day: NaiveDate| works(day) && !work.reckoned.contains(&day);
    let planned: Vec<NaiveDate> =
        work.start.iter_days().take_while(|day| *day <= work.end).take(PATIENCE_DAYS).filter(|d| counts(*d)).collect();
    let hazard = planned.iter().find_map(|day| hazard_on(*day))?;
    // Put as many days of work as were planned on the days that are free for it.
    let (mut placed, mut lost) = (Vec::with_capacity(planned.len()), Vec::new());
    for day in work.start.iter_days().take(PATIENCE_DAYS).filter(|day| counts(*day)) {
        if placed.len() == planned.len() {
            break;
        }
        match hazard_on(day) {
            Some(_) => lost.push(day),
            None => placed.push(day),
        }
    }
    let (first, last) = (*placed.first()?, *placed.last()?);
    if placed.len() < planned.len() {
        return None;
    }
    let stays = work.started || lost.first().is_some_and(|day| *day > first);
    let later = work.end.iter_days().skip(1).take_while(|day| *day <= last).filter(|day| works(*day)).count();
    Some(Verdict {
        hazard,
        lost,
        to_start: if stays { work.start } else { first },
        to_end: last,
        working_days: i32::try_from(later).unwrap_or(i32::MAX),
    })
}

/// Whether a delay's reason is gone: all of its days are still to come, are in the forecast, and are lost no more.
pub fn is_over(lost: &[NaiveDate], rule: &WeatherRule, forecast: &[ForecastDay], today: NaiveDate) -> bool {
    let free = |day: &NaiveDate| *day >= today && forecast.iter().any(|f| f.day == *day && rule.hazard(f).is_none());
    !lost.is_empty() && lost.iter().all(free)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::WorkType;
    use chrono::Datelike;

    // June 8, 2026 is a Monday.
    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 6, n).unwrap()
    }

    fn weekdays(day: NaiveDate) -> bool {
        day.weekday().num_days_from_monday() < 5
    }

    /// Ten days from the 8th with rain on these.
    fn rain(on: &[u32]) -> Vec<ForecastDay> {
        let fine = |n| ForecastDay { day: day(n), rain_mm: Some(0.0), wind_kmh: Some(10.0), max_c: Some(20.0), min_c: Some(10.0) };
        (8..18).map(|n| ForecastDay { rain_mm: Some(if on.contains(&n) { 9.0 } else { 0.0 }), ..fine(n) }).collect()
    }

    struct Case {
        span: (u32, u32),
        started: bool,
        reckoned: BTreeSet<NaiveDate>,
        spared: BTreeSet<NaiveDate>,
        today: u32,
    }

    fn case(from: u32, to: u32) -> Case {
        Case { span: (from, to), started: false, reckoned: BTreeSet::new(), spared: BTreeSet::new(), today: 8 }
    }

    impl Case {
        fn judge(&self, forecast: &[ForecastDay]) -> Option<Verdict> {
            let (start, end) = (day(self.span.0), day(self.span.1));
            let work = Work { start, end, started: self.started, reckoned: &self.reckoned, spared: &self.spared };
            judge(&work, &WeatherRule::usual(WorkType::Gutters), forecast, day(self.today), weekdays)
        }
    }

    fn short(verdict: Option<Verdict>) -> Option<(Vec<u32>, u32, u32, i32)> {
        verdict.map(|v| (v.lost.iter().map(|d| d.day()).collect(), v.to_start.day(), v.to_end.day(), v.working_days))
    }

    #[test]
    fn a_dry_week_stays_as_planned() {
        assert_eq!(case(9, 12).judge(&rain(&[])), None);
        assert_eq!(case(9, 12).judge(&rain(&[8, 13, 14, 15])), None, "rain before, after and on the weekend");
        assert_eq!(case(9, 12).judge(&[]), None, "nothing is known");
        assert_eq!(case(13, 14).judge(&rain(&[13, 14])), None, "nobody works then anyway");
    }

    #[test]
    fn lost_days_are_made_up_for() {
        assert_eq!(short(case(9, 10).judge(&rain(&[9]))), Some((vec![9], 10, 11, 1)));
        assert_eq!(short(case(9, 10).judge(&rain(&[10]))), Some((vec![10], 9, 11, 1)), "the first day stays");
        assert_eq!(short(case(9, 10).judge(&rain(&[9, 10]))), Some((vec![9, 10], 11, 12, 2)));
        assert_eq!(short(case(11, 12).judge(&rain(&[11, 12]))), Some((vec![11, 12], 15, 16, 2)), "over the weekend");
    }

    #[test]
    fn rain_on_the_new_days_counts_too() {
        assert_eq!(short(case(9, 10).judge(&rain(&[9, 11]))), Some((vec![9, 11], 10, 12, 2)));
        assert_eq!(short(case(9, 9).judge(&rain(&[9, 10, 11, 12, 15, 16, 17]))), Some((vec![9, 10, 11, 12, 15, 16, 17], 18, 18, 7)));
    }

    #[test]
    fn what_has_begun_keeps_its_first_day() {
        let begun = Case { started: true, today: 10, ..case(8, 11) };
        assert_eq!(short(begun.judge(&rain(&[8, 9]))), None, "what has passed is not lost any more");
        assert_eq!(short(begun.judge(&rain(&[8, 10]))), Some((vec![10], 8, 12, 1)));
        let at_once = Case { started: true, ..case(8, 9) };
        assert_eq!(short(at_once.judge(&rain(&[8]))), Some((vec![8], 8, 10, 1)));
    }

    #[test]
    fn an_accepted_delay_is_not_proposed_again() {
        let first = case(9, 10).judge(&rain(&[9, 11])).unwrap();
        let moved = Case { reckoned: first.lost.iter().copied().collect(), ..case(first.to_start.day(), first.to_end.day()) };
        assert_eq!(moved.judge(&rain(&[9, 11])), None);
        assert_eq!(short(moved.judge(&rain(&[9, 11, 12]))), Some((vec![12], 10, 15, 1)), "more rain is another delay");
    }

    #[test]
    fn dismissed_days_are_worked_through() {
        let dismissed = Case { spared: BTreeSet::from([day(9)]), ..case(9, 10) };
        assert_eq!(dismissed.judge(&rain(&[9])), None);
        assert_eq!(short(dismissed.judge(&rain(&[9, 10]))), Some((vec![10], 9, 11, 1)));
    }

    #[test]
    fn a_plan_that_finds_no_end_is_left_to_people() {
        let work = Work { start: day(9), end: day(9), started: false, reckoned: &BTreeSet::new(), spared: &BTreeSet::new() };
        let one_day_only = |d| d == day(9);
        assert_eq!(judge(&work, &WeatherRule::usual(WorkType::Gutters), &rain(&[9]), day(8), one_day_only), None);
    }

    #[test]
    fn the_forecast_turns_when_all_days_are_free() {
        let rule = WeatherRule::usual(WorkType::Gutters);
        let lost = [day(9), day(11)];
        assert!(is_over(&lost, &rule, &rain(&[]), day(8)) && is_over(&lost, &rule, &rain(&[10]), day(9)));
        assert!(!is_over(&lost, &rule, &rain(&[11]), day(8)), "one is still wet");
        assert!(!is_over(&lost, &rule, &rain(&[]), day(10)), "one has passed: it was lost");
        assert!(!is_over(&lost, &rule, &rain(&[])[..2], day(8)), "one is not in the forecast");
        assert!(!is_over(&[], &rule, &rain(&[]), day(8)));
    }
}
