//! `dmarc-check change`: what becomes of reported mail under other records.

mod support;

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use support::run;
use tempfile::TempDir;

/// The sample's folder.
fn data(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../data");
    folder.join(name).to_string_lossy().into_owned()
}

/// The sample's zone with something else in place of a text.
fn zone(folder: &TempDir, from: &str, to: &str) -> String {
    let text = fs::read_to_string(data("voorbeeld.example.zone")).unwrap();
    assert!(text.contains(from), "{from}");
    let path = folder.path().join("voorbeeld.example.zone");
    fs::write(&path, text.replace(from, to)).unwrap();
    path.to_string_lossy().into_owned()
}

fn change(to: &str, more: &[&str]) -> support::Run {
    let (zone, other, reports) =
        (data("voorbeeld.example.zone"), data("nieuwsbrieven.example.zone"), data("reports"));
    let args = ["change", "--from", &zone, &other, "--to", to, &other, "--reports", &reports];
    run([&args[..], more].concat())
}

fn stream<'a>(rehearsed: &'a Value, key: &str) -> &'a Value {
    let streams = rehearsed["streams"].as_array().unwrap();
    streams.iter().find(|stream| stream["key"] == key).unwrap_or_else(|| panic!("no {key}"))
}

/// Messages of the newsletter that reports of the sample count once.
const NEWSLETTER: u64 = 3_724;

#[test]
fn reject_today_would_lose_the_newsletter_and_not_once_it_signs() {
    let folder = TempDir::new().unwrap();
    let reject = zone(&folder, "v=DMARC1; p=none;", "v=DMARC1; p=reject;");
    let found = change(&reject, &["--format", "json", "--max-loss", "1%"]).ends_with(1).json();
    assert_eq!(found["schema"], "dmarc-check/change/1");
    for rehearsed in found["editions"].as_array().unwrap() {
        let newsletter = stream(rehearsed, "foreign:nieuwsbrieven.example");
        assert_eq!(newsletter["newly_enforced"], NEWSLETTER);
        assert_eq!(newsletter["class"], "misconfigured");
        assert!(rehearsed["loss"].as_u64().unwrap() >= NEWSLETTER);
        let by = rehearsed["loss_by"].as_object().unwrap();
        let causes: u64 = by.values().map(|messages| messages.as_u64().unwrap()).sum();
        assert_eq!(Some(causes), rehearsed["loss"].as_u64());
        assert_eq!(by["misconfigured"], NEWSLETTER);
        assert!(by["accidents"].as_u64().unwrap() > 0 && by["change"] == 0);
        assert!(rehearsed["stopped"].as_u64().unwrap() > 1_000);
        let totals = &rehearsed["totals"];
        assert_eq!((totals["undecided"].as_u64(), totals["lost_pass"].as_u64()), (Some(0), Some(0)));
    }
    // The key of its own name is there already; it only has to use it.
    let signs = "nieuwsbrieven.example=nb1._domainkey.nieuwsbrief.voorbeeld.example";
    let found =
        change(&reject, &["--format", "json", "--max-loss", "1%", "--signs", signs]).ends_with(0).json();
    for rehearsed in found["editions"].as_array().unwrap() {
        let newsletter = stream(rehearsed, "foreign:nieuwsbrieven.example");
        assert_eq!(
            (newsletter["newly_enforced"].as_u64(), newsletter["gained"].as_u64()),
            (Some(0), Some(NEWSLETTER))
        );
    }
    // A key that is not among the records is no help.
    let signs = "nieuwsbrieven.example=nb9._domainkey.voorbeeld.example";
    let found = change(&reject, &["--format", "json", "--signs", signs]).ends_with(0).json();
    let newsletter = stream(&found["editions"][0], "foreign:nieuwsbrieven.example");
    assert_eq!(newsletter["newly_enforced"], NEWSLETTER);
    // The key lies behind an alias whose target the records at hand do not have.
    let (from, reports) = (data("voorbeeld.example.zone"), data("reports"));
    let signs = "nieuwsbrieven.example=nb1._domainkey.nieuwsbrief.voorbeeld.example";
    let args = [
        "change",
        "--from",
        &from,
        "--to",
        &reject,
        "--reports",
        &reports,
        "--format",
        "json",
        "--signs",
        signs,
    ];
    let found = run(args).ends_with(0).json();
    for rehearsed in found["editions"].as_array().unwrap() {
        let newsletter = stream(rehearsed, "foreign:nieuwsbrieven.example");
        let told = [&newsletter["newly_enforced"], &newsletter["gained"], &newsletter["undecided"]];
        assert_eq!(told.map(Value::as_u64), [Some(0), Some(0), Some(NEWSLETTER)]);
    }
}

