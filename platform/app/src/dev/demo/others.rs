//! Further households of a company, each with a project that began some time ago or is still to begin: what a list looks like.

use super::{
    cast::Company,
    rows::{ALL, templates_of},
    staff,
};
use crate::{
    people::{self, HouseholdRole, NewCustomer, NewHousehold, NewMember},
    project_templates::{self, ProjectFromTemplate},
    projects::ProjectStatus::{self, Active, Completed, OnHold, Planned},
    schedule,
};
use anyhow::{Context, Result};
use kernel::{App, Caller, Cx};
use std::sync::Arc;
use tenants::Tenant;

/// A household of one, and its project.
pub(super) struct Other {
    name: &'static str,
    street: &'static str,
    work: &'static str,
    status: ProjectStatus,
    /// Which of the company's templates.
    template: usize,
    /// Its first day, in days from today.
    begins: i64,
    /// So many steps are done.
    done: usize,
}

const fn other(name: &'static str, street: &'static str, work: &'static str, status: ProjectStatus, plan: (usize, i64, usize)) -> Other {
    Other { name, street, work, status, template: plan.0, begins: plan.1, done: plan.2 }
}

/// Of Larkrise Roofing.
pub(super) static OTHERS: [Other; 20] = [
    other("Nadia Farrow", "3 Tanner Street", "Roof and gutters", Active, (0, -16, 6)),
    other("Bert Quayle", "88 Quarry Road", "Gutters, all sides", Active, (1, -5, 2)),
    other("Sunniva Dahl", "12 Quillfeather Lane", "Roof of the main house", Active, (0, -9, 3)),
    other("Ezra Whitcombe", "5 Larch Court", "Roof with two dormers", Planned, (0, 6, 0)),
    other("Opal Jernigan", "41 Orchard Street", "Garage roof", Active, (1, -3, 1)),
    other("Matteo Brill", "19 Canal Row", "Roof over the workshop", OnHold, (0, -14, 2)),
    other("Fiona Tran", "230 Millrace Road", "Valley repair", Completed, (1, -34, 3)),
    other("Cyrus Haldane", "6 Heron Court", "New roof", Active, (0, -20, 7)),
    other("Willa Sorensen", "77 Lantern Hill", "Gutter guards", Planned, (1, 12, 0)),
    other("Abel Nakamura", "15 Mason Street", "Roof of the annex", Active, (0, -6, 1)),
    other("Rosalind Pike", "102 Bell Road", "Chimney flashing", Completed, (1, -50, 3)),
    other("Tobias Engel", "9 Tanner Street", "New roof", Planned, (0, 20, 0)),
    other("Yasmin Colley", "64 Harrow Lane", "Porch gutters", Active, (1, -6, 2)),
    other("Hector Vance", "31 Quarry Road", "Roof after the storm", Active, (0, -12, 4)),
    other("Linnea Moss", "8 Chapel Green", "Roof of the barn", OnHold, (0, -3, 1)),
    other("Desmond Achterberg", "27 Canal Row", "Skylight and shingles", Active, (0, -10, 3)),
    other("Pearl Okonjo", "140 Millrace Road", "Eaves, street side", Completed, (1, -22, 3)),
    other("Gideon Strand", "2 Larch Court", "New roof", Planned, (0, 9, 0)),
    other("Mabel Thistle", "55 Harrow Lane", "Downspouts", Active, (1, -2, 1)),
    other("Ivo Lindqvist", "18 Chapel Green", "New roof", Active, (0, -24, 8)),
];

/// Fills in those that are missing, the first of the list last.
pub(super) async fn fill(app: &Arc<App>, tenant: &Arc<Tenant>, company: &Company) -> Result<()> {
    let Some(first) = company.others.first() else { return Ok(()) };
    let manager = staff(app, tenant, company.manager.email).await?;
    let mut cx = manager.begin().await?;
    if is_there(&cx, first).await? {
        return Ok(());
    }
    let templates = templates_of(&mut cx, company).await?;
    cx.commit().await?;
    for other in company.others.iter().rev() {
        let template = templates.get(other.template).context("a template is missing")?;
        add(&manager, company, other, template.id).await.with_context(|| format!("the project of {}", other.name))?;
    }
    Ok(())
}

async fn is_there(cx: &Cx, other: &Other) -> Result<bool> {
    let known = people::ops::list_households(cx, Some(other.name), &ALL).await?.items;
    Ok(known.iter().any(|household| household.name == other.name))
}

async fn add(manager: &Caller, company: &Company, other: &Other, template: project_templates::ProjectTemplateId) -> Result<()> {
    let mut cx = manager.begin().await?;
    if is_there(&cx, other).await? {
        return Ok(());
    }
    let mailbox: String = other.name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(".");
    let email = format!("{mailbox}@{}.example", company.subdomain);
    let customer = people::ops::create_customer(&mut cx, NewCustomer { name: other.name.into(), email, phone: None }).await?;
    let address = format!("{}, Sampleton, IL 60999", other.street);
    let members = vec![NewMember { customer_id: customer.id, role: HouseholdRole::Signer }];
    let household =
        people::ops::create_household(&mut cx, NewHousehold { name: other.name.into(), address: address.clone(), members }).await?;
    let start = cx.today() + chrono::Duration::days(other.begins);
    let new = ProjectFromTemplate { name: other.work.into(), household_id: household.id, address, status: other.status, start };
    let project = project_templates::ops::create_project(&mut cx, template, new).await?;
    let plan = schedule::ops::find(&cx, project.id).await?;
    for milestone in plan.milestones.iter().take(other.done) {
        let day = milestone.planned_end.min(cx.today());
        schedule::ops::complete(&mut cx, milestone.id, Some(day)).await?;
    }
    cx.commit().await?;
    Ok(())
}
