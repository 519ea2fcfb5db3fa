//! The questions of live updates: how far the events go, what came after, and a project's history for its team.

use super::model::News;
use crate::{
    audit::{self, ActivityEntry},
    projects::{self, ProjectId},
};
use kernel::{
    Cx, Problem, Question, Result,
    paging::{Page, Paging},
};
use sea_orm::FromQueryResult;
use serde::Deserialize;
use uuid::Uuid;

/// The number of the newest event of this company, as customers may know it too.
pub fn cursor() -> Question<'static, i64> {
    let newest =
        |rows: Vec<Cursor>| Ok(rows.first().ok_or_else(|| Problem::internal(anyhow::anyhow!("event_cursor answered nothing")))?.seq);
    Question::new("SELECT event_cursor() AS seq", []).try_map(newest)
}

#[derive(Deserialize)]
struct Cursor {
    seq: i64,
}

#[derive(FromQueryResult)]
struct Row {
    seq: i64,
    kind: String,
    project_id: Option<Uuid>,
    subject_id: Option<Uuid>,
    actor_name: String,
    visibility: Option<String>,
    count: Option<String>,
}

/// The events after a number, the oldest first, at most so many.
pub async fn after(cx: &Cx, seq: i64, limit: i64) -> Result<Vec<News>> {
    let sql = "SELECT seq, kind, project_id, subject_id, actor_name, data->>'visibility' AS visibility, data->>'count' AS count \
               FROM events WHERE seq > $1 ORDER BY seq LIMIT $2";
    let rows = cx.rows::<Row>(sql, [seq.into(), limit.into()]).await?;
    let news = |row: Row| {
        let news = News {
            seq: row.seq,
            kind: row.kind,
            topic: None,
            for_customers: false,
            project: row.project_id,
            subject: row.subject_id,
            actor: row.actor_name,
            count: row.count.and_then(|count| count.parse().ok()),
        };
        news.judge(row.visibility.as_deref())
    };
    Ok(rows.into_iter().map(news).collect())
}

/// What happened in a project, the newest first, in words; addresses and devices are the audit log's.
pub async fn activity(cx: &Cx, project: ProjectId, paging: &Paging) -> Result<Page<ActivityEntry>> {
    projects::ops::household_of(cx, project).await?;
    audit::ops::of_project(cx, project.0, paging).await
}
