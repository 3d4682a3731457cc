//! Reports that say less than they seem to, and maps that say too much: stated in the result, in bounded memory.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

use dmarc_core::assessment::{ReportState, Request};
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Evaluation, Facts, Step};
use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Batch, Collector, Keep};
use dmarc_core::streams::{Maps, Thresholds, Traces, judge};
use serde_json::{Value, json};

const BEGIN: i64 = 1_790_000_000;

/// A report with one record per line: address, author, count.
fn report(id: &str, domain: &str, (begin, end): (i64, i64), records: &[(String, String, u64)]) -> String {
    let record = |(ip, author, count): &(String, String, u64)| {
        format!(
            "<record><row><source_ip>{ip}</source_ip><count>{count}</count><policy_evaluated>\
             <disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>\
             <identifiers><header_from>{author}</header_from></identifiers><auth_results><spf>\
             <domain>{author}</domain><result>fail</result></spf></auth_results></record>"
        )
    };
    let records: String = records.iter().map(record).collect();
    format!(
        "<feedback><report_metadata><org_name>one.test</org_name><email>a@one.test</email><report_id>{id}\
         </report_id><date_range><begin>{begin}</begin><end>{end}</end></date_range></report_metadata>\
         <policy_published><domain>{domain}</domain><p>none</p></policy_published>{records}</feedback>"
    )
}

fn read(limits: &Limits, reports: &[String]) -> Batch {
    let mut collector = Collector::new(limits, Keep::Sums);
    for (at, report) in reports.iter().enumerate() {
        collector.feed(format!("{at}.xml"), report.as_bytes());
    }
    collector.finish()
}

/// The view of the domain, and the codes of what was found.
fn assess(state: &Value, context: &Value) -> (Value, Vec<String>) {
    let request = json!({
        "check": "domain", "domain": "example.com", "now": BEGIN + 86_400, "reports": state, "context": context,
    });
    let request: Request = serde_json::from_value(request).unwrap();
    let snapshot: Snapshot = serde_json::from_value(json!({ "complete": true, "names": {
        "example.com": { "TXT": ["v=spf1 -all"] }, "_dmarc.example.com": { "TXT": ["v=DMARC1; p=none"] },
    } }))
    .unwrap();
    let facts = Facts::from_snapshot(snapshot);
    let mut evaluation = Evaluation::with_facts(request, facts, Limits::default());
    let Step::Done(outcome) = evaluation.step() else { panic!("the snapshot knows it all") };
    let view = outcome.view(&Catalog::embedded(Language::En));
    let codes = view["diagnostics"].as_array().unwrap().iter();
    let codes = codes.map(|found| found["code"].as_str().unwrap().to_owned()).collect();
    (view, codes)
}

fn state(batch: &Batch) -> Value {
    serde_json::to_value(ReportState::of(&"example.com".parse().unwrap(), batch)).unwrap()
}

fn many(count: u32) -> Vec<(String, String, u64)> {
    let address = |at: u32| std::net::Ipv4Addr::from(0xc000_0200 + at).to_string();
    (0..count).map(|at| (address(at), format!("n{at}.example.com"), 2)).collect()
}

#[test]
fn more_kinds_of_mail_than_the_limit_are_one_and_none_is_lost() {
    let mut limits = Limits::default();
    limits.traces = 50;
    let batch = read(&limits, &[report("1", "example.com", (BEGIN, BEGIN + 86_400), &many(400))]);
    assert!(batch.traces.len() <= 51, "{}", batch.traces.len());
    assert_eq!(batch.traces.left_out(), 700);
    let (view, codes) = assess(&state(&batch), &json!({}));
    assert!(codes.contains(&"domain/streams-left-out".to_owned()), "{codes:?}");
    let streams = view["streams"].as_array().unwrap();
    assert_eq!(streams.iter().map(|stream| stream["messages"].as_u64().unwrap()).sum::<u64>(), 800);
}

#[test]
fn runs_that_are_added_up_stay_within_the_limit() {
    let run = |from: u32| {
        let trace = json!({ "messages": 1, "records": 1, "weeks": [[2950, 1]], "reporters": [[1, 1]] });
        let address = |at: u32| std::net::Ipv4Addr::from(0x0b00_0000 + at);
        let traces: serde_json::Map<String, Value> = (from..from + 130_000)
            .map(|at| (format!("{} example.com example.com- ----", address(at)), trace.clone()))
            .collect();
        serde_json::from_value::<Traces>(json!({ "example.com": { "traces": traces } })).unwrap()
    };
    let mut sum = run(0);
    sum.merge(run(130_000));
    sum.merge(run(260_000));
    let limit = Limits::default().traces;
    assert!(sum.len() <= limit + 1, "{}", sum.len());
    assert_eq!(sum.left_out() + limit as u64, 390_000);
}

