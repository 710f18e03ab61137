//! How people state these constraints in Chinese.

use super::phrases;
use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

const NUMERALS: &str = "一二三四五六七八九十";

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &[
            "最后", "结尾", "末尾", "结束", "文末", "收尾", "篇末", "末句", "尾句", "结语", "落款", "最末",
        ],
        pattern: r"(?:最后|收尾|结尾语?|末尾|文末|篇末|结束语?|末句|尾句|结语|落款|最末)(?:的|那|处|一|这|{n})*(?:句话?|行)?(?:{zmust}|处)*(?:是|为|写成|写上?|用|以|加上?|附上?|放上?|说|落在|补上?|来)(?:一|{n})?(?:句话?)?:?{q}(?:结尾|结束|收尾)?",
        rank: 62,
        read: phrases::end_quoted,
    },
    Phrase {
        cues: &["以", "用", "拿", "收", "作结", "煞尾", "压轴"],
        pattern: r"(?:以|用|拿){q}{zword}(?:来|作为|当作?|作|做)*(?:结尾|结束|收尾|作结|收束|煞尾|收官|落款|压轴|收口|收场|完结)|{q}{zword}(?:来)?(?:收尾|作结|收束|煞尾|收官|压轴|收场)",
        rank: 62,
        read: phrases::end_quoted,
    },
    Phrase {
        cues: &["以", "用", "拿", "由", "从"],
        pattern: r"(?:以|用|拿|由|从){q}{zword}(?:来|作为|当作?|作|做)*(?:开头|开始|起头|打头|开篇|起首|开场|领起|起笔|起句)",
        rank: 61,
        read: start,
    },
    Phrase {
        cues: &["开头", "第一", "首", "开篇", "起首", "开场", "头一个"],
        pattern: r"(?:开头|第一句话?|首句|开篇|起首|开场白?)(?:的?第一句话?|那句话?|\x01句话?)?(?:{zmust}|先)*(?:是|为|写成|写上?|用|说|来)(?:\x01句)?:?{q}|(?:开头|开篇)?(?:第一句话?|首句)(?:{zmust})*:?{q}|(?:第一|头一|首)个(?:词语?|字)(?:{zmust})*(?:是|为|用|写){q}",
        rank: 61,
        read: start,
    },
    Phrase {
        cues: &["第", "末段", "最后", "尾段", "首段", "开头"],
        pattern: r"(?:第([一二三四五六七八九十]|\x01)个?(?:自然)?段|最后\x01?一?个?(?:自然)?段|[末尾]段|(首段|开头[那一]?段))[^.,;\n\x02段]*?(?:(?:以|用|由|拿){q}{zword}(?:来|作为)*(?:开头|开始|起头|打头|起首|领起)|(?:开头|打头|起头|起首|首|第一|头一)(?:的|那|第一)*(?:个)?(?:词语?|字)?(?:{zmust})*(?:是|为|用|写){q})",
        rank: 72,
        read: paragraph_word,
    },
    Phrase {
        cues: &["第"],
        pattern: r"第([一二三四五六七八九十]|\x01)句(?:话)?(?:里面?|中|当中|{zmust})*(?:出现|包含|有|用到?|用上|提到|提及|写到|带上?|含有?|嵌入|放进?)[^,.;\n\x02]{0,4}?{q}",
        rank: 68,
        read: sentence_word,
    },
];

/// 第三句里要有“台风”
fn sentence_word(hit: &mut Hit) {
    let nth = match hit.group(1).and_then(|group| group.chars().next()) {
        Some('\u{1}') => hit.amount(0).and_then(|quantity| quantity.lo),
        Some(numeral) => NUMERALS
            .chars()
            .position(|c| c == numeral)
            .map(|at| at as u64 + 1),
        None => None,
    };
    if let (Some(nth), Some(word)) = (nth, hit.quote()) {
        hit.emit(
            "sentence:keyword",
            kwargs([("word", word.into()), ("N", nth.into())]),
        );
    }
}

fn start(hit: &mut Hit) {
    // 每条用“*”开头 is of each item.
    let of_each = says!(hit.before(), r"(?:每|各)\p{Han}{0,4}$");
    // So is a mark of lists.
    let is_bullet = |phrase: &str| phrase.chars().all(|c| "-*•·+—".contains(c));
    if let Some(phrase) = hit.quote().filter(|phrase| !of_each && !is_bullet(phrase)) {
        hit.emit("raif:starts_with", kwargs([("phrase", phrase.into())]));
    }
}

fn paragraph_word(hit: &mut Hit) {
    let Some(word) = hit.quote() else { return };
    let nth = match hit.group(1).and_then(|group| group.chars().next()) {
        Some(numeral) => match NUMERALS.chars().position(|c| c == numeral) {
            Some(at) => at as i64 + 1,
            None => hit
                .amount(0)
                .and_then(|quantity| quantity.lo)
                .map_or(1, |nth| nth as i64),
        },
        None if hit.group(2).is_some() => 1,
        None => -1,
    };
    hit.emit(
        "length_constraints:nth_paragraph_first_word",
        kwargs([("nth_paragraph", nth.into()), ("first_word", word.into())]),
    );
}
