//! Where in Markdown code a text stands, one character at a time.

/// Follows fenced blocks and inline spans. A span lasts at most to the end of its line: a lone backtick in prose must not
/// swallow the text after it.
#[derive(Clone, Debug)]
pub(super) struct CodeTracker {
    fence: Option<Fence>,
    /// Backticks that opened the span; 0 outside one.
    span: usize,
    /// The run of backticks or tildes being read.
    run: Option<Run>,
    /// Nothing but whitespace on this line so far.
    line_blank: bool,
}

#[derive(Clone, Copy, Debug)]
struct Fence {
    mark: char,
    len: usize,
    line: FenceLine,
}

/// What the current line is to its fence.
#[derive(Clone, Copy, Debug, PartialEq)]
enum FenceLine {
    /// It opened the fence and may still turn out to be an inline span (an info string holds no backtick).
    Opening,
    Body,
    /// It closes the fence if nothing more comes on it.
    Closing,
}

#[derive(Clone, Copy, Debug)]
struct Run {
    mark: char,
    len: usize,
    first_on_line: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Text,
    Span,
    Fence,
}

impl CodeTracker {
    pub(super) fn new() -> Self {
        Self {
            fence: None,
            span: 0,
            run: None,
            line_blank: true,
        }
    }

    pub(super) fn step(&mut self, c: char) {
        if let Some(run) = &mut self.run
            && run.mark == c
        {
            run.len += 1;
            return;
        }
        self.settle();
        match c {
            '`' | '~' => {
                self.run = Some(Run {
                    mark: c,
                    len: 1,
                    first_on_line: self.line_blank,
                });
                self.line_blank = false;
            }
            '\n' => {
                self.span = 0;
                self.line_blank = true;
                self.fence = self.fence.filter(|fence| fence.line != FenceLine::Closing);
                if let Some(fence) = &mut self.fence {
                    fence.line = FenceLine::Body;
                }
            }
            c if c.is_whitespace() => {}
            _ => {
                self.line_blank = false;
                if let Some(fence) = &mut self.fence
                    && fence.line == FenceLine::Closing
                {
                    fence.line = FenceLine::Body;
                }
            }
        }
    }

    /// The place of a character that is neither a backtick nor a tilde, should it come next.
    pub(super) fn place(&mut self) -> Place {
        self.settle();
        match self.fence {
            Some(fence) if fence.line != FenceLine::Closing => Place::Fence,
            _ if self.span > 0 => Place::Span,
            _ => Place::Text,
        }
    }

    /// The run is over: decides what it meant.
    fn settle(&mut self) {
        let Some(run) = self.run.take() else { return };
        match &mut self.fence {
            Some(fence) if fence.line == FenceLine::Opening && run.mark == '`' && fence.mark == '`' => {
                self.span = if run.len == fence.len { 0 } else { fence.len };
                self.fence = None;
            }
            Some(fence) if fence.line == FenceLine::Opening => {}
            Some(fence) => {
                let closes = run.first_on_line && run.mark == fence.mark && run.len >= fence.len;
                fence.line = if closes {
                    FenceLine::Closing
                } else {
                    FenceLine::Body
                };
            }
            None if run.first_on_line && run.len >= 3 => {
                self.fence = Some(Fence {
                    mark: run.mark,
                    len: run.len,
                    line: FenceLine::Opening,
                });
            }
            None if run.mark == '~' => {}
            None if self.span == 0 => self.span = run.len,
            None if self.span == run.len => self.span = 0,
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_after(text: &str) -> Place {
        let mut tracker = CodeTracker::new();
        text.chars().for_each(|c| tracker.step(c));
        tracker.place()
    }

    #[test]
    fn code_is_told_from_prose() {
        for (text, place) in [
            ("", Place::Text),
            ("a `b", Place::Span),
            ("a `b` ", Place::Text),
            ("a ``b ` c", Place::Span),
            ("a ``b ` c`` ", Place::Text),
            ("a lone ` and a new line\n", Place::Text),
            ("```rust\nlet x", Place::Fence),
            ("```rust\nlet x\n```\n", Place::Text),
            ("```rust\nlet x\n``` ", Place::Text),
            ("```rust\nlet x\n``` not the end", Place::Fence),
            ("````\n```\n", Place::Fence),
            ("~~~\n```\n", Place::Fence),
            ("  - item\n    ```\n", Place::Fence),
            ("```inline``` and ", Place::Text),
            ("```in `line", Place::Span),
            ("not at the start ```\n", Place::Text),
            ("a ~ b ~~~ c", Place::Text),
        ] {
            assert_eq!(place_after(text), place, "after {text:?}");
        }
    }
}
