//! Parts of an answer that are found in what there is of it: sections, the title, an email's subject and body, the cells of a
//! column, a field of a JSON object, what follows a table.
//!
//! Owns where such a part is. A part that is not there has no place: then nothing can be said of it.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::part::{Build, Index, passes};
use crate::constraints::{
    Scope, Verdict,
    check::is_blank,
    checker::{Checker, Looks},
    kinds::format::lists,
};

/// How an answer is searched for the texts of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Section,
    Title,
    Subject,
    Body,
    Column,
    Field,
    AfterTable,
    AfterList,
    AfterCode,
}

/// Checks the parts that are found, whenever the answer has grown by an eighth: all searches together cost a constant times the
/// last one.
pub(super) struct Found {
    place: Place,
    index: String,
    build: Build,
    looks: Looks,
    /// Whether all parts found pass, and the place of the one that tells; `None` if there is no part.
    last: Option<(bool, Range<usize>)>,
    finished: bool,
}

impl Found {
    /// `None` if no program can find that part.
    pub(super) fn new(scope: &Scope, build: Build) -> Option<Self> {
        let place = match (scope.part.as_str(), scope.index.as_str()) {
            ("section", _) => Place::Section,
            ("title", _) => Place::Title,
            ("subject", _) => Place::Subject,
            ("body", _) => Place::Body,
            ("column", _) => Place::Column,
            ("json_field", _) => Place::Field,
            ("after", "table") => Place::AfterTable,
            ("after", "list") => Place::AfterList,
            ("after", "code" | "code block") => Place::AfterCode,
            _ => return None,
        };
        build()?;
        Some(Self {
            place,
            index: scope.index.clone(),
            build,
            looks: Looks::default(),
            last: None,
            finished: false,
        })
    }

    fn look(&mut self, answer: &str) {
        let parts = match self.place {
            Place::Field => {
                self.last =
                    field(answer, &self.index).map(|text| (passes(&self.build, &text), 0..answer.len()));
                return;
            }
            Place::Section => sections(answer, &self.index),
            Place::Title => title(answer).into_iter().collect(),
            Place::Subject => subject(answer).map(|(subject, _)| subject).into_iter().collect(),
            Place::Body => subject(answer).map(|(_, body)| body).into_iter().collect(),
            Place::Column => column(answer, &self.index),
            Place::AfterTable => after_lines(answer, |line| line.trim_start().starts_with('|')),
            Place::AfterList => after_lines(answer, |line| lists::item(line).is_some()),
            Place::AfterCode => after_lines(answer, |line| line.trim_start().starts_with("```")),
        };
        self.last = None;
        for part in parts {
            let passes = passes(&self.build, &answer[part.clone()]);
            self.last = Some((passes, part));
            if !passes {
                break;
            }
        }
    }
}

impl Checker for Found {
    fn feed(&mut self, answer: &str, _piece: &str) {
        if let Some(answer) = self.looks.due(answer) {
            self.look(answer);
        }
    }

    fn finish(&mut self, answer: &str) {
        self.look(answer);
        self.finished = true;
    }

    fn verdict(&self) -> Verdict {
        match (&self.last, self.finished) {
            (None, true) => Verdict::NotCheckable,
            (Some((true, _)), true) => Verdict::Met,
            (Some((false, _)), true) => Verdict::Broken,
            (Some((true, _)), false) => Verdict::Holding,
            (_, false) => Verdict::Pending,
        }
    }

    fn places(&self) -> Vec<Range<usize>> {
        self.last.iter().map(|(_, place)| place.clone()).collect()
    }
}

/// Lines with their place, without the newline.
fn lines(answer: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    answer.split('\n').map(move |line| {
        let range = start..start + line.len();
        start = range.end + 1;
        range
    })
}

