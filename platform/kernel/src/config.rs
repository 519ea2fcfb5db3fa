//! The configuration: one tree of structs, read once at the start from three layers (the commented defaults in
//! `config.default.toml`, a file, the environment). An unknown key, a missing secret or a value out of range is refused
//! with the key's full name.

mod layers;
mod values;
mod web;

use serde::Deserialize;
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};
use tenants::{AwsAccess, Plan, TenantsConfig};

pub use layers::ConfigError;
pub use values::{Cidr, Rate, Secret};
pub use web::{Scheme, WebConfig};

/// The defaults, and the reference for whoever writes a configuration.
pub const REFERENCE: &str = include_str!("../../../config.default.toml");

/// All settings. [`REFERENCE`] says what each means.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key, and a test checks that it does")]
pub struct Config {
    pub web: WebConfig,
    pub database: DatabaseConfig,
    pub storage: StorageConfig,
    pub kms: KmsConfig,
    pub mail: MailConfig,
    pub auth: AuthConfig,
    pub jobs: JobsConfig,
    pub telemetry: TelemetryConfig,
    pub limits: LimitsConfig,
    pub plans: BTreeMap<String, PlanConfig>,
    pub live: LiveConfig,
    pub weather: WeatherConfig,
    pub documents: DocumentsConfig,
    pub plugins: PluginsConfig,
    pub operators: OperatorsConfig,
}

macro_rules! section {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(missing_docs, reason = "config.default.toml documents every key, and a test checks that it does")]
        pub struct $name { $(pub $field: $type),* }
    };
}

section! {
    /// PostgreSQL.
    DatabaseConfig { url: Secret, owner_url: Secret, max_connections: u32, statement_timeout_seconds: u64 }
}
section! {
    /// The bucket.
    StorageConfig { endpoint: String, region: String, bucket: String, access_key: Secret, secret_key: Secret, path_style: bool }
}
section! {
    /// The key service.
    KmsConfig { endpoint: String, region: String, access_key: Secret, secret_key: Secret, key_deletion_days: i32 }
}
section! {
    /// SMTP.
    MailConfig { smtp_url: Secret, from: String, from_name: String, message_domain: String, timeout_seconds: u64, max_connections: u32 }
}
section! {
    /// Sign-in.
    AuthConfig {
        pepper: Secret,
        link_minutes: u32,
        code_minutes: u32,
        session_idle_minutes: u32,
        session_trusted_days: u32,
        session_absolute_days: u32,
    }
}
section! {
    /// The worker.
    JobsConfig {
        workers: usize,
        per_tenant: u32,
        lease_seconds: u64,
        poll_ms: u64,
        shutdown_seconds: u64,
        keep_done_days: u32,
        keep_failed_days: u32,
    }
}
section! {
    /// Logs and metrics.
    TelemetryConfig { format: LogFormat, filter: String, metrics_listen: String }
}
section! {
    /// Rates.
    LimitsConfig {
        sign_in_address: Rate,
        sign_in_account: Rate,
        sign_in_tenant: Rate,
        code_address: Rate,
        code_account: Rate,
        signup_address: Rate,
        api_address: Rate,
        api_account: Rate,
        api_tenant: Rate,
        upload_tenant: Rate,
        feed_address: Rate,
        verify_address: Rate,
    }
}
/// One plan. What a plan of one's own does not say is as in `standard`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "config.default.toml documents every key, and a test checks that it does")]
pub struct PlanConfig {
    pub max_upload_bytes: u64,
    #[serde(default = "PlanConfig::usual_plugins")]
    pub max_plugins: u32,
    #[serde(default = "PlanConfig::usual_runs")]
    pub plugin_runs_per_day: u32,
}

