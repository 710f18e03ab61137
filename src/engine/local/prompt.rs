//! A request to the tokens that the model continues.
//!
//! Owns how a model is spoken to: its template, its BOS, whether its reply begins inside a think block (raif.md), and that
//! text a user typed can never become a special token. Learns all of it from the file by rendering one probe.

use super::LoadError;
use super::template::ChatTemplate;
use super::tokenizer::Tokenizer;
use crate::chat::{Message, Role};
use crate::engine::{EngineError, Reasoning, Request, Thinking};
use crate::models::gguf::Gguf;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// How R1's older templates end where the reply begins; its makers' later ones open the think block after it.
const R1_REPLY: &str = "<｜Assistant｜>";

/// What the model is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub text: String,
    pub ids: Vec<u32>,
    /// The reply begins inside a think block.
    pub thinking: bool,
}

/// How one model is spoken to.
pub struct ChatFormat {
    template: ChatTemplate,
    bos: Option<String>,
    reasoning: Reasoning,
    takes_system: bool,
}

impl ChatFormat {
    pub fn from_gguf(gguf: &Gguf, tokenizer: &Tokenizer) -> Result<Self, LoadError> {
        let source = gguf.str("tokenizer.chat_template").ok_or(LoadError::NoTemplate)?;
        let text_of = |id: Option<u32>| id.and_then(|id| tokenizer.special_text(id)).unwrap_or_default();
        let eos = gguf
            .uint("tokenizer.ggml.eos_token_id")
            .and_then(|id| u32::try_from(id).ok());
        let template = ChatTemplate::compile(source, text_of(tokenizer.bos()), text_of(eos))?;

        let system = Message::new(Role::System, "probe of the system message");
        let user = Message::new(Role::User, "probe of the user's message");
        let rendered = template
            .render(std::slice::from_ref(&user), None)
            .map_err(LoadError::Template)?;
        if !rendered.contains(&user.content) {
            return Err(LoadError::Template("it drops what the user says".into()));
        }
        let takes_system = template
            .render(&[system.clone(), user], None)
            .is_ok_and(|rendered| rendered.contains(&system.content));
        let one_token_tags = tokenizer.special(OPEN).is_some() && tokenizer.special(CLOSE).is_some();
        let reasoning = if ends_in_open_think(&rendered) || (one_token_tags && rendered.ends_with(R1_REPLY)) {
            Reasoning::Opened
        } else if template.mentions_thinking() {
            Reasoning::Spontaneous
        } else {
            Reasoning::None
        };
        Ok(Self {
            template,
            bos: tokenizer
                .leading_bos()
                .and_then(|id| tokenizer.special_text(id))
                .map(str::to_string),
            reasoning,
            takes_system,
        })
    }

    pub fn reasoning(&self) -> Reasoning {
        self.reasoning
    }

    /// Whether the template has a place for a system message.
    pub fn takes_system(&self) -> bool {
        self.takes_system
    }

    pub fn prompt(&self, tokenizer: &Tokenizer, request: &Request) -> Result<Prompt, EngineError> {
        if !self.takes_system && request.messages.iter().any(|m| m.role == Role::System) {
            return Err(EngineError::Template(
                "it has no place for a system message; leave the system message empty, or say the same in the prompt".into(),
            ));
        }
        let mark = unused_mark(&request.messages)
            .ok_or_else(|| EngineError::Tokenize("it holds every one of Unicode's noncharacters".into()))?;
        let messages: Vec<Message> = request
            .messages
            .iter()
            .map(|message| Message::new(message.role, tokenizer.shield(&message.content, mark)))
            .collect();
        let enable_thinking = (request.thinking == Thinking::Skip).then_some(false);
        let mut text = self
            .template
            .render(&messages, enable_thinking)
            .map_err(EngineError::Template)?;
        if let Some(bos) = self.bos.as_deref().filter(|bos| !text.starts_with(bos)) {
            text.insert_str(0, bos);
        }
        match request.thinking {
            Thinking::Auto => self.open_thinking(&mut text),
            Thinking::Skip => self.skip_thinking(&mut text),
        }
        let thinking = is_inside_think(ends_in_open_think(&text), &request.reply_prefix);
        text.push_str(&request.reply_prefix);

        let ids = tokenizer.encode_shielded(&text, mark)?;
        if ids.is_empty() {
            return Err(EngineError::Template("it made an empty prompt".into()));
        }
        Ok(Prompt {
            text: text.replace(mark, ""),
            ids,
            thinking,
        })
    }

    fn open_thinking(&self, text: &mut String) {
        if self.reasoning == Reasoning::Opened && !ends_in_open_think(text) {
            text.push_str("<think>\n");
        }
    }

    fn skip_thinking(&self, text: &mut String) {
        // Hybrid models close the block themselves when told to.
        if self.reasoning == Reasoning::None || text.trim_end().ends_with(CLOSE) {
            return;
        }
        if ends_in_open_think(text) {
            text.truncate(text.trim_end().len() - OPEN.len());
        }
        text.push_str("<think>\n\n</think>\n");
    }
}

fn ends_in_open_think(text: &str) -> bool {
    text.trim_end_matches('\n').ends_with(OPEN)
}

/// Whether a think block is open after `prefix`, if one was `open` before it.
fn is_inside_think(open: bool, prefix: &str) -> bool {
    match (prefix.rfind(OPEN), prefix.rfind(CLOSE)) {
        (None, None) => open,
        (opened, closed) => opened > closed,
    }
}

/// A noncharacter (Unicode 23.7: never to be interchanged) that occurs in no message.
fn unused_mark(messages: &[Message]) -> Option<char> {
    ('\u{fdd0}'..='\u{fdef}').find(|mark| !messages.iter().any(|m| m.content.contains(*mark)))
}
