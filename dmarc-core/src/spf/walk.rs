//! The evaluation itself: records, terms and their matches (RFC 7208, 4.4 to 6.2).

use std::net::IpAddr;

use super::analysis::VoidUnit;
use super::check::CheckHost;
use super::expand::{Values, expand, needs_validated_name, reverse_name, target_name, uses_local_part};
use super::grammar;
use super::lookup::{Budget, Found};
use super::macro_string::MacroString;
use super::outcome::{Became, Explanation, PlacedTerm, Problem, SpfResult, TraceStep};
use super::record::Record;
use super::terms::{Directive, DomainSpec, DualCidr, Ip4Network, Ip6Network, Mechanism, Qualifier, Term};
use crate::dns;
use crate::evaluation::{Inquiry, Question, Unknown};
use crate::name::DomainName;
use crate::text::lossy;

/// Names of an address that are looked at (RFC 7208, 4.6.4): "all records other than the first 10
/// MUST be ignored".
const REVERSE_NAMES: usize = 10;

/// Why an evaluation ends before a record gives its result.
pub(super) enum End {
    /// A fact is missing.
    Unknown(Unknown),
    /// An error, which is the result of the whole check.
    Problem(Problem),
}

impl From<Unknown> for End {
    fn from(unknown: Unknown) -> Self {
        Self::Unknown(unknown)
    }
}

impl From<Problem> for End {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What a record gives.
pub(super) struct Decision {
    pub(super) result: SpfResult,
    pub(super) term: Option<PlacedTerm>,
    pub(super) problem: Option<Problem>,
    pub(super) explanation: Option<Explanation>,
    /// Where the explanation of a `fail` is, in the record that gave it.
    wanted: Option<(DomainSpec, DomainName)>,
}

impl Decision {
    fn of(result: SpfResult) -> Self {
        Self { result, term: None, problem: None, explanation: None, wanted: None }
    }
}

/// What an evaluation has spent.
#[derive(Default)]
pub(super) struct Spent {
    pub(super) lookups: u32,
    pub(super) voids: u32,
    pub(super) trace: Vec<TraceStep>,
}

/// One evaluation on its way.
pub(super) struct Walk<'a, 'f> {
    check: &'a CheckHost,
    /// The client, where an IPv4-mapped address is the IPv4 address that it stands for.
    ip: IpAddr,
    pub(super) inquiry: &'a mut Inquiry<'f>,
    pub(super) budget: Budget,
    trace: Vec<TraceStep>,
    /// Names of the client that were looked up and hold its address.
    validated: Option<Vec<DomainName>>,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub(super) fn new(check: &'a CheckHost, inquiry: &'a mut Inquiry<'f>) -> Self {
        let budget = Budget::new(&check.conventions);
        Self { check, ip: check.ip.to_canonical(), inquiry, budget, trace: Vec::new(), validated: None }
    }

    pub(super) fn into_spent(self) -> Spent {
        Spent { lookups: self.budget.lookups(), voids: self.budget.voids(), trace: self.trace }
    }

    /// The whole check, with the explanation of a `fail`.
    pub(super) fn run(&mut self, domain: &DomainName) -> Result<Decision, End> {
        let found = self.look_up(&Question::txt(domain.clone()))?;
        let mut decision = self.check_host(domain, found, 0)?;
        if let (SpfResult::Fail, Some((target, domain))) = (decision.result, decision.wanted.take()) {
            let text = self.explanation(&target, &domain)?;
            decision.explanation = text.map(|text| Explanation { domain, text });
        }
        Ok(decision)
    }

