//! What a stream is.

use serde::{Deserialize, Serialize};

/// What a stream is, as far as reports can tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Class {
    /// DKIM and SPF pass and align.
    AuthenticatedBoth,
    /// DKIM alone does.
    AuthenticatedDkimOnly,
    /// SPF alone does: lost when it is forwarded.
    AuthenticatedSpfOnly,
    /// Sent on by others; the signature survived.
    ForwardedIntact,
    /// Sent on by others; nothing that aligns survived.
    ForwardedModified,
    /// A steady sender that authenticates as somebody else, or not at all.
    Misconfigured,
    /// A sender that passed before and does not now.
    Broken,
    /// The filter of a receiver, seen as if it sent.
    RecipientGateway,
    /// Nothing shows that it may send. Not the same as malicious.
    Unauthorised,
    /// Too little is known.
    Unknown,
}

impl Class {
    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthenticatedBoth => "authenticated-both",
            Self::AuthenticatedDkimOnly => "authenticated-dkim-only",
            Self::AuthenticatedSpfOnly => "authenticated-spf-only",
            Self::ForwardedIntact => "forwarded-intact",
            Self::ForwardedModified => "forwarded-modified",
            Self::Misconfigured => "misconfigured",
            Self::Broken => "broken",
            Self::RecipientGateway => "recipient-gateway",
            Self::Unauthorised => "unauthorised",
            Self::Unknown => "unknown",
        }
    }

    /// Whether mail of this class is sent by, or for, the organization: losing it is a loss.
    #[must_use]
    pub const fn is_legitimate(self) -> bool {
        !matches!(self, Self::Unauthorised | Self::Unknown | Self::RecipientGateway)
    }
}

/// How sure a class is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess that more reports may change.
    Low,
    /// More speaks for it than against.
    Medium,
    /// It follows from what was reported.
    High,
}

impl Confidence {
    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Which rule gave a class, in the order in which they are tried.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Because {
    /// All mail of one reporter comes from networks that only it sees.
    GatewayOfReporter,
    /// SPF passes and aligns: the domain's own record names the source.
    SpfAligned,
    /// A few failures of a host whose other mail passes.
    Accident,
    /// DKIM aligns where most of the stream comes from.
    DkimAtHome,
    /// DKIM aligns away from where the stream comes from.
    DkimElsewhere,
    /// The host passed before, and does no more.
    PassedBefore,
    /// The host passes since, and did not yet.
    PassedSince,
    /// The signature of a known key fails, and somebody else's check passes.
    SignatureBroken,
    /// Other mail was sent on by the same host.
    ForwarderNetwork,
    /// The receiver says that it was sent on.
    ReceiverSays,
    /// It authenticates as a known firm that sends for others.
    KnownProvider,
    /// It authenticates as somebody else, steadily.
    SteadyForeign,
    /// It authenticates as nobody, steadily, from the same host.
    SteadyHost,
    /// Somebody else's name passes, for a short while.
    ShortLived,
    /// Nothing passes, and nothing speaks for it.
    NothingPasses,
    /// The report shows no results; other reports know the host.
    KnownHost,
    /// There is not enough to tell.
    TooLittle,
    /// The caller knows the sender.
    Caller,
}
