//! The texts that methods put to a model, each replaceable by a file of the user's.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The texts in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompts {
    /// `cot.md`: asks a model that does not reason by itself to think first.
    pub cot: Cow<'static, str>,
    /// `sdc.md`: hands a request back together with the thought it caused, at `{request}` and `{thought}`.
    pub sdc: Cow<'static, str>,
}

impl Default for Prompts {
    fn default() -> Self {
        Self {
            cot: include_str!("../../assets/prompts/cot.md").trim_end().into(),
            sdc: include_str!("../../assets/prompts/sdc.md").trim_end().into(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PromptError {
    #[error("the prompt {path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the prompt {path} has no {{{placeholder}}}: put it where the {placeholder} belongs")]
    Placeholder {
        path: PathBuf,
        placeholder: &'static str,
    },
}

impl Prompts {
    /// Our texts, and the user's where `folder` has a file of the same name.
    pub fn load(folder: &Path) -> Result<Self, PromptError> {
        let mut prompts = Self::default();
        if let Some((_, text)) = read(folder, "cot.md")? {
            prompts.cot = text.into();
        }
        if let Some((path, text)) = read(folder, "sdc.md")? {
            for placeholder in ["request", "thought"] {
                if !text.contains(&format!("{{{placeholder}}}")) {
                    return Err(PromptError::Placeholder { path, placeholder });
                }
            }
            prompts.sdc = text.into();
        }
        Ok(prompts)
    }

    /// `sdc.md` filled in. Placeholders inside what is filled in stay as they are.
    pub(super) fn with_thought(&self, request: &str, thought: &str) -> String {
        let mut filled = String::new();
        let mut rest = &*self.sdc;
        while let Some(brace) = rest.find('{') {
            filled.push_str(&rest[..brace]);
            rest = &rest[brace..];
            if let Some(after) = rest.strip_prefix("{request}") {
                filled.push_str(request);
                rest = after;
            } else if let Some(after) = rest.strip_prefix("{thought}") {
                filled.push_str(thought);
                rest = after;
            } else {
                filled.push('{');
                rest = &rest[1..];
            }
        }
        filled + rest
    }
}

fn read(folder: &Path, name: &str) -> Result<Option<(PathBuf, String)>, PromptError> {
    let path = folder.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some((path, text.trim_end().to_owned()))),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(PromptError::Read { path, source }),
    }
}
