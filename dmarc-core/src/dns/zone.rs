//! A zone, and what an authoritative server that has loaded it answers (RFC 1034, 4.3.2).
//!
//! Wildcards follow RFC 4592: a name that does not exist is answered from `*` below its closest
//! encloser. A name above an existing one exists without data (an empty non-terminal). DNAME
//! records redirect what lies below them (RFC 6672). Names at or below a delegation are not known,
//! nor are names outside the zone: nothing follows from what a zone does not hold.
//!
//! Where a record could not be read, its type fails at its name; behind a refused `$INCLUDE` or
//! `$GENERATE`, what is not found is not known.

use super::records::{Record, RecordType};
use super::source::{Alias, Reply, failure};
use super::tree::{Key, Tree, child};
use super::zone_reader::Reader;
use crate::diagnostics::Parsed;
use crate::evaluation::{Answer, RecordSet};
use crate::limits::Limits;
use crate::name::DomainName;

/// Reason of the failure that stands for a record that could not be read.
const UNREADABLE: &str = "UNREADABLE";
/// Reason of the failure of a DNAME whose target becomes too long (RFC 6672, 2.2).
const YXDOMAIN: &str = "YXDOMAIN";

/// The records of one zone.
#[derive(Clone, Debug)]
pub struct Zone {
    pub(super) apex: DomainName,
    pub(super) nodes: Tree<Node>,
    /// Whether parts of the zone were not read, so that what is not found is not known.
    pub(super) partial: bool,
    pub(super) records: usize,
}

/// What a zone holds at one name.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) entries: Vec<Entry>,
    /// Offset in the file at which the name first stands as an owner.
    pub(super) at: usize,
    /// Whether that offset is set.
    pub(super) seen: bool,
    pub(super) extras: Option<Box<Extras>>,
}

/// One record with its time to live.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) ttl: Option<u32>,
    pub(super) record: Record,
}

/// What few names have.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras {
    pub(super) dname: Option<Entry>,
    /// Types of which a record could not be read.
    pub(super) broken: Vec<RecordType>,
    /// Whether a record could not be read whose type is not known.
    pub(super) broken_any: bool,
    /// Whether there are records of other types, which may not stand beside a CNAME record.
    pub(super) other: bool,
}

impl Node {
    /// Takes a record.
    pub(super) fn push(&mut self, entry: Entry) {
        // Most names have one or two records: room for four would cost more than the records.
        if self.entries.len() < 4 {
            self.entries.reserve_exact(1);
        }
        self.entries.push(entry);
    }

    /// What few names have, made if there is none.
    pub(super) fn extras(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    /// Whether the name is delegated, also if its name server could not be read.
    fn is_delegated(&self) -> bool {
        self.entries.iter().any(|entry| entry.record.record_type() == RecordType::Ns)
            || self.extras.as_ref().is_some_and(|extras| extras.broken.contains(&RecordType::Ns))
    }

    fn is_broken(&self, record_type: RecordType) -> bool {
        self.extras.as_ref().is_some_and(|extras| extras.broken_any || extras.broken.contains(&record_type))
    }

    fn dname(&self) -> Option<&Entry> {
        self.extras.as_ref()?.dname.as_ref()
    }
}

impl Zone {
    /// Reads a zone file. `origin` completes relative names until the first `$ORIGIN`, and names the
    /// zone if it has no SOA record; the first `$ORIGIN` does where no record stands below `origin`.
    ///
    /// Nothing is opened: `$INCLUDE` and `$GENERATE` are refused. A bad line is reported with its
    /// line and column and costs the other lines nothing. There is no value if the file is over the
    /// [limits](Limits) or does not tell what the zone is called.
    ///
    /// ```
    /// use dmarc_core::dns::Zone;
    /// use dmarc_core::evaluation::{Answer, Facts, Question};
    /// use dmarc_core::limits::Limits;
    ///
    /// let origin = "example.com".parse()?;
    /// let parsed = Zone::parse(
    ///     "$TTL 1h\n@ SOA ns hostmaster 1 1d 2h 4w 5m\n_dmarc TXT \"v=DMARC1; p=none\"\n",
    ///     Some(&origin),
    ///     &Limits::default(),
    /// );
    /// let mut facts = Facts::new();
    /// facts.add_zone(parsed.into_result()?);
    /// let answer = facts.look_up(&Question::txt("_dmarc.example.com".parse()?));
    /// assert!(matches!(answer, Some(Answer::Records(_))));
    /// assert_eq!(facts.look_up(&Question::txt("example.org".parse()?)), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn parse(text: impl AsRef<[u8]>, origin: Option<&DomainName>, limits: &Limits) -> Parsed<Self> {
        Reader::new(text.as_ref(), origin, limits).read()
    }

