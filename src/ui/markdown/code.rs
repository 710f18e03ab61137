//! Code in the colours of its language.
//!
//! A language costs some thirty milliseconds when it is met first, so that is done on a thread; until then its code is
//! plain. Code that grows is parsed on from its last complete line.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use super::super::theme::Role;

/// Lines longer than this (minified code, data) stay plain, and so does what comes after this many lines.
const LONGEST_LINE: usize = 2000;
const MOST_LINES: usize = 5000;

/// A stretch of a line and what it is.
pub type Tint = (Range<usize>, Role);

/// The languages met so far.
#[derive(Clone, Debug, Default)]
pub struct Highlighter {
    shared: Arc<Shared>,
    /// Wait for a new language instead of showing it plain at first.
    wait: bool,
}

#[derive(Debug, Default)]
struct Shared {
    ready: Mutex<HashMap<String, bool>>,
    learned: AtomicUsize,
    learning: AtomicUsize,
}

impl Highlighter {
    /// Never shows code plain first: for pictures and tests.
    pub fn waiting() -> Self {
        Self {
            wait: true,
            ..Self::default()
        }
    }

    /// How many languages have become ready: rows made before that may be out of date.
    pub fn learned(&self) -> usize {
        self.shared.learned.load(Ordering::Acquire)
    }

    /// Whether a language is being made ready: a later frame will show more.
    pub fn is_learning(&self) -> bool {
        self.shared.learning.load(Ordering::Acquire) > 0
    }

    fn ready(&self, language: &'static SyntaxReference, code: &str) -> bool {
        if self.wait {
            return true;
        }
        let mut ready = self.shared.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = ready.get(&language.name) {
            return *known;
        }
        ready.insert(language.name.clone(), false);
        let (shared, code) = (Arc::clone(&self.shared), code.to_owned());
        shared.learning.fetch_add(1, Ordering::AcqRel);
        std::thread::spawn(move || {
            Tinted::start(language).extend(&code);
            let mut ready = shared.ready.lock().unwrap_or_else(PoisonError::into_inner);
            ready.insert(language.name.clone(), true);
            shared.learned.fetch_add(1, Ordering::AcqRel);
            shared.learning.fetch_sub(1, Ordering::AcqRel);
        });
        false
    }
}

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

fn language(name: &str) -> Option<&'static SyntaxReference> {
    let name = name.to_ascii_lowercase();
    let name = match name.as_str() {
        "" | "text" | "txt" | "plain" | "plaintext" | "output" => return None,
        "shell" | "console" | "shellsession" | "zsh" => "bash",
        "jsonc" | "json5" => "json",
        "golang" => "go",
        "py3" | "python3" => "python",
        other => other,
    };
    syntaxes().find_syntax_by_token(name)
}

/// A block of code that may still grow.
#[derive(Clone, Debug, Default)]
pub struct CodeBlock {
    tinted: Option<Tinted>,
}

impl CodeBlock {
    /// The tints of each line of `code`; `None` while its language is not ready, or unknown. The second value tells
    /// which: true if a later call may give more.
    pub fn tints(
        &mut self,
        language_name: &str,
        code: &str,
        highlighter: &Highlighter,
    ) -> (Option<Vec<Vec<Tint>>>, bool) {
        let Some(language) = language(language_name) else {
            return (None, false);
        };
        if !highlighter.ready(language, code) {
            return (None, true);
        }
        let fits =
            |tinted: &&mut Tinted| tinted.language.name == language.name && code.starts_with(&tinted.done);
        if self.tinted.as_mut().filter(fits).is_none() {
            self.tinted = Some(Tinted::start(language));
        }
        let tinted = self.tinted.get_or_insert_with(|| Tinted::start(language));
        tinted.extend(code);
        (Some(tinted.with_rest(code)), false)
    }
}

/// The complete lines of a block, parsed.
#[derive(Clone, Debug)]
struct Tinted {
    language: &'static SyntaxReference,
    done: String,
    parse: ParseState,
    scopes: ScopeStack,
    lines: Vec<Vec<Tint>>,
}

impl Tinted {
    fn start(language: &'static SyntaxReference) -> Self {
        Self {
            language,
            done: String::new(),
            parse: ParseState::new(language),
            scopes: ScopeStack::new(),
            lines: Vec::new(),
        }
    }

    fn extend(&mut self, code: &str) {
        for line in code[self.done.len()..]
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
        {
            let tints = self.line(line);
            self.lines.push(tints);
            self.done.push_str(line);
        }
    }

