//! Models on this machine.
//!
//! Owns loading a GGUF, its tokenizer and chat template, choosing tokens, and the loop from prompt to typed stream. Does
//! not own the arithmetic: that is behind [`Decoder`], which has one implementation a back end.

mod candle;
mod config;
pub mod cpu;
mod detokenizer;
mod draft;
mod error;
mod fit;
mod generate;
mod prompt;
mod rope;
mod sampler;
mod stop;
mod stream;
mod template;
mod threads;
mod tokenizer;
mod turn;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::path::Path;

pub use candle::{CandleDecoder, Precision};
pub use config::ModelConfig;
pub use cpu::CacheType;
use cpu::{CpuDecoder, CpuOptions, Isa};
pub use error::LoadError;
pub use prompt::{ChatFormat, Prompt};
pub use sampler::{Sampler, argmax};
use threads::at_most_all;
pub use threads::physical_cores;
pub use tokenizer::Tokenizer;

use super::{Asking, Control, Engine, EngineError, Event, ModelInfo, Outcome, Reasoning, Request, Sampling};
use crate::models::catalog::DefaultSampling;
use crate::models::gguf::Gguf;
use crate::models::{Located, check_fit};
use generate::Cached;

/// The context where the user names none: long enough for a trace and its answer, small enough for any machine.
pub const DEFAULT_CONTEXT: usize = 8192;

/// A decoder-only transformer with its KV cache: token ids in, logits out.
pub trait Decoder: Send {
    /// Logits a position.
    fn vocab_size(&self) -> usize;
    /// Positions that fit the cache.
    fn context(&self) -> usize;
    /// Positions in the cache.
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Forgets every position from `len` on.
    fn truncate(&mut self, len: usize);
    /// Appends `ids` at the next positions and writes the logits of the last one (`vocab_size` of them).
    fn forward(&mut self, ids: &[u32], logits: &mut Vec<f32>) -> Result<(), EngineError>;
    /// The same decoder with several sequences, where it can compute them together.
    fn batch(&mut self) -> Option<&mut dyn BatchDecoder> {
        None
    }
}

/// Several sequences over the same weights, which are read once for all. A token's logits are bit for bit the same
/// whatever is computed beside it.
pub trait BatchDecoder: Decoder {
    /// Begins a sequence with the first `len` positions of another. It costs nothing until the two differ.
    fn fork(&mut self, of: SequenceId, len: usize) -> SequenceId;
    /// Ends a sequence. The main one is only emptied.
    fn forget(&mut self, sequence: SequenceId);
    /// Forgets every position of `sequence` from `len` on.
    fn truncate_sequence(&mut self, sequence: SequenceId, len: usize);
    /// Appends the tokens of each step to its sequence and writes the logits that were asked for, `vocab_size` numbers a
    /// token, step after step. No two steps are of one sequence. After an error the sequences are as before.
    fn forward_batch(&mut self, steps: &[Step<'_>], logits: &mut Vec<f32>) -> Result<(), EngineError>;
}

/// A sequence of a [`BatchDecoder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SequenceId(usize);

impl SequenceId {
    /// The one that [`Decoder`] itself speaks of.
    pub const MAIN: Self = Self(0);
}

/// What is to be computed of one sequence.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub sequence: SequenceId,
    /// What follows in it.
    pub ids: &'a [u32],
    /// Of how many of the last of them the logits are wanted.
    pub logits: usize,
}

/// How a model is loaded.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// What the model is called; the file's stem if empty.
    pub name: String,
    /// Tokens that shall fit: at most as many as the model was trained for; [`DEFAULT_CONTEXT`] if `None`.
    pub context: Option<usize>,
    /// Threads that compute; the physical cores if `None`. candle takes its own number from `RAYON_NUM_THREADS`.
    pub threads: Option<usize>,
    /// What the numbers of the KV cache are stored in. candle has its own.
    pub kv_cache: CacheType,
    /// The system message this model is run with when the user sets none.
    pub default_system: Option<String>,
    /// Its makers' sampling.
    pub default_sampling: Option<Sampling>,
}

impl LoadOptions {
    /// What the catalog says of a model, and what the user chose.
    pub fn of(located: &Located, context: Option<usize>, threads: Option<usize>) -> Self {
        let entry = located.entry.as_ref();
        Self {
            name: located.name.clone(),
            context,
            threads,
            kv_cache: CacheType::default(),
            default_system: entry.and_then(|entry| entry.system.clone()),
            default_sampling: entry
                .and_then(|entry| entry.sampling.as_ref())
                .map(makers_sampling),
        }
    }
}

/// What a file says of sampling (`general.sampling.…`), where it says how random its makers want it.
fn published_sampling(gguf: &Gguf) -> Option<Sampling> {
    let number = |key: &str| {
        let number = gguf.float(&format!("general.sampling.{key}"))? as f32;
        (number.is_finite() && number >= 0.0).then_some(number)
    };
    let share = |key: &str| number(key).filter(|share| *share <= 1.0);
    Some(makers_sampling(&DefaultSampling {
        temperature: Some(number("temp").filter(|temperature| *temperature <= 10.0)?),
        top_p: share("top_p"),
        top_k: gguf
            .uint("general.sampling.top_k")
            .and_then(|k| usize::try_from(k).ok()),
        min_p: share("min_p"),
        repeat_penalty: number("penalty_repeat").filter(|penalty| (0.1..=10.0).contains(penalty)),
    }))
}

