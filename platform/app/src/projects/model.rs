//! A project's row, its states, and the pure rules about them.

use super::ProjectId;
use crate::people::HouseholdId;
use chrono::{DateTime, Utc};
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a project stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Agreed, not begun.
    Planned,
    /// Under way.
    Active,
    /// Waiting.
    OnHold,
    /// Finished.
    Completed,
    /// Finished and put away.
    Archived,
}

impl ProjectStatus {
    /// The word in tables and templates.
    pub fn name(self) -> String {
        self.to_value()
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectId,
    pub number: i64,
    pub household_id: HouseholdId,
    pub name: String,
    pub address: String,
    pub status: ProjectStatus,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a new project is made from.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewProject {
    /// For example "New roof".
    pub name: String,
    /// Whose house it is.
    pub household_id: HouseholdId,
    /// Where the work happens.
    pub address: String,
    /// Where it stands.
    pub status: ProjectStatus,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Object, Serialize)]
pub struct ProjectChange {
    /// For example "New roof".
    pub name: Option<String>,
    /// Where the work happens.
    pub address: Option<String>,
    /// Where it stands.
    pub status: Option<ProjectStatus>,
}

/// The table `project_details`: what customers read about a project, and where it lies.
pub mod details {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Deserialize)]
    #[sea_orm(table_name = "project_details")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub project_id: ProjectId,
        pub household_id: HouseholdId,
        pub headline: String,
        pub detail: String,
        pub lead_name: String,
        pub lead_phone: String,
        pub latitude: Option<f64>,
        pub longitude: Option<f64>,
        pub updated_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What customers read about a project, and where it lies. Saved whole.
#[derive(Clone, Debug, Default, PartialEq, Object, Serialize, Deserialize)]
pub struct ProjectDetails {
    /// The sentence on top of the customer's page; empty: it is made from the schedule.
    pub headline: String,
    /// What follows it; empty likewise.
    pub detail: String,
    /// Who answers the customer; may be empty.
    pub lead_name: String,
    /// As people write it; may be empty.
    pub lead_phone: String,
    /// Where the house is, for the weather.
    pub latitude: Option<f64>,
    /// Where the house is, for the weather.
    pub longitude: Option<f64>,
}

impl ProjectDetails {
    /// As they are kept: trimmed, short enough, and somewhere on the earth.
    pub fn clean(self) -> Result<Self> {
        let short = |field: &str, text: &str, max: usize| {
            let text = text.trim();
            match text.chars().count() {
                n if n > max => Err(Problem::invalid(field, "too_long", format!("At most {max} characters fit here."))),
                _ => Ok(text.to_owned()),
            }
        };
        match (self.latitude, self.longitude) {
            (None, None) => {}
            (Some(latitude), Some(longitude)) if (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude) => {}
            (Some(_), Some(_)) => return Err(Problem::invalid("latitude", "out_of_range", "This place is not on the earth.")),
            _ => return Err(Problem::invalid("latitude", "half", "A place has a latitude and a longitude.")),
        }
        Ok(Self {
            headline: short("headline", &self.headline, 120)?,
            detail: short("detail", &self.detail, 400)?,
            lead_name: short("lead_name", &self.lead_name, 120)?,
            lead_phone: short("lead_phone", &self.lead_phone, 40)?,
            ..self
        })
    }
}

impl From<details::Model> for ProjectDetails {
    fn from(row: details::Model) -> Self {
        let details::Model { headline, detail, lead_name, lead_phone, latitude, longitude, .. } = row;
        Self { headline, detail, lead_name, lead_phone, latitude, longitude }
    }
}

/// A name as it is kept: trimmed, not empty, at most 160 characters.
pub fn clean_name(name: &str) -> Result<String> {
    clean(name, "name", 160, "Give the project a name, for example \"New roof\".")
}

/// An address as it is kept: trimmed, not empty, at most 300 characters.
pub fn clean_address(address: &str) -> Result<String> {
    clean(address, "address", 300, "Say where the work happens.")
}

fn clean(text: &str, field: &str, max: usize, missing: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Problem::invalid(field, "missing", missing)),
        n if n > max => Err(Problem::invalid(field, "too_long", format!("At most {max} characters fit here."))),
        _ => Ok(text.to_owned()),
    }
}
