//! Chats in all kinds of states, made by events as the program makes them.

use raif::app::event::{ModelEvent, Now, PullEvent};
use raif::app::input::{Input, Key};
use raif::app::keymap::Keymap;
use raif::app::{Event, Listing, Start, State};
use raif::chat::{Finish, Record, Stats, ThinkingEnd, TurnId};
use raif::constraints::check::Status;
use raif::constraints::{Constraint, Verdict};
use raif::engine::{self, ModelInfo, Outcome, Reasoning};

pub const PROMPT: &str = "Write a product description for a solar lantern. Use exactly 3 bullet points, no commas, \
                          and end with \"Light your way.\" Stay under 80 words.";
pub const THINKING: &str = "The user wants a product description for a solar lantern. Let me list what is asked:\n\n\
                            1. exactly three bullet points\n2. no commas anywhere\n3. the closing phrase\n\n\
                            I should keep it short. Bullets first, then the phrase on its own line. 太阳能灯笼 glows 🏮.\n\n\
                            Wait, the third bullet reads oddly. I would rather list three adjectives.";
pub const ANSWER: &str =
    "* Charges by day and shines all night\n* Folds flat for any pack\n* Tough light, and waterproof\n";

pub struct Chat {
    pub state: State,
    now: Now,
}

impl Chat {
    pub fn new() -> Self {
        let state = State::new(Start {
            method: "io".into(),
            methods: vec![
                ("io".into(), "the message as it is".into()),
                ("cot".into(), "asks the model to think first".into()),
            ],
            keymap: Keymap::built_in(),
            ..Start::default()
        });
        Self {
            state,
            now: Now::default(),
        }
    }

    pub fn ready() -> Self {
        let mut chat = Self::new();
        chat.model(ModelEvent::Ready(ModelInfo {
            name: "raif-deepseek-qwen-7b".into(),
            context: 8192,
            reasoning: Reasoning::Opened,
            default_system: None,
            default_sampling: None,
        }));
        chat
    }

    pub fn handle(&mut self, event: Event) {
        self.state.handle(event, self.now);
    }

    pub fn wait(&mut self, milliseconds: u64) {
        self.now.elapsed_ms += milliseconds;
        self.now.wall_ms += milliseconds as i64;
        self.handle(Event::Tick);
    }

    pub fn model(&mut self, event: ModelEvent) {
        self.handle(Event::Model(event));
    }

    pub fn pull(&mut self, event: PullEvent) {
        self.handle(Event::Pull(event));
    }

    pub fn press(&mut self, keys: &str) {
        for key in keys.split_whitespace() {
            self.handle(Event::Input(Input::Key(key.parse::<Key>().unwrap())));
        }
    }

    pub fn write(&mut self, text: &str) {
        self.handle(Event::Input(Input::Paste(text.into())));
    }

    fn stream(&mut self, event: engine::Event) {
        let turn = self.state.run.as_ref().unwrap().turn;
        self.model(ModelEvent::Stream { turn, event });
    }

    pub fn send(&mut self, prompt: &str) {
        self.write(prompt);
        self.press("enter");
        self.stream(engine::Event::Prefill {
            done: 48,
            total: 48,
            cached: 0,
        });
        self.wait(400);
    }

    pub fn think(&mut self, text: &str) {
        self.stream(engine::Event::Thinking {
            text: text.into(),
            tokens: text.split_whitespace().count(),
        });
        self.wait(3_200);
    }

    pub fn end_thinking(&mut self) {
        self.stream(engine::Event::ThinkingEnded(ThinkingEnd::Model));
    }

    pub fn answer(&mut self, text: &str) {
        self.stream(engine::Event::Answer {
            text: text.into(),
            tokens: text.split_whitespace().count(),
        });
        self.wait(1_000);
    }

    pub fn finish(&mut self, finish: Finish) {
        let run = self.state.run.as_ref().unwrap();
        let stats = Stats {
            prompt_tokens: 48,
            thinking_tokens: run.thinking_tokens,
            answer_tokens: run.answer_tokens,
            ttft_s: 0.4,
            tokens_per_s: 26.1,
            ..Stats::default()
        };
        let turn = run.turn;
        self.model(ModelEvent::Finished {
            turn,
            result: Ok(Outcome { finish, stats }),
        });
    }

    pub fn fail(&mut self, message: &str) {
        let turn = self.state.run.as_ref().unwrap().turn;
        self.model(ModelEvent::Finished {
            turn,
            result: Err(message.into()),
        });
    }

    pub fn turn(&mut self, prompt: &str, thinking: &str, answer: &str) {
        self.send(prompt);
        self.think(thinking);
        self.end_thinking();
        self.answer(answer);
        self.finish(Finish::Stop);
    }

