//! What remains to be proved afterwards: the audit log, the operator's view, and that a tool which is not ours opens the file.

use super::{
    company::Company,
    stage::{CONTRACT, CUSTOMER, DESK, Payload, SUBDOMAIN, Stage, link, sha256},
    walk::{Stopped, Walk},
};
use crate::{
    audit::ops::{TenantVerification, verify_all},
    dev::local::OPERATOR,
};
use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::process::Command;

const TOOL_PATIENCE: Duration = Duration::from_secs(180);
const TOOL_STEP: &str = "the stock aws-encryption-cli opens the stored object";

/// From the audit log to the stored object.
pub(super) async fn walk(
    walk: &mut Walk,
    stage: &Stage<'_>,
    company: &mut Company,
    payload: &Payload,
    tool: Option<&Path>,
) -> Result<(), Stopped> {
    walk.step("audit log: who read the document, from where", audit(stage, company)).await?;
    walk.step("audit log: the chain is whole", chain(stage, company)).await?;
    walk.step("audit log: all chains, as verify-audit walks them", chains(stage)).await?;
    walk.step("operator: signs in by mail, sees the tenant", operator(stage)).await?;
    let object = walk.step("the object in the store is sealed", stored(stage, company, payload)).await?;
    match tool {
        Some(tool) => walk.step(TOOL_STEP, aws_tool(stage, tool, &object, payload)).await,
        None => {
            walk.skip(TOOL_STEP, "it is not installed; PLUMBLINE_AWS_CLI says where it is");
            Ok(())
        }
    }
}

async fn get(stage: &Stage<'_>, company: &mut Company, path: &str) -> Result<Value> {
    company.owner.call(Method::GET, &stage.api(path), None).await?.expect(200)?.json()
}

async fn audit(stage: &Stage<'_>, company: &mut Company) -> Result<()> {
    let path = format!("/audit?kind=document.read&subject={}&limit=100", company.contract);
    let page = get(stage, company, &path).await?;
    let items = page["items"].as_array().context("no list of entries")?;
    let whole = items.iter().find(|e| e["data"]["range"] == "all").with_context(|| format!("no read of the whole document in {page}"))?;
    ensure!(whole["actor"]["kind"] == "customer" && whole["actor"]["name"] == "Margaret Ellery", "read by {}", whole["actor"]);
    ensure!(whole["device"] == "Safari on iPhone", "read on {}", whole["device"]);
    ensure!(whole["words"].as_str().is_some_and(|w| w.contains(CONTRACT)), "in words: {}", whole["words"]);
    ensure!(items.len() == 4, "expected one whole read and three ranges, found {} reads", items.len());
    let path = format!("/audit?kind=document.read&subject={}", company.notes);
    let hidden = get(stage, company, &path).await?;
    ensure!(hidden["items"].as_array().is_some_and(Vec::is_empty), "the internal document was read: {hidden}");
    Ok(())
}

async fn chain(stage: &Stage<'_>, company: &mut Company) -> Result<()> {
    let found = get(stage, company, "/audit/verification").await?;
    ensure!(found["ok"] == true && found["checked"].as_i64().unwrap_or_default() > 10, "expected a whole chain, got {found}");
    Ok(())
}

async fn chains(stage: &Stage<'_>) -> Result<()> {
    let found = verify_all(stage.app, None, |_, _, _| {}).await?;
    let broken: Vec<&TenantVerification> = found.iter().filter(|log| !log.is_ok()).collect();
    ensure!(broken.is_empty() && found.len() == 2, "expected two whole chains, got {found:?}");
    Ok(())
}

async fn operator(stage: &Stage<'_>) -> Result<()> {
    let mut operator = stage.browser(DESK);
    operator.get(&stage.apex("/operator/")).await?.expect(200).context("the operators' page; is it built?")?;
    let asked = json!({ "email": OPERATOR });
    operator.call(Method::POST, &stage.apex("/api/v1/session/link"), Some(&asked)).await?.expect(202)?;
    let link = link(&stage.mail(OPERATOR, 1).await?, "/operator/sign-in/")?;
    let token = link.rsplit('/').next().context("a link without a token")?;
    let proof = json!({ "token": token, "trust_device": false });
    operator.call(Method::POST, &stage.apex("/api/v1/session/link/redemption"), Some(&proof)).await?.expect(200)?;
    let page = operator.call(Method::GET, &stage.apex("/api/v1/operator/tenants"), None).await?.expect(200)?.json()?;
    let tenants = page["items"].as_array().context("no list of tenants")?;
    ensure!(
        tenants.len() == 1 && tenants[0]["subdomain"] == SUBDOMAIN && tenants[0]["state"] == "active",
        "expected our tenant, got {page}"
    );
    ensure!(!page.to_string().contains(CUSTOMER), "the operators see a customer");
    // Nothing of the company's own data is on the bare domain.
    operator.call(Method::GET, &stage.apex("/api/v1/projects"), None).await?.expect_problem(401, "signed_out")?;
    Ok(())
}