/// The head of a section: `Section 2`, `**PART 2:**`, `## Heading`. The first group is its number, if it has one.
static HEAD: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^[ \t#*_>]{0,8}(?i:section|part|chapter|paragraph|day|step|stanza|verse|act|scene)[ \t]+(\d{1,3}|[IVX]{1,5})\b[ \t:.*_)–—-]*|^#{1,6}[ \t]",
    )
    .ok()
});

/// The texts of the sections with an index: a number, `last`, `each`.
fn sections(answer: &str, index: &str) -> Vec<Range<usize>> {
    let Some(head) = &*HEAD else { return Vec::new() };
    let mut numbered: Vec<(Option<String>, usize, usize)> = Vec::new();
    for line in lines(answer) {
        if let Some(found) = head.captures(&answer[line.clone()]) {
            let number = found.get(1).map(|number| number.as_str().to_owned());
            // A heading is not part of its section; what follows a label on its line is.
            let from = match number {
                Some(_) => line.start + found[0].len(),
                None => line.end,
            };
            numbered.push((number, line.start, from));
        }
    }
    if numbered.iter().any(|(number, ..)| number.is_some()) {
        numbered.retain(|(number, ..)| number.is_some());
    }
    let all: Vec<Range<usize>> = numbered
        .iter()
        .enumerate()
        .map(|(at, (_, _, from))| {
            let end = numbered.get(at + 1).map_or(answer.len(), |(_, start, _)| *start);
            *from..end.max(*from)
        })
        .collect();
    match Index::read(index) {
        Some(Index::Each) => all,
        Some(Index::Last) => all.last().cloned().into_iter().collect(),
        Some(Index::Number(number)) => {
            let labelled = numbered
                .iter()
                .position(|(label, ..)| label.as_deref() == Some(number.to_string().as_str()));
            let at = labelled.unwrap_or(number - 1);
            all.get(at).cloned().into_iter().collect()
        }
        None => Vec::new(),
    }
}

/// `<<title>>`, else the first heading, else the first line if a blank line follows it.
fn title(answer: &str) -> Option<Range<usize>> {
    if let Some(open) = answer.find("<<")
        && let Some(length) = answer[open..].find(">>")
    {
        return Some(open + 2..open + length);
    }
    let heading = lines(answer).find(|line| answer[line.clone()].starts_with("# "));
    if let Some(heading) = heading {
        return Some(heading.start + 2..heading.end);
    }
    let first = lines(answer).find(|line| !is_blank(&answer[line.clone()]))?;
    answer[first.end..].starts_with("\n\n").then_some(first)
}

/// The text behind `Subject:`, and what comes after its line.
fn subject(answer: &str) -> Option<(Range<usize>, Range<usize>)> {
    let line = lines(answer)
        .take(8)
        .find(|line| label(&answer[line.clone()]).is_some())?;
    let from = line.start + label(&answer[line.clone()])?;
    Some((from..line.end, line.end..answer.len()))
}

/// How long the label `Subject:` of a line is, emphasis included.
fn label(line: &str) -> Option<usize> {
    let bare = line.trim_start_matches(['*', '#', ' ', '_']);
    let rest = bare
        .get(..7)
        .filter(|word| word.eq_ignore_ascii_case("subject"))
        .map(|_| &bare[7..])?;
    let rest = rest
        .strip_prefix(" line")
        .or(rest.strip_prefix(" Line"))
        .unwrap_or(rest);
    let text = rest.trim_start_matches('*').strip_prefix(':')?;
    let text = text.trim_start_matches('*');
    Some(line.len() - text.len())
}

/// The cells under a heading of a Markdown table.
fn column(answer: &str, name: &str) -> Vec<Range<usize>> {
    let mut cells = Vec::new();
    let mut at = None;
    for line in lines(answer) {
        let text = &answer[line.clone()];
        if !text.trim_start().starts_with('|') {
            at = None;
            continue;
        }
        let row = row(answer, line);
        match at {
            None => {
                at = row.iter().position(|cell| {
                    answer[cell.clone()]
                        .trim_matches(['*', ' ', '`'])
                        .eq_ignore_ascii_case(name)
                });
            }
            Some(at) => {
                let rule = row
                    .iter()
                    .all(|cell| answer[cell.clone()].chars().all(|c| matches!(c, '-' | ':' | ' ')));
                if !rule && let Some(cell) = row.get(at) {
                    cells.push(cell.clone());
                }
            }
        }
    }
    cells
}

