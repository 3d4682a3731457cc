//! Policy discovery: which record holds for a domain, and what it asks for which name.
//!
//! RFC 9989, 4.10.1 by tree walk; RFC 7489, 6.6.3 with a public suffix that the caller supplies.
//! The two are never mixed. Left out: the list of public suffix domains of RFC 9091, an experiment.

use std::sync::Arc;

use serde::Serialize;

use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::{AuthorDomain, DomainName, OrganizationalDomain};

use super::effective::Effective;
use super::existence;
use super::value::Policy;
use super::walk::{self, Location, LocationState, Walk};
use super::{Edition, Record, TagName};

/// Where the record stands, seen from the domain that it holds for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FoundAt {
    /// At the domain itself.
    Domain,
    /// At its organizational domain.
    OrganizationalDomain,
    /// At the public suffix domain above it (RFC 9989).
    PublicSuffixDomain,
}

/// What discovery found.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Discovery {
    /// A record; whether its policy is usable says its verdict.
    Record(Box<Found>),
    /// DMARC does not apply: there is no record.
    NoRecord,
    /// DMARC does not apply: there are several records at one name, and nothing above counts.
    SeveralRecords {
        /// Where they stand.
        name: DomainName,
        /// How many.
        count: usize,
    },
    /// A lookup failed: a receiver cannot decide.
    Failed {
        /// The name whose records could not be looked up.
        name: DomainName,
        /// What the resolver calls it.
        reason: String,
    },
    /// Not enough is known here; a receiver may know more.
    NotKnown {
        /// The first name that would have to be known.
        name: DomainName,
    },
}

/// The record that holds for a domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    /// The name that it stands at, without `_dmarc`: the DMARC policy domain.
    pub policy_domain: DomainName,
    /// Where that is, seen from the domain.
    pub found_at: FoundAt,
    /// The record.
    pub record: Arc<Record>,
    /// Its text.
    pub text: Arc<[u8]>,
    /// Which TXT record of the answer it is.
    pub index: usize,
}

impl Found {
    fn new(location: &Location, found_at: FoundAt) -> Option<Self> {
        match &location.state {
            LocationState::Record { record, text, index } => Some(Self {
                policy_domain: location.name.clone(),
                found_at,
                record: Arc::clone(record),
                text: Arc::clone(text),
                index: *index,
            }),
            _ => None,
        }
    }

    /// The policy for the domain that the record was found for.
    #[must_use]
    pub fn policy(&self, existence: Existence) -> Option<Requested> {
        let values = self.record.effective()?;
        Some(match self.found_at {
            FoundAt::Domain => Requested::new(values, TagName::P),
            _ => for_subdomain(values, self.record.edition(), existence),
        })
    }
}

/// Whether a name exists: it does not if a query for it gives NXDOMAIN (RFC 9989, 3.2.13).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Existence {
    /// It exists, with or without data.
    Exists,
    /// It does not exist.
    DoesNotExist,
}

/// What a record asks for mail of some name that fails.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Requested {
    /// The policy as the record states it, inherited or not.
    pub policy: Policy,
    /// What is left of it in test mode (`t=y`, RFC 9989).
    pub applied: Policy,
    /// The tag that it comes from.
    pub tag: &'static str,
    /// Share of failing mail that it holds for, in percent (RFC 7489); null under RFC 9989.
    pub pct: Option<u8>,
}

impl Requested {
    fn new(values: &Effective, tag: TagName) -> Self {
        let policy = match tag {
            TagName::Sp => values.sp,
            TagName::Np => values.np.unwrap_or(values.sp),
            _ => values.p,
        };
        Self { policy, applied: values.applied(policy), tag: tag.as_str(), pct: values.pct }
    }
}

/// What a record asks for a subdomain without a record of its own.
#[must_use]
pub fn for_subdomain(values: &Effective, edition: Edition, existence: Existence) -> Requested {
    let tag = match (edition, existence) {
        (Edition::Rfc9989, Existence::DoesNotExist) => TagName::Np,
        _ => TagName::Sp,
    };
    Requested::new(values, tag)
}

