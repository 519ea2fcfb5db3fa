//! The verbs of devices. Everybody sees and ends their own and nobody else's.

use crate::{callers::SignedIn, events::Event};
use chrono::{DateTime, Utc};
use kernel::{Cx, Problem, Result, ids::SessionId, session};
use poem_openapi::Object;

/// A signed-in device.
#[derive(Clone, Debug, Object)]
pub struct DeviceView {
    /// Its id.
    pub id: SessionId,
    /// For example "Firefox on Windows".
    pub device: String,
    /// The IP address that it signed in from.
    pub address: String,
    /// Signed in.
    pub created_at: DateTime<Utc>,
    /// Last used, to the minute.
    pub last_seen_at: DateTime<Utc>,
    /// Stays signed in for 30 days.
    pub trusted: bool,
    /// The one that asks.
    pub current: bool,
}

/// The person's devices, this one first.
pub async fn list(cx: &Cx, me: &SignedIn) -> Result<Vec<DeviceView>> {
    let sessions = session::list(cx, me.kind, me.session.person_id).await?;
    let view = |s: session::Session| DeviceView {
        current: s.id == me.session.id,
        id: s.id,
        device: s.device,
        address: s.address,
        created_at: s.created_at,
        last_seen_at: s.last_seen_at,
        trusted: s.trusted,
    };
    let mut devices: Vec<_> = sessions.into_iter().map(view).collect();
    devices.sort_by_key(|d| !d.current);
    Ok(devices)
}

/// Ends one of the person's sessions. Answers its device.
pub async fn revoke(cx: &mut Cx, me: &SignedIn, id: SessionId) -> Result<String> {
    let devices = list(cx, me).await?;
    let device = devices.into_iter().find(|d| d.id == id).ok_or_else(|| Problem::not_found("device"))?.device;
    session::revoke(cx, me.session.person_id, id).await?;
    cx.record(&Event::SignedOut { person: me.session.person_id, device: device.clone() }).await?;
    Ok(device)
}

/// Ends all of the person's sessions but this one. Answers how many.
pub async fn revoke_others(cx: &mut Cx, me: &SignedIn) -> Result<u64> {
    let ended = session::revoke_others(cx, me.session.person_id, Some(me.session.id)).await?;
    if ended > 0 {
        cx.record(&Event::SignedOut { person: me.session.person_id, device: format!("{ended} other devices") }).await?;
    }
    Ok(ended)
}

/// Ends the session that asks.
pub async fn sign_out(me: &SignedIn) -> Result<()> {
    let mut cx = me.begin().await?;
    revoke(&mut cx, me, me.session.id).await?;
    cx.commit().await
}
