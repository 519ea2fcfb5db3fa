//! What goes wrong, in words for the person who asked, with a stable code; the cause stays in the log.

mod http;
pub use http::{REFERENCE, reference};

use sea_orm::{DbErr, RuntimeErr};
use std::fmt;
use tenants::{FilesError, KeyError, ProvisionError};

/// The answer of everything that can go wrong in front of a person.
pub type Result<T, E = Problem> = std::result::Result<T, E>;

/// A few kinds; a face maps them to what it speaks, HTTP to a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request itself is malformed.
    Malformed,
    /// Fields do not hold what they should.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// Visible, but not allowed.
    Forbidden,
    /// Not there, or not visible: the asker cannot tell which.
    NotFound,
    /// Contradicts what is there.
    Conflict,
    /// Was there; a link that was used or is too old.
    Gone,
    /// More bytes than allowed.
    TooLarge,
    /// A range that the file does not have.
    Range,
    /// Too often.
    TooMany,
    /// Something that this needs is down; trying again may help.
    Unavailable,
    /// Our fault.
    Internal,
}

/// One field's problem.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldProblem {
    /// The field's name in the request.
    pub field: String,
    /// Stable.
    pub code: String,
    /// For people.
    pub detail: String,
}

/// What went wrong.
pub struct Problem(Box<Inner>);

struct Inner {
    kind: Kind,
    code: &'static str,
    words: String,
    fields: Vec<FieldProblem>,
    retry_after: Option<u64>,
    cause: Option<anyhow::Error>,
}

impl Problem {
    fn new(kind: Kind, code: &'static str, words: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, code, words: words.into(), fields: Vec::new(), retry_after: None, cause: None }))
    }

    /// The request cannot be read at all.
    pub fn malformed(code: &'static str, words: impl Into<String>) -> Self {
        Self::new(Kind::Malformed, code, words)
    }

    /// A field's value will not do.
    pub fn invalid(field: &str, code: &'static str, words: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, "invalid", "Something in the form needs another look.").with_field(field, code, words)
    }

    /// Adds another field to an [`Problem::invalid`].
    pub fn with_field(mut self, field: &str, code: &'static str, words: impl Into<String>) -> Self {
        if self.0.fields.is_empty() {
            self.0.code = code;
        }
        self.0.fields.push(FieldProblem { field: field.into(), code: code.into(), detail: words.into() });
        self
    }

    /// Nobody is signed in.
    pub fn unauthenticated() -> Self {
        Self::new(Kind::Unauthenticated, "signed_out", "You are signed out. Sign in and try again.")
    }

    /// Visible, but not allowed.
    pub fn forbidden(code: &'static str, words: impl Into<String>) -> Self {
        Self::new(Kind::Forbidden, code, words)
    }

    /// Not there, or not visible. `what`: for example `project`.
    pub fn not_found(what: &str) -> Self {
        Self::new(Kind::NotFound, "not_found", format!("There is no such {what}."))
    }

    /// Contradicts what is there.
    pub fn conflict(code: &'static str, words: impl Into<String>) -> Self {
        Self::new(Kind::Conflict, code, words)
    }

    /// Was there once.
    pub fn gone(code: &'static str, words: impl Into<String>) -> Self {
        Self::new(Kind::Gone, code, words)
    }

    /// More bytes than allowed.
    pub fn too_large(code: &'static str, words: impl Into<String>) -> Self {
        Self::new(Kind::TooLarge, code, words)
    }

    /// A range that the file does not have.
    pub fn range() -> Self {
        Self::new(Kind::Range, "range_not_satisfiable", "The file does not have the range that was asked for.")
    }

    /// Too often; again after this many seconds.
    pub fn too_many(seconds: u64) -> Self {
        let words = format!("That was too often. Try again in {}.", wait_words(seconds));
        let mut problem = Self::new(Kind::TooMany, "too_many", words);
        problem.0.retry_after = Some(seconds);
        problem
    }

    /// Something that this needs is down.
    pub fn unavailable(code: &'static str, words: impl Into<String>) -> Self {
        let mut problem = Self::new(Kind::Unavailable, code, words);
        problem.0.retry_after = Some(30);
        problem
    }

    /// Our fault; the cause goes to the log.
    pub fn internal(cause: impl Into<anyhow::Error>) -> Self {
        Self::new(Kind::Internal, "internal", "Something broke on our side. Nothing that you entered was changed.").caused_by(cause)
    }

