//! Where mail for a domain goes, and what protects it on the way: MX, addresses, TLSA (RFC 7672),
//! MTA-STS (RFC 8461) and TLS reports (RFC 8460).

use std::net::IpAddr;

use crate::diagnostics::Parsed;
use crate::dns::{self, RecordType};
use crate::evaluation::{Answer, Inquiry, Question, RecordSet, Unknown};
use crate::name::DomainName;
use crate::transport::mta_sts_policy::{File, Policy};
use crate::transport::mx::{self, Delivery, Exchange};
use crate::transport::tlsa::{Association, Dane};
use crate::transport::{mta_sts, tls_rpt, tlsa};

use super::found::Found;

/// Mail hosts that are looked up. A large sender's receiver has a dozen; each costs three questions.
const HOSTS: usize = 20;
/// Where TLSA records for mail stand, below the host (RFC 7672, 2.2.3).
const PORT: &str = "_25._tcp";

/// The MX records of a domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MailHosts {
    /// The records by preference, as answered.
    pub exchanges: Vec<Exchange>,
    /// Whether the resolver validated the answer; `None` if it does not say.
    pub secure: Option<bool>,
}

impl MailHosts {
    fn read(set: &RecordSet) -> Self {
        let read = |record: &dns::Record| match record {
            dns::Record::Mx { preference, exchange } => {
                Some(Exchange { preference: *preference, host: exchange.clone() })
            }
            _ => None,
        };
        let mut exchanges: Vec<Exchange> = set.records.iter().filter_map(read).collect();
        exchanges.sort();
        Self { exchanges, secure: set.authentic }
    }

    /// Whether the domain says that it takes no mail (RFC 7505, 3).
    #[must_use]
    pub fn is_null(&self) -> bool {
        mx::is_null(&self.exchanges)
    }
}

/// One host that takes mail, with what is known of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MailHost {
    /// The host.
    pub host: DomainName,
    /// Its addresses, IPv4 and IPv6 apart.
    pub addresses: [Found<Vec<IpAddr>>; 2],
    /// Where its name leads as an alias, last target last.
    pub aliases: Vec<DomainName>,
    /// Whether its addresses are signed; `None` if the answer does not say.
    pub secure: Option<bool>,
    /// Its TLSA records: none is an empty list; for a name that was not asked, [`Found::NotKnown`].
    pub tlsa: Found<tlsa::Host>,
}

impl MailHost {
    /// All its addresses.
    pub fn all_addresses(&self) -> impl Iterator<Item = IpAddr> {
        self.addresses.iter().filter_map(Found::records).flatten().copied()
    }

    /// Whether it has an address; `None` if that is not known.
    #[must_use]
    pub fn has_address(&self) -> Option<bool> {
        if self.all_addresses().next().is_some() {
            return Some(true);
        }
        self.addresses.iter().all(Found::is_settled).then_some(false)
    }

    /// What a sender that knows DANE does with it (RFC 7672, 2.2).
    ///
    /// RFC 7672, 2.2.2: with insecure addresses a sender does not even look for TLSA records.
    #[must_use]
    pub fn dane(&self) -> Dane {
        match &self.tlsa {
            _ if self.secure == Some(false) => Dane::Opportunistic,
            Found::Records(host) => host.dane(),
            Found::NoData | Found::NxDomain => Dane::Opportunistic,
            Found::Failed(_) => Dane::Deferred,
            Found::NotKnown => Dane::Unknown,
        }
    }
}

/// TXT records at a name, of which one is to be chosen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Chosen<T> {
    /// Where they stand.
    pub name: DomainName,
    /// All of them, joined.
    pub texts: Found<Vec<Vec<u8>>>,
    /// Which of them count.
    pub indexes: Vec<usize>,
    /// The record, if there is exactly one.
    pub record: Option<T>,
}

