//! The host: from an uploaded file to a run.

use crate::{
    cache::Cache,
    compile::{self, Compiler},
    data::{Blob, HttpRequest, HttpResponse, Input, Moment},
    delegate::{Delegate, Failure, Secrets, Uploads},
    door::{Door, Source, Trace},
    egress::{Bounds, Egress},
    engine, error,
    grants::{Approval, Grants},
    inspect::{self, Inspection, World},
    lanes::Lanes,
    limits::Limits,
    manifest::Manifest,
    meter::CpuClock,
    reason::{Reason, Refusal, RefusalCode},
    record::{self, Recording},
    report::Run,
    run::{self, Execution},
    schema::{self, SettingError},
    slots::{Slot, Slots},
    ticker::Ticker,
    v1::{self, Ready, State},
};
use std::{path::PathBuf, sync::Arc};
use uuid::Uuid;
use wasmtime::{Engine, component::Linker};

/// Machine code that is kept mapped, in bytes.
const LOADED: u64 = 512 << 20;

const PANICKED: &str = "the host panicked";

/// How a host is set up.
pub struct HostConfig {
    /// Where machine code is kept: a local folder of this program's own.
    pub cache: PathBuf,
    /// What the folder's files are signed with. Whoever knows it and can write there can run machine code in this process.
    pub cache_key: [u8; 32],
    /// Who translates.
    pub compiler: Compiler,
    /// The way out.
    pub egress: Egress,
    /// Runs at once, in all.
    pub runs: u32,
    /// Runs at once of one tenant.
    pub runs_per_tenant: usize,
}

/// A plugin as one company has it.
#[derive(Clone, Debug)]
pub struct Install {
    /// Whose it is.
    pub tenant: Uuid,
    /// SHA-256 of its component, in hexadecimal.
    pub hash: String,
    /// What it says of itself.
    pub manifest: Arc<Manifest>,
    /// What it may do.
    pub grants: Grants,
    /// What a run may use.
    pub limits: Limits,
    settings: Arc<serde_json::Value>,
    /// The same as the plugin gets them.
    settings_json: Arc<str>,
}

impl Install {
    /// With the limits that its kind has by default. The settings, completed by the schema's defaults, have to fit the schema.
    pub fn new(
        tenant: Uuid,
        hash: &str,
        manifest: Arc<Manifest>,
        approval: &Approval,
        settings: &serde_json::Value,
    ) -> Result<Self, Vec<SettingError>> {
        let grants = Grants::new(&manifest.wants, approval);
        let limits = Limits::new(manifest.world.into(), manifest.language);
        let settings = Arc::new(schema::check_settings(&manifest.settings, settings)?);
        let settings_json = settings.to_string().into();
        Ok(Self { tenant, hash: hash.to_owned(), manifest, grants, limits, settings, settings_json })
    }

    /// The settings, completed.
    pub fn settings(&self) -> &serde_json::Value {
        &self.settings
    }

    /// The same with other settings.
    pub fn with_settings(&self, settings: &serde_json::Value) -> Result<Self, Vec<SettingError>> {
        let settings = Arc::new(schema::check_settings(&self.manifest.settings, settings)?);
        let settings_json = settings.to_string().into();
        Ok(Self { settings, settings_json, ..self.clone() })
    }
}

/// One run to be done.
pub struct Order<'a> {
    /// Of which plugin.
    pub install: &'a Install,
    /// What it is asked.
    pub input: Input,
    /// The time that it sees.
    pub moment: Moment,
    /// What its randomness comes from.
    pub seed: [u8; 32],
    /// Who answers it.
    pub delegate: Delegate,
}

/// Runs plugins. One a process.
pub struct Host {
    engine: Engine,
    linker: Linker<State>,
    ticker: Ticker,
    cache: Arc<Cache>,
    compiler: Compiler,
    compatibility: String,
    egress: Egress,
    slots: Slots,
    lanes: Lanes,
    loaded: moka::future::Cache<String, Loaded>,
}

#[derive(Clone)]
struct Loaded {
    ready: Ready,
    bytes: u32,
}

impl Host {
    /// Reserves what runs need. The memory is only address space until something runs.
    pub fn start(config: HostConfig) -> anyhow::Result<Self> {
        let engine = engine::for_running(config.runs).map_err(engine_error)?;
        let compatibility = engine::compatibility(&engine);
        let weigh = |_: &String, loaded: &Loaded| loaded.bytes;
        Ok(Self {
            linker: v1::linker(&engine).map_err(engine_error)?,
            ticker: Ticker::start(&engine)?,
            cache: Arc::new(Cache::open(&config.cache, &config.cache_key, compatibility.clone())?),
            compiler: config.compiler,
            egress: config.egress,
            slots: Slots::new(config.runs as usize, config.runs_per_tenant),
            lanes: Lanes::start()?,
            loaded: moka::future::Cache::builder().max_capacity(LOADED).weigher(weigh).build(),
            compatibility,
            engine,
        })
    }

