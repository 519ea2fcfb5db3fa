//! Telling managers that a plugin has turned itself off.

use super::{active, row};
use crate::{
    plugins::{PluginId, jobs::SendPluginOff},
    team,
};
use kernel::{Cx, Result, ids::StaffId};

/// Writes to each manager, unless it is on again by now.
pub(in crate::plugins) async fn tell_off(cx: &mut Cx, plugin: PluginId) -> Result<()> {
    for chief in team::ops::chiefs(cx).await? {
        cx.enqueue(&SendPluginOff { plugin, staff: chief.id }).await?;
    }
    Ok(())
}

/// What a manager is told.
pub(in crate::plugins) struct OffLetter {
    pub name: String,
    pub email: String,
    pub title: String,
    pub reason: String,
}

/// The letter to a manager; none if the plugin is on again, or gone.
pub(in crate::plugins) async fn off_letter(cx: &Cx, plugin: PluginId, staff: StaffId) -> Result<Option<OffLetter>> {
    let Ok(row) = row(cx, plugin).await else { return Ok(None) };
    let (Some(reason), Some(person)) = (row.breaker().words().filter(|_| row.enabled), team::ops::active(cx, staff).await?) else {
        return Ok(None);
    };
    let title = active(cx, &row).await?.map_or(row.name, |(_, manifest)| manifest.title);
    Ok(Some(OffLetter { name: person.name, email: person.email, title, reason }))
}
