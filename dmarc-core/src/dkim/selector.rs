//! The keys of a domain: what stands at its selectors, and what can be known without any.
//!
//! Selectors cannot be listed through the DNS. They come from the caller, from reports and from messages;
//! without them nothing is known, except where the DNS says that no name exists below `_domainkey`.

use crate::diagnostics::{Diagnostic, Parsed, Subject};
use crate::evaluation::{Answer, Check, Inquiry, Question, Unknown};
use crate::name::DomainName;

use super::key::{Key, State};
use super::rules::{LONG_RECORD, NO_KEY_AT_SELECTOR, REVOKING_WILDCARD, SEVERAL_KEYS, UNREADABLE_SELECTOR};

/// The label below which keys stand.
const LABEL: &str = "_domainkey";

/// The name at which a key stands (RFC 6376, 3.6.2.1); `None` if it would be too long.
#[must_use]
pub fn key_name(selector: &DomainName, domain: &DomainName) -> Option<DomainName> {
    domain.prepend(&format!("{selector}.{LABEL}")).ok()
}

/// What stands at a selector.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Keys {
    /// TXT records, each read as a key. Of several, verifiers may take any (RFC 6376, 6.1.2 step 4).
    Records(Vec<(Vec<u8>, Parsed<Key>)>),
    /// The name exists without TXT records: no key, for good (RFC 6376, 6.1.2 step 3).
    NoData,
    /// The name does not exist: no key, for good.
    NxDomain,
    /// The lookup failed.
    Failed(String),
    /// It cannot be looked up here.
    NotKnown,
}

impl Keys {
    fn from_answer(answer: Answer) -> Self {
        match answer {
            Answer::Records(set) => {
                let texts = set.records.iter().filter_map(crate::dns::Record::joined_text);
                Self::Records(
                    texts
                        .map(|text| {
                            let parsed = Key::parse(&text);
                            (text, parsed)
                        })
                        .collect(),
                )
            }
            Answer::NoData => Self::NoData,
            Answer::NxDomain => Self::NxDomain,
            Answer::Failure { reason } => Self::Failed(reason),
            Answer::NotAnswered => Self::Failed("no answer".to_owned()),
            _ => Self::NotKnown,
        }
    }

    /// The key records among the records.
    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        let records = match self {
            Self::Records(records) => records.as_slice(),
            _ => &[],
        };
        records.iter().filter_map(|(_, parsed)| parsed.value.as_ref())
    }

    /// What a verifier of mail can do here: that of the only key; `None` if there are several that differ, no
    /// key, or it is not known.
    #[must_use]
    pub fn state(&self) -> Option<State> {
        let mut states = self.keys().map(Key::state);
        let first = states.next()?;
        states.all(|state| state == first).then_some(first)
    }

    /// `records`, `no-data`, `nxdomain`, `failure` or `not-known`.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        match self {
            Self::Records(_) => "records",
            Self::NoData => "no-data",
            Self::NxDomain => "nxdomain",
            Self::Failed(_) => "failure",
            Self::NotKnown => "not-known",
        }
    }
}

/// Whether a domain publishes keys with which mail in its name can be signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Presence {
    /// A selector that is known has a usable key.
    Present,
    /// There is no key: nothing exists below `_domainkey` (RFC 8020, 2), or everything there is revoked.
    Absent,
    /// It is not known: keys may stand at selectors that nobody named.
    Undetermined,
}

impl Presence {
    /// The word that all languages use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Undetermined => "undetermined",
        }
    }
}

/// The check of the selectors of a domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SelectorCheck {
    /// The domain.
    pub domain: DomainName,
    /// Selectors that are known; may be none.
    pub selectors: Vec<DomainName>,
}

/// What is known of the keys of a domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Selectors {
    /// The domain.
    pub domain: DomainName,
    /// Each selector that was asked for, with its keys.
    pub selectors: Vec<(DomainName, Keys)>,
    /// What stands at `_domainkey` itself; NXDOMAIN proves that no name exists below it.
    pub above: Keys,
    /// What a wildcard answers for selectors that do not exist.
    pub wildcard: Keys,
}

