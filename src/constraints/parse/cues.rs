//! Which phrases a word calls up: the cues of all of them, as one tree of bytes.

/// Phrases by cue.
#[derive(Default)]
pub struct Cues {
    nodes: Vec<Node>,
}

#[derive(Default)]
struct Node {
    /// By the next byte, sorted.
    next: Vec<(u8, usize)>,
    /// Phrases whose cue ends here.
    phrases: Vec<usize>,
}

impl Cues {
    pub fn add(&mut self, cue: &str, phrase: usize) {
        if self.nodes.is_empty() {
            self.nodes.push(Node::default());
        }
        let mut at = 0;
        for &byte in cue.as_bytes() {
            at = match self.nodes[at].next.binary_search_by_key(&byte, |&(byte, _)| byte) {
                Ok(found) => self.nodes[at].next[found].1,
                Err(place) => {
                    let new = self.nodes.len();
                    self.nodes[at].next.insert(place, (byte, new));
                    self.nodes.push(Node::default());
                    new
                }
            };
        }
        self.nodes[at].phrases.push(phrase);
    }

    /// Marks the phrases of all cues that `word` begins with.
    pub fn activate(&self, word: &str, active: &mut [bool]) {
        let mut node = self.nodes.first();
        for &byte in word.as_bytes() {
            let Some(here) = node else { return };
            let next = here.next.binary_search_by_key(&byte, |&(byte, _)| byte);
            node = next.ok().map(|at| &self.nodes[here.next[at].1]);
            for &phrase in node.into_iter().flat_map(|node| &node.phrases) {
                active[phrase] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_calls_what_it_begins_with() {
        let mut cues = Cues::default();
        for (phrase, cue) in ["word", "wo", "comma", "逗号"].into_iter().enumerate() {
            cues.add(cue, phrase);
        }
        let called = |word: &str| {
            let mut active = [false; 4];
            cues.activate(word, &mut active);
            active
        };
        assert_eq!(called("words"), [true, true, false, false]);
        assert_eq!(called("wolf"), [false, true, false, false]);
        assert_eq!(called("w"), [false; 4]);
        assert_eq!(called("sword"), [false; 4]);
        assert_eq!(called("逗号。"), [false, false, false, true]);
    }
}
