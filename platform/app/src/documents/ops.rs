//! The verbs and questions of documents. The only writer of the tables `documents` and `document_versions`.

mod content;
mod views;

pub use content::{StoredFile, file, open, sweep, upload};
pub use views::{CustomerDocument, CustomerDocuments, CustomerVersion, DocumentView, ProjectRef, Standing, VersionView, mine, shown};

use super::{
    DocumentId,
    jobs::ExpireUpload,
    model::{DocumentChange, DocumentKind, NewDocument, NewVersion, VersionState, clean_title, document, version},
};
use crate::{
    events::Event,
    intake::{clean_file_name, clean_media_type},
    people,
    projects::{self, ProjectId},
    visibility::Visibility,
};
use chrono::Duration;
use kernel::{
    Cx, Problem, Result,
    caller::Role,
    jobs,
    paging::{Page, Paging},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use tenants::FilesError;

/// A version whose bytes have not come by then is given up.
const PATIENCE: Duration = Duration::hours(24);

/// Which documents a list holds.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this kind.
    pub kind: Option<DocumentKind>,
    /// For these eyes.
    pub visibility: Option<Visibility>,
    /// With this text in the title.
    pub text: Option<String>,
}

/// Announces a document; the bytes of its first version follow by [`upload`].
pub async fn create(cx: &mut Cx, project: ProjectId, new: NewDocument) -> Result<DocumentView> {
    let household = projects::ops::household_of(cx, project).await?;
    cx.require(Role::Member)?;
    let id = DocumentId(cx.new_uuid());
    let row = document::ActiveModel {
        id: Set(id),
        household_id: Set(household),
        project_id: Set(project),
        title: Set(clean_title(&new.title)?),
        kind: Set(new.kind),
        visibility: Set(new.visibility),
        created_at: Set(cx.now()),
        updated_at: Set(cx.now()),
        withdrawn_at: Set(None),
    };
    let row = row.insert(cx.db()).await?;
    announce(cx, id, 1, &NewVersion { file_name: new.file_name, media_type: new.media_type, bytes: new.bytes }).await?;
    cx.record(&Event::DocumentCreated { document: id, project, title: row.title, visibility: new.visibility.name() }).await?;
    find(cx, id).await
}

/// Announces another version of a document; its bytes follow by [`upload`].
pub async fn add_version(cx: &mut Cx, id: DocumentId, new: NewVersion) -> Result<DocumentView> {
    locked(cx, id, Role::Member).await?;
    let newest: Option<Option<i32>> = version::Entity::find()
        .select_only()
        .column_as(version::Column::Number.max(), "newest")
        .filter(version::Column::DocumentId.eq(id))
        .into_tuple()
        .one(cx.db())
        .await?;
    announce(cx, id, newest.flatten().unwrap_or(0) + 1, &new).await?;
    find(cx, id).await
}

/// Changes title, kind or visibility.
pub async fn change(cx: &mut Cx, id: DocumentId, change: DocumentChange) -> Result<DocumentView> {
    let row = locked(cx, id, Role::Member).await?;
    let (mut said, mut next) = (Vec::new(), document::ActiveModel::from(row.clone()));
    if let Some(title) = change.title.map(|t| clean_title(&t)).transpose()?.filter(|t| *t != row.title) {
        said.push(format!("title to {title}"));
        next.title = Set(title);
    }
    if let Some(kind) = change.kind.filter(|k| *k != row.kind) {
        said.push(format!("kind to {}", kind.name()));
        next.kind = Set(kind);
    }
    if let Some(visibility) = change.visibility.filter(|v| *v != row.visibility) {
        said.push(format!("visibility to {}", visibility.name()));
        next.visibility = Set(visibility);
    }
    if !said.is_empty() {
        next.updated_at = Set(cx.now());
        let next = next.update(cx.db()).await?;
        let (project, title, change) = (next.project_id, next.title, said.join(", "));
        let visibility = row.visibility.either(next.visibility).name();
        cx.record(&Event::DocumentChanged { document: id, project, title, visibility, change }).await?;
    }
    find(cx, id).await
}

/// Takes a document back: it is gone from every list and can no longer be read. Its bytes stay sealed in the store.
pub async fn withdraw(cx: &mut Cx, id: DocumentId) -> Result<()> {
    let row = locked(cx, id, Role::Manager).await?;
    let (project, title, visibility) = (row.project_id, row.title.clone(), row.visibility.name());
    let mut next = document::ActiveModel::from(row);
    next.withdrawn_at = Set(Some(cx.now()));
    next.updated_at = Set(cx.now());
    next.update(cx.db()).await?;
    cx.record(&Event::DocumentWithdrawn { document: id, project, title, visibility }).await?;
    Ok(())
}

