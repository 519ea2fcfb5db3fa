-- Documents that write themselves: what the company wants of them, each document with its number, and each time that it was made.

CREATE TABLE document_settings (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    settings       jsonb NOT NULL,
    updated_at     timestamptz NOT NULL
);

-- The last number of a kind and year. Taken in the transaction that writes the document down, so there are no gaps.
CREATE TABLE document_numbers (
    kind           text NOT NULL CHECK (kind IN ('welcome_packet', 'progress_report', 'completion_certificate', 'warranty')),
    year           int NOT NULL,
    last           int NOT NULL CHECK (last > 0),
    PRIMARY KEY (kind, year)
);

-- milestone_id refers to no row: the milestone may be removed from the plan, and its report stays. closed_at: the document was
-- withdrawn and another one was asked for; that one has a number of its own.
CREATE TABLE generated_documents (
    id             uuid PRIMARY KEY,
    project_id     uuid NOT NULL REFERENCES projects (id),
    milestone_id   uuid,
    kind           text NOT NULL CHECK (kind IN ('welcome_packet', 'progress_report', 'completion_certificate', 'warranty')),
    number         text NOT NULL UNIQUE,
    title          text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    visibility     text NOT NULL CHECK (visibility IN ('client', 'internal')),
    token          text NOT NULL UNIQUE CHECK (length(token) = 26),
    document_id    uuid UNIQUE REFERENCES documents (id),
    created_at     timestamptz NOT NULL,
    closed_at      timestamptz
);
CREATE INDEX generated_documents_project ON generated_documents (project_id, id DESC);
CREATE UNIQUE INDEX generated_documents_subject ON generated_documents
    (project_id, kind, coalesce(milestone_id, '00000000-0000-0000-0000-000000000000'::uuid)) WHERE closed_at IS NULL;

-- cause is the job or the request that asked for it: the same one asks once. version is the document's; it is known before its bytes
-- are stored, and the bytes are there when the state is ready.
CREATE TABLE generations (
    id             uuid PRIMARY KEY,
    generated_id   uuid NOT NULL REFERENCES generated_documents (id),
    state          text NOT NULL CHECK (state IN ('queued', 'rendering', 'ready', 'unchanged', 'failed')),
    reason         text NOT NULL DEFAULT '',
    occasion       text NOT NULL CHECK (occasion IN ('by_hand', 'project_started', 'milestone_completed', 'project_completed')),
    cause          uuid NOT NULL,
    asked_by       uuid,
    asked_by_name  text NOT NULL,
    issued         date NOT NULL,
    version        int CHECK (version > 0),
    sha256         bytea CHECK (octet_length(sha256) = 32),
    fingerprint    bytea CHECK (octet_length(fingerprint) = 32),
    pages          int,
    created_at     timestamptz NOT NULL,
    started_at     timestamptz,
    ended_at       timestamptz,
    UNIQUE (generated_id, cause),
    CHECK (state <> 'ready' OR (version IS NOT NULL AND sha256 IS NOT NULL AND fingerprint IS NOT NULL))
);
CREATE UNIQUE INDEX generations_open ON generations (generated_id) WHERE state IN ('queued', 'rendering');

-- Customers see the documents themselves and have no business here.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['document_settings', 'document_numbers', 'generated_documents', 'generations']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY staff_all ON %I TO {staff} USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {staff}', name);
    END LOOP;
END
$$;
