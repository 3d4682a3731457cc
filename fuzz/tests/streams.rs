//! The laws of streams over reports that were made up, and over the seeds and what was found.

use std::cell::RefCell;
use std::path::Path;

use dmarc_fuzz::streams::streams;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Who sends from where, and what became of it: source, author, envelope with its result, signatures.
#[rustfmt::skip]
const ROWS: &[(&str, &str, &str, &str)] = &[
    ("192.0.2.10", "example.com", "example.com pass", "example.com s1 pass"), ("192.0.2.20", "example.com", "example.com pass", ""),
    ("192.0.2.10", "example.com", "example.com fail", "example.com s1 fail"), ("192.0.2.11", "Example.COM.", "bounce.example.com pass", "example.com s2 pass"),
    ("203.0.113.30", "example.com", "lists.example.org pass", "example.com s1 fail"), ("203.0.113.30", "example.com", "srs.example.net pass", "example.com s1 pass"),
    ("198.51.100.40", "example.com", "mail12.mcsv.net pass", "mcsv.net k1 pass"), ("198.51.100.41", "news.example.com", "news.example.net pass", "news.example.net n pass"),
    ("203.0.113.9", "example.com", "example.com softfail", ""), ("203.0.113.77", "nowhere.example.com", "nowhere.example.com none", ""),
    ("2001:db8::1", "b\u{fc}cher.example", " pass", "xn--bcher-kva.example s pass"), ("x", "", "example.com what", "example.com  temperror"), ("203.0.113.5", "com", "com pass", "com s pass"),
];

fn report(week: u64, reporter: usize, domain: &str, rows: &[(usize, u64, bool)]) -> String {
    let begin = 1_767_571_200 + week * 604_800;
    let mut text = format!(
        "<feedback><report_metadata><org_name>r{reporter}.example</org_name><report_id>{week}</report_id><date_range>\
         <begin>{begin}</begin><end>{}</end></date_range></report_metadata><policy_published><domain>{domain}</domain>\
         <p>none</p></policy_published>",
        begin + 604_800
    );
    for (row, count, told) in rows {
        let (ip, author, spf, dkim) = ROWS[row % ROWS.len()];
        let (envelope, result) = spf.split_once(' ').unwrap();
        let mut parts = dkim.split(' ');
        let mut part = || parts.next().unwrap_or_default();
        let (d, s, signed) = (part(), part(), part());
        let verdict = |passes: bool| if passes { "pass" } else { "fail" };
        let (aligned, checked) = (
            signed == "pass" && d.ends_with("example.com"),
            result == "pass" && envelope.ends_with("example.com"),
        );
        let reason =
            if *told { "<reason><type>local_policy</type><comment>arc=pass</comment></reason>" } else { "" };
        let dkim = if d.is_empty() {
            String::new()
        } else {
            format!("<dkim><domain>{d}</domain><selector>{s}</selector><result>{signed}</result></dkim>")
        };
        text.push_str(&format!(
            "<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated><disposition>none</disposition>\
             <dkim>{}</dkim><spf>{}</spf>{reason}</policy_evaluated></row><identifiers><header_from>{author}</header_from></identifiers>\
             <auth_results>{dkim}<spf><domain>{envelope}</domain><scope>mfrom</scope><result>{result}</result></spf></auth_results></record>",
            verdict(aligned), verdict(checked),
        ));
    }
    text + "</feedback>"
}

fn reports() -> impl Strategy<Value = Vec<u8>> {
    let count = prop_oneof![20 => 0_u64..500, 1 => Just(u64::MAX), 1 => Just(1 << 47)];
    let rows = prop::collection::vec((0..ROWS.len(), count, any::<bool>()), 0..8);
    let domain =
        prop::sample::select(&["example.com", "example.com", "news.example.com", "example.org", ""][..]);
    prop::collection::vec((0_u64..12, 0_usize..4, domain, rows), 0..20).prop_map(|reports| {
        let texts: Vec<String> = reports
            .iter()
            .map(|(week, reporter, domain, rows)| report(*week, *reporter, domain, rows))
            .collect();
        texts.join("\0").into_bytes()
    })
}

#[test]
fn laws_hold_over_reports_of_some_weeks() {
    let judged = RefCell::new(0_u64);
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&reports(), |octets| {
            *judged.borrow_mut() += u64::from(streams(&octets) > 0);
            Ok(())
        })
        .unwrap();
    let judged = judged.into_inner();
    assert!(judged > 150, "{judged} batches with messages");
}

#[test]
fn laws_hold_over_the_seeds() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/streams");
    let mut judged = 0;
    for seed in std::fs::read_dir(seeds).expect("the seeds").flatten() {
        judged += u32::from(streams(&std::fs::read(seed.path()).expect("a seed can be read")) > 0);
    }
    assert!(judged >= 5, "{judged} seeds with messages");
}
