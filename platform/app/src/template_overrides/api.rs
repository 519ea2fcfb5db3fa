//! A company's own texts over HTTP, for managers and owners.

use super::{
    TemplateInput, TemplateText,
    ops::{self, TemplateFlaw, TemplateVersionView, TemplateVersions, TemplateView, Templates},
    preview,
};
use crate::{callers::Staff, projects::ProjectId, routes::Tag};
use kernel::Result;
use poem_openapi::{Object, OpenApi, param::Path, payload::Json};

/// The endpoints of pages' and mails' texts.
pub struct TemplateOverridesApi;

/// A text to be tried.
#[derive(Object)]
struct PreviewInput {
    /// The text.
    text: TemplateText,
    /// The project whose data it is tried with; none: the samples only.
    project_id: Option<ProjectId>,
}

/// What a text comes to.
#[derive(Object)]
struct TemplatePreview {
    /// What is wrong with it, with the samples or the project; none: it can be saved.
    flaws: Vec<TemplateFlaw>,
    /// What a customer of the project would see; none where that cannot be.
    shown: Option<TemplateShown>,
}

/// What a customer would see.
#[derive(Object)]
struct TemplateShown {
    /// As whom it is shown.
    reader: String,
    /// What of it is made up, because the project has none; may be empty.
    note: String,
    /// A mail's subject; empty for a page.
    subject: String,
    /// A mail as plain text; empty for a page.
    text: String,
}

/// Which version is to be in use.
#[derive(Object)]
struct ActiveVersion {
    /// Its number.
    number: i32,
}

#[OpenApi(tag = "Tag::Templates")]
impl TemplateOverridesApi {
    /// All pages and mails that can be written anew, and whose text each has.
    #[oai(path = "/template-overrides", method = "get", operation_id = "list_template_overrides")]
    async fn list(&self, Staff(me): Staff) -> Result<Json<Templates>> {
        let cx = me.begin().await?;
        Ok(Json(ops::list(&cx).await?))
    }

    /// One of them: the text in use, ours, and what may be put into it.
    #[oai(path = "/template-overrides/:template", method = "get", operation_id = "get_template_override")]
    async fn get(&self, Staff(me): Staff, template: Path<String>) -> Result<Json<TemplateView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::get(&cx, &template.0).await?))
    }

    /// Saves a text as a new version and uses it. A text with a flaw is refused, with its place.
    #[oai(path = "/template-overrides/:template", method = "put", operation_id = "save_template_override")]
    async fn save(&self, Staff(me): Staff, template: Path<String>, input: Json<TemplateInput>) -> Result<Json<TemplateView>> {
        let mut cx = me.begin().await?;
        let view = ops::save(&mut cx, &template.0, input.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Tries a text with all samples, and with the data of a project as one of its customers would see it. Nothing is saved or sent.
    #[oai(path = "/template-overrides/:template/preview", method = "post", operation_id = "preview_template_override")]
    async fn preview(&self, Staff(me): Staff, template: Path<String>, input: Json<PreviewInput>) -> Result<Json<TemplatePreview>> {
        let (key, PreviewInput { text, project_id }) = (template.0, input.0);
        ops::known(&key)?;
        me.begin().await?.require(ops::MAY_CHANGE)?;
        let mut flaws = ops::check(&me.app.pages, &key, &text)?;
        let mut shown = None;
        if let Some(project) = project_id {
            let scene = preview::scene(&me, &key, project).await?;
            match scene.show(&me, &text)? {
                Ok(done) => {
                    let preview::Shown { subject, text, .. } = done;
                    shown = Some(TemplateShown { reader: scene.reader, note: scene.note.to_owned(), subject, text });
                }
                Err(flaw) if flaws.is_empty() => flaws.push(ops::flaw_view(&flaw, Some("this project".to_owned()))),
                Err(_) => {}
            }
        }
        Ok(Json(TemplatePreview { flaws, shown }))
    }

    /// Uses an older version again. One that has a flaw by now is refused.
    #[oai(path = "/template-overrides/:template/active", method = "put", operation_id = "restore_template_override")]
    async fn restore(&self, Staff(me): Staff, template: Path<String>, input: Json<ActiveVersion>) -> Result<Json<TemplateView>> {
        let mut cx = me.begin().await?;
        let view = ops::restore(&mut cx, &template.0, input.0.number).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// Uses our own text again. The versions stay.
    #[oai(path = "/template-overrides/:template/active", method = "delete", operation_id = "switch_off_template_override")]
    async fn switch_off(&self, Staff(me): Staff, template: Path<String>) -> Result<Json<TemplateView>> {
        let mut cx = me.begin().await?;
        let view = ops::switch_off(&mut cx, &template.0).await?;
        cx.commit().await?;
        Ok(Json(view))
    }

    /// All versions of a text, the newest first.
    #[oai(path = "/template-overrides/:template/versions", method = "get", operation_id = "list_template_override_versions")]
    async fn versions(&self, Staff(me): Staff, template: Path<String>) -> Result<Json<TemplateVersions>> {
        let cx = me.begin().await?;
        Ok(Json(ops::versions(&cx, &template.0).await?))
    }

    /// One version: its text, and what it changed.
    #[oai(path = "/template-overrides/:template/versions/:number", method = "get", operation_id = "get_template_override_version")]
    async fn version(&self, Staff(me): Staff, template: Path<String>, number: Path<i32>) -> Result<Json<TemplateVersionView>> {
        let cx = me.begin().await?;
        Ok(Json(ops::version(&cx, &template.0, number.0).await?))
    }
}
