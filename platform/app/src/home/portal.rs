//! The start page and a project's page, for the customers.

use super::{
    answer::answer,
    dashboard::{self, Dashboard, Need, is_open},
    pages::{HomePage, ProjectPage, ProjectRow},
    ring::Ring,
};
use crate::{
    branding,
    callers::{Customer, SignedIn},
    face, live,
    projects::{self, ProjectId, ops::CustomerProject},
    schedule, visits,
};
use kernel::{Cx, Problem, Result, pages::BrandView, problem::Kind};
use poem::{Request, Response, handler, web::Path};

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
    let cursor = live::ops::cursor(&cx).await?;
    let mut all = projects::ops::mine(&cx).await?;
    let mut page = empty(me);
    if all.len() == 1 {
        page.only = Some(dashboard::gather(&cx, all.remove(0)).await?);
    } else {
        (page.projects, page.finished) = rows(&cx, all).await?;
        let visits = visits::ops::mine(&cx, None, dashboard::VISITS).await?;
        page.needs = visits.iter().filter_map(Need::of).collect();
    }
    finish(cx, page, Some(cursor)).await
}

/// Several projects, however many, by two questions: those worked on, and the others.
async fn rows(cx: &Cx, all: Vec<CustomerProject>) -> Result<(Vec<ProjectRow>, Vec<ProjectRow>)> {
    let mut schedules = schedule::ops::mine_of(cx, all.iter().map(|project| project.id)).await?;
    let mut details = projects::ops::details_of(cx, all.iter().map(|project| project.id)).await?;
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
    Ok((open.into_iter().map(&mut row).collect(), finished.into_iter().map(&mut row).collect()))
}

async fn one(me: &SignedIn, id: ProjectId) -> Result<Screen<ProjectPage>> {
    let cx = me.begin().await?;
    let cursor = live::ops::cursor(&cx).await?;
    let found = projects::ops::find_mine(&cx, id).await?;
    let several = projects::ops::visible(&cx).await?.len() > 1;
    let project = dashboard::gather(&cx, found).await?;
    finish(cx, ProjectPage { project, several }, Some(cursor)).await
}

/// What a schema of the version before can say, while it waits for its migration.
async fn plain_home(me: &SignedIn) -> Result<Screen<HomePage>> {
    let cx = me.begin().await?;
    let mut all = projects::ops::mine(&cx).await?;
    let mut page = empty(me);
    if all.len() == 1 {
        page.only = Some(partial(dashboard::papers(&cx, all.remove(0)).await?));
    } else {
        for project in all {
            let open = is_open(project.status);
            let Dashboard { id, name, address, status, answer, ring, .. } = dashboard::papers(&cx, project).await?;
            let row = ProjectRow { id, name, address, status, answer, ring };
            if open { page.projects.push(row) } else { page.finished.push(row) }
        }
    }
    finish(cx, page, None).await
}

async fn plain_one(me: &SignedIn, id: ProjectId) -> Result<Screen<ProjectPage>> {
    let cx = me.begin().await?;
    let found = projects::ops::find_mine(&cx, id).await?;
    let several = projects::ops::visible(&cx).await?.len() > 1;
    let project = partial(dashboard::papers(&cx, found).await?);
    finish(cx, ProjectPage { project, several }, None).await
}

fn partial(project: Dashboard) -> Dashboard {
    Dashboard { partial: true, ..project }
}

fn empty(me: &SignedIn) -> HomePage {
    let first_name = me.actor.name().split_whitespace().next().unwrap_or_default().to_owned();
    HomePage { first_name, only: None, projects: Vec::new(), finished: Vec::new(), needs: Vec::new() }
}

async fn finish<P>(cx: Cx, page: P, cursor: Option<i64>) -> Result<Screen<P>> {
    let brand = branding::ops::brand(&cx).await?;
    cx.commit().await?;
    Ok((page, brand, cursor))
}

fn is_updating(problem: &Problem) -> bool {
    problem.code() == "updating"
}
