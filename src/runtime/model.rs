//! The model's thread.
//!
//! One named thread owns the engine: loading and generating block it and nothing else. Commands arrive in order; running
//! generations are steered through their [`Control`]s. A panic inside an engine is a failed turn, not the end of the program.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;

use tokio::sync::mpsc::Sender;

use crate::app::Event;
use crate::app::effect::Ask;
use crate::app::event::ModelEvent;
use crate::engine::{Control, Engine, Outcome};

/// Makes engines: finds and loads a model by name (`None`: the default one).
pub trait Loader: Send + 'static {
    /// Reports what happens on the way; `None` when there is nothing to load (and the reason was reported).
    fn load(&mut self, name: Option<&str>, report: &mut dyn FnMut(ModelEvent)) -> Option<Box<dyn Engine>>;

    /// Runs one turn.
    fn run(
        &mut self,
        engine: &mut dyn Engine,
        ask: &Ask,
        control: &Control,
        sink: &mut dyn FnMut(crate::engine::Event),
    ) -> Result<Outcome, String>;

    /// Runs several turns side by side, and reports what is heard of each, up to its end.
    fn run_together(
        &mut self,
        engine: &mut dyn Engine,
        asked: &[(Ask, Control)],
        report: &(dyn Fn(ModelEvent) + Sync),
    );

    /// Gets ready for a question that follows `answer`, until `control` is stopped.
    fn read_ahead(&mut self, engine: &mut dyn Engine, ask: &Ask, answer: &str, control: &Control);
}

enum Command {
    Load(Option<String>),
    /// What is to be answered side by side, and the control of what is done ahead when a single one is over.
    Ask(Vec<(Ask, Control)>, Control),
}

/// The handle of the model's thread. It is not waited for: a thread that is loading ends with the process.
pub struct ModelThread {
    commands: mpsc::Sender<Command>,
    /// Of what was asked last.
    controls: Vec<Control>,
    /// Of what is done while nobody waits: any command stops it.
    idle: Control,
}

impl ModelThread {
    pub fn spawn(mut loader: impl Loader, events: Sender<Event>) -> std::io::Result<Self> {
        let (commands, inbox) = mpsc::channel();
        std::thread::Builder::new().name("model".into()).spawn(move || {
            let mut engine = None;
            // Nobody listening any more means the program is ending.
            let send = |event| drop(events.blocking_send(Event::Model(event)));
            while let Ok(command) = inbox.recv() {
                match command {
                    Command::Load(name) => {
                        // Memory may hold one model and not two.
                        drop(engine.take());
                        engine = guard_load(&mut loader, name.as_deref(), &send);
                    }
                    Command::Ask(asked, idle) => match (&mut engine, &asked[..]) {
                        (None, _) => {
                            let message = "no model is loaded: choose one with /model";
                            asked.iter().for_each(|(ask, _)| send(failed(ask, message)));
                        }
                        (Some(engine), [(ask, control)]) => {
                            let answer = guard_run(&mut loader, engine.as_mut(), ask, control, &send);
                            if let Some(answer) = answer {
                                guard_read_ahead(&mut loader, engine.as_mut(), ask, &answer, &idle);
                            }
                        }
                        // Of several it is not known which one the next question follows.
                        (Some(engine), _) => guard_together(&mut loader, engine.as_mut(), &asked, &send),
                    },
                }
            }
        })?;
        Ok(Self {
            commands,
            controls: Vec::new(),
            idle: Control::default(),
        })
    }

    pub fn load(&self, name: Option<String>) {
        self.idle.stop();
        self.command(Command::Load(name));
    }

    /// Asks for answers side by side.
    pub fn ask(&mut self, asks: Vec<Ask>) {
        self.idle.stop();
        self.idle = Control::default();
        let asked: Vec<_> = asks.into_iter().map(|ask| (ask, Control::default())).collect();
        self.controls = asked.iter().map(|(_, control)| control.clone()).collect();
        self.command(Command::Ask(asked, self.idle.clone()));
    }

