//! One row under the records as they are and as they would be.

use std::collections::HashMap;
use std::net::IpAddr;

use super::rows::Row;
use super::{Change, Signs};
use crate::authres::AuthResult;
use crate::dmarc::{DmarcResult, Edition, Evaluate, Identifier, Policy};
use crate::evaluation::{Answer, Check, Evaluation, Facts, Question, Step};
use crate::limits::Limits;
use crate::name::{AuthorDomain, DomainName};
use crate::spf::{CheckHost, SpfResult, Trace};

/// What becomes of the messages of a row in one state of the records.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Verdict {
    pub(super) passed: bool,
    /// Of a hundred messages, those for which `quarantine` or `reject` is asked: all or none, but for `pct`
    /// (RFC 7489, 6.6.4).
    pub(super) enforced: u8,
    /// Those for which `reject` is asked.
    pub(super) rejected: u8,
}

/// The same in both.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Fate {
    pub(super) before: Verdict,
    pub(super) after: Verdict,
}

/// What is supposed of DMARC records at names that the facts do not cover, such as a top-level domain's.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Outside {
    /// They may be anything.
    Open,
    /// There are none.
    Nothing,
}

/// Which of the two states.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum State {
    From,
    To,
}

/// The key of a selector, as far as the facts know it.
#[derive(Clone, Debug, Eq, PartialEq)]
enum PublishedKey {
    /// The text of one that verifiers can use.
    Usable(Vec<u8>),
    /// There is none that they can use.
    Missing,
    /// The facts do not cover its name, or a name that it is an alias of, or the lookup failed.
    NotKnown,
}

/// What SPF and DKIM say of a row: all that DMARC looks at.
type Results = (String, Option<(String, AuthResult)>, Vec<(String, AuthResult)>);

/// Replays rows; what was worked out once is kept.
pub(super) struct Replay<'a> {
    change: &'a Change<'a>,
    edition: Edition,
    spf: HashMap<(State, IpAddr, String), Option<AuthResult>>,
    keys: HashMap<(State, String, String), PublishedKey>,
    verdicts: HashMap<(State, Outside, Results), Option<Verdict>>,
}

impl<'a> Replay<'a> {
    pub(super) fn new(change: &'a Change<'a>, edition: Edition) -> Self {
        Self { change, edition, spf: HashMap::new(), keys: HashMap::new(), verdicts: HashMap::new() }
    }

    /// What becomes of a row; `None` if that cannot be said.
    pub(super) fn fate(&mut self, row: &Row, stream: &str) -> Option<Fate> {
        if row.author.is_empty() {
            return None;
        }
        let before: Results = (
            row.author.clone(),
            row.spf.clone(),
            row.dkim.iter().map(|(domain, _, result)| (domain.clone(), *result)).collect(),
        );
        // What cannot be known of a check may be a pass or a failure; often the verdict is the same.
        let (mut worst, mut best) = (before.clone(), before.clone());
        let either = |known: Option<AuthResult>| {
            (known.unwrap_or(AuthResult::Fail), known.unwrap_or(AuthResult::Pass))
        };
        if let Some((domain, reported)) = &row.spf {
            let known = row.ip.and_then(|ip| self.spf_after(ip, domain, *reported));
            let (low, high) = either(known);
            (worst.1, best.1) = (Some((domain.clone(), low)), Some((domain.clone(), high)));
        }
        let signatures = worst.2.iter_mut().zip(&mut best.2);
        for ((domain, selector, reported), (worst, best)) in row.dkim.iter().zip(signatures) {
            (worst.1, best.1) = either(self.dkim_after(domain, selector.as_deref(), *reported));
        }
        for signs in self.change.signs.iter().filter(|signs| is_of(stream, signs)) {
            let known = match self.key(State::To, signs.domain.as_str(), signs.selector.as_str()) {
                PublishedKey::Usable(_) => Some(AuthResult::Pass),
                PublishedKey::Missing => Some(AuthResult::Permerror),
                PublishedKey::NotKnown => None,
            };
            let (low, high) = either(known);
            worst.2.push((signs.domain.to_string(), low));
            best.2.push((signs.domain.to_string(), high));
        }
        let mut both = |outside| {
            let before = self.verdict(State::From, outside, before.clone())?;
            let after = self.verdict(State::To, outside, worst.clone())?;
            let same = worst == best || self.verdict(State::To, outside, best.clone())? == after;
            same.then_some((before, after))
        };
        // The reporter saw what the facts do not cover: where its verdict is what follows without such records,
        // there are none that matter.
        let supposed = |(before, _): &(Verdict, Verdict)| row.passed == Some(before.passed);
        let (before, after) = both(Outside::Open).or_else(|| both(Outside::Nothing).filter(supposed))?;
        // A report without results says no more than its verdict.
        let bare = row.spf.is_none() && row.dkim.is_empty();
        if bare && row.passed? {
            let passes = Verdict { passed: true, ..Verdict::default() };
            return Some(Fate { before: passes, after: passes });
        }
        Some(Fate { before, after })
    }

