//! The settings file: read with the line of each value, and written once as a template.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::value::Value;
use super::{ConfigError, InitError};

/// The documentation of every setting, and the values that hold without a file.
pub(super) const DEFAULT: &str = include_str!("../../assets/config.toml");

const MAX_BYTES: u64 = 1 << 20;

/// One value of a file.
pub(super) struct Entry {
    /// With dots: `sampling.temperature`.
    pub key: String,
    pub value: Value,
    /// Counted from one.
    pub line: usize,
}

/// `None` if there is no file.
pub(super) fn read(path: &Path) -> Result<Option<String>, ConfigError> {
    let failed = |source| ConfigError::Read {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(e)),
    };
    let mut text = String::new();
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(failed)?;
    if text.len() as u64 > MAX_BYTES {
        return Err(ConfigError::TooLong {
            path: path.to_owned(),
        });
    }
    Ok(Some(text))
}

/// The values of a file in its order.
pub(super) fn entries(text: &str, path: &Path) -> Result<Vec<Entry>, ConfigError> {
    let line = |offset: usize| 1 + text.bytes().take(offset).filter(|&b| b == b'\n').count();
    let table = DeTable::parse(text).map_err(|e| ConfigError::Syntax {
        path: path.to_owned(),
        line: line(e.span().map_or(0, |s| s.start)),
        message: e.message().replace('\n', ", "),
    })?;
    let mut found = Vec::new();
    flatten(String::new(), table.get_ref(), &mut found);
    found.sort_by_key(|(_, value)| value.span().start);
    let entry = |(key, value): (String, &Spanned<DeValue<'_>>)| Entry {
        key,
        value: Value::from(value.get_ref()),
        line: line(value.span().start),
    };
    Ok(found.into_iter().map(entry).collect())
}

fn flatten<'t, 'i>(
    prefix: String,
    table: &'t DeTable<'i>,
    found: &mut Vec<(String, &'t Spanned<DeValue<'i>>)>,
) {
    for (name, value) in table {
        let key = format!("{prefix}{}", name.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => flatten(key + ".", inner, found),
            _ => found.push((key, value)),
        }
    }
}

/// The documented defaults with every value switched off, so that a later version's defaults hold where the user
/// changes nothing.
pub fn template() -> String {
    let mut out = String::new();
    for line in DEFAULT.lines() {
        let is_value = !line.is_empty() && !line.starts_with(['#', '[']);
        out += if is_value { "#" } else { "" };
        out += line;
        out.push('\n');
    }
    out
}

/// Writes [`template`] to a file that is not there yet.
pub fn init(path: &Path) -> Result<(), InitError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => InitError::Exists {
            path: path.to_owned(),
        },
        _ => InitError::Write {
            path: path.to_owned(),
            source,
        },
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|source| InitError::Write {
            path: path.to_owned(),
            source,
        })?;
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(failed)?;
    file.write_all(template().as_bytes()).map_err(failed)
}