    /// `check_host` from the TXT records of the domain on (RFC 7208, 4.5).
    fn check_host(&mut self, domain: &DomainName, found: Found, depth: usize) -> Result<Decision, End> {
        let records = match found {
            Found::Records(records) => records,
            Found::Nothing => Vec::new(),
        };
        let mut texts = records
            .iter()
            .filter_map(dns::Record::joined_text)
            .filter(|text| grammar::version(text).is_some());
        let (first, second) = (texts.next(), texts.next());
        let Some(text) = first else {
            let problem = Some(Problem::NoRecord { domain: domain.to_string() });
            return Ok(Decision { problem, ..Decision::of(SpfResult::None) });
        };
        if second.is_some() {
            return Err(Problem::SeveralRecords { domain: domain.to_string() }.into());
        }
        match Record::read(text) {
            // RFC 7208, 4.6: "If there are any syntax errors anywhere in the record, check_host()
            // returns immediately with the result "permerror", without further interpretation or evaluation."
            Some(record) if record.is_usable() => self.record(domain, &record, depth),
            _ => Err(Problem::SyntaxError { domain: domain.to_string() }.into()),
        }
    }

    fn record(&mut self, domain: &DomainName, record: &Record, depth: usize) -> Result<Decision, End> {
        self.expect(domain, record);
        for (term, directive) in record.directives() {
            let term = placed(domain, record, term);
            let (became, target) = match self.directive(domain, directive, depth) {
                Ok(matched) => matched,
                Err(end) => {
                    self.note(depth, term, None, Became::Ended);
                    return Err(end);
                }
            };
            self.note(depth, term.clone(), target, became);
            if became == Became::Match {
                let explains = directive.qualifier() == Qualifier::Fail;
                let wanted = record.explanation().filter(|_| explains).cloned();
                return Ok(Decision {
                    term: Some(term),
                    wanted: wanted.map(|target| (target, domain.clone())),
                    ..Decision::of(directive.qualifier().into())
                });
            }
        }
        match record.redirect() {
            Some(target) => self.redirect(domain, record, target, depth),
            // RFC 7208, 4.7: "a result of "neutral", just as if "?all" were specified as the last
            // directive."
            None => Ok(Decision::of(SpfResult::Neutral)),
        }
    }

    fn note(&mut self, depth: usize, term: PlacedTerm, target: Option<String>, became: Became) {
        let (lookups, voids) = (self.budget.lookups(), self.budget.voids());
        self.trace.push(TraceStep { depth, term, target, became, lookups, voids });
    }

    /// RFC 7208, 6.1.
    fn redirect(
        &mut self,
        domain: &DomainName,
        record: &Record,
        target: &DomainSpec,
        depth: usize,
    ) -> Result<Decision, End> {
        let written = record.terms().iter().find(
            |term| matches!(term.modifier(), Some(super::Modifier::Redirect(found)) if found == target),
        );
        let step = self.trace.len();
        if let Some(term) = written {
            self.note(depth, placed(domain, record, term), None, Became::Match);
        }
        self.budget.spend_lookup()?;
        let Ok((name, text)) = self.target(Some(target), domain)? else {
            // A local-part outside ASCII leaves no name to redirect to, which is as good as none.
            return Err(Problem::TargetWithoutRecord { domain: target.to_string() }.into());
        };
        if let Some(noted) = self.trace.get_mut(step) {
            noted.target = Some(text.clone());
            noted.lookups = self.budget.lookups();
        }
        match self.inner(name, depth)? {
            // RFC 7208, 6.1: "if no SPF record is found, or if the <target-name> is malformed, the
            // result is a "permerror" rather than "none"."
            Decision { result: SpfResult::None, .. } => {
                Err(Problem::TargetWithoutRecord { domain: text }.into())
            }
            decision => Ok(decision),
        }
    }

    /// `check_host` of another domain, by `include` or `redirect`.
    fn inner(&mut self, name: Option<DomainName>, depth: usize) -> Result<Decision, End> {
        // RFC 7208, 4.3: a malformed domain, or one that is not of several labels, gives "none".
        let Some(name) = name.filter(|name| name.label_count() > 1) else {
            return Ok(Decision::of(SpfResult::None));
        };
        let found = self.look_up_counted(&Question::txt(name.clone()))?;
        self.check_host(&name, found, depth + 1)
    }

