//! Many companies over few connections, with requests that are cancelled, fail and roll back: nobody ever sees a foreign row.

use rand_like::Dice;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tenants::{Scope, Tenant};
use tests::TestApp;
use uuid::Uuid;

const WORKERS: u64 = 12;
const OPERATIONS: usize = 250;

/// A generator that gives the same run for the same seed.
mod rand_like {
    /// A xorshift.
    pub struct Dice(pub u64);

    impl Dice {
        /// 0 to `sides` - 1.
        pub fn roll(&mut self, sides: u64) -> u64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0 % sides
        }
    }
}

/// Whom a transaction stands for, and the mail domain of every customer it may see.
struct Side {
    tenant: Arc<Tenant>,
    customer: Uuid,
    domain: &'static str,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelled_and_aborted_transactions_leak_nothing() {
    let app = TestApp::with(|config| config.database.max_connections = 4).await;
    let side = async |company: tests::House, name: &str, domain| {
        Arc::new(Side { tenant: app.tenant(&company).await, customer: company.customers[name], domain })
    };
    let sides = [
        side(app.acme().house().clone(), "cora", "@acme.example").await,
        side(app.globex().house().clone(), "gil", "@globex.example").await,
    ];
    let (foreign, cancelled, read) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut workers = tokio::task::JoinSet::new();
    for seed in 1..=WORKERS {
        let (sides, tenants) = (sides.clone(), app.app.tenants.clone());
        let (foreign, cancelled, read) = (foreign.clone(), cancelled.clone(), read.clone());
        workers.spawn(async move {
            let mut dice = Dice(seed * 7919);
            for _ in 0..OPERATIONS {
                let side = sides[usize::from(dice.roll(2) == 1)].clone();
                let (kind, patience) = (dice.roll(6), Duration::from_micros(dice.roll(3000)));
                let tenants = tenants.clone();
                let work = tokio::spawn(async move { one(&tenants, &side, kind).await });
                let stop = work.abort_handle();
                // Every other one is cancelled, wherever it is by then.
                if dice.roll(2) == 0 {
                    tokio::time::sleep(patience).await;
                    stop.abort();
                }
                match work.await {
                    Ok(Some(strangers)) => {
                        read.fetch_add(1, Ordering::Relaxed);
                        foreign.fetch_add(strangers, Ordering::Relaxed);
                    }
                    Ok(None) => {}
                    Err(_) => {
                        cancelled.fetch_add(1, Ordering::Relaxed);
                    }
                }
            }
        });
    }
    while let Some(done) = workers.join_next().await {
        done.expect("a worker");
    }
    assert_eq!(foreign.load(Ordering::Relaxed), 0, "foreign rows");
    assert!(read.load(Ordering::Relaxed) > 500, "{read:?} reads");
    assert!(cancelled.load(Ordering::Relaxed) > 300, "{cancelled:?} cancelled");
    // What was written and not committed is not there.
    for side in &sides {
        let sql = format!("SELECT count(*) FROM {}.customers WHERE name = 'Never'", side.tenant.names.schema);
        assert_eq!(app.ask(&sql).await, "0");
    }
}

/// One transaction. Answers how many foreign rows it saw; nothing if it ended in an error, as some shall.
async fn one(tenants: &tenants::Tenants, side: &Side, kind: u64) -> Option<usize> {
    let scope = if kind.is_multiple_of(2) { Scope::Staff } else { Scope::Customer(side.customer) };
    let tx = tenants.begin(&side.tenant, scope).await.ok()?;
    if kind == 2 {
        tx.execute_unprepared("UPDATE customers SET name = 'Never'").await.ok()?;
    }
    if kind == 3 {
        // Aborts the transaction on the server.
        tx.execute_unprepared("SELECT 1/0").await.expect_err("a division by zero");
        return None;
    }
    let sql = "SELECT id, email FROM customers";
    let rows = tx.query_all_raw(Statement::from_string(DbBackend::Postgres, sql)).await.ok()?;
    let foreign = rows.iter().filter(|row| {
        let (id, email): (Uuid, String) = (row.try_get("", "id").expect("an id"), row.try_get("", "email").expect("an address"));
        !email.ends_with(side.domain) || (kind % 2 == 1 && id != side.customer)
    });
    let foreign = foreign.count();
    if kind == 4 {
        tx.commit().await.ok()?;
    }
    Some(foreign)
}

#[tokio::test]
async fn a_panic_in_a_transaction_gives_its_connection_back_clean() {
    let app = TestApp::with(|config| config.database.max_connections = 2).await;
    let (tenant, tenants) = (app.tenant(app.acme().house()).await, app.app.tenants.clone());
    for _ in 0..6 {
        let (tenant, tenants) = (tenant.clone(), tenants.clone());
        let panicked = tokio::spawn(async move {
            let tx = tenants.begin(&tenant, Scope::Staff).await.expect("a transaction");
            tx.execute_unprepared("UPDATE customers SET name = 'Never'").await.expect("changed");
            std::panic::resume_unwind(Box::new("on purpose"));
        });
        assert!(panicked.await.is_err());
    }
    app.staff("ada").await.get("/api/v1/customers").await.expect(200);
    let schema = &app.acme().house().schema;
    assert_eq!(app.ask(&format!("SELECT count(*) FROM {schema}.customers WHERE name = 'Never'")).await, "0");
}
