//! An upload: checked, translated and started outside of any transaction, then sealed, then written down as a version.

use super::{MAY_CHANGE, PluginUpload, find, refuse_stopped};
use crate::{
    events::Event,
    intake::{SWEEP_AFTER, patient, remove},
    plugins::{
        PluginId, PluginRunner,
        jobs::SweepPlugin,
        model::{plugin, version},
    },
};
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use kernel::{Caller, Cx, Problem, Result, limits::Limit};
use plugin_host::{Approval, Inspection, Limits, Refusal, breaker::Breaker, manifest::Language};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::json;
use std::{io, pin::pin};
use tenants::{ObjectRef, Sealed};
use uuid::Uuid;

/// Takes a file as a plugin, or as another version of the one with its name.
pub async fn upload(caller: &Caller, body: impl Stream<Item = io::Result<Bytes>> + Send) -> Result<PluginUpload> {
    let cx = caller.begin().await?;
    cx.require(MAY_CHANGE)?;
    cx.commit().await?;
    caller.app.limits.check(Limit::UploadTenant, &caller.tenant.id.to_string())?;
    let bytes = collect(body).await?;
    let runner = PluginRunner::of(caller).await?;
    let inspection = runner.host().await?.prepare(&bytes).await.map_err(refused)?;
    let object = begin(caller, &inspection).await?;
    let length = bytes.len() as u64;
    let sealed = caller.app.tenants.files().seal(&caller.tenant, &object, stream::iter([Ok(bytes)]), length).await?;
    match keep(caller, inspection, &object, sealed).await {
        Ok((cx, done)) => {
            cx.commit().await?;
            if done.known {
                remove(caller, &object).await;
            }
            Ok(done)
        }
        Err(problem) => {
            remove(caller, &object).await;
            Err(problem)
        }
    }
}

/// The bytes of a version.
pub(in crate::plugins) async fn bytes_of(caller: &Caller, version: &version::Model) -> Result<Vec<u8>> {
    let length = u64::try_from(version.bytes).map_err(Problem::internal)?;
    let object = object(version.object_id);
    let stream = caller.app.tenants.files().open(&caller.tenant, &object, &version.sealed_header, length, None).await?;
    let chunks: Vec<Bytes> = stream.try_collect().await?;
    Ok(chunks.concat())
}

/// Removes an object that no version has.
pub(in crate::plugins) async fn sweep(caller: &Caller, id: Uuid) -> Result<()> {
    let cx = caller.begin().await?;
    let used = version::Entity::find().filter(version::Column::ObjectId.eq(id)).count(cx.db()).await? > 0;
    cx.commit().await?;
    if used {
        return Ok(());
    }
    Ok(caller.app.tenants.files().delete(&caller.tenant, &object(id)).await?)
}

async fn collect(body: impl Stream<Item = io::Result<Bytes>> + Send) -> Result<Bytes> {
    let most = Limits::component(Language::Python).max(Limits::component(Language::Native));
    let (mut all, mut body) = (BytesMut::new(), pin!(patient(body)));
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|error| Problem::from(tenants::FilesError::Body(error)))?;
        if all.len() + chunk.len() > most {
            let words = format!("The file is larger than {} MB, which is the most that a plugin may have.", most >> 20);
            return Err(Problem::too_large("plugin_too_large", words));
        }
        all.extend_from_slice(&chunk);
    }
    if all.is_empty() {
        return Err(Problem::invalid("file", "not-wasm", "The file is empty. A plugin is one file whose name ends in .wasm."));
    }
    Ok(all.freeze())
}

/// Words for the uploader; the author's detail on a line of its own.
fn refused(refusal: Refusal) -> Problem {
    let words = match refusal.detail.as_str() {
        "" => refusal.words.clone(),
        detail => format!("{}\n{detail}", refusal.words),
    };
    match refusal.code {
        plugin_host::RefusalCode::Host => Problem::unavailable("plugin_not_prepared", refusal.words.clone()).caused_by(refusal),
        code => Problem::invalid("file", code.code(), words),
    }
}

