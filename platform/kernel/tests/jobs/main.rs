//! The queue over a real PostgreSQL: who a job runs as, errors, leases, fairness, shutdown, and a database that goes away.

mod ground;

use embedded::postgres::Postgres;
use ground::{Break, Ground, Note, Once, Sleep, note, noted, run};
use kernel::jobs::Worker;
use std::time::{Duration, Instant};
use tenants::{Scope, Tenant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const SECOND: Duration = Duration::from_secs(1);

/// A worker at work beside the test; ended by the token.
fn start(worker: Worker, parallel: usize) -> (CancellationToken, tokio::task::JoinHandle<()>) {
    let end = CancellationToken::new();
    let token = end.clone();
    (end, tokio::spawn(async move { worker.run(token, parallel).await }))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_belongs_to_who_stored_it() {
    let ground = Ground::new().await;
    let (acme, app) = (&ground.acme, &ground.app);
    let mut cx = ground.caller(acme).begin().await.expect("a transaction");
    cx.enqueue(&Note { text: "rolled back".into() }).await.expect("stored");
    drop(cx);
    ground.enqueue(acme, &Note { text: "mine".into() }).await;
    ground.enqueue(&ground.globex, &Note { text: "theirs".into() }).await;
    ground.enqueue(&app.tenants.platform(), &Note { text: "platform's".into() }).await;
    let insert = "INSERT INTO platform.jobs (id, kind, payload, run_at) VALUES ($1, 'test.note', '{\"text\":\"by customer\"}', now())";
    run(app, acme, Scope::Customer(Uuid::nil()), insert, vec![Uuid::now_v7().into()]).await.expect("a customer's role may store a job");

    assert_eq!(ground.worker().run_until_idle().await.expect("done"), 4);
    assert_eq!(noted("mine"), ["mine acme"]);
    assert_eq!(noted("theirs"), ["theirs globex"]);
    assert_eq!(noted("platform's"), ["platform's "]);
    assert_eq!(noted("by customer"), ["by customer acme"]);
    assert_eq!(ground.states().await, "done 4");

    let foreign = "INSERT INTO platform.jobs (id, kind, payload, run_at, tenant_role) VALUES ($1, 'test.note', '{}', now(), $2)";
    let values = vec![Uuid::now_v7().into(), ground.globex.names.staff.as_str().into()];
    for sql in [
        foreign,
        "SELECT * FROM platform.jobs WHERE $1::text IS NOT NULL OR $2::text = ''",
        "DELETE FROM platform.jobs WHERE id = $1 OR $2 = ''",
    ] {
        assert!(run(app, acme, Scope::Staff, sql, values.clone()).await.is_err(), "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_tried_again_later_and_not_for_ever() {
    let ground = Ground::new().await;
    ground.enqueue(&ground.acme, &Break { name: "mended".into(), good: 4 }).await;
    ground.enqueue(&ground.acme, &Break { name: "broken".into(), good: 9 }).await;
    let worker = ground.worker();
    for round in 1..=3 {
        assert_eq!(worker.run_until_idle().await.expect("ran"), 2, "round {round}");
        assert_eq!(worker.run_until_idle().await.expect("ran"), 0, "not at once");
        assert_eq!(ground.states().await, "queued 2");
        let error = ground.ask("SELECT min(last_error) FROM jobs WHERE kind = 'test.break'").await;
        let words = ["test: The gutter is full.", "internal: panic: the ladder fell", "internal: not done after 0 seconds"];
        assert_eq!(error, words[round - 1]);
        ground.clock.advance(chrono::Duration::hours(1));
    }
    assert_eq!(worker.run_until_idle().await.expect("ran"), 2);
    assert_eq!(ground.states().await, "done 1, failed 1");
    assert_eq!(noted("mended").len(), 4);
    assert_eq!(noted("broken")[3..], ["broken try 4 last true", "broken failed at acme: internal: not done after 0 seconds"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_of_one_key_are_one_until_they_begin() {
    let ground = Ground::new().await;
    for tenant in [&ground.acme, &ground.acme, &ground.globex] {
        ground.enqueue(tenant, &Once { key: "daily".into() }).await;
    }
    assert_eq!(ground.worker().run_until_idle().await.expect("ran"), 2);
    ground.enqueue(&ground.acme, &Once { key: "daily".into() }).await;
    assert_eq!(ground.worker().run_until_idle().await.expect("ran"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_wakes_up_late_completes_nothing() {
    let ground = Ground::with_lease(60).await;
    ground.enqueue(&ground.acme, &Sleep { name: "slow".into(), millis: 2_000 }).await;
    let late = ground.worker();
    let late = tokio::spawn(async move { late.run_until_idle().await });
    ground.until("running 1", 3 * SECOND).await;
    tokio::time::sleep(SECOND).await;
    // As if its process had been stopped for longer than the lease: there is no heartbeat for the next twenty seconds.
    let sql = "UPDATE jobs SET leased_until = clock_timestamp() WHERE kind = 'test.sleep'";
    run(&ground.app, &Tenant::platform(), Scope::Staff, sql, vec![]).await.expect("expired");
    let next = ground.worker();
    let next = tokio::spawn(async move { next.run_until_idle().await });
    late.await.expect("no panic").expect("ran");
    assert_eq!(noted("slow ends").len(), 1, "the late one has ended, the next one has not");
    assert_eq!(ground.states().await, "running 1", "the late one's result does not count");
    next.await.expect("no panic").expect("ran");
    assert_eq!(ground.states().await, "done 1");
    assert_eq!(ground.ask("SELECT leases FROM jobs WHERE kind = 'test.sleep'").await, "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_lease_ends_the_run() {
    let ground = Ground::new().await;
    ground.enqueue(&ground.acme, &Sleep { name: "lost".into(), millis: 1_500 }).await;
    let (end, worker) = start(ground.worker(), 1);
    ground.until("running 1", 3 * SECOND).await;
    let sql = "UPDATE jobs SET lease = gen_random_uuid(), leased_until = clock_timestamp() + interval '2 s' WHERE kind = 'test.sleep'";
    run(&ground.app, &Tenant::platform(), Scope::Staff, sql, vec![]).await.expect("taken away");
    // The other worker, which never was, dies; ours takes the job up again.
    ground.until("done 1", 10 * SECOND).await;
    assert_eq!(noted("lost"), ["lost begins", "lost begins", "lost ends"]);
    end.cancel();
    worker.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_heartbeat_keeps_a_long_job() {
    let ground = Ground::new().await;
    let workers = [start(ground.worker(), 2), start(ground.worker(), 2)];
    ground.enqueue(&ground.acme, &Sleep { name: "long".into(), millis: 3_500 }).await;
    ground.until("done 1", 10 * SECOND).await;
    assert_eq!(noted("long").len(), 2, "begun once, ended once");
    for (end, worker) in workers {
        end.cancel();
        worker.await.expect("no panic");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_lose_nothing() {
    let ground = Ground::new().await;
    for n in 0..40 {
        ground.enqueue(&ground.acme, &Sleep { name: format!("kill {n:02}"), millis: 60 }).await;
    }
    for _ in 0..20 {
        let (_end, worker) = start(ground.worker(), 4);
        tokio::time::sleep(Duration::from_millis(100)).await;
        worker.abort();
    }
    let (end, worker) = start(ground.worker(), 8);
    ground.until("done 40", 20 * SECOND).await;
    assert_eq!(ground.ask("SELECT sum(attempts) FROM jobs").await, "0", "a kill costs no attempt");
    end.cancel();
    worker.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_with_many_jobs_does_not_keep_the_others_waiting() {
    let ground = Ground::new().await;
    let many = "INSERT INTO platform.jobs (id, kind, payload, run_at) SELECT gen_random_uuid(), 'test.note', \
                '{\"text\":\"many\"}', now() - interval '1 hour' FROM generate_series(1, 10000)";
    run(&ground.app, &ground.acme, Scope::Staff, many, vec![]).await.expect("stored");
    let (end, worker) = start(ground.worker(), 2);
    while noted("many").len() < 20 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    note(format!("before {}", noted("many").len()));
    ground.enqueue(&ground.globex, &Note { text: "few".into() }).await;
    while noted("few").is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let before: usize = noted("before")[0].trim_start_matches("before ").parse().expect("a number");
    let passed = noted("many").len() - before;
    assert!(passed < 30, "{passed} jobs of the other tenant came before");
    end.cancel();
    worker.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_tenant_does_not_take_all_places() {
    let ground = Ground::new().await;
    for n in 0..10 {
        ground.enqueue(&ground.acme, &Sleep { name: format!("place {n}"), millis: 1_500 }).await;
    }
    let (end, worker) = start(ground.worker(), 8);
    ground.until("queued 4, running 6", 3 * SECOND).await;
    ground.enqueue(&ground.globex, &Note { text: "place free".into() }).await;
    let asked = Instant::now();
    while noted("place free").is_empty() {
        assert!(asked.elapsed() < SECOND, "no place was free");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    end.cancel();
    worker.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_finishes_what_is_short_and_releases_what_is_long() {
    let ground = Ground::new().await;
    ground.enqueue(&ground.acme, &Sleep { name: "stop short".into(), millis: 600 }).await;
    ground.enqueue(&ground.acme, &Sleep { name: "stop long".into(), millis: 60_000 }).await;
    let (end, worker) = start(ground.worker(), 4);
    ground.until("running 2", 3 * SECOND).await;
    end.cancel();
    worker.await.expect("no panic");
    assert_eq!(ground.states().await, "done 1, running 1");
    let (end, worker) = start(ground.worker(), 1);
    let asked = Instant::now();
    while noted("stop long begins").len() < 2 {
        assert!(asked.elapsed() < 5 * SECOND, "the released job was not taken up");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(ground.ask("SELECT attempts FROM jobs WHERE state = 'running'").await, "0");
    end.cancel();
    worker.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restarted_database_is_survived() {
    let mut ground = Ground::new().await;
    let (end, worker) = start(ground.worker(), 4);
    ground.enqueue(&ground.acme, &Note { text: "restart before".into() }).await;
    ground.enqueue(&ground.acme, &Sleep { name: "restart".into(), millis: 1_500 }).await;
    ground.until("done 1, running 1", 5 * SECOND).await;
    ground.postgres.take().expect("a server").stop().await.expect("stopped");
    tokio::time::sleep(SECOND).await;
    ground.postgres = Some(Postgres::start(ground.options.clone()).await.expect("a server again"));
    let back = Instant::now();
    ground.enqueue(&ground.acme, &Note { text: "restart after".into() }).await;
    ground.until("done 3", 10 * SECOND).await;
    assert!(back.elapsed() < 10 * SECOND);
    end.cancel();
    worker.await.expect("no panic");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_runs_once_for_all_workers() {
    let ground = Ground::new().await;
    let (one, two) = (ground.worker(), ground.worker());
    for (round, expected) in [(1, 1), (2, 1), (3, 2)] {
        if round == 3 {
            ground.clock.advance(chrono::Duration::seconds(601));
        }
        let (a, b) = tokio::join!(one.run_schedules(), two.run_schedules());
        a.and(b).expect("schedules");
        one.run_until_idle().await.expect("ran");
        assert_eq!(noted(&format!("tick {}", ground.acme.id)).len(), expected, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_kinds_wait_and_old_jobs_are_removed() {
    let ground = Ground::new().await;
    let tomorrows = "INSERT INTO platform.jobs (id, kind, payload, run_at) VALUES ($1, 'test.tomorrow', '{}', now())";
    run(&ground.app, &ground.acme, Scope::Staff, tomorrows, vec![Uuid::now_v7().into()]).await.expect("stored");
    let gone =
        "INSERT INTO jobs (id, kind, payload, run_at, tenant_role) VALUES ($1, 'test.note', '{\"text\":\"gone\"}', now(), 't_gone_staff')";
    run(&ground.app, &Tenant::platform(), Scope::Staff, gone, vec![Uuid::now_v7().into()]).await.expect("stored");
    ground.enqueue(&ground.acme, &Note { text: "old".into() }).await;
    let worker: Worker = ground.worker();
    worker.run_until_idle().await.expect("ran");
    assert_eq!(ground.states().await, "done 1, queued 2");
    assert!(ground.ask("SELECT last_error FROM jobs WHERE tenant_role = 't_gone_staff'").await.contains("no tenant has the role"));

    ground.clock.advance(chrono::Duration::days(8));
    worker.run_schedules().await.expect("schedules");
    worker.run_until_idle().await.expect("ran");
    assert_eq!(ground.ask("SELECT count(*) FROM jobs WHERE kind = 'test.note' AND state = 'done'").await, "0");
    assert_eq!(ground.ask("SELECT count(*) FROM jobs WHERE kind = 'test.tomorrow' AND state = 'queued'").await, "1");
}
