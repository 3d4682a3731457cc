//! XML as it is written: elements, texts, and extensions as they were given.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Prefix, PrefixDeclaration};

use super::super::extension::{Names, is_char, is_name, push_escaped, value};
use super::super::gather::{NAMESPACE_9990, is_of_dmarc};
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
        self.spoken(element, text, None)
    }

    /// An element with a text in a language.
    pub(super) fn spoken(
        &mut self,
        element: &'static str,
        text: &str,
        lang: Option<&str>,
    ) -> Result<(), WriteError> {
        if let Some(lang) = lang.filter(|lang| !is_language(lang)) {
            return Err(WriteError::Invalid { element: "lang", value: lang.to_owned() });
        }
        if !text.chars().all(is_char) || text.trim() != text {
            return Err(WriteError::Invalid { element, value: text.to_owned() });
        }
        let mut escaped = String::with_capacity(text.len());
        push_escaped(&mut escaped, text);
        let lang = lang.map(|lang| format!(" lang=\"{lang}\"")).unwrap_or_default();
        self.line(&format!("<{element}{lang}>{escaped}</{element}>"));
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
    if !text.chars().all(is_char) {
        return false;
    }
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots, mut names) = (0, 0, Names::default());
    // What the root declares.
    names.declare(0, "", NAMESPACE_9990);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                roots += u32::from(depth == 0);
                depth += 1;
                if !is_bound(&tag, depth, &mut names) {
                    return false;
                }
            }
            Ok(Event::Empty(tag)) => {
                roots += u32::from(depth == 0);
                if !is_bound(&tag, depth + 1, &mut names) {
                    return false;
                }
                names.leave(depth);
            }
            Ok(Event::End(_)) => {
                depth = depth.saturating_sub(1);
                names.leave(depth);
            }
            Ok(Event::Text(text)) if depth == 0 && !text.as_ref().trim().is_empty() => return false,
            Ok(Event::Text(text)) if text.as_ref().contains("]]>") => return false,
            Ok(Event::CData(_)) if depth == 0 => return false,
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

/// Whether every prefix of a tag is declared within the extension, and its own namespace as well if it is the
/// outermost.
fn is_bound(tag: &BytesStart<'_>, depth: usize, names: &mut Names) -> bool {
    let mut used = Vec::new();
    for attribute in tag.attributes() {
        let Ok(attribute) = attribute else { return false };
        let is_sound =
            !attribute.value.contains('<') && attribute.normalized_value(XmlVersion::Implicit1_0).is_ok();
        if !is_sound || !is_name(attribute.key.as_ref()) {
            return false;
        }
        match attribute.key.as_namespace_binding() {
            Some(binding) => {
                let prefix = match binding {
                    PrefixDeclaration::Default => "",
                    PrefixDeclaration::Named(prefix) => prefix,
                };
                if !names.declare(depth, prefix, value(&attribute).trim()) {
                    return false;
                }
            }
            None => used.extend(attribute.key.prefix().map(Prefix::into_inner)),
        }
    }
    let name = tag.name();
    let prefix = name.prefix().map(Prefix::into_inner);
    let is_other = |namespace: &str| !is_of_dmarc(namespace);
    is_name(name.as_ref())
        && used.iter().chain(&prefix).all(|prefix| names.resolve(prefix).is_some())
        && (depth > 1 || names.resolve(prefix.unwrap_or_default()).is_some_and(is_other))
}

/// `[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*` (XML Schema, 3.3.3): a code of a language.
fn is_language(text: &str) -> bool {
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|c| c.is_ascii_alphanumeric());
    text.split('-').all(is_part)
        && text.split('-').next().is_some_and(|first| first.bytes().all(|c| c.is_ascii_alphabetic()))
}
