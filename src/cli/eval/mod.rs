//! `raif eval`: how well a model follows instructions, on a file of prompts whose instructions a program can check.
//!
//! Prompts are answered several at a time, the weights read once for all, whatever the method: the passes of one that has
//! several run beside those of others (`methods::answer_many`). What is checked is the answer without its thinking, by the
//! published checkers' rules. A prompt that cannot be answered is said, counts nowhere, and is asked again by the next run.

mod benchmark;
mod finished;
mod progress;
mod score;

use std::collections::HashMap;
use std::io::{IsTerminal, Stderr, stderr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use clap::Subcommand;
use clap::builder::RangedU64ValueParser;
use serde::Serialize;
use serde_json::{Map, Value};

use super::INTERRUPTED;
use super::asking::{Asking, AskingError, AskingFlags};
use super::flags::count_from;
use super::interrupt::stop_on_interrupt;
use super::output::{note, print};
use super::verdicts::Verdicts;
use crate::chat::{Finish, sanitize};
use crate::constraints::Semantics;
use crate::engine::{Control, Event, ModelInfo, Outcome};
use crate::methods::{Asked, Options, Told, answer_many};
use benchmark::{DataError, Row};
use finished::{Finished, FinishedError};
use progress::Progress;
use score::{Accuracies, Score, percent};

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    benchmark: Benchmark,
}

#[derive(Debug, Subcommand)]
enum Benchmark {
    /// Have a model answer a file of IFEval prompts and print the four accuracies
    ///
    /// Each line of the file is {"key", "prompt", "instruction_id_list", "kwargs"}. An answer is checked without its
    /// thinking, as the published checkers do; what they cannot check counts as not followed. Published scores are greedy:
    /// give --temperature 0 to compare with them, and --max-tokens as they had it.
    Ifeval(Box<Ifeval>),
}

