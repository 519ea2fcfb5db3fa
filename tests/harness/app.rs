//! The whole program over a database of its own.

use crate::{
    ACME, Cast, Client, DOMAIN, GLOBEX, House, OPERATOR,
    client::Program,
    shared::{config, elsewhere, shared},
};
use embedded::{
    mailbox::{Mail, Mailbox, MailboxOptions},
    postgres::Role,
};
use kernel::{
    App, Caller,
    clock::{Clock, SystemRandom, TestClock},
    config::{Config, Secret},
    session::{self, PersonKind},
};
use poem::EndpointExt;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::sync::Arc;
use tempfile::TempDir;
use tenants::{Tenant, TenantId};
use uuid::Uuid;

/// The program, its clock, and its mailbox.
pub struct TestApp {
    /// The running program.
    pub app: Arc<App>,
    /// Turn it on with `advance`.
    pub clock: Arc<TestClock>,
    /// What was mailed; only by this app.
    pub mailbox: Mailbox,
    /// The database's name.
    pub database: String,
    program: Program,
    tidy: bool,
    _mails: TempDir,
}

impl TestApp {
    /// Over a fresh copy of the template.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let database = shared().copy().await;
        let mut config = config(&shared().embedded, &database);
        change(&mut config);
        Self::over(config, database, true).await
    }

    /// Over a database that is there.
    pub(crate) async fn over(mut config: Config, database: String, tidy: bool) -> Self {
        let mails = tempfile::tempdir().expect("a folder for mails");
        let options = MailboxOptions { dir: mails.path().to_owned(), smtp_port: None, http_port: None };
        let mailbox = Mailbox::start(options).await.expect("a mailbox");
        config.mail.smtp_url = Secret::new(mailbox.smtp_url());
        let clock = Arc::new(TestClock::new());
        let app = platform::app::build(config, clock.clone(), Arc::new(SystemRandom)).await.expect("the program");
        let program: Program = Arc::new(platform::app::endpoint(&app).boxed());
        Self { app, clock, mailbox, database, program, tidy, _mails: mails }
    }

    /// The program a second time over the same database, as another process would be. Jobs are the first one's.
    pub async fn twin(&self) -> Self {
        self.twin_with(|_| {}).await
    }

    /// The same with other settings.
    pub async fn twin_with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::clone(&self.app.config);
        change(&mut config);
        Self::over(config, self.database.clone(), false).await
    }

    /// A browser in which nobody is signed in, on a company's host.
    pub fn visitor(&self, company: &str) -> Client {
        Client::new(self.program.clone(), format!("{company}.{DOMAIN}"))
    }

    /// A browser on the bare domain.
    pub fn apex(&self) -> Client {
        Client::new(self.program.clone(), DOMAIN)
    }

    /// The strangers' company.
    pub fn globex(&self) -> Company<'_> {
        Company { app: self, cast: &GLOBEX }
    }

    /// The company of most tests.
    pub fn acme(&self) -> Company<'_> {
        Company { app: self, cast: &ACME }
    }

    /// Somebody of acme's staff, signed in.
    pub async fn staff(&self, name: &str) -> Client {
        self.acme().staff(name).await
    }

    /// A customer of acme's, signed in.
    pub async fn customer(&self, name: &str) -> Client {
        self.acme().customer(name).await
    }

    /// The operator, signed in on the bare domain.
    pub async fn operator(&self) -> Client {
        let id = self.ask(&format!("SELECT id FROM platform.operators WHERE email = '{OPERATOR}'")).await;
        let id = id.parse().expect("the operator's id");
        self.signed_in(self.app.tenants.platform(), PersonKind::Operator, id, DOMAIN).await
    }

    async fn signed_in(&self, tenant: Arc<Tenant>, kind: PersonKind, person: Uuid, host: &str) -> Client {
        let mut caller = Caller::system(self.app.clone(), tenant, "Tests");
        caller.origin.device = "Firefox on Linux".into();
        let cx = caller.begin().await.expect("a transaction");
        let issued = session::create(&cx, kind, person, false).await.expect("a session");
        cx.commit().await.expect("committed");
        let id = issued.id.0;
        Client::new(self.program.clone(), host).with_session(&issued.cookie(), id)
    }

    /// A tenant as the registry has it now.
    pub async fn tenant(&self, house: &House) -> Arc<Tenant> {
        self.app.tenants.by_id(TenantId(house.tenant)).await.expect("the registry").expect("a tenant")
    }

    /// Runs all jobs that are due; answers how many runs it took.
    pub async fn run_jobs(&self) -> usize {
        platform::app::worker(&self.app).run_until_idle().await.expect("the worker")
    }

    /// The mails to an address, the oldest first.
    pub fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.mailbox.mails_to(address)
    }

    /// The newest mail to an address.
    #[track_caller]
    pub fn mail(&self, address: &str) -> Mail {
        match self.mails_to(address).pop() {
            Some(mail) => mail,
            None => panic!("no mail to {address}"),
        }
    }

    /// A connection as the owner of all schemas: the hand of whoever has the database.
    pub async fn owner(&self) -> PgConnection {
        PgConnection::connect(&shared().embedded.postgres.url(Role::Owner, &self.database)).await.expect("the owner's connection")
    }

    /// A connection as the program's login role, before it has become anybody.
    pub async fn login(&self) -> PgConnection {
        PgConnection::connect(&shared().embedded.postgres.url(Role::App, &self.database)).await.expect("the program's connection")
    }

    /// One value, as text, by the owner's hand; empty for null or no row.
    #[track_caller]
    pub fn ask(&self, sql: &str) -> impl Future<Output = String> {
        let sql = format!("SELECT ({sql})::text");
        async move {
            let value = sqlx::query_scalar::<_, Option<String>>(AssertSqlSafe(sql.clone())).fetch_one(&mut self.owner().await).await;
            value.unwrap_or_else(|error| panic!("{sql}: {error}")).unwrap_or_default()
        }
    }

    /// Statements by the owner's hand.
    pub async fn execute(&self, sql: &str) {
        let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut self.owner().await).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if self.tidy {
            shared().drop_database_after(self);
        }
    }
}

