//! The mails about visits: a job finds out whom to write, and each person's mail is a job of its own.

use super::{
    AppointmentId,
    ops::{self, Letter, Occasion},
    when::{Window, words},
};
use crate::{
    email::first_name,
    mails::{VisitMail, VisitTime},
    outbox::{self, Recipient},
    urls,
};
use kernel::{
    Caller, Problem, Result,
    ids::CustomerId,
    jobs::{Attempt, Job},
    session::PersonKind,
};
use serde::{Deserialize, Serialize};

/// Finds out whom to write about a visit as it stands.
#[derive(Serialize, Deserialize)]
pub struct TellVisit {
    /// Which.
    pub appointment: AppointmentId,
}

impl Job for TellVisit {
    const KIND: &'static str = "visits.tell";

    fn dedupe(&self) -> Option<String> {
        Some(self.appointment.to_string())
    }

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        if let Some((occasion, sequence, told)) = ops::tell(&cx, self.appointment).await? {
            for customer in told {
                cx.enqueue(&SendVisit { appointment: self.appointment, sequence, occasion, customer }).await?;
            }
        }
        cx.commit().await
    }
}

/// Reminds a household on the day before.
#[derive(Serialize, Deserialize)]
pub struct RemindVisit {
    /// Of which visit.
    pub appointment: AppointmentId,
    /// Of which of its times.
    pub sequence: i32,
}

impl Job for RemindVisit {
    const KIND: &'static str = "visits.remind";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        let Self { appointment, sequence } = self;
        for customer in ops::remind(&cx, appointment, sequence).await? {
            cx.enqueue(&SendVisit { appointment, sequence, occasion: Occasion::Reminder, customer }).await?;
        }
        cx.commit().await
    }
}

/// Writes to one person about a visit.
#[derive(Serialize, Deserialize)]
pub struct SendVisit {
    /// Which.
    pub appointment: AppointmentId,
    /// Which of its times.
    pub sequence: i32,
    /// Why.
    pub occasion: Occasion,
    /// To whom.
    pub customer: CustomerId,
}

impl Job for SendVisit {
    const KIND: &'static str = "visits.send";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let letter = ops::letter(&cx, self.appointment, self.sequence, self.customer).await?;
        cx.commit().await?;
        let Some(Letter { person, project, project_name, title, window, was, who, prepare, unanswered }) = letter else { return Ok(()) };
        let mail = VisitMail {
            occasion: self.occasion,
            first_name: first_name(&person.name).to_owned(),
            project: project_name,
            title,
            time: time(window),
            was: was.map(time),
            who,
            prepare,
            unanswered,
            link: format!("{}/projects/{project}/visits", urls::home(&caller)),
        };
        let to = Recipient { kind: PersonKind::Customer.name(), id: Some(person.id.0), name: person.name, email: person.email };
        outbox::send(&caller, &attempt, to, &mail).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}

fn time(window: Window) -> VisitTime {
    VisitTime { day: window.day, hours: words(window.from, window.until) }
}
