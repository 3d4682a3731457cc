//! The DMARC policy record (RFC 9989, 4.7 and 4.8; RFC 7489, 6.3 and 6.4).
//!
//! Three questions are kept apart: is it a record at all (the version tag decides), is its policy
//! usable (`p`, `sp`, `np` and `rua` decide), and what is wrong with each tag (that tag falls back
//! to its default). The strict reading is taken throughout, but for one thing: where a tag stands
//! twice, the last one counts, as in most receivers, and an error says that DKIM's rule would void
//! the record.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::diagnostics::{self, Diagnostic, Fix, Parsed, Severity, Span};
use crate::limits::Limits;
use crate::syntax::tag_list::{self, Segment};
use crate::text::lossy;

use super::address::{self, ReportUri};
use super::effective::{self, Effective, Verdict};
use super::rules::{
    EMPTY_SEGMENT, EMPTY_VALUE, INVALID_TAG_NAME, MISSING_POLICY, MISSING_SEPARATOR, SEVERAL_RECORDS,
    TAG_ORDER, TOO_LONG, TOO_MANY_FINDINGS, TOO_MANY_TAGS, UPPERCASE_TAG,
};
use super::tag::TagName;
use super::value::{self, Alignment, FailureOption, Policy, PublicSuffixFlag};
use super::{Edition, lint, near_miss, tag_miss};

/// Fixes of one text whose effect is computed; each costs four readings of the text.
const FIXES: usize = 50;

/// One `name=value` part, as written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tag {
    /// Its name in the registry; `None` for an unknown tag.
    pub known: Option<TagName>,
    /// The name as written.
    pub name: String,
    /// The value as written, without blanks around it.
    pub value: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
}

/// Values as written, by tag; `None` where the tag is absent.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Published<'a>(Vec<(TagName, Option<&'a str>)>);

impl<'a> Published<'a> {
    /// The value of a tag as written; the last one counts where it stands twice.
    #[must_use]
    pub fn get(&self, tag: TagName) -> Option<&'a str> {
        self.0.iter().find(|(name, _)| *name == tag).and_then(|(_, value)| *value)
    }
}

impl Serialize for Published<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(tag, value)| (tag.as_str(), value)))
    }
}

/// A DMARC policy record: what was written, and what a receiver of the chosen edition acts on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Record {
    edition: Edition,
    tags: Vec<Tag>,
    verdict: Verdict,
    effective: Option<Effective>,
    psd: PublicSuffixFlag,
    rua: Vec<ReportUri>,
    ruf: Vec<ReportUri>,
    octets: usize,
}

impl Record {
    /// Reads a record as a receiver of that edition does. Any octets are accepted.
    ///
    /// ```
    /// use dmarc_core::dmarc::{Edition, Record};
    ///
    /// let parsed = Record::parse("v=DMARC1; p=rejct; rua=mailto:d@example.com", Edition::Rfc9989);
    /// assert!(parsed.value.is_some()); // still a DMARC Policy Record
    /// assert_eq!(parsed.diagnostics[0].rule.code, "dmarc/invalid-value");
    /// assert!(parsed.into_result().is_err()); // the strict view: any error-level finding
    /// ```
    #[must_use]
    pub fn parse(octets: impl AsRef<[u8]>, edition: Edition) -> Parsed<Self> {
        Self::parse_within(octets.as_ref(), edition, &Limits::default())
    }

