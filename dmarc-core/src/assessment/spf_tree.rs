//! The tree of an SPF policy alone, as data: what a monitor asks for thousands of domains.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::evaluation::{Check, Inquiry, Unknown};
use crate::name::DomainName;
use crate::spf::analysis::{Conventions, Policies, PolicyNode};

/// The policy whose tree is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpfTreeRequest {
    /// The domain.
    #[serde(deserialize_with = "super::request::chosen")]
    pub domain: DomainName,
    /// A record to take instead of what is published at the domain.
    #[serde(default)]
    pub record: Option<String>,
    /// What counts.
    #[serde(default)]
    pub conventions: Conventions,
}

impl SpfTreeRequest {
    /// The tree of what a domain publishes, by the default conventions.
    #[must_use]
    pub fn new(domain: DomainName) -> Self {
        Self { domain, record: None, conventions: Conventions::default() }
    }
}

/// What each term of an SPF policy costs, alone and with all below it (RFC 7208, 4.6.4).
///
/// It takes a fraction of the work of an [`SpfReport`](super::SpfReport), which has the same tree, and tells
/// besides what it comes to for each client, whom the policy authorizes, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpfTree {
    /// Name of this form.
    pub schema: &'static str,
    /// The record that was given, else the domain.
    pub input: String,
    /// The domain.
    pub domain: DomainName,
    /// What counts.
    pub conventions: Conventions,
    /// The sum of all costs.
    pub lookups: SpfTreeLookups,
    /// The record of the domain, with where its terms lead.
    pub tree: PolicyNode,
    /// The records that the spans of the terms are about.
    #[serde(skip)]
    pub policies: Policies,
}

/// What the tree comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SpfTreeLookups {
    /// Over all terms that can be reached; `None` with a loop, or where it is not known.
    pub sum: Option<u64>,
    /// What receivers allow.
    pub limit: u32,
}

impl Check for SpfTreeRequest {
    type Report = SpfTree;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<SpfTree, Unknown> {
        let draft = self.record.as_deref().map(str::as_bytes);
        let policies = Policies::fetch(&self.domain, draft, &self.conventions, inquiry)?;
        let tree = policies.tree(&self.conventions);
        Ok(SpfTree {
            schema: "dmarc-check/spf-tree/1",
            input: self.record.clone().unwrap_or_else(|| self.domain.to_string()),
            domain: self.domain.clone(),
            conventions: self.conventions.clone(),
            lookups: SpfTreeLookups { sum: tree.lookups, limit: self.conventions.lookups },
            tree,
            policies,
        })
    }
}

impl SpfTree {
    pub(super) fn view(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
