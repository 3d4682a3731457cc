//! `check_host` as a check over facts (RFC 7208, 4).

use std::net::IpAddr;

use serde::Deserialize;

use super::analysis::Conventions;
use super::outcome::{Evaluated, Identity, Problem, SpfResult};
use super::record::Record;
use super::walk::{Decision, End, Spent, Walk};
use crate::diagnostics::{Diagnostic, Subject};
use crate::dns;
use crate::evaluation::{Answer, Check, Facts, Inquiry, Question, Unknown};
use crate::limits::Limits;
use crate::name::DomainName;
use crate::time::UnixTime;

/// A client, and the identity that is checked.
///
/// ```
/// use dmarc_core::dns::Snapshot;
/// use dmarc_core::evaluation::{Evaluation, Facts, Step};
/// use dmarc_core::limits::Limits;
/// use dmarc_core::spf::{CheckHost, SpfResult};
///
/// let zone = r#"{ "complete": true, "names": {
///     "example.com": { "TXT": ["v=spf1 include:_spf.example.net -all"] },
///     "_spf.example.net": { "TXT": ["v=spf1 ip4:192.0.2.0/24"] }
/// } }"#;
/// let facts = Facts::from_snapshot(Snapshot::from_json(zone, &Limits::default())?);
/// let check = CheckHost::mail_from("192.0.2.1".parse()?, "info@example.com", "mx.example.com");
/// let Step::Done(found) = Evaluation::with_facts(check, facts, Limits::default()).step() else {
///     unreachable!("the zone knows everything")
/// };
/// assert_eq!(found.result, Some(SpfResult::Pass));
/// assert_eq!(found.term.unwrap().text(), "include:_spf.example.net");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CheckHost {
    /// Address of the client.
    pub ip: IpAddr,
    /// The reverse-path; empty for the null one. Without it the HELO identity is checked.
    #[serde(default)]
    pub mail_from: Option<String>,
    /// The HELO or EHLO name.
    #[serde(default)]
    pub helo: String,
    /// Name of the receiving host, for explanations.
    #[serde(default)]
    pub receiver: Option<String>,
    /// Time of the check, for explanations.
    #[serde(default)]
    pub now: Option<UnixTime>,
    /// What counts as a lookup, and how many of each are allowed.
    #[serde(default)]
    pub conventions: Conventions,
    /// Whether to keep what became of each term.
    #[serde(skip)]
    pub trace: Trace,
}

/// Whether an evaluation keeps what became of each term.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Trace {
    /// It does.
    #[default]
    Full,
    /// It does not: [`Evaluated::trace`] stays empty, all else is the same.
    Off,
}

impl CheckHost {
    /// Checks the MAIL FROM identity (RFC 7208, 2.4).
    #[must_use]
    pub fn mail_from(ip: IpAddr, sender: impl Into<String>, helo: impl Into<String>) -> Self {
        Self { mail_from: Some(sender.into()), ..Self::helo(ip, helo) }
    }

    /// Checks the HELO identity (RFC 7208, 2.3).
    #[must_use]
    pub fn helo(ip: IpAddr, helo: impl Into<String>) -> Self {
        Self {
            ip,
            mail_from: None,
            helo: helo.into(),
            receiver: None,
            now: None,
            conventions: Conventions::default(),
            trace: Trace::Full,
        }
    }

    /// Which identity is checked.
    #[must_use]
    pub const fn identity(&self) -> Identity {
        if self.mail_from.is_some() { Identity::Mailfrom } else { Identity::Helo }
    }

    /// The domain that is checked, as given.
    #[must_use]
    pub fn sender_domain(&self) -> &str {
        self.sender().1
    }

    /// The sender, with `postmaster` where it has no local-part.
    #[must_use]
    pub fn sender_address(&self) -> String {
        let (local, domain) = self.sender();
        [local, "@", domain].concat()
    }

    /// The sender's local-part and domain.
    pub(super) fn sender(&self) -> (&str, &str) {
        // RFC 7208, 2.4: for a null reverse-path the identity is "the local-part "postmaster" and
        // the "HELO" identity"; 4.3: without a local-part, "postmaster" is substituted.
        let address = self.mail_from.as_deref().filter(|address| !address.is_empty());
        let Some(address) = address else { return ("postmaster", &self.helo) };
        match address.rsplit_once('@') {
            Some((local, domain)) if !local.is_empty() => (local, domain),
            Some((_, domain)) => ("postmaster", domain),
            None => ("postmaster", address),
        }
    }
}

/// RFC 7208, 4.3: the domain is to be a name of several labels, and no address literal.
pub(super) fn checked_name(text: &str) -> Option<DomainName> {
    let name = DomainName::parse(text).ok()?;
    (name.as_str().contains('.') && !text.starts_with('[')).then_some(name)
}

impl Check for CheckHost {
    type Report = Evaluated;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Evaluated, Unknown> {
        let domain = self.sender().1;
        let name = checked_name(domain);
        let mut walk = Walk::new(self, inquiry);
        let found = match &name {
            Some(name) => walk.run(name),
            None => Err(Problem::InvalidDomain { domain: domain.to_owned() }.into()),
        };
        let (result, term, problem, explanation) = match found {
            Ok((Decision { result, term }, explanation)) => {
                let no_record = || Problem::NoRecord {
                    domain: name.as_ref().map(ToString::to_string).unwrap_or_default(),
                };
                let problem = (result == SpfResult::None).then(no_record);
                (Some(result), term, problem, explanation)
            }
            Err(End::Unknown(unknown)) => return Err(unknown),
            Err(End::Problem(problem)) => (result_of(&problem), None, Some(*problem), None),
        };
        let Spent { lookups, voids, trace } = walk.into_spent();
        Ok(Evaluated {
            identity: self.identity(),
            domain: name,
            result,
            term,
            problem,
            explanation,
            lookups,
            voids,
            trace,
            diagnostics: Vec::new(),
        })
    }

    fn finish(&self, report: Evaluated, facts: &Facts, _limits: &Limits) -> Evaluated {
        // Findings are for people: they are looked for once, not in every round.
        let diagnostics = report.domain.as_ref().map(|domain| findings(domain, facts)).unwrap_or_default();
        Evaluated { diagnostics, ..report }
    }
}

/// The result that a problem leads to; none if nothing follows.
const fn result_of(problem: &Problem) -> Option<SpfResult> {
    match problem {
        Problem::NotKnown { .. } => None,
        Problem::LookupFailed { .. } => Some(SpfResult::Temperror),
        Problem::InvalidDomain { .. } | Problem::NoRecord { .. } => Some(SpfResult::None),
        _ => Some(SpfResult::Permerror),
    }
}

fn findings(domain: &DomainName, facts: &Facts) -> Vec<(Diagnostic, Vec<u8>)> {
    let Some(Answer::Records(set)) = facts.look_up(&Question::txt(domain.clone())) else { return Vec::new() };
    let texts: Vec<Vec<u8>> = set.records.iter().filter_map(dns::Record::joined_text).collect();
    let about = |found: Diagnostic| {
        let index = found.subject.as_ref().and_then(|subject| subject.index);
        let text = index.and_then(|index| texts.get(index)).cloned().unwrap_or_default();
        let name = Some(domain.to_string());
        (found.about(Subject { name, record_type: Some("TXT".to_owned()), index }), text)
    };
    Record::select(&texts).diagnostics.into_iter().map(about).collect()
}
