//! Two plugins of the examples, approved and turned on, so that there is something to look at: letters about milestones, and the roofing
//! warranty.

use super::{cast::Company, origin};
use crate::{
    plugins::{
        PluginApproval, PluginEnabling, PluginTest,
        ops::{self as plugins, PluginUpload, PluginView},
    },
    projects, team,
};
use anyhow::{Context, Result};
use bytes::Bytes;
use futures::stream;
use kernel::{Actor, App, Caller, caller::Role};
use std::sync::Arc;
use tenants::Tenant;

const LETTERS: &[u8] = include_bytes!("../../../../../plugins/examples/milestone-letter/milestone-letter.wasm");
const WARRANTY: &[u8] = include_bytes!("../../../../../plugins/examples/roofing-warranty/roofing-warranty.wasm");

/// Fills them in, unless the company has any.
pub(super) async fn fill(app: &Arc<App>, tenant: &Arc<Tenant>, company: &Company) -> Result<()> {
    let system = Caller { origin: origin(), ..Caller::system(app.clone(), tenant.clone(), "Demo") };
    let cx = system.begin().await?;
    if !plugins::list(&cx).await?.items.is_empty() {
        return Ok(());
    }
    let owner = team::ops::find_by_email(&cx, company.owner.email).await?.context("the owner is not there")?;
    let all = projects::ops::list(&cx, &projects::ops::ProjectFilter::default(), &super::rows::ALL).await?;
    let project = all.items.last().map(|project| project.id);
    cx.commit().await?;
    let owner = system.acting_as(Actor::Staff { id: owner.id, name: owner.name, role: Role::Owner });
    let letters = install(&owner, LETTERS, &["milestone.completed", "appointment.confirmed"], &[]).await?;
    install(&owner, WARRANTY, &[], &["warranty"]).await?;
    if let Some(project_id) = project {
        plugins::test(&owner, letters.id, PluginTest { project_id, event: Some("milestone.completed".into()), document: None }).await?;
    }
    Ok(())
}

async fn install(owner: &Caller, wasm: &'static [u8], events: &[&str], documents: &[&str]) -> Result<PluginView> {
    let PluginUpload { plugin, number, .. } = plugins::upload(owner, stream::iter([Ok(Bytes::from_static(wasm))])).await?;
    let approval =
        PluginApproval { number, projects: true, kv: true, http: vec!["chat.example.com".into()], secrets: vec!["chat-token".into()] };
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let mut cx = owner.begin().await?;
    plugins::approve(&mut cx, plugin.id, approval).await?;
    let enabling = PluginEnabling { enabled: true, events: list(events), documents: list(documents) };
    let view = plugins::enable(&mut cx, plugin.id, enabling).await?;
    cx.commit().await?;
    Ok(view)
}
