//! How many threads compute.

use std::thread::available_parallelism;

/// The physical cores, at most as many as this process may use: a second thread on a core shares the units that the first
/// one keeps busy.
pub fn physical_cores() -> usize {
    let allowed = available_parallelism().map_or(1, usize::from);
    num_cpus::get_physical().clamp(1, allowed)
}
