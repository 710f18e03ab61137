//! Text to token ids and back, as the GGUF's own vocabulary says.
//!
//! Owns byte-level BPE with the pre-tokenizer the file names (regular expressions: llama.cpp, `llama-vocab.cpp`, and the
//! makers' `tokenizer.json`), recognising special tokens, and shielding them in text that a user typed. Adds no token of
//! its own: what begins and ends a prompt is the chat format's business.

use std::collections::HashMap;

use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{PreTokenizerWrapper, SplitDelimiterBehavior};

use super::LoadError;
use crate::engine::EngineError;
use crate::models::gguf::{Gguf, Value};

/// How text is cut before merging.
struct PreTokenizer {
    /// `tokenizer.ggml.pre` of the files that want it.
    names: &'static [&'static str],
    /// Applied one after the other; what lies between matches is a piece too.
    splits: &'static [&'static str],
    /// A piece that is a token as a whole is not merged from its bytes.
    ignore_merges: bool,
    /// Whether prompts begin with BOS where the file does not say.
    add_bos: bool,
}

const PRE_TOKENIZERS: &[PreTokenizer] = &[
    PreTokenizer {
        names: &["qwen2", "deepseek-r1-qwen"],
        splits: &[
            r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ],
        ignore_merges: false,
        add_bos: false,
    },
    PreTokenizer {
        names: &["smollm"],
        splits: &[
            r"\p{N}",
            r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
        ],
        ignore_merges: false,
        add_bos: false,
    },
    PreTokenizer {
        names: &["llama-bpe", "llama3", "llama-v3"],
        splits: &[
            r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ],
        ignore_merges: true,
        add_bos: true,
    },
    PreTokenizer {
        names: &["tekken"],
        splits: &[
            r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
        ],
        ignore_merges: true,
        add_bos: true,
    },
];

/// `tokenizer.ggml.token_type` (llama.cpp, `enum llama_token_type`).
mod token_type {
    pub const UNKNOWN: u64 = 2;
    pub const CONTROL: u64 = 3;
    pub const USER_DEFINED: u64 = 4;
}

/// The end tokens of the families that are run (raif.md); which of them a vocabulary has differs.
const END_TOKENS: &[&str] = &[
    "</s>",
    "<|im_end|>",
    "<|endoftext|>",
    "<｜end▁of▁sentence｜>",
    "<|eot_id|>",
    "<|end_of_text|>",
];

/// A token that text is cut at before BPE.
struct Special {
    text: String,
    id: u32,
    /// Not text but a signal: recognised only where asked, and decoded to nothing.
    control: bool,
}

pub struct Tokenizer {
    bpe: tokenizers::Tokenizer,
    /// Longest first.
    specials: Vec<Special>,
    /// The bytes of token `i` are `bytes[starts[i]..starts[i + 1]]`.
    bytes: Vec<u8>,
    starts: Vec<usize>,
    ends: Vec<u32>,
    bos: Option<u32>,
    add_bos: bool,
}

impl Tokenizer {
    pub fn from_gguf(gguf: &Gguf) -> Result<Self, LoadError> {
        let kind = gguf.str("tokenizer.ggml.model").unwrap_or_default();
        if kind != "gpt2" {
            return Err(LoadError::TokenizerKind(kind.into()));
        }
        let name = gguf.str("tokenizer.ggml.pre").unwrap_or_default();
        let pre = PRE_TOKENIZERS
            .iter()
            .find(|pre| pre.names.contains(&name))
            .ok_or_else(|| LoadError::PreTokenizer(name.into()))?;
        let tokens = strings(gguf, "tokenizer.ggml.tokens")?;
        let types = token_types(gguf, tokens.len())?;
        let bpe = byte_level_bpe(&tokens, &strings(gguf, "tokenizer.ggml.merges")?, pre)?;

        let mut specials: Vec<Special> = (0u32..)
            .zip(tokens.iter().zip(&types))
            .filter(|(_, (text, _))| !text.is_empty())
            .filter_map(|(id, (text, kind))| {
                let control = match *kind {
                    token_type::CONTROL | token_type::UNKNOWN => true,
                    token_type::USER_DEFINED => false,
                    _ => return None,
                };
                Some(Special {
                    text: (*text).into(),
                    id,
                    control,
                })
            })
            .collect();
        specials.sort_by_key(|special| std::cmp::Reverse(special.text.len()));

        let id_of = |key: &str| {
            let id = u32::try_from(gguf.uint(key)?).ok()?;
            ((id as usize) < tokens.len()).then_some(id)
        };
        let mut ends: Vec<u32> = ["tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"]
            .iter()
            .filter_map(|key| id_of(key))
            .collect();
        ends.extend(
            specials
                .iter()
                .filter(|special| special.control && END_TOKENS.contains(&special.text.as_str()))
                .map(|special| special.id),
        );

        let (bytes, starts) = token_bytes(&tokens, &types);
        let bos = id_of("tokenizer.ggml.bos_token_id");
        Ok(Self {
            bpe,
            specials,
            bytes,
            starts,
            ends,
            bos,
            add_bos: gguf.bool("tokenizer.ggml.add_bos_token").unwrap_or(pre.add_bos),
        })
    }

