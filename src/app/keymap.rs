//! Which key does what where.
//!
//! A keymap file is TOML with one table a context; a key is one press or a chord of several (`ctrl+k c`). A key is looked
//! up in the focused context first, then in `global`. `"none"` takes a default away.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::action::Action;
use super::input::Key;

/// Where a key is pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    Global,
    /// The message is being written.
    Composer,
    /// One of the panes that are read.
    Pane,
    /// A list to choose from, or the help.
    Overlay,
}

impl Context {
    const ALL: &[(&str, Context)] = &[
        ("global", Context::Global),
        ("composer", Context::Composer),
        ("pane", Context::Pane),
        ("overlay", Context::Overlay),
    ];

    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, context)| *context == self)
            .map_or("", |(name, _)| name)
    }
}

/// What a key file may say and what is wrong with it.
#[derive(Debug, thiserror::Error, PartialEq)]
#[error("{file}:{line}: {reason}; correct the line, or take it out to have the default keys")]
pub struct KeymapError {
    file: String,
    line: usize,
    reason: String,
}

/// Keys to actions. Made once; the help is made from it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Keymap {
    bindings: BTreeMap<(Context, Vec<Key>), Action>,
}

/// What a sequence of keys means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    Action(Action),
    /// The beginning of a chord.
    Prefix,
    Nothing,
}

impl Keymap {
    /// The keys that `assets/keymap.toml` gives.
    pub fn built_in() -> Self {
        let mut keymap = Self::default();
        keymap
            .merge("keymap.toml", include_str!("../../assets/keymap.toml"))
            .expect("a test reads the built-in keymap");
        keymap
    }

    /// Lays a key file over what is there.
    pub fn merge(&mut self, file: &str, source: &str) -> Result<(), KeymapError> {
        let wrong = |at: usize, reason: String| KeymapError {
            file: file.to_owned(),
            line: 1 + source.bytes().take(at).filter(|b| *b == b'\n').count(),
            reason,
        };
        let tables = DeTable::parse(source).map_err(|e| {
            let at = e.span().map_or(0, |span| span.start);
            wrong(
                at,
                format!("this is not TOML: {}", e.message().replace('\n', ", ")),
            )
        })?;
        let mut seen = BTreeMap::new();
        for (name, table) in tables.get_ref() {
            let at = name.span().start;
            let name = name.get_ref();
            let context = Context::ALL
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, c)| *c);
            let context = context.ok_or_else(|| {
                wrong(
                    at,
                    format!("[{name}] is not a place for keys; there are global, composer, pane, overlay"),
                )
            })?;
            let DeValue::Table(table) = table.get_ref() else {
                return Err(wrong(
                    at,
                    format!("{name} is a place for keys: write [{name}], and the keys below it"),
                ));
            };
            for (text, value) in table {
                let at = text.span().start;
                let text = text.get_ref();
                let of_key = |reason: String| wrong(at, format!("[{name}] \"{text}\": {reason}"));
                let keys = text
                    .split_whitespace()
                    .map(str::parse)
                    .collect::<Result<Vec<Key>, _>>()
                    .map_err(of_key)?;
                if keys.is_empty() {
                    return Err(of_key("no key is named".into()));
                }
                if let Some((other, _)) = seen.insert((context, keys.clone()), (text.clone(), at)) {
                    return Err(of_key(format!("the same key as \"{other}\"")));
                }
                let DeValue::String(word) = value.get_ref() else {
                    return Err(of_key(
                        "a key has the name of an action in quotes, or \"none\"".into(),
                    ));
                };
                match Action::from_name(word) {
                    Some(action) => self.bindings.insert((context, keys), action),
                    None if word == "none" => self.bindings.remove(&(context, keys)),
                    None => {
                        let nearest = nearest_action(word).name();
                        return Err(of_key(format!(
                            "there is no action \"{word}\", the nearest is \"{nearest}\""
                        )));
                    }
                };
            }
        }
        let hidden = self.hidden_chord().map(|(context, keys, before)| {
            let line_of = |keys: &[Key]| seen.get(&(context, keys.to_vec())).map(|(_, at)| *at);
            let at = line_of(&keys).or_else(|| line_of(&before)).unwrap_or(0);
            let (name, chord, before) = (context.name(), show(&keys), show(&before));
            wrong(
                at,
                format!("[{name}] \"{chord}\" can never be pressed: {before} already does something"),
            )
        });
        hidden.map_or(Ok(()), Err)
    }

    /// A chord that starts with a key that is bound in the same context could never be pressed.
    fn hidden_chord(&self) -> Option<(Context, Vec<Key>, Vec<Key>)> {
        self.bindings.keys().find_map(|(context, keys)| {
            let mut starts = (1..keys.len()).map(|n| keys[..n].to_vec());
            let bound = starts.find(|start| self.bindings.contains_key(&(*context, start.clone())));
            Some((*context, keys.clone(), bound?))
        })
    }

    /// What `keys`, pressed one after the other, mean in `context`.
    pub fn lookup(&self, context: Context, keys: &[Key]) -> Lookup {
        for context in [context, Context::Global] {
            if let Some(action) = self.bindings.get(&(context, keys.to_vec())) {
                return Lookup::Action(*action);
            }
            let is_prefix = |(c, bound): &(Context, Vec<Key>)| {
                *c == context && bound.len() > keys.len() && bound.starts_with(keys)
            };
            if self.bindings.keys().any(is_prefix) {
                return Lookup::Prefix;
            }
        }
        Lookup::Nothing
    }

    /// The keys of an action, as shown, the shortest first.
    pub fn keys_of(&self, action: Action) -> Vec<String> {
        let mut keys: Vec<String> = self
            .bindings
            .iter()
            .filter(|(_, a)| **a == action)
            .map(|((_, keys), _)| show(keys))
            .collect();
        keys.sort_by_key(|k| (k.chars().count(), k.clone()));
        keys.dedup();
        keys
    }

    /// The shortest key that does `action` in `context`, as shown; `None` if no key does.
    pub fn key_for(&self, context: Context, action: Action) -> Option<String> {
        let does = |((bound, keys), a): (&(Context, Vec<Key>), &Action)| {
            let is_heard = *bound == context || *bound == Context::Global;
            let is_it = *a == action && is_heard && self.lookup(context, keys) == Lookup::Action(action);
            is_it.then(|| show(keys))
        };
        let keys = self.bindings.iter().filter_map(does);
        keys.min_by_key(|key| (key.chars().count(), key.clone()))
    }
}

