//! Asks real name servers: the questions of one round at once, and what the standards keep apart
//! stays apart.
//!
//! Every query asks whether the answer was validated (AD and DO; RFC 6840, 5.7). What a server says of that
//! counts only if nobody can have changed it on the way (RFC 4035, 4.9.3; RFC 7672, 2.1.1): see [`Trust`].

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use dmarc_core::dns::{Record, RecordType};
use dmarc_core::evaluation::{Answer, Question, RecordSet};
use dmarc_core::name::DomainName;
use hickory_resolver::caching_client::CachingClient;
use hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use hickory_resolver::lookup::Lookup;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::xfer::{DnsHandle, RetryDnsHandle};
use hickory_resolver::net::{DnsError, NetError, NoRecords};
use hickory_resolver::proto::op::{DnsRequest, DnsRequestOptions, Query, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, RecordType as WireType};
use hickory_resolver::system_conf::read_system_conf;
use hickory_resolver::{NameServerPool, PoolContext, TlsConfig};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::args::ResolverArg;
use crate::problem::Problem;

/// Questions under way at one time: enough for a round of a tree walk, few enough for a home router.
const AT_ONCE: usize = 16;
/// How long one server may take.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often each is tried.
const ATTEMPTS: usize = 2;
/// Aliases that are followed before they count as a loop. Resolvers stop between 8 and 16.
const ALIASES: usize = 16;

/// What the AD bit of the servers is worth.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Trust {
    /// A server elsewhere, over a way that anybody can write to: nothing.
    None,
    /// A server on this machine: that it validated counts. That it did not may mean that it never does.
    Secure,
    /// The user says that the server validates: both count.
    Full,
}

impl Trust {
    /// Whether an answer was validated, by its AD bit; [`None`] if that is not known.
    fn authentic(self, bit: bool) -> Option<bool> {
        match self {
            Self::None => None,
            Self::Secure => bit.then_some(true),
            Self::Full => Some(bit),
        }
    }
}

/// Asks for the AD bit, which the resolver itself has no option for.
#[derive(Clone)]
struct AskingForValidation(RetryDnsHandle<NameServerPool<TokioRuntimeProvider>>);

impl DnsHandle for AskingForValidation {
    type Response = <RetryDnsHandle<NameServerPool<TokioRuntimeProvider>> as DnsHandle>::Response;
    type Runtime = TokioRuntimeProvider;

    fn send(&self, mut request: DnsRequest) -> Self::Response {
        request.metadata.authentic_data = true;
        self.0.send(request)
    }
}

/// The servers, with a cache before them.
#[derive(Clone)]
struct Servers {
    client: CachingClient<AskingForValidation>,
    options: DnsRequestOptions,
}

impl Servers {
    fn new(config: ResolverConfig, mut options: ResolverOpts) -> Result<Self, NetError> {
        options.timeout = PATIENCE;
        options.attempts = ATTEMPTS;
        let mut request = DnsRequestOptions::default();
        request.recursion_desired = true;
        request.use_edns = true;
        request.edns_payload_len = options.edns_payload_len;
        request.edns_set_dnssec_ok = true;
        let cache_size = options.cache_size;
        let context = Arc::new(PoolContext::new(options, TlsConfig::new()?));
        let provider = TokioRuntimeProvider::default();
        let pool = NameServerPool::from_config(config.into_parts().2, context, provider);
        let handle = AskingForValidation(RetryDnsHandle::new(pool, ATTEMPTS));
        Ok(Self { client: CachingClient::new(cache_size, handle, true), options: request })
    }

    async fn lookup(&self, name: Name, record_type: WireType) -> Result<Lookup, NetError> {
        self.client.lookup(Query::query(name, record_type), self.options).await
    }
}

/// Name servers to ask.
pub(crate) struct Network {
    runtime: Runtime,
    servers: Servers,
    trust: Trust,
    /// How often an answer came, and the last reason why none did.
    heard: u32,
    silence: Option<String>,
}

