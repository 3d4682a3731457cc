//! Reading aggregate reports, beside a bare pass of quick-xml over the same bytes.
//!
//! `floor` is what any reader on quick-xml pays; `reader` gives every record; `batch` also counts
//! by the second scan, takes the digest and sums sources.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::Reader;
use dmarc_core::report::batch::{Collector, Keep};
use quick_xml::events::Event;

fn floor(xml: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_reader(xml);
    let mut events = 0;
    loop {
        match reader.read_event() {
            Ok(Event::Eof) | Err(_) => return events,
            Ok(event) => {
                black_box(&event);
                events += 1;
            }
        }
    }
}

fn aggregate(criterion: &mut Criterion) {
    for records in [1, 100_000] {
        let xml = dmarc_benches::report(records);
        let xml = xml.as_bytes();
        let mut group = criterion.benchmark_group("aggregate");
        group.throughput(Throughput::Bytes(xml.len() as u64));
        if records > 1 {
            group.sample_size(20);
        }
        group.bench_with_input(BenchmarkId::new("floor", records), xml, |bench, xml| {
            bench.iter(|| floor(xml));
        });
        group.bench_with_input(BenchmarkId::new("reader", records), xml, |bench, xml| {
            let limits = Limits::default();
            bench.iter(|| Reader::new(xml, &limits).map(black_box).count());
        });
        group.bench_with_input(BenchmarkId::new("batch", records), xml, |bench, xml| {
            let limits = Limits::default();
            bench.iter(|| {
                let mut collector = Collector::new(&limits, Keep::Sums);
                collector.feed("report.xml", xml);
                collector.finish().totals.messages_out
            });
        });
        group.finish();
    }
}

criterion_group!(benches, aggregate);
criterion_main!(benches);
