//! Plugins of all companies, for operators: who has what in use, what fails, and stopping a component everywhere.

use super::{OperatorInstall, OperatorPlugin, OperatorPlugins, PluginStop};
use crate::events::Event;
use chrono::{DateTime, Utc};
use kernel::{Actor, Cx, Problem, Result};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// Characters of a reason.
const REASON: usize = 500;

#[derive(FromQueryResult)]
struct Row {
    hash: String,
    name: String,
    title: String,
    version: String,
    tenant_id: Uuid,
    company: String,
    subdomain: String,
    enabled: bool,
    off_reason: String,
    runs: i64,
    failures: i64,
    last_run_at: Option<DateTime<Utc>>,
    last_failure_at: Option<DateTime<Utc>>,
    last_failure: String,
}

#[derive(FromQueryResult)]
struct Stopped {
    hash: String,
    name: String,
    reason: String,
    stopped_by: String,
    stopped_at: DateTime<Utc>,
}

/// The components that companies have in use, or that are stopped: those with the newest failures first.
pub async fn everywhere(cx: &Cx) -> Result<OperatorPlugins> {
    operator(cx)?;
    let sql = "SELECT i.hash, i.name, i.title, i.version, t.id AS tenant_id, t.name AS company, t.subdomain, i.enabled, i.off_reason, i.runs, \
               i.failures, i.last_run_at, i.last_failure_at, i.last_failure FROM plugin_installs i JOIN tenants t \
               ON t.schema || '_staff' = i.tenant_role WHERE i.hash <> '' ORDER BY t.name, i.plugin_id";
    let mut items: Vec<OperatorPlugin> = Vec::new();
    for row in cx.rows::<Row>(sql, []).await? {
        let install = OperatorInstall {
            tenant_id: row.tenant_id,
            company: row.company,
            subdomain: row.subdomain,
            enabled: row.enabled,
            off_reason: row.off_reason,
            runs: row.runs,
            failures: row.failures,
            last_run_at: row.last_run_at,
            last_failure_at: row.last_failure_at,
            last_failure: row.last_failure,
        };
        match items.iter_mut().find(|item| item.hash == row.hash) {
            Some(item) => item.installs.push(install),
            None => items.push(OperatorPlugin {
                hash: row.hash,
                name: row.name,
                title: row.title,
                version: row.version,
                stop: None,
                installs: vec![install],
            }),
        }
    }
    for row in cx.rows::<Stopped>("SELECT hash, name, reason, stopped_by, stopped_at FROM stopped_plugins", []).await? {
        let stop = Some(PluginStop { reason: row.reason, by: row.stopped_by, at: row.stopped_at });
        match items.iter_mut().find(|item| item.hash == row.hash) {
            Some(item) => item.stop = stop,
            None => {
                let (title, version) = (row.name.clone(), String::new());
                items.push(OperatorPlugin { hash: row.hash, name: row.name, title, version, stop, installs: Vec::new() });
            }
        }
    }
    items.sort_by_key(|item| std::cmp::Reverse(item.installs.iter().filter_map(|i| i.last_failure_at).max()));
    Ok(OperatorPlugins { items })
}

/// Stops a component everywhere. Runs that are under way end by themselves, within seconds.
pub async fn stop(cx: &mut Cx, hash: &str, reason: &str) -> Result<OperatorPlugin> {
    let known = one(cx, hash).await?;
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON {
        return Err(Problem::invalid("reason", "missing", "Say why, in at most 500 characters. The companies read it."));
    }
    let sql = "INSERT INTO stopped_plugins (hash, name, reason, stopped_by, stopped_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (hash) DO UPDATE SET reason = excluded.reason, stopped_by = excluded.stopped_by, stopped_at = excluded.stopped_at";
    let by = cx.actor().name().to_owned();
    cx.execute(sql, [hash.into(), known.title.as_str().into(), reason.into(), by.into(), cx.now().into()]).await?;
    let event = Event::ComponentStopped { component: subject(hash), name: known.title, hash: hash.to_owned(), reason: reason.to_owned() };
    cx.record(&event).await?;
    one(cx, hash).await
}

/// Lets it run again.
pub async fn release(cx: &mut Cx, hash: &str) -> Result<OperatorPlugin> {
    let mut known = one(cx, hash).await?;
    if cx.execute("DELETE FROM stopped_plugins WHERE hash = $1", [hash.into()]).await? > 0 {
        let event = Event::ComponentReleased { component: subject(hash), name: known.title.clone(), hash: hash.to_owned() };
        cx.record(&event).await?;
    }
    known.stop = None;
    Ok(known)
}

async fn one(cx: &Cx, hash: &str) -> Result<OperatorPlugin> {
    everywhere(cx).await?.items.into_iter().find(|item| item.hash == hash).ok_or_else(|| Problem::not_found("plugin"))
}

fn operator(cx: &Cx) -> Result<()> {
    match cx.actor() {
        Actor::Operator { .. } => Ok(()),
        _ => Err(Problem::not_found("page")),
    }
}

/// The subject of a component's events: the beginning of its hash.
fn subject(hash: &str) -> Uuid {
    let bytes = data_encoding::HEXLOWER.decode(hash.as_bytes()).unwrap_or_default();
    Uuid::from_slice(bytes.get(..16).unwrap_or(&[0; 16])).unwrap_or_default()
}
