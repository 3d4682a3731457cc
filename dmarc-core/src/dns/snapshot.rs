//! A DNS snapshot: what was known, as one JSON document.
//!
//! ```json
//! { "complete": true, "captured": "2026-01-01T00:00:00Z",
//!   "names": { "_dmarc.example.com": { "TXT": ["v=DMARC1; p=none"] },
//!              "example.com": { "MX": { "data": ["10 mx.example.com."], "ad": true, "ttl": 300 },
//!                               "TXT": "SERVFAIL" },
//!              "empty.example.com": {},
//!              "gone.example.com": "NXDOMAIN" } }
//! ```
//!
//! - A list holds record data ([`Record::from_presentation`](crate::dns::Record::from_presentation)),
//!   an object an [`AnswerDocument`], `"NXDOMAIN"` is that answer, any other string a failure. Each
//!   of these strings may also stand for a whole name.
//! - A name is listed in any case, with U-labels or a final dot. `{}` is a name without data, and so
//!   is a name above a listed one. A CNAME is followed for types that are not listed beside it; a
//!   loop is a failure. Wildcards are not expanded: a snapshot holds answers.
//! - A name that is neither listed nor above a listed one does not exist if `complete`, and is not
//!   known otherwise. With `exact`, which saved facts have, nothing is known but what is listed:
//!   types that are not listed are not known either.
//! - `https` maps an address to `{"status", "content_type", "body"}`, `public_suffix` lists rules as
//!   the public suffix list writes them, `public_suffix_of` maps names to their suffix, `smtp` is
//!   kept as it is. Further keys at the top survive reading and writing.
//!
//! A value that is not data of its type is a finding, and its type counts as a failure.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::snapshot_table::Table;
use crate::diagnostics::Diagnostic;
use crate::evaluation::{AnswerDocument, AnswerStatus};
use crate::limits::Limits;

/// What a name or a type answers with if the name does not exist.
const NXDOMAIN: &str = "NXDOMAIN";

/// A DNS snapshot, as it is written.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(expecting = "a Snapshot, which is an object")]
pub struct Snapshot {
    /// Whether a name that is not listed does not exist.
    #[serde(default)]
    pub complete: bool,
    /// Whether nothing is known but what is listed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub exact: bool,
    /// When it was captured, in the words of whoever did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub captured: Option<Value>,
    /// What is known of each name.
    #[serde(default, deserialize_with = "names")]
    pub names: BTreeMap<String, NameEntry>,
    /// Documents on the web, by address.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub https: BTreeMap<String, HttpsEntry>,
    /// Rules as the public suffix list writes them; without them no suffix is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_suffix: Option<Vec<String>>,
    /// Public suffixes that were answered, by name; they come before the rules.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub public_suffix_of: BTreeMap<String, SuffixEntry>,
    /// What mail servers said, for checks of TLSA records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smtp: Option<Value>,
    /// Further keys, which evidence files add.
    #[serde(flatten)]
    pub further: BTreeMap<String, Value>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// What is known of a name.
#[derive(Clone, Debug, PartialEq)]
pub enum NameEntry {
    /// Its types, by mnemonic; none is a name without data.
    Types(BTreeMap<String, TypeEntry>),
    /// The name does not exist.
    NxDomain,
    /// Every lookup of the name fails, for this reason.
    Failure(String),
}

/// What is known of one type at a name.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeEntry {
    /// Record data.
    Data(Vec<String>),
    /// The answer was that the name does not exist.
    NxDomain,
    /// The lookup fails, for this reason.
    Failure(String),
    /// An answer with its time to live and more.
    Document(AnswerDocument),
}

/// What is known of a document on the web.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum HttpsEntry {
    /// A response.
    Response(HttpsResponse),
    /// The lookup fails, for this reason.
    Failure(String),
    /// Another answer.
    Document(AnswerDocument),
}

/// A response of a web server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpsResponse {
    /// HTTP status.
    pub status: u16,
    /// Value of `Content-Type`.
    #[serde(default)]
    pub content_type: Option<String>,
    /// Body, if it is UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Body in base64, if it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

/// The public suffix of a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum SuffixEntry {
    /// The suffix.
    Suffix(String),
    /// Another answer.
    Document(AnswerDocument),
}

/// A document that is no snapshot.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Larger than [`Limits::zone_octets`].
    #[error("the snapshot is larger than {limit} octets")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// Not JSON.
    #[error("line {line}, column {column}: not JSON: {message}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1; 0 at the end of a line.
        column: usize,
        /// What the JSON reader says.
        message: String,
    },
    /// JSON, but not of the shape of a snapshot.
    #[error("line {line}, column {column}: {message}")]
    Shape {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// Which name and type it is about, and what is wrong.
        message: String,
    },
}

