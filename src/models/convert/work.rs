//! Weights from safetensors into their places in a GGUF, a few rows at a time on every core.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::thread;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Device, Tensor};
use half::{bf16, f16};
use sha2::{Digest, Sha256};

use super::plan::{Plan, Planned};
use super::safetensors::{Float, Shard, Stored};
use super::{ConvertError, quantise};
use crate::models::cancel::Cancel;
use crate::models::gguf::GgmlType;

/// Weights that a thread takes at a time.
const JOB: usize = 1 << 20;

/// A GGUF in the making: the plan and which tensors are in their places.
pub(in crate::models) struct Conversion {
    plan: Plan,
    done: BTreeSet<String>,
}

/// Part of a conversion that was done: bytes read of the file of weights at hand.
pub(super) type Step<'a> = &'a mut dyn FnMut(u64);

impl Conversion {
    pub(super) fn new(plan: Plan) -> Self {
        Self {
            plan,
            done: BTreeSet::new(),
        }
    }

    /// Bytes of the finished file.
    pub(in crate::models) fn len(&self) -> u64 {
        self.plan.len
    }

    /// The same for the same result.
    pub(in crate::models) fn fingerprint(&self) -> String {
        let hash = Sha256::digest(&self.plan.header);
        hash.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Writes everything but the weights.
    pub(in crate::models) fn begin(&self, out: &mut File) -> Result<(), ConvertError> {
        let begin = |out: &mut File| {
            out.set_len(self.plan.len)?;
            out.rewind()?;
            out.write_all(&self.plan.header)?;
            for (bytes, place) in &self.plan.computed {
                out.seek(SeekFrom::Start(*place as u64))?;
                out.write_all(bytes)?;
            }
            Ok(())
        };
        begin(out).map_err(ConvertError::Write)
    }

    /// An error unless `shards` together hold exactly what is needed.
    pub(super) fn check(&self, shards: &[Shard]) -> Result<(), ConvertError> {
        let mut seen = BTreeSet::new();
        for tensor in shards.iter().flat_map(|shard| &shard.tensors) {
            if planned(&self.plan, tensor)?.is_some() && !seen.insert(&tensor.name) {
                return Err(ConvertError::Twice(tensor.name.clone()));
            }
        }
        match self.plan.tensors.keys().filter(|name| !seen.contains(name)).min() {
            Some(missing) => Err(ConvertError::NoTensor(missing.clone())),
            None => Ok(()),
        }
    }

    /// Puts the tensors of one file of weights into their places. Stopped half-way, it can be done again.
    pub(in crate::models) fn add(
        &mut self,
        shard: &mut Shard,
        out: &mut File,
        cancel: &Cancel,
        step: Step,
    ) -> Result<(), ConvertError> {
        for tensor in &shard.tensors {
            if let Some((planned, float)) = planned(&self.plan, tensor)? {
                if !self.done.insert(tensor.name.clone()) {
                    return Err(ConvertError::Twice(tensor.name.clone()));
                }
                copy(tensor, planned, float, &mut shard.file, out, cancel, step)
                    .map_err(|fault| fault.at(&shard.name, &tensor.name))?;
            }
            step(tensor.range.end);
        }
        Ok(())
    }

    /// Says that a file of weights was added before.
    pub(in crate::models) fn skip(&mut self, tensors: impl IntoIterator<Item = String>) {
        self.done.extend(tensors);
    }

    /// An error if a tensor is missing. The file is on disk when this returns.
    pub(in crate::models) fn end(&self, out: &File) -> Result<(), ConvertError> {
        let mut missing = self.plan.tensors.keys().filter(|name| !self.done.contains(*name));
        match missing.next() {
            Some(name) => Err(ConvertError::NoTensor(name.clone())),
            None => out.sync_all().map_err(ConvertError::Write),
        }
    }
}

/// What becomes of a tensor, `None` if nothing; checked against the file that has it.
fn planned<'a>(plan: &'a Plan, tensor: &Stored) -> Result<Option<(&'a Planned, Float)>, ConvertError> {
    let name = || crate::models::text::printable(&tensor.name);
    let Some(planned) = plan.tensors.get(&tensor.name) else {
        return match plan.may_ignore(&tensor.name) {
            true => Ok(None),
            false => Err(ConvertError::UnknownTensor(name())),
        };
    };
    if planned.shape != tensor.shape {
        return Err(ConvertError::Shape {
            name: name(),
            found: tensor.shape.clone(),
            expected: planned.shape.clone(),
        });
    }
    match &tensor.dtype {
        Ok(float) => Ok(Some((planned, *float))),
        Err(dtype) => Err(ConvertError::TensorType {
            name: name(),
            dtype: dtype.clone(),
        }),
    }
}

/// What can go wrong with one tensor.
enum Fault {
    Read(std::io::Error),
    Write(std::io::Error),
    NotFinite,
    Quantise(String),
    Cancelled,
}

impl Fault {
    fn at(self, file: &str, tensor: &str) -> ConvertError {
        match self {
            Self::Read(source) => ConvertError::Read {
                file: file.to_owned(),
                source,
            },
            Self::Write(source) => ConvertError::Write(source),
            Self::NotFinite => ConvertError::NotFinite(tensor.to_owned()),
            Self::Quantise(reason) => ConvertError::Quantise {
                name: tensor.to_owned(),
                reason,
            },
            Self::Cancelled => ConvertError::Cancelled,
        }
    }
}

