//! Reading GGUF files (format: ggml's `docs/gguf.md`, versions 2 and 3, little endian).
//!
//! Owns the header: metadata, tensor table, and where each tensor's bytes lie in the mapped file. Does not own what the
//! tensors mean.
//!
//! Files are hostile until read: a count or a length is checked against what the file can hold before anything is
//! allocated, and all that is allocated together stays below the file's size and [`HEADER_MEMORY`]. Tensors lie after the
//! header, inside the file, aligned.

use std::collections::HashMap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

use super::text::printable;

mod write;
pub(super) use write::HeaderWriter;

/// What a header may take in memory beyond the file's own size, in bytes. A vocabulary of 256,000 tokens takes half.
pub const HEADER_MEMORY: usize = 64 << 20;

/// A mapped GGUF file with its header read.
pub struct Gguf {
    path: PathBuf,
    map: Mmap,
    metadata: HashMap<String, Value>,
    tensors: Vec<TensorInfo>,
}

/// A metadata value. Integers of every width are `Int` or `Uint`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Int(i64),
    Uint(u64),
    Float(f64),
    Bool(bool),
    String(String),
    Array(Vec<Value>),
}

/// One row of the tensor table.
#[derive(Clone, Debug, PartialEq)]
pub struct TensorInfo {
    pub name: String,
    /// Innermost first: `[columns, rows]` for a matrix.
    pub dims: Vec<u64>,
    pub dtype: GgmlType,
    /// Where its bytes lie in the file.
    pub range: Range<usize>,
}

impl TensorInfo {
    pub fn elements(&self) -> u64 {
        self.dims.iter().product()
    }
}

