//! What goes over the socket: one JSON text a frame. `kit/live.ts` and `assets/js/live.js` read them.

use super::model::{News, Topic};
use serde::Serialize;
use uuid::Uuid;

/// A text frame's content.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Frame<'a> {
    /// The page is up to date as of this event.
    Hello { cursor: i64 },
    /// Too much was missed to tell: read everything again.
    Gap { cursor: i64 },
    /// Something happened.
    Event {
        cursor: i64,
        topic: Topic,
        kind: &'a str,
        project: Option<Uuid>,
        id: Option<Uuid>,
        #[serde(skip_serializing_if = "Option::is_none")]
        actor: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        count: Option<i64>,
    },
}

/// `{"type":"hello","cursor":12}`
pub fn hello(cursor: i64) -> String {
    text(&Frame::Hello { cursor })
}

/// `{"type":"gap","cursor":12}`
pub fn gap(cursor: i64) -> String {
    text(&Frame::Gap { cursor })
}

/// An event for staff, who also hear who did it.
pub fn for_staff(news: &News) -> Option<String> {
    event(news, true)
}

/// An event for customers who see its project.
pub fn for_customers(news: &News) -> Option<String> {
    if news.for_customers { event(news, false) } else { None }
}

fn event(news: &News, with_actor: bool) -> Option<String> {
    let News { seq, kind, topic, project, subject, actor, count, .. } = news;
    let actor = with_actor.then_some(actor.as_str());
    Some(text(&Frame::Event { cursor: *seq, topic: (*topic)?, kind, project: *project, id: *subject, actor, count: *count }))
}

fn text(frame: &Frame<'_>) -> String {
    serde_json::to_string(frame).expect("a frame has only texts and numbers")
}
