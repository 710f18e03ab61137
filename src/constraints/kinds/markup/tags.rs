//! Tags of HTML and XML.

use crate::constraints::text::chars::{is_space, strip};

/// `<i>` or `<em>` with text in it, closed, and text behind. Three bytes are taken for the opening tag and four for the
/// closing one, whichever it is, as published.
pub fn has_thesis(answer: &str) -> bool {
    let Some(start) = answer.find("<i>").or_else(|| answer.find("<em>")) else {
        return false;
    };
    let text = &answer[start..];
    let Some(end) = text.find("</i>").or_else(|| text.find("</em>")) else {
        return false;
    };
    let thesis = text.get(3..end).unwrap_or_default();
    !strip(thesis).is_empty() && !strip(&text[end + 4..]).is_empty()
}

/// One piece of markup.
enum Piece<'a> {
    Text(&'a str),
    /// A comment, a declaration, a processing instruction.
    Aside,
    Open(&'a str),
    Empty(&'a str),
    Close(&'a str),
}

/// Cuts markup into pieces; `None` in the end if a tag is not complete.
fn pieces<'a>(text: &'a str, mut piece: impl FnMut(Piece<'a>) -> bool) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let (found, length) = if let Some(inside) = rest.strip_prefix("<!--") {
            match inside.find("-->") {
                Some(end) => (Piece::Aside, end + 7),
                None => return false,
            }
        } else if let Some(inside) = rest.strip_prefix("<![CDATA[") {
            match inside.find("]]>") {
                Some(end) => (Piece::Text(&inside[..end]), end + 12),
                None => return false,
            }
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            match rest.find('>') {
                Some(end) => (Piece::Aside, end + 1),
                None => return false,
            }
        } else if let Some(inside) = rest.strip_prefix('<') {
            let Some(end) = tag_end(inside) else { return false };
            (tag(&inside[..end]), end + 2)
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            (Piece::Text(&rest[..end]), end)
        };
        if !piece(found) {
            return false;
        }
        rest = &rest[length..];
    }
    true
}

/// The `>` that ends a tag, quoted ones left out.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (None, '<') => return None,
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn tag(inside: &str) -> Piece<'_> {
    if let Some(name) = inside.strip_prefix('/') {
        return Piece::Close(strip(name));
    }
    let (inside, empty) = inside
        .strip_suffix('/')
        .map_or((inside, false), |inside| (inside, true));
    let name = inside.split(is_space).next().unwrap_or_default();
    if empty {
        Piece::Empty(name)
    } else {
        Piece::Open(name)
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':'))
}

/// One element with everything closed that was opened, and no text around it.
pub fn is_xml(text: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut elements = 0;
    let fits = pieces(text, |piece| match piece {
        Piece::Text(text) => !open.is_empty() || strip(text).is_empty(),
        Piece::Aside => true,
        Piece::Open(name) | Piece::Empty(name) if !is_name(name) || open.is_empty() && elements > 0 => false,
        Piece::Open(name) => {
            elements += 1;
            open.push(name);
            true
        }
        Piece::Empty(_) => {
            elements += 1;
            true
        }
        Piece::Close(name) => open.pop() == Some(name),
    });
    fits && open.is_empty() && elements > 0
}

/// Begins and ends with markup, and every tag that HTML wants closed is closed in order.
pub fn is_html(text: &str) -> bool {
    const VOID: &[&str] = &[
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ];
    const MAY_STAY_OPEN: &[&str] = &[
        "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option",
    ];
    let text = strip(text);
    if !(text.starts_with('<') && text.ends_with('>')) {
        return false;
    }
    let mut open: Vec<String> = Vec::new();
    let mut elements = 0;
    let mut raw = false;
    let fits = pieces(text, |piece| match piece {
        Piece::Close(name) => {
            let name = name.to_lowercase();
            raw = false;
            while open
                .last()
                .is_some_and(|last| *last != name && MAY_STAY_OPEN.contains(&last.as_str()))
            {
                open.pop();
            }
            open.pop().is_some_and(|last| last == name)
        }
        _ if raw => true,
        Piece::Text(_) | Piece::Aside => true,
        Piece::Open(name) if !is_name(name) => false,
        Piece::Open(name) => {
            let name = name.to_lowercase();
            elements += 1;
            raw = matches!(name.as_str(), "script" | "style");
            if !VOID.contains(&name.as_str()) {
                open.push(name);
            }
            true
        }
        Piece::Empty(name) => {
            elements += 1;
            is_name(name)
        }
    });
    fits && elements > 0 && open.iter().all(|name| MAY_STAY_OPEN.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_or_not() {
        for text in [
            "<a/>",
            "<?xml version=\"1.0\"?>\n<a b=\"x>y\"><c>t</c><!-- n --></a>",
            "<a><![CDATA[<b>]]></a>",
        ] {
            assert!(is_xml(text), "{text}");
        }
        for text in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "x<a/>",
            "<a><b></a></b>",
            "<1/>",
            "<a",
            "<",
        ] {
            assert!(!is_xml(text), "{text}");
        }
        for text in [
            "<!DOCTYPE html><html><body><p>Hi<br>there</body></html>",
            "<ul><li>a<li>b</ul>",
            "<img src=\"x\">",
        ] {
            assert!(is_html(text), "{text}");
        }
        for text in ["Hi", "<b>Hi", "<div><b></div></b>", "Here: <p>x</p>"] {
            assert!(!is_html(text), "{text}");
        }
    }
}
