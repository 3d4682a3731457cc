//! The laws of DKIM keys and signatures over generated texts, and key sizes against another implementation.

use std::cell::RefCell;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dmarc_core::dkim::rules::RULES;
use dmarc_core::dkim::{Key, PublicKey, RsaForm, Signature, signature_rules};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use rsa::pkcs1::EncodeRsaPublicKey as _;
use rsa::pkcs8::EncodePublicKey as _;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPublicKey};

const ED25519: &str = "p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

/// Parts that keys are made of, and the slips that are seen in them.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "v=DKIM1", "v=dkim1", "v=DKIM1;", "V=DKIM1", "v=DKIM2", "k=rsa", "k=RSA", "k=ed25519", "k=dsa", "K=rsa", "p=", ED25519,
    "p=MIIBIjANBgkqhkiG9w0BAQEFAAOC", "p=***", "p=AAAA", "p=AA A", "h=sha1", "h=sha256", "h=SHA256:sha1", "h=sha1:sha512", "h=:",
    "s=*", "s=email", "s=tlsrpt", "s=web", "t=y", "t=s", "t=y:s:x", "n=a note", "g=*", "x=1", "=", "p", "\\", "\"", "\"\"", "-----BEGIN PUBLIC KEY-----",
    "-----END PUBLIC KEY-----", "mail._domainkey.example.com. IN TXT \"v=DKIM1; p=\"", "\u{e9}", "\u{201c}", "\r\n", "\t", "1x=2",
];

/// Parts that signatures are made of.
#[rustfmt::skip]
const TAGS: &[&str] = &[
    "v=1", "v=2", "a=rsa-sha256", "a=RSA-SHA256", "a=rsa-sha1", "a=ed25519-sha256", "a=x", "d=example.com", "d=com", "d=a b", "d=b\u{fc}cher.example",
    "s=mail", "s=a.b", "s=", "h=from:to", "h=to", "h=", "h=from: :to", "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "bh=AAAA", "bh=*", "b=AAAA",
    "b=", "i=@example.com", "i=a@x.example.com", "i=@example.org", "i=x", "c=relaxed", "c=simple/Relaxed", "c=x/y", "l=0", "l=99999999999999999999",
    "l=-1", "t=1700000000", "x=1", "x=1700000001", "t=", "q=dns/txt", "q=x", "z=x", "y=1", "=", "\u{e9}", "\r\n ",
];

fn list(parts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        30 => prop::sample::select(parts).prop_map(|part| part.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    let gap =
        prop_oneof![12 => Just("; "), 2 => Just(";"), 1 => Just(";;"), 1 => Just("\\;"), 1 => Just(" ")];
    prop::collection::vec((part, gap), 0..12).prop_map(|parts| {
        parts.into_iter().flat_map(|(part, gap)| [part, gap.as_bytes().to_vec()].concat()).collect()
    })
}

fn run(text: impl Strategy<Value = Vec<u8>>, law: impl Fn(&[u8])) {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(5_000);
    TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() })
        .run(&text, |octets| {
            law(&octets);
            Ok(())
        })
        .unwrap();
}

#[test]
fn laws_hold_for_keys() {
    let hit = RefCell::new(BTreeSet::new());
    run(list(PARTS), |octets| {
        dmarc_fuzz::dkim::key(octets);
        hit.borrow_mut().extend(Key::parse(octets).diagnostics.iter().map(|found| found.rule.code));
    });
    // A generator that no longer meets what it should find would prove nothing.
    let met = RULES.iter().filter(|rule| hit.borrow().contains(rule.code)).count();
    assert!(met >= 30, "{met} of {} rules are met", RULES.len());
}

#[test]
fn laws_hold_for_signatures() {
    let hit = RefCell::new(BTreeSet::new());
    run(list(TAGS), |octets| {
        dmarc_fuzz::dkim::signature(octets);
        let parsed = Signature::parse(octets);
        let compared = parsed.value.as_ref().map(dmarc_fuzz::dkim::compared).unwrap_or_default();
        hit.borrow_mut().extend(parsed.diagnostics.iter().chain(&compared).map(|found| found.rule.code));
    });
    let missed: Vec<&str> = signature_rules::RULES
        .iter()
        .map(|rule| rule.code)
        .filter(|code| !hit.borrow().contains(code) && *code != signature_rules::TOO_LONG.code)
        .collect();
    assert!(missed.is_empty(), "the generator misses {missed:?}");
}

#[test]
fn laws_hold_for_any_octets() {
    run(prop::collection::vec(any::<u8>(), 0..200), |octets| {
        dmarc_fuzz::dkim::key(octets);
        dmarc_fuzz::dkim::signature(octets);
    });
}

/// A modulus and an exponent of any size.
fn rsa() -> impl Strategy<Value = RsaPublicKey> {
    let octets = prop::collection::vec(any::<u8>(), 64..=512);
    (octets, prop_oneof![Just(3_u32), Just(17), Just(65_537), Just(4_294_967_295)]).prop_filter_map(
        "a modulus with its first bit set",
        |(mut octets, exponent)| {
            *octets.last_mut()? |= 1;
            RsaPublicKey::new_with_max_size(BigUint::from_bytes_be(&octets), exponent.into(), 4096).ok()
        },
    )
}

#[test]
fn sizes_are_those_of_another_implementation() {
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&rsa(), |theirs| {
            let spki = theirs.to_public_key_der().unwrap();
            let pkcs1 = theirs.to_pkcs1_der().unwrap();
            let forms =
                [(spki.as_bytes(), RsaForm::SubjectPublicKeyInfo), (pkcs1.as_bytes(), RsaForm::Pkcs1)];
            for (der, form) in forms {
                let text = format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(der));
                let key = Key::parse(&text).value.expect("it is a key record");
                let Some(PublicKey::Rsa(ours)) = key.public_key() else { panic!("no RSA key: {text}") };
                assert_eq!(ours.bits, theirs.n().bits(), "{text}");
                assert_eq!(ours.exponent.map(BigUint::from).as_ref(), Some(theirs.e()), "{text}");
                assert_eq!(ours.form, form);
            }
            Ok(())
        })
        .unwrap();
}
