//! One run: a fresh store with all its limits, the call, and what it came to.

use crate::{
    data::{Input, Output},
    door::{Door, Trace, json_size},
    error::{self, Halt},
    limits::Limits,
    meter::{CpuClock, Meter},
    reason::Reason,
    report::{Outcome, Report, Run},
    slots::Slot,
    ticker::Ticking,
    v1::{self, Question, Ready, State},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{task::yield_now, time::timeout};
use wasmtime::{Engine, Store, UpdateDeadline, component::ResourceTable};

/// Handles that a run may have at once.
const HANDLES: usize = 1000;
/// Messages or notes of one event.
const MESSAGES: usize = 50;
/// Characters of a plugin's own words.
const WORDS: usize = 500;

/// All that a run needs, its own: it may be carried on by another thread than the one it began on.
pub(crate) struct Execution {
    pub(crate) engine: Engine,
    pub(crate) ready: Ready,
    pub(crate) door: Door,
    pub(crate) limits: Limits,
    pub(crate) input: Arc<Input>,
    pub(crate) settings: Arc<str>,
    pub(crate) cpu: CpuClock,
    pub(crate) ticking: Ticking,
    /// Held until the store is gone, also where nobody waits for the run any more.
    pub(crate) slot: Option<Arc<Slot>>,
}

/// Runs what is ready. The trace is for the recording.
pub(crate) async fn execute(call: Execution) -> (Run, Trace) {
    let Execution { engine, ready, door, limits, input, settings, cpu, ticking: _ticking, slot: _slot } = call;
    let limits = &limits;
    let mut store = match store(&engine, door, limits, &cpu) {
        Ok(store) => store,
        Err(error) => return (not_run(Reason::Host { detail: format!("{error:#}") }, limits), Trace::default()),
    };
    let began = Instant::now();
    let question = match &*input {
        Input::Document { request, project } => Question::Document { request, project },
        Input::Notify(event) => Question::Notify(event),
        Input::Hear(event) => Question::Hear(event),
    };
    let asked = timeout(limits.time, cpu.measure(v1::ask(&ready, &mut store, question, &settings))).await;
    let time = began.elapsed();
    let (outcome, output, output_bytes) = match asked {
        Err(_) => (stopped(Reason::Time), None, 0),
        Ok(Err(error)) => (stopped(error::reason(&error)), None, 0),
        Ok(Ok(Err(message))) => (Outcome::Declined { message: message.chars().take(WORDS).collect() }, None, message.len()),
        Ok(Ok(Ok(output))) => judge(output, limits),
    };
    let fuel_left = store.get_fuel().unwrap_or_default();
    let state = store.into_data();
    let mut trace = state.door.trace;
    let report = Report {
        outcome,
        fuel_used: limits.fuel - fuel_left.min(limits.fuel),
        fuel_limit: limits.fuel,
        cpu_us: micros(cpu.total()),
        time_us: micros(time),
        memory_peak: state.meter.peak as u64,
        memory_limit: limits.memory as u64,
        output_bytes: output_bytes as u64,
        log: std::mem::take(&mut trace.log),
        log_cut: trace.log_cut,
        calls: std::mem::take(&mut trace.lines),
        calls_total: trace.calls as u64,
        http_calls: trace.http_calls as u64,
    };
    (Run { report, output }, trace)
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

fn stopped(reason: Reason) -> Outcome {
    Outcome::Stopped { reason }
}

/// The report of a run that never began.
pub(crate) fn not_run(reason: Reason, limits: &Limits) -> Run {
    let report = Report {
        outcome: stopped(reason),
        fuel_used: 0,
        fuel_limit: limits.fuel,
        cpu_us: 0,
        time_us: 0,
        memory_peak: 0,
        memory_limit: limits.memory as u64,
        output_bytes: 0,
        log: Vec::new(),
        log_cut: false,
        calls: Vec::new(),
        calls_total: 0,
        http_calls: 0,
    };
    Run { report, output: None }
}

/// A store in which every limit is on.
pub(crate) fn store(engine: &Engine, door: Door, limits: &Limits, cpu: &CpuClock) -> wasmtime::Result<Store<State>> {
    let mut table = ResourceTable::new();
    table.set_max_capacity(HANDLES);
    let mut store = Store::new(engine, State { meter: Meter::new(limits), cpu: cpu.clone(), door, table });
    store.limiter(|state| &mut state.meter);
    store.set_fuel(limits.fuel)?;
    // Else a list whose elements all lie at one place in the guest becomes any number of copies here.
    store.set_hostcall_fuel(limits.at_once());
    store.set_epoch_deadline(1);
    let most = limits.cpu;
    store.epoch_deadline_callback(move |store| {
        if store.data().cpu.inside() > most {
            return Err(Halt::error(Reason::CpuTime));
        }
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(yield_now())))
    });
    Ok(store)
}

fn judge(output: Output, limits: &Limits) -> (Outcome, Option<Output>, usize) {
    let bytes = match &output {
        Output::Pdf(pdf) => pdf.0.len(),
        other => json_size(other),
    };
    if bytes > limits.output {
        return (stopped(Reason::OutputTooLarge), None, bytes);
    }
    match wrong(&output) {
        Some(what) => (stopped(Reason::BadOutput { what }), None, bytes),
        None => (Outcome::Done, Some(output), bytes),
    }
}

/// What makes an answer unusable, for its author.
fn wrong(output: &Output) -> Option<String> {
    use crate::data::Block;
    match output {
        Output::Pdf(pdf) if !pdf.0.starts_with(b"%PDF-") => Some("it says that it is a PDF, and it is none".to_owned()),
        Output::Content(content) if content.title.trim().is_empty() => Some("the document has no title".to_owned()),
        Output::Content(content) => content.sections.iter().flat_map(|s| &s.blocks).find_map(|block| match block {
            Block::Table(table) if table.columns.is_empty() => Some(format!("the table {:?} has no columns", table.caption)),
            Block::Table(table) => table.rows.iter().position(|row| row.len() != table.columns.len()).map(|n| {
                let (cells, columns) = (table.rows[n].len(), table.columns.len());
                format!("row {} of the table {:?} has {cells} cells for {columns} columns", n + 1, table.caption)
            }),
            _ => None,
        }),
        Output::Messages(all) if all.len() > MESSAGES => Some(format!("it wants to send more than {MESSAGES} messages")),
        Output::Notes(all) if all.len() > MESSAGES => Some(format!("it wants to keep more than {MESSAGES} notes")),
        _ => None,
    }
}
