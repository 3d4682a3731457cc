//! From the value of a `DKIM-Signature` field to a signature, with everything that is wrong with it.

use base64::Engine as _;

use crate::diagnostics::{Diagnostic, Parsed, Span};
use crate::limits::Limits;
use crate::name::DomainName;
use crate::syntax::tag_list;
use crate::text::boundary;
use crate::time::UnixTime;

use super::material::BASE64;
use super::signature::{Signature, Standing};
use super::signature_rules::{
    BODY_LENGTH, EXPIRES_BEFORE_SIGNED, FOREIGN_IDENTITY, FROM_NOT_SIGNED, INVALID_BASE64, INVALID_DOMAIN,
    INVALID_HASH, INVALID_HEADERS, INVALID_IDENTITY, INVALID_NUMBER, INVALID_SELECTOR, INVALID_VERSION,
    MISSING_TAGS, NO_SIGNATURE, SHA1, TOO_LONG, UNKNOWN_ALGORITHM, UNKNOWN_CANONICALIZATION, UNKNOWN_QUERY,
    VALUE_CASE,
};
use super::tags::{self, Known, Tag, pair};
use super::words::{Algorithm, Canonicalization, Name};

/// Tags of RFC 6376, 3.5.
static KNOWN: Known = Known {
    tags: &["v", "a", "b", "bh", "c", "d", "h", "i", "l", "q", "s", "t", "x", "z"],
    obsolete: &[],
    unicode: true,
};
/// Those that every signature has.
const REQUIRED: [&str; 7] = ["v", "a", "b", "bh", "d", "h", "s"];
/// The way to the key that every verifier knows.
const QUERY: &str = "dns/txt";
/// Digits of a time (RFC 6376, 3.5: `t` and `x`).
const TIME_DIGITS: usize = 12;
/// Digits of a length.
const LENGTH_DIGITS: usize = 76;
/// What stands for any higher number: no message is that long, and JSON readers everywhere keep it exactly.
const MOST: u64 = (1 << 53) - 1;

pub(super) fn is_signature(octets: &[u8]) -> bool {
    let segments = tag_list::segments(octets, Limits::default().tags);
    let mut pairs = segments.iter().filter_map(|segment| pair(octets, segment));
    let first = segments.first().and_then(|segment| pair(octets, segment));
    match first {
        Some((name, value)) if name.of(octets) == b"v" => value.of(octets) == b"1",
        _ => pairs.any(|(name, _)| name.of(octets) == b"bh"),
    }
}

pub(super) fn read(octets: &[u8], limits: &Limits) -> Parsed<Signature> {
    if octets.len() > limits.record_octets {
        let found = TOO_LONG.at(boundary(octets, limits.record_octets)..octets.len());
        let found = found.arg("octets", octets.len()).arg("limit", limits.record_octets);
        return Parsed { value: None, diagnostics: vec![found] };
    }
    let mut found = Vec::new();
    let (tags, sound) = tags::read(octets, &KNOWN, limits, &mut found);
    if !tags.iter().any(|tag| REQUIRED.contains(&tag.name.as_str())) {
        let nothing = NO_SIGNATURE.at(0..boundary(octets, 40));
        return Parsed { value: None, diagnostics: vec![nothing] };
    }
    let mut reading = Reading {
        end: octets.len(),
        tags: &tags,
        standing: if sound { Standing::Sound } else { Standing::Neutral },
        found,
    };
    reading.required();
    let mut signature = Signature {
        algorithm: reading.algorithm(),
        domain: reading.domain(),
        selector: reading.selector(),
        identity: None,
        canonicalization: reading.canonicalization(),
        headers: reading.headers(),
        body_length: reading.body_length(),
        timestamp: reading.time("t"),
        expiration: reading.time("x"),
        standing: Standing::Sound,
        tags: Vec::new(),
    };
    signature.identity = reading.identity(signature.domain.as_ref());
    reading.query();
    reading.hashes(signature.algorithm.as_ref());
    reading.order(signature.timestamp, signature.expiration);
    let Reading { standing, found, .. } = reading;
    Parsed { value: Some(Signature { standing, tags, ..signature }), diagnostics: found }
}

