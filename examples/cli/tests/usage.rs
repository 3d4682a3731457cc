//! What is typed wrong, help in both languages, and the sample as a person reads it.

mod support;

use std::fs;
use std::path::Path;

use support::{Run, run, sample};

#[test]
fn mistakes_have_a_code_and_a_sentence_in_both_languages() {
    let cases: [(&[&str], &str); 9] = [
        (&[], "usage/no-command"),
        (&["recrd", "x"], "usage/unknown-command"),
        (&["record"], "usage/missing-argument"),
        (&["record", "a", "b"], "usage/unexpected-argument"),
        (&["record", "x", "--knd", "spf"], "usage/unknown-option"),
        (&["record", "x", "--kind", "bimi"], "usage/invalid-value"),
        (&["record", "x", "--kind"], "usage/no-value"),
        (&["domain", "a.example", "--zone", "x", "--snapshot", "y"], "usage/conflict"),
        (&["domain"], "usage/missing-argument"),
    ];
    for (args, code) in cases {
        for (lang, label) in [("en", "error"), ("nl", "fout")] {
            let run = run(["--lang", lang].iter().chain(args)).ends_with(2);
            assert!(run.stderr.starts_with(&format!("{label}[{code}]: ")), "{args:?}: {}", run.stderr);
            assert!(run.stdout.is_empty());
            assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        }
    }
}

#[test]
fn help_explains_every_option_in_both_languages() {
    for (lang, usage) in [("en", "Usage: "), ("nl", "Gebruik: ")] {
        for command in [None, Some("record"), Some("reports"), Some("domain"), Some("spf")] {
            let mut args = vec!["--help", "--lang", lang];
            args.extend(command);
            let text = run(&args).ends_with(0).text();
            assert!(text.contains(usage), "{text}");
            for line in text.lines().filter(|line| line.trim_start().starts_with("--")) {
                let explained = line.trim().split_once("  ").is_some_and(|(_, text)| !text.trim().is_empty());
                assert!(explained, "{line}");
            }
        }
    }
}

#[test]
fn the_version_names_the_parts() {
    let text = run(["--version"]).ends_with(0).text();
    for part in ["dmarc-check ", "dmarc-core ", "psl "] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(run(["-V"]).ends_with(0).text().lines().count(), 1);
}

/// Compares with what is checked in; `UPDATE_SNAPSHOTS=1` writes it anew.
#[track_caller]
fn matches_snapshot(run: &Run, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots");
    let path = folder.join(name);
    // Paths of the sample depend on where the workspace lies.
    let text = run.text().replace(sample("").to_str().unwrap(), "");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(&folder).unwrap();
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name} differs; run with UPDATE_SNAPSHOTS=1 and read what changes");
}

#[test]
fn the_sample_reads_well_in_both_languages() {
    let zone = sample("voorbeeld.example.zone");
    let broken = sample("kapot.example.zone");
    let reports = sample("reports");
    let heavy = sample("zwaar.example.zone");
    let [zone, broken, reports, heavy] =
        [&zone, &broken, &reports, &heavy].map(|path| path.to_str().unwrap());
    for lang in ["en", "nl"] {
        let common = ["--lang", lang];
        let now = ["--now", "1794960000"];
        let domain = ["domain", "voorbeeld.example", "--zone", zone, "--reports", reports];
        let run_domain = run(domain.iter().chain(&now).chain(&common));
        for raw in ["dns:", "context:", "reports:"] {
            assert!(!run_domain.text().contains(raw), "`{raw}` has no words in {lang}");
        }
        matches_snapshot(&run_domain, &format!("domain.{lang}.txt"));
        let run_details = run(domain.iter().chain(&["--details"]).chain(&now).chain(&common));
        for raw in ["dns:", "context:"] {
            assert!(!run_details.text().contains(raw), "`{raw}` has no words in {lang}");
        }
        matches_snapshot(&run_details, &format!("domain-details.{lang}.txt"));
        let domain = ["domain", "kapot.example", "--zone", broken];
        matches_snapshot(&run(domain.iter().chain(&now).chain(&common)), &format!("broken.{lang}.txt"));
        matches_snapshot(&run(["reports", reports].iter().chain(&common)), &format!("reports.{lang}.txt"));
        let record = ["record", "v=DMARC1; p=quarantaine; rua=dmarc@example.org; apsf=s"];
        matches_snapshot(&run(record.iter().chain(&common)), &format!("record.{lang}.txt"));
        let record =
            ["record", "v=spf1 mx include:_spf.example.org ip4:192.0.2.0/24 exp=why.example.org -all"];
        matches_snapshot(&run(record.iter().chain(&common)), &format!("spf.{lang}.txt"));
        let policy = ["spf", "zwaar.example", "--zone", heavy, "--rewrite", "--ip", "203.0.113.200"];
        let compared = ["--compare", "v=spf1 mx ip4:192.0.2.0/27 include:_spf.kantoorpakket.example ~all"];
        let policy = run(policy.iter().chain(&compared).chain(&common));
        matches_snapshot(&policy, &format!("policy.{lang}.txt"));
        let keys =
            ["dkim", "voorbeeld.example", "--zone", zone, "--selector", "kantoor1", "fact2019", "none"];
        matches_snapshot(&run(keys.iter().chain(&common)), &format!("dkim.{lang}.txt"));
    }
}

/// Runs the program in a terminal of its own, made by `script`; `None` if there is none.
#[cfg(target_os = "linux")]
fn in_terminal(arguments: &str, colorless: bool) -> Option<String> {
    let command = format!("stty cols 120; {} {arguments}", env!("CARGO_BIN_EXE_dmarc-check"));
    let mut script = support::command_of("script");
    script.args(["-qec", &command, "/dev/null"]).stdin(std::process::Stdio::null());
    script.env("TERM", "xterm-256color");
    if colorless {
        script.env("NO_COLOR", "1");
    }
    let output = script.output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(target_os = "linux")]
#[test]
fn color_and_progress_are_for_terminals_and_no_color_is_respected() {
    let reports = sample("reports");
    let reports = format!("reports {}", reports.display());
    let (Some(colored), Some(plain)) = (in_terminal(&reports, false), in_terminal(&reports, true)) else {
        support::server::skipped("there is no script(1) on this machine");
        return;
    };
    assert!(colored.contains("\u{1b}[1m"), "headings are bold: {colored:?}");
    assert!(colored.contains("/135"), "a bar is drawn: {colored:?}");
    let report = plain.rsplit("Count").next().unwrap();
    assert!(!report.contains("\u{1b}[3"), "{report:?}");
    let piped = run(reports.split(' '));
    assert!(!piped.text().contains('\u{1b}') && piped.stderr.is_empty(), "{}", piped.stderr);
    // Where a person looks on, JSON is indented.
    let record = in_terminal("record 'v=DMARC1; p=none' --format json", false).unwrap();
    assert!(record.contains("\n  \"schema\""), "{record:?}");
}
