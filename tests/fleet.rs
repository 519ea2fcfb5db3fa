//! Migrations: a schema that came step by step is the one that was made at once, old and new schemas live side by side, and
//! the fleet's run stops at canaries, goes on past failures and is taken up again.

use kernel::config::Config;
use migrations::{Fleet, Migration, Names, Options, Outcome, Set};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::{AssertSqlSafe, postgres::PgPoolOptions};
use tenants::Scope;
use tests::TestApp;

const NEXT: Migration = Migration {
    name: "0002_for_tests",
    sql: &[
        "ALTER TABLE projects ADD COLUMN colour text CHECK (length(colour) < 20);",
        "CREATE TABLE notes (id uuid PRIMARY KEY, text text NOT NULL);
         ALTER TABLE notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
         CREATE POLICY staff_all ON notes TO {staff} USING (true) WITH CHECK (true);
         GRANT SELECT ON notes TO {staff};",
    ],
};

fn next() -> Set {
    let mut set = Set::tenant();
    set.0.push(NEXT);
    set
}

async fn fleet(config: &Config, tenant: Set) -> Fleet {
    let url = config.database.owner_url.expose();
    let pool = PgPoolOptions::new().max_connections(4).connect(url).await.expect("the owner");
    Fleet::new(pool.into(), "plumbline_app", Set::platform(), tenant)
}

/// What a schema is made of: columns, constraints, indexes, policies, grants, functions; its name and roles taken out.
async fn shape(app: &TestApp, schema: &str) -> Vec<String> {
    let sql = format!(
        "SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') \
           FROM information_schema.columns WHERE table_schema = '{schema}' \
         UNION ALL SELECT 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) \
           FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{schema}' \
         UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = '{schema}' \
         UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || ' ' || roles::text || ' ' || coalesce(qual, '') \
           FROM pg_policies WHERE schemaname = '{schema}' \
         UNION ALL SELECT 'grant ' || c.relname || ' ' || coalesce(c.relacl::text, '') || ' ' || c.relrowsecurity || c.relforcerowsecurity \
           FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{schema}' AND c.relkind IN ('r', 'S') \
         UNION ALL SELECT 'function ' || p.proname || ' ' || pg_get_functiondef(p.oid) || coalesce(p.proacl::text, '') \
           FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = '{schema}' \
         ORDER BY 1"
    );
    let rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch_all(&mut app.owner().await).await.expect("the catalog");
    assert!(rows.len() > 150, "{}", rows.len());
    rows.into_iter().map(|row| row.replace(schema, "SCHEMA")).collect()
}

async fn register(app: &TestApp, n: u8, canary: bool) -> (uuid::Uuid, String) {
    let (id, schema) = (uuid::Uuid::now_v7(), tenants::random_schema(*uuid::Uuid::new_v4().as_bytes()));
    app.execute(&format!(
        "INSERT INTO platform.tenants (id, subdomain, name, schema, state, plan, time_zone, owner_email, owner_name, canary, provision_step, created_at, updated_at) \
         VALUES ('{id}', 'fleet-{n}', 'Fleet', '{schema}', 'active', 'standard', 'UTC', 'x@x.example', 'X', {canary}, 'active', now(), now())"
    ))
    .await;
    (id, schema)
}

#[tokio::test]
async fn step_by_step_is_the_same_as_at_once() {
    let app = TestApp::start().await;
    let (id, fresh) = register(&app, 1, false).await;
    let fleet = fleet(&app.app.config, next()).await;
    let acme = app.acme().house();
    // Acme has been at the version before; the fresh one gets all steps together.
    fleet.migrate_tenant(acme.tenant, &acme.schema).await.expect("acme");
    fleet.migrate_tenant(id, &fresh).await.expect("the fresh one");
    let (upgraded, made) = (shape(&app, &acme.schema).await, shape(&app, &fresh).await);
    let differ: Vec<_> = upgraded.iter().filter(|l| !made.contains(l)).chain(made.iter().filter(|l| !upgraded.contains(l))).collect();
    assert!(differ.is_empty(), "{differ:#?}");
    assert!(made.iter().any(|l| l.starts_with("column projects.colour")));
    fleet.drop_tenant(id, &Names::tenant(&fresh)).await.expect("dropped");
    fleet.drop_tenant(id, &Names::tenant(&fresh)).await.expect("dropped twice");
}

#[tokio::test]
async fn the_program_runs_on_this_version_and_the_next() {
    let app = TestApp::with(|config| config.database.max_connections = 2).await;
    let (ada, gus) = (app.staff("ada").await, app.globex().boss().await);
    let walk = async || {
        for client in [&ada, &gus, &ada] {
            for path in ["customers", "households", "projects", "documents", "team", "branding", "audit", "setup"] {
                client.get(format!("/api/v1/{path}")).await.expect(200);
            }
            let new = serde_json::json!({ "name": "Interleaved", "email": format!("{}@x.example", uuid::Uuid::now_v7().simple()) });
            client.post("/api/v1/customers").json(new).await.expect(200);
        }
    };
    walk().await;
    let (fleet, acme) = (fleet(&app.app.config, next()).await, app.acme().house());
    fleet.migrate_tenant(acme.tenant, &acme.schema).await.expect("acme alone");
    // The same few connections hold statements that were prepared on the old schema.
    walk().await;
    walk().await;
}

