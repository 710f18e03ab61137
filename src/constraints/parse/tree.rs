//! How the constraints of a prompt combine: all at once, in sequence, or by condition.
//!
//! Owns the tree that the words of sequence ([`super::steps`]) and of condition ([`super::conditions`]) make.

use std::ops::Range;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    conditions::{Clause, clauses},
    steps::{self, Opening},
};
use crate::{
    constraints::{Constraint, Scope, kinds, wording::sketch::Document},
    says,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NodeKind {
    /// All of them.
    #[default]
    And,
    /// One after the other.
    Chain,
    /// The one whose condition holds.
    Selection,
    /// A constraint, or a step with nothing checkable.
    Atom,
}

/// A part of the composition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    pub kind: NodeKind,
    pub children: Vec<Node>,
    /// Of an atom: an index of the reading's constraints.
    pub constraint: Option<usize>,
    /// Of a child of a selection: its condition as it stands in the prompt.
    pub condition: Option<String>,
    pub scope: Option<Scope>,
}

impl Node {
    fn atom(constraint: Option<usize>) -> Self {
        Self {
            kind: NodeKind::Atom,
            constraint,
            ..Self::default()
        }
    }

    /// One node for several: itself if it is alone, an empty atom for none.
    fn all(mut children: Vec<Node>) -> Self {
        match children.len() {
            0 => Self::atom(None),
            1 => children.remove(0),
            _ => Self {
                children,
                ..Self::default()
            },
        }
    }

    /// Adds a branch to the selection in which this branch ends, or to a new one.
    fn select(&mut self, branch: Node, goes_on: bool) {
        let condition = self.condition.take();
        let mut own = std::mem::take(self);
        let selection = match own.kind {
            NodeKind::Selection if goes_on => Some(&mut own),
            NodeKind::And if goes_on => own
                .children
                .last_mut()
                .filter(|last| last.kind == NodeKind::Selection),
            _ => None,
        };
        match selection {
            Some(selection) => selection.children.push(branch),
            None => {
                let selection = Node {
                    kind: NodeKind::Selection,
                    children: vec![branch],
                    ..Node::default()
                };
                // A condition with nothing of its own has but what stands under it.
                let empty = own.constraint.is_none() && own.children.is_empty();
                own = match empty {
                    true => selection,
                    false => Node::all(vec![own, selection]),
                };
            }
        }
        own.condition = condition;
        *self = own;
    }

    /// Whether one constraint holds only where the other does not, or at another step.
    pub fn apart(&self, a: usize, b: usize) -> bool {
        match self.kind {
            NodeKind::Atom => false,
            NodeKind::And => self.children.iter().any(|child| child.apart(a, b)),
            NodeKind::Chain | NodeKind::Selection => {
                let place = |wanted| self.children.iter().position(|child| child.holds(wanted));
                match (place(a), place(b)) {
                    (Some(a_place), Some(b_place)) => {
                        a_place != b_place || self.children[a_place].apart(a, b)
                    }
                    _ => false,
                }
            }
        }
    }

    /// Gives every atom the scope of its constraint, and a constraint of a step the scope of that step, unless the whole
    /// answer tells as well whether it is followed.
    pub(super) fn share_scopes(&mut self, constraints: &mut [Constraint]) {
        if self.kind == NodeKind::Chain {
            let last = self.children.len();
            for (nth, step) in self.children.iter().enumerate() {
                for at in step.constraints() {
                    let constraint = &mut constraints[at];
                    if constraint.scope.is_none() && !seen_in_whole(constraint, nth == 0, nth + 1 == last) {
                        constraint.scope.clone_from(&step.scope);
                    }
                }
            }
        }
        if let Some(constraint) = self.constraint
            && self.scope.is_none()
        {
            self.scope.clone_from(&constraints[constraint].scope);
        }
        for child in &mut self.children {
            child.share_scopes(constraints);
        }
    }

    /// The constraints of this part of the tree.
    pub fn constraints(&self) -> Vec<usize> {
        let below = self.children.iter().flat_map(Self::constraints);
        self.constraint.into_iter().chain(below).collect()
    }

    fn holds(&self, wanted: usize) -> bool {
        self.constraint == Some(wanted) || self.children.iter().any(|child| child.holds(wanted))
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let kind = match self.kind {
            NodeKind::And => "and",
            NodeKind::Chain => "chain",
            NodeKind::Selection => "selection",
            NodeKind::Atom => "atom",
        };
        map.serialize_entry("type", kind)?;
        match self.kind {
            NodeKind::Atom => map.serialize_entry("constraint", &self.constraint)?,
            _ => map.serialize_entry("children", &self.children)?,
        }
        if let Some(condition) = &self.condition {
            map.serialize_entry("condition", condition)?;
        }
        if let Some(scope) = &self.scope {
            map.serialize_entry("scope", scope)?;
        }
        map.end()
    }
}

