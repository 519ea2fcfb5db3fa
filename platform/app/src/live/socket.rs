//! The WebSocket of a page: who asks, from which page, and then one word after the other until either side is done.

use super::{
    Hub, frames, ops,
    room::{Seat, Spoken, Word},
};
use crate::{
    callers::{Customer, SignedIn, Staff},
    projects, urls,
};
use futures::{SinkExt, StreamExt};
use kernel::{Caller, Problem, Result, problem::Kind, session::PersonKind};
use poem::{
    IntoResponse, Request, Response, handler,
    http::header,
    web::{
        Data, Query,
        websocket::{CloseCode, Message, WebSocket, WebSocketConfig, WebSocketStream},
    },
};
use serde::Deserialize;
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, MissedTickBehavior, interval_at, timeout},
};
use uuid::Uuid;

/// The session has ended: sign in again.
const ENDED: u16 = 4401;
/// How many missed events are told one by one.
const MOST_MISSED: i64 = 500;
/// An open socket says something at least this often, so that proxies keep it and the dead are found.
const PING: Duration = Duration::from_secs(25);
/// A page that takes no frame for so long, or answers no ping, is gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the page stands.
#[derive(Deserialize)]
struct From {
    /// The last event that it knows of.
    after: Option<i64>,
}

/// `GET /live`: the customers' pages.
#[handler]
pub async fn portal(
    me: poem::Result<Customer>,
    request: &Request,
    Data(hub): Data<&Arc<Hub>>,
    Query(From { after }): Query<From>,
    socket: WebSocket,
) -> Result<Response> {
    enter(me.map(|Customer(me)| me), request, hub, after, socket)
}

/// `GET /api/v1/live`: the console's pages.
#[handler]
pub async fn console(
    request: &Request,
    Data(hub): Data<&Arc<Hub>>,
    Query(From { after }): Query<From>,
    socket: WebSocket,
) -> Result<Response> {
    enter(Staff::of(request).await.map(|Staff(me)| me), request, hub, after, socket)
}

fn enter(me: poem::Result<SignedIn>, request: &Request, hub: &Arc<Hub>, after: Option<i64>, socket: WebSocket) -> Result<Response> {
    own_page(request)?;
    let small = WebSocketConfig::default().read_buffer_size(1 << 10).write_buffer_size(4 << 10).max_write_buffer_size(256 << 10);
    let socket = socket.config(small.max_message_size(Some(4 << 10)).max_frame_size(Some(4 << 10)));
    let me = match me.map_err(Problem::from_poem) {
        Ok(me) => me,
        // A script cannot see the status of a refused upgrade; the close code tells it to stop asking.
        Err(problem) if problem.kind() == Kind::Unauthenticated => {
            return Ok(socket.on_upgrade(|mut stream| async move { close(&mut stream, ENDED, "signed out").await }).into_response());
        }
        Err(problem) => return Err(problem),
    };
    let seat = hub.join(&me.caller, me.session.id)?;
    Ok(socket
        .on_upgrade(move |stream| Talk { me, seat, stream, cursor: after, projects: None, heard: Instant::now() }.run())
        .into_response())
}

/// Other sites' pages may open sockets to us, with our cookies; their origin tells them apart.
fn own_page(request: &Request) -> Result<()> {
    let origin = request.headers().get(header::ORIGIN).and_then(|v| v.to_str().ok());
    match origin == Some(urls::home(&crate::callers::visitor(request)?).as_str()) {
        true => Ok(()),
        false => Err(Problem::forbidden("foreign_origin", "This request came from another page than ours.")),
    }
}

/// One open socket.
struct Talk {
    me: SignedIn,
    seat: Seat,
    stream: WebSocketStream,
    /// Up to here the page knows; none if it did not say.
    cursor: Option<i64>,
    /// What a customer sees; none for staff, who see all.
    projects: Option<HashSet<Uuid>>,
    heard: Instant,
}

/// Why a socket ends.
enum End {
    /// The other side has gone, or cannot be reached.
    Gone,
    /// The session has ended.
    Session,
}

impl Talk {
    async fn run(mut self) {
        if let Err(End::Session) = self.talk().await {
            close(&mut self.stream, ENDED, "signed out").await;
        }
    }

