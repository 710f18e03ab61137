//! Which language a text is in.
//!
//! Naive Bayes over one to three characters with the profiles of langdetect, which the published checkers use. langdetect
//! draws n-grams at random until it is sure, so that its verdict on a mixed text changes from run to run; here every n-gram
//! counts once, which is what its draws tend to. Of the 49 published verdicts at hand that rest on it (40 on real answers, 9 on
//! edge cases) none is another one here.

use std::{collections::HashMap, fmt, sync::LazyLock};

use regex::Regex;

/// What detection says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer(Option<&'static str>);

impl Answer {
    /// Whether it is this language. A text without a letter to tell by is in every language, as published.
    pub fn is(&self, code: &str) -> bool {
        self.0.is_none_or(|found| matches(found, code))
    }

    /// The language's code, if there was something to tell by.
    pub fn code(&self) -> Option<&'static str> {
        self.0
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0.map_or("no language", name))
    }
}

/// Whether a detected language is the one asked for; `zh` is Chinese in either script.
pub fn matches(found: &str, wanted: &str) -> bool {
    found == wanted || wanted == "zh" && found.starts_with("zh")
}

/// The English name of a language code; the code itself if it is not known.
pub fn name(code: &str) -> &str {
    NAMES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or(code, |(_, name)| name)
}

/// Whether the code is one that can be detected.
pub fn is_known(code: &str) -> bool {
    NAMES.iter().any(|(known, _)| *known == code)
}

/// Only so many characters are looked at.
const LONGEST: usize = 10_000;

/// langdetect's smoothing: what an n-gram weighs that a language's profile does not have.
const UNSEEN: f64 = 0.5 / 10_000.0;

/// Letters of a text that is too short for certainty.
const SHORT: usize = 24;

/// How much of the best language's score makes another one as good a guess on a short text.
const CLOSE: f64 = 0.5;

/// What language a text is taken for, and whether it is in another one; `None` where it is too short to tell one from
/// another (`Oui.`, `no`).
pub fn reads_as(text: &str, code: &str) -> (Answer, Option<bool>) {
    let (scores, seen) = scores(text);
    let answer = likeliest(&scores, seen);
    let passes = if answer.is(code) {
        Some(true)
    } else if text.chars().filter(|c| c.is_alphabetic()).count() > SHORT {
        Some(false)
    } else {
        may_be(&scores, code)
    };
    (answer, passes)
}

/// Of a short text that is not taken for a language: `None` if it could be in it all the same.
fn may_be(scores: &[f64], code: &str) -> Option<bool> {
    let best = scores.iter().copied().fold(0.0, f64::max);
    let of_code = |(at, score): (usize, &f64)| matches(PROFILES.codes[at], code).then_some(*score);
    let own = scores.iter().enumerate().filter_map(of_code).fold(0.0, f64::max);
    if own >= best * CLOSE { None } else { Some(false) }
}

/// Detects the language of a text. Codes are langdetect's.
pub fn language(text: &str) -> Answer {
    let (scores, seen) = scores(text);
    likeliest(&scores, seen)
}

fn likeliest(scores: &[f64], seen: bool) -> Answer {
    if !seen {
        return Answer(None);
    }
    let best = scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    Answer(best.map(|(language, _)| PROFILES.codes[language]))
}

/// By language, how likely it makes the text (a logarithm), and whether there is anything to tell by.
fn scores(text: &str) -> (Vec<f64>, bool) {
    let profiles = &*PROFILES;
    let mut scores = vec![0.0; profiles.codes.len()];
    let mut seen = false;
    for_each_gram(&prepare(text), &profiles.same, |gram| {
        if let Some(weights) = profiles.grams.get(&gram) {
            seen = true;
            for &(language, weight) in weights {
                scores[usize::from(language)] += f64::from(weight);
            }
        }
    });
    (scores, seen)
}

/// Without addresses; without Latin letters if most of the text is in another script.
fn prepare(text: &str) -> Vec<char> {
    static ADDRESS: LazyLock<Option<Regex>> = LazyLock::new(|| {
        Regex::new(r"https?://[-_.?&~;+=/#0-9A-Za-z]+|[-_.0-9A-Za-z]+@[-_0-9A-Za-z]+[-_.0-9A-Za-z]+").ok()
    });
    // Long enough for the addresses that are cut out.
    let end = text
        .char_indices()
        .nth(4 * LONGEST)
        .map_or(text.len(), |(at, _)| at);
    let text = &text[..end];
    let address = ADDRESS
        .as_ref()
        .filter(|_| text.contains("://") || text.contains('@'));
    let clean = address.map_or(text.into(), |address| address.replace_all(text, " "));
    let mut chars: Vec<char> = clean.chars().take(LONGEST).collect();
    chars.dedup_by(|a, b| *a == ' ' && *b == ' ');
    let is_latin = |c: char| ('A'..='z').contains(&c);
    let latin = chars.iter().filter(|&&c| is_latin(c)).count();
    let other = chars
        .iter()
        .filter(|&&c| c >= '\u{300}' && !('\u{1e00}'..='\u{1eff}').contains(&c))
        .count();
    if latin * 2 < other {
        chars.retain(|&c| !is_latin(c));
    }
    chars
}

