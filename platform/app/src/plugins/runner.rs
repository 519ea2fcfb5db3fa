//! The plugin host of this process: started when the first plugin is looked at, so that a deployment without plugins has none.

use aws_lc_rs::hmac;
use kernel::{Caller, Problem, Result, config::Config};
use plugin_host::{
    Host, HostConfig,
    compile::{self, Compiler},
    egress::Egress,
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// Runs at once of one company.
const RUNS_PER_TENANT: usize = 2;

/// The host, and what it is started from.
pub struct PluginRunner {
    program: String,
    cache: String,
    at_once: u32,
    key: [u8; 32],
    running: OnceCell<Running>,
    told: AtomicBool,
}

struct Running {
    host: Host,
    /// A cache that ends with this process.
    _folder: Option<TempDir>,
}

impl PluginRunner {
    /// As configured. Nothing is started yet.
    pub fn new(config: &Config) -> Self {
        let plugins = &config.plugins;
        // Whoever may write to the cache's folder and knows this can run machine code here; the pepper is the program's own secret.
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &config.auth.pepper_bytes()), b"plumbline plugin cache");
        let mut key = [0; 32];
        key.copy_from_slice(tag.as_ref());
        Self {
            program: plugins.program.clone(),
            cache: plugins.cache.clone(),
            at_once: plugins.at_once,
            key,
            running: OnceCell::new(),
            told: AtomicBool::new(false),
        }
    }

    /// The host of the program that this caller belongs to.
    pub(super) async fn of(caller: &Caller) -> Result<Arc<Self>> {
        let runner = caller.app.parts.get::<Arc<Self>>().cloned();
        runner.ok_or_else(|| Problem::internal(anyhow::anyhow!("the program has no plugin runner")))
    }

    /// The host, started now if it was not.
    pub(super) async fn host(&self) -> Result<&Host> {
        let running = self.running.get_or_try_init(|| async { self.start() }).await;
        running.map(|running| &running.host).map_err(|error| {
            if !self.told.swap(true, Ordering::Relaxed) {
                tracing::error!(%error, "the plugin host does not start");
            }
            Problem::unavailable("plugins_unavailable", "Plugins cannot run at this moment. The operator has been told.").caused_by(error)
        })
    }

    fn start(&self) -> anyhow::Result<Running> {
        let folder = if self.cache.is_empty() { Some(tempfile::tempdir()?) } else { None };
        let cache = folder.as_ref().map_or_else(|| PathBuf::from(&self.cache), |folder| folder.path().to_owned());
        let compiler = match self.program.as_str() {
            "" => Compiler::own()?,
            program => Compiler::new(confine::Program::new(program, &[compile::CHILD]), compile::LIMITS),
        };
        let egress = Egress::public()?;
        let (cache_key, runs) = (self.key, self.at_once);
        let host = Host::start(HostConfig { cache, cache_key, compiler, egress, runs, runs_per_tenant: RUNS_PER_TENANT })?;
        Ok(Running { host, _folder: folder })
    }
}
