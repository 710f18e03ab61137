//! Models as tables and as JSON.

use std::fmt::Write;
use std::path::PathBuf;

use serde::Serialize;

use crate::chat::sanitize::one_line;
use crate::models::{Entry, Fit, Installed, Memory, ModelFile, Models, Place, human_bytes};

/// One model, on this machine or in the catalog.
#[derive(Debug, Serialize)]
pub struct Row {
    pub name: String,
    pub aliases: Vec<String>,
    pub installed: bool,
    pub path: Option<PathBuf>,
    /// `models folder` or `hub cache`.
    pub place: Option<&'static str>,
    /// What is wrong with the file.
    pub fault: Option<String>,
    /// What to do about it, or about a pull that did not end.
    pub remedy: Option<String>,
    /// Of the file, or of what would be fetched.
    pub bytes: Option<u64>,
    pub repo: Option<String>,
    /// The repository's name has not been seen on the hub.
    pub unconfirmed: bool,
    /// A GGUF is published; without one there are only safetensors, which a pull converts.
    pub gguf: bool,
    /// Of the file that is run, where it is converted from what is fetched.
    pub kept_bytes: Option<u64>,
    pub architecture: Option<String>,
    pub licence: Option<String>,
    pub note: Option<String>,
    /// Whether this machine has the memory that its weights will take.
    pub fit: Option<Fit>,
}

/// What is here first, then the rest of the catalog.
pub fn rows(models: &Models) -> Vec<Row> {
    let here = models.installed();
    let missing = models
        .catalog()
        .entries()
        .iter()
        .filter(|entry| !here.iter().any(|i| i.located.name == entry.name));
    let machine = Memory::of_this_machine();
    let here = here
        .iter()
        .map(|installed| row(installed.located.entry.as_ref(), Some(installed), machine));
    let missing = missing.map(|entry| Row {
        remedy: models.is_begun(entry).then(|| half_fetched(&entry.name)),
        ..row(Some(entry), None, machine)
    });
    here.chain(missing).collect()
}

fn half_fetched(name: &str) -> String {
    format!("half fetched: `raif models pull {name}` goes on")
}

fn row(entry: Option<&Entry>, installed: Option<&Installed>, machine: Option<Memory>) -> Row {
    let name = installed.map(|i| &i.located.name).or(entry.map(|e| &e.name));
    let fault = installed.and_then(Installed::fault);
    Row {
        remedy: installed.filter(|_| fault.is_some()).map(Installed::remedy),
        fault,
        name: name.cloned().unwrap_or_default(),
        aliases: entry.map(|e| e.aliases.clone()).unwrap_or_default(),
        installed: installed.is_some(),
        path: installed.map(|i| i.located.path.clone()),
        place: installed.map(|i| match i.place {
            Place::Ours => "models folder",
            Place::HubCache => "hub cache",
        }),
        bytes: installed.map(|i| i.bytes).or_else(|| entry?.download_size()),
        repo: entry.map(|e| e.gguf.as_ref().map_or(&e.repo, |g| &g.repo).clone()),
        unconfirmed: entry.is_some_and(|e| e.unconfirmed),
        gguf: installed.is_some() || entry.is_some_and(|e| e.gguf.is_some()),
        kept_bytes: entry.filter(|_| installed.is_none()).and_then(|e| e.size),
        architecture: entry.map(|e| e.architecture.clone()),
        licence: entry.map(|e| e.licence.clone()),
        note: entry.map(|e| e.note.clone()),
        fit: entry
            .filter(|_| installed.is_none())
            .and_then(Entry::run_size)
            .map(|weights| machine.map_or(Fit::Unknown, |machine| machine.fit(weights))),
    }
}

pub fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    let (here, rest): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.installed);
    if here.is_empty() {
        text += "No model on this machine yet: `raif models pull starter` fetches a small one.\n";
    } else {
        text += "On this machine\n";
        columns(&mut text, &here, |row| {
            [row.place.unwrap_or_default().into(), note(row)]
        });
    }
    if !rest.is_empty() {
        text += "\nIn the catalog\n";
        columns(&mut text, &rest, |row| {
            [row.licence.clone().unwrap_or_default(), note(row)]
        });
    }
    if rest.iter().any(|row| !row.gguf) {
        text += "\n* published as safetensors: a pull fetches the first size, converts it, and keeps the second\n";
    }
    text
}

fn note(row: &Row) -> String {
    let note = row.note.clone().unwrap_or_default();
    if row.fault.is_some() || row.remedy.is_some() {
        let parts = row.fault.iter().chain(&row.remedy).cloned();
        return parts.collect::<Vec<_>>().join("; ");
    }
    if row.unconfirmed {
        note + " (name on the hub not confirmed)"
    } else {
        note
    }
}

