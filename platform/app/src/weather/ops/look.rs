//! The look at the weather: which forecasts are wanted, what was fetched, and what follows for each outdoor milestone.

use super::{accept_row, drop_proposal, propose, withdraw_row};
use crate::{
    events::Event,
    projects::{self, ProjectId},
    schedule::{self, Calendar, MilestoneId, ops::OutdoorMilestone},
    visibility::Visibility,
    weather::model::{
        Accepting, ActiveModel, Column, DAYS_AHEAD, DelayState, Entity, ForecastDay, ForecastDays, Model, Place, WeatherRules, Work,
        is_over, judge,
    },
};
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use kernel::{Cx, Result, problem::Kind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// Nothing follows from a forecast that is older: the service has been away for too long.
const OLDEST_HOURS: i64 = 24;
/// A forecast of a project that has had no outdoor work for so long is removed.
const KEPT_DAYS: i64 = 30;

/// A place whose forecast is to be fetched, and the projects that lie there.
pub type Wanted = BTreeMap<Place, Vec<ProjectId>>;

/// What was fetched for a place.
pub struct Fetched {
    /// Where.
    pub place: Place,
    /// The projects there.
    pub projects: Vec<ProjectId>,
    /// The forecast.
    pub days: Vec<ForecastDay>,
}

#[derive(FromQueryResult)]
struct ForecastRow {
    project_id: ProjectId,
    latitude: f64,
    longitude: f64,
    days: ForecastDays,
    fetched_at: DateTime<Utc>,
}

const FORECASTS: &str = "SELECT project_id, latitude, longitude, days, fetched_at FROM forecasts";

/// Whether this company has anything for which the weather matters.
pub async fn is_needed(cx: &Cx) -> Result<bool> {
    let open = Entity::find().filter(live(cx.today())).count(cx.db()).await? > 0;
    Ok(open || !outdoor(cx).await?.is_empty())
}

/// The places with outdoor work ahead whose forecasts are missing, of elsewhere, or `max_age` old.
pub async fn wanted(cx: &Cx, max_age: Duration) -> Result<Wanted> {
    let mut projects: BTreeSet<ProjectId> = outdoor(cx).await?.into_iter().map(|m| m.project).collect();
    let accepted = Entity::find().select_only().column(Column::ProjectId).distinct().filter(live(cx.today()));
    projects.extend(accepted.into_tuple::<ProjectId>().all(cx.db()).await?);
    let known: HashMap<ProjectId, (Place, DateTime<Utc>)> = cx
        .rows::<ForecastRow>(FORECASTS, [])
        .await?
        .into_iter()
        .map(|row| (row.project_id, (Place::around(row.latitude, row.longitude), row.fetched_at)))
        .collect();
    let mut wanted = Wanted::new();
    for (project, place) in places(cx, projects).await? {
        let fresh = known.get(&project).is_some_and(|(at, fetched)| *at == place && cx.now() - *fetched < max_age);
        if !fresh {
            wanted.entry(place).or_default().push(project);
        }
    }
    Ok(wanted)
}

/// Keeps what was fetched.
pub async fn store(cx: &Cx, fetched: Vec<Fetched>) -> Result<()> {
    // Whoever was removed while the service was asked is left out.
    let sql = "INSERT INTO forecasts (project_id, latitude, longitude, days, fetched_at) \
               SELECT p.id, $2, $3, $4, $5 FROM projects p WHERE p.id = ANY($1) ORDER BY p.id \
               ON CONFLICT (project_id) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude, \
               days = excluded.days, fetched_at = excluded.fetched_at";
    for Fetched { place, projects, days } in fetched {
        let ids: Vec<Uuid> = projects.into_iter().map(|p| p.0).collect();
        let days = serde_json::to_value(ForecastDays(days)).map_err(kernel::Problem::internal)?;
        cx.execute(sql, [ids.into(), place.latitude().into(), place.longitude().into(), days.into(), cx.now().into()]).await?;
    }
    cx.execute("DELETE FROM forecasts WHERE fetched_at < $1", [(cx.now() - Duration::days(KEPT_DAYS)).into()]).await?;
    Ok(())
}

/// The forecast for the place where a project lies; first whether that place is known.
pub(super) async fn forecast_of(cx: &Cx, project: ProjectId) -> Result<(bool, Option<(DateTime<Utc>, Vec<ForecastDay>)>)> {
    let Some(place) = places(cx, [project]).await?.remove(&project) else { return Ok((false, None)) };
    let row: Option<ForecastRow> = cx.row(&format!("{FORECASTS} WHERE project_id = $1"), [project.into()]).await?;
    let row = row.filter(|row| Place::around(row.latitude, row.longitude) == place);
    Ok((true, row.map(|row| (row.fetched_at, row.days.0))))
}

/// Draws the conclusions from the forecasts as they are kept: proposes delays, takes proposals back, notes where the forecast has
/// turned; and where the company wants it so, accepts and withdraws by itself.
pub async fn settle(cx: &mut Cx) -> Result<()> {
    let rules = super::rules(cx).await?;
    // In this order: forecasts, delays, milestones. Two looks wait for each other at the forecasts; a click that is under way is
    // waited for at its delay, and the milestones are read when it has moved them.
    let forecasts = forecasts(cx).await?;
    let (accepted, others): (Vec<Model>, Vec<Model>) = delays(cx).await?.into_iter().partition(|d| d.state == DelayState::Accepted);
    let mut kept = Vec::with_capacity(accepted.len());
    for delay in accepted {
        if !turn(cx, &rules, &forecasts, delay.clone()).await? {
            kept.push(delay);
        }
    }
    let calendar = schedule::ops::calendar(cx).await?;
    let outdoor = outdoor(cx).await?;
    let scene = Scene { today: cx.today(), rules, forecasts, calendar, before: kept.into_iter().chain(others).collect() };
    for work in &outdoor {
        decide(cx, &scene, work).await?;
    }
    // Finished, moved out of sight, indoors now, or the project waits.
    let seen: HashSet<MilestoneId> = outdoor.iter().map(|m| m.id).collect();
    for proposal in scene.before.into_iter().filter(|d| d.state == DelayState::Proposed && !seen.contains(&d.milestone_id)) {
        drop_proposal(cx, proposal).await?;
    }
    Ok(())
}

/// What a milestone is judged by.
struct Scene {
    today: NaiveDate,
    rules: WeatherRules,
    forecasts: HashMap<ProjectId, Vec<ForecastDay>>,
    calendar: Calendar,
    before: Vec<Model>,
}

/// One milestone: what the forecast says, against what is proposed.
async fn decide(cx: &mut Cx, scene: &Scene, work: &OutdoorMilestone) -> Result<()> {
    let Some(forecast) = scene.forecasts.get(&work.project) else { return Ok(()) };
    let mine = || scene.before.iter().filter(|d| d.milestone_id == work.id);
    let days_of = |state: fn(DelayState) -> bool| mine().filter(|d| state(d.state)).flat_map(|d| d.lost_days.0.iter().copied()).collect();
    // What was dismissed, or accepted and taken back by hand: somebody knows better than the forecast.
    let spared: BTreeSet<NaiveDate> = days_of(|s| matches!(s, DelayState::Dismissed | DelayState::Withdrawn));
    let reckoned: BTreeSet<NaiveDate> = days_of(|s| s == DelayState::Accepted);
    let (start, end) = (work.planned_start, work.planned_end);
    let plan = Work { start, end, started: work.started, reckoned: &reckoned, spared: &spared };
    let rule = scene.rules.of(work.work_type);
    let verdict = judge(&plan, &rule, forecast, scene.today, |day| scene.calendar.is_working(day));
    let mut open = mine().find(|d| d.state == DelayState::Proposed).cloned();
    let stays = open.as_ref().zip(verdict.as_ref()).is_some_and(|(open, v)| {
        let same_days = open.lost_days.0 == v.lost && open.hazard == v.hazard;
        same_days && (open.from_start, open.from_end, open.to_start, open.to_end) == (start, end, v.to_start, v.to_end)
    });
    if !stays {
        // A new row with a new id: a click on what was seen before must not accept other days.
        if let Some(old) = open.take() {
            drop_proposal(cx, old).await?;
        }
        if let Some(verdict) = verdict {
            open = Some(propose(cx, work, verdict).await?);
        }
    }
    match open {
        Some(open) if scene.rules.accept == Accepting::Automatically => unless_moved(accept_row(cx, open).await).map(drop),
        _ => Ok(()),
    }
}

/// An accepted delay whose days are to come: notes whether its reason is gone. True: it was withdrawn.
async fn turn(cx: &mut Cx, rules: &WeatherRules, forecasts: &HashMap<ProjectId, Vec<ForecastDay>>, delay: Model) -> Result<bool> {
    let Some(forecast) = forecasts.get(&delay.project_id) else { return Ok(false) };
    let over = is_over(&delay.lost_days.0, &rules.of(delay.work_type), forecast, cx.today());
    let milestone = schedule::ops::milestone(cx, delay.milestone_id).await?;
    let in_place = !milestone.done && (milestone.planned_start, milestone.planned_end) == (delay.to_start, delay.to_end);
    let over_since = delay.over_since.or(Some(cx.now())).filter(|_| over && in_place);
    let delay = match over_since == delay.over_since {
        true => delay,
        false => {
            let (id, project, visibility) = (delay.id, delay.project_id, Visibility::Internal.name());
            let next = ActiveModel { id: Set(id), over_since: Set(over_since), ..Default::default() };
            let row = next.update(cx.db()).await?;
            if over_since.is_some() {
                cx.record(&Event::WeatherDelayOver { delay: id, project, name: milestone.name, visibility }).await?;
            }
            row
        }
    };
    match over_since {
        Some(_) if rules.accept == Accepting::Automatically => unless_moved(withdraw_row(cx, delay).await),
        _ => Ok(false),
    }
}

/// A rule that speaks against it leaves the thing to people; an error of the machine is an error. True: it was done.
fn unless_moved(done: Result<()>) -> Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(problem) if matches!(problem.kind(), Kind::Conflict | Kind::Invalid) => {
            tracing::info!(problem = %problem, "a weather delay is left to people");
            Ok(false)
        }
        Err(problem) => Err(problem),
    }
}

