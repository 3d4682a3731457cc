//! The DMARC verdict on one message (RFC 9989, 5.3; RFC 7489, 6.6), from what SPF and DKIM said about it.
//!
//! A pure function over facts: which record holds for the author, which authenticated domains are aligned,
//! what follows. What the domain requests is kept apart from what the receiver does with it. Left out: the
//! checks of SPF and DKIM themselves, and any heuristic in their place (RFC 7489, 6.6.2).

use serde::{Deserialize, Serialize};

use crate::authres::AuthResult;
use crate::diagnostics::Diagnostic;
use crate::evaluation::{Check, Facts, Inquiry, Question, Unknown};
use crate::limits::Limits;
use crate::name::{AuthenticatedDomain, AuthorDomain, DomainName, OrganizationalDomain};

use super::alignment::{self, Aligned, Organization};
use super::discovery::{self, Discovered, Discovery, Extent, Found};
use super::disposition::{Asked, Disposition, Override};
use super::effective::Verdict;
use super::queries::Queries;
use super::value::{self, Alignment};
use super::{Edition, TagName, existence, steps};

/// Domains of signatures that are compared with the author domain. Each may cost a walk of eight
/// questions, and a sender can sign as often as it likes; RFC 6376, 8.4 lets a receiver stop.
pub const SIGNATURES: usize = 20;

/// A domain that SPF or DKIM was checked for, and the result.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    /// For SPF the domain of MAIL FROM, or of HELO where the reverse-path was null; for DKIM `d=`.
    /// `None`, in JSON null or an empty text, where there was none.
    #[serde(default, deserialize_with = "some_name")]
    pub domain: Option<DomainName>,
    /// The result.
    pub result: AuthResult,
}

fn some_name<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<DomainName>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?.filter(|text| !text.is_empty());
    text.map(|text| DomainName::parse(&text).map_err(serde::de::Error::custom)).transpose()
}

/// A result of DMARC (RFC 9989, 9.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DmarcResult {
    /// DMARC does not apply.
    None,
    /// An authenticated domain is aligned.
    Pass,
    /// None is.
    Fail,
    /// A lookup failed, so that nothing follows.
    Temperror,
    /// The record that holds cannot be used.
    Permerror,
}

impl DmarcResult {
    /// `none`, `pass`, `fail`, `temperror` or `permerror`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Temperror => "temperror",
            Self::Permerror => "permerror",
        }
    }
}

/// A message, as far as DMARC looks at it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evaluate {
    /// The domain in its `From` field.
    pub author: AuthorDomain,
    /// The edition that the receiver follows.
    pub edition: Edition,
    /// What SPF said about MAIL FROM; `None` if it was not checked.
    pub spf: Option<Identifier>,
    /// What DKIM said about each signature.
    pub dkim: Vec<Identifier>,
    /// A random number, of which the remainder by 100 decides where `pct` holds for a share of the mail
    /// (RFC 7489, 6.6.4). Without it the policy holds, unless `pct` is 0.
    pub random: Option<u32>,
    /// What the receiver does instead of what is requested.
    pub overrides: Vec<Override>,
}

impl Evaluate {
    /// A message that nothing was checked for.
    #[must_use]
    pub const fn new(author: AuthorDomain, edition: Edition) -> Self {
        Self { author, edition, spf: None, dkim: Vec::new(), random: None, overrides: Vec::new() }
    }
}

/// An identifier, and whether it is aligned.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Judged {
    /// The identifier.
    pub identifier: Identifier,
    /// Whether it is aligned; `None` where nobody had to know: it did not pass, or no record applies.
    pub aligned: Option<Aligned>,
}

impl Judged {
    /// Whether it passed and is aligned; `None` if it did not pass, or that cannot be known.
    #[must_use]
    pub fn aligned_pass(&self) -> Option<bool> {
        let aligned = self.aligned.as_ref().filter(|_| self.identifier.result == AuthResult::Pass)?;
        aligned.is_aligned()
    }
}

/// The verdict on one message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evaluated {
    /// The author domain.
    pub author: AuthorDomain,
    /// The edition that was followed.
    pub edition: Edition,
    /// The verdict; `None` where a fact is missing that cannot be looked up here.
    pub result: Option<DmarcResult>,
    /// Which record holds.
    pub discovered: Discovered,
    /// Organizational domain of the author; `None` where nobody had to know it and the facts do not tell.
    pub organizational_domain: Option<OrganizationalDomain>,
    /// What is asked for a message that fails; `None` without a usable record.
    pub policy: Option<Asked>,
    /// SPF.
    pub spf: Option<Judged>,
    /// DKIM, by signature.
    pub dkim: Vec<Judged>,
    /// What the receiver does.
    pub disposition: Disposition,
    /// Names of the TXT questions that the verdict needed, in order.
    pub queries: Vec<DomainName>,
    /// Signatures that were given, looked at or not.
    signatures: usize,
}

