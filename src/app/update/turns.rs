//! What sending, streaming, stopping and copying do to the turns of the conversation.

use crate::app::action::Action;
use crate::app::edits::{checked, positioned};
use crate::app::effect::{Ask, Effect, Notify};
use crate::app::focus::Focus;
use crate::app::run::{Phase, Run};
use crate::app::scroll::Scroll;
use crate::app::state::{ModelState, NoticeKind, State};
use crate::app::waiting::Waiting;
use crate::chat::{Edit, Finish, Record, Stats, ThinkingEnd, Turn, TurnId};
use crate::constraints::check::LiveCheck;
use crate::constraints::parse::parse;
use crate::engine::{self, Outcome};

/// An answer that took this long is told to somebody who looks elsewhere, on request.
const LONG_ANSWER_MS: u64 = 10_000;

/// Said while it can be acted upon.
const IN_CIRCLES: &str = "the thinking goes in circles: Ctrl+T ends it and answers";

impl State {
    /// Applies a record and has it saved.
    pub(super) fn record(&mut self, record: Record, effects: &mut Vec<Effect>) {
        self.conversation.apply(&record);
        self.revision += 1;
        self.search_again(&record);
        effects.push(Effect::Save {
            id: self.conversation.id.clone(),
            record,
        });
    }

    fn is_free(&self) -> bool {
        self.run.is_none() && matches!(self.model, ModelState::Ready(_))
    }

    pub(super) fn send(&mut self, effects: &mut Vec<Effect>) {
        self.focus = Focus::Composer;
        if self.composer.is_blank() {
            return;
        }
        self.waiting.push(Waiting {
            draft: self.composer.take_draft(),
            edits: std::mem::take(&mut self.draft_edits),
            branch_from: self.branch_from.take(),
        });
        self.read_draft();
        self.send_waiting(effects);
    }

    /// Starts the turn of the first message that waits, if the model is free.
    pub(super) fn send_waiting(&mut self, effects: &mut Vec<Effect>) {
        if !self.is_free() || self.waiting.is_empty() {
            return;
        }
        let waiting = self.waiting.remove(0);
        let prompt = waiting.draft.full();
        let parent = waiting
            .branch_from
            .unwrap_or_else(|| self.conversation.head().map(|t| t.id));
        let (stated, kept) = self.followed(parent, &prompt);
        let edits = positioned(&waiting.edits, &stated, &prompt, kept);
        effects.push(Effect::Remember { text: prompt.clone() });
        self.start_turn(parent, prompt, edits, self.method.clone(), effects);
    }

    /// What waits goes back into the message, to be changed or sent again.
    pub(super) fn take_back(&mut self, waiting: Vec<Waiting>) {
        if let Some(branch_from) = waiting.iter().find_map(|waiting| waiting.branch_from) {
            self.branch_from = Some(branch_from);
        }
        let mut drafts = Vec::new();
        for waiting in waiting {
            self.draft_edits.extend(waiting.edits);
            drafts.push(waiting.draft);
        }
        self.composer.give_back(drafts);
        self.focus = Focus::Composer;
        self.read_draft();
    }

