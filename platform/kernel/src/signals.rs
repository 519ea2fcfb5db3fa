//! Which tenants have news, across processes. A commit that recorded an event notes it here; at most ten times a second the
//! process tells the others, outside of any transaction; whoever watches a tenant then asks its schema what happened.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tenants::{Tenant, Tenants};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

/// How far a tenant's events are known to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// The newest event that was heard of.
    pub seq: i64,
    /// How often something may have been missed. When it grows, ask whatever `seq` says.
    pub losses: u64,
}

/// The signals of this process.
#[derive(Default)]
pub struct Signals {
    state: Mutex<State>,
    wake: Notify,
}

#[derive(Default)]
struct State {
    /// By database and schema: what the other processes have not been told yet.
    unsaid: HashMap<(String, String), i64>,
    /// By schema.
    watched: HashMap<String, watch::Sender<Mark>>,
}

/// Between two words to the others.
const PAUSE: Duration = Duration::from_millis(100);
const AFTER_ERROR: Duration = Duration::from_secs(1);
/// One word holds so many schemas: a payload is at most 8,000 bytes, a line about 50.
const LINES: usize = 120;

impl Signals {
    /// An event of this tenant was committed.
    pub fn note(&self, tenant: &Tenant, seq: i64) {
        if tenant.is_platform() {
            return;
        }
        let schema = &tenant.names.schema;
        self.hear(schema, seq);
        let mut state = self.lock();
        let known = state.unsaid.entry((tenant.database.clone(), schema.clone())).or_default();
        *known = seq.max(*known);
        drop(state);
        self.wake.notify_one();
    }

    /// Watches a tenant. What happens from now on changes the mark.
    pub fn watch(&self, tenant: &Tenant) -> watch::Receiver<Mark> {
        let mut state = self.lock();
        state.watched.retain(|_, sender| sender.receiver_count() > 0);
        state.watched.entry(tenant.names.schema.clone()).or_default().subscribe()
    }

    /// Tells the other processes until the program stops, and with `listen` hears them as well.
    pub async fn run(&self, tenants: &Tenants, listen: bool, shutdown: CancellationToken) {
        let hear = async {
            if !listen {
                std::future::pending::<()>().await;
            }
            futures::future::join_all(tenants.databases().iter().map(|database| self.listen(tenants, database))).await;
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = self.speak(tenants) => {}
            () = hear => {}
        }
    }

    async fn speak(&self, tenants: &Tenants) {
        loop {
            self.wake.notified().await;
            let unsaid = std::mem::take(&mut self.lock().unsaid);
            let mut by_database: HashMap<String, Vec<(String, i64)>> = HashMap::new();
            for ((database, schema), seq) in unsaid {
                by_database.entry(database).or_default().push((schema, seq));
            }
            for (database, news) in by_database {
                for part in news.chunks(LINES) {
                    let words: Vec<String> = part.iter().map(|(schema, seq)| format!("{schema} {seq}")).collect();
                    if let Err(error) = tenants.say(&database, &words.join("\n")).await {
                        // Nothing is lost: who watches a tenant also asks by itself, a few seconds later.
                        tracing::warn!(database, %error, "the other processes cannot be told of news");
                        tokio::time::sleep(AFTER_ERROR).await;
                    }
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn listen(&self, tenants: &Tenants, database: &str) {
        loop {
            match tenants.listen(database).await {
                Ok(mut listener) => {
                    self.hear_all();
                    loop {
                        match listener.next().await {
                            Ok(Some(words)) => self.take(&words),
                            Ok(None) => self.hear_all(),
                            Err(error) => {
                                tracing::warn!(database, %error, "the other processes are not heard");
                                break;
                            }
                        }
                    }
                }
                Err(error) => tracing::warn!(database, %error, "the other processes are not heard"),
            }
            tokio::time::sleep(AFTER_ERROR).await;
        }
    }

    fn take(&self, words: &str) {
        for (schema, seq) in words.lines().filter_map(|line| line.split_once(' ')) {
            if let Ok(seq) = seq.parse() {
                self.hear(schema, seq);
            }
        }
    }

    fn hear(&self, schema: &str, seq: i64) {
        if let Some(sender) = self.lock().watched.get(schema) {
            sender.send_if_modified(|mark| {
                let newer = seq > mark.seq;
                mark.seq = mark.seq.max(seq);
                newer
            });
        }
    }

    fn hear_all(&self) {
        for sender in self.lock().watched.values() {
            sender.send_modify(|mark| mark.losses += 1);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_never_goes_back_and_a_loss_always_shows() {
        let signals = Signals::default();
        let tenant =
            Tenant { names: migrations::Names::tenant("t_a"), id: tenants::TenantId(uuid::Uuid::from_u128(1)), ..Tenant::platform() };
        let mut watch = signals.watch(&tenant);
        signals.note(&tenant, 5);
        assert_eq!(*watch.borrow_and_update(), Mark { seq: 5, losses: 0 });
        signals.take("t_a 4\nt_b 9\nt_a 5\nnonsense\nt_a x");
        assert!(!watch.has_changed().expect("the sender lives"));
        signals.take("t_a 7");
        assert_eq!(watch.borrow_and_update().seq, 7);
        signals.hear_all();
        assert_eq!(*watch.borrow_and_update(), Mark { seq: 7, losses: 1 });
        assert_eq!(signals.lock().unsaid.values().copied().collect::<Vec<_>>(), [5]);
    }

    #[test]
    fn nobody_is_told_of_the_platform() {
        let signals = Signals::default();
        signals.note(&Tenant::platform(), 5);
        assert!(signals.lock().unsaid.is_empty());
    }
}
