//! The models known by name: `assets/catalog.toml`, embedded, and the user's own file of the same form after it.
//!
//! Owns names and where things are published, as data. Does not know what is on disk.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::convert::Quant;
use super::names::{is_plain_name, is_repo, is_sha256};

const BUILT_IN: &str = include_str!("../../assets/catalog.toml");

/// The entries, in order of preference.
#[derive(Clone, Debug)]
pub struct Catalog {
    entries: Vec<Entry>,
}

/// One model and where it comes from. The fields are explained at the head of `assets/catalog.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub name: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    pub repo: String,
    #[serde(default = "main_branch")]
    pub revision: String,
    /// The repository's name has not been seen on the hub.
    #[serde(default)]
    pub unconfirmed: bool,
    pub quant: String,
    /// Bytes to fetch, where `gguf` does not say so.
    pub download: Option<u64>,
    /// Bytes of the file that is run, about, where `gguf` does not say so.
    pub size: Option<u64>,
    pub licence: String,
    pub architecture: String,
    pub note: String,
    /// System message the model was trained with (`None`: whatever its template does).
    pub system: Option<String>,
    pub sampling: Option<DefaultSampling>,
    /// `None`: only safetensors are published.
    pub gguf: Option<HubFile>,
    pub package: Option<Package>,
}

/// A file on the hub.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HubFile {
    /// `owner/name`
    pub repo: String,
    pub file: String,
    #[serde(default = "main_branch")]
    pub revision: String,
    pub size: Option<u64>,
    /// Lower-case hexadecimal.
    pub sha256: Option<String>,
}

/// A Python package whose wheel holds the GGUF.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// Path inside the wheel.
    pub file: String,
    pub wheel_size: u64,
}

/// What a model's makers say about sampling; what they do not say is left to the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultSampling {
    pub temperature: Option<f32>,
    pub top_p: Option<f32>,
    pub top_k: Option<usize>,
    pub min_p: Option<f32>,
    pub repeat_penalty: Option<f32>,
}

impl HubFile {
    /// A file of which nothing is known beforehand.
    pub fn in_repo(repo: &str, file: &str) -> Self {
        Self {
            repo: repo.to_owned(),
            file: file.to_owned(),
            revision: main_branch(),
            size: None,
            sha256: None,
        }
    }
}

impl Entry {
    /// The name of its file in our own folder.
    pub fn file_name(&self) -> String {
        format!("{}-{}.gguf", self.name, self.quant.to_lowercase())
    }

    pub fn is_called(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name) || self.aliases.iter().any(|a| a.eq_ignore_ascii_case(name))
    }

    /// Bytes of the file that is run, where known.
    pub fn run_size(&self) -> Option<u64> {
        self.gguf.as_ref().and_then(|g| g.size).or(self.size)
    }

    /// What its safetensors are converted to.
    pub fn conversion(&self) -> Option<Quant> {
        match self.gguf {
            Some(_) => None,
            None => Quant::find(&self.quant),
        }
    }

    /// Bytes that a pull fetches, where known.
    pub fn download_size(&self) -> Option<u64> {
        self.gguf.as_ref().and_then(|g| g.size).or(self.download)
    }
}

/// What is wrong with a catalog file.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("the catalog {path} cannot be read: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the catalog {path} is not right: {reason}")]
    Wrong { path: PathBuf, reason: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    model: Vec<Entry>,
}

impl Catalog {
    pub fn built_in() -> Self {
        let entries = parse(BUILT_IN).expect("the embedded catalog is parsed by a test");
        Self { entries }
    }

