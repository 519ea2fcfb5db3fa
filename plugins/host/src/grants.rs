//! Grants: what the manifest asks for *and* the admin approved. There is no other way to make them.

use crate::manifest::Wants;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What an admin said yes to. It may name more than the manifest asks for; that gives nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Projects.
    #[serde(default)]
    pub projects: bool,
    /// To remember things.
    #[serde(default)]
    pub kv: bool,
    /// Hosts.
    #[serde(default)]
    pub http: BTreeSet<String>,
    /// Secrets.
    #[serde(default)]
    pub secrets: BTreeSet<String>,
}

impl Approval {
    /// Yes to all that is asked.
    pub fn all(wants: &Wants) -> Self {
        Self {
            projects: wants.projects.is_some(),
            kv: wants.kv.is_some(),
            http: wants.http.iter().map(|w| w.host.clone()).collect(),
            secrets: wants.secrets.iter().map(|w| w.name.clone()).collect(),
        }
    }
}

/// What one install may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grants {
    projects: bool,
    kv: bool,
    http: BTreeSet<String>,
    /// A secret and the hosts that it may be sent to.
    secrets: BTreeMap<String, BTreeSet<String>>,
}

impl Grants {
    /// Asked for and approved.
    pub fn new(wants: &Wants, approval: &Approval) -> Self {
        let http: BTreeSet<String> = wants.http.iter().map(|w| w.host.clone()).filter(|host| approval.http.contains(host)).collect();
        let secrets = wants.secrets.iter().filter(|w| approval.secrets.contains(&w.name));
        let hosts = |hosts: &[String]| hosts.iter().filter(|host| http.contains(*host)).cloned().collect();
        Self {
            projects: wants.projects.is_some() && approval.projects,
            kv: wants.kv.is_some() && approval.kv,
            secrets: secrets.map(|w| (w.name.clone(), hosts(&w.hosts))).collect(),
            http,
        }
    }

    /// Projects may be read.
    pub fn projects(&self) -> bool {
        self.projects
    }

    /// Things may be remembered.
    pub fn kv(&self) -> bool {
        self.kv
    }

    /// Any host may be spoken to.
    pub fn any_http(&self) -> bool {
        !self.http.is_empty()
    }

    /// This host may be spoken to.
    pub fn host(&self, host: &str) -> bool {
        self.http.contains(host)
    }

    /// This secret was approved.
    pub fn secret(&self, name: &str) -> bool {
        self.secrets.contains_key(name)
    }

    /// This secret may be sent to this host.
    pub fn secret_for(&self, name: &str, host: &str) -> bool {
        self.secrets.get(name).is_some_and(|hosts| hosts.contains(host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::{Want, WantHost, WantSecret};

    fn wants() -> Wants {
        let why = || "It says so.".to_owned();
        Wants {
            projects: Some(Want { why: why() }),
            kv: None,
            http: ["a.example", "b.example"].map(|host| WantHost { host: host.to_owned(), why: why() }).to_vec(),
            secrets: vec![WantSecret { name: "token".into(), title: "Token".into(), hosts: vec!["a.example".into()], why: why() }],
        }
    }

    #[test]
    fn all_that_is_asked_and_approved() {
        let grants = Grants::new(&wants(), &Approval::all(&wants()));
        assert!(grants.projects() && grants.host("a.example") && grants.host("b.example") && grants.secret_for("token", "a.example"));
        assert!(!grants.kv() && !grants.secret_for("token", "b.example"));
    }

    #[test]
    fn approving_what_is_not_asked_gives_nothing() {
        let approval = Approval {
            projects: true,
            kv: true,
            http: ["c.example".to_owned()].into(),
            secrets: ["other".to_owned(), "token".to_owned()].into(),
        };
        let grants = Grants::new(&wants(), &approval);
        assert!(!grants.kv() && !grants.host("c.example") && !grants.secret("other"));
        // The secret was approved, its host was not.
        assert!(grants.secret("token") && !grants.secret_for("token", "a.example"));
    }

    #[test]
    fn asking_without_approval_gives_nothing() {
        let grants = Grants::new(&wants(), &Approval::default());
        assert!(!grants.projects() && !grants.any_http() && !grants.secret("token"));
    }
}
