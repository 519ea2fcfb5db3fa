//! Between version 1's records and ours.

use super::bindings::{event_hook::exports::plumbline::plugin::events, notifier::exports::plumbline::plugin::notifications};
use super::{documents, wit};
use crate::{
    data::{self, Blob},
    delegate::FailureCode,
};

pub(super) fn code(code: FailureCode) -> wit::types::FailureCode {
    use wit::types::FailureCode as To;
    match code {
        FailureCode::NotGranted => To::NotGranted,
        FailureCode::NotFound => To::NotFound,
        FailureCode::Stale => To::Stale,
        FailureCode::Invalid => To::Invalid,
        FailureCode::OverLimit => To::OverLimit,
        FailureCode::TimedOut => To::TimedOut,
        FailureCode::Unavailable => To::Unavailable,
    }
}

pub(super) fn moment(moment: data::Moment) -> wit::clock::Moment {
    let data::Moment { unix_milliseconds, utc, today, time_zone } = moment;
    wit::clock::Moment { unix_milliseconds, utc, today, time_zone }
}

pub(super) fn company(company: data::Company) -> wit::projects::CompanyDetails {
    let data::Company { name, phone, email, address, locale, currency } = company;
    wit::projects::CompanyDetails { name, phone, email, address, locale, currency }
}

pub(super) fn details(details: data::ProjectDetails) -> wit::projects::Details {
    use wit::projects::Status as To;
    let data::ProjectDetails { id, number, name, address, status, household, starts_on, ends_on } = details;
    let status = match status {
        data::ProjectStatus::Planned => To::Planned,
        data::ProjectStatus::Active => To::Active,
        data::ProjectStatus::OnHold => To::OnHold,
        data::ProjectStatus::Completed => To::Completed,
        data::ProjectStatus::Archived => To::Archived,
    };
    wit::projects::Details { id, number, name, address, status, household, starts_on, ends_on }
}

pub(super) fn person(person: data::Person) -> wit::projects::Person {
    use wit::projects::Role as To;
    let data::Person { name, email, phone, role } = person;
    let role = match role {
        data::PersonRole::Signer => To::Signer,
        data::PersonRole::Payer => To::Payer,
        data::PersonRole::Viewer => To::Viewer,
    };
    wit::projects::Person { name, email, phone, role }
}

pub(super) fn milestone(milestone: data::Milestone) -> wit::projects::Milestone {
    let data::Milestone { id, phase, name, note, planned_start, planned_end, actual_start, actual_end } = milestone;
    wit::projects::Milestone { id, phase, name, note, planned_start, planned_end, actual_start, actual_end }
}

pub(super) fn visit(visit: data::Visit) -> wit::projects::Visit {
    let data::Visit { title, starts_at, ends_at, who } = visit;
    wit::projects::Visit { title, starts_at, ends_at, who }
}

pub(super) fn photo(photo: data::Photo) -> wit::projects::Photo {
    let data::Photo { id, caption, room, phase, taken_on } = photo;
    wit::projects::Photo { id, caption, room, phase, taken_on }
}

pub(super) fn document(document: data::ProjectDocument) -> wit::projects::Document {
    let data::ProjectDocument { id, title, kind, added_on } = document;
    wit::projects::Document { id, title, kind, added_on }
}

pub(super) fn http_request(request: wit::types::HttpRequest) -> data::HttpRequest {
    use wit::types::HttpMethod as From;
    let method = match request.method {
        From::Get => "GET",
        From::Post => "POST",
        From::Put => "PUT",
        From::Patch => "PATCH",
        From::Delete => "DELETE",
    };
    let secret = |h: wit::types::SecretHeader| data::SecretHeader { name: h.name, prefix: h.prefix, secret: h.secret };
    data::HttpRequest {
        method: method.to_owned(),
        url: request.url,
        headers: request.headers.into_iter().map(|h| (h.name, h.value)).collect(),
        secret_headers: request.secret_headers.into_iter().map(secret).collect(),
        body: Blob(request.body),
    }
}

pub(super) fn http_response(response: data::HttpResponse) -> wit::types::HttpResponse {
    let headers = response.headers.into_iter().map(|(name, value)| wit::types::Header { name, value }).collect();
    wit::types::HttpResponse { status: response.status, headers, body: response.body.0 }
}

pub(super) fn event(event: &data::Event) -> wit::types::Event {
    wit::types::Event {
        id: event.id.clone(),
        kind: event.kind.clone(),
        at: event.at.clone(),
        summary: event.summary.clone(),
        project_id: event.project_id.clone(),
        data: event.data.to_string(),
    }
}

pub(super) fn request(request: &data::DocumentRequest, settings: &str) -> documents::Request {
    let data::DocumentRequest { kind, number, locale } = request.clone();
    documents::Request { kind, number, locale, settings: settings.to_owned() }
}

pub(super) fn output(output: documents::Output) -> data::Output {
    match output {
        documents::Output::Pdf(bytes) => data::Output::Pdf(Blob(bytes)),
        documents::Output::Content(content) => data::Output::Content(self::content(content)),
    }
}

fn content(content: documents::Content) -> data::Content {
    let documents::Content { title, subtitle, intro, facts, covered, not_covered, sections, signatures } = content;
    let fact = |f: documents::Fact| data::Fact { label: f.label, value: f.value };
    let section = |s: documents::Section| data::Section { title: s.title, blocks: s.blocks.into_iter().map(block).collect() };
    let signature = |s: documents::Signature| data::Signature { role: s.role, name: s.name };
    data::Content {
        title,
        subtitle,
        intro,
        facts: facts.into_iter().map(fact).collect(),
        covered,
        not_covered,
        sections: sections.into_iter().map(section).collect(),
        signatures: signatures.into_iter().map(signature).collect(),
    }
}

fn block(block: documents::Block) -> data::Block {
    match block {
        documents::Block::Paragraph(text) => data::Block::Paragraph(text),
        documents::Block::Bullets(texts) => data::Block::Bullets(texts),
        documents::Block::Table(table) => data::Block::Table(data::Table {
            caption: table.caption,
            columns: table.columns.into_iter().map(column).collect(),
            rows: table.rows,
        }),
    }
}

fn column(column: documents::Column) -> data::Column {
    let align = match column.align {
        documents::Align::Start => data::Align::Start,
        documents::Align::End => data::Align::End,
    };
    data::Column { title: column.title, align }
}

pub(super) fn messages(messages: Vec<notifications::Message>) -> data::Output {
    use notifications::{Audience, Message};
    let one = |message| match message {
        Message::Mail(mail) => data::Message::Mail(data::Mail {
            to: match mail.to {
                Audience::Household => data::Audience::Household,
                Audience::Managers => data::Audience::Managers,
            },
            subject: mail.subject,
            text: mail.text,
        }),
        Message::Notice(notice) => data::Message::Notice(data::Notice { title: notice.title, text: notice.text }),
        Message::Webhook(request) => data::Message::Webhook(http_request(request)),
    };
    data::Output::Messages(messages.into_iter().map(one).collect())
}

pub(super) fn notes(notes: Vec<events::Note>) -> data::Output {
    data::Output::Notes(notes.into_iter().map(|note| data::Note { title: note.title, text: note.text }).collect())
}
