//! From prompts to their typed streams.
//!
//! Owns the loop around turns: which of them run together, in which sequences, and what of earlier prompts is kept. Does not
//! own what happens in a turn ([`Turn`]), nor the arithmetic ([`Decoder`]).
//!
//! A decoder with several sequences runs up to [`MAX_TURNS`] at once, their tokens in one pass: the next one begins when
//! the prompts before it are read, so that it can share what they have in common, and others go on meanwhile. A turn that
//! runs alone guesses ahead (`draft`). Neither changes a token of any turn.

use std::time::Instant;

use super::draft::Costs;
use super::fit::Fitted;
use super::tokenizer::Tokenizer;
use super::turn::{Feed, Given, Next, PREFILL_CHUNK, Turn};
use super::{Decoder, SequenceId, Step};
use crate::chat::Finish;
use crate::engine::{Asking, Control, EngineError, Event, Request};

/// Turns that run at once: more would not be computed faster.
const MAX_TURNS: usize = 16;

/// A decoder together with the tokens that its main sequence holds, so that the next prompt need not begin anew.
pub struct Cached {
    decoder: Box<dyn Decoder>,
    /// `None` while a turn has the main sequence.
    main: Option<Vec<u32>>,
    logits: Vec<f32>,
    costs: Costs,
}

impl Cached {
    pub fn new(decoder: Box<dyn Decoder>) -> Self {
        Self {
            decoder,
            main: Some(Vec::new()),
            logits: Vec::new(),
            costs: Costs::default(),
        }
    }

    pub fn context(&self) -> usize {
        self.decoder.context()
    }

