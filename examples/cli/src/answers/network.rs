//! Asks real name servers: the questions of one round at once, and what the standards keep apart
//! stays apart.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use dmarc_core::dns::{Record, RecordType};
use dmarc_core::evaluation::{Answer, Question, RecordSet};
use dmarc_core::name::DomainName;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolveHosts, ResolverConfig};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::{DnsError, NetError, NoRecords};
use hickory_resolver::proto::op::ResponseCode;
use hickory_resolver::proto::rr::{Name, RData, RecordType as WireType};
use hickory_resolver::{Resolver, TokioResolver};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::args::ResolverArg;
use crate::problem::Problem;

/// Questions under way at one time: enough for a round of a tree walk, few enough for a home router.
const AT_ONCE: usize = 16;
/// How long one server may take; each is tried twice.
const PATIENCE: Duration = Duration::from_secs(4);
/// Aliases that are followed before they count as a loop. Resolvers stop between 8 and 16.
const ALIASES: usize = 16;

/// Name servers to ask.
pub(crate) struct Network {
    runtime: Runtime,
    resolver: TokioResolver,
    /// How often an answer came, and the last reason why none did.
    heard: u32,
    silence: Option<String>,
}

impl Network {
    /// The servers of this machine, or the one that was named.
    pub(crate) fn new(which: ResolverArg) -> Result<Self, Problem> {
        let not_usable = |reason: String| Problem::Resolver { reason };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| not_usable(error.to_string()))?;
        let mut builder = match which {
            ResolverArg::System => {
                TokioResolver::builder_tokio().map_err(|error| not_usable(error.to_string()))?
            }
            ResolverArg::Server(address) => {
                let mut server = NameServerConfig::udp_and_tcp(address.ip());
                for connection in &mut server.connections {
                    at_port(connection, address.port());
                }
                let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
                Resolver::builder_with_config(config, TokioRuntimeProvider::default())
            }
        };
        let options = builder.options_mut();
        options.timeout = PATIENCE;
        options.attempts = 2;
        options.use_hosts_file = ResolveHosts::Never;
        let resolver = builder.build().map_err(|error| not_usable(error.to_string()))?;
        Ok(Self { runtime, resolver, heard: 0, silence: None })
    }

    /// The answers to the DNS questions of one round.
    pub(crate) fn ask(&mut self, questions: Vec<(DomainName, RecordType)>) -> Vec<(Question, Answer)> {
        let resolver = self.resolver.clone();
        let answers = self.runtime.block_on(async {
            let places = Arc::new(Semaphore::new(AT_ONCE));
            let mut asking = JoinSet::new();
            for (name, record_type) in questions {
                let (resolver, places) = (resolver.clone(), Arc::clone(&places));
                asking.spawn(async move {
                    // The semaphore is never closed, so that a place always comes free.
                    let _place = places.acquire().await;
                    let answer = ask_one(&resolver, &name, record_type).await;
                    (Question::dns(name, record_type), answer)
                });
            }
            asking.join_all().await
        });
        answers.into_iter().map(|(question, answer)| (question, self.count(answer))).collect()
    }

    /// Why nobody answered at all, if so: then nothing that was found out means anything.
    pub(crate) fn unheard(&self) -> Option<Problem> {
        let reason = self.silence.clone().filter(|_| self.heard == 0)?;
        Some(Problem::Resolver { reason })
    }

    fn count(&mut self, answer: Result<Answer, Silence>) -> Answer {
        match answer {
            Ok(answer) => {
                self.heard = self.heard.saturating_add(1);
                answer
            }
            Err(Silence { reason, detail }) => {
                self.silence = Some(detail);
                Answer::Failure { reason: reason.to_owned() }
            }
        }
    }
}

fn at_port(connection: &mut ConnectionConfig, port: u16) {
    connection.port = port;
}

/// No server answered.
struct Silence {
    reason: &'static str,
    detail: String,
}

async fn ask_one(
    resolver: &TokioResolver,
    name: &DomainName,
    record_type: RecordType,
) -> Result<Answer, Silence> {
    let Some(query) = wire_name(name) else {
        return Ok(Answer::Failure { reason: "FORMERR".to_owned() });
    };
    match resolver.lookup(query, wire_type(record_type)).await {
        Ok(lookup) => Ok(records(&lookup, record_type)),
        Err(NetError::Dns(DnsError::NoRecordsFound(none))) => Ok(nothing(resolver, name, &none).await),
        Err(NetError::Dns(DnsError::ResponseCode(code))) => Ok(Answer::Failure { reason: mnemonic(code) }),
        Err(NetError::Timeout) => Err(Silence { reason: "TIMEOUT", detail: "timeout".to_owned() }),
        Err(error) => Err(Silence { reason: "NETWORK", detail: error.to_string() }),
    }
}