    /// [`Record::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], edition: Edition, limits: &Limits) -> Parsed<Self> {
        let mut parsed = read(octets, edition, limits);
        diagnostics::sort(&mut parsed.diagnostics);
        if parsed.diagnostics.len() > limits.findings {
            let count = parsed.diagnostics.len();
            parsed.diagnostics.truncate(limits.findings);
            parsed.diagnostics.push(TOO_MANY_FINDINGS.at(Span::empty(octets.len())).arg("count", count));
        }
        if parsed.diagnostics.iter().any(|found| found.fix.is_some()) {
            state_effects(octets, limits, &mut parsed.diagnostics);
        }
        parsed
    }

    /// The edition that it was read under.
    #[must_use]
    pub const fn edition(&self) -> Edition {
        self.edition
    }

    /// Its parts that have a name and a value, in order.
    #[must_use]
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// Each registered tag as written.
    #[must_use]
    pub fn published(&self) -> Published<'_> {
        let last =
            |name| self.tags.iter().rev().find(|tag| tag.known == Some(name)).map(|tag| tag.value.as_str());
        // The first version decides that this is a record.
        let version =
            self.tags.iter().find(|tag| tag.known == Some(TagName::V)).map(|tag| tag.value.as_str());
        Published(
            TagName::ALL
                .into_iter()
                .map(|tag| (tag, if tag == TagName::V { version } else { last(tag) }))
                .collect(),
        )
    }

    /// What receivers make of it.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        self.verdict
    }

    /// What a receiver acts on; `None` if it gives no policy.
    #[must_use]
    pub const fn effective(&self) -> Option<&Effective> {
        self.effective.as_ref()
    }

    /// What it says about its place in the tree. It counts in the tree walk even where the policy is
    /// not usable (RFC 9989, 4.10 filters by version and number only).
    #[must_use]
    pub const fn psd(&self) -> PublicSuffixFlag {
        self.psd
    }

    /// Valid addresses for aggregate reports, in order.
    #[must_use]
    pub fn rua(&self) -> &[ReportUri] {
        &self.rua
    }

    /// Valid addresses for failure reports, in order.
    #[must_use]
    pub fn ruf(&self) -> &[ReportUri] {
        &self.ruf
    }

    /// Length of the text that it was read from.
    #[must_use]
    pub const fn octets(&self) -> usize {
        self.octets
    }

    /// Whether a text is a record at all: its first tag is `v`, with the value `DMARC1`. Nothing else
    /// is looked at (RFC 9989, 4.10 steps 2 and 6; RFC 7489, 6.6.3 step 2).
    #[must_use]
    pub fn is_record(octets: &[u8]) -> bool {
        let first = octets.split(|octet| *octet == b';').next().unwrap_or_default();
        tag_list::segments(first, 2).first().is_some_and(|segment| is_version(octets, segment))
    }

    /// The records among the texts of a TXT answer.
    #[must_use]
    pub fn select(texts: &[Vec<u8>]) -> Selection {
        let mut records =
            texts.iter().enumerate().filter(|(_, text)| Self::is_record(text)).map(|(index, _)| index);
        match (records.next(), records.next()) {
            (None, _) => Selection::None,
            (Some(index), None) => Selection::One(index),
            (Some(first), Some(second)) => {
                Selection::Several([first, second].into_iter().chain(records).collect())
            }
        }
    }
}

/// Which texts of a TXT answer are records.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Selection {
    /// None of them.
    None,
    /// Exactly this one.
    One(usize),
    /// More than one: none of them counts (RFC 9989, 4.10 steps 2 and 6; RFC 7489, 6.6.3 step 5).
    Several(Vec<usize>),
}

impl Selection {
    /// The finding that several records make.
    #[must_use]
    pub fn finding(&self) -> Option<Diagnostic> {
        match self {
            Self::Several(indexes) => Some(SEVERAL_RECORDS.anywhere().arg("count", indexes.len())),
            _ => None,
        }
    }
}

/// The tags that have a name and a value, with `"; "` between them. Reading it again gives the same
/// tags, verdict and policy.
impl fmt::Display for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, tag) in self.tags.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{}={}", tag.name, tag.value)?;
        }
        // RFC 7489, 6.4 asks for a separator behind the version.
        if self.tags.len() == 1 { f.write_str(";") } else { Ok(()) }
    }
}

/// Whether a part is a version tag with the right value; no blank may stand before it.
fn is_version(octets: &[u8], segment: &Segment) -> bool {
    segment.outer.start == segment.span.start
        && segment.pair.is_some_and(|(name, value)| {
            name.of(octets).eq_ignore_ascii_case(b"v") && value.of(octets) == b"DMARC1"
        })
}

