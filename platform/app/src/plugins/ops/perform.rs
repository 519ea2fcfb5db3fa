//! Running a plugin, and writing the run down. The run itself has no transaction open.

use super::{active, held, install, publish, stopped};
use crate::{
    events::Event,
    plugins::{
        PluginId, PluginOccasion, PluginRunId, PluginRunner,
        delegate::Desk,
        model::{plugin, version},
    },
    projects::ProjectId,
};
use chrono::{DateTime, Duration, Utc};
use kernel::{Caller, Cx, Problem, Result};
use plugin_host::{
    Input, Install, Order, Output, Recording, Run,
    breaker::{Admission, Change},
    data::Moment,
};
use sea_orm::{ActiveEnum, ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

/// What a plan's runs are counted in.
const DAY: Duration = Duration::hours(24);
/// Runs that are kept of a plugin beside those of the last day, and how many of them can be run again.
const KEPT: i64 = 500;
const REPLAYABLE: i64 = 100;
/// A recording or an answer of more bytes is not kept.
const LARGEST: usize = 512 << 10;

/// A plugin as it is run: a version, with what was approved and the settings.
pub(super) struct Ready {
    pub row: plugin::Model,
    pub version: version::Model,
    pub install: Install,
    pub title: String,
}

/// What a run came to.
pub(super) struct Done {
    pub run: Run,
    pub recording: Option<Recording>,
}

/// What a run was for.
pub(super) struct Entry {
    pub occasion: PluginOccasion,
    pub about: String,
    pub event: Option<i64>,
    pub project: Option<ProjectId>,
    pub asked_by: String,
}

/// Why a plugin does not run.
pub(super) struct Shut {
    /// For the company.
    pub words: String,
    /// From when it is worth asking again; none where somebody has to do something first.
    pub until: Option<DateTime<Utc>>,
}

/// The one door to a run: the plan has runs left, the version in use [`can_run`], and the breaker lets it. The run that follows may be
/// the breaker's trial if `trial`; the caller commits that this is noted.
pub(super) async fn door(cx: &Cx, row: plugin::Model, trial: bool) -> Result<Result<Ready, Shut>> {
    if let Some(until) = used_up(cx).await? {
        return Ok(Err(Shut { words: "The runs that your plan allows in a day are used up.".to_owned(), until: Some(until) }));
    }
    let mut ready = match can_run(cx, row).await? {
        Ok(ready) => ready,
        Err(words) => return Ok(Err(Shut { words, until: None })),
    };
    let mut breaker = ready.row.breaker();
    let Some(words) = breaker.words() else { return Ok(Ok(ready)) };
    if !trial {
        return Ok(Err(Shut { words, until: None }));
    }
    if let Admission::Off { until } = breaker.admit(cx.now()) {
        return Ok(Err(Shut { words, until: Some(until) }));
    }
    let mut next = plugin::ActiveModel::from(ready.row);
    next.breaker = Set(serde_json::to_value(&breaker).map_err(Problem::internal)?);
    ready.row = next.update(cx.db()).await?;
    Ok(Ok(ready))
}

/// The version in use, if it can run; the words say why not. What an operator stopped and what is not filled in is not run.
pub(super) async fn can_run(cx: &Cx, row: plugin::Model) -> Result<Result<Ready, String>> {
    let Some((version, manifest)) = active(cx, &row).await? else { return Ok(Err("No version of it is approved.".to_owned())) };
    if let Some(reason) = stopped(cx, [version.hash.clone()]).await?.remove(&version.hash) {
        return Ok(Err(format!("The operators of this portal have stopped it: {reason}")));
    }
    let title = manifest.title.clone();
    Ok(match install(cx, &row, &version, manifest) {
        Ok(install) => Ok(Ready { row, version, install, title }),
        Err(_) => Err("Its settings are not filled in.".to_owned()),
    })
}

/// When the plan has runs again, if it has none now: when the run that used the last one is a day old. A run counts when it has ended, so
/// runs that are under way at once may be one more than the plan has.
async fn used_up(cx: &Cx) -> Result<Option<DateTime<Utc>>> {
    let limit = cx.tenant().plan.plugin_runs_per_day;
    if limit == 0 {
        return Ok(Some(cx.now() + DAY));
    }
    let sql = "SELECT created_at FROM plugin_runs WHERE created_at > $1 AND occasion <> 'test' ORDER BY created_at DESC OFFSET $2 LIMIT 1";
    let row = cx.one(sql, [(cx.now() - DAY).into(), i64::from(limit - 1).into()]).await?;
    Ok(row.map(|row| row.try_get::<DateTime<Utc>>("", "created_at")).transpose()?.map(|last| last + DAY))
}

/// Runs of the last 24 hours, tests left out.
pub(super) async fn runs_today(cx: &Cx) -> Result<i64> {
    let sql = "SELECT count(*) AS runs FROM plugin_runs WHERE created_at > $1 AND occasion <> 'test'";
    let row = cx.one(sql, [(cx.now() - DAY).into()]).await?;
    Ok(row.map(|row| row.try_get("", "runs")).transpose()?.unwrap_or_default())
}

/// The time that a run sees.
pub(super) fn moment(caller: &Caller, at: DateTime<Utc>) -> Moment {
    let zone = caller.tenant.time_zone;
    Moment::new(at, at.with_timezone(&zone).date_naive(), zone.name())
}

/// Runs it once. What is the host's fault, or only a matter of waiting, is an error: it can be tried again.
pub(super) async fn execute(caller: &Caller, ready: &Ready, input: Input, at: DateTime<Utc>, dry: bool) -> Result<Done> {
    let seed = caller.app.random();
    run_with(caller, ready, input, at, seed, dry).await
}

/// The same with a seed of one's own.
pub(super) async fn run_with(caller: &Caller, ready: &Ready, input: Input, at: DateTime<Utc>, seed: [u8; 32], dry: bool) -> Result<Done> {
    let runner = PluginRunner::of(caller).await?;
    let (delegate, kept) = Desk::new(caller, ready.version.clone(), &ready.title).delegate(dry);
    let order = Order { install: &ready.install, input, moment: moment(caller, at), seed, delegate };
    let run = runner.host().await?.run(order).await;
    match run.report.outcome.code() {
        "busy" => Err(Problem::unavailable("plugin_busy", run.report.outcome.words())),
        "host" => {
            let detail = format!("{:?}", run.report.outcome);
            Err(Problem::unavailable("plugin_host", run.report.outcome.words()).caused_by(anyhow::anyhow!(detail)))
        }
        _ => Ok(Done { run, recording: kept.take() }),
    }
}

/// Writes a run down. Of the oldest ones nothing is kept.
pub(super) async fn keep(cx: &Cx, ready: &Ready, entry: &Entry, done: &Done) -> Result<PluginRunId> {
    let id = PluginRunId(cx.new_uuid());
    let report = &done.run.report;
    let recording = done.recording.as_ref().filter(|recording| recording.complete).map(serde_json::to_value).transpose();
    let output = done.run.output.as_ref().filter(|output| !matches!(output, Output::Pdf(_))).map(serde_json::to_value).transpose();
    let fits = |value: Option<Value>| value.filter(|value| value.to_string().len() <= LARGEST);
    let sql = "INSERT INTO plugin_runs (id, plugin_id, number, occasion, about, event_seq, project_id, asked_by_name, outcome, words, report, \
               output, recording, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    let values = [
        id.into(),
        ready.row.id.into(),
        ready.version.number.into(),
        entry.occasion.to_value().into(),
        entry.about.as_str().into(),
        entry.event.into(),
        entry.project.into(),
        entry.asked_by.as_str().into(),
        report.outcome.code().into(),
        report.outcome.words().into(),
        json!(report).into(),
        fits(output.map_err(Problem::internal)?).into(),
        fits(recording.map_err(Problem::internal)?).into(),
        cx.now().into(),
    ];
    cx.execute(sql, values).await?;
    tidy(cx, ready.row.id).await?;
    if entry.occasion != PluginOccasion::Test {
        count(cx, ready.row.id, &report.outcome).await?;
    }
    Ok(id)
}

