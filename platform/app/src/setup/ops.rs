//! The one question of the checklist.

use kernel::{Cx, Problem, Result, caller::Role};
use poem_openapi::{Enum, Object};
use sea_orm::{DbBackend, FromQueryResult, Statement};

/// The checklist.
#[derive(Clone, Debug, Object)]
pub struct Setup {
    /// In the order in which they are best done.
    pub steps: Vec<SetupStep>,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
pub struct SetupStep {
    /// Which.
    pub key: StepKey,
    /// It is done.
    pub done: bool,
}

/// The steps there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum StepKey {
    /// The brand was changed.
    Branding,
    /// Somebody else was asked to join.
    Team,
    /// A customer was entered.
    Customer,
    /// A project was made.
    Project,
    /// A document was uploaded.
    Document,
    /// A customer has signed in.
    CustomerSignedIn,
}

#[derive(FromQueryResult)]
struct Done {
    branding: bool,
    team: bool,
    customer: bool,
    project: bool,
    document: bool,
    customer_signed_in: bool,
}

/// Each part stops at its first row. The tables are other slices': only whether there is something is asked.
const SQL: &str = "SELECT EXISTS (SELECT 1 FROM events WHERE kind = 'branding.changed') AS branding, \
    EXISTS (SELECT 1 FROM staff OFFSET 1) AS team, \
    EXISTS (SELECT 1 FROM customers) AS customer, \
    EXISTS (SELECT 1 FROM projects) AS project, \
    EXISTS (SELECT 1 FROM document_versions WHERE state = 'ready') AS document, \
    EXISTS (SELECT 1 FROM customers WHERE joined_at IS NOT NULL) AS customer_signed_in";

/// What is done and what is left, in one round trip.
pub async fn checklist(cx: &Cx) -> Result<Setup> {
    cx.require(Role::Member)?;
    let done = Done::find_by_statement(Statement::from_string(DbBackend::Postgres, SQL)).one(cx.db()).await?;
    let done = done.ok_or_else(|| Problem::internal(anyhow::anyhow!("the checklist has no row")))?;
    let steps = [
        (StepKey::Branding, done.branding),
        (StepKey::Team, done.team),
        (StepKey::Customer, done.customer),
        (StepKey::Project, done.project),
        (StepKey::Document, done.document),
        (StepKey::CustomerSignedIn, done.customer_signed_in),
    ];
    Ok(Setup { steps: steps.map(|(key, done)| SetupStep { key, done }).to_vec() })
}
