-- Weather: what each kind of outdoor work bears, the last forecast of a project, and the delays that follow from it.

CREATE TABLE weather_settings (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    accept         text NOT NULL CHECK (accept IN ('by_staff', 'automatically')),
    updated_at     timestamptz NOT NULL
);

-- A limit that is null does not count. Beyond it on a day, the day is lost for this kind of work.
CREATE TABLE weather_rules (
    work_type      text PRIMARY KEY CHECK (work_type IN ('roofing', 'gutters', 'painting', 'masonry', 'concrete', 'earthworks', 'carpentry', 'other_outdoor')),
    max_rain_mm    double precision CHECK (max_rain_mm BETWEEN 0 AND 500),
    max_wind_kmh   double precision CHECK (max_wind_kmh BETWEEN 0 AND 300),
    max_heat_c     double precision CHECK (max_heat_c BETWEEN -60 AND 70),
    min_frost_c    double precision CHECK (min_frost_c BETWEEN -60 AND 70),
    updated_at     timestamptz NOT NULL
);

-- The coordinates are the rounded ones that the forecast is for: a project that has moved on the map needs another forecast.
CREATE TABLE forecasts (
    project_id     uuid PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
    latitude       double precision NOT NULL,
    longitude      double precision NOT NULL,
    days           jsonb NOT NULL,
    fetched_at     timestamptz NOT NULL
);

-- lost_days are the working days that the weather takes, first_day and last_day the first and last of them. from_ and to_ are the
-- milestone's days before and after. over_since: the forecast has turned. told_at, withdrawal_told_at: the household got its mails.
CREATE TABLE weather_delays (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    milestone_id   uuid NOT NULL,
    state          text NOT NULL CHECK (state IN ('proposed', 'accepted', 'dismissed', 'withdrawn')),
    work_type      text NOT NULL CHECK (work_type IN ('roofing', 'gutters', 'painting', 'masonry', 'concrete', 'earthworks', 'carpentry', 'other_outdoor')),
    hazard         text NOT NULL CHECK (hazard IN ('rain', 'wind', 'heat', 'frost')),
    first_day      date NOT NULL,
    last_day       date NOT NULL,
    lost_days      jsonb NOT NULL,
    from_start     date NOT NULL,
    from_end       date NOT NULL,
    to_start       date NOT NULL,
    to_end         date NOT NULL,
    working_days   int NOT NULL CHECK (working_days > 0),
    over_since     timestamptz,
    proposed_at    timestamptz NOT NULL,
    decided_at     timestamptz,
    decided_by     text NOT NULL DEFAULT '',
    told_at        timestamptz,
    withdrawn_at   timestamptz,
    withdrawal_told_at timestamptz,
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (milestone_id, project_id) REFERENCES milestones (id, project_id) ON DELETE CASCADE
);
CREATE INDEX weather_delays_household ON weather_delays (household_id, project_id, id DESC);
CREATE INDEX weather_delays_project ON weather_delays (project_id, id DESC);
CREATE INDEX weather_delays_last_day ON weather_delays (last_day);
CREATE INDEX weather_delays_milestone ON weather_delays (milestone_id);
CREATE UNIQUE INDEX weather_delays_open ON weather_delays (milestone_id) WHERE state = 'proposed';

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['weather_settings', 'weather_rules', 'forecasts', 'weather_delays']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY staff_all ON %I TO {staff} USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {staff}', name);
    END LOOP;
END
$$;
-- Customers hear of a delay when it counts, and when it is taken back.
GRANT SELECT ON weather_delays TO {customer};
CREATE POLICY customer_member ON weather_delays FOR SELECT TO {customer}
    USING (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m))
        AND (state = 'accepted' OR (state = 'withdrawn' AND decided_at IS NOT NULL)));
