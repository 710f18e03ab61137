//! `raif dev picture`: an SVG of the screen after a real turn, for documents.

use std::process::ExitCode;

use color_eyre::eyre::eyre;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::flags::{self, ModelFlags, SamplingFlags};
use crate::app::event::ModelEvent;
use crate::app::keymap::Keymap;
use crate::app::{Effect, Event, Now, Start, State};
use crate::config;
use crate::engine::Control;
use crate::methods::{self, Options, Prompts, Question};
use crate::ui::{self, Cache, Theme};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is asked, in order
    #[arg(required = true)]
    prompts: Vec<String>,
    #[command(flatten)]
    model: ModelFlags,
    #[command(flatten)]
    sampling: SamplingFlags,
    /// How the model is asked
    #[arg(long, value_parser = flags::method_names(), default_value = "io")]
    method: String,
    #[arg(long, default_value_t = 140)]
    columns: u16,
    #[arg(long, default_value_t = 40)]
    rows: u16,
    #[arg(long, default_value = "dark")]
    theme: String,
    /// Keys that are pressed at the end, as in keymap.toml
    #[arg(long, value_delimiter = ' ')]
    keys: Vec<String>,
    /// The rows as text instead
    #[arg(long)]
    text: bool,
}

/// The chat without a terminal: what happens is handled at once, with the time it really takes.
struct Chat {
    state: State,
    started: std::time::Instant,
    asked: Vec<crate::app::effect::Ask>,
}

impl Chat {
    fn handle(&mut self, event: Event) {
        let now = Now {
            elapsed_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            ..Now::default()
        };
        let effects = self.state.handle(event, now);
        self.asked.extend(
            effects
                .into_iter()
                .filter_map(|effect| match effect {
                    Effect::Generate(asks) => Some(asks),
                    _ => None,
                })
                .flatten(),
        );
    }
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    let dirs = config::load()?.dirs;
    let mut engine = args.model.open(&dirs)?;
    let mut chat = Chat {
        state: State::new(Start {
            method: args.method,
            keymap: Keymap::built_in(),
            ..Start::default()
        }),
        started: std::time::Instant::now(),
        asked: Vec::new(),
    };
    let options = args.sampling.options().or(&Options::default());
    let prompts = Prompts::load(&dirs.prompts())?;
    chat.handle(Event::Model(ModelEvent::Ready(engine.info().clone())));
    for prompt in args.prompts {
        chat.handle(Event::Line(prompt));
        while let Some(ask) = chat.asked.pop() {
            let turn = ask.turn;
            let method =
                methods::find(&ask.method).ok_or_else(|| eyre!("there is no method {}", ask.method))?;
            let question = Question {
                messages: &ask.messages,
                options: &options,
                prompts: &prompts,
            };
            let mut sink = |event| chat.handle(Event::Model(ModelEvent::Stream { turn, event }));
            let result = method.answer(engine.as_mut(), &question, &Control::default(), &mut sink);
            let result = result.map_err(|error| error.to_string());
            chat.handle(Event::Model(ModelEvent::Finished { turn, result }));
        }
    }
    for key in args.keys {
        let key = key.parse().map_err(|error: String| eyre!(error))?;
        chat.handle(Event::Input(crate::app::input::Input::Key(key)));
    }
    let theme = Theme::builtin(&args.theme)?;
    let mut cache = Cache::waiting();
    let area = Rect::new(0, 0, args.columns, args.rows);
    let mut buffer = Buffer::empty(area);
    // What a frame showed is needed by the next one, as in the chat.
    let (drawn, _) = ui::paint(&mut buffer, area, &chat.state, &mut cache, &theme);
    chat.handle(Event::Drawn(drawn));
    buffer.reset();
    let (_, caret) = ui::paint(&mut buffer, area, &chat.state, &mut cache, &theme);
    Ok(super::output::print(&if args.text {
        ui::svg::text(&buffer)
    } else {
        ui::svg::svg(&buffer, caret)
    }))
}
