//! The HTTP side: the two endpoints as Open-Meteo has them, a page that says what this is, and the script.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{NaiveDate, Utc};
use poem::http::StatusCode;
use poem::web::{Data, Json, Query};
use poem::{Body, Endpoint, EndpointExt, IntoResponse, Request, Response, Route, get, handler};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::default::Day;
use super::script::{Script, Scripts, Trouble};

/// What can be asked for a day, and its unit.
const DAILY: [(&str, &str); 4] =
    [("precipitation_sum", "mm"), ("wind_gusts_10m_max", "km/h"), ("temperature_2m_max", "°C"), ("temperature_2m_min", "°C")];
/// Invented places, by name, region, country, coordinates and time zone.
const PLACES: [(&str, &str, &str, &str, f64, f64, &str); 4] = [
    ("Sampleton", "New York", "US", "United States", 41.52, -74.02, "America/New_York"),
    ("Sampleton Falls", "Oregon", "US", "United States", 44.91, -122.81, "America/Los_Angeles"),
    ("Quillfeather", "Vermont", "US", "United States", 44.14, -72.66, "America/New_York"),
    ("Beispielhausen", "Hessen", "DE", "Germany", 50.34, 8.93, "Europe/Berlin"),
];
const ABOUT: &str = "A stand-in for a weather service, for development and tests. Its weather is made up; it forecasts nothing.\n\n\
                     GET /v1/forecast and GET /v1/search answer as Open-Meteo does.\n\
                     POST /script {latitude, longitude, days: [{day, precipitation_sum, ...}], trouble} says what the weather is.\n\
                     DELETE /script forgets it.\n";

/// Every address.
pub(super) fn routes(scripts: Arc<Scripts>) -> impl Endpoint + 'static {
    Route::new()
        .at("/", get(about))
        .at("/v1/forecast", get(forecast))
        .at("/v1/search", get(search))
        .at("/script", poem::post(set).delete(clear))
        .data(scripts)
        .around(|next, request: Request| async move {
            let mut response = if foreign(&request) {
                refuse(StatusCode::FORBIDDEN, "Another site asked for this.")
            } else {
                next.get_response(request).await
            };
            response.headers_mut().insert("x-stand-in", "weather".parse().expect("a header value"));
            Ok::<_, poem::Error>(response)
        })
}

/// Whether a page of another site sent this.
fn foreign(request: &Request) -> bool {
    !matches!(request.header("sec-fetch-site").unwrap_or("none"), "none" | "same-origin")
}

#[handler]
fn about() -> Response {
    Response::builder().content_type("text/plain; charset=utf-8").body(ABOUT)
}

#[derive(Deserialize)]
struct Asked {
    latitude: f64,
    longitude: f64,
    daily: String,
    #[serde(default)]
    timezone: Option<String>,
    #[serde(default)]
    forecast_days: Option<u64>,
    #[serde(default)]
    wind_speed_unit: Option<String>,
}

#[handler]
async fn forecast(scripts: Data<&Arc<Scripts>>, asked: poem::Result<Query<Asked>>) -> Response {
    let Ok(Query(asked)) = asked else { return refuse(StatusCode::BAD_REQUEST, "Parameter 'latitude' and 'longitude' are required") };
    match scripts.ask(asked.latitude, asked.longitude) {
        None => match forecast_of(&scripts, &asked) {
            Ok(forecast) => Json(forecast).into_response(),
            Err(reason) => refuse(StatusCode::BAD_REQUEST, &reason),
        },
        Some(trouble) => troubled(trouble).await,
    }
}

async fn troubled(trouble: Trouble) -> Response {
    match trouble {
        Trouble::Down => refuse(StatusCode::SERVICE_UNAVAILABLE, "Overloaded"),
        Trouble::Busy => refuse(StatusCode::TOO_MANY_REQUESTS, "Hourly API request limit exceeded."),
        Trouble::Slow => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            refuse(StatusCode::SERVICE_UNAVAILABLE, "Too late")
        }
        Trouble::Garbage => Response::builder().content_type("text/html").body("<html>Please sign in to this network</html>"),
        Trouble::Nonsense => {
            let daily = json!({
                "time": ["2026-06-09", "2026-06-09"], "precipitation_sum": [-3.0, 1e300],
                "wind_gusts_10m_max": [0.0], "temperature_2m_max": [9999.0, null], "temperature_2m_min": ["cold", 1],
            });
            Json(json!({ "latitude": 0.0, "longitude": 0.0, "daily_units": units(&DAILY), "daily": daily })).into_response()
        }
        Trouble::Endless => {
            let spaces = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 16 << 10])));
            Response::builder().content_type("application/json").body(Body::from_bytes_stream(spaces))
        }
        Trouble::Redirect => Response::builder().status(StatusCode::FOUND).header("location", "/v1/forecast?elsewhere").finish(),
    }
}

