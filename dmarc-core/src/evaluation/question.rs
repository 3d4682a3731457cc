//! What an evaluation may need to know.

use serde::{Deserialize, Serialize};

use crate::dns::RecordType;
use crate::name::DomainName;

/// One fact that the caller can look up.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Question {
    /// Records of a type at a name. A CNAME is followed, as every resolver does.
    Dns {
        /// Name to ask for.
        name: DomainName,
        /// Record type to ask for.
        #[serde(rename = "type")]
        record_type: RecordType,
    },
    /// A document on the web (MTA-STS policy, RFC 8461, 3.3).
    Https {
        /// Its address.
        url: String,
    },
    /// The longest public suffix of a name (RFC 7489, 3.2).
    PublicSuffix {
        /// Name whose suffix is asked for.
        name: DomainName,
    },
}

impl Question {
    /// TXT records at a name.
    #[must_use]
    pub const fn txt(name: DomainName) -> Self {
        Self::Dns { name, record_type: RecordType::Txt }
    }

    /// Records of any type at a name.
    #[must_use]
    pub const fn dns(name: DomainName, record_type: RecordType) -> Self {
        Self::Dns { name, record_type }
    }
}

/// The questions of one round: independent of each other, to be looked up in any order or at once.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Questions {
    /// Without these the evaluation cannot go on.
    pub needed: Vec<Question>,
    /// These will probably be needed: asking now saves a round.
    pub useful: Vec<Question>,
}

impl Questions {
    /// How many there are of both kinds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.needed.len() + self.useful.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.needed.is_empty() && self.useful.is_empty()
    }
}

impl IntoIterator for Questions {
    type Item = Question;
    type IntoIter = std::iter::Chain<std::vec::IntoIter<Question>, std::vec::IntoIter<Question>>;

    fn into_iter(self) -> Self::IntoIter {
        self.needed.into_iter().chain(self.useful)
    }
}
