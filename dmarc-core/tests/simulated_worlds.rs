//! The worlds of the simulator are what they say, before anything is judged by them.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

mod simulator;

use std::collections::BTreeMap;

use dmarc_core::dns::Snapshot;
use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{self, Input};
use simulator::{Class, World};

#[test]
fn a_seed_is_a_world() {
    for seed in 0..3 {
        let (mut one, mut other) = (World::new(seed), World::new(seed));
        let (ones, others) = (one.reports(), other.reports());
        assert_eq!(ones.len(), others.len());
        for (one, other) in ones.iter().zip(&others) {
            assert_eq!((&one.name, &one.xml, &one.truths), (&other.name, &other.xml, &other.truths));
        }
        assert_eq!(one.dns.snapshot(), other.dns.snapshot());
        assert_ne!(one.domain, World::new(seed + 1).domain);
    }
}

#[test]
fn every_message_is_reported_once_with_its_truth() {
    let mut classes: BTreeMap<Class, u64> = BTreeMap::new();
    for seed in 0..20 {
        let mut world = World::new(seed);
        let reports = world.reports();
        let inputs = reports.iter().map(|report| Input::new(&report.name, report.xml.as_bytes()));
        let batch = batch::read(inputs, &Limits::default());
        assert!(batch.refused.is_empty() && batch.totals.messages_refused == 0, "{seed}");
        assert_eq!(batch.totals.messages_duplicate, 0, "{seed}");
        for (entry, report) in batch.reports.iter().zip(&reports) {
            assert_eq!(entry.path, report.name);
            let counts: Vec<_> =
                entry.kept.iter().map(|record| record.count.clone().unwrap().value).collect();
            let truths: Vec<_> = report.truths.iter().map(|(_, count)| Some(*count)).collect();
            assert_eq!(counts, truths, "{seed} {}", report.name);
        }
        for (truth, count) in reports.iter().flat_map(|report| &report.truths) {
            *classes.entry(truth.class).or_default() += count;
            assert_eq!(
                truth.sender.is_none() && truth.class != Class::RecipientGateway,
                truth.class == Class::Unauthorised
            );
        }
        let snapshot = Snapshot::from_json(world.dns.snapshot(), &Limits::default()).unwrap();
        assert!(snapshot.complete);
    }
    println!("{classes:#?}");
    assert_eq!(classes.len(), Class::ALL.len());
}
