//! The requirements of one prompt as the sidebar lists them: what was read, changed by hand, in the shape of the prompt.
//!
//! Owns the order and the nesting of the rows, and which branch of a selection the answer took. Positions are those of
//! the turn's constraints throughout; rows are what is listed.

use crate::chat::{Edit, Turn, TurnId, is_dropped};
use crate::constraints::check::{Applies, Status};
use crate::constraints::parse::{Conflict, Node, NodeKind, Reading, Soft, conflicts, parse};
use crate::constraints::{Constraint, Scope};

/// What one prompt asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    pub constraints: Vec<Constraint>,
    /// What no program decides.
    pub soft: Vec<Soft>,
    pub rows: Vec<Row>,
    /// Pairs of positions that no answer can follow together.
    pub conflicts: Vec<Conflict>,
    marks: Vec<Mark>,
    tree: Node,
}

/// What was done to a constraint by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mark {
    dropped: bool,
    origin: Origin,
}

/// How a constraint came to be as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    #[default]
    Prompt,
    /// By hand.
    Added,
    /// By hand.
    Changed,
    /// It holds on from this turn.
    Earlier(TurnId),
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub depth: usize,
    pub item: Item,
}

/// What a row is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A step of a chain, counted from one.
    Step(usize),
    /// The branches of a selection follow; these constraints stand in them.
    Selection(Vec<usize>),
    /// A branch of that selection.
    Branch {
        /// As it stands in the prompt.
        condition: String,
        /// Its constraints.
        of: Vec<usize>,
        /// Those of the other branches.
        others: Vec<usize>,
    },
    /// A part of the answer that what follows is about.
    Part(Scope),
    /// A step or a branch that asks for nothing that can be checked.
    Nothing,
    /// What holds on from earlier turns follows.
    Earlier,
    Constraint(usize),
    Soft(usize),
}

impl Listing {
    /// `prompt` with what was read in it when it was sent, and the changes since.
    fn new(reading: Reading, constraints: Vec<Constraint>, edits: &[Edit]) -> Self {
        let read = constraints
            .len()
            .saturating_sub(edits.iter().filter(|edit| edit.adds()).count());
        let changed = |at: usize| {
            edits
                .iter()
                .any(|edit| matches!(edit, Edit::Change { at: changed, .. } if *changed == at))
        };
        let marks: Vec<Mark> = (0..constraints.len())
            .map(|at| Mark {
                dropped: is_dropped(edits, at),
                origin: match edits.iter().filter(|edit| edit.adds()).nth(at.wrapping_sub(read)) {
                    Some(Edit::Keep { from, .. }) => Origin::Earlier(*from),
                    Some(_) => Origin::Added,
                    None if changed(at) => Origin::Changed,
                    None => Origin::Prompt,
                },
            })
            .collect();
        // The tree speaks of what the prompt says now; another version of the parser may have read it otherwise.
        let place = |at: usize| {
            let stated = reading.constraints.get(at)?;
            let is_it = |c: &&Constraint| c.id == stated.id && c.span == stated.span;
            match constraints.get(at).filter(is_it) {
                Some(_) => Some(at),
                None => constraints.iter().position(|c| is_it(&c)),
            }
        };
        let mut tree = reading.tree;
        renumber(&mut tree, &place);
        let mut listing = Self {
            conflicts: Vec::new(),
            soft: reading.soft,
            rows: Vec::new(),
            constraints,
            marks,
            tree,
        };
        listing.lay_out();
        listing.conflicts = conflicts::find(&listing.constraints, &listing.tree);
        let marks = &listing.marks;
        listing
            .conflicts
            .retain(|conflict| conflict.pair.iter().all(|at| !marks[*at].dropped));
        listing
    }

    pub fn of_turn(turn: &Turn) -> Self {
        Self::of_reading(parse(&turn.prompt), turn)
    }

    /// As [`Listing::of_turn`], where its prompt was read already.
    pub(super) fn of_reading(reading: Reading, turn: &Turn) -> Self {
        Self::new(reading, turn.constraints.clone(), &turn.edits)
    }

    /// What a draft would ask for if it were sent now.
    pub fn of_draft(reading: &Reading, stated: &[Constraint], edits: &[Edit]) -> Self {
        let mut constraints = stated.to_vec();
        for edit in edits {
            edit.apply(&mut constraints);
        }
        Self::new(reading.clone(), constraints, edits)
    }

    fn lay_out(&mut self) {
        let mut rows = Rows::default();
        let tree = std::mem::take(&mut self.tree);
        rows.node(&tree, 0);
        self.tree = tree;
        for at in 0..self.constraints.len() {
            if !rows.listed.contains(&at) && !matches!(self.origin(at), Origin::Earlier(_)) {
                rows.push(0, Item::Constraint(at));
            }
        }
        for at in 0..self.soft.len() {
            rows.push(0, Item::Soft(at));
        }
        let mut kept = (0..self.constraints.len())
            .filter(|at| matches!(self.origin(*at), Origin::Earlier(_)))
            .peekable();
        if kept.peek().is_some() {
            rows.push(0, Item::Earlier);
        }
        kept.for_each(|at| rows.push(1, Item::Constraint(at)));
        self.rows = rows.rows;
    }

