//! Rows of the schedule, its states, what comes in, and the pure rules about it.

use super::{DrawId, MilestoneId, PhaseId};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object, types::MaybeUndefined};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
        #[oai(rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),* }

        impl $name {
            /// The word in tables and templates.
            pub fn name(self) -> String {
                self.to_value()
            }
        }
    };
}

words! {
    /// What kind of outdoor work a milestone is; decides what weather it bears. Indoor work has none.
    WorkType {
        /// On the roof.
        Roofing,
        /// Along the eaves.
        Gutters,
        /// Paint and stain outside.
        Painting,
        /// Brick and stone.
        Masonry,
        /// Poured.
        Concrete,
        /// Digging.
        Earthworks,
        /// Wood outside.
        Carpentry,
        /// Any other work outside.
        OtherOutdoor,
    }
}
words! {
    /// Why a milestone moved.
    Cause {
        /// Somebody of the company said so.
        Staff,
        /// The weather did.
        Weather,
        /// What it waits for moved.
        Ripple,
    }
}
words! {
    /// Where a milestone stands.
    MilestoneState {
        /// Not begun.
        Next,
        /// Under way.
        Started,
        /// Done.
        Done,
    }
}
words! {
    /// Where a phase stands.
    PhaseState {
        /// All its milestones are.
        Done,
        /// The one being worked on.
        Current,
        /// To come.
        Next,
    }
}

