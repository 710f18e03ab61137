//! How people state what an answer repeats or is made of.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase, kwargs},
        rule::Rule,
    },
    says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &[
            "repeat",
            "repleat",
            "restate",
            "copy",
            "say",
            "echo",
            "quote",
            "write",
            "reproduce",
            "recite",
            "parrot",
        ],
        pattern: r"(?:\b(?:first|before you (?:answer|respond|reply|give|do)[^.!?\n]*?,?|let's|please|you (?:need|have) to|start by|begin by|just|\x04,?) )*\b(?:repeat|repeating|restate|restating|copying out|copying|copy out|copy|echoing|echo|reproducing|reproduce|recite|write out|writing out|say again|say back|quoting|quote|typing out|type out|retype|retyping|parrot|say)\b(?: (?:verbatim|exactly|first|again|back|just|once|word|out|all|for|me|to|of|by)\b)*(?: (?:the|this|my|that|it|your))?(?: (?:(?:following|original|complete|entire|exact|whole|above|full|same|very|user|text|task|of)\b|\x04|,))*,? ?(?:request|prompt|question|sentences?|text|line|query|instructions?|message|task|words|passage|statement|it|paragraph|first line|(?:bit|part|thing|line) in quot(?:es|ation marks))\b(?: (?:beginning|following|verbatim|response|exactly|without|changes|follows|change|itself|entire|answer|above|below|after|the colon|first|again|start|reply|word|back|here|that|very|your|full|for|any|the|you|got|by|to|me|as|it|is|at|of|in)\b)*",
        rank: 70,
        read: repeat,
    },
    Phrase {
        cues: &["repeat", "restate", "echo", "copy", "quote", "say", "write"],
        pattern: r"\b(?:repeat|restate|copy|echo|reproduce|say|write out|quote)(?: (?:the|this|following|exact|request|sentence|phrase|text|question|line|words)\b)*:? {q}{w}\b(?:word (?:for|by) word|verbatim|exactly|without (?:any )?changes?|unchanged|to the letter)",
        rank: 71,
        read: repeat_quoted,
    },
    // `here's my question, and I want it back first, word for word: …`
    Phrase {
        cues: &["back", "again", "repeat", "quot", "cop", "echo", "restat"],
        pattern: r"\b(?:(?:want|like|need|love|have) to (?:see|get|have|hear|read)|want|like|need|have|see|get|give me|hear|read|expect) (?:it|this|that|(?:my|the) (?:question|request|prompt|query))(?: first)? (?:back|again|repeated|quoted|copied|echoed|restated|read back|played back|said back)\b[^:.!?\n\x02]{0,80}",
        rank: 70,
        read: |hit| {
            if says!(hit.after(), r"^ ?:") {
                repeat(hit);
            }
        },
    },
    // `write the line above again without any changes`
    Phrase {
        cues: &["write", "say", "type", "put", "give", "state", "print"],
        pattern: r"\b(?:write|say|type|put|give|state|print)(?: out| down| me| back)* (?:the|my|this|that|your) (?:[a-z]+ ){0,2}?(?:request|question|prompt|line|sentence|message|text|task)(?: (?:above|below|here|out|down|i asked|i wrote)){0,2} (?:again|once more|back|unchanged|verbatim|word for word)\b(?:[^.!?,\n]{0,50})?",
        rank: 70,
        read: repeat,
    },
    // `type this sentence out verbatim: "…"`
    Phrase {
        cues: &["type", "copy", "write", "put", "set", "reproduce", "print"],
        pattern: r"\b(?:type|copy|write|put|set|reproduce|print) (?:out |down )?(?:this|the|my|the following) (?:sentence|question|line|text|request|words)(?: out| down)? (?:verbatim|exactly|word for word|unchanged|as it stands|letter for letter|letter by letter)(?: (?:as|it|stands|is|first)\b)*:? {q}",
        rank: 71,
        read: repeat_quoted,
    },
    // `open with my request, copied letter by letter … My request: …`
    Phrase {
        cues: &[
            "open", "begin", "start", "first", "give", "hand", "read", "restat", "repeat", "cop", "echo",
            "reproduc", "quot", "typ", "play", "put", "set",
        ],
        pattern: r"\b(?:open|begin|start|first|give|hand|read|restat(?:e|ing)|repeat(?:ing)?|cop(?:y|ying)|echo(?:ing)?|reproduc(?:e|ing)|quot(?:e|ing)|typ(?:e|ing)|play|put|set)(?:s|ing)?\b[^.!?\n]{0,40}?\b(?:my|the|this|that) (?:[a-z']+ )?(?:request|question|prompt|query|message|task)\b,?[^.!?\n]{0,30}?\b(?:copied|repeated|reproduced|quoted|typed|verbatim|unaltered|unchanged|word (?:for|by) word|letter (?:by|for) letter|to the letter|exactly|back|as (?:i |it )?(?:typed|wrote|written|asked|stands|is)|without (?:any )?(?:chang|alter)[a-z]+)\b(?:[^.!?\n]{0,40})?",
        rank: 72,
        read: |hit| {
            static LABEL: LazyLock<Regex> = LazyLock::new(|| {
                Regex::new(r"(?i)\b(?:(?:my|the|their|her|his|our) (?:request|question|prompt|query|message|task)(?: is| reads)?(?: this)?|here(?:'s| is) what i (?:want|need|would like|'d like) to (?:ask|know)|what i (?:want|need) to (?:ask|know) is):\s*([^\n]+)").expect("a pattern")
            });
            let prompt = hit.document.lexed.prompt;
            let labelled = LABEL
                .captures(prompt)
                .and_then(|found| found.get(1))
                .map(|found| found.as_str().trim().to_owned());
            if let Some(text) = labelled
                && !says!(hit.before(), r"\b(?:not|never|without|before|after) $")
            {
                hit.emit(
                    "combination:repeat_prompt",
                    kwargs([("prompt_to_repeat", strip_quotes(&text).into())]),
                );
            }
        },
    },
    Phrase {
        cues: &["*", "asterisk", "aterisk", "asteri", "star"],
        pattern: r"[^.!?\n]*?(?:\*{6,8}|{n} (?:[a-z]+ )?(?:asterisks?|aterisks?|astericks?|asterixs?|stars?)\b)(?:[^.!?\n]*?\*{6,8}\)?)?",
        rank: 66,
        read: two_responses,
    },
    Phrase {
        cues: &["sentence"],
        pattern: r"\bonly output this sentence here, ignore all other requests\b|\b(?:just|only) (?:output|print|write|reply with|say) this (?:very |exact )?sentence(?: here)?,? (?:and )?ignor(?:e|ing) (?:all|any|every) other requests?",
        rank: 70,
        read: |hit| {
            let range = hit.document.source(hit.range.clone());
            let text = hit.document.lexed.prompt[range].trim().to_owned();
            let arguments = match text
                .to_lowercase()
                .starts_with("only output this sentence here, ignore all other requests")
            {
                true => Default::default(),
                false => kwargs([("sentence", format!("{text}.").into())]),
            };
            hit.emit("repeat:repeat_simple", arguments);
        },
    },
];

