//! What customers read about a delay, in one place: mails, the dashboard and the moves of a milestone say the same. Weather is nobody's
//! fault, so nothing here is a warning.

use super::Hazard;
use chrono::NaiveDate;

/// `Rain`, at the beginning of a sentence.
pub fn hazard(hazard: Hazard) -> &'static str {
    match hazard {
        Hazard::Rain => "Rain",
        Hazard::Wind => "Strong wind",
        Hazard::Heat => "Heat",
        Hazard::Frost => "Cold weather",
    }
}

/// `Rain has moved “Gutters” by two working days`
pub fn moved(what: Hazard, milestone: &str, working_days: i32) -> String {
    format!("{} has moved “{milestone}” by {}", hazard(what), days(working_days))
}

/// `“Gutters” is back on its earlier date`
pub fn back(milestone: &str) -> String {
    format!("“{milestone}” is back on its earlier date")
}

/// `Rain is forecast for Tuesday, June 9.` With several days: `from … to …`.
pub fn reason(what: Hazard, first: NaiveDate, last: NaiveDate) -> String {
    let (what, first_words) = (hazard(what), day(first));
    match first == last {
        true => format!("{what} is forecast for {first_words}."),
        false => format!("{what} is forecast between {first_words} and {}.", day(last)),
    }
}

/// Why a delay was taken back: the forecast, or somebody who knows better.
pub fn back_reason(over: bool, what: Hazard, first: NaiveDate, last: NaiveDate) -> String {
    match over {
        true => turned(what, first, last),
        false => "The work goes ahead as it was planned before.".to_owned(),
    }
}

/// `The forecast has turned: no rain any more for Tuesday, June 9.`
fn turned(what: Hazard, first: NaiveDate, last: NaiveDate) -> String {
    let (what, first_words) = (hazard(what).to_lowercase(), day(first));
    match first == last {
        true => format!("The forecast has turned: no {what} any more for {first_words}."),
        false => format!("The forecast has turned: no {what} any more between {first_words} and {}.", day(last)),
    }
}

/// `one working day`, `two working days`
fn days(count: i32) -> String {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let word = usize::try_from(count).ok().and_then(|n| WORDS.get(n)).map_or_else(|| count.to_string(), |word| (*word).to_owned());
    format!("{word} working day{}", if count == 1 { "" } else { "s" })
}

/// `Tuesday, June 9`
fn day(day: NaiveDate) -> String {
    day.format("%A, %B %-d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn sentences() {
        assert_eq!(moved(Hazard::Rain, "Gutters", 2), "Rain has moved “Gutters” by two working days");
        assert_eq!(moved(Hazard::Wind, "Roof, north side", 1), "Strong wind has moved “Roof, north side” by one working day");
        assert_eq!(moved(Hazard::Frost, "Slab", 12), "Cold weather has moved “Slab” by 12 working days");
        assert_eq!(back("Gutters"), "“Gutters” is back on its earlier date");
        assert_eq!(reason(Hazard::Rain, on("2026-06-09"), on("2026-06-09")), "Rain is forecast for Tuesday, June 9.");
        assert_eq!(
            reason(Hazard::Heat, on("2026-06-09"), on("2026-06-11")),
            "Heat is forecast between Tuesday, June 9 and Thursday, June 11."
        );
        assert_eq!(
            back_reason(true, Hazard::Wind, on("2026-06-09"), on("2026-06-09")),
            "The forecast has turned: no strong wind any more for Tuesday, June 9."
        );
        assert!(!back_reason(false, Hazard::Wind, on("2026-06-09"), on("2026-06-09")).contains("forecast"));
    }
}
