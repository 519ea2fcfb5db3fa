//! The verbs and questions of a company's own texts. The only writer of `template_overrides` and `template_override_versions`.

mod change;
mod history;
mod in_use;

pub use change::{restore, save, switch_off};
pub use history::{
    TemplateChange, TemplateChanges, TemplateLine, TemplateVersion, TemplateVersionView, TemplateVersions, version, versions,
};
pub use in_use::{failed, in_use};

use super::{
    TemplateText,
    components::{COMPONENTS, WORDS},
    fields,
    published::{self, PUBLISHED, Published, SampleFrame},
    starter,
};
use chrono::{DateTime, Utc};
use kernel::{
    Cx, Problem, Result,
    caller::Role,
    pages::{CLASSES, Context, Face, Flaw, Kind, Override, Pages},
};
use poem_openapi::{Enum, Object};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A page or a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TemplateKind {
    /// A page of the portal.
    Page,
    /// A mail to customers.
    Mail,
}

/// Whose text customers read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TemplateState {
    /// Ours.
    Ours,
    /// The company's.
    Yours,
    /// The company's, and it has failed: ours is shown wherever it does.
    Broken,
}

/// What became of a text that failed.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateFailure {
    /// How often, at least.
    pub count: i64,
    /// The first time.
    pub first_at: DateTime<Utc>,
    /// The last time.
    pub last_at: DateTime<Utc>,
    /// `html`, `subject`, `heading` or `text`.
    pub part: String,
    /// From 1; none where it is about the whole.
    pub line: Option<i32>,
    /// What was wrong the last time.
    pub words: String,
}

/// A page or a mail, and whose text it has.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateRow {
    /// Its key.
    pub template: String,
    /// For people.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// Page or mail.
    pub kind: TemplateKind,
    /// Whose text it has.
    pub state: TemplateState,
    /// Which version is in use.
    pub version: Option<i32>,
    /// Since when.
    pub changed_at: Option<DateTime<Utc>>,
    /// Who wrote the version in use.
    pub changed_by: Option<String>,
    /// What failed.
    pub failure: Option<TemplateFailure>,
}

/// All of them.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct Templates {
    /// Pages, then mails.
    pub items: Vec<TemplateRow>,
}

/// A field that a text may print.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateField {
    /// `page.only.steps[].name`: `[]` stands for each of a list.
    pub path: String,
    /// `text`, `number`, `day`, `list of groups` and the like.
    pub kind: String,
    /// What it is.
    pub words: String,
    /// From the samples; may be empty.
    pub example: String,
}

/// A component, or a word of the template language.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateSnippet {
    /// Its name; empty for words of the language.
    pub name: String,
    /// What is put in place.
    pub snippet: String,
    /// The line that must stand above it; may be empty.
    pub import: String,
    /// What it shows.
    pub words: String,
}

/// All that the editor shows.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateView {
    /// Whose text it has.
    pub about: TemplateRow,
    /// The text in use.
    pub text: TemplateText,
    /// Our text.
    pub ours: TemplateText,
    /// What must stay in it.
    pub required: Vec<String>,
    /// What may be printed.
    pub fields: Vec<TemplateField>,
    /// What may be put in place.
    pub components: Vec<TemplateSnippet>,
    /// The template language in a few lines.
    pub language: Vec<TemplateSnippet>,
    /// The classes that may be used.
    pub classes: Vec<String>,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize, Deserialize)]
pub struct TemplateFlaw {
    /// `html`, `subject`, `heading` or `text`.
    pub part: String,
    /// From 1; none where it is about the whole.
    pub line: Option<i32>,
    /// From 1.
    pub column: Option<i32>,
    /// In words.
    pub words: String,
    /// With what it was seen, if not with everything: `sample 2 of 6`.
    pub seen_with: Option<String>,
}

/// Whoever may read and write texts.
pub const MAY_CHANGE: Role = Role::Manager;

/// All pages and mails, and whose text each has.
pub async fn list(cx: &Cx) -> Result<Templates> {
    cx.require(MAY_CHANGE)?;
    let rows = rows(cx, None).await?;
    Ok(Templates { items: PUBLISHED.iter().map(|published| row_of(published, rows.get(published.key))).collect() })
}

/// One of them, with all that the editor shows.
pub async fn get(cx: &Cx, key: &str) -> Result<TemplateView> {
    let published = known(key)?;
    cx.require(MAY_CHANGE)?;
    let row = rows(cx, Some(key)).await?.remove(key);
    let ours = starter::ours(published);
    let text = row.as_ref().filter(|row| row.active.is_some()).map(Row::text).unwrap_or_else(|| ours.clone());
    let import = |file: &str, name: &str| format!("{{% from \"{file}\" import {name} %}}");
    let usable = COMPONENTS.iter().filter(|component| published.slot.partials.contains(&component.file));
    let component = |c: &super::components::Component| TemplateSnippet {
        name: c.name.to_owned(),
        snippet: c.snippet.to_owned(),
        import: import(c.file, c.name),
        words: c.words.to_owned(),
    };
    let word = |(snippet, words): &(&str, &str)| TemplateSnippet {
        name: String::new(),
        snippet: (*snippet).to_owned(),
        import: String::new(),
        words: (*words).to_owned(),
    };
    Ok(TemplateView {
        about: row_of(published, row.as_ref()),
        text,
        ours,
        required: published.slot.required.iter().map(|required| required.words.to_owned()).collect(),
        fields: fields::of(published),
        components: usable.map(component).collect(),
        language: WORDS.iter().map(word).collect(),
        classes: CLASSES.iter().map(|class| (*class).to_owned()).collect(),
    })
}

