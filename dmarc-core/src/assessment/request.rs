//! The checks that every caller can ask for, as data.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::diagnostics::Catalog;
use crate::dkim::{SelectorCheck, Selectors};
use crate::dmarc::Edition;
use crate::dmarc::discovery::{self, Discovered};
use crate::evaluation::{self, Check, Cost, Facts, Inquiry, Unknown};
use crate::limits::Limits;
use crate::name::{AuthorDomain, DomainName};
use crate::spf::{CheckHost, Evaluated};
use crate::time::UnixTime;

use super::context::Context;
use super::domain::{DomainCheck, DomainReport};
use super::message::{MessageReport, MessageRequest};
use super::observation::Observations;
use super::profiles::ProfileId;
use super::reports::ReportState;
use super::selectors::SigningKey;
use super::spf::{SpfReport, SpfRequest};
use super::spf_tree::{SpfTree, SpfTreeRequest};
use super::view;

/// A check as data: what the command line, Python and JavaScript pass.
///
/// ```
/// use dmarc_core::assessment::Request;
///
/// let request: Request =
///     serde_json::from_str(r#"{ "check": "domain", "domain": "example.com", "edition": "rfc9989" }"#)?;
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Request {
    /// Which DMARC record holds for a domain, and what it asks.
    Discovery {
        /// The domain.
        #[serde(deserialize_with = "chosen")]
        author: DomainName,
        /// Edition that a receiver follows.
        #[serde(default = "newest")]
        edition: Edition,
    },
    /// Everything about one domain.
    Domain {
        /// The domain.
        #[serde(deserialize_with = "chosen")]
        domain: DomainName,
        /// Edition that receivers are taken to follow.
        #[serde(default = "newest")]
        edition: Edition,
        /// When the answers hold, in epoch seconds.
        #[serde(default)]
        now: Option<UnixTime>,
        /// What only the operator knows.
        #[serde(default)]
        context: Box<Context>,
        /// What reports say about the domain, summed; `None` if no reports were given.
        #[serde(default)]
        reports: Option<Box<ReportState>>,
        /// What the caller saw when it connected to mail hosts, by host: see
        /// [`Observations`](super::Observations).
        #[serde(default)]
        smtp: Option<serde_json::Value>,
        /// Keys that signatures name. In JSON these are messages, of which the header is enough: the keys of
        /// their signatures are looked up.
        #[serde(default, rename = "messages", deserialize_with = "super::selectors::of_messages")]
        signed: Vec<SigningKey>,
        /// Messages that the domain received, of which the header is enough: what its servers say of their
        /// checks is read. See [`Context::authserv_id`].
        #[serde(default)]
        received: Vec<String>,
        /// The profiles that are judged: all of them, unless some are named.
        #[serde(default = "every_profile")]
        profiles: Vec<ProfileId>,
    },
    /// What an SPF policy costs, and whom it authorizes.
    Spf(Box<SpfRequest>),
    /// What each term of an SPF policy costs, and no more.
    SpfTree(SpfTreeRequest),
    /// What SPF says about a client and a sender.
    CheckHost(CheckHost),
    /// Which DKIM keys a domain publishes.
    Dkim {
        /// The domain.
        #[serde(deserialize_with = "chosen")]
        domain: DomainName,
        /// Selectors that are known; may be none.
        #[serde(default, deserialize_with = "all_chosen")]
        selectors: Vec<DomainName>,
    },
    /// Whether a message passes DMARC, and why.
    Message(Box<MessageRequest>),
}

/// Deserializes a name that a caller chose: [`DomainName::parse`], so no spaces.
pub(super) fn chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DomainName, D::Error> {
    DomainName::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn all_chosen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DomainName>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    names.iter().map(|name| DomainName::parse(name).map_err(D::Error::custom)).collect()
}

/// What bindings and the command line default to.
pub(super) const fn newest() -> Edition {
    Edition::Rfc9989
}

pub(super) fn every_profile() -> Vec<ProfileId> {
    ProfileId::ALL.to_vec()
}

