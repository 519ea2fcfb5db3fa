//! One tenant of the benchmark: the SQL that makes it, what it is made of, and a visit to it.

use super::{Program, Stage};
use anyhow::{Result, ensure};
use migrations::{Names, Set};
use poem::{Endpoint, Request};
use sqlx::AssertSqlSafe;
use std::fmt::Write;
use uuid::Uuid;

/// How many projects each tenant has.
pub const PROJECTS: usize = 20;

/// A tenant.
#[derive(Clone, Debug)]
pub struct Company {
    /// Its id.
    pub id: Uuid,
    /// Its subdomain.
    pub subdomain: String,
    /// Its schema.
    pub schema: String,
    /// The session of its owner.
    pub token: String,
}

/// One page as one tenant's owner.
pub struct Visit {
    /// Whose.
    pub host: String,
    /// What stands on the page once a project, and on nobody else's.
    pub mark: String,
    cookie: String,
}

impl Company {
    /// A visit to it.
    pub fn visit(&self) -> Visit {
        let cookie = format!("{}={}", kernel::session::PersonKind::Staff.cookie_name(), self.token);
        Visit { host: format!("{}.{}", self.subdomain, crate::DOMAIN), mark: self.mark(), cookie }
    }

    fn mark(&self) -> String {
        format!("Roof of {}.", self.subdomain)
    }

    /// SQL that puts in somebody who is signed in, and projects.
    pub fn furniture(&self) -> String {
        let Self { schema, .. } = self;
        let token = kernel::session::token_hash(&self.token);
        let token = data_encoding::HEXLOWER.encode(&token);
        let (person, household) = (Uuid::now_v7(), Uuid::now_v7());
        // Seen in a while from now, so that no visit writes a newer time and all are alike.
        format!(
            "INSERT INTO {schema}.staff (id, email, name, role, joined_at, created_at) \
             VALUES ('{person}', 'owner@bench.example', 'Olga Sample', 'owner', now(), now());\n\
             INSERT INTO {schema}.sessions (id, token_hash, person_kind, person_id, device, address, trusted, created_at, last_seen_at, expires_at) \
             VALUES (gen_random_uuid(), '\\x{token}', 'staff', '{person}', 'Firefox on Linux', '127.0.0.1', false, now(), \
             now() + interval '1 hour', now() + interval '1 day');\n\
             INSERT INTO {schema}.households (id, name, address, created_at, updated_at) \
             VALUES ('{household}', 'House of Sample', '1 Sample Street', now(), now());\n\
             INSERT INTO {schema}.projects (id, household_id, name, address, status, created_at, updated_at) \
             SELECT gen_random_uuid(), '{household}', '{}', n || ' Sample Street', 'active', now(), now() FROM generate_series(1, {PROJECTS}) n;\n",
            self.mark()
        )
    }
}

impl Visit {
    /// The list of projects.
    pub async fn open(&self, program: &Program) -> Result<String> {
        let request = Request::builder()
            .uri_str("/api/v1/projects?limit=50")
            .header("host", &self.host)
            .header("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .header("cookie", &self.cookie);
        let response = program.get_response(request.finish()).await;
        let status = response.status();
        let page = response.into_body().into_string().await?;
        ensure!(status == 200, "{}: {status}: {page}", self.host);
        Ok(page)
    }
}

/// What the fleet migrator does for one tenant, as a transaction for psql.
pub fn script(company: &Company, major: u32) -> String {
    let names = Names::tenant(&company.schema);
    let (login, schema) = ("plumbline_app", &names.schema);
    let with = if major >= 16 { " WITH INHERIT FALSE, SET TRUE" } else { "" };
    let mut sql = String::from("BEGIN;\n");
    for role in [&names.staff, &names.customer] {
        let _ = writeln!(
            sql,
            "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF; END $$;\n\
             GRANT {role} TO {login}{with};"
        );
    }
    let _ = writeln!(
        sql,
        "CREATE SCHEMA IF NOT EXISTS {schema};\n\
         SELECT pg_advisory_xact_lock(hashtextextended('{schema}', 7)) \\g /dev/null\n\
         SET LOCAL search_path TO {schema};\nSET LOCAL client_min_messages TO warning;\n\
         CREATE TABLE IF NOT EXISTS seaql_migrations (version varchar NOT NULL PRIMARY KEY, applied_at bigint NOT NULL);"
    );
    for migration in Set::tenant().0 {
        for text in migration.sql {
            sql += &text.replace("{schema}", schema).replace("{staff}", &names.staff).replace("{customer}", &names.customer);
        }
        let _ = writeln!(
            sql,
            "INSERT INTO seaql_migrations (version, applied_at) VALUES ('{name}', extract(epoch FROM now())::bigint);\n\
             INSERT INTO platform.tenant_migrations (tenant_id, version, state, finished_at) VALUES ('{id}', '{name}', 'done', now());",
            name = migration.name,
            id = company.id,
        );
    }
    sql + "COMMIT;\n"
}

/// Everything that a tenant's schema and roles are made of, a line each, without its own name.
pub async fn fingerprint(stage: &Stage, company: &Company) -> Result<String> {
    let sql = format!(
        "SELECT string_agg(replace(line, '{schema}', '@'), E'\\n' ORDER BY replace(line, '{schema}', '@')) FROM ( \
         SELECT concat_ws(' ', 'relation', relname, relkind, relrowsecurity, relforcerowsecurity, relacl) AS line FROM pg_class WHERE relnamespace = '{schema}'::regnamespace \
         UNION ALL SELECT concat_ws(' ', 'column', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attacl, pg_get_expr(adbin, adrelid)) \
           FROM pg_attribute JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum \
           WHERE relnamespace = '{schema}'::regnamespace AND attnum > 0 \
         UNION ALL SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE connamespace = '{schema}'::regnamespace \
         UNION ALL SELECT concat_ws(' ', 'index', indexdef) FROM pg_indexes WHERE schemaname = '{schema}' \
         UNION ALL SELECT concat_ws(' ', 'policy', tablename, policyname, permissive, roles, cmd, qual, with_check) FROM pg_policies WHERE schemaname = '{schema}' \
         UNION ALL SELECT concat_ws(' ', 'function', proname, md5(prosrc), prosecdef, proconfig, proacl) FROM pg_proc WHERE pronamespace = '{schema}'::regnamespace \
         UNION ALL SELECT concat_ws(' ', 'schema', nspacl) FROM pg_namespace WHERE nspname = '{schema}' \
         UNION ALL SELECT concat_ws(' ', 'role', r.rolname, r.rolcanlogin, r.rolinherit, m.rolname, to_jsonb(am) - 'oid' - 'roleid' - 'member' - 'grantor') \
           FROM pg_roles r JOIN pg_auth_members am ON am.roleid = r.oid JOIN pg_roles m ON m.oid = am.member WHERE r.rolname LIKE '{schema}%' \
         UNION ALL SELECT concat_ws(' ', 'step', version) FROM {schema}.seaql_migrations \
         UNION ALL SELECT concat_ws(' ', 'status', version, state, error) FROM platform.tenant_migrations WHERE tenant_id = '{id}' \
         ) AS lines",
        schema = company.schema,
        id = company.id,
    );
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut stage.owner().await?).await?)
}