#[test]
fn what_does_not_change_loses_nothing() {
    let same = data("voorbeeld.example.zone");
    let found = change(&same, &["--format", "json", "--max-loss", "0"]).ends_with(0).json();
    for rehearsed in found["editions"].as_array().unwrap() {
        let totals = &rehearsed["totals"];
        for key in ["gained", "lost_pass", "newly_enforced", "released"] {
            assert_eq!(totals[key], 0, "{key}");
        }
        assert_eq!(totals["passed_before"], totals["passed_after"]);
    }
}

#[test]
fn a_key_that_is_taken_away_and_a_term_that_is_left_out_are_seen() {
    let folder = TempDir::new().unwrap();
    let found = change(&zone(&folder, "kantoor2._domainkey", "kantoor3._domainkey"), &["--format", "json"]);
    let found = found.ends_with(0).json();
    // The office suite's mail still passes by SPF, but for what was sent on or came from the new range.
    let lost = found["editions"][0]["totals"]["lost_pass"].as_u64().unwrap();
    assert!((500..20_000).contains(&lost), "{lost}");
    let spf = zone(&folder, "a:facturen.voorbeeld.example ", "");
    let found = change(&spf, &["--format", "json"]).ends_with(0).json();
    // Invoices carry no signature: nothing else passes.
    let invoices = stream(&found["editions"][0], "spf:voorbeeld.example");
    assert_eq!(invoices["lost_pass"], invoices["messages"]);
}

#[test]
fn a_sentence_says_what_is_lost_in_both_languages() {
    let folder = TempDir::new().unwrap();
    let reject = zone(&folder, "v=DMARC1; p=none;", "v=DMARC1; p=reject;");
    let english = change(&reject, &["--edition", "rfc9989"]).ends_with(0).text();
    assert!(english.contains("messages of your own senders would be quarantined or rejected"), "{english}");
    let dutch = change(&reject, &["--edition", "rfc9989", "--lang", "nl"]).ends_with(0).text();
    assert!(dutch.contains("berichten van uw eigen verzenders"), "{dutch}");
    let mistake = change(&reject, &["--signs", "nothing"]).ends_with(2);
    assert!(mistake.stderr.contains("SENDER=SELECTOR._domainkey.DOMAIN"), "{}", mistake.stderr);
}

/// The simple what-if: tags of one record.
fn set(tags: &[&str], more: &[&str]) -> support::Run {
    let (zone, other, reports) =
        (data("voorbeeld.example.zone"), data("nieuwsbrieven.example.zone"), data("reports"));
    let args = ["change", "voorbeeld.example", "--from", &zone, &other, "--reports", &reports];
    run([&args[..], &["--set"], tags, more].concat())
}

#[test]
fn tags_that_are_set_are_the_same_as_another_zone() {
    let folder = TempDir::new().unwrap();
    let reject = zone(&folder, "v=DMARC1; p=none;", "v=DMARC1; p=reject;");
    let by_zone = change(&reject, &["--format", "json"]).ends_with(0).json();
    let by_tag = set(&["p=reject"], &["--format", "json"]).ends_with(0).json();
    assert_eq!(by_zone["editions"], by_tag["editions"]);
    assert_eq!(by_tag["record"]["name"], "_dmarc.voorbeeld.example");
    assert!(by_tag["record"]["to"].as_str().unwrap().starts_with("v=DMARC1; p=reject; "));
    let found = set(&["p=reject", "t=y"], &["--format", "json", "--max-loss", "1%"]).ends_with(1).json();
    // In test mode it is as quarantine, which RFC 7489 does not know.
    let [ours, older] = [&found["editions"][0]["totals"], &found["editions"][1]["totals"]];
    assert_eq!(ours["rejected_after"], ours["rejected_before"]);
    assert_eq!(ours["enforced_after"], older["enforced_after"]);
    assert!(older["rejected_after"].as_u64().unwrap() > 1_000);
    let text = set(&["p=reject", "adkim="], &["--lang", "nl"]).ends_with(0).text();
    assert!(text.contains("_dmarc.voorbeeld.example zou worden: v=DMARC1; p=reject;"), "{text}");
}