/// Whether the whole answer shows that a step follows a constraint: something is there, or it ends or begins the answer.
fn seen_in_whole(constraint: &Constraint, first: bool, last: bool) -> bool {
    match constraint.id.as_str() {
        "startend:end_checker" | "detectable_content:postscript" => last,
        "raif:starts_with" | "combination:repeat_prompt" => first,
        id => {
            let bounded = ["relation", "let_relation", "capital_relation"]
                .iter()
                .any(|name| {
                    constraint
                        .kwargs
                        .get(*name)
                        .is_some_and(|relation| relation != "at least")
                });
            kinds::find(id).is_some_and(|kind| kind.reach.is_presence()) && !bounded
        }
    }
}

/// The composition of `constraints`, and which of them belong to a condition rather than to the answer.
pub fn compose(document: &Document, constraints: &[Constraint]) -> (Node, Vec<bool>) {
    let places: Vec<usize> = constraints
        .iter()
        .map(|constraint| {
            let token = document
                .lexed
                .tokens
                .partition_point(|token| token.span.end <= constraint.span.start);
            let at = document.position(token);
            // The space before a word is its own.
            let word = document.text[at..].trim_start_matches([' ', '\n']);
            document.text.len() - word.len()
        })
        .collect();
    let clauses = clauses(document, &places);
    let ends: Vec<usize> = constraints
        .iter()
        .map(|constraint| {
            let tokens = &document.lexed.tokens;
            let after = tokens.partition_point(|token| token.span.start < constraint.span.end);
            // Options to choose from are found as far as the text goes.
            match constraint.id.as_str() {
                "detectable_format:constrained_response" | "raif:one_of" => 0,
                _ => document.position(after),
            }
        })
        .collect();
    let dropped: Vec<bool> = places
        .iter()
        .zip(&ends)
        .map(|(&at, &end)| {
            // What is stated from the condition into what it governs is no part of the condition.
            clauses.iter().any(|clause| {
                clause.condition.contains(&at)
                    && !clause.body.contains(&at)
                    && !(clause.body.start > at && clause.body.start + 1 < end)
            })
        })
        .collect();
    let kept: Vec<usize> = (0..places.len()).filter(|&at| !dropped[at]).collect();
    let alone: Vec<bool> = constraints
        .iter()
        .zip(&places)
        .map(|(constraint, &at)| {
            matches!(
                constraint.id.as_str(),
                "raif:code_only" | "raif:one_of" | "detectable_format:json_format"
            ) && steps::says_nothing_else(document, at)
        })
        .collect();
    let builder = Builder {
        document,
        places: &places,
        ends: &ends,
        clauses: &clauses,
        alone: &alone,
    };
    let mut root = builder.sequence(0..document.text.len(), &kept);
    if root.kind == NodeKind::Atom {
        let children = if root.constraint.is_some() {
            vec![root]
        } else {
            Vec::new()
        };
        root = Node {
            children,
            ..Node::default()
        };
    }
    (root, dropped)
}

struct Builder<'d, 'p> {
    document: &'d Document<'p>,
    places: &'d [usize],
    ends: &'d [usize],
    clauses: &'d [Clause],
    /// Of every constraint: whether the answer is to be that and nothing else.
    alone: &'d [bool],
}

impl Builder<'_, '_> {
    fn within(&self, range: &Range<usize>, among: &[usize]) -> Vec<usize> {
        among
            .iter()
            .copied()
            .filter(|&at| range.contains(&self.places[at]))
            .collect()
    }

    /// A range as a chain of steps, where it has some.
    fn sequence(&self, range: Range<usize>, among: &[usize]) -> Node {
        let mut starts: Vec<Opening> = Vec::new();
        for opening in steps::openings(self.document, range.clone(), self.clauses) {
            let at = opening.at;
            let inside = self.clauses.iter().any(|clause| {
                let whole = clause.condition.start..clause.body.end;
                whole.contains(&at) && !(whole.start <= range.start && range.end <= whole.end)
            });
            // What one constraint says of two parts is no sequence of steps.
            let stated = among
                .iter()
                .any(|&constraint| self.places[constraint] < at && at < self.ends[constraint]);
            if !inside && !stated {
                starts.push(opening);
            }
        }
        if starts.is_empty() || (starts.len() == 1 && starts[0].first) {
            return self.selection(range, among);
        }
        let mut bounds: Vec<usize> = starts.iter().map(|opening| opening.at).collect();
        // What stands before `first` belongs to no step; what stands before any other word of sequence is the first step.
        let before = range.start..bounds[0];
        let mut outside = Vec::new();
        if starts[0].first {
            outside.extend(self.within(&before, among));
        } else {
            bounds.insert(0, range.start);
        }
        bounds.push(range.end);
        let mut steps: Vec<Node> = Vec::new();
        let mut globals: Vec<usize> = Vec::new();
        for pair in bounds.windows(2) {
            let step = pair[0]..pair[1];
            let inner = self.within(&step, among);
            // What was said before any word of sequence is no step's where nothing else may stand beside it.
            let open = step.start == range.start && !starts[0].first;
            let (global, own): (Vec<usize>, Vec<usize>) = inner.into_iter().partition(|&at| {
                open && self.alone[at] || steps::holds_everywhere(self.document, self.places[at], step.start)
            });
            globals.extend(global);
            let node = self.selection(step, &own);
            // `…, but before that …`: a step told late.
            let late = starts
                .iter()
                .any(|opening| opening.at == pair[0] && opening.before);
            steps.insert(steps.len() - usize::from(late && !steps.is_empty()), node);
        }
        for (nth, step) in steps.iter_mut().enumerate() {
            step.scope = step.scope.take().or(Some(Scope {
                part: "step".into(),
                index: (nth + 1).to_string(),
            }));
        }
        let any = steps
            .iter()
            .filter(|step| step.constraint.is_some() || !step.children.is_empty())
            .count();
        if any == 0 {
            return self.selection(range, among);
        }
        let chain = Node {
            kind: NodeKind::Chain,
            children: steps,
            ..Node::default()
        };
        let mut children = vec![chain];
        children.extend(outside.into_iter().chain(globals).map(|at| Node::atom(Some(at))));
        Node::all(children)
    }

