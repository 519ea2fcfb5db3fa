//! The questions to the audit log. Nothing here writes.

use super::model::{ActivityEntry, AuditEntry, Chain};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use kernel::{
    Actor, App, Caller, Cx, Problem, Result,
    caller::Role,
    event::{COLUMNS, Recorded},
    paging::{Page, Paging},
};
use poem_openapi::Object;
use sea_orm::{DbBackend, FromQueryResult, Statement, Value};
use serde::Serialize;
use std::sync::Arc;
use tenants::Tenant;
use uuid::Uuid;

/// Which entries a list holds.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Whose kind begins so: `document.` or `document.read`.
    pub kind: Option<String>,
    /// By this person.
    pub actor: Option<Uuid>,
    /// About this.
    pub subject: Option<Uuid>,
    /// At this moment or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub to: Option<DateTime<Utc>>,
}

/// Whether the log is as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Object, Serialize)]
pub struct AuditVerification {
    /// Nothing was changed, removed or put in between.
    pub ok: bool,
    /// How many entries fit.
    pub checked: i64,
    /// The hash of the newest entry in hex. Kept elsewhere, it proves later that nothing before it changed.
    pub head_hash: String,
    /// The first entry that does not fit.
    pub first_bad_seq: Option<i64>,
}

/// The log of one company, or the platform's.
#[derive(Clone, Debug, Serialize)]
pub struct TenantVerification {
    /// The subdomain, or `platform`.
    pub tenant: String,
    /// What came out.
    pub verification: Option<AuditVerification>,
    /// Why nothing came out.
    pub error: Option<String>,
}

impl TenantVerification {
    /// Checked and found as it was written.
    pub fn is_ok(&self) -> bool {
        self.verification.as_ref().is_some_and(|v| v.ok)
    }
}

/// The name of the platform's own log where a subdomain is asked for.
pub const PLATFORM: &str = "platform";

const BATCH: i64 = 1_000;

#[derive(FromQueryResult)]
struct Head {
    seq: i64,
    hash: Vec<u8>,
    newest: i64,
}

/// A page of entries, newest first.
pub async fn list(cx: &Cx, filter: &AuditFilter, paging: &Paging) -> Result<Page<AuditEntry>> {
    require_reader(cx)?;
    let mut conditions: Vec<(&'static str, Value)> = Vec::new();
    let mut only = |condition: &'static str, value: Option<Value>| conditions.extend(value.map(|v| (condition, v)));
    only("seq < ", paging.after.map(|id| seq_of(id).into()));
    only("starts_with(kind, ", filter.kind.as_deref().filter(|k| !k.is_empty()).map(Value::from));
    only("actor_id = ", filter.actor.map(Value::from));
    only("subject_id = ", filter.subject.map(Value::from));
    only("at >= ", filter.from.map(Value::from));
    only("at < ", filter.to.map(Value::from));
    let mut sql = format!("SELECT {COLUMNS} FROM events WHERE true");
    let mut values = Vec::with_capacity(conditions.len() + 1);
    for (condition, value) in conditions {
        values.push(value);
        let close = if condition.contains('(') { ")" } else { "" };
        sql.push_str(&format!(" AND {condition}${}{close}", values.len()));
    }
    values.push(i64::try_from(paging.limit + 1).unwrap_or(i64::MAX).into());
    sql.push_str(&format!(" ORDER BY seq DESC LIMIT ${}", values.len()));
    let rows = cx.rows::<Recorded>(&sql, values).await?;
    Ok(Page::new(rows, paging, |row| id_of(row.seq), AuditEntry::from))
}

/// What happened in a project, newest first: every change, and what its customers read. For slices that have looked whether
/// the asker may see the project.
pub(crate) async fn of_project(cx: &Cx, project: Uuid, paging: &Paging) -> Result<Page<ActivityEntry>> {
    cx.require(Role::Member)?;
    let sql = format!(
        "SELECT {COLUMNS} FROM events WHERE project_id = $1 AND seq < $2 AND (actor_kind = 'customer' OR kind NOT LIKE '%.read') \
         ORDER BY seq DESC LIMIT $3"
    );
    let (before, limit) = (paging.after.map_or(i64::MAX, seq_of), i64::try_from(paging.limit + 1).unwrap_or(i64::MAX));
    let rows = cx.rows::<Recorded>(&sql, [project.into(), before.into(), limit.into()]).await?;
    Ok(Page::new(rows, paging, |row| id_of(row.seq), ActivityEntry::from))
}

/// Numbers and kinds of the events after this one whose kind is among these, the oldest first. For slices that act on what happened.
pub(crate) async fn after(cx: &Cx, seq: i64, kinds: &[String], most: u64) -> Result<Vec<Happened>> {
    let sql = "SELECT seq, kind FROM events WHERE seq > $1 AND kind = ANY($2) ORDER BY seq LIMIT $3";
    Ok(cx.rows(sql, [seq.into(), kinds.to_vec().into(), i64::try_from(most).unwrap_or(i64::MAX).into()]).await?)
}

/// That an event happened.
#[derive(Debug, FromQueryResult)]
pub(crate) struct Happened {
    /// Its number.
    pub seq: i64,
    /// `milestone.completed`.
    pub kind: String,
}

/// One event, by its number.
pub(crate) async fn entry(cx: &Cx, seq: i64) -> Result<Option<Recorded>> {
    Ok(cx.row(&format!("SELECT {COLUMNS} FROM events WHERE seq = $1"), [seq.into()]).await?)
}

/// The newest event of a kind in a project.
pub(crate) async fn newest_of(cx: &Cx, kind: &str, project: Uuid) -> Result<Option<Recorded>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE kind = $1 AND project_id = $2 ORDER BY seq DESC LIMIT 1");
    Ok(cx.row(&sql, [kind.into(), project.into()]).await?)
}

