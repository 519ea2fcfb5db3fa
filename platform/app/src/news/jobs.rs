//! Gathering the news of a project, and the mail to each person.

use super::ops::{self, Stretch};
use crate::{
    email::first_name,
    mails::{NewsLine, NewsMail},
    outbox::{self, Recipient},
    projects::ProjectId,
    updates::ops::CustomerUpdate,
    urls,
};
use kernel::{
    Caller, Problem, Result,
    ids::CustomerId,
    jobs::{Attempt, Job},
    session::PersonKind,
};
use serde::{Deserialize, Serialize};

/// How many updates a mail begins; the rest is on the page.
const MOST_LINES: usize = 5;
/// How much of an update's first line.
const MOST_LETTERS: usize = 200;

/// Tells a household what is new.
#[derive(Serialize, Deserialize)]
pub struct TellNews {
    /// Of which project.
    pub project: ProjectId,
}

impl Job for TellNews {
    const KIND: &'static str = "news.tell";

    fn dedupe(&self) -> Option<String> {
        Some(self.project.to_string())
    }

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        if let Some((Stretch { after, until }, told)) = ops::gather(&cx, self.project).await? {
            for customer in told {
                cx.enqueue(&SendNews { project: self.project, customer, after, until }).await?;
            }
        }
        cx.commit().await
    }
}

/// Writes to one person what is new.
#[derive(Serialize, Deserialize)]
pub struct SendNews {
    /// Of which project.
    pub project: ProjectId,
    /// To whom.
    pub customer: CustomerId,
    /// After this entry of the log.
    pub after: i64,
    /// Up to and with this one.
    pub until: i64,
}

impl Job for SendNews {
    const KIND: &'static str = "news.send";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let stretch = Stretch { after: self.after, until: self.until };
        let letter = ops::letter(&cx, self.project, stretch, self.customer).await?;
        cx.commit().await?;
        let Some(ops::Letter { person, project_name, news }) = letter else { return Ok(()) };
        let more_updates = news.updates.len().saturating_sub(MOST_LINES);
        let mail = NewsMail {
            first_name: first_name(&person.name).to_owned(),
            project: project_name,
            steps: news.steps,
            photos: news.photos,
            papers: news.papers,
            updates: news.updates.into_iter().take(MOST_LINES).map(line).collect(),
            more_updates,
            link: format!("{}/projects/{}", urls::home(&caller), self.project),
        };
        let to = Recipient { kind: PersonKind::Customer.name(), id: Some(person.id.0), name: person.name, email: person.email };
        outbox::send(&caller, &attempt, to, &mail).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}

/// The first line of an update, not too long.
fn line(update: CustomerUpdate) -> NewsLine {
    let first = update.body.lines().next().unwrap_or_default();
    let mut words: String = first.chars().take(MOST_LETTERS).collect();
    if first.chars().count() > MOST_LETTERS {
        words.push('…');
    }
    NewsLine { day: update.day, words }
}
