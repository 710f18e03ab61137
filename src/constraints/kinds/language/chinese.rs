//! How people state these constraints in Chinese.

use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

const NAMES: &[(&str, &str)] = &[
    ("英文", "en"),
    ("英语", "en"),
    ("中文", "zh-cn"),
    ("汉语", "zh-cn"),
    ("繁体中文", "zh-tw"),
    ("法语", "fr"),
    ("法文", "fr"),
    ("德语", "de"),
    ("德文", "de"),
    ("日语", "ja"),
    ("日文", "ja"),
    ("韩语", "ko"),
    ("韩文", "ko"),
    ("西班牙语", "es"),
    ("俄语", "ru"),
    ("俄文", "ru"),
    ("意大利语", "it"),
    ("葡萄牙语", "pt"),
    ("阿拉伯语", "ar"),
    ("越南语", "vi"),
    ("泰语", "th"),
];

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["中英", "双语"],
        pattern: r"中英(?:文)?(?:双语|对照)|双语[^,.;\n]{0,4}中(?:文)?[^,.;\n]{0,2}英",
        rank: 60,
        read: |hit| {
            let languages = vec!["zh-cn", "en"];
            hit.emit("raif:language_mix", kwargs([("languages", languages.into())]));
        },
    },
    Phrase {
        cues: &["用", "写", "以", "全文", "全程", "请用", "只用"],
        pattern: r"(?:只?用|全文|全程|以|写(?:[一两]?[封篇首段份条个则]|首|段|\x01封|\x01篇|\x01首|\x01段|个)?|来封)(?:纯)?(英文|英语|中文|汉语|繁体中文|法语|法文|德语|德文|日语|日文|韩语|韩文|西班牙语|俄语|俄文|意大利语|葡萄牙语|阿拉伯语|越南语|泰语)(?:来|作|回|写|给|说|解|介|描|讲|\p{Han}{0,4}(?:邮件|信|文章|短文|通知|诗|简介))?",
        rank: 50,
        read: |hit| {
            let code = hit
                .group(1)
                .and_then(|name| NAMES.iter().find(|(known, _)| *known == name))
                .map(|(_, code)| *code);
            if let Some(code) = code
                && !says!(hit.after(), r"^(?:双引号|引号|标点|逗号|单词|怎么)")
                && !says!(hit.before(), r"(?:翻译成?|不)$")
            {
                hit.emit("language:response_language", kwargs([("language", code.into())]));
            }
        },
    },
];
