//! The tree walk: which names are asked, and which of them is the organizational domain
//! (RFC 9989, 4.10 and 4.10.2).

use std::borrow::Cow;
use std::sync::Arc;

use crate::dns;
use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::{DomainName, OrganizationalDomain};

use super::record::Selection;
use super::value::PublicSuffixFlag;
use super::{Edition, Record};

/// Names with more labels than this are shortened after the first question (RFC 9989, 4.10 step 4).
const LONG: usize = 8;
/// What they are shortened to.
const SHORTENED: usize = 7;

/// The names whose `_dmarc` TXT records a walk may ask for, in order: at most eight.
#[must_use]
pub fn targets(start: &DomainName) -> Vec<DomainName> {
    let mut targets = Vec::new();
    let mut next = Some(start.clone()).filter(|name| !name.is_root());
    while let Some(name) = next {
        let labels = name.label_count();
        next = if targets.is_empty() && labels > LONG {
            Some(name.rightmost(SHORTENED))
        } else {
            name.parent().filter(|parent| !parent.is_root())
        };
        targets.push(name);
    }
    targets
}

/// What stands at `_dmarc` of a name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Location {
    /// The name, without `_dmarc`.
    pub name: DomainName,
    /// What was found there.
    pub state: LocationState,
}

/// What stands at `_dmarc` of a name.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum LocationState {
    /// Exactly one DMARC record.
    Record {
        /// The record.
        record: Arc<Record>,
        /// Its text.
        text: Arc<[u8]>,
        /// Which TXT record of the answer it is.
        index: usize,
    },
    /// More than one: none of them counts.
    Several {
        /// How many.
        count: usize,
    },
    /// No DMARC record, whatever other TXT records there are.
    None,
    /// The lookup failed: nothing is known, and a receiver cannot decide either.
    Failed {
        /// What the resolver calls it.
        reason: String,
    },
    /// Nobody here can look it up; a receiver can.
    NotKnown,
}

impl Location {
    /// The one record at this place.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        match &self.state {
            LocationState::Record { record, .. } => Some(record),
            _ => None,
        }
    }

    /// Whether it is known what stands here.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        !matches!(self.state, LocationState::Failed { .. } | LocationState::NotKnown)
    }
}

/// The question for the records at `_dmarc` of a name; `None` if that name would be too long, so that
/// no record can exist.
#[must_use]
pub fn question(name: &DomainName) -> Option<Question> {
    name.prepend("_dmarc").ok().map(Question::txt)
}

/// Looks at `_dmarc` of one name.
///
/// # Errors
/// [`Unknown`] while the answer is open.
pub fn look(name: &DomainName, edition: Edition, inquiry: &mut Inquiry<'_>) -> Result<Location, Unknown> {
    look_with(name, question(name).as_ref(), edition, inquiry)
}

fn look_with(
    name: &DomainName,
    question: Option<&Question>,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Location, Unknown> {
    let state = match question {
        Some(question) => {
            let fact = inquiry.find(question)?;
            fact.place(edition).cloned().unwrap_or_else(|| LocationState::of(fact.answer(), edition))
        }
        None => LocationState::None,
    };
    Ok(Location { name: name.clone(), state })
}

impl LocationState {
    /// What an answer to the question for `_dmarc` says.
    pub(crate) fn of(answer: &Answer, edition: Edition) -> Self {
        state(answer, edition)
    }
}

fn state(answer: &Answer, edition: Edition) -> LocationState {
    let set = match answer {
        Answer::Records(set) => set,
        Answer::NoData | Answer::NxDomain => return LocationState::None,
        Answer::Failure { reason } => return LocationState::Failed { reason: reason.clone() },
        Answer::NotAnswered => return LocationState::Failed { reason: "no answer".to_owned() },
        _ => return LocationState::NotKnown,
    };
    let texts: Vec<Cow<'_, [u8]>> = set.records.iter().filter_map(dns::Record::text).collect();
    match Record::select(&texts) {
        Selection::None => LocationState::None,
        Selection::Several(indexes) => LocationState::Several { count: indexes.len() },
        Selection::One(index) => {
            let text = texts.get(index).map(AsRef::as_ref).unwrap_or_default();
            match Record::read(text, edition) {
                Some(record) => LocationState::Record { record: Arc::new(record), text: text.into(), index },
                None => LocationState::None,
            }
        }
    }
}

/// A finished walk: what was seen, from the start upward.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Walk {
    start: DomainName,
    visited: Vec<Location>,
    /// Whether it went on to its end.
    complete: bool,
}

