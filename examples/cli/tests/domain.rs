//! `dmarc-check domain`: zone files, snapshots, name servers, and evidence that can be run again.

mod support;

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use support::server::{Server, skipped};
use support::{Run, run, sample};

/// The sample domain over its own zone and those that it refers to.
fn zones() -> Vec<String> {
    ["voorbeeld.example", "kantoor.example", "nieuwsbrieven.example", "stil.example", "kapot.example"]
        .map(|name| sample(&format!("{name}.zone")).to_str().unwrap().to_owned())
        .into()
}

/// Runs `domain` with a fixed time.
fn domain(args: &[&str]) -> Run {
    run(["domain", "--now", "1794960000"].iter().chain(args))
}

fn sample_args() -> Vec<String> {
    let mut args = vec!["voorbeeld.example".to_owned(), "--zone".to_owned()];
    args.push(zones().remove(0));
    args
}

#[test]
fn every_key_of_the_contract_is_there() {
    let args = sample_args();
    let args: Vec<&str> = args.iter().map(String::as_str).chain(["--format", "json"]).collect();
    let document = domain(&args).ends_with(0).json();
    for key in [
        "schema",
        "domain",
        "edition",
        "now",
        "records",
        "effective",
        "profiles",
        "streams",
        "readiness",
        "plan",
        "diagnostics",
        "questions",
    ] {
        assert!(document.get(key).is_some(), "{key} is missing");
    }
    assert_eq!(document["schema"], "dmarc-check/domain/1");
    assert_eq!(document["domain"], "voorbeeld.example");
    assert_eq!(document["now"], 1_794_960_000);
    for key in ["self", "existing_subdomain", "nonexistent_subdomain"] {
        assert_eq!(document["effective"][key]["policy"], "none", "{key}");
    }
    let rules = document["profiles"][0]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 13);
    for rule in rules {
        for key in ["id", "level", "verdict", "evidence", "missing"] {
            assert!(rule.get(key).is_some(), "{key} is missing in {rule}");
        }
    }
    assert!(document["questions"]["rounds"].as_u64().unwrap() >= 1);
    assert!(document["questions"]["asked"].as_u64().unwrap() >= 3);
}

#[test]
fn a_zone_and_a_snapshot_of_the_same_data_give_the_same_verdict() {
    let args = sample_args();
    let args: Vec<&str> = args.iter().map(String::as_str).chain(["--format", "json"]).collect();
    let by_zone = domain(&args).json();
    let snapshot = sample("snapshot.json");
    let by_snapshot =
        domain(&["voorbeeld.example", "--format", "json", "--snapshot", snapshot.to_str().unwrap()]).json();
    // The snapshot has what SPF includes as well, so that there is more to ask.
    assert_eq!(by_zone["effective"], by_snapshot["effective"]);
    assert_eq!(by_zone["records"]["dmarc"]["text"], by_snapshot["records"]["dmarc"]["text"]);
    // What a zone file does not hold, the snapshot adds: signatures, and the policy file.
    let [zone, snapshot] = [&by_zone, &by_snapshot].map(|view| &view["records"]["mx"]["hosts"][0]);
    for key in ["preference", "exchange", "addresses"] {
        assert_eq!(zone[key], snapshot[key], "{key}");
    }
    assert_eq!(zone["tlsa"]["records"], snapshot["tlsa"]["records"]);
    assert_eq!((&zone["dane"], &snapshot["dane"]), (&"unknown".into(), &"authenticated".into()));
    assert_eq!(by_snapshot["records"]["mta_sts"]["policy"]["effective"]["mode"], "testing");
}

