//! The one home of the weather service: Open-Meteo, or whoever speaks the same. It is told rounded coordinates and a time zone, and what
//! staff type when they look for a place; nothing else leaves this house.

use super::model::{DAYS_AHEAD, ForecastDay, Place};
use anyhow::{Context, bail, ensure};
use bytes::BytesMut;
use chrono::NaiveDate;
use chrono_tz::Tz;
use kernel::{Problem, Result, config::WeatherConfig};
use poem_openapi::Object;
use reqwest::{Client, redirect::Policy};
use serde::{Deserialize, de::DeserializeOwned};
use std::{sync::LazyLock, time::Duration};

/// An answer that takes longer is given up.
const PATIENCE: Duration = Duration::from_secs(5);
/// An answer that is larger is none of a weather service.
const MOST_BYTES: usize = 256 << 10;
/// How many places a search answers.
const MOST_PLACES: usize = 8;
const DAILY: &str = "precipitation_sum,wind_gusts_10m_max,temperature_2m_max,temperature_2m_min";

/// One client for the process. It keeps no connection open: a forecast is wanted every few hours.
static CLIENT: LazyLock<Result<Client, String>> = LazyLock::new(|| {
    // The program has installed it at its start; tests come here without it.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let builder = Client::builder().timeout(PATIENCE).connect_timeout(PATIENCE).redirect(Policy::none()).pool_max_idle_per_host(0);
    builder.user_agent(concat!("Plumbline/", env!("CARGO_PKG_VERSION"))).build().map_err(|e| e.without_url().to_string())
});

/// A place by name.
#[derive(Clone, Debug, PartialEq, Object)]
pub struct PlaceView {
    /// For example "Sampleton".
    pub name: String,
    /// The state or region; may be empty.
    pub region: String,
    /// The country; may be empty.
    pub country: String,
    /// Its latitude.
    pub latitude: f64,
    /// Its longitude.
    pub longitude: f64,
}

/// The forecast of a place for the next ten days of a time zone's calendar.
pub(super) async fn forecast(config: &WeatherConfig, place: Place, zone: Tz) -> Result<Vec<ForecastDay>> {
    let query = [
        ("latitude", format!("{:.2}", place.latitude())),
        ("longitude", format!("{:.2}", place.longitude())),
        ("daily", DAILY.to_owned()),
        ("timezone", zone.name().to_owned()),
        ("forecast_days", DAYS_AHEAD.to_string()),
        ("wind_speed_unit", "kmh".to_owned()),
    ];
    let answer: ForecastAnswer = ask(config, &format!("{}/v1/forecast", config.base_url.trim_end_matches('/')), &query).await?;
    answer.days().map_err(unavailable)
}

/// The places of this name.
pub(super) async fn places(config: &WeatherConfig, name: &str) -> Result<Vec<PlaceView>> {
    let query =
        [("name", name.to_owned()), ("count", MOST_PLACES.to_string()), ("language", "en".to_owned()), ("format", "json".to_owned())];
    let answer: PlacesAnswer = ask(config, &format!("{}/v1/search", config.geocoding_url.trim_end_matches('/')), &query).await?;
    let fine = |p: &FoundPlace| (-90.0..=90.0).contains(&p.latitude) && (-180.0..=180.0).contains(&p.longitude);
    let view = |p: FoundPlace| PlaceView {
        name: p.name,
        region: p.admin1.unwrap_or_default(),
        country: p.country.unwrap_or_default(),
        latitude: p.latitude,
        longitude: p.longitude,
    };
    Ok(answer.results.unwrap_or_default().into_iter().filter(fine).take(MOST_PLACES).map(view).collect())
}

async fn ask<T: DeserializeOwned>(config: &WeatherConfig, url: &str, query: &[(&str, String)]) -> Result<T> {
    let read = async {
        let client = CLIENT.as_ref().map_err(|words| anyhow::anyhow!("no client: {words}"))?;
        let key = config.api_key.get().map(|key| [("apikey", key)]);
        // The address may carry the key, so no error names it.
        let response = client.get(url).query(query).query(&key.as_slice().concat()).send().await.map_err(reqwest::Error::without_url)?;
        let status = response.status();
        let body = body(response).await?;
        ensure!(status == 200, "it answers {status}: {}", beginning(&body));
        serde_json::from_slice(&body).with_context(|| format!("its answer is something else: {}", beginning(&body)))
    };
    read.await.map_err(unavailable)
}

