//! What the command line, Python and JavaScript show of one record text: one shape for all three.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diagnostics::{self, Arg, Catalog, Diagnostic, Reference, Severity, View, all, rfc, rules};
use crate::dkim;
use crate::dmarc::{self, BuildError, Difference, Edition, RecordBuilder, Verdict};
use crate::name::DomainName;
use crate::spf;
use crate::text::lossy;
use crate::time::UnixTime;
use crate::transport::{mta_sts, mta_sts_policy, tls_rpt, tlsa};

rules! {
    /// A text that is no record of any kind that is known here.
    UNKNOWN_KIND = "record/unknown-kind", Error, rfc(9989, "4.5"), [];
}

/// The kind of record that a text is read as.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RecordKind {
    /// Whatever the text looks like.
    #[default]
    Auto,
    /// A DMARC policy record.
    Dmarc,
    /// An SPF record.
    Spf,
    /// A DKIM key record.
    Dkim,
    /// The value of a `DKIM-Signature` field.
    DkimSignature,
    /// An MTA-STS record.
    MtaSts,
    /// An MTA-STS policy file: a text of several lines.
    MtaStsPolicy,
    /// A record that asks for TLS reports.
    TlsRpt,
    /// The data of a TLSA record.
    Tlsa,
}

/// A text that names no record kind.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is no record kind: use auto, dmarc, spf, dkim, dkim-signature, mta-sts, mta-sts-policy, tls-rpt or tlsa"
)]
pub struct UnknownKind(pub String);

impl FromStr for RecordKind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        match text {
            "auto" => Ok(Self::Auto),
            "dmarc" => Ok(Self::Dmarc),
            "spf" => Ok(Self::Spf),
            "dkim" => Ok(Self::Dkim),
            "dkim-signature" => Ok(Self::DkimSignature),
            "mta-sts" => Ok(Self::MtaSts),
            "mta-sts-policy" => Ok(Self::MtaStsPolicy),
            "tls-rpt" => Ok(Self::TlsRpt),
            "tlsa" => Ok(Self::Tlsa),
            _ => Err(UnknownKind(text.to_owned())),
        }
    }
}

/// What is known about one record text (`dmarc-check/record/1`).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RecordView {
    /// Name and version of this shape.
    pub schema: &'static str,
    /// The text; each octet that is not UTF-8 shows as one U+FFFD.
    pub input: String,
    /// `dmarc`, `spf`, `dkim`, `dkim-signature`, `mta-sts`, `mta-sts-policy`, `tls-rpt`, `tlsa` or `unknown`.
    pub kind: &'static str,
    /// The edition that it was read under.
    pub edition: Edition,
    /// What receivers make of it.
    pub verdict: Verdict,
    /// What is written in it; null if it is not a record.
    pub published: serde_json::Value,
    /// What a receiver acts on; null if that is nothing.
    pub effective: serde_json::Value,
    /// What was found.
    pub diagnostics: Vec<View>,
}

/// Reads one record text. Spans are in bytes of `octets`.
#[must_use]
pub fn record(octets: &[u8], kind: RecordKind, edition: Edition, catalog: &Catalog) -> RecordView {
    let (name, verdict, published, effective, diagnostics) = match kind {
        RecordKind::Auto => match guess(octets) {
            Some(kind) => return record(octets, kind, edition, catalog),
            None => {
                let nothing = serde_json::Value::Null;
                let found = vec![UNKNOWN_KIND.at(0..0)];
                ("unknown", Verdict::NotARecord, nothing.clone(), nothing, found)
            }
        },
        RecordKind::Dmarc => dmarc_parts(octets, edition),
        RecordKind::Spf => spf_parts(octets),
        RecordKind::Dkim => dkim_parts(octets),
        RecordKind::DkimSignature => signature_parts(octets, None, None),
        RecordKind::MtaSts => {
            let parsed = mta_sts::Record::parse(octets);
            let views = parsed.value.as_ref().map(|record| (record.published(), record.effective()));
            transport_parts("mta-sts", views, parsed.diagnostics)
        }
        RecordKind::TlsRpt => {
            let parsed = tls_rpt::Record::parse(octets);
            let views = parsed.value.as_ref().map(|record| (record.published(), record.effective()));
            transport_parts("tls-rpt", views, parsed.diagnostics)
        }
        RecordKind::MtaStsPolicy => {
            let parsed = mta_sts_policy::File::parse(octets);
            let views = parsed.value.as_ref().map(|file| (file.published(), file.effective()));
            transport_parts("mta-sts-policy", views, parsed.diagnostics)
        }
        RecordKind::Tlsa => {
            let parsed = tlsa::Record::parse(octets);
            let views = parsed.value.as_ref().map(|record| (record.written(), record.effective()));
            transport_parts("tlsa", views, parsed.diagnostics)
        }
    };
    view(octets, (name, verdict, published, effective, diagnostics), edition, catalog)
}

