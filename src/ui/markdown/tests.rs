use proptest::prelude::*;

use super::*;

fn document(source: &str, columns: usize) -> Document {
    let mut document = Document::default();
    document.update(source, columns, &Highlighter::waiting());
    document
}

fn text(source: &str, columns: usize) -> String {
    let document = document(source, columns);
    let rows: Vec<&str> = document.rows().map(|row| row.text().trim_end()).collect();
    rows.join("\n")
}

#[test]
fn blocks() {
    insta::assert_snapshot!(text(
        "# Title\nSome *text* with `code`, **bold** and a [link](https://a.b).\nA second line.\n\n\
         - one\n- two\n  - deep\n    1. deeper\n\n> a quote\n> goes on\n\n---\n\n1. **First**\n\n   Loose.\n\n2. Second\n\n\
         - [x] done\n- [ ] open\n\n```rust\nfn main() {}\n\nlet x = 1;\n```\n<br>\n\n![alt](pic.png)",
        40
    ));
}

#[test]
fn tables_fit_or_stand_as_lists() {
    let table = "| Name | What it does | n |\n|---|:---:|--:|\n| `a` | holds **many** things of every kind | 1 |\n\
                 | 世界 | x | 1200 |\n";
    insta::assert_snapshot!(format!(
        "{}\n\n{}\n\n{}",
        text(table, 60),
        text(table, 30),
        text(table, 16)
    ));
}

#[test]
fn mathematics() {
    insta::assert_snapshot!(text(
        "The area is \\(\\pi r^2\\), or $a_1$; it costs $5 to $10.\n\n\\[\n\\frac{a}{b} \\leq \\sqrt{2}\n\\]\n\n\
         $$E = mc^2$$\n\nKeep `\\(this\\)`.",
        50
    ));
}

#[test]
fn a_place_in_the_source_maps_to_its_row() {
    let source = "# Title\n\nfirst\n\n- one, two\n- three\n\n```\ncode here\n```\n";
    let document = document(source, 30);
    for word in ["Title", "first", "two", "three", "here"] {
        let at = source.find(word).expect("word");
        let row = document.row_of(&(at..at + word.len())).expect("row");
        assert!(document.row(row).expect("row").text().contains(word), "{word}");
    }
    assert_eq!(document.row_of(&(source.len()..source.len() + 1)), None);
}

#[test]
fn hostile_sources_are_bounded() {
    for source in [
        ">".repeat(5_000),
        "- ".repeat(3_000),
        "[".repeat(20_000),
        "*".repeat(20_000),
        "|".repeat(5_000),
        "`".repeat(20_000),
        "$".repeat(20_000),
        "\\(".repeat(20_000),
        "a\n".repeat(20_000),
    ] {
        document(&source, 20);
    }
}

#[test]
fn a_definition_that_comes_late_makes_its_links() {
    let source = "See [the docs][d].\n\nMore.\n\n[d]: https://d.example\n";
    let mut growing = Document::default();
    for end in 1..=source.len() {
        growing.update(&source[..end], 60, &Highlighter::waiting());
    }
    assert_eq!(
        growing.row(0).expect("row").text(),
        "See the docs (https://d.example)."
    );
}

fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z]{1,8}",
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n- ".to_owned()),
        Just("\n  - ".to_owned()),
        Just("\n1. ".to_owned()),
        Just("\n> ".to_owned()),
        Just("\n# ".to_owned()),
        Just("\n```rust\n".to_owned()),
        Just("\n```\n".to_owned()),
        Just("\n    ".to_owned()),
        Just("\n| a | b |\n|---|---|\n| c | d |\n".to_owned()),
        Just("**".to_owned()),
        Just("`".to_owned()),
        Just("\\(x^2\\)".to_owned()),
        Just("$".to_owned()),
        Just("你好👩‍💻".to_owned()),
        Just("<br>".to_owned()),
        Just("\n---\n".to_owned()),
        "\\PC",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn a_stream_gives_the_rows_of_the_whole(source in markdown(), step in 1usize..9) {
        let highlighter = Highlighter::waiting();
        let mut growing = Document::default();
        let ends = source.char_indices().map(|(at, _)| at).skip(1).step_by(step).chain([source.len()]);
        for end in ends {
            growing.update(&source[..end], 24, &highlighter);
        }
        let whole = document(&source, 24);
        let rows = |d: &Document| d.rows().cloned().collect::<Vec<_>>();
        prop_assert_eq!(rows(&growing), rows(&whole));
    }

    #[test]
    fn rows_fit(source in markdown(), columns in 8usize..40) {
        for row in document(&source, columns).rows() {
            prop_assert!(row.width() <= columns, "{:?}", row.text());
        }
    }
}
