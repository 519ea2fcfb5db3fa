//! The preview as a document of its own, for the frame in the console's editor: nothing in it runs, posts or leads anywhere.

use super::{TemplateText, ops, preview};
use crate::{callers::Staff, projects::ProjectId};
use kernel::{Problem, Result, pages};
use poem::{Body, Request, Response, handler};
use std::collections::HashMap;

/// The largest form: four texts, each letter up to nine bytes.
const FORM_BYTES: usize = 2 << 20;

/// `POST /console/template-preview`: the text that is being written, with the data of a project. Answers the page or the mail.
#[handler]
pub async fn document(request: &Request, body: Body) -> Result<Response> {
    let Staff(me) = Staff::of(request).await.map_err(Problem::from_poem)?;
    me.begin().await?.require(ops::MAY_CHANGE)?;
    let bytes = body.into_bytes_limit(FORM_BYTES).await;
    let bytes = bytes.map_err(|error| Problem::too_large("form_too_large", "That is more than a text can be.").caused_by(error))?;
    let mut form: HashMap<String, String> = url::form_urlencoded::parse(&bytes).into_owned().collect();
    let mut part = |name: &str| form.remove(name).unwrap_or_default();
    let project: ProjectId = part("project").parse().map_err(|_| Problem::not_found("project"))?;
    let text = TemplateText { html: part("html"), subject: part("subject"), heading: part("heading"), text: part("text") };
    let scene = preview::scene(&me, &part("template"), project).await?;
    match scene.show(&me, &text)? {
        Ok(shown) => Ok(pages::preview(shown.html, scene.frame())),
        // The editor says what is wrong, beside the line.
        Err(_) => Ok(pages::preview(String::new(), None)),
    }
}
