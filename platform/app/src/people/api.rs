//! Customers and households over HTTP, for staff.

use super::{
    CustomerChange, HouseholdChange, HouseholdId, HouseholdRole, NewCustomer, NewHousehold,
    ops::{self, CustomerView, HouseholdView},
};
use crate::{callers::Staff, routes::Tag};
use kernel::{
    Cx, Result, idempotency,
    ids::CustomerId,
    paging::{Page, Paging},
};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

/// The customer and household endpoints.
pub struct PeopleApi;

/// A member's part in a household.
#[derive(Object)]
struct MemberRole {
    /// As what.
    role: HouseholdRole,
}

#[OpenApi]
impl PeopleApi {
    /// Customers, newest first.
    #[oai(path = "/customers", method = "get", tag = "Tag::Customers", operation_id = "list_customers")]
    async fn list_customers(
        &self,
        Staff(me): Staff,
        /// Only with this text in name, mail address or phone.
        q: Query<Option<String>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<CustomerView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::list_customers(&cx, q.0.as_deref(), &paging).await?))
    }

    /// Enters a customer. Nothing is sent.
    #[oai(path = "/customers", method = "post", tag = "Tag::Customers", operation_id = "create_customer")]
    async fn create_customer(
        &self,
        Staff(me): Staff,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewCustomer>,
    ) -> Result<Json<CustomerView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut Cx| ops::create_customer(cx, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_customer", &new.0, work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// One customer.
    #[oai(path = "/customers/:id", method = "get", tag = "Tag::Customers", operation_id = "get_customer")]
    async fn get_customer(&self, Staff(me): Staff, id: Path<CustomerId>) -> Result<Json<CustomerView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find_customer(&cx, id.0).await?))
    }

    /// Changes name, mail address or phone.
    #[oai(path = "/customers/:id", method = "patch", tag = "Tag::Customers", operation_id = "change_customer")]
    async fn change_customer(&self, Staff(me): Staff, id: Path<CustomerId>, change: Json<CustomerChange>) -> Result<Json<CustomerView>> {
        let mut cx = me.begin().await?;
        let view = ops::change_customer(&mut cx, id.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Sends the invitation mail, the first or another one.
    #[oai(path = "/customers/:id/invitation", method = "post", tag = "Tag::Customers", operation_id = "invite_customer")]
    async fn invite(&self, Staff(me): Staff, id: Path<CustomerId>) -> Result<Json<CustomerView>> {
        let mut cx = me.begin().await?;
        let view = ops::invite(&mut cx, id.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Households, newest first.
    #[oai(path = "/households", method = "get", tag = "Tag::Households", operation_id = "list_households")]
    async fn list_households(
        &self,
        Staff(me): Staff,
        /// Only with this text in name or address.
        q: Query<Option<String>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<HouseholdView>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let cx = me.begin().await?;
        Ok(Json(ops::list_households(&cx, q.0.as_deref(), &paging).await?))
    }

    /// Makes a household.
    #[oai(path = "/households", method = "post", tag = "Tag::Households", operation_id = "create_household")]
    async fn create_household(
        &self,
        Staff(me): Staff,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewHousehold>,
    ) -> Result<Json<HouseholdView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut Cx| ops::create_household(cx, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_household", &new.0, work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// One household.
    #[oai(path = "/households/:id", method = "get", tag = "Tag::Households", operation_id = "get_household")]
    async fn get_household(&self, Staff(me): Staff, id: Path<HouseholdId>) -> Result<Json<HouseholdView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find_household(&cx, id.0).await?))
    }

    /// Changes name or address.
    #[oai(path = "/households/:id", method = "patch", tag = "Tag::Households", operation_id = "change_household")]
    async fn change_household(
        &self,
        Staff(me): Staff,
        id: Path<HouseholdId>,
        change: Json<HouseholdChange>,
    ) -> Result<Json<HouseholdView>> {
        let mut cx = me.begin().await?;
        let view = ops::change_household(&mut cx, id.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Lets a customer join, or gives them another role.
    #[oai(path = "/households/:id/members/:customer_id", method = "put", tag = "Tag::Households", operation_id = "set_household_member")]
    async fn set_member(
        &self,
        Staff(me): Staff,
        id: Path<HouseholdId>,
        customer_id: Path<CustomerId>,
        role: Json<MemberRole>,
    ) -> Result<Json<HouseholdView>> {
        let mut cx = me.begin().await?;
        let view = ops::set_member(&mut cx, id.0, customer_id.0, role.0.role).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Lets a customer leave: they no longer see the household's projects.
    #[oai(
        path = "/households/:id/members/:customer_id",
        method = "delete",
        tag = "Tag::Households",
        operation_id = "remove_household_member"
    )]
    async fn remove_member(&self, Staff(me): Staff, id: Path<HouseholdId>, customer_id: Path<CustomerId>) -> Result<Json<HouseholdView>> {
        let mut cx = me.begin().await?;
        let view = ops::remove_member(&mut cx, id.0, customer_id.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
