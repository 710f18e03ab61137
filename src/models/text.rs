//! Words for people: sizes, and names that files give.

use crate::chat::sanitize::one_line;

/// Bytes as people write them: `98 MB`, `1.5 GB`, decimal units, three digits at most.
pub fn human_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit >= 3 && value < 99.95 {
        format!("{value:.1} {}", UNITS[unit])
    } else {
        format!("{value:.0} {}", UNITS[unit])
    }
}

/// A name from a file or a server on one line, short, with nothing that could steer a terminal.
pub(super) fn printable(text: &str) -> String {
    const LONGEST: usize = 160;
    let start = text
        .char_indices()
        .nth(4 * LONGEST)
        .map_or(text, |(end, _)| &text[..end]);
    one_line(start).chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::human_bytes;

    #[test]
    fn sizes_read_as_people_write_them() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (98_362_432, "98 MB"),
            (999_600_000, "1.0 GB"),
            (15_200_000_000, "15.2 GB"),
            (150_000_000_000, "150 GB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(human_bytes(bytes), text);
        }
    }
}
