//! Plugins as lists and as one: what is there, what it asks for in words, and when it runs.

use super::{
    MAY_CHANGE, PluginApprovalView, PluginDocument, PluginDocumentKind, PluginEvent, PluginLimits, PluginNotice, PluginRow, PluginSecret,
    PluginSettingFlaw, PluginVersionView, PluginView, PluginWant, Plugins, install, messages::MAILS_A_DAY, perform::runs_today, row,
    standing, stopped, versions,
};
use crate::{
    generated_documents::GeneratedKind,
    plugins::{
        PluginId, PluginMessageId, PluginRunId, PluginWantKind,
        delegate::{MOST_REMEMBERED, remembered},
        hears,
        model::{plugin, version},
    },
    projects::ProjectId,
};
use chrono::{DateTime, Duration, Utc};
use kernel::{Cx, Problem, Result, caller::Role};
use plugin_host::{Limits, Manifest, World, manifest::Wants, with_defaults};
use poem_openapi::types::Any;
use sea_orm::{EntityTrait, FromQueryResult, QueryOrder};
use std::collections::HashMap;

/// All plugins of the company.
pub async fn list(cx: &Cx) -> Result<Plugins> {
    cx.require(MAY_CHANGE)?;
    let rows = plugin::Entity::find().order_by_asc(plugin::Column::Name).all(cx.db()).await?;
    let all = version::Entity::find().order_by_desc(version::Column::Number).all(cx.db()).await?;
    let mut of: HashMap<PluginId, Vec<version::Model>> = HashMap::new();
    let stopped = stopped(cx, all.iter().map(|v| v.hash.clone())).await?;
    for version in all {
        of.entry(version.plugin_id).or_default().push(version);
    }
    let counts: HashMap<PluginId, Count> = counts(cx).await?.into_iter().map(|count| (count.plugin_id, count)).collect();
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let versions = of.remove(&row.id).unwrap_or_default();
        let Some(newest) = versions.first() else { continue };
        let used = versions.iter().find(|v| Some(v.number) == row.active);
        let manifest = used.unwrap_or(newest).manifest()?;
        let (state, reason) = standing(&row, used.and_then(|v| stopped.get(&v.hash)));
        let count = counts.get(&row.id);
        items.push(PluginRow {
            id: row.id,
            name: row.name,
            title: manifest.title,
            description: manifest.description,
            world: manifest.world.into(),
            state,
            reason,
            version: used.map(|v| v.version.clone()),
            waiting_version: used.filter(|used| newest.number > used.number).map(|_| newest.version.clone()),
            runs: count.map_or(0, |c| c.runs),
            failures: count.map_or(0, |c| c.failures),
            last_run_at: count.map(|c| c.last_run_at),
        });
    }
    items.sort_by_key(|row| row.title.to_lowercase());
    let plan = &cx.tenant().plan;
    let (max_plugins, max_runs) = (plan.max_plugins, plan.plugin_runs_per_day);
    Ok(Plugins { items, max_plugins, runs: runs_today(cx).await?, max_runs, notices: notices(cx).await? })
}

#[derive(FromQueryResult)]
struct Count {
    plugin_id: PluginId,
    runs: i64,
    failures: i64,
    last_run_at: DateTime<Utc>,
}

async fn counts(cx: &Cx) -> Result<Vec<Count>> {
    let sql = "SELECT plugin_id, count(*) FILTER (WHERE created_at > $1) AS runs, \
               count(*) FILTER (WHERE created_at > $1 AND outcome <> 'done') AS failures, max(created_at) AS last_run_at \
               FROM plugin_runs WHERE occasion <> 'test' GROUP BY plugin_id";
    Ok(cx.rows(sql, [(cx.now() - Duration::hours(24)).into()]).await?)
}

#[derive(FromQueryResult)]
struct NoticeRow {
    id: PluginMessageId,
    plugin_id: PluginId,
    plugin: String,
    run_id: PluginRunId,
    title: String,
    text: String,
    project_id: Option<ProjectId>,
    created_at: DateTime<Utc>,
}

