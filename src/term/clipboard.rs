//! The clipboard, by the terminal's own sequence (OSC 52).

use std::io::Write;

use crossterm::clipboard::CopyToClipboard;
use crossterm::execute;

/// Terminals cut off or ignore longer sequences (a common limit is 100 kB of base64).
const MAX_BYTES: usize = 74_000;

/// Why a text was not copied.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    #[error(
        "{0} bytes are too many for the terminal's clipboard; `raif sessions export` writes them to a file"
    )]
    TooLong(usize),
    #[error("the terminal did not take it: {0}")]
    Terminal(#[from] std::io::Error),
}

pub(super) fn copy(out: &mut impl Write, text: &str) -> Result<(), CopyError> {
    if text.len() > MAX_BYTES {
        return Err(CopyError::TooLong(text.len()));
    }
    execute!(out, CopyToClipboard::to_clipboard_from(text))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_sequence_and_a_long_one_none() {
        let mut out = Vec::new();
        copy(&mut out, "hé").unwrap();
        assert_eq!(out, b"\x1b]52;c;aMOp\x1b\\");
        let mut out = Vec::new();
        assert!(copy(&mut out, &"x".repeat(MAX_BYTES + 1)).is_err());
        assert!(out.is_empty());
    }
}
