//! How people state these constraints in Chinese.

use super::phrases;
use crate::{constraints::wording::phrase::Phrase, says};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["小写", "大写"],
        pattern: r"(?:全部?|都|只|统一|一律|整篇|通篇)[^,.;\n]*?小写(?:字母)?|用小写(?:英文)?(?:字母)?(?:来)?(?:书写|写|拼写|回答|作答|输出)|(?:{zno}|没有|不出现|不带|不含)[^,.;\n]*?大写(?:字母)?|(?:\x01个|任何)?大写(?:字母)?(?:一个)?(?:都|也)?{zno}(?:有|出现|用|带)?",
        rank: 52,
        read: |hit| {
            if !says!(hit.text(), r"词") {
                hit.claim_no_numbers()
                    .emit("change_case:english_lowercase", Default::default());
            }
        },
    },
    Phrase {
        cues: &["大写"],
        pattern: r"(?:全部?|都|只|统一|一律|整篇|通篇)[^,.;\n]*?大写(?:字母)?|用大写(?:英文)?(?:字母)?(?:来)?(?:书写|写|拼写|回答|作答|输出)",
        rank: 50,
        read: |hit| {
            if !says!(hit.after(), r"^的?(?:单词|词)")
                && !says!(hit.text(), r"单词|不")
                && !says!(hit.before(), r"\x01个?$")
            {
                hit.claim_no_numbers()
                    .emit("change_case:english_capital", Default::default());
            }
        },
    },
    Phrase {
        cues: &["大写"],
        pattern: r"{n}个?[^,.;\n]*?大写[^,.;\n]*?(?:单词|词)",
        rank: 60,
        read: phrases::capital_words,
    },
];
