//! A host on the author's machine, with the limits of production.

use super::sample::{self, SampleProjects, SampleSecrets, SampleStore};
use crate::{
    Approval, Host, HostConfig, Input, Inspection, Install, Order, Recording, Refusal, Run,
    compile::Compiler,
    delegate::{Delegate, Failure, FailureCode, RunRecords, Uploads},
    egress::Egress,
    inspect, record,
};
use anyhow::{Context, Result};
use async_trait::async_trait;
use std::sync::{Arc, Mutex, PoisonError};
use tempfile::TempDir;
use uuid::Uuid;

/// The seed of a sample run.
const SEED: [u8; 32] = [42; 32];

/// A host with a cache that ends with it.
pub struct Bench {
    host: Host,
    _cache: TempDir,
}

/// What a run is given; what is absent comes from the samples.
#[derive(Default)]
pub struct Asked {
    /// What it is asked.
    pub input: Option<Input>,
    /// What the admin would have filled in.
    pub settings: Option<serde_json::Value>,
}

/// What replays came to.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// All ended as the recorded run did, with the same bytes.
    pub same: bool,
    /// The last one.
    pub run: Run,
    /// The recorded answer's SHA-256.
    pub recorded: Option<String>,
    /// The last one's.
    pub now: Option<String>,
    /// The plugin is another than the recorded one.
    pub changed: bool,
    /// How many were run.
    pub times: u32,
}

impl Replayed {
    /// In words.
    pub fn words(&self) -> String {
        let plugin = if self.changed { " (with a changed plugin)" } else { "" };
        let hash = self.now.as_deref().unwrap_or("no answer");
        match self.same {
            true => format!("The same, {} times{plugin}: {}, {hash}", self.times, self.run.report.outcome.code()),
            false => {
                let was = self.recorded.as_deref().unwrap_or("no answer");
                format!("Different{plugin}: {} Recorded was {was}, now it is {hash}.", self.run.report.outcome.words())
            }
        }
    }
}

impl Bench {
    /// Starts it; translations are done by this program as its own child.
    pub fn start() -> Result<Self> {
        Self::with(Compiler::own()?)
    }

    /// With another compiler.
    pub fn with(compiler: Compiler) -> Result<Self> {
        let cache = tempfile::tempdir().context("a folder for translations")?;
        let host = Host::start(HostConfig {
            cache: cache.path().to_owned(),
            cache_key: key(),
            compiler,
            egress: Egress::public()?,
            runs: 2,
            runs_per_tenant: 2,
        })?;
        Ok(Self { host, _cache: cache })
    }

    /// All checks of an upload.
    pub async fn check(&self, wasm: &[u8]) -> Result<Inspection, Refusal> {
        self.host.prepare(wasm).await
    }

    /// One run; all that the manifest asks for is approved, and nothing is sent.
    pub async fn run(&self, wasm: &[u8], asked: Asked) -> Result<(Run, Recording)> {
        let inspection = self.host.prepare(wasm).await.map_err(|e| anyhow::anyhow!("{} {}", e.words, e.detail))?;
        let manifest = Arc::new(inspection.manifest);
        let input = asked.input.unwrap_or_else(|| sample::input(&manifest));
        let secrets = manifest.wants.secrets.iter().map(|s| s.name.clone()).collect();
        let approval = Approval::all(&manifest.wants);
        let settings = asked.settings.unwrap_or_else(|| serde_json::json!({}));
        let install = Install::new(Uuid::nil(), &inspection.hash, manifest, &approval, &settings).map_err(|errors| {
            let lines: Vec<String> = errors.iter().map(|e| format!("{}: {}", e.name, e.words)).collect();
            anyhow::anyhow!("the settings do not fit: {}", lines.join("; "))
        })?;
        let records = Arc::new(Kept::default());
        let delegate = Delegate {
            uploads: Arc::new(AtHand(wasm.to_vec())),
            projects: Arc::new(SampleProjects),
            kv: Arc::new(SampleStore::default()),
            secrets: Arc::new(SampleSecrets(secrets)),
            records: Arc::clone(&records) as Arc<dyn RunRecords>,
            dry: true,
        };
        let run = self.host.run(Order { install: &install, input, moment: sample::moment(), seed: SEED, delegate }).await;
        let recording = records.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let recording = recording.with_context(|| run.report.outcome.words())?;
        Ok((run, recording))
    }

    /// A recorded run again, so many times.
    pub async fn replay(&self, wasm: &[u8], recording: &Recording, times: u32) -> Result<Replayed> {
        let hash = inspect::hash(wasm);
        let changed = hash != recording.component;
        let recording = Recording { component: hash, ..recording.clone() };
        let uploads = AtHand(wasm.to_vec());
        let mut run = self.host.replay(&recording, &uploads).await;
        let same = |run: &Run| run.report.outcome == recording.outcome && run.output.as_ref().map(record::digest) == recording.output;
        for _ in 1..times {
            if !same(&run) {
                break;
            }
            run = self.host.replay(&recording, &uploads).await;
        }
        let (same, now) = (same(&run), run.output.as_ref().map(record::digest));
        Ok(Replayed { same, run, now, recorded: recording.output, changed, times })
    }
}

/// Signs a cache that lives as long as this process: nobody else needs to know it.
fn key() -> [u8; 32] {
    let mut key = [0; 32];
    key[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    key[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    key
}

/// The component that is being worked on.
struct AtHand(Vec<u8>);

#[async_trait]
impl Uploads for AtHand {
    async fn component(&self, hash: &str) -> Result<Vec<u8>, Failure> {
        match inspect::hash(&self.0) == hash {
            true => Ok(self.0.clone()),
            false => Err(Failure::new(FailureCode::NotFound, "That is another component.")),
        }
    }
}

/// Keeps the last recording.
#[derive(Default)]
struct Kept(Mutex<Option<Recording>>);

#[async_trait]
impl RunRecords for Kept {
    async fn keep(&self, _: &Run, recording: &Recording) -> Result<(), Failure> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(recording.clone());
        Ok(())
    }
}
