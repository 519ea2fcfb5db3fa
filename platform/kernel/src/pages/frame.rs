//! What stands around a page: the tenant's brand, the navigation, who is signed in, and when and where it is read.
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// The bare domain: our own brand.
    Apex,
    /// A tenant's host: the tenant's brand, and ours is not named.
    Portal,
}

/// A brand as pages and mails need it. Colours are role -> `#rrggbb`, computed when the tenant saved them.
#[derive(Clone, Debug, Serialize)]
pub struct BrandView {
    /// The company's name.
    pub name: String,
    /// One line under the name, may be empty.
    pub tagline: String,
    /// Where the logo is; absolute in mails. None: the first letter stands in for it.
    pub logo_url: Option<String>,
    /// One of figtree, archivo, bitter, source-serif, atkinson.
    pub font: String,
    /// As people write it, may be empty.
    pub phone: String,
    /// Opening hours in words, may be empty.
    pub hours: String,
    /// A greeting for the invitation, may be empty.
    pub welcome: String,
    /// How mails are signed, may be empty.
    pub signature: String,
    /// Roles in light mode.
    pub light: BTreeMap<String, String>,
    /// Roles in dark mode.
    pub dark: BTreeMap<String, String>,
    /// Grows with every change of the brand and of the company's own texts; 0 where there are none.
    #[serde(skip)]
    pub stamp: i64,
}

impl BrandView {
    /// The brand's roles as the text of one `<style>`. Whatever is not a plain colour is left out, so a damaged
    /// row can at worst lose a colour.
    pub fn style(&self) -> String {
        let rules = |roles: &BTreeMap<String, String>| {
            let fits = |(k, v): &(&String, &String)| is_role(k) && is_colour(v);
            let rule = |(k, v): (&String, &String)| format!("--pl-{k}:{v};");
            roles.iter().filter(fits).map(rule).collect::<String>()
        };
        // The logo's white plate stays white in the dark, and so the letter on it keeps the light colour.
        let plate = self.light.get("brand-text").filter(|v| is_colour(v)).map(|v| format!("--pl-plate-ink:{v};"));
        format!(
            ":root{{{}{}}}@media (prefers-color-scheme:dark){{:root{{{}}}}}",
            rules(&self.light),
            plate.unwrap_or_default(),
            rules(&self.dark)
        )
    }

    /// The first letter of the name, where no logo is.
    pub fn initial(&self) -> String {
        self.name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().collect()).unwrap_or_default()
    }
}

fn is_role(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
}

fn is_colour(value: &str) -> bool {
    value.len() == 7 && value.starts_with('#') && value[1..].bytes().all(|b| b.is_ascii_hexdigit())
}

/// One entry of the navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    /// The word shown.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// The icon on the phone's tab bar.
    pub icon: String,
    /// The page it leads to is the one being read.
    pub current: bool,
}

/// What stands around every page.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    /// Apex or portal.
    pub face: Face,
    /// Whose house this is.
    pub brand: BrandView,
    /// The brand's first letter.
    pub initial: String,
    /// The text of the one inline style; its hash stands in the content security policy.
    pub style: String,
    /// Main navigation; empty where nobody is signed in.
    pub nav: Vec<NavItem>,
    /// The signed-in person's name.
    pub person: Option<String>,
    /// What to read out on the phone when something is wrong.
    pub request_id: String,
    /// The reader's time zone (the tenant's).
    pub time_zone: Tz,
    /// The time of this rendering.
    pub now: DateTime<Utc>,
    /// 100, 112, 125 or 150 percent.
    pub text_size: u16,
    /// Path of this page, so that "Bigger text" can come back to it.
    pub path: String,
    /// The project that the page is about, if it is about one.
    pub project: Option<String>,
    /// The newest event that the page knows of, for its live updates; none where there are none.
    pub live: Option<i64>,
    /// Other origins that forms of this page may post to (the signup's hand-over to the new host).
    pub form_targets: Vec<String>,
}

impl Frame {
    /// A frame for a visitor nobody knows yet.
    pub fn new(face: Face, brand: BrandView, time_zone: Tz, now: DateTime<Utc>, request_id: impl Into<String>) -> Frame {
        Frame {
            face,
            initial: brand.initial(),
            style: brand.style(),
            brand,
            nav: Vec::new(),
            person: None,
            request_id: request_id.into(),
            time_zone,
            now,
            text_size: 100,
            path: "/".to_owned(),
            project: None,
            live: None,
            form_targets: Vec::new(),
        }
    }

    /// The page is about this project.
    pub fn of_project(mut self, project: Option<&str>) -> Frame {
        self.project = project.map(str::to_owned);
        self
    }

    /// Keeps the page up to date from this event on.
    pub fn live(mut self, cursor: Option<i64>) -> Frame {
        self.live = cursor;
        self
    }

    /// Takes what the request itself says: its path and the remembered text size.
    pub fn of_request(mut self, request: &poem::Request) -> Frame {
        self.path = request.uri().path().to_owned();
        self.text_size = super::response::remembered_size(request);
        self
    }

    /// Somebody is signed in: shows the navigation with the current entry marked, and the way out.
    pub fn signed_in(mut self, name: impl Into<String>, nav: Vec<NavItem>) -> Frame {
        self.person = Some(name.into());
        self.nav = nav;
        self
    }

    /// Lets forms of this page post to another origin too, such as `https://acme.example.com`.
    pub fn form_target(mut self, origin: impl Into<String>) -> Frame {
        self.form_targets.push(origin.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_holds_colours_and_nothing_else() {
        let roles = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let brand = BrandView {
            name: "Larkrise Roofing".into(),
            tagline: String::new(),
            logo_url: None,
            font: "archivo".into(),
            phone: String::new(),
            hours: String::new(),
            welcome: String::new(),
            signature: String::new(),
            light: roles(&[("brand", "#1f5b3f"), ("brand-text", "#1f5b3f"), ("x}", "#000000"), ("text", "red;}</style>")]),
            dark: roles(&[("brand", "#5f9477")]),
            stamp: 0,
        };
        assert_eq!(
            brand.style(),
            ":root{--pl-brand:#1f5b3f;--pl-brand-text:#1f5b3f;--pl-plate-ink:#1f5b3f;}@media (prefers-color-scheme:dark){:root{--pl-brand:#5f9477;}}"
        );
        assert_eq!(brand.initial(), "L");
    }
}
