//! What tests and people at a terminal say the weather is, by place; and how often each place was asked for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::default::{Day, weather};

/// The weather of a place, or what is wrong with the service where that place is concerned.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Rounded to two decimals, as clients ask.
    pub latitude: f64,
    /// Rounded to two decimals, as clients ask.
    pub longitude: f64,
    /// Days that are otherwise; all others are as usual.
    #[serde(default)]
    pub days: Vec<Day>,
    /// Instead of a forecast.
    #[serde(default)]
    pub trouble: Option<Trouble>,
}

/// A way for a service to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// 503.
    Down,
    /// Too many calls: 429.
    Busy,
    /// An answer that comes after a minute.
    Slow,
    /// 200, and a page instead of a forecast.
    Garbage,
    /// 200, and a forecast whose numbers are no weather.
    Nonsense,
    /// 200, and an answer that does not end.
    Endless,
    /// Somewhere else, please.
    Redirect,
}

/// A place by hundredths of a degree.
type Place = (i32, i32);

/// All scripts.
#[derive(Debug, Default)]
pub struct Scripts(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    scripts: HashMap<Place, Script>,
    asked: HashMap<Place, u64>,
}

impl Scripts {
    /// Replaces what was said of this place before.
    pub fn set(&self, script: Script) {
        self.with(|state| state.scripts.insert(place(script.latitude, script.longitude), script));
    }

    /// Forgets everything that was said.
    pub fn clear(&self) {
        self.with(|state| state.scripts.clear());
    }

    /// How often a place's forecast was asked for.
    pub fn asked(&self, latitude: f64, longitude: f64) -> u64 {
        self.with(|state| state.asked.get(&place(latitude, longitude)).copied().unwrap_or_default())
    }

    /// Counts a question; answers the trouble of this place, if it has one.
    pub(super) fn ask(&self, latitude: f64, longitude: f64) -> Option<Trouble> {
        let at = place(latitude, longitude);
        self.with(|state| {
            *state.asked.entry(at).or_default() += 1;
            state.scripts.get(&at).and_then(|script| script.trouble)
        })
    }

    /// A place's weather on a day.
    pub(super) fn day(&self, latitude: f64, longitude: f64, day: NaiveDate) -> Day {
        let at = place(latitude, longitude);
        let said = self.with(|state| state.scripts.get(&at).and_then(|s| s.days.iter().find(|d| d.day == day).cloned()));
        let usual = weather(at, day);
        match said {
            Some(said) => said.over(usual),
            None => usual,
        }
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn place(latitude: f64, longitude: f64) -> Place {
    let hundredths = |degrees: f64| (degrees * 100.0).round() as i32;
    (hundredths(latitude), hundredths(longitude))
}