/// Events since then whose kind is among these, the newest first.
pub(crate) async fn since(cx: &Cx, from: DateTime<Utc>, kinds: &[String], most: u64) -> Result<Vec<Recorded>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE kind = ANY($1) AND at >= $2 ORDER BY seq DESC LIMIT $3");
    Ok(cx.rows(&sql, [kinds.to_vec().into(), from.into(), i64::try_from(most).unwrap_or(i64::MAX).into()]).await?)
}

/// Goes over the whole chain, a thousand rows at a time. `progress` hears how many of how many are done.
pub async fn verify(cx: &Cx, mut progress: impl FnMut(i64, i64) + Send) -> Result<AuditVerification> {
    require_reader(cx)?;
    // One statement sees one moment; what is written later is not looked at.
    let sql = "SELECT h.seq, h.hash, coalesce((SELECT max(e.seq) FROM events e), 0) AS newest FROM event_head h";
    let head = Head::find_by_statement(Statement::from_string(DbBackend::Postgres, sql)).one(cx.db()).await?;
    let head = head.ok_or_else(|| Problem::internal(anyhow::anyhow!("event_head has no row")))?;
    let (mut chain, mut last, mut fits) = (Chain::new(), i64::MIN, true);
    while fits {
        progress(chain.seq, head.seq);
        let rows = batch(cx, last, head.seq).await?;
        let Some(newest) = rows.last() else { break };
        last = newest.seq;
        fits = rows.iter().all(|row| chain.follow(row));
    }
    progress(chain.seq, head.seq);
    let first_bad_seq = if chain.seq != head.seq {
        Some(chain.seq + 1)
    } else if chain.hash != head.hash {
        Some(head.seq)
    } else {
        (head.newest > head.seq).then_some(head.seq + 1)
    };
    Ok(AuditVerification { ok: first_bad_seq.is_none(), checked: chain.seq, head_hash: HEXLOWER.encode(&head.hash), first_bad_seq })
}

/// The logs of the platform and of every active company, or of one; a log that cannot be read does not stop the others.
/// `progress` hears whose log it is, and how many of how many entries are done.
pub async fn verify_all(
    app: &Arc<App>,
    only: Option<&str>,
    mut progress: impl FnMut(&str, i64, i64) + Send,
) -> Result<Vec<TenantVerification>> {
    let mut found = Vec::new();
    for tenant in logs(app, only).await? {
        let name = if tenant.is_platform() { PLATFORM.to_owned() } else { tenant.subdomain.clone() };
        let caller = Caller::system(app.clone(), tenant, "verify-audit");
        let result = async {
            let cx = caller.begin().await?;
            verify(&cx, |done, of| progress(&name, done, of)).await
        }
        .await;
        let (verification, error) = match result {
            Ok(verification) => (Some(verification), None),
            Err(problem) => (None, Some(problem.to_string())),
        };
        found.push(TenantVerification { tenant: name, verification, error });
    }
    Ok(found)
}

/// The name of the person who last did this to that: who invited somebody, for example.
pub(crate) async fn last_person(cx: &Cx, kind: &str, subject: Uuid) -> Result<Option<String>> {
    let sql = "SELECT actor_name FROM events WHERE subject_id = $1 AND kind = $2 AND actor_id IS NOT NULL ORDER BY seq DESC LIMIT 1";
    let row = cx.one(sql, [subject.into(), kind.into()]).await?;
    Ok(row.map(|row| row.try_get("", "actor_name")).transpose()?)
}

/// Managers and owners of the company, operators on the bare domain, the program itself.
fn require_reader(cx: &Cx) -> Result<()> {
    match cx.actor() {
        Actor::Operator { .. } if cx.tenant().is_platform() => Ok(()),
        _ => cx.require(Role::Manager),
    }
}

async fn logs(app: &App, only: Option<&str>) -> Result<Vec<Arc<Tenant>>> {
    let Some(only) = only else {
        let active = app.tenants.active().await?;
        return Ok(std::iter::once(app.tenants.platform()).chain(active).collect());
    };
    if only == PLATFORM {
        return Ok(vec![app.tenants.platform()]);
    }
    let host = format!("{only}.{}", app.config.web.base_domain);
    let tenant = app.tenants.by_host(&host).await?.ok_or_else(|| Problem::not_found("company"))?;
    Ok(vec![tenant])
}

async fn batch(cx: &Cx, after: i64, until: i64) -> Result<Vec<Recorded>> {
    let sql = format!("SELECT {COLUMNS} FROM events WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3");
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [after.into(), until.into(), BATCH.into()]);
    Ok(Recorded::find_by_statement(statement).all(cx.db()).await?)
}

/// A sequence number in the place of an id, for the cursor.
fn id_of(seq: i64) -> Uuid {
    Uuid::from_u128(u128::from(seq.max(0).unsigned_abs()))
}

fn seq_of(id: Uuid) -> i64 {
    i64::try_from(id.as_u128()).unwrap_or(i64::MAX)
}