/// Reads the signature of a message by a known author, judged at a time.
#[must_use]
pub fn signature(
    octets: &[u8],
    author: Option<&DomainName>,
    now: Option<UnixTime>,
    edition: Edition,
    catalog: &Catalog,
) -> RecordView {
    view(octets, signature_parts(octets, author, now), edition, catalog)
}

fn view(octets: &[u8], parts: Parts, edition: Edition, catalog: &Catalog) -> RecordView {
    let (name, verdict, published, effective, diagnostics) = parts;
    RecordView {
        schema: "dmarc-check/record/1",
        input: lossy(octets),
        kind: name,
        edition,
        verdict,
        published,
        effective,
        diagnostics: diagnostics.iter().map(|found| View::new(found, catalog, octets)).collect(),
    }
}

type Parts = (&'static str, Verdict, serde_json::Value, serde_json::Value, Vec<Diagnostic>);

fn dmarc_parts(octets: &[u8], edition: Edition) -> Parts {
    let parsed = dmarc::Record::parse(octets, edition);
    let record = parsed.value.as_ref();
    (
        "dmarc",
        record.map_or(Verdict::NotARecord, dmarc::Record::verdict),
        record.map(|record| to_value(&record.published())).unwrap_or_default(),
        record.and_then(dmarc::Record::effective).map(|values| to_value(&values)).unwrap_or_default(),
        parsed.diagnostics,
    )
}

fn spf_parts(octets: &[u8]) -> Parts {
    let parsed = spf::Record::parse(octets);
    let verdict = match &parsed.value {
        Some(record) if record.is_usable() => Verdict::Usable,
        Some(_) => Verdict::Unusable,
        None => Verdict::NotARecord,
    };
    let (published, effective) = parsed
        .value
        .as_ref()
        .map(spf::view::views)
        .map_or_else(Default::default, |views| (to_value(&views.0), to_value(&views.1)));
    ("spf", verdict, published, effective, parsed.diagnostics)
}

fn dkim_parts(octets: &[u8]) -> Parts {
    let parsed = dkim::Key::parse(octets);
    let verdict = match parsed.value.as_ref().map(dkim::Key::state) {
        Some(dkim::State::Usable) => Verdict::Usable,
        Some(_) => Verdict::Unusable,
        None => Verdict::NotARecord,
    };
    let (published, effective) = parsed
        .value
        .as_ref()
        .map(dkim::views)
        .map_or_else(Default::default, |views| (to_value(&views.0), to_value(&views.1)));
    ("dkim", verdict, published, effective, parsed.diagnostics)
}

fn signature_parts(octets: &[u8], author: Option<&DomainName>, now: Option<UnixTime>) -> Parts {
    let mut parsed = dkim::Signature::parse(octets);
    if let Some(signature) = &parsed.value {
        parsed.diagnostics.extend(signature.compare(author, now));
        diagnostics::sort(&mut parsed.diagnostics);
    }
    let verdict = match parsed.value.as_ref().map(dkim::Signature::standing) {
        Some(dkim::Standing::Sound) => Verdict::Usable,
        Some(_) => Verdict::Unusable,
        None => Verdict::NotARecord,
    };
    let (published, effective) = parsed.value.as_ref().map_or_else(Default::default, |signature| {
        (to_value(&dkim::tags_as_written(signature.tags())), to_value(&signature.effective()))
    });
    ("dkim-signature", verdict, published, effective, parsed.diagnostics)
}

/// The parts of a record that is usable if anything comes of it.
fn transport_parts(
    kind: &'static str,
    views: Option<(impl Serialize, Option<impl Serialize>)>,
    diagnostics: Vec<Diagnostic>,
) -> Parts {
    let verdict = match &views {
        Some((_, Some(_))) => Verdict::Usable,
        Some((_, None)) => Verdict::Unusable,
        None => Verdict::NotARecord,
    };
    let (published, effective) =
        views.map_or_else(Default::default, |views| (to_value(&views.0), to_value(&views.1)));
    (kind, verdict, published, effective, diagnostics)
}

/// A serializable value without maps keyed by anything but text always has a JSON form.
fn to_value(value: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Versions, as they begin in lower case.
const VERSIONS: [(&str, RecordKind); 5] = [
    ("v=dmarc", RecordKind::Dmarc),
    ("v=spf", RecordKind::Spf),
    ("v=dkim", RecordKind::Dkim),
    ("v=sts", RecordKind::MtaSts),
    ("v=tlsrpt", RecordKind::TlsRpt),
];

/// Words of texts whose version is not to be recognized, in lower case.
const WORDS: [(&str, RecordKind); 5] = [
    ("dmarc", RecordKind::Dmarc),
    ("spf", RecordKind::Spf),
    ("dkim", RecordKind::Dkim),
    ("stsv", RecordKind::MtaSts),
    ("tlsrptv", RecordKind::TlsRpt),
];

/// Tags and terms that only one kind has.
const TAGS: [(&[&str], RecordKind); 2] = [
    (&["p=none", "p=quarantine", "p=reject", "rua=", "adkim=", "aspf="], RecordKind::Dmarc),
    (&["include:", "ip4:", "ip6:", "redirect="], RecordKind::Spf),
];

/// The kind that a text looks like: its version, or else the words that only one kind has.
fn guess(octets: &[u8]) -> Option<RecordKind> {
    if dmarc::Record::is_record(octets) {
        return Some(RecordKind::Dmarc);
    }
    let start = lossy(octets.get(..octets.len().min(4096)).unwrap_or_default()).to_ascii_lowercase();
    let first = |places: [Option<usize>; 5], kinds: [(&str, RecordKind); 5]| {
        let found = places.iter().zip(kinds).filter_map(|(at, (_, kind))| at.map(|at| (at, kind)));
        found.min_by_key(|(at, _)| *at).map(|(_, kind)| kind)
    };
    // Both have a form that no list of tags has.
    if mta_sts_policy::File::is_policy(octets) {
        return Some(RecordKind::MtaStsPolicy);
    }
    let tlsa = |start: &str| tlsa::Record::is_record(octets) || word_at(start, "tlsa").is_some();
    // A version tells more than a word: `_dmarc.example.com TXT "v=spf1 -all"`.
    let version = || first(VERSIONS.map(|(version, _)| start.find(version)), VERSIONS);
    let key = || {
        let marks = ["k=rsa", "k=ed25519", "p=mi", "-----begin"];
        marks.iter().any(|mark| start.contains(mark)).then_some(RecordKind::Dkim)
    };
    let word = || first(WORDS.map(|(word, _)| word_at(&start, word)), WORDS);
    let tags = || {
        let holds = |tags: &&[&str]| tags.iter().any(|tag| start.contains(tag));
        TAGS.iter().find(|(tags, _)| holds(tags)).map(|(_, kind)| *kind)
    };
    let signature = || dkim::Signature::is_signature(octets).then_some(RecordKind::DkimSignature);
    let bare_key = || dkim::Key::is_record(octets).then_some(RecordKind::Dkim);
    version()
        .or_else(|| tlsa(&start).then_some(RecordKind::Tlsa))
        .or_else(signature)
        .or_else(key)
        .or_else(word)
        .or_else(tags)
        .or_else(bare_key)
}

/// Where a word stands that is no part of a longer one: a key in base64 holds any three letters.
fn word_at(text: &str, word: &str) -> Option<usize> {
    let is_letter = |octet: &u8| octet.is_ascii_alphabetic();
    let stands_alone = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        let behind = text.as_bytes().get(at + word.len());
        !before.is_some_and(is_letter) && !behind.is_some_and(is_letter)
    };
    text.match_indices(word).map(|(at, _)| at).find(|at| stands_alone(*at))
}

/// How readers of the two editions differ on one text.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CompareView {
    /// Name and version of this shape.
    pub schema: &'static str,
    /// The text; each octet that is not UTF-8 shows as one U+FFFD.
    pub input: String,
    /// Where the two part; empty if they agree.
    pub differences: Vec<Difference>,
    /// The text as a reader of RFC 7489 takes it.
    pub rfc7489: RecordView,
    /// The text as a reader of RFC 9989 takes it.
    pub rfc9989: RecordView,
}

