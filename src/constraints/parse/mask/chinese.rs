//! What asks nothing, in Chinese.

use std::ops::Range;

use crate::{
    constraints::wording::{
        lex::{Lexed, TokenKind},
        pattern::Pattern,
    },
    says,
};

/// A clause that asks for a text, or for something to be done.
const REQUEST: &str = r"请[^问教]|帮(?:我|忙|他|她|孩子|老|咱|一下)|(?:给|替|为)(?:我|咱)|麻烦|(?:能不能|能否|可以|可不可以|能)(?:帮|给|替|用|写|把|请|再|简单|详细)|写(?:一|个|篇|封|份|首|段|条|则|点|出|张|副)|(?:能不能|能否|可以|可不可以|能)[^?]{0,4}?(?:用|以)|(?:说|讲|解释)(?:清楚|明白|清|一下|说)|用(?:不到|不超过|少于|大约|至少|最多)?[一两二三四五六七八九十\d]+(?:句|字|段|行|个|百|点|条)|列(?:出|成|个|举|张|一)|(?:^|[,;:])(?:那就|再|就|先|顺便|另外)?(?:讲讲|说说|讲一讲|说一说|介绍|解释|谈谈|聊聊|总结|概括|翻译|推荐|描述|讲个|讲一|编|拟|起草|安排|设计|整理|来[一个篇段首条]|回答|回复|答案|输出)|(?:拟|起草|编|创作|生成|改写|润色|翻译|缩写|扩写)(?:一|个|篇|封|份|首|段|条|则|成|这|下)";

/// What makes a clause a question.
const INTERROGATIVE: &str = r"怎么|如何|怎样|为什么|为何|为啥|什么|啥|哪|吗|呢\?|几[个句字天次行种段篇]|多少|多久|多长|多大|多高|多快|是不是|有没有|能不能|会不会|要不要|该不该|算不算|好不好|对不对|行不行|可不可以|合不合|区别|谁|何时|何处|是否|难道";

/// A clause that says how to answer.
const DIRECTIVE: &str = r"^(?:请|用|以|按|分成?|不要|别|不许|不得|不准|只|限|控制|不超过|不多于|最多|至少|至多|少于|全文|全程|全部|回答|答案|字数|篇幅|总共|一共|结尾|开头|文中|整|\d+个?字|[一二三四五六七八九十百两]+(?:句|字|段|条|点))";

/// What others wrote or said.
const OTHERS: &str = r"^(?:我们?|咱们?|他们?|她们?|你们)?(?:的|家)?\p{Han}{0,6}?(?:老师|学校|公司|领导|老板|甲方|客户|导师|编辑|出版社|杂志社?|报社|比赛|大赛|考试|平台|网站|群里|群主|社团|学院|单位|部门|主任|教练|妈妈?|爸爸?|合同|小红书|微博|公众号|征文|系统|论坛|学会|期刊|房东|物业|考官|评委|主编|老婆|老公|婆婆|作业|题目|作文|简历|申请表|投稿须知|通知|校规|班规|群规)[^。!?]{0,10}?(?:要求|规定|布置|限定|限制|只收|只接受|不许|不准|不让|禁止|必须|强调|写着|说)";

static REQUESTS: Pattern = Pattern::new(REQUEST);
static QUESTIONS: Pattern = Pattern::new(INTERROGATIVE);
static DIRECTIVES: Pattern = Pattern::new(DIRECTIVE);
static OTHERS_SAY: Pattern = Pattern::new(OTHERS);

/// What is known of a prompt before its sentences are read one by one.
pub(super) struct Prompt {
    /// It asks, and no text is to be written.
    only_asks: bool,
    /// Rules for others are to be written.
    sets_rules: bool,
}

impl Prompt {
    /// `None` where nothing is Chinese.
    pub(super) fn read(lexed: &Lexed, sentences: &[Range<usize>]) -> Option<Self> {
        if lexed.prompt.is_ascii()
            || !lexed
                .tokens
                .iter()
                .any(|token| matches!(token.kind, TokenKind::Han(_)))
        {
            return None;
        }
        let texts: Vec<String> = sentences
            .iter()
            .map(|sentence| say(lexed, sentence.clone()))
            .collect();
        let asks = texts.iter().any(|text| says!(text, r"\?\s*$"));
        Some(Self {
            only_asks: asks && !texts.iter().any(|text| REQUESTS.is_in(text)),
            sets_rules: texts.iter().any(|text| {
                says!(
                    text,
                    r"(?:写|拟|起草|制定|定|编|列|做|出|设计|想|来)[^。!?\n]{0,14}(?:规定|规则|守则|公约|须知|制度|提示词|系统提示|章程|办法|条例|班规|家规|群规|评分标准|启事|任务书|指南|手册)"
                )
            }),
        })
    }