    /// Tokens there are.
    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The token a prompt must begin with, if the model was trained with one.
    pub fn leading_bos(&self) -> Option<u32> {
        self.bos.filter(|_| self.add_bos)
    }

    /// The token a template may call `bos_token`.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// The id of a special token by its text.
    pub fn special(&self, text: &str) -> Option<u32> {
        self.specials
            .iter()
            .find(|special| special.text == text)
            .map(|special| special.id)
    }

    /// Whether the model ends its turn with `id`.
    pub fn is_end(&self, id: u32) -> bool {
        self.ends.contains(&id)
    }

    /// The bytes that `id` stands for, which may be a part of a character; nothing for a control token.
    pub fn token_bytes(&self, id: u32) -> &[u8] {
        let id = id as usize;
        match (self.starts.get(id), self.starts.get(id + 1)) {
            (Some(start), Some(end)) => &self.bytes[*start..*end],
            _ => &[],
        }
    }

    /// The text of a token as the vocabulary writes it, control tokens too.
    pub fn special_text(&self, id: u32) -> Option<&str> {
        self.specials
            .iter()
            .find(|special| special.id == id)
            .map(|special| special.text.as_str())
    }

    /// `text` to ids. Control tokens are recognised only if `parse_special`; tokens that the vocabulary adds as plain
    /// words (`<think>` in R1) always, as llama.cpp does.
    pub fn encode(&self, text: &str, parse_special: bool) -> Result<Vec<u32>, EngineError> {
        let mut ids = Vec::new();
        let specials = self.specials.iter().filter(|s| parse_special || !s.control);
        for piece in cut(text, specials) {
            match piece {
                Piece::Special(id) => ids.push(id),
                Piece::Text(text) => self.encode_plain(text, &mut ids)?,
            }
        }
        Ok(ids)
    }

    /// `text` to ids with every special token recognised, except where a `mark` breaks it ([`Tokenizer::shield`]); the
    /// marks themselves are dropped.
    pub fn encode_shielded(&self, text: &str, mark: char) -> Result<Vec<u32>, EngineError> {
        let mut ids = Vec::new();
        for piece in cut(text, self.specials.iter()) {
            match piece {
                Piece::Special(id) => ids.push(id),
                Piece::Text(text) if text.contains(mark) => {
                    self.encode_plain(&text.replace(mark, ""), &mut ids)?;
                }
                Piece::Text(text) => self.encode_plain(text, &mut ids)?,
            }
        }
        Ok(ids)
    }

    /// `text` with a `mark` inside everything that would be recognised as a special token, so that it stays text.
    ///
    /// Tokens of blanks and of one character signal nothing and are left alone.
    pub fn shield(&self, text: &str, mark: char) -> String {
        let mut breaks: Vec<usize> = Vec::new();
        for special in &self.specials {
            let Some(first) = special.text.chars().next() else {
                continue;
            };
            if special.text.trim().is_empty() || special.text.len() == first.len_utf8() {
                continue;
            }
            // Occurrences may overlap, so the search goes on one character after each.
            let mut from = 0;
            while let Some(at) = text[from..].find(&special.text) {
                from += at + first.len_utf8();
                breaks.push(from);
            }
        }
        breaks.sort_unstable();
        breaks.dedup();
        let mut shielded = String::with_capacity(text.len() + breaks.len() * mark.len_utf8());
        let mut from = 0;
        for at in breaks {
            shielded.push_str(&text[from..at]);
            shielded.push(mark);
            from = at;
        }
        shielded.push_str(&text[from..]);
        shielded
    }

    fn encode_plain(&self, text: &str, ids: &mut Vec<u32>) -> Result<(), EngineError> {
        let encoding = self
            .bpe
            .encode_fast(text, false)
            .map_err(|error| EngineError::Tokenize(error.to_string()))?;
        ids.extend_from_slice(encoding.get_ids());
        Ok(())
    }
}

enum Piece<'a> {
    Text(&'a str),
    Special(u32),
}

