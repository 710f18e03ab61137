//! Comma-separated values, as Python's `csv.reader` reads them.

/// The rows of a text; a blank line is a row without fields. `None` where Python raises an error.
pub fn rows(text: &str, delimiter: char) -> Option<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut field = String::new();
    let mut state = State::RowStart;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        state = match (state, c) {
            (State::Quoted, '"') => State::QuoteInQuoted,
            (State::Quoted, c) => {
                field.push(c);
                State::Quoted
            }
            (State::QuoteInQuoted, '"') => {
                field.push('"');
                State::Quoted
            }
            (state, '\n' | '\r') => {
                // A carriage return inside a line is an error.
                if c == '\r' && chars.peek().is_some_and(|&next| next != '\n') {
                    return None;
                }
                if c == '\r' {
                    chars.next();
                }
                if state != State::RowStart {
                    row.push(std::mem::take(&mut field));
                }
                rows.push(std::mem::take(&mut row));
                State::RowStart
            }
            (State::RowStart | State::FieldStart, '"') => State::Quoted,
            (_, c) if c == delimiter => {
                row.push(std::mem::take(&mut field));
                State::FieldStart
            }
            (_, c) => {
                field.push(c);
                State::Field
            }
        };
    }
    if state != State::RowStart {
        row.push(field);
        rows.push(row);
    }
    Some(rows)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    RowStart,
    FieldStart,
    Field,
    Quoted,
    QuoteInQuoted,
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn quoting() {
        let read = |text| rows(text, ',').unwrap();
        assert_eq!(read("a,\"b,\nc\",d\n"), [["a", "b,\nc", "d"]]);
        assert_eq!(
            read("\"a\"\"b\",x\"y\n\n1,"),
            [vec!["a\"b", "x\"y"], vec![], vec!["1", ""]]
        );
        assert_eq!(read("\"open"), [["open"]]);
        assert!(rows("a\rb", ',').is_none() && read("").is_empty());
    }
}
