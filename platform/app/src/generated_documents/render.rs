//! From an order to a PDF: in a child process with limits, so many at once as the configuration says.

use super::source::Made;
use confine::{Limits, Program, Stopped};
use kernel::{App, Problem, Result, config::DocumentsConfig};
use serde_json::Value;
use std::time::Duration;
use typeset::{Failure, Order, Pdf};

/// How the program is called that does the work; `cli` answers to it.
pub const COMMAND: &str = "typeset";
/// Whoever waits longer for a turn is told to come again.
const PATIENCE: Duration = Duration::from_secs(30);

/// Renders an order. Signs that no font has and nobody misses, an emoji in an update say, are left out; letters never are.
pub async fn pdf(app: &App, order: Order) -> Result<Made> {
    let turn = tokio::time::timeout(PATIENCE, app.children.acquire()).await;
    let _turn = turn.map_err(|_| busy())?.map_err(Problem::internal)?;
    match once(&app.config.documents, &order).await {
        Ok(pdf) => Ok(Made { pdf, left_out: Vec::new() }),
        Err(Failure::MissingGlyph(signs)) if signs.iter().all(|sign| !sign.is_alphanumeric()) => {
            let order = without(&order, &signs)?;
            let pdf = once(&app.config.documents, &order).await.map_err(problem)?;
            Ok(Made { pdf, left_out: signs })
        }
        Err(failure) => Err(problem(failure)),
    }
}

async fn once(config: &DocumentsConfig, order: &Order) -> Result<Pdf, Failure> {
    let program = match config.program.as_str() {
        "" => Program::own(&[COMMAND]).map_err(|error| Failure::from(Stopped::from(error)))?,
        file => Program::new(file, &[COMMAND]),
    };
    typeset::render(&program, limits(config), order).await
}

fn limits(config: &DocumentsConfig) -> Limits {
    Limits {
        memory: config.memory_mb << 20,
        cpu: Duration::from_secs(config.cpu_seconds),
        time: Duration::from_secs(config.seconds),
        output: usize::try_from(config.max_bytes).unwrap_or(usize::MAX),
    }
}

/// The same order with these signs in none of its texts.
fn without(order: &Order, signs: &[char]) -> Result<Order> {
    let mut value = serde_json::to_value(order).map_err(Problem::internal)?;
    strip(&mut value, signs);
    serde_json::from_value(value).map_err(Problem::internal)
}

fn strip(value: &mut Value, signs: &[char]) {
    match value {
        Value::String(text) if text.contains(signs) => *text = text.replace(signs, ""),
        Value::Array(items) => items.iter_mut().for_each(|item| strip(item, signs)),
        Value::Object(fields) => fields.values_mut().for_each(|field| strip(field, signs)),
        _ => {}
    }
}

/// Why there is no document, in words for staff. A conflict will be the same the next time.
fn problem(failure: Failure) -> Problem {
    let words = match &failure {
        Failure::Child(Stopped::Time) => "Making it took longer than it may. With fewer photos or shorter texts it will work.".to_owned(),
        Failure::Child(Stopped::Memory | Stopped::Output) => {
            "It needs more room than it may. With fewer photos or shorter texts it will work.".to_owned()
        }
        Failure::Child(_) => "The program that makes documents broke off.".to_owned(),
        known => known.to_string(),
    };
    match failure.is_final() {
        true => Problem::conflict(failure.code(), words).caused_by(failure),
        false => Problem::unavailable(failure.code(), words).caused_by(failure),
    }
}

fn busy() -> Problem {
    Problem::unavailable("documents_busy", "Many documents are being made at this moment. Try again in a minute.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn signs_are_left_out_of_every_text() {
        let mut value = json!({ "a": "Done 👍!", "b": [{ "c": "👍" }, 7], "d": "Fine." });
        strip(&mut value, &['👍']);
        assert_eq!(value, json!({ "a": "Done !", "b": [{ "c": "" }, 7], "d": "Fine." }));
    }

    #[test]
    fn what_would_be_the_same_again_is_a_conflict() {
        assert_eq!(problem(Failure::from(Stopped::Time)).code(), "took_too_long");
        assert_eq!(problem(Failure::from(Stopped::Time)).kind(), kernel::problem::Kind::Conflict);
        let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
        assert_eq!(problem(Failure::from(Stopped::Machine(gone))).kind(), kernel::problem::Kind::Unavailable);
        assert!(problem(Failure::MissingGlyph(vec!['李'])).words().contains('李'));
    }
}
