//! Names below a domain that the operator named or reports mention: what holds for each of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::dmarc::Edition;
use crate::dmarc::discovery::{self, Discovered};
use crate::dns::{self, RecordType};
use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::{AuthorDomain, DomainName};
use crate::spf;

use super::found::Found;
use super::reports::ReportState;

/// Names that are looked up; each costs some five questions.
pub(super) const NAMES: usize = 20;

/// One name below the domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Subdomain {
    /// The name.
    pub name: DomainName,
    /// Whether reports mention it as the author of mail; otherwise the operator named it.
    pub reported: bool,
    /// The policy that holds for it.
    pub discovered: Discovered,
    /// How many SPF records it has.
    pub spf: Found<usize>,
    /// Whether it names mail hosts, and not the null MX.
    pub mx: Found<bool>,
}

impl Subdomain {
    /// Whether it has no SPF record; `None` if that is not known.
    #[must_use]
    pub const fn lacks_spf(&self) -> Option<bool> {
        match self.spf {
            Found::Records(count) => Some(count == 0),
            Found::NoData | Found::NxDomain => Some(true),
            _ => None,
        }
    }

    pub(super) fn view(&self) -> Value {
        let spf = match &self.spf {
            Found::Records(0) | Found::NoData | Found::NxDomain => "no-record",
            Found::Records(1) => "record",
            Found::Records(_) => "several-records",
            other => other.status(),
        };
        json!({
            "name": self.name,
            "source": if self.reported { "reports" } else { "context" },
            "policy": self.discovered.policy(),
            "policy_domain": self.discovered.found().map(|found| &found.policy_domain),
            "spf": spf,
            "mx": self.mx.status(),
            "takes_mail": self.mx.records(),
        })
    }
}

/// The names: those of the operator first, then those of the reports, each once; and how many are left out.
pub(super) fn names(
    domain: &DomainName,
    named: &[DomainName],
    reports: Option<&ReportState>,
) -> (BTreeMap<DomainName, bool>, usize) {
    let mut all: BTreeMap<DomainName, bool> = BTreeMap::new();
    let below = |name: &DomainName| name.is_below(domain);
    let mut left_out = BTreeSet::new();
    let mut note = |name: DomainName, reported: bool| {
        if all.len() < NAMES || all.contains_key(&name) {
            all.insert(name, reported);
        } else {
            left_out.insert(name);
        }
    };
    for name in named.iter().filter(|name| below(name)) {
        note(name.clone(), false);
    }
    let sources = reports.map(|state| state.view().sources).unwrap_or_default();
    let seen = sources.iter().filter(|source| source.aligned > 0).flat_map(|source| &source.header_from);
    for name in seen.filter_map(|name| DomainName::parse(name).ok()).filter(below) {
        note(name, true);
    }
    let left_out = left_out.len();
    (all, left_out)
}

/// Looks one of them up.
pub(super) fn look_up(
    name: &DomainName,
    reported: bool,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Subdomain, Unknown> {
    let author = AuthorDomain::new(name.clone());
    let (discovered, (texts, mx)) = inquiry.both(
        |inquiry| discovery::discover(&author, edition, inquiry),
        |inquiry| {
            inquiry.both(
                |inquiry| inquiry.ask(Question::txt(name.clone())),
                |inquiry| inquiry.ask(Question::dns(name.clone(), RecordType::Mx)),
            )
        },
    )?;
    let is_spf =
        |record: &dns::Record| record.joined_text().is_some_and(|text| spf::Record::read(&text).is_some());
    let takes = |answer: Answer| {
        Found::from_answer(answer, |set| {
            set.records.iter().any(|record| match record {
                dns::Record::Mx { exchange, .. } => !exchange.is_root(),
                _ => false,
            })
        })
    };
    Ok(Subdomain {
        name: name.clone(),
        reported,
        discovered,
        spf: Found::from_answer(texts, |set| set.records.iter().filter(|record| is_spf(record)).count()),
        mx: takes(mx),
    })
}
