-- Photos: an original and its renditions, each a sealed object; pairs, markup, and the shots that a project needs.

CREATE TABLE photo_settings (
    one            boolean PRIMARY KEY DEFAULT true CHECK (one),
    keep_location  boolean NOT NULL DEFAULT false,
    updated_at     timestamptz NOT NULL
);

-- What has to be photographed in a project; done when a ready photo names it.
CREATE TABLE shots (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    phase_id       uuid,
    position       int NOT NULL,
    name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 160),
    UNIQUE (id, project_id),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (phase_id, project_id) REFERENCES phases (id, project_id)
);
CREATE INDEX shots_project ON shots (project_id, position);

-- taken_at is the camera's own clock, without a zone. Coordinates are there only if the company wants them.
CREATE TABLE photos (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    visibility     text NOT NULL CHECK (visibility IN ('client', 'internal')),
    state          text NOT NULL CHECK (state IN ('uploading', 'ready', 'failed')),
    error          text,
    phase_id       uuid,
    update_id      uuid,
    shot_id        uuid,
    room           text NOT NULL DEFAULT '' CHECK (length(room) <= 80),
    caption        text NOT NULL DEFAULT '' CHECK (length(caption) <= 300),
    taken_at       timestamp,
    latitude       double precision,
    longitude      double precision,
    file_name      text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 255),
    media_type     text NOT NULL,
    bytes          bigint NOT NULL CHECK (bytes >= 0),
    width          int,
    height         int,
    sha256         bytea CHECK (octet_length(sha256) = 32),
    sealed_header  bytea,
    object_id      uuid NOT NULL UNIQUE,
    uploaded_by    uuid,
    uploaded_by_name text NOT NULL,
    created_at     timestamptz NOT NULL,
    ready_at       timestamptz,
    withdrawn_at   timestamptz,
    UNIQUE (id, project_id),
    CHECK (state <> 'ready' OR (sha256 IS NOT NULL AND sealed_header IS NOT NULL AND ready_at IS NOT NULL AND width > 0 AND height > 0)),
    CHECK ((state = 'failed') = (error IS NOT NULL)),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (phase_id, project_id) REFERENCES phases (id, project_id),
    FOREIGN KEY (update_id, project_id) REFERENCES updates (id, project_id),
    FOREIGN KEY (shot_id, project_id) REFERENCES shots (id, project_id) ON DELETE SET NULL (shot_id)
);
CREATE INDEX photos_household ON photos (household_id, id DESC);
CREATE INDEX photos_project ON photos (project_id, id DESC);
CREATE INDEX photos_shot ON photos (shot_id) WHERE shot_id IS NOT NULL;
CREATE INDEX photos_update ON photos (update_id) WHERE update_id IS NOT NULL;

-- size is the longest side in pixels that it was made for.
CREATE TABLE photo_renditions (
    photo_id       uuid NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
    size           int NOT NULL CHECK (size IN (320, 800, 1600)),
    media_type     text NOT NULL,
    width          int NOT NULL CHECK (width > 0),
    height         int NOT NULL CHECK (height > 0),
    bytes          bigint NOT NULL CHECK (bytes > 0),
    sealed_header  bytea NOT NULL,
    object_id      uuid NOT NULL UNIQUE,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (photo_id, size)
);

-- Arrows, lines and words over a photo: a layer of its own, the photo stays as it is.
CREATE TABLE photo_markups (
    photo_id       uuid PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
    shapes         jsonb NOT NULL,
    updated_by_name text NOT NULL,
    updated_at     timestamptz NOT NULL
);

CREATE TABLE photo_pairs (
    id             uuid PRIMARY KEY,
    household_id   uuid NOT NULL,
    project_id     uuid NOT NULL,
    before_id      uuid NOT NULL,
    after_id       uuid NOT NULL,
    title          text NOT NULL CHECK (length(title) BETWEEN 1 AND 160),
    created_at     timestamptz NOT NULL,
    CHECK (before_id <> after_id),
    UNIQUE (before_id, after_id),
    FOREIGN KEY (project_id, household_id) REFERENCES projects (id, household_id) ON UPDATE CASCADE,
    FOREIGN KEY (before_id, project_id) REFERENCES photos (id, project_id) ON DELETE CASCADE,
    FOREIGN KEY (after_id, project_id) REFERENCES photos (id, project_id) ON DELETE CASCADE
);
CREATE INDEX photo_pairs_household ON photo_pairs (household_id, id DESC);
CREATE INDEX photo_pairs_project ON photo_pairs (project_id, id DESC);

DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['photo_settings', 'shots', 'photos', 'photo_renditions', 'photo_markups', 'photo_pairs']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format('CREATE POLICY owner_all ON %I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
        EXECUTE format('CREATE POLICY staff_all ON %I TO {staff} USING (true) WITH CHECK (true)', name);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO {staff}', name);
    END LOOP;
END
$$;

GRANT SELECT ON photos, photo_renditions, photo_markups, photo_pairs TO {customer};
CREATE POLICY customer_member ON photos FOR SELECT TO {customer}
    USING (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m)) AND visibility = 'client' AND withdrawn_at IS NULL AND state <> 'failed');
CREATE POLICY customer_member ON photo_renditions FOR SELECT TO {customer} USING (EXISTS (SELECT 1 FROM photos p WHERE p.id = photo_id));
CREATE POLICY customer_member ON photo_markups FOR SELECT TO {customer} USING (EXISTS (SELECT 1 FROM photos p WHERE p.id = photo_id));
CREATE POLICY customer_member ON photo_pairs FOR SELECT TO {customer}
    USING (household_id = ANY (ARRAY(SELECT m.household_id FROM household_members m))
        AND EXISTS (SELECT 1 FROM photos p WHERE p.id = before_id) AND EXISTS (SELECT 1 FROM photos p WHERE p.id = after_id));