/// Name, size and two more columns, aligned.
fn columns(text: &mut String, rows: &[&Row], more: impl Fn(&Row) -> [String; 2]) {
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let mut name = one_line(&row.name);
            if !row.aliases.is_empty() {
                let _ = write!(name, " ({})", row.aliases.join(", "));
            }
            if !row.gguf {
                name += " *";
            }
            let [third, last] = more(row);
            let mut size = row.bytes.map(human_bytes).unwrap_or_default();
            if let Some(kept) = row.kept_bytes {
                let _ = write!(size, " → {}", human_bytes(kept));
            }
            [name, size, one_line(&third), one_line(&last)]
        })
        .collect();
    let width = |i: usize| cells.iter().map(|row| row[i].chars().count()).max().unwrap_or(0);
    let (names, sizes, thirds) = (width(0), width(1), width(2));
    for [name, size, third, last] in &cells {
        let line = format!("  {name:names$}  {size:>sizes$}  {third:thirds$}  {last}");
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

/// `raif models info` for people.
pub fn description(name: &str, file: &ModelFile) -> String {
    let mut rows: Vec<(&str, String)> = vec![("model", one_line(name))];
    let mut add = |label: &'static str, value: Option<String>| rows.extend(value.map(|value| (label, value)));
    add("title", file.title.clone());
    add(
        "file",
        Some(match file.safetensors {
            Some(bytes) => format!(
                "{} (safetensors, {}); importing it makes a GGUF of {}, which is what follows",
                one_line(&file.path.to_string_lossy()),
                human_bytes(bytes),
                human_bytes(file.bytes)
            ),
            None => format!(
                "{} ({})",
                one_line(&file.path.to_string_lossy()),
                human_bytes(file.bytes)
            ),
        }),
    );
    add("licence", file.licence.clone());
    add(
        "architecture",
        file.architecture.as_ref().map(|arch| match file.layers {
            Some(layers) => format!("{arch}, {layers} layers"),
            None => arch.clone(),
        }),
    );
    add("parameters", Some(count(file.parameters)));
    let types = file
        .types
        .iter()
        .map(|t| format!("{} × {} ({})", t.tensors, t.name, human_bytes(t.bytes)));
    let types = types.collect::<Vec<_>>().join(", ");
    add(
        "quantisation",
        Some(match file.quantisation {
            Some(name) => format!("{name}: {types}"),
            None => types,
        }),
    );
    add("context", file.context.map(|tokens| format!("{tokens} tokens")));
    add(
        "tokenizer",
        file.tokenizer.as_ref().map(|tokenizer| match file.vocabulary {
            Some(n) => format!("{tokenizer}, {n} tokens"),
            None => tokenizer.clone(),
        }),
    );
    add(
        "chat template",
        Some(if file.chat_template { "yes" } else { "no" }.into()),
    );
    let need = &file.memory;
    add(
        "memory",
        Some(format!(
            "{} with a context of {} tokens ({} of it KV cache): {}",
            human_bytes(need.total),
            need.context,
            human_bytes(need.kv_cache),
            match (need.fit, need.machine) {
                (Fit::Fits, Some(memory)) => format!("fits, {} are available", human_bytes(memory.available)),
                (Fit::NotNow, Some(memory)) => format!(
                    "does not fit now, {} are available; close other programs",
                    human_bytes(memory.available)
                ),
                (Fit::TooLarge, Some(memory)) => format!(
                    "does not fit, this machine has {}; take a smaller model",
                    human_bytes(memory.total)
                ),
                _ => "this machine does not say how much it has".into(),
            }
        )),
    );
    aligned(&rows)
}

fn aligned(rows: &[(&str, String)]) -> String {
    rows.iter().fold(String::new(), |mut text, (label, value)| {
        let _ = writeln!(text, "{label:14}{value}");
        text
    })
}

/// `raif models info` of a model that is not here.
pub fn offer(row: &Row) -> String {
    let mut rows = vec![("model", one_line(&row.name))];
    let mut add = |label: &'static str, value: Option<String>| rows.extend(value.map(|value| (label, value)));
    add("about", row.note.clone());
    add("licence", row.licence.clone());
    add("architecture", row.architecture.clone());
    add("hub", row.repo.clone());
    add(
        "download",
        row.bytes.map(|bytes| match row.kept_bytes {
            Some(kept) => format!(
                "{} of safetensors, converted on the way to {}",
                human_bytes(bytes),
                human_bytes(kept)
            ),
            None => human_bytes(bytes),
        }),
    );
    add(
        "memory",
        row.kept_bytes.or(row.bytes).zip(row.fit).map(|(weights, fit)| {
            let fits = match fit {
                Fit::Fits => "fits",
                Fit::NotNow => "does not fit now; close other programs",
                Fit::TooLarge => "does not fit in this machine; take a smaller model",
                Fit::Unknown => "this machine does not say how much it has",
            };
            format!("{} and more for the context: {fits}", human_bytes(weights))
        }),
    );
    add(
        "here",
        Some(format!("no; `raif models pull {}` fetches it", row.name)),
    );
    aligned(&rows)
}

/// `7.6 billion`
fn count(n: u64) -> String {
    let n = n as f64;
    if n >= 1e9 {
        format!("{:.1} billion", n / 1e9)
    } else {
        format!("{:.0} million", n / 1e6)
    }
}
