//! DKIM keys as several documents ask for them: there, and of 2048 bits.

use super::evidence::key_evidence;
use crate::assessment::domain::DomainReport;
use crate::assessment::profile::Ruling;
use crate::assessment::rules::NO_DKIM_KEY;
use crate::diagnostics::Rule;
use crate::dkim::{KeyType, Keys, Presence, PublicKey, State};

/// Bits of an RSA key, at least. RFC 8301, 3.2: "Signers SHOULD use RSA keys of at least 2048 bits."
const BITS: usize = 2048;

/// A ruling that is not settled yet: a key that is missing, and `small` for each selector of those that count where an
/// RSA key in force is too small.
pub(super) fn keys(report: &DomainReport, small: &'static Rule, counts: impl Fn(&Keys) -> bool) -> Ruling {
    let mut ruling = Ruling::pass().with(key_evidence(report));
    match report.keys.presence() {
        Presence::Present => {}
        Presence::Absent => {
            ruling = ruling.because(NO_DKIM_KEY.anywhere().arg("domain", report.domain.to_string()));
        }
        Presence::Undetermined => ruling.missing.push("dns:selectors"),
    }
    for (selector, keys) in report.keys.selectors.iter().filter(|(_, keys)| counts(keys)) {
        let rsa = keys.keys().filter(|key| *key.kind() == KeyType::Rsa && key.state() != State::Revoked);
        let bits = rsa.filter_map(|key| key.public_key().map(PublicKey::bits)).find(|bits| *bits < BITS);
        if let Some(bits) = bits {
            let reason = small.anywhere().arg("selector", selector.to_string()).arg("bits", bits);
            ruling = ruling.because(reason);
        }
    }
    ruling
}
