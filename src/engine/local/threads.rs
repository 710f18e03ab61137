//! How many threads compute.

use std::thread::available_parallelism;

/// No more threads than run at the same time: those that wait for each other only spin.
pub fn at_most_all(threads: usize) -> usize {
    threads.clamp(1, available_parallelism().map_or(1, usize::from))
}

/// The physical cores, at most as many as this process may use: a second thread on a core shares the units that the first
/// one keeps busy.
pub fn physical_cores() -> usize {
    let allowed = available_parallelism().map_or(1, usize::from);
    num_cpus::get_physical().clamp(1, allowed)
}