    /// What asks nothing in a sentence: a question about a rule, a rule of others, a text to translate.
    pub(super) fn part(&self, lexed: &Lexed, sentence: &Range<usize>) -> Option<Range<usize>> {
        lexed.tokens[sentence.clone()]
            .iter()
            .find(|token| matches!(token.kind, TokenKind::Han(_)))?;
        let text = &say(lexed, sentence.clone());
        let clauses = clauses(lexed, sentence);
        of_question(lexed, sentence, text, &clauses)
            .or_else(|| self.of_others(lexed, sentence, text, &clauses))
            .or_else(|| of_rules(lexed, sentence, text))
    }

    fn of_others(
        &self,
        lexed: &Lexed,
        sentence: &Range<usize>,
        text: &str,
        clauses: &[Range<usize>],
    ) -> Option<Range<usize>> {
        let directs = clauses
            .iter()
            .any(|clause| DIRECTIVES.is_in(&say(lexed, clause.clone())));
        // 我的论文要八千字。怎么才能写完？
        let states = says!(
            text,
            r"^(?:我|他|她|它|咱|这|那|有人|有的|听说|据说|网上|朋友|同事|同学|孩子|老师|学校|公司|领导|老板|客户|甲方|昨天|今天|前几天|最近|上次|之前|以前|古人|很多|大多|一般|传统)"
        ) && !says!(text, r"这边|屏幕|手机|界面|短信|输入框|显示|朗读|读屏|你");
        if self.only_asks && (OTHERS_SAY.is_in(text) || states && !directs) {
            return Some(sentence.clone());
        }
        // 班规……每人每周最多迟到一次: the rules that are asked for.
        let theirs = says!(
            text,
            r"^(?:\d+[.)]|[•\s])*(?:每(?:人|位|个人|名|组|队|家|户|帖)|学生|同学们?|参赛者|参赛作品|投稿者?|来稿|稿件|会员|大家|员工|住户|用户|玩家|机器人|读者|组员|队员|选手|客服|店员|群成员|成员|帖子|应聘者|报名者|居民|孩子们?|小朋友)[^。]{0,10}(?:须|应|必须|不得|不许|不准|不能|最多|最少|至少|只能|要|不超过|限)"
        );
        if self.sets_rules && theirs {
            return Some(sentence.clone());
        }
        // 写个故事：国王下令，全城的人说话都不许带“不”字: what binds people in a text.
        let told = says!(
            text,
            r"故事|小说|剧本|童话|场景|对话|寓言|笑话|小品|段子|桥段|情节|相声|日记|片段"
        );
        let bound = |clause: &Range<usize>| {
            says!(
                &say(lexed, clause.clone()),
                r"下令|命令|规定|发誓|立誓|宣布|约定|打赌|赌气|只会说|只能说|只肯说|只准说|从不说|从来不说|被罚|诅咒|被要求|立下规矩|(?:国王|皇帝|女王|老师|老板|妈妈?|爸爸?|村长|巫婆|女巫|师父|校长|教官)(?:都)?(?:不许|不准|禁止|要求)"
            )
        };
        if told && let Some(first) = clauses.iter().position(bound) {
            let end = clauses[first + 1..]
                .iter()
                .find(|clause| {
                    says!(
                        &say(lexed, (*clause).clone()),
                        r"^(?:全文|字数|篇幅|总共|一共|控制|请|要求|结尾|开头|文中|整篇|\d)"
                    )
                })
                .map_or(sentence.end, |clause| clause.start);
            return Some(clauses[first].start..end);
        }
        None
    }
}