    /// Whether a directive matches, with the target that it looked at.
    fn directive(
        &mut self,
        domain: &DomainName,
        directive: &Directive,
        depth: usize,
    ) -> Result<(Became, Option<String>), End> {
        let mechanism = &directive.mechanism;
        if mechanism.queries() {
            self.budget.spend_lookup()?;
        }
        match (mechanism, self.ip) {
            (Mechanism::All, _) => return Ok((Became::Match, None)),
            (Mechanism::Ip4(network), IpAddr::V4(ip)) => return Ok((became(network.contains(ip)), None)),
            (Mechanism::Ip6(network), IpAddr::V6(ip)) => return Ok((became(network.contains(ip)), None)),
            (Mechanism::Ip4(_) | Mechanism::Ip6(_), _) => return Ok((Became::OtherFamily, None)),
            _ => {}
        }
        let (name, text) = match self.target(mechanism.domain(), domain)? {
            Ok(found) => found,
            Err(became) => return Ok((became, None)),
        };
        let became = match (mechanism, name) {
            (Mechanism::Include(_), name) => self.include(name, &text, depth)?,
            // RFC 7208, 4.8 leaves a name that cannot exist open: it is taken as not existing.
            (_, None) => Became::ImpossibleName,
            (Mechanism::A(_, cidr), Some(name)) => {
                let found = self.look_up_counted(&self.addresses_of(name))?;
                self.address_matches(&found, *cidr)
            }
            (Mechanism::Mx(_, cidr), Some(name)) => self.mx(&name, *cidr)?,
            (Mechanism::Ptr(_), Some(name)) => {
                let names = self.validated_names()?;
                became(names.iter().any(|validated| validated.is_within(&name)))
            }
            // RFC 7208, 5.7: "a DNS A RR lookup (even when the connection type is IPv6)".
            (_, Some(name)) => match self.look_up_counted(&Question::dns(name, dns::RecordType::A))? {
                Found::Records(_) => Became::Match,
                Found::Nothing => Became::NothingFound,
            },
        };
        Ok((became, Some(text)))
    }

    /// RFC 7208, 5.2.
    fn include(&mut self, name: Option<DomainName>, text: &str, depth: usize) -> Result<Became, End> {
        match self.inner(name, depth)?.result {
            SpfResult::Pass => Ok(Became::Match),
            SpfResult::None => Err(Problem::TargetWithoutRecord { domain: text.to_owned() }.into()),
            _ => Ok(Became::NoMatch),
        }
    }

    /// RFC 7208, 5.4: "check_host() MUST NOT apply the implicit MX rules of [RFC5321]".
    fn mx(&mut self, name: &DomainName, cidr: DualCidr) -> Result<Became, End> {
        let Found::Records(records) =
            self.look_up_counted(&Question::dns(name.clone(), dns::RecordType::Mx))?
        else {
            return Ok(Became::NothingFound);
        };
        let mut hosts: Vec<(u16, DomainName)> = records
            .into_iter()
            .filter_map(|record| match record {
                // The null MX (RFC 7505) has no addresses.
                dns::Record::Mx { preference, exchange } if !exchange.is_root() => {
                    Some((preference, exchange))
                }
                _ => None,
            })
            .collect();
        // More are a permanent error, as the test suite of the standard has it, whatever their order.
        let limit = self.check.conventions.mx_hosts;
        if hosts.len() > usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(Problem::TooManyMailHosts { domain: name.to_string(), limit }.into());
        }
        hosts.sort_by_key(|(preference, _)| *preference);
        for (_, host) in &hosts {
            self.inquiry.expect(self.addresses_of(host.clone()));
        }
        let mut became = Became::NoMatch;
        for (_, host) in hosts {
            let question = self.addresses_of(host);
            let found = if self.check.conventions.void_unit == VoidUnit::Answers {
                self.look_up_counted(&question)?
            } else {
                self.look_up(&question)?
            };
            became = self.address_matches(&found, cidr);
            if became == Became::Match {
                break;
            }
        }
        Ok(if became == Became::Match { became } else { Became::NoMatch })
    }