    /// The result of SPF then: as reported, unless the records make another of it.
    fn spf_after(&mut self, ip: IpAddr, domain: &str, reported: AuthResult) -> Option<AuthResult> {
        let before = self.check_host(State::From, ip, domain);
        let after = self.check_host(State::To, ip, domain);
        match (before, after) {
            (Some(before), Some(after)) if before != after => Some(after),
            (Some(_), Some(_)) | (None, None) => Some(reported),
            // Known on one side alone.
            _ => None,
        }
    }

    fn check_host(&mut self, state: State, ip: IpAddr, domain: &str) -> Option<AuthResult> {
        let key = (state, ip, domain.to_owned());
        if let Some(known) = self.spf.get(&key) {
            return *known;
        }
        let mut check = CheckHost::mail_from(ip, format!("postmaster@{domain}"), domain);
        check.trace = Trace::Off;
        let found = settle(check, self.facts(state), Outside::Open, self.change);
        let result = found.and_then(|found| match found.result? {
            // What could not be looked up here may be known to a receiver.
            SpfResult::Temperror => None,
            result => Some(of_spf(result)),
        });
        self.spf.insert(key, result);
        result
    }

    /// The result of a signature then: it fails once its key is gone, and cannot be known once it is another.
    fn dkim_after(
        &mut self,
        domain: &str,
        selector: Option<&str>,
        reported: AuthResult,
    ) -> Option<AuthResult> {
        let Some(selector) = selector else { return Some(reported) };
        let before = self.key(State::From, domain, selector);
        let after = self.key(State::To, domain, selector);
        if before == after {
            return Some(reported);
        }
        match (before, reported, after) {
            (_, _, PublishedKey::NotKnown) => None,
            (_, _, PublishedKey::Missing) => Some(AuthResult::Permerror),
            // It passed with a key that was there then and is published again.
            (PublishedKey::Missing, AuthResult::Pass, PublishedKey::Usable(_)) => Some(reported),
            _ => None,
        }
    }

    fn key(&mut self, state: State, domain: &str, selector: &str) -> PublishedKey {
        let place = (state, domain.to_owned(), selector.to_owned());
        if let Some(known) = self.keys.get(&place) {
            return known.clone();
        }
        let key = self.published(state, domain, selector);
        self.keys.insert(place, key.clone());
        key
    }

    fn published(&self, state: State, domain: &str, selector: &str) -> PublishedKey {
        let Ok(name) = DomainName::parse(&format!("{selector}._domainkey.{domain}")) else {
            return PublishedKey::Missing;
        };
        let set = match self.facts(state).look_up(&Question::txt(name)) {
            Some(Answer::Records(set)) => set,
            Some(Answer::NoData | Answer::NxDomain) => return PublishedKey::Missing,
            _ => return PublishedKey::NotKnown,
        };
        let usable = |text: &Vec<u8>| {
            crate::dkim::Key::parse(text).value.is_some_and(|key| key.state() == crate::dkim::State::Usable)
        };
        let text = set.records.iter().filter_map(crate::dns::Record::joined_text).find(usable);
        text.map_or(PublishedKey::Missing, PublishedKey::Usable)
    }

    /// Whether messages with these results pass, and what the policy asks for.
    fn verdict(&mut self, state: State, outside: Outside, results: Results) -> Option<Verdict> {
        let place = (state, outside, results);
        if let Some(known) = self.verdicts.get(&place) {
            return *known;
        }
        let verdict = self.evaluate(state, outside, &place.2);
        self.verdicts.insert(place, verdict);
        verdict
    }

