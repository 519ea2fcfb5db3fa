//! Making a document: gathered in a transaction, its photos opened and its pages laid out with none open, stored as any document is.

use super::{
    gather::{Draft, Stamp, draft},
    settings, views,
    work::{self, Work},
};
use crate::{
    documents,
    generated_documents::{
        DocumentPreview, GeneratedKind, GenerationId,
        source::{self, Wanted},
    },
    projects::{self, ProjectId},
};
use bytes::Bytes;
use futures::stream;
use kernel::{Actor, Caller, Problem, Result, caller::Role, problem::Kind};
use typeset::Pdf;

/// Who does what the rules and the queue do, as people read it.
const NOBODY: Actor = Actor::System("Automatically");

/// A document that was made and is still to be stored.
pub(super) struct Finished<'a> {
    pub pdf: &'a Pdf,
    pub fingerprint: [u8; 32],
}

/// Makes what was asked for, unless it has come to an end. May run twice, also at the same time: there is one version of it. What
/// would be the same the next time ends it; an error means that it is tried again.
pub async fn generate(caller: &Caller, id: GenerationId) -> Result<()> {
    let caller = caller.acting_as(NOBODY);
    let Some((work, draft)) = work::begin(&caller, id).await? else { return Ok(()) };
    match make(&caller, &work, draft).await {
        Ok(()) => Ok(()),
        Err(problem) if is_final(&problem) => {
            problem.log();
            work::fail(&caller, id, problem.words()).await
        }
        Err(problem) => {
            work::wait(&caller, id, problem.words()).await?;
            Err(problem)
        }
    }
}

/// The tries are used up.
pub async fn give_up(caller: &Caller, id: GenerationId, problem: &Problem) -> Result<()> {
    work::fail(&caller.acting_as(NOBODY), id, problem.words()).await
}

/// The pages as they would be made now, with other settings if they are given. Nothing is stored.
pub async fn preview(caller: &Caller, project: ProjectId, asked: DocumentPreview) -> Result<Vec<u8>> {
    let cx = caller.begin().await?;
    projects::ops::household_of(&cx, project).await?;
    cx.require(Role::Member)?;
    let settings = match asked.settings {
        Some(settings) => settings.clean()?,
        None => settings(&cx).await?,
    };
    // A number and an address that no document has.
    let stamp = Stamp { number: "Preview".to_owned(), issued: cx.today(), verify_url: views::verify_url(&cx, "preview") };
    let kind = asked.variant.filter(|_| asked.kind == GeneratedKind::Plugin).unwrap_or_else(|| asked.kind.name());
    let wanted = Wanted { kind, project, number: stamp.number.clone(), locale: settings.locale.name(), preview: true };
    let draft = draft(&cx, project, asked.kind, &settings, stamp).await?;
    cx.commit().await?;
    let order = draft.with_photos(caller).await?;
    Ok(source::prepare(caller, asked.kind, &wanted, order).await?.make(caller).await?.pdf.bytes)
}

/// A document of this content for a project, in the company's look; nothing is stored.
pub async fn lay_out(caller: &Caller, project: ProjectId, number: &str, custom: typeset::Custom) -> Result<Vec<u8>> {
    let cx = caller.begin().await?;
    let stamp = Stamp { number: number.to_owned(), issued: cx.today(), verify_url: views::verify_url(&cx, "preview") };
    let draft = draft(&cx, project, GeneratedKind::Plugin, &settings(&cx).await?, stamp).await?;
    cx.commit().await?;
    let order = draft.with_photos(caller).await?;
    source::laid_out(caller, order, custom).await
}

async fn make(caller: &Caller, work: &Work, draft: Draft) -> Result<()> {
    let id = work.generation.id;
    let (document, locale) = (&work.document, draft.locale());
    let order = draft.with_photos(caller).await?;
    let kind = if document.kind == GeneratedKind::Plugin { document.variant.clone() } else { document.kind.name() };
    let wanted = Wanted { kind, project: document.project_id, number: document.number.clone(), locale, preview: false };
    let prepared = source::prepare(caller, document.kind, &wanted, order).await?;
    // Of finished pages nobody knows what they say.
    if !prepared.is_finished() && !work::is_new(work, &prepared.order) {
        return work::leave(caller, work).await;
    }
    let (fingerprint, about) = (prepared.order.fingerprint(), prepared.note.clone());
    let made = prepared.make(caller).await?;
    let finished = Finished { pdf: &made.pdf, fingerprint };
    let Some(announced) = work::announce(caller, work, &finished).await? else { return Ok(()) };
    if !announced.stored {
        let bytes = Bytes::from(made.pdf.bytes);
        let (length, body) = (bytes.len() as u64, stream::iter([Ok(bytes)]));
        match documents::ops::upload(caller, announced.document, announced.version, Some(length), body).await {
            Ok(_) => {}
            // Another worker was faster with the same version.
            Err(problem) if problem.code() == "version_ready" => {}
            Err(problem) => return Err(problem),
        }
    }
    work::finish(caller, id, note(about, &made.left_out)).await
}

fn note(about: String, left_out: &[char]) -> String {
    match left_out {
        [] => about,
        signs => {
            let about = if about.is_empty() { about } else { format!("{about} ") };
            about
                + &format!(
                    "Left out, because our fonts do not have them: {}",
                    signs.iter().map(char::to_string).collect::<Vec<_>>().join(" ")
                )
        }
    }
}

/// The same would come of trying again.
fn is_final(problem: &Problem) -> bool {
    !matches!(problem.kind(), Kind::Unavailable | Kind::Internal | Kind::TooMany)
}