impl<T> Chosen<T> {
    /// The text of the record.
    #[must_use]
    pub fn text(&self) -> Option<&[u8]> {
        match (self.texts.records(), self.indexes.as_slice()) {
            (Some(texts), [index]) => texts.get(*index).map(Vec::as_slice),
            _ => None,
        }
    }

    /// `record`, `several-records`, `no-record`, `failure` or `not-known`.
    #[must_use]
    pub fn status(&self) -> &'static str {
        match (&self.texts, self.indexes.len()) {
            (Found::Failed(_) | Found::NotKnown, _) => self.texts.status(),
            (_, 0) => "no-record",
            (_, 1) => "record",
            _ => "several-records",
        }
    }
}

/// How a policy file was met.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fetched {
    /// The web server answered.
    Response {
        /// HTTP status.
        status: u16,
        /// Value of `Content-Type`.
        content_type: Option<String>,
        /// The file.
        body: Vec<u8>,
        /// What is written in it; [`None`] unless the status is 200.
        file: Option<Parsed<File>>,
    },
    /// It could not be reached, or its certificate was wrong.
    Failed(String),
    /// It cannot be fetched here.
    NotKnown,
}

/// What a domain says with MTA-STS.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StrictTransport {
    /// The record at `_mta-sts`.
    pub record: Chosen<mta_sts::Record>,
    /// Where the policy file is.
    pub url: String,
    /// The file; `None` where no sender asks for it, since no valid record says that there is one.
    pub fetched: Option<Fetched>,
}

impl StrictTransport {
    /// The policy that senders act on; `None` if there is none, or it is not known.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        match &self.fetched {
            Some(Fetched::Response { file: Some(file), .. }) => file.value.as_ref()?.policy(),
            _ => None,
        }
    }

    /// Whether a policy is in force; `None` if that is not known.
    #[must_use]
    pub fn is_in_force(&self) -> Option<bool> {
        match (&self.record.texts, &self.fetched) {
            (Found::NotKnown | Found::Failed(_), _) | (_, Some(Fetched::NotKnown)) => None,
            _ => Some(self.policy().is_some()),
        }
    }
}

/// What is known of the way that mail for a domain takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MailFacts {
    /// The MX records.
    pub mx: Found<MailHosts>,
    /// Where senders take mail; `None` if that is not known.
    pub delivery: Option<Delivery>,
    /// The hosts, each once, in order of preference; without MX records the domain itself.
    pub hosts: Vec<MailHost>,
    /// Hosts beyond those that were looked up.
    pub hosts_left_out: usize,
    /// MTA-STS.
    pub mta_sts: StrictTransport,
    /// TLS reports.
    pub tls_rpt: Chosen<tls_rpt::Record>,
}

