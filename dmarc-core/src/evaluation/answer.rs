//! What a caller may answer. What the standards keep apart stays apart.

use crate::dns::Record;
use crate::name::DomainName;

/// The answer to one [`Question`](super::Question).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Answer {
    /// At least one record of the type that was asked for.
    Records(RecordSet),
    /// The name exists, without records of that type (RFC 2308, 2.2).
    NoData,
    /// The name does not exist (RFC 2308, 2.1).
    NxDomain,
    /// The lookup failed: a response code other than 0 and 3, a timeout, a bogus signature, a
    /// CNAME loop.
    Failure {
        /// What a resolver calls it, such as `SERVFAIL` or `TIMEOUT`.
        reason: String,
    },
    /// The caller has no way to look this up: the name lies outside the loaded zones, or the
    /// snapshot does not know it. Nothing follows from it.
    NotPossible,
    /// The caller was asked twice and said nothing.
    NotAnswered,
    /// The longest public suffix of the name. Where the list has no rule for it, its last label: the
    /// list's implicit rule is `*`.
    PublicSuffix(DomainName),
    /// A response of a web server.
    Https {
        /// HTTP status.
        status: u16,
        /// Value of `Content-Type`.
        content_type: Option<String>,
        /// Body.
        body: Vec<u8>,
    },
}

/// Records of one type at one name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RecordSet {
    /// The records, in the order of the answer; not empty in an [`Answer`].
    pub records: Vec<Record>,
    /// Targets of the CNAME records that were followed, in order.
    pub aliases: Vec<DomainName>,
    /// Seconds that the answer may be kept, if known.
    pub ttl: Option<u32>,
    /// Whether the resolver says that it validated the answer (RFC 4035, 3.2.3), if known.
    pub authentic: Option<bool>,
}

impl Answer {
    /// An answer of records; [`Answer::NoData`] if there are none.
    #[must_use]
    pub fn records(records: Vec<Record>) -> Self {
        if records.is_empty() {
            Self::NoData
        } else {
            Self::Records(RecordSet { records, ..RecordSet::default() })
        }
    }
}
