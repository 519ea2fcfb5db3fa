//! Each way in which a child can misbehave ends within its limit, with the right word for it.

use confine::{Limits, Program, Stopped};
use std::time::Duration;

const LIMITS: Limits = Limits { memory: 256 << 20, cpu: Duration::from_secs(1), time: Duration::from_secs(20), output: 1 << 16 };

async fn probe(input: &str, limits: Limits) -> Result<String, Stopped> {
    let program = Program::new(env!("CARGO_BIN_EXE_confine-probe"), &[]);
    program.run(limits, input.as_bytes()).await.map(|bytes| String::from_utf8(bytes).expect("a text"))
}

#[tokio::test]
async fn work_is_answered() {
    assert_eq!(probe("a plumb line", LIMITS).await.unwrap(), "A PLUMB LINE");
}

#[tokio::test]
async fn a_child_has_neither_environment_nor_folder() {
    assert_eq!(probe("environment", LIMITS).await.unwrap(), "0 variables, in /");
}

#[tokio::test]
async fn an_endless_loop_is_ended_by_processor_time() {
    assert!(matches!(probe("loop", LIMITS).await, Err(Stopped::Time)));
}

#[tokio::test]
async fn one_that_only_waits_is_ended_by_the_clock() {
    let limits = Limits { time: Duration::from_millis(300), ..LIMITS };
    assert!(matches!(probe("sleep", limits).await, Err(Stopped::Time)));
}

#[tokio::test]
async fn memory_is_bounded() {
    let ended = probe("eat", Limits { cpu: Duration::from_secs(20), ..LIMITS }).await;
    assert!(matches!(ended, Err(Stopped::Memory)), "{ended:?}");
}

#[tokio::test]
async fn a_long_answer_is_not_kept() {
    assert!(matches!(probe("talk", LIMITS).await, Err(Stopped::Output)));
}

#[tokio::test]
async fn refusals_and_deaths_are_told_apart() {
    let refused = probe("refuse", LIMITS).await.unwrap_err();
    assert!(matches!(&refused, Stopped::Refused(words) if words == "I will not."));
    assert!(refused.is_final());
    let died = probe("die", LIMITS).await.unwrap_err();
    assert!(matches!(died, Stopped::Died { .. }) && !died.is_final());
}

#[tokio::test]
async fn a_program_that_is_not_there_is_the_machines_fault() {
    let ended = Program::new("/nonexistent/program", &[]).run(LIMITS, b"").await.unwrap_err();
    assert!(matches!(ended, Stopped::Machine(_)) && !ended.is_final());
}
