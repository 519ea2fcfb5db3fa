//! All open sockets of this process, by company: a room each, which asks the database once for all of them.

use super::room::{Room, Seat};
use kernel::{App, Caller, Problem, Result, ids::SessionId};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};
use tenants::TenantId;

/// The sockets of this process.
#[derive(Default)]
pub struct Hub {
    rooms: Mutex<HashMap<TenantId, Weak<Room>>>,
    open: Arc<AtomicUsize>,
}

/// How many sockets one signed-in device may hold: a tab each.
const TABS: usize = 20;

impl Hub {
    /// A seat in the company's room, for a signed-in device.
    pub fn join(&self, caller: &Caller, session: SessionId) -> Result<Seat> {
        let count = Count::take(&self.open, caller.app.config.live.max_sockets)?;
        let room = self.room(&caller.app, caller)?;
        room.seat(session, TABS, count).ok_or_else(full)
    }

    /// How many sockets are open.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    fn room(&self, app: &Arc<App>, caller: &Caller) -> Result<Arc<Room>> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(room) = rooms.get(&caller.tenant.id).and_then(Weak::upgrade) {
            return Ok(room);
        }
        rooms.retain(|_, room| room.strong_count() > 0);
        let room = Room::open(Caller::system(app.clone(), caller.tenant.clone(), "Live updates"));
        rooms.insert(caller.tenant.id, Arc::downgrade(&room));
        Ok(room)
    }
}

/// One of the open sockets; not any more when dropped.
pub struct Count(Arc<AtomicUsize>);

impl Count {
    fn take(open: &Arc<AtomicUsize>, most: usize) -> Result<Self> {
        let count = Self(open.clone());
        if open.fetch_add(1, Ordering::Relaxed) < most { Ok(count) } else { Err(full()) }
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn full() -> Problem {
    Problem::unavailable("live_full", "Too many pages are open at once. This one works; reload it to see what is new.")
}
