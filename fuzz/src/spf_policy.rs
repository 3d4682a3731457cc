//! Laws of SPF policies: what is said about every client at once holds for each of them.

use std::collections::BTreeSet;
use std::net::IpAddr;

use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dns::{Record, Snapshot};
use dmarc_core::evaluation::{Answer, AnswerDocument, Check, Evaluation, Facts, Inquiry, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::spf::analysis::rewrite::rewrites;
use dmarc_core::spf::analysis::{Analysis, Analyze, Conventions, Family, Outcome, view};
use dmarc_core::spf::{CheckHost, Evaluated};
use serde_json::{Map, Value, json};

/// The names that records stand at; the first is the one that is analyzed.
const NAMES: [&str; 6] = [
    "example.com",
    "a.example.com",
    "b.example.net",
    "c.example.org",
    "in-addr.example.com",
    "ip6.example.com",
];
/// Clients that are evaluated one by one, per case.
const SAMPLES: usize = 24;

/// Takes octets one by one; zero when there are no more.
struct Script<'a>(std::slice::Iter<'a, u8>);

impl Script<'_> {
    fn next(&mut self) -> u8 {
        self.0.next().copied().unwrap_or(0)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from.get(usize::from(self.next()) % from.len()).copied().unwrap_or_default()
    }

    /// A record of any octets.
    fn octets(&mut self) -> Vec<u8> {
        let mut octets = b"v=spf1 ".to_vec();
        for _ in 0..self.next() % 32 {
            octets.push(self.next());
        }
        octets
    }

    fn term(&mut self) -> String {
        let sign = self.pick(&["", "", "", "-", "~", "?"]);
        let kind = self.next();
        let argument = self.next();
        let host = format!("h{}.example.net", argument % 8);
        let name = NAMES.get(usize::from(argument) % NAMES.len()).copied().unwrap_or_default();
        let mechanism = match kind % 24 {
            0 | 1 => format!("ip4:192.0.2.{argument}/{}", 24 + argument % 9),
            2 => format!("ip6:2001:db8::{argument:x}/{}", 120 + argument % 9),
            3..=6 => format!("include:{name}"),
            7 | 8 => format!("a:{host}"),
            9 => format!("a:{host}/{}//{}", 24 + argument % 9, 120 + argument % 9),
            10 => format!("mx:{name}"),
            11 => "mx/30".to_owned(),
            12 => format!("exists:{host}"),
            13 => "include:%{v}.example.com".to_owned(),
            14 => "a:%{dr}.example.com".to_owned(),
            15 => format!("ip4:{argument}.0.0.0/{}", argument % 5),
            16 => "include:gone.example.com".to_owned(),
            17 => "exists:%{i}.example.com".to_owned(),
            18 => "ptr".to_owned(),
            19 => "a:%{p}.example.com".to_owned(),
            20 => format!("exists:%{{p}}.{host}"),
            21 => format!("include:{name}"),
            22 => "a:gone.example.com".to_owned(),
            _ => "ip6:2001:db8::/31".to_owned(),
        };
        format!("{sign}{mechanism}")
    }

    fn record(&mut self) -> String {
        let mut terms: Vec<String> = (0..self.next() % 7).map(|_| self.term()).collect();
        let end = match self.next() % 6 {
            0 => None,
            1 => Some(format!("redirect={}", self.pick(&NAMES))),
            2 => Some("?all".to_owned()),
            3 => Some("~all".to_owned()),
            _ => Some("-all".to_owned()),
        };
        if let Some(end) = end {
            // Mostly where it belongs.
            let place = usize::from(self.next());
            terms.insert(if place % 4 == 0 { place % (terms.len() + 1) } else { terms.len() }, end);
        }
        if self.next() % 16 == 0 {
            terms.push("exp=why.example.com".to_owned());
        }
        [vec!["v=spf1".to_owned()], terms].concat().join(" ")
    }

    fn zone(&mut self) -> Map<String, Value> {
        let mut zone = Map::new();
        for number in 0..8 {
            let shape = self.next();
            let mut host = Map::new();
            if shape & 1 != 0 {
                host.insert("A".to_owned(), json!([format!("192.0.2.{}", self.next()), "198.51.100.7"]));
            }
            if shape & 2 != 0 {
                host.insert("AAAA".to_owned(), json!([format!("2001:db8::{:x}", self.next())]));
            }
            if shape & 28 == 28 {
                host.insert("A".to_owned(), json!("SERVFAIL"));
            }
            zone.insert(format!("h{number}.example.net"), host.into());
        }
        for address in ["1.2.0.192", "7.100.51.198"] {
            let names: Vec<String> =
                (0..self.next() % 3).map(|_| self.pick(&NAMES).to_owned() + ".").collect();
            if !names.is_empty() {
                let name = format!("{address}.in-addr.arpa");
                let mut records = Map::new();
                records.insert("PTR".to_owned(), json!(names));
                zone.insert(name, records.into());
            }
        }
        for name in NAMES {
            let mut entry = Map::new();
            match self.next() % 16 {
                0 => {}
                1 => drop(entry.insert("TXT".to_owned(), json!(["v=spf1 a:oops/99 -all"]))),
                2 => drop(entry.insert("TXT".to_owned(), json!("TIMEOUT"))),
                3 => drop(entry.insert("TXT".to_owned(), json!(["v=spf1 a -all", "v=spf1 mx -all"]))),
                _ => drop(entry.insert("TXT".to_owned(), json!([self.record()]))),
            }
            if self.next() % 4 == 0 {
                entry.insert("A".to_owned(), json!(["198.51.100.7"]));
            }
            let hosts: Vec<String> = (0..self.next() % 12)
                .map(|preference| format!("{preference} h{}.example.net.", self.next() % 8))
                .collect();
            if !hosts.is_empty() {
                entry.insert("MX".to_owned(), json!(hosts));
            }
            zone.insert(name.to_owned(), entry.into());
        }
        zone
    }
}

