//! Which part of the screen has the keys.

/// Where keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Composer,
    Thinking,
    Answer,
    Constraints,
}