impl Walk {
    /// Walks up from a name. Only the next name is needed; the ones above are noted as useful.
    ///
    /// # Errors
    /// [`Unknown`] while an answer is open.
    pub fn run(start: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<Self, Unknown> {
        Self::until(start, inquiry, |_| false)
    }

    /// Walks up from a name that has no record of its own; from one that has, it sees that record only,
    /// and then says nothing about the organizational domain.
    ///
    /// # Errors
    /// [`Unknown`] while an answer is open.
    pub(super) fn for_policy(start: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<Self, Unknown> {
        Self::until(start, inquiry, |location| location.name == *start && location.record().is_some())
    }

    fn until(
        start: &DomainName,
        inquiry: &mut Inquiry<'_>,
        enough: impl Fn(&Location) -> bool,
    ) -> Result<Self, Unknown> {
        let names = targets(start).into_iter().map(|name| (question(&name), name));
        let names: Vec<(Option<Question>, DomainName)> = names.collect();
        names.iter().filter_map(|(question, _)| question.as_ref()).for_each(|each| inquiry.expect(each));
        let mut visited = Vec::with_capacity(names.len());
        let mut complete = true;
        for (question, name) in &names {
            let location = look_with(name, question.as_ref(), Edition::Rfc9989, inquiry)?;
            // Steps 2 and 6: a record with `psd=y` or `psd=n` ends the walk.
            let last = location.record().is_some_and(|record| record.psd() != PublicSuffixFlag::U);
            let stop = enough(&location);
            visited.push(location);
            if last {
                break;
            }
            if stop {
                complete = false;
                break;
            }
        }
        Ok(Self { start: start.clone(), visited, complete })
    }

    /// Where it started.
    #[must_use]
    pub const fn start(&self) -> &DomainName {
        &self.start
    }

    /// What was seen, from the start upward.
    #[must_use]
    pub fn visited(&self) -> &[Location] {
        &self.visited
    }

    /// Whether it is known what stands at every name of the walk.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.complete && self.visited.iter().all(Location::is_settled)
    }

    /// Where records were found, longest name first.
    pub fn found(&self) -> impl DoubleEndedIterator<Item = (&Location, &Record)> {
        self.visited.iter().filter_map(|location| location.record().map(|record| (location, record)))
    }

    /// The organizational domain of the start, by what was found (RFC 9989, 4.10.2). It is certain only
    /// if the walk [is settled](Self::is_settled).
    #[must_use]
    pub fn organizational_domain(&self) -> OrganizationalDomain {
        self.supposing(&|_| None)
    }

    /// The same, if places of which nothing is known were as supposed: `None` where there would be no
    /// record.
    pub(super) fn supposing(
        &self,
        supposed: &dyn Fn(&DomainName) -> Option<PublicSuffixFlag>,
    ) -> OrganizationalDomain {
        let mut last = None;
        for location in &self.visited {
            let flag = match location.record() {
                Some(record) => Some(record.psd()),
                None if location.is_settled() => None,
                None => supposed(&location.name),
            };
            if let Some(flag) = flag {
                last = Some((&location.name, flag));
                if flag != PublicSuffixFlag::U {
                    break;
                }
            }
        }
        let start = &self.start;
        let name = match last {
            None => start.clone(),
            // "One label below" counts from the name where the walk started.
            Some((name, PublicSuffixFlag::Y)) if name != start => start.rightmost(name.label_count() + 1),
            Some((name, _)) => name.clone(),
        };
        OrganizationalDomain::new(name)
    }

    /// The record whose policy holds for the start, by what was found (RFC 9989, 4.10.1): its own, else
    /// the organizational domain's, else that of the public suffix domain.
    #[must_use]
    pub fn policy(&self) -> Option<(&Location, &Record)> {
        let own = self.found().next().filter(|(location, _)| location.name == self.start);
        let organizational = self.organizational_domain();
        let at = |name: &DomainName| self.found().find(|(location, _)| location.name == *name);
        own.or_else(|| at(organizational.name())).or_else(|| {
            let last = self.found().next_back()?;
            (last.1.psd() == PublicSuffixFlag::Y).then_some(last)
        })
    }

    /// The first place that leaves open whether that record holds. A lookup that fails anywhere leaves a
    /// receiver without a verdict (RFC 9989, 5.3.6). What is only not known here may stand above the
    /// record, where the facts of a zone end, but not below it, where another record would come first.
    #[must_use]
    pub fn open(&self) -> Option<&Location> {
        let found = self.policy().map(|(location, _)| location.name.label_count());
        if found == Some(self.start.label_count()) {
            return None;
        }
        let failed =
            self.visited.iter().find(|location| matches!(location.state, LocationState::Failed { .. }));
        failed.or_else(|| {
            self.visited
                .iter()
                .take_while(|location| found.is_none_or(|labels| location.name.label_count() > labels))
                .find(|location| !location.is_settled())
        })
    }

    /// The walk of a subdomain of the start that has no record of its own.
    #[must_use]
    pub fn of_subdomain(&self) -> Option<Self> {
        let start = self.start.prepend("subdomain").ok()?;
        // The walk of a subdomain with over eight labels skips names that this walk has visited.
        let reached = targets(&start);
        let visited =
            self.visited.iter().filter(|location| reached.contains(&location.name)).cloned().collect();
        Some(Self { start, visited, complete: self.complete })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DomainName {
        text.parse().unwrap()
    }

    #[test]
    fn a_long_name_is_shortened_once() {
        let asked: Vec<String> =
            targets(&name("a.b.c.d.e.f.g.h.i.j.k.example.com")).iter().map(ToString::to_string).collect();
        assert_eq!(asked.len(), 8);
        assert_eq!(asked.get(1).map(String::as_str), Some("g.h.i.j.k.example.com"));
        assert_eq!(asked.last().map(String::as_str), Some("com"));
        assert_eq!(targets(&name("a.b.c.d.e.f.g.com")).len(), 8);
        assert!(targets(&DomainName::root()).is_empty());
    }
}
