//! The start page and a project's page, for the customers.

use super::{
    answer::answer,
    dashboard::{self, Need, is_open},
    pages::{HomePage, ProjectPage, ProjectRow},
    ring::Ring,
};
use crate::{
    branding,
    callers::{Customer, SignedIn},
    face, live,
    projects::{self, ProjectDetails, ProjectId, ops::CustomerProject},
    schedule::{self, ops::CustomerSchedule},
    visits,
};
use kernel::{Cx, Problem, Result, pages::BrandView, problem::Kind};
use poem::{Request, Response, handler, web::Path};
use std::collections::HashMap;

/// A page, the brand around it, and the newest event that it knows of; none where there are no live updates.
type Screen<P> = (P, BrandView, Option<i64>);

/// `GET /`: for whoever is signed in; the others are led to the sign-in.
#[handler]
pub async fn index(me: poem::Result<Customer>, request: &Request) -> Result<Response> {
    let me = match me.map_err(Problem::from_poem) {
        Ok(Customer(me)) => me,
        Err(problem) if problem.kind() == Kind::Unauthenticated => return Ok(face::redirect("/sign-in")),
        Err(problem) => return Err(problem),
    };
    let (page, brand, cursor) = match home(&me).await {
        Err(problem) if is_updating(&problem) => plain_home(&me).await?,
        other => other?,
    };
    let only = page.only.as_ref().map(|only| only.id.clone());
    let frame = face::customer_frame(&me, request, brand, only.as_deref()).live(cursor);
    face::show(&me, &page, &frame).await
}

/// `GET /projects/{project}`
#[handler]
pub async fn show(Customer(me): Customer, request: &Request, Path(id): Path<ProjectId>) -> Result<Response> {
    let (page, brand, cursor) = match one(&me, id).await {
        Err(problem) if is_updating(&problem) => plain_one(&me, id).await?,
        other => other?,
    };
    let frame = face::customer_frame(&me, request, brand, Some(&page.project.id)).live(cursor);
    face::show(&me, &page, &frame).await
}

async fn home(me: &SignedIn) -> Result<Screen<HomePage>> {
    let cx = me.begin().await?;
    let Around { cursor, mut projects, mut details, brand } = around(&cx).await?;
    let mut page = empty(me);
    if projects.len() == 1 {
        let only = projects.remove(0);
        let details = details.remove(&only.id).unwrap_or_default();
        page.only = Some(dashboard::gather(&cx, only, details).await?);
    } else {
        let ids: Vec<ProjectId> = projects.iter().map(|project| project.id).collect();
        let (schedules, visits) = cx.ask_all((schedule::ops::mine_of(ids), visits::ops::mine(&cx, None, dashboard::VISITS))).await?;
        (page.projects, page.finished) = rows(&cx, projects, details, schedules);
        page.needs = visits.iter().filter_map(Need::of).collect();
    }
    cx.commit().await?;
    Ok((page, brand, Some(cursor)))
}

/// What the start page and a project's page ask first.
struct Around {
    cursor: i64,
    projects: Vec<CustomerProject>,
    details: HashMap<ProjectId, ProjectDetails>,
    brand: BrandView,
}

async fn around(cx: &Cx) -> Result<Around> {
    let questions = (live::ops::cursor(), projects::ops::mine(), projects::ops::details_mine(), branding::ops::company(cx));
    let (cursor, projects, details, brand) = cx.ask_all(questions).await?;
    Ok(Around { cursor, projects, details, brand })
}

/// Several projects: those worked on, and the others.
fn rows(
    cx: &Cx,
    all: Vec<CustomerProject>,
    mut details: HashMap<ProjectId, ProjectDetails>,
    mut schedules: HashMap<ProjectId, CustomerSchedule>,
) -> (Vec<ProjectRow>, Vec<ProjectRow>) {
    let (open, finished): (Vec<_>, Vec<_>) = all.into_iter().partition(|project| is_open(project.status));
    let mut row = |project: CustomerProject| {
        let schedule = schedules.remove(&project.id).unwrap_or_default();
        let details = details.remove(&project.id).unwrap_or_default();
        ProjectRow {
            id: project.id.to_string(),
            answer: answer(project.status, &details, &schedule, cx.today()),
            ring: Ring::of(&schedule),
            name: project.name,
            address: project.address,
            status: project.status.name(),
        }
    };
    (open.into_iter().map(&mut row).collect(), finished.into_iter().map(&mut row).collect())
}

async fn one(me: &SignedIn, id: ProjectId) -> Result<Screen<ProjectPage>> {
    let cx = me.begin().await?;
    let Around { cursor, projects, mut details, brand } = around(&cx).await?;
    let several = projects.len() > 1;
    let found = match projects.into_iter().find(|project| project.id == id) {
        Some(found) => found,
        // Beyond the newest hundred, or somebody else's.
        None => projects::ops::find_mine(&cx, id).await?,
    };
    let project = dashboard::gather(&cx, found, details.remove(&id).unwrap_or_default()).await?;
    cx.commit().await?;
    Ok((ProjectPage { project, several }, brand, Some(cursor)))
}

/// What a schema of the version before can say, while it waits for its migration.
async fn plain_home(me: &SignedIn) -> Result<Screen<HomePage>> {
    let cx = me.begin().await?;
    let (mut all, brand) = cx.ask_all((projects::ops::mine(), branding::ops::company(&cx))).await?;
    let mut page = empty(me);
    if all.len() == 1 {
        page.only = Some(dashboard::papers(&cx, all.remove(0)).await?);
    } else {
        (page.projects, page.finished) = rows(&cx, all, HashMap::new(), HashMap::new());
    }
    cx.commit().await?;
    Ok((page, brand, None))
}

async fn plain_one(me: &SignedIn, id: ProjectId) -> Result<Screen<ProjectPage>> {
    let cx = me.begin().await?;
    let (all, brand) = cx.ask_all((projects::ops::mine(), branding::ops::company(&cx))).await?;
    let found = projects::ops::find_mine(&cx, id).await?;
    let project = dashboard::papers(&cx, found).await?;
    cx.commit().await?;
    Ok((ProjectPage { project, several: all.len() > 1 }, brand, None))
}

fn empty(me: &SignedIn) -> HomePage {
    let first_name = me.actor.name().split_whitespace().next().unwrap_or_default().to_owned();
    HomePage { first_name, only: None, projects: Vec::new(), finished: Vec::new(), needs: Vec::new() }
}

fn is_updating(problem: &Problem) -> bool {
    problem.code() == "updating"
}
