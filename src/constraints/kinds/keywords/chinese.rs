//! How people state these constraints in Chinese.

use super::{banned, phrases, words_of};
use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["感叹号", "问号", "分号", "破折号", "省略号", "惊叹号"],
        pattern: r"(?:{zno}|没有|少用|不(?:带|含|出现|使用|打|加|写|放|留|用))[^,.;\n]*?{zmark}(?:(?:,|和|或者?|以及|与|及|跟|还有)*{zmark})*|{zmark}(?:(?:,|和|或者?|以及|与|及|跟|还有)*{zmark})*(?:就)?(?:{znone}|免了|(?:都|也)?{zno}(?:{zuse}|了)?)",
        rank: 50,
        read: |hit| {
            let text = hit.text();
            for (_, mark) in MARKS.iter().filter(|(name, _)| text.contains(name)) {
                hit.claim_no_numbers().emit(
                    "keywords:letter_frequency",
                    kwargs([
                        ("letter", (*mark).into()),
                        ("let_frequency", 1.into()),
                        ("let_relation", "less than".into()),
                    ]),
                );
            }
        },
    },
    Phrase {
        cues: &["感叹号", "问号", "分号", "破折号", "省略号", "惊叹号"],
        pattern: r"{n}(?:个|处|次){zmark}|{zmark}[^,.;\n]{0,6}?{n}(?:个|处|次)",
        rank: 50,
        read: |hit| {
            let named = MARKS.iter().find(|(name, _)| hit.text().contains(name));
            if let Some(quantity) = hit.amount(0).cloned().filter(|quantity| quantity.related)
                && let Some((_, mark)) = named
            {
                hit.emit_bounds(
                    "keywords:letter_frequency",
                    "let_frequency",
                    "let_relation",
                    &quantity,
                    &kwargs([("letter", (*mark).into())]),
                );
            }
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
        pattern: r"{n}(?:次|遍|回)(?:以上)?(?:{zuse}|{zmust})*(?:这个词|词语|词|\p{Han}{0,3})?{q}",
        rank: 60,
        read: phrases::quoted_times,
    },
    // 通篇不出现“失眠”一词; 能不能用“失眠”？ only asks.
    Phrase {
        cues: &["不"],
        pattern: r"不(?:再|去)?(?:提到|提及|提|出现|含有?|包含|使用|用到|用|写|说|带)(?:任何|以下|下列|这个|这些|词|字|:)*{zq}",
        rank: 45,
        read: |hit| {
            if !says!(hit.before(), r"(?:能|可|是|会|要|该|用)$") {
                banned::banned_subject(hit);
            }
        },
    },
    // 必含词：冷制、橄榄油
    Phrase {
        cues: &["词", "关键字", "字眼", "用语"],
        pattern: r"(?:关键(?:词|字)|(?:必含|必用|必备|必带|必有|必须(?:包含|出现|有|提到|用到?)|须含|需含|需要?包含|要包含|须包含|要用到?|要有|包含|含有?|核心|指定|要提到)的?(?:关键)?(?:词语|词汇|词|字眼|关键字))(?:必须|要|需|应)?(?:包括|包含|有|是|为)?: ?",
        rank: 45,
        read: |hit| {
            let items = listed(hit);
            let negative = says!(
                hit.before(),
                r"(?:禁用|违禁|避用|忌用|敏感|排除|避免(?:使用)?|{zno}(?:{zuse})?|不)的?$"
            );
            match negative {
                true => words_of::emit_banned(hit, items),
                false => words_of::emit_required(hit, items),
            }
        },
    },
    // 禁用词：最好、第一
    Phrase {
        cues: &["词", "字眼", "用语"],
        pattern: r"(?:禁用|违禁|避用|忌用|忌讳|敏感|屏蔽|排除|(?:{zno})(?:{zuse})?)的?(?:词语|词汇|词|字眼|用语|表述|语)(?:包括|包含|有|是|为)?: ?",
        rank: 46,
        read: |hit| {
            let items = listed(hit);
            words_of::emit_banned(hit, items);
        },
    },
    Phrase {
        cues: &["次", "遍", "回"],
        pattern: r"{q}(?:这个词|一词|这个字|二字|两字|两个字|\x01个?字)?[^,.;\n\x02]*?{n}(?:次|遍|回)",
        rank: 66,
        read: phrases::quoted_times,
    },
    // “烟火气”这个词快被用烂了，别超过两次
    Phrase {
        cues: &["次", "遍", "回"],
        pattern: r"{q}{zword}[^,.;\n\x02]{0,12}?,(?:全文|文中|全篇|总共|一共|整篇|通篇|而且|并且|但|且|{zmust}|{zuse})*{n}(?:次|遍|回)",
        rank: 65,
        read: phrases::quoted_times,
    },
    // 猫叫“煤球”，名字要出现至少两次
    Phrase {
        cues: &["次", "遍", "回"],
        pattern: r"{q}[^;\n\x02]{0,30}?(?:这个|该|此|人|店|品|地|书|片)?(?:名字?|词|称呼|说法)(?:在文中|在文章里|在全文|{zmust}|{zuse})*{n}(?:次|遍|回)|{q}[^,.;\n\x02]{0,8}?(?:都|要|得|必须)[^,.;\n\x02]{0,6}?,(?:加起来|合计|总共|一共|全文|全篇|前后|整篇)[^,.;\n\x02]{0,6}?{n}(?:次|遍|回)",
        rank: 64,
        read: phrases::quoted_times,
    },
    // “春风”和“细雨”各出现两次
    Phrase {
        cues: &["次", "遍", "回"],
        pattern: r"{q}(?:(?:和|与|及|以及|还有|跟|,)*{q})+{zword}(?:{zmust})*(?:各|分别|都|均|每个)[^,.;\n\x02]{0,8}?{n}(?:次|遍|回)",
        rank: 67,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned() {
                for keyword in hit.quotes() {
                    phrases::frequency(hit, keyword, &quantity);
                }
            }
        },
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
            "要有",
            "提及",
            "融入",
            "嵌入",
            "穿插",
            "植入",
            "点到",
            "写到",
            "带到",
            "放进",
            "保留",
        ],
        pattern: r"(?:包含|提到|提及|用到|使用|出现|加入|用上|写进|写到|含有|包括|带上|带到|融入|嵌入|穿插|植入|点到|放进|保留|必须有|要有)(?:以下|下列|这些|这几个|这个|这句话?|这一句|关键|\x01个|\x01次)*(?:关键词|词语|词汇|词|字)?:?{q}",
        rank: 40,
        read: |hit| {
            if !says!(hit.before(), r"(?:{zno}|不)[^,.;\n]*$") {
                words_of::emit_required_quotes(hit);
            }
        },
    },
    // “团结”和“拼搏”两个词都要写进去
    Phrase {
        cues: &[
            "词", "写进", "用上", "出现", "用到", "提到", "要", "得", "必须", "缺", "少",
        ],
        pattern: r"{zq}(?:,(?:这|以上))?{zword}(?:\x01[个者样])?(?:都|均|全|各)?(?:(?:要|必须|务必|一定|得|须|应该?|需要?)(?:都|均|全|要|得)*(?:{zuse})|(?:一个也|一个都|\x01个都)?(?:不能少|不可少|缺一不可|少不了|必不可少))",
        rank: 44,
        read: |hit| {
            if !says!(hit.text(), r"不(?:要|得|能[^少]|许|准|应|该|可以)")
                && !says!(hit.after(), r"^[^,.;\n]{0,6}\x01(?:次|遍)")
            {
                words_of::emit_required_quotes(hit);
            }
        },
    },
    // 把“灯火”写进去
    Phrase {
        cues: &["把", "将"],
        pattern: r"(?:把|将){zq}{zword}(?:都|也|全|自然地?|巧妙地?)*(?:写|放|加|融|嵌|带|编|塞|用)(?:进|入|上|到)",
        rank: 46,
        read: words_of::emit_required_quotes,
    },
    // 别出现very和really这两个词
    Phrase {
        cues: &["不", "禁止", "避免", "别", "勿"],
        pattern: r"(?:不要|不能|不得|禁止|避免|别|请勿|不许|不准|不可以|不可)(?:再|出现|使用|提到|提及|用到|用|写|说|提|包含|含有)+ ?([a-z]+(?: ?(?:和|、|,|或|与|跟) ?[a-z]+)*) ?(?:这|等|那)?\x01?(?:个|些|类|种)?(?:单词|词|字)",
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
        pattern: r"{zno}(?:再|在?文中|在?回答中|在?文章里|{zuse}|任何|以下|下列|诸如|类似|像|这些|这个|这类|这种|词语|关键词|词|字眼|:)*{q}",
        rank: 45,
        read: banned::banned_subject,
    },
    Phrase {
        cues: &["不", "禁", "别", "勿", "避免", "没", "免"],
        pattern: r"{zq}[^,.;\n\x02]*?{zno}(?:再)?(?:{zuse})|{zq}{zword}[^,.;\n\x02]{0,4}?(?:{znone}|{zno}$|禁用|免了|(?:都|均)?(?:是|属于|为)(?:禁词|违禁词|禁忌|禁区|雷区))",
        rank: 45,
        read: banned::banned_subject,
    },
];

/// Marks by their Chinese names.
const MARKS: &[(&str, &str)] = &[
    ("感叹号", "！"),
    ("惊叹号", "！"),
    ("问号", "？"),
    ("分号", "；"),
    ("破折号", "—"),
    ("省略号", "…"),
];

/// The words behind the match: quoted, or bare with commas between.
fn listed(hit: &mut Hit) -> Vec<String> {
    let items: Vec<String> = match says!(hit.after(), r"^ ?{q}") {
        true => hit.list(),
        false => hit.rest_of_sentence().map_or(Vec::new(), |rest| {
            let rest = rest.split(['。', '；', '！']).next().unwrap_or_default();
            rest.split(['、', '，', ',', ' ', '和', '/'])
                .map(|item| item.trim().to_owned())
                .filter(|item| !item.is_empty())
                .collect()
        }),
    };
    match items.iter().all(|item| item.chars().count() <= 8) {
        true => items,
        false => Vec::new(),
    }
}
