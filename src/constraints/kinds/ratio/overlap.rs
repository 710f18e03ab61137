//! What the answer shares with a text.

use std::collections::{HashMap, HashSet};

use crate::constraints::{Verdict, checker::Checker};

type Trigram = [char; 3];

/// The share of the answer's trigrams (three characters, as published) that a reference text has too, within two points.
pub struct Overlap {
    /// Trigrams of the reference, and whether the answer has had them.
    reference: HashMap<Trigram, bool>,
    /// Trigrams of the answer alone.
    own: HashSet<Trigram>,
    shared: usize,
    last: Option<[char; 2]>,
    first: Option<char>,
    wanted: f64,
    finished: bool,
}

const TOLERANCE: f64 = 2.0;

impl Overlap {
    pub fn new(reference: &str, wanted: f64) -> Self {
        let chars: Vec<char> = reference.chars().collect();
        let reference = chars.windows(3).map(|w| ([w[0], w[1], w[2]], false)).collect();
        Self {
            reference,
            own: HashSet::new(),
            shared: 0,
            last: None,
            first: None,
            wanted,
            finished: false,
        }
    }

    fn share(&self) -> f64 {
        let all = self.shared + self.own.len();
        if all == 0 {
            0.0
        } else {
            self.shared as f64 / all as f64 * 100.0
        }
    }
}

impl Checker for Overlap {
    fn feed(&mut self, _answer: &str, piece: &str) {
        for c in piece.chars() {
            if let Some([a, b]) = self.last {
                match self.reference.get_mut(&[a, b, c]) {
                    Some(seen) => {
                        self.shared += usize::from(!*seen);
                        *seen = true;
                    }
                    None => {
                        self.own.insert([a, b, c]);
                    }
                }
                self.last = Some([b, c]);
            } else if let Some(first) = self.first {
                self.last = Some([first, c]);
            } else {
                self.first = Some(c);
            }
        }
    }

    fn finish(&mut self, _answer: &str) {
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        let any = self.shared + self.own.len() > 0;
        let near = any && (self.wanted - TOLERANCE..=self.wanted + TOLERANCE).contains(&self.share());
        match (near, self.finished) {
            (true, true) => Verdict::Met,
            (false, true) => Verdict::Broken,
            (true, false) => Verdict::Holding,
            (false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        format!("{:.0}% of {:.0}%", self.share(), self.wanted)
    }
}
