//! Recorded streams, for tests and demonstrations.
//!
//! A script is JSON lines, each with its `type`:
//!
//! | type | fields | plays |
//! |---|---|---|
//! | `model` | `name`, `context`, `reasoning`, `default_system` (all optional) | first line: what [`ModelInfo`] says |
//! | `reply` | | begins the next reply; before the first one it may be left out |
//! | `prefill` | `tokens`, `ms` | that many prompt tokens, in that time |
//! | `text` | `text`, `ms` | raw text, tags included, a word a token, each after `ms` |
//! | `loop` | `text`, `ms` | the same over and over, until thinking is ended or the generation is |
//! | `fail` | `message` | an engine error |
//!
//! Each generation plays the next reply and after the last the first again. The stream goes through the real splitter;
//! when thinking is ended from outside, or skipped, it goes on behind the next `</think>`. The statistics are those of
//! the script's own times, so they are the same on every run. Sampling and stop strings have nothing to act on.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Control, Engine, EngineError, Event, ModelInfo, Outcome, Reasoning, Request, Thinking};
use crate::chat::{Finish, Stats, ThinkingEnd};
use crate::reasoning::{Segment, Splitter};

const CLOSE: &str = "</think>";
const TAGS: [&str; 4] = ["<think>", CLOSE, "<answer>", "</answer>"];
/// Prompt tokens between two progress events.
const PREFILL_CHUNK: usize = 64;
/// The longest a stop goes unnoticed.
const NAP: Duration = Duration::from_millis(5);

/// Plays the replies of a script.
#[derive(Clone, Debug)]
pub struct ScriptedEngine {
    info: ModelInfo,
    replies: Vec<Vec<Step>>,
    next: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelLine {
    name: Option<String>,
    context: Option<usize>,
    reasoning: Option<Reasoning>,
    default_system: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
enum Step {
    Prefill {
        tokens: usize,
        #[serde(default)]
        ms: u64,
    },
    Text {
        text: String,
        #[serde(default)]
        ms: u64,
    },
    Loop {
        text: String,
        #[serde(default)]
        ms: u64,
    },
    Fail {
        message: String,
    },
}

impl ScriptedEngine {
    pub fn open(path: &Path) -> Result<Self, EngineError> {
        let at = |reason: String| EngineError::Script(format!("{}: {reason}", path.display()));
        let script = std::fs::read_to_string(path).map_err(|error| at(error.to_string()))?;
        Self::parse(&script).map_err(at)
    }

    /// The error names the line.
    pub fn parse(script: &str) -> Result<Self, String> {
        let mut info = ModelInfo {
            name: "scripted".to_owned(),
            context: 8192,
            reasoning: Reasoning::None,
            default_system: None,
            default_sampling: None,
        };
        let mut replies: Vec<Vec<Step>> = Vec::new();
        for (at, line) in script
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let at = |reason: String| format!("line {}: {reason}", at + 1);
            let mut line: Map<String, Value> =
                serde_json::from_str(line).map_err(|error| at(error.to_string()))?;
            match line.get("type").and_then(Value::as_str) {
                Some("model") if replies.is_empty() => {
                    line.remove("type");
                    let model: ModelLine =
                        serde_json::from_value(line.into()).map_err(|error| at(error.to_string()))?;
                    info.name = model.name.unwrap_or(info.name);
                    info.context = model.context.unwrap_or(info.context);
                    info.reasoning = model.reasoning.unwrap_or(info.reasoning);
                    info.default_system = model.default_system;
                }
                Some("model") => return Err(at("the model comes before all replies".to_owned())),
                Some("reply") => replies.push(Vec::new()),
                _ => {
                    let step = serde_json::from_value(line.into()).map_err(|error| at(error.to_string()))?;
                    if replies.is_empty() {
                        replies.push(Vec::new());
                    }
                    replies.last_mut().expect("one is there").push(step);
                }
            }
        }
        if replies.is_empty() {
            return Err("it has no reply".to_owned());
        }
        Ok(Self {
            info,
            replies,
            next: 0,
        })
    }
}

impl Engine for ScriptedEngine {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn generate(
        &mut self,
        request: &Request,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let reply = &self.replies[self.next % self.replies.len()];
        self.next += 1;
        Player::new(&self.info, request, control, sink).play(reply)
    }
}

/// Why a reply is not played to its end.
enum End {
    Early(Finish),
    Failed(String),
}

/// One generation.
struct Player<'a> {
    request: &'a Request,
    control: &'a Control,
    sink: &'a mut dyn FnMut(Event),
    context: usize,
    splitter: Splitter,
    segments: Vec<Segment>,
    /// Tokens whose text the splitter holds back.
    held: usize,
    /// Thinking text came, or the prompt opened the block, and its end is not told yet.
    end_owed: bool,
    /// The script is played silently up to its next `</think>`.
    skipping: bool,
    stats: Stats,
}

