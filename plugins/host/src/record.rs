//! A recorded run: all that is needed to run it again without the product, and what came of it.

use crate::{
    calls::{Answer, Call},
    data::{Blob, Input, Moment, Output},
    grants::Grants,
    inspect::World,
    limits::Limits,
    report::Outcome,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The format that is written. Older ones stay readable.
pub const FORMAT: u32 = 1;

/// One run, to be replayed. JSON. It holds what the plugin read of the company's data; it never holds a secret's value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recording {
    /// [`FORMAT`] when it was written.
    pub format: u32,
    /// SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// Which world it is.
    pub world: World,
    /// What it was asked.
    pub input: Input,
    /// The settings, completed.
    pub settings: serde_json::Value,
    /// What it might do.
    pub grants: Grants,
    /// What it might use.
    pub limits: Limits,
    /// When it ran.
    pub moment: Moment,
    /// What its randomness came from.
    pub seed: Blob,
    /// What it asked and was told, in order. The log, the time and randomness are not among it: they follow from the rest.
    pub exchanges: Vec<Exchange>,
    /// Not so if it was told more than is kept; then it cannot be replayed.
    pub complete: bool,
    /// How it ended.
    pub outcome: Outcome,
    /// [`digest`] of its answer.
    pub output: Option<String>,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was asked.
    pub call: Call,
    /// What was told.
    pub answer: Answer,
}

/// SHA-256 of an answer's bytes: of a PDF its own, of anything else those of its JSON. In hexadecimal.
pub fn digest(output: &Output) -> String {
    let hash = match output {
        Output::Pdf(bytes) => Sha256::digest(&bytes.0),
        other => Sha256::digest(serde_json::to_vec(other).unwrap_or_default()),
    };
    data_encoding::HEXLOWER.encode(&hash)
}
