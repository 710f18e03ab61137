//! `raif bench`: how fast this machine reads a prompt and writes an answer, in the way that llama-bench measures it: random
//! tokens, no sampling, prompt and generation timed apart, each after a run to warm up.

mod machine;

use std::io::{IsTerminal, Write, stderr};
use std::process::ExitCode;
use std::time::Instant;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::Serialize;

use super::flags::{cache_type, count_from};
use super::output::{failed, print};
use crate::config::{self, Config, ConfigError};
use crate::engine::EngineError;
use crate::engine::local::cpu::{CacheType, CpuDecoder, CpuOptions, Isa};
use crate::engine::local::{BatchDecoder, Decoder, LoadError, ModelConfig, SequenceId, Step, physical_cores};
use crate::models::gguf::{Gguf, GgufError};
use crate::models::pull::PullError;
use crate::models::{self, DoesNotFit, Models};

#[derive(Debug, clap::Args)]
pub struct Args {
    /// A catalog name, a GGUF file, or owner/name on the hub [default: the first of the catalog that is here]
    #[arg(long, short)]
    model: Option<String>,
    /// Tokens of the prompt
    #[arg(short, long = "prompt", default_value = "256", value_parser = count_from(1))]
    prompt: usize,
    /// Tokens that are generated
    #[arg(short, long = "tokens", default_value = "32", value_parser = count_from(1))]
    n: usize,
    /// Tokens that are in the context before either
    #[arg(short, long, default_value = "0")]
    depth: usize,
    /// Sequences that are generated at once, beside one alone
    #[arg(short, long, default_value = "1", value_parser = count_from(1))]
    batch: usize,
    /// What the context's cache is stored in: f16 or q8_0 [default: f16]
    #[arg(long, value_name = "TYPE", value_parser = cache_type())]
    kv_cache: Option<CacheType>,
    /// Threads [default: physical cores]
    #[arg(long, short = 't', value_parser = count_from(1))]
    threads: Option<usize>,
    /// Instruction set [default: the fastest that this processor has]
    #[arg(long, value_name = "NAME", value_parser = isa())]
    isa: Option<Isa>,
    /// Repetitions; the median counts
    #[arg(short, long, default_value = "5", value_parser = count_from(1))]
    repetitions: usize,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// `--json`: these fields.
#[derive(Debug, Serialize)]
struct Figures {
    model: String,
    isa: &'static str,
    threads: usize,
    prompt_tokens: usize,
    generated_tokens: usize,
    depth: usize,
    kv_cache: CacheType,
    kv_bytes_per_token: usize,
    repetitions: usize,
    prefill_tokens_per_s: f64,
    decode_tokens_per_s: f64,
    /// Sequences at once, and the tokens of all of them; null for one.
    batch: usize,
    batch_tokens_per_s: Option<f64>,
    load_s: f64,
    /// Null where the system does not tell.
    peak_rss_bytes: Option<u64>,
    /// Bytes of weights that decoding reads a second, over those that these threads can read from memory at all.
    bandwidth_share: f64,
    memory_bytes_per_s: f64,
}

#[derive(Debug, thiserror::Error)]
enum BenchError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Models(#[from] PullError),
    #[error(transparent)]
    DoesNotFit(#[from] DoesNotFit),
    #[error(transparent)]
    Gguf(#[from] GgufError),
    #[error("the model {path} cannot be loaded: {source}")]
    Load { path: String, source: LoadError },
    #[error(
        "the model's context is {context} tokens, and -d and the larger of -p and -n come to {asked}: ask for fewer"
    )]
    BeyondContext { asked: usize, context: usize },
    #[error(transparent)]
    Engine(#[from] EngineError),
}

pub fn run(args: Args) -> color_eyre::Result<ExitCode> {
    Ok(match bench(&args) {
        Ok(figures) if args.json => {
            print(&(serde_json::to_string(&figures).expect("strings and finite numbers") + "\n"))
        }
        Ok(figures) => print(&figures.table()),
        Err(error) => failed(&error),
    })
}

fn bench(args: &Args) -> Result<Figures, BenchError> {
    let Config { settings, dirs, .. } = config::load()?;
    let models = Models::open(&dirs).map_err(PullError::from)?;
    let located = super::models::obtain(&models, args.model.as_deref().or(settings.model.as_deref()))?;
    let threads = args.threads.or(settings.threads).unwrap_or_else(physical_cores);
    let isa = args.isa.unwrap_or_else(Isa::detect);
    let kv_cache = args.kv_cache.unwrap_or(settings.kv_cache);
    let options = CpuOptions {
        threads,
        context: args.depth + args.prompt.max(args.n),
        isa,
        kv_cache,
    };

    progress("loading");
    let begun = Instant::now();
    let gguf = Gguf::open(&located.path)?;
    let load_error = |source| BenchError::Load {
        path: located.path.display().to_string(),
        source,
    };
    let context = ModelConfig::from_gguf(&gguf).map_err(load_error)?.context;
    if options.context > context {
        return Err(BenchError::BeyondContext {
            asked: options.context,
            context,
        });
    }
    models::check_fit(&gguf, Some(options.context))?;
    let mut decoder = CpuDecoder::load(&gguf, &options).map_err(load_error)?;
    let load_s = begun.elapsed().as_secs_f64();

    let mut prefill = Vec::new();
    let mut decode = Vec::new();
    let mut batch = Vec::new();
    // The first round warms up.
    for round in 0..=args.repetitions {
        progress(&format!("round {round} of {}", args.repetitions));
        let prefill_s = time_prefill(&mut decoder, args)?;
        let decode_s = time_decode(&mut decoder, args)?;
        let batch_s = if args.batch > 1 {
            Some(time_batch(&mut decoder, args)?)
        } else {
            None
        };
        if round > 0 {
            batch.extend(batch_s.map(|batch_s| (args.batch * args.n) as f64 / batch_s));
            prefill.push(args.prompt as f64 / prefill_s);
            decode.push(args.n as f64 / decode_s);
        }
    }
    // Before the buffer of the next step is part of it.
    let peak_rss_bytes = machine::peak_resident_bytes();
    let kv_bytes_per_token = decoder.cache_bytes_a_position();
    drop(decoder);
    progress("measuring memory");
    let memory_bytes_per_s = machine::read_bandwidth(threads);
    progress("");

    let decode_tokens_per_s = median(decode);
    Ok(Figures {
        model: located.name,
        isa: isa.name(),
        threads,
        prompt_tokens: args.prompt,
        generated_tokens: args.n,
        depth: args.depth,
        kv_cache,
        kv_bytes_per_token,
        repetitions: args.repetitions,
        prefill_tokens_per_s: median(prefill),
        decode_tokens_per_s,
        batch: args.batch,
        batch_tokens_per_s: (args.batch > 1).then(|| median(batch)),
        load_s,
        peak_rss_bytes,
        bandwidth_share: decode_tokens_per_s * weight_bytes(&gguf) as f64 / memory_bytes_per_s,
        memory_bytes_per_s,
    })
}

/// The name of an instruction set that this processor has.
fn isa() -> impl TypedValueParser<Value = Isa> {
    let names = Isa::available().into_iter().map(Isa::name);
    PossibleValuesParser::new(names).try_map(|name| {
        let all = Isa::available();
        all.into_iter()
            .find(|isa| isa.name() == name)
            .ok_or("this processor does not have it")
    })
}

fn time_prefill(decoder: &mut dyn Decoder, args: &Args) -> Result<f64, EngineError> {
    let mut logits = Vec::new();
    fill(decoder, args.depth, &mut logits)?;
    let prompt = tokens(args.prompt, decoder.vocab_size());
    let begun = Instant::now();
    decoder.forward(&prompt, &mut logits)?;
    Ok(begun.elapsed().as_secs_f64())
}

fn time_decode(decoder: &mut dyn Decoder, args: &Args) -> Result<f64, EngineError> {
    let mut logits = Vec::new();
    fill(decoder, args.depth, &mut logits)?;
    let generated = tokens(args.n, decoder.vocab_size());
    let begun = Instant::now();
    for token in generated {
        decoder.forward(&[token], &mut logits)?;
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// Every sequence begins with the same tokens of the depth and then goes its own way.
fn time_batch(decoder: &mut dyn BatchDecoder, args: &Args) -> Result<f64, EngineError> {
    let mut logits = Vec::new();
    fill(decoder, args.depth, &mut logits)?;
    let mut sequences = vec![SequenceId::MAIN];
    sequences.extend((1..args.batch).map(|_| decoder.fork(SequenceId::MAIN, args.depth)));
    let generated = tokens(args.n * args.batch, decoder.vocab_size());
    let begun = Instant::now();
    for ids in generated.chunks(args.batch) {
        let steps: Vec<_> = sequences
            .iter()
            .zip(ids.chunks(1))
            .map(|(sequence, ids)| Step {
                sequence: *sequence,
                ids,
                logits: 1,
            })
            .collect();
        decoder.forward_batch(&steps, &mut logits)?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    for sequence in sequences.into_iter().skip(1) {
        decoder.forget(sequence);
    }
    Ok(seconds)
}

/// Leaves exactly `depth` tokens in the context.
fn fill<D: Decoder + ?Sized>(
    decoder: &mut D,
    depth: usize,
    logits: &mut Vec<f32>,
) -> Result<(), EngineError> {
    decoder.truncate(depth);
    let missing = tokens(depth - decoder.len(), decoder.vocab_size());
    if missing.is_empty() {
        return Ok(());
    }
    decoder.forward(&missing, logits)
}

/// The same on every run, and spread over the vocabulary.
fn tokens(count: usize, vocab: usize) -> Vec<u32> {
    let mut state = 0x2545_f491_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((u64::from(state) * vocab as u64) >> 32) as u32
    };
    std::iter::repeat_with(next).take(count).collect()
}

/// What every token of decoding reads: all tensors, save embeddings that are only looked up.
fn weight_bytes(gguf: &Gguf) -> usize {
    let head_is_its_own = gguf.tensor("output.weight").is_some();
    let tensors = gguf.tensors().iter();
    tensors
        .filter(|tensor| !(head_is_its_own && tensor.name == "token_embd.weight"))
        .map(|tensor| tensor.range.len())
        .sum()
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 {
        figures[middle]
    } else {
        f64::midpoint(figures[middle - 1], figures[middle])
    }
}

/// One line that is overwritten, where a person watches.
fn progress(what: &str) {
    if stderr().is_terminal() {
        let _ = write!(stderr(), "\r\x1b[K{what}");
    }
}

impl Figures {
    fn table(&self) -> String {
        let memory = self
            .peak_rss_bytes
            .map_or_else(|| "unknown".to_owned(), models::human_bytes);
        let batch = self.batch_tokens_per_s.map_or_else(String::new, |rate| {
            let times = rate / self.decode_tokens_per_s;
            format!(
                "batch      {rate:.1} tokens/s ({} sequences at once, {times:.1} times one)\n",
                self.batch
            )
        });
        format!(
            "model      {}\n\
             threads    {} ({})\n\
             load       {:.2} s\n\
             prefill    {:.1} tokens/s ({} tokens at depth {})\n\
             decode     {:.1} tokens/s ({} tokens at depth {})\n\
             {batch}\
             memory     {memory} at most; decoding reads {:.0}% of the {:.1} GB/s that these threads can\n",
            self.model,
            self.threads,
            self.isa,
            self.load_s,
            self.prefill_tokens_per_s,
            self.prompt_tokens,
            self.depth,
            self.decode_tokens_per_s,
            self.generated_tokens,
            self.depth,
            100.0 * self.bandwidth_share,
            self.memory_bytes_per_s / 1e9,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(median(vec![7.0]), 7.0);
    }

    #[test]
    fn tokens_are_within_the_vocabulary_and_spread() {
        let ids = tokens(1000, 50);
        assert!(ids.iter().all(|id| *id < 50));
        let different: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!(different.len(), 50);
    }

    #[test]
    fn some_memory_is_resident_and_can_be_read() {
        if cfg!(target_os = "linux") {
            assert!(machine::peak_resident_bytes().is_some_and(|bytes| bytes > 1 << 20));
        }
    }
}
