//! The check of a domain against a real resolver that validates: Unbound with the trust anchor of a zone
//! that Knot DNS signs, both on the loopback interface, so that the AD bit is real.
//!
//! Where one of them is not installed, the test is skipped and says so.

#![cfg(all(feature = "dns-wire", feature = "container"))]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "this test starts servers and asks them; the library does neither"
)]

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use dmarc_core::assessment::{DomainReport, MailHost, Request, RuleVerdict};
use dmarc_core::evaluation::{Answer, Evaluation, Question, Step};
use dmarc_core::transport::tlsa::Dane;

/// Mail hosts of every kind that DANE tells apart.
const SIGNED: &str = r#"$ORIGIN signed.example.
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
@ MX 10 mx1
@ MX 20 mx2
@ MX 30 mx.unsigned.example.
@ TXT "v=spf1 mx -all"
ns A 127.0.0.1
mx1 A 192.0.2.1
mx1 AAAA 2001:db8::1
mx2 A 192.0.2.2
_25._tcp.mx1 TLSA 3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6
_25._tcp.mx1 TLSA 3 1 1 1c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6
_dmarc TXT "v=DMARC1; p=reject"
safe MX 10 mx1
safe TXT "v=spf1 -all"
alias CNAME mx1
aliased MX 10 alias
"#;
/// A zone without signatures, with a record that would do in a signed one.
const UNSIGNED: &str = r#"$ORIGIN unsigned.example.
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
@ MX 10 mx
@ TXT "v=spf1 mx -all"
ns A 127.0.0.1
mx A 192.0.2.3
_25._tcp.mx TLSA 3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6
"#;
/// A zone whose trust anchor is another's: every answer is bogus.
const BOGUS: &str = r#"$ORIGIN bogus.example.
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
@ MX 10 mx
ns A 127.0.0.1
mx A 192.0.2.4
"#;

/// A process that ends with the test, by its own id.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _gone_already = self.0.wait();
    }
}

fn program(name: &str) -> Option<PathBuf> {
    ["/usr/sbin", "/usr/bin", "/usr/local/sbin"]
        .map(|folder| Path::new(folder).join(name))
        .into_iter()
        .find(|path| path.exists())
}

fn free_address() -> SocketAddr {
    UdpSocket::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn start(program: &Path, args: &[&str], address: SocketAddr) -> Running {
    let child = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let running = Running(child);
    let begin = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(begin.elapsed() < Duration::from_secs(20), "{} does not listen", program.display());
        thread::sleep(Duration::from_millis(50));
    }
    // It listens before its zones are loaded and signed.
    thread::sleep(Duration::from_millis(700));
    running
}

/// A resolver that validates, in front of the zones.
struct Servers {
    resolver: SocketAddr,
    _unbound: Running,
    _knot: Running,
    folder: PathBuf,
}

impl Drop for Servers {
    fn drop(&mut self) {
        let _gone_already = fs::remove_dir_all(&self.folder);
    }
}

