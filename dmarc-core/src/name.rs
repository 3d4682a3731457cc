//! Domain names, and the roles that they play in DMARC.
//!
//! A [`DomainName`] is lower-case A-labels; nothing downstream checks again. U-labels are
//! converted as RFC 5891 asks, through UTS 46 (crate `idna`). Labels may hold any visible ASCII
//! character but the dot, since DNS names are wider than host names (`_dmarc`, `*`).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Most octets of a name in its dotted form (RFC 1035, 3.1: 255 on the wire).
pub const MAX_NAME: usize = 253;
/// Most octets of a label (RFC 1035, 3.1).
pub const MAX_LABEL: usize = 63;

/// A text that is not a domain name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NameError {
    /// No characters at all.
    #[error("the name is empty")]
    Empty,
    /// Two dots in a row, or a dot at the start.
    #[error("a label of the name is empty")]
    EmptyLabel,
    /// A label over [`MAX_LABEL`] octets.
    #[error("the label `{label}` is longer than 63 octets")]
    LongLabel {
        /// The label, shortened.
        label: String,
    },
    /// A name over [`MAX_NAME`] octets.
    #[error("the name is longer than 253 octets")]
    Long,
    /// A character that cannot stand in a name, or a label that IDNA refuses.
    #[error("`{text}` is not a domain name")]
    Character {
        /// The name, shortened.
        text: String,
    },
}

/// A domain name in lower-case A-labels, without the final dot; [`DomainName::root`] is empty.
///
/// A copy costs next to nothing: copies share their text.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DomainName(Arc<str>);

impl DomainName {
    /// Reads a name; case is folded, U-labels become A-labels, one final dot is dropped.
    ///
    /// # Errors
    /// [`NameError`] if the text is not a name.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        Self::read(text, false)
    }

    /// Reads a name as [`DomainName::parse`] does, whose labels may also hold spaces.
    ///
    /// RFC 2181, 11: "any binary string whatever can be used as the label of any resource record."
    /// No host is named so, but SPF macros may expand to it, and a zone may hold it.
    ///
    /// # Errors
    /// [`NameError`] if the text is not a name.
    pub fn parse_with_spaces(text: &str) -> Result<Self, NameError> {
        Self::read(text, true)
    }

    fn read(text: &str, spaces: bool) -> Result<Self, NameError> {
        if is_plain(text) {
            return Ok(Self(text.into()));
        }
        let shortened = || text.chars().take(80).collect::<String>();
        if text == "." {
            return Ok(Self::root());
        }
        let text_without_dot = text.strip_suffix('.').unwrap_or(text);
        if text_without_dot.is_empty() {
            return Err(NameError::Empty);
        }
        // A U-label of 63 octets in A-form has at most 59 characters of four octets each.
        if text_without_dot.len() > 4 * MAX_NAME {
            return Err(NameError::Long);
        }
        let is_lower = |octet: u8| octet.is_ascii() && !octet.is_ascii_uppercase();
        let ascii = if text_without_dot.bytes().all(is_lower) {
            Cow::Borrowed(text_without_dot)
        } else if text_without_dot.is_ascii() {
            Cow::Owned(text_without_dot.to_ascii_lowercase())
        } else {
            let converted = idna::domain_to_ascii(text_without_dot);
            Cow::Owned(converted.map_err(|_| NameError::Character { text: shortened() })?)
        };
        let ascii = ascii.strip_suffix('.').unwrap_or(&ascii);
        if ascii.len() > MAX_NAME {
            return Err(NameError::Long);
        }
        for label in ascii.split('.') {
            if label.is_empty() {
                return Err(NameError::EmptyLabel);
            }
            if label.len() > MAX_LABEL {
                return Err(NameError::LongLabel { label: label.chars().take(80).collect() });
            }
            if !label.bytes().all(|octet| octet.is_ascii_graphic() || spaces && octet == b' ') {
                return Err(NameError::Character { text: shortened() });
            }
        }
        Ok(Self(ascii.into()))
    }

    /// The root, `.`.
    #[must_use]
    pub fn root() -> Self {
        Self("".into())
    }

    /// The name without its final dot; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Labels from left to right.
    pub fn labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.').filter(|label| !label.is_empty())
    }

    /// How many labels it has; 0 for the root.
    #[must_use]
    pub fn label_count(&self) -> usize {
        self.labels().count()
    }

    /// The name without its leftmost label; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(Self(self.0.split_once('.').map_or("", |(_, rest)| rest).into()))
    }

    /// Its rightmost `count` labels; the whole name if it has fewer.
    #[must_use]
    pub fn rightmost(&self, count: usize) -> Self {
        if count == 0 {
            return Self::root();
        }
        let start = self.0.rmatch_indices('.').nth(count - 1).map_or(0, |(at, _)| at + 1);
        Self(self.0.get(start..).unwrap_or_default().into())
    }

    /// The name with labels put in front, such as `_dmarc`.
    ///
    /// # Errors
    /// [`NameError`] if the result is too long or the labels are not labels.
    pub fn prepend(&self, labels: &str) -> Result<Self, NameError> {
        if self.is_root() { Self::parse(labels) } else { Self::parse(&[labels, ".", &self.0].concat()) }
    }

    /// Whether this is `other` or lies below it.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        other.is_root()
            || self.0 == other.0
            || self.0.strip_suffix(&*other.0).is_some_and(|front| front.ends_with('.'))
    }

    /// Whether this lies below `other`.
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        self != other && self.is_within(other)
    }

    /// The name with its A-labels shown as U-labels.
    #[must_use]
    pub fn to_unicode(&self) -> String {
        idna::domain_to_unicode(&self.0).0
    }
}

/// Whether a text is a name already, as nearly every one is: told at one look at each octet.
pub(crate) fn is_plain(text: &str) -> bool {
    // Octets of the label so far.
    let mut label = 0;
    for octet in text.bytes() {
        label = match octet {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' if label < MAX_LABEL => label + 1,
            b'.' if label > 0 => 0,
            _ => return false,
        };
    }
    label > 0 && text.len() <= MAX_NAME
}

impl fmt::Display for DomainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_root() { "." } else { &self.0 })
    }
}

impl FromStr for DomainName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for DomainName {
    type Error = NameError;

    // The form that is serialized, whichever way the name was read.
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse_with_spaces(&text)
    }
}

impl From<DomainName> for String {
    fn from(name: DomainName) -> Self {
        name.to_string()
    }
}

macro_rules! role {
    ($(#[doc = $doc:literal])+ $name:ident) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(DomainName);

        impl $name {
            /// Gives a name this role.
            #[must_use]
            pub const fn new(name: DomainName) -> Self {
                Self(name)
            }

            /// The name.
            #[must_use]
            pub const fn name(&self) -> &DomainName {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

role! {
    /// The domain of the address in the `From` header field (RFC 9989, 3.2.2).
    AuthorDomain
}
role! {
    /// A domain that SPF or DKIM authenticated (RFC 9989, 3.2.1).
    AuthenticatedDomain
}
role! {
    /// The domain at the top of an organization's part of the tree (RFC 9989, 3.2.14).
    OrganizationalDomain
}