    /// Gives the head turn constraints and verdicts, whatever the parser and the checkers say of its text.
    pub fn judge(&mut self) {
        let head = self.state.head().unwrap().clone();
        let span = |text: &str| {
            let start = head.prompt.find(text).unwrap();
            start..start + text.len()
        };
        let found = |text: &str| {
            head.answer
                .find(text)
                .map(|at| at..at + text.len())
                .into_iter()
                .collect::<Vec<_>>()
        };
        let rows = [
            (
                "detectable_format:number_bullet_lists",
                "exactly 3 bullet points",
                Verdict::Met,
                "3/3",
                found("* Charges by day"),
            ),
            (
                "punctuation:no_comma",
                "no commas",
                Verdict::Broken,
                "1",
                found(","),
            ),
            (
                "startend:end_checker",
                "end with \"Light your way.\"",
                Verdict::Pending,
                "",
                vec![],
            ),
            (
                "length_constraints:number_words",
                "under 80 words",
                Verdict::Holding,
                "17/79 words",
                vec![],
            ),
            (
                "raif:tone",
                "product description",
                Verdict::NotCheckable,
                "not checked",
                vec![],
            ),
        ];
        let constraints = rows.iter().map(|(id, words, ..)| Constraint {
            id: (*id).into(),
            kwargs: arguments(id),
            span: span(words),
            scope: None,
        });
        let mut conversation = raif::chat::Conversation::default();
        conversation.apply(&Record::Conversation {
            version: 1,
            id: self.state.conversation.id.clone(),
            created_ms: 0,
            system: None,
        });
        for turn in self.state.conversation.turns() {
            let constraints = if turn.id == head.id {
                constraints.clone().collect()
            } else {
                turn.constraints.clone()
            };
            replay(&mut conversation, turn, constraints);
        }
        self.state.conversation = conversation;
        self.state.listing = Listing::of_turn(self.state.head().unwrap());
        self.state.statuses = rows
            .iter()
            .map(|(_, _, verdict, value, places)| Status {
                verdict: *verdict,
                value: (*value).into(),
                places: places.clone(),
                differs: None,
                applies: Default::default(),
            })
            .collect();
    }
}

fn arguments(id: &str) -> raif::constraints::Kwargs {
    let arguments = match id {
        "detectable_format:number_bullet_lists" => serde_json::json!({"num_bullets": 3}),
        "startend:end_checker" => serde_json::json!({"end_phrase": "Light your way."}),
        "length_constraints:number_words" => serde_json::json!({"relation": "less than", "num_words": 80}),
        _ => serde_json::json!({}),
    };
    arguments.as_object().cloned().unwrap_or_default()
}

fn replay(
    conversation: &mut raif::chat::Conversation,
    turn: &raif::chat::Turn,
    constraints: Vec<Constraint>,
) {
    let id: TurnId = turn.id;
    conversation.apply(&Record::Turn {
        turn: id,
        parent: turn.parent,
        prompt: turn.prompt.clone(),
        model: turn.model.clone(),
        method: turn.method.clone(),
        started_ms: turn.started_ms,
        constraints,
    });
    let text = turn.thinking.clone();
    conversation.apply(&Record::Thinking { turn: id, text });
    if let (Some(end), Some(seconds)) = (turn.thinking_end, turn.thinking_s) {
        conversation.apply(&Record::ThinkingEnded {
            turn: id,
            end,
            seconds,
        });
    }
    let text = turn.answer.clone();
    conversation.apply(&Record::Answer { turn: id, text });
    if let Some(finish) = turn.finish {
        conversation.apply(&Record::End {
            turn: id,
            finish,
            stats: turn.stats,
            checked: turn.checked.clone(),
            error: turn.error.clone(),
        });
    }
}

pub fn thinking() -> Chat {
    let mut chat = Chat::ready();
    chat.send(PROMPT);
    chat.think(THINKING);
    chat.judge();
    chat.state.statuses.iter_mut().for_each(|status| {
        status.verdict = Verdict::Pending;
        status.value.clear();
        status.places.clear();
    });
    chat
}

pub fn answering() -> Chat {
    let mut chat = Chat::ready();
    chat.send(PROMPT);
    chat.think(THINKING);
    chat.end_thinking();
    chat.answer(ANSWER);
    chat.judge();
    chat
}

/// Two turns, the second with everything that Markdown has, in several scripts.
pub fn finished() -> Chat {
    let mut chat = Chat::ready();
    chat.turn(PROMPT, THINKING, ANSWER);
    chat.judge();
    chat.turn(
        "And in Chinese, with a table and some code? 请用中文 👩‍💻",
        "用户想要中文。一个表格和一些代码。",
        "## 太阳能灯笼\n\n白天充电，夜晚发光。**轻便** and *tough*, see [the shop](https://example.org).\n\n\
         | 型号 | 亮度 (lm) | 价格 |\n|---|--:|--:|\n| 小号 | 120 | $20 |\n| 大号 🏮 | 400 | $45 |\n\n\
         ```python\ndef glow(hours: int) -> str:\n    \"\"\"Light your way.\"\"\"\n    return \"✨\" * hours  # all night\n```\n\n\
         The energy is $E = \\frac{1}{2} m v^2$.\n",
    );
    chat
}
