//! What a run wanted sent or noted: written down with the run, sent by jobs afterwards.

use super::{
    perform::{self, Ready},
    row,
};
use crate::{
    events::Event,
    people,
    plugins::{
        PluginId, PluginMessageId, PluginMessageKind, PluginMessageState, PluginRunId, PluginRunner,
        delegate::Desk,
        jobs::{Reader, SendPluginMail, SendPluginWebhook},
    },
    projects,
    projects::ProjectId,
    team,
};
use chrono::Duration;
use kernel::{Actor, Caller, Cx, Problem, Result};
use plugin_host::{
    Output,
    data::{Audience, HttpRequest, Mail, Message, Note},
    delegate::{FailureCode, Secrets},
};
use sea_orm::{ActiveEnum, FromQueryResult};
use serde_json::Value;
use std::sync::Arc;

/// Mails to one project's household from one plugin within a day: whatever it says goes out in the company's name.
pub(super) const MAILS_A_DAY: i64 = 5;
/// The most that is taken of a subject and a text, in characters.
const SUBJECT: usize = 150;
const TEXT: usize = 8000;

/// Writes down what a run wants, and has it sent.
pub(super) async fn post(cx: &mut Cx, ready: &Ready, run: PluginRunId, project: Option<ProjectId>, output: &Output) -> Result<()> {
    let sheet = Sheet { plugin: ready.row.id, run, project };
    match output {
        Output::Messages(all) => {
            for message in all {
                match message {
                    Message::Mail(mail) => sheet.mail(cx, mail).await?,
                    Message::Notice(notice) => {
                        sheet.insert(cx, PluginMessageKind::Notice, json(notice)?, PluginMessageState::Sent, "").await?;
                    }
                    Message::Webhook(request) => sheet.webhook(cx, request).await?,
                }
            }
        }
        Output::Notes(notes) => {
            for note in notes {
                sheet.note(cx, &ready.title, note).await?;
            }
        }
        Output::Content(_) | Output::Pdf(_) => {}
    }
    Ok(())
}

/// Where a run's messages belong.
struct Sheet {
    plugin: PluginId,
    run: PluginRunId,
    project: Option<ProjectId>,
}

impl Sheet {
    async fn insert(
        &self,
        cx: &Cx,
        kind: PluginMessageKind,
        content: Value,
        state: PluginMessageState,
        detail: &str,
    ) -> Result<PluginMessageId> {
        let id = PluginMessageId(cx.new_uuid());
        let sql = "INSERT INTO plugin_messages (id, plugin_id, run_id, kind, project_id, content, state, detail, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = [
            id.into(),
            self.plugin.into(),
            self.run.into(),
            kind.to_value().into(),
            self.project.into(),
            content.into(),
            state.to_value().into(),
            detail.into(),
            cx.now().into(),
        ];
        cx.execute(sql, values).await?;
        Ok(id)
    }

    async fn mail(&self, cx: &mut Cx, mail: &Mail) -> Result<()> {
        let cut = Mail { to: mail.to, subject: start(&mail.subject, SUBJECT), text: start(&mail.text, TEXT) };
        let content = json(&cut)?;
        let (readers, why): (Vec<Reader>, &str) = match (mail.to, self.project) {
            (Audience::Managers, _) => (
                team::ops::chiefs(cx).await?.into_iter().map(|chief| Reader::Staff(chief.id)).collect(),
                "Nobody of the team is a manager.",
            ),
            (Audience::Household, None) => (Vec::new(), "It is about no project, so there is no household to write to."),
            (Audience::Household, Some(_)) if self.mails_today(cx).await? >= MAILS_A_DAY => {
                (Vec::new(), "A plugin writes at most 5 mails a day to one household.")
            }
            (Audience::Household, Some(project)) => {
                let household = projects::ops::household_of(cx, project).await?;
                let told = people::ops::told(cx, household).await?;
                (told.into_iter().map(|person| Reader::Customer(person.id)).collect(), "Nobody of the household was invited to the portal.")
            }
        };
        if readers.is_empty() {
            return self.insert(cx, PluginMessageKind::Mail, content, PluginMessageState::Failed, why).await.map(drop);
        }
        let message = self.insert(cx, PluginMessageKind::Mail, content, PluginMessageState::Queued, "").await?;
        for reader in readers {
            cx.enqueue(&SendPluginMail { message, reader }).await?;
        }
        Ok(())
    }

    async fn mails_today(&self, cx: &Cx) -> Result<i64> {
        let sql = "SELECT count(*) AS mails FROM plugin_messages WHERE plugin_id = $1 AND kind = 'mail' AND project_id = $2 \
                   AND content ->> 'to' = 'household' AND state <> 'failed' AND created_at > $3";
        let row = cx.one(sql, [self.plugin.into(), self.project.into(), (cx.now() - Duration::hours(24)).into()]).await?;
        Ok(row.map(|row| row.try_get("", "mails")).transpose()?.unwrap_or_default())
    }

    async fn webhook(&self, cx: &mut Cx, request: &HttpRequest) -> Result<()> {
        let message = self.insert(cx, PluginMessageKind::Webhook, json(request)?, PluginMessageState::Queued, "").await?;
        cx.enqueue(&SendPluginWebhook { message }).await
    }

    /// A note stands in the project's history, in the plugin's name.
    async fn note(&self, cx: &mut Cx, name: &str, note: &Note) -> Result<()> {
        let Some(project) = self.project else {
            let why = "It is about no project, so there is no history to note it in.";
            return self.insert(cx, PluginMessageKind::Note, json(note)?, PluginMessageState::Failed, why).await.map(drop);
        };
        self.insert(cx, PluginMessageKind::Note, json(note)?, PluginMessageState::Sent, "").await?;
        let before = cx.actor().clone();
        cx.act_as(Actor::Plugin { id: self.plugin.0, name: name.to_owned() });
        let (title, text) = (start(&note.title, SUBJECT), start(&note.text, TEXT));
        cx.record(&Event::PluginNoted { plugin: self.plugin, project, title, text }).await?;
        cx.act_as(before);
        Ok(())
    }
}

