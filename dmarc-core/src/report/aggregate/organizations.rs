//! What the caller knows about organizational domains, for the alignment that is worked out anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Deserialize;

use crate::dmarc::Edition;
use crate::dmarc::alignment::Organization;
use crate::dmarc::walk;
use crate::dns::Snapshot;
use crate::evaluation::{Answer, Facts, Inquiry, Question};
use crate::name::{DomainName, OrganizationalDomain};

/// Names of which the organization is remembered; beyond that it is worked out again.
const REMEMBERED: usize = 4_096;

/// What is known about organizational domains: nothing, a list of them, DNS answers, or a function.
///
/// Reading asks nobody. Where this does not tell whether two names have one organizational domain, relaxed
/// alignment of the two stays open, unless the names alone decide it. It can be cloned at no cost and used
/// in several threads; they share what was worked out.
///
/// ```
/// use dmarc_core::report::aggregate::Organizations;
///
/// let own = Organizations::listed(["example.com".parse()?]);
/// let shared = |other: &str| own.is_shared(&"news.example.com".parse().ok()?, &other.parse().ok()?);
/// assert_eq!(shared("bounce.example.com"), Some(true));
/// assert_eq!(shared("example.net"), Some(false));
/// # Ok::<(), dmarc_core::name::NameError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Organizations(Known);

#[derive(Clone, Default)]
enum Known {
    #[default]
    Nothing,
    Listed(Arc<BTreeSet<DomainName>>),
    Facts(Arc<Worked>),
    Function(Arc<Function>),
}

/// What is known of organizational domains as plain data.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Given {
    /// Their names.
    Listed(Vec<DomainName>),
    /// What is known of DNS.
    Snapshot(Box<Snapshot>),
}

type Function = dyn Fn(&DomainName) -> Option<OrganizationalDomain> + Send + Sync;

/// Facts, and what was worked out of them.
struct Worked {
    facts: Facts,
    edition: Edition,
    names: Mutex<BTreeMap<DomainName, Option<Organization>>>,
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "Nothing",
            Self::Listed(_) => "Listed",
            Self::Facts(_) => "Facts",
            Self::Function(_) => "Function",
        })
    }
}

impl Organizations {
    /// Organizational domains by name, such as the caller's own. The organization of a name is the closest one
    /// in the list that it lies within; of any other name it only is known that it is none of these.
    #[must_use]
    pub fn listed(names: impl IntoIterator<Item = DomainName>) -> Self {
        Self(Known::Listed(Arc::new(names.into_iter().collect())))
    }

    /// What a zone, a snapshot or answers tell: by the tree walk of RFC 9989, 4.10.2, or by the public suffixes
    /// among them (RFC 7489, 3.2). A question that they do not answer stays open.
    #[must_use]
    pub fn from_facts(facts: Facts, edition: Edition) -> Self {
        Self(Known::Facts(Arc::new(Worked { facts, edition, names: Mutex::default() })))
    }

    /// A function from a name to its organizational domain, such as a public suffix list; `None` where it does
    /// not know.
    #[must_use]
    pub fn by(
        function: impl Fn(&DomainName) -> Option<OrganizationalDomain> + Send + Sync + 'static,
    ) -> Self {
        Self(Known::Function(Arc::new(function)))
    }

    /// What was given as plain data; a snapshot is looked at under that edition.
    #[must_use]
    pub fn given(given: Given, edition: Edition) -> Self {
        match given {
            Given::Listed(names) => Self::listed(names),
            Given::Snapshot(snapshot) => Self::from_facts(Facts::from_snapshot(*snapshot), edition),
        }
    }

    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        matches!(self.0, Known::Nothing)
    }

    /// The organizational domain of a name; `None` where that is not known.
    #[must_use]
    pub fn domain(&self, name: &DomainName) -> Option<OrganizationalDomain> {
        match &self.0 {
            Known::Nothing => None,
            Known::Listed(list) => closest(list, name).map(OrganizationalDomain::new),
            Known::Facts(worked) => worked.organization(name)?.domain(),
            Known::Function(function) => function(name),
        }
    }

    /// Whether two names have one organizational domain; `None` where that is not known.
    #[must_use]
    pub fn is_shared(&self, one: &DomainName, other: &DomainName) -> Option<bool> {
        match &self.0 {
            Known::Nothing => None,
            Known::Listed(list) => match (closest(list, one), closest(list, other)) {
                (None, None) => None,
                (one, other) => Some(one == other),
            },
            Known::Facts(worked) => worked.organization(one)?.is_shared(&worked.organization(other)?),
            Known::Function(function) => Some(function(one)? == function(other)?),
        }
    }
}

