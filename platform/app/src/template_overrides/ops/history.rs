//! What was written when and by whom, and what each version changed.

use super::{MAY_CHANGE, known};
use crate::template_overrides::{TemplateText, starter};
use chrono::{DateTime, Utc};
use kernel::{Cx, Problem, Result, pages::Kind};
use poem_openapi::{Enum, Object};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use similar::{ChangeTag, TextDiff};

/// A version.
#[derive(Clone, Debug, Object, Serialize, Deserialize, FromQueryResult)]
pub struct TemplateVersion {
    /// From 1.
    pub number: i32,
    /// What was changed and why; may be empty.
    pub note: String,
    /// Who wrote it.
    pub author_name: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// It is in use.
    pub active: bool,
}

/// All versions.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateVersions {
    /// The newest first, at most 200.
    pub items: Vec<TemplateVersion>,
}

/// A version with its text and what it changed.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateVersionView {
    /// When and by whom.
    pub version: TemplateVersion,
    /// Its text.
    pub text: TemplateText,
    /// What it changed against the version before; the first one against ours.
    pub changes: Vec<TemplateChanges>,
}

/// What changed in a part.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateChanges {
    /// `html`, `subject`, `heading` or `text`.
    pub part: String,
    /// The lines that changed, each with three around it.
    pub lines: Vec<TemplateLine>,
}

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Serialize, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum TemplateChange {
    /// It was there and is there.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
}

/// A line of a comparison.
#[derive(Clone, Debug, Object, Serialize, Deserialize)]
pub struct TemplateLine {
    /// What became of it.
    pub change: TemplateChange,
    /// Its number before.
    pub before: Option<i32>,
    /// Its number now.
    pub now: Option<i32>,
    /// The line.
    pub text: String,
}

const MOST: i64 = 200;
/// Lines that stand around a change.
const AROUND: usize = 3;

const SELECT: &str = "SELECT v.number, v.note, v.author_name, v.created_at, coalesce(v.number = o.active, false) AS active \
                      FROM template_override_versions v JOIN template_overrides o ON o.template = v.template WHERE v.template = $1";

/// All versions, the newest first.
pub async fn versions(cx: &Cx, key: &str) -> Result<TemplateVersions> {
    known(key)?;
    cx.require(MAY_CHANGE)?;
    Ok(TemplateVersions { items: cx.rows(&format!("{SELECT} ORDER BY v.number DESC LIMIT $2"), [key.into(), MOST.into()]).await? })
}

/// One version, and what it changed.
pub async fn version(cx: &Cx, key: &str, number: i32) -> Result<TemplateVersionView> {
    let published = known(key)?;
    cx.require(MAY_CHANGE)?;
    let version: Option<TemplateVersion> = cx.row(&format!("{SELECT} AND v.number = $2"), [key.into(), number.into()]).await?;
    let version = version.ok_or_else(|| Problem::not_found("version"))?;
    let text = text_of(cx, key, number).await?;
    let before = match number > 1 {
        true => text_of(cx, key, number - 1).await?,
        false => starter::ours(published),
    };
    Ok(TemplateVersionView { version, changes: changes(published.slot.kind, &before, &text), text })
}

#[derive(FromQueryResult)]
struct Saved {
    html: String,
    subject: String,
    heading: String,
    plain: String,
}

/// The text of a version.
pub(super) async fn text_of(cx: &Cx, key: &str, number: i32) -> Result<TemplateText> {
    let sql = "SELECT html, subject, heading, plain FROM template_override_versions WHERE template = $1 AND number = $2";
    let saved: Option<Saved> = cx.row(sql, [key.into(), number.into()]).await?;
    let Saved { html, subject, heading, plain } = saved.ok_or_else(|| Problem::not_found("version"))?;
    Ok(TemplateText { html, subject, heading, text: plain })
}

/// What changed, part by part; parts that did not are left out.
fn changes(kind: Kind, before: &TemplateText, now: &TemplateText) -> Vec<TemplateChanges> {
    let (before, now) = (before.of_kind(kind), now.of_kind(kind));
    let parts = before.parts(kind).into_iter().zip(now.parts(kind));
    let changed = parts.filter(|((_, before), (_, now))| before.trim_end() != now.trim_end());
    changed.map(|((part, before), (_, now))| TemplateChanges { part: part.to_owned(), lines: lines(before, now) }).collect()
}

fn lines(before: &str, now: &str) -> Vec<TemplateLine> {
    let diff = TextDiff::from_lines(before.trim_end(), now.trim_end());
    let number = |at: Option<usize>| at.and_then(|at| i32::try_from(at + 1).ok());
    let groups = diff.grouped_ops(AROUND);
    let all = groups.iter().flatten().flat_map(|op| diff.iter_changes(op));
    all.map(|change| TemplateLine {
        change: match change.tag() {
            ChangeTag::Equal => TemplateChange::Same,
            ChangeTag::Insert => TemplateChange::Added,
            ChangeTag::Delete => TemplateChange::Removed,
        },
        before: number(change.old_index()),
        now: number(change.new_index()),
        text: change.value().trim_end_matches('\n').to_owned(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comparison_names_the_lines_that_changed() {
        let text = |html: &str| TemplateText { html: html.to_owned(), ..TemplateText::default() };
        let found = changes(Kind::Page, &text("a\nb\nc"), &text("a\nB\nc\n"));
        let said: Vec<_> = found[0].lines.iter().map(|line| (line.change, line.before, line.now, line.text.as_str())).collect();
        use TemplateChange::{Added, Removed, Same};
        let expected =
            [(Same, Some(1), Some(1), "a"), (Removed, Some(2), None, "b"), (Added, None, Some(2), "B"), (Same, Some(3), Some(3), "c")];
        assert_eq!(said, expected);
        assert!(changes(Kind::Mail, &text("a"), &text("a")).is_empty());
    }
}
