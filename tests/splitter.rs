//! The splitter's laws, and the streams that models are known to produce.

#![allow(clippy::unwrap_used, reason = "a failed expectation is a failed test")]

use proptest::prelude::*;
use raif::reasoning::{Segment, Splitter};

/// Segments with neighbours of a kind joined.
fn split(inside: bool, pieces: &[&str]) -> Vec<Segment> {
    let mut splitter = Splitter::new(inside);
    let mut joined: Vec<Segment> = Vec::new();
    let mut out = Vec::new();
    for piece in pieces {
        splitter.push(piece, &mut out);
        join(&mut joined, &mut out);
    }
    splitter.finish(&mut out);
    join(&mut joined, &mut out);
    joined
}

fn join(joined: &mut Vec<Segment>, out: &mut Vec<Segment>) {
    for segment in out.drain(..) {
        match (joined.last_mut(), segment) {
            (Some(Segment::Thinking(have)), Segment::Thinking(more)) => have.push_str(&more),
            (Some(Segment::Answer(have)), Segment::Answer(more)) => have.push_str(&more),
            (_, segment) => joined.push(segment),
        }
    }
}

fn texts(segments: &[Segment]) -> (String, String) {
    let (mut thinking, mut answer) = (String::new(), String::new());
    for segment in segments {
        match segment {
            Segment::Thinking(text) => thinking.push_str(text),
            Segment::Answer(text) => answer.push_str(text),
            Segment::ThinkingEnded => {}
        }
    }
    (thinking, answer)
}