    pub fn is_empty(&self) -> bool {
        self.constraints.is_empty() && self.soft.is_empty()
    }

    pub fn is_dropped(&self, at: usize) -> bool {
        self.marks.get(at).is_some_and(|mark| mark.dropped)
    }

    pub fn origin(&self, at: usize) -> Origin {
        self.marks.get(at).map_or(Origin::Prompt, |mark| mark.origin)
    }

    /// How many hold on from earlier turns.
    pub fn kept(&self) -> usize {
        let is_kept = |mark: &&Mark| !mark.dropped && matches!(mark.origin, Origin::Earlier(_));
        self.marks.iter().filter(is_kept).count()
    }

    /// What a row can be selected for: a requirement, not a heading.
    fn is_requirement(&self, row: usize) -> bool {
        let item = self.rows.get(row).map(|row| &row.item);
        matches!(item, Some(Item::Constraint(_) | Item::Soft(_)))
    }

    /// The requirement `lines` rows on from `row`; headings are passed over.
    pub fn step(&self, row: usize, lines: isize) -> usize {
        let requirements: Vec<usize> = (0..self.rows.len()).filter(|r| self.is_requirement(*r)).collect();
        let here = requirements.partition_point(|r| *r < row);
        let last = requirements.len().saturating_sub(1);
        let there = here.saturating_add_signed(lines).min(last);
        requirements.get(there).copied().unwrap_or(0)
    }

    /// The first row that is a requirement.
    pub fn first(&self) -> usize {
        (0..self.rows.len())
            .find(|row| self.is_requirement(*row))
            .unwrap_or(0)
    }

    pub fn row_of(&self, constraint: usize) -> Option<usize> {
        self.rows
            .iter()
            .position(|row| row.item == Item::Constraint(constraint))
    }

    /// What a row is called elsewhere: its place among the requirements, counted from one.
    pub fn number(&self, row: usize) -> Option<usize> {
        let before = (0..row).filter(|r| self.is_requirement(*r)).count();
        self.is_requirement(row).then_some(before + 1)
    }

    /// The position of a row's requirement in an inspection: constraints first, then what no program decides.
    pub fn inspected(&self, row: usize) -> Option<usize> {
        match self.rows.get(row)?.item {
            Item::Constraint(at) => Some(at),
            Item::Soft(at) => Some(self.constraints.len() + at),
            _ => None,
        }
    }

    /// The numbers of the requirements at these positions of an inspection, without what was dropped.
    pub fn numbers(&self, inspected: &[usize]) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..self.rows.len())
            .filter(|row| {
                self.inspected(*row)
                    .is_some_and(|at| inspected.contains(&at) && !self.is_dropped(at))
            })
            .filter_map(|row| self.number(row))
            .collect();
        numbers.sort_unstable();
        numbers
    }

    /// As [`Listing::numbers`], in the order given.
    pub fn numbers_in_order(&self, inspected: &[usize]) -> Vec<usize> {
        let each = inspected.iter().flat_map(|at| self.numbers(&[*at]));
        each.collect()
    }

    /// The constraint of a row.
    pub fn constraint_at(&self, row: usize) -> Option<usize> {
        match self.rows.get(row)?.item {
            Item::Constraint(at) => Some(at),
            _ => None,
        }
    }

    /// The words of the prompt that state a row's requirement; `None` for one that was added by hand.
    pub fn stated(&self, row: usize) -> Option<std::ops::Range<usize>> {
        let span = match self.rows.get(row)?.item {
            Item::Constraint(at) => &self.constraints.get(at)?.span,
            Item::Soft(at) => &self.soft.get(at)?.span,
            _ => return None,
        };
        (!span.is_empty()).then(|| span.clone())
    }

    /// Whether the branch that holds these constraints is the one that the answer took.
    pub fn branch(statuses: &[Status], of: &[usize], others: &[usize]) -> Applies {
        let any = |of: &[usize], wanted: Applies| {
            let mut applies = of.iter().filter_map(|at| statuses.get(*at)).map(|s| s.applies);
            applies.any(|applies| applies == wanted)
        };
        if any(of, Applies::Taken) {
            Applies::Taken
        } else if any(of, Applies::NotTaken) || any(others, Applies::Taken) {
            Applies::NotTaken
        } else {
            Applies::Undecided
        }
    }
}

/// Gives every atom the position that its constraint has in the turn.
fn renumber(node: &mut Node, place: &impl Fn(usize) -> Option<usize>) {
    node.constraint = node.constraint.and_then(place);
    for child in &mut node.children {
        renumber(child, place);
    }
}

/// Rows while they are laid out.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    listed: Vec<usize>,
}

impl Rows {
    fn push(&mut self, depth: usize, item: Item) {
        self.rows.push(Row { depth, item });
    }

