//! The verbs and questions of generated documents. The only writer of the tables `generated_documents`, `generations`,
//! `document_numbers` and `document_settings`.

mod ask;
mod gather;
mod make;
mod settings;
mod verify;
mod views;
mod work;

pub use ask::{Moment, ask, consider, retry};
pub use make::{generate, give_up, lay_out, preview};
pub use settings::{change_settings, settings};
pub use verify::{Shown, Verdict, judge, shown};
pub use views::{GeneratedDocumentView, GenerationView, find, list};

use super::{
    GeneratedDocumentId, GenerationId,
    model::{generated, generation},
};
use kernel::{Cx, Problem, Result};
use sea_orm::{EntityTrait, QuerySelect};

async fn row(cx: &Cx, id: GeneratedDocumentId) -> Result<generated::Model> {
    generated::Entity::find_by_id(id).one(cx.db()).await?.ok_or_else(|| Problem::not_found("generated document"))
}

/// A generation that is to be changed: held until the transaction ends.
async fn held(cx: &Cx, id: GenerationId) -> Result<generation::Model> {
    let row = generation::Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    row.ok_or_else(|| Problem::not_found("generation"))
}