fn json(content: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(content).map_err(Problem::internal)
}

fn start(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect()
}

#[derive(FromQueryResult)]
struct Row {
    plugin_id: PluginId,
    project_id: Option<ProjectId>,
    content: Value,
    state: PluginMessageState,
}

async fn message(cx: &Cx, id: PluginMessageId) -> Result<Option<Row>> {
    let sql = "SELECT plugin_id, project_id, content, state FROM plugin_messages WHERE id = $1";
    Ok(cx.row(sql, [id.into()]).await?)
}

/// A mail of a plugin to one reader.
pub(in crate::plugins) struct Letter {
    pub name: String,
    pub email: String,
    pub subject: String,
    pub paragraphs: Vec<String>,
    pub project: Option<ProjectId>,
}

/// What a reader is to be written; none if the plugin is gone, or the reader.
pub(in crate::plugins) async fn letter(cx: &Cx, id: PluginMessageId, reader: Reader) -> Result<Option<Letter>> {
    let Some(row) = message(cx, id).await? else { return Ok(None) };
    let mail: Mail = serde_json::from_value(row.content).map_err(Problem::internal)?;
    let person = match reader {
        Reader::Customer(id) => people::ops::find_person(cx, id).await?.map(|person| (person.name, person.email)),
        Reader::Staff(id) => team::ops::active(cx, id).await?.map(|person| (person.name, person.email)),
    };
    let paragraphs = mail.text.split("\n\n").map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect();
    let project = row.project_id;
    Ok(person.map(|(name, email)| Letter { name, email, subject: mail.subject, paragraphs, project }))
}

/// Notes what became of a message. What was sent once stays so.
pub(in crate::plugins) async fn note(caller: &Caller, id: PluginMessageId, state: PluginMessageState, detail: &str) -> Result<()> {
    let cx = caller.begin().await?;
    let sql = "UPDATE plugin_messages SET state = $2, detail = $3 WHERE id = $1 AND state <> 'sent'";
    cx.execute(sql, [id.into(), state.to_value().into(), detail.into()]).await?;
    cx.commit().await
}

/// Sends a webhook by the rules of its plugin as they are now. An error means: again later.
pub(in crate::plugins) async fn send_webhook(caller: &Caller, id: PluginMessageId) -> Result<()> {
    let cx = caller.begin().await?;
    let Some(message) = message(&cx, id).await?.filter(|m| m.state == PluginMessageState::Queued) else { return Ok(()) };
    let plugin = row(&cx, message.plugin_id).await?;
    let enabled = plugin.enabled;
    let ready = perform::can_run(&cx, plugin).await?;
    cx.commit().await?;
    let failed = async |why: &str| note(caller, id, PluginMessageState::Failed, why).await;
    let ready = match ready {
        Ok(ready) if enabled => ready,
        Ok(_) => return failed("The plugin was turned off before it was sent.").await,
        Err(words) => return failed(&words).await,
    };
    let request: HttpRequest = serde_json::from_value(message.content).map_err(Problem::internal)?;
    let runner = PluginRunner::of(caller).await?;
    let desk = Desk::new(caller, ready.version.clone(), &ready.title);
    let secrets: Arc<dyn Secrets> = desk;
    match runner.host().await?.deliver(&ready.install, &*secrets, &request).await {
        Ok(answer) if answer.status < 300 => note(caller, id, PluginMessageState::Sent, &format!("Answered {}.", answer.status)).await,
        Ok(answer) if answer.status < 500 && answer.status != 429 => {
            failed(&format!("The other side refused it: {}.", answer.status)).await
        }
        Ok(answer) => later(caller, id, &format!("The other side answered {}.", answer.status)).await,
        Err(failure) if matches!(failure.code, FailureCode::TimedOut | FailureCode::Unavailable) => {
            later(caller, id, &failure.message).await
        }
        Err(failure) => failed(&failure.message).await,
    }
}

async fn later(caller: &Caller, id: PluginMessageId, why: &str) -> Result<()> {
    note(caller, id, PluginMessageState::Queued, &format!("{why} It is tried again.")).await?;
    Err(Problem::unavailable("webhook_later", why))
}