impl<'a> Player<'a> {
    fn new(
        info: &ModelInfo,
        request: &'a Request,
        control: &'a Control,
        sink: &'a mut dyn FnMut(Event),
    ) -> Self {
        let skip = request.thinking == Thinking::Skip;
        let inside = !skip
            && (info.reasoning == Reasoning::Opened
                || request.reply_prefix.rfind("<think>") > request.reply_prefix.rfind(CLOSE));
        Self {
            request,
            control,
            sink,
            context: info.context,
            splitter: Splitter::new(inside),
            segments: Vec::new(),
            held: 0,
            end_owed: inside,
            skipping: skip && info.reasoning != Reasoning::None,
            stats: Stats {
                prompt_tokens: request.messages.iter().map(|m| tokens(&m.content).count()).sum(),
                ..Stats::default()
            },
        }
    }

    fn play(mut self, reply: &[Step]) -> Result<Outcome, EngineError> {
        let finish = match reply.iter().try_for_each(|step| self.step(step)) {
            Ok(()) => Ok(Finish::Stop),
            Err(End::Early(finish)) => Ok(finish),
            Err(End::Failed(message)) => Err(EngineError::Compute(message)),
        };
        // However it ended, what was held back is text and an open block is over.
        self.splitter.finish(&mut self.segments);
        self.send(ThinkingEnd::Model);
        if self.end_owed {
            (self.sink)(Event::ThinkingEnded(ThinkingEnd::Unclosed));
        }
        if self.stats.decode_s > 0.0 {
            self.stats.tokens_per_s = self.decoded() as f64 / self.stats.decode_s;
        }
        Ok(Outcome {
            finish: finish?,
            stats: self.stats,
        })
    }

    fn step(&mut self, step: &Step) -> Result<(), End> {
        match step {
            Step::Prefill { tokens, ms } => self.prefill(*tokens, *ms),
            Step::Text { text, ms } => tokens(text).try_for_each(|token| self.token(token, *ms)),
            Step::Loop { text, ms } => {
                for token in tokens(text).collect::<Vec<_>>().into_iter().cycle() {
                    self.token(token, *ms)?;
                    if self.skipping {
                        break;
                    }
                }
                Ok(())
            }
            Step::Fail { message } => Err(End::Failed(message.clone())),
        }
    }

    fn prefill(&mut self, total: usize, ms: u64) -> Result<(), End> {
        self.stats.prompt_tokens = total;
        let chunks = total.div_ceil(PREFILL_CHUNK).max(1);
        for chunk in 1..=chunks {
            let took = ms / chunks as u64;
            self.wait(took)?;
            self.stats.prefill_s += took as f64 / 1000.0;
            (self.sink)(Event::Prefill {
                done: (chunk * PREFILL_CHUNK).min(total),
                total,
                cached: 0,
            });
        }
        Ok(())
    }

    fn token(&mut self, token: &str, ms: u64) -> Result<(), End> {
        if self.skipping {
            self.skipping = token != CLOSE;
            return Ok(());
        }
        let decoded = self.decoded();
        if decoded >= self.request.limits.max_tokens {
            return Err(End::Early(Finish::Length));
        }
        if self.stats.prompt_tokens + decoded >= self.context {
            return Err(End::Early(Finish::ContextFull));
        }
        let budget = self.request.limits.think_budget.unwrap_or(usize::MAX);
        let asked = self.control.take_end_thinking();
        if self.splitter.is_thinking() {
            let spent = self.stats.thinking_tokens + self.held >= budget;
            let end = match (spent, asked) {
                (true, _) => Some(ThinkingEnd::Budget),
                (false, true) => Some(ThinkingEnd::User),
                (false, false) => None,
            };
            if let Some(end) = end {
                self.splitter.end_thinking(&mut self.segments);
                self.send(end);
                self.skipping = token != CLOSE;
                return Ok(());
            }
        }
        self.wait(ms)?;
        if decoded == 0 {
            self.stats.ttft_s = self.stats.prefill_s + ms as f64 / 1000.0;
        }
        self.stats.decode_s += ms as f64 / 1000.0;
        self.held += 1;
        self.splitter.push(token, &mut self.segments);
        self.send(ThinkingEnd::Model);
        Ok(())
    }

    fn decoded(&self) -> usize {
        self.stats.thinking_tokens + self.stats.answer_tokens + self.held
    }

