//! A team mate's row, and the pure rules about who may do what to whom.

use chrono::{DateTime, Utc};
use kernel::{Problem, Result, caller::Role, ids::StaffId};
use poem_openapi::{Enum, Object};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a team mate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StaffState {
    /// Asked to join, never signed in.
    Invited,
    /// Has signed in.
    Active,
    /// The account is closed.
    Deactivated,
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffId,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub invited_at: Option<DateTime<Utc>>,
    pub joined_at: Option<DateTime<Utc>>,
    pub deactivated_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Where they stand.
    pub fn state(&self) -> StaffState {
        match (self.deactivated_at, self.joined_at) {
            (Some(_), _) => StaffState::Deactivated,
            (None, Some(_)) => StaffState::Active,
            (None, None) => StaffState::Invited,
        }
    }
}

/// Who is asked to join.
#[derive(Clone, Debug, Object, Serialize)]
#[oai(rename = "StaffInput")]
pub struct NewStaff {
    /// How they sign in; unique in the company.
    pub email: String,
    /// The whole name.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Default, Object, Serialize)]
#[oai(rename = "StaffPatch")]
pub struct StaffChange {
    /// The whole name.
    pub name: Option<String>,
    /// What they may do.
    pub role: Option<Role>,
}

/// Who acts on the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chief {
    /// Who; none for the program itself, which may do everything.
    pub id: Option<StaffId>,
    /// With which role.
    pub role: Role,
}

impl Chief {
    /// May they change this person, as far as roles go?
    pub fn check_touches(self, target: Role) -> Result<()> {
        match (self.role, target) {
            (Role::Owner, _) | (Role::Manager, Role::Manager | Role::Member) => Ok(()),
            (Role::Manager, Role::Owner) => Err(Problem::forbidden("owners_only", "Only an owner can change an owner.")),
            (Role::Member, _) => Err(not_allowed()),
        }
    }

    /// May they give somebody this role?
    pub fn check_gives(self, role: Role) -> Result<()> {
        match (self.role, role) {
            (Role::Owner, _) | (Role::Manager, Role::Manager | Role::Member) => Ok(()),
            (Role::Manager, Role::Owner) => Err(Problem::forbidden("owners_only", "Only an owner can make somebody an owner.")),
            (Role::Member, _) => Err(not_allowed()),
        }
    }

    /// Roles and accounts are other people's business.
    pub fn check_other(self, target: StaffId) -> Result<()> {
        if self.id == Some(target) {
            return Err(Problem::forbidden(
                "own_account",
                "You cannot change your own role or close your own account. Ask another owner or manager.",
            ));
        }
        Ok(())
    }
}

/// One active owner always stays. `others`: the active owners besides the target.
pub fn check_owner_stays(target: Role, others: usize) -> Result<()> {
    if target == Role::Owner && others == 0 {
        return Err(Problem::conflict("last_owner", "This is the last owner. Make somebody else an owner first."));
    }
    Ok(())
}

/// The role is too small.
pub fn not_allowed() -> Problem {
    Problem::forbidden("not_allowed", "Your role does not allow this. Ask an owner or a manager of your company.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const ROLES: [Role; 3] = [Role::Owner, Role::Manager, Role::Member];

    fn chief(role: Role) -> Chief {
        Chief { id: Some(StaffId(Uuid::from_u128(1))), role }
    }

    #[test]
    fn who_may_do_what_to_whom() {
        let touches = |role| ROLES.map(|target| chief(role).check_touches(target).is_ok());
        let gives = |role| ROLES.map(|target| chief(role).check_gives(target).is_ok());
        for (role, expected) in
            [(Role::Owner, [true, true, true]), (Role::Manager, [false, true, true]), (Role::Member, [false, false, false])]
        {
            assert_eq!(touches(role), expected, "{role:?} touches");
            assert_eq!(gives(role), expected, "{role:?} gives");
        }
    }

    #[test]
    fn nobody_changes_their_own_role() {
        let one = StaffId(Uuid::from_u128(1));
        assert_eq!(chief(Role::Owner).check_other(one).unwrap_err().code(), "own_account");
        assert!(chief(Role::Owner).check_other(StaffId(Uuid::from_u128(2))).is_ok());
        assert!(Chief { id: None, role: Role::Owner }.check_other(one).is_ok());
    }

    #[test]
    fn an_owner_stays() {
        assert_eq!(check_owner_stays(Role::Owner, 0).unwrap_err().code(), "last_owner");
        assert!(check_owner_stays(Role::Owner, 1).is_ok());
        assert!(check_owner_stays(Role::Manager, 0).is_ok());
    }
}
