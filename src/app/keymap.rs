//! Which key does what where.
//!
//! A keymap file is TOML with one table a context; a key is one press or a chord of several (`ctrl+k c`). A key is looked
//! up in the focused context first, then in `global`. `"none"` takes a default away.

use std::collections::BTreeMap;

use serde::Deserialize;

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
pub enum KeymapError {
    #[error("{file}: {reason}")]
    Toml { file: String, reason: String },
    #[error("{file}: [{context}] is not a place for keys; there are global, composer, pane, overlay")]
    Context { file: String, context: String },
    #[error("{file}: [{context}] \"{key}\": {reason}")]
    Key {
        file: String,
        context: String,
        key: String,
        reason: String,
    },
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

#[derive(Deserialize)]
#[serde(untagged)]
enum Bound {
    Action(Action),
    Word(String),
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
        let tables: BTreeMap<String, BTreeMap<String, Bound>> =
            toml::from_str(source).map_err(|e| KeymapError::Toml {
                file: file.into(),
                reason: e.to_string(),
            })?;
        let mut seen = BTreeMap::new();
        for (name, table) in tables {
            let context = Context::ALL
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, context)| *context);
            let context = context.ok_or_else(|| KeymapError::Context {
                file: file.into(),
                context: name.clone(),
            })?;
            for (text, bound) in table {
                let wrong = |reason: String| KeymapError::Key {
                    file: file.into(),
                    context: name.clone(),
                    key: text.clone(),
                    reason,
                };
                let keys = text
                    .split_whitespace()
                    .map(str::parse)
                    .collect::<Result<Vec<Key>, _>>()
                    .map_err(wrong)?;
                if keys.is_empty() {
                    return Err(wrong("no key is named".into()));
                }
                if let Some(other) = seen.insert((context, keys.clone()), text.clone()) {
                    return Err(wrong(format!("the same key as \"{other}\"")));
                }
                match bound {
                    Bound::Action(action) => self.bindings.insert((context, keys), action),
                    Bound::Word(word) if word == "none" => self.bindings.remove(&(context, keys)),
                    Bound::Word(word) => return Err(wrong(format!("there is no action \"{word}\""))),
                };
            }
        }
        self.reject_hidden_chords(file)
    }

    /// A chord that starts with a key that is bound in the same context could never be pressed.
    fn reject_hidden_chords(&self, file: &str) -> Result<(), KeymapError> {
        for (context, keys) in self.bindings.keys() {
            for n in 1..keys.len() {
                if self.bindings.contains_key(&(*context, keys[..n].to_vec())) {
                    return Err(KeymapError::Key {
                        file: file.into(),
                        context: context.name().into(),
                        key: show(keys),
                        reason: format!(
                            "can never be pressed: {} already does something",
                            show(&keys[..n])
                        ),
                    });
                }
            }
        }
        Ok(())
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
}

/// As a person reads them: `Ctrl+K C`.
pub(super) fn show(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("[composer]\n\"ctrl+s\" = \"sned\"", "no action"),
            ("[composer]\n\"hyper+s\" = \"send\"", "not a modifier"),
            ("[composr]\n\"ctrl+s\" = \"send\"", "not a place"),
            ("[global]\n\"f1 f2\" = \"send\"", "can never be pressed"),
            ("[global", "mine.toml"),
        ] {
            let message = merged(source).unwrap_err().to_string();
            assert!(
                message.contains(part) && message.contains("mine.toml"),
                "{message}"
            );
        }
    }
}
