//! The commands of plugin authors, for any program that has them below a word of its own (`platform plugin …`). The program calls
//! [`crate::compile::child`] when its first argument is [`crate::compile::CHILD`].

use crate::{
    Outcome, Run,
    author::{self, Bench, Template},
    data::Output,
};
use clap::Subcommand;
use std::{
    io::{Write, stdout},
    path::PathBuf,
    process::ExitCode,
};

/// What an author does.
#[derive(Subcommand)]
pub enum Command {
    /// Begin a plugin: sources, manifest and a first test input.
    New {
        /// Its folder, and its name.
        folder: PathBuf,
        /// What it is written in.
        #[arg(long, value_enum, default_value = "rust")]
        language: Template,
    },
    /// Put plugin.toml into a built .wasm: the result is what is uploaded.
    Pack {
        /// What the compiler made.
        wasm: PathBuf,
        /// The manifest; without it, plugin.toml beside or above the .wasm.
        #[arg(long, value_name = "FILE")]
        manifest: Option<PathBuf>,
        /// Where the plugin goes; without it, the manifest's name in this folder.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// All checks of an upload.
    Check {
        /// The packed plugin.
        wasm: PathBuf,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Run it with the limits of production, on a sample project or on an input of your own.
    Run {
        /// The packed plugin.
        wasm: PathBuf,
        /// An input, as JSON; without it, a sample for the plugin's kind.
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
        /// Settings, as JSON; what is missing has the manifest's defaults.
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
        /// Where to put the recording.
        #[arg(long, value_name = "FILE")]
        record: Option<PathBuf>,
        /// Where to put the answer: a PDF or JSON.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Run a recorded run again and compare.
    Replay {
        /// The packed plugin, the same or a changed one.
        wasm: PathBuf,
        /// The recording.
        recording: PathBuf,
        /// How often.
        #[arg(long, default_value_t = 1)]
        times: u32,
    },
}

/// Runs a command; what went wrong is told on the standard error.
pub async fn run(command: Command) -> ExitCode {
    match dispatch(command).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
            eprintln!("plugin: {}", causes.join(": "));
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(command: Command) -> anyhow::Result<bool> {
    match command {
        Command::New { folder, language } => {
            for line in author::new(&folder, language)? {
                writeln!(stdout(), "{line}")?;
            }
            Ok(true)
        }
        Command::Pack { wasm, manifest, output } => {
            let packed = author::pack(&wasm, manifest.as_deref(), output.as_deref())?;
            writeln!(stdout(), "{}: {} bytes, sha256 {}", packed.path.display(), packed.size, packed.hash)?;
            Ok(true)
        }
        Command::Check { wasm, json } => check(&wasm, json).await,
        Command::Run { wasm, input, settings, record, output, json } => {
            let wasm = author::read(&wasm)?;
            let asked = author::Asked {
                input: input.as_deref().map(author::read_json).transpose()?,
                settings: settings.as_deref().map(author::read_json).transpose()?,
            };
            let (run, recording) = Bench::start()?.run(&wasm, asked).await?;
            if let Some(path) = record {
                author::write(&path, &serde_json::to_vec_pretty(&recording)?)?;
            }
            if let (Some(path), Some(answer)) = (&output, &run.output) {
                author::write(path, &answer_bytes(answer)?)?;
            }
            tell(&run, json, output.is_none())?;
            Ok(run.report.outcome == Outcome::Done)
        }
        Command::Replay { wasm, recording, times } => {
            let (wasm, recording) = (author::read(&wasm)?, author::read_json(&recording)?);
            let replayed = Bench::start()?.replay(&wasm, &recording, times).await?;
            writeln!(stdout(), "{}", replayed.words())?;
            Ok(replayed.same)
        }
    }
}

async fn check(wasm: &std::path::Path, json: bool) -> anyhow::Result<bool> {
    let wasm = author::read(wasm)?;
    match Bench::start()?.check(&wasm).await {
        Ok(inspection) if json => writeln!(stdout(), "{}", serde_json::to_string(&inspection)?)?,
        Ok(inspection) => {
            writeln!(stdout(), "{} {}", inspection.manifest.title, inspection.manifest.version)?;
            for line in inspection.words() {
                writeln!(stdout(), "  {line}")?;
            }
            for line in author::wishes(&inspection.manifest) {
                writeln!(stdout(), "  {line}")?;
            }
        }
        Err(refusal) if json => {
            writeln!(stdout(), "{}", serde_json::to_string(&refusal)?)?;
            return Ok(false);
        }
        Err(refusal) => {
            writeln!(stdout(), "Refused ({}): {}", refusal.code.code(), refusal.words)?;
            if !refusal.detail.is_empty() {
                writeln!(stdout(), "  for its author: {}", refusal.detail)?;
            }
            return Ok(false);
        }
    }
    Ok(true)
}

fn answer_bytes(answer: &Output) -> serde_json::Result<Vec<u8>> {
    match answer {
        Output::Pdf(pdf) => Ok(pdf.0.clone()),
        other => serde_json::to_vec_pretty(other),
    }
}

fn tell(run: &Run, json: bool, with_answer: bool) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string(run)?)?;
        return Ok(());
    }
    let report = &run.report;
    writeln!(out, "{} ({})", report.outcome.words(), report.outcome.code())?;
    if let Outcome::Stopped { reason: crate::Reason::Crashed { how } | crate::Reason::Host { detail: how } } = &report.outcome {
        writeln!(out, "  for its author: {how}")?;
    }
    let percent = report.headroom() * 100.0;
    writeln!(out, "  fuel {} of {}, {percent:.0} % left", report.fuel_used, report.fuel_limit)?;
    let ms = |us: u64| us as f64 / 1000.0;
    writeln!(out, "  computing {:.1} ms, in all {:.1} ms, memory {} KiB", ms(report.cpu_us), ms(report.time_us), report.memory_peak >> 10)?;
    for call in &report.calls {
        let failure = call.failure.as_deref().map(|f| format!(": {f}")).unwrap_or_default();
        writeln!(out, "  it {} ({:.1} ms){failure}", call.what, ms(call.time_us))?;
    }
    for line in &report.log {
        writeln!(out, "  log {:?}: {}", line.level, line.message)?;
    }
    match &run.output {
        Some(Output::Pdf(pdf)) => writeln!(out, "  a PDF of {} bytes", pdf.0.len())?,
        Some(answer) if with_answer => writeln!(out, "{}", serde_json::to_string_pretty(answer)?)?,
        _ => {}
    }
    Ok(())
}
