//! Coded values: what a word of the schema means, beside the word as the reporter wrote it.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// The words of one enumeration of the schema.
pub trait Word: Copy + Eq + fmt::Debug + Send + Sync + 'static {
    /// The meaning of a word that is written exactly as the schema has it.
    fn exact(text: &str) -> Option<Self>;

    /// The meaning of a word that only older or careless writers use; it is given in lower case.
    fn lenient(_lower: &str) -> Option<Self> {
        None
    }

    /// What stands for every word that is not understood.
    const UNKNOWN: Self;

    /// The word of the schema; `unknown` for [`Self::UNKNOWN`].
    fn as_str(self) -> &'static str;
}

/// The meaning of a word, and the word itself, trimmed, where it differs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Coded<T> {
    value: T,
    raw: Option<Box<str>>,
}

/// How a word was understood.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Understood {
    /// As the schema writes it.
    Exactly,
    /// In another case, or in an older word for the same.
    Leniently,
    /// Nothing between the tags.
    Empty,
    /// Not at all.
    Not,
}

impl<T: Word> Coded<T> {
    /// Reads a word that is already trimmed.
    #[must_use]
    pub fn read(text: &str) -> Self {
        Self::understand(text).0
    }

    pub(crate) fn understand(text: &str) -> (Self, Understood) {
        if let Some(value) = T::exact(text) {
            return (Self { value, raw: None }, Understood::Exactly);
        }
        let raw = Some(Box::from(text));
        if text.is_empty() {
            return (Self { value: T::UNKNOWN, raw }, Understood::Empty);
        }
        let lower = text.to_ascii_lowercase();
        match T::exact(&lower).or_else(|| T::lenient(&lower)) {
            Some(value) => (Self { value, raw }, Understood::Leniently),
            None => (Self { value: T::UNKNOWN, raw }, Understood::Not),
        }
    }

    /// What the word means.
    #[must_use]
    pub const fn value(&self) -> T {
        self.value
    }

    /// The word as written, trimmed.
    #[must_use]
    pub fn raw(&self) -> &str {
        self.raw.as_deref().unwrap_or_else(|| self.value.as_str())
    }

    /// The word as written, where it differs from the schema's.
    #[must_use]
    pub fn differing(&self) -> Option<&str> {
        self.raw.as_deref()
    }
}

impl<T: Word> Serialize for Coded<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Coded", 2)?;
        fields.serialize_field("value", self.value.as_str())?;
        fields.serialize_field("raw", self.raw())?;
        fields.end()
    }
}

/// Declares the words of one enumeration.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident {
        $($(#[$variant_doc:meta])* $variant:ident = $word:literal $(| $lenient:literal)*,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word that is not understood, or none at all.
            Unknown,
        }

        impl $crate::report::aggregate::Word for $name {
            const UNKNOWN: Self = Self::Unknown;

            fn exact(text: &str) -> Option<Self> {
                match text {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }

            fn lenient(lower: &str) -> Option<Self> {
                match lower {
                    $($($lenient => Some(Self::$variant),)*)+
                    _ => None,
                }
            }

            fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Unknown => "unknown",
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            /// Takes the words of the schema alone.
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(deserializer)?;
                let value = <Self as $crate::report::aggregate::Word>::exact(&word);
                value.ok_or_else(|| serde::de::Error::custom(format_args!("no word of the schema: {word:?}")))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str($crate::report::aggregate::Word::as_str(*self))
            }
        }
    };
}

pub(crate) use words;

words! {
    /// What the receiver did with the messages (RFC 7489, Appendix C; RFC 9990, 3.1.1.9).
    Disposition {
        /// No action.
        None = "none",
        /// Passed where an enforcing policy stood (RFC 9990).
        Pass = "pass",
        /// Treated as suspicious.
        Quarantine = "quarantine",
        /// Refused.
        Reject = "reject",
    }
}