/// The closest name of a list that a name lies within.
fn closest(list: &BTreeSet<DomainName>, name: &DomainName) -> Option<DomainName> {
    let mut next = Some(name.clone());
    while let Some(name) = next {
        if list.contains(&name) {
            return Some(name);
        }
        next = name.parent();
    }
    None
}

impl Worked {
    fn organization(&self, name: &DomainName) -> Option<Organization> {
        // A panic while it was held, which no call here makes, leaves a map that is whole.
        let mut names = self.names.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names.get(name) {
            return known.clone();
        }
        let organization = self.work_out(name);
        if names.len() >= REMEMBERED {
            names.clear();
        }
        names.insert(name.clone(), organization.clone());
        organization
    }

    fn work_out(&self, name: &DomainName) -> Option<Organization> {
        let questions: Vec<Question> = match self.edition {
            Edition::Rfc9989 => walk::targets(name).iter().filter_map(walk::question).collect(),
            Edition::Rfc7489 => vec![Question::PublicSuffix { name: name.clone() }],
        };
        // Nobody is asked: what the facts do not know stays open, and may turn out not to matter.
        let mut facts = Facts::new();
        for question in questions {
            let answer = self.facts.look_up(&question).unwrap_or(Answer::NotPossible);
            facts.insert(question, answer);
        }
        Organization::of(name, self.edition, &mut Inquiry::new(&facts)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::Snapshot;
    use crate::limits::Limits;

    fn name(text: &str) -> DomainName {
        DomainName::parse(text).unwrap()
    }

    fn facts(text: &str) -> Organizations {
        let snapshot = Snapshot::from_json(text, &Limits::default()).unwrap();
        Organizations::from_facts(Facts::from_snapshot(snapshot), Edition::Rfc9989)
    }

    #[test]
    fn nothing_known_tells_nothing() {
        let nothing = Organizations::default();
        assert!(nothing.is_empty());
        assert_eq!(nothing.domain(&name("a.example")), None);
        assert_eq!(nothing.is_shared(&name("a.example"), &name("b.example")), None);
    }

    #[test]
    fn the_closest_name_of_a_list_counts() {
        let list = Organizations::listed([name("example.com"), name("shop.example.com")]);
        let domain = |text| list.domain(&name(text)).map(|domain| domain.to_string());
        assert_eq!(domain("a.b.example.com").as_deref(), Some("example.com"));
        assert_eq!(domain("a.shop.example.com").as_deref(), Some("shop.example.com"));
        assert_eq!(domain("example.net"), None);
        let shared = |one, other| list.is_shared(&name(one), &name(other));
        assert_eq!(shared("a.example.com", "shop.example.com"), Some(false));
        assert_eq!(shared("a.example.com", "example.net"), Some(false));
        assert_eq!(shared("example.org", "example.net"), None, "two names that nobody listed");
    }

    #[test]
    fn a_walk_over_facts_is_as_complete_as_they_are() {
        let names = r#""names": { "_dmarc.example.com": { "TXT": ["v=DMARC1; p=reject"] } } }"#;
        let whole = facts(&format!("{{ \"complete\": true, {names}"));
        let part = facts(&format!("{{ {names}"));
        let (one, other) = (name("a.example.com"), name("b.example.com"));
        for _ in 0..2 {
            assert_eq!(whole.is_shared(&one, &other), Some(true));
            assert_eq!(part.is_shared(&one, &other), None);
        }
        assert_eq!(whole.is_shared(&one, &name("example.net")), Some(false));
    }

    #[test]
    fn a_function_may_not_know_either() {
        let by = Organizations::by(|name| {
            name.is_within(&DomainName::parse("example.com").ok()?)
                .then(|| OrganizationalDomain::new(name.rightmost(2)))
        });
        assert_eq!(by.is_shared(&name("a.example.com"), &name("example.com")), Some(true));
        assert_eq!(by.is_shared(&name("a.example.com"), &name("example.net")), None);
    }
}
