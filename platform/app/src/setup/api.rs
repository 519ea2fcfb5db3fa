//! The checklist over HTTP, for staff.

use super::ops::{self, Setup};
use crate::{callers::Staff, routes::Tag};
use kernel::Result;
use poem_openapi::{OpenApi, payload::Json};

/// The checklist endpoint.
pub struct SetupApi;

#[OpenApi(tag = "Tag::Setup")]
impl SetupApi {
    /// What is left until the first customer has signed in.
    #[oai(path = "/setup", method = "get", operation_id = "get_setup")]
    async fn get(&self, Staff(me): Staff) -> Result<Json<Setup>> {
        let cx = me.begin().await?;
        Ok(Json(ops::checklist(&cx).await?))
    }
}