/// What a check found out; [`Outcome::view`] shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub(super) found: Report,
    pub(super) cost: Cost,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Report {
    Discovery(Box<Discovered>),
    Domain(Box<DomainReport>),
    Spf(Box<SpfReport>),
    SpfTree(Box<SpfTree>),
    CheckHost(Box<(CheckHost, Evaluated)>),
    Dkim(Box<Selectors>),
    Message(Box<MessageReport>),
}

impl Outcome {
    /// The JSON form, with the sentences of `catalog`.
    #[must_use]
    pub fn view(&self, catalog: &Catalog) -> serde_json::Value {
        match &self.found {
            Report::Discovery(discovered) => view::discovery(discovered, self.cost, catalog),
            Report::Domain(report) => view::domain(report, self.cost, catalog),
            Report::Spf(report) => report.view(self.cost, catalog),
            Report::SpfTree(tree) => tree.view(),
            Report::CheckHost(found) => view::check_host(&found.0, &found.1, self.cost, catalog),
            Report::Dkim(selectors) => selectors.view(self.cost, catalog),
            Report::Message(report) => report.view(self.cost, catalog),
        }
    }

    /// The facts of the domain, if that was the check.
    #[must_use]
    pub fn domain(&self) -> Option<&DomainReport> {
        match &self.found {
            Report::Domain(report) => Some(report),
            _ => None,
        }
    }

    /// The discovery, if that was the check.
    #[must_use]
    pub fn discovery(&self) -> Option<&Discovered> {
        match &self.found {
            Report::Discovery(discovered) => Some(discovered),
            _ => None,
        }
    }

    /// The SPF policy, if that was the check.
    #[must_use]
    pub fn spf(&self) -> Option<&SpfReport> {
        match &self.found {
            Report::Spf(report) => Some(report),
            _ => None,
        }
    }

    /// The tree of an SPF policy, if that was the check.
    #[must_use]
    pub fn spf_tree(&self) -> Option<&SpfTree> {
        match &self.found {
            Report::SpfTree(tree) => Some(tree),
            _ => None,
        }
    }

    /// The same as a value of its own.
    ///
    /// # Errors
    /// The outcome itself, if that was not the check.
    pub fn into_spf_tree(self) -> Result<SpfTree, Self> {
        match self.found {
            Report::SpfTree(tree) => Ok(*tree),
            found => Err(Self { found, cost: self.cost }),
        }
    }

    /// The result of SPF for a client, if that was the check.
    #[must_use]
    pub fn check_host(&self) -> Option<&Evaluated> {
        match &self.found {
            Report::CheckHost(found) => Some(&found.1),
            _ => None,
        }
    }

    /// The DKIM keys, if that was the check.
    #[must_use]
    pub fn dkim(&self) -> Option<&Selectors> {
        match &self.found {
            Report::Dkim(selectors) => Some(selectors),
            _ => None,
        }
    }

    /// The verdict on a message, if that was the check.
    #[must_use]
    pub fn message(&self) -> Option<&MessageReport> {
        match &self.found {
            Report::Message(report) => Some(report),
            _ => None,
        }
    }

    /// The text that the span of each finding of the view is about, where each has its own: bindings that do
    /// not count in bytes need it.
    #[must_use]
    pub fn finding_texts(&self) -> Vec<Vec<u8>> {
        match &self.found {
            Report::Domain(report) => report.diagnostics.iter().map(|(_, text)| text.clone()).collect(),
            Report::CheckHost(found) => found.1.diagnostics.iter().map(|(_, text)| text.clone()).collect(),
            Report::Dkim(selectors) => selectors.findings().into_iter().map(|(_, text)| text).collect(),
            Report::Discovery(_) | Report::Spf(_) | Report::SpfTree(_) | Report::Message(_) => Vec::new(),
        }
    }

    /// What a caller without facts spends on the check; nothing is counted for the tree of an SPF policy.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }
}

