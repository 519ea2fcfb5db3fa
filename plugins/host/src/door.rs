//! The one place through which a plugin reaches anything, below all versions of the contract: it counts, checks the grants, asks
//! the product within a time limit, and records. A replay is answered from the recording here, too.

use crate::{
    calls::{Answer, Call},
    data::{Blob, HttpRequest, Moment},
    delegate::{Delegate, Failure, FailureCode, Part, PartData},
    egress::{Bounds, Egress},
    error::Halt,
    grants::Grants,
    limits::Limits,
    reason::Reason,
    record::Exchange,
    report::{CallLine, LogLine},
};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    io::{self, Write},
    time::Instant,
};
use tokio::time::timeout;

const RANDOM: u32 = 4096;
const KEY: usize = 256;
const VALUE: usize = 64 << 10;
const LISTED: usize = 1000;
/// Lines of a run's history.
const LINES: usize = 200;
/// Bytes of a recording's exchanges; a run that asks for more is not recorded further.
const RECORDED: usize = 16 << 20;

/// Who answers.
pub(crate) enum Source {
    /// The product.
    Live { delegate: Delegate, egress: Egress },
    /// A recording.
    Replay(VecDeque<Exchange>),
    /// Nobody: it is only started, to see whether it can be.
    Nobody,
}

/// What a run came to, seen from here.
#[derive(Default)]
pub(crate) struct Trace {
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_bytes: usize,
    pub(crate) log_cut: bool,
    pub(crate) lines: Vec<CallLine>,
    pub(crate) calls: usize,
    pub(crate) http_calls: usize,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) exchanged: usize,
    pub(crate) complete: bool,
}

pub(crate) struct Door {
    source: Source,
    grants: Grants,
    limits: Limits,
    moment: Moment,
    random: ChaCha20Rng,
    /// Projects that this run has a handle of.
    opened: HashSet<String>,
    /// What was read once is read the same again.
    parts: HashMap<(String, Part), PartData>,
    /// What a dry run stored: seen by itself only.
    overlay: BTreeMap<String, Option<Vec<u8>>>,
    pub(crate) trace: Trace,
}

impl Door {
    pub(crate) fn new(source: Source, grants: Grants, limits: Limits, moment: Moment, seed: [u8; 32]) -> Self {
        Self {
            source,
            grants,
            limits,
            moment,
            random: ChaCha20Rng::from_seed(seed),
            opened: HashSet::new(),
            parts: HashMap::new(),
            overlay: BTreeMap::new(),
            trace: Trace { complete: true, ..Trace::default() },
        }
    }

    /// The project that the run is about: the plugin gets a handle without asking.
    pub(crate) fn give(&mut self, project: &str) {
        self.opened.insert(project.to_owned());
    }

    /// Asks. An error ends the run; what went wrong for the plugin is an [`Answer::Failed`].
    pub(crate) async fn call(&mut self, call: Call) -> wasmtime::Result<Answer> {
        self.trace.calls += 1;
        if self.trace.calls > self.limits.calls {
            return Err(Halt::error(Reason::TooManyCalls));
        }
        match call {
            // These follow from the recording's head, so they need no line in it.
            Call::Log { level, message } => {
                self.log(LogLine { level, message });
                Ok(Answer::Done)
            }
            Call::Now => Ok(Answer::Moment(self.moment.clone())),
            Call::Random { count } if count > RANDOM => {
                Ok(Answer::Failed(Failure::new(FailureCode::Invalid, "At most 4096 random bytes at once.")))
            }
            Call::Random { count } => {
                let mut bytes = vec![0; count as usize];
                self.random.fill_bytes(&mut bytes);
                Ok(Answer::Bytes(Blob(bytes)))
            }
            call => self.exchange(call).await,
        }
    }

    fn log(&mut self, mut line: LogLine) {
        // A line costs some even when it is empty.
        let room = self.limits.log.saturating_sub(self.trace.log_bytes + 8);
        if room == 0 || line.message.len() > room {
            self.trace.log_cut = true;
            let mut end = room.min(line.message.len());
            while !line.message.is_char_boundary(end) {
                end -= 1;
            }
            line.message.truncate(end);
            line.message.shrink_to_fit();
        }
        if room > 0 {
            self.trace.log_bytes += line.message.len() + 8;
            self.trace.log.push(line);
        }
    }

    async fn exchange(&mut self, call: Call) -> wasmtime::Result<Answer> {
        let began = Instant::now();
        if let Call::Http(_) = call {
            self.trace.http_calls += 1;
        }
        let answer = match &mut self.source {
            Source::Replay(recorded) => match recorded.pop_front() {
                Some(exchange) if exchange.call == call => exchange.answer,
                _ => return Err(Halt::error(Reason::Diverged { at: format!("call {}: it {}", self.trace.calls, call.title()) })),
            },
            Source::Live { .. } | Source::Nobody => self.answer(&call).await.unwrap_or_else(Answer::Failed),
        };
        if self.trace.lines.len() < LINES && !call.is_small() {
            let failure = if let Answer::Failed(failure) = &answer { Some(failure.message.clone()) } else { None };
            let time_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
            self.trace.lines.push(CallLine { what: call.title(), failure, time_us });
        }
        self.record(call, &answer);
        Ok(answer)
    }

    fn record(&mut self, call: Call, answer: &Answer) {
        if !self.trace.complete {
            return;
        }
        let exchange = Exchange { call, answer: answer.clone() };
        self.trace.exchanged += json_size(&exchange);
        if self.trace.exchanged > RECORDED {
            self.trace.complete = false;
            self.trace.exchanges = Vec::new();
        } else {
            self.trace.exchanges.push(exchange);
        }
    }

