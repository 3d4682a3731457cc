//! Extensions (RFC 9990, 5): elements of other namespaces, kept as XML that stands by itself.
//!
//! They are written anew in one form: a namespace that was declared further out is declared at the
//! element itself, references and CDATA become plain text, line ends are line feeds, an element without
//! content is one tag. Comments, processing instructions and texts of blanks alone are left out.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;
use serde::{Deserialize, Serialize};

use super::rules;
use crate::diagnostics::Rule;

/// Namespaces that are declared at once; documents have two or three.
pub(super) const DECLARED: usize = 256;

/// Octets that each extension counts for, beside its texts.
const EACH: usize = 64;

/// Namespace of the prefix `xml` (Namespaces in XML 1.0, 3).
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An element of another namespace.
#[derive(Clone, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
pub struct Extension {
    /// Its namespace, which tells the definition; `None` if none is declared.
    pub namespace: Option<String>,
    /// Its local name.
    pub name: String,
    /// The whole element, with every namespace that it needs.
    pub xml: String,
}

impl Extension {
    /// Octets that it takes in memory, about.
    #[cfg(feature = "container")]
    pub(crate) fn held(&self) -> u64 {
        self.octets() as u64
    }

    /// Octets that it counts for.
    fn octets(&self) -> usize {
        EACH + self.namespace.as_ref().map_or(0, String::len) + self.name.len() + self.xml.len()
    }
}

/// The namespaces that are declared by open elements.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: Vec<Declared>,
    /// Depth of the last one.
    pub(super) deepest: usize,
}

#[derive(Debug)]
struct Declared {
    depth: usize,
    prefix: Box<str>,
    namespace: Box<str>,
}

impl Names {
    /// Takes a declaration of the element at that depth; `false` if there are too many.
    pub(super) fn declare(&mut self, depth: usize, prefix: &str, namespace: &str) -> bool {
        if self.declared.len() >= DECLARED {
            return false;
        }
        self.declared.push(Declared { depth, prefix: prefix.into(), namespace: namespace.into() });
        self.deepest = depth;
        true
    }

    /// Leaves every element that lies deeper.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|last| last.depth > depth) {
            self.declared.pop();
        }
        self.deepest = self.declared.last().map_or(0, |last| last.depth);
    }

    fn find(&self, prefix: &str) -> Option<&Declared> {
        self.declared.iter().rev().find(|declared| &*declared.prefix == prefix)
    }

    /// The namespace of a prefix; of no prefix if it is empty.
    pub(super) fn resolve(&self, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        self.find(prefix).map(|declared| &*declared.namespace).filter(|namespace| !namespace.is_empty())
    }
}

/// An extension that is being read.
#[derive(Debug)]
pub(super) struct Capture {
    /// Depth of its element.
    depth: usize,
    extension: Extension,
    /// Text since the last tag.
    text: String,
    /// Names of the open elements, with their prefixes.
    open: Vec<Box<str>>,
    /// Whether the last tag lacks its `>`: it may turn out to be empty.
    tag_open: bool,
    /// Namespaces that it uses and that are declared further out.
    needed: BTreeMap<Box<str>, Box<str>>,
    /// Octets that it may still take.
    room: usize,
    /// Why it is left out.
    pub(super) failed: Option<&'static Rule>,
}

impl Capture {
    /// Begins with the tag of an extension at a depth.
    pub(super) fn new(tag: &BytesStart<'_>, depth: usize, names: &Names, room: usize) -> Self {
        let name = tag.name();
        let namespace = names.resolve(name.prefix().map_or("", |prefix| prefix.into_inner()));
        let extension = Extension {
            namespace: namespace.map(str::to_owned),
            name: name.local_name().into_inner().to_owned(),
            xml: String::new(),
        };
        let mut capture = Self {
            depth,
            extension,
            text: String::new(),
            open: Vec::new(),
            tag_open: false,
            needed: BTreeMap::new(),
            room,
            failed: None,
        };
        capture.start(tag, names);
        capture
    }

    /// Its local name.
    pub(super) fn name(&self) -> &str {
        &self.extension.name
    }

    fn fail(&mut self, rule: &'static Rule) {
        self.failed.get_or_insert(rule);
        self.extension.xml = String::new();
        self.text = String::new();
        self.open = Vec::new();
    }

    fn grown(&mut self) {
        if self.extension.octets() + self.text.len() > self.room {
            self.fail(&rules::EXTENSION_TOO_LARGE);
        }
    }

