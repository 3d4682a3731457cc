//! The words of the fields.

use serde::Serialize;

use crate::report::aggregate::words;

words! {
    /// What a report is about (RFC 5965, 7.3, and its registry).
    FeedbackType {
        /// Unsolicited mail.
        Abuse = "abuse",
        /// Fraud or phishing.
        Fraud = "fraud",
        /// Something else.
        Other = "other",
        /// A virus.
        Virus = "virus",
        /// Mail that was taken for spam and is none.
        NotSpam = "not-spam",
        /// An authentication that failed (RFC 6591).
        AuthFailure = "auth-failure",
        /// The wish to get no more of a list.
        OptOut = "opt-out" | "opt-out-list",
    }
}

words! {
    /// What failed (RFC 6591, 3.3; RFC 9991, 4).
    AuthFailure {
        /// The author domain signing practices.
        Adsp = "adsp",
        /// The hash of the body.
        Bodyhash = "bodyhash",
        /// The key was revoked.
        Revoked = "revoked",
        /// The signature.
        Signature = "signature",
        /// SPF.
        Spf = "spf",
        /// DMARC.
        Dmarc = "dmarc",
    }
}

words! {
    /// What became of the message (RFC 6591, 3.2.2).
    DeliveryResult {
        /// Delivered.
        Delivered = "delivered",
        /// Delivered to where spam goes.
        Spam = "spam",
        /// Held back by a policy of the receiver.
        Policy = "policy",
        /// Refused.
        Reject = "reject",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// A mechanism of `Identity-Alignment`.
    AlignedMethod {
        /// DKIM.
        Dkim = "dkim",
        /// SPF.
        Spf = "spf",
    }
}

/// How much of the message that failed is in the report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum SampleKind {
    /// Its header.
    Headers,
    /// Its header and something of its body.
    Full,
    /// Nothing.
    #[default]
    None,
}

impl SampleKind {
    /// `headers`, `full` or `none`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Full => "full",
            Self::None => "none",
        }
    }
}
