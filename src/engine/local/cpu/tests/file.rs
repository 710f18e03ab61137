//! Small GGUF files made of given or random tensors.

use std::path::PathBuf;

use half::f16;

use crate::models::gguf::{GgmlType, Gguf, GgufError};

/// The quantised types and the places of the f16 numbers in a block of each.
pub const QUANTISED: [(GgmlType, &[usize]); 10] = [
    (GgmlType::Q4_0, &[0]),
    (GgmlType::Q4_1, &[0, 2]),
    (GgmlType::Q5_0, &[0]),
    (GgmlType::Q5_1, &[0, 2]),
    (GgmlType::Q8_0, &[0]),
    (GgmlType::Q2_K, &[80, 82]),
    (GgmlType::Q3_K, &[108]),
    (GgmlType::Q4_K, &[0, 2]),
    (GgmlType::Q5_K, &[0, 2]),
    (GgmlType::Q6_K, &[208]),
];

/// Numbers that look random and are the same every time (SplitMix64).
pub struct Random(pub u64);

impl Random {
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between −1 and 1.
    pub fn float(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u32 << 23) as f32 - 1.0
    }

    pub fn floats(&mut self, len: usize, size: f32) -> Vec<f32> {
        (0..len).map(|_| self.float() * size).collect()
    }

    /// Blocks of a quantised type: mostly random, some with zero, subnormal or the largest scales and extreme numbers.
    pub fn blocks(&mut self, dtype: GgmlType, count: usize, scale: f32, adversarial: bool) -> Vec<u8> {
        let (_, halves) = QUANTISED
            .iter()
            .find(|(known, _)| *known == dtype)
            .expect("a quantised type");
        let mut out = Vec::new();
        for _ in 0..count {
            let start = out.len();
            let kind = if adversarial { self.bits() % 6 } else { 0 };
            let fill = [0x00, 0xff, 0x80, 0x7f][self.bits() as usize % 4];
            out.extend((0..dtype.block_bytes()).map(|_| if kind < 2 { self.bits() as u8 } else { fill }));
            for at in *halves {
                let half = match kind {
                    0 | 3 => f16::from_f32(self.float() * scale),
                    1 => f16::from_f32(0.0),
                    2 => f16::from_bits(1 + (self.bits() % 0x3ff) as u16),
                    4 => f16::MAX,
                    _ => f16::MIN,
                };
                out[start + at..start + at + 2].copy_from_slice(&half.to_le_bytes());
            }
        }
        out
    }
}

#[derive(Clone)]
pub enum Meta {
    Str(&'static str),
    Uint(u32),
    Float(f32),
}

/// A file to be.
#[derive(Clone, Default)]
pub struct Builder {
    pub meta: Vec<(String, Meta)>,
    pub tensors: Vec<(String, Vec<u64>, GgmlType, Vec<u8>)>,
}

fn type_id(dtype: GgmlType) -> u32 {
    (0..64)
        .find(|id| GgmlType::from_id(*id) == Some(dtype))
        .expect("a known type")
}

impl Builder {
    pub fn meta(&mut self, key: &str, value: Meta) {
        self.meta.push((key.to_owned(), value));
    }

    pub fn tensor(&mut self, name: &str, dims: &[usize], dtype: GgmlType, bytes: Vec<u8>) {
        let dims = dims.iter().map(|d| *d as u64).collect();
        self.tensors.push((name.to_owned(), dims, dtype, bytes));
    }

    pub fn floats(&mut self, name: &str, dims: &[usize], numbers: &[f32]) {
        self.tensor(
            name,
            dims,
            GgmlType::F32,
            numbers.iter().flat_map(|x| x.to_le_bytes()).collect(),
        );
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut out = b"GGUF\x03\0\0\0".to_vec();
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend((self.meta.len() as u64).to_le_bytes());
        let string = |out: &mut Vec<u8>, text: &str| {
            out.extend((text.len() as u64).to_le_bytes());
            out.extend(text.as_bytes());
        };
        for (key, value) in &self.meta {
            string(&mut out, key);
            match value {
                Meta::Str(text) => {
                    out.extend(8u32.to_le_bytes());
                    string(&mut out, text);
                }
                Meta::Uint(n) => {
                    out.extend(4u32.to_le_bytes());
                    out.extend(n.to_le_bytes());
                }
                Meta::Float(x) => {
                    out.extend(6u32.to_le_bytes());
                    out.extend(x.to_le_bytes());
                }
            }
        }
        let mut offset = 0u64;
        for (name, dims, dtype, bytes) in &self.tensors {
            string(&mut out, name);
            out.extend((dims.len() as u32).to_le_bytes());
            out.extend(dims.iter().flat_map(|d| d.to_le_bytes()));
            out.extend(type_id(*dtype).to_le_bytes());
            out.extend(offset.to_le_bytes());
            offset += (bytes.len() as u64).next_multiple_of(32);
        }
        out.resize(out.len().next_multiple_of(32), 0);
        for (_, _, _, bytes) in &self.tensors {
            out.extend(bytes);
            out.resize(out.len().next_multiple_of(32), 0);
        }
        out
    }

    pub fn open(&self) -> File {
        self.try_open().expect("a valid file")
    }

    pub fn try_open(&self) -> Result<File, GgufError> {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let path: PathBuf = dir.path().join("model.gguf");
        std::fs::write(&path, self.bytes()).expect("a file can be written");
        Ok(File {
            gguf: Gguf::open(&path)?,
            _dir: dir,
        })
    }
}

/// A file and the folder that goes with it.
pub struct File {
    pub gguf: Gguf,
    _dir: tempfile::TempDir,
}
