//! Moves the engine's epoch forward while something runs: that is when guests look at their limits and let others have a turn.
//!
//! A thread of its own and no task: guests that compute may hold every worker, and with them the timers of tasks.

use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use wasmtime::Engine;

/// The longest that a guest computes before others have a turn.
const TICK: Duration = Duration::from_millis(2);
/// Idle ticks before the thread sleeps: waking it costs a run more than some ticks cost the machine.
const LINGER: u32 = 50;

/// The thread, as long as this lives.
pub(crate) struct Ticker(Arc<Shared>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    running: usize,
    idle: u32,
    asleep: bool,
    ended: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticker {
    /// Starts the thread. It sleeps while nothing runs.
    pub(crate) fn start(engine: &Engine) -> io::Result<Self> {
        let shared = Arc::new(Shared { state: Mutex::default(), changed: Condvar::new() });
        let (own, engine) = (Arc::clone(&shared), engine.weak());
        thread::Builder::new().name("plugin-ticker".to_owned()).spawn(move || {
            let mut state = own.lock();
            while !state.ended {
                state.idle = if state.running == 0 { state.idle + 1 } else { 0 };
                if state.idle > LINGER {
                    state.asleep = true;
                    state = own.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
                    (state.asleep, state.idle) = (false, 0);
                    continue;
                }
                (state, _) = own.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner);
                let Some(engine) = engine.upgrade() else { return };
                engine.increment_epoch();
            }
        })?;
        Ok(Self(shared))
    }

    /// Ticks until this is dropped.
    pub(crate) fn hold(&self) -> Ticking {
        let mut state = self.0.lock();
        state.running += 1;
        if state.asleep {
            self.0.changed.notify_one();
        }
        Ticking(Arc::clone(&self.0))
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.changed.notify_one();
    }
}

/// Something runs.
pub(crate) struct Ticking(Arc<Shared>);

impl Drop for Ticking {
    fn drop(&mut self) {
        self.0.lock().running -= 1;
    }
}
