//! The one list of things that happen. Each is recorded in the transaction that does it; audit log, activity feed, mails,
//! live updates, webhooks and plugins read it from there.

use crate::{
    documents::DocumentId,
    generated_documents::GeneratedDocumentId,
    people::HouseholdId,
    photos::{PhotoId, PhotoPairId},
    plugins::{PluginId, PluginRunId},
    project_templates::ProjectTemplateId,
    projects::{ProjectId, ProjectStatus},
    schedule::MilestoneId,
    updates::UpdateId,
    visits::AppointmentId,
    weather::WeatherDelayId,
};
use chrono::NaiveDate;
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
                crate::subscribers::of(self, self.kind())
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
    /// A project's name, address or status changed. `from` and `to`: the status, if it did.
    ProjectChanged = "project.changed", "project" project, "changed the project {name}: {change}" {
        project: ProjectId, name: String, change: String, from: Option<ProjectStatus>, to: Option<ProjectStatus>,
    }

    /// What customers read about a project, or where it lies, changed.
    ProjectDetailsChanged = "project.details_changed", "project" project, "changed what is told about {name}" { project: ProjectId, name: String }
    /// A template of projects was made.
    ProjectTemplateCreated = "project_template.created", "project_template" template, "added the project template {name}" { template: ProjectTemplateId, name: String }
    /// A template changed; projects made from it stay as they are.
    ProjectTemplateChanged = "project_template.changed", "project_template" template, "changed the project template {name}" { template: ProjectTemplateId, name: String }
    /// A template was put away.
    ProjectTemplateArchived = "project_template.archived", "project_template" template, "archived the project template {name}" { template: ProjectTemplateId, name: String }

    /// Phases, milestones or draws of a project were added, changed or removed.
    PlanChanged = "schedule.changed", "project" project, "changed the plan: {change}" { project: ProjectId, change: String }
    /// Work on a milestone began.
    MilestoneStarted = "milestone.started", "milestone" milestone, "started {name}" { milestone: MilestoneId, project: ProjectId, name: String, day: NaiveDate }
    /// A milestone is done.
    MilestoneCompleted = "milestone.completed", "milestone" milestone, "completed {name}" { milestone: MilestoneId, project: ProjectId, name: String, day: NaiveDate }
    /// A milestone is not done after all.
    MilestoneReopened = "milestone.reopened", "milestone" milestone, "reopened {name}" { milestone: MilestoneId, project: ProjectId, name: String }
    /// A milestone moved, and `also` others with it.
    MilestoneMoved = "milestone.moved", "milestone" milestone, "moved {name} from {from} to {to}" {
        milestone: MilestoneId, project: ProjectId, name: String, from: NaiveDate, to: NaiveDate, cause: String, reason: String, also: usize,
    }
    /// The company's working days changed.
    WorkCalendarChanged = "work_calendar.changed", "tenant" tenant, "changed the working days" { tenant: Uuid }
    /// A visit was proposed.
    AppointmentCreated = "appointment.created", "appointment" appointment, "proposed {title} ({visibility})" {
        appointment: AppointmentId, project: ProjectId, title: String, visibility: String,
    }
    /// A visit's time or words changed. `moved`: the time did.
    AppointmentChanged = "appointment.changed", "appointment" appointment, "changed {title}: {change}" {
        appointment: AppointmentId, project: ProjectId, title: String, visibility: String, change: String, moved: bool,
    }
    /// A visit was called off.
    AppointmentCancelled = "appointment.cancelled", "appointment" appointment, "cancelled {title}" {
        appointment: AppointmentId, project: ProjectId, title: String, visibility: String,
    }
    /// The customer said that a visit suits them.
    AppointmentConfirmed = "appointment.confirmed", "appointment" appointment, "confirmed {title}" {
        appointment: AppointmentId, project: ProjectId, title: String, visibility: String,
    }
    /// The customer asked for another time.
    AppointmentMoveAsked = "appointment.move_asked", "appointment" appointment, "asked for another time for {title}" {
        appointment: AppointmentId, project: ProjectId, title: String, visibility: String,
    }
    /// A customer made an address for their calendar program.
    CalendarFeedCreated = "calendar_feed.created", "customer" customer, "made a calendar address" { customer: CustomerId }
    /// A customer ended their calendar address.
    CalendarFeedRevoked = "calendar_feed.revoked", "customer" customer, "ended the calendar address" { customer: CustomerId }

    /// Somebody wrote what was done.
    UpdatePosted = "update.posted", "update" update, "posted an update ({visibility})" { update: UpdateId, project: ProjectId, visibility: String }
    /// An update's words, day or visibility changed. `shown`: customers see it from now on.
    UpdateChanged = "update.changed", "update" update, "changed an update: {change}" {
        update: UpdateId, project: ProjectId, visibility: String, change: String, shown: bool,
    }
    /// An update was taken back.
    UpdateWithdrawn = "update.withdrawn", "update" update, "withdrew an update" { update: UpdateId, project: ProjectId, visibility: String }

    /// Photos were announced; their bytes are to come.
    PhotosAnnounced = "photo.announced", "project" project, "began to add {count} photos ({visibility})" { project: ProjectId, count: usize, visibility: String }
    /// A photo is there.
    PhotoUploaded = "photo.uploaded", "photo" photo, "added the photo {file_name}" {
        photo: PhotoId, project: ProjectId, file_name: String, visibility: String, bytes: i64, sha256: String,
    }
    /// A photo's bytes were no photo, or did not come.
    PhotoFailed = "photo.failed", "photo" photo, "could not add the photo {file_name}: {error}" {
        photo: PhotoId, project: ProjectId, file_name: String, visibility: String, error: String,
    }
    /// A photo's caption, place or visibility changed.
    PhotoChanged = "photo.changed", "photo" photo, "changed the photo {file_name}: {change}" {
        photo: PhotoId, project: ProjectId, file_name: String, visibility: String, change: String,
    }
    /// Something was drawn over a photo, or wiped off.
    PhotoMarkedUp = "photo.marked_up", "photo" photo, "marked up the photo {file_name}" { photo: PhotoId, project: ProjectId, file_name: String, visibility: String }
    /// A photo was taken back.
    PhotoWithdrawn = "photo.withdrawn", "photo" photo, "withdrew the photo {file_name}" { photo: PhotoId, project: ProjectId, file_name: String, visibility: String }
    /// An original is about to be read; recorded before its first byte leaves.
    PhotoRead = "photo.read", "photo" photo, "read the original of {file_name}" { photo: PhotoId, project: ProjectId, file_name: String }
    /// Photos of a project are about to be read as one archive.
    PhotosDownloaded = "photo.downloaded", "project" project, "downloaded {count} photos" { project: ProjectId, count: usize }
    /// Two photos were put side by side.
    PhotosPaired = "photo.paired", "photo_pair" pair, "paired photos as {title}" { pair: PhotoPairId, project: ProjectId, title: String }
    /// Two photos are no pair any more.
    PhotosUnpaired = "photo.unpaired", "photo_pair" pair, "took the pair {title} apart" { pair: PhotoPairId, project: ProjectId, title: String }
    /// The photos that a project needs changed.
    ShotsChanged = "shots.changed", "project" project, "changed the required photos" { project: ProjectId, count: usize }
    /// What is kept of a photo changed.
    PhotoSettingsChanged = "photo_settings.changed", "tenant" tenant, "changed the photo settings: {change}" { tenant: Uuid, change: String }

    /// The forecast speaks against a milestone's days; staff decide.
    WeatherDelayProposed = "weather_delay.proposed", "weather_delay" delay, "saw {hazard} for {name}" {
        delay: WeatherDelayId, project: ProjectId, name: String, hazard: String, from: NaiveDate, to: NaiveDate, visibility: String,
    }
    /// A delay counts; the milestone has moved.
    WeatherDelayAccepted = "weather_delay.accepted", "weather_delay" delay, "accepted the delay of {name}" {
        delay: WeatherDelayId, project: ProjectId, name: String, hazard: String, from: NaiveDate, to: NaiveDate, visibility: String,
    }
    /// A proposed delay does not count.
    WeatherDelayDismissed = "weather_delay.dismissed", "weather_delay" delay, "dismissed the delay of {name}" {
        delay: WeatherDelayId, project: ProjectId, name: String, visibility: String,
    }
    /// The forecast speaks for the planned days again; staff decide whether the delay is withdrawn.
    WeatherDelayOver = "weather_delay.over", "weather_delay" delay, "saw better weather for {name}" {
        delay: WeatherDelayId, project: ProjectId, name: String, visibility: String,
    }
    /// A delay is taken back: it counts no more, or was never decided. `told`: customers had been told of it and are told now.
    WeatherDelayWithdrawn = "weather_delay.withdrawn", "weather_delay" delay, "withdrew the delay of {name}" {
        delay: WeatherDelayId, project: ProjectId, name: String, told: bool, visibility: String,
    }
    /// What weather each kind of work bears changed.
    WeatherRulesChanged = "weather_rules.changed", "tenant" tenant, "changed the weather rules" { tenant: Uuid }

    /// A document was announced; its first bytes are to come.
    DocumentCreated = "document.created", "document" document, "added the document {title} ({visibility})" {
        document: DocumentId, project: ProjectId, title: String, visibility: String,
    }
    /// A version's bytes are sealed and stored.
    DocumentUploaded = "document.uploaded", "document" document, "uploaded {title}, version {number}" {
        document: DocumentId, project: ProjectId, title: String, visibility: String, number: i32, bytes: i64, sha256: String,
    }
    /// A document's title, kind or visibility changed.
    DocumentChanged = "document.changed", "document" document, "changed the document {title}: {change}" {
        document: DocumentId, project: ProjectId, title: String, visibility: String, change: String,
    }
    /// A document was taken back; customers no longer see it.
    DocumentWithdrawn = "document.withdrawn", "document" document, "withdrew the document {title}" { document: DocumentId, project: ProjectId, title: String, visibility: String }
    /// A document is about to be read; recorded before its first byte leaves.
    DocumentRead = "document.read", "document" document, "read {title}, version {number}" {
        document: DocumentId, project: ProjectId, title: String, number: i32, range: String,
    }

    /// A document that writes itself was asked for, by hand or by a rule.
    GeneratedDocumentRequested = "generated_document.requested", "generated_document" generated, "asked for {title}" {
        generated: GeneratedDocumentId, project: ProjectId, title: String, occasion: String,
    }
    /// It was made, and its sealed bytes are stored. `first`: there was no version of it before.
    GeneratedDocumentReady = "generated_document.ready", "document" document, "made {title}, version {version}" {
        document: DocumentId, project: ProjectId, generated: GeneratedDocumentId, title: String, visibility: String, version: i32, sha256: String,
        first: bool,
    }
    /// A rule asked for it, and nothing was new.
    GeneratedDocumentUnchanged = "generated_document.unchanged", "generated_document" generated, "found nothing new for {title}" {
        generated: GeneratedDocumentId, project: ProjectId, title: String,
    }
    /// It could not be made.
    GeneratedDocumentFailed = "generated_document.failed", "generated_document" generated, "could not make {title}: {reason}" {
        generated: GeneratedDocumentId, project: ProjectId, title: String, reason: String,
    }
    /// Somebody had it tried again.
    GeneratedDocumentRetried = "generated_document.retried", "generated_document" generated, "tried {title} again" {
        generated: GeneratedDocumentId, project: ProjectId, title: String,
    }
    /// What the company wants of its documents changed.
    DocumentSettingsChanged = "document_settings.changed", "tenant" tenant, "changed the documents that write themselves: {change}" {
        tenant: Uuid, change: String,
    }

    /// The brand changed.
    BrandingChanged = "branding.changed", "branding" tenant, "changed the branding: {change}" { tenant: Uuid, change: String }

    /// A company's own text for a page or a mail was saved and is in use.
    TemplateSaved = "template_override.saved", "tenant" tenant, "wrote the template {name} anew, version {number}" { tenant: Uuid, template: String, name: String, number: i32, note: String }
    /// An older text is in use again.
    TemplateRestored = "template_override.restored", "tenant" tenant, "went back to version {number} of the template {name}" { tenant: Uuid, template: String, name: String, number: i32 }
    /// Our own text is in use again.
    TemplateSwitchedOff = "template_override.switched_off", "tenant" tenant, "went back to the standard template {name}" { tenant: Uuid, template: String, name: String }
    /// A company's own text failed for the first time; ours is shown instead.
    TemplateFailed = "template_override.failed", "tenant" tenant, "showed the standard template {name}: version {number} failed: {error}" {
        tenant: Uuid, template: String, name: String, number: i32, error: String,
    }

    /// A file was kept as a plugin or as a version of one.
    PluginUploaded = "plugin.uploaded", "plugin" plugin, "uploaded the plugin {name} {version}" { plugin: PluginId, name: String, version: String, hash: String }
    /// A version is the one in use. `may`: what it may do.
    PluginApproved = "plugin.approved", "plugin" plugin, "approved the plugin {name} {version}; it may use: {may}" { plugin: PluginId, name: String, version: String, may: String }
    /// It runs when something happens or a document is made.
    PluginEnabled = "plugin.enabled", "plugin" plugin, "turned the plugin {name} on for {change}" { plugin: PluginId, name: String, change: String }
    /// It runs no more.
    PluginDisabled = "plugin.disabled", "plugin" plugin, "turned the plugin {name} off" { plugin: PluginId, name: String }
    /// Its settings changed.
    PluginSettingsChanged = "plugin.settings_changed", "plugin" plugin, "changed the settings of the plugin {name}" { plugin: PluginId, name: String }
    /// A secret was filled in.
    PluginSecretSet = "plugin.secret_set", "plugin" plugin, "filled in the secret {secret} of the plugin {name}" { plugin: PluginId, name: String, secret: String }
    /// A secret was removed.
    PluginSecretRemoved = "plugin.secret_removed", "plugin" plugin, "removed the secret {secret} of the plugin {name}" { plugin: PluginId, name: String, secret: String }
    /// It was tried on a project, with nothing sent.
    PluginTested = "plugin.tested", "plugin" plugin, "tried the plugin {name}" { plugin: PluginId, name: String }
    /// A version is run over what has happened, with nothing sent.
    PluginRehearsed = "plugin.rehearsed", "plugin" plugin, "rehearsed the plugin {name} {version}" { plugin: PluginId, name: String, version: String }
    /// It kept failing and turned itself off.
    PluginTurnedOff = "plugin.turned_off", "plugin" plugin, "turned the plugin {name} off. {reason}" { plugin: PluginId, name: String, reason: String }
    /// It works again.
    PluginTurnedOn = "plugin.turned_on", "plugin" plugin, "turned the plugin {name} on again, for it works" { plugin: PluginId, name: String }
    /// A plugin noted something in a project's history.
    PluginNoted = "plugin.noted", "plugin" plugin, "noted: {title}" { plugin: PluginId, project: ProjectId, title: String, text: String }
    /// It was removed with all that it remembered.
    PluginDeleted = "plugin.deleted", "plugin" plugin, "deleted the plugin {name}" { plugin: PluginId, name: String }
    /// A run's recording is about to be read; it holds what the plugin read.
    PluginRunRead = "plugin_run.read", "plugin_run" run, "took the recording of a run of the plugin {name}" { run: PluginRunId, plugin: PluginId, name: String }
    /// An operator stopped a plugin's component everywhere.
    ComponentStopped = "plugin_component.stopped", "plugin_component" component, "stopped the plugin {name} everywhere: {reason}" {
        component: Uuid, name: String, hash: String, reason: String,
    }
    /// It may run again.
    ComponentReleased = "plugin_component.released", "plugin_component" component, "released the plugin {name}" { component: Uuid, name: String, hash: String }

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
as_uuid!(StaffId, CustomerId, HouseholdId, ProjectId, DocumentId, ProjectTemplateId, MilestoneId, AppointmentId);
as_uuid!(UpdateId, PhotoId, PhotoPairId, WeatherDelayId, GeneratedDocumentId, PluginId, PluginRunId);

fn project_of(event: &Event) -> Option<Uuid> {
    // Whatever belongs to a project says so in a field of this name.
    let data = serde_json::to_value(event).ok()?;
    data.get("project")?.as_str()?.parse().ok()
}
