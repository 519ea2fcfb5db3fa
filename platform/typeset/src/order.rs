//! What is ordered: a content, and everything about how it looks.

use crate::{Content, Picture};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// One paper to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// What it says.
    pub content: Content,
    /// Its number, as people write it: `LR-W-0118`.
    pub number: String,
    /// The day on it, which is also the PDF's date.
    pub issued: NaiveDate,
    /// Whose paper it is.
    pub brand: Brand,
    /// The language of its fixed words, and how it writes days, numbers and money.
    pub locale: Locale,
    /// What it is printed on.
    pub paper: Paper,
    /// ISO 4217, as `USD`.
    pub currency: String,
    /// Where anybody can see that it is real; in the QR code.
    pub verify_url: String,
}

/// The company as its papers show it. Empty texts are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Brand {
    /// Its name.
    pub company: String,
    /// `#rrggbb`; what is drawn with it is made dark enough for paper.
    pub color: String,
    /// The face of its headings.
    pub font: Font,
    /// Its logo.
    pub logo_png: Option<Picture>,
    /// Street, place.
    pub address_lines: Vec<String>,
    /// As people write it.
    pub phone: String,
    /// Where mail goes.
    pub email: String,
    /// Without `https://`.
    pub website: String,
    /// Below every page: register number, licence.
    pub footer: String,
}

/// The faces to choose from, by the same names as in the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Font {
    /// Friendly and clear.
    #[default]
    Figtree,
    /// Strong.
    Archivo,
    /// With slabs, like a sign.
    Bitter,
    /// Like a book.
    SourceSerif,
    /// Made for weak eyes; for the text, too.
    Atkinson,
}

/// What it is printed on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Paper {
    /// 210 by 297 mm.
    A4,
    /// 8½ by 11 inches.
    #[default]
    Letter,
}

/// A language and a country.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// English, United States.
    #[default]
    #[serde(rename = "en-US")]
    EnUs,
    /// English, United Kingdom.
    #[serde(rename = "en-GB")]
    EnGb,
    /// English, Canada.
    #[serde(rename = "en-CA")]
    EnCa,
    /// English, Australia.
    #[serde(rename = "en-AU")]
    EnAu,
    /// German, Germany.
    #[serde(rename = "de-DE")]
    DeDe,
    /// Spanish, United States.
    #[serde(rename = "es-US")]
    EsUs,
    /// French, Canada.
    #[serde(rename = "fr-CA")]
    FrCa,
}

impl Font {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Figtree, Self::Archivo, Self::Bitter, Self::SourceSerif, Self::Atkinson];
}

impl Paper {
    /// Both.
    pub const ALL: [Self; 2] = [Self::A4, Self::Letter];
}