#[tokio::test]
async fn a_stale_statement_is_forgotten() {
    let app = TestApp::with(|config| config.database.max_connections = 2).await;
    let tenants = &app.app.tenants;
    let (acme, globex) = (app.tenant(app.acme().house()).await, app.tenant(app.globex().house()).await);
    let ask = async |tenant| {
        let tx = tenants.begin(tenant, Scope::Staff).await.expect("a transaction");
        let answer = tx
            .query_all_raw(Statement::from_sql_and_values(DbBackend::Postgres, "SELECT * FROM projects WHERE name <> $1", ["x".into()]))
            .await;
        if answer.is_ok() {
            tx.commit().await.expect("committed");
        }
        answer.map(|rows| rows.len())
    };
    for _ in 0..4 {
        assert_eq!((ask(&acme).await.ok(), ask(&globex).await.ok()), (Some(2), Some(2)));
    }
    fleet(&app.app.config, next()).await.migrate_tenant(acme.id.0, &acme.names.schema).await.expect("acme");
    // `SELECT *` is what no operation does; even that heals itself on every connection.
    let mut failures = 0;
    for _ in 0..20 {
        failures += usize::from(ask(&acme).await.is_err()) + usize::from(ask(&globex).await.is_err());
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert!(failures < 20, "{failures} of 40: a stale statement stays for ever");
    // Each connection may have met the other shape last; after that it knows.
    for _ in 0..6 {
        let _ = ask(&acme).await;
    }
    let mut last = Vec::new();
    for _ in 0..4 {
        last.push(ask(&acme).await.is_ok());
    }
    assert_eq!(last, [true; 4]);
}

/// A set whose second step fails where a table stands in the way.
const FRAGILE: Migration = Migration { name: "0002_fragile", sql: &["CREATE TABLE before_it (x int);", "CREATE TABLE blocked (x int);"] };

fn fragile() -> Set {
    let mut set = Set::tenant();
    set.0.push(FRAGILE);
    set
}

#[tokio::test]
async fn the_fleet_goes_on_past_failures_and_is_taken_up_again() {
    let app = TestApp::start().await;
    let (acme, globex) = (app.acme().house(), app.globex().house());
    let fleet = fleet(&app.app.config, fragile()).await;
    app.execute(&format!("CREATE TABLE {}.blocked (x int)", acme.schema)).await;

    let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
    let report = fleet.migrate(&Options::default(), Some(sender)).await.expect("a run");
    assert_eq!((report.done, report.failed, report.unchanged, report.skipped), (1, 1, 0, 0));
    let mut seen = Vec::new();
    while let Ok(line) = lines.try_recv() {
        seen.push((line.settled, line.total, line.schema == acme.schema, matches!(line.outcome, Outcome::Failed { .. })));
    }
    assert_eq!(seen.iter().map(|s| (s.0, s.1)).collect::<Vec<_>>(), [(1, 2), (2, 2)]);
    assert!(seen.iter().all(|(.., is_acme, failed)| is_acme == failed), "{seen:?}");
    assert_eq!(app.ask(&format!("SELECT to_regclass('{}.before_it')", acme.schema)).await, "", "rolled back as a whole");
    assert_ne!(app.ask(&format!("SELECT to_regclass('{}.before_it')", globex.schema)).await, "");
    let status = format!(
        "SELECT state || ' ' || (error IS NOT NULL) FROM platform.tenant_migrations WHERE tenant_id = '{}' AND version = '0002_fragile'",
        acme.tenant
    );
    assert_eq!(app.ask(&status).await, "failed true");
    // Both still serve.
    app.staff("ada").await.get("/api/v1/projects").await.expect(200);
    app.globex().boss().await.get("/api/v1/projects").await.expect(200);

    app.execute(&format!("DROP TABLE {}.blocked", acme.schema)).await;
    let report = fleet.migrate(&Options::default(), None).await.expect("a run");
    assert_eq!((report.done, report.failed, report.unchanged), (1, 0, 1), "only what is left");
    assert_eq!(app.ask(&status).await, "done false");
    let report = fleet.migrate(&Options::default(), None).await.expect("a run");
    assert_eq!((report.done, report.failed, report.unchanged), (0, 0, 2), "and again is nothing");
}

#[tokio::test]
async fn a_canary_that_fails_stops_the_rest() {
    let app = TestApp::start().await;
    let acme = app.acme().house();
    let fleet = fleet(&app.app.config, fragile()).await;
    app.execute(&format!(
        "CREATE TABLE {}.blocked (x int); UPDATE platform.tenants SET canary = true WHERE subdomain = 'acme'",
        acme.schema
    ))
    .await;
    let report = fleet.migrate(&Options::default(), None).await.expect("a run");
    assert_eq!((report.done, report.failed, report.skipped), (0, 1, 1));
    let report = fleet.migrate(&Options { past_canaries: true, ..Options::default() }, None).await.expect("a run");
    assert_eq!((report.done, report.failed, report.skipped), (1, 1, 0));
}

#[tokio::test]
async fn two_runs_at_once_are_one_after_the_other() {
    let app = TestApp::start().await;
    let (one, two) = (fleet(&app.app.config, next()).await, fleet(&app.app.config, next()).await);
    let options = Options::default();
    let (a, b) = tokio::join!(one.migrate(&options, None), two.migrate(&options, None));
    let (a, b) = (a.expect("a run"), b.expect("a run"));
    assert_eq!((a.done + b.done, a.unchanged + b.unchanged, a.failed + b.failed), (2, 2, 0));
}

#[tokio::test]
async fn new_tenants_side_by_side_do_not_trip_over_each_other() {
    let app = TestApp::start().await;
    for n in 0..16 {
        register(&app, n, false).await;
    }
    let fleet = fleet(&app.app.config, Set::tenant()).await;
    let report = fleet.migrate(&Options { workers: 3, past_canaries: false }, None).await.expect("a run");
    assert_eq!((report.done, report.failed), (16, 0), "grants on what all tenants share come one after the other");
}
