//! Rehearsals: a version over what happened in the last 90 days, beside the version in use, with nothing sent and nothing remembered.

mod cases;
mod words;

use super::{MAY_CHANGE, PluginRehearsal, RehearsalLine, perform, row, version};
use crate::{
    events::Event,
    plugins::{PluginId, PluginRehearsalId, RehearsalState, jobs::RehearsePlugin, model::plugin},
};
use cases::Case;
use chrono::{DateTime, Utc};
use kernel::{Caller, Cx, Problem, Result};
use perform::{Done, Ready};
use plugin_host::{Approval, Install, Outcome, digest};
use sea_orm::{ActiveEnum, FromQueryResult};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// Lines that are kept of one rehearsal.
const LINES: usize = 100;
/// How often the table hears how far it is, in cases.
const STEP: usize = 5;
/// How often a run that is in others' way is tried.
const PATIENCE: u32 = 20;

/// Has a version rehearsed. One rehearsal of a plugin at a time.
pub async fn rehearse(cx: &mut Cx, id: PluginId, number: i32) -> Result<PluginRehearsal> {
    let found = super::held(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let chosen = version(cx, id, number).await?;
    if let Some(open) = rehearsals(cx, id).await?.into_iter().find(|r| matches!(r.state, RehearsalState::Queued | RehearsalState::Running))
    {
        return Ok(open);
    }
    let rehearsal = PluginRehearsalId(cx.new_uuid());
    let against = found.active.filter(|active| *active != number);
    let sql = "INSERT INTO plugin_rehearsals (id, plugin_id, number, against, state, asked_by_name, created_at) \
               VALUES ($1, $2, $3, $4, 'queued', $5, $6)";
    let by = cx.actor().name().to_owned();
    cx.execute(sql, [rehearsal.into(), id.into(), number.into(), against.into(), by.into(), cx.now().into()]).await?;
    cx.record(&Event::PluginRehearsed { plugin: id, name: chosen.manifest()?.title, version: chosen.version }).await?;
    cx.enqueue(&RehearsePlugin { rehearsal }).await?;
    rehearsals(cx, id).await?.into_iter().find(|r| r.id == rehearsal).ok_or_else(|| Problem::not_found("rehearsal"))
}

#[derive(FromQueryResult)]
struct Row {
    id: PluginRehearsalId,
    number: i32,
    version: String,
    against: Option<String>,
    state: RehearsalState,
    reason: String,
    total: i32,
    done: i32,
    same: i32,
    different: i32,
    failed: i32,
    least_headroom: Option<f64>,
    lines: Value,
    asked_by_name: String,
    created_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
}

/// Its rehearsals, the newest first.
pub async fn rehearsals(cx: &Cx, id: PluginId) -> Result<Vec<PluginRehearsal>> {
    row(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let sql = "SELECT r.id, r.number, coalesce(v.version, '') AS version, a.version AS against, r.state, r.reason, r.total, r.done, r.same, \
               r.different, r.failed, r.least_headroom, r.lines, r.asked_by_name, r.created_at, r.ended_at FROM plugin_rehearsals r \
               LEFT JOIN plugin_versions v ON v.plugin_id = r.plugin_id AND v.number = r.number \
               LEFT JOIN plugin_versions a ON a.plugin_id = r.plugin_id AND a.number = r.against \
               WHERE r.plugin_id = $1 ORDER BY r.id DESC LIMIT 10";
    let mut all = Vec::new();
    for row in cx.rows::<Row>(sql, [id.into()]).await? {
        all.push(PluginRehearsal {
            id: row.id,
            number: row.number,
            version: row.version,
            against: row.against,
            state: row.state,
            reason: row.reason,
            total: row.total,
            done: row.done,
            same: row.same,
            different: row.different,
            failed: row.failed,
            least_headroom: row.least_headroom,
            lines: serde_json::from_value(row.lines).map_err(Problem::internal)?,
            asked_by: row.asked_by_name,
            created_at: row.created_at,
            ended_at: row.ended_at,
        });
    }
    Ok(all)
}

/// What has come out so far.
#[derive(Default)]
struct Tally {
    total: usize,
    done: usize,
    same: usize,
    different: usize,
    failed: usize,
    least: Option<f64>,
    lines: Vec<RehearsalLine>,
}

/// Runs a rehearsal from its beginning to its end.
pub(in crate::plugins) async fn go_over(caller: &Caller, id: PluginRehearsalId) -> Result<()> {
    let Some((new, old, cases)) = begin(caller, id).await? else { return Ok(()) };
    let mut tally = Tally { total: cases.len(), ..Tally::default() };
    note(caller, id, &tally, RehearsalState::Running, "").await?;
    for case in &cases {
        let after = attempt(caller, &new, case).await?;
        let before = match &old {
            Some(old) => Some(attempt(caller, old, case).await?),
            None => None,
        };
        tally.count(case, &after, before.as_ref());
        if tally.done.is_multiple_of(STEP) {
            note(caller, id, &tally, RehearsalState::Running, "").await?;
        }
    }
    note(caller, id, &tally, RehearsalState::Done, "").await
}

/// The tries are used up.
pub(in crate::plugins) async fn give_up_rehearsal(caller: &Caller, id: PluginRehearsalId, problem: &Problem) -> Result<()> {
    let cx = caller.begin().await?;
    let sql = "UPDATE plugin_rehearsals SET state = 'failed', reason = $2, ended_at = $3 WHERE id = $1 AND ended_at IS NULL";
    cx.execute(sql, [id.into(), problem.words().into(), cx.now().into()]).await?;
    cx.commit().await
}

/// The versions and what they are run over; none if it has come to an end.
async fn begin(caller: &Caller, id: PluginRehearsalId) -> Result<Option<(Ready, Option<Ready>, Vec<Case>)>> {
    let cx = caller.begin().await?;
    let sql = "SELECT plugin_id, number, against FROM plugin_rehearsals WHERE id = $1 AND ended_at IS NULL";
    let Some(found) = cx.one(sql, [id.into()]).await? else { return Ok(None) };
    let (plugin, number, against): (PluginId, i32, Option<i32>) =
        (found.try_get("", "plugin_id")?, found.try_get("", "number")?, found.try_get("", "against")?);
    let row = row(&cx, plugin).await?;
    let new = stage(&cx, &row, number, None).await?;
    let old = match against {
        Some(number) => stage(&cx, &row, number, Some(row.approval())).await?.ok(),
        None => None,
    };
    let new = match new {
        Ok(new) => new,
        Err(words) => {
            cx.commit().await?;
            note(caller, id, &Tally::default(), RehearsalState::Failed, &words).await?;
            return Ok(None);
        }
    };
    let cases = cases::of(&cx, &row, &new.install.manifest).await?;
    cx.commit().await?;
    Ok(Some((new, old, cases)))
}

/// A version as it would be run. A new one may read all that it asks for: nothing leaves, and who asked for this sees what comes of it.
async fn stage(cx: &Cx, row: &plugin::Model, number: i32, approval: Option<Approval>) -> Result<Result<Ready, String>> {
    let version = version(cx, row.id, number).await?;
    let manifest = version.manifest()?;
    let approval = approval.unwrap_or_else(|| Approval::all(&manifest.wants));
    let title = manifest.title.clone();
    Ok(match Install::new(cx.tenant().id.0, &version.hash, Arc::new(manifest), &approval, &row.settings) {
        Ok(install) => Ok(Ready { row: row.clone(), version, install, title }),
        Err(errors) => {
            let which: Vec<String> = errors.into_iter().map(|e| e.name).collect();
            Err(format!("The settings do not fit this version: {}.", which.join(", ")))
        }
    })
}

/// One run; where others are in its way it waits for its turn.
async fn attempt(caller: &Caller, ready: &Ready, case: &Case) -> Result<Done> {
    let mut tries = 0;
    loop {
        match perform::run_with(caller, ready, case.input.clone(), case.at, case.seed(), true).await {
            Err(problem) if problem.code() == "plugin_busy" && tries < PATIENCE => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(500)).await;
            }
            other => return other,
        }
    }
}

