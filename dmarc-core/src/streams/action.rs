//! What to do about a stream.

use serde::Serialize;

use super::class::{Because, Class};

/// What to do about a stream, in the order of how much it helps.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// Find out what changed, and undo it.
    Repair,
    /// Have the firm sign as the domain, or bounce to a name of it.
    SignAsDomain,
    /// Find out whose host it is: sign its mail, or stop it.
    FindSender,
    /// Sign as well: SPF alone is lost when mail is sent on.
    Sign,
    /// Read more reports.
    Wait,
    /// Nothing.
    None,
}

impl Action {
    /// What to do about a stream of this class, by the rule that gave it.
    #[must_use]
    pub const fn of(class: Class, because: Because) -> Self {
        match class {
            Class::Broken => Self::Repair,
            Class::Misconfigured => match because {
                Because::SteadyHost => Self::FindSender,
                // It was mended since.
                Because::PassedSince => Self::None,
                _ => Self::SignAsDomain,
            },
            Class::AuthenticatedSpfOnly => Self::Sign,
            Class::Unknown => Self::Wait,
            _ => Self::None,
        }
    }

    /// The word of the JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Repair => "repair",
            Self::SignAsDomain => "sign-as-domain",
            Self::FindSender => "find-sender",
            Self::Sign => "sign",
            Self::Wait => "wait",
            Self::None => "none",
        }
    }
}
