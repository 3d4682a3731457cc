//! The DMARC policy record (RFC 9989, 4.7 and 4.8; RFC 7489, 6.3 and 6.4).
//!
//! Three questions are kept apart: is it a record at all (the version tag decides), is its policy
//! usable (`p`, `sp`, `np` and `rua` decide), and what is wrong with each tag (that tag falls back
//! to its default). The strict reading is taken throughout, but for one thing: where a tag stands
//! twice, the last one counts, as in most receivers, and an error says that DKIM's rule would void
//! the record.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::diagnostics::{self, Diagnostic, Fix, Parsed, Span};
use crate::limits::Limits;
use crate::syntax::tag_list::{self, Segment};

use super::Edition;
use super::address::ReportUri;
use super::effective::{self, Effective, Verdict};
use super::mended::read_all;
use super::reading::read;
use super::rules::{SEVERAL_RECORDS, TOO_MANY_FINDINGS};
use super::tag::TagName;
use super::value::PublicSuffixFlag;

/// Findings of one text that are listed. Nobody reads more, and a record has about a dozen tags.
const FINDINGS: usize = 100;

/// Octets read again to compute effects, over all fixes of a text: only a text that is nothing but
/// mistakes comes near.
const READ_AGAIN: usize = 1 << 20;

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
    pub(super) edition: Edition,
    pub(super) tags: Vec<Tag>,
    pub(super) verdict: Verdict,
    pub(super) effective: Option<Effective>,
    pub(super) psd: PublicSuffixFlag,
    pub(super) rua: Vec<ReportUri>,
    pub(super) ruf: Vec<ReportUri>,
    pub(super) octets: usize,
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

    /// Reads what a receiver of that edition acts on, without findings; `None` if it is no DMARC record.
    #[must_use]
    pub fn read(octets: impl AsRef<[u8]>, edition: Edition) -> Option<Self> {
        read(octets.as_ref(), edition, &Limits::default()).value
    }

    /// [`Record::parse`] with limits of the caller's choice.
    #[must_use]
    pub fn parse_within(octets: &[u8], edition: Edition, limits: &Limits) -> Parsed<Self> {
        let mut parsed = read_all(octets, edition, limits);
        if parsed.value.is_none() {
            super::near_miss::join_typography(&mut parsed.diagnostics);
        }
        diagnostics::sort(&mut parsed.diagnostics);
        let most = FINDINGS.min(limits.findings);
        if parsed.diagnostics.len() > most {
            let count = parsed.diagnostics.len();
            parsed.diagnostics.truncate(most);
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
    pub fn select<T: AsRef<[u8]>>(texts: &[T]) -> Selection {
        let records = texts.iter().enumerate().filter(|(_, text)| Self::is_record(text.as_ref()));
        let mut records = records.map(|(index, _)| index);
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
        if count * octets.len() > READ_AGAIN {
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