/// What is known about the policy of one domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Discovered {
    /// The domain.
    pub author: AuthorDomain,
    /// The edition that was followed.
    pub edition: Edition,
    /// What was found.
    pub discovery: Discovery,
    /// The organizational domain; `None` where it cannot be known.
    pub organizational_domain: Option<OrganizationalDomain>,
    /// What was seen at each name that was looked at, from the domain upward.
    pub visited: Vec<Location>,
    /// The record that holds for subdomains without one of their own; `None` too in the verdict on a message,
    /// for which nobody looks for it.
    pub subdomains: Option<Found>,
    /// The name whose records would have to be known to tell which record that is.
    pub open_below: Option<DomainName>,
    /// Whether the domain exists; `None` where it was not asked or cannot be known.
    pub existence: Option<Existence>,
}

impl Discovered {
    /// The record that holds for the domain itself; whether its policy is usable says its verdict.
    #[must_use]
    pub fn found(&self) -> Option<&Found> {
        match &self.discovery {
            Discovery::Record(found) => Some(found),
            _ => None,
        }
    }

    /// The policy for the domain itself; `None` if there is none or it is not known.
    #[must_use]
    pub fn policy(&self) -> Option<Requested> {
        match &self.discovery {
            // Where existence is not known, the two candidates have been found equal.
            Discovery::Record(found) => found.policy(self.existence.unwrap_or(Existence::Exists)),
            _ => None,
        }
    }

    /// The policy for a subdomain without a record of its own.
    #[must_use]
    pub fn subdomain_policy(&self, existence: Existence) -> Option<Requested> {
        let found = self.subdomains.as_ref()?;
        Some(for_subdomain(found.record.effective()?, self.edition, existence))
    }
}

/// Finds the policy of a domain.
///
/// # Errors
/// [`Unknown`] while an answer is open.
pub fn discover(
    author: &AuthorDomain,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Discovered, Unknown> {
    let discovered = find(author, edition, Extent::Subdomains, inquiry)?;
    Ok(existence::settle(&discovered, inquiry)?.of(discovered))
}

/// How far discovery looks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Extent {
    /// Until the record that holds for the domain itself is found.
    Policy,
    /// Also for the record that holds for its subdomains.
    Subdomains,
}

/// Finds the record, and leaves open whether the domain exists.
pub(super) fn find(
    author: &AuthorDomain,
    edition: Edition,
    extent: Extent,
    inquiry: &mut Inquiry<'_>,
) -> Result<Discovered, Unknown> {
    match edition {
        Edition::Rfc9989 => by_walk(author, extent, inquiry),
        Edition::Rfc7489 => by_suffix(author, extent, inquiry),
    }
}

/// RFC 9989, 4.10.1.
fn by_walk(author: &AuthorDomain, extent: Extent, inquiry: &mut Inquiry<'_>) -> Result<Discovered, Unknown> {
    let walk = match extent {
        Extent::Policy => Walk::for_policy(author.name(), inquiry)?,
        Extent::Subdomains => Walk::run(author.name(), inquiry)?,
    };
    let organizational = walk.organizational_domain();
    let place = |location: &Location| {
        if location.name == *author.name() {
            FoundAt::Domain
        } else if location.name == *organizational.name() {
            FoundAt::OrganizationalDomain
        } else {
            FoundAt::PublicSuffixDomain
        }
    };
    let found = walk.policy().and_then(|(location, _)| Found::new(location, place(location)));
    let discovery = match (found, walk.open()) {
        (_, Some(Location { name, state: LocationState::Failed { reason } })) => {
            Discovery::Failed { name: name.clone(), reason: reason.clone() }
        }
        (_, Some(open)) => Discovery::NotKnown { name: open.name.clone() },
        (Some(found), None) => Discovery::Record(Box::new(found)),
        (None, None) => Discovery::NoRecord,
    };
    let below = if extent == Extent::Subdomains { walk.of_subdomain() } else { None };
    let open_below = below.as_ref().and_then(Walk::open).map(|open| open.name.clone());
    let inherited = below.as_ref().and_then(Walk::policy).filter(|_| open_below.is_none());
    let subdomains = inherited.and_then(|(location, _)| {
        let found_at = match place(location) {
            FoundAt::PublicSuffixDomain => FoundAt::PublicSuffixDomain,
            _ => FoundAt::OrganizationalDomain,
        };
        Found::new(location, found_at)
    });
    Ok(Discovered {
        author: author.clone(),
        edition: Edition::Rfc9989,
        discovery,
        organizational_domain: walk.is_settled().then_some(organizational),
        visited: walk.visited().to_vec(),
        subdomains,
        open_below,
        existence: None,
    })
}

