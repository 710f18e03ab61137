//! How people state these constraints in Chinese.

use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

/// Names of languages that code blocks are marked with.
const LANGUAGES: &[&str] = &[
    "python",
    "java",
    "javascript",
    "js",
    "typescript",
    "ts",
    "c",
    "c++",
    "cpp",
    "c#",
    "go",
    "rust",
    "sql",
    "bash",
    "shell",
    "sh",
    "html",
    "css",
    "json",
    "yaml",
    "xml",
    "php",
    "ruby",
    "kotlin",
    "swift",
    "r",
    "matlab",
    "lua",
    "scala",
    "powershell",
];

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
        pattern: r"(?:{zno}|不)(?:{zuse}|任何|给我|套|来)*markdown(?:格式|语法|标记|排版|符号)?|markdown(?:格式|语法|标记|排版|符号)?(?:就)?(?:{znone}|免了|去掉|(?:都|也)?{zno})",
        rank: 50,
        read: |hit| {
            if !says!(hit.after(), r"^的?(?:表格|标题|列表|加粗|代码)") {
                hit.emit("raif:no_markdown", Default::default());
            }
        },
    },
    Phrase {
        cues: &["纯文本", "纯文字"],
        pattern: r"(?:用|以|只要|输出|返回)?纯文[本字](?:格式|输出|回答)?",
        rank: 50,
        read: |hit| {
            if !says!(hit.before(), r"(?:什么是|不)$") {
                hit.emit("raif:plain_text", Default::default());
            }
        },
    },
    Phrase {
        cues: &["代码"],
        pattern: r"(?:只|光|仅|单)(?:要|给|写|输出|返回|需要?|留|贴|发|回|出|来|能|给出|保留)+[^,.;\n]{0,4}代码|除了?代码[^,.;\n]{0,6}?(?:{zno}|什么都)",
        rank: 52,
        read: |hit| hit.emit("raif:code_only", Default::default()),
    },
    Phrase {
        cues: &["代码块", "反引号"],
        pattern: r"(?:放|写|装|包|贴|塞|搁|框)(?:在|到|进|入)[^,.;\n]{0,16}?代码块|用[^,.;\n]{0,12}?代码块|代码块(?:里|中|形式|格式)|反引号[^,.;\n]{0,6}?(?:包|括|围)",
        rank: 50,
        read: |hit| {
            let language = LANGUAGES.iter().find(|name| {
                hit.text()
                    .split(|c: char| !c.is_ascii_graphic())
                    .any(|word| word == **name)
            });
            if !says!(hit.before(), r"{zno}$") {
                hit.emit("raif:code_block", kwargs([("lang", language.copied().into())]));
            }
        },
    },
    Phrase {
        cues: &["yaml", "xml", "csv", "html"],
        pattern: r"(?:用|以|输出|返回|按|成|为|进|给我)[^,.;\n]{0,6}?(yaml|xml|csv|html)(?:格式|代码|文件)?|格式[^,.;\n]{0,12}?(yaml|xml|csv|html)|(yaml|xml|csv|html)格式",
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
