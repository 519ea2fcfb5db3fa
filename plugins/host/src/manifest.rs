//! The manifest: what a plugin is, what it wants, and why. JSON in a section of the .wasm; an author writes it as plugin.toml.

use crate::{
    inspect::World,
    reason::{Refusal, RefusalCode},
    schema,
};
use serde::{Deserialize, Serialize};

/// The section's name.
pub const SECTION: &str = "plumbline:manifest";
/// How large it may be.
pub const MOST: usize = 64 << 10;

/// What a plugin says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Stable over versions: small letters, digits, dashes.
    pub name: String,
    /// For people.
    pub title: String,
    /// Semantic.
    pub version: semver::Version,
    /// What it does, in a sentence or two.
    pub description: String,
    /// Who made it.
    #[serde(default)]
    pub author: String,
    /// Which of the contract's worlds it is.
    pub world: World,
    /// What it is written in: script runtimes get their own budget.
    #[serde(default)]
    pub language: Language,
    /// Kinds of event that it may be enabled for, as `milestone.completed`.
    #[serde(default)]
    pub events: Vec<String>,
    /// Kinds of document that it makes.
    #[serde(default)]
    pub documents: Vec<DocumentKind>,
    /// What it asks the admin for.
    #[serde(default)]
    pub wants: Wants,
    /// Its settings: a JSON Schema of the kind that a form can be made from (see [`schema::check_schema`]).
    #[serde(default = "schema::none", skip_serializing_if = "schema::is_none")]
    pub settings: serde_json::Value,
}

/// What a plugin is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Compiled: Rust and its like.
    #[default]
    Native,
    /// With a JavaScript runtime inside.
    Javascript,
    /// With a Python runtime inside.
    Python,
}

impl Language {
    /// Brings a runtime along: larger, and slower to start.
    pub fn is_script(self) -> bool {
        self != Self::Native
    }
}

/// A kind of document that a generator makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentKind {
    /// As the request names it: `warranty`.
    pub kind: String,
    /// For people.
    pub title: String,
}

/// What a plugin asks for. What is absent it does not get.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wants {
    /// Projects, their households, schedules, photos' captions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<Want>,
    /// To remember things between runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kv: Option<Want>,
    /// Hosts to speak to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub http: Vec<WantHost>,
    /// Secrets that the admin fills in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<WantSecret>,
}

/// A wish and its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Want {
    /// One sentence for the admin.
    pub why: String,
}

/// A host to speak to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantHost {
    /// As `api.example.com`: one name, no wildcard, no port, no address.
    pub host: String,
    /// One sentence for the admin.
    pub why: String,
}

/// A secret that the admin fills in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantSecret {
    /// As the plugin names it: `api-token`.
    pub name: String,
    /// For people.
    pub title: String,
    /// The hosts that it may be sent to, of those in `http`.
    pub hosts: Vec<String>,
    /// One sentence for the admin.
    pub why: String,
}

impl Manifest {
    /// Reads and checks it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Refusal> {
        if bytes.len() > MOST {
            return Err(bad("it is longer than 64 KiB"));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(bad)?;
        manifest.check().map_err(bad)?;
        Ok(manifest)
    }

    /// Reads and checks an author's plugin.toml.
    pub fn from_toml(text: &str) -> Result<Self, Refusal> {
        let manifest: Self = toml::from_str(text).map_err(bad)?;
        manifest.check().map_err(bad)?;
        Ok(manifest)
    }

    /// As it stands in the section.
    pub fn to_json(&self) -> Result<Vec<u8>, Refusal> {
        serde_json::to_vec(self).map_err(bad)
    }

    fn check(&self) -> Result<(), String> {
        slug("name", &self.name)?;
        text("title", &self.title, 80)?;
        text("description", &self.description, 600)?;
        if self.author.len() > 120 {
            return Err("author is too long".to_owned());
        }
        match self.world {
            World::DocumentGenerator if self.documents.is_empty() => return Err("a document generator lists its documents".to_owned()),
            World::Notifier | World::EventHook if self.events.is_empty() => return Err("it lists no events".to_owned()),
            World::DocumentGenerator if !self.events.is_empty() => return Err("a document generator hears no events".to_owned()),
            World::Notifier | World::EventHook if !self.documents.is_empty() => return Err("only a generator has documents".to_owned()),
            _ => {}
        }
        if self.events.len() > 64 || self.documents.len() > 32 {
            return Err("it lists too many events or documents".to_owned());
        }
        for event in &self.events {
            let fine = event.len() <= 80 && event.split('.').all(|part| is_slug(part, '_')) && event.contains('.');
            fine.then_some(()).ok_or_else(|| format!("{event:?} is no kind of event: those look like milestone.completed"))?;
        }
        for document in &self.documents {
            let fine = is_slug(&document.kind, '_');
            fine.then_some(()).ok_or_else(|| format!("{:?} is no kind of document: those look like final_waiver", document.kind))?;
            text("a document's title", &document.title, 80)?;
        }
        self.wants.check()?;
        schema::check_schema(&self.settings)
    }
}