/// RFC 7489, 6.6.3. Names between the domain and its organizational domain are never asked.
fn by_suffix(
    author: &AuthorDomain,
    extent: Extent,
    inquiry: &mut Inquiry<'_>,
) -> Result<Discovered, Unknown> {
    let name = author.name();
    let (own, suffix) = inquiry.both(
        |inquiry| walk::look(name, Edition::Rfc7489, inquiry),
        |inquiry| inquiry.ask(Question::PublicSuffix { name: name.clone() }),
    )?;
    let organizational = organizational_domain(name, &suffix);
    let further = extent == Extent::Subdomains || own.state == LocationState::None;
    let mut visited = vec![own];
    if let Some(organizational) = &organizational
        && organizational.name() != name
        && further
    {
        // Subdomains of the domain inherit from there, whether or not it has its own record.
        visited.push(walk::look(organizational.name(), Edition::Rfc7489, inquiry)?);
    }
    let inherited = organizational.as_ref().and_then(|organizational| {
        let location = visited.iter().find(|location| location.name == *organizational.name())?;
        let is_suffix = matches!(&suffix, Answer::PublicSuffix(suffix) if suffix == name);
        if is_suffix { None } else { Found::new(location, FoundAt::OrganizationalDomain) }
    });
    let open_below = match &organizational {
        Some(organizational) => visited
            .iter()
            .find(|location| location.name == *organizational.name() && !location.is_settled())
            .map(|location| location.name.clone()),
        None => Some(name.clone()),
    };
    let own = visited.first();
    let discovery = match own.map(|location| &location.state) {
        Some(LocationState::Record { .. }) => {
            found_or_none(own.and_then(|location| Found::new(location, FoundAt::Domain)))
        }
        // Step 3 asks the organizational domain only "if the set is now empty".
        Some(LocationState::Several { count }) => {
            Discovery::SeveralRecords { name: name.clone(), count: *count }
        }
        Some(LocationState::Failed { reason }) => {
            Discovery::Failed { name: name.clone(), reason: reason.clone() }
        }
        Some(LocationState::NotKnown) | None => Discovery::NotKnown { name: name.clone() },
        Some(LocationState::None) => above(visited.get(1), organizational.as_ref(), name),
    };
    Ok(Discovered {
        author: author.clone(),
        edition: Edition::Rfc7489,
        discovery,
        organizational_domain: organizational,
        visited,
        subdomains: inherited,
        open_below,
        existence: None,
    })
}

fn found_or_none(found: Option<Found>) -> Discovery {
    found.map_or(Discovery::NoRecord, |found| Discovery::Record(Box::new(found)))
}

/// What the organizational domain says, where the domain itself has no record.
fn above(
    location: Option<&Location>,
    organizational: Option<&OrganizationalDomain>,
    name: &DomainName,
) -> Discovery {
    let Some(location) = location else {
        return match organizational {
            Some(_) => Discovery::NoRecord,
            None => Discovery::NotKnown { name: name.clone() },
        };
    };
    match &location.state {
        LocationState::Record { .. } => found_or_none(Found::new(location, FoundAt::OrganizationalDomain)),
        LocationState::Several { count } => {
            Discovery::SeveralRecords { name: location.name.clone(), count: *count }
        }
        LocationState::None => Discovery::NoRecord,
        LocationState::Failed { reason } => {
            Discovery::Failed { name: location.name.clone(), reason: reason.clone() }
        }
        LocationState::NotKnown => Discovery::NotKnown { name: location.name.clone() },
    }
}

/// RFC 7489, 3.2: the public suffix with one more label; the name itself where it is a suffix.
pub(super) fn organizational_domain(name: &DomainName, suffix: &Answer) -> Option<OrganizationalDomain> {
    match suffix {
        Answer::PublicSuffix(suffix) => {
            Some(OrganizationalDomain::new(name.rightmost(suffix.label_count() + 1)))
        }
        _ => None,
    }
}
