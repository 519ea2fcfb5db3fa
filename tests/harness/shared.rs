//! The services that all tests of a run share: PostgreSQL, S3, KMS and weather, on a runtime of their own that lives as long as the
//! process. Data of earlier runs is removed at the start, when nobody holds it any more.

use crate::template;
use embedded::{Embedded, Options, postgres::Role};
use kernel::config::{Config, Secret};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{
        LazyLock, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime for the services")
});
static SHARED: LazyLock<Shared> = LazyLock::new(|| elsewhere(Shared::start));
/// Plugins of the tests as machine code: translated once a run.
static TRANSLATED: OnceLock<PathBuf> = OnceLock::new();
static COUNTER: AtomicU32 = AtomicU32::new(0);
const TEMPLATE: &str = "template_of_tests";

/// The services, and what the template holds.
pub struct Shared {
    /// The services.
    pub embedded: Embedded,
    /// The companies of the template: acme, then globex.
    pub houses: [crate::House; 2],
    copying: tokio::sync::Mutex<()>,
}

/// The services of this run; the first who asks starts them and builds the template.
pub fn shared() -> &'static Shared {
    &SHARED
}

/// Runs something on the services' runtime and waits for it, whatever runtime we are in.
pub(crate) fn elsewhere<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| RUNTIME.block_on(work()));
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

impl Shared {
    async fn start() -> Self {
        let folder = fresh_folder();
        let translated = TRANSLATED.get_or_init(|| folder.join("plugins"));
        fs::create_dir_all(translated).expect("a folder for translated plugins");
        let options = Options { durable: false, max_connections: 300, bucket: "tests".into(), ..Options::default() };
        let embedded = Embedded::start(&folder, options).await.expect("the local services start");
        embedded.postgres.create_database(TEMPLATE).await.expect("a database for the template");
        let config = config(&embedded, TEMPLATE);
        // A runtime of its own, so that every connection to the template ends with it.
        let houses = std::thread::spawn(|| {
            let runtime = Runtime::new().expect("a runtime for the template");
            let houses = runtime.block_on(template::build(config));
            runtime.shutdown_timeout(Duration::from_secs(5));
            houses
        });
        let houses = houses.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Self { embedded, houses, copying: tokio::sync::Mutex::new(()) }
    }

    /// A fresh copy of the template; its name.
    pub(crate) async fn copy(&self) -> String {
        let name = format!("test_{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let _turn = self.copying.lock().await;
        for _ in 0..50 {
            if self.embedded.postgres.create_database_from_template(&name, TEMPLATE).await.is_ok() {
                return name;
            }
            // The template's last connections are still going.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        self.embedded.postgres.create_database_from_template(&name, TEMPLATE).await.expect("a copy of the template");
        name
    }

    /// An empty database; its name.
    pub async fn empty(&self) -> String {
        let name = format!("test_{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        self.embedded.postgres.create_database(&name).await.expect("a database");
        name
    }

    /// Drops a database, some time soon.
    pub(crate) fn drop_database(&'static self, name: String) {
        RUNTIME.spawn(async move {
            let _ = self.embedded.postgres.drop_database(&name).await;
        });
    }
}

/// A configuration over the shared services and one database; the mailbox is each test's own.
pub(crate) fn config(embedded: &Embedded, database: &str) -> Config {
    let mut config = Config::default();
    config.web.base_domain = crate::DOMAIN.into();
    config.database.url = Secret::new(embedded.postgres.url(Role::App, database));
    config.database.owner_url = Secret::new(embedded.postgres.url(Role::Owner, database));
    config.database.max_connections = 10;
    config.storage.endpoint = embedded.s3.endpoint();
    config.storage.bucket = embedded.s3.bucket().to_owned();
    config.storage.path_style = true;
    config.kms.endpoint = embedded.kms.endpoint();
    config.weather.base_url = embedded.weather.url();
    config.weather.geocoding_url = embedded.weather.url();
    let options = Options::default();
    for (key, secret) in
        [(&mut config.storage.access_key, &mut config.storage.secret_key), (&mut config.kms.access_key, &mut config.kms.secret_key)]
    {
        *key = Secret::new(options.access_key.clone());
        *secret = Secret::new(options.secret_key.clone());
    }
    config.documents.program = beside("confined");
    config.plugins.program = beside("plugin");
    config.plugins.cache = TRANSLATED.get().map(|folder| folder.display().to_string()).unwrap_or_default();
    config.auth.pepper = Secret::new(data_encoding::BASE64.encode(&[7; 32]));
    config.operators.emails = vec![crate::OPERATOR.into()];
    // All requests come from one address here; the tests of rates set their own.
    let plenty = "1000000/1m".parse().expect("a rate");
    let limits = &mut config.limits;
    for rate in [
        &mut limits.sign_in_address,
        &mut limits.sign_in_account,
        &mut limits.sign_in_tenant,
        &mut limits.code_address,
        &mut limits.code_account,
        &mut limits.signup_address,
        &mut limits.api_address,
        &mut limits.api_account,
        &mut limits.api_tenant,
        &mut limits.upload_tenant,
        &mut limits.verify_address,
    ] {
        *rate = plenty;
    }
    config
}

/// A program that is built beside the one that runs: what lays documents out, or what translates plugins. Where it was not built, that
/// is not done.
fn beside(name: &str) -> String {
    let own = std::env::current_exe().expect("this program has a file");
    let beside = own.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    beside.into_iter().find(|file| file.exists()).map(|file| file.display().to_string()).unwrap_or_default()
}

/// A folder for this run; those of runs that have ended are removed.
fn fresh_folder() -> PathBuf {
    let all = std::env::temp_dir().join("plumbline-tests");
    fs::create_dir_all(&all).expect("a folder in the temporary one");
    // As root the database server runs as somebody else, who must pass through.
    let _ = fs::set_permissions(&all, fs::Permissions::from_mode(0o755));
    for old in fs::read_dir(&all).into_iter().flatten().flatten() {
        remove_if_free(&old.path());
    }
    all.join(std::process::id().to_string())
}

fn remove_if_free(folder: &Path) {
    let free = match fs::File::open(folder.join("lock")) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => false,
    };
    if free {
        let _ = fs::remove_dir_all(folder);
    }
}

/// What lies in the store under this object's id, whatever beside it the store keeps for itself.
pub fn stored(object: &str) -> Vec<u8> {
    let (mut found, mut folders) =
        (Vec::new(), vec![std::env::temp_dir().join("plumbline-tests").join(std::process::id().to_string()).join("s3")]);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).expect("the store's folder").flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().replace('-', "").contains(&object.replace('-', "")) {
                found.push(std::fs::read(path).expect("an object"));
            }
        }
    }
    found.into_iter().max_by_key(Vec::len).expect("the object in the store")
}
