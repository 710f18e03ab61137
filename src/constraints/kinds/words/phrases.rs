//! How people state rules that every word keeps, and counts of kinds of words.

use crate::{
    constraints::wording::{
        phrase::{Hit, Phrase, kwargs},
        rule::Rule,
    },
    counted, says,
};

pub const PHRASES: &[Phrase] = &[
    Phrase {
        cues: &["unique", "different", "distinct", "separate", "vocabulary"],
        pattern: counted!(
            r"(?:unique|different|distinct|separate|individual|non repeating|unrepeated|various) (?:english )?(?:words?|word types|vocabulary (?:words|items))"
        ),
        rank: 60,
        read: |hit| floor(hit, "count:unique_word_count", "N"),
    },
    // `80 words or more, all of them different`, `a vocabulary of eighty words`
    Phrase {
        cues: &[
            "unique",
            "different",
            "distinct",
            "twice",
            "repeat",
            "vocabulary",
            "variety",
        ],
        pattern: r"\bvocabulary(?: (?:size|count|of|is|are|be|must|should|has to|needs to|runs? to|reach(?:es)?|comes? to|totals?|at|contains?|includes?|spans?|numbers?))*:? {n}(?: {kind})* words?\b|{n} words?\b{post},?{x}\b(?:counting (?:repeats|repetitions|duplicates|each)|(?:repeats|repetitions|duplicates) (?:not |only )?(?:count|counted|excluded|aside)|not counting (?:repeats|repetitions|duplicates))\b|{n}{post}(?: of (?:the|your|its))? words?\b{post},? (?:that are |which are |are |must be |should be )?(?:all |each |every one )?(?:of (?:them|which) )?(?:all )?(?:being )?(?:unique|different|distinct)\b",
        rank: 61,
        read: |hit| at_least(hit, "count:unique_word_count", "N"),
    },
    Phrase {
        cues: &["conjunction", "coordinator", "fanboys", "joining", "connecting"],
        pattern: counted!(
            r"(?:conjunctions?|coordinators|fanboys(?: words?)?|(?:joining|linking|connecting) words)"
        ),
        rank: 60,
        read: |hit| floor(hit, "count:conjunctions", "small_n"),
    },
    // `of and, but, or, nor, for, so and yet use five or more different ones`
    Phrase {
        cues: &["nor", "yet"],
        pattern: r"\b(?:and|but)(?:[ ,/]+(?:and|but|or|nor|for|so|yet)\b){4,}[^.!?\n\x01]*{n}|{n}[^.!?\n\x01]{0,60}\b(?:and|but)(?:[ ,/]+(?:and|but|or|nor|for|so|yet)\b){4,}",
        rank: 59,
        read: |hit| floor(hit, "count:conjunctions", "small_n"),
    },
    Phrase {
        cues: &["pronoun"],
        pattern: counted!(r"pronouns?"),
        rank: 60,
        read: |hit| floor(hit, "count:pronouns", "N"),
    },
    Phrase {
        cues: &["name", "people", "person", "character"],
        pattern: counted!(
            r"(?:(?:(?:person|people|personal|first|given|character)(?:'s|s')? )?names?|people|persons|characters|individuals)"
        ),
        rank: 60,
        read: |hit| {
            let listed = says!(&hit.document.text, r"\bemma, liam, sophia\b")
                || says!(
                    hit.sentence(),
                    r"\b(?:from|in|on|of) (?:this|the following|the|that|my) (?:list|pool|set|roster|selection)\b"
                );
            let person = says!(
                hit.text(),
                r"\b(?:person|people|personal|first|given|character)(?:'s|s')? names?\b"
            );
            if listed || person {
                floor(hit, "count:person_names", "N");
            }
        },
    },
    Phrase {
        cues: &["number", "numeral", "figures"],
        pattern: counted!(r"(?:numbers?|numerals|figures|numeric values)"),
        rank: 60,
        read: numbers,
    },
    Phrase {
        cues: &["vowel"],
        pattern: counted!(r"(?:(?:types?|kinds?|sorts?) of )?vowels?"),
        rank: 60,
        read: vowels,
    },
    Phrase {
        cues: &["vowel", "u"],
        pattern: r"{n}{post} of (?:the |these |those |our |all )?(?:{n} )?(?:[a-z]+ )?vowels?\b|\ba,? e,? i,? o,? (?:and |or |& )?u\b[^.!?\n]{0,60}?{n}|{n}[^.!?\n]{0,40}?\ba,? e,? i,? o,? (?:and |or |& )?u\b",
        rank: 61,
        read: vowels,
    },
    Phrase {
        cues: &["person", "i", "first"],
        pattern: r"\b(?:no|not|never|nothing|without|avoid|avoiding|drop|skip|bans?|banned|banning|forbids?|forbidden|prohibits?|disallows?|steer clear)\b(?: (?:using|writing|write|slip|into|use|the|any|in|be|of)\b)* \x04 person(?: (?:pronouns?|singular|plural))?\b|\x04 person (?:is|are) (?:banned|forbidden|off limits|not allowed|out|prohibited)\b|\b(?:third|\x04) person\b{x}\bno (?:i|me|my|we)\b(?:(?:,| or|, or| and) (?:i|me|my|mine|we|us|our|ours|myself))*|\b(?:never|without|avoid|avoiding) (?:using |the words? |saying )?(?:i|we)(?:,| or|, or| nor| and|/)+ ?(?:i|me|my|we|us)\b|\bno (?:i|me|my|we)(?:,| or|, or| nor| and|/)? ?(?:i|me|my|we|us)\b(?:(?:,| or|, or| nor| and) (?:i|me|my|mine|we|us|our|ours))*",
        rank: 60,
        read: |hit| {
            if says!(
                hit.text(),
                r"\b(?:no|never|without|avoid|avoiding) (?:[a-z]+ ){0,2}(?:i|me|my|we)\b"
            ) || hit.ordinal(0) == Some(1)
            {
                hit.emit("raif:no_first_person", Default::default());
            }
        },
    },
    Phrase {
        cues: &["人称"],
        pattern: r"(?:不要|不能|不得|禁止|别|不用|避免|不许|不可)(?:再)?(?:使用|用|出现|以)?第一人称",
        rank: 60,
        read: |hit| hit.emit("raif:no_first_person", Default::default()),
    },
];

