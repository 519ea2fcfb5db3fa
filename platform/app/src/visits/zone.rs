//! A time zone as calendar programs want it told: one VTIMEZONE with every change of the clocks in the years that are shown. Pure.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// What clocks show from a moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    /// Seconds east of Greenwich.
    offset: i32,
    /// Summer time.
    daylight: bool,
    /// For example `EST`.
    name: String,
}

impl Rule {
    fn at(zone: Tz, moment: DateTime<Utc>) -> Rule {
        let offset = zone.offset_from_utc_datetime(&moment.naive_utc());
        Rule {
            offset: offset.fix().local_minus_utc(),
            daylight: offset.dst_offset() > TimeDelta::zero(),
            name: offset.abbreviation().map_or_else(|| utc_offset(offset.fix().local_minus_utc()), str::to_owned),
        }
    }
}

/// The lines of a zone's VTIMEZONE, for everything between these two moments.
pub fn vtimezone(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<String> {
    let (mut at, end) = (new_year(from.year()), new_year(until.year() + 1));
    let mut rule = Rule::at(zone, at);
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{}", zone.name())];
    // What counts from the beginning: as if the clocks were set to it then.
    observance(&mut lines, at.naive_utc() + seconds(rule.offset), rule.offset, &rule);
    while at < end {
        let next = at + Duration::days(1);
        if Rule::at(zone, next) != rule {
            let change = change_between(zone, at, next, &rule);
            let new = Rule::at(zone, change);
            observance(&mut lines, change.naive_utc() + seconds(rule.offset), rule.offset, &new);
            rule = new;
            at = change;
        } else {
            at = next;
        }
    }
    lines.push("END:VTIMEZONE".to_owned());
    lines
}

/// The first second at which `rule` counts no more; it counts at `before` and not at `after`.
fn change_between(zone: Tz, before: DateTime<Utc>, after: DateTime<Utc>, rule: &Rule) -> DateTime<Utc> {
    let (mut same, mut other) = (before.timestamp(), after.timestamp());
    while other - same > 1 {
        let middle = same + (other - same) / 2;
        match DateTime::from_timestamp(middle, 0) {
            Some(moment) if Rule::at(zone, moment) == *rule => same = middle,
            _ => other = middle,
        }
    }
    DateTime::from_timestamp(other, 0).unwrap_or(after)
}

/// DTSTART is what the clocks showed when they were set, before they were.
fn observance(lines: &mut Vec<String>, onset: NaiveDateTime, before: i32, rule: &Rule) {
    let kind = if rule.daylight { "DAYLIGHT" } else { "STANDARD" };
    lines.extend([
        format!("BEGIN:{kind}"),
        format!("DTSTART:{}", onset.format("%Y%m%dT%H%M%S")),
        format!("TZOFFSETFROM:{}", utc_offset(before)),
        format!("TZOFFSETTO:{}", utc_offset(rule.offset)),
        format!("TZNAME:{}", rule.name),
        format!("END:{kind}"),
    ]);
}

fn new_year(year: i32) -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc()
}

fn seconds(offset: i32) -> TimeDelta {
    Duration::seconds(i64::from(offset))
}

