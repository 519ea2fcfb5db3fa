//! What a rule wants when something has happened, and the making of a document.

use super::{
    GenerationId,
    ops::{self, Moment},
};
use crate::projects::ProjectId;
use kernel::{
    Caller, Problem, Result,
    jobs::{Attempt, Job},
};
use serde::{Deserialize, Serialize};

/// Asks the company's rules what is made now that this has happened to a project.
#[derive(Debug, Serialize, Deserialize)]
pub struct Consider {
    /// To which project.
    pub project: ProjectId,
    /// What has happened.
    pub moment: Moment,
}

impl Job for Consider {
    const KIND: &'static str = "generated_documents.consider";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        ops::consider(&mut cx, self.project, self.moment, attempt.job).await?;
        cx.commit().await
    }
}

/// Makes a document and stores it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Render {
    /// Which one, which time.
    pub generation: GenerationId,
}

impl Job for Render {
    const KIND: &'static str = "generated_documents.render";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        ops::generate(&caller, self.generation).await
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        if let Err(error) = ops::give_up(&caller, self.generation, problem).await {
            tracing::error!(%error, "it could not be noted that a document was given up");
        }
    }
}
