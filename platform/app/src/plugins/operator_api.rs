//! Plugins of all companies over HTTP, for operators; on the bare domain only.

use super::{
    PluginStopInput,
    ops::{self, OperatorPlugin, OperatorPlugins},
};
use crate::{callers::Operator, routes::Tag};
use kernel::Result;
use poem_openapi::{OpenApi, param::Path, payload::Json};

/// The operators' endpoints of plugins.
pub struct OperatorPluginsApi;

#[OpenApi(prefix_path = "/operator", tag = "Tag::Operator")]
impl OperatorPluginsApi {
    /// The components that companies have in use, those with the newest failures first.
    #[oai(path = "/plugins", method = "get", operation_id = "list_operator_plugins")]
    async fn list(&self, Operator(me): Operator) -> Result<Json<OperatorPlugins>> {
        let cx = me.begin().await?;
        Ok(Json(ops::everywhere(&cx).await?))
    }

    /// Stops a component everywhere: runs that are due do not begin, and nobody can approve it.
    #[oai(path = "/plugins/:hash/stop", method = "put", operation_id = "stop_plugin")]
    async fn stop(&self, Operator(me): Operator, hash: Path<String>, input: Json<PluginStopInput>) -> Result<Json<OperatorPlugin>> {
        let mut cx = me.begin().await?;
        let view = ops::stop(&mut cx, &hash.0, &input.0.reason).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Lets it run again wherever it is enabled.
    #[oai(path = "/plugins/:hash/stop", method = "delete", operation_id = "release_plugin")]
    async fn release(&self, Operator(me): Operator, hash: Path<String>) -> Result<Json<OperatorPlugin>> {
        let mut cx = me.begin().await?;
        let view = ops::release(&mut cx, &hash.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
