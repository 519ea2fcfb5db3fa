//! A customer's address for their calendar program: made, replaced, ended; and what it shows.

use super::views::{CustomerVisit, customers, for_customers};
use crate::{
    events::Event,
    people,
    projects::{self, ProjectId},
    schedule::{self, ops::CustomerMilestone},
    visits::{
        AppointmentState, CalendarFeedId,
        model::{
            Column, FEED_CANCELLED, FEED_PAST,
            feed::{ActiveModel, Column as FeedColumn, Entity, Model},
        },
    },
};
use chrono::{DateTime, Duration, Utc};
use kernel::{
    Cx, Problem, Result,
    caller::Actor,
    ids::CustomerId,
    session::{new_token, token_hash},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// How often it is noted that a calendar program asked.
const NOTE_EVERY: Duration = Duration::hours(1);
/// The most visits of one file.
const MOST: u64 = 500;

/// An address that is there; the address itself is known to its owner alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedView {
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When a calendar program last asked, to the hour.
    pub last_read_at: Option<DateTime<Utc>>,
}

/// An address that was just made.
pub struct MadeFeed {
    /// What is secret in it. It is kept nowhere.
    pub token: String,
    /// What is known of it from now on.
    pub feed: FeedView,
}

/// What the calendar shows of one project.
pub struct FeedEntry {
    /// Which.
    pub project: ProjectId,
    /// Its name.
    pub project_name: String,
    /// Where people come to.
    pub address: String,
    /// Visits of the last months and to come, and those cancelled lately.
    pub visits: Vec<CustomerVisit>,
    /// Steps of the same time.
    pub steps: Vec<CustomerMilestone>,
}

/// The address of the customer of this transaction, if they have one.
pub async fn find_feed(cx: &Cx) -> Result<Option<FeedView>> {
    let found = living().filter(FeedColumn::CustomerId.eq(me(cx)?)).one(cx.db()).await?;
    Ok(found.map(view))
}

/// Makes an address; the one before ends.
pub async fn make_feed(cx: &mut Cx) -> Result<MadeFeed> {
    let customer = me(cx)?;
    end(cx, customer).await?;
    let token = new_token(cx);
    let row = ActiveModel {
        id: Set(CalendarFeedId(cx.new_uuid())),
        customer_id: Set(customer),
        token_hash: Set(token_hash(&token)),
        created_at: Set(cx.now()),
        last_read_at: Set(None),
        revoked_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(cx.db()).await?;
    cx.record(&Event::CalendarFeedCreated { customer }).await?;
    Ok(MadeFeed { token, feed: FeedView { created_at: cx.now(), last_read_at: None } })
}

/// Ends the address. Without one there is nothing to do.
pub async fn revoke_feed(cx: &mut Cx) -> Result<()> {
    let customer = me(cx)?;
    if end(cx, customer).await? {
        cx.record(&Event::CalendarFeedRevoked { customer }).await?;
    }
    Ok(())
}

/// Whose address this is, asked by a calendar program. One that has ended is told so.
pub async fn read_feed(cx: &Cx, token: &str) -> Result<Actor> {
    let row = Entity::find().filter(FeedColumn::TokenHash.eq(token_hash(token))).one(cx.db()).await?;
    let row = row.ok_or_else(|| Problem::not_found("calendar"))?;
    if row.revoked_at.is_some() {
        return Err(Problem::gone("calendar_ended", "This calendar address has ended."));
    }
    let person = people::ops::find_person(cx, row.customer_id).await?.ok_or_else(|| Problem::not_found("calendar"))?;
    if row.last_read_at.is_none_or(|at| cx.now() - at >= NOTE_EVERY) {
        let sql = "UPDATE calendar_feeds SET last_read_at = $2 WHERE id = $1";
        cx.execute(sql, [row.id.into(), cx.now().into()]).await?;
    }
    Ok(Actor::Customer { id: person.id, name: person.name })
}

/// What the calendar of the customer of this transaction shows, project by project.
pub async fn entries(cx: &Cx) -> Result<Vec<FeedEntry>> {
    let lately = Condition::any().add(Column::State.ne(AppointmentState::Cancelled)).add(Column::UpdatedAt.gt(cx.now() - FEED_CANCELLED));
    let rows = for_customers(None).filter(Column::EndsAt.gt(cx.now() - FEED_PAST)).filter(lately);
    let rows = rows.order_by_desc(Column::StartsAt).order_by_desc(Column::Id).limit(MOST);
    let (projects, mut visits) = cx.ask_all((projects::ops::mine(), customers(cx, rows))).await?;
    visits.reverse();
    let mut schedules = cx.ask(schedule::ops::mine_of(projects.iter().map(|p| p.id))).await?;
    let oldest = cx.today() - FEED_PAST;
    let entry = |project: projects::ops::CustomerProject| {
        let steps = schedules.remove(&project.id).map(|s| s.milestones).unwrap_or_default();
        FeedEntry {
            visits: visits.iter().filter(|v| v.project == project.id).cloned().collect(),
            steps: steps.into_iter().filter(|step| step.planned_end >= oldest).collect(),
            project: project.id,
            project_name: project.name,
            address: project.address,
        }
    };
    Ok(projects.into_iter().map(entry).collect())
}

async fn end(cx: &Cx, customer: CustomerId) -> Result<bool> {
    let sql = "UPDATE calendar_feeds SET revoked_at = $2 WHERE customer_id = $1 AND revoked_at IS NULL";
    Ok(cx.execute(sql, [customer.into(), cx.now().into()]).await? > 0)
}

fn living() -> sea_orm::Select<Entity> {
    Entity::find().filter(FeedColumn::RevokedAt.is_null())
}

fn me(cx: &Cx) -> Result<CustomerId> {
    match cx.actor() {
        Actor::Customer { id, .. } => Ok(*id),
        _ => Err(Problem::not_found("calendar")),
    }
}

fn view(row: Model) -> FeedView {
    FeedView { created_at: row.created_at, last_read_at: row.last_read_at }
}
