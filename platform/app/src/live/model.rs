//! Which events open pages hear of, and whose pages.

use crate::visibility::Visibility;
use serde::Serialize;
use uuid::Uuid;

/// What a page shows that an event may have changed. The console's list is `admin-ui/src/kit/live.ts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// A project's name, status and what is told about it.
    Project,
    /// Phases, milestones, draws, working days.
    Schedule,
    /// Appointments.
    Visits,
    /// What was done.
    Updates,
    /// Photos, pairs, required shots.
    Photos,
    /// Forecasts and delays.
    Weather,
    /// Papers.
    Documents,
    /// The company itself: team, customers, households, brand, templates, plugins.
    Company,
}

/// Whose pages hear of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The company's.
    Staff,
    /// And the project's household's.
    Everybody,
    /// The household's too, if what it is about is for them; the event says so in `visibility`.
    AsVisible,
}

/// Who hears of a kind of event, and as what; none: nobody's page shows it.
pub fn live(kind: &str) -> Option<(Topic, Audience)> {
    use Audience::{AsVisible, Everybody, Staff};
    let (subject, verb) = kind.split_once('.')?;
    Some(match (subject, verb) {
        (_, "read" | "downloaded") => return None,
        ("project", _) => (Topic::Project, Everybody),
        ("schedule" | "milestone", _) => (Topic::Schedule, Everybody),
        ("work_calendar", _) => (Topic::Schedule, Staff),
        ("appointment", _) => (Topic::Visits, AsVisible),
        ("update", _) => (Topic::Updates, AsVisible),
        ("photo", "paired" | "unpaired") => (Topic::Photos, Everybody),
        ("photo", _) => (Topic::Photos, AsVisible),
        ("shots" | "photo_settings", _) => (Topic::Photos, Staff),
        ("weather_delay", _) => (Topic::Weather, AsVisible),
        ("weather_rules", _) => (Topic::Weather, Staff),
        ("document", _) | ("generated_document", "ready") => (Topic::Documents, AsVisible),
        ("generated_document" | "document_settings", _) => (Topic::Documents, Staff),
        ("staff" | "customer" | "household" | "branding" | "project_template" | "template_override" | "plugin", _) => {
            (Topic::Company, Staff)
        }
        // Of sign-ins, passkeys and calendar addresses the person's own page tells; signups are the platform's.
        _ => return None,
    })
}

/// Whether an event may have ended somebody's access: then all open sockets are looked at.
pub fn ends_access(kind: &str) -> bool {
    matches!(kind, "session.revoked" | "staff.deactivated" | "staff.changed" | "household.member_removed")
}

/// Whether an event may have changed which projects a customer sees.
pub fn moves_projects(kind: &str) -> bool {
    kind.starts_with("household.") || kind == "project.created" || kind == "project.changed"
}

/// An event as far as pages hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Its number.
    pub seq: i64,
    /// `milestone.completed`.
    pub kind: String,
    /// What it changed on pages; none for what only moves rights.
    pub topic: Option<Topic>,
    /// Customers who see its project hear of it.
    pub for_customers: bool,
    /// In which project.
    pub project: Option<Uuid>,
    /// About what.
    pub subject: Option<Uuid>,
    /// Who did it.
    pub actor: String,
    /// Of how many things it tells, where it tells of several.
    pub count: Option<i64>,
}

impl News {
    /// Decides who hears of an event; `visibility` is what the event itself says.
    pub fn judge(mut self, visibility: Option<&str>) -> Self {
        let Some((topic, audience)) = live(&self.kind) else { return self };
        self.topic = Some(topic);
        self.for_customers = match audience {
            Audience::Staff => false,
            Audience::Everybody => true,
            Audience::AsVisible => visibility == Some(Visibility::Client.name().as_str()),
        };
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::WORDS;

    fn news(kind: &str) -> News {
        let kind = kind.to_owned();
        News { seq: 1, kind, topic: None, for_customers: false, project: None, subject: None, actor: String::new(), count: None }
    }

    #[test]
    fn every_kind_of_event_is_decided() {
        let silent: Vec<&str> = WORDS.iter().map(|(kind, _)| *kind).filter(|kind| live(kind).is_none()).collect();
        let decided = [
            "session.created",
            "session.revoked",
            "passkey.added",
            "passkey.removed",
            "calendar_feed.created",
            "calendar_feed.revoked",
            "photo.read",
            "photo.downloaded",
            "document.read",
            "plugin_run.read",
            "plugin_component.stopped",
            "plugin_component.released",
            "tenant.opened",
            "signup.requested",
            "signup.confirmed",
            "tenant.failed",
        ];
        assert_eq!(silent, decided, "a new kind of event: do pages show it?");
    }

    #[test]
    fn what_is_internal_is_not_told_to_customers() {
        assert!(news("update.posted").judge(Some("client")).for_customers);
        assert!(!news("update.posted").judge(Some("internal")).for_customers);
        assert!(!news("photo.uploaded").judge(None).for_customers, "an event that does not say is not told");
        assert!(!news("household.member_set").judge(Some("client")).for_customers);
        assert!(!news("document.read").judge(Some("client")).for_customers);
        assert!(news("milestone.completed").judge(None).for_customers);
    }
}