/// `-0500`, `+1245`.
fn utc_offset(seconds: i32) -> String {
    let (sign, all) = (if seconds < 0 { '-' } else { '+' }, seconds.abs());
    let (hours, minutes, rest) = (all / 3600, all / 60 % 60, all % 60);
    match rest {
        0 => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}{minutes:02}{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each observance of 2026 in short: kind, onset, from, to, name.
    fn said(zone: Tz) -> Vec<String> {
        let moment: DateTime<Utc> = "2026-06-09T12:00:00Z".parse().expect("a moment");
        let lines = vtimezone(zone, moment, moment);
        assert_eq!((lines[0].as_str(), lines[1].as_str()), ("BEGIN:VTIMEZONE", format!("TZID:{}", zone.name()).as_str()));
        assert_eq!(lines.last().map(String::as_str), Some("END:VTIMEZONE"));
        let inner = &lines[2..lines.len() - 1];
        let value = |line: &String| line.split_once(':').map(|(_, value)| value.to_owned()).unwrap_or_default();
        inner
            .chunks(6)
            .map(|part| {
                assert_eq!(value(&part[0]), value(&part[5]));
                part[..5].iter().map(value).collect::<Vec<_>>().join(" ")
            })
            .collect()
    }

    #[test]
    fn the_north_has_its_summer_in_the_middle() {
        assert_eq!(
            said(Tz::America__New_York),
            [
                "STANDARD 20251231T190000 -0500 -0500 EST",
                "DAYLIGHT 20260308T020000 -0500 -0400 EDT",
                "STANDARD 20261101T020000 -0400 -0500 EST",
            ]
        );
        assert_eq!(
            said(Tz::Europe__Berlin),
            [
                "STANDARD 20260101T010000 +0100 +0100 CET",
                "DAYLIGHT 20260329T020000 +0100 +0200 CEST",
                "STANDARD 20261025T030000 +0200 +0100 CET",
            ]
        );
    }

    #[test]
    fn the_south_begins_in_summer() {
        assert_eq!(
            said(Tz::Pacific__Auckland),
            [
                "DAYLIGHT 20260101T130000 +1300 +1300 NZDT",
                "STANDARD 20260405T030000 +1300 +1200 NZST",
                "DAYLIGHT 20260927T020000 +1200 +1300 NZDT",
            ]
        );
        // Half an hour of summer time.
        assert_eq!(said(Tz::Australia__Lord_Howe)[1], "STANDARD 20260405T020000 +1100 +1030 +1030");
    }

    #[test]
    fn zones_without_summer_time_have_one_rule() {
        assert_eq!(said(Tz::America__Phoenix), ["STANDARD 20251231T170000 -0700 -0700 MST"]);
        assert_eq!(said(Tz::Asia__Kathmandu), ["STANDARD 20260101T054500 +0545 +0545 +0545"]);
        assert_eq!(said(Tz::Pacific__Tongatapu), ["STANDARD 20260101T130000 +1300 +1300 +1300"]);
        assert_eq!(said(Tz::Pacific__Pago_Pago), ["STANDARD 20251231T130000 -1100 -1100 SST"]);
        assert_eq!(said(Tz::Etc__GMTPlus12), ["STANDARD 20251231T120000 -1200 -1200 -1200"]);
        assert_eq!(said(Tz::UTC), ["STANDARD 20260101T000000 +0000 +0000 UTC"]);
    }

    #[test]
    fn every_hour_of_every_zone_is_as_the_rules_say() {
        let moment = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
        let (from, until) = (moment("2025-03-01T00:00:00Z"), moment("2027-03-01T00:00:00Z"));
        for zone in chrono_tz::TZ_VARIANTS {
            let lines = vtimezone(zone, from, until);
            let rules: Vec<(NaiveDateTime, i32, i32)> = lines[2..lines.len() - 1].chunks(6).map(parsed).collect();
            let mut at = from;
            while at < until {
                // The last rule whose onset, told in the time before it, has come.
                let rule = rules.iter().rfind(|(onset, before, _)| *onset <= at.naive_utc() + seconds(*before)).expect("a rule");
                let real = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
                assert_eq!(rule.2, real, "{zone} at {at}");
                at += Duration::hours(7);
            }
        }
    }

    fn parsed(part: &[String]) -> (NaiveDateTime, i32, i32) {
        let value = |n: usize| part[n].split_once(':').expect("a value").1;
        let offset = |text: &str| {
            let (sign, digits) = text.split_at(1);
            let number = |range: std::ops::Range<usize>| digits.get(range).map_or(0, |d| d.parse::<i32>().expect("a number"));
            let all = number(0..2) * 3600 + number(2..4) * 60 + number(4..6);
            if sign == "-" { -all } else { all }
        };
        let onset = NaiveDateTime::parse_from_str(value(1), "%Y%m%dT%H%M%S").expect("an onset");
        (onset, offset(value(2)), offset(value(3)))
    }
}
