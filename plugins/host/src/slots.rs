//! How many runs there are at once: so many a tenant, so many in all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use uuid::Uuid;

/// The places.
pub(crate) struct Slots {
    all: Arc<Semaphore>,
    per_tenant: usize,
    tenants: Mutex<HashMap<Uuid, Weak<Semaphore>>>,
}

/// A place for one run, until it is dropped.
pub(crate) struct Slot {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
    // Keeps the tenant's count alive as long as one of its runs.
    _tenant: Arc<Semaphore>,
}

impl Slots {
    pub(crate) fn new(all: usize, per_tenant: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), per_tenant, tenants: Mutex::default() }
    }

    /// Waits for a place, not longer than this. Its tenant's first: who waits for that holds none of the others'.
    pub(crate) async fn take(&self, tenant: Uuid, patience: Duration) -> Option<Slot> {
        let semaphore = self.tenant(tenant);
        let places = async {
            let own = Arc::clone(&semaphore).acquire_owned().await.ok()?;
            let all = Arc::clone(&self.all).acquire_owned().await.ok()?;
            Some((own, all))
        };
        let (own, all) = timeout(patience, places).await.ok()??;
        Some(Slot { _own: own, _all: all, _tenant: semaphore })
    }

    fn tenant(&self, tenant: Uuid) -> Arc<Semaphore> {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(semaphore) = tenants.get(&tenant).and_then(Weak::upgrade) {
            return semaphore;
        }
        tenants.retain(|_, semaphore| semaphore.strong_count() > 0);
        let semaphore = Arc::new(Semaphore::new(self.per_tenant));
        tenants.insert(tenant, Arc::downgrade(&semaphore));
        semaphore
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tenants_third_run_waits_and_another_tenants_does_not() {
        let slots = Slots::new(10, 2);
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = slots.take(one, Duration::from_millis(50)).await.unwrap();
        let _second = slots.take(one, Duration::from_millis(50)).await.unwrap();
        assert!(slots.take(one, Duration::from_millis(50)).await.is_none());
        assert!(slots.take(two, Duration::from_millis(50)).await.is_some());
        drop(first);
        assert!(slots.take(one, Duration::from_millis(50)).await.is_some());
    }
}
