//! The rows of customers, households and members, and the pure rules about them.

use super::HouseholdId;
use chrono::{DateTime, Utc};
use kernel::{Problem, Result, ids::CustomerId};
use poem_openapi::{Enum, Object};
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

/// How far a customer has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum CustomerState {
    /// Entered, not invited.
    New,
    /// Sent an invitation, never signed in.
    Invited,
    /// Has signed in.
    Active,
}

/// What somebody is in a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum HouseholdRole {
    /// Decides and signs.
    Signer,
    /// Pays.
    Payer,
    /// Looks.
    Viewer,
}

/// `customers`
pub mod customer {
    use super::{CustomerId, DateTime, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "customers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CustomerId,
        pub email: String,
        pub name: String,
        pub phone: Option<String>,
        pub invitation_id: Option<Uuid>,
        pub invited_at: Option<DateTime<Utc>>,
        pub joined_at: Option<DateTime<Utc>>,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `households`
pub mod household {
    use super::{DateTime, HouseholdId, Utc};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "households")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: HouseholdId,
        pub name: String,
        pub address: String,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// `household_members`
pub mod member {
    use super::{CustomerId, HouseholdId, HouseholdRole};
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "household_members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub household_id: HouseholdId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub customer_id: CustomerId,
        pub role: HouseholdRole,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a new customer is made from.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewCustomer {
    /// The whole name.
    pub name: String,
    /// How they sign in; unique in the company.
    pub email: String,
    /// As people write it.
    pub phone: Option<String>,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Default, Object, Serialize)]
pub struct CustomerChange {
    /// The whole name.
    pub name: Option<String>,
    /// How they sign in. Another address ends the sessions of the old one.
    pub email: Option<String>,
    /// As people write it; an empty text removes it.
    pub phone: Option<String>,
}

/// What a new household is made from.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewHousehold {
    /// For example "The Ellerys".
    pub name: String,
    /// Where they live.
    pub address: String,
    /// Who belongs to it.
    pub members: Vec<NewMember>,
}

/// A customer as part of a household.
#[derive(Clone, Debug, Object, Serialize)]
pub struct NewMember {
    /// Who.
    pub customer_id: CustomerId,
    /// As what.
    pub role: HouseholdRole,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Default, Object, Serialize)]
pub struct HouseholdChange {
    /// For example "The Ellerys".
    pub name: Option<String>,
    /// Where they live.
    pub address: Option<String>,
}

/// The most people of one household.
pub const MAX_MEMBERS: usize = 20;

impl customer::Model {
    /// How far this customer has come.
    pub fn state(&self) -> CustomerState {
        match (self.joined_at, self.invited_at) {
            (Some(_), _) => CustomerState::Active,
            (None, Some(_)) => CustomerState::Invited,
            (None, None) => CustomerState::New,
        }
    }
}

/// A phone number as it is kept: trimmed, none if empty, at most 40 characters that phone numbers are made of.
pub fn clean_phone(phone: &str) -> Result<Option<String>> {
    let phone = phone.trim();
    let fits = |c: char| c.is_alphanumeric() || " +-()./#*,".contains(c);
    match phone.chars().count() {
        0 => Ok(None),
        1..=40 if phone.chars().all(fits) => Ok(Some(phone.to_owned())),
        _ => Err(Problem::invalid("phone", "phone_format", "This does not look like a phone number.")),
    }
}

/// An address as it is kept: trimmed, not empty, at most 300 characters.
pub fn clean_address(address: &str) -> Result<String> {
    let address = address.trim();
    match address.chars().count() {
        0 => Err(Problem::invalid("address", "address_missing", "Say where they live.")),
        1..=300 => Ok(address.to_owned()),
        _ => Err(Problem::invalid("address", "address_too_long", "At most 300 characters fit here.")),
    }
}

/// Each customer once, and not too many.
pub fn check_members(members: &[NewMember]) -> Result<()> {
    if members.len() > MAX_MEMBERS {
        return Err(too_many_members());
    }
    let twice = members.iter().enumerate().any(|(i, m)| members[..i].iter().any(|n| n.customer_id == m.customer_id));
    if twice {
        return Err(Problem::invalid("members", "member_twice", "One person is in the list twice."));
    }
    Ok(())
}

/// A household is full.
pub fn too_many_members() -> Problem {
    Problem::invalid("members", "too_many_members", format!("A household has at most {MAX_MEMBERS} people."))
}

/// A search text as a pattern: it occurs anywhere, and its own `%`, `_` and `\` are letters.
pub fn containing(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.trim().chars().take(100) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_search_text_is_no_pattern() {
        assert_eq!(containing(" ell "), "%ell%");
        assert_eq!(containing("100%_\\"), "%100\\%\\_\\\\%");
    }

    #[test]
    fn phones() {
        assert_eq!(clean_phone("  ").unwrap(), None);
        assert_eq!(clean_phone(" (555) 010-0142 ext. 3").unwrap().as_deref(), Some("(555) 010-0142 ext. 3"));
        assert!(clean_phone("<script>").is_err());
        assert!(clean_phone(&"5".repeat(41)).is_err());
    }

    #[test]
    fn each_member_once() {
        let member = |n: u128| NewMember { customer_id: CustomerId(Uuid::from_u128(n)), role: HouseholdRole::Viewer };
        assert!(check_members(&[member(1), member(2)]).is_ok());
        assert_eq!(check_members(&[member(1), member(2), member(1)]).unwrap_err().code(), "member_twice");
        let many: Vec<_> = (0..21).map(member).collect();
        assert_eq!(check_members(&many).unwrap_err().code(), "too_many_members");
    }

    #[test]
    fn states() {
        let at = Some(DateTime::UNIX_EPOCH);
        let customer = |invited_at, joined_at| customer::Model {
            id: CustomerId(Uuid::nil()),
            email: String::new(),
            name: String::new(),
            phone: None,
            invitation_id: None,
            invited_at,
            joined_at,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        };
        assert_eq!(customer(None, None).state(), CustomerState::New);
        assert_eq!(customer(at, None).state(), CustomerState::Invited);
        // Signing in without an invitation counts too: the address was known.
        assert_eq!(customer(None, at).state(), CustomerState::Active);
    }
}