/// Computes what each fix does to the policy, under both editions.
fn state_effects(octets: &[u8], limits: &Limits, diagnostics: &mut [Diagnostic]) {
    let policy = |text: &[u8], edition| read(text, edition, limits).value.and_then(|record| record.effective);
    let before = Edition::ALL.map(|edition| policy(octets, edition));
    for (count, found) in diagnostics.iter_mut().filter(|found| found.fix.is_some()).enumerate() {
        if count >= FIXES {
            found.fix = None;
        } else if let Some(fix) = &mut found.fix {
            fix.effect = Some(effect_of(fix, octets, &before, policy));
        }
    }
}

fn effect_of(
    fix: &Fix,
    octets: &[u8],
    before: &[Option<Effective>; 2],
    policy: impl Fn(&[u8], Edition) -> Option<Effective>,
) -> diagnostics::Effect {
    let text = fix.apply(octets);
    Edition::ALL
        .iter()
        .zip(before)
        .map(|(edition, before)| effective::effect(before.as_ref(), policy(&text, *edition).as_ref()))
        .fold(diagnostics::Effect::None, diagnostics::Effect::and)
}

/// One reading: value and findings, in no order, fixes without their effect.
fn read(octets: &[u8], edition: Edition, limits: &Limits) -> Parsed<Record> {
    if octets.len() > limits.record_octets {
        let found = TOO_LONG
            .at(Span::empty(limits.record_octets))
            .arg("octets", octets.len())
            .arg("limit", limits.record_octets);
        return Parsed { value: None, diagnostics: vec![found] };
    }
    if !Record::is_record(octets) {
        return Parsed { value: None, diagnostics: near_miss::why_not(octets) };
    }
    let segments = tag_list::segments(octets, limits.tags);
    let mut reading =
        Reading { octets, edition, segments, tags: Vec::new(), found: Vec::new(), policy_meant: false };
    reading.split();
    if reading.segments.len() >= limits.tags {
        let place = Span::empty(octets.len());
        reading.found.push(TOO_MANY_TAGS.at(place).arg("limit", limits.tags));
    }
    reading.decide()
}

/// A reading under way.
pub(super) struct Reading<'a> {
    pub(super) octets: &'a [u8],
    pub(super) edition: Edition,
    pub(super) segments: Vec<Segment>,
    pub(super) tags: Vec<Tag>,
    pub(super) found: Vec<Diagnostic>,
    /// Whether a part that cannot be used was meant as `p`, so that a missing `p` has its cause.
    pub(super) policy_meant: bool,
}

/// The state of a tag whose value has a grammar.
enum State<T> {
    Absent,
    Invalid,
    Valid(T),
}