async fn notices(cx: &Cx) -> Result<Vec<PluginNotice>> {
    let sql = "SELECT m.id, m.plugin_id, coalesce(v.manifest ->> 'title', p.name) AS plugin, m.run_id, \
               coalesce(m.content ->> 'title', '') AS title, coalesce(m.content ->> 'text', '') AS text, m.project_id, m.created_at \
               FROM plugin_messages m JOIN plugins p ON p.id = m.plugin_id \
               LEFT JOIN plugin_versions v ON v.plugin_id = p.id AND v.number = p.active \
               WHERE m.kind = 'notice' ORDER BY m.id DESC LIMIT 20";
    let notice = |row: NoticeRow| PluginNotice {
        id: row.id,
        plugin_id: row.plugin_id,
        plugin: row.plugin,
        run_id: row.run_id,
        title: row.title,
        text: row.text,
        project_id: row.project_id,
        at: row.created_at,
    };
    Ok(cx.rows::<NoticeRow>(sql, []).await?.into_iter().map(notice).collect())
}

#[derive(FromQueryResult)]
struct MakerRow {
    documents: Vec<String>,
    manifest: serde_json::Value,
}

/// The documents that enabled plugins make and we do not, by title. For everybody of the staff.
pub async fn document_kinds(cx: &Cx) -> Result<Vec<PluginDocumentKind>> {
    cx.require(Role::Member)?;
    let sql = "SELECT p.documents, v.manifest FROM plugins p JOIN plugin_versions v ON v.plugin_id = p.id AND v.number = p.active WHERE p.enabled";
    let mut kinds = Vec::new();
    for row in cx.rows::<MakerRow>(sql, []).await? {
        let manifest: Manifest = serde_json::from_value(row.manifest).map_err(Problem::internal)?;
        let made = manifest.documents.iter().filter(|d| row.documents.contains(&d.kind) && GeneratedKind::named(&d.kind).is_none());
        kinds.extend(made.map(|d| PluginDocumentKind { kind: d.kind.clone(), title: d.title.clone(), plugin: manifest.title.clone() }));
    }
    kinds.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(kinds)
}

/// One plugin.
pub async fn find(cx: &Cx, id: PluginId) -> Result<PluginView> {
    let row = row(cx, id).await?;
    cx.require(MAY_CHANGE)?;
    let versions = versions(cx, id).await?;
    let newest = versions.first().ok_or_else(|| Problem::not_found("plugin"))?;
    let stopped = stopped(cx, versions.iter().map(|v| v.hash.clone())).await?;
    let used = versions.iter().find(|v| Some(v.number) == row.active);
    let shown = used.unwrap_or(newest);
    let manifest = shown.manifest()?;
    let (state, reason) = standing(&row, used.and_then(|v| stopped.get(&v.hash)));
    let (settings, flaws) = match install(cx, &row, shown, manifest.clone()) {
        Ok(install) => (install.settings().clone(), Vec::new()),
        Err(errors) => (with_defaults(&manifest.settings, &row.settings), errors),
    };
    let approval = used.map(|_| row.approval());
    let has = approval.clone().unwrap_or_default();
    let views = versions.iter().map(|v| version_view(&row, v, &has, stopped.get(&v.hash)));
    Ok(PluginView {
        id,
        versions: views.collect::<Result<_>>()?,
        secrets: secrets(cx, id, &manifest.wants, &has).await?,
        events: events(&row, &manifest),
        documents: documents(&row, &manifest),
        limits: limits(&manifest),
        name: row.name,
        title: manifest.title,
        description: manifest.description,
        author: manifest.author,
        world: manifest.world.into(),
        state,
        reason,
        enabled: row.enabled,
        active: row.active,
        approval: approval.map(PluginApprovalView::from),
        settings_schema: Any(manifest.settings),
        settings: Any(settings),
        settings_flaws: flaws.into_iter().map(|e| PluginSettingFlaw { name: e.name, words: e.words }).collect(),
        remembered: remembered(cx, id.into(), "").await?,
        max_remembered: MOST_REMEMBERED,
        created_at: row.created_at,
    })
}

fn version_view(
    row: &plugin::Model,
    version: &version::Model,
    has: &plugin_host::Approval,
    stopped: Option<&String>,
) -> Result<PluginVersionView> {
    let manifest = version.manifest()?;
    let mut checks: Vec<String> = serde_json::from_value(version.checks.clone()).map_err(Problem::internal)?;
    if manifest.world == World::Notifier {
        checks.push(format!("It may send mail in your name: to your managers, and at most {MAILS_A_DAY} a day to one household."));
    }
    Ok(PluginVersionView {
        number: version.number,
        version: version.version.clone(),
        hash: version.hash.clone(),
        bytes: version.bytes,
        wit: version.wit.clone(),
        checks,
        wants: wants(&manifest.wants, has),
        never: never(&manifest),
        in_use: Some(version.number) == row.active,
        stopped: stopped.cloned().unwrap_or_default(),
        uploaded_by: version.uploaded_by_name.clone(),
        created_at: version.created_at,
    })
}

