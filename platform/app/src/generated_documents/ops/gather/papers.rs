//! The contents of the kinds, one function each.

use super::{Known, one_line};
use crate::{
    generated_documents::{DocumentLocale, DocumentSettings, model::entries},
    projects::ProjectId,
    schedule::{
        MilestoneState, PhaseState,
        ops::{CustomerMilestone, CustomerSchedule},
    },
    updates,
    visits::{self, ops::CustomerVisit},
};
use chrono::{Datelike, Months, NaiveDate, NaiveTime, Timelike};
use kernel::{Cx, Result};
use typeset::{
    CompletionCertificate, Custom, DoneStep, Moved, Person, PlannedStep, ProgressReport, Signature, Step, StepState, Update, Visit,
    Warranty, WelcomePacket,
};

/// The most updates of a report.
const MOST_UPDATES: u64 = 8;
/// The most steps and moved days of a document.
const MOST_STEPS: usize = 60;
const MOST_MOVED: usize = 20;

pub(super) fn welcome_packet(known: Known, settings: &DocumentSettings) -> WelcomePacket {
    let phases = known.schedule.phases.iter().enumerate();
    let steps = phases.map(|(at, phase)| {
        let of: Vec<&CustomerMilestone> = of_phase(&known.schedule, at).collect();
        let names: Vec<&str> = of.iter().map(|m| m.name.as_str()).filter(|name| *name != phase.name).collect();
        PlannedStep {
            title: phase.name.clone(),
            note: one_line(&names.join(", "), 900),
            from: of.iter().map(|m| m.planned_start).min(),
            until: of.iter().map(|m| m.planned_end).max(),
        }
    });
    WelcomePacket {
        steps: steps.take(MOST_STEPS).collect(),
        greeting: settings.greeting.clone(),
        lead: lead(&known, settings),
        prepare: entries(&settings.prepare),
        next: entries(&settings.next_steps),
        portal_url: known.portal_url,
        sign_in_email: known.email,
        project: known.project.name,
        address: known.project.address,
        customers: known.customers,
    }
}

pub(super) async fn progress_report(cx: &Cx, project: ProjectId, known: Known, settings: &DocumentSettings) -> Result<ProgressReport> {
    let updates = cx.ask(updates::ops::mine(project, MOST_UPDATES)).await?;
    let next_visit = visits::ops::next(cx, project).await?;
    let headline = [known.details.headline.as_str(), known.details.detail.as_str()];
    Ok(ProgressReport {
        summary: headline.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" "),
        percent: known.schedule.percent,
        steps: steps(&known.schedule),
        moved: known.schedule.milestones.iter().filter_map(moved).take(MOST_MOVED).collect(),
        updates: updates.into_iter().map(|update| Update { date: update.day, text: update.body }).collect(),
        photos: Vec::new(),
        next_visit: next_visit.map(|next| visit(next, settings.locale)),
        project: known.project.name,
        address: known.project.address,
        customers: known.customers,
    })
}

pub(super) fn completion_certificate(known: Known, settings: &DocumentSettings) -> CompletionCertificate {
    let phases = known.schedule.phases.iter().enumerate();
    let done = phases.filter_map(|(at, phase)| {
        let ends: Option<Vec<NaiveDate>> = of_phase(&known.schedule, at).map(|m| m.actual_end).collect();
        Some(DoneStep { title: phase.name.clone(), finished: Some(ends?.into_iter().max()?) })
    });
    CompletionCertificate {
        steps: done.take(MOST_STEPS).collect(),
        statement: settings.statement.clone(),
        finished: finished(&known),
        signed: signature(&known, settings),
        project: known.project.name,
        address: known.project.address,
        customers: known.customers,
    }
}

pub(super) fn warranty(known: Known, settings: &DocumentSettings) -> Warranty {
    let starts = finished(&known);
    Warranty {
        title: settings.warranty_title.clone(),
        lead: settings.warranty_lead.clone(),
        starts,
        ends: settings.warranty_years.and_then(|years| last_day(starts, years)),
        covered: entries(&settings.covered),
        not_covered: entries(&settings.not_covered),
        facts: Vec::new(),
        sections: Vec::new(),
        claim: entries(&settings.claim),
        signed: Some(signature(&known, settings)),
        project: known.project.name,
        address: known.project.address,
        customers: known.customers,
    }
}

/// What every paper says, for another author's content.
pub(super) fn blank(known: Known) -> Custom {
    Custom {
        title: String::new(),
        lead: String::new(),
        project: known.project.name,
        address: known.project.address,
        customers: known.customers,
        intro: Vec::new(),
        facts: Vec::new(),
        covered: Vec::new(),
        not_covered: Vec::new(),
        sections: Vec::new(),
        signatures: Vec::new(),
    }
}

