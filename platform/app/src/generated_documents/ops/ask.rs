//! Asking for a document: by hand, by a rule when something happens, and once more after a failure. The work itself is a job.

use super::{GeneratedDocumentView, find, held, row, settings};
use crate::{
    documents,
    events::Event,
    generated_documents::{
        GeneratedDocumentId, GeneratedKind, GenerationId, GenerationState, NewGeneratedDocument, Occasion, ReportAt,
        jobs::Render,
        model::{generated, generation, title},
        source::author,
    },
    projects::{self, ProjectId, ProjectStatus},
    schedule::{self, MilestoneId, MilestoneState},
    visibility::Visibility,
};
use chrono::Datelike;
use data_encoding::BASE32_NOPAD;
use kernel::{Cx, Problem, Result, caller::Role};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A milestone that was done longer ago is history.
const FRESH_DAYS: i64 = 7;

/// What has happened to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Moment {
    /// It became active.
    Started,
    /// This milestone is done.
    MilestoneDone(MilestoneId),
    /// It is completed.
    Completed,
}

/// What a document is about: there is one of a subject at a time.
#[derive(Clone)]
struct Subject {
    project: ProjectId,
    kind: GeneratedKind,
    /// Of a plugin's document; else empty.
    variant: String,
    milestone: Option<MilestoneId>,
}

/// Why one is wanted. The same cause asks once, however often it says so.
struct Wish {
    occasion: Occasion,
    cause: Uuid,
    visibility: Visibility,
}

/// Has a document made by hand.
pub async fn ask(cx: &mut Cx, project: ProjectId, new: NewGeneratedDocument) -> Result<GeneratedDocumentView> {
    projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    let variant = match (new.kind, new.variant) {
        // Also where there is one already: nobody is there who would make it.
        (GeneratedKind::Plugin, Some(variant)) => {
            name_of(cx, &variant).await?;
            variant
        }
        (GeneratedKind::Plugin, None) => return Err(Problem::invalid("variant", "missing", "Say which of the plugins' documents.")),
        (_, None) => String::new(),
        (_, Some(_)) => return Err(Problem::invalid("variant", "not_of_this_kind", "Only a plugin's document has a variant.")),
    };
    let subject = Subject { project, kind: new.kind, variant, milestone: new.milestone_id };
    let usual = settings(cx).await?.rule(new.kind).visibility;
    let wish = Wish { occasion: Occasion::ByHand, cause: cx.new_uuid(), visibility: new.visibility.unwrap_or(usual) };
    let id = want(cx, subject, wish).await?;
    find(cx, id).await
}

/// Has the documents made that the company's rules want at such a moment, if it still is one. `cause`: the same for every try.
pub async fn consider(cx: &mut Cx, project: ProjectId, moment: Moment, cause: Uuid) -> Result<()> {
    let settings = settings(cx).await?;
    let status = projects::ops::find(cx, project).await?.status;
    let (occasion, kinds, milestone): (_, &[GeneratedKind], _) = match moment {
        Moment::Started if status == ProjectStatus::Active && !has_any(cx, project, GeneratedKind::WelcomePacket).await? => {
            (Occasion::ProjectStarted, &[GeneratedKind::WelcomePacket], None)
        }
        Moment::MilestoneDone(milestone)
            if status == ProjectStatus::Active && is_due(cx, project, milestone, settings.report_at).await? =>
        {
            (Occasion::MilestoneCompleted, &[GeneratedKind::ProgressReport], Some(milestone))
        }
        Moment::Completed if status == ProjectStatus::Completed => {
            (Occasion::ProjectCompleted, &[GeneratedKind::CompletionCertificate, GeneratedKind::Warranty], None)
        }
        _ => return Ok(()),
    };
    for kind in kinds.iter().copied() {
        let rule = settings.rule(kind);
        if rule.enabled {
            let wish = Wish { occasion, cause, visibility: rule.visibility };
            want(cx, Subject { project, kind, variant: String::new(), milestone }, wish).await?;
        }
    }
    Ok(())
}

