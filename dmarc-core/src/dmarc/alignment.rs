//! Identifier alignment (RFC 9989, 4.4 and 4.10.2; RFC 7489, 3.1 and 3.2): whether a domain that SPF or
//! DKIM authenticated belongs to the author of a message.
//!
//! Both names of a comparison get their organizational domain in the same way. Where a lookup of the tree
//! walk fails, the answer still stands if it is the same whatever would have been found.

use serde::Serialize;

use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::{AuthenticatedDomain, AuthorDomain, DomainName, OrganizationalDomain};

use super::value::{Alignment, PublicSuffixFlag};
use super::walk::{LocationState, Walk};
use super::{Edition, discovery};

/// Places of which nothing is known that are thought through: four possibilities for each.
const OPEN_PLACES: usize = 4;

/// What is known about the organization of a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Organization(Known);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Known {
    /// By tree walk.
    Walk(Walk),
    /// By public suffix; `None` where nobody can say which that is.
    Suffix { name: DomainName, domain: Option<OrganizationalDomain>, failure: Option<String> },
}

impl Organization {
    /// Finds out.
    ///
    /// # Errors
    /// [`Unknown`] while an answer is open.
    pub fn of(name: &DomainName, edition: Edition, inquiry: &mut Inquiry<'_>) -> Result<Self, Unknown> {
        Ok(Self(match edition {
            Edition::Rfc9989 => Known::Walk(Walk::run(name, inquiry)?),
            Edition::Rfc7489 => {
                let answer = inquiry.ask(Question::PublicSuffix { name: name.clone() })?;
                Known::Suffix {
                    name: name.clone(),
                    domain: discovery::organizational_domain(name, &answer),
                    failure: match answer {
                        Answer::Failure { reason } => Some(reason),
                        Answer::NotAnswered => Some("no answer".to_owned()),
                        _ => None,
                    },
                }
            }
        }))
    }

    /// The organizational domain; `None` where it cannot be known.
    #[must_use]
    pub fn domain(&self) -> Option<OrganizationalDomain> {
        match &self.0 {
            Known::Walk(walk) => walk.is_settled().then(|| walk.organizational_domain()),
            Known::Suffix { domain, .. } => domain.clone(),
        }
    }

    /// The names at which records were looked for, without `_dmarc`, in order.
    pub fn visited(&self) -> impl Iterator<Item = &DomainName> {
        let walk = match &self.0 {
            Known::Walk(walk) => walk.visited(),
            Known::Suffix { .. } => &[],
        };
        walk.iter().map(|location| &location.name)
    }

    /// Whether two names have one organizational domain; `None` where that cannot be known.
    #[must_use]
    pub fn is_shared(&self, other: &Self) -> Option<bool> {
        match (&self.0, &other.0) {
            (Known::Walk(one), Known::Walk(other)) => shared(one, other),
            _ => self.domain().zip(other.domain()).map(|(one, other)| one == other),
        }
    }

    /// The first place that leaves the organization open, and why a lookup there failed: `None` if it
    /// did not fail, but could not be made.
    fn open(&self) -> Option<(DomainName, Option<String>)> {
        match &self.0 {
            Known::Walk(walk) => {
                walk.visited().iter().find(|location| !location.is_settled()).map(|location| {
                    let reason = match &location.state {
                        LocationState::Failed { reason } => Some(reason.clone()),
                        _ => None,
                    };
                    (location.name.clone(), reason)
                })
            }
            Known::Suffix { name, domain: None, failure } => Some((name.clone(), failure.clone())),
            Known::Suffix { .. } => None,
        }
    }
}

/// Compares two walks under everything that may stand at places of which nothing is known.
fn shared(one: &Walk, other: &Walk) -> Option<bool> {
    const POSSIBLE: [Option<PublicSuffixFlag>; 4] =
        [None, Some(PublicSuffixFlag::U), Some(PublicSuffixFlag::Y), Some(PublicSuffixFlag::N)];
    let mut open: Vec<&DomainName> = Vec::new();
    for location in one.visited().iter().chain(other.visited()) {
        if !location.is_settled() && !open.contains(&&location.name) {
            open.push(&location.name);
        }
    }
    if open.len() > OPEN_PLACES {
        return None;
    }
    let same = |case: usize| {
        let supposed = |name: &DomainName| {
            let place = open.iter().position(|each| *each == name)?;
            POSSIBLE.get((case >> (2 * place)) % POSSIBLE.len()).copied().flatten()
        };
        one.supposing(&supposed) == other.supposing(&supposed)
    };
    let first = same(0);
    (1..1_usize << (2 * open.len())).all(|case| same(case) == first).then_some(first)
}

