//! A customer's visits and steps as a calendar file (RFC 5545). Pure: the same entries give the same bytes.

use super::{
    AppointmentState,
    ops::{CustomerVisit, FeedEntry},
    zone::vtimezone,
};
use crate::schedule::ops::CustomerMilestone;
use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;

/// The longest line, in bytes; longer ones are folded.
const WIDTH: usize = 75;

/// What stands around the entries.
pub struct Calendar<'a> {
    /// The company's name.
    pub company: &'a str,
    /// Its host, part of every id.
    pub host: &'a str,
    /// Where the pages are, `https://…`.
    pub home: &'a str,
    /// The company's time zone.
    pub zone: Tz,
    /// When it is read.
    pub now: DateTime<Utc>,
}

impl Calendar<'_> {
    /// The file.
    pub fn file(&self, entries: &[FeedEntry]) -> String {
        let mut out = Lines::default();
        out.put("BEGIN:VCALENDAR");
        out.put("VERSION:2.0");
        out.put("PRODID:-//Plumbline//Visits//EN");
        out.put("CALSCALE:GREGORIAN");
        out.put("METHOD:PUBLISH");
        out.text("X-WR-CALNAME", self.company);
        out.put(&format!("X-WR-TIMEZONE:{}", self.zone.name()));
        out.put("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
        out.put("X-PUBLISHED-TTL:PT1H");
        let visits = || entries.iter().flat_map(|entry| &entry.visits);
        let first = visits().map(|v| v.starts_at).min().unwrap_or(self.now);
        let last = visits().map(|v| v.ends_at).max().unwrap_or(self.now);
        for line in vtimezone(self.zone, first, last) {
            out.put(&line);
        }
        for entry in entries {
            for visit in &entry.visits {
                self.visit(&mut out, entry, visit);
            }
            for step in &entry.steps {
                self.step(&mut out, entry, step);
            }
        }
        out.put("END:VCALENDAR");
        out.0
    }

    fn visit(&self, out: &mut Lines, entry: &FeedEntry, visit: &CustomerVisit) {
        let cancelled = visit.state == AppointmentState::Cancelled;
        let status = match visit.state {
            AppointmentState::Cancelled => "CANCELLED",
            AppointmentState::Confirmed => "CONFIRMED",
            AppointmentState::Proposed | AppointmentState::MoveAsked => "TENTATIVE",
        };
        let (starts, ends) = (visit.starts_at.with_timezone(&self.zone), visit.ends_at.with_timezone(&self.zone));
        let said = [entry.project_name.as_str(), &visit.who, &visit.prepare].into_iter().filter(|text| !text.is_empty());
        let page = format!("{}/projects/{}/visits", self.home, visit.project);
        let words: Vec<&str> = said.chain([page.as_str()]).collect();
        out.put("BEGIN:VEVENT");
        out.put(&format!("UID:visit-{}@{}", visit.id, self.host));
        out.put(&format!("DTSTAMP:{}", stamp(visit.updated_at)));
        out.put(&format!("LAST-MODIFIED:{}", stamp(visit.updated_at)));
        out.put(&format!("SEQUENCE:{}", visit.sequence));
        out.put(&format!("DTSTART;TZID={}:{}", self.zone.name(), starts.format("%Y%m%dT%H%M%S")));
        out.put(&format!("DTEND;TZID={}:{}", self.zone.name(), ends.format("%Y%m%dT%H%M%S")));
        out.text("SUMMARY", &if cancelled { format!("Called off: {}", visit.title) } else { visit.title.clone() });
        out.text("DESCRIPTION", &words.join("\n\n"));
        out.text("LOCATION", &entry.address);
        out.put(&format!("URL:{page}"));
        out.put(&format!("STATUS:{status}"));
        out.put(if cancelled { "TRANSP:TRANSPARENT" } else { "TRANSP:OPAQUE" });
        out.put("END:VEVENT");
    }

    /// Whole days: a step is work at the house, and nobody has to be there.
    fn step(&self, out: &mut Lines, entry: &FeedEntry, step: &CustomerMilestone) {
        let after = step.planned_end.checked_add_days(Days::new(1)).unwrap_or(step.planned_end);
        let words: Vec<&str> = [entry.project_name.as_str(), &step.note].into_iter().filter(|text| !text.is_empty()).collect();
        out.put("BEGIN:VEVENT");
        out.put(&format!("UID:step-{}@{}", step.id, self.host));
        out.put(&format!("DTSTAMP:{}", stamp(self.now)));
        out.put(&format!("DTSTART;VALUE=DATE:{}", step.planned_start.format("%Y%m%d")));
        out.put(&format!("DTEND;VALUE=DATE:{}", after.format("%Y%m%d")));
        out.text("SUMMARY", &step.name);
        out.text("DESCRIPTION", &words.join("\n\n"));
        out.text("LOCATION", &entry.address);
        out.put(&format!("URL:{}/projects/{}", self.home, entry.project));
        out.put("TRANSP:TRANSPARENT");
        out.put("END:VEVENT");
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// Content lines, folded and ended as calendar programs want them.
#[derive(Default)]
struct Lines(String);

impl Lines {
    fn put(&mut self, line: &str) {
        let mut used = 0;
        for c in line.chars() {
            if used + c.len_utf8() > WIDTH {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(c);
            used += c.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// A property with what people have typed.
    fn text(&mut self, name: &str, words: &str) {
        let mut line = format!("{name}:");
        for c in words.chars() {
            match c {
                '\\' | ';' | ',' => line.extend(['\\', c]),
                '\n' => line.push_str("\\n"),
                c if c.is_control() => {}
                c => line.push(c),
            }
        }
        self.put(&line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        projects::ProjectId,
        schedule::{MilestoneId, MilestoneState},
        visits::{AppointmentId, when::Span},
    };
    use uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn visit(state: AppointmentState) -> CustomerVisit {
        let (starts_at, ends_at) = (at("2026-06-09T12:00:00Z"), at("2026-06-09T15:00:00Z"));
        CustomerVisit {
            id: AppointmentId(Uuid::from_u128(1)),
            project: ProjectId(Uuid::from_u128(2)),
            project_name: "New roof".into(),
            title: "Shingles; back, left\\right".into(),
            window: Span { starts_at, ends_at }.window(Tz::America__New_York),
            starts_at,
            ends_at,
            was: None,
            who: "Dana".into(),
            prepare: "Move the cars.\nBEGIN:VEVENT\r\u{7}".into(),
            state,
            asked_note: String::new(),
            answered_by: String::new(),
            sequence: 3,
            over: false,
            answerable: true,
            updated_at: at("2026-06-01T08:00:00Z"),
        }
    }

    fn file(visits: Vec<CustomerVisit>, steps: Vec<CustomerMilestone>) -> String {
        let entry = FeedEntry {
            project: ProjectId(Uuid::from_u128(2)),
            project_name: "New roof".into(),
            address: "14 Quillfeather Lane, Sampleton".into(),
            visits,
            steps,
        };
        let calendar = Calendar {
            company: "Larkrise Roofing",
            host: "larkrise.plumbline.example",
            home: "https://larkrise.plumbline.example",
            zone: Tz::America__New_York,
            now: at("2026-06-08T12:00:00Z"),
        };
        calendar.file(&[entry])
    }

    #[test]
    fn a_visit_is_an_event_in_the_companys_zone() {
        let text = file(vec![visit(AppointmentState::Proposed)], vec![]);
        for line in [
            "UID:visit-00000000-0000-0000-0000-000000000001@larkrise.plumbline.example",
            "SEQUENCE:3",
            "DTSTAMP:20260601T080000Z",
            "DTSTART;TZID=America/New_York:20260609T080000",
            "DTEND;TZID=America/New_York:20260609T110000",
            "SUMMARY:Shingles\\; back\\, left\\\\right",
            "LOCATION:14 Quillfeather Lane\\, Sampleton",
            "STATUS:TENTATIVE",
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}: {text}");
        }
        assert_eq!(text.matches("\r\nBEGIN:VEVENT\r\n").count(), 1, "what is typed begins nothing: {text}");
        assert!(
            text.replace("\r\n ", "").contains("DESCRIPTION:New roof\\n\\nDana\\n\\nMove the cars.\\nBEGIN:VEVENT\\n\\nhttps"),
            "{text}"
        );
        assert!(file(vec![visit(AppointmentState::Confirmed)], vec![]).contains("\r\nSTATUS:CONFIRMED\r\n"));
        let off = file(vec![visit(AppointmentState::Cancelled)], vec![]);
        assert!(off.contains("\r\nSTATUS:CANCELLED\r\n") && off.contains("SUMMARY:Called off: Shingles"));
    }

    #[test]
    fn a_step_is_whole_days() {
        let day = |text: &str| text.parse().expect("a day");
        let step = CustomerMilestone {
            id: MilestoneId(Uuid::from_u128(4)),
            name: "Gutters".into(),
            note: String::new(),
            state: MilestoneState::Next,
            phase_position: 0,
            planned_start: day("2026-06-30"),
            planned_end: day("2026-06-30"),
            first_start: day("2026-06-30"),
            first_end: day("2026-06-30"),
            actual_start: None,
            actual_end: None,
            moved: None,
        };
        let text = file(vec![], vec![step]);
        assert!(text.contains("DTSTART;VALUE=DATE:20260630\r\nDTEND;VALUE=DATE:20260701\r\n"), "{text}");
    }

    #[test]
    fn lines_are_short_and_whole() {
        let mut long = visit(AppointmentState::Proposed);
        long.prepare = "Grüße: bitte alle Autos wegfahren, ä".repeat(12);
        let text = file(vec![long.clone()], vec![]);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= WIDTH && !line.contains(['\r', '\n'])));
        assert!(text.replace("\r\n ", "").contains(&long.prepare.replace(',', "\\,")));
    }
}
