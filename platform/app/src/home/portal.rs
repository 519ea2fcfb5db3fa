//! The start page and a project's page, for the customers.

use super::pages::{HomePage, ProjectPage, ProjectRow};
use crate::{
    branding,
    callers::Customer,
    documents::{self, pages::DocumentRow},
    face,
    projects::{self, ProjectId, ops::CustomerProject},
};
use kernel::{Cx, Problem, Result, problem::Kind};
use poem::{Request, Response, handler, web::Path};

/// How many of the newest papers are shown.
const NEWEST: u64 = 4;

/// `GET /`: for whoever is signed in; the others are led to the sign-in.
#[handler]
pub async fn index(me: poem::Result<Customer>, request: &Request) -> Result<Response> {
    let me = match me.map_err(Problem::from_poem) {
        Ok(Customer(me)) => me,
        Err(problem) if problem.kind() == Kind::Unauthenticated => return Ok(face::redirect("/sign-in")),
        Err(problem) => return Err(problem),
    };
    let cx = me.begin().await?;
    let projects: Vec<_> = projects::ops::mine(&cx).await?.into_iter().map(row).collect();
    let (documents, document_count) = papers(&cx, None).await?;
    let brand = branding::ops::brand(&cx).await?;
    cx.commit().await?;
    let only = if let [one] = projects.as_slice() { Some(one.id.clone()) } else { None };
    let first_name = me.actor.name().split_whitespace().next().unwrap_or_default().to_owned();
    let page = HomePage { first_name, projects, documents, document_count };
    let frame = face::customer_frame(&me, request, brand, only.as_deref());
    Ok(me.app.pages.page(&page, &frame)?)
}

/// `GET /projects/{project}`
#[handler]
pub async fn project(Customer(me): Customer, request: &Request, Path(id): Path<ProjectId>) -> Result<Response> {
    let cx = me.begin().await?;
    let found = projects::ops::find_mine(&cx, id).await?;
    let several = projects::ops::mine(&cx).await?.len() > 1;
    let (documents, document_count) = papers(&cx, Some(id)).await?;
    let brand = branding::ops::brand(&cx).await?;
    cx.commit().await?;
    let page = ProjectPage { project: row(found), documents, document_count, several };
    let frame = face::customer_frame(&me, request, brand, Some(&page.project.id));
    Ok(me.app.pages.page(&page, &frame)?)
}

fn row(found: CustomerProject) -> ProjectRow {
    ProjectRow::new(found.id.to_string(), found.name, found.address, &found.status.name())
}

async fn papers(cx: &Cx, of: Option<ProjectId>) -> Result<(Vec<DocumentRow>, usize)> {
    let newest = documents::ops::mine(cx, of, NEWEST).await?;
    let count = documents::ops::count_mine(cx, of).await?;
    Ok((newest.into_iter().filter_map(DocumentRow::of).collect(), usize::try_from(count).unwrap_or(usize::MAX)))
}
