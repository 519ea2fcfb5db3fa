//! Who may see a thing of a project: the household too, or the company alone. A type, so that nobody can forget to say.

use poem_openapi::Enum;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Who may see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "snake_case")]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// The company and the project's household.
    Client,
    /// The company alone.
    Internal,
}

impl Visibility {
    /// The word in tables.
    pub fn name(self) -> String {
        self.to_value()
    }

    /// Of a change from one to the other: who sees that something happened, if only that it went away.
    pub fn either(self, other: Self) -> Self {
        if self == Self::Client { self } else { other }
    }
}