    fn node(&mut self, node: &Node, depth: usize) {
        match node.kind {
            NodeKind::Atom => match node.constraint {
                Some(at) if self.listed.contains(&at) => {}
                Some(at) => {
                    self.listed.push(at);
                    self.push(depth, Item::Constraint(at));
                }
                None => self.push(depth, Item::Nothing),
            },
            NodeKind::And => node.children.iter().for_each(|child| self.scoped(child, depth)),
            NodeKind::Chain => {
                for (at, child) in node.children.iter().enumerate() {
                    self.push(depth, Item::Step(at + 1));
                    self.node(child, depth + 1);
                }
            }
            NodeKind::Selection => {
                let all = node.constraints();
                self.push(depth, Item::Selection(all.clone()));
                for child in &node.children {
                    let of = child.constraints();
                    let others = all.iter().copied().filter(|at| !of.contains(at)).collect();
                    let condition = child.condition.clone().unwrap_or_default();
                    self.push(
                        depth + 1,
                        Item::Branch {
                            condition,
                            of,
                            others,
                        },
                    );
                    self.node(child, depth + 2);
                }
            }
        }
    }

    /// A node under the part of the answer that it is about.
    fn scoped(&mut self, node: &Node, depth: usize) {
        match node.scope.clone().filter(|_| node.condition.is_none()) {
            Some(part) => {
                self.push(depth, Item::Part(part));
                self.node(node, depth + 1);
            }
            None => self.node(node, depth),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constraints::Semantics;
    use crate::constraints::check::LiveCheck;

    fn draft(prompt: &str) -> Listing {
        let reading = parse(prompt);
        Listing::of_draft(&reading, &reading.constraints, &[])
    }

    fn statuses(listing: &Listing, prompt: &str, answer: &str) -> Vec<Status> {
        let mut check = LiveCheck::new(&listing.constraints, prompt, Semantics::AsWorded);
        check.feed(answer, answer);
        check.finish(answer);
        check.statuses()
    }

    #[test]
    fn every_constraint_has_exactly_one_row() {
        for prompt in [
            "Use exactly 3 bullet points, no commas, and stay under 80 words.",
            "First write a title in all caps. Then write a poem with no commas. Finally end with \"The end\".",
            "If it is a poem, use no commas. Otherwise write at least 100 words. Keep a friendly tone.",
        ] {
            let listing = draft(prompt);
            let mut at: Vec<usize> = listing
                .rows
                .iter()
                .filter_map(|row| match row.item {
                    Item::Constraint(at) => Some(at),
                    _ => None,
                })
                .collect();
            at.sort_unstable();
            assert_eq!(at, (0..listing.constraints.len()).collect::<Vec<_>>(), "{prompt}");
        }
    }

    #[test]
    fn a_flat_prompt_has_no_headings_and_a_chain_has_its_steps() {
        let flat = draft("Use exactly 3 bullet points and no commas.");
        assert!(
            flat.rows
                .iter()
                .all(|row| row.depth == 0 && matches!(row.item, Item::Constraint(_)))
        );
        let chain = draft("First write a title in all capital letters. Then write a story with no commas.");
        assert_eq!(chain.rows[0].item, Item::Step(1), "{:?}", chain.rows);
        assert_eq!(chain.rows[1].depth, 1);
        assert_eq!(
            chain.step(chain.first(), 1),
            3,
            "headings are passed over: {:?}",
            chain.rows
        );
    }

    #[test]
    fn a_branch_says_whether_it_was_taken() {
        let prompt = "If the text is a poem, use no commas. Otherwise write at least 100 words.";
        let listing = draft(prompt);
        let branches: Vec<(&Vec<usize>, &Vec<usize>)> = listing
            .rows
            .iter()
            .filter_map(|row| match &row.item {
                Item::Branch { of, others, .. } => Some((of, others)),
                _ => None,
            })
            .collect();
        assert_eq!(branches.len(), 2, "{:?}", listing.rows);
        let taken = |answer: &str| {
            let statuses = statuses(&listing, prompt, answer);
            branches
                .iter()
                .map(|(of, others)| Listing::branch(&statuses, of, others))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            taken("Roses, and more."),
            [Applies::Undecided; 2],
            "both are broken"
        );
        assert_eq!(taken("Roses are red."), [Applies::Taken, Applies::NotTaken]);
    }

    #[test]
    fn what_is_dropped_contradicts_nothing_and_comes_back() {
        let reading = parse("Write in all capital letters. Write in all lowercase letters.");
        let listing = Listing::of_draft(&reading, &reading.constraints, &[]);
        assert_eq!(listing.conflicts.len(), 1, "{:?}", listing.constraints);
        let dropped = Listing::of_draft(&reading, &reading.constraints, &[Edit::Drop { at: 0 }]);
        assert!(dropped.is_dropped(0) && dropped.conflicts.is_empty());
        let back = Listing::of_draft(
            &reading,
            &reading.constraints,
            &[Edit::Drop { at: 0 }, Edit::Restore { at: 0 }],
        );
        assert!(!back.is_dropped(0) && back.conflicts.len() == 1);
    }
}
