//! Typed access to a constraint's arguments.
//!
//! Owns how arguments may be written: an integer may arrive as `3`, `3.0` or `"3"`. A missing or wrong one is an
//! [`ArgError`]; nothing is ever made up for it.

use serde_json::Value;

use crate::constraints::Kwargs;

/// What an argument is called and holds.
pub struct Arg {
    pub name: &'static str,
    pub kind: ArgType,
    /// May be absent or null.
    pub optional: bool,
}

impl Arg {
    pub const fn needed(name: &'static str, kind: ArgType) -> Self {
        Self {
            name,
            kind,
            optional: false,
        }
    }

    pub const fn optional(name: &'static str, kind: ArgType) -> Self {
        Self {
            name,
            kind,
            optional: true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgType {
    /// A whole number, not negative.
    Count,
    /// `at least`, `less than`, and for `raif:` ids also `exactly`.
    Relation,
    Text,
    TextList,
    /// A language code as langdetect writes it (`en`, `zh-cn`).
    Language,
    /// True or absent.
    Flag,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ArgError {
    #[error("argument `{0}` is missing")]
    Missing(&'static str),
    #[error("argument `{name}` must be {expected}, not {found}")]
    Type {
        name: &'static str,
        expected: &'static str,
        found: &'static str,
    },
    #[error("argument `{name}`: {reason}")]
    Invalid { name: &'static str, reason: String },
}

/// How a count compares with its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    AtLeast,
    LessThan,
    Exactly,
}

/// The arguments of one constraint.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(pub &'a Kwargs);

impl<'a> Args<'a> {
    /// The value unless it is absent or null.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn value(&self, name: &'static str) -> Result<&'a Value, ArgError> {
        self.get(name).ok_or(ArgError::Missing(name))
    }

    /// A whole number: `3`, `3.0` or `"3"`. A fraction is cut off, as Python's `int` does.
    pub fn count(&self, name: &'static str) -> Result<usize, ArgError> {
        let value = self.value(name)?;
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if (0.0..1e15).contains(&number) => Ok(number as usize),
            _ => Err(wrong(name, "a whole number", value)),
        }
    }

    /// Any number: `2.5` or `"2.5"`.
    pub fn number(&self, name: &'static str) -> Result<f64, ArgError> {
        let value = self.value(name)?;
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        number
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| wrong(name, "a number", value))
    }

    /// As [`Self::count`], `None` if absent.
    pub fn count_if_given(&self, name: &'static str) -> Result<Option<usize>, ArgError> {
        self.get(name).map(|_| self.count(name)).transpose()
    }

    pub fn text(&self, name: &'static str) -> Result<&'a str, ArgError> {
        let value = self.value(name)?;
        value.as_str().ok_or_else(|| wrong(name, "a text", value))
    }

    /// As [`Self::text`], `None` if absent.
    pub fn text_if_given(&self, name: &'static str) -> Result<Option<&'a str>, ArgError> {
        self.get(name).map(|_| self.text(name)).transpose()
    }

    /// A list of texts; one text is a list of one.
    pub fn texts(&self, name: &'static str) -> Result<Vec<&'a str>, ArgError> {
        let value = self.value(name)?;
        let texts = match value {
            Value::String(text) => Some(vec![text.as_str()]),
            Value::Array(items) => items.iter().map(Value::as_str).collect(),
            _ => None,
        };
        texts
            .filter(|texts| !texts.is_empty())
            .ok_or_else(|| wrong(name, "a list of texts", value))
    }

    pub fn relation(&self, name: &'static str) -> Result<Relation, ArgError> {
        match self.text(name)? {
            "at least" => Ok(Relation::AtLeast),
            "less than" => Ok(Relation::LessThan),
            "exactly" => Ok(Relation::Exactly),
            other => Err(ArgError::Invalid {
                name,
                reason: format!("`{other}` is none of `at least`, `less than`, `exactly`"),
            }),
        }
    }

    /// As [`Self::relation`], [`Relation::Exactly`] if absent.
    pub fn relation_or_exactly(&self, name: &'static str) -> Result<Relation, ArgError> {
        self.get(name)
            .map_or(Ok(Relation::Exactly), |_| self.relation(name))
    }

    /// Whether it is given as true.
    pub fn flag(&self, name: &str) -> bool {
        self.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// For labels: the value as a person would write it, `?` if it is not there.
    pub fn show(&self, name: &str) -> String {
        match self.get(name) {
            None => "?".into(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => match number.as_f64() {
                Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => (whole as i64).to_string(),
                _ => number.to_string(),
            },
            Some(Value::Array(items)) => {
                let items: Vec<_> = items
                    .iter()
                    .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                    .collect();
                items.join(", ")
            }
            Some(other) => other.to_string(),
        }
    }

    /// For labels: `at least 3 bullets`, `under 3 bullets`, `exactly 3 bullets`, `no bullets`.
    pub fn show_count(&self, relation: &'static str, count: &'static str, one: &str, many: &str) -> String {
        let number = self.show(count);
        let relation = if self.get(relation).is_some() {
            self.relation(relation).ok()
        } else {
            Some(Relation::Exactly)
        };
        let noun = if number == "1" { one } else { many };
        match (relation, number.as_str()) {
            (Some(Relation::LessThan), "1") | (Some(Relation::Exactly), "0") => format!("no {many}"),
            (Some(Relation::AtLeast), _) => format!("at least {number} {noun}"),
            (Some(Relation::LessThan), _) => format!("under {number} {noun}"),
            (Some(Relation::Exactly), _) => format!("exactly {number} {noun}"),
            (None, _) => format!("? {number} {noun}"),
        }
    }
}

fn wrong(name: &'static str, expected: &'static str, found: &Value) -> ArgError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "this number",
        Value::String(_) => "this text",
        Value::Array(_) => "this list",
        Value::Object(_) => "an object",
    };
    ArgError::Type {
        name,
        expected,
        found,
    }
}
