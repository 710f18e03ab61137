//! LaTeX to text that reads well in a terminal, with Unicode signs; and which parts of a Markdown source are LaTeX.
//!
//! A subset: fractions, roots, powers and indices, Greek, relations, arrows, sets. What is not known stays as written.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

mod symbols;

/// Nested groups beyond this are kept as written.
const DEPTH: usize = 32;

/// Rewrites `\(…\)` and `\[…\]`, which Markdown would take for escaped brackets, as `$$…$$`, which is as long: offsets
/// stay those of the source. Code is left alone, and a formula ends within its block.
pub fn mask(source: &str, options: Options) -> Cow<'_, str> {
    if !source.contains("\\(") && !source.contains("\\[") {
        return Cow::Borrowed(source);
    }
    let mut masked = source.to_owned();
    let mut code: Vec<Range<usize>> = Vec::new();
    let mut depth = 0usize;
    let mut in_code = false;
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                depth += 1;
                in_code |= matches!(tag, Tag::CodeBlock(_));
            }
            Event::End(tag) => {
                depth -= 1;
                in_code &= !matches!(tag, TagEnd::CodeBlock);
                if depth == 0 {
                    mask_block(source, range, &code, &mut masked);
                    code.clear();
                }
            }
            Event::Code(_) => code.push(range),
            Event::Text(_) if in_code => code.push(range),
            _ => {}
        }
    }
    Cow::Owned(masked)
}

fn mask_block(source: &str, block: Range<usize>, code: &[Range<usize>], masked: &mut String) {
    let mut at = block.start;
    let mut code = code.iter().peekable();
    while let Some(found) = source[at..block.end].find('\\') {
        at += found;
        while code.next_if(|code| code.end <= at).is_some() {}
        if let Some(inside) = code.peek().filter(|code| code.start <= at) {
            at = inside.end;
            continue;
        }
        let close = match source.as_bytes().get(at + 1) {
            Some(b'(') => "\\)",
            Some(b'[') => "\\]",
            Some(b'\\') => {
                at += 2;
                continue;
            }
            _ => {
                at += 1;
                continue;
            }
        };
        let limit = code.peek().map_or(block.end, |code| code.start);
        let rest = &source[(at + 2).min(limit)..limit];
        let inner = rest.find(close).map(|end| &rest[..end]);
        at += 2;
        if let Some(inner) =
            inner.filter(|inner| !inner.contains("\n\n") && !inner.contains('$') && !inner.trim().is_empty())
        {
            let end = at + inner.len();
            masked.replace_range(at - 2..at, "$$");
            masked.replace_range(end..end + 2, "$$");
            at = end + 2;
        }
    }
}

/// Whether the text between two single dollar signs is a formula, not prices.
pub fn is_formula(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic());
    text.contains(['\\', '^', '_', '=', '<', '>', '+', '*', '/', '{'])
        || (letters.next().is_some() && letters.next().is_none())
}