    async fn talk(&mut self) -> Result<(), End> {
        self.look_at_projects().await?;
        self.catch_up().await?;
        let mut ping = interval_at(Instant::now() + PING, PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                word = self.seat.words.recv() => match word {
                    Ok(Word::Events(events)) => self.tell(&events).await?,
                    Ok(Word::Begin(at)) if self.cursor.is_some_and(|cursor| cursor < at) => self.catch_up().await?,
                    Ok(Word::Begin(_)) => {}
                    Ok(Word::Ended(sessions)) if sessions.contains(&self.seat.session) => return Err(End::Session),
                    Ok(Word::Ended(_)) => {}
                    Err(RecvError::Lagged(_)) => self.catch_up().await?,
                    Err(RecvError::Closed) => return Err(End::Gone),
                },
                // A page says nothing but that it is there.
                heard = self.stream.next() => match heard {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(End::Gone),
                    Some(Ok(_)) => self.heard = Instant::now(),
                },
                _ = ping.tick() => {
                    if self.heard.elapsed() > PATIENCE {
                        return Err(End::Gone);
                    }
                    self.send(Message::Ping(Vec::new())).await?;
                }
            }
        }
    }

    /// Says what the page missed, or that it was too much.
    async fn catch_up(&mut self) -> Result<(), End> {
        let missed = missed(self.seat.system().clone(), self.cursor).await;
        let (now, missed) = missed.map_err(|problem| {
            tracing::warn!(%problem, "a page cannot be brought up to date");
            End::Gone
        })?;
        let known = self.cursor.unwrap_or(now);
        match missed {
            Some(events) => {
                self.tell(&events).await?;
                self.cursor = Some(now.max(self.cursor.unwrap_or(now)));
                self.say(frames::hello(self.cursor.unwrap_or(known))).await
            }
            None => {
                self.cursor = Some(now);
                self.say(frames::gap(now)).await
            }
        }
    }

    async fn tell(&mut self, events: &[Spoken]) -> Result<(), End> {
        for event in events.iter().filter(|event| self.cursor.is_none_or(|cursor| event.seq > cursor)).collect::<Vec<_>>() {
            if event.moves_projects && self.projects.is_some() {
                self.look_at_projects().await?;
            }
            let frame = match &self.projects {
                None => &event.for_staff,
                Some(mine) if event.project.is_some_and(|project| mine.contains(&project)) => &event.for_customers,
                Some(_) => &None,
            };
            if let Some(frame) = frame {
                // Several events are one write.
                self.patiently(async |stream| stream.feed(Message::Text(frame.clone())).await).await?;
            }
            self.cursor = Some(event.seq);
        }
        self.patiently(async |stream| stream.flush().await).await
    }

    async fn look_at_projects(&mut self) -> Result<(), End> {
        if self.me.kind == PersonKind::Customer {
            self.projects = Some(theirs(self.me.caller.clone()).await.map_err(|_| End::Gone)?);
        }
        Ok(())
    }

    async fn say(&mut self, text: String) -> Result<(), End> {
        self.send(Message::Text(text)).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        self.patiently(async |stream| stream.send(message).await).await
    }

    async fn patiently(&mut self, act: impl AsyncFnOnce(&mut WebSocketStream) -> std::io::Result<()>) -> Result<(), End> {
        match timeout(PATIENCE, act(&mut self.stream)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(End::Gone),
        }
    }
}

/// Where the events stand, and those after a cursor; none if they are too many, or the cursor is not of this log.
async fn missed(system: Caller, cursor: Option<i64>) -> Result<(i64, Option<Vec<Spoken>>)> {
    let cx = system.begin().await?;
    let now = cx.ask(ops::cursor()).await?;
    let missed = match cursor {
        None => Some(Vec::new()),
        Some(cursor) if cursor < 0 || cursor > now || now - cursor > MOST_MISSED => None,
        Some(cursor) if cursor == now => Some(Vec::new()),
        Some(cursor) => Some(ops::after(&cx, cursor, now - cursor).await?.into_iter().map(Spoken::from).collect()),
    };
    cx.commit().await?;
    Ok((now, missed))
}

/// Asked as the customer, so that the policies answer: the projects that are theirs.
async fn theirs(me: Caller) -> Result<HashSet<Uuid>> {
    let cx = me.begin().await?;
    let ids = projects::ops::visible(&cx).await?;
    cx.commit().await?;
    Ok(ids.into_iter().map(|project| project.0).collect())
}

async fn close(stream: &mut WebSocketStream, code: u16, reason: &str) {
    let said = stream.send(Message::Close(Some((CloseCode::from(code), reason.to_owned()))));
    // Whoever does not take it is gone anyway.
    timeout(Duration::from_secs(5), said).await.ok();
}
