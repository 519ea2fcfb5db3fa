//! Benchmark: 2,000 open pages on one process: how soon they hear, what one costs in memory, and what they cost those who write.
//!
//!     cargo build --release --workspace --bin load-sockets
//!
//! The pages are in a process of their own, over real sockets, without waiting for the disk. Delivery counts from the moment before the
//! write is sent to the moment the page has the frame.

#[path = "sockets/pages.rs"]
mod pages;

use anyhow::{Context, Result, ensure};
use pages::Pages;
use poem::{Server, listener::TcpAcceptor};
use std::{
    collections::HashMap,
    net::SocketAddr,
    process::ExitCode,
    time::{Duration, Instant},
};
use tests::load::{Browser, Company, Household, Stage, head, row};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const TENANTS: usize = 100;
/// The open pages of each: staff's, and a household's.
const STAFF_PAGES: usize = 15;
const CUSTOMER_PAGES: usize = 5;
const SOCKETS: usize = TENANTS * (STAFF_PAGES + CUSTOMER_PAGES);
/// One event a second, for so long.
const EVENTS: usize = 60;
const WRITERS: usize = 8;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(5);
const WRITE_DEMAND: f64 = 0.8;

/// One company with a household, and who writes there.
#[derive(Clone)]
struct Home {
    home: Household,
    staff: String,
}

fn main() -> Result<ExitCode> {
    if std::env::args().nth(1).as_deref() == Some(pages::ROLE) {
        return pages::main().map(|()| ExitCode::SUCCESS);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<ExitCode> {
    let stage = Stage::with(16).await?;
    let homes = furnish(&stage).await?;
    let stop = CancellationToken::new();
    let off = serve_without_live(&stage).await?;
    let on = stage.serve(stop.clone()).await?;
    let (mut without, mut with) = (Vec::new(), Vec::new());
    write(off, &homes, ROUND).await?;

    let before = resident()?;
    let mut pages = Pages::open(on, &doors(&homes)).await?;
    let each = (resident()?.saturating_sub(before)) as f64 / SOCKETS as f64;
    println!("{SOCKETS} pages are open: {each:.1} KiB each in the server's process");

    let sent = one_a_second(on, &homes).await?;
    let mut late = pages.delays(&sent, STAFF_PAGES + CUSTOMER_PAGES).await?;
    late.sort_by(f64::total_cmp);
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize];
    println!("delivery, one event a second, ms: median {:.1}, p99 {:.1}, maximum {:.1} of {}", at(0.5), at(0.99), at(1.0), late.len());

    let others = homes.clone();
    for round in 1..=ROUNDS {
        with.push(write(on, &others, ROUND).await?);
        println!("round {round} of {ROUNDS}: {:.0} writes/s with {SOCKETS} pages open", with[round - 1]);
    }
    let heard = pages.close().await?;
    println!("the pages heard {heard} events meanwhile");
    stop.cancel();
    for round in 1..=ROUNDS {
        without.push(write(off, &homes, ROUND).await?);
        println!("round {round} of {ROUNDS}: {:.0} writes/s without live updates", without[round - 1]);
    }
    head("updates written, 1/s");
    let base = row("without live updates", &mut without, 0);
    let kept = row(&format!("with {SOCKETS} open pages that hear them"), &mut with, 0) / base;
    stage.stop().await?;
    println!("sockets: p99 delivery {:.0} ms, {each:.1} KiB a socket", at(0.99));
    println!("sockets: ratio {kept:.2} (demand {WRITE_DEMAND})");
    Ok(if kept >= WRITE_DEMAND { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn furnish(stage: &Stage) -> Result<Vec<Home>> {
    let mut companies: Vec<Company> = Vec::new();
    stage.fill(&mut companies, TENANTS).await?;
    let home = |company: &Company| Home {
        home: Household::of(company, 1),
        staff: format!("{}={}", kernel::session::PersonKind::Staff.cookie_name(), company.token),
    };
    let homes: Vec<Home> = companies.iter().map(home).collect();
    for some in homes.chunks(20) {
        stage.execute(some.iter().map(|home| home.home.furniture()).collect()).await?;
    }
    stage.execute("ANALYZE".into()).await?;
    Ok(homes)
}

/// Host, cookie and path of every page.
fn doors(homes: &[Home]) -> Vec<[String; 3]> {
    let of = |home: &Home| {
        let staff = [home.home.host.clone(), home.staff.clone(), "/api/v1/live".to_owned()];
        let customer = [home.home.host.clone(), home.home.cookie.clone(), "/live".to_owned()];
        [vec![staff; STAFF_PAGES], vec![customer; CUSTOMER_PAGES]].concat()
    };
    homes.iter().flat_map(of).collect()
}

/// The same program without the part that tells and hears other processes, and with nobody listening.
async fn serve_without_live(stage: &Stage) -> Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let endpoint = platform::app::endpoint(&stage.app);
    tokio::spawn(Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?).run(endpoint));
    Ok(address)
}

/// An update that the household sees, in one company after the other; its id, and when it was sent.
async fn one_a_second(at: SocketAddr, homes: &[Home]) -> Result<HashMap<Uuid, u64>> {
    let (mut browser, mut sent) = (Browser::open(at).await?, HashMap::new());
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    for n in 0..EVENTS {
        tick.tick().await;
        let now = pages::micros();
        sent.insert(post(&mut browser, &homes[n % homes.len()]).await?, now);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(sent)
}

async fn post(browser: &mut Browser, home: &Home) -> Result<Uuid> {
    let path = format!("/api/v1/projects/{}/updates", home.home.project);
    let body = r#"{"visibility":"client","body":"The north side is covered."}"#;
    let answer = browser.json("POST", &home.home.host, &home.staff, &path, body).await?;
    let view: serde_json::Value = serde_json::from_str(&answer)?;
    Ok(view["id"].as_str().context("an update without an id")?.parse()?)
}

/// Updates written by several at once in all companies, per second.
async fn write(at: SocketAddr, homes: &[Home], time: Duration) -> Result<f64> {
    let (start, mut writers) = (Instant::now(), JoinSet::new());
    for writer in 0..WRITERS {
        let homes: Vec<Home> = homes.iter().skip(writer).step_by(WRITERS).cloned().collect();
        writers.spawn(async move {
            let (mut browser, mut done) = (Browser::open(at).await?, 0);
            while start.elapsed() < time {
                post(&mut browser, &homes[done % homes.len()]).await?;
                done += 1;
            }
            Ok::<_, anyhow::Error>(done)
        });
    }
    let mut done = 0;
    while let Some(writer) = writers.join_next().await {
        done += writer??;
    }
    ensure!(done > 0, "nothing was written");
    Ok(done as f64 / start.elapsed().as_secs_f64())
}

/// What this process holds in memory, in KiB.
fn resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS: this runs on Linux")?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
