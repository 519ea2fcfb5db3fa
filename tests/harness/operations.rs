//! The API's operations out of its specification, and a body for each that would do.

use crate::House;
use platform::cli::openapi;
use serde_json::{Value, json};

/// One operation of the specification.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operation_id`.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With `{names}` in it.
    pub path: String,
    /// Who may knock: `Staff`, `Operator`; empty for everybody.
    pub doors: Vec<String>,
}

/// What a request carries.
pub enum Sent {
    /// Nothing.
    Nothing,
    /// JSON.
    Json(Value),
    /// A file.
    File(Vec<u8>),
}

/// All operations.
pub fn operations() -> Vec<Operation> {
    let spec: Value = serde_json::from_str(&openapi::text().expect("the specification")).expect("JSON");
    let mut all = Vec::new();
    for (path, methods) in spec["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let Some(id) = operation["operationId"].as_str() else { panic!("{method} {path} has no operation_id") };
            let doors = operation["security"].as_array().into_iter().flatten().filter_map(Value::as_object);
            let doors = doors.flat_map(|door| door.keys().cloned()).collect();
            all.push(Operation { id: id.to_owned(), method: method.to_uppercase(), path: path.clone(), doors });
        }
    }
    assert!(all.len() > 40, "the specification has only {} operations", all.len());
    all
}

impl Operation {
    /// The names in its path.
    pub fn names(&self) -> Vec<&str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    /// The path with each name filled in.
    pub fn at(&self, mut fill: impl FnMut(&str) -> String) -> String {
        let mut path = self.path.clone();
        for name in self.names() {
            path = path.replace(&format!("{{{name}}}"), &fill(name));
        }
        path
    }

    /// Whether it may change something.
    pub fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD")
    }
}

/// A template of projects: three phases, four milestones in a row, a draw.
pub fn template_body(name: &str) -> Value {
    let milestone = |key: &str, days: u32, work: Option<&str>, after: Option<&str>| {
        let waits: Vec<Value> = after.map(|key| json!({ "key": key, "lag_days": 0 })).into_iter().collect();
        json!({ "key": key, "name": key, "note": "", "weight": 1, "work_type": work, "days": days, "waits_for": waits })
    };
    let phases = json!([
        { "name": "Tear-off", "weight": 1, "milestones": [milestone("Old roof off", 2, Some("roofing"), None)] },
        { "name": "Shingles", "weight": 2, "milestones": [
            milestone("Front", 2, Some("roofing"), Some("Old roof off")), milestone("Back", 2, Some("roofing"), Some("Front")),
        ] },
        { "name": "Hand-over", "weight": 1, "milestones": [milestone("Walk-through", 1, None, Some("Back"))] },
    ]);
    let draws = json!([{ "name": "Deposit", "basis_points": 3000, "milestone_key": null }, { "name": "Last payment", "basis_points": 7000, "milestone_key": "Walk-through" }]);
    let shots = json!([{ "name": "Front before", "phase": 0 }]);
    json!({ "name": name, "note": "", "plan": { "phases": phases, "draws": draws, "shots": shots } })
}

