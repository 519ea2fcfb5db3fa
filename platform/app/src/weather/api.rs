//! Weather over HTTP, for staff.

use super::{
    DelayState, WeatherDelayId, WeatherRules,
    open_meteo::{self, PlaceView},
    ops::{self, WeatherDelayView, WeatherView},
};
use crate::{callers::Staff, projects::ProjectId, routes::Tag};
use kernel::{Problem, Result};
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::Json,
};

/// The weather endpoints.
pub struct WeatherApi;

/// Delays, the newest first.
#[derive(Object)]
struct WeatherDelayList {
    /// At most 200.
    items: Vec<WeatherDelayView>,
}

/// Places by name.
#[derive(Object)]
struct PlaceList {
    /// At most 8, the best first.
    items: Vec<PlaceView>,
}

#[OpenApi(tag = "Tag::Weather")]
impl WeatherApi {
    /// The forecast for a project's place, and its delays.
    #[oai(path = "/projects/:project/weather", method = "get", operation_id = "get_weather")]
    async fn of_project(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<WeatherView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::of_project(&cx, project.0).await?))
    }

    /// Delays of all projects, the newest first.
    #[oai(path = "/weather-delays", method = "get", operation_id = "list_weather_delays")]
    async fn list(
        &self,
        Staff(me): Staff,
        /// Only in this state.
        state: Query<Option<DelayState>>,
    ) -> Result<Json<WeatherDelayList>> {
        let cx = me.begin().await?;
        Ok(Json(WeatherDelayList { items: ops::list(&cx, state.0).await? }))
    }

    /// Accepts a proposed delay: the milestone moves, and the household is told.
    #[oai(path = "/weather-delays/:delay/acceptance", method = "post", operation_id = "accept_weather_delay")]
    async fn accept(&self, Staff(me): Staff, delay: Path<WeatherDelayId>) -> Result<Json<WeatherDelayView>> {
        let mut cx = me.begin().await?;
        let view = ops::accept(&mut cx, delay.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Dismisses a proposed delay: its days are worked through.
    #[oai(path = "/weather-delays/:delay/dismissal", method = "post", operation_id = "dismiss_weather_delay")]
    async fn dismiss(&self, Staff(me): Staff, delay: Path<WeatherDelayId>) -> Result<Json<WeatherDelayView>> {
        let mut cx = me.begin().await?;
        let view = ops::dismiss(&mut cx, delay.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Takes an accepted delay back: the milestone returns to its days, and who was told of the delay is told so.
    #[oai(path = "/weather-delays/:delay/withdrawal", method = "post", operation_id = "withdraw_weather_delay")]
    async fn withdraw(&self, Staff(me): Staff, delay: Path<WeatherDelayId>) -> Result<Json<WeatherDelayView>> {
        let mut cx = me.begin().await?;
        let view = ops::withdraw(&mut cx, delay.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// What each kind of outdoor work bears, and who accepts delays.
    #[oai(path = "/weather-rules", method = "get", operation_id = "get_weather_rules")]
    async fn rules(&self, Staff(me): Staff) -> Result<Json<WeatherRules>> {
        let cx = me.begin().await?;
        Ok(Json(ops::rules(&cx).await?))
    }

    /// Replaces all rules; what is left out is as usual again. For managers and owners.
    #[oai(path = "/weather-rules", method = "put", operation_id = "change_weather_rules")]
    async fn change_rules(&self, Staff(me): Staff, rules: Json<WeatherRules>) -> Result<Json<WeatherRules>> {
        let mut cx = me.begin().await?;
        let rules = ops::change_rules(&mut cx, rules.0).await?;
        cx.commit().await?;
        Ok(Json(rules))
    }

    /// The coordinates of places by name: what is typed goes to the search of the weather service.
    #[oai(path = "/places", method = "get", operation_id = "find_places")]
    async fn places(
        &self,
        Staff(me): Staff,
        /// The beginning of a town's name; nothing is found for less than two letters.
        q: Query<Option<String>>,
    ) -> Result<Json<PlaceList>> {
        let name = q.0.as_deref().unwrap_or_default().trim();
        match name.chars().count() {
            0..=1 => return Ok(Json(PlaceList { items: Vec::new() })),
            2..=100 => {}
            _ => return Err(Problem::invalid("q", "too_long", "At most 100 characters fit here.")),
        }
        let config = &me.app.config.weather;
        if !config.enabled {
            return Err(Problem::conflict("weather_off", "Weather is switched off here. Enter the coordinates by hand."));
        }
        Ok(Json(PlaceList { items: open_meteo::places(config, name).await? }))
    }
}
