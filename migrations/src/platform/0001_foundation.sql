-- The deployment's own schema: the registry of tenants, signups, operators, jobs, and the state of the fleet's migrations.

CREATE TABLE tenants (
    id          uuid PRIMARY KEY,
    subdomain   text NOT NULL CHECK (subdomain ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    schema      text NOT NULL UNIQUE CHECK (schema ~ '^t_[a-z2-7]{26}$'),
    state       text NOT NULL CHECK (state IN ('provisioning', 'active', 'suspended', 'failed')),
    plan        text NOT NULL,
    time_zone   text NOT NULL,
    key_arn     text,
    database    text NOT NULL DEFAULT 'main',
    owner_email text NOT NULL,
    owner_name  text NOT NULL,
    canary      boolean NOT NULL DEFAULT false,
    provision_step     text NOT NULL DEFAULT 'registered',
    provision_attempts int NOT NULL DEFAULT 0,
    provision_error    text,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
-- A failed provisioning gives its name back.
CREATE UNIQUE INDEX tenants_subdomain ON tenants (subdomain) WHERE state <> 'failed';

CREATE TABLE tenant_domains (
    host        text PRIMARY KEY CHECK (host = lower(host)),
    tenant_id   uuid NOT NULL REFERENCES tenants (id),
    verified_at timestamptz,
    created_at  timestamptz NOT NULL
);

CREATE TABLE signups (
    id           uuid PRIMARY KEY,
    company      text NOT NULL,
    subdomain    text NOT NULL,
    owner_name   text NOT NULL,
    owner_email  text NOT NULL,
    time_zone    text NOT NULL,
    token_hash   bytea NOT NULL UNIQUE,
    tenant_id    uuid REFERENCES tenants (id),
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    confirmed_at timestamptz
);
CREATE INDEX signups_expires ON signups (expires_at);

CREATE TABLE operators (
    id             uuid PRIMARY KEY,
    email          text NOT NULL UNIQUE CHECK (email = lower(email)),
    name           text NOT NULL,
    created_at     timestamptz NOT NULL,
    deactivated_at timestamptz
);

-- One row a tenant and migration, written in the same transaction as the migration itself.
CREATE TABLE tenant_migrations (
    tenant_id   uuid NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
    version     text NOT NULL,
    state       text NOT NULL CHECK (state IN ('done', 'failed')),
    error       text,
    finished_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, version)
);

CREATE TABLE jobs (
    id           uuid PRIMARY KEY,
    tenant_role  text NOT NULL DEFAULT current_user,
    kind         text NOT NULL,
    payload      jsonb NOT NULL,
    run_at       timestamptz NOT NULL,
    dedupe       text,
    state        text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'running', 'done', 'failed')),
    attempts     int NOT NULL DEFAULT 0,
    max_attempts int NOT NULL DEFAULT 8,
    leases       int NOT NULL DEFAULT 0,
    lease        uuid,
    leased_until timestamptz,
    last_error   text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finished_at  timestamptz
);
CREATE INDEX jobs_ready ON jobs (run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_ready_by_tenant ON jobs (tenant_role, run_at, id) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (leased_until) WHERE state = 'running';
CREATE INDEX jobs_finished ON jobs (finished_at) WHERE finished_at IS NOT NULL;
-- Two jobs of one key are one as long as neither has begun: a running one may have read what the next one is about.
CREATE UNIQUE INDEX jobs_dedupe ON jobs (tenant_role, kind, dedupe) WHERE dedupe IS NOT NULL AND state = 'queued' AND attempts = 0;

CREATE TABLE schedules (
    kind        text PRIMARY KEY,
    next_at     timestamptz NOT NULL
);

GRANT USAGE ON SCHEMA platform TO {staff};
GRANT SELECT, INSERT, UPDATE, DELETE ON tenants, tenant_domains, signups, operators, tenant_migrations, jobs, schedules TO {staff};