fn makers_sampling(makers: &DefaultSampling) -> Sampling {
    let ours = Sampling::default();
    Sampling {
        temperature: makers.temperature.unwrap_or(ours.temperature),
        top_k: makers.top_k.unwrap_or(ours.top_k),
        top_p: makers.top_p.unwrap_or(ours.top_p),
        min_p: makers.min_p.unwrap_or(ours.min_p),
        repeat_penalty: makers.repeat_penalty.unwrap_or(ours.repeat_penalty),
        seed: ours.seed,
    }
}

/// A model loaded from a GGUF.
pub struct LocalEngine {
    info: ModelInfo,
    tokenizer: Tokenizer,
    format: ChatFormat,
    model: Cached,
}

impl LocalEngine {
    pub fn load(path: &Path, options: &LoadOptions) -> Result<Self, EngineError> {
        let load = || {
            let gguf = Gguf::open(path)?;
            // Of an unknown architecture nothing else needs to be said.
            ModelConfig::from_gguf(&gguf)?;
            check_fit(&gguf, Some(options.context.unwrap_or(DEFAULT_CONTEXT)))?;
            let tokenizer = Tokenizer::from_gguf(&gguf)?;
            let format = ChatFormat::from_gguf(&gguf, &tokenizer)?;
            let decoder = open_decoder(&gguf, options)?;
            let published = options.default_sampling.or_else(|| published_sampling(&gguf));
            let options = LoadOptions {
                default_sampling: published,
                ..options.clone()
            };
            Ok::<_, LoadError>(Self::assemble(path, &options, tokenizer, format, decoder))
        };
        load().map_err(|error| EngineError::Load {
            path: path.display().to_string(),
            reason: error.to_string(),
        })
    }

    fn assemble(
        path: &Path,
        options: &LoadOptions,
        tokenizer: Tokenizer,
        format: ChatFormat,
        decoder: Box<dyn Decoder>,
    ) -> Self {
        let stem = || {
            path.file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned()
        };
        let reasoning = format.reasoning();
        Self {
            info: ModelInfo {
                name: Some(options.name.clone())
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(stem),
                context: decoder.context(),
                reasoning,
                default_system: options.default_system.clone().filter(|_| format.takes_system()),
                // The makers of the R1 distills publish theirs, which are this program's defaults.
                default_sampling: options
                    .default_sampling
                    .or_else(|| (reasoning == Reasoning::Opened).then(Sampling::default)),
            },
            tokenizer,
            format,
            model: Cached::new(decoder),
        }
    }

    /// What `request` becomes for this model.
    pub fn prompt(&self, request: &Request) -> Result<Prompt, EngineError> {
        self.format.prompt(&self.tokenizer, request)
    }
}

/// One request and nothing else.
struct One<'a> {
    asked: Option<(Request, Control)>,
    sink: &'a mut dyn FnMut(Event),
    outcome: Option<Result<Outcome, EngineError>>,
}

impl Asking for One<'_> {
    fn next(&mut self, _idle: bool) -> Option<(Request, Control)> {
        self.asked.take()
    }

    fn event(&mut self, _place: usize, event: Event) {
        (self.sink)(event);
    }

    fn over(&mut self, _place: usize, outcome: Result<Outcome, EngineError>) {
        self.outcome = Some(outcome);
    }
}

impl Engine for LocalEngine {
    fn info(&self) -> &ModelInfo {
        &self.info
    }

    fn generate(
        &mut self,
        request: &Request,
        control: &Control,
        sink: &mut dyn FnMut(Event),
    ) -> Result<Outcome, EngineError> {
        let mut one = One {
            asked: Some((request.clone(), control.clone())),
            sink,
            outcome: None,
        };
        self.generate_many(&mut one);
        one.outcome
            .unwrap_or_else(|| Err(EngineError::Compute("it gave no outcome".into())))
    }

    fn generate_many(&mut self, asking: &mut dyn Asking) {
        let Self {
            info,
            tokenizer,
            format,
            model,
        } = self;
        let fit = |request: &Request| fit::fit(format, tokenizer, request, info.context);
        generate::generate(model, tokenizer, &fit, asking);
    }

    fn read_ahead(&mut self, request: &Request, control: &Control) {
        // What all questions begin with, whatever they ask.
        let beginning_with = |question: &str| {
            let mut request = request.clone();
            request.messages.last_mut()?.content = question.into();
            let fitted = fit::fit(&self.format, &self.tokenizer, &request, self.info.context);
            fitted.ok().map(|fitted| fitted.prompt.ids)
        };
        if let (Some(a), Some(b)) = (beginning_with("a"), beginning_with("1")) {
            let common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
            self.model.read_ahead(&a[..common], control);
        }
    }
}

/// The arithmetic for a file: our own kernels; candle on a GPU that the program was built for, and for shapes that our
/// kernels are not written for.
pub fn open_decoder(gguf: &Gguf, options: &LoadOptions) -> Result<Box<dyn Decoder>, LoadError> {
    let trained = ModelConfig::from_gguf(gguf)?.context;
    let context = options.context.unwrap_or(DEFAULT_CONTEXT).clamp(1, trained);
    if let Some(decoder) = CandleDecoder::load_on_gpu(gguf, context)? {
        return Ok(Box::new(decoder));
    }
    let cpu = CpuOptions {
        threads: options.threads.map_or_else(physical_cores, at_most_all),
        context,
        isa: Isa::detect(),
        kv_cache: options.kv_cache,
    };
    match CpuDecoder::load(gguf, &cpu) {
        Ok(decoder) => Ok(Box::new(decoder)),
        Err(error) if error.is_beyond_the_kernels() => {
            Ok(Box::new(CandleDecoder::load(gguf, context, Precision::Stored)?))
        }
        Err(error) => Err(error),
    }
}