/// Tries a failed one again.
pub async fn retry(cx: &mut Cx, id: GeneratedDocumentId) -> Result<GeneratedDocumentView> {
    let found = row(cx, id).await?;
    cx.require(Role::Member)?;
    lock(cx, found.project_id).await?;
    let newest = newest(cx, id).await?.ok_or_else(|| Problem::not_found("generation"))?;
    let newest = held(cx, newest.id).await?;
    if newest.state.is_open() {
        return find(cx, id).await;
    }
    if newest.state != GenerationState::Failed {
        return Err(Problem::conflict("not_failed", "This document is ready. Make it anew if something has changed."));
    }
    let generation = newest.id;
    let mut next = generation::ActiveModel::from(newest);
    next.state = Set(GenerationState::Queued);
    next.reason = Set(String::new());
    next.ended_at = Set(None);
    next.update(cx.db()).await?;
    let event = Event::GeneratedDocumentRetried { generated: id, project: found.project_id, title: found.title };
    cx.record(&event).await?;
    cx.enqueue(&Render { generation }).await?;
    find(cx, id).await
}

/// Whether a report is due for this milestone: it was done these days, and so was its phase if the company wants one a phase. Of work
/// that is entered long after it was done nobody wants to hear.
async fn is_due(cx: &Cx, project: ProjectId, id: MilestoneId, at: ReportAt) -> Result<bool> {
    let plan = cx.ask(schedule::ops::mine(project)).await?;
    let Some(milestone) = plan.milestones.iter().find(|m| m.id == id) else { return Ok(false) };
    let phase = plan.milestones.iter().filter(|m| m.phase_position == milestone.phase_position);
    let whole_phase = phase.into_iter().all(|m| m.state == MilestoneState::Done);
    let fresh = milestone.actual_end.is_some_and(|day| (cx.today() - day).num_days() <= FRESH_DAYS);
    Ok(fresh && (at == ReportAt::EveryMilestone || whole_phase))
}

async fn has_any(cx: &Cx, project: ProjectId, kind: GeneratedKind) -> Result<bool> {
    let of = generated::Entity::find().filter(generated::Column::ProjectId.eq(project)).filter(generated::Column::Kind.eq(kind));
    Ok(of.one(cx.db()).await?.is_some())
}

/// Nobody else asks for documents of this project until the transaction ends; so a subject has one document, and one generation at a
/// time.
async fn lock(cx: &Cx, project: ProjectId) -> Result<()> {
    let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 11))";
    cx.execute(sql, [format!("generated documents of {project}").into()]).await?;
    Ok(())
}

/// The document of a subject, and a generation of it under way. One that is under way already is enough.
async fn want(cx: &mut Cx, subject: Subject, wish: Wish) -> Result<GeneratedDocumentId> {
    lock(cx, subject.project).await?;
    let document = match current(cx, &subject).await? {
        Some(document) => document,
        None => write_down(cx, &subject, wish.visibility).await?,
    };
    let of = generation::Entity::find().filter(generation::Column::GeneratedId.eq(document.id));
    let known = of.all(cx.db()).await?;
    if known.iter().any(|generation| generation.state.is_open() || generation.cause == wish.cause) {
        return Ok(document.id);
    }
    let row = generation::ActiveModel {
        id: Set(GenerationId(cx.new_uuid())),
        generated_id: Set(document.id),
        state: Set(GenerationState::Queued),
        reason: Set(String::new()),
        occasion: Set(wish.occasion),
        cause: Set(wish.cause),
        asked_by: Set(cx.actor().id()),
        asked_by_name: Set(if wish.occasion == Occasion::ByHand { cx.actor().name().to_owned() } else { String::new() }),
        issued: Set(cx.today()),
        created_at: Set(cx.now()),
        ..Default::default()
    };
    let row = row.insert(cx.db()).await?;
    let event = Event::GeneratedDocumentRequested {
        generated: document.id,
        project: subject.project,
        title: document.title,
        occasion: wish.occasion.name(),
    };
    cx.record(&event).await?;
    cx.enqueue(&Render { generation: row.id }).await?;
    Ok(document.id)
}