impl Tally {
    fn count(&mut self, case: &Case, after: &Done, before: Option<&Done>) {
        let report = &after.run.report;
        let headroom = report.headroom();
        self.done += 1;
        self.least = Some(self.least.map_or(headroom, |least| least.min(headroom)));
        let failed = report.outcome != Outcome::Done;
        let answer = |done: &Done| (done.run.report.outcome.clone(), done.run.output.as_ref().map(digest));
        let same = before.is_none_or(|before| answer(before) == answer(after));
        match (failed, same) {
            (true, _) => self.failed += 1,
            (false, true) => self.same += 1,
            (false, false) => self.different += 1,
        }
        if (failed || !same) && self.lines.len() < LINES {
            self.lines.push(RehearsalLine {
                at: case.at,
                about: case.about.clone(),
                project_id: case.project,
                failed,
                before: before.map(words::of).unwrap_or_default(),
                after: words::of(after),
                headroom,
            });
        }
    }
}

async fn note(caller: &Caller, id: PluginRehearsalId, tally: &Tally, state: RehearsalState, reason: &str) -> Result<()> {
    let cx = caller.begin().await?;
    let ended = matches!(state, RehearsalState::Done | RehearsalState::Failed).then(|| cx.now());
    let whole = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    let sql = "UPDATE plugin_rehearsals SET state = $2, reason = $3, total = $4, done = $5, same = $6, different = $7, failed = $8, \
               least_headroom = $9, lines = $10, ended_at = $11 WHERE id = $1 AND ended_at IS NULL";
    let values = [
        id.into(),
        state.to_value().into(),
        reason.into(),
        whole(tally.total).into(),
        whole(tally.done).into(),
        whole(tally.same).into(),
        whole(tally.different).into(),
        whole(tally.failed).into(),
        tally.least.into(),
        json!(tally.lines).into(),
        ended.into(),
    ];
    cx.execute(sql, values).await?;
    cx.commit().await
}
