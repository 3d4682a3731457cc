//! One reading of a text: which parts it has, what a receiver acts on, and what is found on the way.

use crate::diagnostics::{Diagnostic, Parsed, Severity, Span};
use crate::limits::Limits;
use crate::syntax::tag_list::{self, Segment};
use crate::text::lossy;

use super::address::{self, ReportUri};
use super::effective::{self, Effective, Verdict};
use super::record::{Record, Tag};
use super::rules::{
    EMPTY_SEGMENT, EMPTY_VALUE, INVALID_TAG_NAME, MISSING_POLICY, MISSING_SEPARATOR, TAG_ORDER, TOO_LONG,
    TOO_MANY_TAGS, UPPERCASE_TAG,
};
use super::tag::TagName;
use super::value::{self, Alignment, FailureOption, Policy, PublicSuffixFlag};
use super::{Edition, lint, near_miss, tag_miss};

/// One reading: value and findings, in no order, fixes without their effect.
pub(super) fn read(octets: &[u8], edition: Edition, limits: &Limits) -> Parsed<Record> {
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
    let mut segments = tag_list::segments(octets, limits.tags.saturating_add(1));
    // What stands beyond the limit is not read: neither as tags nor as one long value.
    let beyond = if segments.len() > limits.tags { segments.pop() } else { None };
    let mut reading =
        Reading { octets, edition, segments, tags: Vec::new(), found: Vec::new(), policy_meant: None };
    reading.split();
    if let Some(rest) = beyond {
        reading.found.push(TOO_MANY_TAGS.at(rest.span).arg("limit", limits.tags));
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
    /// Where a part is reported that was meant as `p` and cannot be used: the cause of a missing `p`.
    pub(super) policy_meant: Option<Span>,
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
        let mut empty: Option<Span> = None;
        for (index, segment) in segments.iter().enumerate() {
            if segment.is_empty() {
                // A separator at the end is allowed, and so is one that ends a character reference.
                let of_entity = entities.iter().any(|place| place.end == segment.outer.start);
                if let Some(at) = segment.separator.filter(|_| !of_entity) {
                    let start = empty.map_or(segment.outer.start, |run| run.start);
                    empty = Some(Span::new(start, at + 1));
                }
                continue;
            }
            self.empty(empty.take());
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
        // Separators beyond the limit of parts belong to the same run.
        let beyond = |run: Span| {
            let rest = Span::new(run.end, self.octets.len()).of(self.octets);
            Span::new(run.start, run.end + rest.iter().take_while(|octet| **octet == b';').count())
        };
        let run = empty.map(beyond);
        self.empty(run);
    }

    /// Reports a run of separators with nothing between them.
    fn empty(&mut self, run: Option<Span>) {
        self.found.extend(run.map(|run| EMPTY_SEGMENT.at(run).fix(run, "")));
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
        self.tags.push(Tag { known, name, value, name_span, value_span });
        let Some(tag) = self.tags.last().cloned() else { return };
        match known {
            None => tag_miss::unknown(self, &tag),
            Some(name) if foreign => tag_miss::foreign_value(self, &tag, name),
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
        if p.is_absent() && self.policy_meant.is_none() {
            self.policy_meant = tag_miss::policy_behind_entities(&self);
        }
        if let Some(place) = self.policy_meant.filter(|_| p.is_absent()) {
            // The cause of a missing policy is as bad as the lack of one.
            let cause = self.found.iter_mut().filter(|found| found.span == Some(place));
            cause.for_each(|found| found.severity = Severity::Error);
        } else if p.is_absent() {
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
