//! The JSON 1.1 protocol: typed input, answers and errors in the form that AWS clients read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use poem::Response;
use poem::http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

/// The error for an operation that does not exist.
pub const UNKNOWN: &str = "UnknownOperationException";

/// What an operation gives: the JSON of its answer, or an error.
pub type Outcome = Result<Value, Failure>;

/// An error as clients see it: its `__type` and words.
#[derive(Debug)]
pub struct Failure {
    /// The exception's name.
    pub kind: &'static str,
    /// What went wrong.
    pub message: String,
}

impl Failure {
    /// An error of the given exception.
    pub fn new(kind: &'static str, message: impl Into<String>) -> Failure {
        Failure { kind, message: message.into() }
    }

    /// The key or alias does not exist.
    pub fn not_found(what: &str) -> Failure {
        Failure::new("NotFoundException", format!("{what} is not found."))
    }

    /// A member of the input is out of bounds.
    pub fn validation(message: impl Into<String>) -> Failure {
        Failure::new("ValidationException", message)
    }

    /// The body cannot be read.
    pub fn serialization(message: impl Into<String>) -> Failure {
        Failure::new("SerializationException", message)
    }

    /// Wrong context, tampered, or not ours: deliberately one answer for all.
    pub fn invalid_ciphertext() -> Failure {
        Failure { kind: "InvalidCiphertextException", message: String::new() }
    }

    /// A fault of this program.
    pub fn internal(message: impl Into<String>) -> Failure {
        Failure::new("KMSInternalException", message)
    }
}

/// Reads a body; an empty one is an empty object.
pub fn parse(body: &[u8]) -> Outcome {
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|_| Failure::serialization("the body is not JSON"))
}

/// The operation's own input.
pub fn typed<T: DeserializeOwned>(input: Value) -> Result<T, Failure> {
    serde_json::from_value(input).map_err(|error| Failure::serialization(error.to_string()))
}

/// Bytes as the protocol writes them.
pub fn encode(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes as the protocol reads them.
pub fn decode(text: &str) -> Result<Vec<u8>, Failure> {
    STANDARD.decode(text).map_err(|_| Failure::serialization("a blob is not base64"))
}

/// The HTTP answer.
pub fn respond(outcome: Outcome) -> Response {
    let builder = Response::builder()
        .header("x-amzn-requestid", Uuid::new_v4().to_string())
        .header("cache-control", "no-cache, no-store, must-revalidate, private");
    let builder = builder.content_type("application/x-amz-json-1.1");
    match outcome {
        Ok(Value::Null) => builder.status(StatusCode::OK).body(()),
        Ok(answer) => builder.status(StatusCode::OK).body(answer.to_string()),
        Err(failure) => {
            let status = match failure.kind {
                "KMSInternalException" => StatusCode::INTERNAL_SERVER_ERROR,
                _ => StatusCode::BAD_REQUEST,
            };
            let body = json!({ "__type": failure.kind, "message": failure.message });
            builder.status(status).header("x-amzn-errortype", failure.kind).body(body.to_string())
        }
    }
}
