use proptest::prelude::*;

use super::*;
use crate::chat::{CheckedConstraint, Stats, TurnId};
use crate::constraints::{Constraint, Kwargs};
use crate::store::testing::conversation;

const READABLE: [Format; 3] = [Format::Markdown, Format::Html, Format::Text];
const ALL: [Format; 5] = [
    Format::Markdown,
    Format::Html,
    Format::Text,
    Format::Json,
    Format::Jsonl,
];

fn example() -> Conversation {
    let mut conversation = Conversation::default();
    let turn = TurnId(0);
    let constraint = |span| Constraint {
        id: "length_constraints:number_words".to_owned(),
        kwargs: Kwargs::new(),
        span,
        scope: None,
    };
    let records = [
        Record::Conversation {
            version: 1,
            id: "x".into(),
            created_ms: 1_700_000_000_000,
            system: Some("Be <brief>.".into()),
        },
        Record::Turn {
            turn,
            parent: None,
            prompt: "Use at most 5 words.\nNo commas | <b>please</b>.".into(),
            model: "tiny".into(),
            method: "io".into(),
            started_ms: 1_700_000_000_000,
            constraints: vec![constraint(0..19), constraint(21..30), constraint(900..901)],
        },
        Record::Thinking {
            turn,
            text: "Is ```` a fence? </details><script>alert(1)</script>\u{1b}[31m".into(),
        },
        Record::ThinkingEnded {
            turn,
            end: ThinkingEnd::Budget,
            seconds: 12.0,
        },
        Record::Answer {
            turn,
            text: "**Four** words, it is & \u{202e}so.".into(),
        },
        Record::End {
            turn,
            finish: Finish::Stop,
            stats: Stats {
                thinking_tokens: 840,
                ..Stats::default()
            },
            checked: vec![
                CheckedConstraint {
                    constraint: 0,
                    verdict: Verdict::Broken,
                    strict: Some(false),
                    loose: Some(false),
                    value: "6/5 words".into(),
                },
                CheckedConstraint {
                    constraint: 1,
                    verdict: Verdict::Met,
                    strict: Some(true),
                    loose: Some(true),
                    value: String::new(),
                },
            ],
            error: None,
        },
        Record::Turn {
            turn: TurnId(1),
            parent: None,
            prompt: "Another way".into(),
            model: "tiny".into(),
            method: "cot".into(),
            started_ms: 0,
            constraints: Vec::new(),
        },
        Record::Head { turn: Some(turn) },
    ];
    for record in &records {
        assert!(conversation.apply(record));
    }
    conversation
}

#[test]
fn markdown_is_readable() {
    insta::assert_snapshot!(export(&example(), Format::Markdown));
}

#[test]
fn html_is_escaped() {
    insta::assert_snapshot!(export(&example(), Format::Html));
}

#[test]
fn text_is_plain() {
    insta::assert_snapshot!(export(&example(), Format::Text));
}

#[test]
fn an_unfinished_turn_says_so() {
    let mut conversation = example();
    conversation.apply(&Record::Head {
        turn: Some(TurnId(1)),
    });
    for format in READABLE {
        assert!(
            export(&conversation, format).contains("interrupted"),
            "{format:?}"
        );
    }
}

#[test]
fn an_empty_conversation_can_be_exported() {
    for format in ALL {
        assert!(
            export(&Conversation::default(), format).ends_with('\n'),
            "{format:?}"
        );
    }
}

proptest! {
    #[test]
    fn no_export_can_steer_a_terminal(conversation in conversation()) {
        for format in ALL {
            let text = export(&conversation, format);
            prop_assert_eq!(sanitize::sanitize(&text), text.as_str());
        }
    }

    #[test]
    fn jsonl_reads_back(conversation in conversation()) {
        let mut back = Conversation::default();
        for line in export(&conversation, Format::Jsonl).lines() {
            prop_assert!(back.apply(&serde_json::from_str(line).unwrap()));
        }
        prop_assert_eq!(back, conversation);
    }

    #[test]
    fn json_has_every_turn(conversation in conversation()) {
        let value: serde_json::Value = serde_json::from_str(&export(&conversation, Format::Json)).unwrap();
        let turns = value["turns"].as_array().unwrap();
        prop_assert_eq!(turns.len(), conversation.turns().len());
        for (json, turn) in turns.iter().zip(conversation.turns()) {
            prop_assert_eq!(json["prompt"].as_str(), Some(turn.prompt.as_str()));
            prop_assert_eq!(json["thinking"].as_str(), Some(turn.thinking.as_str()));
            prop_assert_eq!(json["answer"].as_str(), Some(turn.answer.as_str()));
        }
    }

    #[test]
    fn html_has_only_its_own_tags(conversation in conversation()) {
        let html = export(&conversation, Format::Html);
        for tag in html.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '!').collect();
            prop_assert!(["!doctype", "!", "html", "head", "meta", "title", "style", "body", "h1", "p", "article", "details", "summary", "div", "table", "tr", "th", "td", "code"].contains(&name.as_str()), "{}", name);
        }
    }
}