macro_rules! ggml_types {
    ($($name:ident = $id:literal, $block:literal, $bytes:literal;)*) => {
        /// How the numbers of a tensor are stored (`ggml.h`, `enum ggml_type`).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(non_camel_case_types, reason = "the field's own names")]
        pub enum GgmlType { $($name),* }

        impl GgmlType {
            pub fn from_id(id: u32) -> Option<Self> {
                match id { $($id => Some(Self::$name),)* _ => None }
            }
            pub fn id(self) -> u32 {
                match self { $(Self::$name => $id),* }
            }
            /// Numbers a block.
            pub fn block_len(self) -> usize {
                match self { $(Self::$name => $block),* }
            }
            /// Bytes a block.
            pub fn block_bytes(self) -> usize {
                match self { $(Self::$name => $bytes),* }
            }
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

ggml_types! {
    F32 = 0, 1, 4;
    F16 = 1, 1, 2;
    Q4_0 = 2, 32, 18;
    Q4_1 = 3, 32, 20;
    Q5_0 = 6, 32, 22;
    Q5_1 = 7, 32, 24;
    Q8_0 = 8, 32, 34;
    Q8_1 = 9, 32, 36;
    Q2_K = 10, 256, 84;
    Q3_K = 11, 256, 110;
    Q4_K = 12, 256, 144;
    Q5_K = 13, 256, 176;
    Q6_K = 14, 256, 210;
    Q8_K = 15, 256, 292;
    IQ2_XXS = 16, 256, 66;
    IQ2_XS = 17, 256, 74;
    IQ3_XXS = 18, 256, 98;
    IQ1_S = 19, 256, 50;
    IQ4_NL = 20, 32, 18;
    IQ3_S = 21, 256, 110;
    IQ2_S = 22, 256, 82;
    IQ4_XS = 23, 256, 136;
    IQ1_M = 29, 256, 56;
    BF16 = 30, 1, 2;
}

/// Why a file is not a GGUF that can be used.
#[derive(Debug, thiserror::Error)]
pub enum GgufError {
    #[error("{path} cannot be opened: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("{path} is not a GGUF file ({reason})")]
    NotGguf { path: PathBuf, reason: String },
    #[error("{path} is damaged: {reason}; fetch it again")]
    Damaged { path: PathBuf, reason: String },
}

impl Gguf {
    pub fn open(path: &Path) -> Result<Self, GgufError> {
        let io = |source| GgufError::Io {
            path: path.to_owned(),
            source,
        };
        // A pipe would block, a folder cannot be mapped.
        if !path.metadata().map_err(io)?.is_file() {
            return Err(GgufError::NotGguf {
                path: path.to_owned(),
                reason: "it is not a file".into(),
            });
        }
        let file = File::open(path).map_err(io)?;
        // SAFETY: the map is read-only and private to us. A file truncated by someone else while it is mapped can
        // fault; models are files that are written once and renamed into place.
        let map = unsafe { Mmap::map(&file) }.map_err(io)?;
        let (metadata, tensors) = read_header(&map).map_err(|fault| match fault {
            Fault::NotGguf(reason) => GgufError::NotGguf {
                path: path.to_owned(),
                reason,
            },
            Fault::Damaged(reason) => GgufError::Damaged {
                path: path.to_owned(),
                reason,
            },
        })?;
        Ok(Self {
            path: path.to_owned(),
            map,
            metadata,
            tensors,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn file_len(&self) -> usize {
        self.map.len()
    }

    pub fn metadata(&self) -> &HashMap<String, Value> {
        &self.metadata
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        self.metadata.get(key)
    }

    pub fn str(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    pub fn uint(&self, key: &str) -> Option<u64> {
        match self.get(key)? {
            Value::Uint(n) => Some(*n),
            Value::Int(n) => u64::try_from(*n).ok(),
            _ => None,
        }
    }

    pub fn float(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            Value::Float(x) => Some(*x),
            _ => None,
        }
    }

    pub fn bool(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    pub fn array(&self, key: &str) -> Option<&[Value]> {
        match self.get(key)? {
            Value::Array(values) => Some(values),
            _ => None,
        }
    }

    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors
    }

    pub fn tensor(&self, name: &str) -> Option<&TensorInfo> {
        self.tensors.iter().find(|t| t.name == name)
    }

    pub fn bytes(&self, tensor: &TensorInfo) -> &[u8] {
        &self.map[tensor.range.clone()]
    }

    /// Lets the system take back the memory of bytes of the file that were read, with what it read around them unasked.
    /// Reading them again works, and reads the file again. Where that is refused it costs only memory.
    pub fn release(&self, range: Range<usize>) {
        #[cfg(unix)]
        {
            /// Linux maps up to so much around a page that is touched.
            const AROUND: usize = 2 << 20;
            let start = range.start.saturating_sub(AROUND);
            let end = range.end.saturating_add(AROUND).min(self.map.len());
            let advice = memmap2::UncheckedAdvice::DontNeed;
            // SAFETY: the map is shared and read-only, so dropping pages changes no byte that a later read would see.
            let _ = unsafe {
                self.map
                    .unchecked_advise_range(advice, start, end.saturating_sub(start))
            };
        }
        #[cfg(not(unix))]
        let _ = range;
    }
}

enum Fault {
    NotGguf(String),
    Damaged(String),
}

fn damaged(reason: impl Into<String>) -> Fault {
    Fault::Damaged(reason.into())
}

type Header = (HashMap<String, Value>, Vec<TensorInfo>);

fn read_header(file: &[u8]) -> Result<Header, Fault> {
    if file.is_empty() {
        return Err(Fault::NotGguf("it is empty".into()));
    }
    let mut cursor = Cursor {
        file,
        at: 0,
        memory_left: file.len().saturating_add(HEADER_MEMORY),
    };
    if cursor.take(4).ok() != Some(b"GGUF") {
        return Err(Fault::NotGguf("it does not begin with the letters GGUF".into()));
    }
    let version = cursor.u32()?;
    if !(2..=3).contains(&version) {
        return Err(Fault::NotGguf(format!(
            "version {version}; versions 2 and 3 are known"
        )));
    }
    let tensor_count = cursor.count(24)?;
    let metadata_count = cursor.count(13)?;
    // A map keeps up to sixteen sevenths of its entries' room.
    cursor.allocate(metadata_count, 3 * size_of::<(String, Value)>())?;
    let mut metadata = HashMap::with_capacity(metadata_count);
    for _ in 0..metadata_count {
        let key = cursor.string()?;
        let kind = cursor.u32()?;
        let value = cursor.value(kind, 0)?;
        if metadata.contains_key(&key) {
            return Err(damaged(format!("it says {} twice", printable(&key))));
        }
        metadata.insert(key, value);
    }
    cursor.allocate(tensor_count, size_of::<TensorInfo>())?;
    let mut tensors = Vec::with_capacity(tensor_count);
    for _ in 0..tensor_count {
        tensors.push(cursor.tensor()?);
    }
    let alignment = match metadata.get("general.alignment") {
        Some(Value::Uint(n)) if n.is_power_of_two() && (8..=1 << 20).contains(n) => *n as usize,
        Some(_) => return Err(damaged("its alignment is not a small power of two")),
        None => 32,
    };
    let data_start = cursor.at.next_multiple_of(alignment);
    for tensor in &mut tensors {
        if !tensor.range.start.is_multiple_of(alignment) {
            return Err(damaged(format!(
                "its tensor {} is not aligned",
                printable(&tensor.name)
            )));
        }
        let start = data_start.checked_add(tensor.range.start);
        let end = start.and_then(|s| s.checked_add(tensor.range.len()));
        match (start, end) {
            (Some(start), Some(end)) if end <= file.len() => tensor.range = start..end,
            _ => {
                let name = printable(&tensor.name);
                return Err(damaged(format!("it ends before its tensor {name} does")));
            }
        }
    }
    cursor.allocate(tensors.len(), size_of::<&str>())?;
    let mut names: Vec<&str> = tensors.iter().map(|t| t.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(damaged(format!("it has two tensors {}", printable(twice[0]))));
    }
    Ok((metadata, tensors))
}

struct Cursor<'a> {
    file: &'a [u8],
    at: usize,
    /// Bytes that may still be allocated.
    memory_left: usize,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], Fault> {
        let end = self.at.checked_add(n).filter(|end| *end <= self.file.len());
        let end = end.ok_or_else(|| damaged("it ends inside its header"))?;
        let bytes = &self.file[self.at..end];
        self.at = end;
        Ok(bytes)
    }

    /// Accounts for `n` things of `bytes` each, before they are allocated.
    fn allocate(&mut self, n: usize, bytes: usize) -> Result<(), Fault> {
        let left = n
            .checked_mul(bytes)
            .and_then(|all| self.memory_left.checked_sub(all));
        self.memory_left =
            left.ok_or_else(|| damaged("its header would take more memory than the file is worth"))?;
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        Ok(self.take(N)?.try_into().expect("take gives N bytes"))
    }

    fn u32(&mut self) -> Result<u32, Fault> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Result<u64, Fault> {
        self.array().map(u64::from_le_bytes)
    }

    /// A count of things that each take at least `least` bytes of the rest of the file.
    fn count(&mut self, least: usize) -> Result<usize, Fault> {
        let n = self.u64()?;
        let fits = (self.file.len() - self.at) / least;
        usize::try_from(n)
            .ok()
            .filter(|n| *n <= fits)
            .ok_or_else(|| damaged(format!("it claims {n} entries and is too short for them")))
    }

    fn string(&mut self) -> Result<String, Fault> {
        let n = self.count(1)?;
        let bytes = self.take(n)?;
        // A byte that is not UTF-8 becomes a character of three.
        self.allocate(n, if bytes.is_ascii() { 1 } else { 3 })?;
        Ok(String::from_utf8_lossy(bytes).into_owned())
    }

    fn value(&mut self, kind: u32, depth: u32) -> Result<Value, Fault> {
        Ok(match kind {
            0 => Value::Uint(self.array::<1>()?[0].into()),
            1 => Value::Int(i8::from_le_bytes(self.array()?).into()),
            2 => Value::Uint(u16::from_le_bytes(self.array()?).into()),
            3 => Value::Int(i16::from_le_bytes(self.array()?).into()),
            4 => Value::Uint(self.u32()?.into()),
            5 => Value::Int(i32::from_le_bytes(self.array()?).into()),
            6 => Value::Float(f32::from_le_bytes(self.array()?).into()),
            7 => Value::Bool(self.array::<1>()?[0] != 0),
            8 => Value::String(self.string()?),
            9 if depth < 4 => {
                let inner = self.u32()?;
                let least = match inner {
                    0 | 1 | 7 => 1,
                    2 | 3 => 2,
                    4..=6 => 4,
                    8 | 10..=12 => 8,
                    9 => 12,
                    _ => return Err(damaged(format!("metadata of unknown kind {inner}"))),
                };
                let n = self.count(least)?;
                self.allocate(n, size_of::<Value>())?;
                let mut values = Vec::with_capacity(n);
                for _ in 0..n {
                    values.push(self.value(inner, depth + 1)?);
                }
                Value::Array(values)
            }
            9 => return Err(damaged("its metadata is nested too deep")),
            10 => Value::Uint(self.u64()?),
            11 => Value::Int(i64::from_le_bytes(self.array()?)),
            12 => Value::Float(f64::from_le_bytes(self.array()?)),
            _ => return Err(damaged(format!("metadata of unknown kind {kind}"))),
        })
    }

    /// A tensor's row; its range still counts from the start of the data section.
    fn tensor(&mut self) -> Result<TensorInfo, Fault> {
        let name = self.string()?;
        let rank = self.u32()?;
        if rank > 4 {
            return Err(damaged(format!(
                "tensor {} has {rank} dimensions",
                printable(&name)
            )));
        }
        self.allocate(rank as usize, size_of::<u64>())?;
        let dims = (0..rank).map(|_| self.u64()).collect::<Result<Vec<_>, _>>()?;
        let id = self.u32()?;
        let dtype = GgmlType::from_id(id)
            .ok_or_else(|| damaged(format!("tensor {} has the unknown type {id}", printable(&name))))?;
        let offset = self.u64()?;
        let bytes = dims
            .iter()
            .try_fold(1u64, |n, d| n.checked_mul(*d))
            .filter(|_| {
                dims.first()
                    .is_none_or(|d| d.is_multiple_of(dtype.block_len() as u64))
            })
            .and_then(|n| (n / dtype.block_len() as u64).checked_mul(dtype.block_bytes() as u64));
        let range = bytes.and_then(|bytes| {
            let start = usize::try_from(offset).ok()?;
            Some(start..start.checked_add(usize::try_from(bytes).ok()?)?)
        });
        let range =
            range.ok_or_else(|| damaged(format!("tensor {} has impossible sizes", printable(&name))))?;
        Ok(TensorInfo {
            name,
            dims,
            dtype,
            range,
        })
    }
}

#[cfg(test)]
mod tests;