pub const RULES: &[Rule] = &[
    Rule {
        cues: &["palindrom"],
        about: r"\bpalindrom(?:es?|ic words?)\b",
        parts: &[
            r"{n}[^.!?\n]*\bpalindrom(?:[^.!?\n]*?{n}{post} (?:letters?|characters?|words?)(?: (?:long|each|apiece|only))?)*|\bpalindrom[^.!?\n]*{n}",
        ],
        unless: "",
        beside: 0,
        rank: 60,
        read: |hit| {
            if hit.amounts().any(|quantity| quantity.lo == Some(10)) {
                hit.emit("words:palindrome", Default::default());
            }
        },
    },
    Rule {
        cues: &["alphabet", "letter", "z"],
        about: r"\balphabet\b|\balphabetical(?:ly| order| sequence)\b|\bnext letter\b|\b(?:a to z|a z)\b|\bwith a\b{x}\bwith b\b{x}\bwith c\b",
        parts: &[
            r"\bwords?\b(?: at a time)?",
            r"\b(?:next|following|successive|consecutive|subsequent) letters?\b|\bletter (?:that comes |that is )?(?:after|following|behind|further|on)\b|\b(?:climb|march|walk|work|run|step|go|goes|going|move|advance|progress|travel|cycle|crawl|count)(?:s|ing)?(?: [a-z]+)? (?:through|up|along|down|round|over) the (?:whole |entire )?alphabet|\b(?:through|up|along|down|round|over) the (?:whole |entire )?alphabet|\ba,? b,? c\b|\bclimb(?:s|ing)? the alphabet|\b(?:begin|start|open)[a-z]*\b{x}\b(?:alphabetical|in order|order)|\balphabetical{x}\b(?:begin|start|initial|\x04 letter)|\bletter by letter|\bwith b\b|\b(?:each|every) (?:single |new |next )?words?\b{x}\balphabet",
            r"\b(?:loop|wrap|cycl|circl|restart|resum|return|continu|carr|start|begin|go|goes|round|reset|over|again|next|following|climb|march|through|in order|on)[a-z]*\b",
        ],
        unless: r"\b(?:sort|arrang|rank|organi[sz])[a-z]*\b{w}alphabet|\b(?:each|every|next|successive|new|per|\x01) (?:new |next |successive |single )?(?:sentences?|lines?|verses?|stanzas?|bullets?|items?|paragraphs?|entry|entries|row|city|animal|country)\b|\bsentence's\b|\bsentence (?:number )?{n}|\x04 (?:sentence|line|verse|item)\b|{n} sentences\b",
        beside: 1,
        rank: 60,
        read: |hit| hit.claim_between().emit("words:alphabet", Default::default()),
    },
    Rule {
        cues: &["consonant"],
        about: r"\bconsonants?\b",
        parts: &[
            r"\bwords?\b",
            r"\b(?:clusters?|blends?|together|side by side|in a row|back to back|adjacent|next to (?:each other|one another)|neighbou?r[a-z]*|consecutive|successive|touching|adjoining|pairs?|paired|shoulder to shoulder|one after (?:the other|another)|in succession|without a vowel|with no vowel|nothing between|on the trot|running)\b",
            r"\b(?:each|every|all|any|no|not|without|only|throughout|whichever|nothing)\b",
        ],
        unless: r"\bhow many\b|\b(?:avoid|no|without|never use)(?: any)? (?:words? with )?(?:double )?consonants?\b",
        beside: 1,
        rank: 60,
        read: |hit| hit.emit("words:consonants", Default::default()),
    },
    Rule {
        cues: &["prime"],
        about: r"\bprimes?\b",
        parts: &[
            r"\bwords?\b",
            r"\b(?:letters?|lengths?|long|characters?|spelling|count)\b",
        ],
        unless: r"\bprime (?:ministers?|ministerial|rib|time|suspect|example|location|video|factor[a-z]*|day)\b|\b(?:function|code|script|program|prove)\b",
        beside: 1,
        rank: 60,
        read: |hit| hit.emit("words:prime_lengths", Default::default()),
    },
    Rule {
        cues: &[
            "time",
            "twice",
            "once",
            "thrice",
            "repeat",
            "appearance",
            "use",
            "occurrence",
            "outing",
            "instance",
            "mention",
        ],
        about: r"{n}{post}(?: [a-z]+)? (?:times?|appearances?|uses?|occurrences?|outings?|mentions?|instances?|showings?|repetitions?)\b|\b(?:number of times|times that|how often|limit|cap|maximum|ceiling)\b[^.!?\n\x01\x02]{0,60}?{n}(?:[.,;!)\n]|$)",
        parts: &[
            r"\b(?:any|no|each|every|a|single|same|given|one|all) (?:one |{n} |single |given |same |individual |particular |other |of the |of your )*words?\b|\bwords?\b{w}\b(?:repeat|reuse|recur)[a-z]*\b",
        ],
        unless: r"\bkey ?words?\b|\bwords? \x02|\x02,? (?:[a-z]+ ){0,4}{n} times?|\b(?:sentence|line|paragraph|bullet|letter|phrase)s?\b{w}\x01 times|\x01 times (?:per|each|as)\b|\b(?:letter|syllable|consonant)s?\b",
        beside: 0,
        rank: 62,
        read: repeats,
    },
    // `never use the same word twice` is read above; without a number a word comes once.
    Rule {
        cues: &["repeat", "reus", "recur", "again"],
        about: r"\b(?:no|not|never|without|avoid)\b(?: (?:ever|any|a|the|single|of|your|you|may|should|can|must|be|have|let|use))* (?:repeat(?:ing|ed|s)?|reus(?:e|ed|ing)|word (?:may|should|can|must|is|gets?|to)\b{w}\b(?:repeat(?:ed)?|reused|recur|come back|used again|appear again))\b",
        parts: &[r"\b(?:any|no|a|each|every|single|same) (?:single |given )?words?\b"],
        unless: r"{n}|\x02|\bconsecutive|\bsentences?\b|\b(?:letter|line|paragraph|rhyme)s?\b",
        beside: 0,
        rank: 58,
        read: |hit| hit.emit("words:repeats", kwargs([("small_n", 1.into())])),
    },
    Rule {
        cues: &["letter", "initial", "alliterat"],
        about: r"\b(?:letters?|initials?|alliterat[a-z]*)\b",
        parts: &[
            r"{n} (?:[a-z]+ )?words?\b|\bwords?\b",
            r"\b(?:consecutive|adjacent|neighbou?r[a-z]*|successive|next|side by side|in a row|back to back|follow[a-z]*|before|after|touching|(?:each|one) (?:other|another)|beside|preced[a-z]*|previous|running|adjoining|together|in succession|on the trot)\b",
            r"\b(?:no|not|never|avoid|without|differ[a-z]*|nor|neither|unlike|another|banned|forbidden|may not|must not)\b",
            r"\b(?:same|identical|shar(?:e|es|ed|ing)|differ[a-z]*|another|match[a-z]*|common|began|beg[iu]ns?|start[a-z]*|open[a-z]*|repeat[a-z]*|alike)\b",
        ],
        unless: r"\bconsonants?\b|\balphabet|\bnext letter\b|\bsyllables?\b|\bletter \x02|\blonger (?:[a-z]+ )?(?:run|streak|chain|sequence|string|alliterat)|\bvowels?\b|\b(?:sentence|line|paragraph|verse|bullet|stanza|item)s?\b{w}\b(?:start|begin|open|letter|initial)|\bletters? (?:long|or more|or fewer|each)\b",
        beside: 1,
        rank: 62,
        read: |hit| {
            hit.claim_between()
                .emit("words:no_consecutive", Default::default())
        },
    },
    Rule {
        cues: &["syllable"],
        about: r"\bsyllab[a-z]*\b",
        parts: &[r"\bodd\b", r"\beven\b", r"\bwords?\b"],
        unless: r"\b(?:odd|even)(?: numbered)? (?:lines?|verses?|sentences?|stanzas?|paragraphs?)\b",
        beside: 2,
        rank: 60,
        read: |hit| {
            hit.claim_between()
                .emit("words:odd_even_syllables", Default::default())
        },
    },
    // Every so manieth word.
    Rule {
        cues: &["japanese", "kanji"],
        about: r"\b(?:japanese|kanji|hiragana|katakana)\b",
        parts: &[
            r"\b(?:every|each) (?:single )?(?:\x04|{n}|other) words?\b|{n} words? (?:in|out of|of|from) (?:every |each )?{n}|{n} (?:in|out of) (?:every |each )?{n}(?: words?)?|\bwords? (?:number |no\.? |#)?{n}(?:,|,? and|,? then)(?: (?:words? )?(?:number )?{n})|\x04,? (?:and |then )?(?:the )?\x04(?:,? (?:and |then )?(?:the )?\x04)*{w}\bwords?|\bafter (?:every |each )?{n} (?:[a-z]+ )?words?\b|\bmultiples? of {n}|\bevery single word|\b(?:every|each) word",
            r"\bwords?\b",
        ],
        unless: "",
        beside: 1,
        rank: 74,
        read: japanese,
    },
    Rule {
        cues: &["verb"],
        about: r"\b(?:an?|some|any|the|action|imperative|its|being|is|be) (?:[a-z]+ ){0,2}?verbs?\b|[:=] ?verbs?\b|\bverbs? (?:\x04|(?:at|as|must|should|has|have|needs?|is|up|goes|comes)\b)",
        parts: &[
            r"\x04 (?:words?|thing|token)\b|\b(?:opening|initial|leading|starting) (?:words?|thing)\b|\bwords? (?:number |no\.? |#)?{n}|\b(?:start|begin|open|kick|lead|launch|commence|head)(?:s|ning|ing|ed)?(?: (?:it|things|the [a-z]+|your [a-z]+|this))?(?: off| out| up)? (?:with|on|from|by|is|being|must|should|has)\b|\b(?:at|in|as) the (?:very )?(?:start|beginning|front|head|outset|opening)\b|\bcomes? \x04|\b(?:go|goes|be|put|place) (?:a |the )?(?:verb )?\x04",
        ],
        unless: r"\b(?:each|every|all)\b{w}\b(?:bullet|sentence|line|step|item|point|paragraph|verse|section|heading|title|question|row|tip|entry|one)s?\b|\b(?:bullets?|steps?|items?|points|lines|sentences|headings|titles|entries|tips)\b{w}\b(?:start|begin|open|kick)|\beach(?: one| of them| of these)? (?:start|begin|open|kick|should|must|to |has to)|\b(?:no|without|avoid|not an?|not with an?) (?:[a-z]+ )?verbs?\b|\b(?:definitions?|meaning|examples?|lists?|use|forms?|explanation|explaining|what|whether) (?:of )?(?:a|an|the|is)? ?verbs?\b|\b(?:sentence|line|paragraph|bullet|step)s?\b{w}\bverb",
        beside: 0,
        rank: 66,
        read: |hit| hit.emit("words:start_verb", Default::default()),
    },
];