/// The table `phases`.
pub mod phase {
    use super::*;
    use crate::{people::HouseholdId, projects::ProjectId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "phases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PhaseId,
        pub household_id: HouseholdId,
        pub project_id: ProjectId,
        pub position: i32,
        pub name: String,
        pub weight: i32,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The table `milestones`.
pub mod milestone {
    use super::*;
    use crate::{people::HouseholdId, projects::ProjectId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "milestones")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MilestoneId,
        pub household_id: HouseholdId,
        pub project_id: ProjectId,
        pub phase_id: PhaseId,
        pub position: i32,
        pub name: String,
        pub note: String,
        pub weight: i32,
        pub work_type: Option<WorkType>,
        pub planned_start: NaiveDate,
        pub planned_end: NaiveDate,
        pub first_start: NaiveDate,
        pub first_end: NaiveDate,
        pub actual_start: Option<NaiveDate>,
        pub actual_end: Option<NaiveDate>,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    impl Model {
        /// Where it stands.
        pub fn state(&self) -> MilestoneState {
            state(self.actual_start, self.actual_end)
        }
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The table `milestone_dependencies`.
pub mod dependency {
    use super::*;
    use crate::projects::ProjectId;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "milestone_dependencies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub milestone_id: MilestoneId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub waits_for_id: MilestoneId,
        pub project_id: ProjectId,
        pub lag_days: i32,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// The table `draws`.
pub mod draw {
    use super::*;
    use crate::{people::HouseholdId, projects::ProjectId};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "draws")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DrawId,
        pub household_id: HouseholdId,
        pub project_id: ProjectId,
        pub milestone_id: Option<MilestoneId>,
        pub position: i32,
        pub name: String,
        pub basis_points: i32,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Where a milestone with these days stands.
pub fn state(started: Option<NaiveDate>, ended: Option<NaiveDate>) -> MilestoneState {
    match (started, ended) {
        (_, Some(_)) => MilestoneState::Done,
        (Some(_), None) => MilestoneState::Started,
        (None, None) => MilestoneState::Next,
    }
}

/// What a new phase is made from; it comes last.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewPhase {
    /// For example "Shingles".
    pub name: String,
    /// How much of the project it is, against the other phases: 0 to 1000.
    pub weight: i32,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Object, Serialize)]
pub struct PhaseChange {
    /// For example "Shingles".
    pub name: Option<String>,
    /// 0 to 1000.
    pub weight: Option<i32>,
    /// Its place among the phases, from 0.
    pub position: Option<u32>,
}

/// What a milestone waits for.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct MilestoneWait {
    /// Another one of the same project.
    pub milestone_id: MilestoneId,
    /// So many working days more.
    pub lag_days: i32,
}

/// What a new milestone is made from; it comes last in its phase.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewMilestone {
    /// For example "Gutters".
    pub name: String,
    /// A sentence for the customer; may be empty.
    pub note: String,
    /// How much of the phase it is, against its other milestones: 0 to 1000.
    pub weight: i32,
    /// Of outdoor work.
    pub work_type: Option<WorkType>,
    /// The first day of work.
    pub planned_start: NaiveDate,
    /// The last day of work.
    pub planned_end: NaiveDate,
    /// What has to be done before.
    pub waits_for: Vec<MilestoneWait>,
}

/// What changes; what is absent stays. Days are changed by moving.
#[derive(Clone, Debug, Object, Serialize)]
pub struct MilestoneChange {
    /// For example "Gutters".
    pub name: Option<String>,
    /// A sentence for the customer.
    pub note: Option<String>,
    /// 0 to 1000.
    pub weight: Option<i32>,
    /// Null: it is indoor work.
    #[serde(skip)]
    pub work_type: MaybeUndefined<WorkType>,
    /// Another phase of the same project.
    pub phase_id: Option<PhaseId>,
    /// Its place in its phase, from 0.
    pub position: Option<u32>,
    /// What has to be done before.
    pub waits_for: Option<Vec<MilestoneWait>>,
}

/// Where a milestone might go.
#[derive(Clone, Debug, Object, Serialize)]
pub struct PreviewRequest {
    /// The new first day.
    pub start: NaiveDate,
    /// The new last day; absent: it takes as many working days as before.
    pub end: Option<NaiveDate>,
}

/// Where a milestone goes, and why.
#[derive(Clone, Debug, Object, Serialize)]
pub struct MoveRequest {
    /// The new first day.
    pub start: NaiveDate,
    /// The new last day; absent: it takes as many working days as before.
    pub end: Option<NaiveDate>,
    /// Read by the customer; may be empty.
    pub reason: String,
    /// Of the preview; if the plan has changed since, nothing is moved.
    pub fingerprint: Option<String>,
}

/// A name of a phase, milestone or draw as it is kept.
pub fn clean_name(name: &str) -> Result<String> {
    let name = name.trim();
    match name.chars().count() {
        0 => Err(Problem::invalid("name", "missing", "Give it a name, for example \"Gutters\".")),
        n if n > 120 => Err(Problem::invalid("name", "too_long", "At most 120 characters fit here.")),
        _ => Ok(name.to_owned()),
    }
}

/// A note or a reason as it is kept: at most 400 characters.
pub fn clean_text(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    match text.chars().count() {
        n if n > 400 => Err(Problem::invalid(field, "too_long", "At most 400 characters fit here.")),
        _ => Ok(text.to_owned()),
    }
}

/// A weight as it is kept.
pub fn check_weight(weight: i32) -> Result<i32> {
    match weight {
        0..=1000 => Ok(weight),
        _ => Err(Problem::invalid("weight", "out_of_range", "A weight is a number from 0 to 1000.")),
    }
}

/// A first and a last day that people could have meant.
pub fn check_days(start: NaiveDate, end: NaiveDate) -> Result<()> {
    let sane = |day: NaiveDate| (2000..2200).contains(&chrono::Datelike::year(&day));
    if !sane(start) || !sane(end) {
        return Err(Problem::invalid("start", "out_of_range", "This year cannot be meant."));
    }
    if end < start {
        return Err(Problem::invalid("end", "before_start", "The last day comes before the first."));
    }
    if (end - start).num_days() > 1830 {
        return Err(Problem::invalid("end", "too_long", "No single milestone takes longer than five years."));
    }
    Ok(())
}

/// A lag as it is kept.
pub fn check_lag(lag_days: i32) -> Result<i32> {
    match lag_days {
        0..=365 => Ok(lag_days),
        _ => Err(Problem::invalid("waits_for", "out_of_range", "Wait 0 to 365 working days.")),
    }
}
