//! Projects are reached by handles of this call only, and only this company's.

use crate::{
    fixtures::{Guest, TELL_FAILURE, decline, text},
    product::{host, installed},
};
use async_trait::async_trait;
use plugin_host::{
    Outcome, Reason,
    author::sample::{PROJECT, SampleProjects},
    data::Company,
    delegate::{Failure, FailureCode, Part, PartData, Projects},
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

const DETAILS: (&str, &str, &str) = ("projects", "[method]project.details", "$details (param i32 i32)");
const DROP: (&str, &str, &str) = ("projects", "[resource-drop]project", "$drop (param i32)");
const OPEN: (&str, &str, &str) = ("projects", "open", "$open (param i32 i32 i32)");

fn guest(body: &str) -> Guest {
    Guest::generator(body).import(DETAILS.0, DETAILS.1, DETAILS.2).import(DROP.0, DROP.1, DROP.2).import(OPEN.0, OPEN.1, OPEN.2)
}

async fn outcome(guest: Guest) -> Outcome {
    installed(host(), &guest.packed()).await.run(host()).await.report.outcome
}

fn stopped() -> Outcome {
    Outcome::Stopped { reason: Reason::BadHandle }
}

#[tokio::test]
async fn the_handle_of_the_call_works() {
    let body = format!("(call $details (local.get 8) (i32.const 256)) (call $drop (local.get 8)) {}", decline(4));
    assert_eq!(outcome(guest(&body).with(&text("read"))).await, Outcome::Declined { message: "read".to_owned() });
}

#[tokio::test]
async fn a_handle_that_was_given_back_is_stale() {
    let body = format!("(call $drop (local.get 8)) (call $details (local.get 8) (i32.const 256)) {}", decline(4));
    assert_eq!(outcome(guest(&body).with(&text("read"))).await, stopped());
    assert_eq!(Reason::BadHandle.words(), "Stopped: it used something that it was not given, or had given back. Nothing was saved.");
}

#[tokio::test]
async fn handles_cannot_be_guessed_or_kept() {
    for guess in ["0", "1", "2", "77", "-1"] {
        let body = format!("(call $details (i32.const {guess}) (i32.const 256)) {}", decline(4));
        // The one handle that there is has some number; any other is refused.
        let got = outcome(guest(&body).with(&text("read"))).await;
        assert!(got == stopped() || got == stopped_by_keeping(), "{guess}: {got:?}");
    }
    let kept = decline(4);
    assert_eq!(outcome(guest(&kept).with(&text("kept"))).await, stopped_by_keeping());
}

/// A borrowed handle is to be given back before the call ends; the contract's machinery sees to it.
fn stopped_by_keeping() -> Outcome {
    Outcome::Stopped { reason: Reason::BadHandle }
}

#[tokio::test]
async fn another_companys_ids_are_not_there() {
    let other = "01930f3e-0000-7000-8000-00000000beef";
    let end = format!("(call $drop (local.get 8)) {TELL_FAILURE}");
    for id in [other, "", "'; drop table projects; --", "../../etc/passwd"] {
        let body = format!("(call $open (i32.const 1024) (i32.const {}) (i32.const 256)) {end}", id.len());
        let got = outcome(guest(&body).with(&text(id))).await;
        assert_eq!(got, Outcome::Declined { message: "There is no such project.".to_owned() }, "{id}");
    }
    let body = format!(
        "(call $open (i32.const 1024) (i32.const {}) (i32.const 256)) (call $drop (i32.load (i32.const 260))) (call $drop (local.get 8)) {}",
        PROJECT.len(),
        decline(8)
    );
    assert!(matches!(outcome(guest(&body).with(&text(PROJECT))).await, Outcome::Declined { .. }));
}

/// A project that is taken away while the plugin runs, and a count of what is read.
struct Leaving(AtomicUsize);

#[async_trait]
impl Projects for Leaving {
    async fn company(&self) -> Result<Company, Failure> {
        SampleProjects.company().await
    }
    async fn open(&self, id: &str) -> Result<(), Failure> {
        SampleProjects.open(id).await
    }
    async fn read(&self, id: &str, part: Part) -> Result<PartData, Failure> {
        self.0.fetch_add(1, Ordering::SeqCst);
        match part {
            Part::Details => SampleProjects.read(id, part).await,
            _ => Err(Failure::new(FailureCode::Stale, "The project was put away.")),
        }
    }
}

#[tokio::test]
async fn a_project_that_is_taken_away_is_told_as_stale_and_reads_are_repeated_the_same() {
    let body = format!(
        "(call $details (local.get 8) (i32.const 256)) (call $details (local.get 8) (i32.const 256))
         (call $photos (local.get 8) (i32.const 256)) (call $drop (local.get 8)) {TELL_FAILURE}"
    );
    let guest = guest(&body).import("projects", "[method]project.photos", "$photos (param i32 i32)");
    let mut plugin = installed(host(), &guest.packed()).await;
    let leaving = Arc::new(Leaving(AtomicUsize::new(0)));
    plugin.delegate.projects = Arc::clone(&leaving) as Arc<dyn Projects>;
    let run = plugin.run(host()).await;
    assert_eq!(run.report.outcome, Outcome::Declined { message: "The project was put away.".to_owned() });
    assert_eq!(leaving.0.load(Ordering::SeqCst), 2, "the details were asked for once");
}