impl Evaluated {
    /// How it came to that, in order.
    #[must_use]
    pub fn steps(&self) -> Vec<Diagnostic> {
        steps::of(self, self.signatures)
    }

    /// Whether SPF passed for an aligned domain; `None` if it did not pass, or that cannot be known.
    #[must_use]
    pub fn spf_aligned(&self) -> Option<bool> {
        self.spf.as_ref().and_then(Judged::aligned_pass)
    }

    /// Whether DKIM passed for an aligned domain; `None` if it did not pass, or that cannot be known.
    #[must_use]
    pub fn dkim_aligned(&self) -> Option<bool> {
        any(self.dkim.iter().filter(|judged| judged.identifier.result == AuthResult::Pass))
    }
}

/// Whether any is aligned: one is enough, and one that is open leaves the answer open.
fn any<'a>(judged: impl Iterator<Item = &'a Judged>) -> Option<bool> {
    let all: Vec<Option<bool>> =
        judged.filter(|judged| judged.identifier.domain.is_some()).map(Judged::aligned_pass).collect();
    if all.contains(&Some(true)) {
        return Some(true);
    }
    (!all.is_empty() && !all.contains(&None)).then_some(false)
}

impl Check for Evaluate {
    type Report = Evaluated;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Evaluated, Unknown> {
        let mut queries = Queries::default();
        let found = discovery::find(&self.author, self.edition, Extent::Policy, inquiry)?;
        queries.walked(found.visited.iter().map(|location| &location.name));
        let (identifiers, settled) = inquiry.both(
            |inquiry| self.identifiers(&found, inquiry),
            |inquiry| existence::settle(&found, inquiry),
        )?;
        let discovered = settled.of(found);
        if inquiry.has_used(&Question::txt(self.author.name().clone())) {
            queries.add(self.author.name().clone());
        }
        for organization in &identifiers.organizations {
            queries.walked(organization.visited());
        }
        let policy = discovered.found().and_then(|found| Asked::new(found, &discovered, self.random));
        let result = verdict(&discovered, &identifiers);
        let organizational_domain = discovered
            .organizational_domain
            .clone()
            .or_else(|| identifiers.organizations.first().and_then(Organization::domain));
        Ok(Evaluated {
            author: self.author.clone(),
            edition: self.edition,
            result,
            disposition: Disposition::new(result, policy.as_ref(), &self.overrides),
            discovered,
            organizational_domain,
            policy,
            spf: identifiers.spf,
            dkim: identifiers.dkim,
            queries: queries.into_names(),
            signatures: self.dkim.len(),
        })
    }

    /// Adds the organizational domain where the verdict did not need it but the facts tell it.
    fn finish(&self, report: Evaluated, facts: &Facts, _limits: &Limits) -> Evaluated {
        if report.organizational_domain.is_some() {
            return report;
        }
        let mut inquiry = Inquiry::new(facts);
        let known = Organization::of(self.author.name(), self.edition, &mut inquiry).ok();
        let organizational_domain = known.as_ref().and_then(Organization::domain);
        Evaluated { organizational_domain, ..report }
    }
}

/// What is known about the identifiers.
struct Identifiers {
    spf: Option<Judged>,
    dkim: Vec<Judged>,
    /// The organizations that had to be known, that of the author first.
    organizations: Vec<Organization>,
}

impl Identifiers {
    fn all(&self) -> impl Iterator<Item = &Judged> {
        self.spf.iter().chain(&self.dkim)
    }
}

impl Evaluate {
    /// Compares the identifiers with the author domain, as far as the verdict needs it.
    fn identifiers(&self, found: &Discovered, inquiry: &mut Inquiry<'_>) -> Result<Identifiers, Unknown> {
        let judged = |identifier: &Identifier| Judged { identifier: identifier.clone(), aligned: None };
        let mut all = Identifiers {
            spf: self.spf.as_ref().map(judged),
            dkim: self.dkim.iter().take(SIGNATURES).map(judged).collect(),
            organizations: Vec::new(),
        };
        let values = found.found().and_then(|found| found.record.effective());
        let Some(values) = values else {
            self.without_record(found, &mut all, inquiry)?;
            return Ok(all);
        };
        let (aspf, adkim) = (values.aspf, values.adkim);
        self.compare(AuthResult::Pass, aspf, adkim, &mut all, inquiry)?;
        if all.all().all(|judged| judged.aligned_pass() != Some(true)) {
            // Only where nothing is aligned does it matter what could have been.
            self.compare(AuthResult::Temperror, aspf, adkim, &mut all, inquiry)?;
        }
        Ok(all)
    }

