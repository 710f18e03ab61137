//! Names of languages in prompts, and their codes (those of the published language detector).

/// Beginnings of the names, by which the phrases are tried.
pub const CUES: &[&str] = &[
    "afrik", "alban", "arab", "bengal", "bangl", "bulgar", "catal", "chin", "manda", "cant", "croat",
    "czech", "danish", "dutch", "engl", "eston", "pers", "farsi", "finn", "fren", "germ", "greek", "gujar",
    "hebr", "hind", "hung", "indon", "ital", "japan", "kann", "kore", "latv", "lith", "maced", "mala",
    "marat", "nepal", "norw", "poli", "port", "punj", "roman", "russ", "slov", "somal", "span", "castil",
    "swah", "swed", "tagal", "filip", "tamil", "telug", "thai", "turk", "ukrai", "urdu", "viet", "wels",
    "irish", "latin",
];

const CODES: &[(&str, &str)] = &[
    ("afrikaans", "af"),
    ("albanian", "sq"),
    ("arabic", "ar"),
    ("bengali", "bn"),
    ("bangla", "bn"),
    ("bulgarian", "bg"),
    ("catalan", "ca"),
    ("simplified chinese", "zh-cn"),
    ("traditional chinese", "zh-tw"),
    ("chinese", "zh-cn"),
    ("mandarin", "zh-cn"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("persian", "fa"),
    ("farsi", "fa"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("gujarati", "gu"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("kannada", "kn"),
    ("korean", "ko"),
    ("latvian", "lv"),
    ("lithuanian", "lt"),
    ("macedonian", "mk"),
    ("malayalam", "ml"),
    ("marathi", "mr"),
    ("nepali", "ne"),
    ("norwegian", "no"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("punjabi", "pa"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("slovak", "sk"),
    ("slovenian", "sl"),
    ("somali", "so"),
    ("spanish", "es"),
    ("castilian", "es"),
    ("swahili", "sw"),
    ("swedish", "sv"),
    ("tagalog", "tl"),
    ("filipino", "tl"),
    ("tamil", "ta"),
    ("telugu", "te"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("vietnamese", "vi"),
    ("welsh", "cy"),
];

/// The code of a language by its English name, in lower case.
pub fn code(name: &str) -> Option<&'static str> {
    CODES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, code)| *code)
}
