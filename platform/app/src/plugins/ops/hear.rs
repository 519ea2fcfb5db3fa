//! Events on their way to plugins: which are due is found by number, so none is lost and none comes twice; each run is a job.

use super::{
    held, messages,
    perform::{self, Entry, Ready, Shut},
};
use crate::{
    audit,
    plugins::{
        PluginId, PluginOccasion,
        jobs::{Deliver, Hear},
        model::plugin,
    },
    projects::ProjectId,
};
use chrono::{Duration, SecondsFormat};
use kernel::{Caller, Cx, Problem, Result, event::Recorded};
use plugin_host::{Input, World, data};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Events that are looked at in one transaction.
const AT_ONCE: u64 = 200;
/// How long an event waits for a plugin that may run again by itself. Later it would be no news.
const PATIENCE: Duration = Duration::days(3);

/// Finds what happened since the enabled plugins were last asked, and has each event delivered to those that listen for it.
pub(in crate::plugins) async fn catch_up(cx: &mut Cx) -> Result<()> {
    let enabled = plugin::Entity::find().filter(plugin::Column::Enabled.eq(true)).order_by_asc(plugin::Column::Id);
    let mut enabled = enabled.lock_exclusive().all(cx.db()).await?;
    enabled.retain(|row| !row.events.is_empty());
    let Some(heard) = enabled.iter().map(|row| row.heard).min() else { return Ok(()) };
    let kinds: BTreeSet<String> = enabled.iter().flat_map(|row| row.events.iter().cloned()).collect();
    let due = audit::ops::after(cx, heard, &kinds.into_iter().collect::<Vec<_>>(), AT_ONCE).await?;
    let Some(last) = due.last().map(|event| event.seq) else { return Ok(()) };
    for event in &due {
        for row in enabled.iter().filter(|row| row.heard < event.seq && row.events.contains(&event.kind)) {
            cx.enqueue(&Deliver { plugin: row.id, seq: event.seq }).await?;
        }
    }
    let asked: Vec<Uuid> = enabled.iter().map(|row| row.id.0).collect();
    cx.execute("UPDATE plugins SET heard = $1 WHERE id = ANY($2) AND heard < $1", [last.into(), asked.into()]).await?;
    if due.len() as u64 == AT_ONCE {
        cx.enqueue(&Hear {}).await?;
    }
    Ok(())
}

/// Lets a plugin hear of an event, once. One that is off, stopped or without settings does not hear it. Where the plan's runs are used
/// up or the breaker pauses the plugin, the event waits.
pub(in crate::plugins) async fn deliver(caller: &Caller, id: PluginId, seq: i64) -> Result<()> {
    let Some((ready, event)) = due(caller, id, seq).await? else { return Ok(()) };
    let input = match ready.install.manifest.world {
        World::Notifier => Input::Notify(told(&event)),
        World::EventHook => Input::Hear(told(&event)),
        World::DocumentGenerator => return Ok(()),
    };
    let project = event.project_id.map(ProjectId);
    let done = perform::execute(caller, &ready, input, event.at, false).await?;
    let mut cx = caller.begin().await?;
    // Whoever was faster with the same event has sent its messages.
    held(&cx, id).await?;
    if has_run(&cx, id, seq).await? {
        return Ok(());
    }
    let entry =
        Entry { occasion: PluginOccasion::Event, about: audit::sentence(&event), event: Some(seq), project, asked_by: String::new() };
    let run = perform::keep(&cx, &ready, &entry, &done).await?;
    if let Some(output) = &done.run.output {
        messages::post(&mut cx, &ready, run, project, output).await?;
    }
    perform::judge(&mut cx, &ready, &done).await?;
    cx.commit().await
}

/// The plugin and the event, if it is to be run now.
async fn due(caller: &Caller, id: PluginId, seq: i64) -> Result<Option<(Ready, Recorded)>> {
    let mut cx = caller.begin().await?;
    let row = match held(&cx, id).await {
        Ok(row) => row,
        Err(problem) if problem.kind() == kernel::problem::Kind::NotFound => return Ok(None),
        Err(problem) => return Err(problem),
    };
    if !row.enabled || has_run(&cx, id, seq).await? {
        return Ok(None);
    }
    let Some(event) = audit::ops::entry(&cx, seq).await? else {
        return Err(Problem::internal(anyhow::anyhow!("event {seq} is not in the log")));
    };
    if !row.events.contains(&event.kind) {
        return Ok(None);
    }
    let door = perform::door(&cx, row, true).await?;
    if let Err(Shut { until: Some(until), .. }) = &door
        && *until < event.at + PATIENCE
    {
        cx.enqueue_at(&Deliver { plugin: id, seq }, *until).await?;
    }
    cx.commit().await?;
    Ok(door.ok().map(|ready| (ready, event)))
}

async fn has_run(cx: &Cx, id: PluginId, seq: i64) -> Result<bool> {
    let sql = "SELECT 1 FROM plugin_runs WHERE plugin_id = $1 AND event_seq = $2 AND occasion = 'event'";
    Ok(cx.one(sql, [id.into(), seq.into()]).await?.is_some())
}

/// An event as plugins hear it.
pub(super) fn told(event: &Recorded) -> data::Event {
    data::Event {
        id: event.seq.to_string(),
        kind: event.kind.clone(),
        at: event.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        summary: audit::sentence(event),
        project_id: event.project_id.map(|id| id.to_string()),
        data: serde_json::from_str(&event.data).unwrap_or_default(),
    }
}
