//! `raif ask`: one turn, the answer on standard output.

mod output;
mod report;

use std::io::{ErrorKind, IsTerminal, Read};
use std::process::ExitCode;

use clap::CommandFactory;

use super::asking::{AskingError, AskingFlags};
use super::interrupt::stop_on_interrupt;
use super::output::note;
use super::{BROKEN, INTERRUPTED};
use crate::chat::Finish;
use crate::constraints::parse;
use crate::engine::{Control, EngineError, Event};
use output::Output;
use report::{Report, Run};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What to ask; `-` reads it from standard input, as does a pipe
    prompt: Option<String>,
    #[command(flatten)]
    asking: AskingFlags,
    /// Put the thinking on standard error as it streams
    #[arg(long)]
    show_thinking: bool,
    /// Print one JSON object at the end instead of the answer as it streams
    #[arg(long)]
    json: bool,
    /// Exit with 3 if the answer broke a constraint of the prompt
    #[arg(long)]
    fail_on_broken: bool,
}

#[derive(Debug, thiserror::Error)]
enum AskError {
    #[error("the prompt cannot be read from standard input: {0}")]
    Input(std::io::Error),
    #[error("the answer cannot be written to standard output: {0}")]
    Output(std::io::Error),
    #[error("interrupts cannot be caught: {0}")]
    Signals(std::io::Error),
    #[error(transparent)]
    Asking(#[from] AskingError),
    #[error(transparent)]
    Engine(#[from] EngineError),
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    Ok(ask(&args).unwrap_or_else(|error| {
        note(&error.to_string());
        match error {
            AskError::Asking(error) if error.is_interrupt() => ExitCode::from(INTERRUPTED),
            _ => ExitCode::FAILURE,
        }
    }))
}

fn ask(args: &Args) -> Result<ExitCode, AskError> {
    let prompt = read_prompt(args.prompt.as_deref())?;
    let (mut engine, asking) = args.asking.open()?;
    let control = Control::default();
    stop_on_interrupt(control.clone()).map_err(AskError::Signals)?;
    let messages = asking.messages(&prompt);
    let question = asking.question(&messages);

    let mut output = Output::new(!args.json, args.show_thinking);
    let mut thinking = String::new();
    let mut answer = String::new();
    let outcome = asking
        .method
        .answer(engine.as_mut(), &question, &control, &mut |event| {
            match event {
                Event::TurnsLeftOut(_) | Event::Prefill { .. } => {}
                Event::Thinking { text, .. } => {
                    output.thinking(&text);
                    thinking.push_str(&text);
                }
                Event::ThinkingEnded(_) => output.end_thinking(),
                Event::Answer { text, .. } => {
                    output.answer(&text);
                    answer.push_str(&text);
                }
            }
            if output.is_closed() {
                control.stop();
            }
        });
    output.end();

    let (outcome, failure) = report::outcome_or_failure(outcome);
    let report = Report::new(Run {
        model: &engine.info().name,
        method: asking.method.name(),
        prompt: &prompt,
        thinking: &thinking,
        answer: &answer,
        outcome,
        constraints: parse::parse(&prompt).constraints,
    });
    if args.json {
        output.json(&report);
    }
    match output.into_error() {
        // Whoever read has all they wanted.
        Some(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
        Some(error) => return Err(AskError::Output(error)),
        None => {}
    }
    if let Some(error) = failure {
        return Err(error.into());
    }
    Ok(conclude(args, &report))
}

/// Says what a reader of the answer alone would not know, and chooses the exit code.
fn conclude(args: &Args, report: &Report) -> ExitCode {
    match report.finish {
        Finish::Stopped => return ExitCode::from(INTERRUPTED),
        Finish::Length => note("the answer is cut at its limit of tokens: raise --max-tokens"),
        Finish::ContextFull => note("the answer is cut because the context is full: raise --ctx"),
        Finish::Stop | Finish::Failed => {}
    }
    let mut broken = report.broken().peekable();
    if !args.fail_on_broken || broken.peek().is_none() {
        return ExitCode::SUCCESS;
    }
    for constraint in broken {
        note(&constraint.to_string());
    }
    ExitCode::from(BROKEN)
}

fn read_prompt(argument: Option<&str>) -> Result<String, AskError> {
    let prompt = match argument {
        Some(text) if text != "-" => text.to_owned(),
        None if std::io::stdin().is_terminal() => {
            usage("give a prompt, or `-` to read one from standard input")
        }
        _ => {
            let mut text = String::new();
            std::io::stdin()
                .read_to_string(&mut text)
                .map_err(AskError::Input)?;
            text.trim_end_matches(['\n', '\r']).to_owned()
        }
    };
    if prompt.trim().is_empty() {
        usage("the prompt is empty");
    }
    Ok(prompt)
}

fn usage(problem: &str) -> ! {
    let mut raif = super::Cli::command();
    // So that its usage line begins with ours.
    raif.build();
    raif.find_subcommand_mut("ask")
        .expect("this command")
        .error(clap::error::ErrorKind::MissingRequiredArgument, problem)
        .exit()
}
