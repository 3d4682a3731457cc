//! SPF and DMARC of dmarc-core timed beside other libraries; README.md says what is compared, and how fairly.

mod compare;
mod dmarc;
mod mail_auth_zone;
mod mailrs_zone;

use std::hint::black_box;
use std::net::IpAddr;
use std::time::Instant;

use compare::{compare, least, wait};
use dmarc_core::dns::{RecordType, Snapshot};
use dmarc_core::evaluation::{Check, Facts, Inquiry, Question};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::spf::analysis::{Analyze, Conventions, Policies};
use dmarc_core::spf::{CheckHost, Evaluated, Record, Trace};
use mail_auth::dns::TxtRecordParser;
use mail_auth::spf::SpfRecord;
use mail_auth::spf::verify::SpfParameters;
use mail_auth::{MessageAuthenticator, Parameters};
use mail_auth_zone::{Cached, Reparsed};

/// The policy that is evaluated; tree.py reads it too.
const ZONE: &str = include_str!("../zone.json");
const SENDER: &str = "info@example.com";
const HELO: &str = "mx.example.com";
const RECEIVER: &str = "mx.example.net";

/// Records that are parsed: a short one, one with every common mechanism, one of a large sender.
const RECORDS: [(&str, &str); 3] = [
    ("short", "v=spf1 ip4:192.0.2.0/24 -all"),
    (
        "common",
        "v=spf1 ip4:192.0.2.0/28 ip4:198.51.100.17 ip6:2001:db8:10::/48 a mx:mail.example.com/28 include:_spf.example.net include:spf.example.org exists:%{ir}._spf.%{d2} -all",
    ),
    (
        "addresses",
        "v=spf1 ip4:203.0.113.0/28 ip4:203.0.113.16/28 ip4:203.0.113.32/28 ip4:203.0.113.48/28 ip4:203.0.113.64/28 ip4:203.0.113.80/28 ip4:198.51.100.32/27 ip6:2001:db8:4000::/36 ip6:2001:db8:4864::/48 ip6:2001:db8:6800::/40 ~all",
    ),
];

/// Clients: matched by the first term, behind two includes, and by nothing but `-all`.
const CLIENTS: [(&str, &str); 3] =
    [("first", "192.0.2.5"), ("nested", "203.0.113.70"), ("fail", "203.0.113.250")];

/// Evaluations of the tree between two readings of the clock.
const TREES: u32 = 50;

/// What goes wrong before anything is timed.
type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let facts = answers(&Snapshot::from_json(ZONE, &Limits::default())?)?;
    match std::env::args().nth(1).as_deref() {
        Some("tree") => {
            println!("{}", tree(&facts)?);
            return Ok(());
        }
        Some("dmarc") => return dmarc::dmarc(),
        _ => {}
    }
    versions();
    parse()?;
    check_host(&facts)?;
    dmarc::dmarc()
}

/// What the zone answers, held as a caller's cache holds it: by question.
fn answers(snapshot: &Snapshot) -> Result<Facts, Failure> {
    let zone = Facts::from_snapshot(snapshot);
    let mut facts = Facts::new();
    for name in snapshot.names.keys() {
        for record_type in [RecordType::Txt, RecordType::A, RecordType::Aaaa, RecordType::Mx] {
            let question = Question::dns(name.parse()?, record_type);
            let answer = zone.look_up(&question).ok_or("an answer")?;
            facts.insert(question, answer);
        }
    }
    Ok(facts)
}

/// The versions that were built, from the lock file.
fn versions() {
    let lock = include_str!("../Cargo.lock");
    for name in ["dmarc-core", "mail-auth", "mailrs-spf"] {
        let version = lock
            .split_once(&format!("name = \"{name}\"\nversion = \""))
            .and_then(|(_, rest)| rest.split_once('"'))
            .map_or("?", |(version, _)| version);
        println!("{name} {version}");
    }
}

fn parse() -> Result<(), Failure> {
    for (name, text) in RECORDS {
        // All three take the text for a record.
        let record = Record::read(text).filter(Record::is_usable).ok_or("a record")?;
        SpfRecord::parse(text.as_bytes()).map_err(|error| error.to_string())?;
        mailrs_spf::Record::parse(text).map_err(|error| error.to_string())?;
        drop(record);
        let read = || drop(black_box(Record::read(black_box(text))));
        let mail_auth = || drop(black_box(SpfRecord::parse(black_box(text.as_bytes()))));
        compare(&format!("parse {name} / mail-auth"), Some(1.1), read, mail_auth);
        let mailrs = || drop(black_box(mailrs_spf::Record::parse(black_box(text))));
        compare(&format!("parse {name} / mailrs-spf"), None, read, mailrs);
        let findings = || drop(black_box(Record::parse(black_box(text))));
        compare(&format!("parse {name} with findings / mail-auth"), None, findings, mail_auth);
    }
    Ok(())
}

