//! Numbered sections.

use crate::constraints::{
    Semantics,
    args::ArgError,
    checker::{Finder, Found},
    text::pattern::Pattern,
};

/// A section's name and number. Officially the name is a pattern, written as in the prompt, and found anywhere (mentions in
/// prose count). As worded it stands at the beginning of a line, behind marks of headings or emphasis, in any case.
pub struct Sections(Pattern);

impl Sections {
    pub fn new(name: &str, semantics: Semantics) -> Result<Self, ArgError> {
        let pattern = match semantics {
            Semantics::Official => Pattern::new(&format!(r"\s?{}\s?\d", name.trim()), false),
            Semantics::AsWorded => Pattern::new(
                &format!(
                    r"^[ \t#*_>-]{{0,8}}{}[ \t:.#]{{0,3}}(?:\d|[IVX])",
                    regex::escape(name.trim())
                ),
                true,
            ),
        };
        let invalid = |reason| ArgError::Invalid {
            name: "section_spliter",
            reason,
        };
        Ok(Self(pattern.map_err(invalid)?))
    }
}

impl Finder for Sections {
    fn feed(&mut self, answer: &str, _from: usize, found: &mut Found) {
        self.0.feed(answer, |place| found.add(place));
    }

    fn finish(&mut self, answer: &str, found: &mut Found) {
        self.0.finish(answer, |place| found.add(place));
    }
}