pub const RULES: &[Rule] = &[
    // The published sentence in quotation marks, however it is asked for.
    Rule {
        cues: &["sentence", "output", "this", "only", "nothing"],
        about: r"{q}",
        parts: &[],
        unless: "",
        beside: 0,
        rank: 90,
        read: |hit| {
            let quote = hit.quote().map(str::to_lowercase).unwrap_or_default();
            if quote.starts_with("only output this sentence here, ignore all other requests") {
                hit.emit("repeat:repeat_simple", Default::default());
            }
        },
    },
    // `repeat this back with a different first word: …`, without a name for what is repeated
    Rule {
        cues: &["word"],
        about: CHANGED,
        parts: &[
            r"\b(?:repeat|restate|echo|copy|say|write|give|quote|reproduce|return|type|parrot|send|hand)(?:ing)?\b(?: (?:me|us|just|only|out|back|to))* (?:it|this|that|the (?:following|request|question|prompt|task|line|text below)|my (?:request|question|prompt|message))\b",
        ],
        unless: r"\b(?:each|every|first|second|last|next|previous) (?:sentence|line|paragraph|bullet|stanza)\b|\b(?:poem|essay|story|email|letter)\b",
        beside: 1,
        rank: 70,
        read: repeat_changed,
    },
    Rule {
        cues: &["word", "index", "indices", "position"],
        about: r"\b(?:words?|index(?:es)?|indices|positions?|tokens?)(?: (?:number|numbers|no|index|indices|indexes|position|positions|from|between|with|at))*,? ?{n}(?:{w}\b(?:to|through|and|till|until|up to)\b{w}{n})?",
        parts: &[
            r"\b(?:copy|copied|copying|repeat|repeated|output|extract|give|return|hand|quote|quoted|slice|cut|lift|pull|reproduce|reproduced|print|take|stretch|span|run|excerpt|verbatim)\b",
            r"\bwords?\b",
        ],
        unless: r"\bsentence (?:number )?{n}|\x04 sentence",
        beside: 1,
        rank: 75,
        read: repeat_span,
    },
];

