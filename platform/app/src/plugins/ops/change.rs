//! Approving a version, saying when it runs, its settings, and deleting a plugin.

use super::{MAY_CHANGE, PluginView, active, find, held, install, publish, refuse_stopped, version, versions};
use crate::{
    events::Event,
    plugins::{PluginApproval, PluginEnabling, PluginId, hears, jobs::SweepPlugin, model::plugin},
};
use kernel::{Cx, Problem, Result};
use plugin_host::{Approval, Manifest, SettingError, breaker::Breaker};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::Value;

/// Uses a version, with what of its wishes was approved. What was chosen before and it cannot do is chosen no more; one whose settings
/// do not fit is turned off until they do.
pub async fn approve(cx: &mut Cx, id: PluginId, given: PluginApproval) -> Result<PluginView> {
    let row = held(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let chosen = version(cx, id, given.number).await?;
    refuse_stopped(cx, &chosen.hash).await?;
    let manifest = chosen.manifest()?;
    let approval = asked_and_given(&manifest, &Approval::from(&given));
    let event = Event::PluginApproved { plugin: id, name: manifest.title.clone(), version: chosen.version.clone(), may: words(&approval) };
    let mut next = plugin::ActiveModel::from(row.clone());
    next.active = Set(Some(given.number));
    next.approval = Set(serde_json::to_value(&approval).map_err(Problem::internal)?);
    next.breaker = Set(fresh()?);
    next.events = Set(row.events.iter().filter(|kind| manifest.events.contains(kind)).cloned().collect());
    next.documents = Set(row.documents.iter().filter(|kind| manifest.documents.iter().any(|d| d.kind == **kind)).cloned().collect());
    next.updated_at = Set(cx.now());
    let row = next.update(cx.db()).await?;
    let row = match install(cx, &row, &chosen, manifest) {
        Err(_) if row.enabled => {
            let mut next = plugin::ActiveModel::from(row);
            next.enabled = Set(false);
            next.update(cx.db()).await?
        }
        _ => row,
    };
    publish(cx, &row).await?;
    cx.record(&event).await?;
    find(cx, id).await
}

/// Says whether it runs, and when.
pub async fn enable(cx: &mut Cx, id: PluginId, wanted: PluginEnabling) -> Result<PluginView> {
    let row = held(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let Some((chosen, manifest)) = active(cx, &row).await? else {
        return Err(Problem::conflict("plugin_not_approved", "Approve a version first."));
    };
    let events = known(wanted.events, "events", |kind| manifest.events.iter().any(|e| e == kind) && hears(kind))?;
    let documents = known(wanted.documents, "documents", |kind| manifest.documents.iter().any(|d| d.kind == kind))?;
    if wanted.enabled {
        refuse_stopped(cx, &chosen.hash).await?;
        if events.is_empty() && documents.is_empty() {
            return Err(Problem::invalid("events", "none_chosen", "Choose at least one thing that it runs for."));
        }
        install(cx, &row, &chosen, manifest.clone()).map_err(|errors| flawed("Fill in its settings first.", &errors))?;
        not_taken(cx, id, &documents).await?;
    }
    let (was, now) = (row.enabled, cx.now());
    let mut next = plugin::ActiveModel::from(row);
    if wanted.enabled {
        next.breaker = Set(fresh()?);
        if !was {
            // What happened while it was off is not made up for.
            next.heard = Set(head(cx).await?);
        }
    }
    next.enabled = Set(wanted.enabled);
    next.events = Set(events);
    next.documents = Set(documents);
    next.updated_at = Set(now);
    let row = next.update(cx.db()).await?;
    publish(cx, &row).await?;
    let name = manifest.title;
    let event = match wanted.enabled {
        true => Event::PluginEnabled { plugin: id, name, change: [row.events.as_slice(), &row.documents].concat().join(", ") },
        false => Event::PluginDisabled { plugin: id, name },
    };
    cx.record(&event).await?;
    find(cx, id).await
}

/// Saves the settings.
pub async fn change_settings(cx: &mut Cx, id: PluginId, settings: Value) -> Result<PluginView> {
    let row = held(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let chosen = match row.active {
        Some(number) => version(cx, id, number).await?,
        None => versions(cx, id).await?.into_iter().next().ok_or_else(|| Problem::not_found("version of this plugin"))?,
    };
    let manifest = chosen.manifest()?;
    let name = manifest.title.clone();
    let mut next = plugin::ActiveModel::from(row.clone());
    let row = plugin::Model { settings, ..row };
    let install = install(cx, &row, &chosen, manifest).map_err(|errors| flawed("Some settings do not fit.", &errors))?;
    next.settings = Set(install.settings().clone());
    next.updated_at = Set(cx.now());
    next.update(cx.db()).await?;
    cx.record(&Event::PluginSettingsChanged { plugin: id, name }).await?;
    find(cx, id).await
}

/// Removes it with all that belongs to it. What it made for customers stays.
pub async fn delete(cx: &mut Cx, id: PluginId) -> Result<()> {
    let row = held(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let versions = versions(cx, id).await?;
    let name = versions.first().map_or(Ok(row.name.clone()), |v| v.manifest().map(|m| m.title))?;
    plugin::Entity::delete_by_id(id).exec(cx.db()).await?;
    for version in versions {
        cx.enqueue(&SweepPlugin { object: version.object_id }).await?;
    }
    cx.execute("DELETE FROM platform.plugin_installs WHERE plugin_id = $1", [id.into()]).await?;
    cx.record(&Event::PluginDeleted { plugin: id, name }).await.map(drop)
}

/// What is both asked for and given: nothing else is kept, so nothing else can take effect with a later version.
fn asked_and_given(manifest: &Manifest, given: &Approval) -> Approval {
    let asked = Approval::all(&manifest.wants);
    Approval {
        projects: asked.projects && given.projects,
        kv: asked.kv && given.kv,
        http: asked.http.intersection(&given.http).cloned().collect(),
        secrets: asked.secrets.intersection(&given.secrets).cloned().collect(),
    }
}

fn words(approval: &Approval) -> String {
    let mut may: Vec<String> = Vec::new();
    may.extend(approval.projects.then(|| "projects".to_owned()));
    may.extend(approval.kv.then(|| "memory".to_owned()));
    may.extend(approval.http.iter().cloned());
    may.extend(approval.secrets.iter().map(|name| format!("secret {name}")));
    if may.is_empty() { "nothing".to_owned() } else { may.join(", ") }
}

fn known(chosen: Vec<String>, field: &str, may: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let mut kept: Vec<String> = Vec::new();
    for kind in chosen {
        if !may(&kind) {
            return Err(Problem::invalid(
                field,
                "not_for_it",
                format!("This plugin is not made for {kind}, or there is no such thing here."),
            ));
        }
        if !kept.contains(&kind) {
            kept.push(kind);
        }
    }
    Ok(kept)
}

/// A document is made by one plugin.
async fn not_taken(cx: &Cx, id: PluginId, documents: &[String]) -> Result<()> {
    let sql = "SELECT v.manifest ->> 'title' AS title FROM plugins p JOIN plugin_versions v ON v.plugin_id = p.id AND v.number = p.active \
               WHERE p.enabled AND p.id <> $1 AND p.documents && $2 LIMIT 1";
    let Some(other) = cx.one(sql, [id.into(), documents.to_vec().into()]).await? else { return Ok(()) };
    let other: String = other.try_get("", "title")?;
    let words = format!("The plugin {other} makes this document already. Turn it off there first.");
    Err(Problem::conflict("document_taken", words))
}

/// The number of the newest event.
async fn head(cx: &Cx) -> Result<i64> {
    let row = cx.one("SELECT seq FROM event_head", []).await?;
    Ok(row.map(|row| row.try_get("", "seq")).transpose()?.unwrap_or_default())
}

fn fresh() -> Result<Value> {
    serde_json::to_value(Breaker::default()).map_err(Problem::internal)
}

fn flawed(words: &str, errors: &[SettingError]) -> Problem {
    let mut errors = errors.iter();
    let first = errors.next().map_or(("", words), |e| (e.name.as_str(), e.words.as_str()));
    let problem = Problem::invalid(first.0, "setting_invalid", first.1);
    errors.fold(problem, |problem, error| problem.with_field(&error.name, "setting_invalid", error.words.as_str()))
}
