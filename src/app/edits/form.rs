//! The form in which the arguments of one requirement are written.
//!
//! Owns its fields, what keys do to them, and the arguments that come of them. Does not own what is changed by it.

use serde_json::Value;

use crate::app::input::{Key, KeyCode};
use crate::constraints::kinds::{self, Arg, ArgType};
use crate::constraints::{Kwargs, Semantics};

/// The arguments of one requirement, being written.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    pub id: &'static str,
    pub about: &'static str,
    pub fields: Vec<Field>,
    /// The field that keys go to.
    pub at: usize,
    /// What is wrong with what was written.
    pub problem: Option<String>,
    pub(in crate::app) target: Target,
}

/// One argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    pub name: &'static str,
    pub kind: ArgType,
    pub optional: bool,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum Target {
    Add,
    /// The constraint at this position.
    Change(usize),
}

const RELATIONS: [&str; 3] = ["at least", "less than", "exactly"];
const YES: &str = "yes";

impl Field {
    fn new(arg: &'static Arg, given: Option<&Value>) -> Self {
        let text = match (arg.kind, given) {
            (ArgType::Flag, Some(Value::Bool(true))) => YES.into(),
            (ArgType::Relation, None) if !arg.optional => RELATIONS[0].into(),
            (_, None | Some(Value::Null | Value::Bool(_))) => String::new(),
            (_, Some(Value::Array(items))) => {
                let quoted = |item: &Value| {
                    let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
                    if text.contains([',', '"']) {
                        format!("\"{}\"", text.replace('"', ""))
                    } else {
                        text
                    }
                };
                items.iter().map(quoted).collect::<Vec<_>>().join(", ")
            }
            (_, Some(Value::String(text))) => text.clone(),
            (_, Some(other)) => other.to_string(),
        };
        Self {
            name: arg.name,
            kind: arg.kind,
            optional: arg.optional,
            text,
        }
    }

    /// How it is to be filled in.
    pub fn hint(&self) -> &'static str {
        match self.kind {
            ArgType::Count => "a number",
            ArgType::Relation => "← → changes it",
            ArgType::Text => "a text",
            ArgType::TextList => "several: put commas between them",
            ArgType::Language => "a language code, as en or zh-cn",
            ArgType::Flag => "← → changes it",
        }
    }

    /// The argument; `None` if it is left out.
    fn value(&self) -> Option<Value> {
        let text = self.text.trim();
        if text.is_empty() {
            return None;
        }
        Some(match self.kind {
            ArgType::Count => match (text.parse::<u64>(), text.parse::<f64>()) {
                (Ok(whole), _) => whole.into(),
                (_, Ok(number)) => number.into(),
                _ => text.into(),
            },
            ArgType::Flag => (text == YES).into(),
            ArgType::TextList => items(text).into(),
            // A phrase may begin or end with a space that matters.
            ArgType::Text => self.text.clone().into(),
            ArgType::Relation | ArgType::Language => text.into(),
        })
    }

    /// The next or previous of the values there are to choose from.
    fn turn(&mut self, back: bool) {
        match self.kind {
            ArgType::Flag => {
                self.text = if self.text.is_empty() {
                    YES.into()
                } else {
                    String::new()
                };
            }
            ArgType::Relation => {
                let mut values = RELATIONS.to_vec();
                if self.optional {
                    values.insert(0, "");
                }
                let at = values.iter().position(|v| *v == self.text).unwrap_or(0);
                let step = if back { values.len() - 1 } else { 1 };
                self.text = values[(at + step) % values.len()].into();
            }
            _ => {}
        }
    }

    fn is_choice(&self) -> bool {
        matches!(self.kind, ArgType::Flag | ArgType::Relation)
    }
}

/// `a, "b, c"` to `a` and `b, c`.
fn items(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | '，' | '、' if !quoted => items.push(String::new()),
            c => items.last_mut().into_iter().for_each(|item| item.push(c)),
        }
    }
    items
        .into_iter()
        .map(|item| item.trim().to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

impl Form {
    pub(in crate::app) fn new(id: &str, kwargs: &Kwargs, target: Target) -> Option<Self> {
        let kind = kinds::find(id)?;
        Some(Self {
            id: kind.id,
            about: kind.about,
            fields: kind
                .args
                .iter()
                .map(|arg| Field::new(arg, kwargs.get(arg.name)))
                .collect(),
            at: 0,
            problem: None,
            target,
        })
    }

    pub fn is_new(&self) -> bool {
        self.target == Target::Add
    }

    pub(in crate::app) fn step(&mut self, fields: isize) {
        let last = self.fields.len().saturating_sub(1);
        self.at = self.at.saturating_add_signed(fields).min(last);
    }

    /// Writes the field anew.
    pub(in crate::app) fn write(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.at) {
            text.clone_into(&mut field.text);
            self.problem = None;
        }
    }

    pub(in crate::app) fn key(&mut self, key: Key) {
        let Some(field) = self.fields.get_mut(self.at) else {
            return;
        };
        self.problem = None;
        match key.code {
            KeyCode::Left | KeyCode::Right => field.turn(key.code == KeyCode::Left),
            KeyCode::Char(_) if field.is_choice() => field.turn(false),
            KeyCode::Char(c) if !key.ctrl && !key.alt => field.text.push(c),
            KeyCode::Backspace if field.is_choice() => field.turn(true),
            KeyCode::Backspace => {
                field.text.pop();
            }
            _ => {}
        }
    }

    pub(in crate::app) fn paste(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.at).filter(|field| !field.is_choice()) {
            let one_line = text.chars().map(|c| if c.is_control() { ' ' } else { c });
            field.text.extend(one_line.take(2000));
            self.problem = None;
        }
    }

    /// What was written; the problem is in words, if there is one.
    pub(in crate::app) fn kwargs(&self, prompt: &str) -> Result<Kwargs, String> {
        let given = self
            .fields
            .iter()
            .filter_map(|f| Some((f.name.to_owned(), f.value()?)));
        let kwargs: Kwargs = given.collect();
        let kind = kinds::find(self.id).ok_or("nobody knows this requirement any more")?;
        kind.checker(&kwargs, prompt, Semantics::AsWorded)
            .map(|_| kwargs)
            .map_err(|e| e.to_string())
    }
}