    /// Takes the tag of an element: its own, or of one within.
    pub(super) fn start(&mut self, tag: &BytesStart<'_>, names: &Names) {
        if self.failed.is_some() {
            return;
        }
        self.flush();
        let name = tag.name().into_inner();
        if !is_name(name) {
            return self.fail(&rules::EXTENSION_MALFORMED);
        }
        self.end_of_tag();
        self.need(tag.name().prefix().map_or("", |prefix| prefix.into_inner()), names);
        let xml = &mut self.extension.xml;
        xml.push('<');
        xml.push_str(name);
        self.open.push(name.into());
        self.tag_open = true;
        let mut seen = BTreeSet::new();
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key = attribute.key.into_inner();
            let value = value(&attribute);
            if !is_name(key) || !value.chars().all(is_char) {
                return self.fail(&rules::EXTENSION_MALFORMED);
            }
            // The first one counts, as everywhere.
            if !seen.insert(key.to_owned()) {
                continue;
            }
            if attribute.key.as_namespace_binding().is_none()
                && let Some(prefix) = attribute.key.prefix()
            {
                self.need(prefix.into_inner(), names);
            }
            push_attribute(&mut self.extension.xml, key, &value);
        }
        self.grown();
    }

    /// Notes a prefix that is in use.
    fn need(&mut self, prefix: &str, names: &Names) {
        if let Some(declared) = names.find(prefix)
            && declared.depth < self.depth
            && !(prefix.is_empty() && declared.namespace.is_empty())
        {
            self.needed.entry(declared.prefix.clone()).or_insert_with(|| declared.namespace.clone());
        }
    }

    /// Takes a piece of text.
    pub(super) fn text(&mut self, text: &str) {
        if self.failed.is_some() {
            return;
        }
        if !text.chars().all(is_char) {
            return self.fail(&rules::EXTENSION_MALFORMED);
        }
        self.text.push_str(text);
        self.grown();
    }

    fn end_of_tag(&mut self) {
        if std::mem::take(&mut self.tag_open) {
            self.extension.xml.push('>');
        }
    }

    /// Writes what stands before the next tag.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        if text.trim().is_empty() {
            return;
        }
        self.end_of_tag();
        push_escaped(&mut self.extension.xml, &text);
    }

    /// Takes the end of the element at a depth; `true` if that was the last one.
    pub(super) fn end(&mut self, depth: usize) -> bool {
        if self.failed.is_none() {
            self.flush();
            if let Some(name) = self.open.pop() {
                let xml = &mut self.extension.xml;
                if std::mem::take(&mut self.tag_open) {
                    xml.push_str("/>");
                } else {
                    xml.push_str("</");
                    xml.push_str(&name);
                    xml.push('>');
                }
            }
            self.grown();
        }
        depth <= self.depth
    }

    /// The extension, and the octets that it counts for; or why it is left out.
    pub(super) fn finish(mut self) -> Result<(Extension, usize), &'static Rule> {
        // Elements that nothing closed end here.
        while !self.open.is_empty() {
            self.end(usize::MAX);
        }
        let mut declarations = String::new();
        for (prefix, namespace) in &self.needed {
            let key = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            push_attribute(&mut declarations, &key, namespace);
        }
        let tag = self.extension.xml.find([' ', '>', '/']).unwrap_or_default();
        self.extension.xml.insert_str(tag, &declarations);
        self.grown();
        match self.failed {
            Some(rule) => Err(rule),
            None => {
                let octets = self.extension.octets();
                self.extension.xml.shrink_to_fit();
                Ok((self.extension, octets))
            }
        }
    }
}

/// The value of an attribute (XML 1.0, 3.3.3); one with an unknown reference stands as written.
pub(super) fn value(attribute: &Attribute<'_>) -> String {
    attribute
        .normalized_value(XmlVersion::Implicit1_0)
        .map_or_else(|_| attribute.value.as_ref().to_owned(), std::borrow::Cow::into_owned)
}

/// Whether XML can hold a character, itself or by a reference (XML 1.0, 2.2).
pub(super) const fn is_char(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Whether a text is a name with at most one prefix; beyond ASCII any character will do.
pub(super) fn is_name(text: &str) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c) || !c.is_ascii())
    };
    let (prefix, local) = text.split_once(':').unwrap_or(("_", text));
    is_part(prefix) && is_part(local) && text.chars().all(is_char)
}

fn push_attribute(to: &mut String, key: &str, value: &str) {
    to.push(' ');
    to.push_str(key);
    to.push_str("=\"");
    for c in value.chars() {
        match c {
            '"' => to.push_str("&quot;"),
            // A reader would make a space of them.
            '\t' => to.push_str("&#9;"),
            '\n' => to.push_str("&#10;"),
            c => push_character(to, c),
        }
    }
    to.push('"');
}

/// A text as XML has it.
pub(super) fn push_escaped(to: &mut String, text: &str) {
    text.chars().for_each(|c| push_character(to, c));
}

fn push_character(to: &mut String, c: char) {
    match c {
        '&' => to.push_str("&amp;"),
        '<' => to.push_str("&lt;"),
        '>' => to.push_str("&gt;"),
        // A reader would make a line feed of it (XML 1.0, 2.11).
        '\r' => to.push_str("&#13;"),
        c => to.push(c),
    }
}
