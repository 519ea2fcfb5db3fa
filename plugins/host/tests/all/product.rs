//! A product that answers as a test wants it.

use async_trait::async_trait;
use confine::Program;
use plugin_host::{
    Approval, Host, HostConfig, Input, Install, Order, Recording, Run,
    author::sample::{self, SampleProjects, SampleSecrets, SampleStore},
    compile::{self, Compiler},
    data::Event,
    delegate::{Delegate, Failure, FailureCode, RunRecords, Uploads},
    egress::Egress,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, OnceLock},
};
use uuid::Uuid;

/// Translates with the program that authors have.
pub fn compiler() -> Compiler {
    Compiler::new(Program::new(env!("CARGO_BIN_EXE_plugin"), &[compile::CHILD]), compile::LIMITS)
}

pub fn host_with(compiler: Compiler, egress: Egress) -> Host {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    // The folder outlives the test on purpose: the host maps files of it.
    let cache = tempfile::tempdir().unwrap().keep();
    Host::start(HostConfig { cache, cache_key: [3; 32], compiler, egress, runs: 8, runs_per_tenant: 8 }).unwrap()
}

/// The host that most tests share.
pub fn host() -> &'static Host {
    static HOST: OnceLock<Host> = OnceLock::new();
    HOST.get_or_init(|| {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        host_with(compiler(), Egress::public().unwrap())
    })
}

/// Uploads by hash, and the last recording.
#[derive(Default)]
pub struct Kept {
    pub components: Mutex<HashMap<String, Vec<u8>>>,
    pub recording: Mutex<Option<Recording>>,
}

#[async_trait]
impl Uploads for Kept {
    async fn component(&self, hash: &str) -> Result<Vec<u8>, Failure> {
        let found = self.components.lock().unwrap().get(hash).cloned();
        found.ok_or_else(|| Failure::new(FailureCode::NotFound, "no such component"))
    }
}

#[async_trait]
impl RunRecords for Kept {
    async fn keep(&self, _: &Run, recording: &Recording) -> Result<(), Failure> {
        *self.recording.lock().unwrap() = Some(recording.clone());
        Ok(())
    }
}

/// One plugin, installed, and what answers it.
pub struct Installed {
    pub install: Install,
    pub delegate: Delegate,
    pub kept: Arc<Kept>,
    pub input: Input,
}

/// Checks it as an upload is checked, and approves all that it asks for.
pub async fn installed(host: &Host, wasm: &[u8]) -> Installed {
    let inspection = host.prepare(wasm).await.unwrap_or_else(|e| panic!("{e:?}"));
    let manifest = Arc::new(inspection.manifest);
    let kept = Arc::new(Kept::default());
    kept.components.lock().unwrap().insert(inspection.hash.clone(), wasm.to_vec());
    let secrets = manifest.wants.secrets.iter().map(|s| s.name.clone()).collect();
    let approval = Approval::all(&manifest.wants);
    let input = sample::input(&manifest);
    Installed {
        install: Install::new(Uuid::from_u128(7), &inspection.hash, manifest, &approval, &serde_json::json!({})).unwrap(),
        delegate: Delegate {
            uploads: Arc::clone(&kept) as Arc<dyn Uploads>,
            projects: Arc::new(SampleProjects),
            kv: Arc::new(SampleStore::default()),
            secrets: Arc::new(SampleSecrets(secrets)),
            records: Arc::clone(&kept) as Arc<dyn RunRecords>,
            dry: false,
        },
        kept,
        input,
    }
}

impl Installed {
    pub async fn run(&self, host: &Host) -> Run {
        let (input, delegate) = (self.input.clone(), self.delegate.clone());
        host.run(Order { install: &self.install, input, moment: sample::moment(), seed: [9; 32], delegate }).await
    }

    /// As an event that this plugin hears of.
    pub fn event(&mut self) -> &mut Event {
        match &mut self.input {
            Input::Notify(event) | Input::Hear(event) => event,
            Input::Document { .. } => panic!("a generator hears no events"),
        }
    }
}
