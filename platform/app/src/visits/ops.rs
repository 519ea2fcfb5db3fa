//! The verbs and questions of visits. The only writer of the tables `appointments` and `calendar_feeds`.

mod answer;
mod feed;
mod tell;
mod views;

pub use answer::{Ask, ask_to_move, confirm};
pub use feed::{FeedEntry, FeedView, MadeFeed, entries, find_feed, make_feed, read_feed, revoke_feed};
pub use tell::{Letter, Occasion, letter, remind, tell};
pub use views::{AppointmentProject, AppointmentView, CustomerVisit, find_mine, mine, mine_past, next};

use super::{
    AppointmentId,
    jobs::RemindVisit,
    model::{
        ActiveModel, AppointmentChange, AppointmentState, Column, Entity, Model, NewAppointment, TimeInput, clean_prepare, clean_title,
        clean_who, known_before, reminder_at,
    },
    when::{Span, begin_of, time_text},
};
use crate::{
    events::Event,
    projects::{self, ProjectId},
    schedule::{self, MilestoneId},
    visibility::Visibility,
};
use chrono::{Days, NaiveDate};
use kernel::{Cx, Problem, Result, caller::Role, problem::Kind};
use poem_openapi::types::MaybeUndefined;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The most visits of one list.
const MOST: u64 = 500;
/// The most days of one question.
const MOST_DAYS: i64 = 62;

/// Proposes a visit, or enters one that only the company sees.
pub async fn create(cx: &mut Cx, project: ProjectId, new: NewAppointment) -> Result<AppointmentView> {
    projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    let household = projects::ops::working(cx, project).await?;
    let input = TimeInput { day: new.day, from: &new.from, until: &new.until };
    let span = input.span(cx.tenant().time_zone, cx.now())?;
    let row = ActiveModel {
        id: Set(AppointmentId(cx.new_uuid())),
        household_id: Set(household),
        project_id: Set(project),
        milestone_id: Set(milestone(cx, project, new.milestone_id).await?),
        visibility: Set(new.visibility),
        title: Set(clean_title(&new.title)?),
        starts_at: Set(span.starts_at),
        ends_at: Set(span.ends_at),
        who: Set(clean_who(&new.who)?),
        prepare: Set(clean_prepare(&new.prepare)?),
        state: Set(AppointmentState::Proposed),
        asked_note: Set(String::new()),
        answered_by: Set(String::new()),
        sequence: Set(0),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        ..Default::default()
    };
    let row = row.insert(cx.db()).await?;
    let event = Event::AppointmentCreated { appointment: row.id, project, title: row.title.clone(), visibility: row.visibility.name() };
    cx.record(&event).await?;
    plan_reminder(cx, &row).await?;
    views::one(cx, row).await
}

/// Changes time, words or visibility. A new time is a new proposal.
pub async fn change(cx: &mut Cx, id: AppointmentId, change: AppointmentChange) -> Result<AppointmentView> {
    let row = locked(cx, id).await?;
    let (mut said, mut next) = (Vec::new(), ActiveModel::from(row.clone()));
    set_words(cx, &row, &change, &mut next, &mut said).await?;
    let shown = set_visibility(&row, change.visibility, &mut next, &mut said)?;
    let moved = set_time(cx, &row, &change, &mut next, &mut said)?;
    if said.is_empty() {
        return views::one(cx, row).await;
    }
    next.updated_at = Set(cx.now());
    let row = next.update(cx.db()).await?;
    let event = Event::AppointmentChanged {
        appointment: id,
        project: row.project_id,
        title: row.title.clone(),
        visibility: row.visibility.name(),
        change: said.join(", "),
        moved,
    };
    cx.record(&event).await?;
    if moved || shown {
        plan_reminder(cx, &row).await?;
    }
    views::one(cx, row).await
}

