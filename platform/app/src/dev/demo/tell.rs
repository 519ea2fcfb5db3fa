//! Makes the stories true, by the operations that staff and customers use: the plan, the days, the visits, the photos, the weather.

use super::{
    album,
    cast::Company,
    rows::{ALL, templates_of},
    sky, staff,
    stories::{Rain, Story, Visit},
};
use crate::{
    generated_documents::{self, GeneratedKind, NewGeneratedDocument},
    people,
    project_templates::{self, ApplyTemplate},
    projects::{self, ProjectChange, ProjectDetails, ProjectId, ProjectStatus, ops::ProjectFilter},
    schedule::{self, Calendar, MilestoneId, MoveRequest, ops::ScheduleView},
    updates::{self, NewUpdate, UpdateId},
    visibility::Visibility,
    visits::{self, NewAppointment},
};
use anyhow::{Context, Result};
use chrono::NaiveDate;
use embedded::weather::Weather;
use kernel::{Actor, App, Caller, Cx, Problem};
use std::sync::Arc;
use tenants::Tenant;

/// Tells each story once. One that was cut short is taken up again.
pub(super) async fn fill(app: &Arc<App>, tenant: &Arc<Tenant>, company: &Company, weather: &Weather) -> Result<()> {
    let manager = staff(app, tenant, company.manager.email).await?;
    let mut fresh = Vec::new();
    for story in company.stories {
        let Some(project) = find(&manager, story).await? else { continue };
        let cx = manager.begin().await?;
        let told = !projects::ops::details(&cx, project).await?.lead_name.is_empty();
        drop(cx);
        if told {
            continue;
        }
        plan(&manager, company, story, project).await.with_context(|| format!("the plan of {}", story.work))?;
        let days = Days::of(&manager).await?;
        album::fill(&manager, story, project, &days).await.with_context(|| format!("the photos of {}", story.work))?;
        fresh.push((story, project));
    }
    sky::script(app, tenant, company, weather).await?;
    if fresh.iter().any(|(story, _)| story.rain.is_some()) {
        sky::look(app, tenant).await?;
    }
    for (story, project) in fresh {
        if let Some(Rain { step, accepted: true }) = &story.rain {
            sky::accept(&manager, project, step).await?;
        }
        end(&manager, story, project).await?;
    }
    Ok(())
}

/// The project that a story is about.
pub(super) async fn find(manager: &Caller, story: &Story) -> Result<Option<ProjectId>, Problem> {
    let cx = manager.begin().await?;
    let filter = ProjectFilter { text: Some(story.work.into()), ..Default::default() };
    // The others of this name are younger.
    let mut found = projects::ops::list(&cx, &filter, &ALL).await?.items.into_iter().filter(|project| project.name == story.work);
    Ok(found.next_back().map(|project| project.id))
}

/// Working days around today.
pub(super) struct Days {
    calendar: Calendar,
    /// The last working day up to today.
    today: NaiveDate,
}

impl Days {
    pub(super) async fn of(caller: &Caller) -> Result<Days, Problem> {
        let cx = caller.begin().await?;
        Days::in_transaction(&cx).await
    }

    async fn in_transaction(cx: &Cx) -> Result<Days, Problem> {
        let calendar = schedule::ops::calendar(cx).await?;
        let today = before(&calendar, cx.today());
        Ok(Days { calendar, today })
    }

    /// So many working days from today; negative: before.
    pub(super) fn day(&self, ahead: i64) -> NaiveDate {
        if ahead >= 0 {
            return self.calendar.add(self.today, ahead);
        }
        let mut day = self.today;
        for _ in ahead..0 {
            day = before(&self.calendar, day.pred_opt().unwrap_or(day));
        }
        day
    }
}

/// This day or the last working day before it.
fn before(calendar: &Calendar, day: NaiveDate) -> NaiveDate {
    let days = std::iter::successors(Some(day), |day| day.pred_opt());
    days.take(30).find(|day| calendar.is_working(*day)).unwrap_or(day)
}

