//! Constraints under conditions: which branch an answer took.
//!
//! A program cannot tell whether a condition holds (`if the review is positive`). It can tell what the answer followed: where
//! exactly one branch is followed in full, that one was taken and the others do not count; anything else is undecided.

use super::{Applies, Status};
use crate::constraints::{
    Constraint, Verdict,
    parse::{Node, NodeKind, parse},
};

/// The selections of a prompt: for each, the constraints of its branches.
#[derive(Default)]
pub struct Branches(Vec<Vec<Vec<usize>>>);

impl Branches {
    /// None where the constraints do not begin with those that the prompt states. Their arguments may be other ones, and
    /// more may follow: a reader changes that by hand.
    pub fn of(constraints: &[Constraint], prompt: &str) -> Self {
        if constraints.is_empty() || prompt.is_empty() {
            return Self::default();
        }
        let reading = parse(prompt);
        let mut selections = Vec::new();
        let mut stated = reading.constraints.iter().zip(constraints);
        let is_same =
            |(read, given): (&Constraint, &Constraint)| read.id == given.id && read.span == given.span;
        if reading.constraints.len() <= constraints.len() && stated.all(is_same) {
            gather(&reading.tree, &mut selections);
        }
        Self(selections)
    }

    /// Says of every constraint under a condition whether it counts. While the answer grows nothing of it is broken yet.
    pub fn apply(&self, statuses: &mut [Status], finished: bool) {
        // Outer selections come first; an inner one speaks only of branches that were not ruled out.
        for branches in &self.0 {
            let followed = |branch: &Vec<usize>| {
                branch.iter().any(|&at| statuses[at].verdict == Verdict::Met)
                    && branch
                        .iter()
                        .all(|&at| matches!(statuses[at].verdict, Verdict::Met | Verdict::NotCheckable))
            };
            let full: Vec<bool> = branches.iter().map(followed).collect();
            let one = finished && full.iter().filter(|&&full| full).count() == 1;
            for (branch, full) in branches.iter().zip(full) {
                for &at in branch {
                    let status = &mut statuses[at];
                    if status.applies == Applies::NotTaken {
                        continue;
                    }
                    status.applies = match (one, full) {
                        (true, true) => Applies::Taken,
                        (true, false) => Applies::NotTaken,
                        (false, _) => Applies::Undecided,
                    };
                    if status.verdict == Verdict::Broken {
                        status.differs = None;
                        status.verdict = if finished {
                            Verdict::NotCheckable
                        } else {
                            Verdict::Pending
                        };
                    }
                }
            }
        }
    }
}

fn gather(node: &Node, selections: &mut Vec<Vec<Vec<usize>>>) {
    if node.kind == NodeKind::Selection {
        selections.push(node.children.iter().map(Node::constraints).collect());
    }
    for child in &node.children {
        gather(child, selections);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::{Semantics, check::LiveCheck};

    fn check(prompt: &str, answer: &str) -> Vec<(Verdict, Applies)> {
        let constraints = parse(prompt).constraints;
        let mut live = LiveCheck::new(&constraints, prompt, Semantics::AsWorded);
        for (at, c) in answer.char_indices() {
            let end = at + c.len_utf8();
            live.feed(&answer[..end], &answer[at..end]);
            for status in live.statuses() {
                assert_ne!(status.verdict, Verdict::Broken);
            }
        }
        live.finish(answer);
        let statuses = live.statuses();
        statuses
            .iter()
            .map(|status| (status.verdict, status.applies))
            .collect()
    }

    #[test]
    fn the_branch_that_was_not_taken_does_not_count() {
        let prompt = "If the text is a question, answer in all lowercase; otherwise, answer in all caps.";
        assert_eq!(
            check(prompt, "yes it is"),
            [
                (Verdict::Met, Applies::Taken),
                (Verdict::NotCheckable, Applies::NotTaken)
            ]
        );
        assert_eq!(
            check(prompt, "Mixed Case"),
            [
                (Verdict::NotCheckable, Applies::Undecided),
                (Verdict::NotCheckable, Applies::Undecided)
            ]
        );
    }
}
