//! The terms of a policy, each by the way that leads to it.

use super::Analysis;
use super::ends::Step;
use super::open::{Open, Reason};
use super::policies::{PolicyState, reached};
use super::tree::leads_to;
use crate::name::DomainName;
use crate::spf::terms::{Mechanism, Qualifier};
use crate::text::lossy;

/// A term, by the includes and redirects that lead to it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Way {
    /// From the record of the domain inward; the term itself comes last.
    pub steps: Vec<Step>,
    /// The term as it is written.
    pub text: String,
    /// Why it is not known whom it authorizes; `None` if that is known.
    pub open: Option<Unresolved>,
}

/// Why it is not known whom a term authorizes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unresolved {
    /// It depends on the client or the sender.
    Depends,
    /// A lookup failed.
    Failure,
    /// It cannot be looked up here, or was not for want of budget.
    NotKnown,
    /// It leads to no record that can be used: receivers stop there.
    NoRecord,
    /// Receivers stop at a term before it.
    Behind,
}

impl Analysis {
    /// The terms that can authorize somebody and can be reached, in the order in which they are evaluated; at
    /// most `limit`.
    #[must_use]
    pub fn ways(&self, limit: usize) -> Vec<Way> {
        let open = self.open();
        let mut walk =
            Walk { analysis: self, open: &open, limit, ways: Vec::new(), path: Vec::new(), stopped: false };
        walk.record(&self.domain, &[]);
        walk.ways
    }
}

struct Walk<'a> {
    analysis: &'a Analysis,
    open: &'a [Open],
    limit: usize,
    ways: Vec<Way>,
    path: Vec<DomainName>,
    /// Whether receivers come no further.
    stopped: bool,
}

impl Walk<'_> {
    fn record(&mut self, name: &DomainName, before: &[Step]) {
        let Some(record) = self.analysis.policies.state(name).record() else { return };
        if self.path.contains(name) {
            return;
        }
        self.path.push(name.clone());
        for (index, term) in reached(record) {
            if self.ways.len() >= self.limit {
                break;
            }
            let idle = |qualifier, mechanism: &Mechanism| {
                *mechanism == Mechanism::All && qualifier != Qualifier::Pass
            };
            if term.directive().is_some_and(|found| idle(found.qualifier(), &found.mechanism)) {
                continue;
            }
            let text = lossy(term.span.of(record.as_octets()));
            let steps = [before, &[Step { policy: name.clone(), term: index }]].concat();
            let below = leads_to(term, name);
            let at = self.ways.len();
            let open = self.why(name, &text, below.as_deref().unwrap_or_default());
            let open = if self.stopped { Some(Unresolved::Behind) } else { open };
            self.stopped |= matches!(open, Some(Unresolved::Failure | Unresolved::NoRecord));
            self.ways.push(Way { steps: steps.clone(), text, open });
            for name in below.unwrap_or_default() {
                self.record(&name, &steps);
            }
            // What is open below is open here.
            let inner = self.ways.iter().skip(at.saturating_add(1)).find_map(|way| way.open);
            if let Some(way) = self.ways.get_mut(at) {
                way.open = way.open.or(inner);
            }
        }
        self.path.pop();
    }

    fn why(&self, policy: &DomainName, text: &str, below: &[DomainName]) -> Option<Unresolved> {
        let own = self.open.iter().find(|open| open.policy == *policy && open.term.as_deref() == Some(text));
        let own = own.map(|open| match open.reason {
            Reason::Macro | Reason::Ptr => Unresolved::Depends,
            Reason::NotKnown | Reason::NotVisited | Reason::TooLarge => Unresolved::NotKnown,
        });
        let state = |name: &DomainName| match self.analysis.policies.state(name) {
            PolicyState::Failed { .. } => Some(Unresolved::Failure),
            PolicyState::NotKnown | PolicyState::NotVisited => Some(Unresolved::NotKnown),
            PolicyState::None | PolicyState::Several { .. } => Some(Unresolved::NoRecord),
            PolicyState::Record(_) => None,
        };
        own.or_else(|| below.iter().find_map(state))
    }
}