impl Check for Request {
    type Report = Outcome;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Outcome, Unknown> {
        let found = match self {
            Self::Discovery { author, edition } => {
                let author = AuthorDomain::new(author.clone());
                Report::Discovery(Box::new(discovery::discover(&author, *edition, inquiry)?))
            }
            Self::Domain { domain, edition, now, context, reports, smtp, signed, received, profiles } => {
                let context = told(context, signed, received);
                let smtp = smtp.as_ref();
                let check = domain_check(domain, *edition, *now, context, reports.as_deref(), smtp, profiles);
                Report::Domain(Box::new(check.run(inquiry)?))
            }
            Self::Spf(request) => Report::Spf(Box::new(request.run(inquiry)?)),
            Self::SpfTree(request) => Report::SpfTree(Box::new(request.run(inquiry)?)),
            Self::CheckHost(check) => Report::CheckHost(Box::new((check.clone(), check.run(inquiry)?))),
            Self::Dkim { domain, selectors } => {
                let check = SelectorCheck { domain: domain.clone(), selectors: selectors.clone() };
                Report::Dkim(Box::new(check.run(inquiry)?))
            }
            Self::Message(request) => Report::Message(Box::new(request.run(inquiry)?)),
        };
        Ok(Outcome { found, cost: Cost::default() })
    }

    fn probe(&self, inquiry: &mut Inquiry<'_>) -> Result<(), Unknown> {
        match self {
            Self::Spf(request) => request.probe(inquiry),
            Self::Domain { domain, edition, now, context, reports, smtp, signed, received, profiles } => {
                let context = told(context, signed, received);
                domain_check(domain, *edition, *now, context, reports.as_deref(), smtp.as_ref(), profiles)
                    .probe(inquiry)
            }
            request => request.run(inquiry).map(drop),
        }
    }

    fn finish(&self, report: Outcome, facts: &Facts, limits: &Limits) -> Outcome {
        let found = match report.found {
            Report::CheckHost(found) => {
                let (check, evaluated) = *found;
                let evaluated = check.finish(evaluated, facts, limits);
                Report::CheckHost(Box::new((check, evaluated)))
            }
            Report::Message(found) => match self {
                Self::Message(request) => Report::Message(Box::new(request.finish(*found, facts, limits))),
                _ => Report::Message(found),
            },
            found => found,
        };
        let cost = match found {
            // To count its rounds takes longer than to grow it.
            Report::SpfTree(_) => Cost::default(),
            _ => evaluation::cost(self, facts, limits),
        };
        Outcome { found, cost }
    }
}

fn domain_check(
    domain: &DomainName,
    edition: Edition,
    now: Option<UnixTime>,
    context: Context,
    reports: Option<&ReportState>,
    smtp: Option<&serde_json::Value>,
    profiles: &[ProfileId],
) -> DomainCheck {
    DomainCheck {
        domain: domain.clone(),
        edition,
        now,
        context,
        reports: reports.cloned(),
        observations: Observations::read(smtp),
        profiles: profiles.to_vec(),
    }
}

/// What the operator knows, with what messages show.
fn told(context: &Context, signed: &[SigningKey], received: &[String]) -> Context {
    let mut context = context.clone();
    context.signed.extend(signed.iter().cloned());
    context.receive(received.iter().map(String::as_bytes));
    context
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Discovery { author, edition } => write!(f, "discovery of {author} under {edition}"),
            Self::Domain { domain, edition, .. } => write!(f, "domain {domain} under {edition}"),
            Self::Spf(request) => write!(f, "SPF policy of {}", request.domain),
            Self::SpfTree(request) => write!(f, "tree of the SPF policy of {}", request.domain),
            Self::Dkim { domain, .. } => write!(f, "DKIM keys of {domain}"),
            Self::CheckHost(check) => write!(f, "SPF of {} for {}", check.sender_domain(), check.ip),
            Self::Message(request) => {
                let authors: Vec<&str> = request.author.iter().map(DomainName::as_str).collect();
                write!(f, "message from {} under {}", authors.join(", "), request.edition)
            }
        }
    }
}
