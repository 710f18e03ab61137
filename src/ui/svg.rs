//! Cells to a picture: an SVG of a frame, for documents.
//!
//! Text is placed by the cell and stretched to its cells, so that it stands right in whatever monospaced font a reader
//! has; frames are drawn as lines. The terminal's palette is the reader's own, so a picture has to bring one.

use std::collections::BTreeMap;
use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

use super::width::width;

/// A cell, in pixels: as wide as a character of most monospaced fonts at this size, for readers that do not stretch text;
/// sums are exact in binary and short in decimal.
const CELL: (f32, f32) = (8.125, 18.0);
const MARGIN: f32 = 12.0;
/// From the top of a cell to the base line of its text.
const BASELINE: f32 = 13.5;

const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d4d7dd";
/// The sixteen colours, in the order of the terminal.
const PALETTE: [&str; 16] = [
    "#2b2f37", "#e06c75", "#8fc07a", "#d9b45f", "#6ea8e8", "#c48fe0", "#5fb8c0", "#b9bec8", "#5a616e",
    "#f08a92", "#a8d693", "#edcb7c", "#8fc0f5", "#d9acf0", "#7fd0d7", "#f2f4f7",
];

/// How a stretch of text looks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Look {
    colour: String,
    /// The bits of its modifiers.
    weight: u16,
}

/// Draws a frame; the caret is a bar.
pub fn svg(buffer: &Buffer, caret: Option<Position>) -> String {
    let area = buffer.area;
    let (columns, rows) = (f32::from(area.width), f32::from(area.height));
    let size = (columns * CELL.0 + 2.0 * MARGIN, rows * CELL.1 + 2.0 * MARGIN);
    let mut text = String::new();
    let mut fills = String::new();
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut looks: BTreeMap<Look, usize> = BTreeMap::new();
    for y in area.top()..area.bottom() {
        let mut row = String::new();
        for run in runs(buffer, y) {
            let (x, top) = corner(run.x, y);
            let wide = f32::from(run.cells) * CELL.0;
            if let Some(fill) = &run.background {
                let _ = write!(
                    fills,
                    "<rect x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"{}\" fill=\"{fill}\"/>",
                    CELL.1
                );
            }
            if run.is_frame {
                let path = lines.entry(run.look.colour).or_default();
                for (at, sign) in run.text.chars().enumerate() {
                    frame(path, sign, (x + at as f32 * CELL.0, top));
                }
            } else if !run.text.trim().is_empty() {
                let next = looks.len();
                let class = *looks.entry(run.look).or_insert(next);
                let length = if run.cells > 1 {
                    format!(" textLength=\"{wide}\"")
                } else {
                    String::new()
                };
                let _ = write!(
                    row,
                    "<tspan x=\"{x}\" class=\"l{class}\"{length}>{}</tspan>",
                    escaped(&run.text)
                );
            }
        }
        if !row.is_empty() {
            let _ = writeln!(text, "<text y=\"{}\">{row}</text>", corner(0, y).1 + BASELINE);
        }
    }
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\">\n<style>\
         text{{font:13.5px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace;white-space:pre}}",
        size.0, size.1
    );
    for (look, class) in &looks {
        let _ = write!(out, ".l{class}{{{}}}", style(look));
    }
    let _ = write!(
        out,
        "</style>\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n{fills}"
    );
    for (colour, path) in &lines {
        let _ = writeln!(out, "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\"/>");
    }
    out.push_str(&text);
    if let Some(caret) = caret {
        let (x, y) = corner(caret.x, caret.y);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{}\" width=\"2\" height=\"15\" fill=\"{FOREGROUND}\"/>",
            y + 1.5
        );
    }
    out + "</svg>\n"
}

/// The rows of a frame as text.
pub fn text(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut row = String::new();
        let mut x = buffer.area.left();
        while x < buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            row.push_str(symbol);
            x += (width(symbol) as u16).max(1);
        }
        text.push_str(row.trim_end());
        text.push('\n');
    }
    text
}

/// Cells of a row that look the same.
struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
    background: Option<String>,
    is_frame: bool,
}

fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = buffer.area.left();
    // A gap ends a run, so that no gap is stretched text; one space between words does not.
    let mut spaces = 0;
    while x < buffer.area.right() {
        let cell = &buffer[(x, y)];
        let cells = (width(cell.symbol()) as u16).max(1);
        let (look, background) = look(cell);
        let is_frame = matches!(cell.symbol(), "│" | "─" | "╭" | "╮" | "╰" | "╯" | "├" | "┤");
        if cell.symbol() == " " && background.is_none() && look.weight == 0 {
            spaces += 1;
        } else {
            match runs.last_mut() {
                Some(run)
                    if (&run.look, &run.background, run.is_frame) == (&look, &background, is_frame)
                        && (spaces == 0 || (spaces == 1 && !is_frame && background.is_none())) =>
                {
                    run.text.push_str(&" ".repeat(usize::from(spaces)));
                    run.text.push_str(cell.symbol());
                    run.cells += spaces + cells;
                }
                _ => runs.push(Run {
                    x,
                    cells,
                    text: cell.symbol().to_owned(),
                    look,
                    background,
                    is_frame,
                }),
            }
            spaces = 0;
        }
        x += cells;
    }
    runs
}

