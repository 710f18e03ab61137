//! How people state these constraints in Chinese.

use crate::{
    constraints::wording::{
        pattern::Pattern,
        phrase::{Hit, Phrase, kwargs},
    },
    says,
};

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
    // 先把下面的问题一字不差地重复一遍，再回答, and the text below it or behind its name
    Phrase {
        cues: &[
            "重复",
            "复述",
            "照抄",
            "抄",
            "照录",
            "誊",
            "照搬",
            "原样",
            "原封不动",
            "重述",
            "重打",
        ],
        pattern: r"(?:问题|题目|提问|原话|原文|句子|句话|段话|的话|请求|下文)[^.;\n:\x02]{0,14}?(?:重复|复述|重述|照抄|抄写|抄录|照录|誊抄|照搬|抄|重打)|(?:重复|复述|重述|照抄|抄写|抄录|照录|誊抄|照搬|抄)(?:一|\x01)?(?:遍|次|下)?(?:这个?|这道|下面的?|以下的?|我的|这一?|那)*(?:问题|题目|句子|句话|段话|话|请求|文字)",
        rank: 70,
        read: repeat_below,
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

/// The text behind its name (问题：…), else that below the instruction.
fn repeat_below(hit: &mut Hit) {
    static NAMED: Pattern = Pattern::new(r"(?:问题|题目|提问|原话|原文|请求)(?:是|如下)?[:：]\s*([^\n]+)");
    let first = says!(hit.sentence(), r"先|再|然后|之前|之后|开头|一开始|接着|最前|随后");
    let again = hit
        .found()
        .iter()
        .any(|found| found.id == "combination:repeat_prompt");
    if !first
        || again
        || says!(hit.before(), r"(?:不要|别|无需|不用|不必|{zno})[^,.;]{0,6}$")
        || !hit.quotes().is_empty()
    {
        return;
    }
    let rest = &hit.document.lexed.prompt[hit.source_end()..];
    let named = NAMED
        .captures(rest)
        .and_then(|found| found.get(1))
        .map(|text| text.as_str());
    let below = || rest.split_once("\n\n").map(|(_, text)| text);
    let Some(text) = named
        .or_else(below)
        .map(str::trim)
        .filter(|text| !text.is_empty())
    else {
        return;
    };
    let text = text.trim_matches(['"', '“', '”', '「', '」']);
    hit.emit(
        "combination:repeat_prompt",
        kwargs([("prompt_to_repeat", text.into())]),
    );
}

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
