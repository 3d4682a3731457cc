//! Who answers the questions of an evaluation: the facts at hand, else the network if it may be asked.

mod facts;
mod network;
mod policy;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use dmarc_core::dmarc::Edition;
use dmarc_core::dns::{Record, RecordType, Snapshot};
use dmarc_core::evaluation::{Answer, Check, Evaluation, Facts, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::name::{DomainName, OrganizationalDomain};
use dmarc_core::report::aggregate::Organizations;

use crate::Context;
use crate::args::{ResolverArg, SourceArgs};
use crate::problem::Problem;
use network::Network;

/// Facts at hand, and a network behind them.
pub(crate) struct Source {
    /// Zones or a snapshot; empty if everything is asked.
    facts: Facts,
    /// Name servers, unless the facts are all there is.
    network: Option<Network>,
    /// An MTA-STS policy that was given.
    policy: Option<Answer>,
    /// Whether policies are fetched.
    fetches: bool,
    /// A name that stands for one that is not known: nobody is asked about it.
    nameless: Option<DomainName>,
}

impl Source {
    /// The zones or the snapshot that were named, and a name server if one was named, or if there are
    /// neither; with the snapshot itself.
    pub(crate) fn open(context: &Context, args: &SourceArgs) -> Result<(Self, Option<Snapshot>), Problem> {
        let (facts, snapshot) = match &args.snapshot {
            Some(path) => {
                let (snapshot, facts) = facts::from_snapshot(context, path)?;
                (facts, Some(snapshot))
            }
            None => (facts::from_zones(context, &args.zone)?, None),
        };
        let network = match args.resolver {
            Some(which) => Some(Network::new(which, args.trust_ad)?),
            None if args.is_offline() => None,
            None => Some(Network::new(ResolverArg::System, args.trust_ad)?),
        };
        Ok((Self { facts, network, policy: None, fetches: false, nameless: None }, snapshot))
    }

    /// The zones or the snapshot at hand.
    pub(crate) const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Takes an MTA-STS policy from a file.
    pub(crate) fn with_policy(self, path: &Path) -> Result<Self, Problem> {
        Ok(Self { policy: Some(policy::from_file(path)?), ..self })
    }

    /// Fetches MTA-STS policies over HTTPS, if name servers are asked.
    pub(crate) fn fetching(self) -> Self {
        Self { fetches: true, ..self }
    }

    /// Leaves every question about a name open.
    pub(crate) fn nameless(self, name: DomainName) -> Self {
        Self { nameless: Some(name), ..self }
    }

    /// Why nobody answered at all, if so: a verdict without a single answer from the servers that were asked
    /// says nothing.
    pub(crate) fn unheard(&self) -> Option<Problem> {
        self.network.as_ref().and_then(Network::unheard)
    }

    /// Runs a check to its end.
    ///
    /// Facts at hand are handed over question by question, so that rounds and questions come out the same
    /// whoever answers them.
    pub(crate) fn run<C: Check>(&mut self, check: C) -> (C::Report, Evaluation<C>) {
        let mut evaluation = Evaluation::with_facts(check, Facts::new(), Limits::default());
        loop {
            match evaluation.step() {
                Step::Done(report) => return (report, evaluation),
                Step::Ask(questions) => {
                    for (question, answer) in self.answers(questions) {
                        evaluation.answer(question, answer);
                    }
                }
            }
        }
    }

    fn answers(&mut self, questions: impl IntoIterator<Item = Question>) -> Vec<(Question, Answer)> {
        let mut answers = Vec::new();
        let mut open = Vec::new();
        for question in questions {
            if self.is_nameless(&question) {
                answers.push((question, Answer::NotPossible));
                continue;
            }
            // A file that was typed says more than a snapshot that was kept.
            if let (Question::Https { .. }, Some(policy)) = (&question, &self.policy) {
                answers.push((question, policy.clone()));
                continue;
            }
            let known = self.facts.look_up(&question).filter(|answer| *answer != Answer::NotPossible);
            match (known, question) {
                (Some(answer), question) => answers.push((question, answer)),
                (None, Question::Dns { name, record_type }) => open.push((name, record_type)),
                (None, Question::PublicSuffix { name }) => {
                    let answer = Answer::PublicSuffix(public_suffix(&name));
                    answers.push((Question::PublicSuffix { name }, answer));
                }
                (None, Question::Https { url }) => {
                    let answer = self.policy_at(&url);
                    answers.push((Question::Https { url }, answer));
                }
                (None, question) => answers.push((question, Answer::NotPossible)),
            }
        }
        match &mut self.network {
            Some(network) => answers.extend(network.ask(open)),
            None => answers.extend(
                open.into_iter()
                    .map(|(name, record_type)| (Question::dns(name, record_type), Answer::NotPossible)),
            ),
        }
        answers
    }

    /// The MTA-STS policy at an address, if policies are fetched.
    fn policy_at(&mut self, url: &str) -> Answer {
        let Some((network, host)) = self.network.as_mut().filter(|_| self.fetches).zip(policy::host(url))
        else {
            return Answer::NotPossible;
        };
        let types = [RecordType::Aaaa, RecordType::A];
        let answers = network.ask(types.map(|record_type| (host.clone(), record_type)).to_vec());
        let records = answers.iter().filter_map(|(_, answer)| match answer {
            Answer::Records(set) => Some(&set.records),
            _ => None,
        });
        let mut addresses: Vec<IpAddr> = records.flatten().filter_map(address).collect();
        addresses.sort();
        policy::fetch(url, &addresses)
    }

    fn is_nameless(&self, question: &Question) -> bool {
        matches!((question, &self.nameless), (Question::Dns { name, .. }, Some(nameless)) if name.is_within(nameless))
    }
}

fn address(record: &Record) -> Option<IpAddr> {
    match record {
        Record::A(address) => Some(IpAddr::V4(*address)),
        Record::Aaaa(address) => Some(IpAddr::V6(*address)),
        _ => None,
    }
}

/// The facts of zone files, and of snapshots, whose names end in `.json`.
pub(crate) fn facts_of(context: &Context, paths: &[PathBuf]) -> Result<Facts, Problem> {
    let is_snapshot =
        |path: &&PathBuf| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let (snapshots, zones): (Vec<_>, Vec<_>) = paths.iter().partition(is_snapshot);
    let zones: Vec<PathBuf> = zones.into_iter().cloned().collect();
    let mut facts = facts::from_zones(context, &zones)?;
    for path in snapshots {
        let (snapshot, _) = facts::from_snapshot(context, path)?;
        facts.add_snapshot(&snapshot);
    }
    Ok(facts)
}

/// What organizational domains follow from: zones or a snapshot by tree walk, else the list of the crate `psl`.
/// Under RFC 7489 suffixes in the snapshot come before that list.
pub(crate) fn organizations(
    context: &Context,
    zones: &[PathBuf],
    snapshot: Option<&Path>,
) -> Result<Organizations, Problem> {
    let facts = match snapshot {
        Some(path) => facts::from_snapshot(context, path)?.1,
        None => facts::from_zones(context, zones)?,
    };
    let edition = context.edition_or(None);
    if edition == Edition::Rfc9989 && (snapshot.is_some() || !zones.is_empty()) {
        return Ok(Organizations::from_facts(facts, edition));
    }
    Ok(Organizations::by(move |name| {
        let question = Question::PublicSuffix { name: name.clone() };
        let suffix = match facts.look_up(&question) {
            Some(Answer::PublicSuffix(suffix)) => suffix,
            _ => public_suffix(name),
        };
        let below = suffix.label_count() + 1;
        (name.label_count() >= below).then(|| OrganizationalDomain::new(name.rightmost(below)))
    }))
}

/// The public suffix of a name by the list of the crate `psl`; its last label where no rule matches, as the
/// list's own algorithm says.
pub(crate) fn public_suffix(name: &DomainName) -> DomainName {
    psl::suffix(name.as_str().as_bytes())
        .and_then(|suffix| std::str::from_utf8(suffix.as_bytes()).ok())
        .and_then(|suffix| DomainName::parse(suffix).ok())
        .unwrap_or_else(DomainName::root)
}
