//! The limits of each kind of content.

use super::{Checked, LINE, PROSE, SENTENCES, address, line, list, period, pictures, prose, year, years};
use crate::{
    Block, CompletionCertificate, Content, Custom, Failure, ProgressReport, Section, Signature, StepState, Warranty, WelcomePacket,
};

/// How many lines a list may have.
const LINES: usize = 40;
const STEPS: usize = 60;
const PHOTOS: usize = 6;
const COLUMNS: usize = 6;
const ROWS: usize = 500;

pub(super) fn content(content: &Content) -> Checked {
    match content {
        Content::WelcomePacket(packet) => welcome(packet),
        Content::ProgressReport(report) => progress(report),
        Content::CompletionCertificate(certificate) => completion(certificate),
        Content::Warranty(content) => warranty(content),
        Content::Custom(content) => custom(content),
    }
}

/// What every paper says about its project.
fn about(project: &str, address: &str, customers: &[String]) -> Checked {
    line("content.project", project, LINE, true)?;
    line("content.address", address, LINE, false)?;
    if customers.is_empty() {
        return Err(Failure::order("content.customers", "It needs a name."));
    }
    list("content.customers", customers, 8, |field, name| line(field, name, 120, true))
}

fn welcome(packet: &WelcomePacket) -> Checked {
    about(&packet.project, &packet.address, &packet.customers)?;
    prose("content.greeting", &packet.greeting, PROSE, false)?;
    line("content.lead.name", &packet.lead.name, 120, true)?;
    line("content.lead.title", &packet.lead.title, 120, false)?;
    line("content.lead.phone", &packet.lead.phone, 40, false)?;
    list("content.steps", &packet.steps, STEPS, |field, step| {
        line(field, &step.title, LINE, true)?;
        prose(field, &step.note, SENTENCES, false)?;
        period(field, step.from, step.until)
    })?;
    list("content.prepare", &packet.prepare, LINES, |field, text| prose(field, text, SENTENCES, true))?;
    address("content.portal_url", &packet.portal_url, true)?;
    line("content.sign_in_email", &packet.sign_in_email, LINE, false)?;
    list("content.next", &packet.next, LINES, |field, text| prose(field, text, SENTENCES, true))
}

fn progress(report: &ProgressReport) -> Checked {
    about(&report.project, &report.address, &report.customers)?;
    prose("content.summary", &report.summary, SENTENCES, false)?;
    if report.percent > 100 {
        return Err(Failure::order("content.percent", "It is more than 100."));
    }
    list("content.steps", &report.steps, STEPS, |field, step| {
        line(field, &step.title, LINE, true)?;
        period(field, step.from, step.until)
    })?;
    if report.steps.iter().filter(|step| step.state == StepState::Now).count() > 1 {
        return Err(Failure::order("content.steps", "Only one step can be the one under way."));
    }
    list("content.moved", &report.moved, 20, |field, moved| {
        line(field, &moved.title, LINE, true)?;
        prose(field, &moved.reason, SENTENCES, false)?;
        years(field, [Some(moved.from), Some(moved.to)])
    })?;
    list("content.updates", &report.updates, 20, |field, update| {
        year(field, update.date)?;
        prose(field, &update.text, PROSE, true)
    })?;
    list("content.photos", &report.photos, PHOTOS, |field, photo| {
        line(field, &photo.caption, LINE, true)?;
        years(field, [photo.taken])?;
        pictures::photo(field, &photo.picture)
    })?;
    let Some(visit) = &report.next_visit else { return Ok(()) };
    year("content.next_visit", visit.date)?;
    line("content.next_visit.time", &visit.time, 80, false)?;
    prose("content.next_visit.purpose", &visit.purpose, SENTENCES, false)
}

fn completion(certificate: &CompletionCertificate) -> Checked {
    about(&certificate.project, &certificate.address, &certificate.customers)?;
    prose("content.statement", &certificate.statement, SENTENCES, false)?;
    year("content.finished", certificate.finished)?;
    list("content.steps", &certificate.steps, STEPS, |field, step| {
        line(field, &step.title, LINE, true)?;
        years(field, [step.finished])
    })?;
    signature(&certificate.signed)
}

fn signature(signed: &Signature) -> Checked {
    line("content.signed.name", &signed.name, 120, true)?;
    line("content.signed.title", &signed.title, 120, false)
}

fn warranty(warranty: &Warranty) -> Checked {
    about(&warranty.project, &warranty.address, &warranty.customers)?;
    line("content.title", &warranty.title, 80, true)?;
    prose("content.lead", &warranty.lead, SENTENCES, false)?;
    period("content.ends", Some(warranty.starts), warranty.ends)?;
    list("content.covered", &warranty.covered, LINES, |field, text| prose(field, text, SENTENCES, true))?;
    list("content.not_covered", &warranty.not_covered, LINES, |field, text| prose(field, text, SENTENCES, true))?;
    list("content.facts", &warranty.facts, 20, |field, fact| {
        line(field, &fact.label, 80, true)?;
        line(field, &fact.value, LINE, true)
    })?;
    list("content.sections", &warranty.sections, 30, section)?;
    list("content.claim", &warranty.claim, LINES, |field, text| prose(field, text, SENTENCES, true))?;
    warranty.signed.as_ref().map_or(Ok(()), signature)
}

fn custom(custom: &Custom) -> Checked {
    about(&custom.project, &custom.address, &custom.customers)?;
    line("content.title", &custom.title, 80, true)?;
    prose("content.lead", &custom.lead, SENTENCES, false)?;
    list("content.intro", &custom.intro, LINES, |field, text| prose(field, text, PROSE, true))?;
    list("content.facts", &custom.facts, 20, |field, fact| {
        line(field, &fact.label, 80, true)?;
        line(field, &fact.value, LINE, true)
    })?;
    list("content.covered", &custom.covered, LINES, |field, text| prose(field, text, SENTENCES, true))?;
    list("content.not_covered", &custom.not_covered, LINES, |field, text| prose(field, text, SENTENCES, true))?;
    list("content.sections", &custom.sections, 30, section)?;
    list("content.signatures", &custom.signatures, 8, |field, signature| {
        line(field, &signature.role, 80, true)?;
        line(field, &signature.name, 120, false)
    })
}

fn section(field: &str, section: &Section) -> Checked {
    line(field, &section.heading, LINE, true)?;
    list(&format!("{field}.blocks"), &section.blocks, 30, |field, block| match block {
        Block::Text { text } => prose(field, text, PROSE, true),
        Block::Bullets { items } => list(field, items, LINES, |field, text| prose(field, text, SENTENCES, true)),
        Block::Table { head, rows, caption, ends } => {
            line(field, caption, LINE, false)?;
            if ends.iter().any(|at| *at >= head.len()) {
                return Err(Failure::order(field, "There is no such column."));
            }
            table(field, head, rows)
        }
    })
}

fn table(field: &str, head: &[String], rows: &[Vec<String>]) -> Checked {
    if head.is_empty() {
        return Err(Failure::order(field, "A table needs the names of its columns."));
    }
    list(&format!("{field}.head"), head, COLUMNS, |field, text| line(field, text, 80, false))?;
    list(&format!("{field}.rows"), rows, ROWS, |field, row| {
        if row.len() != head.len() {
            return Err(Failure::order(field, format!("The row has {} cells, and the table {} columns.", row.len(), head.len())));
        }
        row.iter().try_for_each(|cell| prose(field, cell, SENTENCES, false))
    })
}