    pub fn stop(&self) {
        self.controls.iter().for_each(Control::stop);
    }

    pub fn end_thinking(&self) {
        self.controls.iter().for_each(Control::end_thinking);
    }

    /// The thread lives as long as this handle, so sending cannot fail.
    fn command(&self, command: Command) {
        drop(self.commands.send(command));
    }
}

fn guard_load(
    loader: &mut impl Loader,
    name: Option<&str>,
    send: &impl Fn(ModelEvent),
) -> Option<Box<dyn Engine>> {
    match catch_unwind(AssertUnwindSafe(|| loader.load(name, &mut |event| send(event)))) {
        Ok(engine) => engine,
        Err(panic) => {
            let message = format!(
                "loading the model failed unexpectedly: {}",
                what_panicked(panic.as_ref())
            );
            send(ModelEvent::LoadFailed { message });
            None
        }
    }
}

/// Runs one turn and gives its answer, if there is one.
fn guard_run(
    loader: &mut impl Loader,
    engine: &mut dyn Engine,
    ask: &Ask,
    control: &Control,
    send: &impl Fn(ModelEvent),
) -> Option<String> {
    let turn = ask.turn;
    let mut answer = String::new();
    let mut sink = |event| {
        if let crate::engine::Event::Answer { text, .. } = &event {
            answer.push_str(text);
        }
        send(ModelEvent::Stream { turn, event });
    };
    let run = catch_unwind(AssertUnwindSafe(|| loader.run(engine, ask, control, &mut sink)));
    let result = run.unwrap_or_else(|panic| Err(unexpected(panic.as_ref())));
    let answered = result.is_ok() && !answer.trim().is_empty();
    send(ModelEvent::Finished { turn, result });
    answered.then_some(answer)
}

fn guard_together(
    loader: &mut impl Loader,
    engine: &mut dyn Engine,
    asked: &[(Ask, Control)],
    send: &(impl Fn(ModelEvent) + Sync),
) {
    let run = catch_unwind(AssertUnwindSafe(|| loader.run_together(engine, asked, send)));
    if let Err(panic) = run {
        let message = unexpected(panic.as_ref());
        // A turn that is over takes no second end.
        asked.iter().for_each(|(ask, _)| send(failed(ask, &message)));
    }
}

fn failed(ask: &Ask, message: &str) -> ModelEvent {
    ModelEvent::Finished {
        turn: ask.turn,
        result: Err(message.into()),
    }
}

fn unexpected(panic: &(dyn Any + Send)) -> String {
    format!("the model failed unexpectedly: {}", what_panicked(panic))
}

/// A panic here has nobody to tell: the next turn will meet what caused it.
fn guard_read_ahead(
    loader: &mut impl Loader,
    engine: &mut dyn Engine,
    ask: &Ask,
    answer: &str,
    control: &Control,
) {
    let _ = catch_unwind(AssertUnwindSafe(|| {
        loader.read_ahead(engine, ask, answer, control)
    }));
}

