//! Files that the person names: listed to be attached, read, and written by an export.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::app::Event;
use crate::app::event::Listed;
use crate::chat::{Conversation, sanitize};
use crate::models::human_bytes;
use crate::store::export::{Format, export, title};

/// The largest file that can be attached. The context of a model is far smaller.
const MOST_BYTES: u64 = 1024 * 1024;
/// Names of one folder that are listed.
const MOST_NAMES: usize = 5_000;
/// Characters of a title that become part of a file's name.
const TITLE_CHARS: usize = 40;
/// Exports of one title in one folder.
const MOST_EXPORTS: u32 = 1_000;

/// A path as it was typed; `~` is the person's home.
fn path(typed: &str) -> PathBuf {
    match (typed.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ if typed.is_empty() => PathBuf::from("."),
        _ => PathBuf::from(typed),
    }
}

/// What is in the folder that was typed: folders first, names with a dot last. What cannot be read is empty.
pub fn list(folder: String) -> Event {
    let mut names: Vec<(bool, bool, String, u64)> = Vec::new();
    for entry in fs::read_dir(path(&folder))
        .into_iter()
        .flatten()
        .flatten()
        .take(MOST_NAMES)
    {
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let Ok(metadata) = fs::metadata(entry.path()) else {
            continue;
        };
        // A name that cannot be shown as it is cannot be chosen by what is shown.
        if sanitize::one_line(&name) == name && (metadata.is_dir() || metadata.is_file()) {
            names.push((name.starts_with('.'), metadata.is_file(), name, metadata.len()));
        }
    }
    names.sort();
    let rows = names.into_iter().map(|(_, is_file, name, bytes)| {
        let path = format!("{folder}{name}{}", if is_file { "" } else { "/" });
        Listed {
            id: path.clone(),
            label: path,
            detail: if is_file {
                human_bytes(bytes)
            } else {
                "folder".into()
            },
        }
    });
    let rows = rows.collect();
    Event::Files { folder, rows }
}

/// Why a file cannot go out with a message.
#[derive(Debug, thiserror::Error)]
enum AttachError {
    #[error("{0} cannot be attached: {1}")]
    Read(String, io::Error),
    #[error("{0} cannot be attached: it is a folder, not a file")]
    Folder(String),
    #[error("{0} cannot be attached: it has {size}, at most {most} go out with a message", size = human_bytes(*.1), most = human_bytes(MOST_BYTES))]
    TooLarge(String, u64),
    #[error("{0} cannot be attached: it is not a text in UTF-8")]
    Binary(String),
}

/// Reads a file to be attached.
pub fn attach(typed: String) -> Event {
    match read(&typed) {
        Ok(text) => Event::Attached { name: typed, text },
        Err(error) => Event::Failed(error.to_string()),
    }
}

fn read(typed: &str) -> Result<String, AttachError> {
    let name = || sanitize::one_line(typed);
    let failed = |error| AttachError::Read(name(), error);
    let path = path(typed);
    let metadata = fs::metadata(&path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(AttachError::Folder(name()));
    }
    if !metadata.is_file() {
        return Err(AttachError::Binary(name()));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(&path).map_err(failed)?;
    // It may have grown since its size was asked for.
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(AttachError::TooLarge(name(), metadata.len()));
    }
    if bytes.contains(&0) {
        return Err(AttachError::Binary(name()));
    }
    let text = String::from_utf8(bytes).map_err(|_| AttachError::Binary(name()))?;
    Ok(text.trim_start_matches('\u{feff}').replace("\r\n", "\n"))
}

/// Writes a conversation to a new file of the folder that the program was started in.
pub fn write_export(conversation: &Conversation, format: &str) -> Event {
    let known = match format {
        "json" => Format::Json,
        "jsonl" => Format::Jsonl,
        "html" => Format::Html,
        _ => Format::Markdown,
    };
    let text = export(conversation, known);
    let stem = file_stem(&title(conversation));
    match new_file(&stem, format).and_then(|(path, mut file)| file.write_all(text.as_bytes()).map(|()| path))
    {
        Ok(path) => {
            let path = fs::canonicalize(&path).unwrap_or(path);
            Event::Done(format!(
                "written to {}",
                sanitize::one_line(&path.display().to_string())
            ))
        }
        Err(error) => Event::Failed(format!(
            "the conversation cannot be written to a file here: {error}; \
             `raif sessions export --output FILE` writes it elsewhere"
        )),
    }
}

/// `raif-name-three-rivers`: words of the title that any file system takes.
fn file_stem(title: &str) -> String {
    let words: String = title
        .to_lowercase()
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .take(TITLE_CHARS)
        .collect();
    let words: Vec<&str> = std::iter::once("raif").chain(words.split_whitespace()).collect();
    words.join("-")
}

/// A file that was not there before.
fn new_file(stem: &str, extension: &str) -> io::Result<(PathBuf, fs::File)> {
    for n in 1..=MOST_EXPORTS {
        let number = if n == 1 { String::new() } else { format!("-{n}") };
        let path = PathBuf::from(format!("{stem}{number}.{extension}"));
        match fs::File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            result => return result.map(|file| (path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(path: &Path) -> String {
        match attach(path.display().to_string()) {
            Event::Failed(message) => message,
            event => panic!("{event:?}"),
        }
    }

    #[test]
    fn a_text_is_read_and_anything_else_is_refused_with_its_reason() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            fs::write(&path, bytes).unwrap();
            path
        };
        let text = write("a.md", "\u{feff}# Title\r\nText".as_bytes());
        assert!(
            matches!(attach(text.display().to_string()), Event::Attached { text, .. } if text == "# Title\nText")
        );
        assert!(refused(&write("b.bin", b"a\0b")).contains("not a text"));
        assert!(refused(&write("c.txt", b"caf\xe9")).contains("not a text"));
        let large = vec![b'x'; MOST_BYTES as usize + 1];
        assert!(refused(&write("d.txt", &large)).contains("at most"));
        assert!(refused(folder.path()).contains("folder"));
        assert!(refused(&folder.path().join("none")).contains("cannot be attached"));
    }

    #[test]
    fn folders_come_first_and_hidden_names_last() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.txt", ".hidden", "bad\u{1b}name"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        fs::create_dir(folder.path().join("z")).unwrap();
        let typed = format!("{}/", folder.path().display());
        let Event::Files { rows, .. } = list(typed.clone()) else {
            panic!()
        };
        let names: Vec<_> = rows
            .iter()
            .map(|row| row.id.strip_prefix(&typed).unwrap())
            .collect();
        assert_eq!(names, ["z/", "b.txt", ".hidden"]);
    }

    #[test]
    fn a_title_becomes_a_name_that_any_system_takes() {
        assert_eq!(
            file_stem("Name three: /rivers/?  Über"),
            "raif-name-three-rivers-über"
        );
        assert_eq!(file_stem("../../"), "raif");
    }
}