/// A question, but for what it says of how to answer it.
fn of_question(
    lexed: &Lexed,
    sentence: &Range<usize>,
    text: &str,
    clauses: &[Range<usize>],
) -> Option<Range<usize>> {
    if !says!(text, r"\?\s*$") {
        return None;
    }
    let asks = says!(text, r"请|用|写|帮|答|讲|介绍|总结|列|给|控制");
    let how = says!(
        text,
        r"^(?:请问|我想知道|想问一下|你知道)?(?:如何|怎么|怎样|为什么|为啥|什么|哪|是不是|\p{Han}{1,6}(?:是什么|为什么|怎么))"
    );
    // 我的论文要求不少于八千字，怎么才能写完？
    let worried = says!(
        text,
        r"扣多少|会扣|行不行|会怎么样|来得及|怎么办|怎么才能|该怎么|我该|是不是|会不会|好不好|正常吗|够吗|合适吗|算不算|多不多|难吗|可以吗|哪里有问题|有没有问题|有什么问题|什么问题|^(?:他|她|他们|她们|孩子|我儿子|我女儿|我朋友|同学|老师|我们|学校|公司|单位|我写|我的)[^?]*(?:为什么|怎么回事|什么意思|对吗|正常吗|吗)\?"
    );
    // 作文里能不能用感叹号？ but 能不能用三句话介绍成都？ is asked for.
    let may = says!(text, r"能不能|可不可以|是否|要不要|该不该|能否")
        && !says!(
            text,
            r"介绍|写|解释|回答|总结|说明|讲|告诉|列出|翻译|改|推荐|描述|概括|生成|说清|说一说|说说|聊聊|谈谈|给我|帮"
        );
    let requested = says!(text, r"请(?:用|写|帮|以|给)|帮我|帮忙|给我");
    let wonders = !asks && says!(text, r"怎么|如何|为什么|什么|哪|吗|几|多少|是不是|区别");
    if (how || worried || may) && !requested {
        return Some(sentence.clone());
    }
    if !wonders && REQUESTS.is_in(text) {
        return None;
    }
    // 一篇800字的稿子，每分钟念180字，要念多久？ but 五十字以内，怎么煮溏心蛋？ says how to answer.
    let said: Vec<String> = clauses.iter().map(|clause| say(lexed, clause.clone())).collect();
    let last = said.iter().rposition(|clause| QUESTIONS.is_in(clause))?;
    // 解释至多两句：怎么查重？ What stands before a colon says how to answer what stands behind it.
    let behind = said[..last]
        .iter()
        .rposition(|clause| clause.ends_with(':'))
        .filter(|&colon| !said[..=colon].iter().any(|clause| QUESTIONS.is_in(clause)))
        .map_or(0, |colon| colon + 1);
    let first = said[behind..=last]
        .iter()
        .position(|clause| !DIRECTIVES.is_in(clause) || QUESTIONS.is_in(clause))?;
    Some(clauses[behind + first].start..clauses[last].end)
}

/// Rules that are to be written, and texts to translate: what stands behind a colon.
fn of_rules(lexed: &Lexed, sentence: &Range<usize>, text: &str) -> Option<Range<usize>> {
    // 写一份发帖规定：每帖不得超过140字: the rules that are asked for, not rules for the answer.
    if says!(
        text,
        r"(?:写|拟|起草|制定|定|编|列|设计|想)[^。:]{0,14}(?:规定|规则|守则|公约|须知|制度|提示词|系统提示|指令|章程|条例|班规|家规|群规|任务书):"
    ) {
        return behind_colon(lexed, sentence);
    }
    // 给孩子出一道题：用“因为……所以……”造两个句子
    if says!(
        text,
        r"(?:出|设计|编|布置|拟)[^。:]{0,10}(?:题目?|作业|练习|考题|试题|思考题):"
    ) {
        return behind_colon(lexed, sentence);
    }
    // 设计一个游戏：每人用三个词形容一种动物
    if says!(
        text,
        r"(?:设计|想|编|做|来|出|策划)[^。:]{0,14}(?:游戏|活动|比赛|练习|作业|任务|挑战|题目?|考题|竞赛)[^。:]{0,6}:[^。]{0,12}?(?:每人|每位|每个人|学生|孩子|大家|玩家|选手|参赛者|同学|每组|每队|小朋友)"
    ) {
        return behind_colon(lexed, sentence);
    }
    // 征稿启事：来稿须在两千字以内: rules for those who answer the notice that is asked for.
    if says!(
        text,
        r"(?:启事|通知|公告|海报|规则|章程|招聘|广告|问卷)[^。]*(?:来稿|投稿|稿件|参赛|作品|征文|报名|应聘|选手)[^。]{0,6}(?:须|应|必须|要|需|不得|不能)"
    ) {
        let theirs = ['来', '投', '稿', '参', '作', '征', '报', '应', '选'];
        return sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'))
            .or_else(|| {
                sentence.clone().skip(1).find(|&at| {
                    matches!(lexed.tokens[at].kind, TokenKind::Mark(','))
                        && matches!(lexed.kind(at + 1), Some(TokenKind::Han(c)) if theirs.contains(c))
                })
            })
            .map(|at| at..sentence.end);
    }
    None
}

