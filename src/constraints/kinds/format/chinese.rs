//! How people state these constraints in Chinese.

use super::phrases;
use crate::{
    constraints::wording::phrase::{Phrase, kwargs},
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["只", "仅", "直接"],
        pattern: r"(?:只|仅|直接)(?:需要?|能|要|用|许|准|可以?|允许|得)*(?:回答?|回复|说|输出|答复?|选|填|给)(?:我)?(?:(是|对|能|会|可以|行|好)(?:或者?|/|还是|或)(否|不是|不对|错|不能|不会|不可以|不行|不好)|(\p{Han}{1,5}(?:/\p{Han}{1,5})+)|{zq})",
        rank: 60,
        read: |hit| {
            let quotes: Vec<String> = hit.quotes().iter().map(|quote| (*quote).to_owned()).collect();
            let words = [hit.group_source(1), hit.group_source(2), hit.group_source(3)];
            let options: Vec<String> = match quotes.is_empty() {
                true => words
                    .into_iter()
                    .flatten()
                    .flat_map(|word| word.split('/'))
                    .map(str::to_owned)
                    .collect(),
                false => quotes,
            };
            if options.len() > 1 {
                hit.emit("raif:one_of", kwargs([("options", options.into())]));
            }
        },
    },
    // 只回答其中一个词：正面、负面、中性
    Phrase {
        cues: &["只", "仅", "直接"],
        pattern: r"(?:只|仅|直接)(?:需要?|能|要|用|许|准|可以?|允许|得|从)*(?:回答?|回复|说|输出|答复?|选|填|给|写|下)[^,.;\n:\x02]{0,8}?\x01(?:个|项|种)(?:词语?|选项|答案|标签|类别|分类|结果)*(?:即可|就行|就好)?:",
        rank: 62,
        read: |hit| {
            if hit.amount(0).and_then(|quantity| quantity.exact()) != Some(1) {
                return;
            }
            let Some(rest) = hit.rest_of_sentence() else {
                return;
            };
            let options: Vec<&str> = rest
                .split(['。', '！', '；', '\n'])
                .next()
                .unwrap_or_default()
                .split(['、', '，', ',', '/', '或'])
                .map(|option| option.trim().trim_matches(['“', '”', '"', '「', '」']))
                .filter(|option| !option.is_empty())
                .collect();
            let are_short = options.iter().all(|option| option.chars().count() < 9);
            if options.len() > 1 && are_short {
                hit.emit("raif:one_of", kwargs([("options", options.into())]));
            }
        },
    },
    // “能”“不能”“看情况”三选一
    Phrase {
        cues: &["之一", "选一", "其一", "一个", "任选"],
        pattern: r"{zq}(?:这)?(?:\x01|[二两三四五六])?(?:个|者|种|项)?(?:选项|答案|词|回答|结果)*(?:里面?|当中|之中|中)?(?:的)?(?:之一|其一|选一个?|(?:任|挑|选)(?:选)?(?:\x01个|其一|一))|(?:[二两三四五]选一|任选其一|选择其一|选其一):?{zq}",
        rank: 60,
        read: |hit| {
            let options: Vec<String> = hit.quotes().iter().map(|quote| (*quote).to_owned()).collect();
            if options.len() > 1 {
                hit.claim_no_numbers()
                    .emit("raif:one_of", kwargs([("options", options.into())]));
            }
        },
    },
    Phrase {
        cues: &["要点", "项", "列表", "短横线", "条", "点", "*"],
        pattern: r"(?:整理成|写成|列成|列出|归纳成|总结成|分成)?{n}(?:条|个|点|项)(?:要点|项目符号|列表项|建议)?(?:,?每条前面用短横线)?",
        rank: 40,
        read: |hit| {
            if says!(hit.text(), r"要点|项目符号|列表项")
                || says!(
                    hit.sentence(),
                    r"短横线|项目符号|无序列表|每(?:条|个|点|项)[^,.;]{0,6}(?:用|以)(?:\*|•|-|{q})[^,.;]{0,4}(?:开头|打头|标)|(?:分点|分条|逐条|列点|要点)[^.;]*?(?:用|以)(?:\*|•|-|{q})|(?:行首|句首|前面|开头|打头|前头)(?:都|要|请|统一)*(?:用|加|标|带|放|打|是)(?:上|一个)?(?:\*|•|-|{q})"
                )
            {
                phrases::bullets(hit);
            }
        },
    },
    Phrase {
        cues: &["加粗", "高亮", "斜体", "标粗", "粗体", "突出", "加重", "标黑"],
        pattern: r"(?:加粗|高亮|标粗|突出显示|斜体|粗体|加重|标黑)[^.;\n]{0,14}?,[^,.;\n]{0,8}?{n}处|(?:用markdown)?(?:至少)?(?:加粗|高亮|标粗|突出显示|斜体|粗体)[^,.;\n]*?{n}(?:处|个|句|次)(?:[\p{Han}]{0,4})?|{n}(?:处|个)[^,.;\n]*?(?:加粗|高亮|标粗|粗体|斜体)",
        rank: 56,
        read: |hit| {
            if let Some(count) = hit.amount(0).and_then(|quantity| quantity.lo) {
                hit.emit(
                    "detectable_format:number_highlighted_sections",
                    kwargs([("num_highlights", count.into())]),
                );
            }
        },
    },
    Phrase {
        cues: &["标题", "题目", "双尖"],
        pattern: r"(?:标题|题目)[^.;\n]*?(?:双尖括号|双角括号|<<>>)(?:[^.;\n]*?<<>>)?",
        rank: 62,
        read: |hit| {
            hit.claim_no_numbers()
                .emit("detectable_format:title", Default::default())
        },
    },
    Phrase {
        cues: &["json", "用", "以", "输出", "返回"],
        pattern: r"(?:用|以|输出|返回|按|成|为|是|要|给|来|生成)[^,.;\n]{0,6}?json(?:格式|对象|数组)?|json格式",
        rank: 56,
        read: |hit| {
            // JSON教程, JSON和XML的区别: it is spoken of.
            if !says!(
                hit.after(),
                r"^(?:的?(?:教程|介绍|区别|历史|用法|优缺点|解析|语法)|是什么|和|与)"
            ) && !says!(hit.before(), r"{zno}$")
                && !says!(hit.text(), r"关于|讲|学")
            {
                hit.emit("detectable_format:json_format", Default::default());
            }
        },
    },
    Phrase {
        cues: &["表"],
        pattern: r"(?:用|以|做成|列成|画|整理成|制成|输出|给我|来|要)[^,.;\n]{0,10}?表格(?:[^.;\n]{0,8}?{n}列)?|{n}列的?(?:markdown)?表格|(?:列|做|画|整理|弄|排)(?:成|出)?(?:一|\x01)?(?:个|张|份)(?:对比|对照)?表(?:[,.;:!\n]|$)|表格(?:的)?(?:形式|方式|样式)?(?:来)?(?:呈现|展示|列出|输出|给出|整理|对比)(?:[^.;\n]{0,8}?{n}列)?",
        rank: 50,
        read: |hit| {
            let columns = hit
                .amount(hit.text().matches('\u{1}').count().saturating_sub(1))
                .and_then(|quantity| quantity.exact())
                .filter(|_| says!(hit.text(), r"{n}列"));
            hit.emit(
                "raif:table",
                columns.map_or_else(Default::default, |columns| kwargs([("columns", columns.into())])),
            );
        },
    },
    Phrase {
        cues: &["只", "仅", "从", "在"],
        pattern: r"(?:在|从){q}(?:(?:,|和|或者?|/)?{q})+(?:这?(?:\x01|[二两三四五六])?(?:个|者|种|项))?(?:选项|答案|词)?(?:里面?|中|之中|当中)?[^,.;\n]{0,6}(?:挑|选)",
        rank: 60,
        read: |hit| {
            let options: Vec<String> = hit.quotes().iter().map(|quote| (*quote).to_owned()).collect();
            hit.claim_no_numbers()
                .emit("raif:one_of", kwargs([("options", options.into())]));
        },
    },
    Phrase {
        cues: &["标题"],
        pattern: r"{n}个(?:markdown)(?:小|二级|一级|三级)?标题|(?:markdown|二级|一级|三级|小)+标题[^.;\n]{0,6}?{n}个|{n}个(?:小|二级|一级|三级)标题",
        rank: 52,
        read: |hit| {
            if let Some(quantity) = hit.amount(0).cloned() {
                hit.emit_counted("raif:heading_count", "num", &quantity);
            }
        },
    },
    Phrase {
        cues: &["编号", "有序", "序号"],
        pattern: r"(?:{n}(?:条|个|点|项|步)[^.;\n]*?)?(?:(?:编号|有序)列表|带编号的(?:列表|步骤)|(?:编号|编上号|[标排带加列]好?上?序号))(?:[^.;\n]{0,14}?{n}(?:条|个|点|项|步))?",
        rank: 50,
        read: |hit| {
            let none = says!(
                hit.before(),
                r"(?:不要|别|不用|不能|无需|不需要|不许|不得)(?:用|使用|加|带)?(?:数字|任何)?$"
            ) || says!(
                hit.text(),
                r"(?:不要|别|不用|不能|无需|不需要)[^,.;]{0,4}(?:编号|有序)"
            );
            let items = match none {
                true => Some(0),
                false => hit.amount(0).and_then(|quantity| quantity.exact()),
            };
            hit.emit("raif:numbered_list", kwargs([("num_items", items.into())]))
        },
    },
    // 每句话末尾都带个emoji
    Phrase {
        cues: &["emoji", "表情"],
        pattern: r"(?:每|各)(?:说完|写完|讲完|一|\x01|个)*句(?:子|话)?[^.;\n\x02]{0,14}?(?:emoji|表情)",
        rank: 66,
        read: |hit| {
            if says!(hit.text(), r"末|尾|后|结束|完|收") && !says!(hit.text(), r"{zno}") {
                hit.emit("format:emoji", Default::default());
            }
        },
    },
];