    /// The lines, and the one that is not complete yet.
    fn with_rest(&self, code: &str) -> Vec<Vec<Tint>> {
        let mut lines = self.lines.clone();
        let rest = &code[self.done.len()..];
        if !rest.is_empty() {
            lines.push(self.clone().line(rest));
        }
        lines
    }

    fn line(&mut self, line: &str) -> Vec<Tint> {
        if line.len() > LONGEST_LINE || self.lines.len() > MOST_LINES {
            return Vec::new();
        }
        let Ok(changes) = self.parse.parse_line(line, syntaxes()) else {
            return Vec::new();
        };
        let mut tints: Vec<Tint> = Vec::new();
        let mut from = 0;
        let end = (line.len(), None);
        for (at, change) in changes
            .iter()
            .map(|(at, change)| (*at, Some(change)))
            .chain([end])
        {
            if at > from {
                let role = role(&self.scopes);
                match tints.last_mut() {
                    Some((range, last)) if *last == role => range.end = at,
                    _ => tints.push((from..at, role)),
                }
                from = at;
            }
            if change.is_some_and(|change| self.scopes.apply(change).is_err()) {
                break;
            }
        }
        tints
    }
}

fn role(scopes: &ScopeStack) -> Role {
    static ROLES: OnceLock<Vec<(Scope, Role)>> = OnceLock::new();
    let roles = ROLES.get_or_init(|| {
        [
            ("comment", Role::SyntaxComment),
            ("punctuation.definition.comment", Role::SyntaxComment),
            ("string", Role::SyntaxString),
            ("constant", Role::SyntaxNumber),
            ("keyword.operator", Role::CodeBlock),
            ("keyword", Role::SyntaxKeyword),
            ("storage.type", Role::SyntaxKeyword),
            ("storage", Role::SyntaxKeyword),
            ("entity.name.function", Role::SyntaxFunction),
            ("support.function", Role::SyntaxFunction),
            ("variable.function", Role::SyntaxFunction),
            ("support.macro", Role::SyntaxFunction),
            ("entity.name.type", Role::SyntaxType),
            ("entity.name.class", Role::SyntaxType),
            ("entity.name.struct", Role::SyntaxType),
            ("support.type", Role::SyntaxType),
            ("support.class", Role::SyntaxType),
            ("entity.name.tag", Role::SyntaxKeyword),
            ("entity.other.attribute-name", Role::SyntaxType),
            ("markup.heading", Role::SyntaxKeyword),
            ("markup.inserted", Role::SyntaxString),
            ("markup.deleted", Role::Bad),
        ]
        .into_iter()
        .filter_map(|(name, role)| Some((Scope::new(name).ok()?, role)))
        .collect()
    });
    let innermost = scopes.as_slice().iter().rev();
    innermost
        .filter_map(|scope| roles.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)))
        .map(|(_, role)| *role)
        .next()
        .unwrap_or(Role::CodeBlock)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_coloured_by_role() {
        let code = "fn main() { // go\n    let x = \"a\";\n}\n";
        let (tints, _) = CodeBlock::default().tints("rust", code, &Highlighter::waiting());
        let lines = tints.expect("rust is known");
        let at = |line: usize, text: &str| {
            let source = code.lines().nth(line).expect("line");
            let place = source.find(text).expect("text");
            lines[line]
                .iter()
                .find(|(range, _)| range.contains(&place))
                .expect("tint")
                .1
        };
        assert_eq!(at(0, "fn"), Role::SyntaxKeyword);
        assert_eq!(at(0, "main"), Role::SyntaxFunction);
        assert_eq!(at(0, "go"), Role::SyntaxComment);
        assert_eq!(at(1, "\"a\""), Role::SyntaxString);
    }

    #[test]
    fn growing_code_gives_the_tints_of_the_whole() {
        let code = "def f(x):\n    \"\"\"doc\n    more\"\"\"\n    return x + 1  # done\n";
        let highlighter = Highlighter::waiting();
        let whole = CodeBlock::default().tints("py", code, &highlighter).0;
        let mut growing = CodeBlock::default();
        for end in 1..code.len() {
            growing.tints("py", &code[..end], &highlighter);
        }
        assert_eq!(growing.tints("py", code, &highlighter).0, whole);
    }

    #[test]
    fn an_unknown_language_is_plain() {
        assert_eq!(
            CodeBlock::default().tints("klingon", "x", &Highlighter::waiting()),
            (None, false)
        );
    }
}
