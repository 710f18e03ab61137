//! The chat template of a GGUF: messages to the text of a prompt.
//!
//! Owns running Jinja as the templates' authors expect it (Python methods, Hugging Face's blank handling, its two extra
//! functions) and within limits. Does not own what goes in: shielding and thinking are the chat format's business.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Value, context};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::LoadError;
use crate::chat::{Message, Role};

/// One unit is an instruction or 64 bytes handled. A rendered conversation costs a few dozen a message and its size.
const FUEL: u64 = 4_000_000;

const NAME: &str = "chat_template";

/// A compiled template.
pub struct ChatTemplate {
    environment: Environment<'static>,
    source: String,
    bos: String,
    eos: String,
}

impl ChatTemplate {
    /// `bos` and `eos` are the texts of the tokens that the template calls `bos_token` and `eos_token`.
    pub fn compile(source: &str, bos: &str, eos: &str) -> Result<Self, LoadError> {
        let mut environment = Environment::new();
        environment.set_syntax(hugging_face_blanks().map_err(|error| LoadError::Template(describe(&error)))?);
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(unknown_method_callback);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", strftime_now);
        environment
            .add_template_owned(NAME, source.to_string())
            .map_err(|error| LoadError::Template(describe(&error)))?;
        Ok(Self {
            environment,
            source: source.into(),
            bos: bos.into(),
            eos: eos.into(),
        })
    }

    /// Whether the template itself speaks of think blocks.
    pub fn mentions_thinking(&self) -> bool {
        self.source.contains("</think>")
    }

    /// The prompt up to where the model's reply begins. `enable_thinking` is the switch that hybrid models read;
    /// `None` leaves it undefined, which is their default.
    pub fn render(&self, messages: &[Message], enable_thinking: Option<bool>) -> Result<String, String> {
        let messages: Vec<Value> = messages
            .iter()
            .map(|message| context! { role => role_name(message.role), content => &message.content })
            .collect();
        let context = context! {
            messages,
            add_generation_prompt => true,
            bos_token => &self.bos,
            eos_token => &self.eos,
            enable_thinking => enable_thinking.map_or(Value::UNDEFINED, Value::from),
        };
        self.environment
            .get_template(NAME)
            .and_then(|template| template.render(context))
            .map_err(|error| describe(&error))
    }
}

/// Blanks around block tags are dropped as `transformers` has Jinja do it.
fn hugging_face_blanks() -> Result<SyntaxConfig, Error> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
}

fn role_name(role: Role) -> &'static str {
    match role {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
    }
}

/// What a person can do something with: the template's own complaint, or the engine's with its line.
fn describe(error: &Error) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return "it did not come to an end within its limit".into();
    }
    let what = error
        .detail()
        .map_or_else(|| error.kind().to_string(), str::to_string);
    match error.line() {
        Some(line) => format!("{what} (line {line})"),
        None => what,
    }
}

fn raise_exception(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

fn strftime_now(format: String) -> Result<String, Error> {
    jiff::fmt::strtime::format(&format, &jiff::Zoned::now())
        .map_err(|error| Error::new(ErrorKind::InvalidOperation, error.to_string()))
}
