//! How people state these constraints in Chinese.

use super::{banned, phrases, words_of};
use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["感叹号", "问号", "分号", "破折号", "省略号", "惊叹号"],
        pattern: r"(?:不要|不能|不得|禁止|别|不用|不许|避免|不可|没有|不准|勿|不带|不含|不出现|不使用|少用)[^,.;\n]*?(感叹号|惊叹号|问号|分号|破折号|省略号)",
        rank: 50,
        read: |hit| {
            let mark = match hit.group(1) {
                Some("问号") => "？",
                Some("分号") => "；",
                Some("破折号") => "—",
                Some("省略号") => "…",
                _ => "！",
            };
            hit.emit(
                "keywords:letter_frequency",
                kwargs([
                    ("letter", mark.into()),
                    ("let_frequency", 1.into()),
                    ("let_relation", "less than".into()),
                ]),
            );
        },
    },
    Phrase {
        cues: &["字母"],
        pattern: r"(?:不要|不能|不得|禁止|别|不用|不许|避免|不可|不准|勿|不)[^,.;\n]{0,10}?字母 ?(?:{q}|([a-z]))|字母 ?(?:{q}|([a-z]))[^,.;\n]{0,8}?(?:不要|不能|不得|禁止|别|不许|不可|不准)",
        rank: 60,
        read: |hit| {
            let letter = hit
                .quote()
                .or(hit.last_group())
                .unwrap_or_default()
                .to_lowercase();
            if letter.chars().count() == 1 {
                hit.emit(
                    "keywords:letter_frequency",
                    kwargs([
                        ("letter", letter.into()),
                        ("let_frequency", 1.into()),
                        ("let_relation", "less than".into()),
                    ]),
                );
            }
        },
    },
    Phrase {
        cues: &["次", "遍"],
        pattern: r"{n}(?:次|遍)(?:以上)?(?:这个词|词语|词)?{q}",
        rank: 60,
        read: phrases::quoted_times,
    },
    Phrase {
        cues: &["关键词", "关键字"],
        pattern: r"关键(?:词|字)(?:必须|要|需|应)?(?:包括|包含|有|是|为)?: ?",
        rank: 45,
        read: |hit| {
            // Words without quotation marks, with commas between.
            let quoted = says!(hit.after(), r"^ ?{q}");
            let items: Vec<String> = match quoted {
                true => hit.list(),
                false => hit.rest_of_sentence().map_or(Vec::new(), |rest| {
                    let rest = rest.split(['。', '；', '！']).next().unwrap_or_default();
                    rest.split(['、', '，', ',', ' ', '和'])
                        .map(|item| item.trim().to_owned())
                        .filter(|item| !item.is_empty())
                        .collect()
                }),
            };
            if items.iter().all(|item| item.chars().count() <= 8) {
                words_of::emit_required(hit, items);
            }
        },
    },
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
                words_of::emit_required_quotes(hit);
            }
        },
    },
    // “团结”和“拼搏”两个词都要写进去
    Phrase {
        cues: &["词", "写进", "用上", "出现", "用到"],
        pattern: r"{q}(?:(?:和|与|、|,|及|以及|还有){q})*(?:这)?(?:\x01个)?(?:关键词|词语|词|字)?(?:都|均|全)?(?:要|必须|得|应该?|需要?)(?:都)?(?:写进去?|用上|出现|用到|包含|提到|有|放进去?|写到)",
        rank: 44,
        read: |hit| {
            if !says!(hit.text(), r"不") && !says!(hit.after(), r"^[^,.;\n]{0,6}\x01(?:次|遍)") {
                words_of::emit_required_quotes(hit);
            }
        },
    },
    // 别出现very和really这两个词
    Phrase {
        cues: &["不", "禁止", "避免", "别", "勿"],
        pattern: r"(?:不要|不能|不得|禁止|避免|别|请勿|不许|不准|不可以|不可)(?:再|出现|使用|提到|提及|用到|用|写|说|提|包含|含有)+ ?([a-z]+(?: ?(?:和|、|,|或|与|跟) ?[a-z]+)*) ?(?:这|等)?(?:\x01个|\x01些)?(?:单词|词|字)",
        rank: 45,
        read: |hit| {
            let words = hit.group_source(1).unwrap_or_default();
            let words: Vec<&str> = words
                .split(|c: char| !c.is_ascii_alphabetic())
                .filter(|word| !word.is_empty())
                .collect();
            hit.claim_no_numbers().emit(
                "keywords:forbidden_words",
                kwargs([("forbidden_words", words.into())]),
            );
        },
    },
    Phrase {
        cues: &["不", "禁止", "避免", "别", "勿"],
        pattern: r"(?:不要|不能|不得|禁止|避免|别|请勿|不许|不准|不可以|不可)(?:再|在文中|在回答中|文中|出现|使用|提到|提及|用到|用|写|说|提|包含|含有|任何|以下|下列|这些|这个|词语|关键词|词|字眼|:)*{q}",
        rank: 45,
        read: banned::banned_subject,
    },
    Phrase {
        cues: &["不", "禁止", "别"],
        pattern: r"{q}[^,.;\n\x02]*?(?:不要|不能|不得|禁止|别|不许|不准|不可)(?:再)?(?:出现|使用|用|提|写|说|有)",
        rank: 45,
        read: banned::banned_subject,
    },
];
