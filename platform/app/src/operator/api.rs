//! The operators' questions over HTTP; on the bare domain only.

use super::{
    TenantRef,
    ops::{self, TenantFilter, TenantStateView, TenantView},
};
use crate::{callers::Operator, routes::Tag};
use kernel::{
    Result,
    paging::{Page, Paging},
};
use poem_openapi::{
    OpenApi,
    param::{Path, Query},
    payload::Json,
};

/// The operator endpoints.
pub struct OperatorApi;

#[OpenApi(prefix_path = "/operator", tag = "Tag::Operator")]
impl OperatorApi {
    /// Tenants, newest first.
    #[oai(path = "/tenants", method = "get", operation_id = "list_tenants")]
    async fn tenants(
        &self,
        Operator(me): Operator,
        /// Only in this state.
        state: Query<Option<TenantStateView>>,
        /// Only with this text in name, subdomain or owner's address.
        q: Query<Option<String>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<TenantView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::tenants(&cx, &TenantFilter { state: state.0, text: q.0 }, &paging).await?))
    }

    /// One tenant.
    #[oai(path = "/tenants/:tenant", method = "get", operation_id = "get_tenant")]
    async fn tenant(&self, Operator(me): Operator, tenant: Path<TenantRef>) -> Result<Json<TenantView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::tenant(&cx, tenant.0).await?))
    }
}
