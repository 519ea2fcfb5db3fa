//! Where a customer is signed in, and the way to sign a device out.
use chrono::{DateTime, Utc};
use kernel::pages::Page;
use serde::Serialize;

use crate::pages::hours_ago;

/// One device with a session.
#[derive(Debug, Serialize)]
pub struct DeviceRow {
    /// The session's id.
    pub id: String,
    /// In words: "Safari on iPhone".
    pub device: String,
    /// The address it was last seen at.
    pub address: String,
    /// When it signed in.
    pub created_at: DateTime<Utc>,
    /// When it was last here.
    pub last_seen_at: DateTime<Utc>,
    /// It stays signed in for 30 days.
    pub trusted: bool,
    /// It is the one in the reader's hands.
    pub current: bool,
}

/// `GET /devices`. A row's button posts to `/devices/{id}/revocation`, the last one to `/devices/revocation`.
#[derive(Debug, Serialize)]
pub struct DevicesPage {
    /// The current one first.
    pub devices: Vec<DeviceRow>,
    /// What was just done: "Signed out on Safari on iPhone."
    pub notice: Option<String>,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "sessions/devices.html";
    fn samples() -> Vec<DevicesPage> {
        let row = |id: &str, device: &str, hours, trusted, current| DeviceRow {
            id: id.to_owned(),
            device: device.to_owned(),
            address: "203.0.113.24".to_owned(),
            created_at: hours_ago(hours + 120),
            last_seen_at: hours_ago(hours),
            trusted,
            current,
        };
        let here = || row("s1", "Safari on iPhone", 0, true, true);
        vec![
            DevicesPage {
                devices: vec![here(), row("s2", "Chrome on Windows", 26, false, false), row("s3", "Firefox on Android", 300, true, false)],
                notice: Some("Signed out on Edge on Windows.".to_owned()),
            },
            DevicesPage { devices: vec![here()], notice: None },
        ]
    }
}