fn of_phase(schedule: &CustomerSchedule, at: usize) -> impl Iterator<Item = &CustomerMilestone> {
    schedule.milestones.iter().filter(move |m| m.phase_position == at)
}

/// The last day on which work was done; today where nobody noted one.
fn finished(known: &Known) -> NaiveDate {
    known.schedule.milestones.iter().filter_map(|m| m.actual_end).max().unwrap_or(known.today)
}

/// A year from June 17, 2026 ends on June 16, 2027; one from a February 29 on the next February 28.
fn last_day(first: NaiveDate, years: u32) -> Option<NaiveDate> {
    let same_day = first.checked_add_months(Months::new(years * 12))?;
    if same_day.day() == first.day() { same_day.pred_opt() } else { Some(same_day) }
}

fn lead(known: &Known, settings: &DocumentSettings) -> Person {
    match known.details.lead_name.as_str() {
        "" => Person { name: signature(known, settings).name, title: settings.signer_title.clone(), phone: known.phone.clone() },
        name => {
            let own = &known.details.lead_phone;
            let phone = if own.is_empty() { &known.phone } else { own };
            Person { name: name.to_owned(), title: String::new(), phone: phone.clone() }
        }
    }
}

/// Where nobody was named the company signs.
fn signature(known: &Known, settings: &DocumentSettings) -> Signature {
    match settings.signer_name.as_str() {
        "" => Signature { name: known.company.clone(), title: String::new() },
        name => Signature { name: name.to_owned(), title: settings.signer_title.clone() },
    }
}

/// Steps are phases, as on the household's page.
fn steps(schedule: &CustomerSchedule) -> Vec<Step> {
    let phases = schedule.phases.iter().enumerate();
    let step = phases.map(|(at, phase)| {
        let until = of_phase(schedule, at).map(|m| m.actual_end.unwrap_or(m.planned_end)).max();
        let from = of_phase(schedule, at).map(|m| m.planned_start).min();
        let state = match phase.state {
            PhaseState::Done => StepState::Done,
            PhaseState::Current => StepState::Now,
            PhaseState::Next => StepState::Next,
        };
        // Done before it was to begin, say: it ends on the day it was done.
        Step { title: phase.name.clone(), state, from: from.min(until), until }
    });
    step.take(MOST_STEPS).collect()
}

/// A day that is still to come and is not the one that was planned at first.
fn moved(milestone: &CustomerMilestone) -> Option<Moved> {
    let newest = milestone.moved.as_ref().filter(|_| milestone.state != MilestoneState::Done)?;
    let (from, to) = (milestone.first_end, milestone.planned_end);
    (from != to).then(|| Moved { title: milestone.name.clone(), from, to, reason: newest.reason.clone() })
}

fn visit(next: CustomerVisit, locale: DocumentLocale) -> Visit {
    let time = time_words(next.window.from, next.window.until, locale);
    Visit { date: next.window.day, time, purpose: next.title }
}

/// `8 am to 11 am` where people write so; `08:00 – 11:00` elsewhere.
fn time_words(from: NaiveTime, until: NaiveTime, locale: DocumentLocale) -> String {
    use DocumentLocale::{EnAu, EnCa, EnUs, EsUs};
    let clock = |time: NaiveTime| {
        let (afternoon, hour) = time.hour12();
        let minute = if time.minute() == 0 { String::new() } else { format!(":{:02}", time.minute()) };
        format!("{hour}{minute} {}", if afternoon { "pm" } else { "am" })
    };
    match locale {
        EnUs | EnCa | EnAu => format!("{} to {}", clock(from), clock(until)),
        EsUs => format!("{} – {}", clock(from), clock(until)),
        _ => format!("{} – {}", from.format("%H:%M"), until.format("%H:%M")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warranty_ends_the_day_before_the_same_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(last_day(day("2026-06-17"), 1), Some(day("2027-06-16")));
        assert_eq!(last_day(day("2028-02-29"), 1), Some(day("2029-02-28")));
    }

    #[test]
    fn times_are_written_as_people_there_do() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        assert_eq!(time_words(at(8, 0), at(11, 30), DocumentLocale::EnUs), "8 am to 11:30 am");
        assert_eq!(time_words(at(12, 0), at(16, 0), DocumentLocale::EnCa), "12 pm to 4 pm");
        assert_eq!(time_words(at(8, 0), at(16, 30), DocumentLocale::DeDe), "08:00 – 16:30");
    }
}
