//! The tags of the registry (RFC 9989, 4.7 and 9.3).

use super::Edition;

/// A tag of the DMARC Tag Registry.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
#[non_exhaustive]
pub enum TagName {
    /// Version.
    V,
    /// Policy for the domain.
    P,
    /// Policy for subdomains.
    Sp,
    /// Policy for subdomains that do not exist.
    Np,
    /// Alignment for DKIM.
    Adkim,
    /// Alignment for SPF.
    Aspf,
    /// When failure reports are wanted.
    Fo,
    /// Whether the name is a public suffix.
    Psd,
    /// Test mode.
    T,
    /// Share of mail that the policy holds for; removed by RFC 9989.
    Pct,
    /// Interval of reports; removed by RFC 9989.
    Ri,
    /// Format of failure reports; removed by RFC 9989.
    Rf,
    /// Addresses for aggregate reports.
    Rua,
    /// Addresses for failure reports.
    Ruf,
}

impl TagName {
    /// Every tag of either edition.
    pub const ALL: [Self; 14] = [
        Self::V,
        Self::P,
        Self::Sp,
        Self::Np,
        Self::Adkim,
        Self::Aspf,
        Self::Fo,
        Self::Psd,
        Self::T,
        Self::Pct,
        Self::Ri,
        Self::Rf,
        Self::Rua,
        Self::Ruf,
    ];

    /// The name, in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V => "v",
            Self::P => "p",
            Self::Sp => "sp",
            Self::Np => "np",
            Self::Adkim => "adkim",
            Self::Aspf => "aspf",
            Self::Fo => "fo",
            Self::Psd => "psd",
            Self::T => "t",
            Self::Pct => "pct",
            Self::Ri => "ri",
            Self::Rf => "rf",
            Self::Rua => "rua",
            Self::Ruf => "ruf",
        }
    }

    /// The tag of that name, whatever its case: the names are plain ABNF strings.
    #[must_use]
    pub fn known(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tag| tag.as_str().eq_ignore_ascii_case(name))
    }

    /// Whether a reader of that edition acts on it.
    #[must_use]
    pub fn is_in(self, edition: Edition) -> bool {
        match self {
            Self::Pct | Self::Ri | Self::Rf => edition == Edition::Rfc7489,
            Self::Np | Self::Psd | Self::T => edition == Edition::Rfc9989,
            _ => true,
        }
    }

    /// Whether its value is a list of URIs.
    #[must_use]
    pub fn is_uri_list(self) -> bool {
        matches!(self, Self::Rua | Self::Ruf)
    }

    /// What may stand as its value, as shown in help.
    #[must_use]
    pub fn allowed(self) -> &'static str {
        match self {
            Self::V => "DMARC1",
            Self::P | Self::Sp | Self::Np => "none, quarantine, reject",
            Self::Adkim | Self::Aspf => "r, s",
            Self::Fo => "0, 1, d, s",
            Self::Psd => "y, n, u",
            Self::T => "y, n",
            Self::Pct => "0-100",
            Self::Ri => "0-4294967295",
            Self::Rf => "afrf",
            Self::Rua | Self::Ruf => "mailto:…",
        }
    }
}
