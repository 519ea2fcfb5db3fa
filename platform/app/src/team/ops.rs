//! The verbs and questions of the team. The only writer of the table `staff`.

use super::model::{ActiveModel, Chief, Column, Entity, Model, NewStaff, StaffChange, StaffState, check_owner_stays, not_allowed};
use crate::{email, events::Event, people};
use chrono::{DateTime, Utc};
use kernel::{
    Actor, Cx, Problem, Result,
    caller::Role,
    ids::StaffId,
    paging::{Page, Paging},
    session::{self, PersonKind},
};
use poem_openapi::Object;
use sea_orm::{
    ActiveEnum, ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A team mate as staff see them.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct StaffView {
    /// Their id.
    pub id: StaffId,
    /// How they sign in.
    pub email: String,
    /// The whole name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Where they stand.
    pub state: StaffState,
    /// Last invited.
    pub invited_at: DateTime<Utc>,
    /// Last seen in the console.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// A team mate as sign-in and mails need them.
#[derive(Clone, Debug)]
pub struct StaffPerson {
    /// Their id.
    pub id: StaffId,
    /// The whole name.
    pub name: String,
    /// Where mails go.
    pub email: String,
    /// What they may do.
    pub role: Role,
}

/// A page of the team, newest first; with this text in name or mail address.
pub async fn list(cx: &Cx, text: Option<&str>, paging: &Paging) -> Result<Page<StaffView>> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(paging.limit + 1);
    if let Some(after) = paging.after {
        query = query.filter(Column::Id.lt(after));
    }
    if let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) {
        let like = people::ops::containing(text);
        let any = Condition::any().add(people::ops::matches(Column::Name, &like)).add(people::ops::matches(Column::Email, &like));
        query = query.filter(any);
    }
    let rows = query.all(cx.db()).await?;
    let page = Page::<String>::new(rows.clone(), paging, |r| r.id.0, |r| r.id.to_string());
    let kept = rows.into_iter().take(page.items.len()).collect();
    Ok(Page { items: views(cx, kept).await?, next: page.next })
}

/// Asks somebody to join, and sends the mail.
pub async fn invite(cx: &mut Cx, new: NewStaff) -> Result<StaffView> {
    chief(cx)?.check_gives(new.role)?;
    let row = ActiveModel {
        id: Set(StaffId(cx.new_uuid())),
        email: Set(email::clean("email", &new.email)?),
        name: Set(email::clean_name(&new.name)?),
        role: Set(new.role),
        invited_at: Set(Some(cx.now())),
        created_at: Set(cx.now()),
        ..Default::default()
    };
    let row = row.insert(cx.db()).await.map_err(taken)?;
    record_invited(cx, &row).await?;
    view(cx, row).await
}

/// Changes name or role. People may correct their own name.
pub async fn change(cx: &mut Cx, id: StaffId, change: StaffChange) -> Result<StaffView> {
    let row = locked(cx, id).await?;
    let chief = chief(cx)?;
    if chief.id != Some(id) {
        chief.check_touches(row.role)?;
    }
    let (mut said, mut next) = (Vec::new(), ActiveModel::from(row.clone()));
    if let Some(name) = change.name.map(|n| email::clean_name(&n)).transpose()?.filter(|n| *n != row.name) {
        said.push(format!("name to {name}"));
        next.name = Set(name);
    }
    if let Some(role) = change.role.filter(|r| *r != row.role) {
        chief.check_other(id)?;
        chief.check_gives(role)?;
        check_owner_stays(row.role, other_owners(cx, id).await?)?;
        said.push(format!("role to {}", role.to_value()));
        next.role = Set(role);
    }
    if said.is_empty() {
        return view(cx, row).await;
    }
    let row = next.update(cx.db()).await?;
    cx.record(&Event::StaffChanged { staff: id, name: row.name.clone(), change: said.join(", ") }).await?;
    view(cx, row).await
}

/// Sends the invitation again.
pub async fn invite_again(cx: &mut Cx, id: StaffId) -> Result<StaffView> {
    let row = locked(cx, id).await?;
    chief(cx)?.check_touches(row.role)?;
    match row.state() {
        StaffState::Invited => {}
        StaffState::Active => return Err(Problem::conflict("already_joined", format!("{} has signed in already.", row.name))),
        StaffState::Deactivated => return Err(closed(&row)),
    }
    let mut next = ActiveModel::from(row);
    next.invited_at = Set(Some(cx.now()));
    let row = next.update(cx.db()).await?;
    record_invited(cx, &row).await?;
    view(cx, row).await
}

/// Closes an account: nobody signs in with it, and its sessions end in the same moment.
pub async fn deactivate(cx: &mut Cx, id: StaffId) -> Result<StaffView> {
    let row = locked(cx, id).await?;
    let chief = chief(cx)?;
    chief.check_touches(row.role)?;
    chief.check_other(id)?;
    if row.state() == StaffState::Deactivated {
        return view(cx, row).await;
    }
    check_owner_stays(row.role, other_owners(cx, id).await?)?;
    let mut next = ActiveModel::from(row);
    next.deactivated_at = Set(Some(cx.now()));
    let row = next.update(cx.db()).await?;
    session::revoke_others(cx, id.0, None).await?;
    cx.record(&Event::StaffDeactivated { staff: id, name: row.name.clone() }).await?;
    view(cx, row).await
}

