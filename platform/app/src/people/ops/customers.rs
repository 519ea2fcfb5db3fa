//! Customers: enter, change, invite, find.

use super::{containing, households, matches};
use crate::{
    email,
    events::Event,
    outbox::{self, MailRow},
    people::{
        CustomerChange, CustomerState, HouseholdId, HouseholdRole, NewCustomer,
        model::{
            clean_phone,
            customer::{ActiveModel, Column, Entity, Model},
        },
    },
};
use chrono::{DateTime, Utc};
use kernel::{
    Cx, Problem, Result,
    caller::Role,
    ids::CustomerId,
    paging::{Page, Paging},
    session::{self, PersonKind},
};
use poem_openapi::{Enum, Object};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A customer as staff see them.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct CustomerView {
    /// Their id.
    pub id: CustomerId,
    /// The whole name.
    pub name: String,
    /// How they sign in.
    pub email: String,
    /// As people write it.
    pub phone: Option<String>,
    /// How far they have come.
    pub state: CustomerState,
    /// Last invited.
    pub invited_at: Option<DateTime<Utc>>,
    /// Last seen on the portal.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// What became of the last mail to them.
    pub mail: CustomerMail,
    /// Where they belong.
    pub households: Vec<CustomerHousehold>,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// What became of the last mail to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct CustomerMail {
    /// Where it stands.
    pub state: MailState,
    /// Why it failed or waits, in the mail server's words.
    pub detail: Option<String>,
}

/// Where a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    /// There was none.
    None,
    /// On its way.
    Queued,
    /// The receiver's server or the next one took it.
    Sent,
    /// It will not arrive.
    Failed,
}

/// A household of a customer.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct CustomerHousehold {
    /// Its id.
    pub id: HouseholdId,
    /// Its name.
    pub name: String,
    /// As what they belong to it.
    pub role: HouseholdRole,
}

/// A customer as sign-in and mails need them.
#[derive(Clone, Debug)]
pub struct CustomerPerson {
    /// Their id.
    pub id: CustomerId,
    /// The whole name.
    pub name: String,
    /// Where mails go.
    pub email: String,
}

/// Enters a customer. Nothing is sent.
pub async fn create_customer(cx: &mut Cx, new: NewCustomer) -> Result<CustomerView> {
    cx.require(Role::Member)?;
    let row = ActiveModel {
        id: Set(CustomerId(cx.new_uuid())),
        email: Set(email::clean("email", &new.email)?),
        name: Set(email::clean_name(&new.name)?),
        phone: Set(new.phone.as_deref().map(clean_phone).transpose()?.flatten()),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        ..Default::default()
    };
    let row = row.insert(cx.db()).await.map_err(taken)?;
    cx.record(&Event::CustomerCreated { customer: row.id, name: row.name.clone() }).await?;
    view(cx, row).await
}

/// Changes name, mail address or phone. Another address is another way in, so what was signed in by the old one ends.
pub async fn change_customer(cx: &mut Cx, id: CustomerId, change: CustomerChange) -> Result<CustomerView> {
    let row = row(cx, id).await?;
    cx.require(Role::Member)?;
    let (mut said, mut next) = (Vec::new(), ActiveModel::from(row.clone()));
    if let Some(name) = change.name.map(|n| email::clean_name(&n)).transpose()?.filter(|n| *n != row.name) {
        said.push(format!("name to {name}"));
        next.name = Set(name);
    }
    if let Some(phone) = change.phone.map(|p| clean_phone(&p)).transpose()?.filter(|p| *p != row.phone) {
        said.push(phone.as_ref().map_or("phone removed".into(), |p| format!("phone to {p}")));
        next.phone = Set(phone);
    }
    if let Some(email) = change.email.map(|e| email::clean("email", &e)).transpose()?.filter(|e| *e != row.email) {
        said.push(format!("mail address to {email}"));
        next.email = Set(email);
        session::revoke_others(cx, id.0, None).await?;
    }
    if !said.is_empty() {
        next.updated_at = Set(cx.now());
        let row = next.update(cx.db()).await.map_err(taken)?;
        cx.record(&Event::CustomerChanged { customer: id, name: row.name, change: said.join(", ") }).await?;
    }
    find_customer(cx, id).await
}

/// Sends the invitation mail, the first or another one. All of them lead to the same page.
pub async fn invite(cx: &mut Cx, id: CustomerId) -> Result<CustomerView> {
    let row = row(cx, id).await?;
    cx.require(Role::Member)?;
    let invitation = row.invitation_id.unwrap_or_else(|| uuid::Builder::from_random_bytes(cx.caller().app.random()).into_uuid());
    let mut next = ActiveModel::from(row);
    next.invitation_id = Set(Some(invitation));
    next.invited_at = Set(Some(cx.now()));
    next.updated_at = Set(cx.now());
    let row = next.update(cx.db()).await?;
    cx.record(&Event::CustomerInvited { customer: id, name: row.name.clone() }).await?;
    view(cx, row).await
}

/// One customer.
pub async fn find_customer(cx: &Cx, id: CustomerId) -> Result<CustomerView> {
    let row = row(cx, id).await?;
    view(cx, row).await
}

