//! `tokenizer.json`, `tokenizer_config.json` and what belongs to them, as the metadata that a GGUF has for a byte-level
//! BPE tokenizer (keys: ggml's `docs/gguf.md`).
//!
//! A GGUF names how text is cut before merging instead of describing it. The name is found by the description itself: its
//! regular expressions. One that is not known is an error, because another would split text wrongly. GGUF has no word for
//! Unicode normalisation, so NFC is left out, as every converter does; text is nearly always composed already.

use std::path::Path;

use serde::Deserialize;
use serde::de::Deserializer;

use super::config::{Config, Ids, MOST_TOKENS};
use super::{ConvertError, json};
use crate::models::gguf::HeaderWriter;
use crate::models::text::printable;

const FILE: &str = "tokenizer.json";
const CONFIG: &str = "tokenizer_config.json";
const GENERATION: &str = "generation_config.json";
const TEMPLATE: &str = "chat_template.jinja";
const MOST_BYTES: u64 = 64 << 20;
const MOST_BYTES_BESIDE: u64 = 2 << 20;

const MOST_ADDED: usize = 1 << 14;

/// `tokenizer.ggml.token_type` (llama.cpp, `enum llama_token_type`).
mod token_type {
    pub const NORMAL: i32 = 1;
    pub const CONTROL: i32 = 3;
    pub const USER_DEFINED: i32 = 4;
    pub const UNUSED: i32 = 5;
}

/// A way of cutting text, as `tokenizer.json` describes it and as a GGUF names it.
struct Known {
    name: &'static str,
    steps: &'static [Cut<'static>],
    /// A piece that is a token as a whole is not merged from its bytes.
    ignore_merges: bool,
    /// A token that only the models of this name have.
    mark: Option<&'static str>,
}

/// One step of cutting text.
#[derive(Debug, PartialEq)]
enum Cut<'a> {
    /// What matches is a piece.
    Regex(&'a str),
    /// Each digit is a piece.
    Digits,
    /// GPT-2's own expression.
    Gpt2,
}

const QWEN: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

const KNOWN: [Known; 5] = [
    Known {
        name: "deepseek-r1-qwen",
        steps: &[Cut::Regex(QWEN)],
        ignore_merges: false,
        mark: Some("<｜begin▁of▁sentence｜>"),
    },
    Known {
        name: "qwen2",
        steps: &[Cut::Regex(QWEN)],
        ignore_merges: false,
        mark: None,
    },
    Known {
        name: "llama-bpe",
        steps: &[Cut::Regex(LLAMA3)],
        ignore_merges: true,
        mark: None,
    },
    Known {
        name: "tekken",
        steps: &[Cut::Regex(TEKKEN)],
        ignore_merges: true,
        mark: None,
    },
    Known {
        name: "smollm",
        steps: &[Cut::Digits, Cut::Gpt2],
        ignore_merges: false,
        mark: None,
    },
];

/// All that a GGUF says of tokens and of speaking to the model.
pub(super) struct Tokenizer {
    pre: &'static str,
    tokens: Vec<String>,
    types: Vec<i32>,
    merges: Vec<String>,
    bos: Option<u32>,
    eos: Option<u32>,
    /// Another token that ends the model's turn.
    other_end: Option<u32>,
    padding: Option<u32>,
    add_bos: Option<bool>,
    add_eos: Option<bool>,
    template: Option<String>,
    sampling: Generation,
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default, deserialize_with = "added")]
    added_tokens: Vec<Added>,
    normalizer: Option<Step>,
    pre_tokenizer: Option<Step>,
    post_processor: Option<Step>,
    model: Model,
}

#[derive(Deserialize)]
struct Added {
    id: u32,
    content: String,
    #[serde(default)]
    special: bool,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "json::entries::<MOST_TOKENS, _, _>")]
    vocab: Vec<(String, u32)>,
    #[serde(default, deserialize_with = "json::list::<MOST_TOKENS, _, _>")]
    merges: Vec<Merge>,
    #[serde(default)]
    ignore_merges: bool,
    #[serde(default)]
    byte_fallback: bool,
}

/// `"a b"` or `["a", "b"]`, kept as the former.
struct Merge(String);

