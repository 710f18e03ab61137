//! Which constraints are active at each turn of a conversation.
//!
//! Owns what becomes of a rule from turn to turn. Does not own how a rule is read: each prompt is parsed for itself.
//!
//! A rule stands for the conversation (`from now on`) or for one piece of work. A later prompt calls rules off or puts them back
//! ([`rules`]), leaves the piece of work and with it what was for that piece ([`said`]), gives a rule another value
//! ([`values`]; without naming it: [`elliptic`]), or states further rules, each in the place of an old one where it is another
//! value of the same limit ([`replaced`]). What is called off or replaced `for this once` is only set aside. A prompt can also
//! come back to an earlier piece of work, whose rules hold again ([`pieces`]).

mod elliptic;
mod naming;
mod pieces;
mod replaced;
mod rules;
mod said;
mod sentence;
mod values;
mod words;

use super::{mask, parse};
use crate::constraints::Constraint;
use rules::{Act, Change};
use said::Deed;
use sentence::Sentence;

/// A constraint in force, with the turn (one-based) that stated it. The span is of that turn's prompt.
#[derive(Clone, Debug, PartialEq)]
pub struct Active {
    pub constraint: Constraint,
    pub from_turn: usize,
}

#[derive(Clone)]
struct Held {
    active: Active,
    /// The rules in the order in which they were stated; another value of a rule has the place of the one before.
    nth: usize,
    /// The piece of work that it was stated with.
    piece: usize,
    standing: bool,
    /// The last turn (one-based) for which it stands, if that was said.
    until: Option<usize>,
    /// Out of force for this turn only.
    suspended: bool,
    /// It ended with the piece of work that it was for, neither called off nor replaced.
    lapsed: bool,
}

/// A prompt as far as it bears on the rules.
struct Turn {
    /// One-based.
    number: usize,
    sentences: Vec<Sentence>,
    /// Of every sentence: whether its rules stand for the conversation, and what it does with the piece of work.
    stands: Vec<bool>,
    deeds: Vec<Deed>,
    stated: Vec<Constraint>,
    /// What it changes holds for this turn.
    once: bool,
}

/// What is active at each turn, in the order of statement.
pub fn follow(prompts: &[&str]) -> Vec<Vec<Active>> {
    let mut talk = Talk {
        prompts,
        held: Vec::new(),
        ended: Vec::new(),
        pieces: Vec::new(),
    };
    (0..prompts.len()).map(|turn| talk.turn(turn)).collect()
}

struct Talk<'p> {
    prompts: &'p [&'p str],
    held: Vec<Held>,
    ended: Vec<Held>,
    /// Of every turn so far: the piece of work that it was about.
    pieces: Vec<usize>,
}