fn check_host(facts: &Facts) -> Result<(), Failure> {
    let snapshot = Snapshot::from_json(ZONE, &Limits::default())?;
    // Records in a snapshot are parsed at each look-up, those in answers when they come in.
    let texts = Facts::from_snapshot(&snapshot);
    let authenticator = MessageAuthenticator::new_cloudflare()?;
    let reparsed = Reparsed::of::<SpfRecord>(&snapshot)?;
    let cached = Cached::of::<SpfRecord>(&snapshot)?;
    let mailrs_zone = mailrs_zone::Zone::of(&snapshot)?;
    for (name, client) in CLIENTS {
        let ip: IpAddr = client.parse()?;
        let input = mailrs_spf::VerifyInput { ip, helo: HELO.to_owned(), mail_from: SENDER.to_owned() };
        let parameters = || SpfParameters::mail_from(ip, HELO, RECEIVER, SENDER);
        let check = || CheckHost::mail_from(ip, SENDER, HELO);
        let plain = || {
            let mut check = check();
            check.trace = Trace::Off;
            check
        };
        let mail_auth_reparsed =
            || wait(authenticator.check_host(Parameters::new(black_box(parameters())).with_cache(&reparsed)));
        let mail_auth_cached =
            || wait(authenticator.check_host(Parameters::new(black_box(parameters())).with_cache(&cached)));
        let mailrs = || wait(mailrs_spf::verify(&mailrs_zone, black_box(&input)));
        let parsing = || drop(black_box(run(&black_box(plain()), &texts)));
        let ours = || run(&black_box(plain()), facts);
        let traced = || drop(black_box(run(&black_box(check()), facts)));

        // Nothing is timed that does not agree.
        let expected = ours().and_then(|found| found.result).ok_or("a result")?;
        let others = [
            mail_auth_reparsed().result().to_string(),
            mail_auth_cached().result().to_string(),
            mailrs().as_str().to_owned(),
        ];
        if others.iter().any(|found| found != expected.as_str()) {
            return Err(format!("{name}: {} here, {others:?} there", expected.as_str()).into());
        }
        println!("check_host {name}: {}", expected.as_str());
        let ours = || drop(black_box(ours()));
        let reparsed = || drop(black_box(mail_auth_reparsed()));
        let cached = || drop(black_box(mail_auth_cached()));
        let mailrs = || drop(black_box(mailrs()));
        compare(&format!("check_host {name} / mail-auth, parsing each"), Some(1.0), parsing, reparsed);
        compare(&format!("check_host {name} / mail-auth, parsed before"), Some(1.2), ours, cached);
        compare(&format!("check_host {name} / mailrs-spf, parsing each"), None, parsing, mailrs);
        compare(&format!("check_host {name} with trace / without"), Some(1.5), traced, ours);
    }
    Ok(())
}

/// One run over facts at hand.
fn run(check: &CheckHost, facts: &Facts) -> Option<Evaluated> {
    check.run(&mut Inquiry::new(facts)).ok()
}

/// Nanoseconds of the tree, of a whole analysis (counts and surfaces as well), and of its findings besides.
fn tree(facts: &Facts) -> Result<String, Failure> {
    let domain: DomainName = "example.com".parse()?;
    let conventions = Conventions::default();
    let tree = || {
        let policies = Policies::fetch(&domain, None, &conventions, &mut Inquiry::new(facts));
        drop(black_box(policies.map(|policies| (policies.tree(&conventions), policies))));
    };
    let check = Analyze::new(domain.clone());
    let analysis = || check.run(&mut Inquiry::new(facts));
    let whole = || drop(black_box(analysis().map(|analysis| (analysis.tree(), analysis))));
    let with_findings =
        || drop(black_box(analysis().map(|analysis| (analysis.tree(), analysis.findings(), analysis))));
    Ok(format!("{} {} {}", nanoseconds(tree), nanoseconds(whole), nanoseconds(with_findings)))
}

/// The least time of one call.
fn nanoseconds(mut once: impl FnMut()) -> u128 {
    let batch = || {
        let start = Instant::now();
        (0..TREES).for_each(|_| once());
        start.elapsed()
    };
    least(20, batch).as_nanos() / u128::from(TREES)
}