async fn body(mut response: reqwest::Response) -> anyhow::Result<BytesMut> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(reqwest::Error::without_url)? {
        ensure!(body.len() + chunk.len() <= MOST_BYTES, "its answer is larger than {MOST_BYTES} bytes");
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The beginning of an answer, for the log.
fn beginning(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().filter(|c| !c.is_control()).take(200).collect()
}

fn unavailable(error: anyhow::Error) -> Problem {
    let words = "The weather service does not answer as it should. Nothing is lost; try again in a few minutes.";
    Problem::unavailable("weather_unavailable", words).caused_by(error.context("the weather service"))
}

#[derive(Deserialize)]
struct ForecastAnswer {
    daily_units: Units,
    daily: Daily,
}

#[derive(Deserialize)]
struct Units {
    precipitation_sum: String,
    wind_gusts_10m_max: String,
    temperature_2m_max: String,
    temperature_2m_min: String,
}

#[derive(Deserialize)]
struct Daily {
    time: Vec<NaiveDate>,
    precipitation_sum: Vec<Option<f64>>,
    wind_gusts_10m_max: Vec<Option<f64>>,
    temperature_2m_max: Vec<Option<f64>>,
    temperature_2m_min: Vec<Option<f64>>,
}

#[derive(Deserialize)]
struct PlacesAnswer {
    results: Option<Vec<FoundPlace>>,
}

#[derive(Deserialize)]
struct FoundPlace {
    name: String,
    latitude: f64,
    longitude: f64,
    admin1: Option<String>,
    country: Option<String>,
}

impl ForecastAnswer {
    /// The days, if all of it is weather: in our units, in order, and nothing that this planet does not have.
    fn days(self) -> anyhow::Result<Vec<ForecastDay>> {
        let Self { daily_units: units, daily } = self;
        let told = [units.precipitation_sum, units.wind_gusts_10m_max, units.temperature_2m_max, units.temperature_2m_min];
        ensure!(told == ["mm", "km/h", "°C", "°C"], "its units are {told:?}");
        let count = daily.time.len();
        ensure!((1..=31).contains(&count), "it has {count} days");
        ensure!(daily.time.is_sorted_by(|a, b| a < b), "its days are in disorder");
        let columns = [
            ("rain", &daily.precipitation_sum, 0.0..=3_000.0),
            ("gusts", &daily.wind_gusts_10m_max, 0.0..=500.0),
            ("warmest", &daily.temperature_2m_max, -100.0..=70.0),
            ("coldest", &daily.temperature_2m_min, -100.0..=70.0),
        ];
        for (name, values, range) in columns {
            ensure!(values.len() == count, "it has {count} days and {} of {name}", values.len());
            if let Some(odd) = values.iter().flatten().find(|value| !range.contains(*value)) {
                bail!("{odd} is no value for {name}");
            }
        }
        let day = |n: usize| ForecastDay {
            day: daily.time[n],
            rain_mm: daily.precipitation_sum[n],
            wind_kmh: daily.wind_gusts_10m_max[n],
            max_c: daily.temperature_2m_max[n],
            min_c: daily.temperature_2m_min[n],
        };
        Ok((0..count).map(day).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answer() -> Value {
        json!({
            "latitude": 52.52, "longitude": 13.42, "generationtime_ms": 0.06, "utc_offset_seconds": -14_400, "timezone": "America/New_York",
            "daily_units": {
                "time": "iso8601", "precipitation_sum": "mm", "wind_gusts_10m_max": "km/h",
                "temperature_2m_max": "°C", "temperature_2m_min": "°C",
            },
            "daily": {
                "time": ["2026-06-09", "2026-06-10"], "precipitation_sum": [0.0, 12.4], "wind_gusts_10m_max": [31.0, null],
                "temperature_2m_max": [24, 19.5], "temperature_2m_min": [12.0, -1.5],
            },
        })
    }

    fn read(answer: Value) -> anyhow::Result<Vec<ForecastDay>> {
        serde_json::from_value::<ForecastAnswer>(answer)?.days()
    }

    #[test]
    fn an_answer_becomes_days() {
        let days = read(answer()).unwrap();
        assert_eq!(days.len(), 2);
        assert_eq!((days[0].rain_mm, days[0].max_c), (Some(0.0), Some(24.0)));
        assert_eq!((days[1].day.to_string().as_str(), days[1].wind_kmh, days[1].min_c), ("2026-06-10", None, Some(-1.5)));
    }

    #[test]
    fn what_is_no_weather_is_refused() {
        let changes: [(&str, Value); 9] = [
            ("/daily_units/wind_gusts_10m_max", json!("mp/h")),
            ("/daily_units/temperature_2m_max", json!("°F")),
            ("/daily/time", json!(["2026-06-10", "2026-06-09"])),
            ("/daily/time", json!([])),
            ("/daily/time", json!(["June 9", "June 10"])),
            ("/daily/precipitation_sum", json!([0.0])),
            ("/daily/precipitation_sum", json!([0.0, -1.0])),
            ("/daily/temperature_2m_min", json!([0.0, 9_999.0])),
            ("/daily", json!(null)),
        ];
        for (at, value) in changes {
            let mut answer = answer();
            *answer.pointer_mut(at).unwrap() = value.clone();
            assert!(read(answer).is_err(), "{at} {value}");
        }
    }
}