impl Snapshot {
    /// Reads a snapshot.
    ///
    /// # Errors
    /// [`SnapshotError`] if the document is not JSON, not of this shape, or too large. A value that
    /// is not data of its type is a finding, not an error: see [`Snapshot::findings`].
    pub fn from_json(json: impl AsRef<[u8]>, limits: &Limits) -> Result<Self, SnapshotError> {
        let json = json.as_ref();
        if json.len() > limits.zone_octets {
            return Err(SnapshotError::TooLarge { limit: limits.zone_octets });
        }
        let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
        serde_json::from_slice(json).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            let text = error.to_string();
            let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(front, _)| front).to_owned();
            // An error within a name was wrapped to say which, so it no longer tells its own kind.
            if serde_json::from_slice::<IgnoredAny>(json).is_err() {
                SnapshotError::Json { line, column, message }
            } else {
                SnapshotError::Shape { line, column, message }
            }
        })
    }

    /// What is wrong with its names, types, values and rules.
    #[must_use]
    pub fn findings(&self) -> Vec<Diagnostic> {
        Table::build(self).1
    }
}

impl Serialize for NameEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Types(types) => types.serialize(serializer),
            Self::NxDomain => serializer.serialize_str(NXDOMAIN),
            Self::Failure(reason) => serializer.serialize_str(reason),
        }
    }
}

impl Serialize for TypeEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Data(data) => data.serialize(serializer),
            Self::NxDomain => serializer.serialize_str(NXDOMAIN),
            Self::Failure(reason) if reason.eq_ignore_ascii_case(NXDOMAIN) => {
                Self::failure(reason.clone()).serialize(serializer)
            }
            Self::Failure(reason) => serializer.serialize_str(reason),
            Self::Document(document) => document.serialize(serializer),
        }
    }
}

impl TypeEntry {
    /// A failure, written out where its reason would read as another answer.
    #[must_use]
    pub fn failure(reason: String) -> Self {
        if reason.eq_ignore_ascii_case(NXDOMAIN) {
            let plain = AnswerDocument::plain(AnswerStatus::Failure);
            return Self::Document(AnswerDocument { reason: Some(reason), ..plain });
        }
        Self::Failure(reason)
    }
}

impl<'de> Deserialize<'de> for NameEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = NameEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of record types, or a text such as \"NXDOMAIN\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<NameEntry, E> {
                Ok(if text.eq_ignore_ascii_case(NXDOMAIN) {
                    NameEntry::NxDomain
                } else {
                    NameEntry::Failure(text.to_owned())
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<NameEntry, A::Error> {
                unique(map, "record type").map(NameEntry::Types)
            }
        }
        deserializer.deserialize_any(Entry)
    }
}

impl<'de> Deserialize<'de> for TypeEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = TypeEntry;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of texts, an object with `data`, or a text such as \"SERVFAIL\"")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<TypeEntry, E> {
                Ok(if text.eq_ignore_ascii_case(NXDOMAIN) {
                    TypeEntry::NxDomain
                } else {
                    TypeEntry::Failure(text.to_owned())
                })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<TypeEntry, A::Error> {
                let mut data = Vec::new();
                while let Some(value) = list
                    .next_element()
                    .map_err(|error| A::Error::custom(format!("value {}: {error}", data.len())))?
                {
                    data.push(value);
                }
                Ok(TypeEntry::Data(data))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TypeEntry, A::Error> {
                AnswerDocument::deserialize(MapAccessDeserializer::new(map)).map(TypeEntry::Document)
            }
        }
        deserializer.deserialize_any(Entry)
    }
}

impl<'de> Deserialize<'de> for HttpsEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        // A number is the status of HTTP, a text that of an answer.
        match value {
            Value::String(reason) => Ok(Self::Failure(reason)),
            value if value.get("status").is_some_and(Value::is_string) => {
                serde_json::from_value(value).map(Self::Document).map_err(D::Error::custom)
            }
            value => serde_json::from_value(value).map(Self::Response).map_err(D::Error::custom),
        }
    }
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, NameEntry>, D::Error> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = BTreeMap<String, NameEntry>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of names")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            unique(map, "name")
        }
    }
    deserializer.deserialize_map(Names)
}

/// Reads an object; each error says at which key, and a key that occurs twice is one.
fn unique<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    mut map: A,
    what: &str,
) -> Result<BTreeMap<String, T>, A::Error> {
    let mut entries = BTreeMap::new();
    while let Some(key) = map.next_key::<String>()? {
        let value = map.next_value().map_err(|error| A::Error::custom(format!("{key}: {error}")))?;
        if entries.contains_key(&key) {
            return Err(A::Error::custom(format!("the {what} `{key}` occurs twice")));
        }
        entries.insert(key, value);
    }
    Ok(entries)
}