#[derive(Debug, clap::Args)]
struct Ifeval {
    /// The prompts, as JSON lines
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// Ask only the first N prompts
    #[arg(long, value_name = "N", value_parser = count_from(1))]
    limit: Option<usize>,
    /// Append each answer and its verdicts to this file as a JSON line; a run that was stopped goes on where it was
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Answers that are written at once, at most 16: faster together, but each takes the memory of its context
    #[arg(long, value_name = "N", default_value = "8", value_parser = RangedU64ValueParser::<usize>::new().range(1..=16))]
    batch: usize,
    #[command(flatten)]
    asking: AskingFlags,
    /// Print one JSON object at the end instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Debug, thiserror::Error)]
enum EvalError {
    #[error(transparent)]
    Data(#[from] DataError),
    #[error(transparent)]
    Finished(#[from] FinishedError),
    #[error("{out} answers another prompt with the key {key}: give another --out")]
    OtherPrompt { out: String, key: String },
    #[error("interrupts cannot be caught: {0}")]
    Signals(std::io::Error),
    #[error(transparent)]
    Asking(#[from] AskingError),
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let Benchmark::Ifeval(args) = args.benchmark;
    Ok(ifeval(&args).unwrap_or_else(|error| {
        note(&error.to_string());
        match error {
            EvalError::Asking(error) if error.is_interrupt() => ExitCode::from(INTERRUPTED),
            _ => ExitCode::FAILURE,
        }
    }))
}

fn ifeval(args: &Ifeval) -> Result<ExitCode, EvalError> {
    let rows = benchmark::read(&args.data, args.limit)?;
    let (mut engine, asking) = args.asking.open()?;
    let run = how(&asking, engine.info());
    let (finished, answered) = match &args.out {
        Some(path) => {
            let (finished, answered) = Finished::open(path, &run)?;
            (Some(finished), answered)
        }
        None => (None, Vec::new()),
    };
    let mut score = Score::default();
    let mut before = HashMap::new();
    for answer in answered {
        before.insert(answer.key.to_string(), answer);
    }
    let mut left = Vec::new();
    for row in &rows {
        match before.get(&row.key.to_string()) {
            Some(answer) if answer.prompt != row.prompt => {
                let out = args.out.as_ref().map(|out| out.display().to_string());
                return Err(EvalError::OtherPrompt {
                    out: out.unwrap_or_default(),
                    key: row.key.to_string(),
                });
            }
            Some(answer) => score.add(&verdicts(row, &answer.response), answer.finish),
            None => left.push(row),
        }
    }

    let control = Control::default();
    stop_on_interrupt(control.clone()).map_err(EvalError::Signals)?;
    let messages: Vec<_> = left.iter().map(|row| asking.messages(&row.prompt)).collect();
    let asked: Vec<_> = messages
        .iter()
        .map(|messages| Asked {
            method: asking.method,
            question: asking.question(messages),
            control: control.clone(),
        })
        .collect();
    if let Some(out) = args.out.as_ref().filter(|_| score.prompts > 0) {
        let (done, all) = (score.prompts, rows.len());
        note(&format!(
            "{} has {done} of {all} answers; going on from there",
            out.display()
        ));
    }
    // Some terminals do not know, and say none.
    let columns = || match crossterm::terminal::size() {
        Ok((columns @ 1.., _)) => columns.into(),
        _ => 80,
    };
    let live = stderr().is_terminal().then(columns);
    let under_way = Mutex::new(UnderWay {
        texts: left.iter().map(|_| Texts::default()).collect(),
        progress: Progress::new(stderr(), live, rows.len(), score.prompts),
        score,
        finished,
        failed: 0,
        error: None,
        control: &control,
        run: &run,
        rows: &left,
    });
    answer_many(engine.as_mut(), &asked, args.batch, &|at, told| {
        let mut under_way = under_way.lock().unwrap_or_else(PoisonError::into_inner);
        match told {
            Told::Event(event) => under_way.hear(at, event),
            Told::Over(Ok(outcome)) => under_way.answered(at, outcome),
            Told::Over(Err(error)) => under_way.failed(at, &error.to_string()),
        }
    });
    let mut under_way = under_way.into_inner().unwrap_or_else(PoisonError::into_inner);
    under_way.progress.end();
    if let Some(error) = under_way.error {
        return Err(error.into());
    }
    let report = Report::new(&run, &under_way, rows.len());
    let printed = if args.json {
        let json = serde_json::to_string(&report).expect("strings and finite numbers");
        print(&format!("{}\n", sanitize::escape_json(&json)))
    } else {
        print(&report.table())
    };
    if control.is_stopped() {
        note(&stopped(&under_way.score, rows.len(), args.out.is_some()));
        return Ok(ExitCode::from(INTERRUPTED));
    }
    Ok(if under_way.failed > 0 {
        ExitCode::FAILURE
    } else {
        printed
    })
}

fn stopped(score: &Score, prompts: usize, kept: bool) -> String {
    let so_far = format!("stopped after {} of {prompts} prompts", score.prompts);
    if kept {
        format!("{so_far}: the same command goes on from there")
    } else {
        format!("{so_far}; with --out a run can go on where it was stopped")
    }
}

/// How the answers are made: what must be the same of all whose figures are added up.
#[derive(Serialize)]
struct How<'a> {
    model: &'a str,
    /// In tokens: what does not fit is cut.
    context: usize,
    method: &'a str,
    system: Option<&'a str>,
    #[serde(flatten)]
    options: Options,
}

fn how(asking: &Asking, model: &ModelInfo) -> Map<String, Value> {
    let how = How {
        model: &model.name,
        context: model.context,
        method: asking.method.name(),
        system: asking.system.as_deref().or(model.default_system.as_deref()),
        options: asking.options.in_force(model),
    };
    // Through text, so that 0.6 stays 0.6 and is not the number of 32 bits next to it.
    let text = serde_json::to_string(&how).expect("strings and finite numbers");
    serde_json::from_str(&text).expect("an object")
}

fn verdicts(row: &Row, response: &str) -> Verdicts {
    Verdicts::on(&row.instructions, &row.prompt, response, Semantics::Official)
}

/// What came of an answer so far.
#[derive(Default)]
struct Texts {
    thinking: String,
    answer: String,
}

/// A run between its first prompt and its last.
struct UnderWay<'a> {
    rows: &'a [&'a Row],
    texts: Vec<Texts>,
    run: &'a Map<String, Value>,
    score: Score,
    progress: Progress<Stderr>,
    finished: Option<Finished>,
    /// Prompts that could not be answered.
    failed: usize,
    /// Why no more answers can be kept.
    error: Option<FinishedError>,
    control: &'a Control,
}

impl UnderWay<'_> {
    fn hear(&mut self, at: usize, event: Event) {
        let texts = &mut self.texts[at];
        let tokens = match event {
            Event::Thinking { text, tokens } => {
                texts.thinking.push_str(&text);
                tokens
            }
            Event::Answer { text, tokens } => {
                texts.answer.push_str(&text);
                tokens
            }
            Event::TurnsLeftOut(_) | Event::Prefill { .. } | Event::ThinkingEnded(_) => 0,
        };
        self.progress.came(tokens, &self.score);
    }