/// A page of customers, newest first; with this text in name, mail address or phone.
pub async fn list_customers(cx: &Cx, text: Option<&str>, paging: &Paging) -> Result<Page<CustomerView>> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(paging.limit + 1);
    if let Some(after) = paging.after {
        query = query.filter(Column::Id.lt(after));
    }
    if let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) {
        let like = containing(text);
        let columns = [Column::Name, Column::Email, Column::Phone].into_iter();
        query = query.filter(columns.fold(Condition::any(), |any, column| any.add(matches(column, &like))));
    }
    let rows = query.all(cx.db()).await?;
    let page = Page::<String>::new(rows.clone(), paging, |r| r.id.0, |r| r.id.to_string());
    let kept = rows.into_iter().take(page.items.len()).collect();
    Ok(Page { items: views(cx, kept).await?, next: page.next })
}

/// Somebody by id, for sign-in and mails.
pub async fn find_person(cx: &Cx, id: CustomerId) -> Result<Option<CustomerPerson>> {
    Ok(Entity::find_by_id(id).one(cx.db()).await?.map(person))
}

/// Somebody by mail address as [`email::clean`] leaves it.
pub async fn find_by_email(cx: &Cx, email: &str) -> Result<Option<CustomerPerson>> {
    Ok(Entity::find().filter(Column::Email.eq(email)).one(cx.db()).await?.map(person))
}

/// Whom an invitation mail's page is about. Its address is no key.
pub async fn by_invitation(cx: &Cx, invitation: Uuid) -> Result<Option<CustomerPerson>> {
    Ok(Entity::find().filter(Column::InvitationId.eq(invitation)).one(cx.db()).await?.map(person))
}

/// The invitation of somebody, for its mail.
pub(in crate::people) async fn invitation(cx: &Cx, id: CustomerId) -> Result<Option<(CustomerPerson, Uuid)>> {
    let row = Entity::find_by_id(id).one(cx.db()).await?;
    Ok(row.and_then(|row| row.invitation_id.map(|invitation| (person(row), invitation))))
}

/// Notes the first sign-in.
pub async fn note_sign_in(cx: &Cx, id: CustomerId) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::JoinedAt, Expr::value(cx.now())).col_expr(Column::UpdatedAt, Expr::value(cx.now()));
    update.filter(Column::Id.eq(id)).filter(Column::JoinedAt.is_null()).exec(cx.db()).await?;
    Ok(())
}

/// Several customers, for the lists of households.
pub(super) async fn people(cx: &Cx, ids: impl IntoIterator<Item = CustomerId>) -> Result<Vec<CustomerPerson>> {
    let rows = Entity::find().filter(Column::Id.is_in(ids)).all(cx.db()).await?;
    Ok(rows.into_iter().map(person).collect())
}

/// Those of several customers who were invited to the portal: nobody else is written to.
pub(super) async fn invited(cx: &Cx, ids: impl IntoIterator<Item = CustomerId>) -> Result<Vec<CustomerPerson>> {
    let known = Condition::any().add(Column::InvitedAt.is_not_null()).add(Column::JoinedAt.is_not_null());
    let rows = Entity::find().filter(Column::Id.is_in(ids)).filter(known).order_by_asc(Column::Id).all(cx.db()).await?;
    Ok(rows.into_iter().map(person).collect())
}

async fn row(cx: &Cx, id: CustomerId) -> Result<Model> {
    Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("customer"))
}

fn person(row: Model) -> CustomerPerson {
    CustomerPerson { id: row.id, name: row.name, email: row.email }
}

fn taken(error: DbErr) -> Problem {
    Problem::on_constraint(error, "customers_email_key", || {
        Problem::invalid("email", "email_taken", "Another customer of yours has this mail address already.")
    })
}

async fn view(cx: &Cx, row: Model) -> Result<CustomerView> {
    views(cx, vec![row]).await?.pop().ok_or_else(|| Problem::not_found("customer"))
}

async fn views(cx: &Cx, rows: Vec<Model>) -> Result<Vec<CustomerView>> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id.0).collect();
    let mut households = households::of_customers(cx, rows.iter().map(|r| r.id)).await?;
    let seen = session::last_seen(cx, PersonKind::Customer, ids.clone()).await?;
    let mails = outbox::newest(cx, PersonKind::Customer, ids).await?;
    let view = |row: Model| CustomerView {
        id: row.id,
        state: row.state(),
        last_seen_at: seen.get(&row.id.0).copied(),
        mail: mail(row.invited_at, mails.get(&row.id.0)),
        households: households.remove(&row.id).unwrap_or_default(),
        name: row.name,
        email: row.email,
        phone: row.phone,
        invited_at: row.invited_at,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(view).collect())
}

/// The last mail's fate. An invitation that no mail has followed yet is on its way.
fn mail(invited_at: Option<DateTime<Utc>>, newest: Option<&MailRow>) -> CustomerMail {
    let waiting = invited_at.is_some_and(|at| newest.is_none_or(|mail| mail.created_at < at));
    let Some(newest) = newest.filter(|_| !waiting) else {
        return CustomerMail { state: if waiting { MailState::Queued } else { MailState::None }, detail: None };
    };
    let state = match newest.state.as_str() {
        "sent" => MailState::Sent,
        "failed" => MailState::Failed,
        _ => MailState::Queued,
    };
    CustomerMail { state, detail: newest.detail.clone() }
}
