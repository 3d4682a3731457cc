//! XML as it is written: elements, texts, and extensions as they were given.

use quick_xml::events::Event;

use super::WriteError;

/// A document under construction.
pub(super) struct Xml {
    text: String,
    depth: usize,
}

impl Xml {
    pub(super) fn new() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), depth: 0 }
    }

    fn line(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(super) fn open(&mut self, tag: &str) {
        self.line(&format!("<{tag}>"));
        self.depth += 1;
    }

    pub(super) fn close(&mut self, tag: &str) {
        self.depth = self.depth.saturating_sub(1);
        self.line(&format!("</{tag}>"));
    }

    /// An element with a text. Blanks at its ends would be lost to readers, so that there are none.
    pub(super) fn text(&mut self, element: &'static str, text: &str) -> Result<(), WriteError> {
        // XML 1.0, 2.2: characters that no document can hold, nor a reference to them.
        let is_char = |c: char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        if !text.chars().all(is_char) || text.trim() != text {
            return Err(WriteError::Invalid { element, value: text.to_owned() });
        }
        let mut escaped = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                // A reader would make a line feed of it (XML 1.0, 2.11).
                '\r' => escaped.push_str("&#13;"),
                c => escaped.push(c),
            }
        }
        self.line(&format!("<{element}>{escaped}</{element}>"));
        Ok(())
    }

    pub(super) fn demanded(&mut self, element: &'static str, text: &str) -> Result<(), WriteError> {
        if text.is_empty() {
            return Err(WriteError::Missing { element });
        }
        self.text(element, text)
    }

    pub(super) fn optional(&mut self, element: &'static str, text: Option<&str>) -> Result<(), WriteError> {
        text.map_or(Ok(()), |text| self.text(element, text))
    }

    /// An element with a word of the schema; `unknown` is none.
    pub(super) fn word(&mut self, element: &'static str, word: Option<&str>) -> Result<(), WriteError> {
        match word {
            Some("unknown") => Err(WriteError::Invalid { element, value: "unknown".to_owned() }),
            word => self.optional(element, word),
        }
    }

    /// An element of another namespace, as it was given.
    pub(super) fn raw(&mut self, extension: &str) -> Result<(), WriteError> {
        if !is_extension(extension) {
            return Err(WriteError::Invalid { element: "extension", value: extension.to_owned() });
        }
        self.line(extension);
        Ok(())
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// Whether a text is one whole element that declares its namespace, and nothing that could reach beyond it.
fn is_extension(text: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let (mut depth, mut roots) = (0_u32, 0);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                if depth == 0 {
                    roots += 1;
                    let declared = tag
                        .attributes()
                        .flatten()
                        .any(|attribute| attribute.key.as_namespace_binding().is_some());
                    if !declared {
                        return false;
                    }
                }
                if tag.attributes().any(|attribute| attribute.is_err()) {
                    return false;
                }
                depth += 1;
            }
            Ok(Event::Empty(tag)) => {
                let declared = tag
                    .attributes()
                    .flatten()
                    .any(|attribute| attribute.key.as_namespace_binding().is_some());
                if depth == 0 {
                    if !declared {
                        return false;
                    }
                    roots += 1;
                }
                if tag.attributes().any(|attribute| attribute.is_err()) {
                    return false;
                }
            }
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(text)) if depth == 0 && !text.as_ref().trim().is_empty() => return false,
            Ok(Event::Text(_) | Event::CData(_) | Event::Comment(_)) => {}
            Ok(Event::GeneralRef(reference)) if depth > 0 => {
                let known = matches!(reference.as_ref(), "amp" | "lt" | "gt" | "quot" | "apos");
                if !known && !matches!(reference.resolve_char_ref(), Ok(Some(_))) {
                    return false;
                }
            }
            Ok(Event::Eof) => return depth == 0 && roots == 1,
            Ok(_) | Err(_) => return false,
        }
    }
}
