//! The work of an SPF analysis is bounded, counted in what is looked at: an answer beyond that is open,
//! never wrong.

use std::collections::BTreeMap;

use dmarc_core::dns::Record;
use dmarc_core::evaluation::{Answer, Evaluation, Facts, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::spf::analysis::rewrite::rewrites;
use dmarc_core::spf::analysis::{Analysis, Analyze, Family, Outcome, Reason};

/// Evaluations of one analysis: of each family, with and without limits.
const EVALUATIONS: u64 = 4;

fn analyze(records: &BTreeMap<String, String>) -> Analysis {
    let check = Analyze::new("example.com".parse().unwrap());
    let mut evaluation = Evaluation::with_facts(check, Facts::new(), Limits::default());
    // All at once, so that no limit on rounds ends it.
    for (name, text) in records {
        let strings = text.as_bytes().chunks(255).map(<[u8]>::to_vec).collect();
        let answer = Answer::records(vec![Record::Txt(strings)]);
        evaluation.answer(Question::txt(name.parse().unwrap()), answer);
    }
    match evaluation.step() {
        Step::Done(analysis) => analysis,
        Step::Ask(questions) => panic!("not known: {questions:?}"),
    }
}

fn zone(records: impl IntoIterator<Item = (String, String)>) -> BTreeMap<String, String> {
    records.into_iter().collect()
}

fn record(terms: impl IntoIterator<Item = String>) -> String {
    let terms: Vec<String> = terms.into_iter().collect();
    format!("v=spf1 {} -all", terms.join(" "))
}

/// Each of the addresses apart from its neighbors.
fn network(sign: &str, number: usize) -> String {
    format!("{sign}ip4:10.{}.{}.1", number / 128, number % 128 * 2)
}

#[test]
fn a_record_of_many_networks_is_looked_at_a_few_times() {
    const TERMS: usize = 2_500;
    for signs in [["", "", "", ""], ["", "-", "~", "?"]] {
        let terms = (0..TERMS).map(|number| network(signs[number % signs.len()], number));
        let analysis = analyze(&zone([("example.com".to_owned(), record(terms))]));
        let passes = (0..TERMS).filter(|number| signs[number % signs.len()].is_empty()).count();
        let pass = analysis.surface(Family::Ipv4).part(Outcome::Pass);
        assert_eq!(pass.size(), passes.to_string());
        assert!(analysis.ipv4.exact && analysis.open().is_empty());
        assert!(analysis.work() < 20 * TERMS as u64, "{}", analysis.work());
        // Whatever can be rewritten keeps all that it has.
        assert!(rewrites(&analysis, None).iter().all(|rewrite| rewrite.equal == Some(true)));
    }
    let inner = record((0..TERMS).map(|number| network("-", number)));
    let analysis = analyze(&zone([
        ("example.com".to_owned(), record(["include:a.example.com".to_owned()])),
        ("a.example.com".to_owned(), inner),
    ]));
    assert!(analysis.work() < 40 * TERMS as u64, "{}", analysis.work());
}

#[test]
fn a_tree_of_a_thousand_records_is_cut_at_the_budget() {
    let under = |name: &str| (0..10).map(|number| format!("{number}.{name}")).collect::<Vec<_>>();
    let mut records = BTreeMap::new();
    let mut names = vec!["example.com".to_owned()];
    for _ in 0..3 {
        let mut next = Vec::new();
        for name in names {
            let includes = under(&name).into_iter().map(|name| format!("include:{name}"));
            let networks = (0..3).map(|number| network("", records.len() * 3 + number));
            records.insert(name.clone(), record(networks.chain(includes)));
            next.extend(under(&name));
        }
        names = next;
    }
    records.extend(names.into_iter().map(|name| (name, record([network("", 0)]))));
    let analysis = analyze(&records);
    assert!(analysis.work() < 100_000, "{}", analysis.work());
    assert_eq!((analysis.sum, analysis.ipv4.most), (None, None));
    assert!(analysis.open().iter().any(|open| open.reason == Reason::NotVisited));
    assert_eq!(analysis.tree().terms.len(), 14);
}

#[test]
fn costs_that_double_with_every_record_are_cut_and_named() {
    // Each record asks the next one twice, and some clients leave in between.
    let name =
        |number: usize| if number == 0 { "example.com".to_owned() } else { format!("d{number}.example.com") };
    let records = (0..40).map(|number| {
        let next = name(number + 1);
        let terms = [network("-", number), format!("include:{next}"), network("", 200 + number)];
        (name(number), record(terms.into_iter().chain([format!("include:{next}")])))
    });
    let last = (name(40), record([network("", 999)]));
    let analysis = analyze(&zone(records.chain([last])));
    assert_eq!(analysis.sum, Some((1 << 41) - 2));
    assert_eq!((analysis.ipv4.most, analysis.ipv4.exact), (None, false));
    assert!(analysis.open().iter().any(|open| open.reason == Reason::TooLarge && open.term.is_none()));
    assert!(analysis.work() < EVALUATIONS * 2_000_000, "{}", analysis.work());
    assert_eq!(analysis.surface(Family::Ipv4).part(Outcome::Undetermined).size(), "0");
}