/// No word more often than so: `no word over four times`, `three uses a word are the limit`, `never use a word twice`.
fn repeats(hit: &mut Hit) {
    let none = says!(
        hit.text(),
        r"\b(?:no|not|never|without|avoid|nor|neither|nothing)\b"
    ) || says!(hit.before(), r"\b(?:no|not|never|without|avoid|refrain)\b[^,;]*$");
    let limit = says!(
        hit.sentence(),
        r"\b(?:limit|cap|capped|max|maximum|most|ceiling|allowed|allowance|up to|tops|may|can)\b"
    );
    let limits = hit
        .amounts()
        .next()
        .and_then(|quantity| match (quantity.lo, quantity.hi) {
            (None, most) => most,
            (Some(least), None) => none.then(|| least.saturating_sub(1)),
            // `never twice`; but `not more than twice` has no lower bound.
            (Some(least), Some(_)) if none => Some(least.saturating_sub(1)),
            (Some(1), Some(1)) => Some(1),
            (_, most) => most.filter(|_| limit),
        });
    if let Some(most) = limits.filter(|&most| most > 0) {
        hit.emit("words:repeats", kwargs([("small_n", most.into())]));
    }
}

/// How often a word is Japanese: `every fifth word`, `one word in five`, `word 5, word 10`, `after every four words`.
fn japanese(hit: &mut Hit) {
    let said = &hit.document.text[hit.part(1)];
    let numbers: Vec<u64> = hit.part(1).filter_map(|at| hit.number_in(at..at + 1)).collect();
    let period = match numbers[..] {
        _ if says!(said, r"\bother\b") => Some(2),
        [] => Some(1),
        [words] if says!(said, r"^after") => Some(words + 1),
        [1, period] => Some(period),
        [first, second, ..] => second.checked_sub(first),
        [period] => Some(period),
    };
    if let Some(period) = period.filter(|&period| period > 0) {
        hit.emit("count:words_japanese", kwargs([("N", period.into())]));
    }
}

