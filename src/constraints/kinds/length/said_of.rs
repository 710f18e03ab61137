//! What a number of words or sentences is said of: the answer, each item of a list, or a thing that is only mentioned.

use crate::{
    constraints::wording::{pattern::Pattern, phrase::Hit, quantity::Quantity},
    says,
};

/// `Limit: 50 words`, `Minimum length: 15 sentences`: the label says how a bare number is meant.
pub(super) fn as_labelled(hit: &Hit, quantity: &Quantity) -> Quantity {
    let mut quantity = quantity.clone();
    let bare = quantity.exact().is_some() && !quantity.related;
    if !bare || !hit.before().trim_end().ends_with([':', 's']) {
        return quantity;
    }
    let most = says!(
        hit.before(),
        r"\b(?:limit|cap|ceiling|(?:max|maximum|longest)(?: length| size| count| extent)?)(?: is)?:? $"
    );
    let least = says!(
        hit.before(),
        r"\b(?:min|minimum|shortest|lower limit)(?: length| size| count| extent)?(?: is)?:? $"
    );
    if most || least {
        quantity.related = true;
        match least {
            true => quantity.hi = None,
            false => quantity.lo = None,
        }
    }
    quantity
}

/// A bare number that only names things: `the first two sentences`, `these three paragraphs`.
pub(super) fn mentioned(hit: &Hit, quantity: &Quantity) -> bool {
    hit.is_of_a_thing()
        || !quantity.related
            && (says!(
                hit.before(),
                r"(?:\bthe|\bfirst|\blast|\bthis|\bthat|\bthese|\bthose|\bnext|\bprevious|\bmy|\bother|\bprior|\x04|\beach|\bof the|\bhis|\bher|\btheir|\bour|\bevery|\bper) $"
            ) || says!(
                hit.before(),
                r"\b(?:i|we|he|she|they|you|my [a-z]+|his [a-z]+|her [a-z]+|our [a-z]+|their [a-z]+|'s (?:[a-z]+ )?[a-z]+)(?: (?:already|currently|only|just|still|now|once))? (?:have|has|had|got|wrote|made|typed|used|have got|has got|had to [a-z]+|contains?)(?: (?:about|only|just))? $"
            ) || says!(
                hit.after(),
                r"^ (?:above|below|you wrote|i wrote|earlier|from (?:the|my|this)|of (?:the|this|my) (?:text|passage|article|story|book))"
            ) && !says!(
                // `three sentences below the code`: where they are to stand.
                hit.after(),
                r"^ (?:above|below) (?:it|that|them|the (?:code|script|function|snippet|table|list|poem|recipe|answer|verdict|chart|diagram|formula|quote|headline))\b"
            ))
}

/// `one word of advice`, `two words of warning`: what is said before the text begins. `50 words of advice` is a length.
pub(super) fn a_few(hit: &Hit, quantity: &Quantity) -> bool {
    quantity.exact().is_some_and(|count| count < 10)
        && !quantity.related
        && says!(
            hit.after(),
            r"^ of (?:wisdom|advice|caution|warning|thanks|welcome|comfort|encouragement|praise|explanation)\b"
        )
}

/// Limits on each item rather than on the answer. The number of the limit, if it is one.
pub(super) fn per_item(hit: &Hit) -> bool {
    // A lone `each` is of the items where there is a list.
    let listed = says!(
        hit.context(),
        r"\b(?:bullets?|bulleted|items?|points?|lists?|steps|entries|checklist|tips|reasons|facts|ideas|options?|number them|numbered)\b"
    );
    // `bullets, and none longer than six words`
    let of_none = || {
        says!(
            hit.before(),
            r"\b(?:none|not \x01|no one)(?: (?:of (?:them|these|those)|being|is|to be|should be|may be|can be|be|should run to|runs to))* $"
        )
    };
    listed
        && (of_none()
            || says!(
                hit.after(),
                r"^(?: \x03)?,? (?:each|apiece|(?:on|about|for|to|under) each(?: one| of (?:them|these))?(?:[.,;!)\n]|$))"
            ))
        || says!(
            hit.after(),
            r"^(?: \x03)?,? (?:per (?:bullet|item|point|entry|step|answer option)|for each (?:bullet|item|point)|in each (?:bullet|item|point))"
        )
        || says!(
            hit.before(),
            r"\b(?:each|every|no|any) (?:single )?(?:[a-z]+ )?(?:bullet|item|point|entry|bullet point|list item|step)s?(?: point)?\b[^.!?\n;]*$"
        )
        || listed
            && says!(
                hit.before(),
                r"\beach(?: \x01| one)?,?(?: (?:a|an|being|is|should|must|be|just|only|with|in|of|has|having|no|to|down|within|gets?|getting|may|can|at)\b)* $|\b(?:each|all|none|any|every one) of (?:them|these|those)\b[^.!?\n;,]*$"
            )
        || says!(
            hit.before(),
            r"\b(?:bullets|bullet points|items|points|list items)(?: (?:of|on|about|for) [^.!?\n,;]{1,40})?,? (?:with )?(?:each|all)(?: (?:of which|one|\x01|should|must|being|be|is|at|of|with)\b)* $"
        )
        || says!(
            hit.before(),
            r"\b(?:bullets|bullet points|items|points|list items)(?: (?:that are|should|must|with|have|each|stay|can|are|of|to|be|at)\b)* $"
        )
        || of_each_listed(hit)
}

/// `nine ideas, bullets or numbers; each idea gets a sentence`: what is listed are ideas.
fn of_each_listed(hit: &Hit) -> bool {
    static EACH: Pattern =
        Pattern::new(r"\b(?:each|every|any|no|none of the) (?:single |one )?([a-z]+)\b[^.!?\n;,]*$");
    let Some(noun) = EACH.captures(hit.before()).and_then(|found| found.get(1)) else {
        return false;
    };
    // The list may be asked for behind it: `Each tip must fit in one sentence. Ten tips, bulleted …`
    let text = &hit.document.text;
    !says!(
        noun.as_str(),
        r"^(?:{part}|answer|reply|response|one|of|version|message)$"
    ) && says!(
        text,
        r"\b(?:lists?|listing|bullets?|bulleted|numbered|checklist)\b"
    ) && [format!("{}s", noun.as_str()), format!("\u{1} {}", noun.as_str())]
        .iter()
        .any(|listed| text.contains(listed.as_str()))
}

/// `in a sentence about bees` says what it is about; `in a sentence` says how long.
pub(super) fn incidental(hit: &Hit) -> bool {
    hit.amount(0).is_none()
        && says!(
            hit.after(),
            r"^ (?:about|on|describing|that|which|with|of|for|explaining|where|from|like)\b"
        )
}

/// `one sentence per planet`: as many as there are planets.
pub(super) fn per_thing(hit: &Hit) -> bool {
    says!(
        hit.after(),
        r"^(?: \x03)?,? (?:per|for each|for every|on each|about each) "
    ) && !says!(
        hit.after(),
        r"^(?: \x03)?,? (?:per|for each|for every|on each|about each) (?:{part}|reply|answer|response|message|turn)\b"
    )
}