impl Selectors {
    /// Whether there are keys.
    #[must_use]
    pub fn presence(&self) -> Presence {
        if self.selectors.iter().any(|(_, keys)| keys.state() == Some(State::Usable)) {
            Presence::Present
        } else if matches!(self.above, Keys::NxDomain) || self.is_revoked_throughout() {
            Presence::Absent
        } else {
            Presence::Undetermined
        }
    }

    /// Whether a wildcard says of every selector that its key is revoked.
    #[must_use]
    pub fn is_revoked_throughout(&self) -> bool {
        self.wildcard.state() == Some(State::Revoked)
            && self.selectors.iter().all(|(_, keys)| keys.state() == Some(State::Revoked))
    }

    /// What there is to say, each with the text that its span is about.
    #[must_use]
    pub fn findings(&self) -> Vec<(Diagnostic, Vec<u8>)> {
        let mut found = Vec::new();
        for (selector, keys) in &self.selectors {
            let name = key_name(selector, &self.domain).map_or_else(String::new, |name| name.to_string());
            let subject =
                |index| Subject { name: Some(name.clone()), record_type: Some("TXT".to_owned()), index };
            let whole = |diagnostic: Diagnostic| {
                let diagnostic = diagnostic.arg("name", name.as_str());
                (Diagnostic { subject: Some(subject(None)), ..diagnostic }, Vec::new())
            };
            match keys {
                Keys::Records(records) => {
                    let count = keys.keys().count();
                    if count > 1 {
                        found.push(whole(SEVERAL_KEYS.anywhere().arg("count", count)));
                    }
                    for (index, (text, parsed)) in records.iter().enumerate() {
                        let index = (records.len() > 1).then_some(index);
                        // What the DNS answered is split already.
                        let new = parsed.diagnostics.iter().filter(|one| one.rule != &LONG_RECORD);
                        found.extend(new.map(|one| {
                            (Diagnostic { subject: Some(subject(index)), ..one.clone() }, text.clone())
                        }));
                    }
                }
                Keys::NoData | Keys::NxDomain => found.push(whole(NO_KEY_AT_SELECTOR.anywhere())),
                Keys::Failed(reason) => {
                    found.push(whole(UNREADABLE_SELECTOR.anywhere().arg("reason", reason.as_str())));
                }
                Keys::NotKnown => {}
            }
        }
        if self.is_revoked_throughout() {
            let name = format!("*.{LABEL}.{}", self.domain);
            let diagnostic = REVOKING_WILDCARD.anywhere().arg("name", name.as_str());
            let subject = Subject { name: Some(name), record_type: Some("TXT".to_owned()), index: None };
            found.push((Diagnostic { subject: Some(subject), ..diagnostic }, Vec::new()));
        }
        found
    }
}

impl Check for SelectorCheck {
    type Report = Selectors;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Selectors, Unknown> {
        // A name that cannot exist holds nothing.
        let ask = |name: Option<DomainName>, inquiry: &mut Inquiry<'_>| match name {
            Some(name) => inquiry.ask(Question::txt(name)),
            None => Ok(Answer::NxDomain),
        };
        let (above, (wildcard, keys)) = inquiry.both(
            |inquiry| ask(self.domain.prepend(LABEL).ok(), inquiry),
            |inquiry| {
                inquiry.both(
                    |inquiry| ask(self.domain.prepend(&format!("*.{LABEL}")).ok(), inquiry),
                    |inquiry| {
                        let parts = self.selectors.iter().map(|selector| {
                            move |inquiry: &mut Inquiry<'_>| ask(key_name(selector, &self.domain), inquiry)
                        });
                        inquiry.all(parts)
                    },
                )
            },
        )?;
        Ok(Selectors {
            domain: self.domain.clone(),
            selectors: self.selectors.iter().cloned().zip(keys.into_iter().map(Keys::from_answer)).collect(),
            above: Keys::from_answer(above),
            wildcard: Keys::from_answer(wildcard),
        })
    }
}
