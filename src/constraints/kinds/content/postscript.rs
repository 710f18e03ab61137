//! A postscript.

use crate::constraints::{
    Semantics,
    args::ArgError,
    checker::{Finder, Found},
    text::pattern::Pattern,
};

/// A postscript's marker. Officially `P.S.` and `P.P.S` anywhere, in any case, with a space inside or not; any other marker
/// is a pattern. As worded it begins a line, and the periods do not matter.
pub struct Postscript(Pattern);

impl Postscript {
    pub fn new(marker: &str, semantics: Semantics) -> Result<Self, ArgError> {
        let marker = marker.trim();
        let letters = marker.replace(['.', ':', ' '], "").to_lowercase();
        let pattern = match (semantics, marker, letters.as_str()) {
            (Semantics::Official, "P.P.S", _) => r"p\.\s?p\.\s?s".into(),
            (Semantics::Official, "P.S.", _) => r"p\.\s?s\.".into(),
            (Semantics::Official, ..) => marker.to_lowercase(),
            (Semantics::AsWorded, _, "pps") => r"^[ \t*_#>]{0,8}p\.?\s?p\.?\s?s\b".into(),
            (Semantics::AsWorded, _, "ps") => r"^[ \t*_#>]{0,8}p\.?\s?s\b".into(),
            (Semantics::AsWorded, ..) => format!("^[ \t*_#>]{{0,8}}{}", regex::escape(marker)),
        };
        let invalid = |reason| ArgError::Invalid {
            name: "postscript_marker",
            reason,
        };
        Ok(Self(Pattern::new(&pattern, true).map_err(invalid)?))
    }
}

impl Finder for Postscript {
    fn feed(&mut self, answer: &str, _from: usize, found: &mut Found) {
        self.0.feed(answer, |place| found.add(place));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.0.finish(answer, |place| found.add(place));
    }
}
