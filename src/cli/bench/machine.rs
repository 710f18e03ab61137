//! What the machine can do, measured here and now.

use std::hint::black_box;
use std::time::Instant;

/// Beyond the last-level cache of today's machines by a factor that makes what stays in it not count.
const BUFFER_BYTES: usize = 512 << 20;
/// Passes over the buffer; the best one counts, for other processes only ever slow a pass down.
const PASSES: usize = 6;

/// Bytes a second that `threads` threads read from memory together.
pub fn read_bandwidth(threads: usize) -> f64 {
    // Not zeroes: an untouched page of zeroes is the same page everywhere, and in the cache.
    let buffer = vec![0x5555_5555_5555_5555_u64; BUFFER_BYTES / size_of::<u64>()];
    let share = buffer.len().div_ceil(threads.max(1));
    let best = (0..PASSES)
        .map(|_| {
            let begun = Instant::now();
            std::thread::scope(|scope| {
                for part in buffer.chunks(share) {
                    scope.spawn(move || black_box(sum(part)));
                }
            });
            begun.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min);
    size_of_val(&*buffer) as f64 / best
}

/// Independent sums, so that reading is what takes the time.
fn sum(words: &[u64]) -> [u64; 8] {
    let mut sums = [0u64; 8];
    for line in words.as_chunks::<8>().0 {
        for (sum, word) in sums.iter_mut().zip(line) {
            *sum = sum.wrapping_add(*word);
        }
    }
    sums
}

/// The most memory that this process has had resident, where the system tells it without a call that needs `unsafe`.
pub fn peak_resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