/// No such name, or no such record there.
async fn nothing(resolver: &TokioResolver, name: &DomainName, none: &NoRecords) -> Answer {
    match none.response_code {
        ResponseCode::NXDomain => Answer::NxDomain,
        // A negative answer carries a SOA record (RFC 2308, 2.2). Where it does not, aliases may have
        // led nowhere, which the resolver does not tell apart.
        ResponseCode::NoError if none.soa.is_none() && is_loop(resolver, name).await => {
            Answer::Failure { reason: "CNAME LOOP".to_owned() }
        }
        ResponseCode::NoError => Answer::NoData,
        code => Answer::Failure { reason: mnemonic(code) },
    }
}

/// Whether the aliases from a name come back to one of them, or never end.
async fn is_loop(resolver: &TokioResolver, name: &DomainName) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = Some(name.clone());
    while let Some(name) = next {
        if !seen.insert(name.clone()) || seen.len() > ALIASES {
            return true;
        }
        let Some(query) = wire_name(&name) else { return false };
        next = match resolver.lookup(query, WireType::CNAME).await {
            Ok(lookup) => lookup.answers().iter().find_map(|record| match &record.data {
                RData::CNAME(target) => domain_name(&target.0),
                _ => None,
            }),
            Err(_) => None,
        };
    }
    false
}

/// The records of the type that was asked for, and the aliases on the way there.
fn records(lookup: &Lookup, record_type: RecordType) -> Answer {
    // The resolver does not ask for the bit, so that its absence says nothing (RFC 6840, 5.7).
    let authentic = lookup.message().metadata.authentic_data.then_some(true);
    let mut set = RecordSet { authentic, ..RecordSet::default() };
    for answer in lookup.answers() {
        match &answer.data {
            RData::CNAME(target) if record_type != RecordType::Cname => {
                set.aliases.extend(domain_name(&target.0));
            }
            data => match record(data).filter(|record| record.record_type() == record_type) {
                Some(record) => set.records.push(record),
                None => continue,
            },
        }
        set.ttl = Some(set.ttl.map_or(answer.ttl, |ttl| ttl.min(answer.ttl)));
    }
    // Servers rotate the records of a set; the same zone must give the same answer.
    set.records.sort();
    if set.records.is_empty() { Answer::NoData } else { Answer::Records(set) }
}

fn record(data: &RData) -> Option<Record> {
    Some(match data {
        RData::A(address) => Record::A(address.0),
        RData::AAAA(address) => Record::Aaaa(address.0),
        RData::CNAME(target) => Record::Cname(domain_name(&target.0)?),
        RData::MX(mx) => Record::Mx { preference: mx.preference, exchange: domain_name(&mx.exchange)? },
        RData::NS(server) => Record::Ns(domain_name(&server.0)?),
        RData::PTR(name) => Record::Ptr(domain_name(&name.0)?),
        RData::SOA(soa) => Record::Soa { primary: domain_name(&soa.mname)?, minimum: soa.minimum },
        RData::TLSA(tlsa) => Record::Tlsa {
            usage: tlsa.cert_usage.into(),
            selector: tlsa.selector.into(),
            matching: tlsa.matching.into(),
            data: tlsa.cert_data.clone(),
        },
        RData::TXT(text) => Record::Txt(text.txt_data.iter().map(|string| string.to_vec()).collect()),
        _ => return None,
    })
}

fn domain_name(name: &Name) -> Option<DomainName> {
    DomainName::parse(&name.to_ascii()).ok()
}

fn wire_name(name: &DomainName) -> Option<Name> {
    let mut wire = Name::from_labels(name.labels().map(str::as_bytes)).ok()?;
    // With its final dot no search list is tried.
    wire.set_fqdn(true);
    Some(wire)
}

fn wire_type(record_type: RecordType) -> WireType {
    match record_type {
        RecordType::A => WireType::A,
        RecordType::Aaaa => WireType::AAAA,
        RecordType::Cname => WireType::CNAME,
        RecordType::Mx => WireType::MX,
        RecordType::Ns => WireType::NS,
        RecordType::Ptr => WireType::PTR,
        RecordType::Soa => WireType::SOA,
        RecordType::Tlsa => WireType::TLSA,
        RecordType::Txt => WireType::TXT,
        // The list of the library is the only list there is; a type that joins it is asked for by name.
        other => other.as_str().parse().unwrap_or(WireType::TXT),
    }
}

/// What resolvers call a response code.
fn mnemonic(code: ResponseCode) -> String {
    match code {
        ResponseCode::FormErr => "FORMERR".to_owned(),
        ResponseCode::ServFail => "SERVFAIL".to_owned(),
        ResponseCode::NotImp => "NOTIMP".to_owned(),
        ResponseCode::Refused => "REFUSED".to_owned(),
        other => format!("RCODE{}", u16::from(other)),
    }
}