/// The document of a subject, if there is one that was not withdrawn from the document centre.
async fn current(cx: &Cx, subject: &Subject) -> Result<Option<generated::Model>> {
    let of = generated::Entity::find().filter(generated::Column::ProjectId.eq(subject.project));
    let of = of.filter(generated::Column::Kind.eq(subject.kind)).filter(generated::Column::Variant.eq(subject.variant.as_str()));
    let of = of.filter(generated::Column::ClosedAt.is_null());
    let of = match subject.milestone {
        Some(milestone) => of.filter(generated::Column::MilestoneId.eq(milestone)),
        None => of.filter(generated::Column::MilestoneId.is_null()),
    };
    let Some(found) = of.one(cx.db()).await? else { return Ok(None) };
    let Some(document) = found.document_id else { return Ok(Some(found)) };
    if documents::ops::standing(cx, document).await?.withdrawn_at.is_none() {
        return Ok(Some(found));
    }
    let mut closed = generated::ActiveModel::from(found);
    closed.closed_at = Set(Some(cx.now()));
    closed.update(cx.db()).await?;
    Ok(None)
}

/// A new document with the next number of its kind and year.
async fn write_down(cx: &Cx, subject: &Subject, visibility: Visibility) -> Result<generated::Model> {
    let Subject { project, kind, milestone, .. } = *subject;
    let words = match kind {
        GeneratedKind::Plugin => name_of(cx, &subject.variant).await?,
        ours => ours.words().to_owned(),
    };
    let about = match milestone {
        Some(_) if kind != GeneratedKind::ProgressReport => {
            return Err(Problem::invalid("milestone_id", "not_of_this_kind", "Only a progress report is about a milestone."));
        }
        Some(id) => {
            let plan = cx.ask(schedule::ops::mine(project)).await?;
            let found = plan.milestones.into_iter().find(|m| m.id == id);
            Some(found.ok_or_else(|| Problem::invalid("milestone_id", "unknown", "The project has no such milestone."))?.name)
        }
        None => None,
    };
    let year = cx.today().year();
    let sql = "INSERT INTO document_numbers (kind, year, last) VALUES ($1, $2, 1) \
               ON CONFLICT (kind, year) DO UPDATE SET last = document_numbers.last + 1 RETURNING last";
    let counted = cx.one(sql, [kind.name().into(), year.into()]).await?;
    let counter: i32 = counted.ok_or_else(|| Problem::internal(anyhow::anyhow!("no number came back")))?.try_get("", "last")?;
    let number = kind.number(year, counter);
    let token: [u8; 16] = cx.caller().app.random();
    let row = generated::ActiveModel {
        id: Set(GeneratedDocumentId(cx.new_uuid())),
        project_id: Set(project),
        milestone_id: Set(milestone),
        kind: Set(kind),
        title: Set(title(&words, about.as_deref(), &number)),
        variant: Set(subject.variant.clone()),
        number: Set(number),
        visibility: Set(visibility),
        token: Set(BASE32_NOPAD.encode(&token).to_ascii_lowercase()),
        document_id: Set(None),
        created_at: Set(cx.now()),
        closed_at: Set(None),
    };
    Ok(row.insert(cx.db()).await?)
}

/// What people call a plugin's document.
pub(super) async fn name_of(cx: &Cx, variant: &str) -> Result<String> {
    let title = match author(cx.caller()) {
        Some(author) => author.title(cx, variant).await?,
        None => None,
    };
    title.ok_or_else(|| Problem::invalid("variant", "unknown", "No plugin that is turned on makes such a document."))
}

async fn newest(cx: &Cx, id: GeneratedDocumentId) -> Result<Option<generation::Model>> {
    let of = generation::Entity::find().filter(generation::Column::GeneratedId.eq(id));
    Ok(of.order_by_desc(generation::Column::Id).one(cx.db()).await?)
}
