//! The look at the weather, by the clock and after changes; and the mails that follow from it.

use super::{WeatherDelayId, open_meteo, ops};
use crate::{
    email::first_name,
    mails::{WeatherBackMail, WeatherDelayMail},
    outbox::{self, Recipient},
    urls,
};
use chrono::Duration;
use kernel::{
    Caller, Problem, Result,
    ids::CustomerId,
    jobs::{Attempt, Job},
    session::PersonKind,
};
use serde::{Deserialize, Serialize};

/// After so many failures in a row the service is left alone for a while.
const ENOUGH: usize = 3;

/// Has every company with outdoor work ahead look at the weather.
#[derive(Serialize, Deserialize)]
pub struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "weather.sweep";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        if !caller.app.config.weather.enabled {
            return Ok(());
        }
        for tenant in caller.app.tenants.active().await? {
            let name = tenant.subdomain.clone();
            // A company whose schema is behind, say, must not keep the others from their forecasts.
            if let Err(error) = wake(&Caller::system(caller.app.clone(), tenant, Self::KIND)).await {
                tracing::warn!(tenant = name, error = %error, "no look at the weather here");
            }
        }
        Ok(())
    }
}

async fn wake(caller: &Caller) -> Result<()> {
    let mut cx = caller.begin().await?;
    if ops::is_needed(&cx).await? {
        cx.enqueue(&Look {}).await?;
    }
    cx.commit().await
}

/// Fetches the forecasts of one company that are due, and draws the conclusions.
#[derive(Serialize, Deserialize)]
pub struct Look {}

impl Job for Look {
    const KIND: &'static str = "weather.look";
    /// The next look comes within the hour anyway.
    const MAX_ATTEMPTS: i32 = 4;

    fn dedupe(&self) -> Option<String> {
        Some("look".into())
    }

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let config = &caller.app.config.weather;
        if !config.enabled {
            return Ok(());
        }
        // Half an hour less, so that a look by the hour finds them old at the hour and not at the next.
        let max_age = Duration::hours(i64::from(config.poll_hours)) - Duration::minutes(30);
        let cx = caller.begin().await?;
        let wanted = ops::wanted(&cx, max_age).await?;
        cx.commit().await?;

        let (mut fetched, mut failures, mut in_a_row) = (Vec::new(), Vec::new(), 0);
        for (place, projects) in wanted {
            let time_left = attempt.deadline.saturating_duration_since(std::time::Instant::now());
            if in_a_row == ENOUGH || time_left < std::time::Duration::from_secs(60) {
                failures.push(Problem::unavailable("weather_unavailable", "Not all places were asked about."));
                break;
            }
            match open_meteo::forecast(config, place, caller.tenant.time_zone).await {
                Ok(days) => {
                    in_a_row = 0;
                    fetched.push(ops::Fetched { place, projects, days });
                }
                Err(problem) => {
                    in_a_row += 1;
                    failures.push(problem);
                }
            }
        }
        let mut cx = caller.begin().await?;
        ops::store(&cx, fetched).await?;
        ops::settle(&mut cx).await?;
        cx.commit().await?;
        // What was fetched is kept and need not be fetched again; the rest is tried later.
        failures.into_iter().next().map_or(Ok(()), Err)
    }
}

/// Finds out whom to write about a delay.
#[derive(Serialize, Deserialize)]
pub struct TellDelay {
    /// Which.
    pub delay: WeatherDelayId,
    /// It was withdrawn; else it counts from now on.
    pub withdrawn: bool,
}

impl Job for TellDelay {
    const KIND: &'static str = "weather.tell_delay";

    async fn run(self, caller: Caller, _attempt: Attempt) -> Result<()> {
        let mut cx = caller.begin().await?;
        for customer in ops::tell(&cx, self.delay, self.withdrawn).await? {
            cx.enqueue(&SendDelay { delay: self.delay, withdrawn: self.withdrawn, customer }).await?;
        }
        cx.commit().await
    }
}

/// Writes to one person about a delay.
#[derive(Serialize, Deserialize)]
pub struct SendDelay {
    /// Which.
    pub delay: WeatherDelayId,
    /// It was withdrawn; else it counts from now on.
    pub withdrawn: bool,
    /// To whom.
    pub customer: CustomerId,
}

impl Job for SendDelay {
    const KIND: &'static str = "weather.send_delay";

    async fn run(self, caller: Caller, attempt: Attempt) -> Result<()> {
        let cx = caller.begin().await?;
        let letter = ops::letter(&cx, self.delay, self.withdrawn, self.customer).await?;
        cx.commit().await?;
        let Some(ops::Letter { person, project, project_name, delay }) = letter else { return Ok(()) };
        let first_name = first_name(&person.name).to_owned();
        let link = format!("{}/projects/{project}", urls::home(&caller));
        let to = Recipient { kind: PersonKind::Customer.name(), id: Some(person.id.0), name: person.name, email: person.email };
        let (title, reason) = (delay.title(), delay.reason());
        let (early, late) = ((delay.from_start, delay.from_end), (delay.to_start, delay.to_end));
        match self.withdrawn {
            false => {
                let mail = WeatherDelayMail { first_name, project: project_name, title, reason, was: early.into(), now: late.into(), link };
                outbox::send(&caller, &attempt, to, &mail).await
            }
            true => {
                let mail = WeatherBackMail { first_name, project: project_name, title, reason, was: late.into(), now: early.into(), link };
                outbox::send(&caller, &attempt, to, &mail).await
            }
        }
    }

    async fn failed(self, caller: Caller, problem: &Problem) {
        outbox::give_up(&caller, problem).await;
    }
}