    /// The name of the zone.
    #[must_use]
    pub fn apex(&self) -> &DomainName {
        &self.apex
    }

    /// How many records it holds, those of types that are not read included.
    #[must_use]
    pub fn record_count(&self) -> usize {
        self.records
    }

    /// Whether a refused directive left parts of the zone unread.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.partial
    }

    /// What the zone says to a question; `None` if it does not know.
    pub(crate) fn reply(&self, name: &DomainName, record_type: RecordType) -> Option<Reply<'_>> {
        if !name.is_within(&self.apex) {
            return None;
        }
        let key = Key::of(name);
        let labels = key.label_count();
        let apex_labels = self.apex.label_count();
        for count in apex_labels..=labels {
            let Some(node) = self.nodes.get(key.ancestor(count)) else { continue };
            if count > apex_labels && node.is_delegated() {
                return None;
            }
            if count < labels
                && let Some(dname) = node.dname()
            {
                return Some(redirect(name, labels - count, dname, record_type));
            }
        }
        if let Some(node) = self.nodes.get(key.as_str()) {
            return self.at(node, record_type);
        }
        if self.partial {
            return None;
        }
        if self.nodes.has_below(key.as_str()) {
            return Some(Reply::made(Answer::NoData));
        }
        // RFC 4592, 3.3.1: "The closest encloser is the node in the zone's tree of existing domain
        // names that has the most labels matching the query name".
        let encloser = (apex_labels..labels).rev().map(|count| key.ancestor(count)).find(|ancestor| {
            ancestor.len() == self.apex.as_str().len()
                || self.nodes.get(ancestor).is_some()
                || self.nodes.has_below(ancestor)
        })?;
        let wildcard = child(encloser, "*");
        match self.nodes.get(&wildcard) {
            // RFC 4592, 4.2: what a delegation at a wildcard means is not defined.
            Some(node) if node.is_delegated() => None,
            Some(node) => self.at(node, record_type),
            None if self.nodes.has_below(&wildcard) => Some(Reply::made(Answer::NoData)),
            None => Some(Reply::made(Answer::NxDomain)),
        }
    }

    fn at(&self, node: &Node, record_type: RecordType) -> Option<Reply<'_>> {
        if node.is_broken(RecordType::Cname) || node.is_broken(record_type) {
            return Some(Reply::made(failure(UNREADABLE)));
        }
        let mut set = RecordSet::default();
        for entry in &node.entries {
            match &entry.record {
                Record::Cname(target) if record_type != RecordType::Cname => {
                    let alias = Alias { target: target.clone(), ttl: entry.ttl, authentic: None };
                    return Some(Reply::Alias(alias));
                }
                record if record.record_type() == record_type => {
                    set.records.push(record.clone());
                    // RFC 2181, 5.2: records of one set that differ are treated as having the lowest.
                    set.ttl = [set.ttl, entry.ttl].into_iter().flatten().min();
                }
                _ => {}
            }
        }
        if !set.records.is_empty() {
            return Some(Reply::made(Answer::Records(set)));
        }
        if self.partial { None } else { Some(Reply::made(Answer::NoData)) }
    }
}

/// The CNAME that a DNAME above a name makes: the name with its end replaced (RFC 6672, 2.2).
fn redirect(name: &DomainName, front: usize, dname: &Entry, record_type: RecordType) -> Reply<'static> {
    let Record::Cname(target) = &dname.record else { return Reply::made(failure(UNREADABLE)) };
    let labels: Vec<&str> = name.labels().take(front).collect();
    match target.prepend(&labels.join(".")) {
        // RFC 6672, 3.2: that CNAME answers a question for it, as one in the zone does.
        Ok(target) if record_type == RecordType::Cname => {
            let records = vec![Record::Cname(target)];
            let set = RecordSet { records, ttl: dname.ttl, ..RecordSet::default() };
            Reply::made(Answer::Records(set))
        }
        Ok(target) => Reply::Alias(Alias { target, ttl: dname.ttl, authentic: None }),
        Err(_) => Reply::made(failure(YXDOMAIN)),
    }
}
