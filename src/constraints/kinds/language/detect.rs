//! Which language a text is in.

use std::fmt;

use whatlang::{Detector, Lang};

/// What detection says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer(Option<&'static str>);

impl Answer {
    /// Whether it is this language. A text without a letter to tell by is in every language, as published.
    pub fn is(&self, code: &str) -> bool {
        self.0.is_none_or(|found| found == code)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0.map_or("no language", name))
    }
}

/// Detects the language of a text. Codes are langdetect's.
pub fn language(text: &str) -> Answer {
    Answer(Detector::new().detect_lang(text).map(code))
}

fn code(lang: Lang) -> &'static str {
    LANGUAGES
        .iter()
        .find(|(known, ..)| *known == lang)
        .map_or(lang.code(), |(_, code, _)| code)
}

/// The English name of a language code; the code itself if it is not known.
pub fn name(code: &str) -> &str {
    LANGUAGES
        .iter()
        .find(|(_, known, _)| *known == code)
        .map_or(code, |(.., name)| name)
}

/// Detected languages, langdetect's codes, English names.
const LANGUAGES: &[(Lang, &str, &str)] = &[
    (Lang::Afr, "af", "Afrikaans"),
    (Lang::Ara, "ar", "Arabic"),
    (Lang::Bul, "bg", "Bulgarian"),
    (Lang::Ben, "bn", "Bengali"),
    (Lang::Cat, "ca", "Catalan"),
    (Lang::Ces, "cs", "Czech"),
    (Lang::Cym, "cy", "Welsh"),
    (Lang::Dan, "da", "Danish"),
    (Lang::Deu, "de", "German"),
    (Lang::Ell, "el", "Greek"),
    (Lang::Eng, "en", "English"),
    (Lang::Spa, "es", "Spanish"),
    (Lang::Est, "et", "Estonian"),
    (Lang::Pes, "fa", "Persian"),
    (Lang::Fin, "fi", "Finnish"),
    (Lang::Fra, "fr", "French"),
    (Lang::Guj, "gu", "Gujarati"),
    (Lang::Heb, "he", "Hebrew"),
    (Lang::Hin, "hi", "Hindi"),
    (Lang::Hrv, "hr", "Croatian"),
    (Lang::Hun, "hu", "Hungarian"),
    (Lang::Ind, "id", "Indonesian"),
    (Lang::Ita, "it", "Italian"),
    (Lang::Jpn, "ja", "Japanese"),
    (Lang::Kan, "kn", "Kannada"),
    (Lang::Kor, "ko", "Korean"),
    (Lang::Lit, "lt", "Lithuanian"),
    (Lang::Lav, "lv", "Latvian"),
    (Lang::Mkd, "mk", "Macedonian"),
    (Lang::Mal, "ml", "Malayalam"),
    (Lang::Mar, "mr", "Marathi"),
    (Lang::Nep, "ne", "Nepali"),
    (Lang::Nld, "nl", "Dutch"),
    (Lang::Nob, "no", "Norwegian"),
    (Lang::Pan, "pa", "Punjabi"),
    (Lang::Pol, "pl", "Polish"),
    (Lang::Por, "pt", "Portuguese"),
    (Lang::Ron, "ro", "Romanian"),
    (Lang::Rus, "ru", "Russian"),
    (Lang::Slk, "sk", "Slovak"),
    (Lang::Slv, "sl", "Slovenian"),
    (Lang::Swe, "sv", "Swedish"),
    (Lang::Tam, "ta", "Tamil"),
    (Lang::Tel, "te", "Telugu"),
    (Lang::Tha, "th", "Thai"),
    (Lang::Tgl, "tl", "Tagalog"),
    (Lang::Tur, "tr", "Turkish"),
    (Lang::Ukr, "uk", "Ukrainian"),
    (Lang::Urd, "ur", "Urdu"),
    (Lang::Vie, "vi", "Vietnamese"),
    (Lang::Cmn, "zh-cn", "Chinese"),
];