#[test]
fn evidence_gives_the_same_verdict_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let saved = folder.path().join("evidence.json");
    let saved = saved.to_str().unwrap();
    let reports = sample("reports");
    for (edition, format, lang) in [
        ("rfc9989", "json", "en"),
        ("rfc9989", "text", "nl"),
        ("rfc7489", "json", "nl"),
        ("rfc7489", "text", "en"),
    ] {
        let zones = zones();
        let mut args = vec!["voorbeeld.example", "stil.example", "kapot.example", "--zone"];
        args.extend(zones.iter().map(String::as_str));
        args.extend(["--reports", reports.to_str().unwrap(), "--save", saved]);
        args.extend(["--edition", edition, "--format", format, "--lang", lang]);
        let first = domain(&args);
        assert!(first.status < 2, "{}", first.stderr);
        // Without reports, time, edition or even names: all of it is in the evidence.
        let names = ["voorbeeld.example", "stil.example", "kapot.example"];
        let options = ["--snapshot", saved, "--format", format, "--lang", lang];
        for again in
            [run(["domain"].iter().chain(&names).chain(&options)), run(["domain"].iter().chain(&options))]
        {
            assert_eq!(again.text(), first.text());
            assert_eq!(again.status, first.status);
        }
        // Evidence of a replay is the same evidence.
        let copy = folder.path().join("copy.json");
        let copy = copy.to_str().unwrap();
        run(["domain"].iter().chain(&options).chain(&["--save", copy]));
        assert_eq!(fs::read_to_string(copy).unwrap(), fs::read_to_string(saved).unwrap());
    }
    let evidence: Value = serde_json::from_slice(&fs::read(saved).unwrap()).unwrap();
    assert_eq!(evidence["captured"], 1_794_960_000);
    let inputs = evidence["evidence"]["inputs"].as_array().unwrap();
    assert_eq!(inputs.len(), 135);
    assert_eq!(inputs[0]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(evidence["evidence"]["edition"], "rfc7489");
    assert!(evidence["evidence"]["versions"]["psl"].is_string());
}

#[test]
fn what_lies_outside_the_zones_is_not_known_and_never_missing() {
    let args = sample_args();
    let zone = &args[2];
    let document = domain(&["example.net", "--zone", zone, "--format", "json"]).json();
    assert_eq!(document["records"]["dmarc"]["status"], "not-known");
    assert_eq!(document["records"]["spf"]["status"], "not-known");
    assert_eq!(document["effective"]["self"], Value::Null);
    for rule in document["profiles"][0]["rules"].as_array().unwrap() {
        assert_ne!(rule["verdict"], "fail", "{rule}");
    }
}

#[test]
fn names_may_stand_before_or_behind_the_options_and_in_unicode() {
    let zones = zones();
    let before =
        domain(&["voorbeeld.example", "--zone", &zones[0], &zones[1], "--format", "json"]).ends_with(0);
    let behind = domain(&["--zone", &zones[0], "--zone", &zones[1], "voorbeeld.example", "--format", "json"]);
    let between = domain(&["--format", "json", "--zone", &zones[0], &zones[1], "--", "voorbeeld.example"]);
    assert_eq!(before.text(), behind.ends_with(0).text());
    assert_eq!(before.text(), between.ends_with(0).text());
    let unicode = domain(&["Bücher.example.", "--zone", &zones[0], "--format", "json"]).json();
    assert_eq!(unicode["domain"], "xn--bcher-kva.example");
}

#[test]
fn several_domains_are_lines_and_a_bad_one_ends_the_job_before_it_begins() {
    let zones = zones();
    let lines =
        domain(&["voorbeeld.example", "oud.voorbeeld.example", "--zone", &zones[0], "--format", "json"])
            .lines();
    let domains: Vec<&str> = lines.iter().map(|line| line["domain"].as_str().unwrap()).collect();
    assert_eq!(domains, ["voorbeeld.example", "oud.voorbeeld.example"]);
    assert_eq!(lines[1]["effective"]["self"]["policy"], "reject");
    let bad = domain(&["voorbeeld.example", "a..b", "--zone", &zones[0]]).ends_with(2);
    assert!(bad.stdout.is_empty());
    assert!(bad.stderr.starts_with("error[input/not-a-name]: "), "{}", bad.stderr);
    for text in ["info@voorbeeld.example", "https://voorbeeld.example/", "", "a b"] {
        let bad = domain(&[text, "--zone", &zones[0]]).ends_with(2);
        assert!(bad.stderr.starts_with("error[input/not-a-name]: "), "{}", bad.stderr);
    }
}

#[test]
fn findings_end_with_1_at_the_level_that_is_asked_for() {
    let zones = zones();
    let status = |level: &str| domain(&["kapot.example", "--zone", &zones[4], "--fail-on", level]).status;
    assert_eq!(status("error"), 1);
    assert_eq!(status("warning"), 1);
    assert_eq!(status("never"), 0);
    assert_eq!(domain(&["kapot.example", "--zone", &zones[4]]).status, 1);
}

