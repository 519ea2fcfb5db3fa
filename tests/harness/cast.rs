//! The people of the template, and where their things are.

use std::collections::BTreeMap;
use uuid::Uuid;

/// A company and its people by first name; each has a mail address at `<company>.example`.
pub struct Cast {
    /// Its subdomain.
    pub company: &'static str,
    /// Names and roles; the first is the owner who signed up.
    pub staff: [(&'static str, &'static str); 3],
    /// Each lives in a household of their own, with a project and a document that the household may see.
    pub customers: [&'static str; 2],
}

/// The company of most tests.
pub const ACME: Cast =
    Cast { company: "acme", staff: [("ada", "owner"), ("mo", "manager"), ("mel", "member")], customers: ["cora", "carl"] };
/// The strangers.
pub const GLOBEX: Cast =
    Cast { company: "globex", staff: [("gus", "owner"), ("max", "manager"), ("meg", "member")], customers: ["gil", "gwen"] };

impl Cast {
    /// Somebody's mail address.
    pub fn email(&self, name: &str) -> String {
        format!("{name}@{}.example", self.company)
    }

    /// The first host name label and our domain.
    pub fn host(&self) -> String {
        format!("{}.{}", self.company, crate::DOMAIN)
    }
}

/// Where a company's things are in the template.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// Its id.
    pub tenant: Uuid,
    /// Its subdomain.
    pub company: String,
    /// Its schema.
    pub schema: String,
    /// Its key.
    pub key_arn: String,
    /// Staff by name.
    pub staff: BTreeMap<String, Uuid>,
    /// Customers by name.
    pub customers: BTreeMap<String, Uuid>,
    /// Households by the customer's name.
    pub households: BTreeMap<String, Uuid>,
    /// Projects by the customer's name.
    pub projects: BTreeMap<String, Uuid>,
    /// Documents that the household may see, by the customer's name; each has one version that is ready.
    pub documents: BTreeMap<String, Uuid>,
    /// A document in the first customer's project that only staff may see.
    pub internal: Uuid,
    /// An update in the first customer's project that the household may read.
    pub update: Uuid,
    /// A visit that the first customer's household may see, a year from the day of the tests.
    pub visit: Uuid,
    /// Photos that the household may see, by the customer's name; each is ready.
    pub photos: BTreeMap<String, Uuid>,
    /// A photo in the first customer's project that only staff may see.
    pub internal_photo: Uuid,
    /// A pair of two photos in the first customer's project.
    pub pair: Uuid,
    /// A project template; the projects of both customers were given its schedule.
    pub template: Uuid,
    /// The first phase of a project, by the customer's name.
    pub phases: BTreeMap<String, Uuid>,
    /// Milestones of a project in their order, each waiting for the one before, by the customer's name.
    pub milestones: BTreeMap<String, Vec<Uuid>>,
    /// A weather delay that was dismissed, in the first customer's project.
    pub delay: Uuid,
    /// A document that was to write itself in the first customer's project, and failed.
    pub generated: Uuid,
    /// A plugin with one version that was approved and is not turned on.
    pub plugin: Uuid,
    /// A run of it.
    pub run: Uuid,
    /// A passkey that nobody could sign in with.
    pub passkey: Uuid,
}

impl House {
    /// The first customer's name.
    pub fn first(&self) -> &'static str {
        if self.company == ACME.company { ACME.customers[0] } else { GLOBEX.customers[0] }
    }
}

/// A statement in a company's schema that writes down a delay of a milestone, as a look at the weather would have: one day of rain the
/// day after tomorrow. Accepted: the milestone stands where the delay has put it; else where it was planned.
pub fn delay_sql(id: Uuid, milestone: Uuid, state: &str) -> String {
    let (decided, moved) = (state != "proposed", if state == "accepted" { 1 } else { 0 });
    format!(
        "INSERT INTO weather_delays (id, household_id, project_id, milestone_id, state, work_type, hazard, first_day, last_day, lost_days, \
         from_start, from_end, to_start, to_end, working_days, proposed_at, decided_at, decided_by) \
         SELECT '{id}', m.household_id, m.project_id, m.id, '{state}', 'gutters', 'rain', current_date + 2, current_date + 2, \
         jsonb_build_array(current_date + 2), m.planned_start - {moved}, m.planned_end - {moved}, m.planned_start + 1 - {moved}, \
         m.planned_end + 1 - {moved}, 1, now(), CASE WHEN {decided} THEN now() END, 'Tests' FROM milestones m WHERE m.id = '{milestone}'"
    )
}

/// Statements in a company's schema that write down a document which was to write itself, and failed. About a milestone that is no
/// more, so that it is in nobody's way.
pub fn generated_sql(id: Uuid, project: Uuid) -> String {
    let (number, token) = (id.simple().to_string(), &id.simple().to_string()[6..]);
    format!(
        "WITH made AS (INSERT INTO generated_documents (id, project_id, milestone_id, kind, number, title, visibility, token, created_at) \
         VALUES ('{id}', '{project}', '{id}', 'progress_report', 'R-{number}', 'Progress report', 'internal', '{token}', now()) RETURNING id) \
         INSERT INTO generations (id, generated_id, state, reason, occasion, cause, asked_by_name, issued, created_at, ended_at) \
         SELECT '{id}', id, 'failed', 'Of the tests.', 'by_hand', '{id}', 'Tests', current_date, now(), now() FROM made"
    )
}

/// An example plugin, as it is committed: letters about milestones. It asks for everything that a plugin can ask for.
pub const LETTERS: &[u8] = include_bytes!("../../plugins/examples/milestone-letter/milestone-letter.wasm");

/// The bytes of the template's documents: a bit more than three frames, and like a PDF at the beginning.
pub fn contents(of: &str) -> Vec<u8> {
    let mut bytes = format!("%PDF-1.7\n% a paper of {of}\n").into_bytes();
    let mut n: u32 = 7;
    while bytes.len() < 200_000 {
        n = n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend_from_slice(&n.to_le_bytes());
    }
    bytes
}

/// A photo as phones send them: 1,000 by 750 pixels of something coloured, told apart by the name.
pub fn photo(of: &str) -> Vec<u8> {
    let hue = of.bytes().fold(7_u8, |hue, b| hue.wrapping_mul(31).wrapping_add(b));
    let pixel = |x: u32, y: u32| image::Rgb([(x / 4) as u8, (y / 3) as u8, hue]);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(1000, 750, pixel).write_to(&mut jpeg, image::ImageFormat::Jpeg).expect("a photo");
    jpeg.into_inner()
}
