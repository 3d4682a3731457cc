//! The check of an SPF policy, as data.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::diagnostics::Catalog;
use crate::evaluation::{Check, Cost, Inquiry, Unknown};
use crate::name::DomainName;
use crate::spf::analysis::rewrite::{self, Rewrite, Use};
use crate::spf::analysis::{Analysis, Analyze, Conventions, view};

/// What is asked about an SPF policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpfRequest {
    /// The domain.
    #[serde(deserialize_with = "super::request::chosen")]
    pub domain: DomainName,
    /// A record to take instead of what is published at the domain.
    #[serde(default)]
    pub record: Option<String>,
    /// What counts.
    #[serde(default)]
    pub conventions: Conventions,
    /// Addresses whose result is wanted.
    #[serde(default)]
    pub addresses: BTreeSet<IpAddr>,
    /// A policy to compare it with.
    #[serde(default)]
    pub compare: Option<Other>,
    /// Whether rewrites are wanted.
    #[serde(default)]
    pub rewrite: bool,
    /// How often mail needed each term of the record, by its text: for rewrites.
    #[serde(default)]
    pub usage: Option<Use>,
}

/// The policy that another one is compared with.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Other {
    /// What a domain publishes.
    Domain(DomainName),
    /// A record at the same domain.
    Record(String),
}

/// What was found out about an SPF policy.
#[derive(Clone, Debug, PartialEq)]
pub struct SpfReport {
    /// The policy.
    pub analysis: Analysis,
    /// The policy that it was compared with.
    pub other: Option<Analysis>,
    /// How it could be written instead, if that was asked.
    pub rewrites: Option<Vec<Rewrite>>,
    addresses: BTreeSet<IpAddr>,
}

impl Check for SpfRequest {
    type Report = SpfReport;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<SpfReport, Unknown> {
        let analyze = |domain: &DomainName, draft: Option<&str>| Analyze {
            domain: domain.clone(),
            draft: draft.map(|text| text.as_bytes().to_vec()),
            conventions: self.conventions.clone(),
        };
        let this = analyze(&self.domain, self.record.as_deref());
        let other = self.compare.as_ref().map(|other| match other {
            Other::Domain(domain) => analyze(domain, None),
            Other::Record(text) => analyze(&self.domain, Some(text)),
        });
        let (analysis, other) = inquiry
            .both(|inquiry| this.run(inquiry), |inquiry| other.map(|other| other.run(inquiry)).transpose())?;
        let rewrites = self.rewrite.then(|| rewrite::rewrites(&analysis, self.usage.as_ref()));
        Ok(SpfReport { analysis, other, rewrites, addresses: self.addresses.clone() })
    }
}

impl SpfReport {
    pub(super) fn view(&self, cost: Cost, catalog: &Catalog) -> Value {
        let mut shown = view::analysis(&self.analysis, catalog);
        let addresses = self.addresses.iter().map(|address| view::address(&self.analysis, *address));
        let further = json!({
            "addresses": addresses.collect::<Vec<_>>(),
            "comparison": self.other.as_ref().map(|other| view::comparison(&self.analysis, other)),
            "rewrites": self.rewrites.as_ref().map(|rewrites| view::rewrites(&self.analysis, rewrites)),
            "questions": { "rounds": cost.rounds, "asked": cost.asked },
        });
        if let (Some(shown), Value::Object(further)) = (shown.as_object_mut(), further) {
            shown.extend(further);
        }
        shown
    }
}