impl<T> State<T> {
    fn valid(self) -> Option<T> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Absent | Self::Invalid => None,
        }
    }

    const fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid)
    }

    const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl Reading<'_> {
    /// Turns segments into tags; what is malformed is dropped and reported.
    fn split(&mut self) {
        let escaped = tag_miss::escaped_separators(self);
        let entities = tag_miss::html_entities(self);
        let segments = self.segments.clone();
        for (index, segment) in segments.iter().enumerate() {
            let last = index + 1 == segments.len();
            if segment.is_empty() {
                if !last {
                    let end = segment.separator.map_or(segment.outer.end, |at| at + 1);
                    let cut = Span::new(segment.outer.start, end);
                    self.found.push(EMPTY_SEGMENT.at(cut).fix(cut, ""));
                }
                continue;
            }
            let touches = |place: &Span| place.start <= segment.outer.end && segment.outer.start <= place.end;
            let explained = entities.iter().any(touches);
            let before = self.found.len();
            match segment.pair {
                Some((name, value)) => self.pair(index, segment, name, value, escaped),
                None if !tag_miss::foreign_octets(self, segment.span) => {
                    tag_miss::without_equals(self, index);
                }
                None => {}
            }
            if explained {
                self.found.truncate(before);
            }
        }
    }

    /// One part with a name and a value.
    fn pair(&mut self, index: usize, segment: &Segment, name_span: Span, value_span: Span, escaped: bool) {
        let name = lossy(name_span.of(self.octets));
        let known = TagName::known(&name);
        let uri_list = known.is_some_and(TagName::is_uri_list);
        let checked = if uri_list { name_span } else { segment.span };
        // The values of rua and ruf are looked at element by element.
        let foreign = tag_miss::foreign_octets(self, checked);
        let is_name = self.is_tag_name(&name);
        if !is_name {
            if !foreign && !tag_miss::uri_after_separator(self, index) {
                self.found.push(INVALID_TAG_NAME.at(name_span).arg("tag", name));
            }
            return;
        }
        if name.bytes().any(|octet| octet.is_ascii_uppercase()) && known.is_some() {
            let lower = name.to_ascii_lowercase();
            self.found.push(UPPERCASE_TAG.at(name_span).arg("tag", name.as_str()).fix(name_span, lower));
        }
        let value = lossy(value_span.of(self.octets));
        self.policy_meant |= known == Some(TagName::P);
        self.tags.push(Tag { known, name, value, name_span, value_span });
        let Some(tag) = self.tags.last().cloned() else { return };
        match known {
            None => tag_miss::unknown(self, &tag, segment),
            Some(_) if foreign => {}
            Some(name) if tag.value.is_empty() && name.is_in(self.edition) => {
                self.found.push(EMPTY_VALUE.at(value_span).arg("tag", name.as_str()));
            }
            Some(name) => tag_miss::known_value(self, &tag, name, escaped),
        }
    }

    /// RFC 9989, 4.8: `dmarc-tag = 1*ALPHA …`. RFC 7489 leaves the names of unknown tags to DKIM:
    /// `tag-name = ALPHA *ALNUMPUNC` (RFC 6376, 3.2).
    fn is_tag_name(&self, name: &str) -> bool {
        let old = self.edition == Edition::Rfc7489;
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphabetic() || (old && (c.is_ascii_digit() || c == '_')))
    }

    /// The last tag of that name, which is the one that counts.
    fn last(&self, name: TagName) -> Option<&Tag> {
        self.tags.iter().rev().find(|tag| tag.known == Some(name))
    }

    fn state<T>(&self, name: TagName, read: impl Fn(&str) -> Option<T>) -> State<T> {
        match self.last(name) {
            None => State::Absent,
            Some(tag) => read(&tag.value).map_or(State::Invalid, State::Valid),
        }
    }

    fn uris(&mut self, name: TagName) -> Vec<ReportUri> {
        let mut found = Vec::new();
        let spans: Vec<Span> =
            self.tags.iter().filter(|tag| tag.known == Some(name)).map(|tag| tag.value_span).collect();
        let mut uris = Vec::new();
        for span in spans {
            if span.start < span.end {
                uris = address::list(self.octets, span, name, self.edition, &mut found);
            } else {
                uris = Vec::new();
            }
        }
        // Elements that an HTML character reference broke have their finding already.
        let entities = tag_miss::entity_places(self.octets);
        found.retain(|one| {
            !entities
                .iter()
                .any(|place| one.span.is_some_and(|at| at.start <= place.end && place.start <= at.end))
        });
        self.found.append(&mut found);
        uris
    }

    /// Layer two and three: is the policy usable, and which values count.
    fn decide(mut self) -> Parsed<Record> {
        let edition = self.edition;
        let new = edition == Edition::Rfc9989;
        let rua = self.uris(TagName::Rua);
        let ruf = self.uris(TagName::Ruf);
        let p = self.state(TagName::P, value::policy);
        let sp = self.state(TagName::Sp, value::policy);
        let np = if new { self.state(TagName::Np, value::policy) } else { State::Absent };
        let psd = self.state(TagName::Psd, value::psd).valid().unwrap_or(PublicSuffixFlag::U);

        let spoiled = sp.is_invalid() || np.is_invalid();
        let (verdict, policies) = match (&p, spoiled) {
            (State::Valid(policy), false) => (Verdict::Usable, Some(*policy)),
            // RFC 9989, 4.10.1: with "at least one syntactically valid reporting URI" the receiver
            // acts "as if a record containing 'p=none' was retrieved"; else no DMARC processing.
            _ if !rua.is_empty() => (Verdict::ActsAsNone, Some(Policy::None)),
            _ => (Verdict::Unusable, None),
        };
        if p.is_absent() && !self.policy_meant {
            self.found.push(self.missing_policy(verdict, spoiled || !sp.is_absent() || !np.is_absent()));
        }
        let effective = policies.map(|policy| {
            let mut values = effective::defaults(policy, edition);
            if verdict == Verdict::Usable {
                let sp = sp.valid();
                values.sp = sp.unwrap_or(policy);
                values.np = new.then(|| np.valid().or(sp).unwrap_or(policy));
            }
            self.fill(&mut values, &rua, &ruf, psd);
            values
        });
        self.order();
        lint::look(&mut self, effective.as_ref());
        let record = Record {
            edition,
            tags: self.tags,
            verdict,
            effective,
            psd: if new { psd } else { PublicSuffixFlag::U },
            rua,
            ruf,
            octets: self.octets.len(),
        };
        Parsed { value: Some(record), diagnostics: self.found }
    }

    /// Tags whose errors cost only themselves (RFC 9989, 4.8).
    fn fill(&self, values: &mut Effective, rua: &[ReportUri], ruf: &[ReportUri], psd: PublicSuffixFlag) {
        let alignment = |name| self.state(name, value::alignment).valid().unwrap_or(Alignment::Relaxed);
        values.adkim = alignment(TagName::Adkim);
        values.aspf = alignment(TagName::Aspf);
        values.fo = self
            .state(TagName::Fo, |text| value::failure_options(text, self.edition))
            .valid()
            .unwrap_or_else(|| vec![FailureOption::All]);
        values.rua = rua.iter().map(|uri| uri.uri.clone()).collect();
        values.ruf = ruf.iter().map(|uri| uri.uri.clone()).collect();
        match self.edition {
            Edition::Rfc9989 => {
                values.psd = Some(psd);
                values.t = Some(self.state(TagName::T, value::test_mode).valid().unwrap_or(false));
            }
            Edition::Rfc7489 => {
                values.pct = Some(self.state(TagName::Pct, value::percentage).valid().unwrap_or(100));
                values.ri = Some(self.state(TagName::Ri, value::interval).valid().unwrap_or(86_400));
            }
        }
    }

    fn missing_policy(&self, verdict: Verdict, other_policies: bool) -> Diagnostic {
        let end = self.segments.first().map_or(0, |segment| segment.span.end);
        let mut found = MISSING_POLICY.at(Span::empty(end));
        if verdict == Verdict::ActsAsNone {
            found.severity = Severity::Warning;
            if !other_policies {
                found = found.fix(Span::empty(end), "; p=none");
            }
        }
        found
    }

    /// What only readers of RFC 7489 mind.
    fn order(&mut self) {
        if self.edition != Edition::Rfc7489 {
            return;
        }
        if let Some(segment) = self.segments.first().filter(|_| self.segments.len() == 1) {
            let end = segment.span.end;
            self.found.push(MISSING_SEPARATOR.at(Span::empty(end)).fix(Span::empty(end), ";"));
        }
        // RFC 7489, 6.3: the policy tag "MUST be the first tag after" the version.
        let behind = |tag: &&Tag| tag.known != Some(TagName::V);
        let second = self.tags.iter().find(behind).and_then(|tag| tag.known);
        if let Some(tag) = self.last(TagName::P).filter(|_| second != Some(TagName::P)) {
            let place = tag.name_span;
            self.found.push(TAG_ORDER.at(place));
        }
    }
}
