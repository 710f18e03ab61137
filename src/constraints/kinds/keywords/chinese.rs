//! How people state these constraints in Chinese.

use super::{allowed, phrases};
use crate::{constraints::wording::phrase::Phrase, says};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["次", "遍"],
        pattern: r"{q}(?:这个词|一词|这个字|二字|两字|两个字|\x01个?字)?[^,.;\n\x02]*?{n}(?:次|遍)",
        rank: 66,
        read: phrases::quoted_times,
    },
    Phrase {
        cues: &[
            "包含",
            "提到",
            "用到",
            "使用",
            "出现",
            "加入",
            "用上",
            "写进",
            "含有",
            "包括",
            "带上",
            "关键词",
            "必须有",
        ],
        pattern: r"(?:包含|提到|用到|使用|出现|加入|用上|写进|含有|包括|带上|必须有|要有)(?:以下|下列|这些|这几个|这个|关键)*(?:关键词|词语|词汇|词)?:?{q}",
        rank: 40,
        read: |hit| {
            if !says!(
                hit.before(),
                r"(?:不要|不能|不得|禁止|避免|别|请勿|不许|不准|不可以|不可|不)[^,.;\n]*$"
            ) {
                let items = hit.list_at_quote();
                allowed::emit_required(hit, items);
            }
        },
    },
    Phrase {
        cues: &["不", "禁止", "避免", "别", "勿"],
        pattern: r"(?:不要|不能|不得|禁止|避免|别|请勿|不许|不准|不可以|不可)(?:再|在文中|在回答中|文中|出现|使用|提到|提及|用到|用|写|说|提|包含|含有|任何|以下|下列|这些|这个|词语|关键词|词|字眼|:)*{q}",
        rank: 45,
        read: allowed::banned_subject,
    },
    Phrase {
        cues: &["不", "禁止", "别"],
        pattern: r"{q}[^,.;\n\x02]*?(?:不要|不能|不得|禁止|别|不许|不准|不可)(?:再)?(?:出现|使用|用|提|写|说)",
        rank: 45,
        read: allowed::banned_subject,
    },
];
