//! YAML.

use saphyr_parser::{Event, Parser};

/// The text is YAML whose documents are mappings or sequences: a plain sentence is YAML too, but nobody means that.
pub fn is_document(text: &str) -> bool {
    let mut structured = false;
    let mut at_root = false;
    for event in Parser::new_from_str(text) {
        match event {
            Err(_) => return false,
            Ok((Event::DocumentStart(_), _)) => at_root = true,
            Ok((Event::MappingStart(..) | Event::SequenceStart(..), _)) => {
                structured = true;
                at_root = false;
            }
            Ok((Event::Scalar(..) | Event::Alias(_), _)) if at_root => return false,
            Ok(_) => {}
        }
    }
    structured
}

#[cfg(test)]
mod tests {
    use super::is_document;

    #[test]
    fn structure_is_needed() {
        assert!(is_document("a: 1\nb:\n  - x\n  - y") && is_document("- one\n- two"));
        assert!(
            !is_document("just a sentence")
                && !is_document("")
                && !is_document("a: b: c: [")
                && !is_document("a: \"x")
        );
    }
}
