//! What a demo company is made of.

use super::{
    others::Other,
    stories::{Story, Template},
};
use crate::{
    branding::BrandFont,
    documents::{DocumentKind, Visibility},
    people::HouseholdRole,
    projects::ProjectStatus,
};

pub(super) struct Company {
    pub subdomain: &'static str,
    pub name: &'static str,
    pub time_zone: &'static str,
    pub owner: Person,
    pub manager: Person,
    pub member: Person,
    /// Whom the banner offers as a customer.
    pub guest: &'static str,
    pub brand: Brand,
    pub templates: &'static [Template],
    pub stories: &'static [Story],
    /// Further households and the one project of each, for lists that are full.
    pub others: &'static [Other],
    pub homes: &'static [Home],
}

pub(super) struct Person {
    pub name: &'static str,
    pub email: &'static str,
}

pub(super) struct Brand {
    pub tagline: &'static str,
    pub color: &'static str,
    pub font: BrandFont,
    pub phone: &'static str,
    pub hours: &'static str,
    pub welcome: &'static str,
    pub signature: &'static str,
}

/// A household and the work at its house.
pub(super) struct Home {
    pub name: &'static str,
    pub address: &'static str,
    pub people: &'static [Resident],
    pub works: &'static [Work],
}

pub(super) struct Resident {
    pub name: &'static str,
    pub email: &'static str,
    pub phone: &'static str,
    pub role: HouseholdRole,
    pub invited: bool,
}

pub(super) struct Work {
    pub name: &'static str,
    pub status: ProjectStatus,
    pub papers: &'static [Paper],
}

pub(super) struct Paper {
    pub title: &'static str,
    pub kind: DocumentKind,
    pub visibility: Visibility,
    /// The lines of each version.
    pub versions: &'static [&'static [&'static str]],
}

impl Paper {
    /// For example `roof-contract.pdf`.
    pub fn file_name(&self) -> String {
        let words = self.title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        format!("{}.pdf", words.collect::<Vec<_>>().join("-").to_lowercase())
    }
}

/// A paper for the household, in one version.
pub(super) const fn paper(title: &'static str, kind: DocumentKind, versions: &'static [&'static [&'static str]]) -> Paper {
    Paper { title, kind, visibility: Visibility::Client, versions }
}

/// A paper for the company alone.
pub(super) const fn internal(title: &'static str, kind: DocumentKind, versions: &'static [&'static [&'static str]]) -> Paper {
    Paper { title, kind, visibility: Visibility::Internal, versions }
}