#[test]
fn what_cannot_be_used_is_named_with_a_code_in_both_languages() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, octets: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, octets).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let empty = write("empty.txt", b"");
    let page = write("page.json", b"<html></html>");
    let other = write("other.json", b"[]");
    let broken = write("broken.json", b"{\"names\": {\"example.org\": {\"TXT\": [\"v=spf1");
    let forged = write("forged.json", b"{\"names\": {}, \"evidence\": {\"schema\": \"else/1\"}}");
    let missing = folder.path().join("missing.zone");
    let missing = missing.to_str().unwrap();
    let cases: [(&[&str], &str); 9] = [
        (&["--zone", missing], "input/not-found"),
        (&["--zone", folder.path().to_str().unwrap()], "input/not-a-file"),
        (&["--zone", "/dev/zero"], "input/not-a-file"),
        (&["--zone", &empty], "input/not-usable"),
        (&["--snapshot", &page], "input/not-usable"),
        (&["--snapshot", &other], "input/not-usable"),
        (&["--snapshot", &broken], "input/not-usable"),
        (&["--snapshot", &forged], "input/not-usable"),
        (&["--zone", &zones()[0], "--reports", missing], "input/not-found"),
    ];
    for (args, code) in cases {
        for (lang, label) in [("en", "error"), ("nl", "fout")] {
            let mut all = vec!["voorbeeld.example"];
            all.extend(args);
            all.extend(["--lang", lang]);
            let run = domain(&all).ends_with(2);
            assert!(run.stdout.is_empty(), "{args:?}");
            let told = run.stderr.lines().any(|line| line.starts_with(&format!("{label}[{code}]: ")));
            assert!(told, "{args:?}: {}", run.stderr);
        }
    }
}

#[test]
fn evidence_that_cannot_be_written_is_an_error() {
    let args = sample_args();
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    args.extend(["--save", "/no such folder/evidence.json"]);
    let run = domain(&args).ends_with(2);
    assert!(run.stderr.contains("[output/not-saved]"), "{}", run.stderr);
}

#[test]
fn names_and_records_never_reach_the_terminal_raw() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("evil.json");
    let snapshot = json!({ "complete": true, "names": {
        "_dmarc.example.org": { "TXT": ["v=DMARC1; p=none; \u{1b}[2J\u{9b}1m=\u{202e}x"] },
        "example.org": { "TXT": ["v=spf1 \u{1b}]0;t\u{7} -all"], "MX": "\u{1b}[31mSERVFAIL" },
    } });
    fs::write(&path, snapshot.to_string()).unwrap();
    for format in ["text", "json"] {
        let run = domain(&["example.org", "--snapshot", path.to_str().unwrap(), "--format", format]);
        for text in [run.text(), run.stderr.clone()] {
            let hidden = text
                .chars()
                .find(|character| (character.is_control() && *character != '\n') || *character == '\u{202e}');
            assert_eq!(hidden, None, "{text}");
        }
    }
}

/// The document with lists of records in one order: servers give them in theirs.
fn in_one_order(mut document: Value) -> Value {
    if let Some(texts) = document["records"]["spf"]["texts"].as_array_mut() {
        texts.sort_by_key(ToString::to_string);
    }
    document
}

