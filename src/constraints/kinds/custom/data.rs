//! Tables of data.

use std::sync::LazyLock;

use regex::Regex;

use crate::constraints::text::{
    chars::{is_digit, is_space, is_word, strip},
    csv,
};

/// A header and seven rows of five fields.
pub fn is_cities(answer: &str) -> bool {
    let Some(rows) = csv::rows(answer, ',') else {
        return false;
    };
    rows.len() == 8
        && rows[0] == ["ID", "Country", "City", "Year", "Count"]
        && rows[1..].iter().all(|row| row.len() == 5)
}

/// A header and 14 rows; the first row with a quoted field that holds a special character settles it.
pub fn is_products(answer: &str) -> bool {
    static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let columns =
            ["ProductID", "Category", "Brand", "Price", "Stock"].map(|name| format!("(?:{name}|\"{name}\")"));
        Regex::new(&format!("^{}$", columns.join(r",[ \t]*"))).ok()
    });
    let Some(rows) = with_quotes_kept(answer, ',', &HEADER) else {
        return false;
    };
    let is_special = |field: &String| {
        let inside = field
            .strip_prefix('"')
            .and_then(|rest| rest.rfind('"').map(|end| &rest[..end]));
        inside.is_some_and(|inside| {
            !inside.contains('\n') && inside.contains(|c| !is_digit(c) && !is_word(c) && !is_space(c))
        })
    };
    if rows.len() != 15 {
        return false;
    }
    for row in &rows[1..] {
        if row.len() != 5 {
            return false;
        }
        if row.iter().any(is_special) {
            return true;
        }
    }
    false
}

/// A header and three rows of five fields, all quoted, separated by tabs.
pub fn is_students(answer: &str) -> bool {
    static HEADER: LazyLock<Option<Regex>> = LazyLock::new(|| {
        let columns = ["StudentID", "Subject", "Grade", "Semester", "Score"]
            .map(|name| format!("(?:{name}|\"{name}\")"));
        Regex::new(&format!("^{}$", columns.join(r"\t *"))).ok()
    });
    let Some(rows) = with_quotes_kept(answer, '\t', &HEADER) else {
        return false;
    };
    let is_quoted = |field: &String| strip(field).starts_with('"') && strip(field).ends_with('"');
    rows.len() == 4 && rows.iter().all(|row| row.len() == 5 && row.iter().all(is_quoted))
}

/// The rows under a header of this form. Quotation marks are tripled first, which leaves them in the fields.
fn with_quotes_kept(
    answer: &str,
    delimiter: char,
    header: &LazyLock<Option<Regex>>,
) -> Option<Vec<Vec<String>>> {
    let first = strip(answer.split('\n').next()?);
    if !header.as_ref()?.is_match(first) {
        return None;
    }
    csv::rows(&answer.replace('"', "\"\"\""), delimiter)
}