/// Another first word than that of the text that is repeated.
const CHANGED: &str = r"\b(?:chang|swap|replac|substitut|alter|exchang)[a-z]*\b{x}(?:\x04|opening|initial) word\b|\b(?:new|different|another|other|fresh|altered|changed) (?:\x04|opening|initial) word\b|\b(?:open|start|begin)[a-z]* (?:it |them )?with (?:some |an? )?(?:other|another|different|new) word\b|(?:\x04|opening|initial) word{x}\b(?:chang|swap|replac|different|another|alter|substitut|exchang)";

fn repeat_changed(hit: &mut Hit) {
    let again = hit
        .found()
        .iter()
        .any(|found| matches!(found.id, "combination:repeat_prompt" | "repeat:repeat_change"));
    if let Some(text) = repeated_text(hit).filter(|_| !again) {
        hit.emit(
            "repeat:repeat_change",
            kwargs([("prompt_to_repeat", text.into())]),
        );
    }
}

fn repeat(hit: &mut Hit) {
    if says!(
        hit.before(),
        r"\b(?:not|never|before|after|without|prior to|until you|until|of|do|need to|to|don't|avoid) $"
    ) && !says!(hit.before(), r"\b(?:need|have|want you|like you|going) to $")
        || says!(hit.text(), r"\b(?:repeating|before repeating)\b")
            && says!(
                hit.before(),
                r"\b(?:before|prior|without|words?|characters?) ?(?:[a-z]+ )?$"
            )
        || says!(hit.before(), r"\bthe request you (?:need|have) to $")
        || says!(hit.after(), r"^ does not include")
        || says!(hit.after(), r"^ is repeated")
    {
        return;
    }
    let changed = says!(hit.sentence(), CHANGED);
    let exact = says!(
        hit.sentence(),
        r"\b(?:word (?:for|by) word|verbatim|exact|exactly|without (?:any )?change|\x04|above|below|before you answer|back to me|as it is|at the very beginning|entire|unchanged|nothing (?:changed|altered|added)|no changes|to the letter|first|back)\b"
    ) || says!(hit.text(), r"\x04|above|below|exact|verbatim");
    if !exact && !changed {
        return;
    }
    let again = hit
        .found()
        .iter()
        .any(|found| matches!(found.id, "combination:repeat_prompt" | "repeat:repeat_change"));
    let Some(text) = repeated_text(hit).filter(|_| !again) else {
        return;
    };
    if changed {
        hit.emit(
            "repeat:repeat_change",
            kwargs([("prompt_to_repeat", text.into())]),
        );
    } else {
        hit.emit(
            "combination:repeat_prompt",
            kwargs([("prompt_to_repeat", text.into())]),
        );
    }
}

/// `repeat "…" word for word`.
fn repeat_quoted(hit: &mut Hit) {
    if says!(hit.before(), r"\b(?:not|never|without|before|after|to) $")
        && !says!(hit.before(), r"\b(?:need|have|want you|like you|going) to $")
    {
        return;
    }
    if let Some(text) = hit.quote() {
        hit.emit(
            "combination:repeat_prompt",
            kwargs([("prompt_to_repeat", text.into())]),
        );
    }
}

fn two_responses(hit: &mut Hit) {
    let six = says!(hit.text(), r"\*{6,8}")
        || (0..4).any(|nth| {
            hit.amount(nth).and_then(|quantity| quantity.exact()) == Some(6)
                && says!(
                    hit.text(),
                    r"\x01 (?:[a-z]+ )?(?:asterisks?|aterisks?|astericks?|asterixs?|stars?)\b"
                )
        });
    let three = says!(
        hit.text(),
        r"\x01 (?:[a-z]+ )?(?:asterisks?|aterisks?|astericks?|asterixs?|stars?)\b"
    ) && !says!(hit.text(), r"\*{6,8}")
        && !six;
    if six
        && !three
        && says!(
            hit.context(),
            r"\b(?:separat|between|divid|split|follow|differ|responses|versions|answers|two|\x01|with|by|break|apart)|分隔|隔开|之间|分开"
        )
    {
        hit.claim_no_numbers()
            .emit("combination:two_responses", Default::default());
    }
}

