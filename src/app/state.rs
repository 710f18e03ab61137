//! Everything the screen shows.

use std::ops::Range;

use super::compare::{Compare, Second};
use super::composer::Composer;
use super::edits::{DraftEdit, Form};
use super::effect::Notify;
use super::event::{Geometry, Now};
use super::focus::Focus;
use super::keymap::Keymap;
use super::listing::Listing;
use super::picker::Picker;
use super::run::Run;
use super::scroll::Scroll;
use super::search::Search;
use super::select::{Clicked, Selection};
use super::waiting::Waiting;
use crate::chat::{Conversation, Turn, TurnId};
use crate::constraints::check::Status;
use crate::constraints::parse::Reading;
use crate::constraints::{Constraint, Semantics};
use crate::engine::ModelInfo;

/// The state of the chat. Made by [`State::new`], changed by [`State::handle`] only.
pub struct State {
    pub conversation: Conversation,
    /// Grows with every change of the conversation's text, for caches.
    pub revision: u64,
    pub composer: Composer,
    /// What the draft asks for.
    pub draft: Reading,
    /// What goes out as soon as the model is free, one after the other.
    pub waiting: Vec<Waiting>,
    /// The next prompt follows this turn instead of the head (`Some(None)`: it is a first prompt).
    pub branch_from: Option<Option<TurnId>>,
    pub model: ModelState,
    /// A model on its way to this machine; the loaded one can be used meanwhile.
    pub pull: Option<Pull>,
    /// The catalog name or file asked for; `None` is the default.
    pub model_name: Option<String>,
    pub method: String,
    /// Every method: name and one line about it.
    pub methods: Vec<(String, String)>,
    pub run: Option<Run>,
    /// The run of a second answer that was asked for together with the first. It takes the first one's place when that ends.
    pub(super) beside: Option<Run>,
    /// A second answer to be compared with the first.
    pub(super) second: Option<Second>,
    /// The turn that the panes follow, where the reader went back to one before the head.
    pub(super) reading: Option<TurnId>,
    /// The sidebar lists what the draft asks for, not the turn that is read.
    pub(super) lists_draft: bool,
    /// What the turn that is read asks for.
    pub listing: Listing,
    /// One for each constraint of the turn that is read.
    pub statuses: Vec<Status>,
    /// What the draft asks for, with the changes by hand.
    pub draft_listing: Listing,
    pub(super) draft_edits: Vec<DraftEdit>,
    /// What the draft says by itself, in the light of the turns before it.
    pub(super) draft_stated: Vec<Constraint>,
    pub focus: Focus,
    pub thinking_scroll: Scroll,
    pub answer_scroll: Scroll,
    /// The selected row of the sidebar's list.
    pub selected: usize,
    /// Which place of the selected constraint was shown last.
    pub(super) place: usize,
    /// What the next frame brings into view.
    pub reveal: Option<Reveal>,
    /// The next frame brings the first passage that deals with the selected constraint into view.
    pub reveal_passage: bool,
    pub thinking_folded: bool,
    pub sidebar_hidden: bool,
    pub zoomed: bool,
    pub overlay: Option<Overlay>,
    pub search: Option<Search>,
    /// What the mouse selects in a pane.
    pub selection: Option<Selection>,
    /// The mouse is the program's, not the terminal's.
    pub mouse: bool,
    /// The theme's name, and those there are.
    pub theme: String,
    pub themes: Vec<String>,
    pub notice: Option<Notice>,
    /// Why the transcript is not being written.
    pub unsaved: Option<String>,
    pub keymap: Keymap,
    /// No spinner, no moving parts.
    pub reduced_motion: bool,
    pub now: Now,
    pub geometry: Geometry,
    pub(super) system: Option<String>,
    pub(super) semantics: Semantics,
    pub(super) chord: Vec<super::input::Key>,
    /// The folder whose files were asked for last.
    pub(super) files_of: String,
    /// The conversation that was chosen for words found in it, and the words.
    pub(super) looked_for: Option<(String, String)>,
    /// Who looks elsewhere is told so that a long answer ended.
    pub(super) notify: Notify,
    /// Which model answered the conversation that was opened, until the reader knows which one goes on.
    pub(super) answered_before: Option<String>,
    /// Nobody chose a theme: it follows the terminal's background.
    pub(super) theme_follows: bool,
    /// The last click, for one that follows it.
    pub(super) clicked: Option<Clicked>,
    /// When a second Ctrl+C quits.
    pub(super) quit_armed_until_ms: Option<u64>,
    pub(super) cancel_armed_until_ms: Option<u64>,
    /// The model that answered before another one was chosen, to go back to if that cannot be loaded.
    pub(super) model_before: Option<String>,
    /// The transcript has its first line.
    pub(super) transcript_started: bool,
}

