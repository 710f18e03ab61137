//! Token bytes to text as they arrive.

/// Puts characters together whose bytes come in several tokens. Holds back at most the three bytes of an unfinished
/// character; bytes that can never become one turn into U+FFFD.
#[derive(Debug, Default)]
pub struct Detokenizer {
    unfinished: Vec<u8>,
}

impl Detokenizer {
    /// The text that is complete with `bytes`.
    pub fn push(&mut self, bytes: &[u8]) -> String {
        self.unfinished.extend_from_slice(bytes);
        let mut text = String::new();
        let mut rest = self.unfinished.as_slice();
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    rest = &[];
                    break;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    let Some(bad) = error.error_len() else {
                        rest = after;
                        break;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &after[bad..];
                }
            }
        }
        self.unfinished = rest.to_vec();
        text
    }

    /// The stream is over or goes on elsewhere: an unfinished character becomes U+FFFD.
    pub fn finish(&mut self) -> &'static str {
        if std::mem::take(&mut self.unfinished).is_empty() {
            ""
        } else {
            "\u{fffd}"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_chunking_decodes_as_a_whole_does(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 1usize..7) {
            let mut detokenizer = Detokenizer::default();
            let mut text: String = bytes.chunks(size).map(|chunk| detokenizer.push(chunk)).collect();
            text.push_str(detokenizer.finish());
            prop_assert_eq!(text, String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn a_finished_character_is_never_held_back(text in "\\PC{0,40}") {
            let mut detokenizer = Detokenizer::default();
            for c in text.chars() {
                let mut buffer = [0; 4];
                prop_assert_eq!(detokenizer.push(c.encode_utf8(&mut buffer).as_bytes()), c.to_string());
            }
        }
    }
}