    fn addresses_of(&self, name: DomainName) -> Question {
        let record_type = if self.ip.is_ipv4() { dns::RecordType::A } else { dns::RecordType::Aaaa };
        Question::dns(name, record_type)
    }

    fn address_matches(&self, found: &Found, cidr: DualCidr) -> Became {
        let Found::Records(records) = found else { return Became::NothingFound };
        became(records.iter().any(|record| match (record, self.ip) {
            (dns::Record::A(address), IpAddr::V4(ip)) => {
                Ip4Network::new(*address, Some(cidr.ip4_length())).is_some_and(|network| network.contains(ip))
            }
            (dns::Record::Aaaa(address), IpAddr::V6(ip)) => {
                Ip6Network::new(*address, Some(cidr.ip6_length())).is_some_and(|network| network.contains(ip))
            }
            _ => false,
        }))
    }

    /// The client's names that lead back to its address (RFC 7208, 5.5). A failure of the first
    /// lookup gives none, one of the others leaves that name out.
    fn validated_names(&mut self) -> Result<Vec<DomainName>, End> {
        if let Some(names) = &self.validated {
            return Ok(names.clone());
        }
        let reverse = reverse_name(self.ip).map(|name| Question::dns(name, dns::RecordType::Ptr));
        let answer = reverse.map(|question| self.try_look_up(&question)).transpose()?.flatten();
        let candidates: Vec<DomainName> = match answer {
            Some(Found::Records(records)) => records
                .into_iter()
                .filter_map(|record| if let dns::Record::Ptr(name) = record { Some(name) } else { None })
                .take(REVERSE_NAMES)
                .collect(),
            _ => Vec::new(),
        };
        for name in &candidates {
            self.inquiry.expect(self.addresses_of(name.clone()));
        }
        let mut names = Vec::new();
        for name in candidates {
            let found = self.try_look_up(&self.addresses_of(name.clone()))?;
            if found.is_some_and(|found| self.address_matches(&found, DualCidr::default()) == Became::Match) {
                names.push(name);
            }
        }
        self.validated = Some(names.clone());
        Ok(names)
    }

    /// The target of a term: its name, if the text is one, and the text. `Err` if the term cannot
    /// match at all.
    fn target(
        &mut self,
        spec: Option<&DomainSpec>,
        domain: &DomainName,
    ) -> Result<Result<(Option<DomainName>, String), Became>, End> {
        let Some(spec) = spec else { return Ok(Ok((Some(domain.clone()), domain.to_string()))) };
        let string = spec.as_macro_string();
        // RFC 8616, 4: "terms that include %{s} or %{l} do not match anything".
        if uses_local_part(string) && !self.check.sender().0.is_ascii() {
            return Ok(Err(Became::NonAsciiLocalPart));
        }
        let validated = self.validated_for(string, domain, true)?;
        let text = self.expanded(string, domain, validated.as_deref());
        Ok(Ok((target_name(&text), text)))
    }

    fn expanded(&self, string: &MacroString, domain: &DomainName, validated: Option<&str>) -> String {
        let (local_part, sender_domain) = self.check.sender();
        // RFC 8616, 4: U-labels are converted to A-labels before they are used in macros.
        let ascii = |text: &str| match DomainName::parse(text) {
            Ok(name) if !text.is_ascii() => name.to_string(),
            _ => text.to_owned(),
        };
        expand(
            string,
            &Values {
                local_part,
                sender_domain: &ascii(sender_domain),
                domain: domain.as_str(),
                ip: self.ip,
                validated,
                helo: &ascii(&self.check.helo),
                receiver: self.check.receiver.as_deref(),
                now: self.check.now.map(|time| time.0),
            },
        )
    }

