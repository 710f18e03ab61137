//! Writing a GGUF's header. Sizes follow from shapes, so the header is complete before the first tensor is there, and
//! tensors can then be put into the file in any order.

use super::{GgmlType, TensorInfo};

/// Metadata and tensor table in the making, version 3.
#[derive(Default)]
pub struct HeaderWriter {
    metadata: Vec<u8>,
    metadata_count: u64,
    tensors: Vec<TensorInfo>,
    data_len: usize,
}

const ALIGNMENT: usize = 32;

impl HeaderWriter {
    pub fn string(&mut self, key: &str, value: &str) {
        self.value(key, 8, |out| put_string(out, value));
    }

    pub fn u32(&mut self, key: &str, value: u32) {
        self.value(key, 4, |out| out.extend(value.to_le_bytes()));
    }

    pub fn f32(&mut self, key: &str, value: f32) {
        self.value(key, 6, |out| out.extend(value.to_le_bytes()));
    }

    pub fn bool(&mut self, key: &str, value: bool) {
        self.value(key, 7, |out| out.push(value.into()));
    }

    pub fn strings<S: AsRef<str>>(&mut self, key: &str, values: &[S]) {
        self.value(key, 9, |out| {
            out.extend(8u32.to_le_bytes());
            out.extend((values.len() as u64).to_le_bytes());
            values.iter().for_each(|value| put_string(out, value.as_ref()));
        });
    }

    pub fn i32s(&mut self, key: &str, values: &[i32]) {
        self.value(key, 9, |out| {
            out.extend(5u32.to_le_bytes());
            out.extend((values.len() as u64).to_le_bytes());
            values.iter().for_each(|value| out.extend(value.to_le_bytes()));
        });
    }

    fn value(&mut self, key: &str, kind: u32, put: impl FnOnce(&mut Vec<u8>)) {
        put_string(&mut self.metadata, key);
        self.metadata.extend(kind.to_le_bytes());
        put(&mut self.metadata);
        self.metadata_count += 1;
    }

    /// A tensor after those before it. `dims`: innermost first, the first a multiple of the type's block. `None` where
    /// its size is beyond all bounds.
    pub fn tensor(&mut self, name: String, dims: Vec<u64>, dtype: GgmlType) -> Option<()> {
        let elements = dims.iter().try_fold(1u64, |n, d| n.checked_mul(*d))?;
        let bytes = (elements / dtype.block_len() as u64).checked_mul(dtype.block_bytes() as u64)?;
        let end = self.data_len.checked_add(usize::try_from(bytes).ok()?)?;
        self.tensors.push(TensorInfo {
            name,
            dims,
            dtype,
            range: self.data_len..end,
        });
        self.data_len = end.checked_next_multiple_of(ALIGNMENT)?;
        Some(())
    }

    /// The header's bytes, to which the tensors' data follow directly, and the tensors with their places in the file.
    pub fn finish(self) -> (Vec<u8>, Vec<TensorInfo>) {
        let mut out = b"GGUF".to_vec();
        out.extend(3u32.to_le_bytes());
        out.extend((self.tensors.len() as u64).to_le_bytes());
        out.extend(self.metadata_count.to_le_bytes());
        out.extend(self.metadata);
        for tensor in &self.tensors {
            put_string(&mut out, &tensor.name);
            out.extend((tensor.dims.len() as u32).to_le_bytes());
            out.extend(tensor.dims.iter().flat_map(|dim| dim.to_le_bytes()));
            out.extend(tensor.dtype.id().to_le_bytes());
            out.extend((tensor.range.start as u64).to_le_bytes());
        }
        out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
        let mut tensors = self.tensors;
        for tensor in &mut tensors {
            tensor.range = out.len() + tensor.range.start..out.len() + tensor.range.end;
        }
        (out, tensors)
    }
}

fn put_string(out: &mut Vec<u8>, text: &str) {
    out.extend((text.len() as u64).to_le_bytes());
    out.extend(text.as_bytes());
}
