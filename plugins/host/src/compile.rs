//! Translates components to machine code, in a child process: what an uploader wrote must not hold or fill this one.

use crate::{
    engine,
    reason::{Refusal, RefusalCode},
};
use confine::{Limits, Program, Stopped};
use std::{process::ExitCode, sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// How a program is told to be the child: its first argument. It then calls [`child`] with the rest.
pub const CHILD: &str = "compile-plugin";

/// What one translation may use. A script runtime takes some ten seconds of both processors, a few times that where this program is
/// built for development; the clock's limit is for machines that have other work, too.
pub const LIMITS: Limits = Limits { memory: 3 << 30, cpu: Duration::from_secs(240), time: Duration::from_secs(400), output: 160 << 20 };
/// Larger ones use all processors; for small ones the threads would cost more than they give.
const PARALLEL: usize = 1 << 20;

/// The child: reads a component, answers its machine code.
pub fn child(args: impl IntoIterator<Item = String>) -> ExitCode {
    confine::work(args, |component| {
        let engine = engine::for_compiling(component.len() > PARALLEL).map_err(|e| format!("{e:#}"))?;
        let code = engine.precompile_component(&component).map_err(|e| format!("{e:#}"))?;
        let mut answer = engine::compatibility(&engine).into_bytes();
        answer.extend(code);
        Ok(answer)
    })
}

/// The parent's side: one translation at a time.
#[derive(Clone)]
pub struct Compiler {
    program: Program,
    limits: Limits,
    turn: Arc<Semaphore>,
}

impl Compiler {
    /// A program that calls [`child`] when it is started so.
    pub fn new(program: Program, limits: Limits) -> Self {
        Self { program, limits, turn: Arc::new(Semaphore::new(1)) }
    }

    /// The program that is running, with [`CHILD`] as its argument.
    pub fn own() -> std::io::Result<Self> {
        Ok(Self::new(Program::own(&[CHILD])?, LIMITS))
    }

    /// Machine code for an engine of this compatibility.
    pub(crate) async fn compile(&self, component: &[u8], compatibility: &str) -> Result<Vec<u8>, Refusal> {
        let _turn = self.turn.acquire().await.map_err(|e| host(&e))?;
        let mut answer = self.program.run(self.limits, component).await.map_err(refusal)?;
        let code = answer.split_off(compatibility.len().min(answer.len()));
        if answer != compatibility.as_bytes() {
            return Err(host(&"the child is of another version"));
        }
        Ok(code)
    }
}

fn refusal(stopped: Stopped) -> Refusal {
    match stopped {
        Stopped::Time => {
            Refusal::new(RefusalCode::CompileTime, "This plugin takes too long to prepare. Its author has to make it simpler.")
        }
        Stopped::Memory => {
            Refusal::new(RefusalCode::CompileMemory, "This plugin takes too much memory to prepare. Its author has to make it simpler.")
        }
        Stopped::Output => Refusal::new(RefusalCode::CompileSize, "This plugin becomes too large when it is prepared."),
        Stopped::Refused(words) => Refusal::new(RefusalCode::Invalid, "The file is damaged: it is not valid WebAssembly.").detail(words),
        Stopped::Died { .. } | Stopped::Machine(_) => host(&stopped),
    }
}

pub(crate) fn host(error: &impl std::fmt::Display) -> Refusal {
    Refusal::new(RefusalCode::Host, "The plugin could not be prepared just now. The fault is ours; please try again.").detail(error)
}
