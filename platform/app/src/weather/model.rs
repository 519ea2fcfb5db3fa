//! What a day's weather is, what each kind of work bears, and the row of a delay.

mod verdict;
pub mod words;

pub use verdict::{Verdict, Work, is_over, judge};

use super::WeatherDelayId;
use crate::{
    people::HouseholdId,
    projects::ProjectId,
    schedule::{MilestoneId, WorkType},
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object};
use sea_orm::{FromJsonQueryResult, Iterable, entity::prelude::*};
use serde::{Deserialize, Serialize};

/// How many days a forecast goes ahead, today included.
pub const DAYS_AHEAD: u32 = 10;

/// What takes a day away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Hazard {
    /// Rain, or snow.
    Rain,
    /// Gusts.
    Wind,
    /// Too hot.
    Heat,
    /// Too cold.
    Frost,
}

impl Hazard {
    /// The icon on pages.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Rain => "cloud-rain",
            Self::Wind => "wind",
            Self::Heat => "thermometer-sun",
            Self::Frost => "snowflake",
        }
    }
}

/// Where a delay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case", rename = "WeatherDelayState")]
#[serde(rename_all = "snake_case")]
pub enum DelayState {
    /// The forecast speaks against the planned days; staff decide.
    Proposed,
    /// It counts: the milestone has moved.
    Accepted,
    /// It does not count.
    Dismissed,
    /// It is taken back.
    Withdrawn,
}

/// Who accepts and withdraws delays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Accepting {
    /// Somebody, by a click.
    ByStaff,
    /// The program, as soon as the forecast says so.
    Automatically,
}

macro_rules! names {
    ($($enum:ty),*) => { $(impl $enum {
        /// The word in tables and templates.
        pub fn name(self) -> String {
            self.to_value()
        }
    })* };
}
names!(Hazard, DelayState, Accepting);

/// One day of a forecast. What the service does not know is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastDay {
    /// The calendar day, where the company is.
    pub day: NaiveDate,
    /// Rain and melted snow, in mm.
    pub rain_mm: Option<f64>,
    /// The strongest gust, in km/h.
    pub wind_kmh: Option<f64>,
    /// The warmest, in °C.
    pub max_c: Option<f64>,
    /// The coldest, in °C.
    pub min_c: Option<f64>,
}

/// The days of a forecast as a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct ForecastDays(pub Vec<ForecastDay>);

/// Calendar days as a column, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Days(pub Vec<NaiveDate>);

/// What one kind of outdoor work bears. A limit that is absent does not count.
#[derive(Clone, Debug, PartialEq, Object, Serialize, Deserialize)]
pub struct WeatherRule {
    /// Which work.
    pub work_type: WorkType,
    /// A day with more rain is lost, in mm.
    pub max_rain_mm: Option<f64>,
    /// A day with stronger gusts is lost, in km/h.
    pub max_wind_kmh: Option<f64>,
    /// A day that gets warmer is lost, in °C.
    pub max_heat_c: Option<f64>,
    /// A day that gets colder is lost, in °C.
    pub min_frost_c: Option<f64>,
}

/// What all kinds of outdoor work bear, and who accepts delays.
#[derive(Clone, Debug, PartialEq, Object, Serialize, Deserialize)]
pub struct WeatherRules {
    /// Who accepts and withdraws delays.
    pub accept: Accepting,
    /// One for each kind of work. What is left out of a change goes back to the usual limits.
    pub rules: Vec<WeatherRule>,
}

impl WeatherRule {
    /// What is usual for this work, until a company says otherwise: rough rules of the trades, on the careful side.
    pub fn usual(work_type: WorkType) -> WeatherRule {
        let (rain, wind, heat, frost) = match work_type {
            WorkType::Roofing => (Some(1.0), Some(50.0), Some(38.0), Some(0.0)),
            WorkType::Gutters => (Some(3.0), Some(55.0), None, Some(-5.0)),
            WorkType::Painting => (Some(0.5), Some(45.0), Some(35.0), Some(5.0)),
            WorkType::Masonry => (Some(5.0), Some(65.0), Some(38.0), Some(2.0)),
            WorkType::Concrete => (Some(5.0), None, Some(35.0), Some(2.0)),
            WorkType::Earthworks => (Some(15.0), None, None, Some(-5.0)),
            WorkType::Carpentry => (Some(5.0), Some(60.0), None, Some(-10.0)),
            WorkType::OtherOutdoor => (Some(10.0), Some(65.0), None, Some(-10.0)),
        };
        WeatherRule { work_type, max_rain_mm: rain, max_wind_kmh: wind, max_heat_c: heat, min_frost_c: frost }
    }

    /// What takes this day away from this work; the first in the order rain, wind, heat, frost.
    pub fn hazard(&self, day: &ForecastDay) -> Option<Hazard> {
        let over = |value: Option<f64>, limit: Option<f64>| matches!((value, limit), (Some(v), Some(l)) if v > l);
        let under = |value: Option<f64>, limit: Option<f64>| matches!((value, limit), (Some(v), Some(l)) if v < l);
        let hazards = [
            (Hazard::Rain, over(day.rain_mm, self.max_rain_mm)),
            (Hazard::Wind, over(day.wind_kmh, self.max_wind_kmh)),
            (Hazard::Heat, over(day.max_c, self.max_heat_c)),
            (Hazard::Frost, under(day.min_c, self.min_frost_c)),
        ];
        hazards.into_iter().find(|(_, lost)| *lost).map(|(hazard, _)| hazard)
    }
}

