//! The DMARC verdict on one message, whose SPF and DKIM results and records are at hand.

use std::hint::black_box;

use dmarc_core::authres::AuthResult;
use dmarc_core::dmarc::{Edition, Evaluate, Evaluated, Identifier};
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Check, Facts, Inquiry};
use dmarc_core::limits::Limits;
use dmarc_core::name::{AuthorDomain, NameError};
use mail_auth::crypto::Ed25519Key;
use mail_auth::dkim::{DkimSigner, DomainKey};
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::dmarc::{DmarcRecord, DmarcResult};
use mail_auth::headers::HeaderWriter;
use mail_auth::{AuthenticatedMessage, MessageAuthenticator, Parameters, SpfOutput, SpfResult};

use crate::compare::{compare, per_second, wait};
use crate::mail_auth_zone::{Cached, Reparsed};
use crate::{Failure, answers};

/// Records as they are published.
const ZONE: &str = r#"{ "complete": true, "names": {
    "example.com": { "A": ["192.0.2.80"] },
    "news.example.com": { "A": ["192.0.2.81"] },
    "_dmarc.com": {}, "_dmarc.net": {}, "_dmarc.news.example.com": {},
    "_dmarc.example.net": {}, "_dmarc.esp.example.net": {},
    "_dmarc.example.com": { "TXT": ["v=DMARC1; p=reject; sp=quarantine; rua=mailto:dmarc@example.com; fo=1"] },
    "key._domainkey.example.com": { "TXT": ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] },
    "key._domainkey.esp.example.net": { "TXT": ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] }
} }"#;

/// The key of RFC 8463, appendix A.
const SEED: [u8; 32] = [
    0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4, 0x44,
    0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60,
];
const PUBLIC: [u8; 32] = [
    0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a, 0x0e,
    0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
];

/// A message: its author, the domain that SPF passed for, and the domains that signed it.
struct Message {
    name: &'static str,
    author: &'static str,
    mail_from: &'static str,
    signers: &'static [&'static str],
}

/// Nearly all mail is of the first two kinds; the third is forged, or was forwarded.
const MESSAGES: [Message; 3] = [
    Message { name: "own", author: "example.com", mail_from: "example.com", signers: &["example.com"] },
    Message {
        name: "subdomain",
        author: "news.example.com",
        mail_from: "esp.example.net",
        signers: &["esp.example.net", "example.com"],
    },
    Message { name: "fail", author: "example.com", mail_from: "example.net", signers: &["esp.example.net"] },
];

pub(crate) fn dmarc() -> Result<(), Failure> {
    let snapshot = Snapshot::from_json(ZONE, &Limits::default())?;
    let (texts, facts) = (Facts::from_snapshot(&snapshot), answers(&snapshot)?);
    let authenticator = MessageAuthenticator::new_cloudflare()?;
    let keys = Cached::of::<DomainKey>(&snapshot)?;
    let (reparsed, cached) = (Reparsed::of::<DmarcRecord>(&snapshot)?, Cached::of::<DmarcRecord>(&snapshot)?);
    for Message { name, author, mail_from, signers } in MESSAGES {
        let mut raw = format!("From: info@{author}\r\nSubject: hello\r\n\r\nhello\r\n").into_bytes();
        for signer in signers {
            let key = Ed25519Key::from_seed_and_public_key(&SEED, &PUBLIC).map_err(|why| why.to_string())?;
            let signer = DkimSigner::from_key(key).domain(*signer).selector("key").headers(["From"]);
            let mut signed = Vec::new();
            signer.sign(&raw).map_err(|why| why.to_string())?.write_header(&mut signed);
            signed.append(&mut raw);
            raw = signed;
        }
        let message = AuthenticatedMessage::parse(&raw).ok_or("a message")?;
        let dkim = wait(authenticator.verify_dkim(Parameters::new(&message).with_cache(&keys)));
        if dkim.len() != signers.len()
            || !dkim.iter().all(|found| *found.result() == mail_auth::DkimResult::Pass)
        {
            return Err("the signatures are good".into());
        }
        let spf = SpfOutput::new(mail_from.to_owned()).with_result(SpfResult::Pass);

        let parameters = || DmarcParameters::new(&message, &dkim, black_box(mail_from), &spf);
        let theirs_reparsed =
            || wait(authenticator.verify_dmarc(Parameters::new(parameters()).with_cache(&reparsed)));
        let theirs_cached =
            || wait(authenticator.verify_dmarc(Parameters::new(parameters()).with_cache(&cached)));
        let ours = |facts: &Facts| evaluated(black_box(author), black_box(mail_from), signers, facts);

        // Nothing is timed that does not agree.
        let expected = ours(&facts)?.and_then(|found| found.result).ok_or("a result")?;
        for found in [theirs_reparsed(), theirs_cached()] {
            let found = match found.result() {
                DmarcResult::Pass => "pass",
                DmarcResult::Fail(_) => "fail",
                _ => "another",
            };
            if found != expected.as_str() {
                return Err(format!("{name}: {} here, {found} there", expected.as_str()).into());
            }
        }
        println!("dmarc {name}: {}", expected.as_str());
        let parsing = || drop(black_box(ours(&texts)));
        let parsed = || drop(black_box(ours(&facts)));
        let reparsed = || drop(black_box(theirs_reparsed()));
        let cached = || drop(black_box(theirs_cached()));
        compare(&format!("dmarc {name} / mail-auth, parsing each"), None, parsing, reparsed);
        compare(&format!("dmarc {name} / mail-auth, parsed before"), None, parsed, cached);
        per_second(&format!("dmarc {name}, parsed before"), parsed);
        per_second(&format!("dmarc {name}, parsed before, mail-auth"), cached);
    }
    Ok(())
}

/// One run over facts at hand, from the names as a receiver has them.
fn evaluated(
    author: &str,
    mail_from: &str,
    signers: &[&str],
    facts: &Facts,
) -> Result<Option<Evaluated>, NameError> {
    let passed = |domain: &str| -> Result<Identifier, NameError> {
        Ok(Identifier { domain: Some(domain.parse()?), result: AuthResult::Pass })
    };
    let mut check = Evaluate::new(AuthorDomain::new(author.parse()?), Edition::Rfc9989);
    check.spf = Some(passed(mail_from)?);
    check.dkim = signers.iter().map(|signer| passed(signer)).collect::<Result<_, _>>()?;
    Ok(check.run(&mut Inquiry::new(facts)).ok())
}
