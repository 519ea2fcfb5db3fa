-- Which company has which plugin, in which version, told by the companies themselves; and what an operator has stopped everywhere.

-- A company's role writes its own rows and no others, in the transaction that changes the plugin. Its customers' role may read them: what
-- a customer does is heard by plugins, too.
CREATE TABLE plugin_installs (
    tenant_role     text NOT NULL DEFAULT current_user,
    plugin_id       uuid NOT NULL,
    name            text NOT NULL,
    title           text NOT NULL,
    -- Of the version in use; empty while there is none.
    version         text NOT NULL,
    hash            text NOT NULL,
    -- It runs when something happens or a document is made.
    enabled         boolean NOT NULL,
    -- The kinds of event that it hears; empty while it is not enabled.
    events          text[] NOT NULL,
    -- Why it turned off by itself; empty if it did not.
    off_reason      text NOT NULL DEFAULT '',
    runs            bigint NOT NULL DEFAULT 0,
    failures        bigint NOT NULL DEFAULT 0,
    last_run_at     timestamptz,
    last_failure_at timestamptz,
    last_failure    text NOT NULL DEFAULT '',
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_role, plugin_id)
);
CREATE INDEX plugin_installs_hash ON plugin_installs (hash);

ALTER TABLE plugin_installs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON plugin_installs TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY operators_read ON plugin_installs FOR SELECT TO {staff} USING (true);
CREATE POLICY own_read ON plugin_installs FOR SELECT TO PUBLIC
    USING (tenant_role = regexp_replace(current_user, '_customer$', '_staff'));
CREATE POLICY own_insert ON plugin_installs FOR INSERT TO PUBLIC WITH CHECK (tenant_role = current_user);
CREATE POLICY own_update ON plugin_installs FOR UPDATE TO PUBLIC USING (tenant_role = current_user) WITH CHECK (tenant_role = current_user);
CREATE POLICY own_delete ON plugin_installs FOR DELETE TO PUBLIC USING (tenant_role = current_user);
GRANT SELECT, INSERT, UPDATE, DELETE ON plugin_installs TO PUBLIC;

-- By the component's SHA-256, so that it is the same plugin for everybody, whatever it calls itself.
CREATE TABLE stopped_plugins (
    hash            text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    name            text NOT NULL,
    reason          text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    stopped_by      text NOT NULL,
    stopped_at      timestamptz NOT NULL
);
GRANT SELECT ON stopped_plugins TO PUBLIC;
GRANT INSERT, UPDATE, DELETE ON stopped_plugins TO {staff};