impl Wants {
    fn check(&self) -> Result<(), String> {
        for want in self.projects.iter().chain(&self.kv) {
            text("why", &want.why, 300)?;
        }
        if self.http.len() > 10 || self.secrets.len() > 10 {
            return Err("it wants more than ten hosts or secrets".to_owned());
        }
        for want in &self.http {
            text("why", &want.why, 300)?;
            crate::egress::check_host(&want.host)?;
        }
        for want in &self.secrets {
            slug("a secret's name", &want.name)?;
            text("a secret's title", &want.title, 80)?;
            text("why", &want.why, 300)?;
            if want.hosts.is_empty() {
                return Err(format!("the secret {} names no host that it is for", want.name));
            }
            for host in &want.hosts {
                if !self.http.iter().any(|http| http.host == *host) {
                    return Err(format!("the secret {} is for {host}, which is not among the hosts in http", want.name));
                }
            }
        }
        Ok(())
    }
}

fn bad(why: impl ToString) -> Refusal {
    Refusal::new(RefusalCode::BadManifest, "The description inside this plugin has a mistake. Its author has to correct it.")
        .detail(why.to_string())
}

fn is_slug(text: &str, also: char) -> bool {
    let first = text.starts_with(|c: char| c.is_ascii_lowercase());
    first && text.len() <= 64 && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == also)
}

fn slug(what: &str, value: &str) -> Result<(), String> {
    match is_slug(value, '-') {
        true => Ok(()),
        false => Err(format!("{what}: {value:?} is not made of small letters, digits and dashes")),
    }
}

fn text(what: &str, value: &str, most: usize) -> Result<(), String> {
    match value.trim().is_empty() || value.chars().count() > most || value.chars().any(char::is_control) {
        true => Err(format!("{what} has between 1 and {most} characters, on one line")),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> serde_json::Value {
        serde_json::json!({
            "name": "sms", "title": "SMS", "version": "1.2.0", "description": "Sends texts.", "world": "notifier",
            "events": ["milestone.completed"],
            "wants": {
                "http": [{"host": "sms.example.com", "why": "It takes the texts."}],
                "secrets": [{"name": "token", "title": "Token", "hosts": ["sms.example.com"], "why": "It opens the gateway."}],
            },
        })
    }

    fn refused(change: impl FnOnce(&mut serde_json::Value)) -> String {
        let mut manifest = sample();
        change(&mut manifest);
        Manifest::from_json(manifest.to_string().as_bytes()).unwrap_err().detail
    }

    #[test]
    fn a_manifest_survives_its_section() {
        let manifest = Manifest::from_json(sample().to_string().as_bytes()).unwrap();
        assert_eq!(Manifest::from_json(&manifest.to_json().unwrap()).unwrap(), manifest);
    }

    #[test]
    fn mistakes_are_named() {
        assert!(refused(|m| m["name"] = "My plugin".into()).contains("small letters"));
        assert!(refused(|m| m["version"] = "1".into()).contains("version") || !refused(|m| m["version"] = "1".into()).is_empty());
        assert!(refused(|m| m["wants"]["http"][0]["host"] = "*.example.com".into()).contains("host"));
        assert!(refused(|m| m["wants"]["http"][0]["host"] = "10.0.0.1".into()).contains("address"));
        assert!(refused(|m| m["wants"]["secrets"][0]["hosts"][0] = "evil.example".into()).contains("evil.example"));
        assert!(refused(|m| m["wants"]["http"][0]["why"] = " ".into()).contains("why"));
        assert!(refused(|m| m["events"] = serde_json::json!([])).contains("no events"));
        assert!(refused(|m| m["wants"]["disk"] = "all".into()).contains("disk"));
        assert!(refused(|m| m["events"] = serde_json::json!(["Everything"])).contains("kind of event"));
    }
}
