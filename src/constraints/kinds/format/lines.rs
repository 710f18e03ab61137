//! How lines are laid out.

use std::collections::{HashMap, VecDeque};

use super::lists;
use crate::constraints::{
    Semantics,
    checker::Judgement,
    text::{
        chars::{is_ascii_punctuation, is_space, split, strip},
        punkt,
    },
};

/// As many words as lines that are not empty, ASCII punctuation left out.
pub fn one_word_each(answer: &str) -> bool {
    let bare: String = answer.chars().filter(|&c| !is_ascii_punctuation(c)).collect();
    let bare = strip(&bare);
    bare.split('\n').filter(|line| !line.is_empty()).count() == split(bare).count()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Each line that is not blank is indented more than the one before.
pub fn stairs() -> impl FnMut(&str) -> Judgement + Send {
    let mut last = None;
    move |line| {
        if strip(line).is_empty() {
            return Judgement::Skipped;
        }
        let indent = line
            .chars()
            .take_while(|&c| is_space(c))
            .map(|c| if c == '\t' { 4 } else { 1 })
            .sum::<usize>();
        last.replace(indent).is_none_or(|last| indent > last).into()
    }
}

/// As [`stairs`], with the published treatment of blank lines: they are taken out of the list of lines while it is walked
/// through, so that the line behind each is not looked at, and it is always the first equal line that goes.
pub fn are_stairs_as_published(answer: &str) -> bool {
    let lines: Vec<&str> = answer.split('\n').collect();
    let mut kept = vec![true; lines.len()];
    let mut blank: HashMap<&str, VecDeque<usize>> = HashMap::new();
    let mut at = 0;
    while let Some(&line) = lines.get(at) {
        if !strip(line).is_empty() {
            at += 1;
            continue;
        }
        let equal = blank.entry(line).or_default();
        equal.push_back(at);
        if let Some(first) = equal.pop_front() {
            kept[first] = false;
        }
        if let Some(skipped) = lines.get(at + 1).filter(|line| strip(line).is_empty()) {
            blank.entry(skipped).or_default().push_back(at + 1);
        }
        at += 2;
    }
    let kept: Vec<usize> = lines
        .iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(line, _)| indent(line))
        .collect();
    kept.windows(2).all(|pair| pair[1] > pair[0])
}

/// Every bullet `*` has a sub-bullet `-` before the next one. Officially any two such characters will do, and no bullet at
/// all too.
pub fn have_sub_bullets(answer: &str, semantics: Semantics) -> bool {
    if semantics == Semantics::Official {
        return answer.split('*').skip(1).all(|bullet| bullet.contains('-'));
    }
    let mut open = None;
    for line in answer.split('\n').map(strip) {
        if line.starts_with("* ") {
            if open == Some(false) {
                return false;
            }
            open = Some(false);
        } else if line.starts_with("- ") && open.is_some() {
            open = Some(true);
        }
    }
    open == Some(true)
}

/// At least two sentences, then nothing but at least two bullets `*`. Officially a blank line among the sentences ends them.
pub fn sentences_then_bullets(answer: &str, semantics: Semantics) -> bool {
    let (mut sentences, mut bullets) = (0, 0);
    let mut may_go_on = true;
    for line in answer.split('\n').map(strip) {
        let is_bullet = match semantics {
            Semantics::Official => line.starts_with('*'),
            Semantics::AsWorded => line.starts_with('*') && lists::item(line).is_some(),
        };
        if is_bullet {
            if sentences < 2 {
                return false;
            }
            bullets += 1;
            may_go_on = false;
        } else if semantics == Semantics::AsWorded && line.is_empty() {
            continue;
        } else if may_go_on {
            let found = punkt::sentences(line).len();
            sentences += found;
            may_go_on = found > 0;
        } else {
            return false;
        }
    }
    bullets >= 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The published loop, line by line.
    fn published(answer: &str) -> bool {
        let mut lines: Vec<&str> = answer.split('\n').collect();
        let mut at = 0;
        while at < lines.len() {
            if strip(lines[at]).is_empty() {
                let first = lines.iter().position(|line| *line == lines[at]).unwrap();
                lines.remove(first);
            }
            at += 1;
        }
        let indents: Vec<usize> = lines.iter().map(|line| indent(line)).collect();
        indents.windows(2).all(|pair| pair[1] > pair[0])
    }

    proptest! {
        #[test]
        fn stairs_agree_with_the_published_loop(answer in "( {0,3}a?\n){0,8} {0,2}b?") {
            prop_assert_eq!(are_stairs_as_published(&answer), published(&answer), "{:?}", answer);
        }
    }
}
