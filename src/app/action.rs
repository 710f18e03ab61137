//! Everything a person can do, in one table: keys, slash commands, the command palette and the help are made from it.

use serde::Deserialize;

macro_rules! actions {
    ($($variant:ident, $name:literal, $group:ident, $about:literal;)*) => {
        /// One thing a person can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
        pub enum Action { $(#[serde(rename = $name)] $variant),* }

        impl Action {
            /// In the order of the help.
            pub const ALL: &[Action] = &[$(Action::$variant),*];

            /// Its name in the keymap file, and after a `/` in the composer.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What it does, for the help and the palette.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about),* }
            }

            pub fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group),* }
            }
        }
    };
}

/// The headings of the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Writing,
    Answering,
    Reading,
    Constraints,
    Conversation,
    Program,
}

impl Group {
    pub const ALL: &[Group] = &[
        Group::Writing,
        Group::Answering,
        Group::Reading,
        Group::Constraints,
        Group::Conversation,
        Group::Program,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Writing => "Writing",
            Self::Answering => "While it answers",
            Self::Reading => "Reading",
            Self::Constraints => "Constraints",
            Self::Conversation => "Conversation",
            Self::Program => "Program",
        }
    }
}

actions! {
    Send, "send", Writing, "send the message";
    Newline, "newline", Writing, "start a new line";
    HistoryBack, "history-back", Writing, "the message before (first one that waits), when the caret is on the first line";
    HistoryForward, "history-forward", Writing, "the message after, when the caret is on the last line";
    DeleteToStart, "delete-to-start", Writing, "delete from the caret to the start of the line";
    Undo, "undo", Writing, "take back the last change of the message";
    Redo, "redo", Writing, "make the change again";
    Attach, "attach", Writing, "put a text file into the message; @ at the start of a word does so too";
    Editor, "editor", Writing, "write the message in $VISUAL or $EDITOR, else nano or vi";
    Stop, "stop", Answering, "close what is open, else stop the answer and take back what waits";
    EndThinking, "end-thinking", Answering, "end thinking now and answer";
    Regenerate, "regenerate", Answering, "answer the last message again, as a new branch";
    FocusNext, "focus-next", Reading, "go to the next pane";
    FocusPrevious, "focus-previous", Reading, "go to the pane before";
    FocusComposer, "focus-composer", Reading, "go back to the message";
    ScrollUp, "scroll-up", Reading, "one line up; in constraints the row above";
    ScrollDown, "scroll-down", Reading, "one line down; in constraints the row below";
    PageUp, "page-up", Reading, "one page up";
    PageDown, "page-down", Reading, "one page down";
    Top, "top", Reading, "to the beginning";
    Bottom, "bottom", Reading, "to the end, and follow it";
    FoldThinking, "fold-thinking", Reading, "fold or unfold the thinking";
    Zoom, "zoom", Reading, "give this pane the whole screen, or give it back";
    ToggleSidebar, "toggle-sidebar", Reading, "show or hide the constraints";
    PreviousTurn, "previous-turn", Reading, "read the turn before: thinking and constraints follow";
    NextTurn, "next-turn", Reading, "read the turn after; after the last the message being written";
    Search, "search", Reading, "find words in this conversation";
    NextHit, "next-hit", Reading, "the next place that was found";
    PreviousHit, "previous-hit", Reading, "the place before";
    ShowPlace, "show-place", Constraints, "show where the selected one is decided; again for the next place";
    EditConstraint, "edit-constraint", Constraints, "change what the selected one says";
    AddConstraint, "add-constraint", Constraints, "add one that the prompt does not state";
    DropConstraint, "drop-constraint", Constraints, "drop the selected one, or bring it back";
    Inspect, "inspect", Constraints, "hold the thinking against the constraints";
    CopyAnswer, "copy-answer", Conversation, "copy the answer";
    CopyCode, "copy-code", Conversation, "copy a code block of the answer";
    CopyThinking, "copy-thinking", Conversation, "copy the thinking";
    CopyTurn, "copy-turn", Conversation, "copy prompt, thinking and answer";
    EditPrompt, "edit-prompt", Conversation, "take the last prompt back into the message, to send it as a new branch";
    PreviousBranch, "previous-branch", Conversation, "the branch before";
    NextBranch, "next-branch", Conversation, "the branch after";
    Compare, "compare", Conversation, "hold the answer against another branch, seed, method or model";
    NewConversation, "new", Conversation, "start a new conversation";
    Resume, "resume", Conversation, "continue a saved conversation";
    SearchAll, "search-all", Conversation, "find words in all saved conversations";
    Rename, "rename", Conversation, "give this conversation a title";
    Export, "export", Conversation, "write this conversation to a file: md, json, jsonl, html";
    Delete, "delete", Conversation, "delete a saved conversation, after asking";
    Palette, "commands", Program, "all commands";
    ChooseModel, "model", Program, "choose, or fetch, a model";
    ChooseMethod, "method", Program, "choose how the model is asked";
    ChooseTheme, "theme", Program, "choose how it looks";
    ToggleMouse, "mouse", Program, "leave the mouse to the terminal, or take it back";
    Redraw, "redraw", Program, "draw the whole screen anew";
    Help, "help", Program, "this help";
    Interrupt, "interrupt", Program, "stop; else clear the message; else press twice to quit";
    Quit, "quit", Program, "quit";
}

impl Action {
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.name() == name)
    }

    /// Offered as a slash command and in the palette; the rest only make sense as keys.
    pub fn is_command(self) -> bool {
        !matches!(
            self,
            Self::Send
                | Self::Newline
                | Self::HistoryBack
                | Self::HistoryForward
                | Self::DeleteToStart
                | Self::Undo
                | Self::Redo
                | Self::NextHit
                | Self::PreviousHit
                | Self::FocusNext
                | Self::FocusPrevious
                | Self::FocusComposer
                | Self::ScrollUp
                | Self::ScrollDown
                | Self::PageUp
                | Self::PageDown
                | Self::Top
                | Self::Bottom
                | Self::ShowPlace
                | Self::Palette
                | Self::Interrupt
        )
    }

    /// What may follow its slash command, as the help shows it.
    pub fn argument(self) -> Option<&'static str> {
        Some(match self {
            Self::Attach => "FILE",
            Self::Search | Self::SearchAll => "WORDS",
            Self::Resume => "ID",
            Self::EditConstraint | Self::DropConstraint => "NUMBER",
            Self::Rename => "TITLE",
            Self::Export => "FORMAT",
            Self::ChooseModel | Self::ChooseMethod | Self::ChooseTheme => "NAME",
            _ => return None,
        })
    }
}
