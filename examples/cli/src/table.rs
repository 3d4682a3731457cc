//! Tables with aligned columns, as wide as the terminal at most.

use std::io::{self, IsTerminal};

use chrono::DateTime;
use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ContentArrangement, ContentLineStyle, LineStyle, Table, TableStyle,
};
use dmarc_core::diagnostics::escape;

use crate::output::Paint;

/// Width where there is no terminal: in a file, a mail or a manual.
const WIDTH: u16 = 108;
/// A terminal below this breaks the lines itself.
const NARROW: u16 = 60;
/// Most characters of one cell; longer texts are in the JSON.
const CELL: usize = 400;

/// How a column stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Column {
    /// Text, to the left.
    Text,
    /// A number, to the right.
    Number,
}

/// How a cell reads.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Tone {
    /// As it is.
    #[default]
    Plain,
    /// It is well.
    Good,
    /// It needs attention.
    Care,
    /// It is wrong.
    Bad,
    /// It is there for completeness.
    Aside,
}

/// A table in the making.
pub(crate) struct Rows {
    table: Table,
    columns: Vec<Column>,
}

impl Rows {
    /// A table with these columns.
    pub(crate) fn new(paint: Paint, header: &[(&str, Column)]) -> Self {
        let mut table = Table::new();
        // Nothing but a line below each title, and two blanks between columns.
        table.load_style(
            TableStyle::new()
                .header_lines(ContentLineStyle::none().junction(' '))
                .header_separator(LineStyle::none().fill('─').junction(' '))
                .content_lines(ContentLineStyle::none().junction(' ')),
        );
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if paint.on {
            table.enforce_styling();
        } else {
            table.force_no_tty();
        }
        // Where nobody says how wide it is, or where it is too narrow for columns.
        if !io::stdout().is_terminal() || table.width().is_none_or(|width| width < NARROW) {
            table.set_width(WIDTH);
        }
        let columns: Vec<Column> = header.iter().map(|(_, column)| *column).collect();
        table.set_header(header.iter().map(|(title, column)| {
            Cell::new(title).add_attribute(Attribute::Bold).set_alignment(alignment(*column))
        }));
        for column in table.column_iter_mut() {
            column.set_padding((0, 1));
        }
        Self { table, columns }
    }

    /// Adds a row. Outside text is escaped here, so that no cell reaches the terminal raw.
    pub(crate) fn row<'a>(&mut self, cells: impl IntoIterator<Item = (&'a str, Tone)>) {
        self.noted_row(cells, "");
    }

    /// Adds a row with a note below its last cell.
    pub(crate) fn noted_row<'a>(&mut self, cells: impl IntoIterator<Item = (&'a str, Tone)>, note: &str) {
        let cells: Vec<(String, Tone)> =
            cells.into_iter().map(|(text, tone)| (escape(text, CELL), tone)).collect();
        let last = cells.len().saturating_sub(1);
        let cells = cells.into_iter().zip(&self.columns).enumerate();
        let cells: Vec<Cell> = cells
            .map(|(index, ((mut text, tone), column))| {
                if index == last && !note.is_empty() {
                    text.push('\n');
                    text.push_str(&escape(note, CELL));
                }
                let cell = Cell::new(text).set_alignment(alignment(*column));
                match tone {
                    Tone::Plain => cell,
                    Tone::Good => cell.fg(Color::Green),
                    Tone::Care => cell.fg(Color::Yellow),
                    Tone::Bad => cell.fg(Color::Red),
                    Tone::Aside => cell.add_attribute(Attribute::Dim),
                }
            })
            .collect();
        self.table.add_row(cells);
    }

    /// The table as text, indented and without blanks at the ends of lines.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for line in self.table.lines() {
            text.push_str("  ");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

fn alignment(column: Column) -> CellAlignment {
    match column {
        Column::Text => CellAlignment::Left,
        Column::Number => CellAlignment::Right,
    }
}

/// A number with a sign between its thousands.
pub(crate) fn number(count: u64, thousands: char) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(thousands);
        }
        text.push(digit);
    }
    text
}

/// The day (UTC) of a time in epoch seconds, as `2026-11-15`.
pub(crate) fn day(seconds: i64) -> Option<String> {
    Some(DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%d").to_string())
}

/// A time in epoch seconds as `2026-11-15 09:30:00 UTC`.
pub(crate) fn moment(seconds: i64) -> Option<String> {
    Some(DateTime::from_timestamp(seconds, 0)?.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

/// A part of a whole in whole percents: never `100%` or `0%` unless it is all or nothing.
pub(crate) fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "-".to_owned();
    }
    let percent = (u128::from(part) * 100 + u128::from(whole) / 2) / u128::from(whole);
    match percent {
        0 if part > 0 => "<1%".to_owned(),
        100.. if part < whole => ">99%".to_owned(),
        _ => format!("{percent}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_from_the_right() {
        assert_eq!(number(0, ','), "0");
        assert_eq!(number(999, ','), "999");
        assert_eq!(number(1_000, '.'), "1.000");
        assert_eq!(number(12_345_678, ','), "12,345,678");
    }

    #[test]
    fn a_share_is_rounded_but_never_to_all_or_nothing() {
        assert_eq!(share(0, 0), "-");
        assert_eq!(share(0, 7), "0%");
        assert_eq!(share(7, 7), "100%");
        assert_eq!(share(1, 1_000), "<1%");
        assert_eq!(share(999, 1_000), ">99%");
        assert_eq!(share(2, 3), "67%");
        assert_eq!(share(u64::MAX, u64::MAX), "100%");
    }

    #[test]
    fn times_are_told_in_utc_and_absurd_ones_not_at_all() {
        assert_eq!(day(1_709_164_800).as_deref(), Some("2024-02-29"));
        assert_eq!(moment(-1).as_deref(), Some("1969-12-31 23:59:59 UTC"));
        assert_eq!(day(i64::MAX), None);
    }

    #[test]
    fn columns_are_aligned_and_outside_text_is_escaped() {
        let mut rows =
            Rows::new(Paint { on: false }, &[("Source", Column::Text), ("Messages", Column::Number)]);
        rows.row([("192.0.2.1", Tone::Plain), ("1,650", Tone::Good)]);
        rows.row([("\u{1b}[2J", Tone::Bad), ("7", Tone::Aside)]);
        let text = rows.text();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].ends_with("Messages"));
        assert!(lines[2].ends_with("1,650") && lines[3].ends_with("    7"));
        assert!(lines[3].contains("\\u{1b}[2J") && !text.contains('\u{1b}'));
    }
}