    /// All that is checked at an upload: what it is, whether it can be translated, fits the contract and starts.
    pub async fn prepare(&self, component: &[u8]) -> Result<Inspection, Refusal> {
        let inspection = inspect::inspect(component)?;
        let ready = self.ready(&inspection.hash, inspection.world, &Given(component)).await?;
        self.starts(&ready, &inspection.manifest).await?;
        Ok(inspection)
    }

    /// Instantiates it, for its own start may be what misbehaves.
    async fn starts(&self, ready: &Ready, manifest: &Manifest) -> Result<(), Refusal> {
        let limits = Limits::new(manifest.world.into(), manifest.language);
        let moment = Moment { unix_milliseconds: 0, utc: String::new(), today: String::new(), time_zone: String::new() };
        let grants = Grants::new(&manifest.wants, &Approval::default());
        let (door, cpu) = (Door::new(Source::Nobody, grants, limits.clone(), moment, [0; 32]), CpuClock::default());
        let mut store = run::store(&self.engine, door, &limits, &cpu).map_err(|e| compile::host(&format!("{e:#}")))?;
        let (ready, clock, ticking) = (ready.clone(), cpu.clone(), self.ticker.hold());
        let start = async move {
            let _ticking = ticking;
            tokio::time::timeout(limits.time, clock.measure(v1::start(&ready, &mut store))).await
        };
        let started = self.lanes.run(None, &cpu, start).await.ok_or_else(|| compile::host(&PANICKED))?;
        let reason = match started {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) if error::is_misfit(&error) => return Err(misfit(&error)),
            Ok(Err(error)) => error::reason(&error),
            Err(_) => Reason::Time,
        };
        if let Reason::Host { detail } = reason {
            return Err(compile::host(&detail));
        }
        let words = format!("This plugin cannot be started. {}", reason.words());
        Err(Refusal::new(RefusalCode::DoesNotStart, words).detail(reason.code()))
    }

    /// Runs it. Whatever happens is in the run's report; the run and its recording are handed to the delegate's records.
    pub async fn run(&self, order: Order<'_>) -> Run {
        let Order { install, input, moment, seed, delegate } = order;
        let limits = &install.limits;
        if let Err(what) = fits(&install.manifest, &input) {
            return run::not_run(Reason::NotForIt { what }, limits);
        }
        let Some(slot) = self.slots.take(install.tenant, limits.queue).await else { return run::not_run(Reason::Busy, limits) };
        let slot = Some(Arc::new(slot));
        let ready = match self.ready(&install.hash, install.manifest.world, &*delegate.uploads).await {
            Ok(ready) => ready,
            Err(refusal) => {
                let detail = format!("{} {}", refusal.words, refusal.detail);
                return run::not_run(Reason::Host { detail }, limits);
            }
        };
        let source = Source::Live { delegate: delegate.clone(), egress: self.egress.clone() };
        let door = Door::new(source, install.grants.clone(), limits.clone(), moment.clone(), seed);
        let (input, settings) = (Arc::new(input), Arc::clone(&install.settings_json));
        let asked = (Arc::clone(&input), settings);
        let (run, trace) = self.execute(Some(install.tenant), slot.clone(), ready, door, limits, asked).await;
        let recording = Recording {
            format: record::FORMAT,
            component: install.hash.clone(),
            world: install.manifest.world,
            input: Arc::unwrap_or_clone(input),
            settings: (*install.settings).clone(),
            grants: install.grants.clone(),
            limits: limits.clone(),
            moment,
            seed: Blob(seed.to_vec()),
            exchanges: trace.exchanges,
            complete: trace.complete,
            outcome: run.report.outcome.clone(),
            output: run.output.as_ref().map(record::digest),
        };
        if let Err(error) = delegate.records.keep(&run, &recording).await {
            tracing::error!(%error, tenant = %install.tenant, "a plugin's run could not be recorded");
        }
        run
    }

    /// Runs a recorded run again, answered from the recording alone.
    pub async fn replay(&self, recording: &Recording, uploads: &dyn Uploads) -> Run {
        let limits = &recording.limits;
        let refuse = |what: &str| run::not_run(Reason::NotForIt { what: what.to_owned() }, limits);
        let Ok(seed) = <[u8; 32]>::try_from(recording.seed.0.as_slice()) else { return refuse("the recording is damaged") };
        if !recording.complete || recording.format != record::FORMAT {
            return refuse("this run was told too much to be recorded whole, or by another version");
        }
        let ready = match self.ready(&recording.component, recording.world, uploads).await {
            Ok(ready) => ready,
            Err(refusal) => return run::not_run(Reason::Host { detail: format!("{} {}", refusal.words, refusal.detail) }, limits),
        };
        let source = Source::Replay(recording.exchanges.iter().cloned().collect());
        let door = Door::new(source, recording.grants.clone(), limits.clone(), recording.moment.clone(), seed);
        let asked = (Arc::new(recording.input.clone()), recording.settings.to_string().into());
        self.execute(None, None, ready, door, limits, asked).await.0
    }

    /// In the lane where it belongs.
    async fn execute(
        &self,
        tenant: Option<Uuid>,
        slot: Option<Arc<Slot>>,
        ready: Ready,
        door: Door,
        limits: &Limits,
        (input, settings): (Arc<Input>, Arc<str>),
    ) -> (Run, Trace) {
        let (cpu, ticking, engine) = (CpuClock::default(), self.ticker.hold(), self.engine.clone());
        let execution = Execution { engine, ready, door, limits: limits.clone(), input, settings, cpu: cpu.clone(), ticking, slot };
        let lost = || (run::not_run(Reason::Host { detail: PANICKED.to_owned() }, limits), Trace::default());
        self.lanes.run(tenant, &cpu, run::execute(execution)).await.unwrap_or_else(lost)
    }

    /// Sends a webhook that a notifier asked for, by the rules of its install.
    pub async fn deliver(&self, install: &Install, secrets: &dyn Secrets, request: &HttpRequest) -> Result<HttpResponse, Failure> {
        let bounds = Bounds { time: install.limits.http, body: install.limits.http_body };
        self.egress.send(&install.grants, secrets, bounds, request).await
    }

    /// Linked and at hand: from memory, from the disk, or translated now.
    async fn ready(&self, hash: &str, world: World, uploads: &dyn Uploads) -> Result<Ready, Refusal> {
        if let Some(loaded) = self.loaded.get(hash).await {
            return Ok(loaded.ready);
        }
        let loaded = self.loaded.try_get_with(hash.to_owned(), self.load(hash, world, uploads)).await;
        loaded.map(|l| l.ready).map_err(|refusal| (*refusal).clone())
    }

    async fn load(&self, hash: &str, world: World, uploads: &dyn Uploads) -> Result<Loaded, Refusal> {
        let (component, bytes) = match self.on_disk(hash).await? {
            Some(found) => found,
            None => {
                let bytes = uploads.component(hash).await.map_err(|e| compile::host(&e))?;
                if inspect::hash(&bytes) != hash {
                    return Err(compile::host(&"the stored component is not the one that was uploaded"));
                }
                let code = self.compiler.compile(&bytes, &self.compatibility).await?;
                let (cache, name) = (Arc::clone(&self.cache), hash.to_owned());
                let stored = tokio::task::spawn_blocking(move || cache.store(&name, &code)).await;
                stored.map_err(|e| compile::host(&e))?.map_err(|e| compile::host(&e))?;
                let fits = || Refusal::new(RefusalCode::DoesNotFit, "This plugin needs more memory or parts than one may have.");
                self.on_disk(hash).await?.ok_or_else(fits)?
            }
        };
        let ready = v1::link(&self.linker, &component, world).map_err(|e| misfit(&e))?;
        Ok(Loaded { ready, bytes: u32::try_from(bytes).unwrap_or(u32::MAX) })
    }

    async fn on_disk(&self, hash: &str) -> Result<Option<(wasmtime::component::Component, usize)>, Refusal> {
        let (cache, engine, hash) = (Arc::clone(&self.cache), self.engine.clone(), hash.to_owned());
        let loaded = tokio::task::spawn_blocking(move || cache.load(&engine, &hash)).await.map_err(|e| compile::host(&e))?;
        loaded.map_err(|e| compile::host(&e))
    }
}

