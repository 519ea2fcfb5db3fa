//! The open sockets of one company in this process. One task reads new events and says them to all; it ends with the last seat.

use super::{
    frames,
    hub::Count,
    model::{News, ends_access, moves_projects},
    ops,
};
use kernel::{Caller, Result, ids::SessionId, session, signals::Mark};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::sync::{broadcast, watch};
use uuid::Uuid;

/// An event, written once for all who hear it.
#[derive(Debug)]
pub struct Spoken {
    pub seq: i64,
    pub project: Option<Uuid>,
    pub for_staff: Option<String>,
    pub for_customers: Option<String>,
    /// It may have changed which projects a customer sees.
    pub moves_projects: bool,
}

impl From<News> for Spoken {
    fn from(news: News) -> Self {
        Self {
            for_staff: frames::for_staff(&news),
            for_customers: frames::for_customers(&news),
            moves_projects: moves_projects(&news.kind),
            seq: news.seq,
            project: news.project,
        }
    }
}

/// What a room says to its seats.
#[derive(Clone, Debug)]
pub enum Word {
    /// Events, the oldest first.
    Events(Arc<Vec<Spoken>>),
    /// From now on all events are said, from this one on; whoever stands before it asks the database.
    Begin(i64),
    /// These devices are signed out.
    Ended(Arc<HashSet<SessionId>>),
}

/// The open sockets of one company.
pub struct Room {
    words: broadcast::Sender<Word>,
    seated: Mutex<HashMap<SessionId, usize>>,
    system: Caller,
}

/// One socket's place in the room.
pub struct Seat {
    /// What is said from now on.
    pub words: broadcast::Receiver<Word>,
    /// The device.
    pub session: SessionId,
    room: Arc<Room>,
    _count: Count,
}

/// How many words a slow socket may lie behind; then it asks the database itself.
const BEHIND: usize = 256;
/// How many events are read at once.
const BATCH: i64 = 500;
/// Between two questions.
const BREATH: Duration = Duration::from_millis(20);
/// How often sessions are looked at, and events that nobody told of: a revoked session loses its sockets within 5 s.
const LOOK: Duration = Duration::from_secs(3);

impl Room {
    /// Opens a room and its task.
    pub fn open(system: Caller) -> Arc<Self> {
        let room = Arc::new(Self { words: broadcast::channel(BEHIND).0, seated: Mutex::default(), system: system.clone() });
        let marks = system.app.signals.watch(&system.tenant);
        tokio::spawn(Reader { room: Arc::downgrade(&room), system, marks, cursor: None, losses: 0 }.run());
        room
    }

    /// A seat; none if this device has too many.
    pub fn seat(self: &Arc<Self>, session: SessionId, most: usize, count: Count) -> Option<Seat> {
        let mut seated = self.seated();
        let has = seated.entry(session).or_default();
        if *has >= most {
            return None;
        }
        *has += 1;
        Some(Seat { words: self.words.subscribe(), session, room: self.clone(), _count: count })
    }

    fn seated(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, usize>> {
        self.seated.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seat {
    /// The program itself, at work for this company.
    pub fn system(&self) -> &Caller {
        &self.room.system
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seated = self.room.seated();
        if let Some(has) = seated.get_mut(&self.session) {
            *has -= 1;
            if *has == 0 {
                seated.remove(&self.session);
            }
        }
    }
}

/// The task of a room.
struct Reader {
    room: Weak<Room>,
    system: Caller,
    marks: watch::Receiver<Mark>,
    /// Up to here has been said; none before the first look.
    cursor: Option<i64>,
    losses: u64,
}

impl Reader {
    async fn run(mut self) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            let forced = tokio::select! {
                _ = look.tick() => true,
                changed = self.marks.changed() => {
                    if changed.is_err() { return }
                    false
                }
            };
            // Sockets hold the room; without them there is nobody to read for.
            let Some(room) = self.room.upgrade() else { return };
            let mark = *self.marks.borrow_and_update();
            let due = forced || mark.losses != self.losses || self.cursor.is_none_or(|cursor| mark.seq > cursor);
            if due && let Err(problem) = self.read(&room, forced).await {
                tracing::warn!(tenant = self.system.tenant.subdomain, %problem, "live updates wait");
                continue;
            }
            self.losses = mark.losses;
            // Under many writes, several events are one question and one write to each socket.
            tokio::time::sleep(BREATH).await;
        }
    }

    /// One transaction for all sockets of the company: what is new, and with `look` who is still signed in.
    async fn read(&mut self, room: &Arc<Room>, mut look: bool) -> Result<()> {
        let cx = self.system.begin().await?;
        let Some(mut cursor) = self.cursor else {
            let cursor = cx.ask(ops::cursor()).await?;
            self.cursor = Some(cursor);
            room.words.send(Word::Begin(cursor)).ok();
            return Ok(());
        };
        loop {
            let news = ops::after(&cx, cursor, BATCH).await?;
            let Some(last) = news.last() else { break };
            (cursor, look) = (last.seq, look || news.iter().any(|news| ends_access(&news.kind)));
            let more = news.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            // Nobody there to hear it is no error.
            room.words.send(Word::Events(Arc::new(news.into_iter().map(Spoken::from).collect()))).ok();
            self.cursor = Some(cursor);
            if !more {
                break;
            }
        }
        if look {
            let seated: HashSet<SessionId> = room.seated().keys().copied().collect();
            let alive = session::alive(&cx, seated.iter().copied()).await?;
            let ended: HashSet<SessionId> = seated.difference(&alive).copied().collect();
            if !ended.is_empty() {
                room.words.send(Word::Ended(Arc::new(ended))).ok();
            }
        }
        cx.commit().await
    }
}