/// What is wrong with a text, with every sample of its page. Nothing is saved.
pub fn check(pages: &Pages, key: &str, text: &TemplateText) -> Result<Vec<TemplateFlaw>> {
    let published = known(key)?;
    let ready = match pages.prepare(&published.slot, &text.of_kind(published.slot.kind)) {
        Ok(ready) => ready,
        Err(flaws) => return Ok(flaws.iter().map(|flaw| flaw_view(flaw, None)).collect()),
    };
    let samples = published.contexts();
    let count = samples.len();
    let mut found: Vec<TemplateFlaw> = Vec::new();
    for (n, sample) in samples.into_iter().enumerate() {
        let Err(flaw) = with_sample(pages, published, &ready, sample)? else { continue };
        let flaw = flaw_view(&flaw, Some(format!("sample {} of {count}", n + 1)));
        if !found.iter().any(|known| (&known.part, known.line, &known.words) == (&flaw.part, flaw.line, &flaw.words)) {
            found.push(flaw);
        }
    }
    Ok(found)
}

fn with_sample(pages: &Pages, published: &Published, ready: &Override, sample: Context) -> Result<Result<(), Flaw>> {
    Ok(match published.frame {
        SampleFrame::Page(frame) => pages.overridden(ready, sample, &frame(Face::Portal))?.map(drop),
        SampleFrame::Mail(frame) => pages.overridden_mail(ready, sample, &frame(Face::Portal))?.map(drop),
    })
}

/// A flaw as the API tells it.
pub fn flaw_view(flaw: &Flaw, seen_with: Option<String>) -> TemplateFlaw {
    let number = |n: Option<usize>| n.and_then(|n| i32::try_from(n).ok());
    TemplateFlaw { part: flaw.part.to_owned(), line: number(flaw.line), column: number(flaw.column), words: flaw.words.clone(), seen_with }
}

/// What stands under a key, or 404.
pub fn known(key: &str) -> Result<&'static Published> {
    published::find(key).ok_or_else(|| Problem::not_found("template"))
}

/// A template that was written anew at some time, with the version in use.
#[derive(Clone, Debug, FromQueryResult)]
struct Row {
    template: String,
    active: Option<i32>,
    failures: i64,
    first_failed_at: Option<DateTime<Utc>>,
    last_failed_at: Option<DateTime<Utc>>,
    failure_part: Option<String>,
    failure_line: Option<i32>,
    failure_words: Option<String>,
    html: Option<String>,
    subject: Option<String>,
    heading: Option<String>,
    plain: Option<String>,
    author_name: Option<String>,
    created_at: Option<DateTime<Utc>>,
}

impl Row {
    fn text(&self) -> TemplateText {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        TemplateText { html: text(&self.html), subject: text(&self.subject), heading: text(&self.heading), text: text(&self.plain) }
    }

    fn failure(&self) -> Option<TemplateFailure> {
        let (first_at, last_at) = self.first_failed_at.zip(self.last_failed_at).filter(|_| self.active.is_some() && self.failures > 0)?;
        Some(TemplateFailure {
            count: self.failures,
            first_at,
            last_at,
            part: self.failure_part.clone().unwrap_or_default(),
            line: self.failure_line,
            words: self.failure_words.clone().unwrap_or_default(),
        })
    }
}

async fn rows(cx: &Cx, key: Option<&str>) -> Result<HashMap<String, Row>> {
    let sql = "SELECT o.template, o.active, o.failures, o.first_failed_at, o.last_failed_at, o.failure_part, o.failure_line, o.failure_words, \
               v.html, v.subject, v.heading, v.plain, v.author_name, v.created_at FROM template_overrides o \
               LEFT JOIN template_override_versions v ON v.template = o.template AND v.number = o.active WHERE $1::text IS NULL OR o.template = $1";
    let rows: Vec<Row> = cx.rows(sql, [key.map(str::to_owned).into()]).await?;
    Ok(rows.into_iter().map(|row| (row.template.clone(), row)).collect())
}

fn row_of(published: &Published, row: Option<&Row>) -> TemplateRow {
    let used = row.filter(|row| row.active.is_some());
    let failure = used.and_then(Row::failure);
    TemplateRow {
        template: published.key.to_owned(),
        name: published.name.to_owned(),
        about: published.about.to_owned(),
        kind: match published.slot.kind {
            Kind::Page => TemplateKind::Page,
            Kind::Mail => TemplateKind::Mail,
        },
        state: match (used, &failure) {
            (None, _) => TemplateState::Ours,
            (Some(_), None) => TemplateState::Yours,
            (Some(_), Some(_)) => TemplateState::Broken,
        },
        version: used.and_then(|row| row.active),
        changed_at: used.and_then(|row| row.created_at),
        changed_by: used.and_then(|row| row.author_name.clone()),
        failure,
    }
}
