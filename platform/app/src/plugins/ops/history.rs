//! A plugin's runs: the list, and one with its log.

use super::{MAY_CHANGE, PluginCall, PluginLogLine, PluginMessage, PluginRunRow, PluginRunView, row};
use crate::{
    plugins::{PluginId, PluginMessageKind, PluginMessageState, PluginOccasion, PluginRunId},
    projects::ProjectId,
};
use chrono::{DateTime, Utc};
use kernel::{
    Cx, Problem, Result,
    paging::{Page, Paging},
};
use plugin_host::{
    Outcome, Output, Recording, Report,
    calls::Level,
    data::{Audience, HttpRequest, Message, Note, Notice},
};
use sea_orm::FromQueryResult;
use serde_json::Value;

#[derive(FromQueryResult)]
struct Row {
    id: PluginRunId,
    version: String,
    occasion: PluginOccasion,
    about: String,
    project_id: Option<ProjectId>,
    asked_by_name: String,
    words: String,
    report: Value,
    created_at: DateTime<Utc>,
}

const SELECT: &str = "SELECT r.id, coalesce(v.version, '') AS version, r.occasion, r.about, r.project_id, r.asked_by_name, r.words, r.report, \
    r.created_at FROM plugin_runs r LEFT JOIN plugin_versions v ON v.plugin_id = r.plugin_id AND v.number = r.number";

/// Its runs, the newest first.
pub async fn runs(cx: &Cx, id: PluginId, paging: &Paging) -> Result<Page<PluginRunRow>> {
    row(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let sql = format!("{SELECT} WHERE r.plugin_id = $1 AND ($2::uuid IS NULL OR r.id < $2) ORDER BY r.id DESC LIMIT $3");
    let limit = i64::try_from(paging.limit + 1).map_err(Problem::internal)?;
    let rows = cx.rows::<Row>(&sql, [id.into(), paging.after.into(), limit.into()]).await?;
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        let report = report(&row)?;
        seen.push((row, report));
    }
    Ok(Page::new(seen, paging, |(row, _)| row.id.0, |(row, report)| line(row, &report)))
}

/// One run.
pub async fn run(cx: &Cx, plugin: PluginId, id: PluginRunId) -> Result<PluginRunView> {
    row(cx, plugin).await?;
    cx.require(MAY_CHANGE)?;
    let sql = format!("{SELECT} WHERE r.plugin_id = $1 AND r.id = $2");
    let found = cx.row::<Row>(&sql, [plugin.into(), id.into()]).await?.ok_or_else(|| Problem::not_found("run"))?;
    let report = report(&found)?;
    let recorded = recording_of(cx, plugin, id).await?;
    let is_test = found.occasion == PluginOccasion::Test;
    let is_document = recorded.as_ref().is_some_and(|r| matches!(r.input, plugin_host::Input::Document { .. }));
    Ok(PluginRunView {
        messages: if is_test { would_be(cx, plugin, id).await? } else { sent(cx, id).await? },
        has_document: is_document && report.outcome == Outcome::Done,
        replayable: recorded.is_some(),
        run: line(found, &report),
        cpu_us: report.cpu_us,
        memory_peak: report.memory_peak,
        memory_limit: report.memory_limit,
        output_bytes: report.output_bytes,
        log: report.log.into_iter().map(|l| PluginLogLine { level: level(l.level).to_owned(), message: l.message }).collect(),
        log_cut: report.log_cut,
        calls: report
            .calls
            .into_iter()
            .map(|c| PluginCall { what: c.what, failure: c.failure.unwrap_or_default(), time_us: c.time_us })
            .collect(),
        calls_total: report.calls_total,
        http_calls: report.http_calls,
    })
}

/// A run's recording, if it is still kept.
pub(super) async fn recording_of(cx: &Cx, plugin: PluginId, id: PluginRunId) -> Result<Option<Recording>> {
    let sql = "SELECT recording FROM plugin_runs WHERE plugin_id = $1 AND id = $2";
    let row = cx.one(sql, [plugin.into(), id.into()]).await?.ok_or_else(|| Problem::not_found("run"))?;
    let stored: Option<Value> = row.try_get("", "recording")?;
    stored.map(serde_json::from_value).transpose().map_err(Problem::internal)
}

