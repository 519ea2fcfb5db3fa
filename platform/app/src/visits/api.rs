//! Visits over HTTP, for staff.

use super::{
    AppointmentChange, AppointmentId, NewAppointment,
    ops::{self, AppointmentView},
};
use crate::{callers::Staff, projects::ProjectId, routes::Tag};
use chrono::NaiveDate;
use kernel::{Result, idempotency};
use poem_openapi::{
    Object, OpenApi,
    param::{Header, Path, Query},
    payload::Json,
};

/// The appointment endpoints.
pub struct VisitsApi;

/// Visits by time.
#[derive(Object)]
struct AppointmentList {
    /// At most 500.
    items: Vec<AppointmentView>,
}

#[OpenApi(tag = "Tag::Visits")]
impl VisitsApi {
    /// A project's visits by time, past ones and cancelled ones too.
    #[oai(path = "/projects/:project/appointments", method = "get", operation_id = "list_project_appointments")]
    async fn of_project(&self, Staff(me): Staff, project: Path<ProjectId>) -> Result<Json<AppointmentList>> {
        let cx = me.begin().await?;
        Ok(Json(AppointmentList { items: ops::of_project(&cx, project.0).await? }))
    }

    /// The visits of all projects that begin on these days.
    #[oai(path = "/appointments", method = "get", operation_id = "list_appointments")]
    async fn list(
        &self,
        Staff(me): Staff,
        /// The first day; today if absent.
        from: Query<Option<NaiveDate>>,
        /// The last one, at most 61 days later; six days later if absent.
        to: Query<Option<NaiveDate>>,
    ) -> Result<Json<AppointmentList>> {
        let cx = me.begin().await?;
        Ok(Json(AppointmentList { items: ops::between(&cx, from.0, to.0).await? }))
    }

    /// Proposes a visit.
    #[oai(path = "/projects/:project/appointments", method = "post", operation_id = "create_appointment")]
    async fn create(
        &self,
        Staff(me): Staff,
        project: Path<ProjectId>,
        /// A repeated request with the same key gets the first one's answer.
        #[oai(name = "Idempotency-Key")]
        key: Header<Option<String>>,
        new: Json<NewAppointment>,
    ) -> Result<Json<AppointmentView>> {
        let mut cx = me.begin().await?;
        let work = async |cx: &mut kernel::Cx| ops::create(cx, project.0, new.0.clone()).await;
        let view = idempotency::once(&mut cx, key.0.as_deref(), "create_appointment", &(project.0, &new.0), work).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// One visit.
    #[oai(path = "/appointments/:appointment", method = "get", operation_id = "get_appointment")]
    async fn get(&self, Staff(me): Staff, appointment: Path<AppointmentId>) -> Result<Json<AppointmentView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::find(&cx, appointment.0).await?))
    }

    /// Changes time, words or visibility. A new time asks the household again.
    #[oai(path = "/appointments/:appointment", method = "patch", operation_id = "change_appointment")]
    async fn change(
        &self,
        Staff(me): Staff,
        appointment: Path<AppointmentId>,
        change: Json<AppointmentChange>,
    ) -> Result<Json<AppointmentView>> {
        let mut cx = me.begin().await?;
        let view = ops::change(&mut cx, appointment.0, change.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Calls a visit off; the household is told.
    #[oai(path = "/appointments/:appointment/cancellation", method = "post", operation_id = "cancel_appointment")]
    async fn cancel(&self, Staff(me): Staff, appointment: Path<AppointmentId>) -> Result<Json<AppointmentView>> {
        let mut cx = me.begin().await?;
        let view = ops::cancel(&mut cx, appointment.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }
}
