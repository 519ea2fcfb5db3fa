-- What every realm has, a tenant's schema and the schema `platform` alike: sessions, sign-in, the audit chain, mail log.
-- {schema} {staff}: names of the schema and of the role that its staff and system work use.

CREATE TABLE sessions (
    id            uuid PRIMARY KEY,
    token_hash    bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    person_kind   text NOT NULL CHECK (person_kind IN ('staff', 'customer', 'operator')),
    person_id     uuid NOT NULL,
    device        text NOT NULL,
    address       text NOT NULL,
    trusted       boolean NOT NULL,
    created_at    timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    expires_at    timestamptz NOT NULL,
    revoked_at    timestamptz
);
CREATE INDEX sessions_person ON sessions (person_id, person_kind, last_seen_at DESC);

CREATE TABLE login_links (
    id               uuid PRIMARY KEY,
    purpose          text NOT NULL CHECK (purpose IN ('sign_in', 'handoff')),
    person_kind      text NOT NULL CHECK (person_kind IN ('staff', 'customer', 'operator')),
    person_id        uuid NOT NULL,
    token_hash       bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
    browser_hash     bytea CHECK (octet_length(browser_hash) = 32),
    code_hash        bytea CHECK (octet_length(code_hash) = 32),
    wrong_codes      int NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL,
    expires_at       timestamptz NOT NULL,
    code_expires_at  timestamptz,
    used_at          timestamptz
);
CREATE INDEX login_links_browser ON login_links (browser_hash, created_at DESC);
CREATE INDEX login_links_expires ON login_links (expires_at);

CREATE TABLE passkeys (
    id            uuid PRIMARY KEY,
    person_kind   text NOT NULL CHECK (person_kind IN ('staff', 'operator')),
    person_id     uuid NOT NULL,
    credential_id bytea NOT NULL UNIQUE,
    name          text NOT NULL,
    credential    jsonb NOT NULL,
    created_at    timestamptz NOT NULL,
    last_used_at  timestamptz
);
CREATE INDEX passkeys_person ON passkeys (person_id);

CREATE TABLE passkey_challenges (
    id            uuid PRIMARY KEY,
    purpose       text NOT NULL CHECK (purpose IN ('register', 'sign_in')),
    person_id     uuid,
    state         jsonb NOT NULL,
    expires_at    timestamptz NOT NULL
);

CREATE TABLE mails (
    id            uuid PRIMARY KEY,
    person_kind   text NOT NULL CHECK (person_kind IN ('staff', 'customer', 'operator', 'signup')),
    person_id     uuid,
    recipient     text NOT NULL,
    template      text NOT NULL,
    subject       text NOT NULL,
    state         text NOT NULL CHECK (state IN ('queued', 'sent', 'failed')),
    detail        text,
    created_at    timestamptz NOT NULL,
    sent_at       timestamptz
);
CREATE INDEX mails_person ON mails (person_id, created_at DESC);

CREATE TABLE idempotency_keys (
    actor         text NOT NULL,
    key           text NOT NULL,
    operation     text NOT NULL,
    request_hash  bytea NOT NULL,
    answer        jsonb,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);

-- The one record of everything that was read or changed. Nobody but record_event writes it: no role has INSERT, UPDATE or DELETE.
CREATE TABLE events (
    seq           bigint PRIMARY KEY,
    at            timestamptz NOT NULL,
    actor_kind    text NOT NULL CHECK (actor_kind IN ('staff', 'customer', 'operator', 'system', 'plugin', 'anonymous')),
    actor_id      uuid,
    actor_name    text NOT NULL,
    kind          text NOT NULL,
    subject_kind  text NOT NULL,
    subject_id    uuid,
    project_id    uuid,
    address       text NOT NULL,
    device        text NOT NULL,
    request_id    text NOT NULL,
    data          json NOT NULL,
    prev_hash     bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash          bytea NOT NULL CHECK (octet_length(hash) = 32)
);
CREATE INDEX events_subject ON events (subject_id, seq DESC);
CREATE INDEX events_kind ON events (kind, seq DESC);
CREATE INDEX events_actor ON events (actor_id, seq DESC);

CREATE TABLE event_head (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    seq    bigint NOT NULL,
    hash   bytea NOT NULL
);
INSERT INTO event_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- A field of the hashed encoding: int4 length and bytes; -1 for null, so that ('', NULL) and (NULL, '') differ.
CREATE FUNCTION event_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value IS NULL THEN int4send(-1)
           ELSE int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') END
$$;

-- Appends one event. The head row's lock makes the sequence gapless and equal to the order of commits.
-- A transaction that acts for a customer cannot record in another's name.
CREATE FUNCTION record_event(p_at timestamptz, p_actor_kind text, p_actor_id uuid, p_actor_name text, p_kind text,
    p_subject_kind text, p_subject_id uuid, p_project_id uuid, p_address text, p_device text, p_request_id text, p_data text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    head event_head%ROWTYPE;
    next_hash bytea;
    me text := nullif(current_setting('app.customer_id', true), '');
BEGIN
    IF me IS NOT NULL AND (p_actor_kind <> 'customer' OR p_actor_id IS DISTINCT FROM me::uuid) THEN
        RAISE EXCEPTION 'a customer''s transaction records in the customer''s name only' USING ERRCODE = '42501';
    END IF;
    SELECT * INTO STRICT head FROM event_head FOR UPDATE;
    next_hash := sha256(head.hash || int8send(head.seq + 1) || int8send((extract(epoch FROM p_at) * 1000000)::bigint)
        || event_field(p_actor_kind) || event_field(p_actor_id::text) || event_field(p_actor_name) || event_field(p_kind)
        || event_field(p_subject_kind) || event_field(p_subject_id::text) || event_field(p_project_id::text)
        || event_field(p_address) || event_field(p_device) || event_field(p_request_id) || event_field(p_data));
    INSERT INTO events (seq, at, actor_kind, actor_id, actor_name, kind, subject_kind, subject_id, project_id, address, device,
        request_id, data, prev_hash, hash)
    VALUES (head.seq + 1, p_at, p_actor_kind, p_actor_id, p_actor_name, p_kind, p_subject_kind, p_subject_id, p_project_id,
        p_address, p_device, p_request_id, p_data::json, head.hash, next_hash);
    UPDATE event_head SET seq = head.seq + 1, hash = next_hash;
    RETURN head.seq + 1;
END
$$;
REVOKE ALL ON FUNCTION record_event FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_event TO {staff};

GRANT USAGE ON SCHEMA {schema} TO {staff};
GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, login_links, passkeys, passkey_challenges, mails, idempotency_keys TO {staff};
GRANT SELECT ON events, event_head TO {staff};