/// `(inside, stream, thinking, whether its end is told, answer)`
type Case = (bool, &'static str, &'static str, bool, &'static str);

#[rustfmt::skip]
const STREAMS: &[Case] = &[
    // The prompt opened the block, as for R1 distills and RAIF.
    (true, "Let me see.\n</think>\n\nHello.", "Let me see.\n", true, "Hello."),
    (true, "\n</think>\n\nHello.", "", true, "Hello."),
    (true, "<think>\nOnce more.</think>Hello.", "Once more.", true, "Hello."),
    (true, "It never ends <", "It never ends <", false, ""),
    (true, "It never ends </think", "It never ends </think", false, ""),
    // The model opens it itself, or not at all.
    (false, "<think>\nHm.\n</think>\n\nHi.", "Hm.\n", true, "Hi."),
    (false, "\n <think>Hm.</think> Hi.", "Hm.", true, "Hi."),
    (false, "<think>\n\n</think>\n\nHi.", "", false, "Hi."),
    (false, "Hi.", "", false, "Hi."),
    (false, "\n\n  indented", "", false, "  indented"),
    (false, "  indented", "", false, "  indented"),
    // The answer is what follows the last close.
    (false, "<think>a</think>\n<think>b</think>\nc", "ab", true, "c"),
    (true, "a</think>\n</think>\nc", "a", true, "c"),
    (true, "a</think>b</think>c", "a", true, "bc"),
    (false, "\n</think>\n\nHi.", "", false, "Hi."),
    // Answer tags, as RAIF on Qwen2.5 and Ministral writes them.
    (false, "<think>a</think>\n<answer>\nb\n</answer>", "a", true, "b\n"),
    (false, "<answer>b</answer>", "", false, "b"),
    (false, "<answer>b, cut sho", "", false, "b, cut sho"),
    (false, "<answer>b, cut </ans", "", false, "b, cut </ans"),
    (false, "<answer>b</answer>\nA note.", "", false, "b\nA note."),
    (false, "<answer><think>a</think>b</answer>", "a", true, "b"),
    (false, "b</answer>", "", false, "b</answer>"),
    (false, "b <answer>c</answer>", "", false, "b <answer>c</answer>"),
    // What only looks like a tag.
    (true, "<thinking> x </thinking></think>y", "<thinking> x </thinking>", true, "y"),
    (false, "<thinking>x</thinking>", "", false, "<thinking>x</thinking>"),
    (false, "<Think>x", "", false, "<Think>x"),
    (false, "1 < 2 <", "", false, "1 < 2 <"),
    (false, "Models write <think> first.", "", false, "Models write <think> first."),
    // Tags in code are text.
    (true, "I close with `</think>` here.</think>Done.", "I close with `</think>` here.", true, "Done."),
    (true, "x\n```\n</think>\n```\nok</think>Done.", "x\n```\n</think>\n```\nok", true, "Done."),
    (false, "`<think>` opens a block.", "", false, "`<think>` opens a block."),
    (false, "Use ``a ` </think>`` so.", "", false, "Use ``a ` </think>`` so."),
    (false, "```xml\n<think>\n</think>\n```\n", "", false, "```xml\n<think>\n</think>\n```\n"),
    (false, "<answer>`</answer>` ends it</answer>", "", false, "`</answer>` ends it"),
    // Code that the model left open does not swallow the close.
    (true, "a lone ` here</think>\nDone.", "a lone ` here", true, "Done."),
    (true, "a lone ` here</think>", "a lone ` here", true, ""),
    (true, "```py\nprint(1)\n</think>\n\nDone.", "```py\nprint(1)\n", true, "Done."),
    (true, "```py\nprint(1)\n```</think>Done.", "```py\nprint(1)\n```", true, "Done."),
];

#[test]
fn streams_of_models() {
    for (inside, stream, thinking, ended, answer) in STREAMS {
        let segments = split(*inside, &[stream]);
        assert_eq!(
            texts(&segments),
            ((*thinking).to_owned(), (*answer).to_owned()),
            "{stream:?}"
        );
        assert_eq!(segments.contains(&Segment::ThinkingEnded), *ended, "{stream:?}");
    }
}

#[test]
fn each_stream_splits_the_same_a_character_at_a_time() {
    for (inside, stream, ..) in STREAMS {
        let characters: Vec<&str> = stream.split("").collect();
        assert_eq!(
            split(*inside, &characters),
            split(*inside, &[stream]),
            "{stream:?}"
        );
    }
}

#[test]
fn text_is_shown_as_soon_as_it_is_certain() {
    let mut splitter = Splitter::new(true);
    let mut out = Vec::new();
    splitter.push("One <", &mut out);
    assert_eq!(out, [Segment::Thinking("One ".into())]);
    splitter.push("b", &mut out);
    assert_eq!(out, [Segment::Thinking("One <b".into())]);
    out.clear();
    splitter.push("</think>", &mut out);
    assert_eq!(out, [Segment::ThinkingEnded]);
    assert!(!splitter.is_thinking());
    out.clear();
    splitter.push("\n\n<answer>Two", &mut out);
    assert_eq!(out, [Segment::Answer("Two".into())]);
}

#[test]
fn thinking_ended_from_outside_goes_on_with_the_answer() {
    for (before, thinking, open) in [
        ("Long thoughts", "Long thoughts", true),
        ("```\nin code </thi", "```\nin code </thi", true),
        ("", "", true),
        // What was held back closed the block: it needs no other close.
        ("```\nin code\n</think>\n\n", "```\nin code\n", false),
    ] {
        let mut splitter = Splitter::new(true);
        let mut out = Vec::new();
        splitter.push(before, &mut out);
        assert_eq!(splitter.end_thinking(&mut out), open);
        assert!(!splitter.is_thinking());
        splitter.push("\n\nSo: yes.", &mut out);
        assert!(!splitter.end_thinking(&mut out), "no block is open");
        splitter.finish(&mut out);
        assert_eq!(texts(&out), (thinking.to_owned(), "So: yes.".to_owned()));
        assert_eq!(out.iter().filter(|s| **s == Segment::ThinkingEnded).count(), 1);
    }
}

/// Streams that are dense in everything the splitter looks at. No atom can make a tag together with its neighbours.
fn stream() -> impl Strategy<Value = Vec<String>> {
    let atom = prop_oneof![
        4 => prop::sample::select(vec!["<think>", "</think>", "<answer>", "</answer>"]),
        3 => prop::sample::select(vec!["`", "``", "```", "~~~", "\n", "\n\n", " ", "    "]),
        1 => prop::sample::select(vec!["<", "<th", "</thin ", "<thinking>", "<answer ", ">"]),
        3 => prop::sample::select(vec!["word", "日本", "é", "👩\u{200d}💻", "x=1;"]),
    ];
    prop::collection::vec(atom.prop_map(str::to_owned), 0..40)
}

/// Without white space and tags: what must come through whatever is decided.
fn essence(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for tag in ["<think>", "</think>", "<answer>", "</answer>"] {
        text = text.replace(tag, "");
    }
    text
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_segments(
        atoms in stream(),
        inside: bool,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let text = atoms.concat();
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| *cut.get(&ends)).chain([0, text.len()]).collect();
        cuts.sort_unstable();
        let pieces: Vec<&str> = cuts.windows(2).map(|pair| &text[pair[0]..pair[1]]).collect();
        prop_assert_eq!(split(inside, &pieces), split(inside, &[&text]));
    }

    #[test]
    fn nothing_but_tags_and_blank_lines_is_lost(atoms in stream(), inside: bool) {
        let text = atoms.concat();
        let (thinking, answer) = texts(&split(inside, &[&text]));
        prop_assert_eq!(essence(&format!("{thinking}{answer}")), essence(&text));
    }

    #[test]
    fn the_end_of_thinking_is_told_once_and_after_it_the_answer(atoms in stream(), inside: bool) {
        let segments = split(inside, &[&atoms.concat()]);
        let ends = segments.iter().filter(|s| **s == Segment::ThinkingEnded).count();
        prop_assert!(ends <= 1);
        let answer = segments.iter().position(|s| matches!(s, Segment::Answer(_)));
        let thinking = segments.iter().rposition(|s| matches!(s, Segment::Thinking(_)));
        if let (Some(answer), Some(thinking)) = (answer, thinking) {
            prop_assert!(thinking < answer, "answer text came before thinking: {segments:?}");
            prop_assert!(segments[..answer].contains(&Segment::ThinkingEnded));
        }
        prop_assert!(!texts(&segments).1.starts_with('\n'));
    }

    #[test]
    fn plain_text_comes_through_to_the_byte(text in "[^<\\s][^<]{0,200}") {
        prop_assert_eq!(texts(&split(false, &[&text])).1, text);
    }
}