    /// A range as selections and what holds besides them.
    fn selection(&self, range: Range<usize>, among: &[usize]) -> Node {
        let mut children: Vec<Node> = Vec::new();
        let mut used: Vec<usize> = Vec::new();
        let mut open: Vec<Node> = Vec::new();
        // Whether the next condition begins a selection, and whether the last branch ends in one that goes on.
        let (mut closed, mut inner_open) = (false, false);
        let close = |open: &mut Vec<Node>, children: &mut Vec<Node>| {
            if open
                .iter()
                .any(|branch| branch.constraint.is_some() || !branch.children.is_empty())
            {
                children.push(Node {
                    kind: NodeKind::Selection,
                    children: std::mem::take(open),
                    ..Node::default()
                });
            } else {
                open.clear();
            }
        };
        for clause in self.clauses.iter().filter(|clause| {
            range.start <= clause.condition.start.min(clause.body.start) && clause.body.end <= range.end
        }) {
            let inner = self.within(&clause.body, among);
            if inner.iter().any(|at| used.contains(at)) {
                continue;
            }
            used.extend(&inner);
            let condition = self.document.source(clause.condition.clone());
            let condition = self.document.lexed.prompt[condition]
                .trim()
                .trim_end_matches([',', ';'])
                .to_owned();
            if let Some(stem) = &clause.joins {
                let branch = open.iter_mut().find(|branch| {
                    branch
                        .condition
                        .as_ref()
                        .is_some_and(|condition| condition.to_lowercase().contains(stem.as_str()))
                });
                if let Some(branch) = branch {
                    let known = branch.condition.take();
                    let mut parts = vec![std::mem::take(branch)];
                    parts.extend(inner.into_iter().map(|at| Node::atom(Some(at))));
                    *branch = Node::all(parts);
                    branch.condition = known;
                }
                continue;
            }
            let mut node = self.steps_of(clause.body.clone(), &inner);
            if clause.nested
                && let Some(outer) = open.last_mut()
            {
                node.condition = Some(condition);
                outer.select(node, inner_open);
                inner_open = true;
                continue;
            }
            if std::mem::take(&mut closed) {
                close(&mut open, &mut children);
            }
            inner_open = false;
            if node.condition.is_some() || node.kind == NodeKind::Selection {
                node = Node {
                    children: vec![node],
                    ..Node::default()
                };
            }
            node.condition = Some(condition);
            open.push(node);
            closed = clause.closes;
        }
        close(&mut open, &mut children);
        children.extend(
            among
                .iter()
                .filter(|at| !used.contains(at))
                .map(|&at| Node::atom(Some(at))),
        );
        Node::all(children)
    }

    /// The body of a branch: a chain if it has steps.
    fn steps_of(&self, body: Range<usize>, inner: &[usize]) -> Node {
        let split = steps::openings(self.document, body.clone(), self.clauses)
            .into_iter()
            .map(|opening| (opening.at, opening.first))
            .find(|&(at, first)| {
                let after_condition = at > body.start + 2;
                // A step without anything checkable is one that tells what to do.
                let told = says!(
                    &self.document.text[body.start..at],
                    r"\b(?:correct|fix|rewrite|explain|list|write|give|summari[sz]e|name|describe|tell|translate)\b"
                );
                after_condition && !first && (inner.len() > 1 || inner.len() == 1 && told)
            });
        match split {
            Some((at, _)) => {
                let first: Vec<Node> = self
                    .within(&(body.start..at), inner)
                    .into_iter()
                    .map(|at| Node::atom(Some(at)))
                    .collect();
                let second: Vec<Node> = self
                    .within(&(at..body.end), inner)
                    .into_iter()
                    .map(|at| Node::atom(Some(at)))
                    .collect();
                Node {
                    kind: NodeKind::Chain,
                    children: vec![Node::all(first), Node::all(second)],
                    ..Node::default()
                }
            }
            None => Node::all(inner.iter().map(|&at| Node::atom(Some(at))).collect()),
        }
    }
}