impl Talk<'_> {
    fn turn(&mut self, nth: usize) -> Vec<Active> {
        let prompt = self.prompts[nth];
        let sentences = sentence::split(prompt);
        let mut turn = Turn {
            number: nth + 1,
            once: sentences.iter().any(said::is_once),
            stands: sentences.iter().map(said::stands).collect(),
            deeds: sentences.iter().map(said::deed).collect(),
            stated: parse(prompt).constraints,
            sentences,
        };
        for item in &mut self.held {
            item.suspended = false;
        }
        if nth > 0 {
            self.end(|item| item.until.is_some_and(|until| until < turn.number));
            for at in 0..turn.sentences.len() {
                if turn.takes_back(at, prompt) {
                    continue;
                }
                for change in rules::changes(&turn.sentences, at) {
                    match change.act {
                        Act::Back => self.put_back(&change, &mut turn),
                        Act::Off | Act::Allow | Act::Without => self.call_off(&change, &mut turn),
                    }
                }
            }
            if let Some(piece) = pieces::returned_to(&turn, &self.prompts[..nth], &self.pieces) {
                self.leave();
                self.pieces.push(piece);
                self.hold_again(|item| item.piece == piece);
            } else if said::leaves(&turn.deeds) {
                self.leave();
                self.pieces
                    .push(self.pieces.iter().max().map_or(0, |last| last + 1));
            }
        }
        if self.pieces.len() == nth {
            self.pieces.push(self.pieces.last().copied().unwrap_or_default());
        }
        if turn.sentences.iter().any(said::same_rules) {
            self.hold_again(|_| true);
        }
        // `Thanks!`, `who are you?`: what was for a piece of work is not for this.
        if turn.sentences.iter().all(said::is_small_talk) {
            for item in self.held.iter_mut().filter(|item| !item.standing) {
                item.suspended = true;
            }
        }
        let ended = values::change(&mut turn, &mut self.held, self.prompts);
        self.ended.extend(ended);
        self.state(turn);
        let in_force = self.held.iter().filter(|item| !item.suspended);
        in_force.map(|item| item.active.clone()).collect()
    }

    /// The number under which people know each of these rules: `rule 2` is the second one stated, whatever ended since.
    fn numbers<'h>(&self, of: impl Iterator<Item = &'h Held>) -> Vec<usize> {
        let ended = self
            .ended
            .iter()
            .filter(|item| !item.lapsed && item.until.is_none());
        let mut known: Vec<usize> = self.held.iter().chain(ended).map(|item| item.nth).collect();
        known.sort_unstable();
        known.dedup();
        of.map(|item| known.partition_point(|nth| *nth < item.nth))
            .collect()
    }

    /// What was for the piece of work so far ends with it.
    fn leave(&mut self) {
        let ended = self.ended.len();
        self.end(|item| !item.standing);
        self.ended[ended..].iter_mut().for_each(|item| item.lapsed = true);
    }

    fn end(&mut self, ends: impl Fn(&Held) -> bool) {
        let (ended, held) = self.held.drain(..).partition(|item| ends(item));
        self.held = held;
        let ended: Vec<Held> = ended;
        self.ended.extend(ended);
    }

    /// Rules of which this change speaks end, or are set aside for this once.
    fn call_off(&mut self, change: &Change, turn: &mut Turn) {
        let rules: Vec<&Constraint> = self.held.iter().map(|item| &item.active.constraint).collect();
        let meant = change.meant(&rules, &self.numbers(self.held.iter()));
        if change.excepts() {
            turn.stated.retain(|stated| {
                !(change.span.contains(&stated.span.start)
                    && rules.iter().any(|rule| replaced::same_family(stated, rule)))
            });
        }
        for at in meant.into_iter().rev() {
            let item = &mut self.held[at];
            // `Drop the "Cheers!" thing` forbids nothing: it is how the answer was to end.
            if change.act == Act::Off && replaced::at_an_edge(&item.active.constraint) {
                turn.stated.retain(|stated| {
                    !(change.span.contains(&stated.span.start)
                        && replaced::takes_back(stated, &item.active.constraint))
                });
            }
            // What is stated instead takes its place.
            let instead = |stated: &Constraint| {
                change.span.contains(&stated.span.start)
                    && replaced::same_family(stated, &item.active.constraint)
                    && stated.kwargs != item.active.constraint.kwargs
                    // `You can use emojis again` does not ask for them.
                    && !(change.act == Act::Allow
                        && naming::forbids(&item.active.constraint)
                        && replaced::has_relation(stated, "at least"))
            };
            // `No more emojis` ends no limit on them, but sets it to none.
            let none = |stated: &Constraint| {
                naming::forbids(stated) && replaced::has_relation(&item.active.constraint, "less than")
            };
            if turn
                .stated
                .iter()
                .any(|stated| instead(stated) && (change.act != Act::Off || none(stated)))
            {
                continue;
            }
            // A word that must not be said any more is no rule called off, but a new one in its place.
            turn.stated.retain(|stated| {
                !(change.span.contains(&stated.span.start)
                    && replaced::same_family(stated, &item.active.constraint))
            });
            if turn.once && item.standing {
                item.suspended = true;
            } else if change.lift(&mut item.active.constraint) {
                let item = self.held.remove(at);
                self.ended.push(item);
            }
        }
    }

    /// Rules of which this change speaks are in force again.
    fn put_back(&mut self, change: &Change, turn: &mut Turn) {
        let away: Vec<usize> = (0..self.ended.len())
            .filter(|&at| !self.ended[at].lapsed)
            .collect();
        let rules: Vec<&Constraint> = away.iter().map(|&at| &self.ended[at].active.constraint).collect();
        let numbers = self.numbers(away.iter().map(|&at| &self.ended[at]));
        let meant = change.meant(&rules, &numbers);
        let mut meant: Vec<usize> = meant.into_iter().map(|at| away[at]).collect();
        if meant.is_empty() {
            // `You can put commas back`: what was forbidden is allowed.
            let rules: Vec<&Constraint> = self.held.iter().map(|item| &item.active.constraint).collect();
            for at in change.forbidden(&rules).into_iter().rev() {
                let item = self.held.remove(at);
                self.ended.push(item);
            }
            return;
        }
        meant.sort_unstable();
        if let Some(at) = change.earlier_value(&meant) {
            self.put_in_place(at);
            return;
        }
        // Of several values of one rule the last is meant.
        while let Some(at) = meant.pop() {
            let item = self.ended.remove(at);
            let new = &item.active.constraint;
            let said = turn.stated.iter().any(|stated| {
                change.span.contains(&stated.span.start)
                    && replaced::same_family(stated, new)
                    && change.has_number()
            });
            let held = self
                .held
                .iter()
                .any(|other| replaced::replaces(new, &other.active.constraint));
            if said || held {
                continue;
            }
            turn.stated.retain(|stated| {
                !(change.span.contains(&stated.span.start) && replaced::same_family(stated, new))
            });
            self.held.push(item);
        }
    }

    /// The value of a rule that ended takes the place of the present one.
    fn put_in_place(&mut self, at: usize) {
        let item = self.ended.remove(at);
        let present = |other: &Held| replaced::replaces(&item.active.constraint, &other.active.constraint);
        self.end(present);
        self.held.push(item);
    }

    /// Rules that ended with an earlier piece of work hold again.
    fn hold_again(&mut self, of: impl Fn(&Held) -> bool) {
        let (again, rest): (Vec<Held>, Vec<Held>) =
            self.ended.drain(..).partition(|item| item.lapsed && of(item));
        self.ended = rest;
        for mut item in again {
            item.lapsed = false;
            let new = &item.active.constraint;
            if !self
                .held
                .iter()
                .any(|other| replaced::replaces(new, &other.active.constraint))
            {
                self.held.push(item);
            }
        }
    }

    /// What the prompt states joins the rules, each in the place of those that it replaces.
    fn state(&mut self, mut turn: Turn) {
        let placed: Vec<(Option<usize>, bool)> = turn
            .stated
            .iter()
            .map(|stated| {
                let holds = |sentence: &Sentence| sentence.holds(stated.span.start);
                let place = turn.sentences.iter().position(holds);
                (place, turn.stands(place))
            })
            .collect();
        for (mut constraint, (place, mut standing)) in
            std::mem::take(&mut turn.stated).into_iter().zip(placed)
        {
            let sentence = place.map(|at| &turn.sentences[at]);
            let text = sentence.map_or("", |sentence| sentence.text.as_str());
            let turns = || turn.sentences.iter().find_map(said::stands_for);
            let mut until = sentence
                .and_then(said::stands_for)
                .or_else(|| turns().filter(|_| standing))
                .map(|turns| (turn.number - 1).saturating_add(turns));
            if standing {
                values::leave_language_open(text, &mut constraint);
            }
            let mut nth = None;
            for at in (0..self.held.len()).rev() {
                let old = &self.held[at].active.constraint;
                if !(replaced::replaces(&constraint, old)
                    || replaced::reshapes(text, &constraint, old)
                    || replaced::in_place_of(text, &constraint, old))
                {
                    continue;
                }
                replaced::adopt_relation(text, &mut constraint, old);
                if turn.once && self.held[at].standing {
                    self.held[at].suspended = true;
                    until = Some(turn.number);
                    continue;
                }
                let old = self.held.remove(at);
                nth = Some(old.nth);
                standing |= old.standing;
                until = until.or(old.until);
                self.ended.push(old);
            }
            let next = self.held.iter().chain(&self.ended).map(|item| item.nth + 1).max();
            self.held.push(Held {
                nth: nth.or(next).unwrap_or_default(),
                active: Active {
                    constraint,
                    from_turn: turn.number,
                },
                piece: self.pieces.last().copied().unwrap_or_default(),
                standing: standing && !sentence.is_some_and(said::is_once),
                until,
                suspended: false,
                lapsed: false,
            });
        }
    }
}

