//! What sending, streaming, stopping and branching do to the conversation.

use super::action::Action;
use super::effect::{Ask, Effect};
use super::event::{ModelEvent, Opened, PullEvent};
use super::run::{Phase, Run};
use super::scroll::Scroll;
use super::state::{Focus, ModelState, NoticeKind, Pull, State};
use crate::chat::{CheckedConstraint, Conversation, Finish, Record, Stats, ThinkingEnd, TurnId};
use crate::constraints::check::{LiveCheck, decide};
use crate::constraints::parse::parse;
use crate::constraints::{Semantics, Verdict};
use crate::engine::{self, Outcome};

/// The transcript format.
const TRANSCRIPT_VERSION: u32 = 1;

impl State {
    /// Applies a record and has it saved.
    fn record(&mut self, record: Record, effects: &mut Vec<Effect>) {
        self.conversation.apply(&record);
        self.revision += 1;
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
        if !self.is_free() {
            self.send_when_ready = true;
            return;
        }
        self.send_when_ready = false;
        let prompt = self.composer.take();
        self.read_draft();
        let parent = self
            .branch_from
            .take()
            .unwrap_or_else(|| self.conversation.head().map(|t| t.id));
        self.start_turn(parent, prompt, effects);
    }

    pub(super) fn regenerate(&mut self, effects: &mut Vec<Effect>) {
        let Some(head) = self.conversation.head() else {
            return;
        };
        let (parent, prompt) = (head.parent, head.prompt.clone());
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
        } else if !self.is_free() {
            self.say(NoticeKind::Info, "the model is not ready yet");
        } else {
            self.start_turn(parent, prompt, effects);
        }
    }

    pub(super) fn edit_prompt(&mut self) {
        let Some(head) = self.conversation.head() else {
            return;
        };
        let (parent, prompt) = (head.parent, head.prompt.clone());
        let draft = self.composer.take();
        self.composer.remember(&draft);
        self.composer.set_text(&prompt);
        self.branch_from = Some(parent);
        self.focus = Focus::Composer;
        self.read_draft();
        self.say(
            NoticeKind::Info,
            "sending this makes a new branch; the old one stays",
        );
    }

    fn start_turn(&mut self, parent: Option<TurnId>, prompt: String, effects: &mut Vec<Effect>) {
        let ModelState::Ready(info) = &self.model else {
            return;
        };
        let model = info.name.clone();
        if !self.transcript_started {
            self.transcript_started = true;
            let millis = u64::try_from(self.now.wall_ms).unwrap_or(0);
            let id = uuid::Builder::from_unix_timestamp_millis(millis, &self.now.random)
                .into_uuid()
                .to_string();
            let record = Record::Conversation {
                version: TRANSCRIPT_VERSION,
                id: id.clone(),
                created_ms: self.now.wall_ms,
                system: self.system.clone(),
            };
            self.conversation.id = id;
            self.record(record, effects);
        }
        let turn = self.conversation.next_id();
        let constraints = parse(&prompt).constraints;
        let check = LiveCheck::new(&constraints, &prompt, self.semantics);
        self.statuses = check.statuses();
        self.selected = 0;
        self.reveal = None;
        self.thinking_scroll = Scroll::Follow;
        self.answer_scroll = Scroll::Follow;
        let record = Record::Turn {
            turn,
            parent,
            prompt,
            model,
            method: self.method.clone(),
            started_ms: self.now.wall_ms,
            constraints,
        };
        self.record(record, effects);
        self.run = Some(Run::new(turn, self.now.elapsed_ms, check));
        let messages = self.conversation.messages(turn);
        effects.push(Effect::Generate(Ask {
            turn,
            method: self.method.clone(),
            messages,
        }));
    }

    /// Esc: what is open closes first, then what runs stops, then what waits is taken back.
    pub(super) fn stop_something(&mut self, effects: &mut Vec<Effect>) {
        if let Some(run) = self.run.as_mut().filter(|run| !run.stopping) {
            run.stopping = true;
            effects.push(Effect::Stop);
        } else if self.send_when_ready {
            self.send_when_ready = false;
        } else if self.pull.is_some() && self.composer.is_empty() {
            effects.push(Effect::CancelPull);
        } else if self.branch_from.take().is_some() {
            self.say(NoticeKind::Info, "the message follows the last answer again");
        } else {
            self.focus = Focus::Composer;
        }
    }

    pub(super) fn end_thinking(&mut self, effects: &mut Vec<Effect>) {
        if self.run.as_ref().is_some_and(|run| run.phase != Phase::Answering) {
            effects.push(Effect::EndThinking);
        }
    }

    pub(super) fn model_event(&mut self, event: ModelEvent, effects: &mut Vec<Effect>) {
        match event {
            ModelEvent::Missing { starter, about } => {
                self.model = ModelState::Absent {
                    reason: "no model on this machine yet".into(),
                };
                self.start_pull(starter, about, effects);
            }
            ModelEvent::Loading { name } => self.model = ModelState::Loading { name },
            ModelEvent::Ready(info) => {
                self.model = ModelState::Ready(info);
                self.send_waiting(effects);
            }
            ModelEvent::LoadFailed { message } => {
                self.say(NoticeKind::Error, message.clone());
                self.model = ModelState::Absent { reason: message };
            }
            ModelEvent::Stream { turn, event } => self.stream(turn, event, effects),
            ModelEvent::Finished { turn, result } => self.finished(turn, result, effects),
        }
    }

    fn send_waiting(&mut self, effects: &mut Vec<Effect>) {
        if self.send_when_ready {
            self.send(effects);
        }
    }

    fn stream(&mut self, turn: TurnId, event: engine::Event, effects: &mut Vec<Effect>) {
        let elapsed_ms = self.now.elapsed_ms;
        let Some(run) = self.run.as_mut().filter(|run| run.turn == turn) else {
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
                    self.say(
                        NoticeKind::Warning,
                        "the thinking goes in circles: Ctrl+T ends it and answers",
                    );
                }
            }
            engine::Event::ThinkingEnded(end) => {
                let started = run.thinking_started_ms.unwrap_or(elapsed_ms);
                if end != ThinkingEnd::Unclosed {
                    run.phase = Phase::Answering;
                }
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
                if let (Some(run), Some(head)) = (&mut self.run, self.conversation.turn(turn)) {
                    run.check.feed(&head.answer, &piece);
                    self.statuses = run.check.statuses();
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

    fn finished(&mut self, turn: TurnId, result: Result<Outcome, String>, effects: &mut Vec<Effect>) {
        let Some(mut run) = self.run.take_if(|run| run.turn == turn) else {
            return;
        };
        let (finish, stats, error) = match result {
            Ok(outcome) => (outcome.finish, outcome.stats, None),
            Err(message) => (Finish::Failed, Stats::default(), Some(message)),
        };
        if let Some(message) = &error {
            self.say(NoticeKind::Error, message.clone());
        }
        let mut checked = Vec::new();
        if let Some(head) = self.conversation.turn(turn) {
            run.check.finish(&head.answer);
            self.statuses = run.check.statuses();
            for (i, (constraint, status)) in head.constraints.iter().zip(&self.statuses).enumerate() {
                let official = decide(constraint, &head.prompt, &head.answer, Semantics::Official);
                checked.push(CheckedConstraint {
                    constraint: i,
                    verdict: status.verdict,
                    strict: official.strict,
                    loose: official.loose,
                    value: status.value.clone(),
                });
            }
        }
        self.record(
            Record::End {
                turn,
                finish,
                stats,
                checked,
                error,
            },
            effects,
        );
        self.send_waiting(effects);
    }

    pub(super) fn pull_event(&mut self, event: PullEvent, effects: &mut Vec<Effect>) {
        match (event, &mut self.pull) {
            (PullEvent::Note(note), Some(pull)) => pull.notes.push(note),
            (
                PullEvent::Progress {
                    done,
                    total,
                    bytes_per_s,
                },
                Some(pull),
            ) => {
                (pull.done, pull.total, pull.bytes_per_s) = (done, total, bytes_per_s);
            }
            (PullEvent::Verifying, Some(pull)) => pull.verifying = true,
            (PullEvent::Done { name }, _) => {
                self.pull = None;
                if matches!(self.model, ModelState::Ready(_)) {
                    self.say(NoticeKind::Info, format!("{name} is here: choose it with /model"));
                } else {
                    self.use_model(name, effects);
                }
            }
            (PullEvent::Cancelled, _) => {
                self.pull = None;
                self.no_model_because("the download was cancelled; /model starts it again");
            }
            (PullEvent::Failed(message), _) => {
                self.pull = None;
                self.say(NoticeKind::Error, message.clone());
                self.no_model_because(&message);
            }
            (_, None) => {}
        }
    }

    fn no_model_because(&mut self, reason: &str) {
        if let ModelState::Absent { reason: shown } = &mut self.model {
            *shown = reason.to_owned();
        }
    }

    /// Loads a model from the list, or fetches it first. Its row's id says which: `pull NAME`, else the name itself.
    pub(super) fn use_model(&mut self, id: String, effects: &mut Vec<Effect>) {
        if let Some(name) = id.strip_prefix("pull ") {
            self.start_pull(name.into(), String::new(), effects);
        } else if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
        } else {
            self.model_name = Some(id.clone());
            self.model = ModelState::Loading { name: id.clone() };
            effects.push(Effect::LoadModel { name: Some(id) });
        }
    }

    fn start_pull(&mut self, name: String, about: String, effects: &mut Vec<Effect>) {
        if self.pull.is_some() {
            self.say(NoticeKind::Info, "one download at a time");
            return;
        }
        self.pull = Some(Pull::new(name.clone(), about));
        effects.push(Effect::Pull { name });
    }

    pub(super) fn opened(&mut self, opened: Opened) {
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
            return;
        }
        self.conversation = opened.conversation;
        self.system = self.conversation.system.clone();
        self.transcript_started = true;
        self.revision += 1;
        for turn in self.conversation.turns() {
            self.composer.remember(&turn.prompt);
        }
        self.show_head();
        let interrupted = self.conversation.head().is_some_and(|t| t.finish.is_none());
        if let Some(first) = opened.warnings.first() {
            let more = opened.warnings.len() - 1;
            let rest = if more > 0 {
                format!(" (and {more} more)")
            } else {
                String::new()
            };
            self.say(
                NoticeKind::Warning,
                format!("the transcript is damaged: {first}{rest}"),
            );
        } else if interrupted {
            self.say(
                NoticeKind::Warning,
                "the last answer was interrupted; Ctrl+R asks again",
            );
        }
    }

    pub(super) fn new_conversation(&mut self) {
        if self.run.is_some() {
            self.say(NoticeKind::Info, "stop this answer first");
            return;
        }
        self.conversation = Conversation::default();
        self.transcript_started = false;
        self.revision += 1;
        self.show_head();
        self.focus = Focus::Composer;
    }

    pub(super) fn step_branch(&mut self, step: isize, effects: &mut Vec<Effect>) {
        let Some(head) = self
            .conversation
            .head()
            .map(|t| t.id)
            .filter(|_| self.run.is_none())
        else {
            return;
        };
        // The nearest turn upwards that has another branch beside it.
        let path: Vec<TurnId> = self
            .conversation
            .path_to(Some(head))
            .iter()
            .map(|t| t.id)
            .collect();
        for id in path.into_iter().rev() {
            let siblings = self.conversation.siblings(id);
            let at = siblings.iter().position(|s| *s == id).unwrap_or(0);
            if siblings.len() > 1 {
                let next = siblings[(at as isize + step).rem_euclid(siblings.len() as isize) as usize];
                let last = self.conversation.latest_below(next);
                self.record(Record::Head { turn: Some(last) }, effects);
                self.show_head();
                return;
            }
        }
        self.say(
            NoticeKind::Info,
            "there is no other branch: Ctrl+R or an edited prompt makes one",
        );
    }

    /// The panes show another turn.
    fn show_head(&mut self) {
        self.branch_from = None;
        self.reveal = None;
        self.thinking_scroll = Scroll::Follow;
        self.answer_scroll = Scroll::Follow;
        self.recheck_head();
    }

    pub(super) fn copy(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let Some(head) = self.conversation.head() else {
            self.say(NoticeKind::Info, "there is nothing to copy yet");
            return;
        };
        let (text, what) = match action {
            Action::CopyThinking => (head.thinking.trim().to_owned(), "thinking"),
            Action::CopyCode => (last_code_block(&head.answer).unwrap_or_default(), "code block"),
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

    /// Verdicts by kind, for the strip: fulfilled, broken, open, not checkable.
    pub fn tally(&self) -> [usize; 4] {
        let mut tally = [0; 4];
        for status in &self.statuses {
            tally[match status.verdict {
                Verdict::Met | Verdict::Holding => 0,
                Verdict::Broken => 1,
                Verdict::Pending | Verdict::AtRisk => 2,
                Verdict::NotCheckable => 3,
            }] += 1;
        }
        tally
    }
}

impl Pull {
    fn new(name: String, about: String) -> Self {
        Self {
            name,
            about,
            notes: Vec::new(),
            done: 0,
            total: 0,
            bytes_per_s: 0,
            verifying: false,
        }
    }
}

/// What stands between the last pair of code fences.
fn last_code_block(answer: &str) -> Option<String> {
    let mut last = None;
    let mut open: Option<(&str, Vec<&str>)> = None;
    for line in answer.lines() {
        let trimmed = line.trim_start();
        let ticks = &trimmed[..trimmed.len() - trimmed.trim_start_matches('`').len()];
        match &mut open {
            None if ticks.len() >= 3 => open = Some((ticks, Vec::new())),
            None => {}
            Some((fence, lines)) if trimmed.trim_end() == *fence => {
                last = Some(lines.join("\n"));
                open = None;
            }
            Some((_, lines)) => lines.push(line),
        }
    }
    last.or_else(|| open.map(|(_, lines)| lines.join("\n")))
}
