//! The three layers, laid over each other as TOML and read into the structs once.

use super::{Config, REFERENCE};
use std::{ffi::OsString, fmt, path::Path};
use toml::{Table, Value};

const PREFIX: &str = "PLUMBLINE__";

/// A setting that cannot be used. Says which, and never shows a value, for it may be a secret.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError {
    key: String,
    words: String,
}

impl ConfigError {
    pub(super) fn new(key: impl Into<String>, words: impl Into<String>) -> Self {
        Self { key: key.into(), words: words.into() }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "configuration: {} {}", self.key, self.words)
    }
}

impl std::error::Error for ConfigError {}

/// Lays the environment over the file over the defaults.
pub(super) fn read(file: Option<&Path>, environment: &mut dyn Iterator<Item = (OsString, OsString)>) -> Result<Config, ConfigError> {
    let known: Table = toml::from_str(REFERENCE).map_err(|e| ConfigError::new("config.default.toml", e.to_string()))?;
    let mut all = known.clone();
    if let Some(path) = file {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| ConfigError::new(&name, format!("cannot be read: {e}")))?;
        let over: Table = toml::from_str(&text).map_err(|e| ConfigError::new(&name, place(&text, &e)))?;
        lay_over(&mut all, over, &known, "", &name)?;
    }
    for (name, value) in environment {
        let Some(path) = name.to_str().and_then(|n| n.strip_prefix(PREFIX)) else { continue };
        let key = path.to_lowercase().replace("__", ".");
        let text = value.into_string().map_err(|_| ConfigError::new(&key, "is not UTF-8 in the environment"))?;
        let over = nested(&key, &text, &known);
        lay_over(&mut all, over, &known, "", "the environment")?;
    }
    let names = all.keys().cloned().collect::<Vec<_>>();
    // Section by section, for a message that names the section even if the value's own message does not.
    for section in names {
        let mut one = known.clone();
        one.insert(section.clone(), all[&section].clone());
        one.try_into::<Config>().map_err(|e| ConfigError::new(format!("[{section}]"), one_line(e.message())))?;
    }
    all.try_into().map_err(|e: toml::de::Error| ConfigError::new("as a whole", one_line(e.message())))
}

/// Merges tables; other values are replaced. A key that the defaults do not have is unknown, except below `plans`, and in
/// a secret's `{ file = … }`.
fn lay_over(base: &mut Table, over: Table, known: &Table, path: &str, origin: &str) -> Result<(), ConfigError> {
    for (key, value) in over {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let free = path == "plans";
        if !free && !known.contains_key(&key) {
            let words = format!("in {origin} is not a setting; config.default.toml lists all of them{}", hint(&key, known));
            return Err(ConfigError::new(full, words));
        }
        let below = known.get(&key).or_else(|| free.then(|| known.get("standard")).flatten()).and_then(Value::as_table);
        match (value, below) {
            (Value::Table(over), Some(below)) => {
                let slot = base.entry(key).or_insert_with(|| Value::Table(Table::new()));
                let Value::Table(slot) = slot else { return Err(ConfigError::new(full, "is a section")) };
                lay_over(slot, over, below, &full, origin)?;
            }
            (_, Some(_)) => return Err(ConfigError::new(full, format!("in {origin} is a section, not a value"))),
            (value, None) => {
                base.insert(key, value);
            }
        }
    }
    Ok(())
}

/// `database.url` and a text become tables; the default's type says how the text is read.
fn nested(key: &str, text: &str, known: &Table) -> Table {
    let mut parts: Vec<&str> = key.split('.').collect();
    let sample = parts.iter().try_fold(&Value::Table(known.clone()), |at, part| at.get(part)).cloned();
    // `…__FILE` of a secret.
    let value = match sample {
        Some(Value::Integer(_)) => text.trim().parse().map(Value::Integer).ok(),
        Some(Value::Boolean(_)) => text.trim().parse().map(Value::Boolean).ok(),
        Some(Value::Array(_)) => Some(list(text)),
        None if parts.first() == Some(&"plans") => text.trim().parse().map(Value::Integer).ok(),
        _ => None,
    };
    let mut value = value.unwrap_or_else(|| Value::String(text.to_owned()));
    while let Some(part) = parts.pop() {
        value = Value::Table(Table::from_iter([(part.to_owned(), value)]));
    }
    match value {
        Value::Table(table) => table,
        _ => Table::new(),
    }
}

/// A list in the environment: separated by commas.
fn list(text: &str) -> Value {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
}

/// The known key that is most like a mistyped one.
fn hint(key: &str, known: &Table) -> String {
    let alike = |other: &str| other.chars().zip(key.chars()).take_while(|(a, b)| a == b).count();
    let best = known.keys().max_by_key(|other| alike(other)).filter(|other| alike(other) >= 3);
    best.map(|other| format!(" (did you mean {other}?)")).unwrap_or_default()
}

/// Where a file is no TOML, by line, without showing the line.
fn place(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map(|span| text[..span.start.min(text.len())].lines().count().max(1));
    let line = line.map(|n| format!(" (line {n})")).unwrap_or_default();
    format!("is not TOML{line}: {}", one_line(error.message()))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