#[test]
fn a_real_name_server_gives_the_verdict_of_its_zone_files() {
    let names = [
        "voorbeeld.example",
        "kantoor.example",
        "nieuwsbrieven.example",
        "stil.example",
        "kapot.example",
        "example",
    ];
    let mut zones = zones();
    // The zone above them, without which a tree walk ends at a server that refuses to answer.
    let folder = tempfile::tempdir().unwrap();
    let above = folder.path().join("example.zone");
    let soa = "@ 3600 IN SOA ns.dns.example.net. hostmaster.dns.example.net. 1 7200 3600 86400 900\n";
    fs::write(&above, format!("{soa}@ 3600 IN NS ns.dns.example.net.\n")).unwrap();
    zones.push(above.to_str().unwrap().to_owned());
    let served: Vec<(&str, &Path)> =
        names.iter().zip(&zones).map(|(name, path)| (*name, Path::new(path.as_str()))).collect();
    let Some(server) = Server::start(&served) else {
        skipped("there is no knotd on this machine");
        return;
    };
    let address = server.address.to_string();
    let saved = folder.path().join("evidence.json");
    let asked = [
        "voorbeeld.example",
        "oud.voorbeeld.example",
        "a.b.klanten.voorbeeld.example",
        "stil.example",
        "kapot.example",
    ];
    for edition in ["rfc9989", "rfc7489"] {
        let options = ["--edition", edition, "--format", "json"];
        let mut offline: Vec<&str> = asked.into();
        offline.push("--zone");
        offline.extend(zones.iter().map(String::as_str));
        offline.extend(options);
        let mut online: Vec<&str> = asked.into();
        online.extend(["--resolver", &address, "--save", saved.to_str().unwrap()]);
        online.extend(options);
        let (offline, online) = (domain(&offline), domain(&online));
        assert_eq!(offline.status, online.status, "{}", online.stderr);
        // What the server said can be judged again without it.
        let again = run(["domain", "--snapshot", saved.to_str().unwrap(), "--format", "json"]);
        assert_eq!(again.text(), online.text());
        for (by_zone, by_server) in offline.lines().into_iter().zip(online.lines()) {
            let (by_zone, by_server) = (in_one_order(by_zone), in_one_order(by_server));
            for key in ["domain", "effective", "questions"] {
                assert_eq!(by_zone[key], by_server[key], "{key} of {}", by_zone["domain"]);
            }
            let codes = |document: &Value| -> Vec<String> {
                let found = document["diagnostics"].as_array().unwrap();
                found.iter().map(|found| found["code"].to_string()).collect()
            };
            assert_eq!(codes(&by_zone), codes(&by_server), "{}", by_zone["domain"]);
            for part in ["spf", "mx", "domainkey"] {
                assert_eq!(
                    by_zone["records"][part], by_server["records"][part],
                    "{part} of {}",
                    by_zone["domain"]
                );
            }
            assert_eq!(by_zone["records"]["dmarc"]["text"], by_server["records"]["dmarc"]["text"]);
        }
    }
}

#[test]
fn a_server_that_nobody_runs_is_not_usable() {
    // Nothing listens on the discard port of the loopback.
    let run = domain(&["voorbeeld.example", "--resolver", "127.0.0.1:9"]).ends_with(2);
    assert!(run.stderr.contains("[resolver/not-usable]"), "{}", run.stderr);
    assert!(run.stdout.is_empty());
}

#[test]
fn nothing_is_asked_of_the_network_beside_zones_and_snapshots() {
    // A name that only a resolver could know stays unknown, and no time is lost on asking.
    let begin = std::time::Instant::now();
    let args = sample_args();
    domain(&["example.com", "--zone", &args[2]]);
    assert!(begin.elapsed().as_secs() < 3);
}

