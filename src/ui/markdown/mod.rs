//! Markdown to rows, while it is being written.
//!
//! A [`Document`] keeps the rows of every top-level block. When the source grows, only its last block (and one that
//! its last, incomplete line opened) is parsed and rendered again: blocks before it cannot change, save for links whose definition comes later, which renders all anew.
//! The rows are those of rendering the whole at once. Rows know the bytes of the source they show.

mod code;
mod inline;
mod math;
mod render;
mod table;

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser};

use self::code::CodeBlock;
pub use self::code::Highlighter;
use self::render::Renderer;
use super::ink::InkRow;

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// The rows of a source at a width.
#[derive(Clone, Debug, Default)]
pub struct Document {
    columns: usize,
    /// Bytes of the source taken in, and where its last line, which may not be complete, starts.
    len: usize,
    last_line: usize,
    blocks: Vec<Block>,
    /// The code of the last block, parsed so far.
    code_blocks: Vec<CodeBlock>,
    definitions: BTreeMap<String, String>,
    /// How many languages were ready when it was rendered, if some code had to stay plain.
    cold: Option<usize>,
}

#[derive(Clone, Debug)]
struct Block {
    /// First byte of the source.
    start: usize,
    /// How many rows are before it.
    first_row: usize,
    rows: Vec<InkRow>,
}

impl Document {
    /// Takes in the source, which starts with what it was at the last call. A new width renders all.
    pub fn update(&mut self, source: &str, columns: usize, highlighter: &Highlighter) {
        let learned = self.cold.is_some_and(|then| then < highlighter.learned());
        if columns != self.columns || source.len() < self.len || learned {
            *self = Self {
                columns: columns.max(1),
                ..Self::default()
            };
        } else if source.len() == self.len {
            return;
        }
        let learned = highlighter.learned();
        if self.render(source, highlighter) {
            self.cold = Some(learned);
        }
        self.len = source.len();
        self.last_line = source.rfind('\n').map_or(0, |newline| newline + 1);
    }

    /// Renders from the last block on; true if some code stayed plain for now.
    fn render(&mut self, source: &str, highlighter: &Highlighter) -> bool {
        // What an incomplete line opened may still turn out to belong to the block before it.
        let settled = self.blocks.partition_point(|block| block.start < self.last_line);
        let from = settled.checked_sub(1).map_or(0, |last| self.blocks[last].start);
        if settled < self.blocks.len() {
            self.code_blocks.clear();
        }
        self.blocks.truncate(settled.saturating_sub(1));
        let stretch = &source[from..];
        let masked = math::mask(stretch, OPTIONS);
        let known = self.definitions.clone();
        let resolve = |link: BrokenLink<'_>| {
            let url = known.get(&link.reference.to_lowercase())?;
            Some((CowStr::from(url.clone()), CowStr::from("")))
        };
        let events =
            Parser::new_with_broken_link_callback(&masked, OPTIONS | Options::ENABLE_MATH, Some(resolve))
                .into_offset_iter();

        for (name, definition) in events.reference_definitions().iter() {
            self.definitions
                .insert(name.to_lowercase(), definition.dest.to_string());
        }
        if self.definitions != known && from > 0 {
            self.blocks.clear();
            self.code_blocks.clear();
            return self.render(source, highlighter);
        }

        let mut code_blocks = std::mem::take(&mut self.code_blocks);
        let mut renderer = Renderer::new(stretch, from, self.columns, highlighter, &mut code_blocks);
        let mut depth = 0usize;
        let mut start = 0;
        for (event, range) in events {
            if depth == 0 {
                start = stretch[..range.start]
                    .rfind('\n')
                    .map_or(0, |newline| newline + 1);
            }
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            renderer.event(event, range);
            if depth == 0 {
                let rows = renderer.finish();
                self.push_block(from + start, rows);
            }
        }
        let cold = renderer.cold;
        self.code_blocks = code_blocks;
        cold
    }

    fn push_block(&mut self, start: usize, mut rows: Vec<InkRow>) {
        let first_row = self
            .blocks
            .last()
            .map_or(0, |last| last.first_row + last.rows.len());
        if first_row > 0 && !rows.is_empty() {
            rows.insert(0, InkRow::default());
        }
        self.blocks.push(Block {
            start,
            first_row,
            rows,
        });
    }

    /// Rows in all.
    pub fn len(&self) -> usize {
        self.blocks
            .last()
            .map_or(0, |last| last.first_row + last.rows.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn row(&self, index: usize) -> Option<&InkRow> {
        let block = self
            .blocks
            .partition_point(|block| block.first_row <= index)
            .checked_sub(1)?;
        let block = &self.blocks[block];
        block.rows.get(index - block.first_row)
    }

    pub fn rows(&self) -> impl Iterator<Item = &InkRow> {
        self.blocks.iter().flat_map(|block| &block.rows)
    }

    /// The first row that shows a byte of `range`.
    pub fn row_of(&self, range: &Range<usize>) -> Option<usize> {
        let first = self
            .blocks
            .partition_point(|block| block.start <= range.start)
            .saturating_sub(1);
        self.blocks[first..]
            .iter()
            .take_while(|block| block.start < range.end)
            .find_map(|block| {
                let row = block.rows.iter().position(|row| row.shows(range))?;
                Some(block.first_row + row)
            })
    }
}

#[cfg(test)]
mod tests;
