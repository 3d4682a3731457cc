//! Memory of readings, by a counting allocator; README.md says what is counted.

use std::alloc::System;
use std::hint::black_box;

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{self, Reader};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let limits = Limits::default();
    for records in [1_000, 100_000, 1_000_000] {
        let xml = dmarc_benches::report(records);
        let region = Region::new(ALLOCATOR);
        let outcome = black_box(aggregate::read(xml.as_bytes(), &limits));
        let change = region.change();
        let live = change.bytes_allocated - change.bytes_deallocated;
        println!(
            "owned, {records} records: {} octets live and {:.1} allocations per record",
            live / records,
            (change.allocations + change.reallocations) as f64 / records as f64,
        );
        drop(outcome);
        let region = Region::new(ALLOCATOR);
        let mut most = 0;
        for item in Reader::new(xml.as_bytes(), &limits) {
            black_box(&item);
            let change = region.change();
            most = most.max(change.bytes_allocated.saturating_sub(change.bytes_deallocated));
        }
        println!("streamed, {records} records: at most {most} octets beyond the input");
    }
}
