//! What a paper states, as one number.

use crate::{Content, Order};
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What is stated. How it looks is not.
#[derive(Serialize)]
struct Stated<'a> {
    company: &'a str,
    number: &'a str,
    issued: NaiveDate,
    content: &'a Content,
}

impl Order {
    /// SHA-256 over what the paper states: company, number, day and content, as JSON without spaces and with sorted keys. How it looks is
    /// not in it, so a paper that is printed again with another logo keeps it.
    pub fn fingerprint(&self) -> [u8; 32] {
        let stated = Stated { company: &self.brand.company, number: &self.number, issued: self.issued, content: &self.content };
        let value = serde_json::to_value(stated).unwrap_or_default();
        let mut canonical = String::new();
        write(&value, &mut canonical);
        Sha256::digest(canonical).into()
    }

    /// Its first 80 bits in groups that two people can compare: `7f3a 91c2 0b4e 55d1 8a90`.
    pub fn short_fingerprint(&self) -> String {
        let groups = self.fingerprint()[..10].chunks(2).map(|pair| format!("{:02x}{:02x}", pair[0], pair[1])).collect::<Vec<_>>();
        groups.join(" ")
    }
}

/// Sorts by hand: whether a map of `serde_json` is sorted depends on which features other crates ask for.
fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|&(key, _)| key);
            out.push('{');
            for (at, (key, value)) in entries.into_iter().enumerate() {
                separate(at, out);
                out.push_str(&Value::from(key.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                separate(at, out);
                write(value, out);
            }
            out.push(']');
        }
        plain => out.push_str(&plain.to_string()),
    }
}

fn separate(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}
