//! Households: make, change, let people join and leave, find.

use super::{
    containing,
    customers::{self, CustomerHousehold, CustomerPerson},
    matches,
};
use crate::{
    email,
    events::Event,
    people::{
        HouseholdChange, HouseholdId, HouseholdRole, NewHousehold,
        model::{
            MAX_MEMBERS, check_members, clean_address,
            household::{ActiveModel, Column, Entity, Model},
            member, too_many_members,
        },
    },
};
use chrono::{DateTime, Utc};
use kernel::{
    Cx, Problem, Result,
    caller::Role,
    ids::CustomerId,
    paging::{Page, Paging},
};
use poem_openapi::Object;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A household as staff see it.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct HouseholdView {
    /// Its id.
    pub id: HouseholdId,
    /// For example "The Ellerys".
    pub name: String,
    /// Where they live.
    pub address: String,
    /// Who belongs to it, by name.
    pub members: Vec<HouseholdMember>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Somebody of a household.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct HouseholdMember {
    /// Who.
    pub customer_id: CustomerId,
    /// The whole name.
    pub name: String,
    /// How they sign in.
    pub email: String,
    /// As what.
    pub role: HouseholdRole,
}

/// Makes a household of customers that are there.
pub async fn create_household(cx: &mut Cx, new: NewHousehold) -> Result<HouseholdView> {
    cx.require(Role::Member)?;
    check_members(&new.members)?;
    let people = customers::people(cx, new.members.iter().map(|m| m.customer_id)).await?;
    let known = |id: CustomerId| people.iter().find(|p| p.id == id);
    if new.members.iter().any(|m| known(m.customer_id).is_none()) {
        return Err(Problem::invalid("members", "member_unknown", "One of these people is no customer of yours."));
    }
    let id = HouseholdId(cx.new_uuid());
    let row = ActiveModel {
        id: Set(id),
        name: Set(email::clean_name(&new.name)?),
        address: Set(clean_address(&new.address)?),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
    };
    let row = row.insert(cx.db()).await?;
    cx.record(&Event::HouseholdCreated { household: id, name: row.name.clone() }).await?;
    for m in &new.members {
        let Some(person) = known(m.customer_id) else { continue };
        join(cx, &row, person, m.role).await?;
    }
    view(cx, row).await
}

/// Changes name or address.
pub async fn change_household(cx: &mut Cx, id: HouseholdId, change: HouseholdChange) -> Result<HouseholdView> {
    let row = row(cx, id).await?;
    cx.require(Role::Member)?;
    let mut next = ActiveModel::from(row.clone());
    let name = change.name.map(|n| email::clean_name(&n)).transpose()?.filter(|n| *n != row.name);
    let address = change.address.map(|a| clean_address(&a)).transpose()?.filter(|a| *a != row.address);
    if name.is_none() && address.is_none() {
        return view(cx, row).await;
    }
    next.name = name.map_or(next.name, Set);
    next.address = address.map_or(next.address, Set);
    next.updated_at = Set(cx.now());
    let row = next.update(cx.db()).await?;
    cx.record(&Event::HouseholdChanged { household: id, name: row.name.clone() }).await?;
    view(cx, row).await
}

/// Lets a customer join, or gives them another role.
pub async fn set_member(cx: &mut Cx, id: HouseholdId, customer: CustomerId, role: HouseholdRole) -> Result<HouseholdView> {
    let row = row(cx, id).await?;
    let person = customers::find_person(cx, customer).await?.ok_or_else(|| Problem::not_found("customer"))?;
    cx.require(Role::Member)?;
    match member::Entity::find_by_id((id, customer)).one(cx.db()).await? {
        Some(before) if before.role == role => {}
        Some(before) => {
            let mut next = member::ActiveModel::from(before);
            next.role = Set(role);
            next.update(cx.db()).await?;
            record_member(cx, &row, &person, role).await?;
        }
        None => {
            let count = member::Entity::find().filter(member::Column::HouseholdId.eq(id)).count(cx.db()).await?;
            if count >= MAX_MEMBERS as u64 {
                return Err(too_many_members());
            }
            join(cx, &row, &person, role).await?;
        }
    }
    view(cx, row).await
}

/// Lets a customer leave: they no longer see the household's projects.
pub async fn remove_member(cx: &mut Cx, id: HouseholdId, customer: CustomerId) -> Result<HouseholdView> {
    let row = row(cx, id).await?;
    let person = customers::find_person(cx, customer).await?.ok_or_else(|| Problem::not_found("customer"))?;
    let member = member::Entity::find_by_id((id, customer)).one(cx.db()).await?.ok_or_else(|| Problem::not_found("member"))?;
    cx.require(Role::Member)?;
    member::ActiveModel::from(member).delete(cx.db()).await?;
    let event = Event::HouseholdMemberRemoved { household: id, name: row.name.clone(), customer, member: person.name };
    cx.record(&event).await?;
    view(cx, row).await
}

/// One household.
pub async fn find_household(cx: &Cx, id: HouseholdId) -> Result<HouseholdView> {
    let row = row(cx, id).await?;
    view(cx, row).await
}

/// A page of households, newest first; with this text in name or address.
pub async fn list_households(cx: &Cx, text: Option<&str>, paging: &Paging) -> Result<Page<HouseholdView>> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(paging.limit + 1);
    if let Some(after) = paging.after {
        query = query.filter(Column::Id.lt(after));
    }
    if let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) {
        let like = containing(text);
        query = query.filter(Condition::any().add(matches(Column::Name, &like)).add(matches(Column::Address, &like)));
    }
    let rows = query.all(cx.db()).await?;
    let page = Page::<String>::new(rows.clone(), paging, |r| r.id.0, |r| r.id.to_string());
    let kept = rows.into_iter().take(page.items.len()).collect();
    Ok(Page { items: views(cx, kept).await?, next: page.next })
}

