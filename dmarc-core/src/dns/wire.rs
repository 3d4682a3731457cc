//! Questions and answers in the wire format of the DNS (RFC 1035, 4; RFC 6891), for callers that
//! move bytes: DNS over HTTPS, or a socket of their own.
//!
//! This is the only file that names the crate `hickory-proto`. What a response means follows
//! RFC 1035, 4.1.1, RFC 2308, 2 and RFC 6840, 5.7 and 5.8. A caller that sends over UDP compares the
//! first two octets of a response with its identifier before it reads the rest.

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{self, DNSClass, Name, RData};

use super::records::{Record, RecordType};
use super::source::failure;
use crate::evaluation::{Answer, Question, RecordSet};
use crate::name::{DomainName, NameError};

/// Largest response over UDP that is asked for: it fits into one packet everywhere (RFC 9715, 3).
const UDP_PAYLOAD: u16 = 1232;
/// Octets of the header (RFC 1035, 4.1.1).
const HEADER: usize = 12;

/// A message that cannot be made, or one that is no answer to the question.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The question is not one to the DNS.
    #[error("the question is not one to the DNS")]
    NotDns,
    /// The octets are not a DNS message.
    #[error("not a DNS message: {reason}")]
    Malformed {
        /// What the decoder says.
        reason: String,
    },
    /// The message is a query.
    #[error("the message is no response")]
    NotAResponse,
    /// The response was cut off (TC bit).
    #[error("the response is truncated: ask again over TCP")]
    Truncated,
    /// The response answers another question.
    #[error("the response answers another question")]
    OtherQuestion,
    /// A name with octets that no [`DomainName`] has, such as a dot within a label.
    #[error("a name in the answer cannot be used: {0}")]
    Name(NameError),
}

impl Question {
    /// The question as a DNS message: recursion is desired, and whether the answer was validated is
    /// to be said (RFC 6840, 5.7).
    ///
    /// # Errors
    /// [`WireError::NotDns`] if it is not a question to the DNS.
    pub fn to_message(&self, id: u16) -> Result<Vec<u8>, WireError> {
        query(self, id, false)
    }

    /// As [`Question::to_message`], and the signatures themselves are asked for (DO bit), which some
    /// resolvers need before they say that they validated.
    ///
    /// # Errors
    /// [`WireError::NotDns`] if it is not a question to the DNS.
    pub fn to_message_with_signatures(&self, id: u16) -> Result<Vec<u8>, WireError> {
        query(self, id, true)
    }
}

impl Answer {
    /// The answer that a response gives. CNAME records within the message are followed.
    ///
    /// ```
    /// use dmarc_core::dns::wire::WireError;
    /// use dmarc_core::evaluation::{Answer, Question};
    ///
    /// let question = Question::txt("_dmarc.example.com".parse()?);
    /// let mut message = question.to_message(7)?;
    /// assert_eq!(Answer::from_message(&question, &message), Err(WireError::NotAResponse));
    /// message[2] |= 0x80; // a response …
    /// message[3] = 0x83; // … of a resolver: no such name
    /// assert_eq!(Answer::from_message(&question, &message), Ok(Answer::NxDomain));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`WireError`] if the octets are not a whole response to that question.
    pub fn from_message(question: &Question, octets: &[u8]) -> Result<Self, WireError> {
        let Question::Dns { name, record_type } = question else { return Err(WireError::NotDns) };
        check_header(octets)?;
        let message =
            Message::from_vec(octets).map_err(|error| WireError::Malformed { reason: error.to_string() })?;
        let asked = wire_name(name)?;
        let failed =
            !matches!(message.metadata.response_code, ResponseCode::NoError | ResponseCode::NXDomain);
        match message.queries.as_slice() {
            [query]
                if *query.name() == asked
                    && u16::from(query.query_type()) == record_type.code()
                    && query.query_class() == DNSClass::IN => {}
            // A server that could not read the query may leave it out.
            [] if failed => {}
            _ => return Err(WireError::OtherQuestion),
        }
        if failed {
            return Ok(failure(mnemonic(message.metadata.response_code)));
        }
        answer(&message, asked, *record_type)
    }
}

