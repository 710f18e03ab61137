//! A model's matrices in memory, as tiles.
//!
//! Owns one arena with all of them, filled at load from the mapped file by several threads. Each stretch of the file is
//! given back to the system as soon as it was read, so at no time are there two copies of the weights in memory.
//!
//! Invariants: a [`Slot`] belongs to the [`Weights`] of the loader that made it; its lines lie inside the arena; lanes of
//! a last tile beyond the matrix's rows are zero.

use std::ops::Range;
use std::sync::Mutex;

use memmap2::{MmapMut, MmapOptions};

use crate::engine::local::LoadError;
use crate::models::gguf::Gguf;

use super::formats::{Encoding, FloatFormat, Format, GROUP, Rounding, TileShape, pack_tile, with_format};
use super::simd::{LANES, Line};

/// Where one matrix lies in the arena, and its shape.
#[derive(Clone, Debug)]
pub struct Slot {
    encoding: Encoding,
    rows: usize,
    columns: usize,
    lines: Range<usize>,
}

/// The roundings of activations that products with some matrices want.
#[derive(Clone, Copy)]
pub struct Roundings([bool; 2]);

impl Roundings {
    pub fn of<'a>(slots: impl IntoIterator<Item = &'a Slot>) -> Self {
        let mut wanted = [false; 2];
        for rounding in slots.into_iter().filter_map(|slot| slot.encoding.rounding()) {
            wanted[rounding as usize] = true;
        }
        Self(wanted)
    }

    pub fn iter(self) -> impl Iterator<Item = Rounding> {
        Rounding::ALL
            .into_iter()
            .filter(move |rounding| self.0[*rounding as usize])
    }
}

/// A matrix: `rows` results from `columns` inputs.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    encoding: Encoding,
    rows: usize,
    columns: usize,
    tile_lines: usize,
    lines: &'a [Line],
}

impl<'a> Matrix<'a> {
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Tiles of sixteen rows, the last perhaps with fewer.
    pub fn tiles(&self) -> usize {
        self.rows.div_ceil(LANES)
    }

    pub fn tile_bytes(&self) -> usize {
        self.tile_lines * size_of::<Line>()
    }

    pub fn tile(&self, index: usize) -> &'a [Line] {
        &self.lines[index * self.tile_lines..][..self.tile_lines]
    }
}

/// Lines a tile of `columns` columns.
fn tile_lines(encoding: Encoding, columns: usize) -> usize {
    with_format!(encoding,
        quantised F => TileShape::<F>::lines(columns / F::TYPE.block_len()),
        float F => columns / F::PER_LINE)
}

/// Writes up to sixteen rows of a file into a zeroed tile.
fn pack(encoding: Encoding, rows: &[u8], row_bytes: usize, tile: &mut [Line]) {
    with_format!(encoding,
    quantised F => pack_tile::<F>(rows, row_bytes, tile),
    float F => for (lane, row) in rows.chunks_exact(row_bytes).enumerate() {
        F::pack_row(row, lane, tile);
    });
}

/// The filled arena.
pub struct Weights {
    arena: Arena,
}

impl Weights {
    pub fn matrix(&self, slot: &Slot) -> Matrix<'_> {
        Matrix {
            encoding: slot.encoding,
            rows: slot.rows,
            columns: slot.columns,
            tile_lines: slot.lines.len() / slot.rows.div_ceil(LANES),
            lines: &self.arena.lines()[slot.lines.clone()],
        }
    }
}

/// Collects the matrices that a model needs, then fills them in one go.
pub struct Loader<'a> {
    gguf: &'a Gguf,
    tensors: Vec<(String, Slot)>,
    lines: usize,
}

impl<'a> Loader<'a> {
    pub fn new(gguf: &'a Gguf) -> Self {
        Self {
            gguf,
            tensors: Vec::new(),
            lines: 0,
        }
    }

