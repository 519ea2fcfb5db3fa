//! What a household says to a visit: it suits, or another time would be better. An answer is to the time that was seen.

use super::views::{customer_view, for_customers, is_open, may_answer};
use super::{AppointmentId, CustomerVisit};
use crate::{
    events::Event,
    people, projects,
    visits::{
        AppointmentState,
        model::{ActiveModel, Column, Model, clean_note},
    },
};
use kernel::{Cx, Problem, Result, caller::Actor};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, QueryFilter, QuerySelect};

/// What somebody writes who asks for another time.
pub struct Ask {
    /// Of the time they saw.
    pub sequence: i32,
    /// Why, and when it would suit them.
    pub note: String,
}

/// The time suits. Said twice it is said once.
pub async fn confirm(cx: &mut Cx, id: AppointmentId, sequence: i32) -> Result<CustomerVisit> {
    let (row, project_name) = asked(cx, id, sequence).await?;
    if row.state == AppointmentState::Confirmed {
        return Ok(customer_view(cx, row, project_name, true));
    }
    let mut next = answered(cx, row);
    next.state = Set(AppointmentState::Confirmed);
    next.asked_note = Set(String::new());
    let row = next.update(cx.db()).await?;
    let event = Event::AppointmentConfirmed {
        appointment: id,
        project: row.project_id,
        title: row.title.clone(),
        visibility: row.visibility.name(),
    };
    cx.record(&event).await?;
    Ok(customer_view(cx, row, project_name, true))
}

/// Another time would be better. The visit stays where it is until staff have decided.
pub async fn ask_to_move(cx: &mut Cx, id: AppointmentId, ask: Ask) -> Result<CustomerVisit> {
    let (row, project_name) = asked(cx, id, ask.sequence).await?;
    let note = clean_note(&ask.note)?;
    if row.state == AppointmentState::MoveAsked && row.asked_note == note {
        return Ok(customer_view(cx, row, project_name, true));
    }
    let mut next = answered(cx, row);
    next.state = Set(AppointmentState::MoveAsked);
    next.asked_note = Set(note);
    let row = next.update(cx.db()).await?;
    let event = Event::AppointmentMoveAsked {
        appointment: id,
        project: row.project_id,
        title: row.title.clone(),
        visibility: row.visibility.name(),
    };
    cx.record(&event).await?;
    Ok(customer_view(cx, row, project_name, true))
}

/// A visit that the customer of this transaction may answer now, held until it ends.
async fn asked(cx: &Cx, id: AppointmentId, sequence: i32) -> Result<(Model, String)> {
    let row = for_customers(None).filter(Column::Id.eq(id)).lock_exclusive().one(cx.db()).await?;
    let row = row.ok_or_else(|| Problem::not_found("appointment"))?;
    let project = projects::ops::find_mine(cx, row.project_id).await?;
    let Actor::Customer { id: person, .. } = cx.actor() else { return Err(Problem::not_found("appointment")) };
    let role = people::ops::roles_of(cx, *person).await?.remove(&row.household_id);
    if !role.is_some_and(may_answer) {
        let words = "You can look at this visit. Somebody who signs or pays in your household has to answer it.";
        return Err(Problem::forbidden("viewer", words));
    }
    if !is_open(project.status) {
        return Err(Problem::conflict("project_closed", "This project is finished, so there is nothing to answer any more."));
    }
    if row.state == AppointmentState::Cancelled {
        return Err(Problem::conflict(
            "appointment_cancelled",
            "This visit was called off. Nobody comes, and there is nothing for you to do.",
        ));
    }
    if row.is_over(cx.now()) {
        return Err(Problem::conflict("appointment_over", "This visit is over, so there is nothing to answer any more."));
    }
    if row.sequence != sequence {
        return Err(Problem::conflict("appointment_moved", "The time of this visit has changed in the meantime. Please look at it again."));
    }
    Ok((row, project.name))
}

fn answered(cx: &Cx, row: Model) -> ActiveModel {
    let mut next = ActiveModel::from(row);
    next.answered_by = Set(cx.actor().name().to_owned());
    next.answered_at = Set(Some(cx.now()));
    next.updated_at = Set(cx.now());
    next
}