    /// A sequence that holds as much of `prompt` as any does that is there, but its last token, and what it holds.
    fn open(&mut self, prompt: &[u32], running: &[Running<'_>]) -> (SequenceId, Vec<u32>) {
        if running.is_empty() {
            // A turn that panicked never gave it back.
            self.main.get_or_insert_default();
        }
        let most = prompt.len().saturating_sub(1);
        let common = |held: &[u32]| {
            let pairs = held.iter().zip(&prompt[..most]);
            pairs.take_while(|(a, b)| a == b).count()
        };
        let others = running.iter().map(|r| (common(r.turn.held()), r.turn.sequence));
        let best = others.max_by_key(|(common, _)| *common);
        let of_main = self.main.as_deref().map(common);
        let (sequence, kept) = match (of_main, best) {
            // The main sequence is used if it is free: what it holds is of no use to those that run.
            (Some(kept), None) => {
                self.main = None;
                (SequenceId::MAIN, kept)
            }
            (Some(kept), Some((other, _))) if kept >= other => self.fork(SequenceId::MAIN, kept),
            (_, best) => {
                let (kept, of) = best.unwrap_or((0, SequenceId::MAIN));
                self.fork(of, kept)
            }
        };
        self.cut(sequence, kept);
        (sequence, prompt[..kept].to_vec())
    }

    fn fork(&mut self, of: SequenceId, len: usize) -> (SequenceId, usize) {
        match self.decoder.batch() {
            Some(batch) => (batch.fork(of, len), len),
            None => (SequenceId::MAIN, 0),
        }
    }

    /// Takes back the sequence of a turn that is over and left `held` in it.
    fn close(&mut self, sequence: SequenceId, held: Vec<u32>) {
        if sequence == SequenceId::MAIN {
            self.cut(sequence, held.len());
            self.main = Some(held);
        } else if let Some(batch) = self.decoder.batch() {
            batch.forget(sequence);
        }
    }

    fn cut(&mut self, sequence: SequenceId, len: usize) {
        match self.decoder.batch() {
            Some(batch) => batch.truncate_sequence(sequence, len),
            None => self.decoder.truncate(len),
        }
    }

    /// Makes the main sequence hold `ids`, piece by piece until `control` is stopped.
    pub fn read_ahead(&mut self, ids: &[u32], control: &Control) {
        if ids.len() >= self.context() {
            return;
        }
        // The last token is computed again by whoever asks for more.
        let (sequence, mut held) = self.open(ids, &[]);
        for piece in ids[held.len()..].chunks(PREFILL_CHUNK) {
            if control.is_stopped() {
                break;
            }
            let step = Step {
                sequence,
                ids: piece,
                logits: 0,
            };
            if self.compute(&[step]).is_err() {
                held.clear();
                break;
            }
            held.extend_from_slice(piece);
        }
        self.close(sequence, held);
    }

    /// Computes what some turns want and hands it to them. Gives those that ended by it; after an error none has moved.
    fn feed(
        &mut self,
        fed: &mut [(&mut Turn<'_>, usize, Feed)],
        sink: &mut dyn FnMut(usize, Event),
    ) -> Result<Vec<Ended>, EngineError> {
        let begun = Instant::now();
        let steps: Vec<_> = fed
            .iter()
            .map(|(turn, _, feed)| Step {
                sequence: turn.sequence,
                ids: &feed.ids,
                logits: feed.logits,
            })
            .collect();
        self.compute(&steps)?;
        // Of a prompt only whole pieces count: what they take is what each token costs where there are many.
        if let [(_, _, feed)] = fed
            && (feed.logits == feed.ids.len() || feed.ids.len() == PREFILL_CHUNK)
        {
            self.costs.record(feed.ids.len(), begun.elapsed());
        }
        let mut over = Vec::new();
        let mut logits = std::mem::take(&mut self.logits);
        let mut rest = &mut logits[..];
        for (turn, place, feed) in fed {
            let own;
            let wanted = feed.logits * self.decoder.vocab_size();
            (own, rest) = rest.split_at_mut(wanted);
            match turn.take(own, &mut |event| sink(*place, event)) {
                Ok(None) => {}
                Ok(Some(finish)) => over.push((*place, Ok(finish))),
                Err(error) => over.push((*place, Err(error))),
            }
            self.cut(turn.sequence, turn.held().len());
        }
        self.logits = logits;
        Ok(over)
    }

    fn compute(&mut self, steps: &[Step<'_>]) -> Result<(), EngineError> {
        match (self.decoder.batch(), steps) {
            (Some(batch), _) => batch.forward_batch(steps, &mut self.logits),
            (None, [step]) => self.decoder.forward(step.ids, &mut self.logits),
            (None, _) => Err(EngineError::Compute("it computes one sequence at a time".into())),
        }
    }
}

/// The place of a turn that is over, and how it ended.
type Ended = (usize, Result<Finish, EngineError>);

/// A turn and its place among those that were asked for.
struct Running<'a> {
    turn: Turn<'a>,
    place: usize,
}

/// Continues each prompt that `asking` asks for until something ends it.
pub fn generate(
    model: &mut Cached,
    tokenizer: &Tokenizer,
    fit: &dyn Fn(&Request) -> Result<Fitted, EngineError>,
    asking: &mut dyn Asking,
) {
    let at_once = if model.decoder.batch().is_some() {
        MAX_TURNS
    } else {
        1
    };
    let mut running: Vec<Running<'_>> = Vec::new();
    let mut asked = 0;
    loop {
        if running.len() < at_once && !running.iter().any(|r| r.turn.is_prefilling()) {
            let idle = running.is_empty();
            if let Some((request, control)) = asking.next(idle) {
                let place = asked;
                asked += 1;
                let given = Given {
                    tokenizer,
                    request,
                    control,
                    started: Instant::now(),
                    context: model.context(),
                };
                let fitted = fit(&given.request);
                let turn = fitted.and_then(|fitted| {
                    begin(model, given, &fitted, &running, &mut |event| {
                        asking.event(place, event)
                    })
                });
                match turn {
                    Ok(turn) => running.push(Running { turn, place }),
                    Err(error) => asking.over(place, Err(error)),
                }
                continue;
            } else if idle {
                break;
            }
        }
        let ended = round(model, &mut running, &mut |place, event| {
            asking.event(place, event)
        });
        for (place, finish) in ended {
            let Some(at) = running.iter().position(|r| r.place == place) else {
                continue;
            };
            let Running { turn, .. } = running.remove(at);
            let sequence = turn.sequence;
            let (outcome, held) = turn.end(finish, &mut |event| asking.event(place, event));
            // After a failure it is not known how far a decoder got.
            let held = if outcome.is_ok() { held } else { Vec::new() };
            model.close(sequence, held);
            asking.over(place, outcome);
        }
    }
}

fn begin<'a>(
    model: &mut Cached,
    given: Given<'a>,
    fitted: &Fitted,
    running: &[Running<'_>],
    sink: &mut dyn FnMut(Event),
) -> Result<Turn<'a>, EngineError> {
    let ids = &fitted.prompt.ids;
    if ids.len() >= model.context() {
        return Err(EngineError::PromptTooLong {
            tokens: ids.len(),
            context: model.context(),
        });
    }
    let place = model.open(ids, running);
    Ok(Turn::begin(given, fitted, place, sink))
}

/// Computes what all turns want next. Gives the places of those that are over, and how they ended.
fn round(model: &mut Cached, running: &mut [Running<'_>], sink: &mut dyn FnMut(usize, Event)) -> Vec<Ended> {
    let mut over = Vec::new();
    let mut fed = Vec::new();
    let alone = running.len() == 1 && model.decoder.batch().is_some();
    for Running { turn, place } in running {
        let costs = alone.then_some(&model.costs);
        match turn.next(costs, &mut |event| sink(*place, event)) {
            Ok(Next::Feed(feed)) => fed.push((turn, *place, feed)),
            Ok(Next::Over(finish)) => over.push((*place, Ok(finish))),
            Err(error) => over.push((*place, Err(error))),
        }
    }
    if fed.is_empty() {
        return over;
    }
    let together = model.feed(&mut fed, sink);
    match together {
        Ok(ended) => over.extend(ended),
        Err(error) if fed.len() == 1 => over.push((fed[0].1, Err(error))),
        // One that cannot be computed must not end the others.
        Err(_) => {
            for one in fed.chunks_mut(1) {
                match model.feed(one, sink) {
                    Ok(ended) => over.extend(ended),
                    Err(error) => over.push((one[0].1, Err(error))),
                }
            }
        }
    }
    over
}
