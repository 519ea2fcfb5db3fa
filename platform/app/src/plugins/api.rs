//! Plugins over HTTP, for managers and owners.

use super::{
    PluginApproval, PluginEnabling, PluginId, PluginRunId, PluginTest,
    ops::{self, PluginDocumentKind, PluginRehearsal, PluginReplay, PluginRunRow, PluginRunView, PluginUpload, PluginView, Plugins},
};
use crate::{
    callers::Staff,
    files::{FileResponse, made_meanwhile},
    routes::{NoContent, Tag},
};
use kernel::{
    Result,
    paging::{Page, Paging},
};
use poem::Body;
use poem_openapi::{
    Object, OpenApi,
    param::{Path, Query},
    payload::{Binary, Json},
    types::Any,
};
use serde_json::Value;

/// The endpoints of plugins.
pub struct PluginsApi;

/// The documents that plugins of the company make and we do not.
#[derive(Object)]
struct PluginDocumentKinds {
    /// By title.
    items: Vec<PluginDocumentKind>,
}

/// Rehearsals of a plugin, the newest first.
#[derive(Object)]
struct PluginRehearsals {
    /// At most 10.
    items: Vec<PluginRehearsal>,
}

/// A plugin's settings.
#[derive(Object)]
struct PluginSettingsInput {
    /// An object by the plugin's schema.
    settings: Any<Value>,
}

/// A secret's value.
#[derive(Object)]
struct PluginSecretInput {
    /// At most 4,000 characters. It is shown to nobody again.
    value: String,
}

/// Which version is to be tried.
#[derive(Object)]
struct PluginRehearsalInput {
    /// Its number.
    number: i32,
}

