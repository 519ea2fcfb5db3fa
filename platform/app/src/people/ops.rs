//! The verbs and questions of people. The only writer of the tables `customers`, `households` and `household_members`.

mod customers;
mod households;

pub use super::model::containing;
pub(super) use customers::invitation;
pub use customers::{
    CustomerHousehold, CustomerMail, CustomerPerson, CustomerView, MailState, by_invitation, change_customer, create_customer,
    find_by_email, find_customer, find_person, invite, list_customers, note_sign_in,
};
pub use households::{
    Contact, HouseholdMember, HouseholdView, change_household, contacts, create_household, find_household, household_name, household_names,
    list_households, remove_member, roles_of, set_member, told,
};

use sea_orm::{ColumnTrait, sea_query::SimpleExpr};

/// Whether a column holds what [`containing`] looks for; large and small letters are one.
pub fn matches(column: impl ColumnTrait, pattern: &str) -> SimpleExpr {
    column.ilike(pattern)
}