section! {
    /// Live updates.
    LiveConfig { max_sockets: usize }
}
section! {
    /// The weather service.
    WeatherConfig { enabled: bool, base_url: String, geocoding_url: String, api_key: Secret, poll_hours: u32 }
}
section! {
    /// The program that lays documents out, and what it may use.
    DocumentsConfig { program: String, at_once: usize, memory_mb: u64, cpu_seconds: u64, seconds: u64, max_bytes: u64 }
}
section! {
    /// Plugins that companies upload.
    PluginsConfig { program: String, cache: String, at_once: u32 }
}
section! {
    /// The first operators.
    OperatorsConfig { emails: Vec<String> }
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl Default for Config {
    /// The defaults alone: what `config.default.toml` says.
    fn default() -> Self {
        layers::read(None, &mut std::iter::empty()).expect("config.default.toml is part of the program and is tested")
    }
}

impl Config {
    /// What the isolation boundary needs to be told.
    pub fn tenants(&self) -> TenantsConfig {
        let set = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let access =
            |key: &Secret, secret: &Secret| Some(AwsAccess { access_key: key.get()?.to_owned(), secret_key: secret.get()?.to_owned() });
        let (storage, kms) = (&self.storage, &self.kms);
        let plan = |(name, plan): (&String, &PlanConfig)| (name.clone(), plan.of(name));
        TenantsConfig {
            database_url: self.database.url.expose().to_owned(),
            owner_url: self.database.owner_url.get().map(str::to_owned),
            max_connections: self.database.max_connections,
            statement_timeout: Duration::from_secs(self.database.statement_timeout_seconds),
            base_domain: self.web.base_domain.clone(),
            storage: tenants::StorageConfig {
                endpoint: set(&storage.endpoint),
                region: storage.region.clone(),
                bucket: storage.bucket.clone(),
                path_style: storage.path_style,
                access: access(&storage.access_key, &storage.secret_key),
            },
            kms: tenants::KmsConfig {
                endpoint: set(&kms.endpoint),
                region: kms.region.clone(),
                access: access(&kms.access_key, &kms.secret_key),
                deletion_days: kms.key_deletion_days,
            },
            plans: self.plans.iter().map(plan).collect(),
        }
    }
}

impl PlanConfig {
    fn usual_plugins() -> u32 {
        20
    }

    fn usual_runs() -> u32 {
        5000
    }

    fn of(&self, name: &str) -> Plan {
        let Self { max_upload_bytes, max_plugins, plugin_runs_per_day } = *self;
        Plan { name: name.to_owned(), max_upload_bytes, max_plugins, plugin_runs_per_day }
    }
}

impl AuthConfig {
    /// The pepper's bytes; empty when none is configured, which [`Config::check`] refuses.
    pub fn pepper_bytes(&self) -> Vec<u8> {
        data_encoding::BASE64.decode(self.pepper.expose().trim().as_bytes()).unwrap_or_default()
    }
}

impl TelemetryConfig {
    /// Where `/metrics` listens, if anywhere.
    pub fn metrics_address(&self) -> Result<Option<SocketAddr>, ConfigError> {
        match self.metrics_listen.as_str() {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|_| ConfigError::new("telemetry.metrics_listen", "is no address such as 127.0.0.1:9090"))
            }
        }
    }
}

impl Config {
    /// Reads the layers: the defaults, `file` if one is named, and the environment.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
    pub fn load(file: Option<&std::path::Path>) -> Result<Self, ConfigError> {
        let named = std::env::var_os("PLUMBLINE_CONFIG").map(std::path::PathBuf::from);
        layers::read(file.or(named.as_deref()), &mut std::env::vars_os())
    }

    /// What a process that serves or works cannot do without.
    pub fn check(&self) -> Result<(), ConfigError> {
        let required = [
            ("database.url", self.database.url.expose()),
            ("storage.bucket", self.storage.bucket.as_str()),
            ("mail.smtp_url", self.mail.smtp_url.expose()),
            ("auth.pepper", self.auth.pepper.expose()),
        ];
        if let Some((key, _)) = required.iter().find(|(_, value)| value.is_empty()) {
            return Err(ConfigError::new(*key, "is not set"));
        }
        let pairs = [("storage", &self.storage.access_key, &self.storage.secret_key), ("kms", &self.kms.access_key, &self.kms.secret_key)];
        let half = pairs.iter().find(|(_, a, b)| a.expose().is_empty() != b.expose().is_empty());
        if let Some((section, ..)) = half {
            return Err(ConfigError::new(format!("{section}.access_key"), "and secret_key go together: set both or none"));
        }
        let ranges = [
            ("auth.pepper", self.auth.pepper_bytes().len() == 32, "is not 32 bytes in base64 (openssl rand -base64 32)"),
            ("kms.key_deletion_days", (7..=30).contains(&self.kms.key_deletion_days), "must be 7 to 30"),
            ("database.max_connections", self.database.max_connections >= 2, "must be at least 2"),
            ("jobs.workers", self.jobs.workers >= 1, "must be at least 1"),
            ("jobs.per_tenant", self.jobs.per_tenant >= 1, "must be at least 1"),
            ("jobs.lease_seconds", self.jobs.lease_seconds >= 3, "must be at least 3"),
            ("jobs.poll_ms", self.jobs.poll_ms >= 10, "must be at least 10"),
            ("live.max_sockets", self.live.max_sockets >= 1, "must be at least 1"),
            ("documents.at_once", self.documents.at_once >= 1, "must be at least 1"),
            ("documents.memory_mb", (64..=65_536).contains(&self.documents.memory_mb), "must be 64 to 65536"),
            ("documents.cpu_seconds", self.documents.cpu_seconds >= 1, "must be at least 1"),
            ("documents.seconds", (1..=540).contains(&self.documents.seconds), "must be 1 to 540"),
            ("plugins.at_once", (1..=64).contains(&self.plugins.at_once), "must be 1 to 64"),
            ("weather.poll_hours", (1..=24).contains(&self.weather.poll_hours), "must be 1 to 24"),
            ("weather.base_url", is_web(&self.weather.base_url), "must begin with https:// or http://"),
            ("weather.geocoding_url", is_web(&self.weather.geocoding_url), "must begin with https:// or http://"),
            ("plans.standard", self.plans.contains_key("standard"), "is missing: new tenants get this plan"),
            ("web.base_domain", WebConfig::is_domain(&self.web.base_domain), "is no domain name in small letters"),
        ];
        if let Some((key, _, words)) = ranges.iter().find(|(_, fine, _)| !fine) {
            return Err(ConfigError::new(*key, *words));
        }
        self.telemetry.metrics_address().map(drop)
    }
}

/// An address of a service of ours: a scheme we speak, and something after it.
fn is_web(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
}

#[cfg(test)]
mod tests;