#[test]
fn reports_of_others_and_clocks_that_run_wrong_are_told() {
    let day = (BEGIN, BEGIN + 86_400);
    let of = |id, domain, time| report(id, domain, time, &many(1));
    let elsewhere = read(&Limits::default(), &[of("1", "example.net", day), of("2", "example.org", day)]);
    let (view, codes) = assess(&state(&elsewhere), &json!({}));
    assert!(codes.contains(&"domain/reports-none".to_owned()), "{codes:?}");
    assert!(codes.contains(&"domain/reports-elsewhere".to_owned()), "{codes:?}");
    assert_eq!(view["readiness"], json!([]));
    let wrong = read(
        &Limits::default(),
        &[
            of("1", "example.com", (BEGIN + 86_400, BEGIN)),
            of("2", "example.com", (BEGIN + 90 * 86_400, BEGIN + 91 * 86_400)),
        ],
    );
    let (_, codes) = assess(&state(&wrong), &json!({}));
    assert!(codes.contains(&"domain/reports-backwards".to_owned()), "{codes:?}");
    assert!(codes.contains(&"domain/reports-ahead".to_owned()), "{codes:?}");
}

#[test]
fn times_beyond_all_reason_give_a_result() {
    for time in [i64::MIN, -1, 0, i64::MAX] {
        let trace = json!({
            "messages": u64::MAX, "records": 1, "weeks": [[time / 604_800, u64::MAX]], "reporters": [[1, 1]],
            "hosts": ["192.0.2.1"], "first": time, "last": time,
        });
        let source = json!({ "messages": u64::MAX, "aligned": u64::MAX, "first": time, "last": time });
        let state = json!({
            "inputs": 1, "reports": 1, "reporters": 1, "messages": u64::MAX, "begin": time, "end": time,
            "sources": { "example.com": { "192.0.2.1": source } },
            "traces": { "example.com": {
                "traces": { "192.0.2.0 example.com example.com+ ++++ example.com/s+": trace },
                "covered": [[i64::MIN, time]],
            } },
            "signers": [{ "domain": "example.com", "selector": "s", "messages": u64::MAX, "last": time }],
        });
        let (view, _) = assess(&state, &json!({ "thresholds": { "unseen_days": 1_000_000_000 } }));
        assert_eq!(view["attribution"]["addresses"][0]["result"], "fail", "{time}");
        assert_eq!(view["dkim_inventory"]["keys"][0]["selector"], "s", "{time}");
    }
}

#[test]
fn maps_of_any_text_are_read_or_refused() {
    let texts = [
        "",
        "\u{feff}",
        ",,,",
        "\"",
        "::/0,a",
        "0.0.0.0/0,b,AS",
        "a..b,c",
        "#\n\n",
        "-,-",
        "192.0.2.1",
        "ü,x",
    ];
    for one in texts {
        for other in texts {
            let text = format!("{one}\n{other}\r\n{one},{other}");
            if let Ok(maps) = Maps::read_names(&text) {
                assert!(maps.networks.len() + maps.hosts.len() <= 3);
            }
            drop(Maps::read_known(&text));
        }
    }
    let long = format!("192.0.2.0/24,{}\n", "x".repeat(100_000));
    let name = Maps::read_names(&long).unwrap().networks.pop().unwrap().name.unwrap();
    assert_eq!(name.len(), 100);
}

#[test]
fn a_map_that_contradicts_itself_a_thousand_times_is_told_fifty_times() {
    let known = |standing: &str| {
        let prefixes = (0..250).map(|at| json!(format!("192.0.2.{at}"))).collect::<Vec<_>>();
        json!({ "standing": standing, "prefixes": prefixes })
    };
    let maps = json!({ "known": [known("ours"), known("not-ours")] });
    let state =
        state(&read(&Limits::default(), &[report("1", "example.com", (BEGIN, BEGIN + 86_400), &many(20))]));
    let (view, codes) = assess(&state, &json!({ "maps": maps }));
    assert_eq!(codes.iter().filter(|code| *code == "domain/known-and-denied").count(), 50);
    // What is said both ways is followed neither way.
    let told = view["streams"].as_array().unwrap().iter();
    assert!(told.clone().count() > 0 && told.clone().all(|stream| stream["because"] != "caller"));
}

#[test]
fn no_traces_are_judged_as_nothing() {
    let judged = judge(&Traces::default(), &Thresholds::default());
    assert!(judged.streams.is_empty() && judged.changes.is_empty() && judged.nodes.is_empty());
}
