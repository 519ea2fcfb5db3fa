//! Benchmark: creating tenants against psql with the same SQL, and a page as one of 1,000 tenants against one of 10.
//!
//!     cargo build --workspace --bin load-tenants
//!
//! It runs over two database servers of its own, which are removed at the end. Built for development, as the database does
//! the work: what the program adds to it weighs more here than it does in a release.

use anyhow::{Context, Result, ensure};
use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};
use tests::load::{Company, PROJECTS, Stage, fingerprint, head, row, script};
use tokio::{process::Command, task::JoinSet};

const FEW: usize = 10;
const MANY: usize = 1_000;
const ROUNDS: usize = 5;
/// How many tenants each side creates in one round.
const BATCH: usize = 20;
const PAGE_ROUNDS: usize = 7;
/// How many pages are opened in one round, and by how many browsers at once.
const PAGES: usize = MANY;
const BROWSERS: usize = 4;
/// So often every tenant is visited before it counts, so that every connection has met most of them.
const WARM_UP: usize = 3;
const CREATE_DEMAND: f64 = 1.5;
const PAGE_DEMAND: f64 = 0.8;

#[tokio::main(worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let (few, many) = (Stage::start().await?, Stage::start().await?);
    println!("development build; PostgreSQL {} without waiting for the disk", many.major());

    let mut companies = Vec::new();
    let (mut ours, mut psql) = create(&many, &mut companies).await?;
    head("a tenant, ms");
    let slower = row("fleet migrator", &mut ours, 1) / row("psql, same SQL, one session", &mut psql, 1);

    let mut small = Vec::new();
    few.fill(&mut small, FEW).await?;
    many.fill(&mut companies, MANY).await?;
    warm_up(&few, &small).await?;
    warm_up(&many, &companies).await?;
    let (mut of_few, mut of_many) = (Vec::new(), Vec::new());
    for round in 1..=PAGE_ROUNDS {
        of_few.push(pages(&few, &small, PAGES).await?);
        of_many.push(pages(&many, &companies, PAGES).await?);
        println!("pages: round {round} of {PAGE_ROUNDS}, {:.0} and {:.0} pages/s", of_few[round - 1], of_many[round - 1]);
    }
    head("list of projects, pages/s");
    let few_median = row(&format!("as one of {FEW} tenants"), &mut of_few, 0);
    let kept = row(&format!("as one of {MANY} tenants"), &mut of_many, 0) / few_median;

    few.stop().await?;
    many.stop().await?;
    println!("tenants: creating ratio {slower:.2} (demand at most {CREATE_DEMAND})");
    println!("tenants: ratio {kept:.2} (demand {PAGE_DEMAND})");
    Ok(if slower <= CREATE_DEMAND && kept >= PAGE_DEMAND { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Creates tenants in turn by the fleet migrator, one after the other as provisioning does, and by psql; the milliseconds a
/// tenant of each round.
async fn create(stage: &Stage, companies: &mut Vec<Company>) -> Result<(Vec<f64>, Vec<f64>)> {
    let fleet = stage.app.tenants.fleet()?;
    let (mut ours, mut psql) = (Vec::new(), Vec::new());
    let file = stage.folder().join("tenants.sql");
    for round in 1..=ROUNDS {
        let (by_us, by_psql) = (stage.register(companies, BATCH).await?, stage.register(companies, BATCH).await?);
        tokio::fs::write(&file, by_psql.iter().map(|company| script(company, stage.major())).collect::<String>()).await?;

        let start = Instant::now();
        for company in &by_us {
            fleet.migrate_tenant(company.id, &company.schema).await?;
        }
        ours.push(each(start.elapsed()));
        let start = Instant::now();
        run_psql(&stage.owner_url(), &file).await?;
        psql.push(each(start.elapsed()));

        let (a, b) = (fingerprint(stage, &by_us[0]).await?, fingerprint(stage, &by_psql[0]).await?);
        ensure!(a == b, "the two do not make the same schema:\n{}", difference(&a, &b));
        println!("creating: round {round} of {ROUNDS}, {} things in every schema, the same on both sides", a.lines().count());
    }
    Ok((ours, psql))
}

fn each(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0 / BATCH as f64
}

/// The lines that only one of two texts has.
fn difference(a: &str, b: &str) -> String {
    let only = |mark, of: &str, other: &str| {
        let lines = of.lines().filter(|line| !other.lines().any(|o| o == *line));
        lines.map(|line| format!("{mark} {line}\n")).collect::<String>()
    };
    only('<', a, b) + &only('>', b, a)
}

async fn run_psql(url: &str, file: &Path) -> Result<()> {
    let run = Command::new("psql").args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(file).arg(url).output().await;
    let run = run.context("psql does not run; it comes with PostgreSQL's client: apt-get install postgresql-client")?;
    ensure!(run.status.success(), "psql failed: {}", String::from_utf8_lossy(&run.stderr));
    Ok(())
}

async fn warm_up(stage: &Stage, companies: &[Company]) -> Result<()> {
    let n = companies.len();
    let first = pages(stage, companies, n).await?;
    let later = pages(stage, companies, n * (WARM_UP - 1)).await?;
    println!("warming up: {n} tenants, {first:.0} pages/s at the first visit, {later:.0} later");
    Ok(())
}

/// Opens so many pages, one tenant after the other, and looks at each; pages per second.
async fn pages(stage: &Stage, companies: &[Company], count: usize) -> Result<f64> {
    let start = Instant::now();
    let mut browsers = JoinSet::new();
    for browser in 0..BROWSERS {
        let visits: Vec<_> = (browser..count).step_by(BROWSERS).map(|at| companies[at % companies.len()].visit()).collect();
        let program = stage.program.clone();
        browsers.spawn(async move {
            for visit in visits {
                let page = visit.open(&program).await?;
                let own = page.matches(&visit.mark).count();
                ensure!(own == PROJECTS, "{own} of {PROJECTS} projects on the page of {}: {page}", visit.host);
            }
            Ok(())
        });
    }
    while let Some(done) = browsers.join_next().await {
        done??;
    }
    Ok(count as f64 / start.elapsed().as_secs_f64())
}
