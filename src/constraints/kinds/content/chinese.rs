//! How people state these constraints in Chinese.

use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["占位", "方括号"],
        pattern: r"{n}(?:个|处)[^,.;\n]*?(?:占位|方括号)|(?:方括号|占位)[^.;\n]*?{n}(?:个|处)",
        rank: 60,
        read: |hit| {
            if let Some(count) = hit.amount(0).and_then(|quantity| quantity.lo) {
                hit.emit(
                    "detectable_content:number_placeholders",
                    kwargs([("num_placeholders", count.into())]),
                );
            }
        },
    },
    Phrase {
        cues: &["标签", "#"],
        pattern: r"(?:{zno}|不)(?:{zuse}|任何|附|发|话题|一个)*(?:标签|#)|(?:话题)?标签(?:就)?(?:{znone}|免了|(?:都|也)?{zno}(?:{zuse}|了)?)",
        rank: 51,
        read: |hit| hit.emit("raif:hashtags", kwargs([("forbidden", true.into())])),
    },
    Phrase {
        cues: &["标签", "#"],
        pattern: r"(?:留|加|带|附)?{n}个?(?:\x03)?的?(?:话题)?标签|(?:话题)?标签[^,.;\n]{0,6}?{n}个|{n}个#",
        rank: 50,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned() {
                hit.emit_counted("raif:hashtags", "num", &quantity);
            }
        },
    },
    Phrase {
        cues: &["表情", "emoji"],
        pattern: r"(?:{zno}|没有|不)(?:{zuse}|任何|一个|发|搞|塞)*(?:表情符号|表情|emoji)|(?:一|半|\x01)个(?:表情符号|表情|emoji)(?:都|也)\p{Han}{0,2}(?:不|别|没)|(?:表情符号|表情|emoji)(?:就)?(?:{znone}|免了|(?:都|也)?{zno}(?:{zuse}|了)?)",
        rank: 51,
        read: |hit| hit.emit("raif:emoji", kwargs([("forbidden", true.into())])),
    },
    Phrase {
        cues: &["表情", "emoji"],
        pattern: r"{n}个?(?:表情符号|表情|emoji)|(?:表情符号|表情|emoji)[^,.;\n]{0,4}?{n}个?",
        rank: 50,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned()
                && !says!(hit.after(), r"^(?:都|也)(?:不|别|没)")
            {
                hit.emit_counted("raif:emoji", "num", &quantity);
            }
        },
    },
    Phrase {
        cues: &["附言", "又及", "ps"],
        pattern: r"(?:加|附|写|带|来|末尾|结尾|最后)[^,.;\n]*?(?:附言|又及|ps)(?:\(?ps\)?)?",
        rank: 58,
        read: |hit| {
            hit.emit(
                "detectable_content:postscript",
                kwargs([("postscript_marker", "P.S.".into())]),
            )
        },
    },
];
