//! What asks nothing, in Chinese.

use std::ops::Range;

use crate::{
    constraints::wording::lex::{Lexed, TokenKind},
    says,
};

/// What asks nothing in a Chinese sentence: a question about a rule, a rule of others, a text to translate.
pub(super) fn part(lexed: &Lexed, sentence: &Range<usize>) -> Option<Range<usize>> {
    lexed.tokens[sentence.clone()]
        .iter()
        .find(|token| matches!(token.kind, TokenKind::Han(_)))?;
    let mut text = String::new();
    for token in &lexed.tokens[sentence.clone()] {
        match &token.kind {
            TokenKind::Quote(_) => text.push('"'),
            TokenKind::Mark(c) => text.push(*c),
            _ => text.push_str(&lexed.prompt[token.span.clone()]),
        }
    }
    let asks = says!(&text, r"请|用|写|帮|答|讲|介绍|总结|列|给|控制");
    if says!(&text, r"\?\s*$") {
        let how = says!(
            &text,
            r"^(?:请问|我想知道|想问一下|你知道)?(?:如何|怎么|怎样|为什么|为啥|什么|哪|是不是|\p{Han}{1,6}(?:是什么|为什么|怎么))"
        );
        // 我的论文要求不少于八千字，怎么才能写完？
        let worried = says!(
            &text,
            r"扣多少|会扣|行不行|会怎么样|来得及|怎么办|怎么才能|该怎么|我该|是不是|会不会|好不好|正常吗|够吗|合适吗|算不算|多不多|难吗|可以吗|哪里有问题|有没有问题|有什么问题|什么问题|^(?:他|她|他们|她们|孩子|我儿子|我女儿|我朋友|同学|老师|我们|学校|公司|单位|我写|我的)[^?]*(?:为什么|怎么回事|什么意思|对吗|正常吗|吗)\?"
        );
        // 作文里能不能用感叹号？ but 能不能用三句话介绍成都？ is asked for.
        let may = says!(&text, r"能不能|可不可以|是否|要不要|该不该|能否")
            && !says!(
                &text,
                r"介绍|写|解释|回答|总结|说明|讲|告诉|列出|翻译|改|推荐|描述|概括|生成"
            );
        let requested = says!(&text, r"请(?:用|写|帮|以|给)|帮我|帮忙|给我");
        let wonders = !asks && says!(&text, r"怎么|如何|为什么|什么|哪|吗|几|多少|是不是|区别");
        if (how || worried || may) && !requested || wonders {
            return Some(sentence.clone());
        }
    }
    // 写一份发帖规定：每帖不得超过140字: the rules that are asked for, not rules for the answer.
    if says!(
        &text,
        r"(?:写|拟|起草|制定|定)[^。:]{0,14}(?:规定|规则|守则|公约|须知|制度|提示词|系统提示|指令):"
    ) {
        let colon = sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'))?;
        return Some(colon + 1..sentence.end);
    }
    // 征稿启事：来稿须在两千字以内: rules for those who answer the notice that is asked for.
    if says!(
        &text,
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
    if says!(&text, r"^(?:请)?(?:把下面的?话)?翻译(?:一下|成\p{Han}{2})?:") {
        let colon = sentence
            .clone()
            .find(|&at| lexed.tokens[at].kind == TokenKind::Mark(':'))?;
        return Some(colon + 1..sentence.end);
    }
    None
}
