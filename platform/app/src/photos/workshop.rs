//! Where pictures are worked on. One for the whole process: as many pictures at once as there are cores, and a bounded amount of
//! memory for those that wait.

use kernel::{Problem, Result};
use std::{
    sync::{Arc, LazyLock},
    thread::available_parallelism,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What may be held of files that wait or are on their way, in KiB.
const ROOM: usize = 256 << 10;

static BENCHES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(available_parallelism().map_or(1, Into::into))));
static SHELVES: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(ROOM)));

/// The right to work on one picture.
pub struct Bench(OwnedSemaphorePermit);

/// Waits until a picture can be worked on.
pub async fn bench() -> Result<Bench> {
    Ok(Bench(BENCHES.clone().acquire_owned().await.map_err(Problem::internal)?))
}

impl Bench {
    /// Does the work beside the threads that answer requests. The bench is free again when the work ends, also if nobody waits for it
    /// any more. None if it panicked: a decoder came to something that nobody had thought of.
    pub async fn work<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let done = tokio::task::spawn_blocking(move || {
            let _bench = self.0;
            work()
        });
        done.await.inspect_err(|error| tracing::warn!(%error, "work on a picture broke off")).ok()
    }
}

/// A right to hold some bytes in memory.
pub struct Room(Option<OwnedSemaphorePermit>);

impl Room {
    /// For nothing yet.
    pub fn none() -> Self {
        Self(None)
    }

    /// For so many bytes more, if there is room at this moment.
    pub fn grow(&mut self, bytes: usize) -> bool {
        let Ok(more) = SHELVES.clone().try_acquire_many_owned(kib(bytes as u64)) else { return false };
        match &mut self.0 {
            Some(held) => held.merge(more),
            None => self.0 = Some(more),
        }
        true
    }
}

/// Waits until so many bytes can be held.
pub async fn room(bytes: u64) -> Result<Room> {
    let permit = SHELVES.clone().acquire_many_owned(kib(bytes)).await.map_err(Problem::internal)?;
    Ok(Room(Some(permit)))
}

fn kib(bytes: u64) -> u32 {
    let most = u32::try_from(ROOM).unwrap_or(u32::MAX);
    u32::try_from(bytes.div_ceil(1024)).unwrap_or(most).min(most)
}