/// Gives a version up whose bytes have not come.
pub async fn expire(cx: &Cx, id: DocumentId, number: i32) -> Result<()> {
    let failed = version::ActiveModel { state: Set(VersionState::Failed), ..Default::default() };
    version::Entity::update_many()
        .set(failed)
        .filter(version::Column::DocumentId.eq(id))
        .filter(version::Column::Number.eq(number))
        .filter(version::Column::State.eq(VersionState::Uploading))
        .exec(cx.db())
        .await?;
    Ok(())
}

/// One document.
pub async fn find(cx: &Cx, id: DocumentId) -> Result<DocumentView> {
    let row = row(cx, id).await?;
    let mut views = views::staff(cx, vec![row]).await?;
    views.pop().ok_or_else(|| Problem::not_found("document"))
}

/// How a document stands, also one that was withdrawn.
pub async fn standing(cx: &Cx, id: DocumentId) -> Result<Standing> {
    let row = document::Entity::find_by_id(id).one(cx.db()).await?;
    views::standing(cx, row.ok_or_else(|| Problem::not_found("document"))?).await
}

/// A page of documents, newest first.
pub async fn list(cx: &Cx, filter: &DocumentFilter, paging: &Paging) -> Result<Page<DocumentView>> {
    let mut query = document::Entity::find().filter(document::Column::WithdrawnAt.is_null());
    if let Some(project) = filter.project {
        projects::ops::household_of(cx, project).await?;
        query = query.filter(document::Column::ProjectId.eq(project));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(document::Column::Kind.eq(kind));
    }
    if let Some(visibility) = filter.visibility {
        query = query.filter(document::Column::Visibility.eq(visibility));
    }
    if let Some(text) = filter.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
        query = query.filter(people::ops::matches(document::Column::Title, &people::ops::containing(text)));
    }
    if let Some(after) = paging.after {
        query = query.filter(document::Column::Id.lt(after));
    }
    let rows = query.order_by_desc(document::Column::Id).limit(paging.limit + 1).all(cx.db()).await?;
    let page = Page::<String>::new(rows.clone(), paging, |r| r.id.0, |r| r.id.to_string());
    let kept = rows.into_iter().take(page.items.len()).collect();
    Ok(Page { items: views::staff(cx, kept).await?, next: page.next })
}

/// How many documents each of these projects has, for staff.
pub async fn counts(cx: &Cx, projects: impl IntoIterator<Item = ProjectId>) -> Result<std::collections::HashMap<ProjectId, i64>> {
    let rows: Vec<(ProjectId, i64)> = document::Entity::find()
        .select_only()
        .column(document::Column::ProjectId)
        .column_as(document::Column::Id.count(), "count")
        .filter(document::Column::ProjectId.is_in(projects))
        .filter(document::Column::WithdrawnAt.is_null())
        .group_by(document::Column::ProjectId)
        .into_tuple()
        .all(cx.db())
        .await?;
    Ok(rows.into_iter().collect())
}

/// A document that has not been withdrawn.
async fn row(cx: &Cx, id: DocumentId) -> Result<document::Model> {
    let query = document::Entity::find_by_id(id).filter(document::Column::WithdrawnAt.is_null());
    query.one(cx.db()).await?.ok_or_else(|| Problem::not_found("document"))
}

/// A document that is to be changed: held until the transaction ends, and not withdrawn.
async fn locked(cx: &Cx, id: DocumentId, role: Role) -> Result<document::Model> {
    let row = document::Entity::find_by_id(id).lock_exclusive().one(cx.db()).await?;
    let row = row.ok_or_else(|| Problem::not_found("document"))?;
    cx.require(role)?;
    match row.withdrawn_at {
        Some(_) => Err(Problem::conflict("document_withdrawn", "This document was withdrawn. Add it anew if it is needed again.")),
        None => Ok(row),
    }
}

async fn announce(cx: &mut Cx, id: DocumentId, number: i32, new: &NewVersion) -> Result<()> {
    let limit = cx.tenant().plan.max_upload_bytes;
    if new.bytes == 0 {
        return Err(empty());
    }
    if new.bytes > limit {
        return Err(FilesError::TooLarge(limit).into());
    }
    let row = version::ActiveModel {
        document_id: Set(id),
        number: Set(number),
        state: Set(VersionState::Uploading),
        file_name: Set(clean_file_name(&new.file_name)?),
        media_type: Set(clean_media_type(&new.media_type)),
        bytes: Set(i64::try_from(new.bytes).map_err(Problem::internal)?),
        sha256: Set(None),
        sealed_header: Set(None),
        // Stands in until an upload wins: each attempt writes to an object of its own.
        object_id: Set(cx.new_uuid()),
        uploaded_by: Set(cx.actor().id()),
        uploaded_by_name: Set(cx.actor().name().to_owned()),
        created_at: Set(cx.now()),
        ready_at: Set(None),
    };
    row.insert(cx.db()).await?;
    jobs::enqueue(cx.db(), &ExpireUpload { document: id, number }, cx.now() + PATIENCE).await
}

fn empty() -> Problem {
    Problem::invalid("file", "file_empty", "The file is empty. Open it on your side to see whether it is damaged.")
}
