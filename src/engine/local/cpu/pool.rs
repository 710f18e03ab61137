//! Threads that stay: one parallel region a pass, cut into phases.
//!
//! Owns the threads, how they wait, and how they divide work. Does not own what they compute.
//!
//! The thread that calls [`Pool::run`] takes part as number 0. In a region every thread of the team calls [`Team::each`]
//! in the same order; each call is a phase. A thread begins with its own contiguous share of a phase's items, then steals from the
//! others', so one that is slowed down by another process does not hold up the rest.
//!
//! Invariants: a region's borrows are used by no thread after `run` returns or unwinds; when `each` returns, every item
//! of the phase is done and visible; a thread that waits spins for some microseconds and then sleeps, using no
//! processor; if one thread panics in a region all leave it and `run` panics.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Pauses before a waiting thread goes to sleep: longer than most phases differ, shorter than a scheduler's slice.
const SPINS: u32 = 4000;

pub struct Pool {
    state: Arc<State>,
    workers: Vec<JoinHandle<()>>,
}

type Region<'a> = dyn Fn(&Team<'_>) + Sync + 'a;

struct State {
    threads: usize,
    /// Opens for each region, and once more to end.
    start: Gate,
    phase: Barrier,
    finish: Barrier,
    order: Mutex<Order>,
    /// A thread panicked in the current region.
    broken: AtomicBool,
    ended: AtomicBool,
    /// Items taken of each thread's share: one set for the current phase, one being made ready for the next.
    taken: [Box<[Padded]>; 2],
}

/// What is to be run, and by whom.
#[derive(Clone, Copy)]
struct Order {
    /// Of `start`, once it is open for this. A worker that was not needed may look after several have passed.
    generation: u32,
    /// Threads with lower numbers take part.
    threads: usize,
    region: Option<&'static Region<'static>>,
}

/// A counter with a cache line, and its neighbour that is fetched with it, for itself.
#[repr(align(128))]
struct Padded(AtomicUsize);

impl Pool {
    /// A pool of `threads`, of which the caller is one. Fewer if the system gives no more.
    pub fn new(threads: usize) -> Self {
        let mut threads = threads.max(1);
        loop {
            let state = Arc::new(State::new(threads));
            let mut workers = Vec::new();
            for index in 1..threads {
                let shared = Arc::clone(&state);
                let worker = std::thread::Builder::new().name(format!("model-{index}"));
                match worker.spawn(move || shared.work(index)) {
                    Ok(worker) => workers.push(worker),
                    Err(_) => break,
                }
            }
            let pool = Self { state, workers };
            if pool.workers.len() + 1 == threads {
                return pool;
            }
            threads = pool.workers.len() + 1;
        }
    }

    pub fn threads(&self) -> usize {
        self.state.threads
    }

    /// Runs `region` on every thread; returns when all have left it.
    pub fn run(&mut self, region: impl Fn(&Team<'_>) + Sync) {
        self.run_on(self.threads(), region);
    }

    /// Runs `region` on the first `threads` threads, at least one; returns when all have left it.
    pub fn run_on(&mut self, threads: usize, region: impl Fn(&Team<'_>) + Sync) {
        let state = &*self.state;
        let threads = threads.clamp(1, state.threads);
        let region: &Region<'_> = &region;
        // SAFETY: only the lifetime changes. The workers use the reference between the storing of the order and their
        // arrival at `finish`, which this thread waits for before it returns or unwinds.
        let region = unsafe { std::mem::transmute::<&Region<'_>, &'static Region<'static>>(region) };
        // Before the order: a worker that was not needed last time may look late, and begin as soon as it is there.
        for counter in state.taken.iter().flatten() {
            counter.0.store(0, Ordering::Relaxed);
        }
        let generation = state.start.generation().wrapping_add(1);
        *lock(&state.order) = Order {
            generation,
            threads,
            region: Some(region),
        };
        state.start.open();
        let outcome = state.enter(region, 0, threads);
        state.finish.wait(threads, || false);
        lock(&state.order).region = None;
        if state.broken.swap(false, Ordering::SeqCst) {
            state.phase.reset();
            match outcome {
                Err(panic) => resume_unwind(panic),
                Ok(()) => panic!("a thread of the pool panicked"),
            }
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.state.start.open();
        for worker in self.workers.drain(..) {
            // A worker catches its panics; there is nothing to hand on.
            let _ = worker.join();
        }
    }
}

impl State {
    fn new(threads: usize) -> Self {
        let counters = || (0..threads).map(|_| Padded(AtomicUsize::new(0))).collect();
        Self {
            threads,
            start: Gate::default(),
            phase: Barrier::default(),
            finish: Barrier::default(),
            order: Mutex::new(Order {
                generation: 0,
                threads,
                region: None,
            }),
            broken: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            taken: [counters(), counters()],
        }
    }

    fn work(&self, index: usize) {
        let mut seen = 0;
        loop {
            self.start.wait(seen, || false);
            if self.ended.load(Ordering::SeqCst) {
                return;
            }
            let order = *lock(&self.order);
            seen = order.generation;
            if let Some(region) = order.region.filter(|_| index < order.threads) {
                // The panic's message was printed where it happened; `run` reports that there was one.
                let _ = self.enter(region, index, order.threads);
                self.finish.wait(order.threads, || false);
            }
        }
    }

    fn enter(&self, region: &Region<'_>, index: usize, threads: usize) -> std::thread::Result<()> {
        let team = Team {
            state: self,
            index,
            threads,
            phases: std::cell::Cell::new(0),
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| region(&team)));
        if outcome.is_err() {
            self.broken.store(true, Ordering::SeqCst);
            self.phase.gate.open();
        }
        outcome
    }
}

/// One thread's place in a region.
pub struct Team<'a> {
    state: &'a State,
    index: usize,
    threads: usize,
    phases: std::cell::Cell<usize>,
}

impl Team<'_> {
    /// This thread's number, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    pub fn threads(&self) -> usize {
        self.threads
    }