fn forecast_of(scripts: &Scripts, asked: &Asked) -> Result<Value, String> {
    if !(-90.0..=90.0).contains(&asked.latitude) || !(-180.0..=180.0).contains(&asked.longitude) {
        return Err("Latitude must be in range of -90 to 90°.".into());
    }
    let mut wanted = Vec::new();
    for name in asked.daily.split(',') {
        let known = DAILY.iter().find(|(known, _)| *known == name);
        let known = known.ok_or_else(|| format!("Data corrupted at path ''. Cannot initialize ForecastVariableDaily from '{name}'."))?;
        wanted.push(*known);
    }
    if asked.wind_speed_unit.as_deref().is_some_and(|unit| unit != "kmh") {
        return Err("This stand-in knows km/h alone.".into());
    }
    let zone = asked.timezone.as_deref().unwrap_or("GMT");
    let count = asked.forecast_days.unwrap_or(7);
    if !(1..=16).contains(&count) {
        return Err("Forecast days is invalid. Allowed range 0 to 16.".into());
    }
    let first = today(zone).ok_or("Invalid timezone")?;
    let days: Vec<Day> = first.iter_days().take(count as usize).map(|day| scripts.day(asked.latitude, asked.longitude, day)).collect();
    let mut daily = Map::new();
    daily.insert("time".into(), days.iter().map(|d| d.day.to_string()).collect());
    for (name, _) in &wanted {
        daily.insert((*name).to_owned(), days.iter().map(|day| json!(value(day, name))).collect());
    }
    Ok(json!({
        "latitude": asked.latitude, "longitude": asked.longitude, "generationtime_ms": 0.021, "utc_offset_seconds": 0,
        "timezone": zone, "timezone_abbreviation": zone, "elevation": 38.0, "daily_units": units(&wanted), "daily": daily,
    }))
}

fn value(day: &Day, name: &str) -> Option<f64> {
    match name {
        "precipitation_sum" => day.precipitation_sum,
        "wind_gusts_10m_max" => day.wind_gusts_10m_max,
        "temperature_2m_max" => day.temperature_2m_max,
        _ => day.temperature_2m_min,
    }
}

fn units(of: &[(&str, &str)]) -> Value {
    let mut units = Map::from_iter([("time".to_owned(), json!("iso8601"))]);
    units.extend(of.iter().map(|(name, unit)| ((*name).to_owned(), json!(unit))));
    units.into()
}

/// The calendar day in a zone by the machine's clock, as a service that is another machine has it.
#[expect(clippy::disallowed_methods, reason = "this is another machine: it has a clock of its own")]
fn today(zone: &str) -> Option<NaiveDate> {
    let zone: chrono_tz::Tz = zone.parse().ok()?;
    Some(Utc::now().with_timezone(&zone).date_naive())
}

#[derive(Deserialize)]
struct Searched {
    #[serde(default)]
    name: String,
    #[serde(default)]
    count: Option<usize>,
}

#[handler]
fn search(Query(Searched { name, count }): Query<Searched>) -> Json<Value> {
    let asked = name.trim().to_lowercase();
    let fits = |place: &&(&str, &str, &str, &str, f64, f64, &str)| asked.len() > 1 && place.0.to_lowercase().starts_with(&asked);
    let found: Vec<Value> = PLACES
        .iter()
        .filter(fits)
        .take(count.unwrap_or(10))
        .enumerate()
        .map(|(n, (name, region, code, country, latitude, longitude, zone))| {
            json!({
                "id": 9_000_001 + n, "name": name, "latitude": latitude, "longitude": longitude, "elevation": 38.0, "feature_code": "PPL",
                "country_code": code, "timezone": zone, "population": 4_200, "country": country, "admin1": region,
            })
        })
        .collect();
    // As the real one: without a hit there is no `results` at all.
    match found.as_slice() {
        [] => Json(json!({ "generationtime_ms": 0.3 })),
        _ => Json(json!({ "results": found, "generationtime_ms": 0.3 })),
    }
}

#[handler]
fn set(scripts: Data<&Arc<Scripts>>, script: Json<Script>) -> StatusCode {
    scripts.set(script.0);
    StatusCode::NO_CONTENT
}

#[handler]
fn clear(scripts: Data<&Arc<Scripts>>) -> StatusCode {
    scripts.clear();
    StatusCode::NO_CONTENT
}

fn refuse(status: StatusCode, reason: &str) -> Response {
    let body = json!({ "error": true, "reason": reason }).to_string();
    Response::builder().status(status).content_type("application/json").body(body)
}
