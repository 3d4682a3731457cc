//! The zone as the caches of mail-auth: its way to answers without a network.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Instant;

use dmarc_core::dns::{Record, RecordType, Snapshot};
use dmarc_core::evaluation::{Answer, Facts, Question};
use mail_auth::dns::TxtRecordParser;
use mail_auth::hickory_resolver::proto::op::ResponseCode;
use mail_auth::{DnsCache, DnssecStatus, Mx, Negative, RecordSet, ResolverCache, TxtRecord};

use crate::Failure;

type Found<T> = Result<RecordSet<T>, Negative>;

/// Answers by name; a name that is not there does not exist.
pub(crate) struct Answers<K, V>(HashMap<K, V>, V);

impl<K: Hash + Eq, V: Clone> ResolverCache<K, V> for Answers<K, V> {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        Some(self.0.get(name).unwrap_or(&self.1).clone())
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: K, _: V, _: Instant) {}
}

/// Texts by name, parsed whenever they are asked for.
pub(crate) struct Texts(HashMap<Box<str>, Vec<Vec<u8>>>, fn(&[Vec<u8>]) -> TxtRecord);

/// The records of one kind among texts.
fn parsed<R: TxtRecordParser + Into<TxtRecord>>(texts: &[Vec<u8>]) -> TxtRecord {
    R::parse_records(texts).into()
}

impl ResolverCache<Box<str>, TxtRecord> for Texts {
    fn get<Q: Hash + Eq + ?Sized>(&self, name: &Q) -> Option<TxtRecord>
    where
        Box<str>: Borrow<Q>,
    {
        let texts = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
        Some(self.1(texts))
    }

    fn remove<Q: Hash + Eq + ?Sized>(&self, _: &Q) -> Option<TxtRecord>
    where
        Box<str>: Borrow<Q>,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: TxtRecord, _: Instant) {}
}

/// The zone with a cache of texts.
pub(crate) struct Zone<T> {
    txt: T,
    mx: Answers<Box<str>, Found<Mx>>,
    ipv4: Answers<Box<str>, Found<Ipv4Addr>>,
    ipv6: Answers<Box<str>, Found<Ipv6Addr>>,
    ptr: Answers<IpAddr, Found<Box<str>>>,
}

/// Records are parsed whenever they are asked for.
pub(crate) type Reparsed = Zone<Texts>;
/// Records were parsed before.
pub(crate) type Cached = Zone<Answers<Box<str>, TxtRecord>>;

impl Reparsed {
    pub(crate) fn of<R>(snapshot: &Snapshot) -> Result<Self, Failure>
    where
        R: TxtRecordParser + Into<TxtRecord>,
    {
        Self::with(snapshot, Texts(texts(snapshot)?, parsed::<R>))
    }
}

impl Cached {
    pub(crate) fn of<R>(snapshot: &Snapshot) -> Result<Self, Failure>
    where
        R: TxtRecordParser + Into<TxtRecord>,
    {
        let parsed = texts(snapshot)?.into_iter().map(|(name, texts)| (name, parsed::<R>(&texts)));
        let missing = TxtRecord::Error(NOTHING.into());
        Self::with(snapshot, Answers(parsed.collect(), missing))
    }
}

const NOTHING: Negative = Negative { code: ResponseCode::NXDomain };

impl<T> Zone<T> {
    fn with(snapshot: &Snapshot, txt: T) -> Result<Self, Failure> {
        let ipv4 = sets(snapshot, RecordType::A, |record| match record {
            Record::A(address) => Some(*address),
            _ => None,
        })?;
        let ipv6 = sets(snapshot, RecordType::Aaaa, |record| match record {
            Record::Aaaa(address) => Some(*address),
            _ => None,
        })?;
        let mx = sets(snapshot, RecordType::Mx, |record| match record {
            Record::Mx { preference, exchange } => {
                let exchanges = [format!("{exchange}.").into_boxed_str()].into();
                Some(Mx { exchanges, preference: *preference })
            }
            _ => None,
        })?;
        let ptr = Answers(HashMap::new(), Err(NOTHING));
        Ok(Self { txt, mx, ipv4, ipv6, ptr })
    }
}

fn texts(snapshot: &Snapshot) -> Result<HashMap<Box<str>, Vec<Vec<u8>>>, Failure> {
    records(snapshot, RecordType::Txt)?
        .map(|found| {
            let (name, records) = found?;
            Ok((name, records.iter().filter_map(Record::joined_text).collect()))
        })
        .collect()
}

fn sets<T>(
    snapshot: &Snapshot,
    record_type: RecordType,
    read: impl Fn(&Record) -> Option<T>,
) -> Result<Answers<Box<str>, Found<T>>, Failure> {
    let found = records(snapshot, record_type)?
        .map(|found| {
            let (name, records) = found?;
            let records = records.iter().filter_map(&read).collect();
            Ok((name, Ok(RecordSet { records, dnssec_status: DnssecStatus::Indeterminate })))
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Answers(found, Err(NOTHING)))
}

type Named = Result<(Box<str>, Vec<Record>), Failure>;

/// The records of a type, by name with the final dot, as mail-auth asks.
fn records(snapshot: &Snapshot, record_type: RecordType) -> Result<impl Iterator<Item = Named>, Failure> {
    let facts = Facts::from_snapshot(snapshot);
    Ok(snapshot.names.keys().filter_map(move |name| {
        let question = match name.parse() {
            Ok(name) => Question::dns(name, record_type),
            Err(error) => return Some(Err(Box::from(error))),
        };
        match facts.look_up(&question)? {
            Answer::Records(set) => Some(Ok((format!("{name}.").into_boxed_str(), set.records))),
            _ => None,
        }
    }))
}

impl<T: ResolverCache<Box<str>, TxtRecord>> DnsCache for Zone<T> {
    type Txt = T;
    type Mx = Answers<Box<str>, Found<Mx>>;
    type Ipv4 = Answers<Box<str>, Found<Ipv4Addr>>;
    type Ipv6 = Answers<Box<str>, Found<Ipv6Addr>>;
    type Ptr = Answers<IpAddr, Found<Box<str>>>;

    fn txt(&self) -> Option<&Self::Txt> {
        Some(&self.txt)
    }

    fn mx(&self) -> Option<&Self::Mx> {
        Some(&self.mx)
    }

    fn ipv4(&self) -> Option<&Self::Ipv4> {
        Some(&self.ipv4)
    }

    fn ipv6(&self) -> Option<&Self::Ipv6> {
        Some(&self.ipv6)
    }

    fn ptr(&self) -> Option<&Self::Ptr> {
        Some(&self.ptr)
    }
}