impl WeatherRules {
    /// What holds in a company that has said nothing.
    pub fn usual() -> WeatherRules {
        WeatherRules { accept: Accepting::ByStaff, rules: WorkType::iter().map(WeatherRule::usual).collect() }
    }

    /// The rule of a kind of work.
    pub fn of(&self, work_type: WorkType) -> WeatherRule {
        self.rules.iter().find(|rule| rule.work_type == work_type).cloned().unwrap_or_else(|| WeatherRule::usual(work_type))
    }

    /// Each kind of work at most once, and limits that weather can reach.
    pub fn check(&self) -> Result<()> {
        for (n, rule) in self.rules.iter().enumerate() {
            if self.rules[..n].iter().any(|before| before.work_type == rule.work_type) {
                return Err(Problem::invalid("rules", "rule_twice", "One kind of work is in the list twice."));
            }
            let limits = [
                ("max_rain_mm", rule.max_rain_mm, 0.0, 500.0),
                ("max_wind_kmh", rule.max_wind_kmh, 0.0, 300.0),
                ("max_heat_c", rule.max_heat_c, -60.0, 70.0),
                ("min_frost_c", rule.min_frost_c, -60.0, 70.0),
            ];
            for (field, limit, least, most) in limits {
                if limit.is_some_and(|limit| !(least..=most).contains(&limit)) {
                    let words = format!("Between {least} and {most}; leave it empty if it does not count.");
                    return Err(Problem::invalid(&format!("rules.{n}.{field}"), "limit_range", words));
                }
            }
        }
        Ok(())
    }
}

/// Coordinates as they leave this house: rounded to hundredths of a degree, about a kilometre, so that no house can be told from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    latitude: i32,
    longitude: i32,
}

impl Place {
    /// The place around these coordinates.
    pub fn around(latitude: f64, longitude: f64) -> Place {
        let hundredths = |degrees: f64| (degrees * 100.0).round() as i32;
        Place { latitude: hundredths(latitude), longitude: hundredths(longitude) }
    }

    /// Its latitude.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude) / 100.0
    }

    /// Its longitude.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude) / 100.0
    }
}

/// The table `weather_delays`.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "weather_delays")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WeatherDelayId,
    pub household_id: HouseholdId,
    pub project_id: ProjectId,
    pub milestone_id: MilestoneId,
    pub state: DelayState,
    pub work_type: WorkType,
    pub hazard: Hazard,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    #[sea_orm(column_type = "JsonBinary")]
    pub lost_days: Days,
    pub from_start: NaiveDate,
    pub from_end: NaiveDate,
    pub to_start: NaiveDate,
    pub to_end: NaiveDate,
    pub working_days: i32,
    pub over_since: Option<DateTime<Utc>>,
    pub proposed_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: String,
    pub told_at: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
    pub withdrawal_told_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(rain: f64, wind: f64, min: f64, max: f64) -> ForecastDay {
        let day = "2026-06-09".parse().unwrap();
        ForecastDay { day, rain_mm: Some(rain), wind_kmh: Some(wind), max_c: Some(max), min_c: Some(min) }
    }

    #[test]
    fn a_limit_itself_is_borne() {
        let roofing = WeatherRule::usual(WorkType::Roofing);
        assert_eq!(roofing.hazard(&day(1.0, 50.0, 0.0, 38.0)), None);
        assert_eq!(roofing.hazard(&day(1.1, 80.0, -3.0, 50.0)), Some(Hazard::Rain));
        assert_eq!(roofing.hazard(&day(0.0, 50.1, -3.0, 50.0)), Some(Hazard::Wind));
        assert_eq!(roofing.hazard(&day(0.0, 0.0, -3.0, 38.1)), Some(Hazard::Heat));
        assert_eq!(roofing.hazard(&day(0.0, 0.0, -0.1, 20.0)), Some(Hazard::Frost));
    }

    #[test]
    fn what_is_not_known_or_not_limited_takes_nothing() {
        let day = ForecastDay { rain_mm: None, wind_kmh: None, max_c: None, min_c: None, ..day(0.0, 0.0, 0.0, 0.0) };
        assert_eq!(WeatherRule::usual(WorkType::Painting).hazard(&day), None);
        let none = WeatherRule {
            max_rain_mm: None,
            max_wind_kmh: None,
            max_heat_c: None,
            min_frost_c: None,
            ..WeatherRule::usual(WorkType::Roofing)
        };
        assert_eq!(none.hazard(&self::day(99.0, 200.0, -30.0, 50.0)), None);
    }

    #[test]
    fn rules_are_checked() {
        let usual = WeatherRules::usual();
        assert_eq!(usual.rules.len(), 8);
        usual.check().unwrap();
        let twice = WeatherRules { rules: vec![usual.rules[0].clone(), usual.rules[0].clone()], ..usual.clone() };
        assert_eq!(twice.check().unwrap_err().code(), "rule_twice");
        for bad in [-0.1, 500.1, f64::NAN, f64::INFINITY] {
            let rules = vec![WeatherRule { max_rain_mm: Some(bad), ..usual.rules[0].clone() }];
            assert_eq!(WeatherRules { rules, ..usual.clone() }.check().unwrap_err().code(), "limit_range", "{bad}");
        }
    }

    #[test]
    fn a_place_is_about_a_kilometre() {
        let place = Place::around(41.523_456, -74.024_999);
        assert_eq!((place.latitude(), place.longitude()), (41.52, -74.02));
        assert_eq!(place, Place::around(41.519, -74.016));
    }
}
