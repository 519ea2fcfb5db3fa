//! pgbench with the program's own SQL: what the database server logged while each household's page was made.

use anyhow::{Context, Result, bail, ensure};
use embedded::postgres::Role;
use std::{collections::BTreeMap, fmt::Write, net::SocketAddr, path::PathBuf, time::Duration};
use tests::load::{Browser, Household, Stage};
use tokio::process::Command;

/// The pages of all households as one script, whose statements all of them share, as they do in the program.
pub struct Peer {
    /// Of one page.
    pub statements: usize,
    /// Of one page.
    pub round_trips: usize,
    url: String,
    file: PathBuf,
}

/// One statement as it was sent: its text and its values.
struct Sent {
    sql: String,
    values: BTreeMap<usize, String>,
}

impl Peer {
    /// Opens each household's page once while the server logs.
    pub async fn record(stage: &Stage, at: SocketAddr, homes: &[Household]) -> Result<Self> {
        let mut browser = Browser::open(at).await?;
        let mut pages: Vec<Vec<Sent>> = Vec::new();
        for home in homes {
            // The registry is asked once in five seconds and not for each page, so a page that asked it is no measure.
            let page = loop {
                let page = Self::page(stage, &mut browser, home).await?;
                if !page.iter().any(|sent| sent.sql.contains("plumbline_platform")) {
                    break page;
                }
            };
            ensure!(page.len() >= 8, "the log has only {} statements of a page", page.len());
            pages.push(page);
        }
        let (script, columns) = script(&pages[0], homes.len())?;
        let file = stage.folder().join("page.sql");
        std::fs::write(&file, script)?;
        stage.execute(table(&pages, columns)?).await?;
        Ok(Self { statements: pages[0].len(), round_trips: pages[0].len(), url: stage.url(Role::App), file })
    }

    /// What the server logs while this household's page is made.
    async fn page(stage: &Stage, browser: &mut Browser, home: &Household) -> Result<Vec<Sent>> {
        let log = stage.postgres().log();
        stage.postgres().log_statements(true).await?;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let before = std::fs::metadata(&log)?.len();
        browser.get(&home.host, &home.cookie, "/").await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let logged = std::fs::read(&log)?;
        stage.postgres().log_statements(false).await?;
        parse(&String::from_utf8_lossy(&logged[usize::try_from(before)?..]))
    }

    /// Transactions, which are pages, per second.
    pub async fn run(&self, callers: usize, time: Duration) -> Result<f64> {
        // Debian keeps it beside the server; elsewhere it is on the search path.
        let installed = (15..=19).rev().map(|v| PathBuf::from(format!("/usr/lib/postgresql/{v}/bin/pgbench"))).find(|file| file.exists());
        let mut command = Command::new(installed.unwrap_or_else(|| "pgbench".into()));
        command.args(["--no-vacuum", "--protocol=prepared", "--client"]).arg(callers.to_string());
        command.args(["--jobs=2", "--time"]).arg(time.as_secs().to_string()).arg("--file").arg(&self.file);
        let done = command.arg(&self.url).output().await.context("pgbench does not run; it comes with PostgreSQL")?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        let errors = String::from_utf8_lossy(&done.stderr);
        ensure!(done.status.success() && !errors.contains("ERROR"), "pgbench: {said}{errors}");
        let tps = said.lines().find_map(|line| line.strip_prefix("tps = ")).context("pgbench told no rate")?;
        Ok(tps.split_whitespace().next().unwrap_or_default().parse()?)
    }
}

/// The statements in a piece of the server's log, in their order.
fn parse(log: &str) -> Result<Vec<Sent>> {
    let mut sent: Vec<Sent> = Vec::new();
    for line in log.lines() {
        if let Some(more) = line.strip_prefix('\t') {
            if let Some(last) = sent.last_mut() {
                last.sql.push(' ');
                last.sql.push_str(more);
            }
        } else if let Some((_, values)) = line.split_once("DETAIL:  parameters: ") {
            let last = sent.last_mut().context("values without a statement")?;
            last.values = values_of(values)?;
        } else if let Some((_, sql)) = line.split_once("LOG:  statement: ") {
            // The switch of the log itself comes from another connection.
            if !sql.contains("pg_reload_conf") && !sql.contains("ALTER SYSTEM") {
                sent.push(Sent { sql: sql.to_owned(), values: BTreeMap::new() });
            }
        } else if let Some((_, named)) = line.split_once("LOG:  execute ") {
            let (_, sql) = named.split_once(": ").context("a statement without a text")?;
            sent.push(Sent { sql: sql.to_owned(), values: BTreeMap::new() });
        }
    }
    Ok(sent)
}

