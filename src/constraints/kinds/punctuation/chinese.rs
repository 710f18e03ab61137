//! How people state these constraints in Chinese.

use crate::constraints::wording::phrase::Phrase;

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["逗号"],
        pattern: r"(?:{zno}|没有|不(?:带|含|出现|使用|打|加|写|放|留|用))[^,.;\n]*?逗号|逗号[^,.;\n]{0,4}?(?:{zno}|{znone}|免了)",
        rank: 50,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("punctuation:no_comma", Default::default())
        },
    },
    Phrase {
        cues: &["引号"],
        pattern: r"(?:整个|全部|整篇|全文|所有|完整)?[^,.;\n]*?(?:双引号|引号)(?:\x22\x22)?[^,.;\n]*?(?:包|括|围|框)(?:起来|住)?|(?:放|置|写|套|括|包|裹|夹|装|框|圈)(?:在|于|进|入)[^,.;\n]{0,8}引号(?:\([^)\n]{0,4}\)|{q})?(?:之)?(?:里面?|中间?|内|之间)",
        rank: 50,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("startend:quotation", Default::default())
        },
    },
];