/// A body that this operation accepts, about things of this house. A new operation that writes needs a line here.
#[expect(clippy::too_many_lines, reason = "a table: a line an operation")]
pub fn body(operation: &str, house: &House) -> Sent {
    let fresh = uuid::Uuid::now_v7().simple().to_string();
    let version = json!({ "file_name": "roof.pdf", "media_type": "application/pdf", "bytes": 200 });
    let brand = json!({
        "name": "Acme", "tagline": fresh, "color": "#1f5b3f", "font": "bitter", "phone": "", "hours": "", "welcome": "", "signature": "",
    });
    let challenge = json!({ "challenge_id": uuid::Uuid::nil(), "name": "Key", "credential": {}, "trust_device": false });
    Sent::Json(match operation {
        "change_branding" => brand,
        "preview_palette" => json!({ "color": "#1f5b3f" }),
        "create_customer" => json!({ "name": "New Sample", "email": format!("{fresh}@customers.example") }),
        "change_customer" => {
            json!({ "phone": format!("555 {}", &fresh[26..].bytes().map(|b| char::from(b'0' + b % 10)).collect::<String>()) })
        }
        "create_household" => json!({ "name": "House of new", "address": "2 Sample Street", "members": [] }),
        "change_household" => json!({ "address": format!("Street {fresh}") }),
        "set_household_member" => json!({ "role": "viewer" }),
        "create_project" => {
            let household = house.households[house.first()];
            json!({ "name": "Porch", "address": "3 Sample Street", "household_id": household, "status": "planned" })
        }
        "change_project_details" => {
            json!({ "headline": fresh, "detail": "", "lead_name": "Ada", "lead_phone": "", "latitude": 40.12, "longitude": -88.24 })
        }
        "create_project_template" | "change_project_template" => template_body(&fresh),
        "create_project_from_template" => {
            let household = house.households[house.first()];
            json!({ "name": "Shed", "address": "4 Sample Street", "household_id": household, "status": "planned", "start": "2026-01-05" })
        }
        "apply_project_template" => json!({ "template_id": house.template, "start": "2026-01-05" }),
        "create_phase" => json!({ "name": "Gutters", "weight": 1 }),
        "change_phase" => json!({ "name": fresh }),
        "create_milestone" => {
            json!({ "name": "Gutters", "note": "", "weight": 1, "work_type": "gutters", "planned_start": "2026-02-02", "planned_end": "2026-02-03", "waits_for": [] })
        }
        "change_milestone" => json!({ "note": fresh }),
        "start_milestone" | "complete_milestone" => json!({ "day": null }),
        "preview_move" => json!({ "start": "2026-03-02" }),
        "move_milestone" => json!({ "start": "2026-03-02", "reason": fresh }),
        "change_draws" => json!({ "draws": [{ "name": "Deposit", "basis_points": 2500, "milestone_id": null }] }),
        "change_work_calendar" => json!({ "days": [true, true, true, true, true, false, false], "exceptions": [] }),
        "change_project" => json!({ "name": format!("Roof {fresh}") }),
        "create_document" => {
            json!({ "title": "Permit", "kind": "permit", "visibility": "client", "file_name": "p.pdf", "media_type": "application/pdf", "bytes": 200 })
        }
        "change_document" => json!({ "title": format!("Contract {fresh}") }),
        "add_document_version" => version,
        "post_update" => json!({ "body": format!("Done: {fresh}"), "visibility": "client" }),
        "create_appointment" => {
            json!({ "title": fresh, "day": tomorrow(), "from": "08:00", "until": "11:00", "who": "", "prepare": "", "visibility": "client" })
        }
        "change_appointment" => json!({ "prepare": fresh }),
        "change_weather_rules" => {
            json!({ "accept": "by_staff", "rules": [{ "work_type": "roofing", "max_rain_mm": f64::from(fresh.as_bytes()[31]) }] })
        }
        "change_document_settings" => {
            let settings = platform::generated_documents::DocumentSettings { footer: fresh, ..Default::default() };
            serde_json::to_value(settings).expect("settings")
        }
        "generate_document" => json!({ "kind": "welcome_packet" }),
        "preview_document" => json!({ "kind": "warranty" }),
        "change_update" => json!({ "body": format!("Done: {fresh}") }),
        "invite_staff" => json!({ "email": format!("{fresh}@staff.example"), "name": "New Sample", "role": "member" }),
        "change_staff" => json!({ "name": format!("Sample {fresh}") }),
        "add_passkey" | "redeem_passkey" => challenge,
        "request_link" => json!({ "email": "nobody@nowhere.example" }),
        "redeem_code" => json!({ "code": "123456", "trust_device": false }),
        "redeem_link" => json!({ "token": "none", "trust_device": false }),
        "announce_photos" => {
            json!({ "photos": [{ "file_name": "p.jpg", "media_type": "image/jpeg", "bytes": 2000 }], "visibility": "client", "room": "Hall" })
        }
        "change_photo" => json!({ "caption": fresh }),
        "mark_up_photo" => {
            json!({ "shapes": [{ "kind": "arrow", "x1": 0.1, "y1": 0.1, "x2": 0.5, "y2": 0.5, "text": fresh, "color": "red" }] })
        }
        "pair_photos" => {
            json!({ "before_id": house.photos[house.first()], "after_id": house.internal_photo, "title": "The roof" })
        }
        "change_shots" => json!({ "shots": [{ "name": "Flashing, before it is covered" }] }),
        "save_template_override" => json!({ "text": template_text(&fresh), "note": fresh }),
        "preview_template_override" => json!({ "text": template_text(&fresh), "project_id": house.projects.get(house.first()) }),
        "restore_template_override" => json!({ "number": 1 }),
        "change_photo_settings" => json!({ "keep_location": false }),
        "approve_plugin" => json!({ "number": 1, "projects": true, "kv": true, "http": ["chat.example.com"], "secrets": ["chat-token"] }),
        "enable_plugin" => json!({ "enabled": false, "events": ["milestone.completed"], "documents": [] }),
        "change_plugin_settings" => json!({ "settings": { "greeting": fresh, "chat": false } }),
        "set_plugin_secret" => json!({ "value": fresh }),
        "test_plugin" => json!({ "project_id": house.projects.get(house.first()), "event": "milestone.completed" }),
        "rehearse_plugin" => json!({ "number": 1 }),
        "stop_plugin" => json!({ "reason": fresh }),
        "upload_plugin" => return Sent::File(crate::LETTERS.to_vec()),
        "upload_photo_content" => return Sent::File(crate::photo("body")),
        "upload_document_content" => return Sent::File(crate::contents("body")[..200].to_vec()),
        "set_logo" => return Sent::File(picture()),
        _ => return Sent::Nothing,
    })
}

/// A company's own invitation mail.
fn template_text(words: &str) -> Value {
    let html = "{% from \"mail/_parts.html\" import button %}{{ button(frame, page.link, \"Come in\") }}";
    json!({ "html": html, "subject": words, "heading": "Hello {{ page.first_name }}", "text": "{{ page.link }}" })
}

/// A day that is still to come wherever a company is.
pub fn tomorrow() -> chrono::NaiveDate {
    kernel::clock::Clock::now(&kernel::clock::SystemClock).date_naive() + chrono::Days::new(2)
}

fn picture() -> Vec<u8> {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbaImage::from_pixel(8, 8, image::Rgba([20, 90, 60, 255])).write_to(&mut png, image::ImageFormat::Png).expect("a picture");
    png.into_inner()
}

impl crate::Client {
    /// Sends an operation with a body.
    pub fn send(&self, operation: &Operation, path: String, body: Sent) -> crate::Call {
        let call = self.call(&operation.method, path);
        match body {
            Sent::Nothing => call,
            Sent::Json(value) => call.json(value),
            Sent::File(bytes) => call.file(bytes),
        }
    }
}
