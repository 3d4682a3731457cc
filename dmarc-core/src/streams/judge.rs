//! All streams of all organizations, and the class of each record.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::class::{Because, Class, Confidence};
use super::classify::Organization;
use super::facts::Item;
use super::key::{Key, within};
use super::thresholds::Thresholds;
use super::trace::describe;
use super::traces::Traces;
use crate::report::aggregate::{Head, Record};

/// One stream: messages of one origin that are the same thing.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stream {
    /// The organization: the topmost domain at which a policy was found.
    pub domain: String,
    /// What it is known by: `dkim:d/selector`, `spf:domain`, `foreign:domain`, `via:host`, `gateway:network` or
    /// `network:first address`.
    pub key: String,
    /// The firm that delivers it, where a name of a well-known one shows.
    pub provider: Option<&'static str>,
    /// What it is.
    pub class: Class,
    /// How sure that is: the confidence of most of its messages.
    pub confidence: Confidence,
    /// The rule that says so, by messages.
    pub because: Because,
    /// Messages.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub passed: u64,
    /// Messages that DKIM passes for.
    pub dkim: u64,
    /// Messages that SPF passes for.
    pub spf: u64,
    /// Begin of the first report, in seconds since the epoch.
    pub first: Option<i64>,
    /// Last second of the last report.
    pub last: Option<i64>,
}

/// The class of one record.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct RowClass<'a> {
    /// The stream, as [`Stream::key`].
    pub stream: &'a str,
    /// What it is.
    pub class: Class,
    /// How sure that is.
    pub confidence: Confidence,
    /// Which rule says so.
    pub because: Because,
}

/// What the traces come to.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// The streams: those with most messages first.
    pub streams: Vec<Stream>,
    rows: HashMap<String, HashMap<String, Row>>,
}

#[derive(Clone, Debug)]
struct Row {
    stream: usize,
    confidence: Confidence,
    because: Because,
}

impl Judged {
    /// What a record is; `None` if it was not among the traces.
    #[must_use]
    pub fn of(&self, head: &Head, record: &Record) -> Option<RowClass<'_>> {
        let domain = head.policy.as_ref().and_then(|policy| policy.domain.as_deref()).unwrap_or_default();
        let mut text = String::new();
        describe(&mut text, record);
        let row = self.rows.get(&crate::report::batch::normalized(domain))?.get(&text)?;
        let stream = self.streams.get(row.stream)?;
        Some(RowClass {
            stream: &stream.key,
            class: stream.class,
            confidence: row.confidence,
            because: row.because,
        })
    }
}

/// Says what each stream is.
#[must_use]
pub fn judge(traces: &Traces, thresholds: &Thresholds) -> Judged {
    let domains: Vec<&str> = traces.domains().map(|(domain, _)| domain).collect();
    let mut organizations: BTreeMap<&str, Vec<(&str, &str, Item<'_>)>> = BTreeMap::new();
    for (domain, of) in traces.domains() {
        // The shortest name above it that has a policy of its own.
        let above = domains.iter().copied().filter(|other| !other.is_empty() && within(domain, other));
        let organization = above.min_by_key(|name| name.len()).unwrap_or(domain);
        for (text, trace) in of {
            let Some(key) = Key::parse(text) else { continue };
            let items = organizations.entry(organization).or_default();
            items.push((domain, text, Item::new(key, trace, organization)));
        }
    }
    let mut judged = Judged::default();
    let mut found: BTreeMap<(&str, String, Class), Gathered> = BTreeMap::new();
    let mut rows = Vec::new();
    for (organization, items) in organizations {
        let (places, items): (Vec<_>, Vec<_>) =
            items.into_iter().map(|(domain, text, item)| ((domain, text), item)).unzip();
        let verdicts = Organization::new(&items, thresholds).verdicts();
        for ((place, item), verdict) in places.into_iter().zip(&items).zip(verdicts) {
            let key = (organization, verdict.stream, verdict.class);
            found.entry(key.clone()).or_default().add(item, verdict.confidence, verdict.because);
            rows.push((place, key, verdict.confidence, verdict.because));
        }
    }
    let mut order: Vec<_> = found.iter().collect();
    order.sort_by_key(|(key, gathered)| (std::cmp::Reverse(gathered.messages), *key));
    let places: HashMap<_, usize> =
        order.iter().enumerate().map(|(at, (key, _))| ((*key).clone(), at)).collect();
    judged.streams = order.into_iter().map(|(key, gathered)| gathered.stream(key)).collect();
    for ((domain, text), key, confidence, because) in rows {
        let Some(stream) = places.get(&key).copied() else { continue };
        let row = Row { stream, confidence, because };
        judged.rows.entry(domain.to_owned()).or_default().insert(text.to_owned(), row);
    }
    judged
}

/// The sums of a stream.
#[derive(Default)]
struct Gathered {
    messages: u64,
    passed: u64,
    dkim: u64,
    spf: u64,
    first: Option<i64>,
    last: Option<i64>,
    provider: Option<&'static str>,
    because: BTreeMap<(Because, Confidence), u64>,
}

impl Gathered {
    fn add(&mut self, item: &Item<'_>, confidence: Confidence, because: Because) {
        let messages = item.trace.messages;
        self.messages += messages;
        self.passed += if item.passes() { messages } else { 0 };
        self.dkim += if item.dkim { messages } else { 0 };
        self.spf += if item.spf { messages } else { 0 };
        self.first = [self.first, item.trace.first].into_iter().flatten().min();
        self.last = self.last.max(item.trace.last);
        self.provider = self.provider.or_else(|| item.provider().map(|provider| provider.name));
        *self.because.entry((because, confidence)).or_default() += messages;
    }

    fn stream(&self, (domain, key, class): &(&str, String, Class)) -> Stream {
        let most = self.because.iter().max_by_key(|(_, messages)| **messages).map(|(each, _)| *each);
        let (because, confidence) = most.unwrap_or((Because::TooLittle, Confidence::Low));
        Stream {
            domain: (*domain).to_owned(),
            key: key.clone(),
            provider: self.provider,
            class: *class,
            confidence,
            because,
            messages: self.messages,
            passed: self.passed,
            dkim: self.dkim,
            spf: self.spf,
            first: self.first,
            last: self.last,
        }
    }
}
