//! Which constraints are active at each turn of a conversation.
//!
//! Owns what persists: standing rules (`from now on`) until cancelled; the rest as long as the talk is of the same piece of work.
//! A new value of the same limit replaces the old one.

mod changes;
mod said;

use super::parse;
use crate::constraints::Constraint;
use changes::{adopt_relation, increment, make_that, one_more, replaces, reshapes, swapped};
use said::{
    allowed_again, cancelled, continues, lift_words, of_one_task, outside_quotes, resumes, revived,
    rules_named_by_number, same_rules, standing, standing_until, this_once,
};

/// A constraint in force, with the turn (one-based) that stated it. The span is of that turn's prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    pub constraint: Constraint,
    pub from_turn: usize,
}

struct Held {
    active: Active,
    standing: bool,
    /// The last turn (one-based) for which it stands, if that was said.
    until: Option<usize>,
    /// Out of force for this turn only.
    suspended: bool,
    /// It ended with the piece of work that it was for, neither called off nor replaced.
    lapsed: bool,
}

/// What is active at each turn, in the order of statement.
pub fn follow(prompts: &[&str]) -> Vec<Vec<Active>> {
    let mut held: Vec<Held> = Vec::new();
    let mut ended: Vec<Held> = Vec::new();
    let mut out = Vec::with_capacity(prompts.len());
    for (turn, prompt) in prompts.iter().enumerate() {
        let lower = outside_quotes(prompt);
        let mut stated = parse(prompt).constraints;
        let standing_turn = standing(&lower);
        let once = this_once(&lower);
        for item in &mut held {
            item.suspended = false;
        }
        if turn > 0 {
            let continues = continues(&lower);
            let cancelled = cancelled(&lower);
            let revived = revived(&lower);
            if !revived.is_empty() {
                stated.retain(|constraint| !revived.iter().any(|topic| topic.covers(&constraint.id)));
            }
            if let Some(topics) = &cancelled {
                stated.retain(|constraint| !topics.iter().any(|topic| topic.names(&constraint.id)));
            }
            let words = allowed_again(&lower);
            let by_number = rules_named_by_number(&lower, held.len());
            let mut kept = Vec::new();
            for (nth, mut item) in held.drain(..).enumerate() {
                let off = by_number.contains(&nth)
                    || cancelled.as_ref().is_some_and(|topics| {
                        topics
                            .iter()
                            .any(|topic| topic.covers(&item.active.constraint.id))
                    });
                let expired = item.until.is_some_and(|until| until <= turn);
                let off = off || lift_words(&mut item.active.constraint, &words);
                if off && once && item.standing {
                    item.suspended = true;
                    kept.push(item);
                } else if off || expired || !(item.standing || continues) {
                    item.lapsed = !(off || expired);
                    ended.push(item);
                } else {
                    kept.push(item);
                }
            }
            held = kept;
            for topic in revived {
                if let Some(at) = ended
                    .iter()
                    .rposition(|item| topic.covers(&item.active.constraint.id))
                {
                    held.push(ended.remove(at));
                }
            }
        }
        if same_rules(&lower) {
            let (again, rest): (Vec<Held>, Vec<Held>) = ended.drain(..).partition(|item| item.lapsed);
            ended = rest;
            for item in again {
                let new = &item.active.constraint;
                if !held.iter().any(|other| replaces(new, &other.active.constraint)) {
                    held.push(item);
                }
            }
        }
        if resumes(&lower)
            && let Some(at) = ended.iter().rposition(|item| !item.lapsed)
        {
            held.push(ended.remove(at));
        }
        increment(prompt, &lower, &mut stated, &held);
        one_more(prompt, &lower, &mut stated, &held);
        swapped(prompt, &lower, turn + 1, &mut held);
        let until = standing_until(&lower).map(|turns| turn.saturating_add(turns));
        for mut constraint in stated {
            let same: Vec<usize> = (0..held.len())
                .filter(|&at| {
                    let old = &held[at].active.constraint;
                    replaces(&constraint, old) || reshapes(&lower, &constraint, old)
                })
                .collect();
            let mut inherits = false;
            let mut until = until;
            for &at in same.iter().rev() {
                if once && held[at].standing {
                    held[at].suspended = true;
                    continue;
                }
                let old = held.remove(at);
                adopt_relation(&lower, &mut constraint, &old.active.constraint);
                inherits |= old.standing;
                until = until.or(old.until);
                ended.push(old);
            }
            let stated_once = said::stated_once(prompt, &constraint);
            let standing = standing_turn && !of_one_task(prompt, &constraint);
            held.push(Held {
                active: Active {
                    constraint,
                    from_turn: turn + 1,
                },
                standing: (standing || inherits || until.is_some()) && !stated_once,
                until,
                suspended: false,
                lapsed: false,
            });
        }
        make_that(prompt, &lower, turn + 1, &mut held);
        let in_force = held.iter().filter(|item| !item.suspended);
        out.push(in_force.map(|item| item.active.clone()).collect());
    }
    out
}