impl crate::Shared {
    fn drop_database_after(&'static self, app: &TestApp) {
        let left = if std::thread::panicking() { String::new() } else { left(app) };
        self.drop_database(app.database.clone());
        assert!(left.is_empty(), "the test leaves due jobs in the queue: {left}");
    }
}

/// The kinds of the jobs that are due and still wait.
fn left(app: &TestApp) -> String {
    let sql = format!(
        "SELECT string_agg(DISTINCT kind, ', ') FROM platform.jobs WHERE state IN ('queued', 'running') AND run_at <= '{}'",
        app.clock.now().to_rfc3339()
    );
    elsewhere(async || app.ask(&sql).await)
}

/// One of the template's companies.
pub struct Company<'a> {
    app: &'a TestApp,
    /// Its people.
    pub cast: &'static Cast,
}

impl Company<'_> {
    /// Where its things are.
    pub fn house(&self) -> &'static House {
        let at = usize::from(self.cast.company == GLOBEX.company);
        &shared().houses[at]
    }

    /// A browser in which nobody is signed in.
    pub fn visitor(&self) -> Client {
        self.app.visitor(self.cast.company)
    }

    /// Somebody of its staff, signed in.
    pub async fn staff(&self, name: &str) -> Client {
        let person = *self.house().staff.get(name).unwrap_or_else(|| panic!("{} has no staff {name}", self.cast.company));
        self.app.signed_in(self.app.tenant(self.house()).await, PersonKind::Staff, person, &self.cast.host()).await
    }

    /// Its owner, signed in.
    pub async fn boss(&self) -> Client {
        self.staff(self.cast.staff[0].0).await
    }

    /// A customer of it, signed in.
    pub async fn customer(&self, name: &str) -> Client {
        let person = *self.house().customers.get(name).unwrap_or_else(|| panic!("{} has no customer {name}", self.cast.company));
        self.app.signed_in(self.app.tenant(self.house()).await, PersonKind::Customer, person, &self.cast.host()).await
    }

    /// A system caller of it, for what has no face.
    pub async fn system(&self) -> Caller {
        Caller::system(self.app.app.clone(), self.app.tenant(self.house()).await, "Tests")
    }
}
