//! Performing effects.
