//! The operators of the deployment and what they see: the tenants, in the realm of the schema `platform`.

pub mod api;
pub mod ops;

kernel::id!(TenantRef, "A contractor company.");
