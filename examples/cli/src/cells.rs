//! CSV for people who open it in a spreadsheet: no cell is taken for a formula.

use std::borrow::Cow;
use std::io;

use csv::Writer;

/// A header and rows, as lines.
pub(crate) fn lines(header: &[&str], rows: &[Vec<String>]) -> io::Result<Vec<u8>> {
    let mut writer = Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| guarded(cell).into_owned()))?;
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A text that no spreadsheet runs: what begins like a formula gets an apostrophe in front.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a text is a sign and decimal digits, with a point or without.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part]
        .iter()
        .all(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_gets_an_apostrophe_and_numbers_do_not() {
        for text in [
            "=1+1", "+SUM(A1)", "-x", "@A1", "\tx", "\rx", "-", "+", "--1", "-1+2", "-1.", "-.5", "-inf",
            "+1e5",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "a=b", "-1", "+31", "-1.5", "0", "'=1", "a-b", " =1"] {
            assert_eq!(guarded(text), text);
        }
    }
}