fn what_panicked(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason was given")
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::mpsc::{Receiver, channel};

    use super::*;
    use crate::chat::{Finish, Stats, TurnId};
    use crate::engine::{EngineError, ModelInfo, Reasoning, Request};

    /// Counts itself while it is there.
    struct Counted(Arc<AtomicUsize>);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    impl Engine for Counted {
        fn info(&self) -> &ModelInfo {
            unreachable!("nobody asks")
        }

        fn generate(
            &mut self,
            _: &Request,
            _: &Control,
            _: &mut dyn FnMut(crate::engine::Event),
        ) -> Result<Outcome, EngineError> {
            unreachable!("the loader answers")
        }
    }

    /// Loads counted engines, and panics where the method or the name says so.
    struct Loads {
        engines: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
    }

    impl Loader for Loads {
        fn load(
            &mut self,
            name: Option<&str>,
            report: &mut dyn FnMut(ModelEvent),
        ) -> Option<Box<dyn Engine>> {
            if name == Some("panic") {
                resume_unwind(Box::new("no such luck"));
            }
            let now = self.engines.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(now, Ordering::SeqCst);
            report(ModelEvent::Ready(ModelInfo {
                name: name.unwrap_or_default().into(),
                context: 1,
                reasoning: Reasoning::None,
                default_system: None,
                default_sampling: None,
            }));
            Some(Box::new(Counted(Arc::clone(&self.engines))))
        }

        fn run(
            &mut self,
            _: &mut dyn Engine,
            ask: &Ask,
            _: &Control,
            _: &mut dyn FnMut(crate::engine::Event),
        ) -> Result<Outcome, String> {
            if ask.method == "panic" {
                resume_unwind(Box::new("a bug".to_owned()));
            }
            Ok(Outcome {
                finish: Finish::Stop,
                stats: Stats::default(),
            })
        }

        fn run_together(
            &mut self,
            engine: &mut dyn Engine,
            asked: &[(Ask, Control)],
            report: &(dyn Fn(ModelEvent) + Sync),
        ) {
            for (ask, control) in asked {
                let result = self.run(engine, ask, control, &mut |_| {});
                let turn = ask.turn;
                report(ModelEvent::Finished { turn, result });
            }
        }

        fn read_ahead(&mut self, _: &mut dyn Engine, _: &Ask, _: &str, _: &Control) {}
    }

    struct Thread {
        model: ModelThread,
        inbox: Receiver<Event>,
        most: Arc<AtomicUsize>,
    }

    impl Thread {
        fn start() -> Self {
            let (events, inbox) = channel(16);
            let most = Arc::new(AtomicUsize::new(0));
            let loads = Loads {
                engines: Arc::default(),
                most: Arc::clone(&most),
            };
            let model = ModelThread::spawn(loads, events).unwrap();
            Self { model, inbox, most }
        }

        fn next(&mut self) -> ModelEvent {
            match self.inbox.blocking_recv() {
                Some(Event::Model(event)) => event,
                other => panic!("{other:?}"),
            }
        }

        fn ask(&mut self, method: &str) -> Result<Outcome, String> {
            self.ask_together(&[method]);
            self.next_finished().1
        }

        fn ask_together(&mut self, methods: &[&str]) {
            let ask = |(turn, method): (u32, &&str)| Ask {
                turn: TurnId(turn),
                method: (*method).into(),
                messages: Vec::new(),
                attempt: 0,
            };
            self.model.ask((0..).zip(methods).map(ask).collect());
        }

        fn next_finished(&mut self) -> (TurnId, Result<Outcome, String>) {
            match self.next() {
                ModelEvent::Finished { turn, result } => (turn, result),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_model_is_gone_before_the_next_is_loaded() {
        let mut thread = Thread::start();
        for name in ["one", "two", "three"] {
            thread.model.load(Some(name.into()));
            assert!(matches!(thread.next(), ModelEvent::Ready(info) if info.name == name));
        }
        assert_eq!(
            thread.most.load(Ordering::SeqCst),
            1,
            "memory may hold one and not two"
        );
    }

    #[test]
    fn a_panic_is_a_turn_that_failed_and_the_thread_goes_on() {
        let mut thread = Thread::start();
        thread.model.load(None);
        assert!(matches!(thread.next(), ModelEvent::Ready(_)));
        let error = thread.ask("panic").unwrap_err();
        assert!(
            error.contains("unexpectedly") && error.contains("a bug"),
            "{error}"
        );
        assert!(thread.ask("io").is_ok());
        thread.ask_together(&["io", "panic"]);
        assert!(thread.next_finished().1.is_ok());
        // The panic ends whatever was asked together; the one that was over before knows better.
        assert_eq!(thread.next_finished().0, TurnId(0));
        let (turn, result) = thread.next_finished();
        assert!(turn == TurnId(1) && result.unwrap_err().contains("a bug"));
        thread.model.load(Some("panic".into()));
        assert!(
            matches!(thread.next(), ModelEvent::LoadFailed { message } if message.contains("no such luck"))
        );
        let error = thread.ask("io").unwrap_err();
        assert!(error.contains("/model"), "{error}");
    }
}
