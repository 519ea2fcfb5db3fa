//! The audit log over HTTP: a company's for its managers and owners, the platform's for operators.

use super::{
    AuditEntry,
    ops::{self, AuditFilter, AuditVerification},
};
use crate::{
    callers::{Operator, Staff},
    routes::Tag,
};
use chrono::{DateTime, Utc};
use kernel::{
    Caller, Result,
    paging::{Page, Paging},
};
use poem_openapi::{OpenApi, param::Query, payload::Json};
use uuid::Uuid;

/// A company's log.
pub struct AuditApi;

/// The platform's log.
pub struct OperatorAuditApi;

#[OpenApi(tag = "Tag::Audit")]
impl AuditApi {
    /// The company's audit log, newest first.
    #[oai(path = "/audit", method = "get", operation_id = "list_audit")]
    #[allow(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn list(
        &self,
        Staff(me): Staff,
        /// Only kinds that begin so, such as `document.`.
        kind: Query<Option<String>>,
        /// Only by this person.
        actor: Query<Option<Uuid>>,
        /// Only about this.
        subject: Query<Option<Uuid>>,
        /// Only at this moment or later.
        from: Query<Option<DateTime<Utc>>>,
        /// Only before this moment.
        to: Query<Option<DateTime<Utc>>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<AuditEntry>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let filter = AuditFilter { kind: kind.0, actor: actor.0, subject: subject.0, from: from.0, to: to.0 };
        page(&me, &filter, &paging).await
    }

    /// Goes over the company's whole log and says whether it is as it was written.
    #[oai(path = "/audit/verification", method = "get", operation_id = "verify_audit")]
    async fn verify(&self, Staff(me): Staff) -> Result<Json<AuditVerification>> {
        verification(&me).await
    }
}

#[OpenApi(prefix_path = "/operator", tag = "Tag::Audit")]
impl OperatorAuditApi {
    /// The platform's audit log, newest first.
    #[oai(path = "/audit", method = "get", operation_id = "list_operator_audit")]
    #[allow(clippy::too_many_arguments, reason = "one for each part of the query")]
    async fn list(
        &self,
        Operator(me): Operator,
        /// Only kinds that begin so, such as `tenant.`.
        kind: Query<Option<String>>,
        /// Only by this person.
        actor: Query<Option<Uuid>>,
        /// Only about this.
        subject: Query<Option<Uuid>>,
        /// Only at this moment or later.
        from: Query<Option<DateTime<Utc>>>,
        /// Only before this moment.
        to: Query<Option<DateTime<Utc>>>,
        /// From the page before.
        cursor: Query<Option<String>>,
        /// At most 100.
        limit: Query<Option<u64>>,
    ) -> Result<Json<Page<AuditEntry>>> {
        let paging = Paging::parse(cursor.0.as_deref(), limit.0)?;
        let filter = AuditFilter { kind: kind.0, actor: actor.0, subject: subject.0, from: from.0, to: to.0 };
        page(&me, &filter, &paging).await
    }

    /// Goes over the platform's whole log and says whether it is as it was written.
    #[oai(path = "/audit/verification", method = "get", operation_id = "verify_operator_audit")]
    async fn verify(&self, Operator(me): Operator) -> Result<Json<AuditVerification>> {
        verification(&me).await
    }
}

async fn page(me: &Caller, filter: &AuditFilter, paging: &Paging) -> Result<Json<Page<AuditEntry>>> {
    let cx = me.begin().await?;
    Ok(Json(ops::list(&cx, filter, paging).await?))
}

async fn verification(me: &Caller) -> Result<Json<AuditVerification>> {
    let cx = me.begin().await?;
    Ok(Json(ops::verify(&cx, |_, _| {}).await?))
}