/// Opens a closed account again, with the role it had.
pub async fn reactivate(cx: &mut Cx, id: StaffId) -> Result<StaffView> {
    let row = locked(cx, id).await?;
    chief(cx)?.check_touches(row.role)?;
    if row.state() != StaffState::Deactivated {
        return view(cx, row).await;
    }
    let mut next = ActiveModel::from(row);
    next.deactivated_at = Set(None);
    let row = next.update(cx.db()).await?;
    cx.record(&Event::StaffReactivated { staff: id, name: row.name.clone() }).await?;
    view(cx, row).await
}

/// Somebody whose account is open, by id.
pub async fn active(cx: &Cx, id: StaffId) -> Result<Option<StaffPerson>> {
    let found = Entity::find_by_id(id).filter(Column::DeactivatedAt.is_null()).one(cx.db()).await?;
    Ok(found.map(person))
}

/// Somebody whose account is open, by mail address as [`email::clean`] leaves it.
pub async fn find_by_email(cx: &Cx, email: &str) -> Result<Option<StaffPerson>> {
    let found = Entity::find().filter(Column::Email.eq(email)).filter(Column::DeactivatedAt.is_null());
    Ok(found.one(cx.db()).await?.map(person))
}

/// Managers and owners whose account is open: whom the program writes to about the company's own affairs.
pub async fn chiefs(cx: &Cx) -> Result<Vec<StaffPerson>> {
    let found = Entity::find().filter(Column::Role.is_in([Role::Manager, Role::Owner])).filter(Column::DeactivatedAt.is_null());
    Ok(found.order_by_asc(Column::Id).all(cx.db()).await?.into_iter().map(person).collect())
}

/// Notes the first sign-in.
pub async fn note_sign_in(cx: &Cx, id: StaffId) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::JoinedAt, Expr::value(cx.now()));
    update.filter(Column::Id.eq(id)).filter(Column::JoinedAt.is_null()).exec(cx.db()).await?;
    Ok(())
}

/// The owner of a new company, entered by provisioning; again is the same one. The signup has proved the address.
pub async fn create_owner(cx: &Cx, name: &str, email: &str) -> Result<StaffId> {
    let email = email::clean("email", email)?;
    if let Some(owner) = Entity::find().filter(Column::Email.eq(email.as_str())).one(cx.db()).await? {
        return Ok(owner.id);
    }
    let row = ActiveModel {
        id: Set(StaffId(cx.new_uuid())),
        email: Set(email),
        name: Set(email::clean_name(name)?),
        role: Set(Role::Owner),
        invited_at: Set(Some(cx.now())),
        created_at: Set(cx.now()),
        ..Default::default()
    };
    Ok(row.insert(cx.db()).await?.id)
}

/// Who acts, as the rules see them.
fn chief(cx: &Cx) -> Result<Chief> {
    match cx.actor() {
        Actor::Staff { id, role, .. } => Ok(Chief { id: Some(*id), role: *role }),
        Actor::System(_) => Ok(Chief { id: None, role: Role::Owner }),
        _ => Err(not_allowed()),
    }
}

/// The row, locked until the end: the owners' rows first and always in one order, so that two owners who demote each other
/// at the same time come one after the other.
async fn locked(cx: &Cx, id: StaffId) -> Result<Model> {
    owners(cx).await?;
    Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?.ok_or_else(|| Problem::not_found("person in your team"))
}

async fn owners(cx: &Cx) -> Result<Vec<Model>> {
    let owners = Entity::find().filter(Column::Role.eq(Role::Owner)).filter(Column::DeactivatedAt.is_null());
    Ok(owners.order_by_asc(Column::Id).lock_exclusive().all(cx.db()).await?)
}

async fn other_owners(cx: &Cx, id: StaffId) -> Result<usize> {
    Ok(owners(cx).await?.iter().filter(|owner| owner.id != id).count())
}

async fn record_invited(cx: &mut Cx, row: &Model) -> Result<()> {
    cx.record(&Event::StaffInvited { staff: row.id, name: row.name.clone(), role: row.role.to_value() }).await?;
    Ok(())
}

fn closed(row: &Model) -> Problem {
    Problem::conflict("deactivated", format!("The account of {} is closed. Open it again first.", row.name))
}

fn taken(error: DbErr) -> Problem {
    Problem::on_constraint(error, "staff_email_key", || {
        Problem::invalid("email", "email_taken", "Somebody of your team has this mail address already.")
    })
}

fn person(row: Model) -> StaffPerson {
    StaffPerson { id: row.id, name: row.name, email: row.email, role: row.role }
}

async fn view(cx: &Cx, row: Model) -> Result<StaffView> {
    views(cx, vec![row]).await?.pop().ok_or_else(|| Problem::not_found("person in your team"))
}

async fn views(cx: &Cx, rows: Vec<Model>) -> Result<Vec<StaffView>> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id.0).collect();
    let seen = session::last_seen(cx, PersonKind::Staff, ids).await?;
    let view = |row: Model| StaffView {
        id: row.id,
        state: row.state(),
        last_seen_at: seen.get(&row.id.0).copied(),
        invited_at: row.invited_at.unwrap_or(row.created_at),
        email: row.email,
        name: row.name,
        role: row.role,
    };
    Ok(rows.into_iter().map(view).collect())
}
