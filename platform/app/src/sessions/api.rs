//! A person's own devices over HTTP, for staff and operators.

use super::ops::{self, DeviceView};
use crate::{
    callers::Person,
    routes::{NoContent, Tag},
};
use kernel::{Result, ids::SessionId};
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

/// The device endpoints.
pub struct DevicesApi;

/// A person's devices.
#[derive(Object)]
struct Devices {
    /// The one that asks comes first.
    items: Vec<DeviceView>,
}

/// How many sessions were ended.
#[derive(Object)]
struct Revoked {
    /// The number.
    count: u64,
}

#[OpenApi(tag = "Tag::Devices")]
impl DevicesApi {
    /// One's own signed-in devices.
    #[oai(path = "/devices", method = "get", operation_id = "list_devices")]
    async fn list(&self, me: Person) -> Result<Json<Devices>> {
        let me = me.signed_in();
        let cx = me.begin().await?;
        Ok(Json(Devices { items: ops::list(&cx, &me).await? }))
    }

    /// Signs one of one's own devices out.
    #[oai(path = "/devices/:device", method = "delete", operation_id = "revoke_device")]
    async fn revoke(&self, me: Person, device: Path<SessionId>) -> Result<NoContent> {
        let me = me.signed_in();
        let mut cx = me.begin().await?;
        ops::revoke(&mut cx, &me, device.0).await?;
        cx.commit().await?;
        Ok(NoContent::Done)
    }

    /// Signs all of one's other devices out.
    #[oai(path = "/devices/revocation", method = "post", operation_id = "revoke_other_devices")]
    async fn revoke_others(&self, me: Person) -> Result<Json<Revoked>> {
        let me = me.signed_in();
        let mut cx = me.begin().await?;
        let count = ops::revoke_others(&mut cx, &me).await?;
        cx.commit().await?;
        Ok(Json(Revoked { count }))
    }
}