/// What is asked for, in words.
fn wants(wants: &Wants, has: &plugin_host::Approval) -> Vec<PluginWant> {
    let want = |kind, name: &str, words: String, why: &str, technical: String, known: bool| PluginWant {
        kind,
        name: name.to_owned(),
        words,
        why: why.to_owned(),
        technical,
        is_new: !known,
    };
    let mut all = Vec::new();
    if let Some(projects) = &wants.projects {
        let words = "Read your projects: the household with mail and phone, schedule, visits, captions of photos, titles of documents. Only what the household may see.";
        all.push(want(PluginWantKind::Projects, "", words.to_owned(), &projects.why, "projects".to_owned(), has.projects));
    }
    if let Some(kv) = &wants.kv {
        let words = format!("Remember things between its runs, at most {} MB.", MOST_REMEMBERED >> 20);
        all.push(want(PluginWantKind::Kv, "", words, &kv.why, "kv".to_owned(), has.kv));
    }
    for http in &wants.http {
        let words = format!("Send what it read to {} and read the answer, at most 20 times a run.", http.host);
        all.push(want(PluginWantKind::Http, &http.host, words, &http.why, format!("http: {}", http.host), has.http.contains(&http.host)));
    }
    for secret in &wants.secrets {
        let words = format!(
            "Use the secret “{}” that you fill in, with {} only. It never sees the secret itself.",
            secret.title,
            secret.hosts.join(", ")
        );
        let technical = format!("secret: {}", secret.name);
        all.push(want(PluginWantKind::Secret, &secret.name, words, &secret.why, technical, has.secrets.contains(&secret.name)));
    }
    all
}

/// What it cannot do, whatever is approved; and what it does not ask for.
fn never(manifest: &Manifest) -> Vec<String> {
    let mut never = vec![
        "Change a project, a date or a document.",
        "See payments, passwords or your team.",
        "See other companies, or open files of this machine.",
    ];
    never.push(if manifest.wants.http.is_empty() { "Reach any website." } else { "Reach any other website." });
    if manifest.world != World::Notifier {
        never.push("Send mail.");
    }
    if manifest.wants.projects.is_none() {
        never.push("Read projects but the one that it runs for.");
    }
    never.into_iter().map(str::to_owned).collect()
}

#[derive(FromQueryResult)]
struct SecretRow {
    name: String,
    set_by_name: String,
    set_at: DateTime<Utc>,
}

async fn secrets(cx: &Cx, id: PluginId, wants: &Wants, has: &plugin_host::Approval) -> Result<Vec<PluginSecret>> {
    let rows = cx.rows::<SecretRow>("SELECT name, set_by_name, set_at FROM plugin_secrets WHERE plugin_id = $1", [id.into()]).await?;
    let view = |want: &plugin_host::manifest::WantSecret| {
        let set = rows.iter().find(|row| row.name == want.name);
        PluginSecret {
            name: want.name.clone(),
            title: want.title.clone(),
            hosts: want.hosts.clone(),
            why: want.why.clone(),
            approved: has.secrets.contains(&want.name),
            set_at: set.map(|row| row.set_at),
            set_by: set.map(|row| row.set_by_name.clone()).unwrap_or_default(),
        }
    };
    Ok(wants.secrets.iter().map(view).collect())
}

fn events(row: &plugin::Model, manifest: &Manifest) -> Vec<PluginEvent> {
    let event = |kind: &String| PluginEvent { kind: kind.clone(), enabled: row.events.contains(kind), known: hears(kind) };
    manifest.events.iter().map(event).collect()
}

fn documents(row: &plugin::Model, manifest: &Manifest) -> Vec<PluginDocument> {
    let document = |known: &plugin_host::manifest::DocumentKind| PluginDocument {
        kind: known.kind.clone(),
        title: known.title.clone(),
        enabled: row.documents.contains(&known.kind),
        replaces_ours: GeneratedKind::named(&known.kind).is_some(),
    };
    manifest.documents.iter().map(document).collect()
}

fn limits(manifest: &Manifest) -> PluginLimits {
    let limits = Limits::new(manifest.world.into(), manifest.language);
    PluginLimits {
        fuel: limits.fuel,
        memory: limits.memory as u64,
        cpu_seconds: limits.cpu.as_secs(),
        seconds: limits.time.as_secs(),
        http_calls: limits.http_calls as u64,
        output: limits.output as u64,
    }
}
