use proptest::prelude::*;
use serde_json::json;

use super::*;

const PROMPT: &str = "Write a product description for a solar lantern. Use exactly 3 bullet points, no commas, and \
                      end with \"Light your way.\"";

fn constraint(text: &str, kwargs: serde_json::Value) -> Constraint {
    let start = PROMPT.find(text).unwrap();
    let serde_json::Value::Object(kwargs) = kwargs else {
        panic!("an object")
    };
    Constraint {
        id: "any".into(),
        kwargs,
        span: start..start + text.len(),
        scope: None,
    }
}

fn constraints() -> Vec<Constraint> {
    vec![
        constraint("exactly 3 bullet points", json!({"num_bullets": 3})),
        constraint("no commas", json!({})),
        constraint(
            "end with \"Light your way.\"",
            json!({"end_phrase": "Light your way."}),
        ),
    ]
}

fn inspect(trace: &str) -> Inspector {
    let mut inspector = Inspector::new(PROMPT, &constraints());
    inspector.read(trace);
    inspector
}

#[test]
fn passages_are_linked_to_what_they_deal_with() {
    let trace = "The user wants a lantern text.\n\n1. three bullet points\n2. No comma anywhere\n\nI finish with \
                 light your way on its own line.";
    let inspector = inspect(trace);
    let linked: Vec<_> = inspector
        .passages()
        .iter()
        .map(|p| p.constraints.clone())
        .collect();
    assert_eq!(linked, [vec![], vec![0], vec![1], vec![2]]);
}

#[test]
fn what_is_never_mentioned_is_never_linked() {
    let inspector = inspect("Lanterns are nice.\n\nI will describe the battery.");
    assert!((0..3).all(|c| inspector.dealing_with(c).next().is_none()));
}

#[test]
fn copying_the_prompt_is_restating_it() {
    assert!(inspect(PROMPT).restated_share() > 0.99);
    assert_eq!(
        inspect("Sunlight fills the small glass dome until evening.").restated_share(),
        0.0
    );
    assert_eq!(inspect("").restated_share(), 0.0);
}

#[test]
fn planning_is_more_than_repeating_the_prompt() {
    let planned = |trace: &str| inspect(trace).consideration(1).planned;
    assert!(!planned(
        "Use exactly 3 bullet points, no commas, and end with that."
    ));
    assert!(!planned("There is something about no commas."));
    assert!(planned("No commas: I will join with \"and\" instead."));
    assert!(
        !planned("I will write three bullet points."),
        "that is another one"
    );
}

#[test]
fn the_number_of_an_item_is_not_a_count() {
    let linked = |trace: &str| inspect(trace).consideration(0).passages.len();
    assert_eq!(linked("3. a bullet somewhere"), 0);
    assert_eq!(linked("1. 3 bullet points"), 1);
}

#[test]
fn the_first_consideration_has_its_place_and_order() {
    let inspector = inspect("No commas then.\n\nNothing here.\n\nthree bullet points and no comma");
    let commas = inspector.consideration(1);
    assert_eq!((commas.passages, commas.first_at), (vec![0, 2], Some(0.0)));
    assert!(inspector.consideration(0).first_at.is_some_and(|at| at > 0.4));
    assert_eq!(inspector.consideration(2), Consideration::default());
    assert_eq!(inspector.order(), [1, 0]);
}

#[test]
fn changes_of_mind_begin_a_sentence() {
    let trace =
        "I need a list. Wait, that has a comma. Actually it is fine. The waiter waits. Hmm. 等等，再看一遍。";
    let inspector = inspect(trace);
    assert_eq!(inspector.changes_of_mind(), 4);
    let first = inspector.passages()[0].changes_of_mind[0].clone();
    assert_eq!(&trace[first], "Wait, that has a comma.");
}

proptest! {
    #[test]
    fn reading_in_pieces_is_reading_at_once(
        trace in "([a-c3 ]{0,8}|no commas|three bullet points|wait, |\n|\n\n|- |1\\. |é|等等){0,24}",
        cuts in prop::collection::vec(0usize..400, 0..8),
    ) {
        let mut cuts: Vec<usize> =
            cuts.into_iter().map(|c| c.min(trace.len())).filter(|c| trace.is_char_boundary(*c)).collect();
        cuts.sort_unstable();
        let mut pieces = Inspector::new(PROMPT, &constraints());
        cuts.iter().for_each(|cut| pieces.read(&trace[..*cut]));
        pieces.read(&trace);
        let at_once = inspect(&trace);
        prop_assert_eq!(pieces.passages(), at_once.passages());
    }
}