/// `$1 = 'a', $2 = NULL`, with quotes doubled inside of values.
fn values_of(text: &str) -> Result<BTreeMap<usize, String>> {
    let (mut values, mut rest) = (BTreeMap::new(), text);
    while let Some(after) = rest.strip_prefix('$') {
        let (number, after) = after.split_once(" = ").context("a value without a number")?;
        let number: usize = number.parse()?;
        if let Some(after) = after.strip_prefix("NULL") {
            rest = after;
        } else {
            let quoted = after.strip_prefix('\'').context("a value without quotes")?;
            let mut end = 0;
            loop {
                end += quoted[end..].find('\'').context("a value without an end")?;
                if quoted[end + 1..].starts_with('\'') { end += 2 } else { break }
            }
            values.insert(number, quoted[..end].replace("''", "'"));
            rest = &quoted[end + 1..];
        }
        rest = rest.strip_prefix(", ").unwrap_or(rest);
    }
    if rest.is_empty() { Ok(values) } else { bail!("cannot read the values {rest}") }
}

/// What a transaction begins with: its own statements, and the settings that make it a tenant's.
fn settings(sql: &str) -> Vec<(&str, String)> {
    let setting = |part: &str| {
        let (name, value) = part.strip_prefix("SET LOCAL ")?.split_once(' ').map(|(name, rest)| (name.to_owned(), rest))?;
        let value = value.trim_start_matches("TO ").trim_start_matches("= ").trim_matches('\'').to_owned();
        Some((
            if name == "ROLE" {
                "role"
            } else if name == "search_path" {
                "search_path"
            } else {
                "app.customer_id"
            },
            value,
        ))
    };
    sql.split(';').map(str::trim).filter_map(setting).collect()
}

/// All the values of a page, in the order in which the script uses them.
fn values(page: &[Sent]) -> Vec<String> {
    let of = |sent: &Sent| {
        let set = settings(&sent.sql).into_iter().map(|(_, value)| value);
        set.chain(sent.values.values().cloned()).collect::<Vec<_>>()
    };
    page.iter().flat_map(of).collect()
}

/// A page as a script, for a household at random, and how many values it takes. The household's values come out of a table, by
/// one statement more than the program needs. Role and path are set by `set_config`, for a prepared `SET` takes no parameters.
fn script(page: &[Sent], homes: usize) -> Result<(String, usize)> {
    let (mut text, mut next) = (String::new(), 0);
    for Sent { sql, values } in page {
        let set = settings(sql);
        if !set.is_empty() {
            let calls = set.iter().enumerate().map(|(n, (name, _))| format!("set_config('{name}', :v{}, true)", next + n));
            let _ = writeln!(text, "\\startpipeline\nBEGIN;\nSELECT {};\n\\endpipeline", calls.collect::<Vec<_>>().join(", "));
            next += set.len();
            continue;
        }
        let mut filled = sql.clone();
        for (at, (number, value)) in values.iter().enumerate().rev() {
            filled = filled.replace(&format!("${number}"), &format!(":v{}{}", next + at, type_of(value)));
        }
        // What the log gave no value is null.
        for number in (1..=64).rev() {
            filled = filled.replace(&format!("${number}"), "NULL");
        }
        next += values.len();
        let _ = writeln!(text, "{filled};");
    }
    let columns: Vec<_> = (0..next).map(|n| format!("v{n}")).collect();
    let pick = format!("\\set n random(1, {homes})\nSELECT {} FROM bench.pages WHERE n = :n \\gset\n", columns.join(", "));
    Ok((pick + &text, next))
}

/// The table that the script takes a household's values from.
fn table(pages: &[Vec<Sent>], columns: usize) -> Result<String> {
    let names: Vec<_> = (0..columns).map(|n| format!("v{n} text")).collect();
    let mut sql = format!(
        "CREATE SCHEMA bench; CREATE TABLE bench.pages (n int PRIMARY KEY, {}); GRANT USAGE ON SCHEMA bench TO PUBLIC; \
         GRANT SELECT ON bench.pages TO PUBLIC;",
        names.join(", ")
    );
    for (n, page) in pages.iter().enumerate() {
        let row = values(page);
        ensure!(row.len() == columns, "the pages differ in their values: {} and {columns}", row.len());
        let row: Vec<_> = row.iter().map(|value| format!("'{}'", value.replace('\'', "''"))).collect();
        let _ = write!(sql, "INSERT INTO bench.pages VALUES ({}, {});", n + 1, row.join(", "));
    }
    Ok(sql + "ANALYZE bench.pages;")
}

/// The program says the types of its values; here they follow from how the log writes them.
fn type_of(value: &str) -> &'static str {
    let bytes = value.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    if value.starts_with('{') && value.len() > 36 {
        "::uuid[]"
    } else if value.parse::<uuid::Uuid>().is_ok() {
        "::uuid"
    } else if value.starts_with("\\x") {
        "::bytea"
    } else if digits(0..4) && digits(5..7) && bytes.get(10) == Some(&b' ') {
        "::timestamptz"
    } else if digits(0..4) && digits(5..7) && digits(8..10) && bytes.len() == 10 {
        "::date"
    } else {
        ""
    }
}