    /// Hands on what the splitter decided; `end` is why thinking ended if it did.
    fn send(&mut self, end: ThinkingEnd) {
        for segment in self.segments.drain(..) {
            let event = match segment {
                Segment::Thinking(text) => {
                    self.end_owed = true;
                    let tokens = std::mem::take(&mut self.held);
                    self.stats.thinking_tokens += tokens;
                    Event::Thinking { text, tokens }
                }
                Segment::ThinkingEnded => {
                    self.end_owed = false;
                    if self.held > 0 {
                        // The tag is a token without text.
                        let tokens = std::mem::take(&mut self.held);
                        self.stats.thinking_tokens += tokens;
                        (self.sink)(Event::Thinking {
                            text: String::new(),
                            tokens,
                        });
                    }
                    Event::ThinkingEnded(end)
                }
                Segment::Answer(text) => {
                    let tokens = std::mem::take(&mut self.held);
                    self.stats.answer_tokens += tokens;
                    Event::Answer { text, tokens }
                }
            };
            (self.sink)(event);
        }
    }

    fn wait(&self, ms: u64) -> Result<(), End> {
        let mut left = Duration::from_millis(ms);
        while !self.control.is_stopped() {
            if left.is_zero() {
                return Ok(());
            }
            let nap = left.min(NAP);
            std::thread::sleep(nap);
            left -= nap;
        }
        Err(End::Early(Finish::Stopped))
    }
}

/// Words with the white space before them; a tag is a token of its own.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let tag = TAGS.iter().find(|tag| rest.starts_with(**tag));
        let end = tag.map_or_else(|| word_end(rest), |tag| tag.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        Some(token)
    })
}

