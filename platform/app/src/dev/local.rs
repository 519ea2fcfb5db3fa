//! The local services, and a configuration that points at them.

use crate::{app, cli};
use anyhow::{Context, Result};
use data_encoding::BASE64;
use embedded::{Embedded, Options, postgres::Role};
use kernel::{
    App,
    config::{Config, LogFormat, Scheme, Secret},
};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::net::TcpListener;

/// The operator of a local deployment.
pub(super) const OPERATOR: &str = "operator@localhost.example";
const DATABASE: &str = "plumbline";

pub(super) struct Local {
    pub embedded: Embedded,
    pub config: Config,
    pub folder: PathBuf,
    /// Bound before anything else, so that a taken port is said at once.
    pub listener: Option<TcpListener>,
}

impl Local {
    /// Starts the services in `folder`; without ports on free ones.
    pub async fn start(folder: &Path, ports: Option<(u16, u16)>) -> Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let folder = fs::canonicalize(folder)?;
        let (port, mailbox) = ports.map_or((0, None), |(web, mailbox)| (web, Some(mailbox)));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener = listener.with_context(|| format!("port {port} is taken; is another `platform dev` running? Try --port"))?;
        let options = Options { mailbox_port: mailbox, ..Options::default() };
        let embedded = Embedded::start(&folder, options.clone()).await?;
        let config = config(&embedded, &options, &folder, listener.local_addr()?)?;
        Ok(Self { embedded, config, folder, listener: Some(listener) })
    }

    /// Migrates and builds the program.
    pub async fn app(&self) -> Result<Arc<App>> {
        let app = cli::build(self.config.clone()).await?;
        let fleet = app.tenants.fleet()?;
        fleet.wait_for_database(Duration::from_secs(20)).await?;
        fleet.migrate(&migrations::Options::default(), None).await.context("the schemas cannot be migrated")?;
        app::prepare(&app).await?;
        Ok(app)
    }
}

fn config(embedded: &Embedded, options: &Options, folder: &Path, web: SocketAddr) -> Result<Config> {
    let mut config = Config::default();
    config.web.listen = web;
    config.web.base_domain = "localhost".into();
    config.web.public_scheme = Scheme::Http;
    config.web.public_port = web.port();
    config.database.url = Secret::new(embedded.postgres.url(Role::App, DATABASE));
    config.database.owner_url = Secret::new(embedded.postgres.url(Role::Owner, DATABASE));
    config.storage.endpoint = embedded.s3.endpoint();
    config.storage.bucket = embedded.s3.bucket().to_owned();
    config.storage.region = options.region.clone();
    config.storage.path_style = true;
    config.kms.endpoint = embedded.kms.endpoint();
    config.weather.base_url = embedded.weather.url();
    config.weather.geocoding_url = embedded.weather.url();
    config.kms.region = options.region.clone();
    for (key, secret) in
        [(&mut config.storage.access_key, &mut config.storage.secret_key), (&mut config.kms.access_key, &mut config.kms.secret_key)]
    {
        *key = Secret::new(options.access_key.clone());
        *secret = Secret::new(options.secret_key.clone());
    }
    config.mail.smtp_url = Secret::new(embedded.mailbox.smtp_url());
    config.auth.pepper = Secret::new(pepper(folder)?);
    config.telemetry.format = LogFormat::Text;
    config.telemetry.filter = "warn,platform=info".into();
    config.operators.emails = vec![OPERATOR.into()];
    Ok(config)
}

/// Made once and kept: codes that were sent before a restart stay good.
fn pepper(folder: &Path) -> Result<String> {
    let path = folder.join("pepper");
    if let Ok(known) = fs::read_to_string(&path) {
        return Ok(known);
    }
    let mut bytes = [0; 32];
    kernel::clock::Random::fill(&kernel::clock::SystemRandom, &mut bytes);
    let text = BASE64.encode(&bytes);
    fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(text)
}
