//! One fact: an answer, and what was read from it before.

use std::sync::{Arc, OnceLock};

use super::{Answer, Question};
use crate::dmarc::Edition;
use crate::dmarc::walk::LocationState;
use crate::dns::RecordType;
use crate::spf::Published;

/// An answer that was given as such.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(super) answer: Answer,
    /// The SPF record in it: checks run again and again over the same answers.
    published: Option<Published>,
    /// The DMARC record in it, by edition, read when it is first needed.
    places: Option<Box<[OnceLock<LocationState>; 2]>>,
}

impl Known {
    pub(super) fn new(question: &Question, answer: Answer) -> Self {
        let published = match (question, &answer) {
            (Question::Dns { name, record_type: RecordType::Txt }, Answer::Records(set)) => {
                Some(Published::prepared(name, &set.records))
            }
            _ => None,
        };
        let places = match question {
            Question::Dns { name, record_type: RecordType::Txt } if name.as_str().starts_with("_dmarc.") => {
                Some(Box::default())
            }
            _ => None,
        };
        Self { answer, published, places }
    }
}

/// One fact of a run.
#[derive(Clone, Debug)]
pub(crate) enum Fact<'a> {
    /// It was given as it is, and what it holds was read before.
    Known(&'a Known),
    /// It stands somewhere as it is.
    Held(&'a Answer),
    /// It was put together, or is supposed.
    Made(Arc<Answer>),
}

impl<'a> Fact<'a> {
    /// The answer.
    pub(crate) fn answer(&self) -> &Answer {
        match self {
            Self::Known(known) => &known.answer,
            Self::Held(answer) => answer,
            Self::Made(answer) => answer,
        }
    }

    /// The SPF record in it, if that was read before.
    pub(crate) const fn published(&self) -> Option<&'a Published> {
        match self {
            Self::Known(known) => known.published.as_ref(),
            Self::Held(_) | Self::Made(_) => None,
        }
    }

    /// What it says as the answer to a question for `_dmarc`, if that is kept.
    pub(crate) fn place(&self, edition: Edition) -> Option<&'a LocationState> {
        let Self::Known(known) = self else { return None };
        let [new, old] = known.places.as_deref()?;
        let place = if edition == Edition::Rfc9989 { new } else { old };
        Some(place.get_or_init(|| LocationState::of(&known.answer, edition)))
    }
}
