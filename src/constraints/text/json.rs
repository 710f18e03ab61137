//! A JSON value, character by character.

/// Recognises one JSON value as Python's `json.loads` takes it: `NaN`, `Infinity` and `-Infinity` too, no control
/// characters in strings. Keeps only what is open; nesting is not limited.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// For every open bracket, whether it is an object.
    open: Vec<bool>,
    expect: Expect,
    /// Keys of the outermost object.
    keys: Vec<String>,
    key: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expect {
    #[default]
    Value,
    /// A value or the end of an array that has just begun.
    FirstItem,
    /// A key or the end of an object that has just begun.
    FirstKey,
    Key,
    Colon,
    /// A comma or a closing bracket.
    Next,
    /// Inside a string, which is a key or not.
    Text {
        key: bool,
    },
    Escape {
        key: bool,
    },
    Hex {
        key: bool,
        left: u8,
    },
    /// In a word such as `true`: what is left of it.
    Word(&'static str),
    Minus,
    Zero,
    Integer,
    Point,
    Fraction,
    Exponent,
    ExponentSign,
    ExponentDigits,
    /// The outermost value is closed.
    End,
}

impl Value {
    /// Takes the next character; false if no value goes on like this.
    pub fn take(&mut self, c: char) -> bool {
        let next = match (self.expect, c) {
            (Expect::Text { key }, '"') => {
                if key {
                    if self.open.len() == 1 {
                        self.keys.push(std::mem::take(&mut self.key));
                    }
                    Some(Expect::Colon)
                } else {
                    Some(self.closed())
                }
            }
            (Expect::Text { key }, '\\') => Some(Expect::Escape { key }),
            (Expect::Text { .. }, '\0'..='\x1f') => None,
            (Expect::Text { key }, c) => {
                if key && self.open.len() == 1 {
                    self.key.push(c);
                }
                Some(self.expect)
            }
            (Expect::Escape { key }, 'u') => Some(Expect::Hex { key, left: 4 }),
            (Expect::Escape { key }, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => {
                Some(Expect::Text { key })
            }
            (Expect::Hex { key, left }, c) if c.is_ascii_hexdigit() => Some(if left == 1 {
                Expect::Text { key }
            } else {
                Expect::Hex { key, left: left - 1 }
            }),
            (Expect::Word(rest), c) => match rest.strip_prefix(c) {
                Some("") => Some(self.closed()),
                Some(rest) => Some(Expect::Word(rest)),
                None => None,
            },
            (Expect::Minus, 'I') => Some(Expect::Word("nfinity")),
            (Expect::Minus, '0') => Some(Expect::Zero),
            (Expect::Minus, '1'..='9') => Some(Expect::Integer),
            (Expect::Integer, '0'..='9') => Some(Expect::Integer),
            (Expect::Zero | Expect::Integer, '.') => Some(Expect::Point),
            (Expect::Zero | Expect::Integer | Expect::Fraction, 'e' | 'E') => Some(Expect::Exponent),
            (Expect::Point | Expect::Fraction, '0'..='9') => Some(Expect::Fraction),
            (Expect::Exponent, '+' | '-') => Some(Expect::ExponentSign),
            (Expect::Exponent | Expect::ExponentSign | Expect::ExponentDigits, '0'..='9') => {
                Some(Expect::ExponentDigits)
            }
            (Expect::Zero | Expect::Integer | Expect::Fraction | Expect::ExponentDigits, c) => {
                self.expect = self.closed();
                return self.take(c);
            }
            (expect, ' ' | '\t' | '\n' | '\r')
                if !matches!(expect, Expect::Escape { .. } | Expect::Hex { .. }) =>
            {
                (!matches!(
                    expect,
                    Expect::Minus | Expect::Point | Expect::Exponent | Expect::ExponentSign
                ))
                .then_some(expect)
            }
            (Expect::Value | Expect::FirstItem, c) => self.begins(c),
            (Expect::FirstKey | Expect::Key, '"') => Some(Expect::Text { key: true }),
            (Expect::FirstKey, '}') => self.closes(true),
            (Expect::Colon, ':') => Some(Expect::Value),
            (Expect::Next, ',') => self
                .open
                .last()
                .map(|&object| if object { Expect::Key } else { Expect::Value }),
            (Expect::Next, '}') => self.closes(true),
            (Expect::Next, ']') => self.closes(false),
            _ => None,
        };
        if let Some(next) = next {
            self.expect = next;
        }
        next.is_some()
    }

    /// What has been taken is a whole value.
    pub fn may_end(&self) -> bool {
        let number = matches!(
            self.expect,
            Expect::Zero | Expect::Integer | Expect::Fraction | Expect::ExponentDigits
        );
        self.expect == Expect::End || number && self.open.is_empty()
    }

    /// The outermost value is an object.
    pub fn keys(&self) -> &[String] {
        &self.keys
    }

    fn begins(&mut self, c: char) -> Option<Expect> {
        Some(match c {
            '{' => {
                self.open.push(true);
                Expect::FirstKey
            }
            '[' => {
                self.open.push(false);
                Expect::FirstItem
            }
            ']' if self.expect == Expect::FirstItem => return self.closes(false),
            '"' => Expect::Text { key: false },
            't' => Expect::Word("rue"),
            'f' => Expect::Word("alse"),
            'n' => Expect::Word("ull"),
            'N' => Expect::Word("aN"),
            'I' => Expect::Word("nfinity"),
            '-' => Expect::Minus,
            '0' => Expect::Zero,
            '1'..='9' => Expect::Integer,
            _ => return None,
        })
    }

    fn closes(&mut self, object: bool) -> Option<Expect> {
        (self.open.pop()? == object).then(|| self.closed())
    }

    fn closed(&self) -> Expect {
        if self.open.is_empty() {
            Expect::End
        } else {
            Expect::Next
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn agrees_with_a_parser(text in r#"[{}\[\],:"a1.e\\ -]{0,12}"#) {
            let mut value = Value::default();
            let ours = text.chars().all(|c| value.take(c)) && value.may_end();
            prop_assert_eq!(ours, serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{}", text);
        }
    }
}