async fn set_words(cx: &Cx, row: &Model, change: &AppointmentChange, next: &mut ActiveModel, said: &mut Vec<String>) -> Result<()> {
    if let Some(title) = change.title.as_deref().map(clean_title).transpose()?.filter(|t| *t != row.title) {
        said.push(format!("title to {title}"));
        next.title = Set(title);
    }
    if let Some(who) = change.who.as_deref().map(clean_who).transpose()?.filter(|w| *w != row.who) {
        said.push("who comes".to_owned());
        next.who = Set(who);
    }
    if let Some(prepare) = change.prepare.as_deref().map(clean_prepare).transpose()?.filter(|p| *p != row.prepare) {
        said.push("what to prepare".to_owned());
        next.prepare = Set(prepare);
    }
    let wanted = match change.milestone_id {
        MaybeUndefined::Undefined => row.milestone_id,
        MaybeUndefined::Null => None,
        MaybeUndefined::Value(id) => Some(id),
    };
    if wanted != row.milestone_id {
        said.push("the milestone".to_owned());
        next.milestone_id = Set(milestone(cx, row.project_id, wanted).await?);
    }
    Ok(())
}

/// True: the household sees it from now on.
fn set_visibility(row: &Model, wanted: Option<Visibility>, next: &mut ActiveModel, said: &mut Vec<String>) -> Result<bool> {
    match wanted.filter(|v| *v != row.visibility) {
        None => Ok(false),
        Some(Visibility::Internal) => {
            Err(Problem::conflict("visit_shown", "The household has seen this visit. Cancel it instead, and they are told so."))
        }
        Some(visibility) => {
            said.push(format!("visibility to {}", visibility.name()));
            next.visibility = Set(visibility);
            Ok(true)
        }
    }
}

/// True: what the household said counts no more, and they are asked again.
fn set_time(cx: &Cx, row: &Model, change: &AppointmentChange, next: &mut ActiveModel, said: &mut Vec<String>) -> Result<bool> {
    let zone = cx.tenant().time_zone;
    let window = row.span().window(zone);
    let mut span = row.span();
    if change.day.is_some() || change.from.is_some() || change.until.is_some() {
        let (from, until) = (time_text(window.from), time_text(window.until));
        let input = TimeInput {
            day: change.day.unwrap_or(window.day),
            from: change.from.as_deref().unwrap_or(&from),
            until: change.until.as_deref().unwrap_or(&until),
        };
        // The same words as before are the same time, also where it came twice or is over.
        if (input.day, input.from, input.until) != (window.day, from.as_str(), until.as_str()) {
            span = input.span(zone, cx.now())?;
        }
    }
    let moved = span != row.span();
    let kept = !moved && change.keep_time == Some(true) && row.state == AppointmentState::MoveAsked;
    if !moved && !kept {
        return Ok(false);
    }
    let was = known_before(row, span);
    let now = span.window(zone);
    said.push(match moved {
        true => format!("time to {}, {} to {}", now.day, time_text(now.from), time_text(now.until)),
        false => "kept the time".to_owned(),
    });
    next.starts_at = Set(span.starts_at);
    next.ends_at = Set(span.ends_at);
    next.was_starts_at = Set(was.map(|w| w.starts_at));
    next.was_ends_at = Set(was.map(|w| w.ends_at));
    next.sequence = Set(row.sequence + 1);
    next.state = Set(AppointmentState::Proposed);
    next.asked_note = Set(String::new());
    next.answered_by = Set(String::new());
    next.answered_at = Set(None);
    Ok(true)
}

/// Calls a visit off.
pub async fn cancel(cx: &mut Cx, id: AppointmentId) -> Result<AppointmentView> {
    let row = locked(cx, id).await?;
    let mut next = ActiveModel::from(row.clone());
    next.state = Set(AppointmentState::Cancelled);
    next.sequence = Set(row.sequence + 1);
    next.updated_at = Set(cx.now());
    let row = next.update(cx.db()).await?;
    let event = Event::AppointmentCancelled {
        appointment: id,
        project: row.project_id,
        title: row.title.clone(),
        visibility: row.visibility.name(),
    };
    cx.record(&event).await?;
    views::one(cx, row).await
}

