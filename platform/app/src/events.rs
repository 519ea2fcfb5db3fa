//! The one list of things that happen. Each is recorded in the transaction that does it; audit log, activity feed, mails,
//! live updates, webhooks and plugins read it from there.

use crate::{
    documents::DocumentId,
    people::{HouseholdId, jobs::SendInvitation},
    projects::ProjectId,
    team::jobs::SendStaffInvitation,
};
use kernel::{
    Problem, Result,
    event::Subject,
    ids::{CustomerId, SessionId, StaffId},
    jobs::JobSpec,
};
use serde::Serialize;
use uuid::Uuid;

/// Declares the list. A line: variant, its stable kind, the kind of subject, the field that names the subject, the words of the
/// audit log (`{field}` is filled from the event's data), and the fields.
macro_rules! events {
    ($($(#[doc = $doc:literal])* $variant:ident = $kind:literal, $subject:literal $id:ident, $words:literal { $($field:ident: $ty:ty),* $(,)? })*) => {
        /// Something that happened.
        #[derive(Clone, Debug, Serialize)]
        #[serde(untagged)]
        pub enum Event {
            $($(#[doc = $doc])* $variant { $(#[doc = concat!("`", stringify!($field), "`")] $field: $ty),* },)*
        }

        /// Kind, and the words of the audit log: for each kind of event one line.
        pub const WORDS: &[(&str, &str)] = &[$(($kind, $words)),*];

        impl kernel::event::Event for Event {
            fn kind(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $kind,)* }
            }

            fn subject(&self) -> Subject {
                match self { $(Self::$variant { $id, .. } => Subject { kind: $subject, id: Some($id.uuid()) },)* }
            }

            fn project(&self) -> Option<Uuid> {
                project_of(self)
            }

            fn data(&self) -> Result<serde_json::Value> {
                serde_json::to_value(self).map_err(Problem::internal)
            }

            fn subscribers(&self) -> Vec<JobSpec> {
                subscribers(self)
            }
        }
    };
}

events! {
    /// A person signed in.
    SignedIn = "session.created", "person" person, "signed in from {device}" { person: Uuid, session: SessionId, device: String, by: &'static str }
    /// A person ended a session: this one, or another device's.
    SignedOut = "session.revoked", "person" person, "signed out {device}" { person: Uuid, device: String }
    /// A passkey was added.
    PasskeyAdded = "passkey.added", "person" person, "added the passkey {name}" { person: Uuid, passkey: Uuid, name: String }
    /// A passkey was removed.
    PasskeyRemoved = "passkey.removed", "person" person, "removed the passkey {name}" { person: Uuid, passkey: Uuid, name: String }

    /// Somebody was asked to join the team, or asked again.
    StaffInvited = "staff.invited", "staff" staff, "invited {name} to the team as {role}" { staff: StaffId, name: String, role: String }
    /// A team mate's name or role changed.
    StaffChanged = "staff.changed", "staff" staff, "changed {name}: {change}" { staff: StaffId, name: String, change: String }
    /// A team mate lost access.
    StaffDeactivated = "staff.deactivated", "staff" staff, "closed the account of {name}" { staff: StaffId, name: String }
    /// A team mate has access again.
    StaffReactivated = "staff.reactivated", "staff" staff, "opened the account of {name} again" { staff: StaffId, name: String }

    /// A customer was entered.
    CustomerCreated = "customer.created", "customer" customer, "added the customer {name}" { customer: CustomerId, name: String }
    /// A customer's name, mail or phone changed.
    CustomerChanged = "customer.changed", "customer" customer, "changed the customer {name}: {change}" { customer: CustomerId, name: String, change: String }
    /// A customer was sent the invitation mail.
    CustomerInvited = "customer.invited", "customer" customer, "invited {name} to the portal" { customer: CustomerId, name: String }
    /// A household was made.
    HouseholdCreated = "household.created", "household" household, "added the household {name}" { household: HouseholdId, name: String }
    /// A household's name or address changed.
    HouseholdChanged = "household.changed", "household" household, "changed the household {name}" { household: HouseholdId, name: String }
    /// A customer joined a household or got another role in it.
    HouseholdMemberSet = "household.member_set", "household" household, "made {member} a {role} of {name}" {
        household: HouseholdId, name: String, customer: CustomerId, member: String, role: String,
    }
    /// A customer left a household.
    HouseholdMemberRemoved = "household.member_removed", "household" household, "removed {member} from {name}" {
        household: HouseholdId, name: String, customer: CustomerId, member: String,
    }

    /// A project was made.
    ProjectCreated = "project.created", "project" project, "added the project {name}" { project: ProjectId, name: String }
    /// A project's name, address or status changed.
    ProjectChanged = "project.changed", "project" project, "changed the project {name}: {change}" { project: ProjectId, name: String, change: String }

    /// A document was announced; its first bytes are to come.
    DocumentCreated = "document.created", "document" document, "added the document {title} ({visibility})" {
        document: DocumentId, project: ProjectId, title: String, visibility: String,
    }
    /// A version's bytes are sealed and stored.
    DocumentUploaded = "document.uploaded", "document" document, "uploaded {title}, version {number}" {
        document: DocumentId, project: ProjectId, title: String, number: i32, bytes: i64, sha256: String,
    }
    /// A document's title, kind or visibility changed.
    DocumentChanged = "document.changed", "document" document, "changed the document {title}: {change}" {
        document: DocumentId, project: ProjectId, title: String, change: String,
    }
    /// A document was taken back; customers no longer see it.
    DocumentWithdrawn = "document.withdrawn", "document" document, "withdrew the document {title}" { document: DocumentId, project: ProjectId, title: String }
    /// A document is about to be read; recorded before its first byte leaves.
    DocumentRead = "document.read", "document" document, "read {title}, version {number}" {
        document: DocumentId, project: ProjectId, title: String, number: i32, range: String,
    }

    /// The brand changed.
    BrandingChanged = "branding.changed", "branding" tenant, "changed the branding: {change}" { tenant: Uuid, change: String }

    /// The company's portal was opened.
    TenantOpened = "tenant.opened", "tenant" tenant, "opened the portal of {company}" { tenant: Uuid, company: String }
    /// A company signed up and has to confirm by mail.
    SignupRequested = "signup.requested", "signup" signup, "signed up {company} as {subdomain}" { signup: Uuid, company: String, subdomain: String }
    /// A signup was confirmed by mail.
    SignupConfirmed = "signup.confirmed", "signup" signup, "confirmed the signup of {company}" { signup: Uuid, company: String, tenant: Uuid }
    /// Provisioning gave up and was cleaned up.
    TenantFailed = "tenant.failed", "tenant" tenant, "gave up making the portal of {company}: {error}" { tenant: Uuid, company: String, error: String }
}

/// The id in an event, whatever its type.
trait AsUuid {
    fn uuid(&self) -> Uuid;
}

impl AsUuid for Uuid {
    fn uuid(&self) -> Uuid {
        *self
    }
}

macro_rules! as_uuid {
    ($($ty:ty),*) => { $(impl AsUuid for $ty { fn uuid(&self) -> Uuid { self.0 } })* };
}
as_uuid!(StaffId, CustomerId, HouseholdId, ProjectId, DocumentId);

fn project_of(event: &Event) -> Option<Uuid> {
    match event {
        Event::ProjectCreated { project, .. }
        | Event::ProjectChanged { project, .. }
        | Event::DocumentCreated { project, .. }
        | Event::DocumentUploaded { project, .. }
        | Event::DocumentChanged { project, .. }
        | Event::DocumentWithdrawn { project, .. }
        | Event::DocumentRead { project, .. } => Some(project.0),
        _ => None,
    }
}

/// The work that follows from an event: who subscribes to what, on one screen.
fn subscribers(event: &Event) -> Vec<JobSpec> {
    let job = match event {
        Event::CustomerInvited { customer, .. } => JobSpec::of(&SendInvitation { customer: *customer }),
        Event::StaffInvited { staff, .. } => JobSpec::of(&SendStaffInvitation { staff: *staff }),
        _ => return Vec::new(),
    };
    job.into_iter().collect()
}
