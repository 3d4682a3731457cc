//! The records that a policy is made of, and the addresses that it names, fetched side by side.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::conventions::Conventions;
use super::sets::Family;
use super::target::{Target, target};
use super::tree::leads_to;
use crate::dns::{self, RecordType};
use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::DomainName;
use crate::spf::record::Record;
use crate::spf::terms::{DomainSpec, Mechanism, Modifier, Term};

/// What one analysis may fetch. A receiver stops at 10 terms; the analysis goes on, but not for
/// ever: a zone can answer every name.
struct Budget {
    policies: usize,
    addresses: usize,
}

impl Budget {
    /// Records; ten times what an evaluation can reach.
    const POLICIES: usize = 110;
    /// Address and MX questions; what ten `mx` terms with ten hosts ask for, twice.
    const ADDRESSES: usize = 440;
}

/// What stands at a name that a policy leads to.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PolicyState {
    /// One SPF record.
    Record(Record),
    /// Several: `permerror`.
    Several {
        /// How many.
        count: usize,
    },
    /// No SPF record: `none`.
    None,
    /// The lookup failed: `temperror`.
    Failed {
        /// What the resolver calls it.
        reason: String,
    },
    /// Nobody here can look it up; a receiver can.
    NotKnown,
    /// The budget of the analysis ended before it.
    NotVisited,
}

impl PolicyState {
    /// The record.
    #[must_use]
    pub const fn record(&self) -> Option<&Record> {
        match self {
            Self::Record(record) => Some(record),
            _ => None,
        }
    }

    /// `record`, `several-records`, `no-record`, `failure`, `not-known` or `not-visited`.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Record(_) => "record",
            Self::Several { .. } => "several-records",
            Self::None => "no-record",
            Self::Failed { .. } => "failure",
            Self::NotKnown => "not-known",
            Self::NotVisited => "not-visited",
        }
    }
}

/// Records by name, and the answers that their terms need.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Policies {
    root: DomainName,
    texts: Vec<Vec<u8>>,
    states: BTreeMap<DomainName, PolicyState>,
    void: BTreeSet<DomainName>,
    answers: BTreeMap<Question, Answer>,
}

/// What an answer to a term's question means.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Found<'a> {
    Records(&'a [dns::Record]),
    Void,
    Failed,
    NotKnown,
}

impl Policies {
    /// Fetches the policy of a domain. All questions of one depth are asked in one round.
    ///
    /// With `draft` that text stands for what is published at the domain itself. Of mail hosts as many
    /// are asked for as `conventions` allow, and not more than the budget of an analysis.
    ///
    /// # Errors
    /// [`Unknown`] while an answer is open.
    pub fn fetch(
        root: &DomainName,
        draft: Option<&[u8]>,
        conventions: &Conventions,
        inquiry: &mut Inquiry<'_>,
    ) -> Result<Self, Unknown> {
        let mut fetch = Fetch {
            policies: Self {
                root: root.clone(),
                texts: draft.map(<[u8]>::to_vec).into_iter().collect(),
                states: BTreeMap::new(),
                void: BTreeSet::new(),
                answers: BTreeMap::new(),
            },
            queue: VecDeque::new(),
            budget: Budget { policies: Budget::POLICIES, addresses: Budget::ADDRESSES },
            mail_hosts: conventions.mx_hosts as usize,
            open: None,
            inquiry,
        };
        match draft {
            Some(text) => {
                let state = Record::read(text).map_or(PolicyState::None, PolicyState::Record);
                fetch.enter(root, state);
            }
            None => fetch.queue.push_back(root.clone()),
        }
        fetch.run()
    }

    /// The domain whose policy this is.
    #[must_use]
    pub const fn root(&self) -> &DomainName {
        &self.root
    }

    /// Every TXT record at the domain itself, joined; the draft, if there is one.
    #[must_use]
    pub fn texts(&self) -> &[Vec<u8>] {
        &self.texts
    }

    /// What stands at a name.
    #[must_use]
    pub fn state(&self, name: &DomainName) -> &PolicyState {
        self.states.get(name).unwrap_or(&PolicyState::NotVisited)
    }

