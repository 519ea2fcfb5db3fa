//! The verbs and questions of plugins. The only writer of the tables `plugins`, `plugin_versions`, `plugin_secrets`, `plugin_values`,
//! `plugin_runs`, `plugin_messages` and `plugin_rehearsals`, and of the platform's `plugin_installs` and `stopped_plugins`.

mod change;
mod everywhere;
mod hear;
mod history;
mod list;
mod messages;
mod perform;
mod rehearse;
mod replay;
mod secrets;
mod told;
mod upload;
mod views;
mod write;

pub use change::{approve, change_settings, delete, enable};
pub use everywhere::{everywhere, release, stop};
pub(super) use hear::{catch_up, deliver};
pub use history::{run, runs};
pub use list::{document_kinds, find, list};
pub(super) use messages::{letter, note as note_message, send_webhook};
pub(super) use rehearse::{give_up_rehearsal, go_over};
pub use rehearse::{rehearsals, rehearse};
pub use replay::{document, recording, replay, test};
pub(super) use secrets::secret_object;
pub use secrets::{remove_secret, set_secret};
pub(super) use told::{off_letter, tell_off};
pub use upload::upload;
pub(super) use upload::{bytes_of, sweep};
pub use views::{
    OperatorInstall, OperatorPlugin, OperatorPlugins, PluginApprovalView, PluginCall, PluginDocument, PluginDocumentKind, PluginEvent,
    PluginLimits, PluginLogLine, PluginMessage, PluginNotice, PluginRehearsal, PluginReplay, PluginRow, PluginRunRow, PluginRunView,
    PluginSecret, PluginSettingFlaw, PluginStop, PluginUpload, PluginVersionView, PluginView, PluginWant, Plugins, RehearsalLine,
};
pub(super) use write::{title_of, write};

use super::{
    PluginId, PluginState,
    model::{plugin, version},
};
use kernel::{Cx, Problem, Result, caller::Role};
use plugin_host::{Install, Manifest, SettingError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::{collections::HashMap, sync::Arc};

/// Whoever has to do with plugins: they act in the company's name.
pub const MAY_CHANGE: Role = Role::Manager;

async fn row(cx: &Cx, id: PluginId) -> Result<plugin::Model> {
    plugin::Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("plugin"))
}

/// A plugin that is to be changed: held until the transaction ends.
async fn held(cx: &Cx, id: PluginId) -> Result<plugin::Model> {
    plugin::Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?.ok_or_else(|| Problem::not_found("plugin"))
}

/// Its versions, the newest first.
async fn versions(cx: &Cx, id: PluginId) -> Result<Vec<version::Model>> {
    let of = version::Entity::find().filter(version::Column::PluginId.eq(id));
    Ok(of.order_by_desc(version::Column::Number).all(cx.db()).await?)
}

async fn version(cx: &Cx, id: PluginId, number: i32) -> Result<version::Model> {
    version::Entity::find_by_id((id, number)).one(cx.db()).await?.ok_or_else(|| Problem::not_found("version of this plugin"))
}

/// The version in use, with its manifest.
async fn active(cx: &Cx, row: &plugin::Model) -> Result<Option<(version::Model, Manifest)>> {
    let Some(number) = row.active else { return Ok(None) };
    let version = version(cx, row.id, number).await?;
    let manifest = version.manifest()?;
    Ok(Some((version, manifest)))
}

/// A version as the host runs it, with what was approved; or what is wrong with the settings.
fn install(cx: &Cx, row: &plugin::Model, version: &version::Model, manifest: Manifest) -> Result<Install, Vec<SettingError>> {
    Install::new(cx.tenant().id.0, &version.hash, Arc::new(manifest), &row.approval(), &row.settings)
}

/// Of these components those that an operator has stopped everywhere, and why.
async fn stopped(cx: &Cx, hashes: impl IntoIterator<Item = String>) -> Result<HashMap<String, String>> {
    let hashes: Vec<String> = hashes.into_iter().collect();
    let sql = "SELECT hash, reason FROM platform.stopped_plugins WHERE hash = ANY($1)";
    let rows = cx.rows::<Stopped>(sql, [hashes.into()]).await?;
    Ok(rows.into_iter().map(|row| (row.hash, row.reason)).collect())
}

#[derive(sea_orm::FromQueryResult)]
struct Stopped {
    hash: String,
    reason: String,
}

/// Where a plugin stands, and why it does not run if it should. `stopped`: an operator's reason for the version in use.
fn standing(row: &plugin::Model, stopped: Option<&String>) -> (PluginState, String) {
    match (row.active, stopped) {
        (None, _) => (PluginState::New, String::new()),
        (Some(_), Some(reason)) => (PluginState::Stopped, format!("Stopped by the operators of this portal: {reason}")),
        (Some(_), None) if !row.enabled => (PluginState::Off, String::new()),
        (Some(_), None) => match row.breaker().words() {
            Some(words) => (PluginState::Failing, words),
            None => (PluginState::On, String::new()),
        },
    }
}

/// Tells the platform what there is: who hears events is asked there, and operators see it.
async fn publish(cx: &Cx, row: &plugin::Model) -> Result<()> {
    let active = active(cx, row).await?;
    let (title, version, hash) = match active {
        Some((version, manifest)) => (manifest.title, version.version, version.hash),
        None => (row.name.clone(), String::new(), String::new()),
    };
    let events = if row.enabled { row.events.clone() } else { Vec::new() };
    let off_reason = if row.enabled { row.breaker().words().unwrap_or_default() } else { String::new() };
    let sql = "INSERT INTO platform.plugin_installs (plugin_id, name, title, version, hash, enabled, events, off_reason, updated_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_role, plugin_id) DO UPDATE SET title = excluded.title, \
               version = excluded.version, hash = excluded.hash, enabled = excluded.enabled, events = excluded.events, \
               off_reason = excluded.off_reason, updated_at = excluded.updated_at";
    let values = [
        row.id.into(),
        row.name.as_str().into(),
        title.into(),
        version.into(),
        hash.into(),
        row.enabled.into(),
        events.into(),
        off_reason.into(),
        cx.now().into(),
    ];
    cx.execute(sql, values).await?;
    Ok(())
}

/// Refuses a component that an operator has stopped everywhere.
async fn refuse_stopped(cx: &Cx, hash: &str) -> Result<()> {
    match stopped(cx, [hash.to_owned()]).await?.get(hash) {
        Some(reason) => {
            Err(Problem::conflict("plugin_stopped", format!("The operators of this portal have stopped this version: {reason}")))
        }
        None => Ok(()),
    }
}
