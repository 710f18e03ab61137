//! Code and logs that stand in a prompt without a fence.

use crate::{constraints::wording::lex::Lexed, says};

/// Masks code that stands without a fence, its comments included: lines of a block in which one is unmistakable.
pub(super) fn lines(lexed: &Lexed, masked: &mut [bool]) {
    let is_sure = |line: &str| {
        says!(
            line,
            r"^\s*(?:def \w+\(|class \w+[:({]|#include|import \w+$|from \w+ import |function \w*\(|(?:const|let|var) \w+ ?=|(?:public|private|static) \w+ .*[({]|for \w+ in \w+[(\[.].*:\s*$|\w+ = \w+\(.*\)\s*$)"
        )
    };
    // With the marks that only code has.
    let is_code =
        |line: &str| is_sure(line) || says!(line, r"^\s*return .*[(=<>\[]|[=(){}].*[;{}]\s*$|^\s*[{}]\s*$");
    if !lexed.prompt.contains(['(', '{', '=', ';']) {
        return;
    }
    let mut start = 0;
    for block in lexed.prompt.split_inclusive("\n\n") {
        if block.lines().any(is_sure) && block.lines().count() > 1 {
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

/// Masks the lines of a log: those that begin with when they were written.
pub(super) fn logs(lexed: &Lexed, masked: &mut [bool]) {
    if !lexed.prompt.contains(':') {
        return;
    }
    let mut at = 0;
    for line in lexed.prompt.split_inclusive('\n') {
        if says!(
            line,
            r"^\s*[\[(]?(?:\d{4}[-/.]\d\d[-/.]\d\d[ T_]+\d\d:\d\d|(?:[A-Z][a-z]{2} +\d{1,2} )?\d\d:\d\d:\d\d)"
        ) {
            let end = at + line.trim_end().len();
            let first = lexed.tokens.partition_point(|token| token.span.start < at);
            let last = lexed.tokens.partition_point(|token| token.span.end <= end);
            masked[first..last.max(first)].fill(true);
        }
        at += line.len();
    }
}
