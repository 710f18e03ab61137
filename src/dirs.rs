//! Where the program keeps its files. The only place that knows paths relative to the user's home.
//!
//! Does not create anything: who writes a file creates its folder.

use std::ffi::OsString;
use std::path::PathBuf;

/// The folders of this user. Each can be moved with a variable: `RAIF_CONFIG_DIR`, `RAIF_DATA_DIR`, `RAIF_STATE_DIR`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dirs {
    /// What the user writes: settings, keymap, themes, prompts.
    pub config: PathBuf,
    /// What must not be lost, and what is large: conversations, models.
    pub data: PathBuf,
    /// What can be lost without harm.
    pub state: PathBuf,
}

#[derive(Debug, thiserror::Error)]
#[error(
    "this user has no home folder to keep files in: set HOME, or RAIF_CONFIG_DIR, RAIF_DATA_DIR and RAIF_STATE_DIR"
)]
pub struct NoHome;

impl Dirs {
    /// The platform's own folders (XDG on Linux), moved by the environment.
    pub fn find() -> Result<Self, NoHome> {
        Self::with(|name| std::env::var_os(name))
    }

    /// As [`Dirs::find`], with the environment that `variable` gives. An empty variable counts as unset.
    pub fn with(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, NoHome> {
        let moved = |name| {
            let folder = variable(name).filter(|v| !v.is_empty()).map(PathBuf::from)?;
            // A child that runs in another folder must find the same one.
            Some(std::path::absolute(&folder).unwrap_or(folder))
        };
        let own = directories::ProjectDirs::from("", "", "raif");
        let own = own.as_ref();
        Ok(Self {
            config: moved("RAIF_CONFIG_DIR")
                .or_else(|| own.map(|d| d.config_dir().to_owned()))
                .ok_or(NoHome)?,
            data: moved("RAIF_DATA_DIR")
                .or_else(|| own.map(|d| d.data_dir().to_owned()))
                .ok_or(NoHome)?,
            state: moved("RAIF_STATE_DIR")
                .or_else(|| own.map(|d| d.state_dir().unwrap_or(d.data_local_dir()).to_owned()))
                .ok_or(NoHome)?,
        })
    }

    pub fn config_file(&self) -> PathBuf {
        self.config.join("config.toml")
    }

    pub fn keymap_file(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// Models that the user adds to the catalog.
    pub fn catalog_file(&self) -> PathBuf {
        self.config.join("catalog.toml")
    }

    /// One `NAME.toml` a theme.
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The user's own versions of the prompts that methods use.
    pub fn prompts(&self) -> PathBuf {
        self.config.join("prompts")
    }

    pub fn models(&self) -> PathBuf {
        self.data.join("models")
    }

    pub fn conversations(&self) -> PathBuf {
        self.data.join("conversations")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_moves_its_folder_and_only_that() {
        let plain = Dirs::with(|_| None).unwrap();
        let moved = Dirs::with(|name| (name == "RAIF_DATA_DIR").then(|| "/elsewhere".into())).unwrap();
        assert_eq!(moved.conversations(), PathBuf::from("/elsewhere/conversations"));
        assert_eq!(moved.models(), PathBuf::from("/elsewhere/models"));
        assert_eq!(moved.config, plain.config);
        assert_eq!(moved.state, plain.state);
    }

    #[test]
    fn a_relative_folder_is_the_same_one_from_everywhere() {
        let dirs = Dirs::with(|_| Some("here".into())).unwrap();
        assert_eq!(dirs.data, std::env::current_dir().unwrap().join("here"));
    }

    #[test]
    fn an_empty_variable_is_unset() {
        assert_eq!(
            Dirs::with(|_| Some(OsString::new())).unwrap(),
            Dirs::with(|_| None).unwrap()
        );
    }
}
