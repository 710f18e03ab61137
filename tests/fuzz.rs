//! Mutated prompts and answers: nothing panics, and the laws of the parser and of the checkers hold.
//!
//! The inputs are the project's own prompts and checker vectors, cut, spliced and sprinkled with marks by a seeded generator, so
//! that a failure can be run again. `RAIF_FUZZ_CASES` says how many (a long run: 1000000), `RAIF_FUZZ_SEED` with what seed.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use raif::constraints::{
    Constraint, Kwargs, Scope, Semantics, Verdict,
    check::{LiveCheck, decide},
    kinds,
    parse::{self, Node},
};
use serde_json::Value;

/// xorshift64*: small, and the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const MARKS: &[&str] = &[
    "\"",
    "“",
    "”",
    "'",
    "’",
    "`",
    "```",
    "*",
    "**",
    "***",
    "******",
    "[",
    "]",
    "[]",
    "<<",
    ">>",
    "</a>",
    "<name>",
    "(",
    ")",
    "{",
    "}",
    "\n",
    "\n\n",
    "\r\n",
    ",",
    ".",
    "?",
    "!",
    ":",
    ";",
    " ",
    "-",
    "- ",
    "1. ",
    "#",
    "1",
    "300",
    "99999999999999999999",
    "\u{1}",
    "\u{2}",
    "\u{6}",
    "\u{0}",
    "\u{200d}",
    "\u{a0}",
    "🌱",
    "字",
    "三百",
    "不要",
    "é",
    "ß",
    "İ",
    "ǅ",
    "no ",
    "at least ",
    "if ",
    "otherwise ",
    "then ",
    "each ",
    "the last line ",
    "words",
    "P.S.",
    "\\n",
    "\\\"",
    "%",
];

fn cut(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A text made of pieces of others.
fn mutated(corpus: &[String], random: &mut Random) -> String {
    let mut text = random.pick(corpus).clone();
    for _ in 0..random.below(6) {
        let at = cut(&text, random);
        match random.below(5) {
            0 => text.insert_str(at, random.pick::<&str>(MARKS)),
            1 => text.truncate(at),
            2 => text = text.split_off(at),
            3 => {
                let other = random.pick(corpus);
                let from = cut(other, random);
                text.insert_str(at, &other[from..]);
            }
            _ => {
                let end = at + cut(&text[at..], random);
                let piece = text[at..end].to_owned();
                text.insert_str(at, &piece.repeat(random.below(3)));
            }
        }
        if text.len() > 4000 {
            let at = cut(&text[..2000], random);
            text.truncate(at);
        }
    }
    text
}

fn rows(text: &str) -> Vec<Value> {
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn texts(rows: &[Value], name: &str) -> Vec<String> {
    rows.iter()
        .filter_map(|row| row[name].as_str().map(str::to_owned))
        .collect()
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(default)
}

fn atoms(node: &Node, seen: &mut Vec<usize>) {
    seen.extend(node.constraint);
    node.children.iter().for_each(|child| atoms(child, seen));
}

fn read(prompt: &str) {
    let reading = parse::parse(prompt);
    let mut seen = Vec::new();
    atoms(&reading.tree, &mut seen);
    seen.sort_unstable();
    assert_eq!(
        seen,
        (0..reading.constraints.len()).collect::<Vec<_>>(),
        "{prompt:?}"
    );
    for constraint in &reading.constraints {
        assert!(prompt.get(constraint.span.clone()).is_some(), "{prompt:?}");
        assert!(
            kinds::find(&constraint.id).is_some(),
            "{} {prompt:?}",
            constraint.id
        );
    }
    for soft in &reading.soft {
        assert!(prompt.get(soft.span.clone()).is_some(), "{prompt:?}");
    }
}

const SCOPES: &[(&str, &str)] = &[
    ("paragraph", "each"),
    ("sentence", "last"),
    ("line", "2"),
    ("bullet", "each"),
    ("section", "1"),
    ("title", "1"),
    ("body", "1"),
    ("column", "a"),
    ("json_field", "a"),
    ("after", "table"),
    ("step", "1"),
];

fn check(constraint: &Constraint, prompt: &str, answer: &str, random: &mut Random) {
    for semantics in [Semantics::Official, Semantics::AsWorded] {
        let decision = decide(constraint, prompt, answer, semantics);
        let mut live = LiveCheck::new(std::slice::from_ref(constraint), "", semantics);
        if prompt.is_empty() {
            let (mut length, mut latched) = (0, None);
            while length < answer.len() {
                let mut end = (length + 1 + random.below(12)).min(answer.len());
                while !answer.is_char_boundary(end) {
                    end += 1;
                }
                live.feed(&answer[..end], &answer[length..end]);
                length = end;
                let verdict = live.statuses()[0].verdict;
                if let Some(latched) = latched {
                    assert_eq!(verdict, latched, "{constraint:?} {answer:?}");
                }
                latched = verdict.is_latched().then_some(verdict);
            }
            live.finish(answer);
            let status = live.statuses().remove(0);
            let met = match status.verdict {
                Verdict::Met => Some(true),
                Verdict::Broken => Some(false),
                _ => None,
            };
            // A blank answer follows nothing, whatever cannot be decided.
            if !answer.trim().is_empty() {
                assert_eq!(met, decision.strict, "{constraint:?} {answer:?}");
            }
            for place in status.places {
                assert!(answer.get(place).is_some(), "{constraint:?} {answer:?}");
            }
        }
    }
}

#[test]
fn mutated_prompts_and_answers_break_no_law() {
    let fresh = rows(include_str!("data/fresh_prompts.jsonl"));
    let vectors = rows(include_str!("data/checker_vectors.jsonl"));
    let (prompts, answers) = (texts(&fresh, "prompt"), texts(&vectors, "text"));
    let cases = setting("RAIF_FUZZ_CASES", 1000);
    let mut random = Random(setting("RAIF_FUZZ_SEED", 0x5EED).max(1));
    for case in 0..cases {
        if case % 2 == 0 {
            read(&mutated(&prompts, &mut random));
            continue;
        }
        let vector = random.pick(&vectors);
        let kwargs: Kwargs = vector["kwargs"].as_object().cloned().unwrap_or_default();
        let scope = (random.below(4) == 0).then(|| {
            let (part, index) = *random.pick::<(&str, &str)>(SCOPES);
            Scope {
                part: part.into(),
                index: index.into(),
            }
        });
        let constraint = Constraint {
            id: vector["id"].as_str().unwrap().to_owned(),
            kwargs,
            span: 0..0,
            scope,
        };
        let answer = mutated(&answers, &mut random);
        check(&constraint, "", &answer, &mut random);
    }
}
