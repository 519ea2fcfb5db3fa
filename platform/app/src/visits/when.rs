//! From a day and times of day where the company is to moments, and back: no time that a clock skipped, and one answer for a time that
//! a clock showed twice. Pure.

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use kernel::{Problem, Result};

/// A stretch of one day, as people say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The day where the company is.
    pub day: NaiveDate,
    /// From this time of day.
    pub from: NaiveTime,
    /// Until this one.
    pub until: NaiveTime,
}

/// The same as moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub starts_at: DateTime<Utc>,
    /// The last one.
    pub ends_at: DateTime<Utc>,
}

impl Window {
    /// The moments of this window in a zone.
    pub fn span(self, zone: Tz) -> Result<Span> {
        if self.until <= self.from {
            return Err(Problem::invalid("until", "until_before_from", "A visit ends after it begins, on the same day."));
        }
        let starts_at = moment("from", self.day, self.from, zone)?;
        let ends_at = moment("until", self.day, self.until, zone)?;
        match ends_at > starts_at {
            true => Ok(Span { starts_at, ends_at }),
            false => Err(Problem::invalid("until", "until_before_from", "A visit ends after it begins, on the same day.")),
        }
    }
}

impl Span {
    /// The window that clocks show in a zone.
    pub fn window(self, zone: Tz) -> Window {
        let (starts, ends) = (self.starts_at.with_timezone(&zone), self.ends_at.with_timezone(&zone));
        Window { day: starts.date_naive(), from: starts.time(), until: ends.time() }
    }
}

fn moment(field: &str, day: NaiveDate, time: NaiveTime, zone: Tz) -> Result<DateTime<Utc>> {
    match zone.from_local_datetime(&day.and_time(time)) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => Ok(at.to_utc()),
        MappedLocalTime::None => Err(Problem::invalid(
            field,
            "time_does_not_exist",
            "The clocks are set forward on this day, and this time is skipped. Choose another one.",
        )),
    }
}

/// The moment that a day begins. Where the clocks skip midnight it is the first time after.
pub fn begin_of(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    at_or_after(day, NaiveTime::MIN, zone)
}

/// This time of a day, or the first one that exists after it.
pub fn at_or_after(day: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let wanted = day.and_time(time);
    let quarters = (0..=4 * 26).map(|n| wanted + chrono::Duration::minutes(15 * n));
    let mut found = quarters.filter_map(|local| zone.from_local_datetime(&local).earliest());
    found.next().map_or_else(|| wanted.and_utc(), |at| at.to_utc())
}

/// `08:30`.
pub fn parse_time(field: &str, text: &str) -> Result<NaiveTime> {
    let known = (text.len() == 5).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten();
    known.ok_or_else(|| Problem::invalid(field, "time_format", "A time is written as 08:30 or 16:00."))
}

