//! A terminal that is not there: frames go through the real backend into an emulator.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;

use raif::app::State;
use raif::app::event::Geometry;
use raif::ui::{Cache, Theme, draw};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// What the backend writes: to the emulator, and kept.
#[derive(Clone)]
struct Wire(Rc<RefCell<(vt100::Parser, Vec<u8>)>>);

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (parser, sent) = &mut *self.0.borrow_mut();
        parser.process(bytes);
        sent.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub struct Screen {
    terminal: Terminal<CrosstermBackend<Wire>>,
    wire: Wire,
    cache: Cache,
    theme: Theme,
}

impl Screen {
    pub fn new(columns: u16, rows: u16, theme: &str) -> Self {
        let wire = Wire(Rc::new(RefCell::new((
            vt100::Parser::new(rows, columns, 0),
            Vec::new(),
        ))));
        let backend = CrosstermBackend::new(wire.clone());
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, columns, rows)),
        };
        Self {
            terminal: Terminal::with_options(backend, options).unwrap(),
            wire,
            cache: Cache::waiting(),
            theme: Theme::builtin(theme).unwrap(),
        }
    }

    /// The same screen with another size: what was made for the old one is kept.
    pub fn resized(self, columns: u16, rows: u16) -> Self {
        let mut screen = Self::new(columns, rows, "dark");
        screen.cache = self.cache;
        screen
    }

    pub fn draw(&mut self, state: &State) -> Geometry {
        let mut geometry = Geometry::default();
        self.terminal
            .draw(|frame| geometry = draw(frame, state, &mut self.cache, &self.theme))
            .unwrap();
        geometry
    }

    pub fn cache(&mut self) -> &mut Cache {
        &mut self.cache
    }

    pub fn emulator(&self) -> Ref<'_, vt100::Screen> {
        Ref::map(self.wire.0.borrow(), |(parser, _)| parser.screen())
    }

    /// Every byte that went to the terminal.
    pub fn sent(&self) -> Vec<u8> {
        self.wire.0.borrow().1.clone()
    }

    /// The rows as text, and where the cursor is.
    pub fn text(&self) -> String {
        let screen = self.emulator();
        let mut text = String::new();
        for row in screen.rows(0, screen.size().1) {
            writeln!(text, "{}", row.trim_end()).unwrap();
        }
        let (row, column) = screen.cursor_position();
        match screen.hide_cursor() {
            true => text.push_str("no cursor\n"),
            false => writeln!(text, "cursor at column {column} of row {row}").unwrap(),
        }
        text
    }

    /// The looks of every cell: a letter for each, and what the letters are.
    pub fn looks(&self) -> String {
        let screen = self.emulator();
        let (rows, columns) = screen.size();
        let mut letters: BTreeMap<String, char> = BTreeMap::new();
        let mut text = String::new();
        for row in 0..rows {
            for column in 0..columns {
                let look = screen.cell(row, column).map(look).unwrap_or_default();
                let next = (b'a' + letters.len() as u8) as char;
                text.push(if look.is_empty() {
                    '.'
                } else {
                    *letters.entry(look).or_insert(next)
                });
            }
            let end = text.trim_end_matches('.').len();
            text.truncate(end);
            text.push('\n');
        }
        for (look, letter) in letters {
            writeln!(text, "{letter}: {look}").unwrap();
        }
        text
    }
}

fn look(cell: &vt100::Cell) -> String {
    let mut look = Vec::new();
    let colour = |colour| match colour {
        vt100::Color::Default => None,
        vt100::Color::Idx(n) => Some(n.to_string()),
        vt100::Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
    };
    let blank = cell.contents().trim().is_empty();
    look.extend(colour(cell.fgcolor()).filter(|_| !blank));
    look.extend(colour(cell.bgcolor()).map(|colour| format!("on {colour}")));
    for (is, name) in [
        (cell.bold() && !blank, "bold"),
        (cell.dim() && !blank, "dim"),
        (cell.italic() && !blank, "italic"),
        (cell.underline(), "underlined"),
        (cell.inverse(), "reversed"),
    ] {
        look.extend(is.then(|| name.to_owned()));
    }
    look.join(" ")
}
