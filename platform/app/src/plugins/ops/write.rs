//! Documents that plugins make, for the slice of documents that write themselves.

use super::{
    active, held,
    perform::{self, Entry},
};
use crate::{
    generated_documents::{Wanted, Work, Written},
    plugins::{PluginId, PluginOccasion},
};
use kernel::{Caller, Cx, Result};
use plugin_host::{
    Input, Output,
    data::{Align, Block, Content, DocumentRequest},
};
use typeset::{Custom, Fact, Section, SignatureLine};

/// The document, if a plugin that is turned on makes such. One that is off, stopped or used up says so; a run that is only put off is
/// an error.
pub(in crate::plugins) async fn write(caller: &Caller, wanted: &Wanted) -> Result<Option<Work>> {
    let mut cx = caller.begin().await?;
    let Some(id) = maker(&cx, &wanted.kind).await? else { return Ok(None) };
    let row = held(&cx, id).await?;
    let title = active(&cx, &row).await?.map_or_else(|| row.name.clone(), |(_, manifest)| manifest.title);
    let nothing = |why: &str| Ok(Some(Work { author: title.clone(), written: Written::Nothing(why.to_owned()) }));
    // Looking at a document is no trial.
    let ready = match perform::door(&cx, row, !wanted.preview).await? {
        Ok(ready) => ready,
        Err(shut) => return nothing(&shut.words),
    };
    let about = ready.install.manifest.documents.iter().find(|d| d.kind == wanted.kind).map(|d| d.title.clone()).unwrap_or_default();
    let now = cx.now();
    cx.commit().await?;
    let request = DocumentRequest { kind: wanted.kind.clone(), number: wanted.number.clone(), locale: wanted.locale.to_owned() };
    let input = Input::Document { request, project: wanted.project.to_string() };
    let done = perform::execute(caller, &ready, input, now, wanted.preview).await?;
    cx = caller.begin().await?;
    held(&cx, id).await?;
    let (occasion, asked_by) = match wanted.preview {
        true => (PluginOccasion::Test, cx.actor().name().to_owned()),
        false => (PluginOccasion::Document, String::new()),
    };
    let entry = Entry { occasion, about, event: None, project: Some(wanted.project), asked_by };
    perform::keep(&cx, &ready, &entry, &done).await?;
    if !wanted.preview {
        perform::judge(&mut cx, &ready, &done).await?;
    }
    cx.commit().await?;
    let written = match done.run.output {
        Some(Output::Content(content)) => Written::Content(Box::new(custom(content))),
        Some(Output::Pdf(pdf)) => Written::Pdf(pdf.0),
        Some(Output::Messages(_) | Output::Notes(_)) | None => Written::Nothing(done.run.report.outcome.words()),
    };
    Ok(Some(Work { author: ready.title, written }))
}

/// What people call a document that a plugin makes.
pub(in crate::plugins) async fn title_of(cx: &Cx, kind: &str) -> Result<Option<String>> {
    let Some(id) = maker(cx, kind).await? else { return Ok(None) };
    let row = super::row(cx, id).await?;
    let manifest = active(cx, &row).await?.map(|(_, manifest)| manifest);
    Ok(manifest.and_then(|m| m.documents.into_iter().find(|d| d.kind == kind)).map(|d| d.title))
}

/// The plugin that makes a document.
async fn maker(cx: &Cx, kind: &str) -> Result<Option<PluginId>> {
    let sql = "SELECT id FROM plugins WHERE enabled AND $1 = ANY (documents) LIMIT 1";
    Ok(cx.one(sql, [kind.into()]).await?.map(|row| row.try_get("", "id")).transpose()?)
}

/// A plugin's content for our layout; project and household are not the plugin's to say.
pub(super) fn custom(content: Content) -> Custom {
    let lines = |texts: Vec<String>| texts.into_iter().filter(|t| !t.trim().is_empty()).collect::<Vec<_>>();
    Custom {
        title: content.title,
        lead: content.subtitle,
        project: String::new(),
        address: String::new(),
        customers: Vec::new(),
        intro: lines(content.intro),
        facts: content.facts.into_iter().map(|f| Fact { label: f.label, value: f.value }).filter(|f| !f.value.trim().is_empty()).collect(),
        covered: lines(content.covered),
        not_covered: lines(content.not_covered),
        sections: content
            .sections
            .into_iter()
            .map(|s| Section { heading: s.title, blocks: s.blocks.into_iter().map(block).collect() })
            .collect(),
        signatures: content.signatures.into_iter().map(|s| SignatureLine { role: s.role, name: s.name }).collect(),
    }
}

fn block(block: Block) -> typeset::Block {
    match block {
        Block::Paragraph(text) => typeset::Block::Text { text },
        Block::Bullets(items) => typeset::Block::Bullets { items },
        Block::Table(table) => {
            let ends = table.columns.iter().enumerate().filter(|(_, c)| c.align == Align::End).map(|(at, _)| at).collect();
            let head = table.columns.into_iter().map(|c| c.title).collect();
            typeset::Block::Table { head, rows: table.rows, caption: table.caption, ends }
        }
    }
}