async fn tidy(cx: &Cx, plugin: PluginId) -> Result<()> {
    let nth = "(SELECT id FROM plugin_runs WHERE plugin_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)";
    // What the plan allows in a day is counted here, so a day's runs stay, however many; the plan bounds them.
    let sql = format!("DELETE FROM plugin_runs WHERE plugin_id = $1 AND id <= {nth} AND created_at <= $3");
    cx.execute(&sql, [plugin.into(), KEPT.into(), (cx.now() - DAY).into()]).await?;
    let sql = format!("UPDATE plugin_runs SET recording = NULL WHERE plugin_id = $1 AND recording IS NOT NULL AND id <= {nth}");
    cx.execute(&sql, [plugin.into(), REPLAYABLE.into()]).await?;
    Ok(())
}

async fn count(cx: &Cx, plugin: PluginId, outcome: &plugin_host::Outcome) -> Result<()> {
    let failed = outcome.verdict() == Some(false);
    let sql = "UPDATE platform.plugin_installs SET runs = runs + 1, last_run_at = $2, failures = failures + CASE WHEN $3 THEN 1 ELSE 0 END, \
               last_failure_at = CASE WHEN $3 THEN $2 ELSE last_failure_at END, last_failure = CASE WHEN $3 THEN $4 ELSE last_failure END \
               WHERE plugin_id = $1";
    cx.execute(sql, [plugin.into(), cx.now().into(), failed.into(), outcome.words().into()]).await?;
    Ok(())
}

/// Tells the breaker how a run ended. A plugin that is turned off, or on again, is in the log, and its admins are told.
pub(super) async fn judge(cx: &mut Cx, ready: &Ready, done: &Done) -> Result<()> {
    let row = held(cx, ready.row.id).await?;
    let mut breaker = row.breaker();
    let before = breaker.clone();
    let change = breaker.note(done.run.report.outcome.verdict(), cx.now());
    if breaker == before {
        return Ok(());
    }
    let mut next = plugin::ActiveModel::from(row);
    next.breaker = Set(serde_json::to_value(&breaker).map_err(Problem::internal)?);
    let row = next.update(cx.db()).await?;
    if change.is_some() {
        publish(cx, &row).await?;
    }
    let (plugin, name) = (row.id, ready.title.clone());
    match change {
        Some(Change::TurnedOff) => {
            let reason = format!("{} The last time: {}", breaker.words().unwrap_or_default(), done.run.report.outcome.words());
            cx.record(&Event::PluginTurnedOff { plugin, name, reason }).await?;
        }
        Some(Change::TurnedOn) => {
            cx.record(&Event::PluginTurnedOn { plugin, name }).await?;
        }
        Some(Change::StaysOff) | None => {}
    }
    Ok(())
}
