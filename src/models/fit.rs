//! Whether a model can run on this machine, decided before its weights are read, and what could run instead.

use std::fmt;

use super::catalog::Catalog;
use super::gguf::Gguf;
use super::human_bytes;
use super::info::{MemoryNeed, OVERHEAD};
use super::memory::{Fit, Memory};

/// Bits a weight of a Q4_K_M file.
const SMALL_BITS: f64 = 4.9;
/// Contexts shorter than this are no advice.
const SHORTEST: u64 = 1024;

/// A model that takes more memory than there is. Reads on after "the model … cannot be loaded:".
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "it needs {} of memory ({} of weights, {} for a context of {} tokens) and {}; {}",
    human_bytes(need.total), human_bytes(need.weights), human_bytes(need.kv_cache), need.context,
    have(machine, need), Advice(advice)
)]
pub struct DoesNotFit {
    need: MemoryNeed,
    machine: Memory,
    /// What would work, best first.
    advice: Vec<String>,
}

/// An error if running `gguf` with `context` tokens takes more memory than this machine has now.
pub fn check_fit(gguf: &Gguf, context: Option<usize>) -> Result<(), DoesNotFit> {
    check(gguf, context, Memory::of_this_machine(), Catalog::built_in)
}

fn check(
    gguf: &Gguf,
    context: Option<usize>,
    machine: Option<Memory>,
    catalog: impl FnOnce() -> Catalog,
) -> Result<(), DoesNotFit> {
    let need = MemoryNeed::of(gguf, context.map(|tokens| tokens as u64), machine);
    match (machine, need.fit) {
        (Some(machine), Fit::NotNow | Fit::TooLarge) => {
            let advice = advice(gguf, &need, machine, &catalog());
            Err(DoesNotFit {
                need,
                machine,
                advice,
            })
        }
        _ => Ok(()),
    }
}

fn advice(gguf: &Gguf, need: &MemoryNeed, machine: Memory, catalog: &Catalog) -> Vec<String> {
    let mut advice = Vec::new();
    let fits = |weights: u64| weights.saturating_add(OVERHEAD) <= machine.available;
    let room = machine
        .available
        .saturating_sub(need.weights.saturating_add(OVERHEAD));
    if let Some(a_token) = need.kv_cache.checked_div(need.context).filter(|bytes| *bytes > 0) {
        let context = room / a_token / 256 * 256;
        if context >= SHORTEST {
            advice.push(format!("a shorter context: --ctx {context}"));
        }
    }
    if need.fit == Fit::NotNow {
        advice.push("close other programs".into());
    }
    let parameters = gguf
        .tensors()
        .iter()
        .map(|t| t.elements())
        .fold(0, u64::saturating_add);
    let small = (parameters as f64 * SMALL_BITS / 8.0) as u64;
    if small < need.weights / 5 * 4 && fits(small) {
        advice.push(format!(
            "a Q4_K_M file of the same model (about {})",
            human_bytes(small)
        ));
    }
    let mut entries = catalog.entries().iter();
    let smaller = entries.find_map(|entry| {
        let size = entry
            .run_size()
            .filter(|size| *size < need.weights && fits(*size))?;
        Some(format!("a smaller model: {} ({})", entry.name, human_bytes(size)))
    });
    advice.extend(smaller);
    advice
}

fn have(machine: &Memory, need: &MemoryNeed) -> String {
    let (total, available) = (human_bytes(machine.total), human_bytes(machine.available));
    match need.fit {
        Fit::TooLarge => format!("this machine has {total}, {available} of it free"),
        _ => format!("{available} of {total} are free now"),
    }
}

struct Advice<'a>(&'a [String]);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.0 {
            [] => f.write_str("run it on a larger machine"),
            some => write!(f, "what would work: {}", some.join(", or ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models::testing::GgufBuilder;

    const GB: u64 = 1_000_000_000;

    /// A 7B of eight bits, whose weights take no room on disk.
    fn large() -> (tempfile::NamedTempFile, Gguf) {
        let file = tempfile::NamedTempFile::new().unwrap();
        let gguf = GgufBuilder::default()
            .string("general.architecture", "qwen2")
            .u32("qwen2.block_count", 28)
            .u32("qwen2.context_length", 131_072)
            .u32("qwen2.embedding_length", 3584)
            .u32("qwen2.attention.head_count", 28)
            .u32("qwen2.attention.head_count_kv", 4)
            .tensor_at("output.weight", &[3584, 2_125_000], 8, 0, 0)
            .build();
        std::fs::write(file.path(), &gguf).unwrap();
        file.as_file().set_len(gguf.len() as u64 + 8_092_000_000).unwrap();
        let gguf = Gguf::open(file.path()).unwrap();
        (file, gguf)
    }

    fn refusal(total: u64, available: u64, context: Option<usize>) -> Option<String> {
        let machine = Some(Memory { total, available });
        let (_file, gguf) = large();
        let refused = check(&gguf, context, machine, Catalog::built_in).err()?;
        Some(refused.to_string())
    }

    #[test]
    fn what_fits_is_let_through() {
        assert_eq!(refusal(16 * GB, 9 * GB, None), None);
        let (_file, gguf) = large();
        assert_eq!(
            check(&gguf, None, None, Catalog::built_in),
            Ok(()),
            "a system that does not say"
        );
    }

    #[test]
    fn a_shorter_context_is_advised_where_that_is_enough() {
        // 57,344 bytes a token: 8.62 GB with 8,192 tokens.
        let refused = refusal(16 * GB, 8 * GB + 400_000_000, None).unwrap();
        assert!(refused.contains("8.4 GB of 16.0 GB are free now"), "{refused}");
        assert!(refused.contains("--ctx 4096"), "{refused}");
        assert!(refused.contains("close other programs"), "{refused}");
        assert_eq!(refusal(16 * GB, 8 * GB + 400_000_000, Some(4096)), None);
        assert!(refusal(16 * GB, 8 * GB + 400_000_000, Some(4608)).is_some());
    }

    #[test]
    fn a_smaller_file_and_a_smaller_model_are_advised() {
        let refused = refusal(6 * GB, 5 * GB, None).unwrap();
        assert!(refused.contains("this machine has 6.0 GB"), "{refused}");
        assert!(
            refused.contains("Q4_K_M file of the same model (about 4.7 GB)"),
            "{refused}"
        );
        assert!(
            refused.contains("a smaller model: raif-deepseek-qwen-7b (4.7 GB)"),
            "{refused}"
        );
        let refused = refusal(2 * GB, GB, None).unwrap();
        assert!(
            !refused.contains("Q4_K_M") && !refused.contains("close"),
            "{refused}"
        );
        assert!(refused.contains("smollm2-135m-instruct (98 MB)"), "{refused}");
        assert!(
            refusal(GB, 1, None)
                .unwrap()
                .ends_with("run it on a larger machine")
        );
    }
}
