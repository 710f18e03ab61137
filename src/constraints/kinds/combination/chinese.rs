//! How people state these constraints in Chinese.

use crate::constraints::wording::phrase::{Hit, Phrase, kwargs};

pub const PHRASES: &[Phrase] = &[Phrase {
    cues: &["重复", "复述", "照抄", "抄写"],
    pattern: r"(?:重复|复述|照抄|抄写)[^.;\n:]{0,40}:",
    rank: 71,
    read: repeat,
}];

/// The text behind the colon.
fn repeat(hit: &mut Hit) {
    let Some(text) = hit.rest_of_sentence() else {
        return;
    };
    let text = text.trim_matches(['"', '“', '”', '「', '」']);
    hit.emit(
        "combination:repeat_prompt",
        kwargs([("prompt_to_repeat", text.into())]),
    );
}