    /// Every name that was reached, with what stands there.
    pub fn iter(&self) -> impl Iterator<Item = (&DomainName, &PolicyState)> {
        self.states.iter()
    }

    /// How many terms there are in all records, and how many names and answers.
    pub(super) fn size(&self) -> u64 {
        let records = self.states.values().filter_map(PolicyState::record);
        let terms: usize = records.map(|record| record.terms().len()).sum();
        (terms + self.states.len() + self.answers.len()) as u64
    }

    /// Whether the TXT lookup of a name found no records at all.
    pub(super) fn is_void(&self, name: &DomainName) -> bool {
        self.void.contains(name)
    }

    /// The answer to a term's question.
    pub(super) fn answer(&self, name: &DomainName, record_type: RecordType) -> Found<'_> {
        match self.answers.get(&Question::dns(name.clone(), record_type)) {
            Some(Answer::Records(set)) => Found::Records(&set.records),
            Some(Answer::NoData | Answer::NxDomain) => Found::Void,
            Some(Answer::Failure { .. } | Answer::NotAnswered) => Found::Failed,
            _ => Found::NotKnown,
        }
    }

    /// The same facts with another record at some name.
    pub(super) fn with_record(&self, name: &DomainName, record: Record) -> Self {
        let mut changed = self.clone();
        changed.states.insert(name.clone(), PolicyState::Record(record));
        changed
    }

    /// The addresses of a family at a name, as far as they are known.
    pub(super) fn addresses(&self, name: &DomainName, family: Family) -> Found<'_> {
        self.answer(name, address_type(family))
    }
}

/// The type of the records that hold a family's addresses.
pub(super) const fn address_type(family: Family) -> RecordType {
    match family {
        Family::Ipv4 => RecordType::A,
        Family::Ipv6 => RecordType::Aaaa,
    }
}

/// The hosts of MX records in the order of their preference; a null MX names none (RFC 7505, 3).
pub(super) fn hosts(records: &[dns::Record]) -> Vec<&DomainName> {
    let mut hosts: Vec<(u16, &DomainName)> = records
        .iter()
        .filter_map(|record| match record {
            dns::Record::Mx { preference, exchange } => Some((*preference, exchange)),
            _ => None,
        })
        .collect();
    hosts.sort_by_key(|(preference, _)| *preference);
    hosts.into_iter().map(|(_, host)| host).filter(|host| !host.is_root()).collect()
}

/// The terms of a record that can be reached, in the order in which they are evaluated: not those behind
/// `all`, and a `redirect` last, unless there is an `all` (RFC 7208, 6.1).
pub(super) fn reached(record: &Record) -> impl Iterator<Item = (usize, &Term)> {
    let all = record
        .terms()
        .iter()
        .position(|term| term.directive().is_some_and(|found| found.mechanism == Mechanism::All));
    let redirect = record.terms().iter().enumerate().find(|(_, term)| is_redirect(term));
    let directive =
        move |index: usize, term: &Term| term.directive().is_some() && all.is_none_or(|all| index <= all);
    let directives = record.terms().iter().enumerate().filter(move |(index, term)| directive(*index, term));
    directives.chain(redirect.filter(|_| all.is_none()))
}

/// Whether a term is a `redirect`.
pub(super) fn is_redirect(term: &Term) -> bool {
    matches!(term.modifier(), Some(Modifier::Redirect(_)))
}

/// The name of the policy that a term leads to.
pub(super) fn policy_spec(term: &Term) -> Option<&DomainSpec> {
    match (term.directive(), term.modifier()) {
        (Some(directive), _) => match &directive.mechanism {
            Mechanism::Include(domain) => Some(domain),
            _ => None,
        },
        (_, Some(Modifier::Redirect(domain))) => Some(domain),
        _ => None,
    }
}

struct Fetch<'a, 'b> {
    policies: Policies,
    queue: VecDeque<DomainName>,
    budget: Budget,
    /// Of one `mx` term.
    mail_hosts: usize,
    open: Option<Unknown>,
    inquiry: &'a mut Inquiry<'b>,
}

