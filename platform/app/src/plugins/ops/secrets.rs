//! Secrets: sealed under the company's key in the row, opened when a request is sent, shown to nobody.

use super::{MAY_CHANGE, PluginView, find, row, versions};
use crate::{events::Event, plugins::PluginId};
use aws_lc_rs::digest::{SHA256, digest};
use kernel::{Caller, Cx, Problem, Result};
use tenants::ObjectRef;
use uuid::Uuid;

/// Characters of a value.
const MOST: usize = 4000;

/// Fills a secret in, or replaces it.
pub async fn set_secret(caller: &Caller, id: PluginId, name: &str, value: String) -> Result<PluginView> {
    let value = value.trim();
    let cx = caller.begin().await?;
    asked_for(&cx, id, name).await?;
    cx.commit().await?;
    if value.is_empty() {
        return Err(Problem::invalid("value", "missing", "The secret is empty."));
    }
    if value.chars().count() > MOST || value.chars().any(char::is_control) {
        return Err(Problem::invalid("value", "not_a_secret", "A secret is one line of at most 4,000 characters."));
    }
    let sealed = caller.app.tenants.files().seal_value(&caller.tenant, &secret_object(id, name), value.as_bytes()).await?;
    let mut cx = caller.begin().await?;
    let title = asked_for(&cx, id, name).await?;
    let sql = "INSERT INTO plugin_secrets (plugin_id, name, sealed, set_by_name, set_at) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (plugin_id, name) DO UPDATE SET sealed = excluded.sealed, set_by_name = excluded.set_by_name, set_at = excluded.set_at";
    let by = cx.actor().name().to_owned();
    cx.execute(sql, [id.into(), name.into(), sealed.into(), by.into(), cx.now().into()]).await?;
    cx.record(&Event::PluginSecretSet { plugin: id, name: title, secret: name.to_owned() }).await?;
    let view = find(&cx, id).await?;
    cx.commit().await?;
    Ok(view)
}

/// Removes a secret.
pub async fn remove_secret(cx: &mut Cx, id: PluginId, name: &str) -> Result<PluginView> {
    let title = row(cx, id).await?.name;
    cx.require(MAY_CHANGE)?;
    if cx.execute("DELETE FROM plugin_secrets WHERE plugin_id = $1 AND name = $2", [id.into(), name.into()]).await? > 0 {
        cx.record(&Event::PluginSecretRemoved { plugin: id, name: title, secret: name.to_owned() }).await?;
    }
    find(cx, id).await
}

/// 404 unless a version of the plugin asks for such a secret; the plugin's name.
async fn asked_for(cx: &Cx, id: PluginId, name: &str) -> Result<String> {
    let row = row(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    for version in versions(cx, id).await? {
        if version.manifest()?.wants.secrets.iter().any(|want| want.name == name) {
            return Ok(row.name);
        }
    }
    Err(Problem::not_found("secret"))
}

/// What a value is bound to: this plugin and this name, so that the row of another secret cannot be put in its place.
pub(in crate::plugins) fn secret_object(plugin: PluginId, name: &str) -> ObjectRef {
    let hash = digest(&SHA256, [plugin.0.as_bytes(), name.as_bytes()].concat().as_slice());
    let mut id = [0; 16];
    id.copy_from_slice(&hash.as_ref()[..16]);
    ObjectRef { object: Uuid::from_bytes(id), version: 1, purpose: "plugin-secret" }
}
