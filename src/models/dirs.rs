//! Where models lie: our own folder and the hub's cache, both moved by the environment.

use std::ffi::OsString;
use std::path::PathBuf;

/// The two folders, and the user's catalog. None of them need exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelDirs {
    /// `RAIF_DATA_DIR`, or the platform's data folder; ours is `models` in it.
    pub data: PathBuf,
    /// `HF_HUB_CACHE`, `HF_HOME/hub`, or `~/.cache/huggingface/hub`, as the hub's own tools have it.
    pub hub_cache: Option<PathBuf>,
}

impl ModelDirs {
    /// `None` where the user has no home and no variable says where to go.
    pub fn with(variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let set = |name| variable(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let data = set("RAIF_DATA_DIR").or_else(|| {
            directories::ProjectDirs::from("", "", "raif").map(|own| own.data_dir().to_owned())
        })?;
        let hub_cache = set("HF_HUB_CACHE")
            .or_else(|| set("HF_HOME").map(|home| home.join("hub")))
            .or_else(|| {
                let base = directories::BaseDirs::new()?;
                Some(base.home_dir().join(".cache/huggingface/hub"))
            });
        Some(Self { data, hub_cache })
    }

    pub fn models(&self) -> PathBuf {
        self.data.join("models")
    }

    pub fn user_catalog(&self) -> PathBuf {
        self.data.join("catalog.toml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_move_the_folders() {
        let dirs = ModelDirs::with(|name| match name {
            "RAIF_DATA_DIR" => Some("/data".into()),
            "HF_HOME" => Some("/hf".into()),
            _ => None,
        })
        .unwrap();
        assert_eq!(dirs.models(), PathBuf::from("/data/models"));
        assert_eq!(dirs.hub_cache, Some("/hf/hub".into()));
        let dirs = ModelDirs::with(|name| match name {
            "HF_HOME" => Some("/hf".into()),
            "HF_HUB_CACHE" => Some("/cache".into()),
            _ => Some("".into()),
        });
        assert_eq!(dirs.unwrap().hub_cache, Some("/cache".into()));
    }
}
