//! What an analysis leaves open, and why.

use std::collections::BTreeSet;

use serde::Serialize;

use super::conventions::Conventions;
use super::policies::{Found as Answered, Policies, PolicyState, address_type, hosts, reached};
use super::sets::Family;
use super::target::{Target, target};
use super::tree::depends;
use crate::dns::RecordType;
use crate::evaluation::Question;
use crate::name::DomainName;
use crate::spf::terms::{Mechanism, Term};
use crate::text::lossy;

/// Something that the counts and the surface do not know.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
pub struct Open {
    /// The record that it belongs to.
    pub policy: DomainName,
    /// The term; null if it is the record itself.
    pub term: Option<String>,
    /// Why it is open.
    pub reason: Reason,
    /// The question whose answer is missing.
    pub question: Option<Question>,
}

/// Why something is open.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Reason {
    /// A macro stands for the client or the sender.
    Macro,
    /// `ptr` asks for the client's name.
    Ptr,
    /// It cannot be looked up here.
    NotKnown,
    /// The budget of the analysis ended before it.
    NotVisited,
    /// It would be too much work to follow the policy for every client.
    TooLarge,
}

/// Everything that is open, by record.
pub(super) fn open(policies: &Policies, conventions: &Conventions) -> Vec<Open> {
    let mut found = Vec::new();
    for (name, state) in policies.iter() {
        let reason = match state {
            PolicyState::Record(record) => {
                let mut own = Found::default();
                for (_, term) in reached(record) {
                    let text = lossy(term.span.of(record.as_octets()));
                    self::term(policies, conventions, name, term, &text, &mut own);
                }
                found.append(&mut own.open);
                continue;
            }
            PolicyState::NotKnown => Reason::NotKnown,
            PolicyState::NotVisited => Reason::NotVisited,
            _ => continue,
        };
        let question = Some(Question::txt(name.clone()));
        found.push(Open { policy: name.clone(), term: None, reason, question });
    }
    found
}

/// What is open in one record, each once, in the order of its terms.
#[derive(Default)]
struct Found {
    open: Vec<Open>,
    seen: BTreeSet<Open>,
}

impl Found {
    fn push(&mut self, open: Open) {
        if self.seen.insert(open.clone()) {
            self.open.push(open);
        }
    }
}

fn term(
    policies: &Policies,
    conventions: &Conventions,
    policy: &DomainName,
    term: &Term,
    text: &str,
    found: &mut Found,
) {
    let mut push = |reason, question| {
        found.push(Open { policy: policy.clone(), term: Some(text.to_owned()), reason, question });
    };
    let mechanism = term.directive().map(|directive| &directive.mechanism);
    if let Some(Mechanism::Ptr(_)) = mechanism {
        return push(Reason::Ptr, None);
    }
    if depends(term, policy) {
        return push(Reason::Macro, None);
    }
    let Some(mechanism) = mechanism else { return };
    for family in Family::ALL {
        let Target::Name(name) = target(mechanism.domain(), policy, family) else { continue };
        let mut ask = |name: &DomainName, record_type| {
            if policies.answer(name, record_type) == Answered::NotKnown {
                push(Reason::NotKnown, Some(Question::dns(name.clone(), record_type)));
            }
        };
        match mechanism {
            Mechanism::A(..) => ask(&name, address_type(family)),
            Mechanism::Exists(_) => ask(&name, RecordType::A),
            Mechanism::Mx(..) => {
                ask(&name, RecordType::Mx);
                if let Answered::Records(records) = policies.answer(&name, RecordType::Mx) {
                    // More hosts than are allowed are an error, whatever their addresses are.
                    let hosts = hosts(records);
                    let allowed = hosts.len() <= conventions.mx_hosts as usize;
                    hosts.into_iter().filter(|_| allowed).for_each(|host| ask(host, address_type(family)));
                }
            }
            _ => {}
        }
    }
}
