//! Text that a model, a file or a server sent, made safe to print.
//!
//! What can steer a terminal is removed: C0 and C1 controls except newline and tab, escape sequences as a whole, and the
//! characters that reorder text (bidirectional embeddings, overrides and isolates: they let a line read as what it is
//! not). Everything else stays to the byte. Text that needs no change is borrowed.
//!
//! Sequences are those of ECMA-48: CSI runs to its final byte; OSC, DCS, SOS, PM and APC run to a string terminator (or
//! BEL). Where such a string does not end on its line only its introducer goes, so that no text can be hidden by an
//! opening that never closes. One pass, linear in the text.

use std::borrow::Cow;

/// `text` without what could steer a terminal.
pub fn sanitize(text: &str) -> Cow<'_, str> {
    match text.find(is_unsafe) {
        None => Cow::Borrowed(text),
        Some(first) => {
            let mut out = String::with_capacity(text.len());
            out.push_str(&text[..first]);
            strip(&text[first..], &mut out);
            Cow::Owned(out)
        }
    }
}

/// [`sanitize`]d and on one line: every run of white space is one space, none at the ends.
pub fn one_line(text: &str) -> String {
    let mut out = String::new();
    for word in sanitize(text).split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Serialised JSON with every unsafe character as an escape: the same value, safe to print.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    if !json.contains(|c| is_unsafe(c) && c != '\r') {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        if is_unsafe(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

fn is_unsafe(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn strip(mut rest: &str, out: &mut String) {
    while let Some(at) = rest.find(is_unsafe) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[sequence_len(rest)..];
    }
    out.push_str(rest);
}

/// Length in bytes of the unsafe character or sequence that `text` starts with.
fn sequence_len(text: &str) -> usize {
    let mut chars = text.chars();
    match chars.next() {
        Some('\x1b') => match chars.next() {
            Some('[') => 2 + csi_len(&text[2..]),
            Some(']') => 2 + string_len(&text[2..], true),
            Some('P' | 'X' | '^' | '_') => 2 + string_len(&text[2..], false),
            _ => 1 + escape_len(&text[1..]),
        },
        Some('\u{9b}') => 2 + csi_len(&text[2..]),
        Some('\u{9d}') => 2 + string_len(&text[2..], true),
        Some('\u{90}' | '\u{98}' | '\u{9e}' | '\u{9f}') => 2 + string_len(&text[2..], false),
        Some(other) => other.len_utf8(),
        None => 0,
    }
}

/// Parameters, intermediates and the final byte; what does not belong ends the sequence and stays.
fn csi_len(text: &str) -> usize {
    let body = text.bytes().take_while(|b| matches!(b, 0x20..=0x3f)).count();
    body + usize::from(matches!(text.as_bytes().get(body), Some(0x40..=0x7e)))
}

/// A two-character escape with its intermediates (`ESC ( B`); a lone ESC takes nothing with it.
fn escape_len(text: &str) -> usize {
    let body = text.bytes().take_while(|b| matches!(b, 0x20..=0x2f)).count();
    match text.as_bytes().get(body) {
        Some(0x30..=0x7e) => body + 1,
        _ => 0,
    }
}

/// The payload of a control string and its terminator; 0 where it does not end before the line or the next sequence does.
fn string_len(text: &str, bell_ends: bool) -> usize {
    let Some(end) = text.find(|c: char| c.is_control() && c != '\t') else {
        return 0;
    };
    let tail = &text[end..];
    if tail.starts_with("\x1b\\") || tail.starts_with('\u{9c}') {
        end + 2
    } else if bell_ends && tail.starts_with('\x07') {
        end + 1
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sequences_go_whole() {
        for (text, clean) in [
            ("\x1b[31mred\x1b[0m", "red"),
            ("\x1b[?1049h\x1b[2J\x1b[Hgone", "gone"),
            ("\x1b]0;title\x07after", "after"),
            ("\x1b]52;c;aGVsbG8=\x1b\\after", "after"),
            ("\x1b]8;;http://example.org\x1b\\link\x1b]8;;\x1b\\", "link"),
            ("\x1bPq#0;2;0;0;0\x1b\\after", "after"),
            ("\u{9b}31mred", "red"),
            ("\u{9d}0;t\u{9c}after", "after"),
            ("\x1b(Bplain \x1b7\x1b8", "plain "),
            ("\x1bc", ""),
            ("a\x1b", "a"),
            ("a\x1b[", "a"),
            ("a\x1b[12é", "aé"),
            ("one\r\ntwo\tthree\x08\x07\0\x7f", "one\ntwo\tthree"),
            ("user\u{202e}nimda\u{2066}x\u{2069}", "usernimdax"),
            (
                "عربي \u{200f}עברית 日本語 👩\u{200d}💻",
                "عربي \u{200f}עברית 日本語 👩\u{200d}💻",
            ),
        ] {
            assert_eq!(sanitize(text), clean, "{text:?}");
        }
    }

    #[test]
    fn a_string_that_never_ends_hides_nothing() {
        assert_eq!(sanitize("\x1b]0;the rest"), "0;the rest");
        assert_eq!(sanitize("\x1b]0;one\ntwo\x07"), "0;one\ntwo");
        assert_eq!(sanitize("\x1bPone\x1b[1mtwo"), "onetwo");
    }

    #[test]
    fn a_million_openings_take_one_pass() {
        for opening in ["\x1b]", "\u{9d}", "\x1bP", "\x1b[", "\x1b"] {
            let text = opening.repeat(1_000_000);
            assert_eq!(sanitize(&text), "");
        }
    }

    #[test]
    fn one_line_joins_words() {
        assert_eq!(one_line("  a\n\n b\tc\x1b[0m "), "a b c");
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({"a\u{9b}": "x\u{202e}\u{7f}\n\u{1b}é"});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let escaped = escape_json(&text);
        assert!(!escaped.contains(is_unsafe));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&escaped).unwrap(),
            value
        );
    }

    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "\\PC{0,8}",
            Just("\x1b[".to_owned()),
            Just("\x1b]".to_owned()),
            Just("\x1bP".to_owned()),
            Just("\x1b\\".to_owned()),
            Just("\u{9b}".to_owned()),
            Just("\u{9d}".to_owned()),
            Just("\u{202e}".to_owned()),
            Just("31;1m".to_owned()),
            any::<char>().prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_unsafe_is_left(text in hostile()) {
            let clean = sanitize(&text);
            prop_assert!(!clean.contains(is_unsafe));
            prop_assert_eq!(sanitize(&clean), clean.clone());
        }

        #[test]
        fn safe_text_is_borrowed(text in "[^\\p{C}]{0,200}") {
            prop_assert!(matches!(sanitize(&text), Cow::Borrowed(same) if same == text));
        }

        #[test]
        fn nothing_is_added_or_moved(text in hostile()) {
            let mut source = text.chars();
            for c in sanitize(&text).chars() {
                prop_assert!(source.any(|s| s == c));
            }
        }
    }
}
