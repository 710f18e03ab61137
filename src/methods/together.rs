//! Several questions at once, whatever their methods.
//!
//! A method stays the blocking program that it is: each runs on a thread of its own, where the engine that it calls is a
//! [`StandIn`]. What all of them ask for meets in the [`Hub`], through which the real engine generates it side by side. So
//! the passes of a method that has several run beside those of other questions too.

use std::collections::VecDeque;
use std::iter::Enumerate;
use std::slice::Iter;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, Scope, scope};

use super::{Method, Question};
use crate::chat::{Finish, Stats};
use crate::engine::{Asking, Control, Engine, EngineError, Event, ModelInfo, Outcome, Request};

/// One of several questions.
pub struct Asked<'a> {
    pub method: &'static dyn Method,
    pub question: Question<'a>,
    pub control: Control,
}

/// What is heard of a question.
#[derive(Debug)]
pub enum Told {
    Event(Event),
    Over(Result<Outcome, EngineError>),
}

/// Answers `asked`, up to `at_once` side by side, the next one beginning when one is over. `sink` gets each piece with the
/// position of its question, on that question's thread. One that is stopped before it begins does not begin. Of an engine
/// that panics nothing more is heard here: the panic is the caller's.
pub fn answer_many(
    engine: &mut dyn Engine,
    asked: &[Asked<'_>],
    at_once: usize,
    sink: &(dyn Fn(usize, Told) + Sync),
) {
    let info = engine.info().clone();
    scope(|scope| {
        let (said, inbox) = channel();
        let mut hub = Hub {
            scope,
            info: &info,
            sink,
            waiting: asked.iter().enumerate(),
            at_once: at_once.max(1),
            running: 0,
            said,
            inbox,
            wanted: VecDeque::new(),
            asked: Vec::new(),
        };
        engine.generate_many(&mut hub);
    });
}

/// Where the questions' threads and the engine meet.
struct Hub<'scope, 'env> {
    scope: &'scope Scope<'scope, 'env>,
    info: &'env ModelInfo,
    sink: &'env (dyn Fn(usize, Told) + Sync),
    waiting: Enumerate<Iter<'env, Asked<'env>>>,
    at_once: usize,
    /// Questions that have a thread.
    running: usize,
    said: Sender<Said>,
    inbox: Receiver<Said>,
    wanted: VecDeque<Wanted>,
    /// Who asked for what the engine was given, by its place.
    asked: Vec<Sender<Told>>,
}

/// What a question's thread has to say.
struct Said {
    question: usize,
    /// `None`: it is over.
    wants: Option<Wanted>,
}

struct Wanted {
    request: Request,
    control: Control,
    tell: Sender<Told>,
}

impl<'scope, 'env> Hub<'scope, 'env> {
    fn begin_questions(&mut self) {
        while self.running < self.at_once
            && let Some((question, asked)) = self.waiting.next()
        {
            if asked.control.is_stopped() {
                let stopped = Outcome {
                    finish: Finish::Stopped,
                    stats: Stats::default(),
                };
                (self.sink)(question, Told::Over(Ok(stopped)));
                continue;
            }
            self.begin(question, asked);
            // Its first word needs nobody's help. Waiting for it keeps the questions in their order.
            while let Ok(said) = self.inbox.recv() {
                let from = said.question;
                self.hear(said);
                if from == question {
                    break;
                }
            }
        }
    }

    fn begin(&mut self, question: usize, asked: &'env Asked<'env>) {
        self.running += 1;
        let mut engine = StandIn {
            question,
            info: self.info,
            said: self.said.clone(),
            is_gone: false,
        };
        let sink = self.sink;
        let answer = move || {
            let tell = &mut |event| sink(question, Told::Event(event));
            let outcome = asked
                .method
                .answer(&mut engine, &asked.question, &asked.control, tell);
            if !engine.is_gone {
                sink(question, Told::Over(outcome));
            }
        };
        let thread = Builder::new().name("question".into());
        if let Err(error) = thread.spawn_scoped(self.scope, answer) {
            let error = EngineError::Compute(format!("there is no thread for it: {error}"));
            sink(question, Told::Over(Err(error)));
        }
    }

    fn hear(&mut self, said: Said) {
        match said.wants {
            Some(wanted) => self.wanted.push_back(wanted),
            None => self.running -= 1,
        }
    }
}

impl Asking for Hub<'_, '_> {
    fn next(&mut self, idle: bool) -> Option<(Request, Control)> {
        loop {
            while let Ok(said) = self.inbox.try_recv() {
                self.hear(said);
            }
            self.begin_questions();
            if let Some(wanted) = self.wanted.pop_front() {
                self.asked.push(wanted.tell);
                return Some((wanted.request, wanted.control));
            }
            if !idle || self.running == 0 {
                return None;
            }
            let said = self.inbox.recv().ok()?;
            self.hear(said);
        }
    }

    // A thread that no longer listens has panicked, which its end tells.
    fn event(&mut self, place: usize, event: Event) {
        drop(self.asked[place].send(Told::Event(event)));
    }

    fn over(&mut self, place: usize, outcome: Result<Outcome, EngineError>) {
        drop(self.asked[place].send(Told::Over(outcome)));
    }
}

/// The engine as one question sees it.
struct StandIn<'a> {
    question: usize,
    info: &'a ModelInfo,
    said: Sender<Said>,
    /// The real one panicked.
    is_gone: bool,
}