fn servers() -> Option<Servers> {
    let (knotd, keymgr, unbound) = (program("knotd")?, program("keymgr")?, program("unbound")?);
    let folder = std::env::temp_dir().join(format!("dmarc-core-signed-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let (authority, resolver) = (free_address(), free_address());
    let at = folder.display();
    let mut config = format!(
        "server:\n  rundir: {at}\n  listen: {}@{}\ndatabase:\n  storage: {at}\nzone:\n",
        authority.ip(),
        authority.port()
    );
    for (name, text, signing) in [
        ("signed.example", SIGNED, "on"),
        ("unsigned.example", UNSIGNED, "off"),
        ("bogus.example", BOGUS, "on"),
    ] {
        let file = folder.join(format!("{name}.zone"));
        fs::write(&file, text).unwrap();
        config.push_str(&format!(
            "  - domain: {name}\n    file: {}\n    zonefile-sync: -1\n    zonefile-load: whole\n    \
             journal-content: none\n    dnssec-signing: {signing}\n",
            file.display()
        ));
    }
    let knot_conf = folder.join("knot.conf");
    fs::write(&knot_conf, config).unwrap();
    let knot_conf = knot_conf.to_str().unwrap();
    let knot = start(&knotd, &["-c", knot_conf], authority);
    let output = Command::new(keymgr).args(["-c", knot_conf, "signed.example", "ds"]).output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let digest = listed.lines().find(|line| line.contains(" DS ")).expect("the zone has a key").to_owned();
    let mut config = format!(
        "server:\n  interface: {}@{}\n  do-daemonize: no\n  chroot: \"\"\n  username: \"\"\n  directory: \"{at}\"\n  \
         pidfile: \"\"\n  use-syslog: no\n  module-config: \"validator iterator\"\n  do-not-query-localhost: no\n  \
         access-control: 127.0.0.0/8 allow\n  local-zone: \".\" static\n",
        resolver.ip(),
        resolver.port()
    );
    config.push_str(&format!("  trust-anchor: \"{digest}\"\n"));
    config.push_str(&format!("  trust-anchor: \"{}\"\n", digest.replace("signed.example", "bogus.example")));
    let zones = ["signed.example", "unsigned.example", "bogus.example"];
    for name in zones {
        config.push_str(&format!("  local-zone: \"{name}.\" transparent\n"));
    }
    for name in zones {
        let stub =
            format!("stub-zone:\n  name: \"{name}\"\n  stub-addr: {}@{}\n", authority.ip(), authority.port());
        config.push_str(&stub);
    }
    config.push_str("remote-control:\n  control-enable: no\n");
    let unbound_conf = folder.join("unbound.conf");
    fs::write(&unbound_conf, config).unwrap();
    let unbound = start(&unbound, &["-d", "-c", unbound_conf.to_str().unwrap()], resolver);
    Some(Servers { resolver, _unbound: unbound, _knot: knot, folder })
}

/// Moves the octets of one question, as a caller does that holds nothing but a socket.
fn ask(socket: &UdpSocket, question: &Question, id: u16) -> Answer {
    let Ok(message) = question.to_message(id) else { return Answer::NotPossible };
    for _ in 0..3 {
        socket.send(&message).unwrap();
        let mut buffer = [0; 4096];
        while let Ok(length) = socket.recv(&mut buffer) {
            if buffer[..2] == message[..2] {
                return Answer::from_message(question, &buffer[..length]).unwrap();
            }
        }
    }
    Answer::Failure { reason: "TIMEOUT".to_owned() }
}

/// The domain, with its rounds and questions.
fn assess(resolver: SocketAddr, domain: &str) -> (DomainReport, u32, usize) {
    let request = serde_json::json!({ "check": "domain", "domain": domain, "edition": "rfc9989" });
    let request: Request = serde_json::from_value(request).unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.connect(resolver).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    let mut evaluation = Evaluation::new(request);
    let mut id = 0;
    let outcome = loop {
        match evaluation.step() {
            Step::Done(outcome) => break outcome,
            Step::Ask(questions) => {
                for question in questions {
                    id += 1;
                    let answer = ask(&socket, &question, id);
                    evaluation.answer(question, answer);
                }
            }
        }
    };
    let report = outcome.domain().unwrap().clone();
    (report, evaluation.rounds(), evaluation.asked().len())
}

fn verdict(report: &DomainReport, id: &str) -> RuleVerdict {
    report.profiles[0].rules.iter().find(|rule| rule.id == id).unwrap().verdict
}

fn codes(report: &DomainReport) -> Vec<&'static str> {
    report.diagnostics.iter().map(|(found, _)| found.rule.code).collect()
}

#[test]
fn signatures_decide_what_dane_asks() {
    let Some(servers) = servers() else {
        let _nobody_listens = writeln!(std::io::stderr(), "1 skipped, no knotd, keymgr and unbound here");
        return;
    };
    let (report, rounds, asked) = assess(servers.resolver, "signed.example");
    let danes: Vec<Dane> = report.mail.hosts.iter().map(MailHost::dane).collect();
    // Signed records; a signed denial; records of a zone that is not signed.
    assert_eq!(danes, [Dane::Authenticated, Dane::Opportunistic, Dane::Opportunistic]);
    assert_eq!(report.mail.mx.records().unwrap().secure, Some(true));
    assert_eq!(report.mail.hosts[0].secure, Some(true));
    assert_eq!(report.mail.hosts[2].secure, Some(false));
    assert_eq!(report.mail.hosts[2].tlsa.records().unwrap().secure, Some(false));
    assert_eq!(verdict(&report, "MAIL-BEVEILIG-002"), RuleVerdict::Fail);
    assert!(codes(&report).contains(&"tlsa/insecure"));
    assert_eq!((rounds, asked), (2, 17), "the longest chain is MX, then its hosts");

    let (report, _, _) = assess(servers.resolver, "safe.signed.example");
    assert_eq!(verdict(&report, "MAIL-BEVEILIG-002"), RuleVerdict::Pass);

    let (report, rounds, _) = assess(servers.resolver, "aliased.signed.example");
    assert_eq!(report.mail.hosts[0].dane(), Dane::Authenticated, "by the target of the alias");
    assert_eq!(rounds, 3);

    let (report, _, _) = assess(servers.resolver, "unsigned.example");
    assert_eq!(report.mail.hosts[0].dane(), Dane::Opportunistic);
    assert!(codes(&report).contains(&"domain/not-signed"));
    assert_eq!(verdict(&report, "MAIL-BEVEILIG-002"), RuleVerdict::Fail);

    let (report, _, _) = assess(servers.resolver, "bogus.example");
    assert_eq!(report.mail.mx.status(), "failure", "a resolver that validates hides what is bogus");
    assert!(codes(&report).contains(&"domain/lookup-failed"));
    assert_eq!(verdict(&report, "MAIL-BEVEILIG-002"), RuleVerdict::Undetermined);
}
