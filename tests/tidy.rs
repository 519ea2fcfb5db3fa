//! Reads the sources and holds them to the rules of the house: sizes, first lines, who may know whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// Files and texts below a folder of the project, by their path in it.
pub fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let (mut folders, mut found) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for path in entries.flatten().map(|e| e.path()) {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default().to_owned();
            if path.is_dir() {
                if !matches!(name.as_str(), "node_modules" | "dist" | "target" | ".git" | "data") {
                    folders.push(path);
                }
            } else if let Ok(text) = fs::read_to_string(&path) {
                let inside = path.strip_prefix(root).unwrap_or(&path);
                found.push((inside.to_string_lossy().trim_start_matches("../").to_owned(), text));
            }
        }
    }
    found.sort();
    found
}

const RUST: &[&str] = &["envelope", "migrations", "tenants", "platform", "plugins", "tests"];

fn rust() -> Vec<(String, String)> {
    let mut all: Vec<_> = RUST.iter().flat_map(|f| sources(f)).filter(|(path, _)| path.ends_with(".rs")).collect();
    all.retain(|(path, _)| !path.contains("/fuzz/target/"));
    assert!(all.len() > 100, "only {} Rust files: is the folder right?", all.len());
    all
}

/// The text before its unit tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod ").next().unwrap_or(text)
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/examples/")
        || path.ends_with("tests.rs")
        || path.contains("/fuzz/")
}

/// Lines of code, without comments.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).filter(|line| !line.trim().is_empty())
}

