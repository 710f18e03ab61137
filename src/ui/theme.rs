//! Colours, only by name.
//!
//! Views say what a thing *is* ([`Role`]); a theme says what that looks like. The built-in themes use the terminal's own
//! sixteen colours, so they follow whatever palette the reader has chosen.

use std::collections::BTreeMap;
use std::str::FromStr;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use toml::Spanned;

/// What a piece of the screen is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Ordinary text.
    Text,
    /// What is there to be found, not to be read: units, hints, counts.
    Muted,
    /// The thinking of a model.
    Thinking,
    /// What the reader typed.
    Prompt,
    /// Names of who speaks.
    Label,
    /// The program's name, keys, the selected thing.
    Accent,
    Border,
    BorderFocused,
    Title,
    /// Something is happening.
    Busy,
    Heading,
    Strong,
    Emphasis,
    Code,
    CodeBlock,
    Link,
    Quote,
    Math,
    Table,
    /// A verdict: met, or held so far.
    Good,
    /// A verdict: broken. Also errors.
    Bad,
    /// A verdict: close to being broken. Also warnings.
    Warn,
    /// A verdict: not known yet.
    Pending,
    /// A verdict that no rule gives.
    Judged,
    /// The row under the selection.
    Selected,
    /// Words of the prompt that state the selected constraint, and passages that deal with it.
    MarkStated,
    /// The place that fulfils the selected constraint.
    MarkMet,
    /// The place that breaks a constraint.
    MarkBroken,
    /// A hit of a search, and the one that is shown.
    MarkFound,
    MarkCurrent,
    SyntaxKeyword,
    SyntaxString,
    SyntaxNumber,
    SyntaxComment,
    SyntaxFunction,
    SyntaxType,
}

const ROLES: usize = Role::SyntaxType as usize + 1;

/// A look for every role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    styles: [Style; ROLES],
}

/// Why a theme cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    #[error(
        "there is no theme `{0}`; there are dark, light, high-contrast, mono, and files in the themes folder"
    )]
    Unknown(String),
    #[error("{file}:{line}: {reason}; correct the line, or choose another theme in config.toml")]
    File {
        file: String,
        line: usize,
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ThemeFile {
    /// The built-in theme that gives what this one leaves out.
    base: Option<Spanned<String>>,
    #[serde(default)]
    styles: BTreeMap<String, Spanned<String>>,
}

const BUILTIN: [(&str, &str); 4] = [
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../assets/themes/high-contrast.toml"),
    ),
    ("mono", include_str!("../../assets/themes/mono.toml")),
];

impl Theme {
    /// The names of the themes that come with the program.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    pub fn builtin(name: &str) -> Result<Self, ThemeError> {
        let (_, source) = BUILTIN
            .iter()
            .find(|(known, _)| *known == name)
            .ok_or_else(|| ThemeError::Unknown(name.to_owned()))?;
        Self::parse(&format!("{name}.toml"), source)
    }

    /// Reads a theme file: `base = "dark"` and a table `styles` with lines like `heading = "bold cyan"`,
    /// `mark_found = "black on yellow"`. Colours are the terminal's names, its numbers 0 to 255, or `#rrggbb`.
    ///
    /// An error names `file` and the line.
    pub fn parse(file: &str, source: &str) -> Result<Self, ThemeError> {
        let wrong = |at: usize, reason: String| ThemeError::File {
            file: file.to_owned(),
            line: 1 + source.bytes().take(at).filter(|b| *b == b'\n').count(),
            reason,
        };
        let parsed: ThemeFile = toml::from_str(source).map_err(|e| {
            wrong(
                e.span().map_or(0, |span| span.start),
                e.message().replace('\n', ", "),
            )
        })?;
        let mut theme = match parsed.base {
            Some(base) => Self::builtin(base.get_ref()).map_err(|_| {
                let names: Vec<_> = Self::names().collect();
                let reason = format!(
                    "`{}` is no theme to begin with: there are {}",
                    base.get_ref(),
                    names.join(", ")
                );
                wrong(base.span().start, reason)
            })?,
            None => Self {
                styles: [Style::new(); ROLES],
            },
        };
        for (name, text) in parsed.styles {
            let at = text.span().start;
            let role = Role::deserialize(name.as_str().into_deserializer()).map_err(
                |_: serde::de::value::Error| wrong(at, format!("nothing on the screen is called `{name}`")),
            )?;
            theme.styles[role as usize] = style(text.get_ref()).map_err(|word| {
                wrong(
                    at,
                    format!("`{word}` is neither a colour nor bold, dim, italic, underlined, reversed"),
                )
            })?;
        }
        Ok(theme)
    }

    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }
}

/// `Err` is the word that is not understood.
fn style(text: &str) -> Result<Style, &str> {
    let mut style = Style::new();
    let mut background = false;
    for word in text.split_whitespace() {
        match word {
            "on" => background = true,
            "bold" => style = style.add_modifier(Modifier::BOLD),
            "dim" => style = style.add_modifier(Modifier::DIM),
            "italic" => style = style.add_modifier(Modifier::ITALIC),
            "underlined" => style = style.add_modifier(Modifier::UNDERLINED),
            "reversed" => style = style.add_modifier(Modifier::REVERSED),
            "plain" => {}
            _ => {
                let colour = Color::from_str(word).map_err(|_| word)?;
                style = if background {
                    style.bg(colour)
                } else {
                    style.fg(colour)
                };
            }
        }
    }
    Ok(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_builtin_theme_names_every_role() {
        for (name, source) in BUILTIN {
            let file: ThemeFile = toml::from_str(source).expect(name);
            assert_eq!(file.styles.len(), ROLES, "{name} leaves roles out");
            Theme::parse(name, source).expect(name);
        }
    }

    #[test]
    fn mono_has_no_colour_and_verdicts_differ_without_it() {
        let mono = Theme::builtin("mono").expect("mono");
        assert!(mono.styles.iter().all(|s| s.fg.is_none() && s.bg.is_none()));
        assert_ne!(mono.style(Role::MarkBroken), mono.style(Role::Text));
    }

    #[test]
    fn mistakes_are_named() {
        for (source, line, part) in [
            ("[styles]\nheadin = \"bold\"", 2, "`headin`"),
            ("[styles]\n\nheading = \"bold blurple\"", 3, "`blurple`"),
            ("base = \"solar\"", 1, "`solar`"),
            ("[styles]\nheading = 3", 2, "string"),
            ("[styles]\nheading = bold", 2, ""),
            ("[style", 1, ""),
        ] {
            let message = Theme::parse("own.toml", source).unwrap_err().to_string();
            assert!(message.starts_with(&format!("own.toml:{line}: ")), "{message}");
            assert!(
                message.contains(part) && message.contains("correct the line"),
                "{message}"
            );
            assert!(!message.contains('\n'), "{message}");
        }
        assert!(Theme::builtin("solar").is_err());
    }

    #[test]
    fn a_theme_of_ones_own_changes_what_it_names() {
        let own = Theme::parse(
            "own.toml",
            "base = \"dark\"\n[styles]\nheading = \"#ff8800 on 4\"",
        )
        .expect("own");
        let dark = Theme::builtin("dark").expect("dark");
        assert_eq!(
            own.style(Role::Heading),
            Style::new().fg(Color::Rgb(255, 136, 0)).bg(Color::Indexed(4))
        );
        assert_eq!(own.style(Role::Text), dark.style(Role::Text));
    }
}
