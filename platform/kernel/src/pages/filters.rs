//! What templates can call: dates in the reader's zone and words, sizes, plurals, asset addresses, icons.
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, State};

use crate::assets::Assets;

/// Adds every filter and function to the environment.
pub(super) fn install(env: &mut Environment<'static>, assets: Assets) {
    env.add_filter("date", |at: &str, frame: Value| day_of(at, &frame).map(|(day, today)| date_words(day, today)));
    env.add_filter("long_date", |at: &str, frame: Value| day_of(at, &frame).map(|(day, _)| long_date_words(day)));
    env.add_filter("day", |at: &str, frame: Value| day_of(at, &frame).map(|(day, today)| near_words(day, today)));
    env.add_filter("time", |at: &str, frame: Value| day_in_zone(at, &frame).map(|(.., time)| time));
    env.add_filter("moment", |at: &str, frame: Value| {
        day_in_zone(at, &frame).map(|(day, today, time)| format!("{}, {time}", near_words(day, today)))
    });
    env.add_filter("bytes", |size: i64| size_words(size));
    env.add_filter("plural", |count: i64, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many }));
    env.add_filter("plus", |a: i64, b: i64| a.saturating_add(b));
    env.add_filter("tel", |phone: &str| phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect::<String>());
    env.add_filter("capital", |text: &str| capital(text));
    env.add_function("asset", move |path: &str| assets.url(path));
    env.add_function("icon", icon);
}

/// The calendar day of a moment in the frame's zone, and today there. A text that is a day already, such as `2026-06-09`, stays that
/// day in every zone.
fn day_of(at: &str, frame: &Value) -> Result<(NaiveDate, NaiveDate), Error> {
    match at.parse::<NaiveDate>() {
        Ok(day) => day_in_zone(&text(frame, "now")?, frame).map(|(today, ..)| (day, today)),
        Err(_) => day_in_zone(at, frame).map(|(day, today, _)| (day, today)),
    }
}

/// The calendar day of a moment in the frame's zone, today there, and the time of day in words.
fn day_in_zone(at: &str, frame: &Value) -> Result<(NaiveDate, NaiveDate, String), Error> {
    let zone: Tz = text(frame, "time_zone")?.parse().map_err(|_| bad("the frame's time zone is unknown"))?;
    let moment = |text: &str| DateTime::parse_from_rfc3339(text).map_err(|_| bad("a time must be RFC 3339"));
    let now: DateTime<Utc> = moment(&text(frame, "now")?)?.to_utc();
    let local = moment(at)?.with_timezone(&zone);
    let time = local.format("%-I:%M %P").to_string();
    Ok((local.date_naive(), now.with_timezone(&zone).date_naive(), time))
}

fn text(value: &Value, name: &str) -> Result<String, Error> {
    value.get_attr(name)?.as_str().map(str::to_owned).ok_or_else(|| bad("pass the frame: {{ at|date(frame) }}"))
}

fn bad(words: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, words)
}

/// "Tue, June 9"; with the year when it is another year's.
fn date_words(day: NaiveDate, today: NaiveDate) -> String {
    let format = if day.year() == today.year() { "%a, %B %-d" } else { "%a, %B %-d, %Y" };
    day.format(format).to_string()
}

/// "Tuesday, June 9, 2026".
fn long_date_words(day: NaiveDate) -> String {
    day.format("%A, %B %-d, %Y").to_string()
}

/// "today", "tomorrow" and "yesterday" when true, else the date.
fn near_words(day: NaiveDate, today: NaiveDate) -> String {
    match day - today {
        d if d == Duration::zero() => "today".to_owned(),
        d if d == Duration::days(1) => "tomorrow".to_owned(),
        d if d == Duration::days(-1) => "yesterday".to_owned(),
        _ => date_words(day, today),
    }
}

/// "2.4 MB": decimal units, one decimal under ten.
fn size_words(size: i64) -> String {
    const UNITS: [&str; 5] = ["bytes", "KB", "MB", "GB", "TB"];
    let mut value = size.max(0) as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    match unit {
        0 if size == 1 => "1 byte".to_owned(),
        0 => format!("{size} bytes"),
        _ if value < 9.95 => format!("{value:.1} {}", UNITS[unit]),
        _ => format!("{value:.0} {}", UNITS[unit]),
    }
}

/// The first letter large, the rest as it is.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// An inline icon beside a word; its drawing comes from `icons/<name>.svg`.
fn icon(state: &State, name: &str) -> Result<Value, Error> {
    let drawing = state
        .lookup(&format!("icon:{name}"))
        .ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no icon {name}: add it to the icon list and build the icons")))?;
    Ok(Value::from_safe_string(format!(
        r#"<svg class="pl-i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>"#,
        drawing.as_str().unwrap_or_default()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use minijinja::context;

    fn said(at: &str, zone: &str, filter: &str) -> String {
        let mut env = Environment::new();
        install(&mut env, Assets::default());
        let frame = context! { time_zone => zone, now => "2026-06-09T15:00:00Z" };
        env.render_str(&format!("{{{{ at|{filter}(frame) }}}}"), context! { at, frame }).expect("renders")
    }

    #[test]
    fn dates_are_the_readers_dates() {
        assert_eq!(said("2026-06-09T23:30:00Z", "America/New_York", "date"), "Tue, June 9");
        assert_eq!(said("2026-06-09T23:30:00Z", "Pacific/Auckland", "date"), "Wed, June 10");
        assert_eq!(said("2026-06-09T10:30:00Z", "Etc/GMT+12", "day"), "yesterday");
        assert_eq!(said("2026-06-09T19:42:00Z", "America/New_York", "moment"), "today, 3:42 pm");
        assert_eq!(said("2025-12-31T12:00:00Z", "UTC", "date"), "Wed, December 31, 2025");
        assert_eq!(said("2026-06-17T12:00:00Z", "UTC", "long_date"), "Wednesday, June 17, 2026");
    }

    #[test]
    fn a_day_is_the_same_day_everywhere() {
        for zone in ["Etc/GMT+12", "Pacific/Auckland", "America/New_York"] {
            assert_eq!(said("2026-06-17", zone, "date"), "Wed, June 17");
            assert_eq!(said("2026-06-17", zone, "long_date"), "Wednesday, June 17, 2026");
        }
        // It is 3 am on the 10th in Auckland, and 11 am on the 9th in New York.
        assert_eq!(said("2026-06-10", "Pacific/Auckland", "day"), "today");
        assert_eq!(said("2026-06-10", "America/New_York", "day"), "tomorrow");
    }

    #[test]
    fn sizes_are_short() {
        let cases = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.0 KB"),
            (2_400_000, "2.4 MB"),
            (48_200_000, "48 MB"),
            (999_600, "1.0 MB"),
            (i64::MAX, "9223372 TB"),
        ];
        for (size, words) in cases {
            assert_eq!(size_words(size), words);
        }
    }
}
