//! The team over HTTP, for staff.

use super::{
    NewStaff, StaffChange,
    ops::{self, StaffView},
};
use crate::{callers::Staff, routes::Tag};
use kernel::{
    Cx, Result, idempotency,
    ids::StaffId,
    paging::{Page, Paging},
};
use poem_openapi::{
    OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

/// The team endpoints.
pub struct TeamApi;

#[OpenApi(tag = "Tag::Team")]
impl TeamApi {
    /// The team, newest first.
    #[oai(path = "/team", method = "get", operation_id = "list_team")]
    async fn list(
        &self,
        Staff(me): Staff,
        /// Only with this text in name or mail address.
        q: Query<Option<String>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<StaffView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx, q.0.as_deref(), &paging).await?))
    }

    /// Asks somebody to join, and sends the mail.
    #[oai(path = "/team", method = "post", operation_id = "invite_staff")]
    async fn invite(
        &self,
        Staff(me): Staff,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewStaff>,
    ) -> Result<Json<StaffView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut Cx| ops::invite(cx, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "invite_staff", &new.0, work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Changes name or role.
    #[oai(path = "/team/:id", method = "patch", operation_id = "change_staff")]
    async fn change(&self, Staff(me): Staff, id: Path<StaffId>, change: Json<StaffChange>) -> Result<Json<StaffView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, id.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Sends the invitation again.
    #[oai(path = "/team/:id/invitation", method = "post", operation_id = "invite_staff_again")]
    async fn invite_again(&self, Staff(me): Staff, id: Path<StaffId>) -> Result<Json<StaffView>> {
        let mut cx = me.begin().await?;
        let view = ops::invite_again(&mut cx, id.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Closes an account and ends its sessions.
    #[oai(path = "/team/:id/deactivation", method = "post", operation_id = "deactivate_staff")]
    async fn deactivate(&self, Staff(me): Staff, id: Path<StaffId>) -> Result<Json<StaffView>> {
        let mut cx = me.begin().await?;
        let view = ops::deactivate(&mut cx, id.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Opens a closed account again.
    #[oai(path = "/team/:id/reactivation", method = "post", operation_id = "reactivate_staff")]
    async fn reactivate(&self, Staff(me): Staff, id: Path<StaffId>) -> Result<Json<StaffView>> {
        let mut cx = me.begin().await?;
        let view = ops::reactivate(&mut cx, id.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