fn word_end(text: &str) -> usize {
    let word = text.len() - text.trim_start().len();
    let space = text[word..]
        .find(char::is_whitespace)
        .map_or(text.len(), |at| word + at);
    TAGS.iter()
        .filter_map(|tag| text[..space].find(tag))
        .fold(space, usize::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::{Message, Role};
    use crate::engine::Limits;

    fn run(
        script: &str,
        request: &Request,
        mut at_event: impl FnMut(&Event, &Control),
    ) -> (Vec<Event>, Outcome) {
        let mut engine = ScriptedEngine::parse(script).expect("the script is right");
        let control = Control::default();
        let mut events = Vec::new();
        let outcome = engine
            .generate(request, &control, &mut |event| {
                at_event(&event, &control);
                events.push(event);
            })
            .expect("the script does not fail");
        (events, outcome)
    }

    fn texts(events: &[Event]) -> (String, String, Vec<ThinkingEnd>) {
        let mut texts = (String::new(), String::new(), Vec::new());
        for event in events {
            match event {
                Event::Thinking { text, .. } => texts.0.push_str(text),
                Event::Answer { text, .. } => texts.1.push_str(text),
                Event::ThinkingEnded(end) => texts.2.push(*end),
                Event::TurnsLeftOut(_) | Event::Prefill { .. } => {}
            }
        }
        texts
    }

    const REASONING: &str = r#"
        {"type": "model", "reasoning": "opened"}
        {"type": "prefill", "tokens": 100}
        {"type": "text", "text": "One two three.\n</think>\n\nFour five."}
    "#;

    #[test]
    fn a_reply_is_played_through_the_splitter() {
        let (events, outcome) = run(REASONING, &Request::default(), |_, _| {});
        assert_eq!(
            texts(&events),
            (
                "One two three.\n".into(),
                "Four five.".into(),
                vec![ThinkingEnd::Model]
            )
        );
        assert_eq!(outcome.finish, Finish::Stop);
        assert_eq!(
            (outcome.stats.prompt_tokens, outcome.stats.answer_tokens),
            (100, 2)
        );
        let counted: usize = events
            .iter()
            .map(|event| match event {
                Event::Thinking { tokens, .. } => *tokens,
                _ => 0,
            })
            .sum();
        assert_eq!(
            (counted, outcome.stats.thinking_tokens),
            (5, 5),
            "the tag is a token"
        );
    }

    #[test]
    fn a_budget_and_a_key_go_on_behind_the_close() {
        let request = Request {
            limits: Limits {
                think_budget: Some(2),
                ..Limits::default()
            },
            ..Request::default()
        };
        let (events, _) = run(REASONING, &request, |_, _| {});
        assert_eq!(
            texts(&events),
            ("One two".into(), "Four five.".into(), vec![ThinkingEnd::Budget])
        );
        let (events, _) = run(REASONING, &Request::default(), |event, control| {
            if matches!(event, Event::Thinking { .. }) {
                control.end_thinking();
            }
        });
        assert_eq!(
            texts(&events),
            ("One".into(), "Four five.".into(), vec![ThinkingEnd::User])
        );
    }

    #[test]
    fn thinking_is_skipped_where_the_request_says_so() {
        let request = Request {
            thinking: Thinking::Skip,
            ..Request::default()
        };
        let (events, _) = run(REASONING, &request, |_, _| {});
        assert_eq!(texts(&events), (String::new(), "Four five.".into(), vec![]));
    }

    #[test]
    fn a_stop_ends_it_within_a_token() {
        let (events, outcome) = run(REASONING, &Request::default(), |event, control| {
            if matches!(event, Event::Thinking { .. }) {
                control.stop();
            }
        });
        assert_eq!(
            texts(&events),
            ("One".into(), String::new(), vec![ThinkingEnd::Unclosed])
        );
        assert_eq!(outcome.finish, Finish::Stopped);
    }

    #[test]
    fn a_loop_ends_with_its_budget_or_its_tokens() {
        let script = r#"
            {"type": "model", "reasoning": "opened"}
            {"type": "loop", "text": " wait"}
            {"type": "text", "text": "</think>Done."}
        "#;
        let mut request = Request::default();
        request.limits.think_budget = Some(30);
        let (events, outcome) = run(script, &request, |_, _| {});
        assert_eq!(outcome.stats.thinking_tokens, 30);
        assert_eq!(texts(&events).1, "Done.");
        request.limits = Limits {
            max_tokens: 20,
            think_budget: None,
        };
        let (events, outcome) = run(script, &request, |_, _| {});
        assert_eq!(
            (outcome.finish, outcome.stats.thinking_tokens),
            (Finish::Length, 20)
        );
        assert_eq!(texts(&events).2, [ThinkingEnd::Unclosed]);
    }

    #[test]
    fn the_context_is_a_limit_and_replies_follow_each_other() {
        let script = r#"
            {"type": "model", "context": 6}
            {"type": "reply"}
            {"type": "text", "text": "a b c d e f g"}
            {"type": "reply"}
            {"type": "fail", "message": "out of paper"}
        "#;
        let request = Request {
            messages: vec![Message::new(Role::User, "one two three")],
            ..Request::default()
        };
        let mut engine = ScriptedEngine::parse(script).expect("the script is right");
        let mut sink = |_| {};
        let first = engine
            .generate(&request, &Control::default(), &mut sink)
            .expect("the first reply");
        assert_eq!(
            (first.finish, first.stats.answer_tokens),
            (Finish::ContextFull, 3)
        );
        let second = engine.generate(&request, &Control::default(), &mut sink);
        assert!(matches!(second, Err(EngineError::Compute(message)) if message == "out of paper"));
        let third = engine.generate(&request, &Control::default(), &mut sink);
        assert_eq!(
            third.map(|outcome| outcome.finish).ok(),
            Some(Finish::ContextFull)
        );
    }

    #[test]
    fn several_requests_have_their_own_events_controls_and_outcomes() {
        let script = r#"
            {"type": "reply"}
            {"type": "text", "text": "one two"}
            {"type": "reply"}
            {"type": "fail", "message": "out of paper"}
            {"type": "reply"}
            {"type": "text", "text": "five six seven"}
        "#;
        let asked: Vec<_> = (0..3).map(|_| (Request::default(), Control::default())).collect();
        let mut answers = vec![String::new(); 3];
        let mut engine = ScriptedEngine::parse(script).expect("the script is right");
        let outcomes = engine.generate_many(&asked, &mut |at, event| {
            if let Event::Answer { text, .. } = event {
                answers[at].push_str(&text);
                if at == 2 {
                    asked[2].1.stop();
                }
            }
        });
        assert_eq!(answers, ["one two", "", "five"]);
        let finishes: Vec<_> = outcomes
            .into_iter()
            .map(|outcome| outcome.map(|o| o.finish).ok())
            .collect();
        assert_eq!(finishes, [Some(Finish::Stop), None, Some(Finish::Stopped)]);
    }

    #[test]
    fn a_wrong_script_says_where() {
        for (script, place) in [
            ("", "no reply"),
            ("not json", "line 1"),
            ("\n{\"type\": \"song\"}", "line 2"),
            (r#"{"type": "text", "text": "a", "colour": 1}"#, "line 1"),
            ("{\"type\": \"reply\"}\n{\"type\": \"model\"}", "line 2"),
        ] {
            let error = ScriptedEngine::parse(script).expect_err(script);
            assert!(error.contains(place), "{error}");
        }
    }
}