    /// The grants first, then the product, within its time.
    async fn answer(&mut self, call: &Call) -> Result<Answer, Failure> {
        self.allow(call)?;
        let limit = if matches!(call, Call::Http(_)) { self.limits.http } else { self.limits.call };
        let late = || Failure::new(FailureCode::TimedOut, "It took longer than one call may.");
        timeout(limit, self.perform(call)).await.unwrap_or_else(|_| Err(late()))
    }

    /// What a grant covers. Hosts and secrets are checked by [`Egress`] for each request.
    fn allow(&self, call: &Call) -> Result<(), Failure> {
        let (granted, what) = match call {
            Call::Log { .. } | Call::Now | Call::Random { .. } | Call::SecretNames => (true, ""),
            Call::Company | Call::Open { .. } | Call::Read { .. } => (self.grants.projects(), "read projects"),
            Call::KvGet { .. } | Call::KvSet { .. } | Call::KvDelete { .. } | Call::KvList { .. } => (self.grants.kv(), "remember things"),
            Call::Http(_) => (self.grants.any_http(), "speak to other services"),
        };
        if !granted {
            let words = format!("This plugin may not {what}: its manifest does not ask for it, or the admin has not approved it.");
            return Err(Failure::new(FailureCode::NotGranted, words));
        }
        match call {
            Call::KvGet { key } | Call::KvDelete { key } | Call::KvSet { key, .. } if key.is_empty() || key.len() > KEY => {
                Err(Failure::new(FailureCode::Invalid, "A key has between 1 and 256 bytes."))
            }
            Call::KvSet { value, .. } if value.0.len() > VALUE => Err(Failure::new(FailureCode::OverLimit, "A value has at most 64 KiB.")),
            Call::Open { id } if id.len() > KEY => Err(Failure::new(FailureCode::NotFound, "There is no such project.")),
            Call::Read { project, .. } if !self.opened.contains(project) => {
                Err(Failure::new(FailureCode::Stale, "This project was not opened in this run."))
            }
            Call::Http(_) if self.trace.http_calls > self.limits.http_calls => {
                let words = format!("One run sends at most {} requests.", self.limits.http_calls);
                Err(Failure::new(FailureCode::OverLimit, words))
            }
            _ => Ok(()),
        }
    }

    async fn perform(&mut self, call: &Call) -> Result<Answer, Failure> {
        let Source::Live { delegate, egress } = &self.source else {
            return Err(Failure::new(FailureCode::Unavailable, "There is nobody to ask."));
        };
        Ok(match call {
            Call::Company => Answer::Company(delegate.projects.company().await?),
            Call::Open { id } => {
                delegate.projects.open(id).await?;
                self.opened.insert(id.clone());
                Answer::Done
            }
            Call::Read { project, part } => {
                let key = (project.clone(), *part);
                if let Some(known) = self.parts.get(&key) {
                    return Ok(Answer::Part(known.clone()));
                }
                let data = delegate.projects.read(project, *part).await?;
                self.parts.insert(key, data.clone());
                Answer::Part(data)
            }
            Call::Http(request) => Answer::Response(self.send(delegate, egress, request).await?),
            Call::SecretNames => {
                let mut names = delegate.secrets.names().await?;
                names.retain(|name| self.grants.secret(name));
                Answer::Names(names)
            }
            _ if delegate.dry => {
                let delegate = delegate.clone();
                self.remember_dry(&delegate, call).await?
            }
            Call::KvGet { key } => Answer::Value(delegate.kv.get(key).await?.map(Blob)),
            Call::KvSet { key, value } => {
                delegate.kv.set(key, value.0.clone()).await?;
                Answer::Done
            }
            Call::KvDelete { key } => {
                delegate.kv.delete(key).await?;
                Answer::Done
            }
            Call::KvList { prefix } => Answer::Names(delegate.kv.list(prefix, LISTED).await?),
            Call::Log { .. } | Call::Now | Call::Random { .. } => Answer::Done,
        })
    }

    async fn send(&self, delegate: &Delegate, egress: &Egress, request: &HttpRequest) -> Result<crate::data::HttpResponse, Failure> {
        if delegate.dry {
            return Err(Failure::new(FailureCode::Unavailable, "This is a test: nothing is sent."));
        }
        let bounds = Bounds { time: self.limits.http, body: self.limits.http_body };
        egress.send(&self.grants, &*delegate.secrets, bounds, request).await
    }

    /// What a dry run stores is seen by itself and by nobody else.
    async fn remember_dry(&mut self, delegate: &Delegate, call: &Call) -> Result<Answer, Failure> {
        Ok(match call {
            Call::KvGet { key } => match self.overlay.get(key) {
                Some(value) => Answer::Value(value.clone().map(Blob)),
                None => Answer::Value(delegate.kv.get(key).await?.map(Blob)),
            },
            Call::KvSet { key, value } => {
                self.overlay.insert(key.clone(), Some(value.0.clone()));
                Answer::Done
            }
            Call::KvDelete { key } => {
                self.overlay.insert(key.clone(), None);
                Answer::Done
            }
            Call::KvList { prefix } => {
                let mut names = delegate.kv.list(prefix, LISTED).await?;
                names.retain(|name| !self.overlay.contains_key(name));
                let own = self.overlay.iter().filter(|(key, value)| key.starts_with(prefix) && value.is_some());
                names.extend(own.map(|(key, _)| key.clone()));
                names.sort();
                names.truncate(LISTED);
                Answer::Names(names)
            }
            _ => Answer::Done,
        })
    }
}

/// How long something is as JSON, without making it.
pub(crate) fn json_size(value: &impl serde::Serialize) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    match serde_json::to_writer(&mut count, value) {
        Ok(()) => count.0,
        Err(_) => usize::MAX / 4,
    }
}
