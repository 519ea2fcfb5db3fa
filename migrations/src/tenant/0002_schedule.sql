-- What a project's dashboard shows besides papers: what staff say of a project, templates, the schedule and the work calendar.
-- household_id repeats the project's everywhere, as on documents: the customers' policies need one index and no join.

CREATE TABLE project_details (
    project_id     uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    headline       text NOT NULL DEFAULT '' CHECK (length(headline) <= 120),
    detail         text NOT NULL DEFAULT '' CHECK (length(detail) <= 400),
    lead_name      text NOT NULL DEFAULT '' CHECK (length(lead_name) <= 120),
    lead_phone     text NOT NULL DEFAULT '' CHECK (length(lead_phone) <= 40),
    latitude       double precision CHECK (latitude BETWEEN -90 AND 90),
    longitude      double precision CHECK (longitude BETWEEN -180 AND 180),
    updated_at     timestamptz NOT NULL,
    CHECK ((latitude IS NULL) = (longitude IS NULL)),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE
);
CREATE INDEX project_details_household ON project_details (household_id);

-- A template's phases, milestones, draws and shots are one document: it is read and written whole.
CREATE TABLE project_templates (
    id             uuid PRIMARY KEY,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    note           text NOT NULL DEFAULT '',
    plan           jsonb NOT NULL,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    archived_at    timestamptz
);

CREATE TABLE phases (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    position       int NOT NULL,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    weight         int NOT NULL DEFAULT 1 CHECK (weight BETWEEN 0 AND 1000),
    UNIQUE (id, project_id),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE
);
CREATE INDEX phases_household ON phases (household_id, project_id, position);
CREATE INDEX phases_project ON phases (project_id, position);

-- Dates are calendar days of the company. planned_end is the last day of work. first_* is the plan as it was first made.
CREATE TABLE milestones (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    phase_id       uuid NOT NULL,
    position       int NOT NULL,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    note           text NOT NULL DEFAULT '' CHECK (length(note) <= 400),
    weight         int NOT NULL DEFAULT 1 CHECK (weight BETWEEN 0 AND 1000),
    work_type      text CHECK (work_type IN ('roofing', 'gutters', 'painting', 'masonry', 'concrete', 'earthworks', 'carpentry', 'other_outdoor')),
    planned_start  date NOT NULL,
    planned_end    date NOT NULL,
    first_start    date NOT NULL,
    first_end      date NOT NULL,
    actual_start   date,
    actual_end     date,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    UNIQUE (id, project_id),
    CHECK (planned_end >= planned_start AND first_end >= first_start),
    CHECK (actual_end IS NULL OR (actual_start IS NOT NULL AND actual_end >= actual_start)),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (phase_id, project_id) REFERENCES phases (id, project_id)
);
CREATE INDEX milestones_household ON milestones (household_id, project_id, position);
CREATE INDEX milestones_project ON milestones (project_id, position);
CREATE INDEX milestones_outdoor ON milestones (planned_start) WHERE work_type IS NOT NULL AND actual_end IS NULL;

-- `milestone_id` begins at the earliest lag_days working days after `waits_for_id` has ended.
CREATE TABLE milestone_dependencies (
    milestone_id   uuid NOT NULL,
    waits_for_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    lag_days       int NOT NULL DEFAULT 0 CHECK (lag_days BETWEEN 0 AND 365),
    PRIMARY KEY (milestone_id, waits_for_id),
    CHECK (milestone_id <> waits_for_id),
    FOREIGN KEY (milestone_id, project_id) REFERENCES milestones (id, project_id) ON DELETE CASCADE,
    FOREIGN KEY (waits_for_id, project_id) REFERENCES milestones (id, project_id) ON DELETE CASCADE
);
CREATE INDEX milestone_dependencies_project ON milestone_dependencies (project_id);

