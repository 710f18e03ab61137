//! How people state these constraints in Chinese.

use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["字段", "键"],
        pattern: r"(?:包含|含有|包括|含|有)([a-z_][a-z0-9_]*(?:(?:和|、|,|及|与) ?[a-z_][a-z0-9_]*)*)(?:这)?(?:\x01个)?(?:字段|键)|(?:字段|键)名?(?:必须|要|应|需)?(?:是|为|包括|有|包含)?[: ]?([a-z_][a-z0-9_]*(?:(?:和|、|,|及|与) ?[a-z_][a-z0-9_]*)*)",
        rank: 53,
        read: |hit| {
            let names = hit.last_group_source().unwrap_or_default();
            let keys: Vec<&str> = names
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .filter(|key| !key.is_empty())
                .collect();
            if says!(hit.context(), r"json") && !keys.is_empty() {
                hit.claim_no_numbers()
                    .emit("raif:json_keys", kwargs([("keys", keys.into())]));
            }
        },
    },
    Phrase {
        cues: &["mark"],
        pattern: r"(?:不要|不用|别|不能|不得|禁止|不使用|无需|不带)(?:使用|用|带|加|任何)*markdown(?:格式|语法|标记)?",
        rank: 50,
        read: |hit| hit.emit("raif:no_markdown", Default::default()),
    },
    Phrase {
        cues: &["纯文本"],
        pattern: r"(?:用|以|只要|输出|返回)?纯文本(?:格式|输出|回答)?",
        rank: 50,
        read: |hit| {
            if !says!(hit.before(), r"(?:什么是|不)$") {
                hit.emit("raif:plain_text", Default::default());
            }
        },
    },
    Phrase {
        cues: &["代码"],
        pattern: r"(?:只(?:要|给|写|输出|返回|需要?)|仅(?:输出|返回|给出))[^,.;\n]{0,4}代码",
        rank: 52,
        read: |hit| hit.emit("raif:code_only", Default::default()),
    },
    Phrase {
        cues: &["代码块"],
        pattern: r"(?:放在|放到|用|写在|放进)[^,.;\n]{0,8}代码块",
        rank: 50,
        read: |hit| hit.emit("raif:code_block", kwargs([("lang", serde_json::Value::Null)])),
    },
    Phrase {
        cues: &["yaml", "xml", "csv", "html"],
        pattern: r"(?:用|以|输出|返回|按|成|为|给我)[^,.;\n]{0,6}?(yaml|xml|csv|html)(?:格式|代码|文件)?|格式[^,.;\n]{0,12}?(yaml|xml|csv|html)|(yaml|xml|csv|html)格式",
        rank: 50,
        read: |hit| {
            let id = match hit.last_group() {
                Some("yaml") => "raif:yaml_format",
                Some("xml") => "raif:xml_format",
                Some("csv") => "raif:csv_format",
                _ => "raif:html_format",
            };
            hit.emit(id, Default::default());
        },
    },
];