/// All that is said and planned, at once or not at all.
async fn plan(manager: &Caller, company: &Company, story: &Story, project: ProjectId) -> Result<()> {
    let mut cx = manager.begin().await?;
    if !schedule::ops::find(&cx, project).await?.phases.is_empty() {
        return Ok(());
    }
    let days = Days::in_transaction(&cx).await?;
    status(&mut cx, project, story.ends.map(|_| ProjectStatus::Active)).await?;
    let templates = templates_of(&mut cx, company).await?;
    let template = templates.iter().find(|template| template.name == story.template).context("the template is missing")?;
    let apply = ApplyTemplate { template_id: template.id, start: days.day(story.begins) };
    let plan = project_templates::ops::apply(&mut cx, project, apply).await?;
    for (n, milestone) in plan.milestones.iter().enumerate().take(story.done + usize::from(story.begun)) {
        if n < story.done {
            schedule::ops::complete(&mut cx, milestone.id, Some(milestone.planned_end.min(days.today))).await?;
        } else {
            schedule::ops::start(&mut cx, milestone.id, Some(milestone.planned_start.min(days.today))).await?;
        }
    }
    if let Some(moved) = &story.moved {
        let id = step(&plan, moved.step)?;
        let planned = plan.milestones.iter().find(|m| m.id == id).map_or(days.today, |m| m.planned_start);
        let request =
            MoveRequest { start: days.calendar.add(planned, moved.days), end: None, reason: moved.reason.into(), fingerprint: None };
        schedule::ops::move_milestone(&mut cx, id, request).await?;
    }
    for update in story.updates {
        let new = NewUpdate { body: update.body.into(), day: Some(days.day(-update.back)), visibility: update.visibility };
        updates::ops::post(&mut cx, project, new).await?;
    }
    // Without the lead: that is the last thing, and says that all is told.
    details(&mut cx, story, project, ("", "")).await?;
    let mut confirmed = Vec::new();
    for visit in story.visits {
        let made = visits::ops::create(&mut cx, project, appointment(visit, &plan, &days)?).await?;
        confirmed.extend(visit.confirmed_by.map(|email| (email, made.id, made.sequence)));
    }
    cx.commit().await?;
    for (email, visit, sequence) in confirmed {
        let cx = manager.begin().await?;
        let person = people::ops::find_by_email(&cx, email).await?.with_context(|| format!("{email} is no customer"))?;
        drop(cx);
        let mut cx = manager.acting_as(Actor::Customer { id: person.id, name: person.name }).begin().await?;
        visits::ops::confirm(&mut cx, visit, sequence).await?;
        cx.commit().await?;
    }
    Ok(())
}

fn step(plan: &ScheduleView, name: &str) -> Result<MilestoneId> {
    plan.milestones.iter().find(|m| m.name == name).map(|m| m.id).with_context(|| format!("there is no step {name}"))
}

fn appointment(visit: &Visit, plan: &ScheduleView, days: &Days) -> Result<NewAppointment> {
    Ok(NewAppointment {
        title: visit.title.into(),
        day: days.day(visit.ahead),
        from: visit.from.into(),
        until: visit.until.into(),
        who: visit.who.into(),
        prepare: visit.prepare.into(),
        visibility: Visibility::Client,
        milestone_id: visit.step.map(|name| step(plan, name)).transpose()?,
    })
}

/// The update that households read of this day.
pub(super) async fn update_of(cx: &Cx, project: ProjectId, day: NaiveDate) -> Result<Option<UpdateId>, Problem> {
    let all = updates::ops::list(cx, project, &ALL).await?.items;
    Ok(all.into_iter().find(|update| update.day == day && update.visibility == Visibility::Client).map(|update| update.id))
}

async fn end(manager: &Caller, story: &Story, project: ProjectId) -> Result<(), Problem> {
    let mut cx = manager.begin().await?;
    details(&mut cx, story, project, story.lead).await?;
    status(&mut cx, project, story.ends).await?;
    let papers: &[GeneratedKind] = match story.ends {
        Some(_) => &[GeneratedKind::CompletionCertificate, GeneratedKind::Warranty],
        None => &[GeneratedKind::WelcomePacket],
    };
    for kind in papers.iter().copied() {
        let new = NewGeneratedDocument { kind, variant: None, milestone_id: None, visibility: Some(Visibility::Client) };
        generated_documents::ops::ask(&mut cx, project, new).await?;
    }
    cx.commit().await
}

async fn status(cx: &mut Cx, project: ProjectId, status: Option<ProjectStatus>) -> Result<(), Problem> {
    projects::ops::change(cx, project, ProjectChange { name: None, address: None, status }).await.map(drop)
}

async fn details(cx: &mut Cx, story: &Story, project: ProjectId, (name, phone): (&str, &str)) -> Result<(), Problem> {
    let input = ProjectDetails {
        headline: story.headline.into(),
        detail: story.detail.into(),
        lead_name: name.into(),
        lead_phone: phone.into(),
        latitude: Some(story.place.0),
        longitude: Some(story.place.1),
    };
    projects::ops::change_details(cx, project, input).await.map(drop)
}
