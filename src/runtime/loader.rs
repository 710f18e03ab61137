//! Which engine a name stands for.

use std::path::PathBuf;

use super::model::Loader;
use crate::app::effect::Ask;
use crate::app::event::ModelEvent;
use crate::engine::local::{CacheType, LoadOptions, LocalEngine};
use crate::engine::scripted::ScriptedEngine;
use crate::engine::{Control, Engine, EngineError, Event, Outcome};
use crate::methods::{self, Asked, Method, Options, Prompts, Question, Told, answer_many};
use crate::models::{Located, Models, ModelsError, human_bytes};

/// Loads models of this machine, or plays one script whatever the name.
pub struct EngineLoader {
    pub models: Models,
    pub script: Option<PathBuf>,
    pub context: Option<usize>,
    pub threads: Option<usize>,
    pub kv_cache: CacheType,
    pub options: Options,
    pub prompts: Prompts,
}

impl EngineLoader {
    fn open(&self, located: &Located) -> Result<LocalEngine, EngineError> {
        LocalEngine::load(
            &located.path,
            &LoadOptions {
                kv_cache: self.kv_cache,
                ..LoadOptions::of(located, self.context, self.threads)
            },
        )
    }

    /// The seed that was set is that of the first answer; another one to the same prompt is not to be the same.
    fn options_of(&self, ask: &Ask) -> Options {
        Options {
            seed: self
                .options
                .seed
                .map(|seed| seed.wrapping_add(ask.attempt as u64)),
            ..self.options.clone()
        }
    }

    fn question<'a>(&'a self, ask: &'a Ask, options: &'a Options) -> Question<'a> {
        Question {
            messages: &ask.messages,
            options,
            prompts: &self.prompts,
        }
    }

    /// What the first run offers: the starter's name, and its size and licence in words.
    fn starter(&self) -> Option<(String, String)> {
        let entry = self.models.catalog().starter()?;
        let size = entry
            .download_size()
            .map(|bytes| format!("{}, ", human_bytes(bytes)))
            .unwrap_or_default();
        Some((entry.name.clone(), format!("{size}{}", entry.licence)))
    }
}

fn method_of(ask: &Ask) -> Result<&'static dyn Method, String> {
    methods::find(&ask.method)
        .ok_or_else(|| format!("there is no method {}: choose one with /method", ask.method))
}

impl Loader for EngineLoader {
    fn load(&mut self, name: Option<&str>, report: &mut dyn FnMut(ModelEvent)) -> Option<Box<dyn Engine>> {
        let loaded: Result<Box<dyn Engine>, String> = if let Some(script) = &self.script {
            ScriptedEngine::open(script)
                .map(|e| Box::new(e) as Box<dyn Engine>)
                .map_err(|e| e.to_string())
        } else {
            match self.models.locate(name) {
                Ok(located) => {
                    report(ModelEvent::Loading {
                        name: located.name.clone(),
                    });
                    self.open(&located)
                        .map(|e| Box::new(e) as Box<dyn Engine>)
                        .map_err(|e| e.to_string())
                }
                Err(ModelsError::NothingInstalled) => {
                    report(match self.starter() {
                        Some((starter, about)) => ModelEvent::Missing { starter, about },
                        None => ModelEvent::LoadFailed {
                            message: ModelsError::NothingInstalled.to_string(),
                        },
                    });
                    return None;
                }
                Err(error) => Err(error.to_string()),
            }
        };
        match loaded {
            Ok(engine) => {
                report(ModelEvent::Ready(engine.info().clone()));
                Some(engine)
            }
            Err(message) => {
                report(ModelEvent::LoadFailed { message });
                None
            }
        }
    }

    fn run(
        &mut self,
        engine: &mut dyn Engine,
        ask: &Ask,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, String> {
        let (method, options) = (method_of(ask)?, self.options_of(ask));
        method
            .answer(engine, &self.question(ask, &options), control, sink)
            .map_err(|e| e.to_string())
    }

    fn run_together(
        &mut self,
        engine: &mut dyn Engine,
        asked: &[(Ask, Control)],
        report: &(dyn Fn(ModelEvent) + Sync),
    ) {
        let options: Vec<_> = asked.iter().map(|(ask, _)| self.options_of(ask)).collect();
        let mut turns = Vec::new();
        let mut questions = Vec::new();
        for ((ask, control), options) in asked.iter().zip(&options) {
            let turn = ask.turn;
            match method_of(ask) {
                Ok(method) => {
                    turns.push(turn);
                    questions.push(Asked {
                        method,
                        question: self.question(ask, options),
                        control: control.clone(),
                    });
                }
                Err(message) => {
                    let result = Err(message);
                    report(ModelEvent::Finished { turn, result });
                }
            }
        }
        answer_many(engine, &questions, questions.len(), &|at, told| {
            let turn = turns[at];
            report(match told {
                Told::Event(event) => ModelEvent::Stream { turn, event },
                Told::Over(outcome) => ModelEvent::Finished {
                    turn,
                    result: outcome.map_err(|error| error.to_string()),
                },
            });
        });
    }

    fn read_ahead(&mut self, engine: &mut dyn Engine, ask: &Ask, answer: &str, control: &Control) {
        let question = self.question(ask, &self.options);
        let follow_up =
            methods::find(&ask.method).and_then(|method| method.follow_up(engine.info(), &question, answer));
        if let Some(request) = follow_up {
            engine.read_ahead(&request, control);
        }
    }
}