words! {
    /// The aligned verdict of one mechanism, as `policy_evaluated` states it.
    Verdict {
        /// Authenticated and aligned.
        Pass = "pass",
        /// Not both.
        Fail = "fail",
    }
}

words! {
    /// Result of one DKIM signature, without a look at alignment.
    DkimResult {
        /// Not signed.
        None = "none",
        /// Verified.
        Pass = "pass",
        /// Not verified.
        Fail = "fail",
        /// Verified, but not accepted by local policy.
        Policy = "policy",
        /// Not usable. DomainKeys called it `invalid`.
        Neutral = "neutral" | "invalid",
        /// Could not be checked now.
        TempError = "temperror",
        /// Cannot be checked.
        PermError = "permerror",
    }
}

words! {
    /// Result of one SPF check, without a look at alignment.
    SpfResult {
        /// No record.
        None = "none",
        /// The record makes no statement.
        Neutral = "neutral",
        /// Authorized.
        Pass = "pass",
        /// Not authorized. `hardfail` was in no schema, but is written.
        Fail = "fail" | "hardfail",
        /// Probably not authorized.
        SoftFail = "softfail",
        /// RFC 7489, Appendix C: `"TempError" commonly implemented as "unknown"`.
        TempError = "temperror" | "unknown",
        /// RFC 7489, Appendix C: `"PermError" commonly implemented as "error"`.
        PermError = "permerror" | "error",
        /// Not accepted by local policy (RFC 9990).
        Policy = "policy",
    }
}

words! {
    /// Which identity SPF looked at.
    SpfScope {
        /// `HELO` or `EHLO` (RFC 7489 only).
        Helo = "helo",
        /// `MAIL FROM`.
        Mfrom = "mfrom",
    }
}

words! {
    /// Why the receiver did something else than the policy asks for.
    ReasonType {
        /// Known to be forwarded (RFC 7489 only).
        Forwarded = "forwarded",
        /// Left out by `pct` (RFC 7489 only).
        SampledOut = "sampled_out",
        /// Came from a forwarder that the receiver trusts.
        TrustedForwarder = "trusted_forwarder",
        /// Came through a mailing list.
        MailingList = "mailing_list",
        /// Local policy.
        LocalPolicy = "local_policy",
        /// The policy was in test mode (RFC 9990).
        PolicyTestMode = "policy_test_mode",
        /// Something else.
        Other = "other",
    }
}

words! {
    /// A requested policy, as the report states it was published.
    PublishedPolicy {
        /// No action.
        None = "none",
        /// Treat as suspicious.
        Quarantine = "quarantine",
        /// Refuse.
        Reject = "reject",
    }
}

words! {
    /// An alignment mode, as the report states it was published.
    PublishedAlignment {
        /// Same organizational domain.
        Relaxed = "r" | "relaxed",
        /// Same domain.
        Strict = "s" | "strict",
    }
}

words! {
    /// Whether the policy was in test mode (RFC 9990).
    Testing {
        /// In test mode.
        Yes = "y" | "yes",
        /// Not in test mode.
        No = "n" | "no",
    }
}

words! {
    /// How the record was found (RFC 9990).
    DiscoveryMethod {
        /// With a public suffix list.
        Psl = "psl",
        /// By tree walk.
        TreeWalk = "treewalk",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_how_it_was_written() {
        let coded = Coded::<SpfResult>::read("hardfail");
        assert_eq!((coded.value(), coded.raw()), (SpfResult::Fail, "hardfail"));
        assert_eq!(Coded::<Verdict>::read("pass").differing(), None);
        assert_eq!(Coded::<Verdict>::read("PASS").differing(), Some("PASS"));
    }

    #[test]
    fn a_word_that_is_not_understood_is_unknown_and_never_a_default() {
        let (coded, how) = Coded::<Verdict>::understand("softfail");
        assert_eq!((coded.value(), coded.raw(), how), (Verdict::Unknown, "softfail", Understood::Not));
        assert_eq!(Coded::<Verdict>::understand("").1, Understood::Empty);
    }
}
