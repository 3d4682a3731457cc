//! Reading one record: what a resolver-bound program does per domain.
//!
//! `typical` is a record without findings; `broken` has several, each with a fix whose effect is
//! computed by reading the mended text under both editions; `pasted` is no record at all. The same
//! for SPF, which also has `read`: the record without findings, as a receiver reads it.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::{Edition, Record, compare};
use dmarc_core::inspect::{self, RecordKind};
use dmarc_core::spf;

const TEXTS: [(&str, &str); 3] = [
    (
        "typical",
        "v=DMARC1; p=reject; sp=quarantine; adkim=s; aspf=s; rua=mailto:dmarc@example.com,mailto:reports@example.net; ruf=mailto:failures@example.com; fo=1:d:s",
    ),
    (
        "broken",
        "v=DMARC1; p=quarantaine, sp=rejct; apsf=s; rua=dmarc@example.com; mailto:reports@example.net; fo=0:1",
    ),
    (
        "pasted",
        "_dmarc.example.com. 3600 IN TXT \"v=DMARC1\\; p=quarantaine\\; rua=mailto:dmarc@example.com\"",
    ),
];

fn parse(criterion: &mut Criterion) {
    for edition in Edition::ALL {
        let mut group = criterion.benchmark_group(format!("record/{edition}"));
        for (name, text) in TEXTS {
            group.throughput(Throughput::Elements(1));
            group.bench_function(name, |bencher| bencher.iter(|| Record::parse(text, edition)));
        }
        group.finish();
    }
}

const SPF_TEXTS: [(&str, &str); 3] = [
    (
        "typical",
        "v=spf1 ip4:192.0.2.0/28 ip4:198.51.100.17 ip6:2001:db8:10::/48 a mx include:_spf.example.net include:spf.example.org -all",
    ),
    ("broken", "v=spf1 ip4:2001:db8::/32 include: _spf.example.net,mx a:mail.example.com:25 \u{2013}all"),
    ("pasted", "example.com. 3600 IN TXT \"v=spf1 ip4:192.0.2.0/28 include:_spf.example.net -all\""),
];

fn parse_spf(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spf");
    for (name, text) in SPF_TEXTS {
        group.throughput(Throughput::Elements(1));
        group.bench_function(name, |bencher| bencher.iter(|| spf::Record::parse(text)));
        group.bench_function(format!("{name}/read"), |bencher| bencher.iter(|| spf::Record::read(text)));
    }
    group.finish();
}

fn show(criterion: &mut Criterion) {
    let catalog = Catalog::embedded(Language::En);
    let mut group = criterion.benchmark_group("view");
    for (name, text) in TEXTS {
        group.bench_function(name, |bencher| {
            bencher.iter(|| inspect::record(text.as_bytes(), RecordKind::Auto, Edition::Rfc9989, &catalog));
        });
    }
    group.bench_function("compare", |bencher| bencher.iter(|| compare(TEXTS[1].1.as_bytes())));
    group.finish();
}

criterion_group!(benches, parse, parse_spf, show);
criterion_main!(benches);
