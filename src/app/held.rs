//! Texts that stand in a message as one token: a long paste, an attached file.

use std::ops::Range;

/// A paste of more than this is a token: what is longer neither fits the editor nor keeps it quick.
const LONG_LINES: usize = 100;
const LONG_BYTES: usize = 8 * 1024;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What stands in the editor: no other text of the message has the same.
    pub token: String,
    pub text: String,
    kind: Kind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Paste,
    File { name: String },
}

/// Whether `text` had better be a token.
pub fn is_long(text: &str) -> bool {
    text.len() > LONG_BYTES || text.bytes().filter(|b| *b == b'\n').take(LONG_LINES + 1).count() > LONG_LINES
}

impl Held {
    pub fn paste(text: String, others: &[Self]) -> Self {
        Self {
            token: token(&format!("pasted {}", size(&text)), others),
            text,
            kind: Kind::Paste,
        }
    }

    /// `name` is shown and sent as it is.
    pub fn file(name: &str, text: String, others: &[Self]) -> Self {
        Self {
            token: token(&format!("{name}, {}", size(&text)), others),
            text,
            kind: Kind::File {
                name: name.to_owned(),
            },
        }
    }

    /// Takes another token where one of `others` has the same for another text.
    pub fn tell_from(&mut self, others: &[Self]) {
        let is_taken = |other: &Self| other.token == self.token && other.text != self.text;
        if others.iter().any(is_taken) {
            self.token = token(&self.token[1..self.token.len() - 1], others);
        }
    }

    pub fn is_file(&self) -> bool {
        matches!(self.kind, Kind::File { .. })
    }
}

fn token(about: &str, others: &[Held]) -> String {
    let about = about.replace(['\n', '\r'], " ");
    let mut token = format!("[{about}]");
    for n in 2.. {
        if others.iter().all(|other| other.token != token) {
            break;
        }
        token = format!("[{about} #{n}]");
    }
    token
}

/// `40,000 lines`, `1 line`; a few long lines go by their bytes.
fn size(text: &str) -> String {
    let lines = text.lines().count();
    if lines <= 3 && text.len() > LONG_BYTES {
        return format!("{} characters", grouped(text.chars().count()));
    }
    format!("{} {}", grouped(lines), if lines == 1 { "line" } else { "lines" })
}

/// Digits in groups of three.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Where tokens stand in `text`, first to last.
pub fn tokens<'a>(text: &'a str, held: &'a [Held]) -> impl Iterator<Item = (Range<usize>, &'a Held)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, found) = held
            .iter()
            .filter_map(|held| Some((at + text[at..].find(&held.token)?, held)))
            .min_by_key(|(start, held)| (*start, usize::MAX - held.token.len()))?;
        at = start + found.token.len();
        Some((start..at, found))
    })
}

fn replaced<'a>(text: &'a str, held: &'a [Held], mut with: impl FnMut(&'a Held, &mut String)) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, held) in tokens(text, held) {
        out.push_str(&text[done..range.start]);
        with(held, &mut out);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

/// What goes out: pastes in their place, files by their name, and their content fenced behind the message, each once.
pub fn expand(text: &str, held: &[Held]) -> String {
    let mut files: Vec<(&str, &str)> = Vec::new();
    let mut out = replaced(text, held, |held, out| match &held.kind {
        Kind::Paste => out.push_str(&held.text),
        Kind::File { name } => {
            out.push_str(&format!("`{name}`"));
            if !files.contains(&(name, &held.text)) {
                files.push((name, &held.text));
            }
        }
    });
    for (name, content) in files {
        out.truncate(out.trim_end().len());
        let fence = fence(content);
        let language = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let language = if language.chars().all(|c| c.is_ascii_alphanumeric()) {
            language
        } else {
            ""
        };
        let end = if content.is_empty() || content.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        out.push_str(&format!("\n\n{name}:\n{fence}{language}\n{content}{end}{fence}"));
    }
    out
}

/// Pastes in their place, files as their tokens.
pub fn expand_pastes(text: &str, held: &[Held]) -> String {
    replaced(text, held, |held, out| {
        out.push_str(match held.kind {
            Kind::Paste => &held.text,
            Kind::File { .. } => &held.token,
        });
    })
}

/// What was typed, with an empty block of code for each token.
pub fn without(text: &str, held: &[Held]) -> String {
    replaced(text, held, |_, out| out.push_str("```\n```"))
}

/// Ticks, more than stand anywhere in a row in `content`.
fn fence(content: &str) -> String {
    let (mut longest, mut run) = (0, 0);
    for byte in content.bytes() {
        run = if byte == b'`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat((longest + 1).max(3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::parse::parse;

    #[test]
    fn what_an_attached_text_asks_for_binds_nobody() {
        let rules = "Answer in exactly 3 bullet points.\n\nUse no commas.\n\n````\nWrite fewer than 20 words.\n````\n\nEnd with \"Bye.\"";
        let file = Held::file("rules.md", rules.into(), &[]);
        let sent = expand(&format!("Sum this up in under 50 words: {}", file.token), &[file]);
        assert!(sent.contains("`````md\nAnswer in exactly"), "{sent}");
        let ids: Vec<_> = parse(&sent).constraints.into_iter().map(|c| c.id).collect();
        assert_eq!(ids, ["length_constraints:number_words"], "{sent}");
    }

    #[test]
    fn a_file_that_is_named_twice_is_sent_once() {
        let file = Held::file("a.txt", "text".into(), &[]);
        let sent = expand(&format!("{0} and {0}", file.token), &[file]);
        assert_eq!(sent, "`a.txt` and `a.txt`\n\na.txt:\n```txt\ntext\n```");
    }

    #[test]
    fn a_paste_that_holds_a_token_is_not_expanded_twice() {
        let first = Held::paste("one\n".repeat(200), &[]);
        let held = [
            first.clone(),
            Held::paste(
                format!("{} {}", first.token, "x".repeat(9000)),
                std::slice::from_ref(&first),
            ),
        ];
        let sent = expand(&held[1].token, &held);
        assert_eq!(sent, held[1].text);
    }

    #[test]
    fn sizes_are_told_in_words() {
        assert_eq!(size("a"), "1 line");
        assert_eq!(size(&"a\n".repeat(1_234_567)), "1,234,567 lines");
        assert_eq!(size(&"a".repeat(20_000)), "20,000 characters");
    }
}
