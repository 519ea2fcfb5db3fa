//! A customer's own devices.

use super::{
    ops,
    pages::{DeviceRow, DevicesPage},
};
use crate::{
    callers::{Customer, SignedIn},
    face,
};
use kernel::{Result, ids::SessionId};
use poem::{Request, Response, handler, web::Path};

/// `GET /devices`
#[handler]
pub async fn list(Customer(me): Customer, request: &Request) -> Result<Response> {
    show(&me, request, None).await
}

/// `POST /devices/{id}/revocation`
#[handler]
pub async fn revoke(Customer(me): Customer, request: &Request, Path(id): Path<SessionId>) -> Result<Response> {
    let mut cx = me.begin().await?;
    let device = ops::revoke(&mut cx, &me, id).await?;
    cx.commit().await?;
    show(&me, request, Some(format!("Signed out on {device}."))).await
}

/// `POST /devices/revocation`
#[handler]
pub async fn revoke_others(Customer(me): Customer, request: &Request) -> Result<Response> {
    let mut cx = me.begin().await?;
    ops::revoke_others(&mut cx, &me).await?;
    cx.commit().await?;
    show(&me, request, Some("Signed out everywhere else.".into())).await
}

async fn show(me: &SignedIn, request: &Request, notice: Option<String>) -> Result<Response> {
    let cx = me.begin().await?;
    let devices = ops::list(&cx, me).await?;
    let brand = crate::branding::ops::brand(&cx).await?;
    drop(cx);
    let row = |d: ops::DeviceView| DeviceRow {
        id: d.id.to_string(),
        device: d.device,
        address: d.address,
        created_at: d.created_at,
        last_seen_at: d.last_seen_at,
        trusted: d.trusted,
        current: d.current,
    };
    let page = DevicesPage { devices: devices.into_iter().map(row).collect(), notice };
    let frame = face::customer_frame(me, request, brand, None);
    Ok(me.app.pages.page(&page, &frame)?)
}
