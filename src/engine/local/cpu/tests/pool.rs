//! The pool under stress.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::engine::local::cpu::pool::Pool;
use crate::engine::local::cpu::shared::Shared;

#[test]
fn every_item_is_done_once_and_seen_in_the_next_phase() {
    for threads in [1, 2, 3, 7] {
        let mut pool = Pool::new(threads);
        assert_eq!(pool.threads(), threads);
        for round in 0..60 {
            let items = (round * 37) % 501;
            let step = 1 + round % 9;
            let mut counts: Shared<u32> = Shared::new(items);
            pool.run(|team| {
                for phase in 0..20u32 {
                    team.each(items, step, |range| {
                        // SAFETY: these items are this call's.
                        for count in unsafe { counts.write(range) } {
                            assert_eq!(*count, phase);
                            *count += 1;
                        }
                    });
                    if phase == 19 {
                        // SAFETY: the next phase that writes begins when all threads have called `each` again, and this
                        // one only looks at what the phase after cannot have reached: its own share is checked there.
                        let counts = unsafe { counts.read(0..items) };
                        assert!(counts.iter().all(|count| *count == 20));
                    }
                }
            });
            assert!(counts.all_mut().iter().all(|count| *count == 20));
        }
    }
}

#[test]
fn a_smaller_team_does_all_of_it_and_the_rest_come_back() {
    let mut pool = Pool::new(4);
    for round in 0..400 {
        let threads = 1 + (round * 7) % 4;
        let done = AtomicUsize::new(0);
        pool.run_on(threads, |team| {
            assert_eq!(team.threads(), threads);
            assert!(team.index() < threads);
            for _ in 0..3 {
                team.each(23, 2, |range| {
                    done.fetch_add(range.len(), Ordering::SeqCst);
                });
            }
        });
        assert_eq!(done.into_inner(), 69);
        if round % 50 == 0 {
            // Long enough for those that are not needed to fall asleep.
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }
}

#[test]
fn work_is_stolen_from_a_slow_thread() {
    let mut pool = Pool::new(2);
    let done = AtomicUsize::new(0);
    pool.run(|team| {
        team.each(100, 1, |_| {
            if team.index() == 0 {
                // Until the other thread has done all else.
                while done.load(Ordering::SeqCst) < 99 {
                    std::thread::yield_now();
                }
            }
            done.fetch_add(1, Ordering::SeqCst);
        });
    });
    assert_eq!(done.into_inner(), 100);
}

#[test]
fn a_panic_leaves_the_pool_usable() {
    let mut pool = Pool::new(3);
    for panicking in [0, 1, 2] {
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            pool.run(|team| {
                for phase in 0..4 {
                    team.each(30, 1, |_| {});
                    assert!(phase < 2 || team.index() != panicking, "on purpose");
                }
            });
        }));
        assert!(outcome.is_err());
        let done = AtomicUsize::new(0);
        pool.run(|team| {
            team.each(50, 3, |range| {
                done.fetch_add(range.len(), Ordering::SeqCst);
            });
        });
        assert_eq!(done.into_inner(), 50);
    }
}

#[test]
fn threads_that_slept_wake() {
    let mut pool = Pool::new(4);
    for _ in 0..5 {
        std::thread::sleep(std::time::Duration::from_millis(20));
        let done = AtomicUsize::new(0);
        pool.run(|team| {
            team.each(4, 1, |range| {
                std::thread::sleep(std::time::Duration::from_millis(5 * range.start as u64));
                done.fetch_add(range.len(), Ordering::SeqCst);
            });
            team.each(4, 1, |range| {
                done.fetch_add(range.len(), Ordering::SeqCst);
            });
        });
        assert_eq!(done.into_inner(), 8);
    }
}
