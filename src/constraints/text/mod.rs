//! Words, sentences and tokens, as the published checkers count them.
