//! How people state these constraints in Chinese.

use crate::constraints::wording::phrase::{Hit, Phrase, kwargs};

pub const PHRASES: &[Phrase] = &[
    // 要两个版本，用六个星号隔开
    Phrase {
        cues: &["星号"],
        pattern: r"{n}个星号[^,.;\n]*?(?:分隔|隔开|分开|分割|隔断|断开)",
        rank: 66,
        read: |hit| {
            if hit.amount(0).and_then(|quantity| quantity.exact()) == Some(6) {
                hit.emit("combination:two_responses", Default::default());
            }
        },
    },
    Phrase {
        cues: &[
            "重复",
            "复述",
            "照抄",
            "抄写",
            "抄录",
            "照录",
            "誊",
            "照搬",
            "遍",
            "原样",
            "原封不动",
        ],
        pattern: r"(?:(?:重复|复述|照抄|抄写|抄录|照录|誊抄|照搬)|(?:原样|一字不[改差漏落动]|原封不动|逐字|一字一句)[^.;\n:]{0,8}?(?:抄|念|写|说|输出|贴|重写|打)|(?:抄|重写|重说|重打)\x01遍)[^.;\n:\x02]{0,40}:",
        rank: 71,
        read: repeat,
    },
    Phrase {
        cues: &["重复", "复述", "照抄", "抄写", "抄录", "照录", "誊", "照搬"],
        pattern: r"(?:先|首先|开头|一开始)[^.;\n:\x02]{0,12}?(?:重复|复述|照抄|抄写|抄录|照录|誊抄|照搬)[^.;\n:\x02]{0,12}?{q}",
        rank: 71,
        read: |hit| {
            if let Some(quote) = hit.quote() {
                hit.emit(
                    "combination:repeat_prompt",
                    kwargs([("prompt_to_repeat", quote.into())]),
                );
            }
        },
    },
];

/// The text behind the colon.
fn repeat(hit: &mut Hit) {
    let Some(text) = hit.rest_of_sentence() else {
        return;
    };
    let text = text.trim_matches(['"', '“', '”', '「', '」']);
    hit.emit(
        "combination:repeat_prompt",
        kwargs([("prompt_to_repeat", text.into())]),
    );
}