    /// Compares the identifiers with one result.
    fn compare(
        &self,
        result: AuthResult,
        aspf: Alignment,
        adkim: Alignment,
        all: &mut Identifiers,
        inquiry: &mut Inquiry<'_>,
    ) -> Result<(), Unknown> {
        let author = &self.author;
        let with_mode = all.spf.iter_mut().map(|spf| (spf, aspf));
        let with_mode = with_mode.chain(all.dkim.iter_mut().map(|dkim| (dkim, adkim)));
        let mut walks: Vec<(DomainName, &mut Judged)> = Vec::new();
        for (judged, mode) in with_mode.filter(|(judged, _)| judged.identifier.result == result) {
            let Some(domain) = judged.identifier.domain.clone() else { continue };
            judged.aligned = alignment::by_name(author, &AuthenticatedDomain::new(domain.clone()), mode);
            if judged.aligned.is_none() {
                walks.push((domain, judged));
            }
        }
        if walks.is_empty() {
            return Ok(());
        }
        let edition = self.edition;
        let mut names = vec![author.name().clone()];
        for (domain, _) in &walks {
            if !names.contains(domain) {
                names.push(domain.clone());
            }
        }
        let parts =
            names.iter().map(|name| |inquiry: &mut Inquiry<'_>| Organization::of(name, edition, inquiry));
        let organizations = inquiry.all(parts.collect::<Vec<_>>())?;
        let of = |domain: &DomainName| {
            names.iter().zip(&organizations).find(|(name, _)| *name == domain).map(|(_, found)| found)
        };
        for (domain, judged) in walks {
            judged.aligned =
                of(author.name()).zip(of(&domain)).map(|(one, other)| alignment::by_organization(one, other));
        }
        all.organizations.extend(organizations);
        Ok(())
    }

    /// RFC 9989, 4.10.2: without an applicable record "the DMARC mechanism does not apply". What is known
    /// without a question to the DNS is said all the same.
    fn without_record(
        &self,
        found: &Discovered,
        all: &mut Identifiers,
        inquiry: &mut Inquiry<'_>,
    ) -> Result<(), Unknown> {
        if self.edition == Edition::Rfc7489 {
            return self.compare(AuthResult::Pass, Alignment::Relaxed, Alignment::Relaxed, all, inquiry);
        }
        for judged in all.spf.iter_mut().chain(&mut all.dkim) {
            let Some(domain) = judged.identifier.domain.clone() else { continue };
            if judged.identifier.result != AuthResult::Pass {
                continue;
            }
            judged.aligned =
                alignment::by_name(&self.author, &AuthenticatedDomain::new(domain), Alignment::Relaxed);
            if judged.aligned.is_none() && found.discovery == Discovery::NoRecord {
                // Its walk found nothing, so the author is an organization of its own; of another name it
                // would be one only by a record that this walk would have met.
                judged.aligned = Some(Aligned::OtherOrganization {
                    organizational_domain: None,
                    author: found.organizational_domain.clone(),
                });
            }
        }
        Ok(())
    }
}

/// The verdict, by the order of RFC 9989, 5.3.
fn verdict(discovered: &Discovered, identifiers: &Identifiers) -> Option<DmarcResult> {
    match &discovered.discovery {
        Discovery::NoRecord | Discovery::SeveralRecords { .. } => return Some(DmarcResult::None),
        Discovery::Failed { .. } => return Some(DmarcResult::Temperror),
        Discovery::NotKnown { .. } => return None,
        Discovery::Record(found) => {
            if found.record.verdict() == Verdict::Unusable || found.record.effective().is_none() {
                return Some(without_policy(found));
            }
        }
    }
    if identifiers.all().any(|judged| judged.aligned_pass() == Some(true)) {
        return Some(DmarcResult::Pass);
    }
    // What could have been aligned: by a lookup that failed, or by a mechanism that did.
    let mut temporary = false;
    for judged in identifiers.all() {
        match (&judged.aligned, judged.identifier.result) {
            (Some(Aligned::Open { failure: None, .. }), _) => return None,
            (Some(Aligned::Open { .. }), _) => temporary = true,
            (Some(aligned), AuthResult::Temperror) => temporary |= aligned.is_aligned() == Some(true),
            _ => {}
        }
    }
    Some(if temporary { DmarcResult::Temperror } else { DmarcResult::Fail })
}

/// RFC 9989, 9.2 names an improperly formatted record as an example of `permerror`; a record whose `p` is
/// merely absent is well formed under that edition (4.7).
fn without_policy(found: &Found) -> DmarcResult {
    let record = &found.record;
    let published = record.published();
    let invalid = |tag| published.get(tag).is_some_and(|text| value::policy(text).is_none());
    let edition = record.edition();
    let np = edition == Edition::Rfc9989 && invalid(TagName::Np);
    if edition == Edition::Rfc7489 || np || invalid(TagName::P) || invalid(TagName::Sp) {
        DmarcResult::Permerror
    } else {
        DmarcResult::None
    }
}
