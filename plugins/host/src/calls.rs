//! What plugins ask of the host, whatever version of the contract they speak, and what they are told. This is what is recorded.

use crate::{
    data::{Blob, Company, HttpRequest, HttpResponse, Moment},
    delegate::{Failure, Part, PartData},
};
use serde::{Deserialize, Serialize};

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// For the author.
    Debug,
    /// For the curious.
    Info,
    /// Something is odd.
    Warning,
    /// Something went wrong.
    Error,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// A line for the log.
    Log {
        /// How much it matters.
        level: Level,
        /// The line.
        message: String,
    },
    /// What time it is.
    Now,
    /// Random bytes.
    Random {
        /// How many.
        count: u32,
    },
    /// The company.
    Company,
    /// A project by its id.
    Open {
        /// As the plugin wrote it.
        id: String,
    },
    /// A part of a project that was opened.
    Read {
        /// Which project.
        project: String,
        /// Which part.
        part: Part,
    },
    /// What it remembers under this key.
    KvGet {
        /// The key.
        key: String,
    },
    /// To remember this.
    KvSet {
        /// The key.
        key: String,
        /// The value.
        value: Blob,
    },
    /// To forget this.
    KvDelete {
        /// The key.
        key: String,
    },
    /// The keys with this beginning.
    KvList {
        /// The beginning.
        prefix: String,
    },
    /// A request to a foreign service.
    Http(HttpRequest),
    /// The names of the secrets that were filled in.
    SecretNames,
}

impl Call {
    /// What it is, for people who read the run's history.
    pub fn title(&self) -> String {
        match self {
            Self::Log { .. } => "wrote to the log".to_owned(),
            Self::Now => "asked for the time".to_owned(),
            Self::Random { count } => format!("asked for {count} random bytes"),
            Self::Company => "read the company".to_owned(),
            Self::Open { id } => format!("opened the project {}", short(id)),
            Self::Read { part, .. } => format!("read the project's {}", format!("{part:?}").to_lowercase()),
            Self::KvGet { key } => format!("looked up {}", short(key)),
            Self::KvSet { key, value } => format!("stored {} ({} bytes)", short(key), value.0.len()),
            Self::KvDelete { key } => format!("forgot {}", short(key)),
            Self::KvList { prefix } => format!("listed what begins with {}", short(prefix)),
            Self::Http(request) => format!("{} {}", request.method, short(request.url.split('?').next().unwrap_or_default())),
            Self::SecretNames => "asked which secrets there are".to_owned(),
        }
    }

    /// Too small to be worth a line in the run's history.
    pub(crate) fn is_small(&self) -> bool {
        matches!(self, Self::Log { .. } | Self::Now | Self::Random { .. } | Self::SecretNames)
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// One answer; the variant follows from the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It is done.
    Done,
    /// The time.
    Moment(Moment),
    /// Bytes.
    Bytes(Blob),
    /// A value, if there is one.
    Value(Option<Blob>),
    /// Names.
    Names(Vec<String>),
    /// The company.
    Company(Company),
    /// A part of a project.
    Part(PartData),
    /// What came back from outside.
    Response(HttpResponse),
    /// It was not done.
    Failed(Failure),
}
