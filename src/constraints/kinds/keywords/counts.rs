//! Several keywords, each so many times.

use crate::constraints::{
    Semantics, Verdict,
    checker::Checker,
    text::literal::{Edges, Literal},
};

/// Each keyword occurs exactly as often as it should.
pub struct ExactCounts {
    keywords: Vec<Counted>,
    finished: bool,
}

struct Counted {
    text: String,
    finder: Literal,
    found: usize,
    wanted: usize,
}

impl ExactCounts {
    pub fn new(wanted: &[(&str, usize)], semantics: Semantics) -> Self {
        let edges = if semantics == Semantics::Official {
            Edges::Any
        } else {
            Edges::WholeWord
        };
        let keywords = wanted.iter().map(|&(text, wanted)| Counted {
            text: text.to_owned(),
            finder: Literal::new(text, true, edges),
            found: 0,
            wanted,
        });
        Self {
            keywords: keywords.collect(),
            finished: false,
        }
    }
}

impl Checker for ExactCounts {
    fn feed(&mut self, answer: &str, piece: &str) {
        let from = answer.len() - piece.len();
        for keyword in &mut self.keywords {
            let found = piece
                .char_indices()
                .filter_map(|(offset, c)| keyword.finder.take(from + offset, c));
            keyword.found += found.count();
        }
    }

    fn finish(&mut self, _answer: &str) {
        for keyword in &mut self.keywords {
            keyword.found += usize::from(keyword.finder.end().is_some());
        }
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        let right = self
            .keywords
            .iter()
            .all(|keyword| keyword.found == keyword.wanted);
        let too_many = self.keywords.iter().any(|keyword| keyword.found > keyword.wanted);
        match (too_many, right, self.finished) {
            (true, ..) | (false, false, true) => Verdict::Broken,
            (false, true, true) => Verdict::Met,
            (false, true, false) => Verdict::Holding,
            (false, false, false) => Verdict::Pending,
        }
    }

    fn value(&self) -> String {
        let counts = self
            .keywords
            .iter()
            .map(|keyword| format!("{} {}/{}", keyword.text, keyword.found, keyword.wanted));
        counts.collect::<Vec<_>>().join(", ")
    }
}
