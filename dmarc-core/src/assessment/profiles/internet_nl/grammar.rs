//! The grammar of a DMARC record as Internet.nl has it: closed, `p` first, every tag at most once.

use std::collections::BTreeSet;

/// What it reads of a record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Record {
    pub(super) p: Policy,
    pub(super) sp: Option<Policy>,
    pub(super) testing: bool,
    pub(super) pct: Option<u8>,
}

/// A policy; a later one is stricter.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
pub(super) enum Policy {
    None,
    Quarantine,
    Reject,
}

impl Policy {
    fn read(value: &str) -> Option<Self> {
        match value.to_ascii_lowercase().as_str() {
            "none" => Some(Self::None),
            "quarantine" => Some(Self::Quarantine),
            "reject" => Some(Self::Reject),
            _ => None,
        }
    }

    /// One level less.
    pub(super) const fn lowered(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            _ => Self::None,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Quarantine => "quarantine",
            Self::Reject => "reject",
        }
    }
}

/// Reads a record; `None` is what it calls a syntax error.
pub(super) fn read(text: &[u8]) -> Option<Record> {
    let text = std::str::from_utf8(text).ok()?;
    let mut parts = text.split(';').map(str::trim).collect::<Vec<_>>();
    // One separator at the end is fine.
    if parts.len() > 1 && parts.last() == Some(&"") {
        parts.pop();
    }
    let mut tags = parts.into_iter().map(|part| {
        let (name, value) = part.split_once('=')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    });
    let (version, value) = tags.next()??;
    if version != "v" || value != "DMARC1" {
        return None;
    }
    let (name, value) = tags.next()??;
    if name != "p" {
        return None;
    }
    let mut record = Record { p: Policy::read(&value)?, sp: None, testing: false, pct: None };
    let mut seen = BTreeSet::from(["v".to_owned(), "p".to_owned()]);
    for tag in tags {
        let (name, value) = tag?;
        if !is_valid(&name, &value) || !seen.insert(name.clone()) {
            return None;
        }
        match name.as_str() {
            "sp" => record.sp = Policy::read(&value),
            "t" => record.testing = value.eq_ignore_ascii_case("y"),
            "pct" => record.pct = value.parse().ok(),
            _ => {}
        }
    }
    Some(record)
}

/// Whether a tag is known and has a value that it may have.
fn is_valid(name: &str, value: &str) -> bool {
    let one_of = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
    let number = |digits: usize| {
        !value.is_empty() && value.len() <= digits && value.bytes().all(|octet| octet.is_ascii_digit())
    };
    match name {
        "sp" | "np" => Policy::read(value).is_some(),
        "adkim" | "aspf" => one_of(&["r", "s"]),
        "t" => one_of(&["y", "n"]),
        "psd" => one_of(&["y", "n", "u"]),
        "pct" => number(3) && value.parse::<u8>().is_ok_and(|pct| pct <= 100),
        "ri" => number(10),
        "rf" => value.split(':').all(|word| !word.trim().is_empty()),
        "fo" => value.split(':').all(|word| matches!(word.trim(), "0" | "1" | "d" | "s")),
        "rua" | "ruf" => value.split(',').all(|uri| {
            let uri = uri.trim();
            uri.is_ascii()
                && uri.split_once(':').is_some_and(|(scheme, rest)| !scheme.is_empty() && !rest.is_empty())
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Policy, read};

    #[test]
    fn the_grammar_is_closed() {
        assert_eq!(read(b"v=DMARC1; p=reject;").map(|record| record.p), Some(Policy::Reject));
        assert!(read(b"v=DMARC1; p=none; np=reject; t=y; psd=n; pct=20; fo=1:d").is_some());
        for refused in [
            "v=DMARC1",
            "v=dmarc1; p=none",
            "v=DMARC1; sp=none; p=none",
            "v=DMARC1; p=none; p=none",
            "v=DMARC1; p=none;; sp=none",
            "v=DMARC1; p=none; foo=bar",
            "v=DMARC1; p=quarantaine",
        ] {
            assert_eq!(read(refused.as_bytes()), None, "{refused}");
        }
    }
}
