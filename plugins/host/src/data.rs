//! What goes in and out of plugins, in words of our own: no version of the contract shows here.

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Bytes that are base64 in JSON.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&data_encoding::BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        data_encoding::BASE64.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

/// Declares records that are stored and sent as they stand.
macro_rules! records {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty),* $(,)? })*) => {
        $($(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub struct $name { $($(#[$field_meta])* pub $field: $ty),* })*
    };
}

records! {
    /// The company, as its papers name it.
    Company {
        /// As on its papers.
        name: String,
        /// For people to call.
        phone: String,
        /// For people to write to.
        email: String,
        /// In one line.
        address: String,
        /// As `en-US`.
        locale: String,
        /// As `USD`.
        currency: String,
    }
    /// The head of a project.
    ProjectDetails {
        /// Its id.
        id: String,
        /// The number that people say.
        number: i64,
        /// As "New roof".
        name: String,
        /// Where the work happens.
        address: String,
        /// Where it stands.
        status: ProjectStatus,
        /// The household's name.
        household: String,
        /// The first day of work, as `2026-11-28`.
        starts_on: Option<String>,
        /// The last day of work.
        ends_on: Option<String>,
    }
    /// One of the household.
    Person {
        /// In full.
        name: String,
        /// May be empty.
        email: String,
        /// May be empty.
        phone: String,
        /// What they may do.
        role: PersonRole,
    }
    /// A step of the schedule.
    Milestone {
        /// Its id.
        id: String,
        /// The name of its phase.
        phase: String,
        /// As "Roof is tight".
        name: String,
        /// What customers read about it; may be empty.
        note: String,
        /// As `2026-11-28`.
        planned_start: String,
        /// As `2026-11-28`.
        planned_end: String,
        /// When it began.
        actual_start: Option<String>,
        /// When it was finished.
        actual_end: Option<String>,
    }
    /// Somebody comes by.
    Visit {
        /// As "Final inspection".
        title: String,
        /// In UTC, as `2026-11-28T16:05:00Z`.
        starts_at: String,
        /// In UTC.
        ends_at: String,
        /// Who comes; may be empty.
        who: String,
    }
    /// A photo, without its picture.
    Photo {
        /// Its id.
        id: String,
        /// May be empty.
        caption: String,
        /// May be empty.
        room: String,
        /// The name of its phase; may be empty.
        phase: String,
        /// As `2026-11-28`.
        taken_on: Option<String>,
    }
    /// A paper of the project, without its content.
    ProjectDocument {
        /// Its id.
        id: String,
        /// Its title.
        title: String,
        /// As `contract`.
        kind: String,
        /// As `2026-11-28`.
        added_on: String,
    }
    /// Something that happened.
    Event {
        /// Its id.
        id: String,
        /// As `milestone.completed`.
        kind: String,
        /// In UTC, as `2026-11-28T16:05:00Z`.
        at: String,
        /// One sentence for people.
        summary: String,
        /// What it is about.
        project_id: Option<String>,
        /// What else is known.
        data: serde_json::Value,
    }
    /// Which document is wanted.
    DocumentRequest {
        /// One of the manifest's kinds.
        kind: String,
        /// What the layout prints as its number.
        number: String,
        /// As `en-US`.
        locale: String,
    }
    /// A document's content, for the host's layout.
    Content {
        /// Its title.
        title: String,
        /// May be empty.
        subtitle: String,
        /// Paragraphs.
        intro: Vec<String>,
        /// Label and value.
        facts: Vec<Fact>,
        /// What is covered.
        covered: Vec<String>,
        /// What is not.
        not_covered: Vec<String>,
        /// The rest.
        sections: Vec<Section>,
        /// Lines to sign on.
        signatures: Vec<Signature>,
    }
    /// A label and its value.
    Fact {
        /// As "Shingles".
        label: String,
        /// As "Architectural, slate grey".
        value: String,
    }
    /// A part with a heading.
    Section {
        /// Its heading.
        title: String,
        /// What stands below it.
        blocks: Vec<Block>,
    }
    /// Rows and columns.
    Table {
        /// Above it; may be empty.
        caption: String,
        /// Their headings.
        columns: Vec<Column>,
        /// Each as long as `columns`.
        rows: Vec<Vec<String>>,
    }
    /// A table's column.
    Column {
        /// Its heading.
        title: String,
        /// Where its text stands.
        align: Align,
    }
    /// A line to sign on.
    Signature {
        /// As "Owner".
        role: String,
        /// Whose name is printed below it.
        name: String,
    }
    /// A mail to people that the product knows.
    Mail {
        /// To whom.
        to: Audience,
        /// Its subject.
        subject: String,
        /// Plain text; an empty line begins a paragraph.
        text: String,
    }
    /// A line in the company's console.
    Notice {
        /// Its title.
        title: String,
        /// What it says.
        text: String,
    }
    /// What an event hook adds to a project's history.
    Note {
        /// Its title.
        title: String,
        /// What it says.
        text: String,
    }
    /// A request to a host that was approved.
    HttpRequest {
        /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
        method: String,
        /// With `https`.
        url: String,
        /// Name and value.
        headers: Vec<(String, String)>,
        /// Headers that the host completes.
        secret_headers: Vec<SecretHeader>,
        /// What is sent.
        body: Blob,
    }
    /// A header that ends in a secret.
    SecretHeader {
        /// As `authorization`.
        name: String,
        /// What stands before the secret, as `Bearer `.
        prefix: String,
        /// The secret's name.
        secret: String,
    }
    /// What came back.
    HttpResponse {
        /// As 200.
        status: u16,
        /// Name and value.
        headers: Vec<(String, String)>,
        /// What was sent back.
        body: Blob,
    }
    /// The run's time, which stands still.
    Moment {
        /// Milliseconds since 1970.
        unix_milliseconds: i64,
        /// As `2026-11-28T16:05:00Z`.
        utc: String,
        /// The day where the company is.
        today: String,
        /// Where the company is.
        time_zone: String,
    }
}

/// Declares choices that are stored as small words.
macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident),* $(,)? })*) => {
        $($(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_meta])* $variant),* })*
    };
}