/// One visit, for staff.
pub async fn find(cx: &Cx, id: AppointmentId) -> Result<AppointmentView> {
    let row = Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("appointment"))?;
    views::one(cx, row).await
}

/// A project's visits by time, for staff; of very many the newest.
pub async fn of_project(cx: &Cx, project: ProjectId) -> Result<Vec<AppointmentView>> {
    projects::ops::household_of(cx, project).await?;
    let query = Entity::find().filter(Column::ProjectId.eq(project)).order_by_desc(Column::StartsAt).order_by_desc(Column::Id);
    let mut rows = query.limit(MOST).all(cx.db()).await?;
    rows.reverse();
    views::all(cx, rows).await
}

/// The visits of all projects that begin on these days, by time, for staff. Without days it is today and the six days after.
pub async fn between(cx: &Cx, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Vec<AppointmentView>> {
    let zone = cx.tenant().time_zone;
    let from = from.unwrap_or_else(|| cx.today());
    let to = to.or_else(|| from.checked_add_days(Days::new(6))).unwrap_or(from);
    if to < from {
        return Err(Problem::invalid("to", "range_backwards", "The last day comes before the first."));
    }
    if (to - from).num_days() >= MOST_DAYS || !(1970..2200).contains(&chrono::Datelike::year(&from)) {
        return Err(Problem::invalid("to", "range_too_long", format!("Ask for at most {MOST_DAYS} days at once.")));
    }
    let after = to.succ_opt().unwrap_or(to);
    let query = Entity::find().filter(Column::StartsAt.gte(begin_of(from, zone))).filter(Column::StartsAt.lt(begin_of(after, zone)));
    let rows = query.order_by_asc(Column::StartsAt).order_by_asc(Column::Id).limit(MOST).all(cx.db()).await?;
    views::all(cx, rows).await
}

/// A visit that staff are to change: held until the transaction ends, still to come, on a project that is worked on.
async fn locked(cx: &Cx, id: AppointmentId) -> Result<Model> {
    let row = Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    let row = row.ok_or_else(|| Problem::not_found("appointment"))?;
    cx.require(Role::Member)?;
    projects::ops::working(cx, row.project_id).await?;
    if row.state == AppointmentState::Cancelled {
        return Err(Problem::conflict("appointment_cancelled", "This visit was cancelled. Propose a new one if somebody comes after all."));
    }
    if row.is_over(cx.now()) {
        return Err(Problem::conflict("appointment_over", "This visit is over. Propose a new one if somebody comes again."));
    }
    Ok(row)
}

/// The milestone, if it is one of this project.
async fn milestone(cx: &Cx, project: ProjectId, id: Option<MilestoneId>) -> Result<Option<MilestoneId>> {
    let Some(id) = id else { return Ok(None) };
    let unknown = || Problem::invalid("milestone_id", "unknown", "This project has no such milestone.");
    match schedule::ops::milestone(cx, id).await {
        Ok(found) if found.project == project => Ok(Some(id)),
        Ok(_) => Err(unknown()),
        Err(problem) if problem.kind() == Kind::NotFound => Err(unknown()),
        Err(problem) => Err(problem),
    }
}

/// Has the household reminded of this time. A visit so soon needs no reminder: the proposal is one.
async fn plan_reminder(cx: &mut Cx, row: &Model) -> Result<()> {
    let at = reminder_at(Span { starts_at: row.starts_at, ends_at: row.ends_at }, cx.tenant().time_zone);
    if row.visibility == Visibility::Client && at > cx.now() {
        cx.enqueue_at(&RemindVisit { appointment: row.id, sequence: row.sequence }, at).await?;
    }
    Ok(())
}
