//! The texts that pages and mails are made with, as known to this process; and the note of one that failed.

use super::TemplateText;
use crate::{
    events::Event,
    template_overrides::{model::sentence, published},
};
use kernel::{
    Caller, Result,
    pages::{Active, Actives, Flaw},
};
use sea_orm::FromQueryResult;
use std::sync::Arc;

/// The texts that a company uses as of this stamp of its brand. They are read once for each stamp and process; a company without any
/// costs one look into this process's memory. Where they cannot be read, ours are used.
pub async fn in_use(caller: &Caller, stamp: i64) -> Arc<Actives> {
    if stamp == 0 || caller.tenant.is_platform() {
        return Actives::none();
    }
    let (pages, tenant) = (&caller.app.pages, caller.tenant.id.0);
    if let Some(known) = pages.known(tenant, stamp) {
        return known;
    }
    match read(caller).await {
        Ok(texts) => {
            let slot = |key: &str| Some(&published::find(key)?.slot);
            let texts = texts.into_iter().filter_map(|used| Some((slot(&used.template)?, used.number, used.text())));
            pages.keep(tenant, stamp, texts.map(|(slot, number, text)| (slot, number, text.of_kind(slot.kind))).collect())
        }
        // The schema waits for its migration: there are none.
        Err(problem) if problem.code() == "updating" => pages.keep(tenant, stamp, Vec::new()),
        Err(problem) => {
            tracing::warn!(%problem, "a company's own texts could not be read; ours are used");
            Actives::none()
        }
    }
}

/// Notes that a text failed and ours was used. A text that fails with every page is noted every few seconds, with how often; the
/// first time stands in the audit log.
pub async fn failed(caller: &Caller, active: &Active, flaw: &Flaw) {
    let Some(count) = active.failed(caller.app.clock.now()) else { return };
    if let Err(problem) = note(caller, active, flaw, count).await {
        tracing::error!(%problem, template = active.slot().template, "a failing text could not be noted");
    }
}

async fn note(caller: &Caller, active: &Active, flaw: &Flaw, count: i64) -> Result<()> {
    let Some(published) = published::PUBLISHED.iter().find(|p| p.slot.template == active.slot().template) else { return Ok(()) };
    let mut cx = Caller::system(caller.app.clone(), caller.tenant.clone(), "Templates").begin().await?;
    let sql = "UPDATE template_overrides SET failures = failures + $3, first_failed_at = coalesce(first_failed_at, $4), last_failed_at = $4, \
               failure_part = $5, failure_line = $6, failure_words = $7 WHERE template = $1 AND active = $2 RETURNING failures";
    let line = flaw.line.and_then(|line| i32::try_from(line).ok());
    let values = [
        published.key.into(),
        active.version.into(),
        count.into(),
        cx.now().into(),
        flaw.part.into(),
        line.into(),
        flaw.words.as_str().into(),
    ];
    let Some(row) = cx.one(sql, values).await? else { return Ok(()) };
    if row.try_get::<i64>("", "failures")? == count {
        let (tenant, template, name) = (cx.tenant().id.0, published.key.to_owned(), published.name.to_owned());
        cx.record(&Event::TemplateFailed { tenant, template, name, number: active.version, error: sentence(flaw) }).await?;
    }
    cx.commit().await
}

/// A text in use, as it is stored.
#[derive(FromQueryResult)]
struct Used {
    template: String,
    number: i32,
    html: String,
    subject: String,
    heading: String,
    plain: String,
}

impl Used {
    fn text(&self) -> TemplateText {
        let Self { html, subject, heading, plain, .. } = self;
        TemplateText { html: html.clone(), subject: subject.clone(), heading: heading.clone(), text: plain.clone() }
    }
}

async fn read(caller: &Caller) -> Result<Vec<Used>> {
    let cx = Caller::system(caller.app.clone(), caller.tenant.clone(), "Templates").begin().await?;
    let sql = "SELECT v.template, v.number, v.html, v.subject, v.heading, v.plain FROM template_overrides o \
               JOIN template_override_versions v ON v.template = o.template AND v.number = o.active";
    let used = cx.rows(sql, []).await?;
    cx.commit().await?;
    Ok(used)
}