fn row(answer: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let text = &answer[line.clone()];
    let bars: Vec<usize> = text.match_indices('|').map(|(at, _)| line.start + at).collect();
    bars.windows(2)
        .map(|pair| {
            let cell = &answer[pair[0] + 1..pair[1]];
            let start = pair[0] + 1 + (cell.len() - cell.trim_start().len());
            start..start + cell.trim().len()
        })
        .collect()
}

/// A field of the JSON object that the answer is, as text.
fn field(answer: &str, name: &str) -> Option<String> {
    let object = answer.find('{')?..=answer.rfind('}')?;
    let value: Value = serde_json::from_str(answer.get(object)?).ok()?;
    let field = value
        .as_object()?
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))?
        .1;
    Some(match field {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned))
                .collect();
            items.join(" ")
        }
        other => other.to_string(),
    })
}

/// What comes after the last line of a sort.
fn after_lines(answer: &str, of_sort: impl Fn(&str) -> bool) -> Vec<Range<usize>> {
    let last = lines(answer).filter(|line| of_sort(&answer[line.clone()])).last();
    last.map(|line| line.end..answer.len())
        .filter(|rest| !is_blank(&answer[rest.clone()]))
        .into_iter()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(answer: &str, places: Vec<Range<usize>>) -> Vec<&str> {
        places.into_iter().map(|place| answer[place].trim()).collect()
    }

    #[test]
    fn sections_are_found_by_label_and_by_heading() {
        let labelled = "Intro\n**Part 1:** one\nmore\nPart 2\ntwo";
        assert_eq!(texts(labelled, sections(labelled, "1")), ["one\nmore"]);
        assert_eq!(texts(labelled, sections(labelled, "last")), ["two"]);
        assert!(sections(labelled, "3").is_empty());
        let headed = "# A\none\n## B\ntwo";
        assert_eq!(texts(headed, sections(headed, "2")), ["two"]);
        assert_eq!(texts(headed, sections(headed, "each")), ["one", "two"]);
    }

    #[test]
    fn an_email_has_a_subject_and_a_body() {
        let answer = "**Subject:** NITS\n\nDear all,";
        let (head, body) = subject(answer).expect("a subject");
        assert_eq!((answer[head].trim(), answer[body].trim()), ("NITS", "Dear all,"));
        assert!(subject("Dear all, on the subject: nits").is_none());
    }

    #[test]
    fn cells_of_a_column() {
        let answer =
            "| Boat | **Notes** |\n|---|---|\n| fast | rough, wet |\n| slow | calm |\n\nOverall, walk.";
        assert_eq!(texts(answer, column(answer, "notes")), ["rough, wet", "calm"]);
        assert!(column(answer, "price").is_empty());
        assert_eq!(
            texts(answer, after_lines(answer, |line| line.starts_with('|'))),
            ["Overall, walk."]
        );
    }

    #[test]
    fn a_title_is_marked_or_stands_alone() {
        let text = |answer: &'static str| title(answer).map(|place| answer[place].trim());
        assert_eq!(text("x <<A Name>> y"), Some("A Name"));
        assert_eq!(text("# Head\nbody"), Some("Head"));
        assert_eq!(text("Alone\n\nbody"), Some("Alone"));
        assert_eq!(text("no title here"), None);
    }

    #[test]
    fn a_field_of_an_object() {
        assert_eq!(
            field("```json\n{\"tags\": [\"#a\", \"#b\"]}\n```", "tags").as_deref(),
            Some("#a #b")
        );
        assert_eq!(field("{\"a\": 1}", "b"), None);
    }
}