fn report(row: &Row) -> Result<Report> {
    serde_json::from_value(row.report.clone()).map_err(Problem::internal)
}

fn line(row: Row, report: &Report) -> PluginRunRow {
    PluginRunRow {
        id: row.id,
        at: row.created_at,
        occasion: row.occasion,
        about: row.about,
        project_id: row.project_id,
        asked_by: row.asked_by_name,
        version: row.version,
        ok: report.outcome == Outcome::Done,
        outcome: report.outcome.code().to_owned(),
        words: row.words,
        fuel_used: report.fuel_used,
        fuel_limit: report.fuel_limit,
        headroom: report.headroom(),
        time_us: report.time_us,
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warning => "warning",
        Level::Error => "error",
    }
}

#[derive(FromQueryResult)]
struct Sent {
    kind: PluginMessageKind,
    content: Value,
    state: PluginMessageState,
    detail: String,
}

async fn sent(cx: &Cx, run: PluginRunId) -> Result<Vec<PluginMessage>> {
    let rows =
        cx.rows::<Sent>("SELECT kind, content, state, detail FROM plugin_messages WHERE run_id = $1 ORDER BY id", [run.into()]).await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in rows {
        let parse = |value| serde_json::from_value(value).map_err(Problem::internal);
        let message = match row.kind {
            PluginMessageKind::Mail => Message::Mail(serde_json::from_value(row.content).map_err(Problem::internal)?),
            PluginMessageKind::Webhook => Message::Webhook(serde_json::from_value(row.content).map_err(Problem::internal)?),
            PluginMessageKind::Notice | PluginMessageKind::Note => Message::Notice(parse(row.content)?),
        };
        all.push(PluginMessage { kind: row.kind, state: Some(row.state), detail: row.detail, ..message_view(&message) });
    }
    Ok(all)
}

/// What a test would have sent.
async fn would_be(cx: &Cx, plugin: PluginId, id: PluginRunId) -> Result<Vec<PluginMessage>> {
    let row = cx.one("SELECT output FROM plugin_runs WHERE plugin_id = $1 AND id = $2", [plugin.into(), id.into()]).await?;
    let stored: Option<Value> = row.map(|row| row.try_get("", "output")).transpose()?.flatten();
    let output: Option<Output> = stored.map(serde_json::from_value).transpose().map_err(Problem::internal)?;
    Ok(output.as_ref().map(messages).unwrap_or_default())
}

/// The messages of an answer.
pub(super) fn messages(output: &Output) -> Vec<PluginMessage> {
    match output {
        Output::Messages(all) => all.iter().map(message_view).collect(),
        Output::Notes(notes) => notes.iter().map(note_view).collect(),
        Output::Content(_) | Output::Pdf(_) => Vec::new(),
    }
}

fn view(kind: PluginMessageKind, to: &str, title: String, text: String) -> PluginMessage {
    PluginMessage { kind, to: to.to_owned(), title, text, state: None, detail: String::new() }
}

fn note_view(note: &Note) -> PluginMessage {
    view(PluginMessageKind::Note, "", note.title.clone(), note.text.clone())
}

fn message_view(message: &Message) -> PluginMessage {
    match message {
        Message::Mail(mail) => {
            let to = if mail.to == Audience::Household { "household" } else { "managers" };
            view(PluginMessageKind::Mail, to, mail.subject.clone(), mail.text.clone())
        }
        Message::Notice(Notice { title, text }) => view(PluginMessageKind::Notice, "", title.clone(), text.clone()),
        Message::Webhook(HttpRequest { method, url, body, .. }) => {
            let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
            let text = String::from_utf8(body.0.clone()).unwrap_or_else(|_| format!("{} bytes", body.0.len()));
            view(PluginMessageKind::Webhook, &host, format!("{method} {url}"), text)
        }
    }
}