/// Three of the five vowels, whichever.
fn vowels(hit: &mut Hit) {
    let of_each = says!(
        hit.sentence(),
        r"\b(?:each|every) (?:single )?word\b|\bvowels? in (?:a|each|every|the) word\b|\bhow many\b|\brhym"
    );
    let three = hit
        .amounts()
        .any(|quantity| quantity.hi == Some(3) || quantity.exact() == Some(3));
    // Two of the five that are left out leave three.
    let two_out = hit.amounts().any(|quantity| quantity.exact() == Some(2))
        && says!(
            hit.sentence(),
            r"\b(?:off limits|out|banned|never|missing|absent|skip|without|forbidden|unused|avoid|drop|not)\b"
        );
    if (three || two_out) && !of_each && !hit.is_of_someone() {
        hit.emit("words:vowel", Default::default());
    }
}

/// Ids that have a lower bound only, where the amount is not that of something between it and the noun.
fn floor(hit: &mut Hit, id: &'static str, name: &'static str) {
    let of_others = says!(
        hit.text(),
        r"^\x01 (?:[a-z']+ )*(?:words?|sentences?|lines?|paragraphs?|times?|and|with|in|that|using|for|per) [a-z]"
    ) || says!(
        hit.after(),
        r"^ (?:words?|sentences?|lines?|paragraphs?|times|characters|bullets?|letters)\b"
    );
    if !of_others || says!(hit.text(), r"\bwords?$") {
        at_least(hit, id, name);
    }
}