/// LaTeX without its delimiters to text. Rows of an aligned formula are lines.
pub fn to_text(latex: &str) -> String {
    let mut reader = Reader {
        rest: latex.trim(),
        depth: 0,
    };
    let text = reader.sequence(None);
    let lines: Vec<String> = text
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    lines.join("\n")
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Up to `close` (taken, not kept), or to the end.
    fn sequence(&mut self, close: Option<char>) -> String {
        let mut out = String::new();
        while let Some(c) = self.next() {
            match c {
                _ if Some(c) == close => return out,
                '\\' => self.command(&mut out),
                '^' => {
                    let group = self.group();
                    out.push_str(&script(&group, '^', symbols::superscript));
                }
                '_' => {
                    let group = self.group();
                    out.push_str(&script(&group, '_', symbols::subscript));
                }
                '{' => out.push_str(&self.nested('}')),
                '}' => {}
                '&' | '~' => out.push(' '),
                '\n' => out.push(' '),
                '\'' => out.push('′'),
                '-' => out.push('−'),
                _ => out.push(c),
            }
        }
        out
    }

    fn nested(&mut self, close: char) -> String {
        if self.depth >= DEPTH {
            return std::mem::take(&mut self.rest).to_owned();
        }
        self.depth += 1;
        let text = self.sequence(Some(close));
        self.depth -= 1;
        text
    }

    /// The argument of a command: a group, a command, or one character.
    fn group(&mut self) -> String {
        self.rest = self.rest.trim_start();
        match self.next() {
            Some('{') => self.nested('}'),
            Some('\\') => {
                let mut out = String::new();
                if self.depth < DEPTH {
                    self.depth += 1;
                    self.command(&mut out);
                    self.depth -= 1;
                }
                out
            }
            Some(c) => c.to_string(),
            None => String::new(),
        }
    }

    fn name(&mut self) -> &'a str {
        let letters = self.rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let length = match letters {
            0 => self.rest.chars().next().map_or(0, char::len_utf8),
            n => n,
        };
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        name
    }

    fn command(&mut self, out: &mut String) {
        let name = self.name();
        match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                let (above, below) = (self.group(), self.group());
                out.push_str(&format!("{}/{}", bracketed(&above), bracketed(&below)));
            }
            "binom" => {
                let (above, below) = (self.group(), self.group());
                out.push_str(&format!("C({above}, {below})"));
            }
            "sqrt" => {
                let degree = self.rest.strip_prefix('[').map(|rest| {
                    self.rest = rest;
                    self.nested(']')
                });
                let sign = match degree.as_deref() {
                    None => "√".to_owned(),
                    Some("3") => "∛".to_owned(),
                    Some("4") => "∜".to_owned(),
                    Some(n) => format!("{}√", script(n, '^', symbols::superscript)),
                };
                let inside = self.group();
                out.push_str(&sign);
                out.push_str(&bracketed(&inside));
            }
            "text" | "textbf" | "textit" | "textrm" | "mathrm" | "mathbf" | "mathit" | "mathsf"
            | "mathcal" | "operatorname" | "boldsymbol" | "bm" | "mbox" => out.push_str(&self.group()),
            "boxed" | "fbox" => {
                let inside = self.group();
                out.push_str(&format!("[{inside}]"));
            }
            "mathbb" => {
                let group = self.group();
                out.extend(group.chars().map(symbols::double_struck));
            }
            "hat" | "widehat" => self.accent('\u{302}', out),
            "bar" | "overline" => self.accent('\u{304}', out),
            "vec" => self.accent('\u{20d7}', out),
            "dot" => self.accent('\u{307}', out),
            "tilde" => self.accent('\u{303}', out),
            "left" | "right" | "big" | "Big" | "bigg" | "Bigg" | "displaystyle" | "limits" | "nolimits"
            | "!" => {
                if self.rest.starts_with('.') && matches!(name, "left" | "right") {
                    self.next();
                }
            }
            "begin" | "end" => {
                let _environment = self.group();
                if self.rest.starts_with('{') {
                    self.group();
                }
            }
            "\\" | "newline" => out.push('\n'),
            "," | ";" | ":" | " " | "quad" | "qquad" | "\n" => out.push(' '),
            "{" | "}" | "$" | "%" | "&" | "#" | "_" => out.push_str(name),
            "|" => out.push('‖'),
            _ => match symbols::symbol(name) {
                Some(sign) => out.push_str(sign),
                None => {
                    out.push('\\');
                    out.push_str(name);
                }
            },
        }
    }

    fn accent(&mut self, mark: char, out: &mut String) {
        let group = self.group();
        let single = group.chars().count() == 1;
        out.push_str(&group);
        if single {
            out.push(mark);
        }
    }
}

/// `group` raised or lowered: by signs where all are known, else marked and bracketed.
fn script(group: &str, mark: char, sign: fn(char) -> Option<char>) -> String {
    let group = group.trim();
    match group
        .chars()
        .filter(|c| *c != ' ')
        .map(sign)
        .collect::<Option<String>>()
    {
        Some(raised) => raised,
        None if group.chars().count() == 1 => format!("{mark}{group}"),
        None => format!("{mark}({group})"),
    }
}

/// `group`, in brackets unless it is one number, name or bracketed thing.
fn bracketed(group: &str) -> String {
    let group = group.trim();
    if group.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '√') {
        group.to_owned()
    } else {
        format!("({group})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_read_as_text() {
        for (latex, text) in [
            (r"E = mc^2", "E = mc²"),
            (r"\frac{1}{2}", "1/2"),
            (r"\frac{a+b}{c}", "(a+b)/c"),
            (r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}", "x = (−b ± √(b²−4ac))/2a"),
            (r"\sum_{i=1}^{n} x_i", "∑ᵢ₌₁ⁿ xᵢ"),
            (r"\alpha \leq \beta \to \infty", "α ≤ β → ∞"),
            (r"\forall x \in \mathbb{R}", "∀ x ∈ ℝ"),
            (r"\boxed{42}", "[42]"),
            (r"e^{i\theta}", "e^(iθ)"),
            (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b\nc = d"),
            (r"\left( \hat{x} \right)", "( x\u{302} )"),
            (r"\unknown{x}", r"\unknownx"),
            (r"50\%", "50%"),
        ] {
            assert_eq!(to_text(latex), text, "{latex}");
        }
    }

    #[test]
    fn brackets_become_dollars_of_the_same_length_but_not_in_code() {
        assert_eq!(
            mask(r"so \(x^2\) and \[y\]", Options::empty()),
            "so $$x^2$$ and $$y$$"
        );
        for same in [
            "`\\(x\\)` is code",
            "```\n\\(x\\)\n```",
            r"a \\(x\\) b",
            r"\(open",
            "\\(a\n\nb\\)",
            "price \\(",
        ] {
            assert_eq!(mask(same, Options::empty()), same, "{same}");
        }
    }

    #[test]
    fn prices_are_not_formulas() {
        assert!(!is_formula("5 to "));
        assert!(!is_formula("5–"));
        assert!(is_formula("x"));
        assert!(is_formula("a_1"));
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[\\\\{}^_$a-z\\[\\]()`~\n &é]{0,200}") {
            prop_assert_eq!(mask(&text, Options::ENABLE_TABLES).len(), text.len());
            to_text(&text);
        }
    }

    #[test]
    fn deep_nesting_is_bounded() {
        to_text(&r"\sqrt{".repeat(10_000));
        to_text(&r"^\hat".repeat(10_000));
    }
}