/// Cuts `text` at each of `specials` in turn, as llama.cpp does: longer ones take precedence wherever they are.
fn cut<'a, 's>(text: &'a str, specials: impl Iterator<Item = &'s Special>) -> Vec<Piece<'a>> {
    let mut pieces = vec![Piece::Text(text)];
    for special in specials {
        if !text.contains(&special.text) {
            continue;
        }
        let mut finer = Vec::with_capacity(pieces.len() + 2);
        for piece in pieces {
            let Piece::Text(text) = piece else {
                finer.push(piece);
                continue;
            };
            for (i, part) in text.split(&special.text).enumerate() {
                if i > 0 {
                    finer.push(Piece::Special(special.id));
                }
                if !part.is_empty() {
                    finer.push(Piece::Text(part));
                }
            }
        }
        pieces = finer;
    }
    pieces
}

fn strings<'a>(gguf: &'a Gguf, key: &str) -> Result<Vec<&'a str>, LoadError> {
    gguf.array(key)
        .ok_or_else(|| LoadError::NoMetadata(key.into()))?
        .iter()
        .map(|value| match value {
            Value::String(s) => Ok(s.as_str()),
            _ => Err(LoadError::Vocabulary(format!(
                "{key} holds something that is not text"
            ))),
        })
        .collect()
}

fn token_types(gguf: &Gguf, tokens: usize) -> Result<Vec<u64>, LoadError> {
    let key = "tokenizer.ggml.token_type";
    let types = gguf.array(key).ok_or_else(|| LoadError::NoMetadata(key.into()))?;
    if types.len() != tokens {
        return Err(LoadError::Vocabulary(format!(
            "it has {tokens} tokens and the types of {}",
            types.len()
        )));
    }
    Ok(types
        .iter()
        .map(|value| match value {
            Value::Int(n) => u64::try_from(*n).unwrap_or(0),
            Value::Uint(n) => *n,
            _ => 0,
        })
        .collect())
}

fn byte_level_bpe(
    tokens: &[&str],
    merges: &[&str],
    pre: &PreTokenizer,
) -> Result<tokenizers::Tokenizer, LoadError> {
    let vocabulary: Vocab = tokens.iter().map(|text| text.to_string()).zip(0u32..).collect();
    let merges = merges
        .iter()
        .map(|merge| {
            // The first character may itself be a blank.
            let at = merge
                .char_indices()
                .skip(1)
                .find(|(_, c)| *c == ' ')
                .map(|(at, _)| at);
            at.map(|at| (merge[..at].to_string(), merge[at + 1..].to_string()))
                .ok_or_else(|| LoadError::Vocabulary(format!("the merge {merge:?} is not two parts")))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let bpe = BPE::builder()
        .vocab_and_merges(vocabulary, merges)
        .ignore_merges(pre.ignore_merges)
        .build()
        .map_err(|error| LoadError::Vocabulary(error.to_string()))?;
    let mut steps: Vec<PreTokenizerWrapper> = Vec::new();
    for regex in pre.splits {
        let split = Split::new(
            SplitPattern::Regex((*regex).into()),
            SplitDelimiterBehavior::Isolated,
            false,
        )
        .map_err(|error| LoadError::Vocabulary(error.to_string()))?;
        steps.push(split.into());
    }
    steps.push(ByteLevel::new(false, false, false).into());
    let mut tokenizer = tokenizers::Tokenizer::new(bpe);
    tokenizer.with_pre_tokenizer(Some(Sequence::new(steps)));
    Ok(tokenizer)
}

/// What each token decodes to, end to end, and where each begins.
fn token_bytes(tokens: &[&str], types: &[u64]) -> (Vec<u8>, Vec<usize>) {
    let byte_of: HashMap<char, u8> = (0..=255).map(|byte| (byte_char(byte), byte)).collect();
    let mut bytes = Vec::new();
    let mut starts = vec![0];
    for (text, kind) in tokens.iter().zip(types) {
        match *kind {
            // Some files call the think tags control tokens; they are what the stream is split at.
            token_type::CONTROL | token_type::UNKNOWN if !is_think_tag(text) => {}
            token_type::CONTROL | token_type::UNKNOWN | token_type::USER_DEFINED => {
                bytes.extend_from_slice(text.as_bytes());
            }
            _ => {
                for c in text.chars() {
                    match byte_of.get(&c) {
                        Some(byte) => bytes.push(*byte),
                        None => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    }
                }
            }
        }
        starts.push(bytes.len());
    }
    (bytes, starts)
}

fn is_think_tag(text: &str) -> bool {
    matches!(text, "<think>" | "</think>")
}

/// GPT-2's printable stand-in for a byte: itself where it is printable, else the next free one from U+0100 on.
pub(super) fn byte_char(byte: u8) -> char {
    let printable = |b: u8| matches!(b, b'!'..=b'~' | 0xa1..=0xac | 0xae..=0xff);
    if printable(byte) {
        return char::from(byte);
    }
    let before = (0..byte).filter(|b| !printable(*b)).count() as u32;
    char::from_u32(0x100 + before).expect("fewer than 256 stand-ins")
}