impl StandIn<'_> {
    /// Where nobody listens the real engine is gone, and whoever waits for an answer is told by that.
    fn say(&self, wants: Option<Wanted>) {
        drop(self.said.send(Said {
            question: self.question,
            wants,
        }));
    }
}

impl Engine for StandIn<'_> {
    fn info(&self) -> &ModelInfo {
        self.info
    }

    fn generate(
        &mut self,
        request: &Request,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let (tell, told) = channel();
        self.say(Some(Wanted {
            request: request.clone(),
            control: control.clone(),
            tell,
        }));
        for told in told {
            match told {
                Told::Event(event) => sink(event),
                Told::Over(outcome) => return outcome,
            }
        }
        self.is_gone = true;
        Err(EngineError::Compute("it ended before this was answered".into()))
    }
}

impl Drop for StandIn<'_> {
    /// However its thread ends.
    fn drop(&mut self) {
        self.say(None);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::chat::{Message, Role};
    use crate::engine::scripted::ScriptedEngine;
    use crate::methods::{Options, Prompts, find};

    /// The answers and the outcomes of `methods`, each asked the same, `at_once` at once.
    fn answers(
        script: &str,
        methods: &[&str],
        at_once: usize,
        mut control: impl FnMut(usize) -> Control,
    ) -> Vec<(String, Option<Finish>)> {
        let messages = [Message::new(Role::User, "Why?")];
        let (options, prompts) = (Options::default(), Prompts::default());
        let asked: Vec<_> = methods
            .iter()
            .enumerate()
            .map(|(at, method)| Asked {
                method: find(method).unwrap(),
                question: Question {
                    messages: &messages,
                    options: &options,
                    prompts: &prompts,
                },
                control: control(at),
            })
            .collect();
        let heard = Mutex::new(vec![(String::new(), None); methods.len()]);
        let mut engine = ScriptedEngine::parse(script).unwrap();
        answer_many(&mut engine, &asked, at_once, &|question, told| {
            let (answer, finish) = &mut heard.lock().unwrap()[question];
            match told {
                Told::Event(Event::Answer { text, .. }) => answer.push_str(&text),
                Told::Event(_) => {}
                Told::Over(outcome) => {
                    let ended = outcome.map_or(Finish::Failed, |outcome| outcome.finish);
                    assert!(finish.replace(ended).is_none(), "over once");
                }
            }
        });
        heard.into_inner().unwrap()
    }

    #[test]
    fn questions_are_asked_in_their_order_and_one_that_fails_ends_no_other() {
        let script = r#"
            {"type": "reply"}
            {"type": "text", "text": "first"}
            {"type": "reply"}
            {"type": "fail", "message": "out of paper"}
            {"type": "reply"}
            {"type": "text", "text": "third"}
        "#;
        for at_once in [1, 2, 3, 9] {
            let heard = answers(script, &["io"; 6], at_once, |_| Control::default());
            let expected = [
                ("first".into(), Some(Finish::Stop)),
                (String::new(), Some(Finish::Failed)),
                ("third".into(), Some(Finish::Stop)),
            ];
            assert_eq!(heard, [expected.clone(), expected].concat(), "{at_once} at once");
        }
    }

    #[test]
    fn methods_of_several_passes_run_beside_others() {
        // A pass that thinks gets a thought and what is dropped of its reply; any other gets the answer.
        let script = r#"{"type": "text", "text": "</think>Because."}"#;
        let methods = ["sdc", "io", "cot", "sdc"];
        let heard = answers(script, &methods, 3, |_| Control::default());
        for (answer, finish) in heard {
            assert!(answer.ends_with("Because."), "{answer}");
            assert_eq!(finish, Some(Finish::Stop));
        }
    }

    #[test]
    fn what_is_stopped_does_not_begin() {
        let script = r#"{"type": "text", "text": "said"}"#;
        let heard = answers(script, &["io"; 3], 1, |at| {
            let control = Control::default();
            if at > 0 {
                control.stop();
            }
            control
        });
        let stopped = (String::new(), Some(Finish::Stopped));
        assert_eq!(
            heard,
            [("said".into(), Some(Finish::Stop)), stopped.clone(), stopped]
        );
    }

    /// Fails in the way that no engine may.
    struct Broken(ModelInfo);

    impl Engine for Broken {
        fn info(&self) -> &ModelInfo {
            &self.0
        }

        fn generate(
            &mut self,
            _: &Request,
            _: &Control,
            _: &mut dyn FnMut(Event),
        ) -> Result<Outcome, EngineError> {
            std::panic::resume_unwind(Box::new("a bug"))
        }
    }

    #[test]
    fn an_engine_that_panics_is_the_callers_and_leaves_nobody_waiting() {
        let info = ScriptedEngine::parse(r#"{"type": "text", "text": "x"}"#)
            .unwrap()
            .info()
            .clone();
        let messages = [Message::new(Role::User, "Why?")];
        let (options, prompts) = (Options::default(), Prompts::default());
        let asked = [0, 1].map(|_| Asked {
            method: find("sdc").unwrap(),
            question: Question {
                messages: &messages,
                options: &options,
                prompts: &prompts,
            },
            control: Control::default(),
        });
        let heard = Mutex::new(0);
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            answer_many(&mut Broken(info), &asked, 2, &|_, _| *heard.lock().unwrap() += 1);
        }));
        let reason = panicked.unwrap_err();
        assert_eq!(reason.downcast_ref(), Some(&"a bug"));
        assert_eq!(heard.into_inner().unwrap(), 0);
    }
}