impl<'de> Deserialize<'de> for Merge {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Merge;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("two tokens")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Merge, E> {
                Ok(Merge(text.to_owned()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut parts: A) -> Result<Merge, A::Error> {
                use serde::de::Error;
                let two = (
                    parts.next_element::<String>()?,
                    parts.next_element::<String>()?,
                    parts.next_element::<serde::de::IgnoredAny>()?,
                );
                match two {
                    (Some(a), Some(b), None) if !a.contains(' ') && !b.contains(' ') => {
                        Ok(Merge(format!("{a} {b}")))
                    }
                    _ => Err(A::Error::custom("a merge is not two tokens")),
                }
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// A normaliser, pre-tokenizer or post-processor; fields that a kind does not have are absent.
#[derive(Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    #[serde(
        default,
        alias = "normalizers",
        alias = "pretokenizers",
        alias = "processors",
        deserialize_with = "steps"
    )]
    parts: Vec<Step>,
    pattern: Option<Pattern>,
    behavior: Option<String>,
    #[serde(default)]
    invert: bool,
    #[serde(default)]
    individual_digits: bool,
    #[serde(default)]
    add_prefix_space: bool,
    use_regex: Option<bool>,
    #[serde(default, deserialize_with = "pieces")]
    single: Vec<Piece>,
}

#[derive(Deserialize)]
struct Pattern {
    #[serde(rename = "Regex")]
    regex: Option<String>,
}

#[derive(Deserialize)]
struct Piece {
    #[serde(rename = "SpecialToken")]
    special: Option<SpecialPiece>,
}

#[derive(Deserialize)]
struct SpecialPiece {
    id: String,
}

fn added<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Added>, D::Error> {
    json::list::<MOST_ADDED, _, _>(deserializer)
}

fn steps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Step>, D::Error> {
    json::list::<16, _, _>(deserializer)
}

fn pieces<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Piece>, D::Error> {
    json::list::<16, _, _>(deserializer)
}

#[derive(Default, Deserialize)]
struct Settings {
    bos_token: Option<TokenText>,
    eos_token: Option<TokenText>,
    pad_token: Option<TokenText>,
    add_bos_token: Option<bool>,
    add_eos_token: Option<bool>,
    chat_template: Option<Templates>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum TokenText {
    Plain(String),
    Described { content: String },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Templates {
    One(String),
    Several(Vec<NamedTemplate>),
}

#[derive(Deserialize)]
struct NamedTemplate {
    name: String,
    template: String,
}

/// What its makers say about sampling.
#[derive(Default, Deserialize)]
struct Generation {
    eos_token_id: Option<Ids>,
    temperature: Option<f32>,
    top_k: Option<u32>,
    top_p: Option<f32>,
    min_p: Option<f32>,
    repetition_penalty: Option<f32>,
}

impl Tokenizer {
    pub(super) fn read(folder: &Path, config: &Config) -> Result<Self, ConvertError> {
        let bytes = json::read(folder, FILE, MOST_BYTES)?.ok_or_else(|| ConvertError::NoFile(FILE.into()))?;
        let raw: Raw = json::parse(FILE, &bytes)?;
        drop(bytes);
        let settings: Settings = beside(folder, CONFIG)?;
        let mut sampling: Generation = beside(folder, GENERATION)?;
        let template = match json::read(folder, TEMPLATE, MOST_BYTES_BESIDE)? {
            Some(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
            None => settings.chat_template.and_then(Templates::for_chat),
        };

        match raw.model.kind.as_deref().unwrap_or("BPE") {
            "BPE" if !raw.model.byte_fallback => {}
            "BPE" => return Err(ConvertError::TokenizerKind("BPE with byte fallback".into())),
            other => return Err(ConvertError::TokenizerKind(printable(other))),
        }
        let pre = raw.pre_tokenizer_name()?;
        let first = raw
            .post_processor
            .as_ref()
            .and_then(Step::first_token)
            .map(str::to_owned);
        let merges = raw.model.merges.into_iter().map(|merge| merge.0).collect();
        let (tokens, types) = vocabulary(raw.model.vocab, &raw.added_tokens, config.vocab as usize)?;

        let id_of = |text: &str| {
            let added = raw.added_tokens.iter().find(|token| token.content == text);
            let plain = || tokens.iter().position(|token| token == text);
            added
                .map(|token| token.id)
                .or_else(|| u32::try_from(plain()?).ok())
        };
        let named = |token: &Option<TokenText>| token.as_ref().and_then(|token| id_of(token.text()));
        let known = |id: u32| Some(id).filter(|id| (*id as usize) < tokens.len());
        let ends = sampling.eos_token_id.take().map(Ids::all).unwrap_or_default();
        let ends: Vec<u32> = ends
            .iter()
            .chain(&config.eos)
            .copied()
            .filter_map(known)
            .collect();
        let bos = named(&settings.bos_token).or_else(|| known(config.bos?));
        let eos = named(&settings.eos_token).or_else(|| ends.first().copied());
        let begins = first.is_some_and(|first| bos.is_some() && id_of(&first) == bos);
        Ok(Self {
            pre,
            merges,
            bos,
            eos,
            other_end: ends.into_iter().find(|id| Some(*id) != eos),
            padding: named(&settings.pad_token),
            add_bos: settings.add_bos_token.or(begins.then_some(true)),
            add_eos: settings.add_eos_token,
            template,
            sampling,
            tokens,
            types,
        })
    }

    pub(super) fn write(&self, header: &mut HeaderWriter) {
        header.string("tokenizer.ggml.model", "gpt2");
        header.string("tokenizer.ggml.pre", self.pre);
        header.strings("tokenizer.ggml.tokens", &self.tokens);
        header.i32s("tokenizer.ggml.token_type", &self.types);
        header.strings("tokenizer.ggml.merges", &self.merges);
        for (key, id) in [
            ("bos", self.bos),
            ("eos", self.eos),
            ("eot", self.other_end),
            ("padding", self.padding),
        ] {
            if let Some(id) = id {
                header.u32(&format!("tokenizer.ggml.{key}_token_id"), id);
            }
        }
        for (key, add) in [("add_bos_token", self.add_bos), ("add_eos_token", self.add_eos)] {
            if let Some(add) = add {
                header.bool(&format!("tokenizer.ggml.{key}"), add);
            }
        }
        if let Some(template) = &self.template {
            header.string("tokenizer.chat_template", template);
        }
        let makers = &self.sampling;
        if let Some(top_k) = makers.top_k {
            header.u32("general.sampling.top_k", top_k);
        }
        for (key, value) in [
            ("temp", makers.temperature),
            ("top_p", makers.top_p),
            ("min_p", makers.min_p),
            ("penalty_repeat", makers.repetition_penalty),
        ] {
            if let Some(value) = value {
                header.f32(&format!("general.sampling.{key}"), value);
            }
        }
    }
}

/// A small file that need not be there.
fn beside<T: Default + serde::de::DeserializeOwned>(folder: &Path, file: &str) -> Result<T, ConvertError> {
    match json::read(folder, file, MOST_BYTES_BESIDE)? {
        Some(bytes) => json::parse(file, &bytes),
        None => Ok(T::default()),
    }
}

/// Every id's text and type; ids that the tokenizer leaves free are filled up to `size`, the rows of the embedding.
fn vocabulary(
    plain: Vec<(String, u32)>,
    added: &[Added],
    size: usize,
) -> Result<(Vec<String>, Vec<i32>), ConvertError> {
    let wrong = |reason: String| ConvertError::Json {
        file: FILE.into(),
        reason,
    };
    let mut tokens: Vec<Option<String>> = vec![None; size];
    let mut types = vec![token_type::UNUSED; size];
    let plain = plain.into_iter().map(|(text, id)| (text, id, token_type::NORMAL));
    let added = added.iter().map(|token| {
        let kind = if token.special || looks_special(&token.content) {
            token_type::CONTROL
        } else {
            token_type::USER_DEFINED
        };
        (token.content.clone(), token.id, kind)
    });
    for (text, id, kind) in plain.chain(added) {
        let slot = tokens.get_mut(id as usize).ok_or_else(|| {
            wrong(format!(
                "its token {} is {id}, and the model has {size}",
                printable(&text)
            ))
        })?;
        if slot.as_ref().is_some_and(|there| *there != text) {
            return Err(wrong(format!("two of its tokens are {id}")));
        }
        *slot = Some(text);
        types[id as usize] = kind;
    }
    let fill = |(id, text): (usize, Option<String>)| text.unwrap_or_else(|| format!("[PAD{id}]"));
    Ok((tokens.into_iter().enumerate().map(fill).collect(), types))
}

/// Some files forget to say that these are signals (the same list as llama.cpp's converter).
fn looks_special(text: &str) -> bool {
    let between = |open: &str, close: &str| text.len() > 4 && text.starts_with(open) && text.ends_with(close);
    between("<|", "|>") || between("<｜", "｜>") || matches!(text, "<pad>" | "<mask>" | "<2mass>" | "[@BOS@]")
}

impl TokenText {
    fn text(&self) -> &str {
        match self {
            Self::Plain(text) | Self::Described { content: text } => text,
        }
    }
}

impl Templates {
    /// The one for talking, where there are others for tools and documents.
    fn for_chat(self) -> Option<String> {
        match self {
            Self::One(template) => Some(template),
            Self::Several(all) => all
                .into_iter()
                .find(|named| named.name == "default")
                .map(|named| named.template),
        }
    }
}

impl Raw {
    fn pre_tokenizer_name(&self) -> Result<&'static str, ConvertError> {
        let unknown = |what: &str| ConvertError::PreTokenizer(printable(what));
        let mut normalisers = Vec::new();
        if let Some(step) = &self.normalizer {
            step.leaves(&mut normalisers);
        }
        if let Some(other) = normalisers.iter().find(|step| step.kind != "NFC") {
            return Err(unknown(&format!("its normaliser {}", other.kind)));
        }
        let mut leaves = Vec::new();
        if let Some(step) = &self.pre_tokenizer {
            step.leaves(&mut leaves);
        }
        let cuts = leaves
            .iter()
            .map(|step| step.cut())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|what| unknown(&what))?;
        let cuts: Vec<Cut> = cuts.into_iter().flatten().collect();
        let has = |text: &str| self.added_tokens.iter().any(|token| token.content == text);
        let byte_level = leaves.last().is_some_and(|step| step.kind == "ByteLevel");
        KNOWN
            .iter()
            .find(|known| {
                byte_level
                    && known.steps == cuts
                    && known.ignore_merges == self.model.ignore_merges
                    && known.mark.is_none_or(has)
            })
            .map(|known| known.name)
            .ok_or_else(|| unknown(&format!("{cuts:?}, ignore_merges {}", self.model.ignore_merges)))
    }
}

impl Step {
    /// The steps that are not sequences, in order.
    fn leaves<'a>(&'a self, found: &mut Vec<&'a Self>) {
        if self.kind == "Sequence" {
            self.parts.iter().for_each(|part| part.leaves(found));
        } else {
            found.push(self);
        }
    }

    /// How this pre-tokenizer cuts, `None` if it does not. What it is, where that is not known.
    fn cut(&self) -> Result<Option<Cut<'_>>, String> {
        match self.kind.as_str() {
            "Split" => match self.pattern.as_ref().and_then(|pattern| pattern.regex.as_deref()) {
                Some(regex) if !self.invert && self.behavior.as_deref() == Some("Isolated") => {
                    Ok(Some(Cut::Regex(regex)))
                }
                _ => Err(format!("a split at {:?}", self.behavior)),
            },
            "Digits" if self.individual_digits => Ok(Some(Cut::Digits)),
            "ByteLevel" if !self.add_prefix_space => Ok(self.use_regex.unwrap_or(true).then_some(Cut::Gpt2)),
            "ByteLevel" => Err("a blank before the text".into()),
            other => Err(other.to_owned()),
        }
    }

    /// The special token that a post-processor puts first.
    fn first_token(&self) -> Option<&str> {
        if self.kind == "Sequence" {
            return self.parts.iter().find_map(Self::first_token);
        }
        self.single
            .first()?
            .special
            .as_ref()
            .map(|token| token.id.as_str())
    }
}