/// What a chat starts with.
#[derive(Default)]
pub struct Start {
    pub model_name: Option<String>,
    pub method: String,
    pub methods: Vec<(String, String)>,
    pub system: Option<String>,
    pub keymap: Keymap,
    pub thinking_folded: bool,
    pub sidebar_hidden: bool,
    pub reduced_motion: bool,
    pub mouse: bool,
    pub theme: String,
    /// Nobody chose it: on a light background it is the light one.
    pub theme_follows: bool,
    pub themes: Vec<String>,
    pub notify: Notify,
}

/// A place of the conversation that is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// The beginning of a turn.
    Turn(TurnId),
    /// Bytes of the prompt of the turn that is read.
    Prompt(Range<usize>),
    /// Bytes of its answer.
    Answer(Range<usize>),
}

/// How far the model is.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelState {
    /// It is being looked for.
    Starting,
    Loading {
        name: String,
    },
    Ready(ModelInfo),
    /// There is none, for this reason; one can be chosen.
    Absent {
        reason: String,
    },
}

/// A pull on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull {
    pub name: String,
    /// Size and licence.
    pub about: String,
    /// Which source is tried, which did not answer.
    pub notes: Vec<String>,
    pub done: u64,
    pub total: u64,
    pub bytes_per_s: u64,
    pub verifying: bool,
}

/// What lies over the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// From this row.
    Help {
        top: usize,
    },
    Picker(Picker),
    /// The arguments of a requirement.
    Form(Form),
    /// The thinking held against the constraints.
    Inspect,
    /// Two answers side by side.
    Compare(Compare),
}

/// A line about something that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub text: String,
    pub kind: NoticeKind,
    /// It goes away by itself at this time; errors stay until a key.
    pub until_ms: Option<u64>,
}

/// How a notice looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    Info,
    Warning,
    Error,
}

impl State {
    pub fn new(start: Start) -> Self {
        Self {
            conversation: Conversation::default(),
            revision: 0,
            composer: Composer::new(),
            draft: Reading::default(),
            waiting: Vec::new(),
            branch_from: None,
            model: ModelState::Starting,
            pull: None,
            model_name: start.model_name,
            method: start.method,
            methods: start.methods,
            run: None,
            beside: None,
            second: None,
            reading: None,
            lists_draft: false,
            listing: Listing::default(),
            statuses: Vec::new(),
            draft_listing: Listing::default(),
            draft_edits: Vec::new(),
            draft_stated: Vec::new(),
            focus: Focus::Composer,
            thinking_scroll: Scroll::Follow,
            answer_scroll: Scroll::Follow,
            selected: 0,
            place: 0,
            reveal: None,
            reveal_passage: false,
            thinking_folded: start.thinking_folded,
            sidebar_hidden: start.sidebar_hidden,
            zoomed: false,
            overlay: None,
            search: None,
            selection: None,
            mouse: start.mouse,
            theme: start.theme,
            themes: start.themes,
            notice: None,
            unsaved: None,
            keymap: start.keymap,
            reduced_motion: start.reduced_motion,
            now: Now::default(),
            geometry: Geometry::default(),
            system: start.system,
            semantics: Semantics::default(),
            chord: Vec::new(),
            files_of: String::new(),
            looked_for: None,
            notify: start.notify,
            answered_before: None,
            theme_follows: start.theme_follows,
            clicked: None,
            quit_armed_until_ms: None,
            cancel_armed_until_ms: None,
            model_before: None,
            transcript_started: false,
        }
    }

    /// The newest turn of the branch on screen.
    pub fn head(&self) -> Option<&Turn> {
        self.conversation.head()
    }

    /// The keys of a chord that is not complete yet.
    pub fn pending_chord(&self) -> Option<String> {
        (!self.chord.is_empty()).then(|| super::keymap::show(&self.chord))
    }

    /// Something on screen changes with time alone.
    pub fn is_ticking(&self) -> bool {
        self.run.is_some()
            || self.pull.is_some()
            || matches!(self.model, ModelState::Loading { .. } | ModelState::Starting)
            || self.notice.as_ref().is_some_and(|n| n.until_ms.is_some())
    }

    pub(super) fn say(&mut self, kind: NoticeKind, text: impl Into<String>) {
        const INFO_MS: u64 = 4_000;
        let until_ms = (kind == NoticeKind::Info).then_some(self.now.elapsed_ms + INFO_MS);
        self.notice = Some(Notice {
            text: text.into(),
            kind,
            until_ms,
        });
    }
}