fn facts(names: &Map<String, Value>) -> Facts {
    let snapshot: Snapshot =
        serde_json::from_value(json!({ "complete": true, "names": names })).expect("a snapshot");
    Facts::from_snapshot(&snapshot)
}

/// What a check finds out over a zone that leaves no question.
fn run<C: Check>(check: &C, facts: &Facts) -> C::Report {
    check.run(&mut Inquiry::new(facts)).unwrap_or_else(|_| panic!("the zone is complete"))
}

fn analyze(facts: &Facts) -> Analysis {
    run(&Analyze::new("example.com".parse().expect("a name")), facts)
}

fn check_host(facts: &Facts, ip: IpAddr, conventions: Conventions) -> Evaluated {
    let mut check = CheckHost::mail_from(ip, "info@example.com", "mx.example.com");
    check.conventions = conventions;
    run(&check, facts)
}

/// As a policy reads, were there no limits that a finite tree of these names can reach: seven terms in
/// each of six records on a path.
fn unlimited() -> Conventions {
    let mut conventions = Conventions::default();
    conventions.lookups = 20_000;
    conventions.voids = 20_000;
    conventions
}

/// The first and last address of every range that is decided alike.
fn samples(analysis: &Analysis) -> Vec<IpAddr> {
    let mut samples: Vec<IpAddr> = Family::ALL
        .into_iter()
        .flat_map(|family| {
            let (limited, meant) =
                (analysis.surface(family).ends(), analysis.surface_without_limits(family).ends());
            let ranges = limited.chain(meant).flat_map(|(.., set)| set.ranges());
            ranges.flat_map(|range| [range.first, range.last]).take(SAMPLES).collect::<Vec<_>>()
        })
        .collect();
    samples.push("::ffff:192.0.2.1".parse().expect("an address"));
    samples
}

/// The surface has an address under a result exactly when `check_host` gives that result; no client
/// costs more than the greatest or less than the least count, and the witness costs the most.
///
/// Returns whether the policy was in the exact class, and the codes of what was found in it, for tests
/// that want every kind.
pub fn agrees(octets: &[u8]) -> (bool, BTreeSet<&'static str>) {
    let names = Script(octets.iter()).zone();
    let facts = facts(&names);
    let analysis = analyze(&facts);
    for ip in samples(&analysis) {
        let verdict = analysis.address(ip).expect("every address has a place");
        let found = check_host(&facts, ip, Conventions::default());
        let result = found.result.expect("the zone is complete").as_str();
        assert!(!verdict.ends.is_empty());
        if verdict.outcome == Outcome::Undetermined {
            assert!(
                verdict.ends.iter().any(|(outcome, ..)| outcome.as_str() == result),
                "{ip}: {result} {names:?}"
            );
        } else {
            assert_eq!(verdict.outcome.as_str(), result, "{ip} {names:?}");
        }
        let interval = analysis.interval(Family::of(ip).0);
        let Some(most) = interval.most else { continue };
        let found = check_host(&facts, ip, unlimited());
        assert!(found.lookups <= most, "{ip} costs {} of {most}: {names:?}", found.lookups);
        assert!(interval.least.is_some_and(|least| least <= found.lookups), "{ip}: {names:?}");
        assert!(interval.most_voids.is_some_and(|most| found.voids <= most), "{ip}: {names:?}");
    }
    for family in Family::ALL {
        let interval = analysis.interval(family);
        if let Some(witness) = interval.most_by {
            assert_eq!(
                Some(check_host(&facts, witness, unlimited()).lookups),
                interval.most,
                "{witness} {names:?}"
            );
        }
        if let Some(witness) = interval.most_voids_by {
            assert_eq!(
                Some(check_host(&facts, witness, unlimited()).voids),
                interval.most_voids,
                "{witness} {names:?}"
            );
        }
    }
    let codes = analysis.findings().iter().map(|(found, _)| found.rule.code).collect();
    (analysis.ipv4.exact && analysis.ipv6.exact, codes)
}

