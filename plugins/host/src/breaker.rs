//! Turns a plugin off that keeps failing, and tries it again. A pure state machine: the product stores the state with the install
//! and passes the time in.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// So many failures one after another.
const IN_A_ROW: usize = 5;
/// So many in [`WINDOW`], with successes between them.
const IN_A_WINDOW: usize = 20;
const WINDOW: Duration = Duration::hours(1);
/// How long it stays off before it is tried.
const PAUSE: Duration = Duration::minutes(5);

/// The state of one install's breaker. JSON outlives releases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    #[serde(default)]
    in_a_row: usize,
    /// When it failed in the last hour.
    #[serde(default)]
    failures: Vec<DateTime<Utc>>,
    #[serde(default)]
    off: Option<Off>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Off {
    since: DateTime<Utc>,
    /// A run that may turn it on again is under way since then.
    trial: Option<DateTime<Utc>>,
}

/// What to do with a run that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// Run it.
    Run,
    /// Run it: it decides whether the plugin is on again.
    Trial,
    /// Do not; the standard is used instead.
    Off {
        /// When it is tried again.
        until: DateTime<Utc>,
    },
}

/// What a run's end changed. Tell the admin of the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It has just been turned off.
    TurnedOff,
    /// It is on again.
    TurnedOn,
    /// The trial failed; it stays off.
    StaysOff,
}

impl Breaker {
    /// Whether a run may begin. A trial is noted: ask for a run that then takes place.
    pub fn admit(&mut self, now: DateTime<Utc>) -> Admission {
        let Some(off) = &mut self.off else { return Admission::Run };
        // A trial whose end was never heard of, for its process died, does not keep the plugin off for ever.
        let from = off.trial.map_or(off.since, |trial| trial.max(off.since));
        if now < from + PAUSE {
            return Admission::Off { until: from + PAUSE };
        }
        off.trial = Some(now);
        Admission::Trial
    }

    /// A run has ended: `verdict` is [`crate::Outcome::verdict`], `None` where nobody is to blame.
    pub fn note(&mut self, verdict: Option<bool>, now: DateTime<Utc>) -> Option<Change> {
        match (verdict, &mut self.off) {
            (None, Some(off)) => {
                // The trial told nothing: the next run is one.
                off.trial = None;
                None
            }
            (None, None) => None,
            (Some(true), Some(_)) => {
                *self = Self::default();
                Some(Change::TurnedOn)
            }
            (Some(true), None) => {
                self.in_a_row = 0;
                self.failures.retain(|at| now - *at < WINDOW);
                None
            }
            (Some(false), Some(off)) => {
                *off = Off { since: now, trial: None };
                Some(Change::StaysOff)
            }
            (Some(false), None) => {
                self.in_a_row += 1;
                self.failures.retain(|at| now - *at < WINDOW);
                self.failures.push(now);
                if self.in_a_row < IN_A_ROW && self.failures.len() < IN_A_WINDOW {
                    return None;
                }
                self.off = Some(Off { since: now, trial: None });
                Some(Change::TurnedOff)
            }
        }
    }

    /// An admin has looked at it and turned it on.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Since when it is off.
    pub fn off_since(&self) -> Option<DateTime<Utc>> {
        self.off.as_ref().map(|off| off.since)
    }

    /// Why it is off, in words for its admin.
    pub fn words(&self) -> Option<String> {
        self.off.as_ref().map(|_| match self.in_a_row >= IN_A_ROW {
            true => format!("Turned off: it failed {} times in a row. It is tried again every five minutes.", self.in_a_row),
            false => format!("Turned off: it failed {} times within an hour. It is tried again every five minutes.", self.failures.len()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
    }

    /// Five failures, a second apart.
    fn fail(breaker: &mut Breaker, from: i64) {
        for n in 0..5 {
            breaker.note(Some(false), at(from + n));
        }
    }

    #[test]
    fn five_failures_in_a_row_turn_it_off() {
        let mut breaker = Breaker::default();
        for n in 0..4 {
            assert_eq!(breaker.note(Some(false), at(n)), None);
        }
        breaker.note(Some(true), at(5));
        for n in 0..4 {
            assert_eq!(breaker.note(Some(false), at(10 + n)), None);
        }
        assert_eq!(breaker.admit(at(15)), Admission::Run);
        assert_eq!(breaker.note(Some(false), at(16)), Some(Change::TurnedOff));
        assert!(breaker.words().unwrap().contains("5 times in a row"));
        assert_eq!(breaker.admit(at(17)), Admission::Off { until: at(16 + 300) });
    }

    #[test]
    fn twenty_failures_in_an_hour_turn_it_off() {
        let mut breaker = Breaker::default();
        for n in 0..19 {
            assert_eq!(breaker.note(Some(false), at(n * 60)), None);
            breaker.note(Some(true), at(n * 60 + 1));
        }
        let mut slow = breaker.clone();
        assert_eq!(breaker.note(Some(false), at(19 * 60)), Some(Change::TurnedOff));
        assert!(breaker.words().unwrap().contains("20 times within an hour"));
        // Spread over more than an hour the same number is fine.
        assert_eq!(slow.note(Some(false), at(3600)), None);
    }

    #[test]
    fn after_five_minutes_one_run_decides() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 0);
        assert_eq!(breaker.admit(at(304)), Admission::Trial);
        assert!(matches!(breaker.admit(at(305)), Admission::Off { .. }), "one trial at a time");
        assert_eq!(breaker.note(Some(false), at(306)), Some(Change::StaysOff));
        assert!(matches!(breaker.admit(at(600)), Admission::Off { .. }));
        assert_eq!(breaker.admit(at(606)), Admission::Trial);
        assert_eq!(breaker.note(Some(true), at(607)), Some(Change::TurnedOn));
        assert_eq!(breaker.admit(at(608)), Admission::Run);
        assert_eq!(breaker.words(), None);
    }

    #[test]
    fn failures_of_the_host_do_not_count() {
        let mut breaker = Breaker::default();
        for n in 0..100 {
            assert_eq!(breaker.note(None, at(n)), None);
        }
        assert_eq!(breaker, Breaker::default());
        fail(&mut breaker, 100);
        assert_eq!(breaker.admit(at(404)), Admission::Trial);
        breaker.note(None, at(405));
        assert_eq!(breaker.admit(at(406)), Admission::Trial, "a trial that told nothing is repeated");
    }

    #[test]
    fn a_lost_trial_does_not_keep_it_off_for_ever() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 0);
        assert_eq!(breaker.admit(at(304)), Admission::Trial);
        assert_eq!(breaker.admit(at(604)), Admission::Trial);
    }

    #[test]
    fn the_state_survives_its_json() {
        let mut breaker = Breaker::default();
        fail(&mut breaker, 0);
        let json = serde_json::to_string(&breaker).unwrap();
        assert_eq!(serde_json::from_str::<Breaker>(&json).unwrap(), breaker);
        breaker.reset();
        assert_eq!(breaker.off_since(), None);
    }
}
