//! What the boundary needs to be told: databases, bucket, key service, plans.

use crate::Plan;
use std::{collections::BTreeMap, time::Duration};

/// Everything that [`crate::Tenants::connect`] needs.
#[derive(Clone)]
pub struct TenantsConfig {
    /// `postgres://` URL of the runtime's login role.
    pub database_url: String,
    /// URL of the owner role; only processes that provision or migrate need it.
    pub owner_url: Option<String>,
    /// Connections of the runtime's pool.
    pub max_connections: u32,
    /// A statement that runs longer is cancelled by the server.
    pub statement_timeout: Duration,
    /// Hosts are `<subdomain>.<base_domain>`.
    pub base_domain: String,
    /// Where sealed objects are kept.
    pub storage: StorageConfig,
    /// Where the tenants' keys are kept.
    pub kms: KmsConfig,
    /// Plans by name; `standard` must be among them.
    pub plans: BTreeMap<String, Plan>,
}

/// Static credentials; without them the SDK's default chain is used (instance role, environment, profile).
#[derive(Clone)]
pub struct AwsAccess {
    /// Access key id.
    pub access_key: String,
    /// Secret access key.
    pub secret_key: String,
}

/// The bucket.
#[derive(Clone)]
pub struct StorageConfig {
    /// For S3-compatible stores; `None` is AWS.
    pub endpoint: Option<String>,
    /// AWS region.
    pub region: String,
    /// One bucket for all tenants; each has its own prefix.
    pub bucket: String,
    /// `http://host/bucket/key` instead of `http://bucket.host/key`.
    pub path_style: bool,
    /// Static credentials, if any.
    pub access: Option<AwsAccess>,
}

/// The key service.
#[derive(Clone)]
pub struct KmsConfig {
    /// `None` is AWS.
    pub endpoint: Option<String>,
    /// AWS region.
    pub region: String,
    /// Static credentials, if any.
    pub access: Option<AwsAccess>,
    /// Days between scheduling a key's deletion and its end, 7 to 30.
    pub deletion_days: i32,
}
