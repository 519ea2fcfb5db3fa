//! What staff and what customers see of the weather: two types, so that a field of the one cannot slip into the other.

use super::look;
use crate::{
    projects::{self, ProjectId},
    schedule::{MilestoneId, WorkType},
    weather::{
        WeatherDelayId,
        model::{DelayState, ForecastDay, Hazard, words},
    },
};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use kernel::{Cx, Problem, Question, Result};
use poem_openapi::Object;
use sea_orm::FromQueryResult;
use serde::Deserialize;

/// How many delays a list holds at most.
const MOST: i64 = 200;
/// How long customers see that a delay was withdrawn.
const NEWS_DAYS: i64 = 3;

/// The weather of a project: the forecast for its place, and its delays.
#[derive(Clone, Debug, Object)]
pub struct WeatherView {
    /// It is known where the project lies.
    pub place: bool,
    /// When the forecast was fetched; none if there is none for this place.
    pub fetched_at: Option<DateTime<Utc>>,
    /// The forecast from today on.
    pub days: Vec<DayView>,
    /// The project's delays, the newest first.
    pub delays: Vec<WeatherDelayView>,
}

/// One day of a forecast.
#[derive(Clone, Debug, Object)]
pub struct DayView {
    /// Which day, where the company is.
    pub day: NaiveDate,
    /// Rain and melted snow, in mm.
    pub rain_mm: Option<f64>,
    /// The strongest gust, in km/h.
    pub wind_kmh: Option<f64>,
    /// The warmest, in °C.
    pub max_c: Option<f64>,
    /// The coldest, in °C.
    pub min_c: Option<f64>,
    /// The kinds of work that cannot be done.
    pub lost_for: Vec<WorkType>,
}

/// A delay as staff see it.
#[derive(Clone, Debug, Object)]
pub struct WeatherDelayView {
    /// Its id.
    pub id: WeatherDelayId,
    /// Where it belongs.
    pub project: ProjectRef,
    /// What it delays.
    pub milestone: MilestoneRef,
    /// Where it stands.
    pub state: DelayState,
    /// What takes the first lost day.
    pub hazard: Hazard,
    /// The first lost day.
    pub first_day: NaiveDate,
    /// The last lost day.
    pub last_day: NaiveDate,
    /// The milestone's first day as it was planned.
    pub from_start: NaiveDate,
    /// The milestone's last day as it was planned.
    pub from_end: NaiveDate,
    /// Its first day with the delay.
    pub to_start: NaiveDate,
    /// Its last day with the delay.
    pub to_end: NaiveDate,
    /// How many working days later it ends.
    pub working_days: i32,
    /// The reason in a sentence, as customers read it.
    pub reason: String,
    /// Since when the forecast speaks for the planned days again.
    pub over_since: Option<DateTime<Utc>>,
    /// Since when.
    pub proposed_at: DateTime<Utc>,
    /// When it was accepted or dismissed.
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom; empty while nobody has.
    pub decided_by: String,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// A project by number and name.
#[derive(Clone, Debug, Object)]
#[oai(rename = "WeatherProjectRef")]
pub struct ProjectRef {
    /// Its id.
    pub id: ProjectId,
    /// Its number.
    pub number: i64,
    /// Its name.
    pub name: String,
}

/// A milestone by name.
#[derive(Clone, Debug, Object)]
#[oai(rename = "WeatherMilestoneRef")]
pub struct MilestoneRef {
    /// Its id.
    pub id: MilestoneId,
    /// Its name.
    pub name: String,
}

/// A delay as a customer sees it: one that counts, or one that was taken back a short while ago.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult, Deserialize)]
pub struct CustomerDelay {
    /// Its id.
    pub id: WeatherDelayId,
    /// What it delays.
    pub milestone_name: String,
    /// What takes the first lost day.
    pub hazard: Hazard,
    /// The first lost day.
    pub first_day: NaiveDate,
    /// The last lost day.
    pub last_day: NaiveDate,
    /// The first day as it was planned.
    pub from_start: NaiveDate,
    /// The last day as it was planned.
    pub from_end: NaiveDate,
    /// The first day with the delay.
    pub to_start: NaiveDate,
    /// The last day with the delay.
    pub to_end: NaiveDate,
    /// How many working days later it ends.
    pub working_days: i32,
    /// It was taken back: the milestone is on its earlier days again.
    pub withdrawn: bool,
    /// The forecast has turned; else somebody took it back by hand.
    pub turned: bool,
    /// Since when it counts, or counts no more.
    pub at: DateTime<Utc>,
}

impl CustomerDelay {
    /// `Rain has moved “Gutters” by two working days`
    pub fn title(&self) -> String {
        match self.withdrawn {
            true => words::back(&self.milestone_name),
            false => words::moved(self.hazard, &self.milestone_name, self.working_days),
        }
    }

