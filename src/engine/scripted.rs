//! Recorded streams, for tests and demonstrations.
