//! What the company wants of its documents; what it has not said is as usual.

use crate::{events::Event, generated_documents::DocumentSettings};
use kernel::{Cx, Problem, Result, caller::Role};

/// The settings.
pub async fn settings(cx: &Cx) -> Result<DocumentSettings> {
    match cx.one("SELECT settings FROM document_settings", []).await? {
        Some(row) => serde_json::from_value(row.try_get("", "settings")?).map_err(Problem::internal),
        None => Ok(DocumentSettings::default()),
    }
}

/// Saves them whole. For managers.
pub async fn change_settings(cx: &mut Cx, new: DocumentSettings) -> Result<DocumentSettings> {
    cx.require(Role::Manager)?;
    let new = new.clean()?;
    let before = settings(cx).await?;
    let change = new.changes(&before).join(", ");
    if change.is_empty() {
        return Ok(new);
    }
    let sql = "INSERT INTO document_settings (one, settings, updated_at) VALUES (true, $1, $2) \
               ON CONFLICT (one) DO UPDATE SET settings = excluded.settings, updated_at = excluded.updated_at";
    let stored = serde_json::to_value(&new).map_err(Problem::internal)?;
    cx.execute(sql, [stored.into(), cx.now().into()]).await?;
    let tenant = cx.tenant().id.0;
    cx.record(&Event::DocumentSettingsChanged { tenant, change }).await?;
    Ok(new)
}
