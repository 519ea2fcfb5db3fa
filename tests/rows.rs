//! The database holds the walls by itself: policies on every table, roles that see their own, and tests that go red when a
//! wall is taken out.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sqlx::{AssertSqlSafe, PgConnection};
use std::sync::Arc;
use tenants::{Scope, Tenant};
use tests::TestApp;
use uuid::Uuid;

/// Tables without policies, and why. This list only shrinks.
const BARE: &[(&str, &str)] = &[("seaql_migrations", "the migrator's own; no role but the owner reaches it")];

async fn strings(connection: &mut PgConnection, sql: &str) -> Vec<String> {
    let rows = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql.to_owned())).fetch_all(connection).await;
    rows.unwrap_or_else(|e| panic!("{sql}: {e}"))
}

async fn fails(connection: &mut PgConnection, sql: &str) -> String {
    let done = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(connection).await;
    match done {
        Ok(_) => panic!("{sql}: was done"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn every_table_of_every_tenant_has_policies() {
    let app = TestApp::start().await;
    let mut owner = app.owner().await;
    for house in [app.acme().house(), app.globex().house()] {
        let sql = format!(
            "SELECT c.relname || ' ' || c.relrowsecurity || ' ' || c.relforcerowsecurity || ' ' || (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{}' AND c.relkind IN ('r', 'p', 'm', 'v', 'f')",
            house.schema
        );
        let tables = strings(&mut owner, &sql).await;
        assert!(tables.len() > 15, "{tables:?}");
        for table in tables {
            let words: Vec<&str> = table.split(' ').collect();
            let bare = BARE.iter().any(|(name, _)| *name == words[0]);
            let fine = words[1] == "true" && words[2] == "true" && words[3].parse::<u32>().is_ok_and(|n| n > 0);
            assert!(fine || bare, "{table}: ENABLE and FORCE ROW LEVEL SECURITY, and at least one policy");
        }
        // What the customers' role can read, it can read by a policy of its own.
        let sql = format!(
            "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{0}' AND c.relkind = 'r' \
             AND has_table_privilege('{0}_customer', c.oid, 'SELECT, INSERT, UPDATE, DELETE') \
             AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND '{0}_customer'::regrole = ANY (p.polroles))",
            house.schema
        );
        assert_eq!(strings(&mut owner, &sql).await, Vec::<String>::new());
        // No policy calls a function of ours, and each setting is asked once a statement.
        let sql = format!(
            "SELECT polname::text || ': ' || pg_get_expr(polqual, polrelid) FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid \
             JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '{}' AND pg_get_expr(polqual, polrelid) LIKE '%current_setting%'",
            house.schema
        );
        for policy in strings(&mut owner, &sql).await {
            assert!(policy.contains("SELECT (NULLIF(current_setting('app.customer_id'"), "{policy}: wrap the setting in a SELECT");
        }
    }
}

#[tokio::test]
async fn the_login_role_is_nobody_until_it_says_whose() {
    let app = TestApp::start().await;
    let (acme, globex) = (&app.acme().house().schema, &app.globex().house().schema);
    let mut login = app.login().await;
    for sql in [format!("SELECT * FROM {acme}.customers"), "SELECT * FROM platform.tenants".into(), format!("SELECT {acme}.record_event()")]
    {
        let refused = fails(&mut login, &sql).await;
        assert!(refused.contains("permission denied") || refused.contains("does not exist"), "{sql}: {refused}");
    }
    assert!(fails(&mut login, "SELECT * FROM customers").await.contains("does not exist"));
    assert!(fails(&mut login, "SET ROLE plumbline_owner").await.contains("permission denied"));
    assert!(fails(&mut login, "CREATE ROLE evil").await.contains("permission denied"));
    // As acme, globex's things are refused by name, and so is the platform's registry.
    let _ = sqlx::raw_sql(AssertSqlSafe(format!("SET ROLE {acme}_staff"))).execute(&mut login).await.expect("acme's role");
    for table in ["customers", "documents", "sessions", "events"] {
        assert!(fails(&mut login, &format!("SELECT * FROM {globex}.{table}")).await.contains("permission denied"));
    }
    for sql in
        ["SELECT * FROM platform.tenants", "SELECT * FROM platform.jobs", "DELETE FROM platform.jobs", "SELECT * FROM platform.sessions"]
    {
        assert!(fails(&mut login, sql).await.contains("permission denied"), "{sql}");
    }
    let forged = "INSERT INTO platform.jobs (id, kind, payload, run_at, tenant_role) VALUES (gen_random_uuid(), 'x', '{}', now(), 'plumbline_platform')";
    assert!(fails(&mut login, forged).await.contains("permission denied"), "nobody names another's role");
}

async fn count(tenant: &Arc<Tenant>, app: &TestApp, scope: Scope, table: &str) -> i64 {
    let tx = app.app.tenants.begin(tenant, scope).await.expect("a transaction");
    let row = tx.query_one_raw(Statement::from_string(DbBackend::Postgres, format!("SELECT count(*) AS n FROM {table}"))).await;
    row.expect("an answer").expect("a row").try_get("", "n").expect("a number")
}

#[tokio::test]
async fn nothing_stays_on_a_connection() {
    let app = TestApp::with(|config| config.database.max_connections = 2).await;
    let (acme, house) = (app.tenant(app.acme().house()).await, app.acme().house());
    let cora = Scope::Customer(house.customers["cora"]);
    assert_eq!(count(&acme, &app, cora, "documents").await, 1);
    assert_eq!(count(&acme, &app, Scope::Staff, "documents").await, 3);
    // A customer's transaction that is nobody's sees nothing, on the same connection.
    assert_eq!(count(&acme, &app, Scope::Customer(Uuid::nil()), "documents").await, 0);
    for _ in 0..4 {
        let tx = app.app.tenants.begin(&acme, Scope::Staff).await.expect("a transaction");
        tx.execute_unprepared("SELECT 1").await.expect("an answer");
        tx.commit().await.expect("committed");
    }
    let sql = "SELECT string_agg(DISTINCT usename || ' ' || coalesce(state, ''), ', ') FROM pg_stat_activity WHERE datname = current_database() AND usename = 'plumbline_app' AND state LIKE 'idle in%'";
    assert_eq!(app.ask(sql).await, "");
}

/// The mutation checks: with a wall taken out, what the sweeps look at shows foreign rows, so the sweeps would be red.
#[tokio::test]
async fn without_a_policy_customers_would_see_their_neighbours() {
    let app = TestApp::start().await;
    let (tenant, house) = (app.tenant(app.acme().house()).await, app.acme().house());
    let cora = Scope::Customer(house.customers["cora"]);
    for (table, seen) in [("documents", 1), ("projects", 1), ("households", 1), ("customers", 1), ("household_members", 1)] {
        assert_eq!(count(&tenant, &app, cora, table).await, seen, "{table}");
        app.execute(&format!("ALTER TABLE {0}.{table} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY", house.schema)).await;
        assert!(count(&tenant, &app, cora, table).await > seen, "{table}: the sweep looks at something else than the policy");
        app.execute(&format!("ALTER TABLE {0}.{table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY", house.schema)).await;
    }
    let before = app.customer("cora").await;
    let path = format!("/projects/{}", house.projects["carl"]);
    before.get(&path).await.expect(404);
    app.execute(&format!("DROP POLICY customer_member ON {0}.projects; CREATE POLICY open ON {0}.projects USING (true)", house.schema))
        .await;
    before.get(&path).await.expect(200);
}

#[tokio::test]
async fn without_the_role_switch_one_company_would_read_another() {
    let app = TestApp::start().await;
    let (acme, globex) = (&app.acme().house().schema, &app.globex().house().schema);
    let foreign = format!("SELECT count(*)::text FROM {globex}.customers");
    let mut owner = app.owner().await;
    // The same statement, with the role switched and without: the switch is what refuses it.
    let _ = sqlx::raw_sql(AssertSqlSafe(format!("SET search_path TO {acme}"))).execute(&mut owner).await.expect("a path");
    assert_eq!(strings(&mut owner, &foreign).await, ["2"]);
    let mut login = app.login().await;
    let _ = sqlx::raw_sql(AssertSqlSafe(format!("BEGIN; SET LOCAL ROLE {acme}_staff; SET LOCAL search_path TO {acme}")))
        .execute(&mut login)
        .await
        .expect("a transaction");
    assert!(fails(&mut login, &foreign).await.contains("permission denied"));
}

#[tokio::test]
async fn without_local_the_next_one_would_inherit() {
    let app = TestApp::start().await;
    let (acme, globex) = (&app.acme().house().schema, &app.globex().house().schema);
    let mut login = app.login().await;
    for (local, inherits) in [("LOCAL", false), ("", true)] {
        let sql = format!("BEGIN; SET {local} ROLE {acme}_staff; SET {local} search_path TO {acme}; COMMIT");
        let _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut login).await.expect("a transaction");
        let seen = sqlx::raw_sql("SELECT * FROM customers").execute(&mut login).await.is_ok();
        assert_eq!(seen, inherits, "SET {local}");
    }
    let _ = sqlx::raw_sql(AssertSqlSafe(format!("SET ROLE {globex}_staff"))).execute(&mut login).await.expect("globex's role");
}
