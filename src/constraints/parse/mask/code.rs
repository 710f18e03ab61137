//! Code that stands in a prompt without a fence.

use crate::{constraints::wording::lex::Lexed, says};

/// Masks code that stands without a fence, its comments included.
pub(super) fn lines(lexed: &Lexed, masked: &mut [bool]) {
    let is_code = |line: &str| {
        says!(
            line,
            r"^\s*(?:def \w+\(|class \w+[:({]|return\b.*|for \w+ in .*:\s*$|while .*:\s*$|if .*:\s*$|else:\s*$|import \w+$|from \w+ import |function \w*\(|(?:const|let|var) \w+ ?=|(?:public|private|static) \w+ .*[({]|#include|\w+ = \w+\(.*\)\s*$|[^\s].*;\s*$|[^\s]*[{}]\s*$)"
        ) && !line.trim_start().starts_with(['-', '*', '•'])
    };
    let mut start = 0;
    for block in lexed.prompt.split_inclusive("\n\n") {
        let code = block.lines().filter(|line| is_code(line)).count();
        if code > 0 && block.lines().count() > 1 {
            let mut at = start;
            for line in block.split_inclusive('\n') {
                let aside = line.trim_start().starts_with(['#', '/']) || line.starts_with([' ', '\t']);
                if is_code(line) || aside {
                    let end = at + line.trim_end().len();
                    let first = lexed.tokens.partition_point(|token| token.span.start < at);
                    let last = lexed.tokens.partition_point(|token| token.span.end <= end);
                    masked[first..last.max(first)].fill(true);
                }
                at += line.len();
            }
        }
        start += block.len();
    }
}