    fn evaluate(&self, state: State, outside: Outside, results: &Results) -> Option<Verdict> {
        let (author, spf, dkim) = results;
        let mut check = Evaluate::new(AuthorDomain::new(DomainName::parse(author).ok()?), self.edition);
        let identifier = |domain: &str, result| Identifier { domain: DomainName::parse(domain).ok(), result };
        check.spf = spf.as_ref().map(|(domain, result)| identifier(domain, *result));
        check.dkim = dkim.iter().map(|(domain, result)| identifier(domain, *result)).collect();
        // A message that `pct` selects, if there is a share at all.
        check.random = Some(0);
        let found = settle(check, self.facts(state), outside, self.change)?;
        let passed = match found.result? {
            DmarcResult::Temperror => return self.deferred(state, outside, results),
            result => result == DmarcResult::Pass,
        };
        // Without a record, or with one that cannot be used, nothing is asked; and nothing of what passes.
        let Some(asked) = found.policy.filter(|_| found.result == Some(DmarcResult::Fail)) else {
            return Some(Verdict { passed, ..Verdict::default() });
        };
        let selected = asked.pct.unwrap_or(100).min(100);
        let share = |least: Policy| {
            let of = |policy: Policy, part: u8| if policy >= least { part } else { 0 };
            // RFC 7489, 6.6.4: what is not selected is treated by the next lower policy.
            of(found.disposition.requested, selected) + of(asked.published.softened(), 100 - selected)
        };
        Some(Verdict { passed, enforced: share(Policy::Quarantine), rejected: share(Policy::Reject) })
    }

    /// What becomes of a message that neither passes nor fails: RFC 9989, 5.3.6, a check that failed for a while leaves
    /// no policy to apply. Where it is the records that could not be looked up, nothing follows.
    fn deferred(&self, state: State, outside: Outside, results: &Results) -> Option<Verdict> {
        let mut settled = results.clone();
        let found = settled.1.iter_mut().map(|(_, result)| result);
        let mut any = false;
        for result in found.chain(settled.2.iter_mut().map(|(_, result)| result)) {
            if *result == AuthResult::Temperror {
                (*result, any) = (AuthResult::Fail, true);
            }
        }
        (any && self.evaluate(state, outside, &settled).is_some()).then(Verdict::default)
    }

    fn facts(&self, state: State) -> &'a Facts {
        match state {
            State::From => self.change.from,
            State::To => self.change.to,
        }
    }
}

/// Whether a stream is that of a sender.
fn is_of(stream: &str, signs: &Signs) -> bool {
    let name = stream.split_once(':').map_or(stream, |(_, name)| name);
    name == signs.sender || name.strip_suffix(&signs.sender).is_some_and(|rest| rest.ends_with('.'))
}

/// Runs a check to its end over facts alone; `None` if it finds none.
pub(super) fn settle<C: Check>(
    check: C,
    facts: &Facts,
    outside: Outside,
    change: &Change<'_>,
) -> Option<C::Report> {
    let limits = Limits::default();
    let rounds = limits.rounds;
    let mut evaluation = Evaluation::with_facts(check, facts.clone(), limits);
    for _ in 0..=rounds {
        match evaluation.step() {
            Step::Done(report) => return Some(report),
            Step::Ask(questions) => {
                for question in questions {
                    let answer = match &question {
                        Question::PublicSuffix { name } => match (change.public_suffix)(name) {
                            Some(suffix) => Answer::PublicSuffix(suffix),
                            None => Answer::NotPossible,
                        },
                        Question::Dns { name, .. }
                            if outside == Outside::Nothing && name.as_str().starts_with("_dmarc.") =>
                        {
                            Answer::NxDomain
                        }
                        _ => Answer::NotPossible,
                    };
                    evaluation.answer(question, answer);
                }
            }
        }
    }
    None
}

const fn of_spf(result: SpfResult) -> AuthResult {
    match result {
        SpfResult::None => AuthResult::None,
        SpfResult::Neutral => AuthResult::Neutral,
        SpfResult::Pass => AuthResult::Pass,
        SpfResult::Fail => AuthResult::Fail,
        SpfResult::Softfail => AuthResult::Softfail,
        SpfResult::Temperror => AuthResult::Temperror,
        SpfResult::Permerror => AuthResult::Permerror,
    }
}
