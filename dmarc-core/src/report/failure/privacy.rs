//! Local-parts and subjects, kept, hashed or dropped (RFC 6590; RFC 9991, 7).

use sha2::{Digest, Sha256};

use super::model::FailureReport;

/// Hexadecimal digits of a hash that are shown: 80 bits.
const SHOWN: usize = 20;
/// What stands in a report that is written where something was dropped.
const DROPPED: &str = "redacted";
/// Octets of a block of SHA-256 (RFC 2104).
const BLOCK: usize = 64;

/// What becomes of local-parts of addresses, and of subjects, in what is read of failure reports.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Privacy {
    /// They stay as they are.
    #[default]
    Keep,
    /// Each becomes its HMAC-SHA-256 under this key: the same text gives the same hash, also in other
    /// reports, and nobody without the key can try texts.
    Hash(Vec<u8>),
    /// They are left out.
    Drop,
}

impl Privacy {
    /// The choice of that name: `keep`, `hash` or `drop`; the key is of use for hashes alone.
    #[must_use]
    pub fn named(name: &str, key: &[u8]) -> Option<Self> {
        match name {
            "keep" => Some(Self::Keep),
            "hash" => Some(Self::Hash(key.to_vec())),
            "drop" => Some(Self::Drop),
            _ => None,
        }
    }

    /// Applies it to a report: addresses wherever they stand, and the subject. Domains stay.
    pub fn apply(&self, report: &mut FailureReport) {
        if *self == Self::Keep {
            return;
        }
        report.sample.subject = match self {
            Self::Drop => None,
            _ => report.sample.subject.take().map(|subject| self.hidden(&subject)),
        };
        let one = [
            &mut report.original_mail_from,
            &mut report.dkim_identity,
            &mut report.original_envelope_id,
            &mut report.user_agent,
            &mut report.sample.message_id,
            &mut report.reporting_mta,
        ];
        let lists = [
            &mut report.original_rcpt_to,
            &mut report.authentication_results,
            &mut report.reported_uri,
            &mut report.spf_dns,
        ];
        let texts = one.into_iter().flatten().chain(lists.into_iter().flatten());
        for text in texts.chain(report.other.iter_mut().map(|field| &mut field.value)) {
            *text = self.addresses(text);
        }
        // The message itself, or what was signed of it.
        report.dkim_canonicalized_header = None;
        report.dkim_canonicalized_body = None;
    }

    /// The text with each local-part that stands in it replaced.
    fn addresses(&self, text: &str) -> String {
        Self::each_local_part(text, |local| self.hidden(local))
    }

    /// The same for a text that is written: an address must stay one (RFC 6590, 3).
    pub(super) fn in_place(&self, text: &str) -> String {
        Self::each_local_part(text, |local| self.instead(local))
    }

    /// What is written in place of a text.
    pub(super) fn instead(&self, text: &str) -> String {
        if *self == Self::Drop { DROPPED.to_owned() } else { self.hidden(text) }
    }

    fn each_local_part(text: &str, hidden: impl Fn(&str) -> String) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('@') {
            let before = rest.get(..at).unwrap_or_default();
            let (front, local) = before.split_at_checked(local_part(before)).unwrap_or((before, ""));
            out.push_str(front);
            if !local.is_empty() {
                out.push_str(&hidden(local));
            }
            out.push('@');
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        out + rest
    }

    fn hidden(&self, text: &str) -> String {
        match self {
            Self::Keep => text.to_owned(),
            Self::Drop => String::new(),
            Self::Hash(key) => {
                let hash = hmac(key, text.as_bytes());
                let digits = hash.iter().flat_map(|octet| [octet >> 4, octet & 15]);
                digits.take(SHOWN).filter_map(|half| char::from_digit(u32::from(half), 16)).collect()
            }
        }
    }
}

/// Where the local-part begins that a text ends with: words and quoted strings without anything between them.
fn local_part(text: &str) -> usize {
    let mut start = text.len();
    loop {
        let before = text.get(..start).unwrap_or_default();
        let next = match before.strip_suffix('"') {
            Some(mut inner) => loop {
                // An escaped quotation mark opens nothing.
                match inner.rfind('"') {
                    None => break 0,
                    Some(at) if inner.get(..at).is_some_and(|front| front.ends_with('\\')) => {
                        inner = inner.get(..at).unwrap_or_default();
                    }
                    Some(at) => break at,
                }
            },
            None => before.trim_end_matches(|c| !is_no_part(c)).len(),
        };
        if next == start {
            return start;
        }
        start = next;
    }
}

/// What cannot stand in a local-part without quotation marks (RFC 5322, 3.2.3).
fn is_no_part(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ':' | ';' | ',' | '"' | '@' | '=')
}

/// HMAC (RFC 2104) with SHA-256.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0; BLOCK];
    let digest = Sha256::digest(key);
    let key = if key.len() > BLOCK { digest.as_slice() } else { key };
    for (slot, octet) in block.iter_mut().zip(key) {
        *slot = *octet;
    }
    let inner = Sha256::new().chain_update(block.map(|octet| octet ^ 0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(block.map(|octet| octet ^ 0x5c)).chain_update(inner).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_is_that_of_the_standard() {
        // RFC 4231, 4.3.
        let hash = hmac(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hash[..4], [0x5b, 0xdc, 0xc1, 0x46]);
    }

    #[test]
    fn local_parts_go_wherever_they_stand_and_domains_stay() {
        let drop = |text: &str| Privacy::Drop.addresses(text);
        assert_eq!(drop("a.b+c@example.com"), "@example.com");
        assert_eq!(
            drop("spf=fail smtp.mailfrom=a@example.com (x)"),
            "spf=fail smtp.mailfrom=@example.com (x)"
        );
        assert_eq!(drop("\"a b\"@example.com, c@example.net"), "@example.com, @example.net");
        assert_eq!(drop("@example.com @"), "@example.com @");
        assert_eq!(drop("<x\"a\\\"b\".c@example.com>"), "<@example.com>");
        assert_eq!(drop("x \"@example.com"), "@example.com");
        let hash = Privacy::Hash(b"key".to_vec());
        assert_eq!(hash.addresses("a@x.example"), hash.addresses("a@x.example"));
        assert_ne!(hash.addresses("a@x.example"), hash.addresses("b@x.example"));
        assert!(!hash.addresses("\u{fc}@x.example").contains('\u{fc}'));
    }
}
