//! The weather stand-in: the shape of Open-Meteo's answers, scripts, and every trouble that a client must bear.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod common;

use chrono::NaiveDate;
use embedded::weather::{Day, Script, Trouble, Weather, WeatherOptions};
use serde_json::{Value, json};

const DAILY: &str = "precipitation_sum,wind_gusts_10m_max,temperature_2m_max,temperature_2m_min";

async fn get(weather: &Weather, path: &str) -> reqwest::Response {
    let response = common::client().get(format!("{}{path}", weather.url())).send().await.unwrap();
    assert_eq!(response.headers()["x-stand-in"], "weather", "{path}");
    response
}

async fn forecast(weather: &Weather, latitude: f64, longitude: f64) -> Value {
    let path = format!(
        "/v1/forecast?latitude={latitude}&longitude={longitude}&daily={DAILY}&timezone=America%2FNew_York&forecast_days=10&wind_speed_unit=kmh"
    );
    let response = get(weather, &path).await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}

#[tokio::test]
async fn a_forecast_has_the_real_shape() {
    let weather = Weather::start(WeatherOptions::default()).await.unwrap();
    let first = forecast(&weather, 40.71, -74.01).await;
    for key in ["latitude", "longitude", "generationtime_ms", "utc_offset_seconds", "timezone", "elevation"] {
        assert!(!first[key].is_null(), "{key}");
    }
    assert_eq!(first["daily_units"]["wind_gusts_10m_max"], "km/h");
    let days = first["daily"]["time"].as_array().unwrap();
    assert_eq!(days.len(), 10);
    assert!(DAILY.split(',').all(|name| first["daily"][name].as_array().unwrap().len() == 10));
    assert_eq!(forecast(&weather, 40.71, -74.01).await["daily"], first["daily"], "a day stays as it was");
    assert_ne!(forecast(&weather, 44.91, -122.81).await["daily"], first["daily"]);
    assert_eq!(weather.asked(40.71, -74.01), 2);

    let wet: NaiveDate = days[3].as_str().unwrap().parse().unwrap();
    let script = json!({ "latitude": 40.71, "longitude": -74.01, "days": [{ "day": wet, "precipitation_sum": 22.5 }] });
    let client = common::client();
    let told = client.post(format!("{}/script", weather.url())).json(&script).send().await.unwrap();
    assert_eq!(told.status(), 204);
    let scripted = forecast(&weather, 40.71, -74.01).await;
    assert_eq!(scripted["daily"]["precipitation_sum"][3], 22.5);
    assert_eq!(scripted["daily"]["temperature_2m_max"], first["daily"]["temperature_2m_max"]);
    client.delete(format!("{}/script", weather.url())).send().await.unwrap();
    assert_eq!(forecast(&weather, 40.71, -74.01).await["daily"], first["daily"]);
    let foreign = client.delete(format!("{}/script", weather.url())).header("sec-fetch-site", "cross-site").send().await.unwrap();
    assert_eq!(foreign.status(), 403);

    let about = get(&weather, "/").await.text().await.unwrap();
    assert!(about.contains("stand-in") && about.contains("made up"));
    weather.stop().await;
}

#[tokio::test]
async fn mistakes_and_troubles_are_answered() {
    let weather = Weather::start(WeatherOptions::default()).await.unwrap();
    for bad in [
        "",
        "?latitude=1&longitude=1&daily=snow",
        "?latitude=91&longitude=1&daily=precipitation_sum",
        "?latitude=1&longitude=1&daily=precipitation_sum&timezone=Mars",
        "?latitude=1&longitude=1&daily=precipitation_sum&forecast_days=17",
    ] {
        let answer = get(&weather, &format!("/v1/forecast{bad}")).await;
        assert_eq!(answer.status(), 400, "{bad}");
        assert_eq!(answer.json::<Value>().await.unwrap()["error"], true);
    }
    for (trouble, status) in
        [(Trouble::Down, 503), (Trouble::Busy, 429), (Trouble::Garbage, 200), (Trouble::Nonsense, 200), (Trouble::Redirect, 302)]
    {
        weather.script(Script { latitude: 1.0, longitude: 1.0, trouble: Some(trouble), ..Script::default() });
        let answer = get(&weather, &format!("/v1/forecast?latitude=1.00&longitude=1.00&daily={DAILY}")).await;
        assert_eq!(answer.status(), status, "{trouble:?}");
    }
    let day = "2026-06-09".parse().unwrap();
    weather.script(Script {
        latitude: 1.0,
        longitude: 1.0,
        days: vec![Day::new(day).rain(3.0).wind(70.0).between(-4.0, 3.0)],
        trouble: None,
    });
    assert_eq!(get(&weather, &format!("/v1/forecast?latitude=1&longitude=1&daily={DAILY}")).await.status(), 200);
    weather.stop().await;
}

#[tokio::test]
async fn invented_places_are_found() {
    let weather = Weather::start(WeatherOptions::default()).await.unwrap();
    let found: Value = get(&weather, "/v1/search?name=sampleton&count=8&language=en&format=json").await.json().await.unwrap();
    let found = found["results"].as_array().unwrap();
    assert_eq!((found.len(), found[0]["name"].as_str(), found[0]["admin1"].as_str()), (2, Some("Sampleton"), Some("New York")));
    let none: Value = get(&weather, "/v1/search?name=nowhere").await.json().await.unwrap();
    assert!(none["results"].is_null());
    weather.stop().await;
}