/// Compares how readers of the two editions take a DMARC policy record.
#[must_use]
pub fn compare(octets: &[u8], catalog: &Catalog) -> CompareView {
    CompareView {
        schema: "dmarc-check/compare/1",
        input: lossy(octets),
        differences: dmarc::compare(octets),
        rfc7489: record(octets, RecordKind::Dmarc, Edition::Rfc7489, catalog),
        rfc9989: record(octets, RecordKind::Dmarc, Edition::Rfc9989, catalog),
    }
}

/// A record that was built.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct BuiltView {
    /// The record.
    pub text: String,
    /// Its character-strings as a zone file writes them.
    pub strings: String,
}

/// Builds a DMARC record from tags by name: texts, numbers, or lists of texts.
///
/// # Errors
/// [`BuildError`] for a tag, value or address that does not exist in the edition.
pub fn build(tags: &BTreeMap<String, serde_json::Value>, edition: Edition) -> Result<BuiltView, BuildError> {
    let mut given = Vec::new();
    for (name, value) in tags {
        let wrong = || BuildError::Value { tag: name.clone(), value: value.to_string() };
        let one = |value: &serde_json::Value| match value {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let values = match value {
            serde_json::Value::Array(list) => list.iter().map(one).collect::<Option<Vec<_>>>(),
            serde_json::Value::Null => continue,
            other => one(other).map(|text| vec![text]),
        };
        given.push((name.as_str(), values.ok_or_else(wrong)?));
    }
    let built = RecordBuilder::from_tags(edition, given)?.build()?;
    Ok(BuiltView { text: built.text().to_owned(), strings: built.strings() })
}

/// One rule with its sentences.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleView {
    /// What programs match on.
    pub code: &'static str,
    /// Default severity.
    pub severity: Severity,
    /// Where it is written.
    pub reference: Reference,
    /// What the rule is about.
    pub summary: &'static str,
    /// Names of its arguments.
    pub args: &'static [&'static str],
    /// Message with `{names}` of arguments.
    pub message: String,
    /// Help with `{names}` of arguments.
    pub help: String,
}

/// Every rule of the library with its sentences, by code.
#[must_use]
pub fn rules(catalog: &Catalog) -> Vec<RuleView> {
    all()
        .into_iter()
        .map(|rule| {
            let (message, help) = catalog.sentences(rule.code).unwrap_or_default();
            RuleView {
                code: rule.code,
                severity: rule.severity,
                reference: rule.reference,
                summary: rule.summary,
                args: rule.args,
                message: message.to_owned(),
                help: help.to_owned(),
            }
        })
        .collect()
}

/// The arguments of a finding as a map, for outputs that join findings themselves.
#[must_use]
pub fn arguments(found: &Diagnostic) -> BTreeMap<&'static str, Arg> {
    found.args.iter().map(|(name, value)| (*name, value.clone())).collect()
}