    pub(super) fn regenerate(&mut self, effects: &mut Vec<Effect>) {
        let Some(turn) = self.shown() else {
            return;
        };
        // What was changed by hand holds for the new branch too.
        let (parent, prompt, edits) = (turn.parent, turn.prompt.clone(), turn.edits.clone());
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
        } else if !self.is_free() {
            self.say(NoticeKind::Info, "the model is not ready yet");
        } else {
            self.start_turn(parent, prompt, edits, self.method.clone(), effects);
        }
    }

    pub(super) fn edit_prompt(&mut self) {
        let Some(turn) = self.shown() else {
            return;
        };
        let (id, parent, prompt) = (turn.id, turn.parent, turn.prompt.clone());
        let draft = self.composer.take();
        self.composer.remember(&draft);
        self.composer.set_text(&prompt);
        self.branch_from = Some(parent);
        self.take_edits_of(id);
        self.focus = Focus::Composer;
        self.read_draft();
        self.say(
            NoticeKind::Info,
            "sending this makes a new branch; the old one stays",
        );
    }

    /// Every turn that is being answered.
    pub(super) fn runs(&mut self) -> impl Iterator<Item = &mut Run> {
        [&mut self.run, &mut self.beside].into_iter().flatten()
    }

    /// Asks `prompt` after `parent`, with what was changed by hand in what it asks for. Where another turn runs it has begun
    /// with this very event, and the two are answered side by side.
    pub(super) fn start_turn(
        &mut self,
        parent: Option<TurnId>,
        prompt: String,
        edits: Vec<Edit>,
        method: String,
        effects: &mut Vec<Effect>,
    ) {
        let ModelState::Ready(info) = &self.model else {
            return;
        };
        let model = info.name.clone();
        // What was said of the message that is sent now.
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.kind == NoticeKind::Info)
        {
            self.notice = None;
        }
        if !self.transcript_started {
            self.transcript_started = true;
            let millis = u64::try_from(self.now.wall_ms).unwrap_or(0);
            let id = uuid::Builder::from_unix_timestamp_millis(millis, &self.now.random)
                .into_uuid()
                .to_string();
            let record = Record::Conversation {
                version: Record::VERSION,
                id: id.clone(),
                created_ms: self.now.wall_ms,
                system: self.system.clone(),
            };
            self.conversation.id = id;
            self.record(record, effects);
        }
        let turn = self.conversation.next_id();
        let is_again = |other: &&Turn| {
            other.parent == parent && other.prompt == prompt && other.method == method && other.model == model
        };
        let attempt = self.conversation.turns().iter().filter(is_again).count();
        let reading = parse(&prompt);
        let (constraints, _) = self.followed(parent, &prompt);
        let check = LiveCheck::new(&constraints, &prompt, self.semantics);
        self.thinking_scroll = Scroll::Follow;
        self.answer_scroll = Scroll::Follow;
        let record = Record::Turn {
            turn,
            parent,
            prompt,
            model,
            method: method.clone(),
            started_ms: self.now.wall_ms,
            constraints,
        };
        self.record(record, effects);
        let run = Run::new(turn, self.now.elapsed_ms, check);
        if self.run.is_none() {
            self.run = Some(run);
        } else {
            self.beside = Some(run);
        }
        for edit in edits {
            self.edit_turn(turn, edit, effects);
        }
        self.show_sent(reading);
        let messages = self.conversation.messages(turn);
        let ask = Ask {
            turn,
            method,
            messages,
            attempt,
        };
        let begun = effects.iter_mut().find_map(|effect| match effect {
            Effect::Generate(asks) => Some(asks),
            _ => None,
        });
        match begun {
            Some(asks) => asks.push(ask),
            None => effects.push(Effect::Generate(vec![ask])),
        }
    }

    /// Esc: what is open closes first, then what runs stops. What waits is taken back with it: nothing starts after a stop.
    pub(super) fn stop_something(&mut self, effects: &mut Vec<Effect>) {
        let stops = self.runs().any(|run| !run.stopping);
        if stops {
            self.runs().for_each(|run| run.stopping = true);
            effects.push(Effect::Stop);
        }
        if !self.waiting.is_empty() {
            let waiting = std::mem::take(&mut self.waiting);
            self.take_back(waiting);
        } else if stops {
            // One thing at a time.
        } else if self.pull.is_some() {
            self.cancel_pull(effects);
        } else if self.branch_from.take().is_some() {
            self.say(NoticeKind::Info, "the message follows the last answer again");
        } else {
            self.focus = Focus::Composer;
        }
    }

    pub(super) fn end_thinking(&mut self, effects: &mut Vec<Effect>) {
        if self.runs().any(|run| run.phase != Phase::Answering) {
            effects.push(Effect::EndThinking);
        }
    }

    pub(super) fn stream(&mut self, turn: TurnId, event: engine::Event, effects: &mut Vec<Effect>) {
        let elapsed_ms = self.now.elapsed_ms;
        let Some(run) = self.runs().find(|run| run.turn == turn) else {
            return;
        };
        match event {
            engine::Event::TurnsLeftOut(turns) => {
                self.turns_left_out(turn, turns);
            }
            engine::Event::Prefill { done, total, cached } => {
                run.prompt_tokens = total;
                run.phase = Phase::Prefill { done, total, cached }
            }
            engine::Event::Thinking { text, tokens } => {
                run.token_came(elapsed_ms);
                run.thinking_started_ms.get_or_insert(elapsed_ms);
                run.phase = Phase::Thinking;
                run.thinking_tokens += tokens;
                run.loop_guard.push(&text);
                let circles = run.loop_guard.is_looping() && !run.loop_told;
                run.loop_told |= circles;
                self.record(Record::Thinking { turn, text }, effects);
                if circles {
                    self.say(NoticeKind::Warning, IN_CIRCLES);
                }
            }
            engine::Event::ThinkingEnded(end) => {
                let started = run.thinking_started_ms.unwrap_or(elapsed_ms);
                if end != ThinkingEnd::Unclosed {
                    run.phase = Phase::Answering;
                }
                self.notice.take_if(|notice| notice.text == IN_CIRCLES);
                let seconds = elapsed_ms.saturating_sub(started) as f32 / 1000.0;
                self.record(Record::ThinkingEnded { turn, end, seconds }, effects);
            }
            engine::Event::Answer { text, tokens } => {
                run.token_came(elapsed_ms);
                run.answering_ms.get_or_insert(elapsed_ms);
                run.phase = Phase::Answering;
                run.answer_tokens += tokens;
                let piece = text.clone();
                self.record(Record::Answer { turn, text }, effects);
                let runs = [&mut self.run, &mut self.beside];
                let run = runs.into_iter().flatten().find(|run| run.turn == turn);
                if let (Some(run), Some(answered)) = (run, self.conversation.turn(turn)) {
                    run.check.feed(&answered.answer, &piece);
                    let statuses = run.check.statuses();
                    self.compare_statuses(turn, &statuses);
                    if self.shown().is_some_and(|shown| shown.id == turn) {
                        self.statuses = statuses;
                    }
                }
            }
        }
    }

    /// Says so when it became more than in the turn before.
    fn turns_left_out(&mut self, turn: TurnId, turns: usize) {
        let parent = self.conversation.turn(turn).and_then(|turn| turn.parent);
        let before = parent.and_then(|parent| self.conversation.turn(parent));
        if before.is_none_or(|before| before.stats.left_out_turns < turns) {
            let text = match turns {
                1 => "the first turn no longer fits the context and was left out".into(),
                _ => format!("the first {turns} turns no longer fit the context and were left out"),
            };
            self.say(NoticeKind::Warning, text);
        }
    }

    pub(super) fn finished(
        &mut self,
        turn: TurnId,
        result: Result<Outcome, String>,
        effects: &mut Vec<Effect>,
    ) {
        let over = [&mut self.run, &mut self.beside]
            .into_iter()
            .find_map(|run| run.take_if(|run| run.turn == turn));
        let Some(mut run) = over else {
            return;
        };
        if self.run.is_none() {
            self.run = self.beside.take();
        }
        let (finish, stats, error) = match result {
            Ok(outcome) => (outcome.finish, outcome.stats, None),
            Err(message) => (Finish::Failed, Stats::default(), Some(message)),
        };
        if let Some(message) = &error {
            self.say(NoticeKind::Error, message.clone());
        }
        let mut verdicts = Vec::new();
        if let Some(answered) = self.conversation.turn(turn) {
            // What the model ended by itself is an answer, even without a word.
            let statuses = if answered.answer.trim().is_empty() && finish != Finish::Stop {
                Vec::new()
            } else {
                run.check.finish(&answered.answer);
                run.check.statuses()
            };
            verdicts = checked(answered, &statuses);
            self.compare_statuses(turn, &statuses);
            if self.shown().is_some_and(|shown| shown.id == turn) {
                self.statuses = statuses;
            }
        }
        self.record(
            Record::End {
                turn,
                finish,
                stats,
                checked: verdicts,
                error,
            },
            effects,
        );
        let took_ms = self.now.elapsed_ms.saturating_sub(run.started_ms);
        if took_ms >= LONG_ANSWER_MS && self.notify != Notify::default() {
            effects.push(Effect::Notify(self.notify));
        }
        self.compared(turn, finish, effects);
        if finish == Finish::Failed {
            // The next ones would hardly fare better.
            let waiting = std::mem::take(&mut self.waiting);
            self.take_back(waiting);
        }
        self.send_waiting(effects);
    }

    pub(super) fn copy(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let Some(head) = self.shown() else {
            self.say(NoticeKind::Info, "there is nothing to copy yet");
            return;
        };
        let (text, what) = match action {
            Action::CopyThinking => (head.thinking.trim().to_owned(), "thinking"),
            Action::CopyTurn => {
                let thinking = match head.thinking.trim() {
                    "" => String::new(),
                    thinking => format!("<think>\n{thinking}\n</think>\n\n"),
                };
                (
                    format!("{}\n\n{thinking}{}", head.prompt, head.answer.trim_end()),
                    "turn",
                )
            }
            _ => (head.answer.trim_end().to_owned(), "answer"),
        };
        if text.is_empty() {
            self.say(NoticeKind::Info, format!("there is no {what} to copy"));
        } else {
            effects.push(Effect::Copy { text, what });
        }
    }
}
