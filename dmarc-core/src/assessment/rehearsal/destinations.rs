//! Where reports would go that do not go there now, and whether those hosts agree (RFC 9990, 4).

use std::collections::BTreeSet;

use serde::Serialize;

use super::Change;
use super::replay::{Outside, settle};
use super::rows::Rows;
use crate::assessment::destination::{self, Destination};
use crate::diagnostics::Diagnostic;
use crate::dmarc::external::Authorization;
use crate::dmarc::{Edition, Record, Selection};
use crate::dns;
use crate::evaluation::{Answer, Check, Facts, Inquiry, Question, Unknown};
use crate::name::DomainName;

/// Names whose records are compared: policy domains and authors of the rows.
const NAMES: usize = 2_000;

/// A host elsewhere to which reports would go from now on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NewDestination {
    /// Where the policy stands.
    pub policy_domain: DomainName,
    /// Code of what is wrong with it; null if nothing is.
    pub code: Option<&'static str>,
    /// It, by the records as they would be.
    #[serde(flatten)]
    pub destination: Destination,
}

impl NewDestination {
    /// Why reports would not arrive, or may not.
    #[must_use]
    pub fn finding(&self) -> Option<Diagnostic> {
        self.destination.finding()
    }
}

/// The destinations that are new at any name that rows are about.
pub(super) fn added(rows: &Rows, change: &Change<'_>, edition: Edition) -> Vec<NewDestination> {
    let mut names = BTreeSet::new();
    for (row, _) in rows.ordered() {
        for name in [&row.policy_domain, &row.author] {
            if names.len() < NAMES
                && let Ok(name) = DomainName::parse(name)
            {
                names.insert(name);
            }
        }
    }
    names.into_iter().flat_map(|name| at(&name, change, edition)).collect()
}

fn at(name: &DomainName, change: &Change<'_>, edition: Edition) -> Vec<NewDestination> {
    let Some(after) = record(name, change.to, edition) else { return Vec::new() };
    let before = record(name, change.from, edition);
    let places = |record: &Record| -> BTreeSet<String> {
        record.rua().iter().chain(record.ruf()).map(|uri| uri.uri.as_str().to_ascii_lowercase()).collect()
    };
    let known = before.as_ref().map(places).unwrap_or_default();
    if places(&after).is_subset(&known) {
        return Vec::new();
    }
    let check = Destinations { record: after, name: name.clone(), edition };
    // A top-level domain that no zone holds has no record that would make one organization of two names.
    let found = settle(check, change.to, Outside::Nothing, change).unwrap_or_default();
    let found = found.into_iter().filter(|destination| {
        destination.authorization != Authorization::SameOrganization
            && !known.contains(&destination.uri.to_ascii_lowercase())
    });
    found
        .map(|destination| NewDestination {
            policy_domain: name.clone(),
            code: destination.finding().map(|found| found.rule.code),
            destination,
        })
        .collect()
}

/// The record at a name, if there is one that counts.
fn record(name: &DomainName, facts: &Facts, edition: Edition) -> Option<Record> {
    let place = name.prepend("_dmarc").ok()?;
    let Some(Answer::Records(set)) = facts.look_up(&Question::txt(place)) else { return None };
    let texts: Vec<Vec<u8>> = set.records.iter().filter_map(dns::Record::joined_text).collect();
    match Record::select(&texts) {
        Selection::One(index) => Record::parse(texts.get(index)?, edition).value,
        _ => None,
    }
}

/// Whether each destination of a record agrees.
struct Destinations {
    record: Record,
    name: DomainName,
    edition: Edition,
}

impl Check for Destinations {
    type Report = Vec<Destination>;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Vec<Destination>, Unknown> {
        destination::look_up(&self.record, &self.name, self.edition, inquiry)
    }
}
