//! Saving a text, going back to an older one, going back to ours.

use super::{MAY_CHANGE, TemplateFlaw, TemplateView, check, get, history, known, rows};
use crate::{
    branding,
    events::Event,
    template_overrides::{
        TemplateInput, TemplateText,
        model::{clean_note, sentence_of},
        published::Published,
    },
};
use kernel::{Cx, Problem, Result};

/// How many flaws an answer tells of.
const MOST_FLAWS: usize = 8;

/// Saves a text as a new version and uses it. One with a flaw is refused.
pub async fn save(cx: &mut Cx, key: &str, input: TemplateInput) -> Result<TemplateView> {
    let published = known(key)?;
    cx.require(MAY_CHANGE)?;
    let note = clean_note(&input.note)?;
    let text = cleaned(published, input.text);
    sound(cx, published, &text)?;
    let used = rows(cx, Some(key)).await?.remove(key).filter(|row| row.active.is_some());
    if used.is_some_and(|row| row.text() == text && row.failures == 0) {
        return get(cx, key).await;
    }
    let sql = "INSERT INTO template_overrides (template, updated_at) VALUES ($1, $2) \
               ON CONFLICT (template) DO UPDATE SET updated_at = excluded.updated_at";
    cx.execute(sql, [key.into(), cx.now().into()]).await?;
    let sql = "INSERT INTO template_override_versions (template, number, html, subject, heading, plain, note, author_id, author_name, created_at) \
               SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM template_override_versions WHERE template = $1 RETURNING number";
    let author = (cx.actor().id(), cx.actor().name().to_owned());
    let values = [
        key.into(),
        text.html.into(),
        text.subject.into(),
        text.heading.into(),
        text.text.into(),
        note.clone().into(),
        author.0.into(),
        author.1.into(),
        cx.now().into(),
    ];
    let row = cx.one(sql, values).await?.ok_or_else(|| Problem::internal(anyhow::anyhow!("a version without a number")))?;
    let number: i32 = row.try_get("", "number")?;
    let (tenant, template, name) = named(cx, published);
    put(cx, key, Some(number)).await?;
    cx.record(&Event::TemplateSaved { tenant, template, name, number, note }).await?;
    get(cx, key).await
}

/// Uses an older version again. One that has a flaw by now is refused.
pub async fn restore(cx: &mut Cx, key: &str, number: i32) -> Result<TemplateView> {
    let published = known(key)?;
    cx.require(MAY_CHANGE)?;
    let text = history::text_of(cx, key, number).await?;
    sound(cx, published, &text)?;
    let (tenant, template, name) = named(cx, published);
    put(cx, key, Some(number)).await?;
    cx.record(&Event::TemplateRestored { tenant, template, name, number }).await?;
    get(cx, key).await
}

/// Uses ours again; the versions stay.
pub async fn switch_off(cx: &mut Cx, key: &str) -> Result<TemplateView> {
    let published = known(key)?;
    cx.require(MAY_CHANGE)?;
    let used = rows(cx, Some(key)).await?.remove(key).is_some_and(|row| row.active.is_some());
    if used {
        let (tenant, template, name) = named(cx, published);
        put(cx, key, None).await?;
        cx.record(&Event::TemplateSwitchedOff { tenant, template, name }).await?;
    }
    get(cx, key).await
}

/// Says which version is in use from now on. Failures were those of the one before.
async fn put(cx: &Cx, key: &str, number: Option<i32>) -> Result<()> {
    let sql = "UPDATE template_overrides SET active = $2, failures = 0, first_failed_at = NULL, last_failed_at = NULL, failure_part = NULL, \
               failure_line = NULL, failure_words = NULL, updated_at = $3 WHERE template = $1";
    cx.execute(sql, [key.into(), number.into(), cx.now().into()]).await?;
    // Every process reads the brand with every page, and with it learns that its texts are of yesterday.
    branding::ops::touch(cx).await
}

fn named(cx: &Cx, published: &Published) -> (uuid::Uuid, String, String) {
    (cx.tenant().id.0, published.key.to_owned(), published.name.to_owned())
}

fn cleaned(published: &Published, text: TemplateText) -> TemplateText {
    let kernel::pages::OverrideText { html, subject, heading, text } = text.of_kind(published.slot.kind);
    let lines = |text: String| text.replace("\r\n", "\n").trim_end().to_owned();
    TemplateText { html: lines(html), subject: lines(subject), heading: lines(heading), text: lines(text) }
}

fn sound(cx: &Cx, published: &Published, text: &TemplateText) -> Result<()> {
    let flaws = check(&cx.caller().app.pages, published.key, text)?;
    let mut flaws = flaws.into_iter().take(MOST_FLAWS);
    let Some(TemplateFlaw { part, .. }) = flaws.clone().next() else { return Ok(()) };
    let first = flaws.next().map(|flaw| sentence_of(&flaw)).unwrap_or_default();
    let problem = Problem::invalid(&part, "template_flawed", first);
    Err(flaws.fold(problem, |problem, flaw| problem.with_field(&flaw.part, "template_flawed", sentence_of(&flaw))))
}
