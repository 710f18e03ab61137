//! Stop strings in a stream.

/// Lets text through up to the first stop string, holding back what may turn out to be the beginning of one.
#[derive(Debug)]
pub struct StopStrings {
    stops: Vec<String>,
    held: String,
}

impl StopStrings {
    pub fn new(stops: &[String]) -> Self {
        Self {
            stops: stops.iter().filter(|stop| !stop.is_empty()).cloned().collect(),
            held: String::new(),
        }
    }

    /// The text that is certain now, and whether a stop string came right after it.
    pub fn push(&mut self, text: &str) -> (String, bool) {
        self.held.push_str(text);
        let hit = self
            .stops
            .iter()
            .filter_map(|stop| self.held.find(stop.as_str()))
            .min();
        if let Some(at) = hit {
            self.held.truncate(at);
            return (std::mem::take(&mut self.held), true);
        }
        let held = self
            .held
            .char_indices()
            .map(|(at, _)| at)
            .find(|at| self.stops.iter().any(|stop| stop.starts_with(&self.held[*at..])))
            .unwrap_or(self.held.len());
        let rest = self.held.split_off(held);
        (std::mem::replace(&mut self.held, rest), false)
    }

    /// The stream is over: what was held back.
    pub fn finish(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(pieces: impl Iterator<Item = String>, stops: &[String]) -> (String, bool) {
        let mut filter = StopStrings::new(stops);
        let mut out = String::new();
        for piece in pieces {
            let (text, hit) = filter.push(&piece);
            out.push_str(&text);
            if hit {
                return (out, true);
            }
        }
        out.push_str(&filter.finish());
        (out, false)
    }

    proptest! {
        #[test]
        fn character_by_character_it_ends_before_the_first_stop(
            text in "[abc]{0,30}",
            stops in proptest::collection::vec("[abc]{1,4}", 0..4),
        ) {
            let (out, hit) = run(text.chars().map(String::from), &stops);
            // The stop that is complete first ends it, and of those complete together the one that began first.
            let first = (0..=text.len()).find_map(|end| {
                stops.iter().filter(|stop| text[..end].ends_with(stop.as_str())).map(|stop| end - stop.len()).min()
            });
            prop_assert_eq!(hit, first.is_some());
            prop_assert_eq!(out, &text[..first.unwrap_or(text.len())]);
        }
    }

    #[test]
    fn a_beginning_that_comes_to_nothing_is_let_through() {
        let mut filter = StopStrings::new(&["END".into()]);
        assert_eq!(filter.push("the E"), ("the ".into(), false));
        assert_eq!(filter.push("N"), (String::new(), false));
        assert_eq!(filter.push("T"), ("ENT".into(), false));
        assert_eq!(filter.push(" END of it"), (" ".into(), true));
    }
}