#[OpenApi(tag = "Tag::Plugins")]
impl PluginsApi {
    /// All plugins of the company, by title.
    #[oai(path = "/plugins", method = "get", operation_id = "list_plugins")]
    async fn list(&self, Staff(me): Staff) -> Result<Json<Plugins>> {
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx).await?))
    }

    /// Checks a file, translates it, starts it, and keeps it as a plugin or as another version of the one with its name. It does nothing
    /// before it is approved.
    #[oai(path = "/plugins", method = "post", operation_id = "upload_plugin")]
    async fn upload(&self, Staff(me): Staff, bytes: Binary<Body>) -> Result<Json<PluginUpload>> {
        Ok(Json(ops::upload(&me.caller, bytes.0.into_bytes_stream()).await?))
    }

    /// The documents that plugins of the company make and we do not. For everybody of the staff.
    #[oai(path = "/plugin-documents", method = "get", operation_id = "list_plugin_documents")]
    async fn documents(&self, Staff(me): Staff) -> Result<Json<PluginDocumentKinds>> {
        let cx = me.begin().await?;
        Ok(Json(PluginDocumentKinds { items: ops::document_kinds(&cx).await? }))
    }

    /// One plugin.
    #[oai(path = "/plugins/:plugin", method = "get", operation_id = "get_plugin")]
    async fn get(&self, Staff(me): Staff, plugin: Path<PluginId>) -> Result<Json<PluginView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, plugin.0).await?))
    }

    /// Removes a plugin with its versions, secrets, runs, and what it remembers.
    #[oai(path = "/plugins/:plugin", method = "delete", operation_id = "delete_plugin")]
    async fn delete(&self, Staff(me): Staff, plugin: Path<PluginId>) -> Result<NoContent> {
        let mut cx = me.begin().await?;
        ops::delete(&mut cx, plugin.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// Approves a version and uses it: a new one, or an older one again.
    #[oai(path = "/plugins/:plugin/active", method = "put", operation_id = "approve_plugin")]
    async fn approve(&self, Staff(me): Staff, plugin: Path<PluginId>, approval: Json<PluginApproval>) -> Result<Json<PluginView>> {
        let mut cx = me.begin().await?;
        let view = ops::approve(&mut cx, plugin.0, approval.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Says when it runs.
    #[oai(path = "/plugins/:plugin/enabling", method = "put", operation_id = "enable_plugin")]
    async fn enable(&self, Staff(me): Staff, plugin: Path<PluginId>, enabling: Json<PluginEnabling>) -> Result<Json<PluginView>> {
        let mut cx = me.begin().await?;
        let view = ops::enable(&mut cx, plugin.0, enabling.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Saves its settings. Those that do not fit the schema are refused, each with its name.
    #[oai(path = "/plugins/:plugin/settings", method = "put", operation_id = "change_plugin_settings")]
    async fn settings(&self, Staff(me): Staff, plugin: Path<PluginId>, input: Json<PluginSettingsInput>) -> Result<Json<PluginView>> {
        let mut cx = me.begin().await?;
        let view = ops::change_settings(&mut cx, plugin.0, input.0.settings.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Fills a secret in. It is sealed under the company's key and shown to nobody again.
    #[oai(path = "/plugins/:plugin/secrets/:name", method = "put", operation_id = "set_plugin_secret")]
    async fn set_secret(
        &self,
        Staff(me): Staff,
        plugin: Path<PluginId>,
        name: Path<String>,
        input: Json<PluginSecretInput>,
    ) -> Result<Json<PluginView>> {
        Ok(Json(ops::set_secret(&me.caller, plugin.0, &name.0, input.0.value).await?))
    }

    /// Removes a secret.
    #[oai(path = "/plugins/:plugin/secrets/:name", method = "delete", operation_id = "remove_plugin_secret")]
    async fn remove_secret(&self, Staff(me): Staff, plugin: Path<PluginId>, name: Path<String>) -> Result<Json<PluginView>> {
        let mut cx = me.begin().await?;
        let view = ops::remove_secret(&mut cx, plugin.0, &name.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Tries it on a project. Nothing is sent and nothing remembered.
    #[oai(path = "/plugins/:plugin/tests", method = "post", operation_id = "test_plugin")]
    async fn test(&self, Staff(me): Staff, plugin: Path<PluginId>, input: Json<PluginTest>) -> Result<Json<PluginRunView>> {
        Ok(Json(ops::test(&me.caller, plugin.0, input.0).await?))
    }

    /// Its runs, the newest first.
    #[oai(path = "/plugins/:plugin/runs", method = "get", operation_id = "list_plugin_runs")]
    async fn runs(
        &self,
        Staff(me): Staff,
        plugin: Path<PluginId>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<PluginRunRow>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::runs(&cx, plugin.0, &paging).await?))
    }

    /// One run, with its log and what it asked for.
    #[oai(path = "/plugins/:plugin/runs/:run", method = "get", operation_id = "get_plugin_run")]
    async fn run(&self, Staff(me): Staff, plugin: Path<PluginId>, run: Path<PluginRunId>) -> Result<Json<PluginRunView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::run(&cx, plugin.0, run.0).await?))
    }

    /// The document that a run made, as its pages.
    #[oai(path = "/plugins/:plugin/runs/:run/document", method = "get", operation_id = "get_plugin_run_document")]
    async fn document(&self, Staff(me): Staff, plugin: Path<PluginId>, run: Path<PluginRunId>) -> Result<FileResponse> {
        let pdf = ops::document(&me.caller, plugin.0, run.0).await?;
        Ok(made_meanwhile("application/pdf", "Document.pdf", Body::from_bytes(pdf.into())))
    }

    /// A run's recording, for `platform plugin replay` on its author's machine. It holds what the plugin read.
    #[oai(path = "/plugins/:plugin/runs/:run/recording", method = "get", operation_id = "get_plugin_recording")]
    async fn recording(&self, Staff(me): Staff, plugin: Path<PluginId>, run: Path<PluginRunId>) -> Result<FileResponse> {
        let mut cx = me.begin().await?;
        let json = ops::recording(&mut cx, plugin.0, run.0).await?;
        cx.commit().await?;
        Ok(made_meanwhile("application/json", "run.json", Body::from_string(json)))
    }

    /// Runs a recorded run again and says whether the same came of it.
    #[oai(path = "/plugins/:plugin/runs/:run/replay", method = "post", operation_id = "replay_plugin_run")]
    async fn replay(&self, Staff(me): Staff, plugin: Path<PluginId>, run: Path<PluginRunId>) -> Result<Json<PluginReplay>> {
        Ok(Json(ops::replay(&me.caller, plugin.0, run.0).await?))
    }

    /// Rehearses a version over the last 90 days, with nothing sent, beside the version in use.
    #[oai(path = "/plugins/:plugin/rehearsals", method = "post", operation_id = "rehearse_plugin")]
    async fn rehearse(&self, Staff(me): Staff, plugin: Path<PluginId>, input: Json<PluginRehearsalInput>) -> Result<Json<PluginRehearsal>> {
        let mut cx = me.begin().await?;
        let view = ops::rehearse(&mut cx, plugin.0, input.0.number).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Its rehearsals, the newest first.
    #[oai(path = "/plugins/:plugin/rehearsals", method = "get", operation_id = "list_plugin_rehearsals")]
    async fn rehearsals(&self, Staff(me): Staff, plugin: Path<PluginId>) -> Result<Json<PluginRehearsals>> {
        let cx = me.begin().await?;
        Ok(Json(PluginRehearsals { items: ops::rehearsals(&cx, plugin.0).await? }))
    }
}