    /// Adds the cause, for the log only.
    pub fn caused_by(mut self, cause: impl Into<anyhow::Error>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// `other` if the error is a violation of this constraint of the database.
    pub fn on_constraint(error: DbErr, constraint: &str, other: impl FnOnce() -> Self) -> Self {
        if violated(&error).as_deref() == Some(constraint) { other() } else { error.into() }
    }

    /// Which kind.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The stable code.
    pub fn code(&self) -> &str {
        self.0.code
    }

    /// For people.
    pub fn words(&self) -> &str {
        &self.0.words
    }

    /// The fields' problems, if it is about fields.
    pub fn fields(&self) -> &[FieldProblem] {
        &self.0.fields
    }

    /// Seconds after which trying again makes sense.
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// For the log.
    pub fn cause(&self) -> Option<&anyhow::Error> {
        self.0.cause.as_ref()
    }
}

fn wait_words(seconds: u64) -> String {
    match seconds {
        0..=1 => "a second".into(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", seconds.div_ceil(60)),
    }
}

/// 42P01, 42703, 42883: the schema lacks a table, a column or a function, because its migration is still to come.
fn is_updating(error: &DbErr) -> bool {
    let (DbErr::Query(RuntimeErr::SqlxError(error)) | DbErr::Exec(RuntimeErr::SqlxError(error))) = error else { return false };
    error.as_database_error().and_then(|e| e.code()).is_some_and(|c| matches!(c.as_ref(), "42P01" | "42703" | "42883"))
}

fn violated(error: &DbErr) -> Option<String> {
    let (DbErr::Query(RuntimeErr::SqlxError(error)) | DbErr::Exec(RuntimeErr::SqlxError(error))) = error else { return None };
    error.as_database_error().and_then(|e| e.constraint()).map(str::to_owned)
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, code, words, fields, cause, .. } = &*self.0;
        f.debug_struct("Problem")
            .field("kind", kind)
            .field("code", code)
            .field("words", words)
            .field("fields", fields)
            .field("cause", cause)
            .finish()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Some(cause) => write!(f, "{}: {cause:#}", self.0.code),
            None => write!(f, "{}: {}", self.0.code, self.0.words),
        }
    }
}

impl std::error::Error for Problem {}

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        let connection = match &error {
            DbErr::Conn(_) | DbErr::ConnectionAcquire(_) => true,
            DbErr::Query(RuntimeErr::SqlxError(e)) | DbErr::Exec(RuntimeErr::SqlxError(e)) => match e.as_database_error() {
                // 57014: the statement took too long. 57P..: the server is going down or coming up.
                Some(db) => db.code().is_some_and(|c| c.starts_with("57")),
                None => e.to_string().contains("pool timed out") || e.to_string().contains("error communicating"),
            },
            _ => false,
        };
        if is_updating(&error) {
            return Self::unavailable("updating", "This part of the portal is being updated. Try again in a few minutes.").caused_by(error);
        }
        if connection {
            return Self::unavailable(
                "database_unavailable",
                "We cannot reach our records at this moment. Nothing is lost; try again soon.",
            )
            .caused_by(error);
        }
        Self::internal(error)
    }
}

impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::internal(error)
    }
}

impl From<FilesError> for Problem {
    fn from(error: FilesError) -> Self {
        match error {
            FilesError::Key(error) => error.into(),
            FilesError::Body(_) => {
                Self::malformed("upload_broken", "The upload broke off before the end. Send the file again.").caused_by(error)
            }
            FilesError::TooLarge(limit) => {
                Self::too_large("file_too_large", format!("The file is larger than {} MB, which is the limit of your plan.", limit >> 20))
            }
            FilesError::Store(_) => {
                Self::unavailable("files_unavailable", "The files cannot be reached at this moment. Nothing is lost; try again soon.")
                    .caused_by(error)
            }
            FilesError::Missing | FilesError::Damaged(_) => Self::internal(error),
        }
    }
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Unusable(_) => Self::unavailable(
                "key_unusable",
                "These files are locked: the key that they are sealed with is switched off. Nothing is lost; the operator can switch it on again.",
            )
            .caused_by(error),
            KeyError::Unavailable(_) => {
                Self::unavailable("key_service_unavailable", "The key service does not answer. Nothing is lost; try again soon.").caused_by(error)
            }
            KeyError::Refused(_) => Self::internal(error),
        }
    }
}

impl From<ProvisionError> for Problem {
    fn from(error: ProvisionError) -> Self {
        match error {
            ProvisionError::Key(error) => error.into(),
            ProvisionError::Files(error) => error.into(),
            ProvisionError::Database(error) => error.into(),
            error => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_field_gives_the_code() {
        let problem = Problem::invalid("email", "email_format", "No.").with_field("name", "name_missing", "No.");
        assert_eq!(problem.code(), "email_format");
        assert_eq!(problem.fields().len(), 2);
    }

    #[test]
    fn the_cause_is_for_the_log_only() {
        let problem = Problem::internal(anyhow::anyhow!("secret table"));
        assert!(!problem.words().contains("secret"));
        assert!(problem.to_string().contains("secret"));
    }
}
