//! JSON with its places: members in order, also those that have the same name, and where values stand.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::diagnostics::Place;

/// Octets between two places whose line and column are known.
const STEP: usize = 4 << 10;

/// The text of a document.
pub(super) struct Text<'a> {
    text: &'a str,
    /// Line and column at each multiple of [`STEP`], as far as they were needed.
    marks: Vec<(u64, u64)>,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, marks: vec![(1, 1)] }
    }

    /// Where a part of the text begins; 0 for what is no part of it.
    pub(super) fn offset(&self, part: &str) -> usize {
        let offset = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        offset.filter(|offset| *offset <= self.text.len()).unwrap_or(0)
    }

    /// The text from an offset on.
    pub(super) fn behind(&self, offset: usize) -> Option<&'a str> {
        self.text.get(offset..)
    }

    /// The offset of a line and a column, both from 1, counted in octets.
    pub(super) fn offset_of(&self, line: usize, column: usize) -> usize {
        let start = match line.checked_sub(2) {
            None => 0,
            Some(before) => memchr::memchr_iter(b'\n', self.text.as_bytes())
                .nth(before)
                .map_or(self.text.len(), |at| at + 1),
        };
        crate::text::boundary(self.text.as_bytes(), start + column.saturating_sub(1))
    }

    /// A place in the document.
    pub(super) fn place(&mut self, path: String, offset: usize) -> Place {
        let advance = |(line, column): (u64, u64), octets: &[u8]| {
            octets.iter().fold((line, column), |(line, column), octet| match octet {
                b'\n' => (line + 1, 1),
                // Octets that continue a character (RFC 3629, 3).
                0x80..=0xbf => (line, column),
                _ => (line, column + 1),
            })
        };
        let octets = self.text.as_bytes();
        let offset = offset.min(octets.len());
        while self.marks.len() <= offset / STEP {
            let known = self.marks.last().copied().unwrap_or((1, 1));
            let start = (self.marks.len() - 1) * STEP;
            self.marks.push(advance(known, octets.get(start..start + STEP).unwrap_or_default()));
        }
        let known = self.marks.get(offset / STEP).copied().unwrap_or((1, 1));
        let (line, column) = advance(known, octets.get(offset / STEP * STEP..offset).unwrap_or_default());
        Place { path, line, column, offset: offset as u64 }
    }
}

/// A path from the root, shown as a JSON Pointer (RFC 6901).
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Name(&'p Path<'p>, &'p str),
    Index(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    /// The innermost name.
    pub(super) fn name(&self) -> &'p str {
        match self {
            Self::Root => "",
            Self::Name(_, name) => name,
            Self::Index(parent, _) => parent.name(),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Name(parent, name) => {
                let name: String = name.chars().take(100).collect();
                write!(f, "{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

/// The name of a member.
pub(super) struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// The members of an object, in order.
pub(super) struct Members<'a>(pub(super) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

pub(super) struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key_seed(Name)? {
            members.push((name, map.next_value()?));
        }
        Ok(Members(members))
    }
}

/// What a value is.
pub(super) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    /// A number or a truth value, as written.
    Plain(&'a str),
    List(Vec<&'a RawValue>),
    Object,
}

/// Looks at a value; a list is opened, an object is not.
pub(super) fn value(raw: &RawValue) -> Value<'_> {
    let text = raw.get().trim_ascii();
    match text.as_bytes().first() {
        Some(b'"') => match string(text) {
            Some(string) => Value::Text(string),
            // Half of a surrogate pair: nothing that is a text.
            None => Value::Plain(text),
        },
        Some(b'[') => Value::List(serde_json::from_str(text).unwrap_or_default()),
        Some(b'{') => Value::Object,
        _ if text == "null" => Value::Null,
        _ => Value::Plain(text),
    }
}

fn string(text: &str) -> Option<Cow<'_, str>> {
    Name.deserialize(&mut serde_json::Deserializer::from_str(text)).ok()
}