    /// The embedded catalog with the user's file over it, if there is one at `user`.
    pub fn with_user_file(user: &Path) -> Result<Self, CatalogError> {
        let text = match std::fs::read_to_string(user) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Self::built_in()),
            Err(source) => {
                return Err(CatalogError::Io {
                    path: user.to_owned(),
                    source,
                });
            }
        };
        let theirs = parse(&text).map_err(|reason| CatalogError::Wrong {
            path: user.to_owned(),
            reason,
        })?;
        let mut entries = Self::built_in().entries;
        for entry in theirs {
            match entries.iter_mut().find(|e| e.name == entry.name) {
                Some(old) => *old = entry,
                None => entries.push(entry),
            }
        }
        Ok(Self { entries })
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// By name or alias, in any case.
    pub fn find(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.is_called(name))
    }

    /// The entry that the first run fetches (`None`: the user's file took it away).
    pub fn starter(&self) -> Option<&Entry> {
        self.find("starter")
    }
}

fn main_branch() -> String {
    "main".into()
}

/// Names become file names and package arguments, so what they may hold is checked here, once.
fn parse(text: &str) -> Result<Vec<Entry>, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    for entry in &file.model {
        let name = &entry.name;
        let of = |what: &str| format!("{name}: {what}");
        if !is_plain_name(name) || !is_plain_name(&entry.quant) {
            return Err(of("a name is letters, digits, dots, dashes and underscores"));
        }
        if !is_repo(&entry.repo) || entry.gguf.as_ref().is_some_and(|g| !is_repo(&g.repo)) {
            return Err(of("a repository is written owner/name"));
        }
        if entry.gguf.is_none() && entry.conversion().is_none() {
            return Err(of(
                "without gguf, quant is Q4_K_M or Q8_0, which safetensors are converted to",
            ));
        }
        if let Some(sha) = entry.gguf.as_ref().and_then(|g| g.sha256.as_ref())
            && !is_sha256(sha)
        {
            return Err(of("sha256 is 64 hexadecimal digits in lower case"));
        }
        if let Some(package) = &entry.package {
            if !is_plain_name(&package.name) || !is_plain_name(&package.version) {
                return Err(of("a package has a plain name and version"));
            }
            if !entry
                .gguf
                .as_ref()
                .is_some_and(|g| g.size.is_some() && g.sha256.is_some())
            {
                return Err(of("a package needs gguf.size and gguf.sha256"));
            }
        }
    }
    Ok(file.model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalog_parses_and_every_name_is_unique() {
        let catalog = Catalog::built_in();
        let mut names: Vec<_> = catalog
            .entries()
            .iter()
            .flat_map(|e| std::iter::once(&e.name).chain(&e.aliases))
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        let starter = catalog.starter().unwrap();
        assert_eq!(starter.file_name(), "smollm2-135m-instruct-q4_1.gguf");
        assert!(starter.package.is_some());
    }

    #[test]
    fn the_users_file_adds_and_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        assert_eq!(
            Catalog::with_user_file(&path).unwrap().entries(),
            Catalog::built_in().entries()
        );
        let entry = |name: &str| {
            format!(
                "[[model]]\nname = '{name}'\nrepo = 'me/mine'\nquant = 'Q8_0'\nlicence = 'MIT'\n\
                 architecture = 'qwen2'\nnote = 'mine'\n"
            )
        };
        std::fs::write(&path, entry("mine") + &entry("deepscaler-1.5b")).unwrap();
        let catalog = Catalog::with_user_file(&path).unwrap();
        assert_eq!(catalog.entries().len(), Catalog::built_in().entries().len() + 1);
        assert_eq!(catalog.find("MINE").unwrap().note, "mine");
        assert_eq!(catalog.find("deepscaler-1.5b").unwrap().repo, "me/mine");
    }

    #[test]
    fn names_that_could_leave_the_folder_are_refused() {
        for name in ["../up", "a/b", "-r", ".hidden", "", "a\\b", "a b"] {
            assert!(!is_plain_name(name), "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("catalog.toml");
        std::fs::write(
            &path,
            "[[model]]\nname = '../up'\nrepo = 'a/b'\nquant = 'Q8_0'\nlicence = ''\narchitecture = ''\nnote = ''\n",
        )
        .unwrap();
        let error = Catalog::with_user_file(&path).unwrap_err().to_string();
        assert!(error.contains("../up"), "{error}");
    }
}