/// Notes the object that the bytes will go to, so that it is removed even if this process dies.
async fn begin(caller: &Caller, inspection: &Inspection) -> Result<ObjectRef> {
    let mut cx = caller.begin().await?;
    refuse_stopped(&cx, &inspection.hash).await?;
    let object = object(cx.new_uuid());
    cx.enqueue_at(&SweepPlugin { object: object.object }, cx.now() + SWEEP_AFTER).await?;
    cx.commit().await?;
    Ok(object)
}

/// Writes the version down, in a transaction that is still to be committed. A file that is there already is left as it is.
async fn keep(caller: &Caller, inspection: Inspection, object: &ObjectRef, sealed: Sealed) -> Result<(Cx, PluginUpload)> {
    let mut cx = caller.begin().await?;
    cx.require(MAY_CHANGE)?;
    let id = place(&cx, &inspection).await?;
    let versions = super::versions(&cx, id).await?;
    if let Some(known) = versions.iter().find(|v| v.hash == inspection.hash) {
        let (plugin, number) = (find(&cx, id).await?, known.number);
        return Ok((cx, PluginUpload { plugin, number, known: true }));
    }
    if let Some(other) = versions.first().filter(|v| v.manifest().is_ok_and(|m| m.world != inspection.manifest.world)) {
        let words = format!("There is a plugin of the name {} that is another kind of plugin. Delete it first.", other.manifest()?.name);
        return Err(Problem::conflict("plugin_of_another_kind", words));
    }
    let number = versions.first().map_or(1, |v| v.number + 1);
    let (title, label) = (inspection.manifest.title.clone(), inspection.manifest.version.to_string());
    let row = version::ActiveModel {
        plugin_id: Set(id),
        number: Set(number),
        version: Set(label.clone()),
        hash: Set(inspection.hash.clone()),
        bytes: Set(i64::try_from(sealed.bytes).map_err(Problem::internal)?),
        wit: Set(inspection.wit.clone()),
        checks: Set(json!(inspection.words())),
        manifest: Set(serde_json::to_value(&inspection.manifest).map_err(Problem::internal)?),
        object_id: Set(object.object),
        sealed_header: Set(sealed.header),
        uploaded_by: Set(cx.actor().id()),
        uploaded_by_name: Set(cx.actor().name().to_owned()),
        created_at: Set(cx.now()),
    };
    row.insert(cx.db()).await?;
    cx.record(&Event::PluginUploaded { plugin: id, name: title, version: label, hash: inspection.hash }).await?;
    let plugin = find(&cx, id).await?;
    Ok((cx, PluginUpload { plugin, number, known: false }))
}

/// The plugin of this name, held; made if there is none and the plan has room for it.
async fn place(cx: &Cx, inspection: &Inspection) -> Result<PluginId> {
    // Two uploads of a new plugin at once are one plugin, and cannot both take the last place.
    cx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 13))", [cx.tenant().id.to_string().into()]).await?;
    let name = inspection.manifest.name.as_str();
    let known = plugin::Entity::find().filter(plugin::Column::Name.eq(name)).lock_exclusive().one(cx.db()).await?;
    if let Some(known) = known {
        return Ok(known.id);
    }
    let (have, most) = (plugin::Entity::find().count(cx.db()).await?, cx.tenant().plan.max_plugins);
    if have >= u64::from(most) {
        let words = format!("Your plan allows {most} plugins, and you have {have}. Delete one that you do not need.");
        return Err(Problem::conflict("plugins_used_up", words));
    }
    let empty = |value: &_| serde_json::to_value(value).map_err(Problem::internal);
    let row = plugin::ActiveModel {
        id: Set(PluginId(cx.new_uuid())),
        name: Set(name.to_owned()),
        active: Set(None),
        enabled: Set(false),
        events: Set(Vec::new()),
        documents: Set(Vec::new()),
        approval: Set(empty(&Approval::default())?),
        settings: Set(json!({})),
        breaker: Set(serde_json::to_value(Breaker::default()).map_err(Problem::internal)?),
        heard: Set(0),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
    };
    Ok(row.insert(cx.db()).await?.id)
}

/// What is sealed is bound to this.
fn object(object: Uuid) -> ObjectRef {
    ObjectRef { object, version: 1, purpose: "plugin" }
}
