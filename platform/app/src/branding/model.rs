//! The one row of a tenant's brand, and the pure rules about its texts.

use super::palette::Roles;
use chrono::{DateTime, Utc};
use kernel::{Problem, Result};
use poem_openapi::{Enum, Object};
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

/// The fonts to choose from; each is part of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Enum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "kebab-case")]
#[oai(rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub enum BrandFont {
    /// Friendly and clear.
    Figtree,
    /// Strong.
    Archivo,
    /// With slabs, like a sign.
    Bitter,
    /// Like a book.
    SourceSerif,
    /// Made for weak eyes.
    Atkinson,
}

/// The palette as it is stored: computed from the colour when that is saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct StoredPalette {
    pub light: Roles,
    pub dark: Roles,
}

/// The row without the logo's bytes, which pages do not need.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Deserialize)]
#[sea_orm(table_name = "branding")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub one: bool,
    pub name: String,
    pub tagline: String,
    pub color: String,
    pub font: BrandFont,
    pub phone: String,
    pub hours: String,
    pub welcome: String,
    pub signature: String,
    pub palette: StoredPalette,
    pub logo_hash: Option<String>,
    pub updated_at: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The whole brand as it is saved, without the logo.
#[derive(Clone, Debug, Object, Serialize)]
pub struct BrandingInput {
    /// The company's name as customers know it.
    pub name: String,
    /// One line under the name; may be empty.
    pub tagline: String,
    /// `#rrggbb`.
    pub color: String,
    /// One of ours.
    pub font: BrandFont,
    /// As people write it; may be empty.
    pub phone: String,
    /// Opening hours in words; may be empty.
    pub hours: String,
    /// A greeting for the invitation; may be empty.
    pub welcome: String,
    /// How mails are signed; may be empty.
    pub signature: String,
}

impl BrandingInput {
    /// Each text as it is kept: trimmed, without control characters, not too long.
    pub fn clean(self) -> Result<Self> {
        let name = line("name", &self.name, 120)?;
        if name.is_empty() {
            return Err(Problem::invalid("name", "name_missing", "Type the company's name."));
        }
        Ok(Self {
            name,
            tagline: line("tagline", &self.tagline, 120)?,
            color: self.color.trim().to_ascii_lowercase(),
            font: self.font,
            phone: line("phone", &self.phone, 40)?,
            hours: line("hours", &self.hours, 120)?,
            welcome: text("welcome", &self.welcome, 600)?,
            signature: text("signature", &self.signature, 200)?,
        })
    }

    /// Which of the fields differ from the row, by name.
    pub fn changes(&self, row: &Model) -> Vec<&'static str> {
        let differ = [
            ("name", self.name != row.name),
            ("tagline", self.tagline != row.tagline),
            ("color", self.color != row.color),
            ("font", self.font != row.font),
            ("phone", self.phone != row.phone),
            ("hours", self.hours != row.hours),
            ("welcome", self.welcome != row.welcome),
            ("signature", self.signature != row.signature),
        ];
        differ.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
    }
}

/// What is said about a colour that is none.
pub fn no_color() -> Problem {
    Problem::invalid("color", "color_format", "Write the color as # and six digits or letters a to f, for example #1f5b3f.")
}

fn line(field: &str, value: &str, max: usize) -> Result<String> {
    text(field, &value.replace(['\r', '\n'], " "), max)
}

fn text(field: &str, value: &str, max: usize) -> Result<String> {
    let value: String = value.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    let value = value.trim();
    if value.chars().count() > max {
        return Err(Problem::invalid(field, "too_long", format!("At most {max} characters fit here.")));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable;

    fn input() -> BrandingInput {
        let text = |t: &str| t.to_owned();
        BrandingInput {
            name: text(" Larkrise\r\nRoofing "),
            tagline: text("Roofs that stay dry\0"),
            color: text(" #1F5B3F "),
            font: BrandFont::SourceSerif,
            phone: text("(555) 010-0142"),
            hours: text(""),
            welcome: text("Hello.\r\nAll about your roof."),
            signature: text("Dana"),
        }
    }

    #[test]
    fn texts_are_cleaned() {
        let clean = input().clean().unwrap();
        assert_eq!(clean.name, "Larkrise  Roofing");
        assert_eq!(clean.tagline, "Roofs that stay dry");
        assert_eq!(clean.color, "#1f5b3f");
        assert_eq!(clean.welcome, "Hello.\nAll about your roof.");
        assert_eq!(BrandingInput { name: " \n".into(), ..input() }.clean().unwrap_err().code(), "name_missing");
        assert_eq!(BrandingInput { welcome: "x".repeat(601), ..input() }.clean().unwrap_err().code(), "too_long");
    }

    #[test]
    fn fonts_are_spelled_as_in_the_table() {
        let all: Vec<String> = BrandFont::iter().map(|f| f.to_value()).collect();
        assert_eq!(all, ["figtree", "archivo", "bitter", "source-serif", "atkinson"]);
        assert_eq!(serde_json::to_value(BrandFont::SourceSerif).unwrap(), "source-serif");
    }
}
