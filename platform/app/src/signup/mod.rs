//! A contractor company signs up: a form, a mail to confirm, and a saga that makes the tenant.
//!
//! Only the POST of the mail's page confirms. The saga (key, schema and roles, sealed probe, first rows, open) is a job: each
//! step is remembered, a failed one is tried again, and when it is given up what there was is taken down and the name is free.

pub mod jobs;
mod model;
pub mod ops;
pub mod pages;
pub mod portal;
