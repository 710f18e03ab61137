//! Ids that belong to one prompt each.

mod data;
mod lists;
pub mod phrases;
mod quiz;

use super::{Args, Build, Category, Kind, Reach};
use crate::constraints::{
    args::Relation,
    checker::{Bounds, CharFinder, Count, Every, Found, Unit, Whole},
    text::literal::{Edges, Literal},
};

/// A kind without arguments whose check looks at the whole answer.
const fn whole(id: &'static str, about: &'static str, label: fn(Args) -> String, checker: Build) -> Kind {
    Kind {
        id,
        reach: Reach::Whole,
        category: Category::Format,
        about,
        args: &[],
        label,
        checker,
    }
}

pub const KINDS: &[Kind] = &[
    whole(
        "custom:multiples",
        "prints the multiples of 7 from 14 to 49",
        |_| "multiples of 7".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (lists::is_multiples_of_seven(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:mcq_count_length",
        "asks four questions of growing length, five options each",
        |_| "4 questions, 5 options".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (quiz::is_growing_quiz(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:reverse_newline",
        "lists the countries of Africa in reverse order",
        |_| "African countries, Z to A".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (lists::is_africa_reversed(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:word_reverse",
        "is one sentence on the bald eagle, its words in reverse order",
        |_| "words reversed".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (lists::is_eagle_reversed(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:character_reverse",
        "names the bald eagle letter by letter in reverse order",
        |_| "letters reversed".into(),
        |_, _, _| {
            let eagle = Eagle(Literal::new("elgae dlab", true, Edges::Any));
            Ok(Box::new(Count::new(
                eagle,
                Bounds::at_least(1),
                ("eagle", "eagles"),
            )))
        },
    ),
    whole(
        "custom:sentence_alphabet",
        "has 26 sentences that begin with the letters of the alphabet",
        |_| "26 sentences, A to Z".into(),
        |_, _, _| {
            let alphabet = Every::new(Unit::Sentence, lists::alphabet());
            Ok(Box::new(alphabet.bounded(Bounds::new(Relation::Exactly, 26))))
        },
    ),
    whole(
        "custom:european_capitals_sort",
        "lists the northern capitals of Europe from north to south",
        |_| "capitals, north to south".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (lists::is_capitals(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:csv_city",
        "is CSV with seven rows on cities",
        |_| "CSV of cities".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (data::is_cities(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:csv_special_character",
        "is CSV with 14 products, one field with a special character",
        |_| "CSV with a special character".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (data::is_products(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:csv_quotes",
        "is tab-separated data on students, every field quoted",
        |_| "quoted tab-separated data".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (data::is_students(answer), String::new())
            })))
        },
    ),
    whole(
        "custom:date_format_list",
        "lists dates of Napoleon's life as YYYY-MM-DD",
        |_| "dates as YYYY-MM-DD".into(),
        |_, _, _| {
            Ok(Box::new(Whole::new(|answer| {
                (lists::is_dates(answer), String::new())
            })))
        },
    ),
];

/// `bald eagle` from back to front.
struct Eagle(Literal);

impl CharFinder for Eagle {
    fn take(&mut self, at: usize, c: char, found: &mut Found) {
        if let Some(place) = self.0.take(at, c) {
            found.add(place);
        }
    }
}
