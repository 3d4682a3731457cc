//! Laws of streams, of readiness and of the rehearsal of a change, over reports of any kind.

use std::collections::BTreeMap;

use dmarc_core::assessment::ReportState;
use dmarc_core::assessment::readiness::readiness;
use dmarc_core::assessment::rehearsal::{Change, Fates, Rehearsed, rehearse, what_if};
use dmarc_core::dmarc::Edition;
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::Facts;
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::batch::{Batch, Collector, Keep};
use dmarc_core::streams::{Judged, Thresholds, judge};

/// Messages up to which no sum stops at the largest number.
const MESSAGES: u128 = 1 << 48;
/// Streams of a rehearsal that are all shown, and reports that no limit of a trace cuts short.
const STREAMS: usize = 1_000;
const REPORTS: usize = 60;

/// What the reports are rehearsed against.
const RECORDS: &str = r#"{ "complete": true, "names": {
    "example.com": { "TXT": ["v=spf1 ip4:192.0.2.0/25 -all"] },
    "_dmarc.example.com": { "TXT": ["v=DMARC1; p=none; rua=mailto:d@example.com"] },
    "s1._domainkey.example.com": { "TXT": ["v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] },
    "news.example.com": { "A": ["192.0.2.2"] }
} }"#;

fn read<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Batch {
    let mut collector = Collector::new(&Limits::default(), Keep::Records).with_rows(true);
    for piece in pieces {
        collector.feed("x", piece);
    }
    collector.finish()
}

fn judged(batch: &Batch) -> Judged {
    judge(&batch.traces, &Thresholds::default())
}

/// Inputs, with a zero octet between them: no message is lost or made on the way from reports to streams and rows, the
/// state can be saved and added up, and a rehearsal of nothing changes nothing. Gives how many messages were judged.
pub fn streams(octets: &[u8]) -> u64 {
    let pieces: Vec<&[u8]> = octets.split(|octet| *octet == 0).take(40).collect();
    let batch = read(pieces.iter().copied());
    let counted = || batch.reports.iter().filter(|entry| entry.counts());
    let messages: u128 = counted().map(|entry| u128::from(entry.messages)).sum();
    let all = judged(&batch);
    for (entry, record) in batch.records().filter(|(entry, _)| entry.counts()) {
        assert!(all.of(&entry.head, record).is_some(), "each record belongs to a stream");
    }
    if messages >= MESSAGES {
        // Sums have stopped at the largest number; that nothing panics is all there is to say.
        let _ = (readiness(&all), replayed(&batch, &all));
        return 0;
    }
    let sum: u128 = all.streams.iter().map(|stream| u128::from(stream.messages)).sum();
    assert_eq!(sum, messages, "messages of streams are those of reports");
    for stream in &all.streams {
        assert!(stream.passed <= stream.messages && stream.enforced <= stream.messages, "{}", stream.key);
        assert!(stream.dkim.max(stream.spf) <= stream.passed, "{}", stream.key);
        let weeks: u64 = stream.weeks.iter().map(|week| week.messages).sum();
        assert!(weeks <= stream.messages, "{}", stream.key);
    }
    check_readiness(&batch, &all);
    let rehearsed = replayed(&batch, &all);
    assert!(
        rehearsed.iter().all(|each| u128::from(each.totals.messages) == messages),
        "each row is replayed"
    );
    saved(&batch, &all);
    if counted().count() == batch.reports.len() && batch.reports.len() <= REPORTS {
        halves(&pieces, &batch);
    }
    u64::try_from(messages).unwrap_or(u64::MAX)
}

