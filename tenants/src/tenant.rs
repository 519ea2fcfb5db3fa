//! A tenant: one contractor company, or the platform itself, which is shaped like one.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use data_encoding::BASE32_NOPAD;
use migrations::Names;
use std::fmt;
use uuid::Uuid;

/// Names a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(pub Uuid);

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where a tenant stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TenantState {
    /// Its schema, roles or key are being made.
    Provisioning,
    /// In use.
    Active,
    /// Closed by an operator; nobody gets in.
    Suspended,
    /// Provisioning failed for good; its name is free again.
    Failed,
}

impl TenantState {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "provisioning" => Self::Provisioning,
            "active" => Self::Active,
            "suspended" => Self::Suspended,
            "failed" => Self::Failed,
            _ => return None,
        })
    }
}

/// What a tenant has paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// For example `standard`.
    pub name: String,
    /// The largest single document, in bytes.
    pub max_upload_bytes: u64,
    /// Plugins that it may have.
    pub max_plugins: u32,
    /// Times that they may run within a day, all together.
    pub plugin_runs_per_day: u32,
}

/// One contractor company, or the platform.
#[derive(Clone, Debug)]
pub struct Tenant {
    /// Its id; the platform's is nil.
    pub id: TenantId,
    /// `<subdomain>.<base domain>` is its portal; empty for the platform.
    pub subdomain: String,
    /// The company's name.
    pub name: String,
    /// Schema and roles.
    pub names: Names,
    /// Where it stands.
    pub state: TenantState,
    /// What it may use.
    pub plan: Plan,
    /// What "today" means there.
    pub time_zone: Tz,
    /// Its KMS key; empty until provisioned.
    pub key_arn: String,
    /// Which database its schema lives in.
    pub database: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

impl Tenant {
    /// The realm of the operators: sessions, sign-in, jobs and audit as in a tenant, in the schema `platform`.
    pub fn platform() -> Self {
        Self {
            id: TenantId(Uuid::nil()),
            subdomain: String::new(),
            name: "Plumbline".into(),
            names: Names::platform(),
            state: TenantState::Active,
            plan: Plan { name: "platform".into(), max_upload_bytes: 0, max_plugins: 0, plugin_runs_per_day: 0 },
            time_zone: Tz::UTC,
            key_arn: String::new(),
            database: "main".into(),
            created_at: DateTime::UNIX_EPOCH,
        }
    }

    /// Whether this is the platform and no company.
    pub fn is_platform(&self) -> bool {
        self.id.0.is_nil()
    }

    /// The prefix of its objects in the bucket: generated, never user text.
    pub fn object_prefix(&self) -> String {
        format!("{}/", self.id.0.simple())
    }
}

/// A schema name from 16 random bytes: `t_` and 26 characters of base32.
pub fn random_schema(random: [u8; 16]) -> String {
    format!("t_{}", BASE32_NOPAD.encode(&random).to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_name_is_a_plain_identifier() {
        let schema = random_schema([255; 16]);
        assert_eq!(schema.len(), 28);
        assert!(schema.strip_prefix("t_").is_some_and(|s| s.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))));
    }
}
