//! Random transcripts for property tests.

use proptest::prelude::*;

use crate::chat::{CheckedConstraint, Conversation, Edit, Finish, Record, Stats, ThinkingEnd, TurnId};
use crate::constraints::{Constraint, Kwargs, Scope, Verdict};

/// A transcript as a program writes it: a header, then turns with their streams, some left unfinished.
pub(crate) fn records() -> impl Strategy<Value = Vec<Record>> {
    let header =
        (any::<i64>(), prop::option::of(text())).prop_map(|(created_ms, system)| Record::Conversation {
            version: Record::VERSION,
            id: "01890a5d-ac96-774b-bcce-b302099a8057".to_owned(),
            created_ms,
            system,
        });
    (header, prop::collection::vec(any::<prop::sample::Index>(), 0..5)).prop_flat_map(|(header, parents)| {
        let turns: Vec<_> = parents
            .iter()
            .enumerate()
            .map(|(i, parent)| {
                let parent = parent.index(i + 1).checked_sub(1).map(id);
                turn(id(i), parent)
            })
            .collect();
        turns.prop_map(move |turns| {
            let mut records = vec![header.clone()];
            records.extend(turns.into_iter().flatten());
            records
        })
    })
}

pub(crate) fn conversation() -> impl Strategy<Value = Conversation> {
    records().prop_map(|records| {
        let mut conversation = Conversation::default();
        for record in &records {
            conversation.apply(record);
        }
        conversation
    })
}

/// The file of `records`.
pub(crate) fn lines(records: &[Record]) -> Vec<u8> {
    let mut file = Vec::new();
    for record in records {
        serde_json::to_writer(&mut file, record).expect("records are JSON");
        file.push(b'\n');
    }
    file
}

fn id(position: usize) -> TurnId {
    TurnId(u32::try_from(position).expect("a small number"))
}

fn text() -> impl Strategy<Value = String> + Clone {
    prop_oneof!["[a-z \\n\"\\\\]{0,20}", "\\PC{0,12}", any::<String>()]
}

/// Eighths are exact in decimal and in binary.
fn eighths() -> impl Strategy<Value = f64> {
    (0u32..100_000).prop_map(|n| f64::from(n) / 8.0)
}

fn turn(turn: TurnId, parent: Option<TurnId>) -> impl Strategy<Value = Vec<Record>> {
    let start = (text(), prop::collection::vec(constraint(), 0..3)).prop_map(move |(prompt, constraints)| {
        Record::Turn {
            turn,
            parent,
            prompt,
            model: "model".to_owned(),
            method: "io".to_owned(),
            started_ms: 1_700_000_000_000,
            constraints,
        }
    });
    let thinking = prop::collection::vec(text().prop_map(move |text| Record::Thinking { turn, text }), 0..6);
    let ended = prop::option::of((0u16..2000, end_of_thinking()).prop_map(move |(n, end)| {
        let seconds = f32::from(n) / 8.0;
        Record::ThinkingEnded { turn, end, seconds }
    }));
    let answer = prop::collection::vec(text().prop_map(move |text| Record::Answer { turn, text }), 0..6);
    let edit = prop_oneof![
        constraint().prop_map(|constraint| Edit::Add { constraint }),
        constraint().prop_map(|constraint| Edit::Keep {
            constraint,
            from: TurnId(0)
        }),
        constraint().prop_map(|other| Edit::Change {
            at: 0,
            kwargs: other.kwargs
        }),
        Just(Edit::Drop { at: 0 }),
        Just(Edit::Restore { at: 0 }),
    ];
    let edits = (edit, prop::collection::vec(checked(), 0..3))
        .prop_map(move |(edit, checked)| Record::Edit { turn, edit, checked });
    let before = prop::collection::vec(edits.clone(), 0..2);
    let after = prop::collection::vec(edits, 0..3);
    let last = prop_oneof![
        Just(Record::Head { turn: Some(turn) }),
        Just(Record::Head { turn: None }),
        text().prop_map(|title| Record::Title { title }),
    ];
    (
        (start, before),
        thinking,
        ended,
        answer,
        (prop::option::of(end(turn)), after),
        prop::option::of(last),
    )
        .prop_map(|((start, before), thinking, ended, answer, (end, after), last)| {
            let mut records = vec![start];
            records.extend(thinking);
            records.extend(ended);
            records.extend(before);
            records.extend(answer);
            records.extend(end);
            records.extend(after);
            records.extend(last);
            // A change is to something that is there.
            let mut constraints = Vec::new();
            records.retain(|record| match record {
                Record::Turn {
                    constraints: read, ..
                } => {
                    constraints.clone_from(read);
                    true
                }
                Record::Edit { edit, .. } => edit.apply(&mut constraints),
                _ => true,
            });
            records
        })
}

fn end(turn: TurnId) -> impl Strategy<Value = Record> {
    let stats = (0usize..5000, 0usize..5000, eighths(), eighths()).prop_map(|(a, b, s, rate)| Stats {
        prompt_tokens: a,
        cached_tokens: b,
        thinking_tokens: b,
        answer_tokens: a,
        left_out_turns: b,
        drafted_tokens: a,
        accepted_tokens: b,
        prefill_s: s,
        decode_s: s,
        ttft_s: s,
        tokens_per_s: rate,
    });
    (
        finish(),
        stats,
        prop::collection::vec(checked(), 0..3),
        prop::option::of(text()),
    )
        .prop_map(move |(finish, stats, checked, error)| Record::End {
            turn,
            finish,
            stats,
            checked,
            error,
        })
}

fn checked() -> impl Strategy<Value = CheckedConstraint> + Clone {
    (0usize..4, verdict(), any::<Option<bool>>(), text()).prop_map(|(constraint, verdict, strict, value)| {
        CheckedConstraint {
            constraint,
            verdict,
            strict,
            loose: strict,
            value,
        }
    })
}

fn constraint() -> impl Strategy<Value = Constraint> + Clone {
    (text(), 0usize..100, prop::option::of(text())).prop_map(|(value, start, scope)| {
        let mut kwargs = Kwargs::new();
        kwargs.insert("keyword".to_owned(), value.into());
        kwargs.insert("num_words".to_owned(), start.into());
        Constraint {
            id: "keywords:existence".to_owned(),
            kwargs,
            span: start..start + 3,
            scope: scope.map(|index| Scope {
                part: "paragraph".to_owned(),
                index,
            }),
        }
    })
}

fn end_of_thinking() -> impl Strategy<Value = ThinkingEnd> {
    prop::sample::select(vec![
        ThinkingEnd::Model,
        ThinkingEnd::Budget,
        ThinkingEnd::User,
        ThinkingEnd::Unclosed,
    ])
}

fn finish() -> impl Strategy<Value = Finish> {
    prop::sample::select(vec![
        Finish::Stop,
        Finish::Length,
        Finish::ContextFull,
        Finish::Stopped,
        Finish::Failed,
    ])
}

fn verdict() -> impl Strategy<Value = Verdict> + Clone {
    prop::sample::select(vec![
        Verdict::Pending,
        Verdict::Holding,
        Verdict::Met,
        Verdict::AtRisk,
        Verdict::Broken,
        Verdict::NotCheckable,
    ])
}