/// The sums of a node are parts of each other, and its shares are shares.
fn check_readiness(batch: &Batch, all: &Judged) {
    for node in readiness(all) {
        assert!(node.passed <= node.base && node.base <= node.messages, "{}", node.policy_domain);
        assert!(node.residual <= node.base - node.passed, "{}", node.policy_domain);
        let shares = [node.pass_share, node.lower_bound, Some(node.largest_reporter)];
        let is_share = |share: &f64| (0.0..=1.0).contains(share);
        assert!(shares.iter().flatten().all(is_share) && node.open.iter().all(|open| is_share(&open.share)));
        if let Some((share, bound)) = node.pass_share.zip(node.lower_bound) {
            assert!(bound <= share, "a lower bound is lower");
        }
        assert!(node.days >= 0 && node.reporters <= batch.reports.len(), "{}", node.policy_domain);
    }
}

/// The rows through no change, and through `p=reject`.
fn replayed(batch: &Batch, all: &Judged) -> Vec<Rehearsed> {
    let snapshot: Snapshot = serde_json::from_str(RECORDS).expect("a snapshot");
    let from = Facts::from_snapshot(snapshot);
    let domain = DomainName::parse("example.com").expect("a name");
    let set = BTreeMap::from([("p".to_owned(), Some("reject".to_owned()))]);
    let (reject, _) = what_if(&from, &domain, &set).expect("a record");
    let rows = batch.rows.clone().unwrap_or_default();
    let suffix = |name: &DomainName| Some(name.rightmost(1));
    let editions = [Edition::Rfc9989, Edition::Rfc7489];
    let run = |to: &Facts| {
        rehearse(&rows, &Change { from: &from, to, signs: &[], public_suffix: &suffix }, all, &editions)
    };
    let (same, stricter) = (run(&from).editions, run(&reject).editions);
    for rehearsed in same.iter().chain(&stricter) {
        let Fates { messages, passed_before, passed_after, undecided, newly_enforced, .. } = rehearsed.totals;
        for (passed, enforced) in [
            (passed_before, rehearsed.totals.enforced_before),
            (passed_after, rehearsed.totals.enforced_after),
        ] {
            let parts = [passed, enforced, undecided].into_iter().fold(0, u64::saturating_add);
            assert!(parts <= messages, "what passes is not enforced, and what is undecided is neither");
        }
        // The policy of names says nothing of whether they pass.
        assert_eq!(passed_before, passed_after);
        assert!(rehearsed.loss.saturating_add(rehearsed.stopped) <= newly_enforced);
        if rehearsed.streams.len() < STREAMS {
            let sum =
                rehearsed.streams.iter().map(|stream| stream.fates.messages).fold(0, u64::saturating_add);
            assert_eq!(sum, messages, "messages of streams are all messages");
        }
    }
    for rehearsed in &same {
        let Fates { gained, lost_pass, newly_enforced, released, .. } = rehearsed.totals;
        assert_eq!([gained, lost_pass, newly_enforced, released], [0; 4], "no change changes nothing");
    }
    same
}

/// A state that was saved and read back is the same, and says the same.
fn saved(batch: &Batch, all: &Judged) {
    let domain = DomainName::parse("example.com").expect("a name");
    let state = ReportState::of(&domain, batch);
    let text = serde_json::to_string(&state).expect("a state has a JSON form");
    let back: ReportState = serde_json::from_str(&text).expect("what was saved can be read");
    assert_eq!(back, state);
    assert_eq!(serde_json::to_string(&back).expect("a state has a JSON form"), text);
    let text = serde_json::to_string(&batch.traces).expect("traces have a JSON form");
    let back =
        judge(&serde_json::from_str(&text).expect("what was saved can be read"), &Thresholds::default());
    assert_eq!((back.streams, back.changes), (all.streams.clone(), all.changes.clone()));
}

/// Two halves that were read apart and added up are the whole.
fn halves(pieces: &[&[u8]], batch: &Batch) {
    let (one, other) = pieces.split_at(pieces.len() / 2);
    let (mut one, other) = (read(one.iter().copied()), read(other.iter().copied()));
    one.traces.merge(other.traces);
    assert_eq!(one.traces, batch.traces);
    let mut rows = one.rows.unwrap_or_default();
    rows.merge(other.rows.unwrap_or_default());
    assert_eq!(rows, batch.rows.clone().unwrap_or_default());
}