    /// Reserves room for a matrix of the file.
    pub fn matrix(&mut self, name: &str, columns: usize, rows: usize) -> Result<Slot, LoadError> {
        let tensor = self
            .gguf
            .tensor(name)
            .ok_or_else(|| LoadError::NoTensor(name.to_owned()))?;
        let shape = [columns as u64, rows as u64];
        if tensor.dims != shape {
            return Err(LoadError::Shape {
                name: name.to_owned(),
                found: tensor.dims.clone(),
                expected: shape.to_vec(),
            });
        }
        let encoding = Encoding::of(tensor.dtype).ok_or_else(|| LoadError::TensorType {
            name: name.to_owned(),
            dtype: tensor.dtype.name(),
        })?;
        let block = tensor.dtype.block_len().max(GROUP);
        if columns == 0 || rows == 0 || !columns.is_multiple_of(block) {
            return Err(LoadError::Width {
                name: name.to_owned(),
                columns,
                block,
            });
        }
        let lines = tile_lines(encoding, columns) * rows.div_ceil(LANES);
        let slot = Slot {
            encoding,
            rows,
            columns,
            lines: self.lines..self.lines + lines,
        };
        self.lines += lines;
        self.tensors.push((name.to_owned(), slot.clone()));
        Ok(slot)
    }

    /// Copies everything that was reserved from the file, with `threads` threads.
    pub fn fill(self, threads: usize) -> Result<Weights, LoadError> {
        let mut arena = Arena::new(self.lines).map_err(|source| LoadError::Memory {
            megabytes: self.lines * size_of::<Line>() / 1_000_000,
            source,
        })?;
        let mut jobs = Vec::new();
        let mut rest = arena.lines_mut();
        for (name, slot) in &self.tensors {
            let Some(tensor) = self.gguf.tensor(name) else {
                continue;
            };
            let (target, after) = rest.split_at_mut(slot.lines.len());
            rest = after;
            let source = self.gguf.bytes(tensor);
            let row_bytes = source.len() / slot.rows;
            let tile_lines = tile_lines(slot.encoding, slot.columns);
            // About a megabyte a job.
            let tiles = (1 << 20) / (tile_lines * size_of::<Line>()) + 1;
            let stride = tiles * LANES * row_bytes;
            let starts = tensor.range.clone().step_by(stride);
            let pieces = source.chunks(stride).zip(target.chunks_mut(tiles * tile_lines));
            jobs.extend(starts.zip(pieces).map(|(start, (source, target))| Job {
                encoding: slot.encoding,
                source,
                start,
                row_bytes,
                target,
                tile_lines,
            }));
        }
        let jobs = Mutex::new(jobs.into_iter());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    while let Some(job) = next(&jobs) {
                        let read = job.start..job.start + job.source.len();
                        job.run();
                        self.gguf.release(read);
                    }
                });
            }
        });
        Ok(Weights { arena })
    }
}

fn next<T>(jobs: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    jobs.lock().ok()?.next()
}

/// Some tiles to be filled from some rows.
struct Job<'a> {
    encoding: Encoding,
    source: &'a [u8],
    /// Where `source` begins in the file.
    start: usize,
    row_bytes: usize,
    target: &'a mut [Line],
    tile_lines: usize,
}

impl Job<'_> {
    fn run(self) {
        let rows = self.source.chunks(LANES * self.row_bytes);
        for (rows, tile) in rows.zip(self.target.chunks_exact_mut(self.tile_lines)) {
            pack(self.encoding, rows, self.row_bytes, tile);
        }
    }
}

/// Zeroed memory for lines, in large pages where the system has them.
struct Arena {
    map: MmapMut,
    /// Lines before the first used one.
    skip: usize,
    len: usize,
}

impl Arena {
    const LARGE_PAGE: usize = 2 << 20;

    fn new(len: usize) -> std::io::Result<Self> {
        let map = MmapOptions::new()
            .len(len * size_of::<Line>() + Self::LARGE_PAGE)
            .map_anon()?;
        #[cfg(target_os = "linux")]
        {
            // Only a wish: without large pages everything works, a little slower.
            let _ = map.advise(memmap2::Advice::HugePage);
        }
        let skip = map.as_ptr().align_offset(Self::LARGE_PAGE) / size_of::<Line>();
        Ok(Self { map, skip, len })
    }

    fn lines(&self) -> &[Line] {
        // SAFETY: the map is longer than `skip + len` lines, begins at a page, and any bytes are a valid `Line`.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().cast::<Line>().add(self.skip), self.len) }
    }

    fn lines_mut(&mut self) -> &mut [Line] {
        // SAFETY: as in `lines`, and `self` is borrowed exclusively.
        unsafe {
            std::slice::from_raw_parts_mut(self.map.as_mut_ptr().cast::<Line>().add(self.skip), self.len)
        }
    }
}