fn misfit(error: &wasmtime::Error) -> Refusal {
    let words = "This plugin does not fit the plugin contract: what it offers or uses has another form. Its author has to build it anew.";
    Refusal::new(RefusalCode::DoesNotFit, words).detail(format!("{error:#}"))
}

/// Whether this input is for this plugin.
fn fits(manifest: &Manifest, input: &Input) -> Result<(), String> {
    match (manifest.world, input) {
        (World::DocumentGenerator, Input::Document { request, .. }) => match manifest.documents.iter().any(|d| d.kind == request.kind) {
            true => Ok(()),
            false => Err(format!("this plugin makes no document of the kind {}", request.kind)),
        },
        (World::Notifier, Input::Notify(event)) | (World::EventHook, Input::Hear(event)) => match manifest.events.contains(&event.kind) {
            true => Ok(()),
            false => Err(format!("this plugin is not made for the event {}", event.kind)),
        },
        _ => Err("this is another kind of plugin".to_owned()),
    }
}

/// A component that is at hand.
struct Given<'a>(&'a [u8]);

#[async_trait::async_trait]
impl Uploads for Given<'_> {
    async fn component(&self, _: &str) -> Result<Vec<u8>, Failure> {
        Ok(self.0.to_vec())
    }
}

fn engine_error(error: wasmtime::Error) -> anyhow::Error {
    anyhow::anyhow!("the plugin engine: {error:#}")
}