struct Reading<'a> {
    end: usize,
    tags: &'a [Tag],
    standing: Standing,
    found: Vec<Diagnostic>,
}

impl<'a> Reading<'a> {
    fn tag(&self, name: &str) -> Option<&'a Tag> {
        self.tags.iter().find(|tag| tag.name == name)
    }

    /// Takes a finding that keeps verifiers from processing the signature.
    fn neutral(&mut self, found: Diagnostic) {
        if self.standing == Standing::Sound {
            self.standing = Standing::Neutral;
        }
        self.found.push(found);
    }

    /// Takes a finding that makes the signature invalid for good.
    fn permanent(&mut self, found: Diagnostic) {
        if self.standing == Standing::Sound {
            self.standing = Standing::PermError;
        }
        self.found.push(found);
    }

    fn required(&mut self) {
        let missing = REQUIRED.iter().filter(|name| self.tag(name).is_none());
        let missing: Vec<String> = missing.map(|name| (*name).to_owned()).collect();
        if !missing.is_empty() {
            self.permanent(MISSING_TAGS.at(Span::empty(self.end)).arg("tags", missing));
        }
        if let Some(tag) = self.tag("v").filter(|tag| tag.value != "1") {
            let version = INVALID_VERSION.at(tag.value_span).arg("value", tag.value.as_str());
            self.permanent(version.fix(tag.value_span, "1"));
        }
    }

    /// A word, with a finding where only its letters are in another case than the standard's.
    fn word<T: Name>(&mut self, tag: &Tag, text: &str) -> T {
        let word = T::named(text);
        if !word.is_unknown() && word.as_str() != text {
            let case = VALUE_CASE.at(tag.value_span).arg("tag", tag.name.as_str()).arg("value", text);
            self.found.push(case);
        }
        word
    }

    fn algorithm(&mut self) -> Option<Algorithm> {
        let tag = self.tag("a")?;
        let algorithm: Algorithm = self.word(tag, &tag.value);
        match &algorithm {
            Algorithm::RsaSha1 => self.permanent(SHA1.at(tag.value_span)),
            Algorithm::Unknown(text) => {
                let unknown = UNKNOWN_ALGORITHM.at(tag.value_span).arg("value", text.as_str());
                self.neutral(unknown);
            }
            _ => {}
        }
        Some(algorithm)
    }

    fn domain(&mut self) -> Option<DomainName> {
        let tag = self.tag("d")?;
        let domain = DomainName::parse(&tag.value).ok().filter(|domain| domain.label_count() >= 2);
        if domain.is_none() {
            self.neutral(INVALID_DOMAIN.at(tag.value_span).arg("value", tag.value.as_str()));
        }
        domain
    }

    fn selector(&mut self) -> Option<DomainName> {
        let tag = self.tag("s")?;
        let selector = DomainName::parse(&tag.value).ok().filter(|selector| !selector.is_root());
        if selector.is_none() {
            self.neutral(INVALID_SELECTOR.at(tag.value_span).arg("value", tag.value.as_str()));
        }
        selector
    }

    fn identity(&mut self, domain: Option<&DomainName>) -> Option<String> {
        let Some(tag) = self.tag("i") else {
            return domain.map(|domain| format!("@{domain}"));
        };
        let written = tag.value.as_str();
        let place = tag.value_span;
        let Some(host) = written.rsplit_once('@').and_then(|(_, host)| DomainName::parse(host).ok()) else {
            self.neutral(INVALID_IDENTITY.at(place).arg("value", written));
            return None;
        };
        if let Some(domain) = domain.filter(|domain| !host.is_within(domain)) {
            let foreign = FOREIGN_IDENTITY.at(place).arg("identity", written);
            self.permanent(foreign.arg("domain", domain.as_str()));
        }
        Some(written.to_owned())
    }

    fn canonicalization(&mut self) -> Option<(Canonicalization, Canonicalization)> {
        let Some(tag) = self.tag("c") else {
            return Some((Canonicalization::Simple, Canonicalization::Simple));
        };
        let (header, body) =
            tag.value.split_once('/').unwrap_or((&tag.value, Canonicalization::Simple.as_str()));
        let both = [header, body].map(|text| self.word::<Canonicalization>(tag, text));
        if both.iter().any(Name::is_unknown) {
            self.neutral(UNKNOWN_CANONICALIZATION.at(tag.value_span).arg("value", tag.value.as_str()));
            return None;
        }
        let [header, body] = both;
        Some((header, body))
    }

    fn headers(&mut self) -> Vec<String> {
        let Some(tag) = self.tag("h") else { return Vec::new() };
        let names: Vec<String> = tag.value.split(':').map(|name| name.trim().to_owned()).collect();
        // RFC 5322, 2.2: printable characters but the colon.
        let is_name = |name: &String| !name.is_empty() && name.bytes().all(|octet| octet.is_ascii_graphic());
        if !names.iter().all(is_name) {
            self.neutral(INVALID_HEADERS.at(tag.value_span).arg("value", tag.value.as_str()));
            return Vec::new();
        }
        if !names.iter().any(|name| name.eq_ignore_ascii_case("from")) {
            self.permanent(FROM_NOT_SIGNED.at(tag.value_span));
        }
        names
    }

    /// A whole number of at most `digits` digits.
    fn number(&mut self, name: &str, digits: usize) -> Option<u64> {
        let tag = self.tag(name)?;
        let is_number =
            (1..=digits).contains(&tag.value.len()) && tag.value.bytes().all(|octet| octet.is_ascii_digit());
        if !is_number {
            let invalid = INVALID_NUMBER.at(tag.value_span).arg("tag", name);
            self.neutral(invalid.arg("value", tag.value.as_str()));
            return None;
        }
        Some(tag.value.parse().unwrap_or(MOST).min(MOST))
    }

    fn body_length(&mut self) -> Option<u64> {
        let length = self.number("l", LENGTH_DIGITS)?;
        let place = self.tag("l").map_or(Span::empty(self.end), |tag| tag.value_span);
        self.found.push(BODY_LENGTH.at(place).arg("octets", length));
        Some(length)
    }

    fn time(&mut self, name: &str) -> Option<UnixTime> {
        let seconds = self.number(name, TIME_DIGITS)?;
        i64::try_from(seconds).ok().map(UnixTime)
    }

    fn order(&mut self, timestamp: Option<UnixTime>, expiration: Option<UnixTime>) {
        let (Some(timestamp), Some(expiration), Some(tag)) = (timestamp, expiration, self.tag("x")) else {
            return;
        };
        if expiration <= timestamp {
            self.permanent(EXPIRES_BEFORE_SIGNED.at(tag.value_span));
        }
    }

    fn query(&mut self) {
        let Some(tag) = self.tag("q") else { return };
        if !tag.value.split(':').any(|method| method.trim().eq_ignore_ascii_case(QUERY)) {
            self.neutral(UNKNOWN_QUERY.at(tag.value_span).arg("value", tag.value.as_str()));
        }
    }

    fn hashes(&mut self, algorithm: Option<&Algorithm>) {
        for name in ["b", "bh"] {
            let Some(tag) = self.tag(name) else { continue };
            let text: String = tag.value.split_ascii_whitespace().collect();
            let hash = BASE64.decode(text).ok().filter(|hash| !hash.is_empty());
            let Some(hash) = hash else {
                self.neutral(INVALID_BASE64.at(tag.value_span).arg("tag", name));
                continue;
            };
            let expected = match algorithm {
                Some(Algorithm::RsaSha1) => 20,
                Some(Algorithm::RsaSha256 | Algorithm::Ed25519Sha256) => 32,
                _ => hash.len(),
            };
            if name == "bh" && hash.len() != expected {
                let wrong = INVALID_HASH.at(tag.value_span).arg("octets", hash.len());
                self.neutral(wrong.arg("expected", expected));
            }
        }
    }
}
