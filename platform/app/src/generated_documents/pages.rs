//! The page on which anybody asks whether a document is genuine.

use super::ops::{Shown, Verdict};
use crate::pages::{hours_ago, sample_now};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::pages::Page;
use serde::Serialize;

/// What is said of a file that somebody holds.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Said {
    /// It is the document, to the last bit.
    Genuine,
    /// It was the document until then.
    Older {
        /// When another version took its place.
        until: DateTime<Utc>,
    },
    /// It is something else, or was changed.
    Altered,
    /// There was no file.
    Missing,
}

impl From<Verdict> for Said {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Genuine => Self::Genuine,
            Verdict::Older(until) => Self::Older { until },
            Verdict::Altered => Self::Altered,
        }
    }
}

/// `GET` and `POST /verify/{token}`.
#[derive(Debug, Serialize)]
pub struct VerifyPage {
    /// Where the file is asked about.
    pub action: String,
    /// `Warranty`.
    pub kind: &'static str,
    /// `W-2026-0003`.
    pub number: String,
    /// The day on its newest version.
    pub issued: NaiveDate,
    /// When the company took it back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The answer, once there was a question.
    pub said: Option<Said>,
}

impl VerifyPage {
    /// The page of a document.
    pub fn new(token: &str, shown: Shown, said: Option<Said>) -> Self {
        let Shown { kind, number, issued, withdrawn_at } = shown;
        Self { action: format!("/verify/{token}"), kind: kind.words(), number, issued, withdrawn_at, said }
    }
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "generated_documents/verify.html";
    fn samples() -> Vec<VerifyPage> {
        let page = |said, withdrawn_at| VerifyPage {
            action: "/verify/mfrggzdfmztwq2lknnwg23tpoa".to_owned(),
            kind: "Warranty",
            number: "W-2026-0003".to_owned(),
            issued: sample_now().date_naive(),
            withdrawn_at,
            said,
        };
        let said = [Said::Genuine, Said::Older { until: hours_ago(50) }, Said::Altered, Said::Missing];
        let answers = said.into_iter().map(|said| page(Some(said), None));
        let withdrawn = [page(None, Some(hours_ago(3))), page(Some(Said::Genuine), Some(hours_ago(3)))];
        std::iter::once(page(None, None)).chain(answers).chain(withdrawn).collect()
    }
}
