//! How work on files is stopped.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Stops a pull or a conversion from another thread. Clones share their state.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
