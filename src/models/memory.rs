//! How much memory this machine has, and how much of it a model would take.

use serde::Serialize;

/// Bytes, at the moment of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Memory {
    pub total: u64,
    /// What can be had without swapping.
    pub available: u64,
}

/// Whether a model will run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    Fits,
    /// This machine is large enough, but other programs have the memory now.
    NotNow,
    TooLarge,
    /// This system does not say how much memory it has.
    Unknown,
}

impl Memory {
    /// `None` where the system does not say.
    pub fn of_this_machine() -> Option<Self> {
        #[cfg(target_os = "macos")]
        {
            // The system does not say what is available in a form that one could add up; its total is the limit.
            let output = std::process::Command::new("sysctl")
                .args(["-n", "hw.memsize"])
                .output()
                .ok()?;
            let total = String::from_utf8(output.stdout).ok()?.trim().parse().ok()?;
            Some(Self {
                total,
                available: total,
            })
        }
        #[cfg(not(target_os = "macos"))]
        {
            let text = std::fs::read_to_string("/proc/meminfo").ok()?;
            let machine = parse_meminfo(&text)?;
            let group = |file: &str| {
                let text = std::fs::read_to_string(format!("/sys/fs/cgroup/{file}")).ok()?;
                text.trim().parse::<u64>().ok()
            };
            Some(match (group("memory.max"), group("memory.current")) {
                (Some(limit), Some(used)) => machine.limited(limit, used),
                _ => machine,
            })
        }
    }

    pub fn fit(self, need: u64) -> Fit {
        if need <= self.available {
            Fit::Fits
        } else if need <= self.total {
            Fit::NotNow
        } else {
            Fit::TooLarge
        }
    }

    /// As a container with this limit sees it.
    fn limited(self, limit: u64, used: u64) -> Self {
        Self {
            total: self.total.min(limit),
            available: self.available.min(limit.saturating_sub(used)),
        }
    }
}

fn parse_meminfo(text: &str) -> Option<Memory> {
    let field = |name: &str| {
        let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: u64 = rest
            .trim_start_matches(':')
            .split_whitespace()
            .next()?
            .parse()
            .ok()?;
        kilobytes.checked_mul(1024)
    };
    Some(Memory {
        total: field("MemTotal")?,
        available: field("MemAvailable")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systems_words_are_understood() {
        let text = "MemTotal:       24000000 kB\nMemFree:  1 kB\nMemAvailable:   18000000 kB\n";
        let memory = parse_meminfo(text).unwrap();
        assert_eq!(memory.total, 24_576_000_000);
        assert_eq!(memory.fit(18_432_000_000), Fit::Fits);
        assert_eq!(memory.fit(18_432_000_001), Fit::NotNow);
        assert_eq!(memory.fit(24_576_000_001), Fit::TooLarge);
        assert_eq!(parse_meminfo("MemTotal: much"), None);
        let contained = memory.limited(4_000_000_000, 1_000_000_000);
        assert_eq!(contained.fit(3_000_000_001), Fit::NotNow);
        assert_eq!(contained.fit(4_000_000_001), Fit::TooLarge);
    }
}
