//! A problem as HTTP speaks it: RFC 9457, `application/problem+json`, with a stable code and a reference id.

use super::{FieldProblem, Kind, Problem};
use poem::{IntoResponse, Response, error::ResponseError, http::StatusCode};
use poem_openapi::{
    ApiResponse, Object,
    registry::{MetaMediaType, MetaResponse, MetaResponses, Registry},
    types::{ToJSON, Type},
};
use serde::Serialize;

tokio::task_local! {
    /// The id of the request in hand, set by the outermost middleware: the reference that a person can quote.
    pub static REFERENCE: String;
}

/// The id of the request in hand; empty outside of one.
pub fn reference() -> String {
    REFERENCE.try_with(Clone::clone).unwrap_or_default()
}

/// What went wrong, for programs and people.
#[derive(Object, Serialize)]
#[oai(rename = "Problem")]
struct ProblemBody {
    /// Names the problem, for ever.
    r#type: String,
    /// The status in words.
    title: String,
    /// The HTTP status again.
    status: u16,
    /// Stable, for programs.
    code: String,
    /// For people.
    detail: String,
    /// Which fields, if it is about fields.
    fields: Vec<FieldBody>,
    /// Quote this when you ask for help.
    reference: String,
}

/// One field's problem.
#[derive(Object, Serialize)]
#[oai(rename = "FieldProblem")]
struct FieldBody {
    /// The field's name in the request.
    field: String,
    /// Stable, for programs.
    code: String,
    /// For people.
    detail: String,
}

impl From<&FieldProblem> for FieldBody {
    fn from(f: &FieldProblem) -> Self {
        Self { field: f.field.clone(), code: f.code.clone(), detail: f.detail.clone() }
    }
}

impl Problem {
    /// The HTTP status of its kind.
    pub fn http_status(&self) -> StatusCode {
        match self.kind() {
            Kind::Malformed => StatusCode::BAD_REQUEST,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::NotFound => StatusCode::NOT_FOUND,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Gone => StatusCode::GONE,
            Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Kind::Range => StatusCode::RANGE_NOT_SATISFIABLE,
            Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Kind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Kind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// A framework's error as one of ours; one of ours comes back as it is.
    pub fn from_poem(error: poem::Error) -> Self {
        let status = error.status();
        match error.downcast::<Self>() {
            Ok(problem) => problem,
            Err(error) => {
                let words = error.to_string();
                match status {
                    StatusCode::UNAUTHORIZED => Self::unauthenticated(),
                    StatusCode::NOT_FOUND => Self::not_found("page"),
                    StatusCode::METHOD_NOT_ALLOWED => {
                        Self::new(Kind::Malformed, "method_not_allowed", "This address does not take that method.")
                    }
                    StatusCode::PAYLOAD_TOO_LARGE => Self::too_large("request_too_large", "The request is larger than this address takes."),
                    s if s.is_client_error() => Self::malformed("malformed", words),
                    _ => Self::internal(anyhow::anyhow!(words)),
                }
            }
        }
    }

    /// Writes what a person should not see to the log.
    pub fn log(&self) {
        match self.kind() {
            Kind::Internal => tracing::error!(code = self.code(), error = %self, "internal problem"),
            Kind::Unavailable => tracing::warn!(code = self.code(), error = %self, "something is unavailable"),
            _ => tracing::debug!(code = self.code(), words = self.words(), "refused"),
        }
    }

    /// As `application/problem+json`.
    pub fn json_response(&self) -> Response {
        self.log();
        let status = self.http_status();
        let body = ProblemBody {
            r#type: format!("urn:plumbline:problem:{}", self.code()),
            title: status.canonical_reason().unwrap_or("Problem").to_owned(),
            status: status.as_u16(),
            code: self.code().to_owned(),
            detail: self.words().to_owned(),
            fields: self.fields().iter().map(FieldBody::from).collect(),
            reference: reference(),
        };
        let mut response = Response::builder().status(status).content_type("application/problem+json").header("cache-control", "no-store");
        if let Some(seconds) = self.retry_after() {
            response = response.header("retry-after", seconds);
        }
        response.body(body.to_json_string())
    }
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.http_status()
    }

    fn as_response(&self) -> Response {
        self.json_response()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.json_response()
    }
}

impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        MetaResponses {
            responses: vec![MetaResponse {
                description: "What went wrong",
                status: None,
                status_range: None,
                content: vec![MetaMediaType { content_type: "application/problem+json", schema: ProblemBody::schema_ref() }],
                headers: vec![],
            }],
        }
    }

    fn register(registry: &mut Registry) {
        ProblemBody::register(registry);
    }
}
