-- A company's own texts for pages and mails: every version that was saved, which one is in use, and how often it has failed.

CREATE TABLE template_overrides (
    template         text PRIMARY KEY CHECK (template ~ '^[a-z_]{1,60}$'),
    -- The version in use; none: ours.
    active           integer,
    failures         bigint NOT NULL DEFAULT 0,
    first_failed_at  timestamptz,
    last_failed_at   timestamptz,
    failure_part     text,
    failure_line     integer,
    failure_words    text,
    updated_at       timestamptz NOT NULL
);

CREATE TABLE template_override_versions (
    template         text NOT NULL REFERENCES template_overrides (template),
    number           integer NOT NULL CHECK (number > 0),
    html             text NOT NULL,
    subject          text NOT NULL,
    heading          text NOT NULL,
    plain            text NOT NULL,
    note             text NOT NULL,
    author_id        uuid,
    author_name      text NOT NULL,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (template, number)
);
ALTER TABLE template_overrides ADD FOREIGN KEY (template, active) REFERENCES template_override_versions (template, number);

ALTER TABLE template_overrides ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON template_overrides TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff_all ON template_overrides TO {staff} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON template_overrides TO {staff};

-- A version is never changed and never removed.
ALTER TABLE template_override_versions ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON template_override_versions TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff_all ON template_override_versions TO {staff} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT ON template_override_versions TO {staff};
