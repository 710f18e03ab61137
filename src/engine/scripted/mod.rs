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

mod player;

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Control, Engine, EngineError, Event, ModelInfo, Outcome, Reasoning, Request};
use player::Player;

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

#[cfg(test)]
mod tests;