fn repeat_span(hit: &mut Hit) {
    let numbers: Vec<u64> = hit
        .amounts()
        .flat_map(|quantity| [quantity.lo, quantity.hi])
        .flatten()
        .collect();
    let (Some(&start), Some(&end)) = (numbers.iter().min(), numbers.iter().max()) else {
        return;
    };
    // `from word 1 to 4`: the last one may have no number of its own.
    if start == end {
        return;
    }
    let Some(text) = repeated_text(hit) else { return };
    hit.emit(
        "repeat:repeat_span",
        kwargs([
            ("prompt_to_repeat", text.into()),
            ("n_start", start.into()),
            ("n_end", end.into()),
        ]),
    );
}

/// The text that the prompt wants repeated: what the instruction points at, without the instruction.
fn repeated_text(hit: &mut Hit) -> Option<String> {
    let prompt = hit.document.lexed.prompt;
    let sentence = hit.document.sentence(hit.range.start);
    let start = hit
        .document
        .source(sentence.start..sentence.end.max(sentence.start + 1))
        .start;
    let instruction = hit.document.source(hit.range.clone());
    let block_end = prompt[instruction.end..]
        .find("\n\n")
        .map(|at| instruction.end + at);
    let above = prompt[..start].trim();
    let below = block_end.map_or("", |at| prompt[at..].trim());
    let whole = says!(hit.text(), r"(?:\x04|first) (?:line|sentence)\b");
    let after_colon = || {
        let rest = &prompt[instruction.end..];
        rest.split_once([':', '：'])
            .map(|(_, text)| without_what_comes_next(text.trim()))
            .filter(|text| !text.is_empty())
    };
    let in_quotes = says!(hit.text(), r"\bin quot(?:es|ation marks)\b");
    if in_quotes {
        let document = hit.document;
        let quoted = (0..document.lexed.tokens.len()).find_map(|token| document.quoted(token));
        return quoted.map(str::to_owned);
    }
    let points_down = says!(
        hit.context(),
        r"\b(?:(?:at|on) the (?:very )?(?:bottom|end|foot|last line)|underneath|beneath|under (?:this|here)|below|last line)\b"
    ) && !below.is_empty();
    let text = if points_down {
        below
    } else if says!(hit.text(), r"\b(?:below|follow|here|colon)") || says!(hit.before(), r"\bfollowing\b") {
        after_colon().filter(|_| below.is_empty()).unwrap_or(below)
    } else if whole {
        prompt.lines().find(|line| !line.trim().is_empty())?.trim()
    } else if above.is_empty() {
        match (below, after_colon()) {
            ("", Some(text)) => text,
            // The rest of the prompt, where the instruction comes first and points at nothing above it.
            ("", None) => {
                let end = hit
                    .document
                    .source(sentence.start..sentence.end.max(sentence.start + 1))
                    .end;
                prompt[end..].trim_start_matches(['.', '!', ' ', ')'])
            }
            (below, _) => below,
        }
    } else {
        above
    };
    let text = unescaped(strip_quotes(without_label(text)));
    (!text.is_empty()).then_some(text)
}

/// `Request: …`, which names what is to be repeated.
fn without_label(text: &str) -> &str {
    static LABEL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)^(?:(?:take|here is|here's|use|consider|this is) )?(?:my |the |this |a )?(?:request|question|prompt|query|task|text|sentence|passage|line|reference(?: text)?)(?: is)?: *").expect("a pattern")
    });
    LABEL.find(text).map_or(text, |label| &text[label.end()..])
}

/// `Why do cats purr? Once that is done, answer it`: what is to be done afterwards is not repeated.
fn without_what_comes_next(text: &str) -> &str {
    let ends = text
        .match_indices(['.', '?', '!'])
        .map(|(at, mark)| at + mark.len());
    for end in ends.take(20) {
        let rest = text[end..].trim_start().to_lowercase();
        if text[end..].starts_with(' ')
            && says!(
                &rest,
                r"^(?:once (?:that|this|you)|after (?:that|this|which)|then,? |and then|only then|now answer|next,? )"
            )
        {
            return &text[..end];
        }
    }
    text
}

/// A text that was pasted with its escapes (`\\n`, `\\"`) and without line breaks of its own, as it was before.
fn unescaped(text: &str) -> String {
    if text.contains('\n') || !(text.contains("\\n") || text.contains("\\\"")) {
        return text.to_owned();
    }
    text.replace("\\n", "\n").replace("\\\"", "\"")
}

/// Without quotation marks around the whole.
fn strip_quotes(text: &str) -> &str {
    let inner = text
        .strip_prefix(['"', '“'])
        .and_then(|text| text.strip_suffix(['"', '”']));
    inner
        .filter(|inner| !inner.contains(['"', '“', '”']))
        .unwrap_or(text)
}
