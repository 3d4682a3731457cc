//! Columns side by side, without breaking a line: a picture falls apart where a cell is broken.

use anstyle::Style;

use crate::output::Paint;
use crate::table::Column;

/// One cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A text that may be shown as it is.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), style: Style::new() }
    }

    /// The same in a style.
    pub(super) fn styled(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }

    fn width(&self) -> usize {
        self.text.chars().count()
    }
}

/// One line.
#[derive(Clone, Debug)]
pub(super) enum Line {
    /// A cell for each column.
    Cells(Vec<Cell>),
    /// A sentence across all columns.
    Across(Cell),
}

/// The lines with their columns aligned, indented, and without blanks at their ends.
pub(super) fn text(columns: &[Column], lines: &[Line], paint: Paint) -> String {
    let mut widths = vec![0; columns.len()];
    for line in lines {
        if let Line::Cells(cells) = line {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell.width().max(*width);
            }
        }
    }
    let mut text = String::new();
    for line in lines {
        text.push_str("  ");
        match line {
            Line::Across(cell) => text.push_str(&paint.paint(cell.style, &cell.text)),
            Line::Cells(cells) => row(&mut text, columns, &widths, cells, paint),
        }
        text.truncate(text.trim_end_matches(' ').len());
        text.push('\n');
    }
    text
}

fn row(text: &mut String, columns: &[Column], widths: &[usize], cells: &[Cell], paint: Paint) {
    for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
        let blank = " ".repeat(width.saturating_sub(cell.width()));
        let shown = if cell.text.is_empty() { String::new() } else { paint.paint(cell.style, &cell.text) };
        match column {
            Column::Text => text.push_str(&format!("{shown}{blank}  ")),
            Column::Number => text.push_str(&format!("{blank}{shown}  ")),
        }
    }
}
