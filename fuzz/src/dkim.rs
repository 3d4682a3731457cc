//! Laws of DKIM keys and signatures.

use dmarc_core::diagnostics::{Diagnostic, Effect, Severity};
use dmarc_core::dkim::{Key, PublicKey, Signature, Standing, State};
use dmarc_core::name::DomainName;
use dmarc_core::time::UnixTime;

use crate::dmarc::findings;

/// Fixes applied one after another before the law counts as broken.
const STEPS: usize = 100;

/// Whatever the octets: places lie in the text, what a verifier does with a key and the findings agree, and
/// fixes end.
pub fn key(octets: &[u8]) {
    let parsed = Key::parse(octets);
    findings(octets, &parsed.diagnostics);
    let error = parsed.diagnostics.iter().any(|found| found.severity == Severity::Error);
    match &parsed.value {
        None => assert!(error, "no key, and nothing says why"),
        Some(key) => {
            assert!(Key::is_record(octets));
            match key.state() {
                State::Usable => assert!(key.public_key().is_some_and(|key| key.bits() > 0)),
                State::Revoked | State::NotForMail => assert!(!parsed.diagnostics.is_empty()),
                _ => assert!(error, "a key that cannot be used, and nothing says why"),
            }
            if let Some(PublicKey::Rsa(rsa)) = key.public_key() {
                assert!(rsa.exponent.is_none_or(|exponent| exponent % 2 == 1), "an exponent is odd");
            }
        }
    }
    let usable = |octets: &[u8]| Key::parse(octets).value.is_some_and(|key| key.state() == State::Usable);
    mends(octets, |octets| Key::parse(octets).diagnostics, usable);
}

/// Whatever the octets: places lie in the text, standing and findings agree, and fixes end.
pub fn signature(octets: &[u8]) {
    let parsed = Signature::parse(octets);
    findings(octets, &parsed.diagnostics);
    let error = parsed.diagnostics.iter().any(|found| found.severity == Severity::Error);
    if let Some(signature) = &parsed.value {
        findings(octets, &compared(signature));
    }
    match &parsed.value {
        None => assert!(error, "no signature, and nothing says why"),
        Some(signature) if signature.standing() == Standing::Sound => {
            assert!(signature.domain().is_some() && signature.selector().is_some());
            assert!(signature.headers().iter().any(|name| name.eq_ignore_ascii_case("from")));
        }
        Some(_) => assert!(error, "a signature that is not sound, and nothing says why"),
    }
    let sound = |octets: &[u8]| {
        Signature::parse(octets).value.is_some_and(|signature| signature.standing() == Standing::Sound)
    };
    mends(octets, |octets| Signature::parse(octets).diagnostics, sound);
}

/// What is said of a signature beside an author and at a time.
#[must_use]
pub fn compared(signature: &Signature) -> Vec<Diagnostic> {
    let author = DomainName::parse("example.com").expect("it is a name");
    signature.compare(Some(&author), Some(UnixTime(1_600_000_000)))
}

/// Applying fixes until none is left ends; what a fix says of its effect is true.
fn mends(octets: &[u8], read: impl Fn(&[u8]) -> Vec<Diagnostic>, works: impl Fn(&[u8]) -> bool) {
    let mut text = octets.to_vec();
    for _ in 0..STEPS {
        let Some(fix) = read(&text).into_iter().find_map(|found| found.fix) else { return };
        let after = fix.apply(&text);
        match fix.effect {
            Some(Effect::Looser) => assert!(!works(&text) && works(&after)),
            Some(Effect::Stricter) => assert!(works(&text) && !works(&after)),
            _ => assert_eq!(works(&text), works(&after)),
        }
        text = after;
    }
    panic!("fixes go on and on: {:?}", String::from_utf8_lossy(octets));
}
