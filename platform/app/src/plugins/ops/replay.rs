//! Trying a plugin with nothing sent, running a recorded run again, and the document that a run made.

use super::{
    MAY_CHANGE, PluginReplay, PluginRunView,
    hear::told,
    history::{recording_of, run},
    perform::{self, Entry, Ready},
    row, version,
};
use crate::{
    audit,
    events::Event,
    generated_documents,
    plugins::{PluginId, PluginOccasion, PluginRunId, PluginRunner, PluginTest, delegate::Desk, hears, model::plugin},
    projects::{self, ProjectId},
};
use chrono::SecondsFormat;
use kernel::{Caller, Cx, Problem, Result};
use plugin_host::{
    Input, Outcome, Output, Recording, Run, World,
    data::{self, DocumentRequest},
    digest,
};

/// Tries it on a project. Nothing is sent and nothing remembered.
pub async fn test(caller: &Caller, id: PluginId, asked: PluginTest) -> Result<PluginRunView> {
    let cx = caller.begin().await?;
    let found = row(&cx, id).await?;
    cx.require(MAY_CHANGE)?;
    projects::ops::household_of(&cx, asked.project_id).await?;
    let ready = able(&cx, found).await?;
    let (input, about) = sample(&cx, &ready, &asked).await?;
    cx.commit().await?;
    let done = perform::execute(caller, &ready, input, caller.app.clock.now(), true).await?;
    let mut cx = caller.begin().await?;
    super::held(&cx, id).await?;
    let entry = Entry {
        occasion: PluginOccasion::Test,
        about,
        event: None,
        project: Some(asked.project_id),
        asked_by: cx.actor().name().to_owned(),
    };
    let made = perform::keep(&cx, &ready, &entry, &done).await?;
    cx.record(&Event::PluginTested { plugin: id, name: ready.title }).await?;
    let view = run(&cx, id, made).await?;
    cx.commit().await?;
    Ok(view)
}

async fn able(cx: &Cx, row: plugin::Model) -> Result<Ready> {
    perform::can_run(cx, row).await?.map_err(|words| Problem::conflict("plugin_not_ready", words))
}

/// What it is asked: a document, or the newest event of this kind in this project; one that has not happened yet is made up.
async fn sample(cx: &Cx, ready: &Ready, asked: &PluginTest) -> Result<(Input, String)> {
    let manifest = &ready.install.manifest;
    if manifest.world == World::DocumentGenerator {
        let kind = asked.document.as_deref().or_else(|| manifest.documents.first().map(|d| d.kind.as_str())).unwrap_or_default();
        let known = manifest.documents.iter().find(|d| d.kind == kind);
        let known = known.ok_or_else(|| Problem::invalid("document", "not_for_it", "This plugin makes no such document."))?;
        let locale = generated_documents::ops::settings(cx).await?.locale.name().to_owned();
        let request = DocumentRequest { kind: known.kind.clone(), number: "Sample".to_owned(), locale };
        return Ok((Input::Document { request, project: asked.project_id.to_string() }, known.title.clone()));
    }
    let kind = asked.event.as_deref().or_else(|| manifest.events.first().map(String::as_str)).unwrap_or_default();
    if !manifest.events.iter().any(|e| e == kind) || !hears(kind) {
        return Err(Problem::invalid("event", "not_for_it", "This plugin is not made for this event."));
    }
    let event = match audit::ops::newest_of(cx, kind, asked.project_id.0).await? {
        Some(found) => told(&found),
        None => data::Event {
            id: "test".to_owned(),
            kind: kind.to_owned(),
            at: cx.now().to_rfc3339_opts(SecondsFormat::Secs, true),
            summary: format!("A try: {kind}"),
            project_id: Some(asked.project_id.to_string()),
            data: serde_json::json!({ "project": asked.project_id }),
        },
    };
    let about = event.summary.clone();
    Ok((if manifest.world == World::Notifier { Input::Notify(event) } else { Input::Hear(event) }, about))
}

/// Runs a recorded run again, answered from its recording alone.
pub async fn replay(caller: &Caller, id: PluginId, run: PluginRunId) -> Result<PluginReplay> {
    let (recording, again) = again(caller, id, run).await?;
    let now = again.output.as_ref().map(digest);
    Ok(PluginReplay {
        same: again.report.outcome == recording.outcome && now == recording.output,
        words: again.report.outcome.words(),
        recorded: recording.output,
        now,
        fuel_used: again.report.fuel_used,
        time_us: again.report.time_us,
    })
}

/// The document that a run made, as its pages: made again from the recording.
pub async fn document(caller: &Caller, id: PluginId, run: PluginRunId) -> Result<Vec<u8>> {
    let (recording, again) = again(caller, id, run).await?;
    let Input::Document { request, project } = &recording.input else { return Err(Problem::not_found("document of this run")) };
    match (again.report.outcome, again.output) {
        (Outcome::Done, Some(Output::Pdf(pdf))) => Ok(pdf.0),
        (Outcome::Done, Some(Output::Content(content))) => {
            let project = ProjectId(project.parse().map_err(Problem::internal)?);
            generated_documents::ops::lay_out(caller, project, &request.number, super::write::custom(content)).await
        }
        (outcome, _) => Err(Problem::conflict("no_document", outcome.words())),
    }
}

async fn again(caller: &Caller, id: PluginId, run: PluginRunId) -> Result<(Recording, Run)> {
    let cx = caller.begin().await?;
    row(&cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let number = cx.one("SELECT number FROM plugin_runs WHERE plugin_id = $1 AND id = $2", [id.into(), run.into()]).await?;
    let number: i32 = number.ok_or_else(|| Problem::not_found("run"))?.try_get("", "number")?;
    let recording = recording_of(&cx, id, run).await?;
    let recording =
        recording.ok_or_else(|| Problem::conflict("no_recording", "This run is not recorded any more. Try the plugin again instead."))?;
    let version = version(&cx, id, number).await?;
    cx.commit().await?;
    let title = version.manifest()?.title;
    let runner = PluginRunner::of(caller).await?;
    let again = runner.host().await?.replay(&recording, &*Desk::new(caller, version, &title)).await;
    Ok((recording, again))
}

/// A run's recording as JSON. That somebody takes it along is on record.
pub async fn recording(cx: &mut Cx, id: PluginId, run: PluginRunId) -> Result<String> {
    let found = row(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let recording = recording_of(cx, id, run).await?;
    let recording = recording.ok_or_else(|| Problem::conflict("no_recording", "This run is not recorded any more."))?;
    cx.record(&Event::PluginRunRead { run, plugin: id, name: found.name }).await?;
    serde_json::to_string_pretty(&recording).map_err(Problem::internal)
}
