//! A household of a company of the benchmarks, signed in, with a project that has all a dashboard shows.

use super::Company;
use kernel::session::{PersonKind, token_hash};
use uuid::Uuid;

/// What stands on its page and on nobody else's.
#[derive(Clone, Debug)]
pub struct Household {
    /// Its host.
    pub host: String,
    /// Its session.
    pub cookie: String,
    /// The name of its project.
    pub mark: String,
    /// The customer, signed in.
    pub customer: Uuid,
    /// The project.
    pub project: Uuid,
    /// The milestone that is worked on.
    pub milestone: Uuid,
    token: String,
    schema: String,
}

/// How many phases, each with three milestones.
const PHASES: usize = 6;

impl Household {
    /// A household of this company.
    pub fn of(company: &Company, number: usize) -> Self {
        let token = format!("token-of-household-{number}-of-{}", company.subdomain);
        Self {
            host: format!("{}.{}", company.subdomain, crate::DOMAIN),
            cookie: format!("{}={token}", PersonKind::Customer.cookie_name()),
            mark: format!("Roof {number} at {}", company.subdomain),
            customer: Uuid::now_v7(),
            project: Uuid::now_v7(),
            milestone: Uuid::now_v7(),
            schema: company.schema.clone(),
            token,
        }
    }

    /// SQL that puts it all in.
    pub fn furniture(&self) -> String {
        let Self { schema, customer, project, mark, milestone, .. } = self;
        let token = data_encoding::HEXLOWER.encode(&token_hash(&self.token));
        let (household, delay) = (Uuid::now_v7(), Uuid::now_v7());
        let mut sql = format!(
            "SET search_path TO {schema};\n\
             INSERT INTO customers (id, email, name, created_at, updated_at) VALUES ('{customer}', '{customer}@bench.example', 'Margaret Sample', now(), now());\n\
             INSERT INTO sessions (id, token_hash, person_kind, person_id, device, address, trusted, created_at, last_seen_at, expires_at) \
             VALUES (gen_random_uuid(), '\\x{token}', 'customer', '{customer}', 'Firefox on Linux', '127.0.0.1', false, now(), \
             now() + interval '1 hour', now() + interval '1 day');\n\
             INSERT INTO households (id, name, address, created_at, updated_at) VALUES ('{household}', 'House of Sample', '1 Sample Street', now(), now());\n\
             INSERT INTO household_members (household_id, customer_id, role) VALUES ('{household}', '{customer}', 'signer');\n\
             INSERT INTO projects (id, household_id, name, address, status, created_at, updated_at) \
             VALUES ('{project}', '{household}', '{mark}', '1 Sample Street', 'active', now(), now());\n\
             INSERT INTO project_details (project_id, household_id, headline, lead_name, lead_phone, updated_at) \
             VALUES ('{project}', '{household}', 'Your new roof is going on this week.', 'Dana Sample', '(555) 010-0100', now());\n"
        );
        for n in 0..PHASES {
            sql += &phase(household, *project, n, *milestone);
        }
        sql + &format!(
            "INSERT INTO weather_delays (id, household_id, project_id, milestone_id, state, work_type, hazard, first_day, last_day, lost_days, from_start, from_end, to_start, to_end, working_days, proposed_at, decided_at) \
             SELECT '{delay}', '{household}', '{project}', id, 'accepted', 'roofing', 'rain', planned_start, planned_start, '[]', planned_start - 2, planned_end - 2, planned_start, planned_end, 2, now(), now() \
             FROM milestones WHERE project_id = '{project}' ORDER BY position DESC, planned_start DESC LIMIT 1;\n\
             INSERT INTO updates (id, household_id, project_id, visibility, day, body, author_name, created_at, updated_at) \
             SELECT gen_random_uuid(), '{household}', '{project}', 'client', current_date - n, 'The north side is covered. We start on the side to the street tomorrow at 8.', 'Dana Sample', now(), now() FROM generate_series(1, 12) n;\n\
             INSERT INTO appointments (id, household_id, project_id, visibility, title, starts_at, ends_at, who, state, created_at, updated_at) \
             SELECT gen_random_uuid(), '{household}', '{project}', 'client', 'Shingles', now() + n * interval '1 day', now() + n * interval '1 day' + interval '3 hours', 'Dana and three roofers', 'proposed', now(), now() FROM generate_series(1, 3) n;\n\
             INSERT INTO photos (id, household_id, project_id, visibility, state, file_name, media_type, bytes, width, height, sha256, sealed_header, object_id, uploaded_by_name, created_at, ready_at, caption) \
             SELECT gen_random_uuid(), '{household}', '{project}', 'client', 'ready', 'roof.jpg', 'image/jpeg', 400000, 4000, 3000, sha256('x'), '\\x00', gen_random_uuid(), 'Dana Sample', now(), now(), 'Front, half shingled' FROM generate_series(1, 38) n;\n\
             WITH d AS (INSERT INTO documents (id, household_id, project_id, title, kind, visibility, created_at, updated_at) \
             SELECT gen_random_uuid(), '{household}', '{project}', 'Contract', 'contract', 'client', now(), now() FROM generate_series(1, 9) n RETURNING id) \
             INSERT INTO document_versions (document_id, number, state, file_name, media_type, bytes, sha256, sealed_header, object_id, uploaded_by_name, created_at, ready_at) \
             SELECT id, 1, 'ready', 'contract.pdf', 'application/pdf', 400000, sha256('x'), '\\x00', gen_random_uuid(), 'Dana Sample', now(), now() FROM d;\n\
             RESET search_path;\n"
        )
    }
}

/// One phase with three milestones: the first half is done, the third phase is worked on.
fn phase(household: Uuid, project: Uuid, n: usize, current: Uuid) -> String {
    let phase = Uuid::now_v7();
    let mut sql = format!(
        "INSERT INTO phases (id, household_id, project_id, position, name, weight) VALUES ('{phase}', '{household}', '{project}', {n}, 'Phase {n}', 1);\n"
    );
    for m in 0..3 {
        let day = i64::try_from(n * 3 + m).unwrap_or(0) - 7;
        let (begun, ended) = (if day <= 0 { format!("current_date + ({day})") } else { "NULL".into() }, day < 0);
        let ended = if ended { begun.clone() } else { "NULL".into() };
        let id = if day == 0 { current } else { Uuid::now_v7() };
        sql += &format!(
            "INSERT INTO milestones (id, household_id, project_id, phase_id, position, name, weight, planned_start, planned_end, first_start, first_end, actual_start, actual_end, created_at, updated_at) \
             VALUES ('{id}', '{household}', '{project}', '{phase}', {m}, 'Part {m}', 1, current_date + ({day}), current_date + ({day}), current_date + ({day}), current_date + ({day}), {begun}, {ended}, now(), now());\n"
        );
    }
    sql
}