    /// `Rain is forecast for Tuesday, June 9.`
    pub fn reason(&self) -> String {
        match self.withdrawn {
            true => words::back_reason(self.turned, self.hazard, self.first_day, self.last_day),
            false => words::reason(self.hazard, self.first_day, self.last_day),
        }
    }
}

/// What customers are shown of a delay; the joined milestone still stands where the delay put it, so what they read is true.
const SHOWN: &str = "m.actual_end IS NULL AND ( \
     (d.state = 'accepted' AND m.planned_start = d.to_start AND m.planned_end = d.to_end) \
     OR (d.state = 'withdrawn' AND d.decided_at IS NOT NULL AND m.planned_start = d.from_start AND m.planned_end = d.from_end))";
const CUSTOMER_COLUMNS: &str = "d.id, m.name AS milestone_name, d.hazard, d.first_day, d.last_day, d.from_start, d.from_end, d.to_start, \
     d.to_end, d.working_days, d.state = 'withdrawn' AS withdrawn, d.over_since IS NOT NULL AS turned, \
     coalesce(d.withdrawn_at, d.decided_at, d.proposed_at) AS at";

/// The delays of a project that count for its household now, and those withdrawn within three days, by their first day.
pub fn mine(cx: &Cx, project: ProjectId) -> Question<'static, Vec<CustomerDelay>> {
    let sql = format!(
        "SELECT {CUSTOMER_COLUMNS} FROM weather_delays d JOIN milestones m ON m.id = d.milestone_id \
         WHERE d.project_id = $1 AND {SHOWN} AND CASE d.state WHEN 'accepted' THEN d.to_end >= $2 ELSE d.withdrawn_at >= $3 END \
         ORDER BY d.first_day, d.id"
    );
    Question::new(sql, [project.into(), cx.today().into(), (cx.now() - Duration::days(NEWS_DAYS)).into()])
}

/// One delay as customers see it, while it is in this state and its milestone stands where it put it.
pub(super) async fn shown(cx: &Cx, id: WeatherDelayId, state: DelayState) -> Result<Option<(ProjectId, CustomerDelay)>> {
    let sql = format!(
        "SELECT {CUSTOMER_COLUMNS}, d.project_id FROM weather_delays d JOIN milestones m ON m.id = d.milestone_id \
         WHERE d.id = $1 AND d.state = $2 AND {SHOWN}"
    );
    let row = cx.one(&sql, [id.into(), state.name().into()]).await?;
    row.map(|row| Ok((row.try_get("", "project_id")?, CustomerDelay::from_query_result(&row, "")?))).transpose()
}

/// Delays of all projects, the newest first.
pub async fn list(cx: &Cx, state: Option<DelayState>) -> Result<Vec<WeatherDelayView>> {
    match state {
        Some(state) => select(cx, "d.state = $2", state.name().into()).await,
        None => select(cx, "$2::text IS NULL", None::<String>.into()).await,
    }
}

/// The forecast of a project's place, and its delays.
pub async fn of_project(cx: &Cx, project: ProjectId) -> Result<WeatherView> {
    projects::ops::household_of(cx, project).await?;
    let (place, forecast) = look::forecast_of(cx, project).await?;
    let delays = select(cx, "d.project_id = $2", project.into()).await?;
    let rules = super::rules(cx).await?;
    let today = cx.today();
    let fetched_at = forecast.as_ref().map(|(at, _)| *at);
    let day = |day: ForecastDay| DayView {
        lost_for: rules.rules.iter().filter(|rule| rule.hazard(&day).is_some()).map(|rule| rule.work_type).collect(),
        day: day.day,
        rain_mm: day.rain_mm,
        wind_kmh: day.wind_kmh,
        max_c: day.max_c,
        min_c: day.min_c,
    };
    let days = forecast.into_iter().flat_map(|(_, days)| days).filter(|d| d.day >= today).map(day).collect();
    Ok(WeatherView { place, fetched_at, days, delays })
}

/// One delay.
pub(super) async fn find(cx: &Cx, id: WeatherDelayId) -> Result<WeatherDelayView> {
    select(cx, "d.id = $2", id.into()).await?.pop().ok_or_else(|| Problem::not_found("weather delay"))
}

#[derive(FromQueryResult)]
struct Row {
    id: WeatherDelayId,
    project_id: ProjectId,
    number: i64,
    project_name: String,
    milestone_id: MilestoneId,
    milestone_name: String,
    state: DelayState,
    hazard: Hazard,
    first_day: NaiveDate,
    last_day: NaiveDate,
    from_start: NaiveDate,
    from_end: NaiveDate,
    to_start: NaiveDate,
    to_end: NaiveDate,
    working_days: i32,
    over_since: Option<DateTime<Utc>>,
    proposed_at: DateTime<Utc>,
    decided_at: Option<DateTime<Utc>>,
    decided_by: String,
    withdrawn_at: Option<DateTime<Utc>>,
}

/// The delays for which this holds; its value is `$2`.
async fn select(cx: &Cx, condition: &str, value: sea_orm::Value) -> Result<Vec<WeatherDelayView>> {
    let sql = format!(
        "SELECT d.id, d.project_id, p.number, p.name AS project_name, d.milestone_id, m.name AS milestone_name, d.state, d.hazard, \
         d.first_day, d.last_day, d.from_start, d.from_end, d.to_start, d.to_end, d.working_days, d.over_since, d.proposed_at, \
         d.decided_at, d.decided_by, d.withdrawn_at \
         FROM weather_delays d JOIN projects p ON p.id = d.project_id JOIN milestones m ON m.id = d.milestone_id \
         WHERE {condition} ORDER BY d.id DESC LIMIT $1"
    );
    let rows: Vec<Row> = cx.rows(&sql, [MOST.into(), value]).await?;
    Ok(rows.into_iter().map(view).collect())
}

fn view(row: Row) -> WeatherDelayView {
    WeatherDelayView {
        id: row.id,
        project: ProjectRef { id: row.project_id, number: row.number, name: row.project_name },
        milestone: MilestoneRef { id: row.milestone_id, name: row.milestone_name },
        state: row.state,
        hazard: row.hazard,
        first_day: row.first_day,
        last_day: row.last_day,
        from_start: row.from_start,
        from_end: row.from_end,
        to_start: row.to_start,
        to_end: row.to_end,
        working_days: row.working_days,
        reason: words::reason(row.hazard, row.first_day, row.last_day),
        over_since: row.over_since,
        proposed_at: row.proposed_at,
        decided_at: row.decided_at,
        decided_by: row.decided_by,
        withdrawn_at: row.withdrawn_at,
    }
}
