//! What the names of models and their files mean.
//!
//! Does not know which folders there are.

use std::path::{Path, PathBuf};

/// Safe as a file name on every platform and as an argument: no separator, no leading dash or dot.
pub(super) fn is_plain_name(name: &str) -> bool {
    name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric())
        && name.len() <= 128
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-+".contains(c))
}

/// `owner/name`, each a plain name.
pub(super) fn is_repo(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(owner, name)| is_plain_name(owner) && is_plain_name(name))
}

pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// `owner/name`, or `owner/name/path/to/file.gguf`.
pub(super) fn repo_and_file(text: &str) -> Option<(&str, Option<&str>)> {
    let slash = text.find('/')?;
    let (repo, file) = match text[slash + 1..].find('/') {
        None => (text, None),
        Some(at) => (&text[..slash + 1 + at], Some(&text[slash + at + 2..])),
    };
    let sound = |file: &str| {
        file.ends_with(".gguf")
            && file
                .split('/')
                .all(|part| !part.is_empty() && !part.starts_with('.'))
    };
    (is_repo(repo) && file.is_none_or(sound)).then_some((repo, file))
}

/// Which of a repository's GGUFs is taken when none is named: lower is better. Four to five bits are the usual choice.
pub(super) fn preference(file: &str) -> usize {
    const ORDER: [&str; 9] = [
        "q4_k_m", "q4_k_s", "q5_k_m", "q4_1", "q4_0", "q5_0", "q6_k", "q8_0", "f16",
    ];
    let file = file.to_lowercase();
    ORDER
        .iter()
        .position(|quant| file.contains(quant))
        .unwrap_or(ORDER.len())
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

/// The `.gguf` files directly in `folder`, links followed, in order of name. A folder that is not there has none.
pub(super) fn gguf_files(folder: &Path) -> Vec<PathBuf> {
    let rows = folder.read_dir().into_iter().flatten().flatten();
    let mut files: Vec<_> = rows
        .map(|row| row.path())
        .filter(|path| is_whole_gguf(&file_name(path)) && path.is_file())
        .collect();
    files.sort();
    files
}

/// A model in one file: not one part of several (`…-00001-of-00003.gguf`).
pub(super) fn is_whole_gguf(file: &str) -> bool {
    let file = file.to_lowercase();
    file.strip_suffix(".gguf")
        .is_some_and(|stem| !stem.contains("-of-0"))
}
