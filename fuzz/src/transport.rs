//! Laws of MTA-STS records and policies, TLS-RPT records, TLSA records and certificates.

use dmarc_core::diagnostics::{Diagnostic, Effect, Severity};
use dmarc_core::transport::certificate::Certificate;
use dmarc_core::transport::mta_sts_policy::{File, Mode};
use dmarc_core::transport::tlsa::{self, Association, Match};
use dmarc_core::transport::{mta_sts, tls_rpt};

use crate::dmarc::findings;

/// Fixes applied one after another before the law counts as broken: one for each octet of a short text.
const STEPS: usize = 2_000;
/// Texts beyond this are read, and their fixes not followed.
const SHORT: usize = 600;

/// Whatever the octets: places lie in the text, what senders act on and the findings agree, fixes end.
pub fn mta_sts(octets: &[u8]) {
    let record = mta_sts::Record::parse(octets);
    agree(octets, &record.diagnostics, record.value.as_ref().is_some_and(|record| record.id().is_some()));
    let asked = tls_rpt::Record::parse(octets);
    agree(octets, &asked.diagnostics, asked.value.as_ref().is_some_and(|record| !record.rua().is_empty()));
    let file = File::parse(octets);
    let policy = file.value.as_ref().and_then(File::policy);
    agree(octets, &file.diagnostics, policy.is_some());
    if let Some(policy) = policy {
        assert!(policy.mode == Mode::None || !policy.mx.is_empty(), "a policy names a host");
        for pattern in &policy.mx {
            let host = pattern.as_str().replacen("*.", "any.", 1).parse().expect("a pattern holds a name");
            assert!(pattern.matches(&host) && policy.allows(&host));
        }
    }
    let strength = |octets: &[u8]| {
        let file = File::parse(octets).value;
        file.as_ref().and_then(File::policy).map_or(0, |policy| match policy.mode {
            Mode::None => 0,
            Mode::Testing => 1,
            Mode::Enforce => 2,
        })
    };
    mends(octets, |octets| File::parse(octets).diagnostics, strength);
}

/// Whatever the octets: places lie in the text, what mail servers can use and the findings agree, a record
/// is written and read as the same one, and a record made for a certificate names it.
pub fn tlsa(octets: &[u8]) {
    let parsed = tlsa::Record::parse(octets);
    findings(octets, &parsed.diagnostics);
    let association = parsed.value.as_ref().and_then(tlsa::Record::association);
    let usable = association.is_some_and(Association::is_usable);
    let above_notice = parsed.diagnostics.iter().any(|found| found.severity > Severity::Notice);
    assert_eq!(usable, !above_notice, "what cannot be used is said, and nothing else");
    for one in association.cloned().into_iter().chain(Association::from_rdata(octets)) {
        let text = one.to_presentation();
        let again = tlsa::Record::parse(&text).value;
        assert_eq!(again.as_ref().and_then(tlsa::Record::association), Some(&one), "{text}");
    }
    if let Ok(certificate) = Certificate::from_der(octets) {
        assert_eq!(certificate.der(), octets);
        for (usage, chain) in [(3, 1), (2, 2)] {
            for (selector, matching) in [(0, 0), (0, 1), (1, 1), (1, 2)] {
                let shape = Association { usage, selector, matching, data: Vec::new() };
                let chain = vec![certificate.clone(); chain];
                let found = shape.with_certificate(&certificate).compare(&chain);
                assert_eq!(found, Match::Certificate(chain.len() - 1));
            }
        }
    }
    let usable = |octets: &[u8]| {
        let parsed = tlsa::Record::parse(octets).value;
        u8::from(parsed.as_ref().and_then(tlsa::Record::association).is_some_and(Association::is_usable))
    };
    mends(octets, |octets| tlsa::Record::parse(octets).diagnostics, usable);
}

/// A text that works has no error, and one that does not says why.
fn agree(octets: &[u8], found: &[Diagnostic], works: bool) {
    findings(octets, found);
    let error = found.iter().any(|found| found.severity == Severity::Error);
    assert_eq!(works, !error, "{found:?}");
}

/// Applying fixes until none is left ends; what a fix says of its effect is true.
fn mends(octets: &[u8], read: impl Fn(&[u8]) -> Vec<Diagnostic>, strength: impl Fn(&[u8]) -> u8) {
    if octets.len() > SHORT {
        return;
    }
    let mut text = octets.to_vec();
    for _ in 0..STEPS {
        let Some(fix) = read(&text).into_iter().find_map(|found| found.fix) else { return };
        let after = fix.apply(&text);
        assert_eq!(fix.effect, Some(Effect::from(strength(&after).cmp(&strength(&text)))));
        text = after;
    }
    panic!("fixes go on and on: {:?}", String::from_utf8_lossy(octets));
}