choices! {
    /// Where a project stands.
    ProjectStatus {
        /// Agreed, not begun.
        Planned,
        /// Under way.
        Active,
        /// Waiting.
        OnHold,
        /// Finished.
        Completed,
        /// Put away.
        Archived,
    }
    /// What one of a household may do.
    PersonRole {
        /// Signs.
        Signer,
        /// Pays.
        Payer,
        /// Looks.
        Viewer,
    }
    /// Where a column's text stands.
    Align {
        /// At the line's start.
        Start,
        /// At its end, as numbers do.
        End,
    }
    /// Whom a mail is for.
    Audience {
        /// The project's household.
        Household,
        /// The company's owner and managers.
        Managers,
    }
}

impl Moment {
    /// This time, for a company whose day and zone these are.
    pub fn new(at: DateTime<Utc>, today: NaiveDate, time_zone: &str) -> Self {
        Self {
            unix_milliseconds: at.timestamp_millis(),
            utc: at.to_rfc3339_opts(SecondsFormat::Secs, true),
            today: today.to_string(),
            time_zone: time_zone.to_owned(),
        }
    }
}

/// One piece of a section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// A list.
    Bullets(Vec<String>),
    /// A table.
    Table(Table),
}

/// What a notifier wants sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// A mail.
    Mail(Mail),
    /// A line in the console.
    Notice(Notice),
    /// A request to a foreign service: send it with [`crate::Host::deliver`].
    Webhook(HttpRequest),
}

/// What a plugin is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Input {
    /// A document for this project.
    Document {
        /// Which.
        request: DocumentRequest,
        /// For which project.
        project: String,
    },
    /// Messages about this event.
    Notify(Event),
    /// To hear of this event.
    Hear(Event),
}

/// What a plugin answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// A document for the host's layout.
    Content(Content),
    /// A finished PDF. It begins with `%PDF-`; nothing else about it is known.
    Pdf(Blob),
    /// Messages to send.
    Messages(Vec<Message>),
    /// Notes to keep.
    Notes(Vec<Note>),
}
