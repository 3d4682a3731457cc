//! What one zone or snapshot says to a question; aliases are followed across all of them.

use std::borrow::Cow;

use crate::evaluation::Answer;
use crate::name::DomainName;

/// What a source knows about one name and type.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Reply<'a> {
    /// The answer.
    Answer(Cow<'a, Answer>),
    /// The name is an alias; whoever knows the target answers.
    Alias(Alias),
}

impl Reply<'_> {
    /// An answer that is made for the question.
    pub(crate) const fn made(answer: Answer) -> Self {
        Self::Answer(Cow::Owned(answer))
    }
}

/// One CNAME record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Alias {
    /// The name that it points to.
    pub(crate) target: DomainName,
    /// Seconds that it may be kept, if known.
    pub(crate) ttl: Option<u32>,
    /// Whether it was validated, if known.
    pub(crate) authentic: Option<bool>,
}

/// The reason that a failure states.
pub(crate) fn failure(reason: impl Into<String>) -> Answer {
    Answer::Failure { reason: reason.into() }
}
