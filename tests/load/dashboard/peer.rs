//! pgbench with the program's own SQL: what the database server logged while each household's page was made.

use anyhow::{Context, Result, bail, ensure};
use embedded::postgres::Role;
use std::{collections::BTreeMap, fmt::Write, net::SocketAddr, path::PathBuf, time::Duration};
use tests::load::{Browser, Household, Stage};
use tokio::process::Command;

/// A script a household.
pub struct Peer {
    /// Of one page.
    pub statements: usize,
    /// Of one page.
    pub round_trips: usize,
    url: String,
    scripts: Vec<(PathBuf, BTreeMap<String, String>)>,
}

/// One statement as it was sent: its text and its values.
struct Sent {
    sql: String,
    values: BTreeMap<usize, String>,
}

impl Peer {
    /// Opens each household's page once while the server logs.
    pub async fn record(stage: &Stage, at: SocketAddr, homes: &[Household]) -> Result<Self> {
        let log = stage.postgres().log();
        let mut browser = Browser::open(at).await?;
        let mut peer = Self { statements: 0, round_trips: 0, url: stage.url(Role::App), scripts: Vec::new() };
        // The registry is asked once in five seconds and not for each page: asked just before, it is not in the record.
        for (n, home) in homes.iter().enumerate() {
            browser.get(&home.host, &home.cookie, "/").await?;
            stage.postgres().log_statements(true).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            let before = std::fs::metadata(&log)?.len();
            browser.get(&home.host, &home.cookie, "/").await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
            let logged = std::fs::read(&log)?;
            stage.postgres().log_statements(false).await?;
            let sent = parse(&String::from_utf8_lossy(&logged[usize::try_from(before)?..]))?;
            ensure!(sent.len() > 10, "the log has only {} statements of a page", sent.len());
            peer.statements = sent.len();
            let (script, values, trips) = script(&sent);
            peer.round_trips = trips;
            let file = stage.folder().join(format!("page-{n}.sql"));
            std::fs::write(&file, script)?;
            peer.scripts.push((file, values));
        }
        Ok(peer)
    }

    /// Transactions, which are pages, per second.
    pub async fn run(&self, callers: usize, time: Duration) -> Result<f64> {
        // Debian keeps it beside the server; elsewhere it is on the search path.
        let installed = (15..=19).rev().map(|v| PathBuf::from(format!("/usr/lib/postgresql/{v}/bin/pgbench"))).find(|file| file.exists());
        let mut command = Command::new(installed.unwrap_or_else(|| "pgbench".into()));
        command.args(["--no-vacuum", "--protocol=prepared", "--client"]).arg(callers.to_string());
        command.args(["--jobs=2", "--time"]).arg(time.as_secs().to_string());
        for (script, values) in &self.scripts {
            command.arg("--file").arg(script);
            for (name, value) in values {
                command.arg("--define").arg(format!("{name}={value}"));
            }
        }
        let done = command.arg(&self.url).output().await.context("pgbench does not run; it comes with PostgreSQL")?;
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        ensure!(done.status.success(), "pgbench: {}{}", said, String::from_utf8_lossy(&done.stderr));
        let errors = String::from_utf8_lossy(&done.stderr);
        ensure!(!errors.contains("ERROR"), "pgbench: {errors}");
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

/// A page as a script: what the program sends in one round trip is one pipeline. Values that repeat have one name.
fn script(sent: &[Sent]) -> (String, BTreeMap<String, String>, usize) {
    let (mut text, mut values, mut trips) = (String::new(), BTreeMap::new(), 0);
    let page = uuid::Uuid::now_v7().simple().to_string();
    for Sent { sql, values: own } in sent {
        trips += 1;
        let parts: Vec<&str> = sql.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() > 1 {
            let _ = writeln!(text, "\\startpipeline\n{};\n\\endpipeline", parts.join(";\n"));
            continue;
        }
        let mut filled = sql.clone();
        for number in (1..=32).rev() {
            let mark = format!("${number}");
            if !filled.contains(&mark) {
                continue;
            }
            let with = match own.get(&number) {
                Some(value) => {
                    let name = format!("v{page}_{}", values.len());
                    let known = values.iter().find(|(_, v)| *v == value).map(|(name, _): (&String, _)| name.clone());
                    let name = known.unwrap_or(name);
                    values.insert(name.clone(), value.clone());
                    format!(":{name}{}", type_of(value))
                }
                None => "NULL".to_owned(),
            };
            filled = filled.replace(&mark, &with);
        }
        let _ = writeln!(text, "{filled};");
    }
    (text, values, trips)
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