fn copy(
    tensor: &Stored,
    planned: &Planned,
    float: Float,
    source: &mut File,
    out: &mut File,
    cancel: &Cancel,
    step: Step,
) -> Result<(), Fault> {
    // A vector is one row, unless its numbers are reordered as a matrix's rows are.
    let columns = match (planned.shape.as_slice(), planned.head_rows) {
        ([_, columns], _) => *columns as usize,
        ([_], Some(_)) => 1,
        (shape, _) => shape.iter().product::<u64>() as usize,
    };
    let unit = planned.head_rows.unwrap_or(1);
    let job_rows = (JOB / columns.max(1)).max(1).next_multiple_of(unit);
    let job_bytes = job_rows * columns * float.bytes();
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let chunk_bytes = (job_bytes * threads) as u64;

    source
        .seek(SeekFrom::Start(tensor.range.start))
        .map_err(Fault::Read)?;
    out.seek(SeekFrom::Start(planned.range.start as u64))
        .map_err(Fault::Write)?;
    let mut buffer = Vec::new();
    let mut at = tensor.range.start;
    while at < tensor.range.end {
        if cancel.is_cancelled() {
            return Err(Fault::Cancelled);
        }
        let bytes = chunk_bytes.min(tensor.range.end - at);
        buffer.resize(bytes as usize, 0);
        source.read_exact(&mut buffer).map_err(Fault::Read)?;
        let encoded: Vec<Result<Vec<u8>, Fault>> = thread::scope(|scope| {
            let jobs: Vec<_> = buffer
                .chunks(job_bytes)
                .map(|rows| scope.spawn(move || encode(rows, columns, float, planned)))
                .collect();
            let died = |_| Err(Fault::Quantise("a thread ended unexpectedly".into()));
            jobs.into_iter()
                .map(|job| job.join().unwrap_or_else(died))
                .collect()
        });
        for rows in encoded {
            out.write_all(&rows?).map_err(Fault::Write)?;
        }
        at += bytes;
        step(at);
    }
    Ok(())
}

/// Some rows as the GGUF stores them.
fn encode(rows: &[u8], columns: usize, float: Float, planned: &Planned) -> Result<Vec<u8>, Fault> {
    let mut numbers = decode(rows, float);
    if numbers.iter().any(|number| !number.is_finite()) {
        return Err(Fault::NotFinite);
    }
    if let Some(head_rows) = planned.head_rows {
        numbers = numbers
            .chunks(head_rows * columns)
            .flat_map(|head| halves_to_neighbours(head, columns))
            .collect();
    }
    let dtype = match planned.dtype {
        GgmlType::F32 => return Ok(numbers.iter().flat_map(|number| number.to_le_bytes()).collect()),
        GgmlType::F16 => {
            let halves = numbers.iter().map(|number| f16::from_f32(*number));
            return Ok(halves.flat_map(|half| half.to_le_bytes()).collect());
        }
        GgmlType::Q8_0 => GgmlDType::Q8_0,
        GgmlType::Q5_0 => GgmlDType::Q5_0,
        GgmlType::Q4_K => return Ok(blocks(&numbers, GgmlType::Q4_K, quantise::q4_k)),
        GgmlType::Q6_K => return Ok(blocks(&numbers, GgmlType::Q6_K, quantise::q6_k)),
        other => return Err(Fault::Quantise(format!("no mixture has {}", other.name()))),
    };
    let encode = || {
        let matrix = Tensor::from_vec(
            numbers,
            (rows.len() / columns / float.bytes(), columns),
            &Device::Cpu,
        )?;
        Ok(QTensor::quantize(&matrix, dtype)?.data()?.into_owned())
    };
    encode().map_err(|error: candle_core::Error| Fault::Quantise(error.to_string()))
}

/// Whole blocks, one after the other.
fn blocks(
    numbers: &[f32],
    dtype: GgmlType,
    block: impl Fn(&[f32; quantise::BLOCK], &mut Vec<u8>),
) -> Vec<u8> {
    let all = numbers.as_chunks().0;
    let mut out = Vec::with_capacity(all.len() * dtype.block_bytes());
    all.iter().for_each(|numbers| block(numbers, &mut out));
    out
}

fn decode(bytes: &[u8], float: Float) -> Vec<f32> {
    match float {
        Float::F32 => bytes
            .as_chunks()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .collect(),
        Float::F16 => {
            let halves = bytes.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b));
            halves.map(f16::to_f32).collect()
        }
        Float::BF16 => {
            let halves = bytes.as_chunks().0.iter().map(|b| bf16::from_le_bytes(*b));
            halves.map(bf16::to_f32).collect()
        }
    }
}

/// The rows of one head, which rotate as pairs `(i, i + half)`, so that they rotate as pairs `(2 i, 2 i + 1)`.
fn halves_to_neighbours(head: &[f32], columns: usize) -> impl Iterator<Item = f32> {
    let half = head.len() / columns / 2;
    let row = move |index: usize| head[index * columns..][..columns].iter().copied();
    (0..half).flat_map(move |pair| row(pair).chain(row(pair + half)))
}