/// A stored object, and what it is bound to.
struct Object {
    path: PathBuf,
    tenant: String,
    key_arn: String,
}

async fn stored(stage: &Stage<'_>, company: &mut Company, payload: &Payload) -> Result<Object> {
    let session = get(stage, company, "/session").await?;
    let tenant = session["tenant"]["id"].as_str().context("no tenant in the session")?.to_owned();
    let host = format!("{SUBDOMAIN}.{}", stage.app.config.web.base_domain);
    let known = stage.app.tenants.by_host(&host).await?.context("the tenant is not in the registry")?;
    let bucket = stage.local.folder.join("s3/objects").join(stage.local.embedded.s3.bucket());
    let path = largest(&bucket.join(known.object_prefix()))?.context("nothing is stored under the tenant's prefix")?;
    let sealed = fs::read(&path)?;
    ensure!(sealed.len() > payload.bytes.len(), "the stored object is smaller than the document");
    ensure!(sealed.starts_with(&[2, 4, 0x78]), "the stored object is no message of version 2 with suite 0x0478");
    let piece = &payload.bytes[20_000_000..20_000_064];
    ensure!(!sealed.windows(piece.len()).any(|w| w == piece), "a piece of the document stands in the store as it is");
    Ok(Object { path, tenant, key_arn: known.key_arn.clone() })
}

fn largest(folder: &Path) -> Result<Option<PathBuf>> {
    let mut found: Option<(u64, PathBuf)> = None;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot look into {}", folder.display()))? {
            let entry = entry?;
            let meta = entry.metadata()?;
            if meta.is_dir() {
                folders.push(entry.path());
            } else if found.as_ref().is_none_or(|(size, _)| meta.len() > *size) {
                found = Some((meta.len(), entry.path()));
            }
        }
    }
    Ok(found.map(|(_, path)| path))
}

/// Nothing of ours takes part but the key service: the tool gets the file as it lies in the store, and the tenant's key.
async fn aws_tool(stage: &Stage<'_>, tool: &Path, object: &Object, payload: &Payload) -> Result<()> {
    let opened = stage.local.folder.join("opened");
    let tenant = format!("tenant={}", object.tenant);
    let key = format!("key={}", object.key_arn);
    let access = &stage.app.config.kms;
    let mut command = Command::new(tool);
    command
        .arg("--decrypt-unsigned")
        .arg("--input")
        .arg(&object.path)
        .arg("--output")
        .arg(&opened)
        .args(["--suppress-metadata", "--commitment-policy", "require-encrypt-require-decrypt"])
        .args(["--wrapping-keys", "provider=aws-kms", &key])
        .args(["--encryption-context", &tenant, "purpose=document", "version=1"])
        .env("AWS_ENDPOINT_URL_KMS", stage.local.embedded.kms.endpoint())
        .env("AWS_ACCESS_KEY_ID", access.access_key.expose())
        .env("AWS_SECRET_ACCESS_KEY", access.secret_key.expose())
        .env("AWS_DEFAULT_REGION", &access.region)
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("NO_PROXY", "127.0.0.1")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let run = tokio::time::timeout(TOOL_PATIENCE, command.output()).await.context("the tool does not end")?;
    let run = run.with_context(|| format!("{} does not run", tool.display()))?;
    if !run.status.success() {
        bail!("the tool refuses: {}", String::from_utf8_lossy(&run.stderr).trim());
    }
    let bytes = fs::read(&opened)?;
    ensure!(bytes == payload.bytes && sha256(&bytes) == payload.sha256, "the tool opened something else: {} bytes", bytes.len());
    Ok(())
}