    /// Half an answer, of a run that is stopped, is none.
    fn answered(&mut self, at: usize, outcome: Outcome) {
        let Texts { thinking, answer } = std::mem::take(&mut self.texts[at]);
        if outcome.finish == Finish::Stopped || self.error.is_some() {
            return;
        }
        let row = self.rows[at];
        let verdicts = verdicts(row, &answer);
        if let Some(finished) = &mut self.finished {
            let added = finished.add(&finished::Row {
                key: &row.key,
                prompt: &row.prompt,
                response: &answer,
                thinking: &thinking,
                finish: outcome.finish,
                kwargs: row.instructions.iter().map(|c| &c.kwargs).collect(),
                verdicts: &verdicts,
                stats: outcome.stats,
                run: self.run,
            });
            if let Err(error) = added {
                self.error = Some(error);
                self.control.stop();
                return;
            }
        }
        self.score.add(&verdicts, outcome.finish);
        self.progress.answered(&self.score);
    }

    fn failed(&mut self, at: usize, reason: &str) {
        self.texts[at] = Texts::default();
        self.failed += 1;
        self.progress.end();
        note(&format!(
            "the prompt {} is not answered: {reason}",
            self.rows[at].key
        ));
    }
}

/// `--json`: these fields, in this order.
#[derive(Serialize)]
struct Report<'a> {
    benchmark: &'static str,
    #[serde(flatten)]
    run: &'a Map<String, Value>,
    /// Answered, and all that were to be.
    prompts: usize,
    prompts_in_all: usize,
    instructions: usize,
    #[serde(flatten)]
    accuracies: Accuracies,
    not_checkable: usize,
    /// Answers that ended with the limit of tokens or the context.
    cut: usize,
    failed: usize,
    /// Of this run alone, not of what it went on from.
    tokens: usize,
    seconds: f64,
    tokens_per_s: f64,
}

impl<'a> Report<'a> {
    fn new(run: &'a Map<String, Value>, under_way: &UnderWay<'_>, prompts_in_all: usize) -> Self {
        let UnderWay { score, progress, .. } = under_way;
        let (tokens, seconds) = (progress.tokens(), progress.seconds());
        Self {
            benchmark: "ifeval",
            run,
            prompts: score.prompts,
            prompts_in_all,
            instructions: score.instructions,
            accuracies: score.accuracies(),
            not_checkable: score.not_checkable,
            cut: score.cut,
            failed: under_way.failed,
            tokens,
            seconds,
            tokens_per_s: if seconds > 0.0 {
                tokens as f64 / seconds
            } else {
                0.0
            },
        }
    }

    fn table(&self) -> String {
        let said = |name: &str| self.run.get(name).and_then(Value::as_str).unwrap_or_default();
        let number = |name: &str| self.run.get(name).and_then(Value::as_f64).unwrap_or_default();
        let temperature = match number("temperature") {
            0.0 => "greedy".to_owned(),
            temperature => format!("temperature {temperature:.2}"),
        };
        let row = |name: &str, prompts, instructions| {
            format!(
                "{name:<10} {:>7} % {:>12} %\n",
                percent(prompts),
                percent(instructions)
            )
        };
        let Accuracies {
            prompt_strict,
            instruction_strict,
            prompt_loose,
            instruction_loose,
        } = self.accuracies;
        let mut table = format!(
            "model      {} · {} · {temperature} · at most {} tokens\n\
             prompts    {} of {}, {} instructions\n",
            sanitize::one_line(said("model")),
            said("method"),
            number("max_tokens"),
            self.prompts,
            self.prompts_in_all,
            self.instructions,
        );
        if self.tokens > 0 {
            let (tokens, seconds, rate) = (self.tokens, self.seconds, self.tokens_per_s);
            table += &format!("speed      {rate:.1} tokens/s ({tokens} tokens in {seconds:.0} s)\n");
        }
        if self.cut > 0 {
            table += &format!(
                "cut        {} of {} answers, by the limit of tokens or the context: raise --max-tokens or --ctx\n",
                self.cut, self.prompts
            );
        }
        if self.not_checkable > 0 {
            table += &format!(
                "unchecked  {} of {} instructions, which count as not followed\n",
                self.not_checkable, self.instructions
            );
        }
        table += "\n             prompts  instructions\n";
        table += &row("strict", prompt_strict, instruction_strict);
        table += &row("loose", prompt_loose, instruction_loose);
        table
    }
}
