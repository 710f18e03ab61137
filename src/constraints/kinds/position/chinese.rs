//! How people state these constraints in Chinese.

use super::phrases;
use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["最后", "结尾", "末尾", "结束", "文末", "收尾"],
        pattern: r"(?:最后|收尾|结尾|末尾|文末|结束)(?:{n})?(?:一?句话?)?(?:必须|要|应该|需|请|得|处|再)*(?:是|为|写|用|以|加上?|附上?|放上?|写上|说)[::]?{q}(?:结尾|结束|收尾)?",
        rank: 62,
        read: phrases::end_quoted,
    },
    Phrase {
        cues: &["以", "用"],
        pattern: r"(?:以|用){q}(?:来|作为|做|这句话)*(?:结尾|结束|收尾|作结|收束)",
        rank: 62,
        read: phrases::end_quoted,
    },
    Phrase {
        cues: &["以", "用"],
        pattern: r"(?:以|用){q}(?:来|作为|做|这句话)*(?:开头|开始|起头|打头|开篇)",
        rank: 61,
        read: start,
    },
    Phrase {
        cues: &["开头", "第一句"],
        pattern: r"(?:开头|第一句话?)(?:必须|要|应该|需|请)*(?:是|为|写|用)[::]?{q}",
        rank: 61,
        read: start,
    },
    Phrase {
        cues: &["第", "末段", "最后"],
        pattern: r"(?:第([一二三四五六七八九十]|\x01)段|最后\x01?一?段|末段)[^.,;\n\x02段]*?(?:以|用){q}(?:开头|开始|起头|打头)",
        rank: 72,
        read: paragraph_word,
    },
];

fn start(hit: &mut Hit) {
    // 每条用“*”开头 is of each item.
    let of_each = says!(hit.before(), r"(?:每|各)\p{Han}{0,4}$");
    if let Some(phrase) = hit.quote().filter(|_| !of_each) {
        hit.emit("raif:starts_with", kwargs([("phrase", phrase.into())]));
    }
}

fn paragraph_word(hit: &mut Hit) {
    let Some(word) = hit.quote() else { return };
    let nth = match hit.group(1).and_then(|group| group.chars().next()) {
        Some(numeral) => match "一二三四五六七八九十".chars().position(|c| c == numeral) {
            Some(at) => at as i64 + 1,
            None => hit
                .amount(0)
                .and_then(|quantity| quantity.lo)
                .map_or(1, |nth| nth as i64),
        },
        None => -1,
    };
    hit.emit(
        "length_constraints:nth_paragraph_first_word",
        kwargs([("nth_paragraph", nth.into()), ("first_word", word.into())]),
    );
}
