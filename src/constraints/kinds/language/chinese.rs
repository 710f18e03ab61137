//! How people state these constraints in Chinese.

use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

const NAMES: &[(&str, &str)] = &[
    ("繁体中文", "zh-tw"),
    ("繁體中文", "zh-tw"),
    ("繁体字", "zh-tw"),
    ("繁體字", "zh-tw"),
    ("简体中文", "zh-cn"),
    ("西班牙语", "es"),
    ("西班牙文", "es"),
    ("意大利语", "it"),
    ("意大利文", "it"),
    ("葡萄牙语", "pt"),
    ("葡萄牙文", "pt"),
    ("阿拉伯语", "ar"),
    ("阿拉伯文", "ar"),
    ("土耳其语", "tr"),
    ("乌克兰语", "uk"),
    ("匈牙利语", "hu"),
    ("罗马尼亚语", "ro"),
    ("保加利亚语", "bg"),
    ("希伯来语", "he"),
    ("孟加拉语", "bn"),
    ("印度尼西亚语", "id"),
    ("斯瓦希里语", "sw"),
    ("泰米尔语", "ta"),
    ("乌尔都语", "ur"),
    ("英文", "en"),
    ("英语", "en"),
    ("中文", "zh-cn"),
    ("汉语", "zh-cn"),
    ("普通话", "zh-cn"),
    ("法语", "fr"),
    ("法文", "fr"),
    ("德语", "de"),
    ("德文", "de"),
    ("日语", "ja"),
    ("日文", "ja"),
    ("韩语", "ko"),
    ("韩文", "ko"),
    ("俄语", "ru"),
    ("俄文", "ru"),
    ("越南语", "vi"),
    ("越南文", "vi"),
    ("泰语", "th"),
    ("泰文", "th"),
    ("印尼语", "id"),
    ("印地语", "hi"),
    ("希腊语", "el"),
    ("荷兰语", "nl"),
    ("瑞典语", "sv"),
    ("挪威语", "no"),
    ("丹麦语", "da"),
    ("芬兰语", "fi"),
    ("波兰语", "pl"),
    ("捷克语", "cs"),
    ("波斯语", "fa"),
    ("西语", "es"),
    ("葡语", "pt"),
];

/// Languages by the letter that they go by in pairs (中英对照).
const SHORT: &[(&str, &str)] = &[
    ("中", "zh-cn"),
    ("英", "en"),
    ("法", "fr"),
    ("德", "de"),
    ("日", "ja"),
    ("韩", "ko"),
    ("俄", "ru"),
    ("西", "es"),
    ("泰", "th"),
    ("葡", "pt"),
];

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["双语", "对照", "中", "英"],
        pattern: r"([中英法德日韩俄西泰葡])([中英法德日韩俄西泰葡])(?:文)?(?:双语|对照|两版|两个版本|各(?:写)?一)|先([中英法德日韩俄西泰葡])[文语]?[再后]([中英法德日韩俄西泰葡])|用([中英法德日韩俄西泰葡])([中英法德日韩俄西泰葡])(?:文)?(?:两|\x01)种|双语[^.;\n]{0,4}([中英法德日韩俄西泰葡])(?:文)?[^.;\n]{0,2}([中英法德日韩俄西泰葡])|(?:先|上面|前半)[^,.;\n]{0,4}?([中英法德日韩俄西泰葡])[文语](?:[^,.;\n]{0,4},)?[^,.;\n]{0,2}?(?:再|后|然后|下面|后半)[^,.;\n]{0,6}?([中英法德日韩俄西泰葡])[文语]",
        rank: 60,
        read: |hit| {
            let languages: Vec<&str> = (1..hit.groups())
                .filter_map(|nth| SHORT.iter().find(|(name, _)| hit.group(nth) == Some(name)))
                .map(|(_, code)| *code)
                .collect();
            hit.emit("raif:language_mix", kwargs([("languages", languages.into())]));
        },
    },
    // 用中文和英文双语写, 中文一遍英文一遍, 中文和日文各写一遍
    Phrase {
        cues: &["用", "双语", "各", "对照", "遍", "版"],
        pattern: r"(?:用|以|请写|分别用|同时用){zlang}(?:和|与|及|以及|跟|加上?|,|/|\+)(?:用)?{zlang}|{zlang}(?:和|与|及|以及|跟|加|,|/)?{zlang}(?:双语|对照|两种|两版|两个版本|各(?:写|来|一|说|出|给)?)|{zlang}(?:写)?(?:一|\x01)(?:遍|版|份)[,和]?{zlang}(?:再)?(?:写)?(?:一|\x01)(?:遍|版|份)",
        rank: 61,
        read: |hit| {
            let languages: Vec<&str> = (1..hit.groups())
                .filter_map(|nth| NAMES.iter().find(|(name, _)| hit.group(nth) == Some(name)))
                .map(|(_, code)| *code)
                .collect();
            // 我会中文和英文双语 tells what somebody can do.
            if languages.len() == 2
                && languages[0] != languages[1]
                && !says!(hit.before(), r"(?:会|懂|说|讲|是|精通|学|教|不|没|{zno})$")
            {
                hit.emit("raif:language_mix", kwargs([("languages", languages.into())]));
            }
        },
    },
    Phrase {
        cues: &["用", "写", "以", "全文", "全程", "请用", "只用"],
        pattern: r"(?:^|[,.;:!?\n ]){zlang}(?:回答|作答|回复|答复|输出|书写|撰写)|(?:只?用|全文|全程|通篇|以|说|写(?:[一两]?[封篇首段份条个则]|首|段|\x01封|\x01篇|\x01首|\x01段|个)?|来封)(?:纯)?{zlang}(?:来|作|回|写|给|说|解|介|描|讲|\p{Han}{0,4}(?:邮件|信|文章|短文|通知|诗|简介))?",
        rank: 50,
        read: |hit| {
            let code = hit
                .last_group()
                .and_then(|name| NAMES.iter().find(|(known, _)| *known == name))
                .map(|(_, code)| *code);
            if let Some(code) = code
                && !says!(hit.after(), r"^(?:双引号|引号|标点|逗号|单词|怎么)")
                && !says!(hit.before(), r"(?:翻译成?|不|没|{zno})$")
            {
                hit.emit("language:response_language", kwargs([("language", code.into())]));
            }
        },
    },
];
