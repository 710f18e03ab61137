//! How people state these constraints in Chinese.

use super::{assemble::BLANK, phrases, separators};
use crate::{
    constraints::wording::phrase::{Hit, Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["字"],
        pattern: r"{n}个?(?:汉)?字(?:符)?(?:\x03)?|字数[^,.;\n]{0,6}?{n}(?:字)?",
        rank: 50,
        read: han,
    },
    Phrase {
        cues: &["词"],
        pattern: r"{n}个?(?:英文|英语)?(?:单词|词)|(?:单词|词)(?:的)?(?:数量|总数|数|量)[^,.;\n]{0,6}?{n}",
        rank: 50,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned()
                && !says!(hit.before(), r"(?:这|那)$|{q}$|[a-z]$")
            {
                phrases::emit_words(hit, &quantity);
            }
        },
    },
    Phrase {
        cues: &["句"],
        pattern: r"{n}(?:个)?句(?:子|话)?",
        rank: 50,
        read: |hit| {
            let listed = says!(hit.before(), r"每(?:个|一)?(?:条|点|项|要点|步)[^,.;]{0,6}$");
            // 每本用一句话: as many as there are books.
            let apiece = says!(hit.before(), r"每[^段节部,.;]{1,6}$");
            let most = hit.amount(0).and_then(|quantity| quantity.hi);
            match most {
                Some(max) if listed => hit.emit("raif:sentence_per_item", kwargs([("max", max.into())])),
                // 一句口号: a piece, not a count of sentences.
                Some(1)
                    if says!(
                        hit.after(),
                        r"^(?:广告|口号|祝福|标语|台词|名言|诗|歌词|座右铭|情话|文案|金句|谚语|俗语|格言)"
                    ) => {}
                // 三句里选一句, 这三句中的一句: of sentences that are there already.
                _ if says!(
                    hit.before(),
                    r"(?:[中里]的?|当中的?|之中的?)(?:选|挑|任选|选出|挑出|取)?$"
                ) || says!(
                    hit.after(),
                    r"^(?:之一|(?:之?中的?|里面?的?|当中|其中|内)(?:选|挑|任|的|一|\x01|$))"
                ) => {}
                _ if apiece || says!(hit.before(), r"(?:第|最后|这|那|每|前|后|开头|结尾|选)$") =>
                    {}
                _ => phrases::sentences(hit),
            }
        },
    },
    Phrase {
        cues: &["段"],
        pattern: r"{n}(?:个)?(?:自然)?段(?:落|话|文字)?",
        rank: 50,
        read: |hit| {
            // 一段示范: a piece, not a count of paragraphs.
            let piece = hit
                .amount(0)
                .is_some_and(|quantity| quantity.exact() == Some(1) && !quantity.related)
                && !says!(hit.text(), r"落|段话")
                && !says!(hit.before(), r"(?:限|只有|就|共|分|分成|写成|限制为)$");
            let between = says!(hit.before(), r"(?:相邻|前后|上下)(?:的)?$")
                || says!(hit.after(), r"^(?:之间|中间|间)");
            if !piece && !between && !says!(hit.before(), r"(?:第|最后|这|那|每|下面|以下|上面|以上)$")
            {
                phrases::paragraphs(hit);
            }
        },
    },
    Phrase {
        cues: &["行"],
        pattern: r"{n}行",
        rank: 48,
        read: |hit| {
            if !says!(
                hit.before(),
                r"(?:空|第|最后|每|隔|另起|新起|换|单独|独占|另|同)$"
            ) && !says!(hit.after(), r"^ ?\*")
            {
                phrases::lines(hit);
            }
        },
    },
    Phrase {
        cues: &["*", "星号", "分隔"],
        pattern: r"\*{3,8}[^*,.;\n]*(?:分隔|隔开|分开|分割|间隔|断开|划开)|(?:之间|中间|段间|相邻|之?间|分隔符?|隔)[^.;\n*]{0,12}?\*{3,8}|{n}个星号[^,.;\n]*(?:分隔|隔开|分开|分割)",
        rank: 65,
        read: separators::stars,
    },
    Phrase {
        cues: &["空"],
        pattern: r"(?:段落?之?间|之间|中间)?[空隔]{n}行(?:隔开|分隔|分开)?|空行(?:来)?(?:隔开|分隔|分开|断开)|(?:之间|中间|段间)[^,.;\n]{0,6}?空行",
        rank: 52,
        read: |hit| hit.emit(BLANK, Default::default()),
    },
];

/// 字: each Han character counts one.
fn han(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0).cloned() else {
        return;
    };
    if says!(hit.after(), r"^(?:段|母|体|典|幕|面|眼|节)")
        || says!(hit.after(), r"^(?:不改|一句|不差|不漏|不落|之差|排开)")
        || says!(hit.before(), r"{q}这?$")
        || says!(hit.before(), r"(?:第|这|那|每)$")
    {
        return;
    }
    if quantity.approximate {
        return phrases::emit_words(hit, &quantity);
    }
    // 压到三百字: what a text is cut down to is the most it may have.
    let cut = !quantity.related
        && says!(
            hit.before(),
            r"(?:压缩?|缩短?|缩减|精简|浓缩|删减?|砍)(?:到|成|至|为|在)$"
        );
    let mut arguments = kwargs([]);
    if let Some(lo) = quantity.lo.filter(|_| !cut) {
        arguments.insert("min_chars".into(), lo.into());
    }
    if let Some(hi) = quantity.hi {
        arguments.insert("max_chars".into(), hi.into());
    }
    // A number that is only named is not meant to the character.
    if !quantity.related && !cut && quantity.exact().is_some_and(|count| count >= 10) {
        arguments.insert("tolerance_pct".into(), 10.into());
    }
    hit.emit("raif:char_limit", arguments);
}
