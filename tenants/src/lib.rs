//! The isolation boundary between contractor companies.
//!
//! This crate alone holds the database pools, the KMS client and the bucket, and hands out none of them. What leaves it is a
//! [`Tx`] that already stands in one tenant's schema with one tenant's role, sealed bytes in, opened bytes out.
//!
//! Must never be: knowledge of HTTP, of a feature or of a template.

mod config;
pub mod files;
pub mod keys;
mod pool;
mod provision;
mod registry;
mod signals;
mod tenant;
mod tx;

pub use config::{AwsAccess, KmsConfig, StorageConfig, TenantsConfig};
pub use files::{Files, FilesError, ObjectRef, Sealed};
pub use keys::{KeyError, Keys};
pub use provision::{Owner, ProvisionError, Step};
pub use registry::Tenants;
pub use signals::Listener;
pub use tenant::{Plan, Tenant, TenantId, TenantState, random_schema};
pub use tx::{Scope, Tx};
