//! The work that follows from events: who subscribes to what.

use crate::{
    events::Event,
    generated_documents::{jobs::Consider, ops::Moment},
    news::jobs::TellNews,
    people::jobs::SendInvitation,
    plugins::{
        self,
        jobs::{Hear, LISTENS, TellPluginOff},
    },
    projects::{ProjectId, ProjectStatus},
    team::jobs::SendStaffInvitation,
    visibility::Visibility,
    visits::jobs::TellVisit,
    weather::jobs::{Look, TellDelay},
};
use chrono::Duration;
use kernel::{Result, jobs::JobSpec};

/// The household is told at most ten minutes after the first of a row of news.
fn news(project: ProjectId) -> Result<JobSpec> {
    Ok(JobSpec::of(&TellNews { project })?.after(Duration::minutes(10)))
}

/// Documents that write themselves: a minute later, so that a mistake that is put right at once makes none.
fn paper(project: ProjectId, moment: Moment) -> Result<JobSpec> {
    Ok(JobSpec::of(&Consider { project, moment })?.after(Duration::minutes(1)))
}

/// The work that follows from an event: of ours, and of plugins where the company has one that hears of such.
pub fn of(event: &Event, kind: &str) -> Vec<JobSpec> {
    let mut jobs = ours(event);
    if plugins::hears(kind) {
        jobs.push(JobSpec::new(&Hear {}).only_if(LISTENS, kind));
    }
    jobs
}

/// Who subscribes to what, on one screen.
fn ours(event: &Event) -> Vec<JobSpec> {
    let job = match event {
        Event::CustomerInvited { customer, .. } => JobSpec::of(&SendInvitation { customer: *customer }),
        Event::StaffInvited { staff, .. } => JobSpec::of(&SendStaffInvitation { staff: *staff }),
        Event::UpdatePosted { project, visibility, .. } | Event::PhotoUploaded { project, visibility, .. }
            if *visibility == Visibility::Client.name() =>
        {
            news(*project)
        }
        Event::UpdateChanged { project, shown: true, .. } => news(*project),
        Event::MilestoneCompleted { milestone, project, .. } => {
            let jobs = [news(*project), paper(*project, Moment::MilestoneDone(*milestone))];
            return jobs.into_iter().flatten().collect();
        }
        // One that was entered as active began elsewhere: its packet is made by hand, if at all.
        Event::ProjectChanged { project, from: Some(ProjectStatus::Planned), to: Some(ProjectStatus::Active), .. } => {
            paper(*project, Moment::Started)
        }
        Event::ProjectChanged { project, to: Some(ProjectStatus::Completed), .. } => paper(*project, Moment::Completed),
        Event::GeneratedDocumentReady { project, visibility, first: true, .. } if *visibility == Visibility::Client.name() => {
            news(*project)
        }
        Event::PluginTurnedOff { plugin, .. } => JobSpec::of(&TellPluginOff { plugin: *plugin }),
        Event::WeatherDelayAccepted { delay, .. } => JobSpec::of(&TellDelay { delay: *delay, withdrawn: false }),
        Event::WeatherDelayWithdrawn { delay, told: true, .. } => JobSpec::of(&TellDelay { delay: *delay, withdrawn: true }),
        Event::AppointmentCreated { appointment, visibility, .. }
        | Event::AppointmentChanged { appointment, visibility, .. }
        | Event::AppointmentCancelled { appointment, visibility, .. }
            if *visibility == Visibility::Client.name() =>
        {
            // A minute, so that a mistake that is put right at once is one mail, or none.
            JobSpec::of(&TellVisit { appointment: *appointment }).map(|job| job.after(Duration::minutes(1)))
        }
        // A plan, a place or a rule has changed: the weather may mean something else now. Soon, and once for a row of changes.
        Event::PlanChanged { .. }
        | Event::MilestoneMoved { .. }
        | Event::ProjectDetailsChanged { .. }
        | Event::WorkCalendarChanged { .. }
        | Event::WeatherRulesChanged { .. } => JobSpec::of(&Look {}).map(|job| job.after(Duration::minutes(2))),
        _ => return Vec::new(),
    };
    job.into_iter().collect()
}
