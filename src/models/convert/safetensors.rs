//! The header of a safetensors file (format: the `safetensors` README): a length, JSON, then the tensors' bytes.
//!
//! Hostile until read: the header is bounded, each tensor lies inside the file, is as long as its shape says, and
//! overlaps no other.

use std::fs::File;
use std::io::Read;
use std::ops::Range;
use std::path::Path;

use serde::Deserialize;
use serde::de::Deserializer;

use super::ConvertError;
use super::json;
use crate::models::text::printable;

/// A 7B's is 40 kB; what the format's own readers take is six times this.
const MOST_HEADER: u64 = 16 << 20;
/// Tensors and the metadata beside them.
const MOST_ENTRIES: usize = 1 << 16;

/// How the numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Float {
    F32,
    F16,
    BF16,
}

impl Float {
    pub(super) fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::BF16 => 2,
        }
    }
}

/// One tensor of a file.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub name: String,
    /// Outermost first.
    pub shape: Vec<u64>,
    /// Its type's name where it is none of [`Float`].
    pub dtype: Result<Float, String>,
    /// Where its bytes lie in the file.
    pub range: Range<u64>,
}

/// An open file with its header read.
pub(in crate::models) struct Shard {
    pub(super) name: String,
    pub(super) file: File,
    pub(super) tensors: Vec<Stored>,
}

#[derive(Deserialize)]
struct Header(#[serde(deserialize_with = "json::entries::<MOST_ENTRIES, _, _>")] Vec<(String, Entry)>);

/// `__metadata__` has none of these fields.
#[derive(Deserialize)]
struct Entry {
    dtype: Option<String>,
    #[serde(default, deserialize_with = "shape")]
    shape: Vec<u64>,
    data_offsets: Option<(u64, u64)>,
}

fn shape<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u64>, D::Error> {
    json::list::<8, _, _>(deserializer)
}

impl Shard {
    /// Opens the file at `path`, which is called `name` in what is said of it.
    pub(super) fn open(path: &Path, name: &str) -> Result<Self, ConvertError> {
        let io = |source| ConvertError::Read {
            file: name.to_owned(),
            source,
        };
        let wrong = |reason: &str| ConvertError::Safetensors {
            file: name.to_owned(),
            reason: reason.to_owned(),
        };
        if !path.metadata().map_err(io)?.is_file() {
            return Err(wrong("it is not a file"));
        }
        let mut file = File::open(path).map_err(io)?;
        let file_len = file.metadata().map_err(io)?.len();
        let mut length = [0; 8];
        file.read_exact(&mut length)
            .map_err(|_| wrong("it ends inside its header"))?;
        let header_len = u64::from_le_bytes(length);
        if header_len > MOST_HEADER {
            return Err(wrong("its header is too long; this is no safetensors file"));
        }
        let data = 8 + header_len;
        if data > file_len {
            return Err(wrong("it ends inside its header"));
        }
        let mut header = vec![0; header_len as usize];
        file.read_exact(&mut header).map_err(io)?;
        let Header(entries) = json::parse(name, &header)?;
        let mut tensors = Vec::with_capacity(entries.len());
        for (tensor, entry) in entries {
            if tensor == "__metadata__" {
                continue;
            }
            let of = |what: &str| wrong(&format!("its tensor {} {what}", printable(&tensor)));
            let (Some(dtype), Some((start, end))) = (entry.dtype, entry.data_offsets) else {
                return Err(of("has no type or no place"));
            };
            if start > end || end > file_len - data {
                return Err(of("lies outside the file; fetch it again"));
            }
            let elements = entry.shape.iter().try_fold(1u64, |n, d| n.checked_mul(*d));
            let dtype = match dtype.as_str() {
                "F32" => Ok(Float::F32),
                "F16" => Ok(Float::F16),
                "BF16" => Ok(Float::BF16),
                other => Err(printable(other)),
            };
            if let Ok(float) = &dtype
                && elements.and_then(|n| n.checked_mul(float.bytes() as u64)) != Some(end - start)
            {
                return Err(of("is not as long as its shape says"));
            }
            tensors.push(Stored {
                name: tensor,
                shape: entry.shape,
                dtype,
                range: data + start..data + end,
            });
        }
        tensors.sort_by_key(|tensor| (tensor.range.start, tensor.range.end));
        if let Some(pair) = tensors
            .windows(2)
            .find(|pair| pair[1].range.start < pair[0].range.end)
        {
            let (a, b) = (printable(&pair[0].name), printable(&pair[1].name));
            return Err(wrong(&format!("its tensors {a} and {b} overlap")));
        }
        Ok(Self {
            name: name.to_owned(),
            file,
            tensors,
        })
    }
}
