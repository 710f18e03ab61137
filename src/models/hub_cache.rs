//! The hub's cache on this machine, as the hub's own tools lay it out: a folder a repository, in it `refs`, `snapshots`
//! and `blobs`. Only read here; `pull::hub` writes it, through `hf-hub`.
//!
//! A file that `pull::hub` has not compared with its checksum has a mark beside it, and counts as not there.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use hf_hub::{Cache, Repo, RepoType};

use super::catalog::HubFile;
use super::names::{file_name, gguf_files, is_plain_name, preference};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HubCache {
    folder: PathBuf,
}

impl HubCache {
    /// `HF_HUB_CACHE`, `HF_HOME/hub`, or `~/.cache/huggingface/hub`. It need not exist.
    pub(super) fn find(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let set = |name| variable(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let folder = set("HF_HUB_CACHE")
            .or_else(|| Some(set("HF_HOME")?.join("hub")))
            .or_else(|| {
                Some(
                    directories::BaseDirs::new()?
                        .home_dir()
                        .join(".cache/huggingface/hub"),
                )
            })?;
        Some(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where `file` lies, if it was fetched.
    pub(super) fn file(&self, file: &HubFile) -> Option<PathBuf> {
        let repo = Repo::with_revision(file.repo.clone(), RepoType::Model, file.revision.clone());
        let path = Cache::new(self.folder.clone()).repo(repo).get(&file.file)?;
        is_there(&path).then_some(path)
    }

    /// The folder with the files of the repository that were fetched, under the revision's commit.
    pub(super) fn snapshot(&self, repo: &str, revision: &str) -> Option<PathBuf> {
        let repo = Repo::with_revision(repo.to_owned(), RepoType::Model, revision.to_owned());
        let config = Cache::new(self.folder.clone()).repo(repo).get("config.json")?;
        let snapshot = config.parent()?;
        let mut files = snapshot.read_dir().ok()?.flatten();
        let unverified = files.any(|file| file.path().is_file() && !is_there(&file.path()));
        (!unverified).then(|| snapshot.to_owned())
    }

    /// `file` of the repository, or the GGUF in it that suits best.
    pub(super) fn gguf(&self, repo: &str, file: Option<&str>) -> Option<PathBuf> {
        let repo = self.folder.join(format!("models--{}", repo.replace('/', "--")));
        let snapshot = current_snapshot(&repo)?;
        match file {
            Some(file) => Some(snapshot.join(file)).filter(|path| is_there(path)),
            None => ggufs_in(&snapshot)
                .into_iter()
                .min_by_key(|path| preference(&file_name(path))),
        }
    }

    /// Every GGUF at the top of a repository.
    pub(super) fn ggufs(&self) -> Vec<PathBuf> {
        let repos = self.folder.read_dir().into_iter().flatten().flatten();
        let mut files: Vec<_> = repos
            .filter(|repo| repo.file_name().to_string_lossy().starts_with("models--"))
            .filter_map(|repo| current_snapshot(&repo.path()))
            .flat_map(|snapshot| ggufs_in(&snapshot))
            .collect();
        files.sort();
        files
    }
}

/// What lies beside `file` from before it is fetched until its bytes are known to be the right ones.
pub(super) fn unverified_mark(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".unverified");
    name.into()
}

/// `file` is there and, if we fetched it, known to be the right one.
pub(super) fn is_there(file: &Path) -> bool {
    file.is_file() && !unverified_mark(file).exists()
}

fn ggufs_in(snapshot: &Path) -> Vec<PathBuf> {
    let mut files = gguf_files(snapshot);
    files.retain(|file| is_there(file));
    files
}

/// The snapshot that `main` names, else any.
fn current_snapshot(repo: &Path) -> Option<PathBuf> {
    let snapshots = repo.join("snapshots");
    let main = std::fs::read_to_string(repo.join("refs/main")).unwrap_or_default();
    let main = Some(main.trim())
        .filter(|commit| is_plain_name(commit))
        .map(|commit| snapshots.join(commit));
    main.filter(|path| path.is_dir())
        .or_else(|| Some(snapshots.read_dir().ok()?.flatten().next()?.path()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hubs_own_variables_move_it() {
        let with = |set: &[(&str, &str)]| {
            HubCache::find(|name| Some(set.iter().find(|(n, _)| *n == name)?.1.into()))
                .map(|cache| cache.folder)
        };
        assert_eq!(with(&[("HF_HOME", "/hf")]), Some("/hf/hub".into()));
        assert_eq!(
            with(&[("HF_HOME", "/hf"), ("HF_HUB_CACHE", "/cache")]),
            Some("/cache".into())
        );
        assert_eq!(
            with(&[("HF_HOME", "/hf"), ("HF_HUB_CACHE", "")]),
            Some("/hf/hub".into())
        );
    }
}