/// As a person reads them: `Ctrl+K C`.
pub(super) fn show(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

/// The action whose name takes the fewest changed, added or dropped letters to become `word` (Levenshtein).
fn nearest_action(word: &str) -> Action {
    let distance = |name: &str| {
        let mut row: Vec<usize> = (0..=name.len()).collect();
        for (i, a) in word.bytes().enumerate() {
            let mut diagonal = std::mem::replace(&mut row[0], i + 1);
            for (j, b) in name.bytes().enumerate() {
                let replaced = diagonal + usize::from(a != b);
                diagonal = row[j + 1];
                row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
            }
        }
        row[name.len()]
    };
    let nearest = Action::ALL.iter().min_by_key(|action| distance(action.name()));
    nearest.copied().unwrap_or(Action::Help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_an_action_is_one_that_does_it_there() {
        let mut keymap = Keymap::built_in();
        let key = |keymap: &Keymap, context| keymap.key_for(context, Action::ChooseModel);
        assert_eq!(key(&keymap, Context::Composer).as_deref(), Some("Alt+M"));
        keymap.merge("own", "[composer]\n\"alt+m\" = \"help\"").unwrap();
        assert_eq!(
            key(&keymap, Context::Composer),
            None,
            "another action has it there"
        );
        assert_eq!(key(&keymap, Context::Pane).as_deref(), Some("Alt+M"));
    }

    fn merged(source: &str) -> Result<Keymap, KeymapError> {
        let mut keymap = Keymap::built_in();
        keymap.merge("mine.toml", source).map(|()| keymap)
    }

    #[test]
    fn every_action_can_be_reached() {
        let keymap = Keymap::built_in();
        for action in Action::ALL {
            assert!(
                action.is_command() || !keymap.keys_of(*action).is_empty(),
                "{action:?}"
            );
        }
    }

    #[test]
    fn a_users_file_changes_and_takes_away() {
        let keymap =
            merged("[composer]\n\"ctrl+s\" = \"send\"\n\"enter\" = \"newline\"\n[global]\nf1 = \"none\"")
                .unwrap();
        let find = |text: &str| keymap.lookup(Context::Composer, &[text.parse().unwrap()]);
        assert_eq!(find("ctrl+s"), Lookup::Action(Action::Send));
        assert_eq!(find("enter"), Lookup::Action(Action::Newline));
        assert_eq!(find("f1"), Lookup::Nothing);
    }

    #[test]
    fn chords_wait_for_their_last_key() {
        let keymap = merged("[pane]\n\"ctrl+k c\" = \"copy-code\"").unwrap();
        let (k, c) = (Key::ctrl('k'), "c".parse().unwrap());
        assert_eq!(keymap.lookup(Context::Pane, &[k]), Lookup::Prefix);
        assert_eq!(
            keymap.lookup(Context::Pane, &[k, c]),
            Lookup::Action(Action::CopyCode)
        );
        assert_eq!(keymap.lookup(Context::Pane, &[k, k]), Lookup::Nothing);
    }

    #[test]
    fn mistakes_name_the_file_and_the_key() {
        for (source, part) in [
            (
                "[composer]\n\"ctrl+s\" = \"send\"\n\"Ctrl+S\" = \"newline\"",
                "the same key as",
            ),
            (
                "[composer]\n\"ctrl+s\" = \"sned\"",
                "mine.toml:2: [composer] \"ctrl+s\": there is no action \"sned\", the nearest is \"send\"",
            ),
            (
                "[composer]\n\n\"ctrl+s\" = 3",
                "mine.toml:3: [composer] \"ctrl+s\": a key has the name of an action",
            ),
            ("composer = \"send\"", "mine.toml:1: composer is a place for keys"),
            ("[pane]\n\"f1\" = \"help", "mine.toml:2: this is not TOML"),
            ("[composer]\n\"hyper+s\" = \"send\"", "not a modifier"),
            ("[composr]\n\"ctrl+s\" = \"send\"", "not a place"),
            ("[global]\n\"f1 f2\" = \"send\"", "can never be pressed"),
            ("[global", "mine.toml"),
        ] {
            let message = merged(source).unwrap_err().to_string();
            assert!(
                message.contains(part) && message.starts_with("mine.toml:"),
                "{message}"
            );
            assert!(
                message.contains("correct the line") && !message.contains('\n'),
                "{message}"
            );
        }
    }
}
