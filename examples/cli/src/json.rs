//! JSON that a terminal can be shown: what hides or reorders text is written as `\uXXXX`.

use std::io::{self, Write};

use dmarc_core::diagnostics::escape;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

/// Writes a value on one line.
pub(crate) fn compact(stream: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(stream, Visible(CompactFormatter));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Writes a value indented.
pub(crate) fn pretty(stream: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(stream, Visible(PrettyFormatter::new()));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// A formatter that shows every character.
struct Visible<F>(F);

impl<F: Formatter> Formatter for Visible<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut shown = 0;
        for (at, character) in fragment.char_indices().filter(|(_, character)| hides(*character)) {
            self.0.write_string_fragment(writer, &fragment[shown..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            shown = at + character.len_utf8();
        }
        self.0.write_string_fragment(writer, &fragment[shown..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

/// Whether the library would not show a character as it is.
fn hides(character: char) -> bool {
    // Nearly all text: not worth asking.
    if matches!(character, ' '..='~') {
        return false;
    }
    let mut text = [0; 4];
    let text: &str = character.encode_utf8(&mut text);
    escape(text, 1) != text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_written_as_escapes_and_read_back() {
        let text = "a\u{7f}\u{9b}2J\u{202e}b\u{e0041}é😀\u{1b}\"\\";
        let mut octets = Vec::new();
        compact(&mut octets, &[text]).unwrap();
        let written = String::from_utf8(octets).unwrap();
        assert_eq!(written, r#"["a\u007f\u009b2J\u202eb\udb40\udc41é😀\u001b\"\\"]"#);
        assert_eq!(serde_json::from_str::<Vec<String>>(&written).unwrap(), [text]);
    }

    #[test]
    fn the_indented_form_is_that_of_serde() {
        let value = serde_json::json!({ "a": [1, { "b": [] }], "c": {} });
        let mut octets = Vec::new();
        pretty(&mut octets, &value).unwrap();
        assert_eq!(String::from_utf8(octets).unwrap(), serde_json::to_string_pretty(&value).unwrap());
    }
}