/// Whether an authenticated domain belongs to the author of a message, and why.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Aligned {
    /// It is the author domain.
    Identical,
    /// Both have one organizational domain.
    SameOrganization {
        /// Which that is; `None` where only that it is the same can be known.
        organizational_domain: Option<OrganizationalDomain>,
    },
    /// It is another name, and strict alignment is asked.
    Strict,
    /// The organizational domains differ.
    OtherOrganization {
        /// That of the authenticated domain, where it can be known.
        organizational_domain: Option<OrganizationalDomain>,
        /// That of the author domain, where it can be known.
        author: Option<OrganizationalDomain>,
    },
    /// A lookup leaves it open.
    Open {
        /// The name whose record or suffix is not known.
        name: DomainName,
        /// Why the lookup failed; `None` if it could not be made here.
        failure: Option<String>,
    },
}

impl Aligned {
    /// Whether it is aligned; `None` while that is open.
    #[must_use]
    pub const fn is_aligned(&self) -> Option<bool> {
        match self {
            Self::Identical | Self::SameOrganization { .. } => Some(true),
            Self::Strict | Self::OtherOrganization { .. } => Some(false),
            Self::Open { .. } => None,
        }
    }
}

/// What a comparison of the names alone tells; `None` if the organizational domains decide.
#[must_use]
pub fn by_name(
    author: &AuthorDomain,
    authenticated: &AuthenticatedDomain,
    alignment: Alignment,
) -> Option<Aligned> {
    // RFC 9989, 4.4: identical names are in strict alignment, and so in relaxed alignment too.
    if author.name() == authenticated.name() {
        return Some(Aligned::Identical);
    }
    (alignment == Alignment::Strict).then_some(Aligned::Strict)
}

/// What the organizational domains tell about two names that differ, in relaxed alignment.
#[must_use]
pub fn by_organization(author: &Organization, authenticated: &Organization) -> Aligned {
    match authenticated.is_shared(author) {
        Some(true) => Aligned::SameOrganization {
            organizational_domain: authenticated.domain().or_else(|| author.domain()),
        },
        Some(false) => Aligned::OtherOrganization {
            organizational_domain: authenticated.domain(),
            author: author.domain(),
        },
        None => {
            let failed = |place: &(DomainName, Option<String>)| place.1.is_some();
            let places = [authenticated.open(), author.open()];
            let mut places = places.into_iter().flatten();
            // A lookup that failed says more than one that could not be made.
            let first = places.next();
            let place = first.as_ref().filter(|place| failed(place)).cloned();
            let place = place.or_else(|| places.find(|place| failed(place))).or(first);
            let (name, failure) = place.unwrap_or_else(|| (DomainName::root(), None));
            Aligned::Open { name, failure }
        }
    }
}

/// Whether an authenticated domain is aligned with an author domain.
///
/// ```
/// use dmarc_core::dmarc::{Alignment, Edition, alignment};
/// use dmarc_core::dns::Snapshot;
/// use dmarc_core::evaluation::{Facts, Inquiry};
/// use dmarc_core::limits::Limits;
/// use dmarc_core::name::{AuthenticatedDomain, AuthorDomain};
///
/// let zone = r#"{ "complete": true, "names": { "_dmarc.example.com": { "TXT": ["v=DMARC1; p=reject"] } } }"#;
/// let facts = Facts::from_snapshot(Snapshot::from_json(zone, &Limits::default())?);
/// let author = AuthorDomain::new("example.com".parse()?);
/// let signer = AuthenticatedDomain::new("mail.example.com".parse()?);
/// let aligned = |alignment| {
///     let mut inquiry = Inquiry::new(&facts);
///     let found = alignment::aligned(&author, &signer, alignment, Edition::Rfc9989, &mut inquiry);
///     found.expect("the zone knows everything").is_aligned()
/// };
/// assert_eq!(aligned(Alignment::Relaxed), Some(true));
/// assert_eq!(aligned(Alignment::Strict), Some(false));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Unknown`] while an answer is open.
pub fn aligned(
    author: &AuthorDomain,
    authenticated: &AuthenticatedDomain,
    alignment: Alignment,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Aligned, Unknown> {
    if let Some(found) = by_name(author, authenticated, alignment) {
        return Ok(found);
    }
    let (author, authenticated) = inquiry.both(
        |inquiry| Organization::of(author.name(), edition, inquiry),
        |inquiry| Organization::of(authenticated.name(), edition, inquiry),
    )?;
    Ok(by_organization(&author, &authenticated))
}