-- Every move of a milestone, with its reason: slips show why.
CREATE TABLE milestone_moves (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    milestone_id   uuid NOT NULL,
    from_start     date NOT NULL,
    from_end       date NOT NULL,
    to_start       date NOT NULL,
    to_end         date NOT NULL,
    cause          text NOT NULL CHECK (cause IN ('staff', 'weather', 'ripple')),
    reason         text NOT NULL DEFAULT '' CHECK (length(reason) <= 400),
    moved_at       timestamptz NOT NULL,
    FOREIGN KEY (milestone_id, project_id) REFERENCES milestones (id, project_id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE
);
CREATE INDEX milestone_moves_household ON milestone_moves (household_id, milestone_id, id DESC);
CREATE INDEX milestone_moves_milestone ON milestone_moves (milestone_id, id DESC);

-- What is to be paid when. A draw without a milestone is due on signing. basis_points of the contract's price: 2500 is a quarter.
CREATE TABLE draws (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    milestone_id   uuid,
    position       int NOT NULL,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    basis_points   int NOT NULL CHECK (basis_points BETWEEN 1 AND 10000),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (milestone_id, project_id) REFERENCES milestones (id, project_id)
);
CREATE INDEX draws_household ON draws (household_id, project_id, position);
CREATE INDEX draws_project ON draws (project_id, position);

-- sequence counts what an answer may not be about any more: a new time, or that it is cancelled. told_sequence is what the household was
-- written last, reminded_sequence what they were reminded of, was_* the time that they had been told before.
CREATE TABLE appointments (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    milestone_id   uuid,
    visibility     text NOT NULL CHECK (visibility IN ('client', 'internal')),
    title          text NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    starts_at      timestamptz NOT NULL,
    ends_at        timestamptz NOT NULL,
    who            text NOT NULL DEFAULT '' CHECK (length(who) <= 200),
    prepare        text NOT NULL DEFAULT '' CHECK (length(prepare) <= 600),
    state          text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'move_asked', 'cancelled')),
    asked_note     text NOT NULL DEFAULT '' CHECK (length(asked_note) <= 600),
    answered_by    text NOT NULL DEFAULT '',
    answered_at    timestamptz,
    sequence       int NOT NULL DEFAULT 0,
    was_starts_at  timestamptz,
    was_ends_at    timestamptz,
    told_sequence  int,
    reminded_sequence int,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CHECK (ends_at > starts_at),
    CHECK ((was_starts_at IS NULL) = (was_ends_at IS NULL)),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (milestone_id, project_id) REFERENCES milestones (id, project_id) ON DELETE SET NULL (milestone_id)
);
CREATE INDEX appointments_household ON appointments (household_id, starts_at);
CREATE INDEX appointments_project ON appointments (project_id, starts_at);
CREATE INDEX appointments_starts ON appointments (starts_at);

-- The company's working days, Monday first, and the days that are otherwise: a holiday, a Saturday shift.
CREATE TABLE work_week (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    days           text NOT NULL CHECK (days ~ '^[01]{7}$' AND days LIKE '%1%'),
    updated_at     timestamptz NOT NULL
);
CREATE TABLE work_exceptions (
    day            date PRIMARY KEY,
    works          boolean NOT NULL,
    name           text NOT NULL DEFAULT '' CHECK (length(name) <= 120)
);

-- A customer's calendar feed. The token is in the address that the calendar program keeps; it opens the feed and nothing else.
CREATE TABLE calendar_feeds (
    id             uuid PRIMARY KEY,
    customer_id    uuid NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    token_hash     bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    created_at     timestamptz NOT NULL,
    last_read_at   timestamptz,
    revoked_at     timestamptz
);
CREATE UNIQUE INDEX calendar_feeds_customer ON calendar_feeds (customer_id) WHERE revoked_at IS NULL;

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['project_details', 'project_templates', 'phases', 'milestones', 'milestone_dependencies', 'milestone_moves', 'draws',
        'appointments', 'work_week', 'work_exceptions', 'calendar_feeds']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY staff_all ON %I TO {staff} USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {staff}', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['project_details', 'phases', 'milestones', 'milestone_moves', 'draws']
    LOOP
        EXECUTE format('GRANT SELECT ON %I TO {customer}', name);
        EXECUTE format('CREATE POLICY customer_member ON %I FOR SELECT TO {customer}
            USING (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m)))', name);
    END LOOP;
END
$$;

GRANT SELECT ON appointments TO {customer};
GRANT UPDATE (state, asked_note, answered_by, answered_at, sequence, updated_at) ON appointments TO {customer};
CREATE POLICY customer_member ON appointments TO {customer}
    USING (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m)) AND visibility = 'client')
    WITH CHECK (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m)) AND visibility = 'client' AND state IN ('confirmed', 'move_asked'));
GRANT SELECT, INSERT ON calendar_feeds TO {customer};
GRANT UPDATE (revoked_at) ON calendar_feeds TO {customer};
CREATE POLICY customer_own ON calendar_feeds TO {customer}
    USING (customer_id = (SELECT nullif(current_setting('app.customer_id', true), '')::uuid));

-- Where the live updates stand. A customer may know how many things have happened, and nothing about them.
CREATE FUNCTION event_cursor() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
    SELECT seq FROM event_head
$$;
REVOKE ALL ON FUNCTION event_cursor FROM PUBLIC;
GRANT EXECUTE ON FUNCTION event_cursor TO {staff}, {customer};
CREATE INDEX events_project ON events (project_id, seq DESC) WHERE project_id IS NOT NULL;
