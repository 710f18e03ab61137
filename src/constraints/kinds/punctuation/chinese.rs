//! How people state these constraints in Chinese.

use crate::constraints::wording::phrase::Phrase;

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["逗号"],
        pattern: r"(?:不要|不能|不得|禁止|别|不用|不许|避免|不可|没有|不准|勿|不带|不含|不出现|不使用)[^,.;\n]*?逗号|逗号[^,.;\n]{0,4}?(?:不要|不能|不得|禁止|别|不用|不许|不可|不准)",
        rank: 50,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("punctuation:no_comma", Default::default())
        },
    },
    Phrase {
        cues: &["引号"],
        pattern: r"(?:整个|全部|整篇|全文|所有|完整)?[^,.;\n]*?(?:双引号|引号)(?:\x22\x22)?[^,.;\n]*?(?:包|括|围|框)(?:起来|住)?|(?:放在|置于|写在|放进|套在)[^,.;\n]{0,8}引号(?:之)?(?:里面?|中间?|内|之间)",
        rank: 50,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
];