fn query(question: &Question, id: u16, signatures: bool) -> Result<Vec<u8>, WireError> {
    let Question::Dns { name, record_type } = question else { return Err(WireError::NotDns) };
    let mut message = Message::new(id, MessageType::Query, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.metadata.authentic_data = true;
    message.add_query(Query::query(wire_name(name)?, rr::RecordType::from(record_type.code())));
    let mut edns = Edns::new();
    edns.set_max_payload(UDP_PAYLOAD).set_dnssec_ok(signatures);
    message.set_edns(edns);
    message.to_vec().map_err(|error| WireError::Malformed { reason: error.to_string() })
}

/// What the header says before anything else is read: a message that was cut off need not decode.
fn check_header(octets: &[u8]) -> Result<(), WireError> {
    let (Some(flags), true) = (octets.get(2), octets.len() >= HEADER) else {
        return Err(WireError::Malformed { reason: "shorter than a header".to_owned() });
    };
    match (flags & 0x80, flags & 0x02) {
        (0, _) => Err(WireError::NotAResponse),
        (_, 0) => Ok(()),
        _ => Err(WireError::Truncated),
    }
}

/// Follows the aliases of the answer section to the records.
fn answer(message: &Message, asked: Name, record_type: RecordType) -> Result<Answer, WireError> {
    let mut set = RecordSet::default();
    let mut ttl: Option<u32> = None;
    let mut owner = asked;
    loop {
        let mut next = None;
        for record in &message.answers {
            if record.dns_class != DNSClass::IN || record.name != owner {
                continue;
            }
            // RFC 2181, 8: a time to live with the highest bit set counts as zero.
            let seconds = if record.ttl > super::ttl::MAX { 0 } else { record.ttl };
            if u16::from(record.record_type()) == record_type.code() {
                if let Some(found) = read(&record.data)? {
                    set.records.push(found);
                    ttl = Some(ttl.map_or(seconds, |ttl| ttl.min(seconds)));
                }
            } else if let RData::CNAME(target) = &record.data
                && next.is_none()
            {
                next = Some(target.0.clone());
                ttl = Some(ttl.map_or(seconds, |ttl| ttl.min(seconds)));
            }
        }
        let Some(target) = next.filter(|_| set.records.is_empty()) else { break };
        let alias = domain_name(&target)?;
        // Each alias is a record of the message, so a chain without a loop ends.
        if set.aliases.contains(&alias) || set.aliases.len() > message.answers.len() {
            return Ok(failure("CNAME LOOP"));
        }
        set.aliases.push(alias);
        owner = target;
    }
    if message.metadata.response_code == ResponseCode::NXDomain {
        return Ok(Answer::NxDomain);
    }
    if !set.records.is_empty() {
        set.ttl = ttl;
        set.authentic = Some(message.metadata.authentic_data);
        return Ok(Answer::Records(set));
    }
    // RFC 2308, 2.2: an answer without records is only "no data" if it is not a referral.
    let has_soa =
        message.authorities.iter().any(|record| u16::from(record.record_type()) == RecordType::Soa.code());
    let final_word = message.metadata.authoritative && set.aliases.is_empty();
    if message.metadata.recursion_available || has_soa || final_word {
        return Ok(Answer::NoData);
    }
    Ok(failure("REFERRAL"))
}

fn read(data: &RData) -> Result<Option<Record>, WireError> {
    Ok(Some(match data {
        RData::A(address) => Record::A(address.0),
        RData::AAAA(address) => Record::Aaaa(address.0),
        RData::CNAME(target) => Record::Cname(domain_name(&target.0)?),
        RData::NS(server) => Record::Ns(domain_name(&server.0)?),
        RData::PTR(target) => Record::Ptr(domain_name(&target.0)?),
        RData::MX(mx) => Record::Mx { preference: mx.preference, exchange: domain_name(&mx.exchange)? },
        RData::SOA(soa) => Record::Soa { primary: domain_name(&soa.mname)?, minimum: soa.minimum },
        RData::TLSA(tlsa) => Record::Tlsa {
            usage: tlsa.cert_usage.into(),
            selector: tlsa.selector.into(),
            matching: tlsa.matching.into(),
            data: tlsa.cert_data.clone(),
        },
        RData::TXT(text) => Record::Txt(text.txt_data.iter().map(|string| string.to_vec()).collect()),
        _ => return Ok(None),
    }))
}

fn wire_name(name: &DomainName) -> Result<Name, WireError> {
    let mut wire = Name::from_labels(name.labels().map(str::as_bytes))
        .map_err(|error| WireError::Malformed { reason: error.to_string() })?;
    wire.set_fqdn(true);
    Ok(wire)
}

fn domain_name(name: &Name) -> Result<DomainName, WireError> {
    let mut text = String::new();
    for label in name {
        let fault = || WireError::Name(NameError::Character { text: crate::text::lossy(label) });
        // A dot within a label would read as the border of two.
        if !label.is_ascii() || label.contains(&b'.') {
            return Err(fault());
        }
        text.push_str(std::str::from_utf8(label).map_err(|_| fault())?);
        text.push('.');
    }
    if text.is_empty() {
        return Ok(DomainName::root());
    }
    DomainName::parse(&text).map_err(WireError::Name)
}

/// A response code as resolvers print it.
fn mnemonic(code: ResponseCode) -> String {
    match u16::from(code) {
        1 => "FORMERR",
        2 => "SERVFAIL",
        4 => "NOTIMP",
        5 => "REFUSED",
        6 => "YXDOMAIN",
        7 => "YXRRSET",
        8 => "NXRRSET",
        9 => "NOTAUTH",
        10 => "NOTZONE",
        16 => "BADVERS",
        23 => "BADCOOKIE",
        code => return format!("RCODE{code}"),
    }
    .to_owned()
}
