//! Benchmark: the customers' dashboard against pgbench with the same SQL, and as one of 1,000 tenants against one of 10.
//!
//!     cargo build --release --workspace --bin load-dashboard
//!
//! The SQL is what the program sent for one page of each household, out of the database server's log, with its values; pgbench
//! comes with PostgreSQL. Both prepare each statement once a connection and use it for every company, so for both the server
//! plans anew when the schema changes under it. Both sides have as many connections and as many callers, over loopback, without
//! waiting for the disk.

#[path = "dashboard/peer.rs"]
mod peer;

use anyhow::{Result, ensure};
use kernel::Caller;
use peer::Peer;
use std::{
    net::SocketAddr,
    process::ExitCode,
    time::{Duration, Instant},
};
use tests::load::{Browser, Company, Household, Stage, head, row};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const FEW: usize = 10;
const MANY: usize = 1_000;
const ROUNDS: usize = 5;
/// How long one side is measured in a round.
const ROUND: Duration = Duration::from_secs(5);
const CALLERS: usize = 4;
const PAGES: usize = MANY;
/// A page takes whatever connection is free, and the server knows a schema only where it was used: after so many rounds nearly
/// every one of the connections has met every tenant.
const WARM_UP: usize = 20;
const PEER_DEMAND: f64 = 0.5;
const MANY_DEMAND: f64 = 0.8;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let stop = CancellationToken::new();
    let (few, homes) = stage(FEW).await?;
    let at = few.serve(stop.clone()).await?;
    // All connections are there before the record: making one takes a statement that belongs to no page.
    pages(at, &homes, PAGES / 10).await?;
    let peer = Peer::record(&few, at, &homes).await?;
    println!("a page is {} statements in {} round trips", peer.statements, peer.round_trips);

    let (mut ours, mut pgbench) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        ours.push(for_a_while(at, &homes).await?);
        pgbench.push(peer.run(CALLERS, ROUND).await?);
        println!("round {round} of {ROUNDS}: {:.0} pages/s, pgbench {:.0} transactions/s", ours[round - 1], pgbench[round - 1]);
    }
    head("dashboards, 1/s");
    let mine = row("Plumbline, the page over HTTP", &mut ours, 0);
    let against = mine / row("pgbench, the same SQL", &mut pgbench, 0);

    let (many, all) = stage(MANY).await?;
    let there = many.serve(stop.clone()).await?;
    pages(at, &homes, PAGES).await?;
    for _ in 0..WARM_UP {
        pages(there, &all, all.len()).await?;
    }
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        of_few.push(pages(at, &homes, PAGES).await?);
        of_many.push(pages(there, &all, PAGES).await?);
        println!("round {round} of {ROUNDS}: {:.0} and {:.0} pages/s", of_few[round - 1], of_many[round - 1]);
    }
    head("dashboards, 1/s");
    let base = row(&format!("as one of {FEW} tenants"), &mut of_few, 0);
    let kept = row(&format!("as one of {MANY} tenants"), &mut of_many, 0) / base;

    stop.cancel();
    few.stop().await?;
    many.stop().await?;
    println!("dashboard: ratio as one of {MANY} tenants {kept:.2} (demand {MANY_DEMAND})");
    println!("dashboard: ratio {against:.2} (demand {PEER_DEMAND})");
    Ok(if against >= PEER_DEMAND && kept >= MANY_DEMAND { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// So many tenants, each with a household that is signed in.
async fn stage(count: usize) -> Result<(Stage, Vec<Household>)> {
    let stage = Stage::start().await?;
    let mut companies: Vec<Company> = Vec::new();
    stage.fill(&mut companies, count).await?;
    let homes: Vec<Household> = companies.iter().map(|company| Household::of(company, 1)).collect();
    for some in homes.chunks(20) {
        stage.execute(some.iter().map(Household::furniture).collect()).await?;
    }
    for tenant in stage.app.tenants.active().await? {
        let name = tenant.name.clone();
        let cx = Caller::system(stage.app.clone(), tenant, "Benchmark").begin().await?;
        platform::branding::ops::seed(&cx, &name).await?;
        cx.commit().await?;
    }
    stage.execute("ANALYZE".into()).await?;
    Ok((stage, homes))
}

/// Opens dashboards for the time of a round; pages per second.
async fn for_a_while(at: SocketAddr, homes: &[Household]) -> Result<f64> {
    let end = Instant::now() + ROUND;
    run(at, homes, move |_| Instant::now() < end).await
}

/// Opens so many dashboards; pages per second.
async fn pages(at: SocketAddr, homes: &[Household], count: usize) -> Result<f64> {
    run(at, homes, move |n| n < count / CALLERS).await
}

async fn run(at: SocketAddr, homes: &[Household], more: impl Fn(usize) -> bool + Copy + Send + 'static) -> Result<f64> {
    let start = Instant::now();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let homes = homes.to_vec();
        callers.spawn(async move {
            let (mut browser, mut done) = (Browser::open(at).await?, 0);
            while more(done) {
                let home = &homes[(caller + done * CALLERS) % homes.len()];
                let page = browser.get(&home.host, &home.cookie, "/").await?;
                ensure!(page.contains(&home.mark) && page.contains("Next visit"), "{}: not its dashboard: {page}", home.host);
                done += 1;
            }
            Ok(done)
        });
    }
    let mut done = 0;
    while let Some(caller) = callers.join_next().await {
        done += caller??;
    }
    Ok(done as f64 / start.elapsed().as_secs_f64())
}