/// Hands out the n-grams of one to three characters, packed. Inside a word of capitals there are none.
fn for_each_gram(text: &[char], same: &HashMap<char, char>, mut gram: impl FnMut(u64)) {
    let mut window = vec![' '];
    let mut capitals = false;
    for &c in text {
        let c = normalize(c, same);
        let last = window[window.len() - 1];
        if last == ' ' {
            window.clear();
            window.push(' ');
            capitals = false;
            if c != ' ' {
                window.push(c);
                capitals = false;
            }
        } else {
            if window.len() >= 3 {
                window.remove(0);
            }
            window.push(c);
            capitals = if c.is_uppercase() {
                capitals || last.is_uppercase()
            } else {
                false
            };
        }
        if capitals {
            continue;
        }
        for length in 1..=window.len() {
            let part = &window[window.len() - length..];
            if part != [' '] {
                gram(pack(part));
            }
        }
    }
}

fn pack(gram: &[char]) -> u64 {
    gram.iter()
        .fold(0, |packed, &c| packed << 21 | u64::from(u32::from(c)))
}

/// Characters that tell no more than another one count as that.
fn normalize(c: char, same: &HashMap<char, char>) -> char {
    match c {
        '\0'..='\x7f' if !c.is_ascii_alphabetic() => ' ',
        '\u{a0}' | '«' | '°' | '»' | '\u{2000}'..='\u{206f}' => ' ',
        'ș' => 'ş',
        'ț' => 'ţ',
        '\u{6cc}' => '\u{64a}',
        '\u{1ea0}'..='\u{1eff}' => '\u{1ec3}',
        '\u{3040}'..='\u{309f}' => '\u{3042}',
        '\u{30a0}'..='\u{30ff}' => '\u{30a2}',
        '\u{3100}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' => '\u{3105}',
        '\u{4e00}'..='\u{9fff}' => same.get(&c).copied().unwrap_or(c),
        '\u{ac00}'..='\u{d7af}' => '\u{ac00}',
        _ => c,
    }
}

struct Profiles {
    codes: Vec<&'static str>,
    /// For each n-gram how much likelier it is in a language than in one that does not know it (natural logarithm).
    grams: HashMap<u64, Vec<(u8, f32)>>,
    /// Han characters to the one that stands for their group.
    same: HashMap<char, char>,
}

static PROFILES: LazyLock<Profiles> = LazyLock::new(|| {
    let mut profiles = Profiles {
        codes: Vec::new(),
        grams: HashMap::with_capacity(100_000),
        same: HashMap::new(),
    };
    let mut characters = false;
    for line in include_str!("../../../../assets/languages/profiles.txt").lines() {
        if let Some(code) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            characters = code == "characters";
            if !characters {
                profiles.codes.push(code);
            }
            continue;
        }
        if characters {
            let first = line.chars().next().unwrap_or(' ');
            profiles.same.extend(line.chars().map(|c| (c, first)));
            continue;
        }
        let mut fields = line.split(' ');
        let Some(quarter_bits) = fields.next().and_then(|field| field.parse::<f64>().ok()) else {
            continue;
        };
        let weight = ((UNSEEN + (-quarter_bits / 4.0).exp2()) / UNSEEN).ln() as f32;
        let language = (profiles.codes.len().max(1) - 1) as u8;
        for gram in fields {
            let mut chars = [' '; 3];
            let mut length = 0;
            for (slot, c) in chars.iter_mut().zip(gram.chars()) {
                *slot = if c == '_' { ' ' } else { c };
                length += 1;
            }
            profiles
                .grams
                .entry(pack(&chars[..length]))
                .or_default()
                .push((language, weight));
        }
    }
    profiles
});

const NAMES: &[(&str, &str)] = &[
    ("af", "Afrikaans"),
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("cy", "Welsh"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("gu", "Gujarati"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("kn", "Kannada"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mk", "Macedonian"),
    ("ml", "Malayalam"),
    ("mr", "Marathi"),
    ("ne", "Nepali"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("so", "Somali"),
    ("sq", "Albanian"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("tl", "Tagalog"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
    ("zh-cn", "Chinese"),
    ("zh-tw", "Chinese (Taiwan)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_of_short_texts() {
        for (text, code) in [
            ("The quick brown fox jumps over the lazy dog and runs away.", "en"),
            ("Habari za asubuhi, rafiki yangu mpendwa.", "sw"),
            ("Der schnelle braune Fuchs springt über den faulen Hund.", "de"),
            ("El zorro marrón salta sobre el perro perezoso.", "es"),
            ("今日はとても良い天気ですね。", "ja"),
            ("我们今天去公园散步，然后回家吃饭。", "zh-cn"),
            ("मैं आज बाज़ार जा रहा हूँ और फल खरीदूँगा।", "hi"),
            ("오늘은 날씨가 좋습니다.", "ko"),
        ] {
            assert_eq!(language(text), Answer(Some(code)), "{text}");
        }
        assert!(language("123 :-) 456").is("en") && language("").is("fr"));
    }

    #[test]
    fn a_word_or_two_are_not_held_against_an_answer() {
        for (text, code) in [
            ("Oui.", "fr"),
            ("no", "en"),
            ("Yes.", "en"),
            ("Nein, danke.", "de"),
            ("Paris", "en"),
        ] {
            assert_ne!(reads_as(text, code).1, Some(false), "{text}");
        }
        assert_eq!(reads_as("Да.", "fr").1, Some(false));
        assert_eq!(reads_as("はい", "en").1, Some(false));
        let long = "The weather in the mountains was fine yesterday.";
        assert_eq!(
            (reads_as(long, "en").1, reads_as(long, "fr").1),
            (Some(true), Some(false))
        );
    }
}
