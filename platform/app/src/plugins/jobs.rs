//! Events to plugins, what plugins want sent, rehearsals, and the objects that nobody needs any more.

use super::{
    PluginId, PluginMessageId, PluginMessageState, PluginRehearsalId,
    ops::{self, note_message},
};
use crate::{
    email::first_name,
    mails::{PluginMail, PluginOffMail},
    outbox::{self, Recipient},
    urls,
};
use kernel::{
    Caller, Problem, Result,
    ids::{CustomerId, StaffId},
    jobs::{Attempt, Job},
    session::PersonKind,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Whether a company has a plugin that hears of such an event: asked where the job would be stored, so that nobody else pays for it.
pub const LISTENS: &str = "EXISTS (SELECT 1 FROM platform.plugin_installs WHERE enabled AND $7::text = ANY (events))";

/// Finds what plugins have not heard of.
#[derive(Debug, Serialize, Deserialize)]
pub struct Hear {}

impl Job for Hear {
    const KIND: &'static str = "plugins.hear";

    fn dedupe(&self) -> Option<String> {
        Some("all".to_owned())
    }

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        ops::catch_up(&mut cx).await?;
        cx.commit().await
    }
}

/// Lets one plugin hear of one event.
#[derive(Debug, Serialize, Deserialize)]
pub struct Deliver {
    /// Which plugin.
    pub plugin: PluginId,
    /// The event's number.
    pub seq: i64,
}

impl Job for Deliver {
    const KIND: &'static str = "plugins.deliver";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::deliver(&caller, self.plugin, self.seq).await
    }
}

/// Who reads a plugin's mail.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// Of the household.
    Customer(CustomerId),
    /// Of the team.
    Staff(StaffId),
}

/// Sends a mail that a plugin wrote, to one reader.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendPluginMail {
    /// Which.
    pub message: PluginMessageId,
    /// To whom.
    pub reader: Reader,
}

impl Job for SendPluginMail {
    const KIND: &'static str = "plugins.send_mail";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let letter = ops::letter(&cx, self.message, self.reader).await?;
        cx.commit().await?;
        let Some(letter) = letter else { return Ok(()) };
        let (kind, id, link) = match self.reader {
            Reader::Customer(id) => (PersonKind::Customer, id.0, letter.project.map(|id| format!("{}/projects/{id}", urls::home(&caller)))),
            Reader::Staff(id) => {
                (PersonKind::Staff, id.0, letter.project.map(|id| format!("{}/console/projects/{id}", urls::home(&caller))))
            }
        };
        let mail = PluginMail {
            first_name: first_name(&letter.name).to_owned(),
            subject: letter.subject,
            paragraphs: letter.paragraphs,
            link: link.unwrap_or_else(|| urls::home(&caller)),
        };
        let to = Recipient { kind: kind.name(), id: Some(id), name: letter.name, email: letter.email };
        outbox::send(&caller, &attempt, to, &mail).await?;
        note_message(&caller, self.message, PluginMessageState::Sent, "").await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
        give_up(&caller, self.message, problem).await;
    }
}

/// Sends a request that a plugin wanted sent.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendPluginWebhook {
    /// Which.
    pub message: PluginMessageId,
}

impl Job for SendPluginWebhook {
    const KIND: &'static str = "plugins.send_webhook";
    const MAX_ATTEMPTS: i32 = 5;

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::send_webhook(&caller, self.message).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        give_up(&caller, self.message, problem).await;
    }
}

async fn give_up(caller: &Caller, message: PluginMessageId, problem: &Problem) {
    if let Err(error) = note_message(caller, message, PluginMessageState::Failed, problem.words()).await {
        tracing::error!(%error, "it could not be noted that a plugin's message was given up");
    }
}

/// Tells the managers that a plugin has turned itself off.
#[derive(Debug, Serialize, Deserialize)]
pub struct TellPluginOff {
    /// Which.
    pub plugin: PluginId,
}

impl Job for TellPluginOff {
    const KIND: &'static str = "plugins.tell_off";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        ops::tell_off(&mut cx, self.plugin).await?;
        cx.commit().await
    }
}

/// Tells one manager.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendPluginOff {
    /// Which plugin.
    pub plugin: PluginId,
    /// Whom.
    pub staff: StaffId,
}

impl Job for SendPluginOff {
    const KIND: &'static str = "plugins.send_off";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let letter = ops::off_letter(&cx, self.plugin, self.staff).await?;
        cx.commit().await?;
        let Some(letter) = letter else { return Ok(()) };
        let mail = PluginOffMail {
            first_name: first_name(&letter.name).to_owned(),
            plugin: letter.title,
            reason: letter.reason,
            link: format!("{}/console/plugins/{}", urls::home(&caller), self.plugin),
        };
        let to = Recipient { kind: PersonKind::Staff.name(), id: Some(self.staff.0), name: letter.name, email: letter.email };
        outbox::send(&caller, &attempt, to, &mail).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}

/// Runs a version over what has happened.
#[derive(Debug, Serialize, Deserialize)]
pub struct RehearsePlugin {
    /// Which rehearsal.
    pub rehearsal: PluginRehearsalId,
}

impl Job for RehearsePlugin {
    const KIND: &'static str = "plugins.rehearse";
    const MAX_ATTEMPTS: i32 = 3;

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::go_over(&caller, self.rehearsal).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        if let Err(error) = ops::give_up_rehearsal(&caller, self.rehearsal, problem).await {
            tracing::error!(%error, "it could not be noted that a rehearsal was given up");
        }
    }
}

/// Removes a component's object, unless a version has it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SweepPlugin {
    /// Which object.
    pub object: Uuid,
}

impl Job for SweepPlugin {
    const KIND: &'static str = "plugins.sweep";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::sweep(&caller, self.object).await
    }
}
