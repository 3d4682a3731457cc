//! Whether the author domain exists, on which its policy may depend (RFC 9989, 3.2.13 and 4.10.1).

use crate::evaluation::{Answer, Inquiry, Question, Unknown};

use super::discovery::{Discovered, Discovery, Existence};
use super::walk;

/// What is known about the existence of a domain.
pub(super) enum Settled {
    /// It does not matter.
    Needless,
    /// It exists, or does not.
    Known(Existence),
    /// That cannot be told, and with it not which policy holds.
    Open(Discovery),
}

impl Settled {
    /// What was discovered, with that.
    pub(super) fn of(self, discovered: Discovered) -> Discovered {
        match self {
            Self::Needless => discovered,
            Self::Known(existence) => Discovered { existence: Some(existence), ..discovered },
            Self::Open(discovery) => Discovered { discovery, ..discovered },
        }
    }
}

/// Whether the domain exists, where the policy depends on it.
pub(super) fn settle(discovered: &Discovered, inquiry: &mut Inquiry<'_>) -> Result<Settled, Unknown> {
    let Discovery::Record(found) = &discovered.discovery else { return Ok(Settled::Needless) };
    let candidates = [Existence::Exists, Existence::DoesNotExist].map(|existence| found.policy(existence));
    let [Some(exists), Some(missing)] = candidates else { return Ok(Settled::Needless) };
    if exists.policy == missing.policy {
        return Ok(Settled::Needless);
    }
    let name = discovered.author.name().clone();
    // Whatever stands or does not stand below `_dmarc` with NOERROR proves that the name exists.
    let below = match walk::question(&name) {
        Some(question) => inquiry.ask(question)?,
        None => Answer::NotPossible,
    };
    if matches!(below, Answer::Records(_) | Answer::NoData) {
        return Ok(Settled::Known(Existence::Exists));
    }
    Ok(match inquiry.ask(Question::txt(name.clone()))? {
        Answer::Records(_) | Answer::NoData => Settled::Known(Existence::Exists),
        Answer::NxDomain => Settled::Known(Existence::DoesNotExist),
        Answer::Failure { reason } => Settled::Open(Discovery::Failed { name, reason }),
        Answer::NotAnswered => Settled::Open(Discovery::Failed { name, reason: "no answer".to_owned() }),
        _ => Settled::Open(Discovery::NotKnown { name }),
    })
}