/// Outdoor work on the days of a forecast.
async fn outdoor(cx: &Cx) -> Result<Vec<OutdoorMilestone>> {
    let today = cx.today();
    schedule::ops::outdoor(cx, today, today + Days::new(u64::from(DAYS_AHEAD) - 1)).await
}

/// Proposals, and accepted delays whose days are to come.
fn live(today: NaiveDate) -> Condition {
    let to_come = Condition::all().add(Column::State.eq(DelayState::Accepted)).add(Column::FirstDay.gte(today));
    Condition::any().add(Column::State.eq(DelayState::Proposed)).add(to_come)
}

/// The fresh forecasts of the places where projects lie now. Their rows are held: one look at a time.
async fn forecasts(cx: &Cx) -> Result<HashMap<ProjectId, Vec<ForecastDay>>> {
    let rows: Vec<ForecastRow> = cx.rows(&format!("{FORECASTS} ORDER BY project_id FOR UPDATE"), []).await?;
    let places = places(cx, rows.iter().map(|row| row.project_id)).await?;
    let oldest = cx.now() - Duration::hours(OLDEST_HOURS);
    let holds =
        |row: &ForecastRow| row.fetched_at > oldest && places.get(&row.project_id) == Some(&Place::around(row.latitude, row.longitude));
    Ok(rows.into_iter().filter(holds).map(|row| (row.project_id, row.days.0)).collect())
}

/// The delays that a look has to know of, held: proposals; and those with days to come that were accepted, dismissed, or taken back by
/// hand after they had counted.
async fn delays(cx: &Cx) -> Result<Vec<Model>> {
    let by_hand =
        Condition::all().add(Column::State.eq(DelayState::Withdrawn)).add(Column::DecidedAt.is_not_null()).add(Column::OverSince.is_null());
    let decided = Condition::any().add(Column::State.is_in([DelayState::Accepted, DelayState::Dismissed])).add(by_hand);
    let to_come = Condition::all().add(Column::LastDay.gte(cx.today())).add(decided);
    let query = Entity::find().filter(Condition::any().add(Column::State.eq(DelayState::Proposed)).add(to_come));
    Ok(query.order_by_asc(Column::Id).lock_exclusive().all(cx.db()).await?)
}

/// Where projects lie, rounded; those of which it is not known are left out.
async fn places(cx: &Cx, ids: impl IntoIterator<Item = ProjectId>) -> Result<HashMap<ProjectId, Place>> {
    let found = projects::ops::places(cx, ids).await?;
    Ok(found.into_iter().map(|(id, place)| (id, Place::around(place.latitude, place.longitude))).collect())
}