#[test]
fn selectors_come_from_reports_and_from_messages() {
    let (zone, reports) = (sample("voorbeeld.example.zone"), sample("reports"));
    let folder = tempfile::tempdir().unwrap();
    let message = folder.path().join("message.eml");
    let text = "DKIM-Signature: v=1; a=rsa-sha256; d=voorbeeld.example; s=kantoor1; h=from; bh=; b=\r\n\r\n";
    fs::write(&message, text).unwrap();
    let sources = |args: &[&str]| {
        let given =
            [&["voorbeeld.example", "--zone", zone.to_str().unwrap(), "--format", "json"], args].concat();
        let view = domain(&given).json();
        let selectors = view["records"]["dkim"]["selectors"].as_array().unwrap().clone();
        selectors.iter().map(|one| format!("{} {}", one["selector"], one["sources"])).collect::<Vec<_>>()
    };
    let reports = ["--reports", reports.to_str().unwrap()];
    let message = ["--message", message.to_str().unwrap()];
    assert_eq!(sources(&[]), [""; 0]);
    assert_eq!(sources(&message), [r#""kantoor1" ["messages"]"#]);
    assert_eq!(sources(&reports), [r#""kantoor1" ["reports"]"#, r#""kantoor2" ["reports"]"#]);
    let both = [&reports[..], &message, &["--selector", "kantoor2"]].concat();
    assert_eq!(
        sources(&both),
        [r#""kantoor1" ["messages","reports"]"#, r#""kantoor2" ["context","reports"]"#]
    );
}

#[test]
fn where_reports_go_is_told_with_what_is_missing_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("names.json");
    let record = "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@yes.example,mailto:c@no.example,mailto:d@open.test";
    let snapshot = json!({ "complete": true, "names": {
        "_dmarc.example.com": { "TXT": [record] },
        "example.com._report._dmarc.yes.example": { "TXT": ["v=DMARC1"] },
        "example.com._report._dmarc.open.test": { "TXT": { "status": "failure", "reason": "SERVFAIL" } },
    } });
    fs::write(&path, snapshot.to_string()).unwrap();
    let text = domain(&["example.com", "--details", "--snapshot", path.to_str().unwrap()]).text();
    let lines: Vec<&str> = text.lines().skip_while(|line| *line != "Where reports go").collect();
    let said =
        |start: &str| lines.iter().find(|line| line.contains(start)).map(|line| line.trim_end().to_owned());
    assert!(said("a@example.com").unwrap().ends_with("own organization"), "{text}");
    assert!(said("b@yes.example").unwrap().ends_with("yes"), "{text}");
    assert!(said("c@no.example").unwrap().ends_with("no"), "{text}");
    assert!(said("d@open.test").unwrap().ends_with("not known"), "{text}");
    let line = r#"example.com._report._dmarc.no.example. IN TXT "v=DMARC1;""#;
    assert!(text.contains(&format!("  no.example has to publish:\n    {line}\n")), "{text}");
}

#[test]
fn the_mta_sts_policy_comes_from_a_file_or_the_web_and_is_kept_as_evidence() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (policy, evidence) = (at("mta-sts.txt"), at("evidence.json"));
    fs::write(&policy, "version: STSv1\nmode: enforce\nmx: mx1.voorbeeld.example\nmax_age: 604800\n")
        .unwrap();
    let zone = sample("voorbeeld.example.zone");
    let json = ["voorbeeld.example", "--format", "json"];
    let by_file = ["--zone", zone.to_str().unwrap(), "--mta-sts-policy", &policy, "--save", &evidence];
    let codes = |view: &Value| {
        let found = view["diagnostics"].as_array().unwrap().iter();
        found.map(|one| one["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let view = domain(&[&json[..], &by_file].concat()).ends_with(1).json();
    assert_eq!(view["records"]["mta_sts"]["policy"]["effective"]["mode"], "enforce");
    assert!(codes(&view).contains(&"domain/mta-sts-host-missing".to_owned()), "mx2 is not named: {view}");
    let again = domain(&[&json[..], &["--snapshot", &evidence]].concat()).ends_with(1).json();
    assert_eq!(again, view);

    // A file is one domain's, and without a name server nothing is fetched.
    let two =
        domain(&["a.example", "b.example", "--zone", zone.to_str().unwrap(), "--mta-sts-policy", &policy]);
    assert!(two.ends_with(2).stderr.contains("--mta-sts-policy"));
    let offline = domain(&["voorbeeld.example", "--zone", zone.to_str().unwrap(), "--fetch"]);
    assert!(offline.ends_with(2).stderr.contains("--fetch"));
}

#[test]
fn a_policy_that_cannot_be_fetched_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("web.example.zone");
    let zone = "$ORIGIN web.example.\n$TTL 60\n@ SOA ns host 1 1 1 1 1\n@ NS ns\nns A 127.0.0.1\n\
                _mta-sts TXT \"v=STSv1; id=1\"\nmta-sts A 127.0.0.1\n";
    fs::write(&path, zone).unwrap();
    let Some(server) = Server::start(&[("web.example", &path)]) else {
        return skipped("no knotd here");
    };
    let address = server.address.to_string();
    let args = ["web.example", "--resolver", &address, "--format", "json", "--fail-on", "never"];
    let policy = |further: &[&str]| {
        let view = domain(&[&args[..], further].concat()).ends_with(0).json();
        view["records"]["mta_sts"]["policy"]["status"].clone()
    };
    assert_eq!(policy(&[]), "not-known");
    assert_eq!(policy(&["--fetch"]), "failure");
}