/// The name of a household, if it can be seen.
pub async fn household_name(cx: &Cx, id: HouseholdId) -> Result<Option<String>> {
    Ok(Entity::find_by_id(id).one(cx.db()).await?.map(|row| row.name))
}

/// The names of several households.
pub async fn household_names(cx: &Cx, ids: impl IntoIterator<Item = HouseholdId>) -> Result<HashMap<HouseholdId, String>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(cx.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Where each of these customers belongs, by the household's name.
pub(super) async fn of_customers(
    cx: &Cx,
    ids: impl IntoIterator<Item = CustomerId>,
) -> Result<HashMap<CustomerId, Vec<CustomerHousehold>>> {
    let members = member::Entity::find().filter(member::Column::CustomerId.is_in(ids)).all(cx.db()).await?;
    let names = household_names(cx, members.iter().map(|m| m.household_id)).await?;
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    for m in members {
        let name = names.get(&m.household_id).cloned().unwrap_or_default();
        found.entry(m.customer_id).or_default().push(CustomerHousehold { id: m.household_id, name, role: m.role });
    }
    found.values_mut().for_each(|list| list.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id))));
    Ok(found)
}

async fn row(cx: &Cx, id: HouseholdId) -> Result<Model> {
    Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("household"))
}

async fn join(cx: &mut Cx, household: &Model, person: &CustomerPerson, role: HouseholdRole) -> Result<()> {
    let row = member::ActiveModel { household_id: Set(household.id), customer_id: Set(person.id), role: Set(role) };
    row.insert(cx.db()).await?;
    record_member(cx, household, person, role).await
}

async fn record_member(cx: &mut Cx, household: &Model, person: &CustomerPerson, role: HouseholdRole) -> Result<()> {
    let (name, member) = (household.name.clone(), person.name.clone());
    let event = Event::HouseholdMemberSet { household: household.id, name, customer: person.id, member, role: role.to_value() };
    cx.record(&event).await?;
    Ok(())
}

async fn view(cx: &Cx, row: Model) -> Result<HouseholdView> {
    views(cx, vec![row]).await?.pop().ok_or_else(|| Problem::not_found("household"))
}

async fn views(cx: &Cx, rows: Vec<Model>) -> Result<Vec<HouseholdView>> {
    let members = member::Entity::find().filter(member::Column::HouseholdId.is_in(rows.iter().map(|r| r.id))).all(cx.db()).await?;
    let people = customers::people(cx, members.iter().map(|m| m.customer_id)).await?;
    let people: HashMap<CustomerId, CustomerPerson> = people.into_iter().map(|p| (p.id, p)).collect();
    let mut by_household: HashMap<HouseholdId, Vec<HouseholdMember>> = HashMap::new();
    for m in members {
        let Some(person) = people.get(&m.customer_id).cloned() else { continue };
        let member = HouseholdMember { customer_id: person.id, name: person.name, email: person.email, role: m.role };
        by_household.entry(m.household_id).or_default().push(member);
    }
    by_household.values_mut().for_each(|list| list.sort_by(|a, b| (&a.name, a.customer_id).cmp(&(&b.name, b.customer_id))));
    let view = |row: Model| HouseholdView {
        members: by_household.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        address: row.address,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// Whom to tell about a household's projects: its members who were invited to the portal.
pub async fn told(cx: &Cx, id: HouseholdId) -> Result<Vec<CustomerPerson>> {
    let members: Vec<CustomerId> = member::Entity::find()
        .select_only()
        .column(member::Column::CustomerId)
        .filter(member::Column::HouseholdId.eq(id))
        .into_tuple()
        .all(cx.db())
        .await?;
    customers::invited(cx, members).await
}

/// What somebody is in each household that they belong to.
pub async fn roles_of(cx: &Cx, customer: CustomerId) -> Result<HashMap<HouseholdId, HouseholdRole>> {
    let members = member::Entity::find().filter(member::Column::CustomerId.eq(customer)).all(cx.db()).await?;
    Ok(members.into_iter().map(|m| (m.household_id, m.role)).collect())
}

/// Somebody of a household, and how to reach them.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Contact {
    /// The whole name.
    pub name: String,
    /// Where mails go.
    pub email: String,
    /// As people write it; may be empty.
    pub phone: String,
    /// As what they belong to it.
    pub role: HouseholdRole,
}

/// Everybody of a household, by name.
pub async fn contacts(cx: &Cx, id: HouseholdId) -> Result<Vec<Contact>> {
    let sql = "SELECT c.name, c.email, coalesce(c.phone, '') AS phone, m.role FROM household_members m \
               JOIN customers c ON c.id = m.customer_id WHERE m.household_id = $1 ORDER BY c.name, c.id";
    Ok(cx.rows(sql, [id.into()]).await?)
}