#[test]
fn a_tag_that_does_not_exist_is_told() {
    for wrong in ["p=rejct", "pct=101", "rua=mailto:a@example.com", "p"] {
        let mistake = set(&[wrong], &[]).ends_with(2);
        assert!(mistake.stderr.contains("none, quarantine, reject"), "{}", mistake.stderr);
    }
    let (zone, reports) = (data("voorbeeld.example.zone"), data("reports"));
    let none = ["change", "--from", &zone, "--set", "p=reject", "--reports", &reports];
    assert!(run(none).ends_with(2).stderr.contains("NAME"));
    let neither = ["change", "voorbeeld.example", "--from", &zone, "--reports", &reports];
    run(neither).ends_with(2);
    let below =
        ["change", "www.voorbeeld.example", "--from", &zone, "--set", "sp=reject", "--reports", &reports];
    let stderr = run(below).ends_with(2).stderr;
    assert!(stderr.contains("_dmarc.www.voorbeeld.example"), "{stderr}");
}

#[test]
fn a_new_destination_elsewhere_has_to_agree() {
    let folder = TempDir::new().unwrap();
    let to = zone(&folder, "rua=mailto:dmarc-rapporten@voorbeeld.example", "rua=mailto:d@elders.example");
    let agreement = |text: &str| {
        let path = folder.path().join("elders.example.zone");
        let soa =
            "$ORIGIN elders.example.\n$TTL 300\n@ IN SOA ns hostmaster 1 3600 600 86400 300\n@ IN NS ns\n";
        fs::write(&path, format!("{soa}{text}")).unwrap();
        path.to_string_lossy().into_owned()
    };
    let found = |text: &str| {
        let (zone, other, reports) =
            (data("voorbeeld.example.zone"), data("nieuwsbrieven.example.zone"), data("reports"));
        let host = agreement(text);
        let args = ["change", "--from", &zone, &other, "--to", &to, &other, &host, "--reports", &reports];
        run([&args[..], &["--edition", "rfc9989", "--format", "json"]].concat()).json()
    };
    let new = |found: &Value| {
        let all = found["destinations"].as_array().unwrap();
        let own = all.iter().find(|new| new["policy_domain"] == "voorbeeld.example").unwrap();
        (own["uri"].clone(), own["authorization"].clone(), own["code"].clone())
    };
    let uri = Value::from("mailto:d@elders.example");
    let open = found("");
    assert_eq!(new(&open), (uri.clone(), "not-authorized".into(), "domain/not-authorized".into()));
    let agreed = found("*._report._dmarc IN TXT \"v=DMARC1\"\n");
    assert_eq!(new(&agreed), (uri, "authorized".into(), Value::Null));
    // What stays where it is asks nobody.
    let same = change(&data("voorbeeld.example.zone"), &["--format", "json"]).json();
    assert_eq!(same["destinations"], Value::Array(Vec::new()));
}

#[test]
fn a_new_record_below_the_domain_holds_for_its_own_mail_alone() {
    let folder = TempDir::new().unwrap();
    let zone = |name: &str, text: &str| {
        let path = folder.path().join(name);
        let head = "$ORIGIN example.com.\n$TTL 300\n@ IN SOA ns hostmaster 1 3600 600 86400 300\n@ IN NS ns\n\
                    @ IN TXT \"v=spf1 -all\"\nshop IN TXT \"v=spf1 -all\"\n_dmarc IN TXT \"v=DMARC1; p=none\"\n";
        fs::write(&path, format!("{head}{text}")).unwrap();
        path.to_string_lossy().into_owned()
    };
    let (from, to) = (zone("from.zone", ""), zone("to.zone", "_dmarc.shop IN TXT \"v=DMARC1; p=reject\"\n"));
    let record = |author: &str, count: u32| {
        format!(
            "<record><row><source_ip>192.0.2.1</source_ip><count>{count}</count><policy_evaluated>\
             <disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>\
             <identifiers><header_from>{author}</header_from></identifiers><auth_results><spf>\
             <domain>{author}</domain><result>fail</result></spf></auth_results></record>"
        )
    };
    let report = folder.path().join("report.xml");
    let head = "<feedback><report_metadata><org_name>one.example</org_name><email>a@one.example</email>\
                <report_id>1</report_id><date_range><begin>1790000000</begin><end>1790086400</end></date_range>\
                </report_metadata><policy_published><domain>example.com</domain><p>none</p></policy_published>";
    let text = format!("{head}{}{}</feedback>", record("example.com", 5), record("shop.example.com", 7));
    fs::write(&report, text).unwrap();
    let report = report.to_string_lossy().into_owned();
    let args = ["change", "--from", &from, "--to", &to, "--reports", &report, "--format", "json"];
    for rehearsed in run(args).json()["editions"].as_array().unwrap() {
        let totals = &rehearsed["totals"];
        let counts = ["messages", "newly_enforced", "undecided"].map(|key| totals[key].as_u64().unwrap());
        assert_eq!(counts, [12, 7, 0], "{rehearsed}");
    }
}
