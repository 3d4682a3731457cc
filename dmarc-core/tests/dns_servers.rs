//! Zone files answer as real name servers do: BIND and Knot DNS load the same files on the loopback
//! interface, and each question is put to them and to the library.
//!
//! A server that is not installed is skipped, and the test says so.

#![cfg(all(feature = "dns-wire", feature = "container"))]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "this test starts servers and asks them; the library does neither"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::net::UdpSocket;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use dmarc_core::assessment::plan::{Publication, plan};
use dmarc_core::assessment::{Context, DomainCheck, Observations};
use dmarc_core::dmarc::Edition;
use dmarc_core::dns::{Record, RecordType, Snapshot, Zone};
use dmarc_core::evaluation::{Answer, Evaluation, Facts, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

/// Everything that a look-up can meet, in a form that both servers load.
const EXAMPLE: &str = r#"$ORIGIN example.com.
$TTL 1h
@ IN SOA ns hostmaster ( 1 ; serial
    2h 30m 2w 5m )
@ NS ns
@ 600 MX 10 mail
  600 MX 0 mail2.example.net.
ns A 192.0.2.53
mail 300 A 192.0.2.1
mail 300 A 192.0.2.2
mail AAAA 2001:db8::1
_dmarc TXT "v=DMARC1; p=none; " "rua=mailto:d@example.com"
text TXT ( "one \"two\"" "\000\255\\" ; comment
  three )
* 120 TXT "any"
* MX 5 mail
*.wild A 192.0.2.3
here.wild TXT "here"
a.b.empty A 192.0.2.4
x.*.star A 192.0.2.5
alias CNAME mail
two 60 CNAME alias
loop1 CNAME loop2
loop2 CNAME loop1
out CNAME www.example.net.
dangling CNAME no.here.wild
*.any CNAME mail
sub NS ns.sub
sub NS ns.example.net.
ns.sub A 192.0.2.54
tosub CNAME host.sub
moved DNAME empty
_25._tcp.mail TLSA 3 1 1 ( 00112233445566778899aabbccddeeff
   00112233445566778899aabbccddeeff )
UPPER a 192.0.2.6
num TYPE1 \# 4 C0000207
caa CAA 0 issue "ca.example.net"
"#;

/// Names beside those that own records.
const NAMES: &[&str] = &[
    "b.empty",
    "empty",
    "a.b.empty",
    "c.empty",
    "x.a.b.empty",
    "star",
    "any.star",
    "x.any.star",
    "*.star",
    "y.*.star",
    "x.*.star",
    "other",
    "deep.er.name",
    "mail.mail",
    "_tcp.mail",
    "x._tcp.mail",
    "z.wild",
    "y.z.wild",
    "*.wild",
    "x.here.wild",
    "q.any",
    "r.q.any",
    "any",
    "host.sub",
    "x.host.sub",
    "b.moved",
    "a.b.moved",
    "no.moved",
    "*",
    "*.mail",
    "_dmarc.mail",
    "upper",
    "x.caa",
];

/// The zone of RFC 4592, 2.2.1; `_ssh._tcp` owns TXT records, since SRV is never asked for.
const WILDCARDS: &str = r#"$ORIGIN example.
@ 3600 IN SOA ns.example.com. h.example.com. 1 1d 2h 4w 5m
@ 3600 NS ns.example.com.
@ 3600 NS ns.example.net.
* 3600 TXT "this is a wildcard"
* 3600 MX 10 host1.example.
sub.* 3600 TXT "this is not a wildcard"
host1 3600 A 192.0.2.1
_ssh._tcp.host1 3600 TXT "service"
_ssh._tcp.host2 3600 TXT "service"
subdel 3600 NS ns.example.com.
subdel 3600 NS ns.example.net.
"#;
const WILDCARD_NAMES: &[&str] = &[
    "host3",
    "foo.bar",
    "host1",
    "sub.*",
    "_telnet._tcp.host1",
    "host.subdel",
    "ghost.*",
    "_tcp.host1",
    "host2",
    "*",
    "*.host1",
];

/// A zone file with its questions.
struct Loaded {
    apex: String,
    text: String,
    names: BTreeSet<String>,
}

fn zones() -> Vec<Loaded> {
    let mut zones = vec![loaded("example.com", EXAMPLE, NAMES), loaded("example", WILDCARDS, WILDCARD_NAMES)];
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/data/voorbeeld.example.zone");
    let sample = fs::read_to_string(sample).expect("the sample zone can be read");
    zones.push(loaded("voorbeeld.example", &sample, &["x.klanten", "y.x.klanten", "klanten", "nope"]));
    zones.extend(planned().into_iter().map(|(zone, _)| zone));
    zones
}

/// Zones that hold what plans publish, and nothing else: a domain without mail, and one whose record is long and
/// whose text has to be quoted.
fn planned() -> Vec<(Loaded, Vec<Publication>)> {
    let addresses: Vec<String> =
        (0..12).map(|at| format!("mailto:\"r{at}\"@reports{at}.example.net")).collect();
    let long = format!(
        r#"{{ "_dmarc.long.test": {{ "TXT": ["v=DMARC1; p=none; adkim=x; rua={}"] }} }}"#,
        addresses.join(",").replace('"', r#"\""#)
    );
    [("quiet.test", "{}", Some(false)), ("long.test", long.as_str(), Some(true))]
        .into_iter()
        .map(|(apex, names, sends)| {
            let snapshot = format!(r#"{{ "complete": true, "public_suffix": ["test"], "names": {names} }}"#);
            let snapshot = Snapshot::from_json(snapshot, &Limits::default()).expect("a snapshot");
            let mut context = Context::default();
            (context.sends, context.receives) = (sends, sends);
            let check = DomainCheck {
                domain: DomainName::parse(apex).expect("a name"),
                edition: Edition::Rfc9989,
                now: None,
                context,
                reports: None,
                observations: Observations::default(),
                profiles: Vec::new(),
            };
            let facts = Facts::from_snapshot(snapshot);
            let mut evaluation = Evaluation::with_facts(check, facts, Limits::default());
            let report = loop {
                match evaluation.step() {
                    Step::Done(report) => break report,
                    Step::Ask(questions) => {
                        for question in questions {
                            evaluation.answer(question, Answer::NotPossible);
                        }
                    }
                }
            };
            let publish = plan(&report, None).publish;
            let lines: Vec<String> = publish.iter().filter_map(Publication::zone_line).collect();
            assert!(lines.len() >= 2, "{publish:?}");
            let text = format!(
                "$ORIGIN {apex}.\n$TTL 3600\n@ SOA ns hostmaster 1 2h 30m 2w 5m\n@ NS ns\nns A 192.0.2.53\n{}\n",
                lines.join("\n")
            );
            let names = publish.iter().map(|each| each.name.clone()).collect();
            (Loaded { apex: apex.to_owned(), text, names }, publish)
        })
        .collect()
}

/// What a server hands out of what a plan publishes.
fn hands_out(server: &Server) {
    for (_, publish) in planned() {
        for each in publish {
            let record_type = if each.record_type == "MX" { RecordType::Mx } else { RecordType::Txt };
            let Answer::Records(set) = server.ask(&question(&each.name, record_type)) else {
                panic!("no records: {each:?}");
            };
            let text = |record: &Record| match record.joined_text() {
                Some(text) => String::from_utf8(text).expect("text"),
                None => record.to_presentation(),
            };
            let texts: Vec<String> = set.records.iter().map(text).collect();
            assert_eq!(texts, [each.value.expect("something to publish")]);
        }
    }
}

fn loaded(apex: &str, text: &str, names: &[&str]) -> Loaded {
    let owners = text.lines().filter_map(|line| line.split([' ', '\t']).next());
    let owners = owners.filter(|owner| !owner.is_empty() && !owner.starts_with(['$', ';', '@']));
    let names = owners.chain(names.iter().copied()).map(|front| format!("{front}.{apex}"));
    let mut names: BTreeSet<String> = names.collect();
    names.insert(apex.to_owned());
    Loaded { apex: apex.to_owned(), text: text.to_owned(), names }
}

/// A server in a folder of its own; both end with the test.
struct Server {
    process: Child,
    folder: PathBuf,
    socket: UdpSocket,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Server {
    /// Starts a server whose configuration is made for a folder and a port; `None` if it is not installed.
    fn start(
        program: &str,
        zones: &[Loaded],
        configure: impl Fn(&Path, u16) -> (String, Vec<String>),
    ) -> Option<Self> {
        let folder = std::env::temp_dir().join(format!("dmarc-core-{program}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the server");
        for zone in zones {
            fs::write(folder.join(format!("{}.zone", zone.apex)), &zone.text).expect("a zone file");
        }
        let free = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let (configuration, arguments) = configure(&folder, port);
        fs::write(folder.join("server.conf"), configuration).expect("a configuration");
        let log = fs::File::create(folder.join("log")).expect("a log");
        let errors = log.try_clone().expect("a log");
        let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
        let process = Command::new(program)
            .args(arguments)
            .env("PATH", path)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .ok();
        let Some(process) = process else {
            let _ = fs::remove_dir_all(&folder);
            return None;
        };
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.connect(("127.0.0.1", port)).expect("the loopback interface");
        socket.set_read_timeout(Some(Duration::from_millis(500))).expect("a time limit");
        let mut server = Self { process, folder, socket };
        server.wait(&zones[0].apex);
        Some(server)
    }

    fn wait(&mut self, apex: &str) {
        let question = question(apex, RecordType::Soa);
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(20) {
            if matches!(self.try_ask(&question), Some(Answer::Records(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("the server does not answer for {apex}:\n{log}");
    }

    fn try_ask(&self, question: &Question) -> Option<Answer> {
        self.socket.send(&question.to_message(7).expect("a question to the DNS")).ok()?;
        let mut octets = [0; 4096];
        let length = self.socket.recv(&mut octets).ok()?;
        Some(Answer::from_message(question, &octets[..length]).expect("a whole response"))
    }

    fn ask(&self, question: &Question) -> Answer {
        (0..5).find_map(|_| self.try_ask(question)).expect("the server answers")
    }
}

fn question(name: &str, record_type: RecordType) -> Question {
    Question::dns(DomainName::parse(name).expect("a name"), record_type)
}

/// An answer in a form that does not depend on the order of the records.
fn shown(answer: &Answer) -> String {
    match answer {
        Answer::Records(set) => {
            let mut data: Vec<String> = set.records.iter().map(Record::to_presentation).collect();
            data.sort();
            let aliases: Vec<&str> = set.aliases.iter().map(DomainName::as_str).collect();
            format!("{} via [{}] ttl {:?}", data.join(" | "), aliases.join(" "), set.ttl)
        }
        Answer::Failure { reason } => reason.clone(),
        other => format!("{other:?}"),
    }
}

/// What a server that is only authoritative says where the library does not know, or knows more.
fn agrees(ours: Option<&Answer>, theirs: &Answer) -> bool {
    match (ours, theirs) {
        // A name outside the zones or below a delegation: the server refers to others.
        (None, Answer::Failure { reason }) => reason == "REFERRAL",
        // A CNAME loop: BIND fails, Knot DNS hands it out for the reader to notice.
        (Some(Answer::Failure { .. }), Answer::Failure { reason }) => {
            reason == "SERVFAIL" || reason == "CNAME LOOP"
        }
        (Some(ours), theirs) => shown(ours) == shown(theirs),
        (None, _) => false,
    }
}

fn compare(server: &Server, zones: &[Loaded]) {
    let mut asked = 0;
    let mut differences = Vec::new();
    for zone in zones {
        let parsed = Zone::parse(&zone.text, None, &Limits::default());
        assert!(parsed.value.is_some(), "{:?}", parsed.diagnostics);
        // One zone at a time: whether a server follows an alias into another zone is its choice.
        let mut facts = Facts::new();
        facts.add_zone(parsed.value.expect("a zone"));
        for name in &zone.names {
            for record_type in RecordType::ALL {
                let question = question(name, record_type);
                let (ours, theirs) = (facts.look_up(&question), server.ask(&question));
                asked += 1;
                if !agrees(ours.as_ref(), &theirs) {
                    let ours = ours.as_ref().map(shown);
                    differences.push(format!("{name} {record_type}: {ours:?}, server: {}", shown(&theirs)));
                }
            }
        }
    }
    println!("{asked} questions");
    assert!(asked > 500, "too few questions were put: {asked}");
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// Says so past the test runner, which keeps what passing tests print.
fn skipped(server: &str) {
    let _ = writeln!(std::io::stdout(), "1 skipped, {server} is not installed");
}

#[test]
fn bind_gives_the_same_answers() {
    let zones = zones();
    let server = Server::start("named", &zones, |folder, port| {
        let folder = folder.display();
        let mut text = format!(
            "options {{ directory \"{folder}\"; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }};\n\
             recursion no; dnssec-validation no; pid-file none; session-keyfile none; check-names primary ignore; }};\n\
             controls {{ }};\n"
        );
        for zone in &zones {
            text += &format!(
                "zone \"{0}\" {{ type primary; file \"{0}.zone\"; check-integrity no; }};\n",
                zone.apex
            );
        }
        (
            text,
            vec![
                "-g".into(),
                "-4".into(),
                "-n".into(),
                "1".into(),
                "-c".into(),
                format!("{folder}/server.conf"),
            ],
        )
    });
    match server {
        Some(server) => {
            compare(&server, &zones);
            hands_out(&server);
        }
        None => skipped("BIND"),
    }
}

#[test]
fn knot_gives_the_same_answers() {
    let zones = zones();
    let server = Server::start("knotd", &zones, |folder, port| {
        let folder = folder.display();
        let mut text = format!(
            "server:\n  rundir: {folder}\n  listen: 127.0.0.1@{port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n\
             database:\n  storage: {folder}\n\
             template:\n  - id: default\n    storage: {folder}\n    semantic-checks: off\n\
             zone:\n"
        );
        for zone in &zones {
            text += &format!("  - domain: {0}\n    file: {0}.zone\n", zone.apex);
        }
        (text, vec!["-c".into(), format!("{folder}/server.conf")])
    });
    match server {
        Some(server) => {
            compare(&server, &zones);
            hands_out(&server);
        }
        None => skipped("Knot DNS"),
    }
}
