//! A value as it was written, and what it can be read as. An error says what is expected.

use std::ffi::OsString;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

use toml::de::DeValue;

pub(super) enum Value {
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    /// From the environment: read as whatever is expected.
    Variable(OsString),
    /// What no setting is: a date, a list.
    Other(&'static str),
}

impl Value {
    pub(super) fn text(&self) -> Result<String, String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Variable(text) => text.to_str().map(str::to_owned),
            _ => None,
        }
        .ok_or_else(|| "text in quotes".to_owned())
    }

    pub(super) fn name(&self) -> Result<String, String> {
        let name = self.text()?;
        if name.trim().is_empty() {
            return Err("a name".to_owned());
        }
        Ok(name)
    }

    pub(super) fn path(&self) -> Result<PathBuf, String> {
        match self {
            Self::Text(text) => Some(PathBuf::from(text)).filter(|p| p.is_absolute()),
            Self::Variable(path) => Some(path.into()),
            _ => None,
        }
        .ok_or_else(|| "an absolute path".to_owned())
    }

    pub(super) fn flag(&self) -> Result<bool, String> {
        match self {
            Self::Bool(flag) => Some(*flag),
            Self::Variable(_) => self.parsed(),
            _ => None,
        }
        .ok_or_else(|| "true or false".to_owned())
    }

    /// Both bounds are finite, so no infinity and no NaN gets through.
    pub(super) fn number(&self, range: RangeInclusive<f32>) -> Result<f32, String> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "settings need no more digits than f32 has"
        )]
        let number = match self {
            Self::Integer(number) => Some(*number as f32),
            Self::Float(number) => Some(*number as f32),
            Self::Variable(_) => self.parsed(),
            _ => None,
        };
        number
            .filter(|n| range.contains(n))
            .ok_or_else(|| format!("a number from {} to {}", range.start(), range.end()))
    }

    pub(super) fn count<T>(&self, least: T) -> Result<T, String>
    where
        T: TryFrom<i64> + FromStr + PartialOrd + fmt::Display,
    {
        match self {
            Self::Integer(number) => T::try_from(*number).ok(),
            Self::Variable(_) => self.parsed(),
            _ => None,
        }
        .filter(|n| *n >= least)
        .ok_or_else(|| format!("a whole number, {least} or more"))
    }

    fn parsed<T: FromStr>(&self) -> Option<T> {
        match self {
            Self::Variable(text) => text.to_str()?.trim().parse().ok(),
            _ => None,
        }
    }
}

impl From<&DeValue<'_>> for Value {
    fn from(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Boolean(flag) => Self::Bool(*flag),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number that is too large"), Self::Integer),
            DeValue::Float(number) => number
                .as_str()
                .parse()
                .map_or(Self::Other("a number that cannot be read"), Self::Float),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Array(_) => Self::Other("a list"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(flag) => write!(f, "{flag}"),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Float(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Variable(text) => write!(f, "{text:?}"),
            Self::Other(what) => f.write_str(what),
        }
    }
}
