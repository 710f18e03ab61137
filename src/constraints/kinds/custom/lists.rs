//! Lists in a fixed order or form.

use crate::constraints::{
    checker::Judgement,
    text::{
        chars::{is_ascii_punctuation, is_digit, split, strip, trim_punctuation},
        punkt,
    },
};

/// The only numbers are 14, 21, 28, 35, 42 and 49.
pub fn is_multiples_of_seven(answer: &str) -> bool {
    let numbers = answer.split(|c| !is_digit(c)).filter(|number| !number.is_empty());
    numbers.eq(["14", "21", "28", "35", "42", "49"])
}

/// From the line with Zimbabwe on, at least 52 lines that never rise.
pub fn is_africa_reversed(answer: &str) -> bool {
    let lines = answer
        .split('\n')
        .map(trim_punctuation)
        .filter(|line| !line.is_empty());
    let lines: Vec<String> = lines
        .skip_while(|line| !line.contains("Zimbabwe"))
        .map(to_ascii)
        .collect();
    lines.len() >= 52 && lines.windows(2).all(|pair| pair[0] >= pair[1])
}

/// The words from back to front are one sentence with the bald eagle in it.
pub fn is_eagle_reversed(answer: &str) -> bool {
    let bare: String = answer
        .to_lowercase()
        .chars()
        .filter(|&c| !is_ascii_punctuation(c))
        .collect();
    let reversed = split(&bare).rev().collect::<Vec<_>>().join(" ");
    reversed.contains("bald eagle") && punkt::sentences(&reversed).first() == Some(&(0..reversed.len()))
}

/// Each sentence begins with the next letter.
pub fn alphabet() -> impl FnMut(&str) -> Judgement + Send {
    let mut letters = 'a'..='z';
    move |sentence| {
        let first = split(sentence)
            .next()
            .and_then(|word| word.to_lowercase().chars().next());
        (first.is_some() && first == letters.next()).into()
    }
}

pub fn is_capitals(answer: &str) -> bool {
    let answer = to_ascii(answer);
    answer
        .split(',')
        .map(strip)
        .filter(|capital| !capital.is_empty())
        .eq(CAPITALS.iter().copied())
}

const CAPITALS: &[&str] = &[
    "Reykjavik",
    "Helsinki",
    "Oslo",
    "Tallinn",
    "Stockholm",
    "Riga",
    "Moscow",
    "Copenhagen",
    "Vilnius",
    "Minsk",
    "Dublin",
    "Berlin",
    "Amsterdam",
    "Warsaw",
    "London",
    "Brussels",
    "Prague",
    "Luxembourg",
    "Paris",
    "Vienna",
    "Bratislava",
    "Budapest",
    "Vaduz",
    "Chisinau",
    "Bern",
    "Ljubljana",
    "Zagreb",
];

/// Dates between 1769 and 1821, separated by commas. A day or a month of 00 passes, as published.
pub fn is_dates(answer: &str) -> bool {
    strip(answer).split(',').all(|date| {
        let parts: Vec<&str> = strip(date).split('-').collect();
        let [year, month, day] = parts[..] else {
            return false;
        };
        let number = |text: &str, digits: usize| {
            let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
            right.then(|| text.parse::<u32>().ok()).flatten()
        };
        let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2)) else {
            return false;
        };
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 29,
            _ => u32::MAX,
        };
        (1769..=1821).contains(&year) && month <= 12 && day <= days
    })
}

/// Letters without their marks; what has no ASCII letter under its marks is left out.
fn to_ascii(text: &str) -> String {
    const MARKED: &[(&str, char)] = &[
        ("ÀÁÂÃÄÅĀĂĄ", 'A'),
        ("àáâãäåāăą", 'a'),
        ("ÇĆĈĊČ", 'C'),
        ("çćĉċč", 'c'),
        ("Ď", 'D'),
        ("ď", 'd'),
        ("ÈÉÊËĒĔĖĘĚ", 'E'),
        ("èéêëēĕėęě", 'e'),
        ("ĜĞĠĢ", 'G'),
        ("ĝğġģ", 'g'),
        ("Ĥ", 'H'),
        ("ĥ", 'h'),
        ("ÌÍÎÏĨĪĬĮİ", 'I'),
        ("ìíîïĩīĭį", 'i'),
        ("Ĵ", 'J'),
        ("ĵ", 'j'),
        ("Ķ", 'K'),
        ("ķ", 'k'),
        ("ĹĻĽ", 'L'),
        ("ĺļľ", 'l'),
        ("ÑŃŅŇ", 'N'),
        ("ñńņň", 'n'),
        ("ÒÓÔÕÖŌŎŐ", 'O'),
        ("òóôõöōŏő", 'o'),
        ("ŔŖŘ", 'R'),
        ("ŕŗř", 'r'),
        ("ŚŜŞŠȘ", 'S'),
        ("śŝşšș", 's'),
        ("ŢŤȚ", 'T'),
        ("ţťț", 't'),
        ("ÙÚÛÜŨŪŬŮŰŲ", 'U'),
        ("ùúûüũūŭůűų", 'u'),
        ("Ŵ", 'W'),
        ("ŵ", 'w'),
        ("ÝŶŸ", 'Y'),
        ("ýÿŷ", 'y'),
        ("ŹŻŽ", 'Z'),
        ("źżž", 'z'),
        ("\u{a0}", ' '),
    ];
    text.chars()
        .filter_map(|c| {
            if c.is_ascii() {
                return Some(c);
            }
            MARKED
                .iter()
                .find(|(marked, _)| marked.contains(c))
                .map(|&(_, letter)| letter)
        })
        .collect()
}
