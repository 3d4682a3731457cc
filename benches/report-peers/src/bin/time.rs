//! Times; README.md says what is compared, and how fairly. Arguments choose the lines that hold them all.

#[path = "../../../peers/src/compare.rs"]
#[expect(dead_code, reason = "the other programs that compare use the rest")]
mod compare;

use std::hint::black_box;

use compare::compare;
use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{self, Item, Reader};
use dmarc_core::report::arrow::RecordTableBuilder;
use dmarc_core::report::batch::{Collector, Keep};
use dmarc_report_peers::floor;

/// Reports of the folder.
const REPORTS: usize = 300;

fn main() {
    println!("{:<52} {:>6}", "time of dmarc-core / time of the other", "ratio");
    for (records, stream, owned) in [(1, 1.6, 1.6), (1_000, 1.15, 1.3), (100_000, 1.15, 1.3)] {
        let xml = dmarc_benches::report(records);
        let xml = xml.as_bytes();
        let name = format!("{records} records, {:.1} KB", xml.len() as f64 / 1e3);
        sides(&name, xml, stream, owned);
    }
    folder();
}

/// Reports as they come in: most are small.
fn folder() {
    let reports = dmarc_benches::folder(REPORTS);
    let mut sizes: Vec<usize> = reports.iter().map(String::len).collect();
    sizes.sort_unstable();
    let (median, rare) = (sizes[REPORTS / 2] as f64 / 1e3, sizes[REPORTS * 99 / 100] as f64 / 1e3);
    let name = format!("{REPORTS} reports, half under {median:.1} KB, one of 100 over {rare:.0} KB");
    let limits = Limits::default();
    let all = |read: &dyn Fn(&[u8])| reports.iter().for_each(|report| read(report.as_bytes()));
    reports.iter().for_each(|report| agree(report.as_bytes()));
    let bare = || {
        all(&|xml| {
            black_box(floor(xml));
        });
    };
    let owned = || all(&|xml| drop(black_box(aggregate::read(xml, &limits))));
    let mail_auth = || all(&|xml| drop(black_box(mail_auth::report::Report::parse_xml(xml))));
    line(&name, "reader / floor", Some(1.6), || all(&|xml| stream_of(xml, &limits)), bare);
    line(&name, "owned / floor", Some(1.6), owned, bare);
    line(&name, "batch / floor", None, || all(&|xml| batch(xml, &limits)), bare);
    line(&name, "owned / mail-auth", Some(0.74), owned, mail_auth);
}

fn sides(name: &str, xml: &[u8], stream: f64, owned: f64) {
    let limits = Limits::default();
    let mut silent = Limits::default();
    silent.findings = 0;
    agree(xml);
    let bare = || {
        black_box(floor(xml));
    };
    let read = || drop(black_box(aggregate::read(xml, &limits)));
    let mail_auth = || drop(black_box(mail_auth::report::Report::parse_xml(xml)));
    let third = || drop(black_box(dmarc_report_parser::parse_bytes(xml)));
    line(name, "reader / floor", Some(stream), || stream_of(xml, &limits), bare);
    line(name, "reader, findings off / floor", None, || stream_of(xml, &silent), bare);
    line(name, "owned / floor", Some(owned), read, bare);
    line(name, "batch / floor", None, || batch(xml, &limits), bare);
    line(name, "owned / mail-auth", Some(0.74), read, mail_auth);
    line(name, "owned / dmarc-report-parser", None, read, third);
    if xml.len() > 100_000 {
        line(name, "Arrow / mail-auth", Some(1.0), || tables(xml, &limits), mail_auth);
    }
}

/// One comparison, unless the command line asks for others.
fn line(name: &str, what: &str, aim: Option<f64>, ours: impl FnMut(), theirs: impl FnMut()) {
    let what = format!("{name}: {what}");
    if std::env::args().skip(1).all(|part| what.contains(&part)) {
        compare(&what, aim, ours, theirs);
    }
}

/// All must see the same report before anything is timed.
fn agree(xml: &[u8]) {
    let limits = Limits::default();
    let ours = aggregate::read(xml, &limits);
    let messages =
        |records: &[aggregate::Record]| records.iter().filter_map(aggregate::Record::messages).sum::<u64>();
    let ours: u64 = ours.reports.iter().map(|report| messages(&report.records)).sum();
    let mail_auth = mail_auth::report::Report::parse_xml(xml).expect("mail-auth reads it");
    let theirs: u64 = mail_auth.records().iter().map(|record| u64::from(record.count())).sum();
    assert_eq!(ours, theirs, "mail-auth");
    let third = dmarc_report_parser::parse_bytes(xml).expect("dmarc-report-parser reads it");
    assert_eq!(ours, third.records.iter().map(|record| record.row.count).sum::<u64>(), "dmarc-report-parser");
}

fn stream_of(xml: &[u8], limits: &Limits) {
    for item in Reader::new(xml, limits) {
        black_box(&item);
    }
}

fn batch(xml: &[u8], limits: &Limits) {
    let mut collector = Collector::new(limits, Keep::Sums);
    collector.feed("report.xml", xml);
    black_box(collector.finish());
}

fn tables(xml: &[u8], limits: &Limits) {
    let mut reader = Reader::new(xml, limits);
    let mut table = RecordTableBuilder::new();
    while let Some(item) = reader.next() {
        match item {
            Item::Record(record) => table.push(&record),
            Item::Report(summary) => table.end_report("", &summary.head),
            _ => {}
        }
    }
    black_box(table.finish());
}