fn behind_colon(lexed: &Lexed, sentence: &Range<usize>) -> Option<Range<usize>> {
    let colon = sentence
        .clone()
        .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'))?;
    Some(colon + 1..sentence.end)
}

/// Marks texts to work on: what stands behind `把下面这段话翻译成英文：`, on its line and in the lines after it.
pub(super) fn pasted(
    lexed: &Lexed,
    blocks: &[Range<usize>],
    sentences: &[Range<usize>],
    masked: &mut [bool],
) {
    let instructs = |text: &str| {
        says!(
            text,
            r"^(?:\d+[.)]|[•\s])*(?:请|要求|麻烦|帮我|帮忙|字数|篇幅|注意|另外|回答|输出|全文|不要|不得|别|控制|总结|概括|翻译|改写|润色|最后|以上|上面|上文|根据(?:上|以上)|用[一两二三四五六七八九十\d]|把(?:上|以上|这|它)|写)"
        )
    };
    let mut open = false;
    for block in blocks {
        let mut in_text = open;
        for (nth, sentence) in sentences[block.clone()].iter().enumerate() {
            let text = say(lexed, sentence.clone());
            if in_text && (nth > 0 || !instructs(&text)) {
                masked[sentence.clone()].fill(true);
                continue;
            }
            (in_text, open) = (false, false);
            let Some((before, after)) = text.split_once(':') else {
                continue;
            };
            let works = says!(
                before,
                r"压缩|总结|概括|翻译|译成|润色|改写|改得|改成|缩写|归纳|精简|提炼|校对|修改|缩短|扩写|续写|提取|点评|分析|检查|看看|解释|简化|整理|概述|梳理|浓缩|回复|转成|讲了|说了|什么意思|错别字|读一读|读完"
            ) && says!(
                before,
                r"下面|以下|下列|如下|这段|这篇|这封|这份|这则|这条|这些|这几|这个|这句|这首|原文|^(?:请|帮我)?(?:翻译|润色|改写|总结|概括|缩写|校对|精简|解释)(?:一下|成\p{Han}{2})?$"
            ) && !says!(
                before,
                r"(?:要求|注意|条件|规则|格式|关键词|标准|步骤|提示|限制)(?:如下)?$"
            );
            if works && !instructs(after.trim_start()) {
                (in_text, open) = (true, true);
                if let Some(rest) =
                    behind_colon(lexed, sentence).filter(|_| !after.trim_start().starts_with('"'))
                {
                    masked[rest].fill(true);
                }
            }
        }
    }
}

/// Masks what is counted a unit of time: 每分钟180字.
pub(super) fn rates(lexed: &Lexed, masked: &mut [bool]) {
    static RATE: Pattern = Pattern::new(
        r"每(?:分钟|小时|秒钟?|个小时)[^，。；,;\n]{0,6}?[\d一二三四五六七八九十百千两]+(?:个|多)?(?:字|词|单词)|[\d百千一二三四五六七八九十两]+个?(?:字|词)(?:每|/|一)(?:分钟|小时|秒)",
    );
    if lexed.prompt.is_ascii() {
        return;
    }
    for rate in RATE.find_iter(lexed.prompt) {
        let first = lexed
            .tokens
            .partition_point(|token| token.span.end <= rate.start());
        let last = lexed
            .tokens
            .partition_point(|token| token.span.start < rate.end());
        masked[first..last.max(first)].fill(true);
    }
}

/// Parts of a sentence between marks.
fn clauses(lexed: &Lexed, sentence: &Range<usize>) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = sentence.start;
    for at in sentence.clone() {
        if matches!(lexed.tokens[at].kind, TokenKind::Mark(',' | ';' | ':')) {
            out.push(start..at + 1);
            start = at + 1;
        }
    }
    if start < sentence.end {
        out.push(start..sentence.end);
    }
    out
}

/// The text of tokens with plain marks, quotations as `"`.
fn say(lexed: &Lexed, range: Range<usize>) -> String {
    let mut text = String::new();
    for token in &lexed.tokens[range] {
        match &token.kind {
            TokenKind::Quote(_) => text.push('"'),
            TokenKind::Mark(c) => text.push(*c),
            _ => text.push_str(&lexed.prompt[token.span.clone()]),
        }
    }
    text
}
