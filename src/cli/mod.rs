//! The command line: clap types and one file a subcommand. Each turns arguments into calls of the library; standard output
//! carries the result, standard error everything else.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 3 the answer broke a constraint (`--fail-on-broken`), 130 interrupted.

mod ask;
mod asking;
mod batch;
mod bench;
mod chat;
mod check;
mod completions;
mod config;
mod constraints;
mod dev;
mod eval;
mod flags;
mod interrupt;
mod models;
mod output;
mod picture;
mod sessions;
mod verdicts;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit code: the answer broke a constraint.
const BROKEN: u8 = 3;
/// Exit code: ended by Ctrl+C.
const INTERRUPTED: u8 = 130;

/// A terminal chat for language models that reason: thinking, answer and constraints, side by side.
#[derive(Debug, Parser)]
#[command(name = "raif", version, args_conflicts_with_subcommands = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    chat: chat::Args,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer one prompt and exit
    Ask(Box<ask::Args>),
    /// List the constraints a prompt puts on its answer
    Constraints(constraints::Args),
    /// Check a finished answer against its prompt
    Check(check::Args),
    /// Measure how well a model follows instructions, on a file of them
    Eval(eval::Args),
    /// Measure prefill and decode speed on this machine
    Bench(bench::Args),
    /// What models there are: list, pull, info, import, rm, path
    Models(models::Args),
    /// Saved conversations: list, show, search, export, rm
    Sessions(sessions::Args),
    /// Settings: path, init, show
    Config(config::Args),
    /// Print completions for a shell
    Completions(completions::Args),
    /// For conformance tests
    #[command(hide = true)]
    Dev(dev::Args),
}

/// Parses the process's arguments and runs the command they name. What went wrong is said on standard error.
pub fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|error| {
        let io = error.downcast_ref::<std::io::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe) {
            // Whoever read the output has seen enough.
            return ExitCode::SUCCESS;
        }
        output::failed(&format_args!("{error:#}"))
    })
}

fn run(cli: Cli) -> color_eyre::Result<ExitCode> {
    match cli.command {
        None => chat::run(cli.chat),
        Some(Command::Ask(args)) => ask::run(*args),
        Some(Command::Constraints(args)) => constraints::run(args),
        Some(Command::Check(args)) => check::run(args),
        Some(Command::Eval(args)) => eval::run(args),
        Some(Command::Bench(args)) => bench::run(args),
        Some(Command::Models(args)) => models::run(args),
        Some(Command::Sessions(args)) => sessions::run(args),
        Some(Command::Config(args)) => config::run(args),
        Some(Command::Completions(args)) => completions::run(args),
        Some(Command::Dev(args)) => dev::run(args),
    }
}
