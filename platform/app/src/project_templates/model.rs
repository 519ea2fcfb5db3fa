//! A template's row, what comes in, and the pure rules about it.

use super::ProjectTemplateId;
use crate::{
    people::HouseholdId,
    projects::ProjectStatus,
    schedule::{PlanDraw, PlanPhase, SchedulePlan},
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Problem, Result};
use poem_openapi::Object;
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

/// What a project starts with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Object, Serialize, Deserialize, FromJsonQueryResult)]
pub struct TemplatePlan {
    /// In their order.
    pub phases: Vec<PlanPhase>,
    /// What becomes due when.
    pub draws: Vec<PlanDraw>,
    /// The photos that are needed.
    pub shots: Vec<PlanShot>,
}

/// A photo that every such project needs.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct PlanShot {
    /// For example "Front before".
    pub name: String,
    /// Of which of the phases, from 0.
    pub phase: Option<u32>,
}

const MAX_SHOTS: usize = 50;

impl TemplatePlan {
    /// The plan as it is kept, or what is wrong with it.
    pub fn check(self) -> Result<Self> {
        let Self { phases, draws, mut shots } = self;
        let SchedulePlan { phases, draws } = SchedulePlan { phases, draws }.check()?;
        if shots.len() > MAX_SHOTS {
            return Err(Problem::invalid("shots", "too_many", format!("At most {MAX_SHOTS} required photos.")));
        }
        for shot in &mut shots {
            shot.name = clean(&shot.name, 160)?;
            if shot.phase.is_some_and(|n| usize::try_from(n).is_ok_and(|n| n >= phases.len())) {
                return Err(Problem::invalid("shots", "unknown", format!("There is no such phase for the photo {}.", shot.name)));
            }
        }
        Ok(Self { phases, draws, shots })
    }

    /// Without the shots.
    pub fn schedule(&self) -> SchedulePlan {
        SchedulePlan { phases: self.phases.clone(), draws: self.draws.clone() }
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "project_templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProjectTemplateId,
    pub name: String,
    pub note: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub plan: TemplatePlan,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub archived_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A template as it is made and saved, whole.
#[derive(Clone, Debug, Object, Serialize)]
pub struct ProjectTemplateInput {
    /// For example "Roof replacement".
    pub name: String,
    /// When to use it; may be empty.
    pub note: String,
    /// What a project starts with.
    pub plan: TemplatePlan,
}

impl ProjectTemplateInput {
    /// As it is kept.
    pub fn clean(self) -> Result<Self> {
        let note = self.note.trim().chars().take(1000).collect();
        Ok(Self { name: clean(&self.name, 120)?, note, plan: self.plan.check()? })
    }
}

/// A new project and the day on which work begins.
#[derive(Clone, Debug, Object, Serialize)]
pub struct ProjectFromTemplate {
    /// For example "New roof".
    pub name: String,
    /// Whose house it is.
    pub household_id: HouseholdId,
    /// Where the work happens.
    pub address: String,
    /// Where it stands.
    pub status: ProjectStatus,
    /// The first day of work; on a day off the next working day.
    pub start: NaiveDate,
}

/// A template for a project that is there and has no schedule yet.
#[derive(Clone, Debug, Object, Serialize)]
pub struct ApplyTemplate {
    /// Which.
    pub template_id: ProjectTemplateId,
    /// The first day of work.
    pub start: NaiveDate,
}

fn clean(name: &str, max: usize) -> Result<String> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(Problem::invalid("name", "missing", "Give it a name.")),
        n if n > max => Err(Problem::invalid("name", "too_long", format!("At most {max} characters fit here."))),
        _ => Ok(name.to_owned()),
    }
}