impl Fetch<'_, '_> {
    fn run(mut self) -> Result<Policies, Unknown> {
        while let Some(name) = self.queue.pop_front() {
            if self.policies.states.contains_key(&name) {
                continue;
            }
            if self.budget.policies == 0 {
                self.policies.states.insert(name, PolicyState::NotVisited);
                continue;
            }
            self.budget.policies -= 1;
            match self.inquiry.find(&Question::txt(name.clone())) {
                Ok(fact) => {
                    let answer = fact.answer();
                    if matches!(answer, Answer::NoData | Answer::NxDomain) {
                        self.policies.void.insert(name.clone());
                    }
                    if let Answer::Records(set) = answer
                        && name == self.policies.root
                    {
                        self.policies.texts =
                            set.records.iter().filter_map(dns::Record::joined_text).collect();
                    }
                    self.enter(&name, state(answer));
                }
                // Others of the same depth are asked in this round too.
                Err(unknown) => {
                    self.open = Some(unknown);
                    self.policies.states.insert(name, PolicyState::NotVisited);
                }
            }
        }
        self.open.map_or(Ok(self.policies), Err)
    }

    fn enter(&mut self, name: &DomainName, state: PolicyState) {
        if let PolicyState::Record(record) = &state {
            for (_, term) in reached(record) {
                self.term(name, term);
            }
        }
        self.policies.states.insert(name.clone(), state);
    }

    fn term(&mut self, current: &DomainName, term: &Term) {
        if policy_spec(term).is_some() {
            let names = leads_to(term, current).unwrap_or_default();
            return self.queue.extend(names);
        }
        let Some(directive) = term.directive() else { return };
        for family in Family::ALL {
            let name = |spec| match target(spec, current, family) {
                Target::Name(name) => Some(name),
                _ => None,
            };
            match &directive.mechanism {
                Mechanism::A(spec, _) => {
                    if let Some(name) = name(spec.as_ref()) {
                        self.ask(name, address_type(family));
                    }
                }
                Mechanism::Exists(spec) => {
                    if let Some(name) = name(Some(spec)) {
                        self.ask(name, RecordType::A);
                    }
                }
                Mechanism::Mx(spec, _) => self.mail_hosts(name(spec.as_ref()), family),
                _ => return,
            }
        }
    }

    fn mail_hosts(&mut self, name: Option<DomainName>, family: Family) {
        let Some(name) = name else { return };
        self.ask(name.clone(), RecordType::Mx);
        let Found::Records(records) = self.policies.answer(&name, RecordType::Mx) else { return };
        // More hosts than a receiver accepts are an error, whatever their addresses are.
        let asked = hosts(records).into_iter().take(self.mail_hosts);
        for host in asked.cloned().collect::<Vec<_>>() {
            self.ask(host, address_type(family));
        }
    }

    fn ask(&mut self, name: DomainName, record_type: RecordType) {
        let question = Question::dns(name, record_type);
        if self.budget.addresses == 0 || self.policies.answers.contains_key(&question) {
            return;
        }
        self.budget.addresses -= 1;
        let answer = self.inquiry.ask(&question).unwrap_or_else(|unknown| {
            self.open = Some(unknown);
            // One question for all that ask it: this run ends without a result.
            Answer::NotPossible
        });
        self.policies.answers.insert(question, answer);
    }
}

fn state(answer: &Answer) -> PolicyState {
    let set = match answer {
        Answer::Records(set) => set,
        Answer::NoData | Answer::NxDomain => return PolicyState::None,
        Answer::Failure { reason } => return PolicyState::Failed { reason: reason.clone() },
        Answer::NotAnswered => return PolicyState::Failed { reason: "no answer".to_owned() },
        _ => return PolicyState::NotKnown,
    };
    let mut records = set.records.iter().filter_map(dns::Record::text).filter_map(Record::read);
    match (records.next(), records.count()) {
        (None, _) => PolicyState::None,
        (Some(record), 0) => PolicyState::Record(record),
        (Some(_), more) => PolicyState::Several { count: more + 1 },
    }
}
