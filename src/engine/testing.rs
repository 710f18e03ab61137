//! Several requests for an engine, for tests.

use std::collections::VecDeque;

use super::*;

/// A fixed list of requests, and what came of each.
pub struct List<'a> {
    waiting: VecDeque<(Request, Control)>,
    sink: &'a mut dyn FnMut(usize, Event),
    outcomes: Vec<Option<Result<Outcome, EngineError>>>,
}

impl Asking for List<'_> {
    fn next(&mut self, _idle: bool) -> Option<(Request, Control)> {
        let next = self.waiting.pop_front()?;
        self.outcomes.push(None);
        Some(next)
    }

    fn event(&mut self, place: usize, event: Event) {
        assert!(self.outcomes[place].is_none(), "nothing comes of what is over");
        (self.sink)(place, event);
    }

    fn over(&mut self, place: usize, outcome: Result<Outcome, EngineError>) {
        assert!(self.outcomes[place].replace(outcome).is_none(), "over once");
    }
}

/// The outcomes of `asked`, in their order.
pub fn generate_list(
    engine: &mut dyn Engine,
    asked: &[(Request, Control)],
    sink: &mut dyn FnMut(usize, Event),
) -> Vec<Result<Outcome, EngineError>> {
    let mut list = List {
        waiting: asked.to_vec().into(),
        sink,
        outcomes: Vec::new(),
    };
    engine.generate_many(&mut list);
    assert_eq!(list.outcomes.len(), asked.len(), "all are asked");
    list.outcomes.into_iter().map(|o| o.expect("over")).collect()
}