#[test]
fn files_are_short_and_say_what_they_are() {
    let mut wrong = Vec::new();
    for (path, text) in rust() {
        let (lines, limit) = (text.lines().count(), if is_test(&path) { 600 } else { 400 });
        if lines > limit {
            wrong.push(format!("{path}: {lines} lines, at most {limit}"));
        }
        let first = text.lines().next().unwrap_or_default();
        let says = first.starts_with("//! ") || (is_test(&path) && first.starts_with("#!["));
        if !says {
            wrong.push(format!("{path}: the first line says what the file is, as `//! ...`"));
        }
    }
    for (path, text) in sources("admin-ui/src").into_iter().chain(sources("platform/app/assets")) {
        let made = path.ends_with(".d.ts") || path.ends_with(".min.js");
        let code = !made && [".ts", ".vue", ".js", ".css"].iter().any(|end| path.ends_with(end));
        if code && text.lines().count() > 400 {
            wrong.push(format!("{path}: {} lines, at most 400", text.lines().count()));
        }
        let first = text.lines().next().unwrap_or_default();
        if code && !(first.starts_with("//") || first.starts_with("/*") || first.starts_with("<!--")) {
            wrong.push(format!("{path}: the first line says what the file is, in a comment"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["XX", "X:"].concat()];
    let mut wrong = Vec::new();
    for (path, text) in rust().into_iter().chain(sources("admin-ui/src")).chain(sources("platform/app/templates")) {
        for (n, line) in text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark.as_str())) {
                wrong.push(format!("{path}:{}: {line}", n + 1));
            }
        }
        if path.ends_with(".rs") && !is_test(&path) {
            for line in code(product(&text)).filter(|line| line.contains(".unwrap()")) {
                wrong.push(format!("{path}: unwrap() outside of tests: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a part of the house must not name, and why it is a rule.
const BANS: &[(&str, &[&str], &str)] = &[
    ("tenants/src/", &["poem", "minijinja", "kernel::", "platform::", "http::Status"], "the boundary knows no HTTP, feature or template"),
    ("migrations/src/", &["poem", "tenants::", "kernel::", "platform::"], "migrations know SQL alone"),
    ("envelope/src/", &["tenants::", "kernel::", "aws_sdk", "sea_orm", "sqlx"], "the codec knows nothing of us"),
    (
        "platform/kernel/src/",
        &["platform::", "wasmtime", "stripe", "embedded::", "crate::signin", "crate::people"],
        "the kernel knows no feature",
    ),
    ("platform/typeset/src/", &["platform::", "kernel::", "tenants::", "std::fs", "std::env"], "a paper knows its order alone"),
    (
        "plugins/host/src/",
        &["poem", "sea_orm", "sqlx", "minijinja", "kernel::", "tenants::", "platform::", "wasmtime_wasi"],
        "the plugin host knows no product, and gives guests no WASI",
    ),
    ("platform/embedded/src/", &["platform::", "kernel::", "tenants::"], "the stand-ins are other machines"),
];

#[test]
fn parts_know_only_what_they_may() {
    let mut wrong = Vec::new();
    for (path, text) in rust() {
        if is_test(&path) {
            continue;
        }
        let bans = BANS.iter().filter(|(part, ..)| path.starts_with(part));
        let own: &[(&[&str], &str)] = match role(&path) {
            "ops" | "model" => &[(
                &["poem::", "StatusCode", "minijinja", "Utc::now", "std::env", "env::var"],
                "operations and rules know no HTTP, template, clock or environment",
            )],
            "api" | "portal" => &[(&["sea_orm", "sqlx", "migrations::"], "faces know no database")],
            _ => &[],
        };
        let all = bans.map(|(_, words, why)| (*words, *why)).chain(own.iter().map(|(words, why)| (*words, *why)));
        for (words, why) in all {
            for line in code(product(&text)) {
                if let Some(word) = words.iter().find(|word| names(line, word)) {
                    wrong.push(format!("{path}: {word}: {why}: {}", line.trim()));
                }
            }
        }
        let embedded = path.starts_with("platform/app/src/") && !path.starts_with("platform/app/src/dev/") && names(&text, "embedded::");
        if embedded {
            wrong.push(format!("{path}: only `platform dev` may load the stand-ins"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Which of the six names a file of a slice belongs to.
fn role(path: &str) -> &str {
    let Some(inside) = path.strip_prefix("platform/app/src/") else { return "" };
    let mut parts = inside.split('/').skip(1);
    parts.next().map(|p| p.trim_end_matches(".rs")).unwrap_or_default()
}

/// Whether a line names this and not a longer word that ends so: `poem::` is not `xpoem::`.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Slices are the folders of the product with operations; what stands beside them ties them together and may know all.
fn slices() -> BTreeMap<String, Vec<(String, String)>> {
    let mut slices: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for (path, text) in sources("platform/app/src") {
        let inside = path.trim_start_matches("platform/app/src/");
        if let Some((slice, _)) = inside.split_once('/').filter(|_| path.ends_with(".rs")) {
            slices.entry(slice.to_owned()).or_default().push((path.clone(), text));
        }
    }
    for tool in ["cli", "dev"] {
        slices.remove(tool);
    }
    assert!(slices.len() > 8, "{:?}", slices.keys());
    slices
}

/// `crate::<slice>::<next>` in a text, also inside of `use crate::{...}`.
fn uses(text: &str, slice: &str) -> Vec<String> {
    let flat: String = code(product(text)).collect::<Vec<_>>().join(" ");
    let mut found = Vec::new();
    let at_root = flat.split("use crate::{").skip(1).filter_map(|rest| rest.split("};").next());
    let grouped = at_root.map(|group| format!(" {group}")).collect::<String>();
    for (text, mark) in [(&flat, format!("crate::{slice}")), (&grouped, format!(" {slice}")), (&flat, format!("{slice}::"))] {
        for (at, _) in text.match_indices(&mark) {
            if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let rest = text[at + mark.len()..].trim_start_matches("::");
            let next: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == '{').collect();
            let bare = text[at + mark.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_') && !mark.ends_with("::");
            if !bare {
                found.push(next);
            }
        }
    }
    found
}

/// Of another slice one may use operations, and what the slice itself hands out: ids, views, inputs (`pub use` in its mod.rs).
/// Pages may show another slice's rows of pages and the brand; callers.rs, events.rs, subscribers.rs, routes.rs and work.rs are the places
/// that tie slices together and are no slices.
const PARTS: &[&str] = &["model", "portal", "jobs"];
/// Uses that are there with a reason. This list only shrinks.
const ALLOWED: &[(&str, &str, &str)] = &[];

#[test]
fn a_slice_uses_of_another_only_its_operations_ids_and_views() {
    let slices = slices();
    let mut wrong = Vec::new();
    for (slice, files) in &slices {
        for (path, text) in files {
            for other in slices.keys().filter(|other| *other != slice) {
                for next in uses(text, other) {
                    let allowed = ALLOWED.iter().any(|(file, part, _)| path.ends_with(file) && *part == format!("{other}::{next}"));
                    if PARTS.contains(&next.as_str()) && !allowed {
                        wrong.push(format!("{path}: {other}::{next}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_slices_make_no_circle() {
    let slices = slices();
    let mut graph: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (slice, files) in &slices {
        for (path, text) in files {
            if !matches!(role(path), "ops" | "model" | "jobs") {
                continue;
            }
            let known = slices.keys().filter(|other| *other != slice && !uses(text, other).is_empty());
            graph.entry(slice).or_default().extend(known.map(String::as_str));
        }
    }
    // Take out what uses nothing that is left, again and again; a circle is what remains.
    loop {
        let done: Vec<&str> = graph.iter().filter(|(_, uses)| uses.iter().all(|u| !graph.contains_key(u))).map(|(s, _)| *s).collect();
        if done.is_empty() {
            break;
        }
        done.into_iter().for_each(|slice| drop(graph.remove(slice)));
    }
    assert!(graph.is_empty(), "these slices use each other in a circle: {graph:#?}");
}

#[test]
fn the_console_writes_no_request_by_hand() {
    let mut wrong = Vec::new();
    for (path, text) in sources("admin-ui/src") {
        // Uploads show their progress, which fetch cannot; the addresses are the generated ones.
        if path.ends_with("/kit/upload.ts") || path.ends_with("/kit/upload.test.ts") {
            continue;
        }
        let by_hand = ["fetch(", "XMLHttpRequest", "axios"];
        for (n, line) in text.lines().enumerate() {
            let word = by_hand.iter().find(|word| names(line, word));
            let comment = line.trim_start().starts_with("//") || line.trim_start().starts_with('*');
            if let Some(word) = word.filter(|_| !comment && !line.contains("refetch(")) {
                wrong.push(format!("{path}:{}: {word}", n + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_schema_has_types_that_outlive_a_statement() {
    for (path, text) in sources("migrations/src").into_iter().filter(|(path, _)| path.ends_with(".sql")) {
        let sql: String = text.lines().map(|l| l.split("--").next().unwrap_or_default().to_uppercase()).collect::<Vec<_>>().join("\n");
        for ban in ["CREATE TYPE", "CREATE DOMAIN", " ALTER COLUMN ", "SET SEARCH_PATH TO", " DROP COLUMN "] {
            assert!(!sql.contains(ban), "{path}: {ban}: text with CHECK, and columns that keep their type");
        }
    }
}