impl Network {
    /// The servers of this machine, or the one that was named. `validates`: they validate, and what they say
    /// of it may be believed.
    pub(crate) fn new(which: ResolverArg, validates: bool) -> Result<Self, Problem> {
        let not_usable = |reason: String| Problem::Resolver { reason };
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| not_usable(error.to_string()))?;
        let (config, options) = match which {
            ResolverArg::System => read_system_conf().map_err(|error| not_usable(error.to_string()))?,
            ResolverArg::Server(address) => {
                let mut server = NameServerConfig::udp_and_tcp(address.ip());
                for connection in &mut server.connections {
                    at_port(connection, address.port());
                }
                (ResolverConfig::from_parts(None, Vec::new(), vec![server]), ResolverOpts::default())
            }
        };
        let addresses: Vec<IpAddr> = config.name_servers().iter().map(|server| server.ip).collect();
        let trust = match addresses.iter().all(IpAddr::is_loopback) {
            _ if validates => Trust::Full,
            true => Trust::Secure,
            false => Trust::None,
        };
        let servers = runtime.block_on(async { Servers::new(config, options) });
        let servers = servers.map_err(|error| not_usable(error.to_string()))?;
        Ok(Self { runtime, servers, trust, heard: 0, silence: None })
    }

    /// The answers to the DNS questions of one round.
    pub(crate) fn ask(&mut self, questions: Vec<(DomainName, RecordType)>) -> Vec<(Question, Answer)> {
        let (servers, trust) = (self.servers.clone(), self.trust);
        let answers = self.runtime.block_on(async {
            let places = Arc::new(Semaphore::new(AT_ONCE));
            let mut asking = JoinSet::new();
            for (name, record_type) in questions {
                let (servers, places) = (servers.clone(), Arc::clone(&places));
                asking.spawn(async move {
                    // The semaphore is never closed, so that a place always comes free.
                    let _place = places.acquire().await;
                    let answer = ask_one(&servers, trust, &name, record_type).await;
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
    servers: &Servers,
    trust: Trust,
    name: &DomainName,
    record_type: RecordType,
) -> Result<Answer, Silence> {
    let Some(query) = wire_name(name) else {
        return Ok(Answer::Failure { reason: "FORMERR".to_owned() });
    };
    match servers.lookup(query, wire_type(record_type)).await {
        Ok(lookup) => Ok(records(&lookup, trust, record_type)),
        Err(NetError::Dns(DnsError::NoRecordsFound(none))) => Ok(nothing(servers, name, &none).await),
        Err(NetError::Dns(DnsError::ResponseCode(code))) => Ok(Answer::Failure { reason: mnemonic(code) }),
        Err(NetError::Timeout) => Err(Silence { reason: "TIMEOUT", detail: "timeout".to_owned() }),
        Err(error) => Err(Silence { reason: "NETWORK", detail: error.to_string() }),
    }
}

/// No such name, or no such record there.
async fn nothing(servers: &Servers, name: &DomainName, none: &NoRecords) -> Answer {
    match none.response_code {
        ResponseCode::NXDomain => Answer::NxDomain,
        // A negative answer carries a SOA record (RFC 2308, 2.2). Where it does not, aliases may have
        // led nowhere, which the resolver does not tell apart.
        ResponseCode::NoError if none.soa.is_none() && is_loop(servers, name).await => {
            Answer::Failure { reason: "CNAME LOOP".to_owned() }
        }
        ResponseCode::NoError => Answer::NoData,
        code => Answer::Failure { reason: mnemonic(code) },
    }
}

/// Whether the aliases from a name come back to one of them, or never end.
async fn is_loop(servers: &Servers, name: &DomainName) -> bool {
    let mut seen = BTreeSet::new();
    let mut next = Some(name.clone());
    while let Some(name) = next {
        if !seen.insert(name.clone()) || seen.len() > ALIASES {
            return true;
        }
        let Some(query) = wire_name(&name) else { return false };
        next = match servers.lookup(query, WireType::CNAME).await {
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
fn records(lookup: &Lookup, trust: Trust, record_type: RecordType) -> Answer {
    let authentic = trust.authentic(lookup.message().metadata.authentic_data);
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
