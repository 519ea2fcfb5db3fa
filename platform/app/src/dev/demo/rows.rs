//! Brand, team, customers, households, projects, and the announcements of their papers.

use super::{
    cast::{Company, Home, Work},
    papers, staff,
    stories::{Phase, Step, Template},
};
use crate::{
    branding::{self, BrandingInput},
    documents::{self, NewDocument, NewVersion},
    people::{self, HouseholdId, NewCustomer, NewHousehold, NewMember},
    project_templates::{self, PlanShot, ProjectTemplateInput, TemplatePlan, ops::ProjectTemplateView},
    projects::{self, NewProject, ops::ProjectFilter},
    schedule::{PlanDraw, PlanMilestone, PlanPhase, PlanWait},
    team::{self, NewStaff},
};
use anyhow::Result;
use kernel::{App, Caller, Cx, Problem, caller::Role, paging::Paging};
use std::sync::Arc;
use tenants::Tenant;

/// The most rows of a list that we look through.
pub(super) const ALL: Paging = Paging { after: None, limit: 100 };

/// Fills in what is missing, the newest last. What a person changed after a whole run stays as it is.
pub(super) async fn fill(app: &Arc<App>, tenant: &Arc<Tenant>, company: &Company) -> Result<()> {
    let owner = staff(app, tenant, company.owner.email).await?;
    if is_complete(&owner, company).await? {
        return Ok(());
    }
    brand_and_team(&owner, company).await?;
    let manager = staff(app, tenant, company.manager.email).await?;
    let member = staff(app, tenant, company.member.email).await?;
    for home in company.homes.iter().rev() {
        let household = household(&manager, home).await?;
        for work in home.works.iter().rev() {
            project(&member, company, home, household, work).await?;
        }
    }
    Ok(())
}

/// The last thing that is made is there.
async fn is_complete(owner: &Caller, company: &Company) -> Result<bool> {
    let Some(last) = company.homes.first().and_then(|home| home.works.first()) else { return Ok(true) };
    let cx = owner.begin().await?;
    let filter = ProjectFilter { text: Some(last.name.into()), ..Default::default() };
    Ok(!projects::ops::list(&cx, &filter, &ALL).await?.items.is_empty())
}

async fn brand_and_team(owner: &Caller, company: &Company) -> Result<(), Problem> {
    let mut cx = owner.begin().await?;
    let brand = &company.brand;
    let input = BrandingInput {
        name: company.name.into(),
        tagline: brand.tagline.into(),
        color: brand.color.into(),
        font: brand.font,
        phone: brand.phone.into(),
        hours: brand.hours.into(),
        welcome: brand.welcome.into(),
        signature: brand.signature.into(),
    };
    branding::ops::change(&mut cx, input).await?;
    for (person, role) in [(&company.manager, Role::Manager), (&company.member, Role::Member)] {
        if team::ops::find_by_email(&cx, person.email).await?.is_none() {
            team::ops::invite(&mut cx, NewStaff { email: person.email.into(), name: person.name.into(), role }).await?;
        }
    }
    cx.commit().await
}

/// A household with its people, some of them invited.
async fn household(manager: &Caller, home: &Home) -> Result<HouseholdId> {
    let mut cx = manager.begin().await?;
    let known = people::ops::list_households(&cx, Some(home.name), &ALL).await?.items;
    if let Some(known) = known.into_iter().find(|household| household.name == home.name) {
        return Ok(known.id);
    }
    let mut members = Vec::new();
    for person in home.people {
        let new = NewCustomer { name: person.name.into(), email: person.email.into(), phone: Some(person.phone.into()) };
        let customer = people::ops::create_customer(&mut cx, new).await?;
        members.push(NewMember { customer_id: customer.id, role: person.role });
    }
    let invited: Vec<_> = home.people.iter().zip(&members).filter(|(person, _)| person.invited).map(|(_, m)| m.customer_id).collect();
    let new = NewHousehold { name: home.name.into(), address: home.address.into(), members };
    let household = people::ops::create_household(&mut cx, new).await?;
    for customer in invited {
        people::ops::invite(&mut cx, customer).await?;
    }
    cx.commit().await?;
    Ok(household.id)
}

/// A project with its papers announced.
async fn project(member: &Caller, company: &Company, home: &Home, household: HouseholdId, work: &Work) -> Result<()> {
    let mut cx = member.begin().await?;
    let filter = ProjectFilter { household: Some(household), text: Some(work.name.into()), ..Default::default() };
    if projects::ops::list(&cx, &filter, &ALL).await?.items.iter().any(|project| project.name == work.name) {
        return Ok(());
    }
    let new = NewProject { name: work.name.into(), household_id: household, address: home.address.into(), status: work.status };
    let project = projects::ops::create(&mut cx, new).await?;
    announce(&mut cx, company, home, work, project.id).await?;
    cx.commit().await?;
    Ok(())
}

async fn announce(cx: &mut Cx, company: &Company, home: &Home, work: &Work, project: projects::ProjectId) -> Result<(), Problem> {
    for paper in work.papers {
        let bytes = |number| papers::render(company, home, work, paper, number).len() as u64;
        let new = NewDocument {
            title: paper.title.into(),
            kind: paper.kind,
            visibility: paper.visibility,
            file_name: paper.file_name(),
            media_type: papers::MEDIA_TYPE.into(),
            bytes: bytes(1),
        };
        let document = documents::ops::create(cx, project, new).await?;
        for number in 2..=paper.versions.len() {
            let new = NewVersion { file_name: paper.file_name(), media_type: papers::MEDIA_TYPE.into(), bytes: bytes(number) };
            documents::ops::add_version(cx, document.id, new).await?;
        }
    }
    Ok(())
}

/// The company's templates in their order; those that are missing are made.
pub(super) async fn templates_of(cx: &mut Cx, company: &Company) -> Result<Vec<ProjectTemplateView>, Problem> {
    let known = project_templates::ops::list(cx).await?.items;
    let mut all = Vec::new();
    for template in company.templates {
        all.push(match known.iter().find(|view| view.name == template.name) {
            Some(view) => view.clone(),
            None => project_templates::ops::create(cx, input(template)).await?,
        });
    }
    Ok(all)
}

/// Each step waits for the one before, also over the border of a phase.
fn input(template: &Template) -> ProjectTemplateInput {
    let mut before: Option<&'static str> = None;
    let mut milestone = |step: &Step| {
        let waits_for = before.map(|key| PlanWait { key: key.into(), lag_days: step.lag }).into_iter().collect();
        before = Some(step.name);
        PlanMilestone {
            key: step.name.into(),
            name: step.name.into(),
            note: step.note.into(),
            weight: step.days,
            work_type: step.work,
            days: step.days,
            waits_for,
        }
    };
    let mut phase = |phase: &Phase| {
        let milestones = phase.steps.iter().map(&mut milestone).collect();
        PlanPhase { name: phase.name.into(), weight: phase.weight, milestones }
    };
    let draw = |(name, basis_points, step): &(&str, i32, Option<&str>)| PlanDraw {
        name: (*name).into(),
        basis_points: *basis_points,
        milestone_key: step.map(str::to_owned),
    };
    let plan = TemplatePlan {
        phases: template.phases.iter().map(&mut phase).collect(),
        draws: template.draws.iter().map(draw).collect(),
        shots: template.shots.iter().map(|(name, phase)| PlanShot { name: (*name).into(), phase: Some(*phase) }).collect(),
    };
    ProjectTemplateInput { name: template.name.into(), note: template.note.into(), plan }
}
