-- Plugins: which the company has, their versions and secrets, what they remember, and every time that one ran.

-- active: the version in use; none until an admin has approved one. approval belongs to it: a version that wants more is approved anew.
-- heard: the number of the last event that was looked at for it.
CREATE TABLE plugins (
    id              uuid PRIMARY KEY,
    name            text NOT NULL UNIQUE,
    active          integer,
    enabled         boolean NOT NULL DEFAULT false,
    events          text[] NOT NULL DEFAULT '{}',
    documents       text[] NOT NULL DEFAULT '{}',
    approval        jsonb NOT NULL,
    settings        jsonb NOT NULL,
    breaker         jsonb NOT NULL,
    heard           bigint NOT NULL,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL
);

-- hash is the component's SHA-256. Its bytes are sealed in the bucket, like documents.
CREATE TABLE plugin_versions (
    plugin_id       uuid NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    number          integer NOT NULL CHECK (number > 0),
    version         text NOT NULL,
    hash            text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    bytes           bigint NOT NULL,
    wit             text NOT NULL,
    manifest        jsonb NOT NULL,
    checks          jsonb NOT NULL,
    object_id       uuid NOT NULL,
    sealed_header   bytea NOT NULL,
    uploaded_by     uuid,
    uploaded_by_name text NOT NULL,
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (plugin_id, number),
    UNIQUE (plugin_id, hash)
);
ALTER TABLE plugins ADD FOREIGN KEY (id, active) REFERENCES plugin_versions (plugin_id, number);

-- sealed under the company's key; the value is read when a request is sent, and shown to nobody.
CREATE TABLE plugin_secrets (
    plugin_id       uuid NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    name            text NOT NULL,
    sealed          bytea NOT NULL,
    set_by_name     text NOT NULL,
    set_at          timestamptz NOT NULL,
    PRIMARY KEY (plugin_id, name)
);

CREATE TABLE plugin_values (
    plugin_id       uuid NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    key             text NOT NULL COLLATE "C" CHECK (octet_length(key) <= 256),
    value           bytea NOT NULL CHECK (octet_length(value) <= 65536),
    PRIMARY KEY (plugin_id, key)
);

-- recording: what it takes to run it again. Only the newest of a plugin are kept.
CREATE TABLE plugin_runs (
    id              uuid PRIMARY KEY,
    plugin_id       uuid NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    number          integer NOT NULL,
    occasion        text NOT NULL CHECK (occasion IN ('event', 'document', 'test')),
    about           text NOT NULL,
    event_seq       bigint,
    project_id      uuid,
    asked_by_name   text NOT NULL,
    outcome         text NOT NULL,
    words           text NOT NULL,
    report          jsonb NOT NULL,
    output          jsonb,
    recording       jsonb,
    created_at      timestamptz NOT NULL
);
CREATE INDEX plugin_runs_plugin ON plugin_runs (plugin_id, id DESC);
CREATE INDEX plugin_runs_created ON plugin_runs (created_at) WHERE occasion <> 'test';
CREATE UNIQUE INDEX plugin_runs_event ON plugin_runs (plugin_id, event_seq) WHERE occasion = 'event';

-- What a run wanted sent or noted, and what became of it.
CREATE TABLE plugin_messages (
    id              uuid PRIMARY KEY,
    plugin_id       uuid NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    run_id          uuid NOT NULL REFERENCES plugin_runs (id) ON DELETE CASCADE,
    kind            text NOT NULL CHECK (kind IN ('mail', 'notice', 'webhook', 'note')),
    project_id      uuid,
    content         jsonb NOT NULL,
    state           text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    detail          text NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE INDEX plugin_messages_run ON plugin_messages (run_id, id);
CREATE INDEX plugin_messages_shown ON plugin_messages (id DESC) WHERE kind = 'notice';

-- A new version over what has happened, before it is enabled. lines: what came out otherwise than with the version in use.
CREATE TABLE plugin_rehearsals (
    id              uuid PRIMARY KEY,
    plugin_id       uuid NOT NULL REFERENCES plugins (id) ON DELETE CASCADE,
    number          integer NOT NULL,
    against         integer,
    state           text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    reason          text NOT NULL DEFAULT '',
    total           integer NOT NULL DEFAULT 0,
    done            integer NOT NULL DEFAULT 0,
    same            integer NOT NULL DEFAULT 0,
    different       integer NOT NULL DEFAULT 0,
    failed          integer NOT NULL DEFAULT 0,
    least_headroom  double precision,
    lines           jsonb NOT NULL DEFAULT '[]',
    asked_by_name   text NOT NULL,
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz
);
CREATE INDEX plugin_rehearsals_plugin ON plugin_rehearsals (plugin_id, id DESC);

-- Customers have no business here.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['plugins', 'plugin_versions', 'plugin_secrets', 'plugin_values', 'plugin_runs', 'plugin_messages', 'plugin_rehearsals']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY staff_all ON %I TO {staff} USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {staff}', name);
    END LOOP;
END
$$;

-- Documents that a plugin alone makes are documents that write themselves, of a variant that the plugin names.
ALTER TABLE generated_documents ADD COLUMN variant text NOT NULL DEFAULT '';
ALTER TABLE generated_documents DROP CONSTRAINT generated_documents_kind_check;
ALTER TABLE generated_documents ADD CONSTRAINT generated_documents_kind_check
    CHECK (kind IN ('welcome_packet', 'progress_report', 'completion_certificate', 'warranty', 'plugin'));
ALTER TABLE document_numbers DROP CONSTRAINT document_numbers_kind_check;
ALTER TABLE document_numbers ADD CONSTRAINT document_numbers_kind_check
    CHECK (kind IN ('welcome_packet', 'progress_report', 'completion_certificate', 'warranty', 'plugin'));
DROP INDEX generated_documents_subject;
CREATE UNIQUE INDEX generated_documents_subject ON generated_documents
    (project_id, kind, variant, coalesce(milestone_id, '00000000-0000-0000-0000-000000000000'::uuid)) WHERE closed_at IS NULL;
