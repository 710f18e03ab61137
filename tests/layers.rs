//! The dependency rule of `src/lib.rs`, enforced by reading the imports.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// From the top of the map down, as the table in `src/lib.rs` lists them, with their purity.
fn module_map() -> Vec<(String, bool)> {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let rows = lib.lines().filter_map(|line| line.strip_prefix("//! | `"));
    rows.map(|row| {
        let (name, rest) = row.split_once('`').expect("a module's name ends with a backtick");
        (name.to_owned(), rest.trim_end().ends_with("| yes  |"))
    })
    .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The code of a file.
fn code(path: &Path) -> String {
    code_of(&fs::read_to_string(path).expect("a source file"))
}

/// No comments, and nothing from the unit tests on that are written out in the file.
fn code_of(text: &str) -> String {
    let tests = text.match_indices("#[cfg(test)]\nmod ").find(|(at, _)| {
        let line = text[*at..].lines().nth(1).unwrap_or_default();
        line.ends_with('{')
    });
    text[..tests.map_or(text.len(), |(at, _)| at)]
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Every path that a `use` brings in, its groups taken apart: `std::{fs, io::Read}` is `std::fs` and `std::io::Read`.
fn paths_used(code: &str) -> Vec<String> {
    fn expand(prefix: &str, tree: &str, found: &mut Vec<String>) {
        let mut depth = 0;
        let mut start = 0;
        for (at, c) in tree.char_indices().chain([(tree.len(), ',')]) {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    let part = tree[start..at].trim();
                    match part.split_once('{') {
                        Some((head, group)) => {
                            let group = group.trim_end().strip_suffix('}').unwrap_or(group);
                            expand(&format!("{prefix}{}", head.trim()), group, found);
                        }
                        None if part.is_empty() => {}
                        None => found.push(format!("{prefix}{part}")),
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for (at, _) in code.match_indices("use ") {
        let tree = code[at + "use ".len()..].split(';').next().unwrap_or_default();
        expand("", tree, &mut found);
    }
    found
}

/// The modules of this crate that `code` names: `crate::app`, `raif::app`, `crate::{app, chat}`.
fn modules_used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => used.extend([std::mem::take(&mut name)]),
                    c if depth == 0 && (c.is_alphanumeric() || c == '_') => name.push(c),
                    ':' if depth == 0 && !name.ends_with(':') => name.push(':'),
                    _ => {}
                }
            }
            used.insert(name);
        } else {
            used.insert(
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            );
        }
    }
    used.into_iter()
        .map(|n| n.split(':').next().unwrap_or_default().to_owned())
        .filter(|n| !n.is_empty())
        .collect()
}

#[test]
fn the_map_lists_every_module() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs");
    let declared: BTreeSet<&str> = lib
        .lines()
        .filter_map(|l| l.strip_prefix("pub mod "))
        .filter_map(|l| l.strip_suffix(';'))
        .collect();
    let map = module_map();
    let mapped: BTreeSet<&str> = map.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(declared, mapped);
}

#[test]
fn a_module_uses_only_those_above_it() {
    let map = module_map();
    let rank = |name: &str| map.iter().position(|(n, _)| n == name);
    let mut wrong = Vec::new();
    for (position, (module, _)) in map.iter().enumerate() {
        let folder = root().join("src").join(module);
        let mut files = Vec::new();
        if folder.is_dir() {
            sources(&folder, &mut files);
        } else {
            files.push(folder.with_extension("rs"));
        }
        for file in files {
            for used in modules_used(&code(&file)) {
                if rank(&used).is_some_and(|r| r > position) {
                    wrong.push(format!("{} uses {used}, which is below {module}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The parts of `constraints`, from the top of the table in its header down.
#[test]
fn a_part_of_constraints_uses_only_those_above_it() {
    let folder = root().join("src/constraints");
    let header = fs::read_to_string(folder.join("mod.rs")).expect("src/constraints/mod.rs");
    let rows = header.lines().filter_map(|line| line.strip_prefix("//! | `"));
    let parts: Vec<&str> = rows
        .map(|row| row.split('`').next().expect("a part's name"))
        .collect();
    let declared: BTreeSet<&str> = header
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .filter_map(|line| line.strip_suffix(';'))
        .collect();
    assert_eq!(declared, parts.iter().copied().collect());
    let mut wrong = Vec::new();
    for (position, part) in parts.iter().enumerate() {
        let top = [
            folder.join(part).join("mod.rs"),
            folder.join(format!("{part}.rs")),
        ];
        let mut files = Vec::new();
        if folder.join(part).is_dir() {
            sources(&folder.join(part), &mut files);
        } else {
            files.push(top[1].clone());
        }
        for file in files {
            let code = code(&file);
            let mut paths = paths_used(&code);
            let mut inline = |prefix: &str| {
                let found = code.match_indices(prefix).map(|(at, _)| code[at..].to_owned());
                paths.extend(found);
            };
            inline("crate::constraints::");
            // There `super` is `constraints`.
            if top.contains(&file) {
                inline("super::");
            }
            for path in paths {
                let rest = path.strip_prefix("crate::constraints::");
                let rest = rest.or(path.strip_prefix("super::").filter(|_| top.contains(&file)));
                let used = rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next());
                if parts[position + 1..]
                    .iter()
                    .any(|below| used == Some(Some(*below)))
                {
                    wrong.push(format!(
                        "{} uses {}",
                        file.display(),
                        used.flatten().unwrap_or_default()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pure_modules_know_no_terminal_runtime_file_or_clock() {
    const IMPURE: &[&str] = &[
        "ratatui::",
        "crossterm::",
        "tokio::",
        "candle_core::",
        "std::fs",
        "std::net",
        "std::process",
        "std::env",
        "std::io::",
        "std::time::Instant",
        "std::time::SystemTime",
        "Instant::now",
        "SystemTime::now",
        "jiff::",
    ];
    // The composer wraps a text-area widget and resets its look.
    let allowed = |file: &Path, word: &str| file.ends_with("src/app/composer.rs") && word == "ratatui::";
    let mut wrong = Vec::new();
    for (module, _) in module_map().iter().filter(|(_, pure)| *pure) {
        let mut files = Vec::new();
        sources(&root().join("src").join(module), &mut files);
        for file in files {
            let mut code = code(&file);
            let paths = paths_used(&code);
            code.push_str(&paths.join("\n"));
            for word in IMPURE
                .iter()
                .filter(|word| code.contains(*word) && !allowed(&file, word))
            {
                wrong.push(format!("{} uses {word}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn groups_and_what_follows_declared_tests_are_read() {
    let code = code_of(
        "#[cfg(test)]\nmod tests;\nuse std::{fmt, fs::{self, File}};\n#[cfg(test)]\nmod tests {\nuse a::b;",
    );
    assert_eq!(paths_used(&code), ["std::fmt", "std::fs::self", "std::fs::File"]);
}

#[test]
fn the_reader_of_imports_sees_all_forms() {
    let code = "use crate::chat::{Turn};\nuse crate::{app::State, ui};\nfn f() { crate::term::bell() }";
    let used = modules_used(code);
    assert_eq!(
        used.iter().map(String::as_str).collect::<Vec<_>>(),
        ["app", "chat", "term", "ui"]
    );
}
