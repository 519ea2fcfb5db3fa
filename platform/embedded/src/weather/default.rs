//! The weather of a place where nobody has said otherwise: three dry days and a wet one, roughly, by the season.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// One day's weather. Of a scripted day, what is left out is as it would have been.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Which day, where the place is.
    pub day: NaiveDate,
    /// Rain and melted snow, in mm.
    #[serde(default)]
    pub precipitation_sum: Option<f64>,
    /// The strongest gust, in km/h.
    #[serde(default)]
    pub wind_gusts_10m_max: Option<f64>,
    /// The warmest, in °C.
    #[serde(default)]
    pub temperature_2m_max: Option<f64>,
    /// The coldest, in °C.
    #[serde(default)]
    pub temperature_2m_min: Option<f64>,
}

impl Day {
    /// A day of which nothing is said yet.
    pub fn new(day: NaiveDate) -> Day {
        Day { day, precipitation_sum: None, wind_gusts_10m_max: None, temperature_2m_max: None, temperature_2m_min: None }
    }

    /// With so much rain, in mm.
    pub fn rain(self, mm: f64) -> Day {
        Day { precipitation_sum: Some(mm), ..self }
    }

    /// With such a gust, in km/h.
    pub fn wind(self, kmh: f64) -> Day {
        Day { wind_gusts_10m_max: Some(kmh), ..self }
    }

    /// From so cold to so warm, in °C.
    pub fn between(self, coldest: f64, warmest: f64) -> Day {
        Day { temperature_2m_min: Some(coldest), temperature_2m_max: Some(warmest), ..self }
    }

    /// Itself, with what it leaves open taken from `usual`.
    pub(super) fn over(self, usual: Day) -> Day {
        Day {
            day: self.day,
            precipitation_sum: self.precipitation_sum.or(usual.precipitation_sum),
            wind_gusts_10m_max: self.wind_gusts_10m_max.or(usual.wind_gusts_10m_max),
            temperature_2m_max: self.temperature_2m_max.or(usual.temperature_2m_max),
            temperature_2m_min: self.temperature_2m_min.or(usual.temperature_2m_min),
        }
    }
}

/// The weather of a place on a day: the same whenever it is asked for.
pub(super) fn weather(place: (i32, i32), day: NaiveDate) -> Day {
    let dice = |n: u64| dice(place, day, n);
    // Warmest at the end of July north of the equator, half a year later south of it.
    let ahead = if place.0 < 0 { 182.0 } else { 0.0 };
    let season = ((f64::from(day.ordinal()) - 208.0 + ahead) / 365.25 * std::f64::consts::TAU).cos();
    let latitude = f64::from(place.0.abs()) / 100.0;
    let warmest = 30.0 - latitude * 0.35 + season * latitude * 0.28 + dice(1) * 6.0 - 3.0;
    let rain = if dice(2) < 0.25 { dice(3) * 14.0 + 1.0 } else { 0.0 };
    Day::new(day).rain(tenth(rain)).wind(tenth(14.0 + dice(4) * 26.0)).between(tenth(warmest - 8.0 - dice(5) * 4.0), tenth(warmest))
}

/// From 0 to 1 by place, day and `n`: a hash, so that no randomness is needed and no day depends on another.
fn dice(place: (i32, i32), day: NaiveDate, n: u64) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let bytes = [place.0.to_le_bytes(), place.1.to_le_bytes(), day.num_days_from_ce().to_le_bytes()].concat();
    for byte in bytes.into_iter().chain(n.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 11) as f64 / (1_u64 << 53) as f64
}

fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_stays_as_it_was_and_is_plausible() {
        let first: NaiveDate = "2026-01-01".parse().unwrap();
        let (mut wet, days) = (0, 730);
        for day in first.iter_days().take(days) {
            let (here, there) = (weather((4071, -7401), day), weather((-3686, 17476), day));
            assert_eq!(here, weather((4071, -7401), day));
            assert_ne!(here, there);
            let (Some(coldest), Some(warmest)) = (here.temperature_2m_min, here.temperature_2m_max) else { panic!("{here:?}") };
            assert!(coldest < warmest && coldest > -40.0 && warmest < 45.0, "{here:?}");
            wet += usize::from(here.precipitation_sum.is_some_and(|mm| mm > 0.0));
        }
        assert!((days / 5..days / 3).contains(&wet), "{wet} wet days of {days}");
    }
}