fn look(cell: &Cell) -> (Look, Option<String>) {
    let mut fore = colour(cell.fg).unwrap_or_else(|| FOREGROUND.to_owned());
    let mut back = colour(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        let swapped = back.unwrap_or_else(|| BACKGROUND.to_owned());
        back = Some(std::mem::replace(&mut fore, swapped));
    }
    let weight = cell.modifier - Modifier::REVERSED;
    // A blank has no look of its own, unless it is underlined.
    let plain = cell.symbol() == " " && !weight.contains(Modifier::UNDERLINED);
    let look = Look {
        colour: if plain { FOREGROUND.to_owned() } else { fore },
        weight: if plain { 0 } else { weight.bits() },
    };
    (look, back)
}

fn colour(colour: Color) -> Option<String> {
    let index = match colour {
        Color::Reset => return None,
        Color::Rgb(r, g, b) => return Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(n) => return Some(indexed(n)),
    };
    Some(PALETTE[index].to_owned())
}

/// One of the 256 colours: the sixteen, a cube of 6 levels, a ramp of greys.
fn indexed(n: u8) -> String {
    let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
    match n {
        0..16 => PALETTE[usize::from(n)].to_owned(),
        16..232 => {
            let n = n - 16;
            format!(
                "#{:02x}{:02x}{:02x}",
                level(n / 36),
                level(n / 6 % 6),
                level(n % 6)
            )
        }
        232.. => format!("#{0:02x}{0:02x}{0:02x}", 8 + 10 * (n - 232)),
    }
}

fn style(look: &Look) -> String {
    let mut style = format!("fill:{}", look.colour);
    for (modifier, rule) in [
        (Modifier::BOLD, ";font-weight:bold"),
        (Modifier::ITALIC, ";font-style:italic"),
        (Modifier::UNDERLINED, ";text-decoration:underline"),
        (Modifier::DIM, ";opacity:.6"),
    ] {
        if Modifier::from_bits_truncate(look.weight).contains(modifier) {
            style.push_str(rule);
        }
    }
    style
}

/// The upper left corner of a cell.
fn corner(x: u16, y: u16) -> (f32, f32) {
    (f32::from(x) * CELL.0 + MARGIN, f32::from(y) * CELL.1 + MARGIN)
}

/// One cell of a frame, as strokes from edge to edge.
fn frame(path: &mut String, sign: char, (left, top): (f32, f32)) {
    let (right, bottom) = (left + CELL.0, top + CELL.1);
    let (x, y) = (left + CELL.0 / 2.0, top + CELL.1 / 2.0);
    let _ = match sign {
        // A stroke that goes on from the one before is made longer.
        '─' => match path.rfind('H').filter(|at| path[at + 1..] == left.to_string()) {
            Some(at) => {
                path.truncate(at);
                write!(path, "H{right}")
            }
            None => write!(path, "M{left} {y}H{right}"),
        },
        '│' => write!(path, "M{x} {top}V{bottom}"),
        '├' => write!(path, "M{x} {top}V{bottom}M{x} {y}H{right}"),
        '┤' => write!(path, "M{x} {top}V{bottom}M{left} {y}H{x}"),
        '╭' => write!(path, "M{x} {bottom}Q{x} {y} {right} {y}"),
        '╮' => write!(path, "M{left} {y}Q{x} {y} {x} {bottom}"),
        '╰' => write!(path, "M{x} {top}Q{x} {y} {right} {y}"),
        _ => write!(path, "M{x} {top}Q{x} {y} {left} {y}"),
    };
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    #[test]
    fn text_is_placed_by_the_cell_and_frames_are_strokes() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
        buffer.set_string(0, 0, "╭──╮", Style::new().fg(Color::Cyan));
        buffer.set_string(0, 1, "a<b 你c", Style::new().add_modifier(Modifier::BOLD));
        let svg = svg(&buffer, Some(Position::new(7, 1)));
        assert!(svg.contains("viewBox=\"0 0 89 60\""), "{svg}");
        assert!(svg.contains("M20.125 21H36.375"), "{svg}");
        assert!(svg.contains("a&lt;b 你c"), "{svg}");
        assert!(svg.contains("textLength=\"56.875\""), "{svg}");
        assert!(svg.contains("fill:#d4d7dd;font-weight:bold"), "{svg}");
    }

    #[test]
    fn the_256_colours_are_those_of_terminals() {
        assert_eq!(indexed(196), "#ff0000");
        assert_eq!(indexed(232), "#080808");
        assert_eq!(indexed(255), "#eeeeee");
        assert_eq!(indexed(6), PALETTE[6]);
    }
}