/// `08:30`, as it came in.
pub fn time_text(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

/// `8 to 11 am`, `11:30 am to 2 pm`, `9 am to noon`.
pub fn words(from: NaiveTime, until: NaiveTime) -> String {
    let (first, last) = (clock(from), clock(until));
    match (first, last) {
        ((first, Some(half)), (last, Some(same))) if half == same => format!("{first} to {last} {half}"),
        (first, last) => format!("{} to {}", spoken(first), spoken(last)),
    }
}

/// The time on a clock's face, and its half of the day; noon and midnight have none.
fn clock(time: NaiveTime) -> (String, Option<&'static str>) {
    let text = time.format("%H:%M").to_string();
    match text.as_str() {
        "12:00" => ("noon".to_owned(), None),
        "00:00" => ("midnight".to_owned(), None),
        _ => {
            let face = time.format(if text.ends_with(":00") { "%-I" } else { "%-I:%M" }).to_string();
            (face, Some(if text.as_str() < "12:00" { "am" } else { "pm" }))
        }
    }
}

fn spoken((face, half): (String, Option<&str>)) -> String {
    half.map_or_else(|| face.clone(), |half| format!("{face} {half}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(day: &str, from: &str, until: &str) -> Window {
        let time = |text| parse_time("from", text).expect("a time");
        Window { day: day.parse().expect("a day"), from: time(from), until: time(until) }
    }

    fn starts(zone: Tz, day: &str, from: &str, until: &str) -> String {
        let span = window(day, from, until).span(zone).expect("a span");
        assert_eq!(span.window(zone), window(day, from, until), "there and back");
        span.starts_at.format("%Y-%m-%dT%H:%M").to_string()
    }

    #[test]
    fn a_skipped_time_is_refused() {
        for (zone, day, skipped) in [
            (Tz::America__New_York, "2026-03-08", "02:30"),
            (Tz::Europe__Berlin, "2026-03-29", "02:00"),
            (Tz::Australia__Lord_Howe, "2026-10-04", "02:15"),
            (Tz::America__Santiago, "2026-09-06", "00:30"),
        ] {
            assert_eq!(window(day, skipped, "05:00").span(zone).unwrap_err().code(), "time_does_not_exist", "{zone}");
            let problem = window(day, "00:00", skipped).span(zone);
            if zone != Tz::America__Santiago {
                assert_eq!(problem.unwrap_err().fields()[0].field, "until", "{zone}");
            }
        }
        assert_eq!(starts(Tz::America__New_York, "2026-03-08", "03:00", "05:00"), "2026-03-08T07:00");
        assert_eq!(starts(Tz::Europe__Berlin, "2026-03-29", "01:59", "03:00"), "2026-03-29T00:59");
    }

    #[test]
    fn of_a_time_that_comes_twice_the_first_counts() {
        assert_eq!(starts(Tz::America__New_York, "2026-11-01", "01:30", "04:00"), "2026-11-01T05:30");
        assert_eq!(starts(Tz::Europe__Berlin, "2026-10-25", "02:30", "04:00"), "2026-10-25T00:30");
        assert_eq!(starts(Tz::America__New_York, "2026-11-01", "01:15", "01:45"), "2026-11-01T05:15");
        // A window around the hour that comes twice is an hour longer than it looks.
        let span = window("2026-10-25", "01:30", "03:30").span(Tz::Europe__Berlin).expect("a span");
        assert_eq!((span.ends_at - span.starts_at).num_hours(), 3);
    }

    #[test]
    fn days_begin_where_the_company_is() {
        assert_eq!(starts(Tz::Pacific__Auckland, "2026-06-09", "08:00", "11:00"), "2026-06-08T20:00");
        assert_eq!(starts(Tz::Etc__GMTPlus12, "2026-06-09", "20:00", "23:59"), "2026-06-10T08:00");
        let first = |day: &str, zone| begin_of(day.parse().expect("a day"), zone).format("%Y-%m-%dT%H:%M").to_string();
        assert_eq!(first("2026-06-09", Tz::Etc__GMTPlus12), "2026-06-09T12:00");
        // In Santiago the clocks go from 23:59 on Saturday to 1:00 on Sunday.
        assert_eq!(first("2026-09-06", Tz::America__Santiago), "2026-09-06T04:00");
    }

    #[test]
    fn a_window_goes_forward() {
        for (from, until) in [("09:00", "09:00"), ("11:00", "08:00")] {
            assert_eq!(window("2026-06-09", from, until).span(Tz::UTC).unwrap_err().code(), "until_before_from");
        }
        for bad in ["", "8:00", "24:00", "08:60", "08:00:00", "0800", "ab:cd", "08.30", "٠٨:٠٠"] {
            assert_eq!(parse_time("from", bad).unwrap_err().code(), "time_format", "{bad}");
        }
    }

    #[test]
    fn windows_in_words() {
        let said = |from, until| {
            let w = window("2026-06-09", from, until);
            words(w.from, w.until)
        };
        assert_eq!(said("08:00", "11:00"), "8 to 11 am");
        assert_eq!(said("08:30", "09:15"), "8:30 to 9:15 am");
        assert_eq!(said("11:00", "14:00"), "11 am to 2 pm");
        assert_eq!(said("09:00", "12:00"), "9 am to noon");
        assert_eq!(said("12:00", "13:30"), "noon to 1:30 pm");
        assert_eq!(said("12:30", "16:00"), "12:30 to 4 pm");
        assert_eq!(said("00:00", "00:30"), "midnight to 12:30 am");
    }
}