/// A rewrite that claims to change nothing changes nothing for any client.
///
/// Returns how many such rewrites there were.
pub fn equal_rewrites_are_equal(octets: &[u8]) -> usize {
    let names = Script(octets.iter()).zone();
    let before = facts(&names);
    let analysis = analyze(&before);
    let equal: Vec<_> =
        rewrites(&analysis, None).into_iter().filter(|rewrite| rewrite.equal == Some(true)).collect();
    for rewrite in &equal {
        let mut changed = names.clone();
        for record in &rewrite.records {
            let mut entry =
                changed.get(record.name.as_str()).and_then(Value::as_object).cloned().unwrap_or_default();
            entry.insert("TXT".to_owned(), json!([record.text]));
            changed.insert(record.name.to_string(), entry.into());
        }
        let after = facts(&changed);
        for ip in samples(&analysis) {
            // What has no end without limits is not compared: it ends by them alone.
            if analysis.interval(Family::of(ip).0).most.is_none() {
                continue;
            }
            let (one, other) = (check_host(&before, ip, unlimited()), check_host(&after, ip, unlimited()));
            assert_eq!(one.result, other.result, "{ip} {:?} {names:?}", rewrite.records);
        }
    }
    equal.len()
}

/// Whatever is answered, an analysis and an evaluation end within their limits.
pub fn ends(octets: &[u8]) {
    let mut script = Script(octets.iter());
    let analysis = drive(Analyze::new("example.com".parse().expect("a name")), &mut script);
    let shown = view::analysis(&analysis, &Catalog::embedded(Language::En));
    assert_eq!(shown["schema"], "dmarc-check/spf/1");
    let check = CheckHost::mail_from([192, 0, 2, 1].into(), "info@example.com", "mx.example.com");
    let conventions = check.conventions.clone();
    let found = drive(check, &mut script);
    assert!(found.lookups <= conventions.lookups + 1 && found.voids <= conventions.voids + 1);
    // Whatever a caller allows, it ends.
    let mut check = CheckHost::mail_from([192, 0, 2, 1].into(), "info@example.com", "mx.example.com");
    check.conventions.lookups = 2_000;
    check.conventions.voids = u32::MAX;
    drive(check, &mut script);
}

fn drive<C: Check>(check: C, script: &mut Script<'_>) -> C::Report {
    let limits = Limits::default();
    let rounds = limits.rounds;
    let mut evaluation = Evaluation::with_facts(check, Facts::new(), limits);
    let mut steps = 0;
    loop {
        let questions = match evaluation.step() {
            Step::Ask(questions) => questions,
            Step::Done(report) => return report,
        };
        steps += 1;
        assert!(steps <= rounds);
        for question in questions {
            if let Some(answer) = hostile(&question, script) {
                evaluation.answer(question, answer);
            }
        }
    }
}

/// Answers that lead on for ever, to itself, or nowhere; or none at all.
fn hostile(question: &Question, script: &mut Script<'_>) -> Option<Answer> {
    let document = match script.next() % 10 {
        8 => return Some(Answer::records(vec![Record::Txt(vec![script.octets()])])),
        9 => return Some(Answer::records(vec![Record::Cname("a.example.com".parse().expect("a name"))])),
        0 => json!({ "status": "nxdomain" }),
        1 => json!({ "status": "failure", "reason": "SERVFAIL" }),
        2 => return None,
        3 => json!({ "data": ["v=spf1 include:a.%{d} include:b.%{d} a:c.%{d} -all"] }),
        4 => json!({ "data": ["v=spf1 include:%{d} redirect=%{d}"] }),
        5 => json!({ "data": [format!("{} -all", "include:x.%{d} ".repeat(30)), "v=spf1 -all"] }),
        _ => json!({ "data": [script.record()] }),
    };
    let Question::Dns { record_type, .. } = question else { return None };
    let document = match record_type.as_str() {
        "TXT" => document,
        "A" => {
            json!({ "data": (0..50).map(|number| format!("198.51.100.{}", number * 2)).collect::<Vec<_>>() })
        }
        "AAAA" => json!({ "data": ["2001:db8::1"] }),
        _ => json!({ "data": (0..60).map(|number| format!("1 h{number}.example.net.")).collect::<Vec<_>>() }),
    };
    let document: AnswerDocument = serde_json::from_value(document).ok()?;
    document.into_answer(question).ok()
}