/// Looks everything up.
pub(super) fn gather(domain: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<MailFacts, Unknown> {
    let ((mx, delivery, hosts, hosts_left_out), (mta_sts, tls_rpt)) = inquiry.both(
        |inquiry| way(domain, inquiry),
        |inquiry| {
            inquiry.both(|inquiry| strict_transport(domain, inquiry), |inquiry| reports(domain, inquiry))
        },
    )?;
    Ok(MailFacts { mx, delivery, hosts, hosts_left_out, mta_sts, tls_rpt })
}

type Way = (Found<MailHosts>, Option<Delivery>, Vec<MailHost>, usize);

fn way(domain: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<Way, Unknown> {
    let answer = inquiry.ask(Question::dns(domain.clone(), RecordType::Mx))?;
    let mx = Found::from_answer(answer, |set| MailHosts::read(&set));
    let found = match &mx {
        Found::Records(found) if found.is_null() => return Ok((mx, Some(Delivery::Null), Vec::new(), 0)),
        Found::Records(found) => found,
        Found::NxDomain => return Ok((mx, Some(Delivery::Nowhere), Vec::new(), 0)),
        Found::NoData => {
            // RFC 5321, 5.1: "If an empty list of MXs is returned, the address is treated as if it was
            // associated with an implicit MX RR".
            let host = host(domain, inquiry)?;
            let (delivery, hosts) = match host.has_address() {
                Some(true) => (Some(Delivery::Implicit), vec![host]),
                Some(false) => (Some(Delivery::Nowhere), Vec::new()),
                None => (None, Vec::new()),
            };
            return Ok((mx, delivery, hosts, 0));
        }
        Found::Failed(_) | Found::NotKnown => return Ok((mx, None, Vec::new(), 0)),
    };
    let all: Vec<DomainName> = mx::hosts(&found.exchanges).into_iter().cloned().collect();
    let left_out = all.len().saturating_sub(HOSTS);
    let parts = all.iter().take(HOSTS).map(|name| move |inquiry: &mut Inquiry<'_>| host(name, inquiry));
    let hosts = inquiry.all(parts.collect::<Vec<_>>())?;
    Ok((mx, Some(Delivery::Hosts), hosts, left_out))
}

fn host(name: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<MailHost, Unknown> {
    let address_of = |set: RecordSet| {
        let read = |record: &dns::Record| match record {
            dns::Record::A(address) => Some(IpAddr::V4(*address)),
            dns::Record::Aaaa(address) => Some(IpAddr::V6(*address)),
            _ => None,
        };
        set.records.iter().filter_map(read).collect()
    };
    if mx::is_address(name) {
        // No name ends in digits: there is nothing to look up.
        return Ok(MailHost {
            host: name.clone(),
            addresses: [Found::NxDomain, Found::NxDomain],
            aliases: Vec::new(),
            secure: None,
            tlsa: Found::NxDomain,
        });
    }
    let ((ipv4, ipv6), at_name) = inquiry.both(
        |inquiry| {
            inquiry.both(
                |inquiry| inquiry.ask(Question::dns(name.clone(), RecordType::A)),
                |inquiry| inquiry.ask(Question::dns(name.clone(), RecordType::Aaaa)),
            )
        },
        |inquiry| records(name, name, inquiry),
    )?;
    let sets = [&ipv4, &ipv6].map(|answer| match answer {
        Answer::Records(set) => Some(set),
        _ => None,
    });
    let states: Vec<Option<bool>> = sets.iter().flatten().map(|set| set.authentic).collect();
    let secure = if states.contains(&Some(false)) {
        Some(false)
    } else {
        (!states.is_empty() && states.iter().all(|state| *state == Some(true))).then_some(true)
    };
    let aliases = sets.iter().flatten().map(|set| set.aliases.clone()).find(|all| !all.is_empty());
    let aliases = aliases.unwrap_or_default();
    let mut tlsa = at_name;
    // RFC 7672, 2.2.3: an alias that is secure throughout is tried first under its target.
    if let Some(target) = aliases.last().filter(|_| secure == Some(true)) {
        let at_target = records(name, target, inquiry)?;
        let is_secure =
            |found: &Found<tlsa::Host>| found.records().is_some_and(|one| one.secure == Some(true));
        if is_secure(&at_target) || matches!(at_target, Found::Failed(_)) {
            tlsa = at_target;
        }
    }
    Ok(MailHost {
        host: name.clone(),
        addresses: [Found::from_answer(ipv4, address_of), Found::from_answer(ipv6, address_of)],
        aliases,
        secure,
        tlsa,
    })
}

/// The TLSA records of a host at a name.
fn records(
    host: &DomainName,
    base: &DomainName,
    inquiry: &mut Inquiry<'_>,
) -> Result<Found<tlsa::Host>, Unknown> {
    let Ok(name) = base.prepend(PORT) else { return Ok(Found::NxDomain) };
    let answer = inquiry.ask(Question::dns(name.clone(), RecordType::Tlsa))?;
    Ok(Found::from_answer(answer, |set| tlsa::Host {
        host: host.clone(),
        name,
        records: set.records.iter().filter_map(Association::from_record).collect(),
        secure: set.authentic,
    }))
}

/// The records of a kind among texts. Of several, those that do not begin with the version and its
/// semicolon are left out first (RFC 8461, 3.1; RFC 8460, 3).
fn choose(texts: &[Vec<u8>], version: &[u8], is_record: fn(&[u8]) -> bool) -> Vec<usize> {
    let all = |is: &dyn Fn(&[u8]) -> bool| -> Vec<usize> {
        texts.iter().enumerate().filter(|(_, text)| is(text)).map(|(index, _)| index).collect()
    };
    let exact = all(&|text| text.starts_with(version));
    if exact.is_empty() && texts.len() == 1 { all(&is_record) } else { exact }
}

fn chosen<T>(
    name: DomainName,
    answer: Answer,
    version: &[u8],
    is_record: fn(&[u8]) -> bool,
    read: impl Fn(&[u8]) -> Option<T>,
) -> Chosen<T> {
    let texts: Found<Vec<Vec<u8>>> =
        Found::from_answer(answer, |set| set.records.iter().filter_map(dns::Record::joined_text).collect());
    let list: &[Vec<u8>] = texts.records().map_or(&[], Vec::as_slice);
    let indexes = choose(list, version, is_record);
    let record = match indexes.as_slice() {
        [index] => list.get(*index).and_then(|text| read(text)),
        _ => None,
    };
    Chosen { name, texts, indexes, record }
}

/// TXT at a label below a domain; a name that would be too long does not exist.
fn text_below(
    domain: &DomainName,
    label: &str,
    inquiry: &mut Inquiry<'_>,
) -> Result<(DomainName, Answer), Unknown> {
    match domain.prepend(label) {
        Ok(name) => Ok((name.clone(), inquiry.ask(Question::txt(name))?)),
        Err(_) => Ok((domain.clone(), Answer::NxDomain)),
    }
}

fn strict_transport(domain: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<StrictTransport, Unknown> {
    let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
    let (name, answer) = text_below(domain, "_mta-sts", inquiry)?;
    let record = chosen(name, answer, b"v=STSv1;", mta_sts::Record::is_record, |text| {
        mta_sts::Record::parse(text).value
    });
    let is_valid = record.record.as_ref().is_some_and(|record| record.id().is_some());
    let fetched = if is_valid {
        Some(match inquiry.ask(Question::Https { url: url.clone() })? {
            Answer::Https { status, content_type, body } => {
                let file = (status == 200).then(|| File::parse(&body));
                Fetched::Response { status, content_type, body, file }
            }
            Answer::Failure { reason } => Fetched::Failed(reason),
            Answer::NotAnswered => Fetched::Failed("no answer".to_owned()),
            _ => Fetched::NotKnown,
        })
    } else {
        None
    };
    Ok(StrictTransport { record, url, fetched })
}

fn reports(domain: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<Chosen<tls_rpt::Record>, Unknown> {
    let (name, answer) = text_below(domain, "_smtp._tls", inquiry)?;
    Ok(chosen(name, answer, b"v=TLSRPTv1;", tls_rpt::Record::is_record, |text| {
        tls_rpt::Record::parse(text).value
    }))
}

/// Whether a domain can take mail, such as reports; `None` if that is not known.
pub(super) fn takes_mail(domain: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<Option<bool>, Unknown> {
    let answer = inquiry.ask(Question::dns(domain.clone(), RecordType::Mx))?;
    Ok(match Found::from_answer(answer, |set| MailHosts::read(&set)) {
        Found::Records(found) => Some(!found.is_null()),
        Found::NxDomain => Some(false),
        Found::Failed(_) | Found::NotKnown => None,
        Found::NoData => {
            let types = [RecordType::A, RecordType::Aaaa];
            let answers =
                inquiry.ask_all(types.map(|record_type| Question::dns(domain.clone(), record_type)))?;
            let has = answers.iter().any(|answer| matches!(answer, Answer::Records(_)));
            let none = |answer: &Answer| matches!(answer, Answer::NoData | Answer::NxDomain);
            if has { Some(true) } else { answers.iter().all(none).then_some(false) }
        }
    })
}
