-- Daily updates: what happened on a day, for the household or for the company alone. And how far a household was told the news.

CREATE TABLE updates (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    visibility     text NOT NULL CHECK (visibility IN ('client', 'internal')),
    day            date NOT NULL,
    body           text NOT NULL CHECK (length(body) BETWEEN 1 AND 4000),
    author_id      uuid,
    author_name    text NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    withdrawn_at   timestamptz,
    UNIQUE (id, project_id),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE
);
CREATE INDEX updates_household ON updates (household_id, project_id, day DESC, id DESC);
CREATE INDEX updates_project ON updates (project_id, id DESC);

ALTER TABLE updates ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON updates TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff_all ON updates TO {staff} USING (true) WITH CHECK (true);
CREATE POLICY customer_member ON updates FOR SELECT TO {customer}
    USING (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m)) AND visibility = 'client' AND withdrawn_at IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON updates TO {staff};
GRANT SELECT ON updates TO {customer};

-- The last entry of the log that went out in a mail about this project.
CREATE TABLE news (
    project_id     uuid PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
    told_seq       bigint NOT NULL,
    told_at        timestamptz NOT NULL
);
ALTER TABLE news ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY owner_all ON news TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY staff_all ON news TO {staff} USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON news TO {staff};
