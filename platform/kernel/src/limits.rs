//! How often something may be tried: per address, account and tenant. Kept in this process, bounded in memory, refilled
//! evenly by the application's clock. What must hold across processes (five wrong codes burn a code) is in the database.

use crate::{
    clock::Clock,
    config::{LimitsConfig, Rate},
    problem::{Problem, Result},
};
use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, Utc};
use governor::{Quota, RateLimiter, clock, middleware::NoOpMiddleware, nanos::Nanos, state::keyed::DashMapStateStore};
use std::{
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// What is limited, and by whose key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Asking for a sign-in mail, by the asker's address.
    SignInAddress,
    /// Asking for a sign-in mail, by tenant and mail address.
    SignInAccount,
    /// Asking for a sign-in mail, by tenant.
    SignInTenant,
    /// Typing a code or redeeming a link, by address.
    CodeAddress,
    /// Typing a code or redeeming a link, by tenant and mail address.
    CodeAccount,
    /// Signing up a company, by address.
    SignupAddress,
    /// Requests of the API, by address.
    ApiAddress,
    /// Requests of the API, by person.
    ApiAccount,
    /// Requests of the API, by tenant.
    ApiTenant,
    /// Uploads begun, by tenant.
    UploadTenant,
    /// Reading a calendar address, by the reader's address.
    FeedAddress,
    /// Asking whether a document is genuine, by the asker's address.
    VerifyAddress,
}

/// Keys are hashes of one size, so that nobody fills the memory with long ones.
type Key = [u8; 16];
type Keyed = RateLimiter<Key, DashMapStateStore<Key>, AppClock, NoOpMiddleware<Nanos>>;

/// The limits of this process. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    inner: Arc<Inner>,
}

struct Inner {
    limiters: [Keyed; 12],
    clock: AppClock,
    checks: AtomicU32,
}

/// After so many checks, keys that are full again are forgotten.
const SWEEP_EVERY: u32 = 4_096;

impl Limits {
    /// From the configured rates.
    pub fn new(config: &LimitsConfig, clock: Arc<dyn Clock>) -> Self {
        let clock = AppClock { since: clock.now(), clock };
        let limiters = [
            config.sign_in_address,
            config.sign_in_account,
            config.sign_in_tenant,
            config.code_address,
            config.code_account,
            config.signup_address,
            config.api_address,
            config.api_account,
            config.api_tenant,
            config.upload_tenant,
            config.feed_address,
            config.verify_address,
        ]
        .map(|rate| RateLimiter::dashmap_with_clock(quota(rate), clock.clone()));
        Self { inner: Arc::new(Inner { limiters, clock, checks: AtomicU32::new(0) }) }
    }

    /// Counts one try; 429 with the seconds to wait if it is one too many. The key of an account or tenant is any text that
    /// names it; for addresses see [`Limits::check_address`].
    pub fn check(&self, limit: Limit, key: &str) -> Result<()> {
        let inner = &*self.inner;
        if inner.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            inner.limiters.iter().for_each(RateLimiter::retain_recent);
        }
        inner.limiters[limit as usize].check_key(&hash(key)).map_err(|until| {
            metrics::counter!("limits_refused_total", "limit" => format!("{limit:?}")).increment(1);
            let wait = until.wait_time_from(clock::Clock::now(&inner.clock));
            Problem::too_many(wait.as_secs() + u64::from(wait.subsec_nanos() > 0))
        })
    }

    /// The same for an address. An IPv6 customer has a whole /64, so that is one key.
    pub fn check_address(&self, limit: Limit, address: &str) -> Result<()> {
        self.check(limit, &network(address))
    }
}

fn network(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V6(ip)) => Ipv6Addr::from(u128::from(ip) >> 64 << 64).to_string(),
        Ok(ip) => ip.to_string(),
        Err(_) => address.to_owned(),
    }
}

fn quota(rate: Rate) -> Quota {
    let each = (rate.period / rate.count.get()).max(Duration::from_nanos(1));
    Quota::with_period(each).expect("a period of at least a nanosecond").allow_burst(rate.count)
}

fn hash(key: &str) -> Key {
    let mut out = Key::default();
    let size = out.len();
    out.copy_from_slice(&digest(&SHA256, key.as_bytes()).as_ref()[..size]);
    out
}

/// The application's clock as the limiter wants it.
#[derive(Clone)]
struct AppClock {
    clock: Arc<dyn Clock>,
    since: DateTime<Utc>,
}

impl clock::Clock for AppClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        // The limiter measures from some time after zero, so we start a year in.
        let elapsed = (self.clock.now() - self.since).to_std().unwrap_or_default();
        (elapsed + Duration::from_secs(366 * 86_400)).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::TestClock, config::Config};

    fn limits() -> (Limits, Arc<TestClock>) {
        let clock = Arc::new(TestClock::new());
        (Limits::new(&Config::default().limits, clock.clone()), clock)
    }

    #[test]
    fn so_many_at_once_then_evenly() {
        let (limits, clock) = limits();
        // "5/15m": five at once, one more every three minutes.
        for _ in 0..5 {
            limits.check(Limit::SignInAccount, "acme dana@customers.example").expect("one of the first five");
        }
        let refused = limits.check(Limit::SignInAccount, "acme dana@customers.example").expect_err("the sixth");
        assert_eq!(refused.code(), "too_many");
        assert!(refused.retry_after().is_some_and(|s| (170..=180).contains(&s)), "{:?}", refused.retry_after());
        limits.check(Limit::SignInAccount, "globex dana@customers.example").expect("another account");
        limits.check(Limit::CodeAccount, "acme dana@customers.example").expect("another limit");
        clock.advance(chrono::Duration::minutes(3));
        limits.check(Limit::SignInAccount, "acme dana@customers.example").expect("one came back");
        limits.check(Limit::SignInAccount, "acme dana@customers.example").expect_err("only one");
    }

    #[test]
    fn an_address_is_a_network() {
        let (limits, _) = limits();
        for n in 0..5 {
            limits.check_address(Limit::SignupAddress, &format!("2001:db8::{n:x}")).expect("one of five");
        }
        limits.check_address(Limit::SignupAddress, "2001:db8::ffff:1").expect_err("the same /64");
        limits.check_address(Limit::SignupAddress, "2001:db8:0:1::1").expect("the next /64");
        assert_eq!(network("::ffff:1.2.3.4"), "1.2.3.4");
    }

    #[test]
    fn memory_is_bounded() {
        let (limits, clock) = limits();
        let size = |l: &Limits| l.inner.limiters[Limit::ApiAddress as usize].len();
        for n in 0..3_000 {
            limits.check(Limit::ApiAddress, &n.to_string()).expect("the first of its key");
        }
        assert_eq!(size(&limits), 3_000);
        clock.advance(chrono::Duration::hours(1));
        for _ in 0..SWEEP_EVERY {
            let _ = limits.check(Limit::ApiAddress, "one");
        }
        assert!(size(&limits) < 10, "{}", size(&limits));
    }
}