    /// The value of `%{p}`, if the string uses it: RFC 7208, 7.3 prefers the domain itself, then a
    /// name below it, then any.
    fn validated_for(
        &mut self,
        string: &MacroString,
        domain: &DomainName,
        counted: bool,
    ) -> Result<Option<String>, End> {
        if !needs_validated_name(string) {
            return Ok(None);
        }
        if counted && self.check.conventions.p_macro {
            self.budget.spend_lookup()?;
        }
        let names = self.validated_names()?;
        let best = names
            .iter()
            .find(|name| *name == domain)
            .or_else(|| names.iter().find(|name| name.is_within(domain)))
            .or(names.first());
        Ok(best.map(ToString::to_string))
    }

    /// RFC 7208, 6.2: whatever goes wrong, there is no explanation then.
    fn explanation(&mut self, target: &DomainSpec, domain: &DomainName) -> Result<Option<String>, End> {
        if uses_local_part(target.as_macro_string()) && !self.check.sender().0.is_ascii() {
            return Ok(None);
        }
        let validated = self.validated_for(target.as_macro_string(), domain, false)?;
        let text = self.expanded(target.as_macro_string(), domain, validated.as_deref());
        let Some(name) = target_name(&text) else { return Ok(None) };
        let Some(Found::Records(records)) = self.try_look_up(&Question::txt(name))? else { return Ok(None) };
        let [record] = records.as_slice() else { return Ok(None) };
        let joined = record.joined_text().and_then(|octets| String::from_utf8(octets).ok());
        let Some(string) = joined.as_deref().and_then(MacroString::parse_explanation) else {
            return Ok(None);
        };
        let validated = self.validated_for(&string, domain, false)?;
        let text = self.expanded(&string, domain, validated.as_deref());
        // RFC 7208, 6.2: "the explanation string MUST be limited to [US-ASCII]."
        Ok(text.is_ascii().then_some(text))
    }

    /// Asks early for what the terms of a record will probably need, so that one round can fetch it.
    fn expect(&mut self, domain: &DomainName, record: &Record) {
        let questions: Vec<Question> = record
            .directives()
            .filter(|(_, directive)| directive.mechanism.queries())
            .take(self.budget.lookups_left())
            .filter_map(|(_, directive)| self.expected(domain, &directive.mechanism))
            .collect();
        for question in questions {
            self.inquiry.expect(question);
        }
    }

    fn expected(&self, domain: &DomainName, mechanism: &Mechanism) -> Option<Question> {
        let name = match mechanism.domain() {
            None => domain.clone(),
            Some(spec) => {
                let string = spec.as_macro_string();
                if needs_validated_name(string)
                    || uses_local_part(string) && !self.check.sender().0.is_ascii()
                {
                    return None;
                }
                target_name(&self.expanded(string, domain, None))?
            }
        };
        Some(match mechanism {
            Mechanism::Include(_) => Question::txt(name),
            Mechanism::A(..) => self.addresses_of(name),
            Mechanism::Mx(..) => Question::dns(name, dns::RecordType::Mx),
            Mechanism::Ptr(_) => Question::dns(reverse_name(self.ip)?, dns::RecordType::Ptr),
            Mechanism::Exists(_) => Question::dns(name, dns::RecordType::A),
            Mechanism::All | Mechanism::Ip4(_) | Mechanism::Ip6(_) => return None,
        })
    }
}

const fn became(matched: bool) -> Became {
    if matched { Became::Match } else { Became::NoMatch }
}

fn placed(domain: &DomainName, record: &Record, term: &Term) -> PlacedTerm {
    PlacedTerm { domain: domain.clone(), text: lossy(term.span.of(record.as_octets())), span: term.span }
}