impl Turn {
    /// Whether a sentence takes back what the one before it states, so that it speaks of no rule so far.
    fn takes_back(&self, at: usize, prompt: &str) -> bool {
        mask::takes_back(&self.sentences[at].text)
            && at.checked_sub(1).is_some_and(|before| {
                let said = &self.sentences[before];
                let range = said.source(0..said.text.len());
                prompt
                    .get(range)
                    .is_some_and(|said| !parse(said).constraints.is_empty())
            })
    }

    /// Whether what is stated in a sentence of this turn stands for the conversation: the sentence says so, or another one does
    /// and no task stands between them.
    fn stands(&self, place: Option<usize>) -> bool {
        let stands = &self.stands;
        let Some(place) = place else {
            return stands.contains(&true);
        };
        if stands[place] {
            return true;
        }
        let task = |at: usize| matches!(self.deeds[at], Deed::Leaves | Deed::Asks);
        let before = (0..place).rev().find(|&at| stands[at] || task(at));
        let alone = |at: usize| {
            !self
                .stated
                .iter()
                .any(|stated| self.sentences[at].holds(stated.span.start))
                && stands[at]
        };
        // `…, 50 words. Do that for all your answers.`
        let after = (place + 1..self.sentences.len()).any(|at| alone(at) && !task(at));
        !task(place) && before.is_some_and(|at| stands[at]) || after
    }
}