    /// One phase: hands the items `0..items`, at most `step` at a time, each to exactly one thread. Every thread of the
    /// region calls this with the same numbers, and leaves when all items are done.
    pub fn each(&self, items: usize, step: usize, mut work: impl FnMut(Range<usize>)) {
        let threads = self.threads;
        let phase = self.phases.replace(self.phases.get() + 1);
        let taken = &self.state.taken[phase % 2];
        // The other set was last used in the phase before this one, which all threads have left.
        self.state.taken[(phase + 1) % 2][self.index]
            .0
            .store(0, Ordering::Relaxed);
        for turn in 0..threads {
            let owner = (self.index + turn) % threads;
            let share = items * owner / threads..items * (owner + 1) / threads;
            while let Some(items) = take(&taken[owner].0, share.len(), step) {
                work(share.start + items.start..share.start + items.end);
            }
        }
        let broken = || self.state.broken.load(Ordering::SeqCst);
        self.state.phase.wait(threads, broken);
        if broken() {
            panic!("another thread of the pool panicked");
        }
    }
}

/// The next items of a share of `len`: `step` of them, and fewer towards the end, so that threads finish together.
fn take(taken: &AtomicUsize, len: usize, step: usize) -> Option<Range<usize>> {
    let mut start = taken.load(Ordering::Relaxed);
    loop {
        let end = start + step.min(len.saturating_sub(start).div_ceil(2));
        if start == end {
            return None;
        }
        match taken.compare_exchange_weak(start, end, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return Some(start..end),
            Err(now) => start = now,
        }
    }
}

/// A count that threads wait to see move.
#[derive(Default)]
#[repr(align(128))]
struct Gate {
    generation: AtomicU32,
    sleepers: AtomicU32,
    lock: Mutex<()>,
    wake: Condvar,
}

impl Gate {
    fn generation(&self) -> u32 {
        self.generation.load(Ordering::Acquire)
    }

    fn open(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        // A thread about to sleep is counted before it looks at the generation a last time: either it sees this one, or
        // it is seen here.
        if self.sleepers.load(Ordering::SeqCst) > 0 {
            drop(lock(&self.lock));
            self.wake.notify_all();
        }
    }

    /// Returns when the generation is not `seen`, or `released` says so.
    fn wait(&self, seen: u32, released: impl Fn() -> bool) {
        let waiting = || self.generation.load(Ordering::SeqCst) == seen && !released();
        for _ in 0..SPINS {
            if self.generation() != seen {
                return;
            }
            std::hint::spin_loop();
        }
        let mut guard = lock(&self.lock);
        self.sleepers.fetch_add(1, Ordering::SeqCst);
        while waiting() {
            guard = self.wake.wait(guard).unwrap_or_else(PoisonError::into_inner);
        }
        self.sleepers.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Lets threads go on when all have arrived.
#[derive(Default)]
struct Barrier {
    gate: Gate,
    arrived: AtomicUsize,
}

impl Barrier {
    fn wait(&self, threads: usize, released: impl Fn() -> bool) {
        if threads == 1 {
            return;
        }
        let generation = self.gate.generation();
        if self.arrived.fetch_add(1, Ordering::AcqRel) + 1 == threads {
            self.arrived.store(0, Ordering::Relaxed);
            self.gate.open();
        } else {
            self.gate.wait(generation, released);
        }
    }

    /// Forgets arrivals, when no thread is waiting.
    fn reset(&self) {
        self.arrived.store(0, Ordering::Relaxed);
    }
}

/// Locks, whatever happened to the last holder: nothing here is left half-changed by a panic.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
