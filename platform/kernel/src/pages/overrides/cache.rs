//! The texts that tenants use now, parsed and kept in this process. A tenant's stamp tells whether what is kept still holds, so a
//! change in one process is seen by all with the next page.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};
use moka::sync::Cache;
use uuid::Uuid;

use super::{Flaw, Override, OverrideText, Slot};
use crate::pages::Pages;

/// What is kept of all tenants together, in bytes, roughly.
const KEPT: u64 = 64 << 20;
/// What a parsed text takes beside its bytes, roughly.
const EACH: u32 = 48 << 10;
/// A text that fails with every page is noted this often.
const NOTED_EVERY: i64 = 10_000;

/// A text in use.
pub struct Active {
    /// Which of its versions.
    pub version: i32,
    slot: &'static Slot,
    ready: Result<Override, Flaw>,
    bytes: u32,
    untold: AtomicU64,
    told_at: AtomicI64,
}

impl Active {
    /// For which template.
    pub fn slot(&self) -> &'static Slot {
        self.slot
    }

    pub(in crate::pages) fn ready(&self) -> Result<&Override, Flaw> {
        self.ready.as_ref().map_err(Clone::clone)
    }

    /// It has failed once more: how many failures are to be noted now; none: soon enough with a later one.
    pub fn failed(&self, now: DateTime<Utc>) -> Option<i64> {
        let (now, untold) = (now.timestamp_millis(), self.untold.fetch_add(1, Ordering::Relaxed) + 1);
        let told_at = self.told_at.load(Ordering::Relaxed);
        let due = now - told_at >= NOTED_EVERY && self.told_at.compare_exchange(told_at, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if !due {
            return None;
        }
        self.untold.fetch_sub(untold, Ordering::Relaxed);
        i64::try_from(untold).ok()
    }
}

/// All texts that a tenant uses.
#[derive(Default)]
pub struct Actives(Vec<Active>);

impl Actives {
    /// The text for a template.
    pub fn of(&self, template: &str) -> Option<&Active> {
        self.0.iter().find(|active| active.slot.template == template)
    }

    /// None: the tenant uses ours throughout. Costs nothing.
    pub fn none() -> Arc<Actives> {
        static NONE: OnceLock<Arc<Actives>> = OnceLock::new();
        NONE.get_or_init(Arc::default).clone()
    }
}

/// By tenant: the stamp under which the texts were read, and the texts.
pub(in crate::pages) struct Kept(Cache<Uuid, (i64, Arc<Actives>)>);

impl Default for Kept {
    fn default() -> Kept {
        let weight =
            |_: &Uuid, (_, actives): &(i64, Arc<Actives>)| actives.0.iter().map(|active| EACH + active.bytes).sum::<u32>().max(256);
        Kept(Cache::builder().max_capacity(KEPT).weigher(weight).build())
    }
}

impl Pages {
    /// A tenant's texts, if they are known as of this stamp.
    pub fn known(&self, tenant: Uuid, stamp: i64) -> Option<Arc<Actives>> {
        self.kept().0.get(&tenant).filter(|(known, _)| *known == stamp).map(|(_, actives)| actives)
    }

    /// Parses a tenant's texts and keeps them. One that cannot be parsed fails with the page that would use it.
    pub fn keep(&self, tenant: Uuid, stamp: i64, texts: Vec<(&'static Slot, i32, OverrideText)>) -> Arc<Actives> {
        let active = |(slot, version, text): (&'static Slot, i32, OverrideText)| Active {
            version,
            slot,
            bytes: text.parts(slot.kind).iter().map(|(_, text)| u32::try_from(text.len()).unwrap_or(u32::MAX >> 8)).sum(),
            ready: self.prepare(slot, &text).map_err(|flaws| flaws.into_iter().next().unwrap_or_else(Flaw::unknown)),
            untold: AtomicU64::new(0),
            told_at: AtomicI64::new(0),
        };
        let actives = Arc::new(Actives(texts.into_iter().map(active).collect()));
        self.kept().0.insert(tenant, (stamp, actives.clone()));
        actives
    }
}
