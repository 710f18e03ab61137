//! Which model answers and how it is asked: flags of all that ask, and, for commands that ask outside the chat, the settings
//! where the flags leave it open.

use super::flags::{self, ModelFlags, OpenError, SamplingFlags};
use super::output::note;
use crate::chat::{Message, Role};
use crate::config::{self, ConfigError};
use crate::engine::Engine;
use crate::methods::{self, Method, Options, PromptError, Prompts, Question};
use crate::models::pull::PullError;

#[derive(Debug, clap::Args)]
pub struct AskingFlags {
    #[command(flatten)]
    pub model: ModelFlags,
    #[command(flatten)]
    pub sampling: SamplingFlags,
    /// How the model is asked [default: io]
    #[arg(long, value_parser = flags::method_names())]
    pub method: Option<String>,
    /// System message [default: the model's own]
    #[arg(long)]
    pub system: Option<String>,
}

/// Why nothing can be asked.
#[derive(Debug, thiserror::Error)]
pub enum AskingError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("no method is called {0}: `raif ask --help` lists them")]
    Method(String),
    #[error(transparent)]
    Prompts(#[from] PromptError),
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl AskingError {
    /// The user ended it while the model was fetched.
    pub fn is_interrupt(&self) -> bool {
        matches!(self, Self::Open(OpenError::Models(PullError::Cancelled)))
    }
}

/// How each prompt is asked.
pub struct Asking {
    pub method: &'static dyn Method,
    pub options: Options,
    pub prompts: Prompts,
    pub system: Option<String>,
}

impl AskingFlags {
    /// The model, loaded, and how it is asked.
    pub fn open(&self) -> Result<(Box<dyn Engine>, Asking), AskingError> {
        let config = config::load()?;
        for unknown in &config.unknown {
            note(&unknown.to_string());
        }
        let settings = config.settings;
        let method = self.method.as_ref().unwrap_or(&settings.method);
        let asking = Asking {
            method: methods::find(method).ok_or_else(|| AskingError::Method(method.clone()))?,
            prompts: Prompts::load(&config.dirs.prompts())?,
            options: self.sampling.options().or(&settings.options),
            system: self.system.clone().or_else(|| settings.system.clone()),
        };
        Ok((self.model.or(&settings).open(&config.dirs)?, asking))
    }
}

impl Asking {
    /// A conversation of nothing but `prompt`.
    pub fn messages(&self, prompt: &str) -> Vec<Message> {
        let system = self.system.as_ref().map(|text| Message::new(Role::System, text));
        let prompt = Message::new(Role::User, prompt);
        system.into_iter().chain([prompt]).collect()
    }

    pub fn question<'a>(&'a self, messages: &'a [Message]) -> Question<'a> {
        Question {
            messages,
            options: &self.options,
            prompts: &self.prompts,
        }
    }
}