fn at_least(hit: &mut Hit, id: &'static str, name: &'static str) {
    if let Some(count) = hit.amount(0).and_then(|quantity| quantity.lo) {
        hit.emit(id, kwargs([(name, count.into())]));
    }
}

/// So many numbers, no more and no fewer. Numbers in digits are numbers; without that word they could be anything, unless the
/// amount is an exact one.
fn numbers(hit: &mut Hit) {
    let Some(quantity) = hit.amount(0) else { return };
    let exact = quantity.related
        || says!(
            hit.sentence(),
            r"\b(?:exactly|precisely|on the dot|on the nose|neither more nor (?:fewer|less)|no more and no (?:fewer|less)|no more,? no (?:fewer|less)|all told)\b|\bnot \x01,? (?:and )?not \x01|\b(?:in|as|using|with|written) (?:in )?(?:digits|numerals|figures)\b|\bnot one (?:more|less|fewer)\b"
        );
    let other = says!(
        hit.after(),
        r"^ (?:of|between|from \x01|below|above|less|greater|that (?:add|sum)|[a-z]+ (?:that )?(?:add|sum|multipl))"
    ) || says!(
        hit.before(),
        r"\b(?:add|sum|multiply|of|these|those|between|average|largest|smallest|guess|pick|random) (?:the |up )?(?:[a-z]+ )?$"
    ) || says!(
        hit.text(),
        r"\b(?:prime|even|odd|random|phone|lottery|telephone|whole|lucky|sales|page|public|key|historical|leading|political|famous) (?:numbers?|figures)\b|^\x01 [a-z ]*\b(?:words?|sentences?|and|with)\b"
    );
    if let Some(count) = quantity.exact().filter(|_| exact && !other) {
        hit.emit("count:numbers", kwargs([("N", count.into())]));
    }
}
