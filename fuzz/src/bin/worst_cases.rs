//! How long the worst inputs of 1 MB take, and how much memory at most; run by hand:
//!
//! ```sh
//! cd fuzz && cargo run --release --bin worst_cases
//! ```
//!
//! Each input is read in a process of its own (`worst_cases NAME`), three times; the best time counts, on the processor
//! alone where Linux tells, so that others who work on the machine do not matter; and the peak of
//! what the process has held, the input among it. With `--findings` all findings are kept, else all records.

use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Collector, Keep};
use dmarc_fuzz::worst::{CASES, input};

/// Milliseconds that an input may take.
const TIME: u128 = 250;
/// Octets that a process may hold.
const MEMORY: u64 = 64 << 20;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let keep = if args.iter().any(|arg| arg == "--findings") { Keep::Findings } else { Keep::Records };
    let Some(name) = args.iter().find(|arg| !arg.starts_with("--")) else { return all(&args) };
    let octets = input(name).expect("a case of the list");
    let started = held();
    let mut best = u128::MAX;
    let mut said = String::new();
    for _ in 0..3 {
        let begun = worked();
        let mut collector = Collector::new(&Limits::default(), keep);
        collector.feed("input", &octets);
        let batch = collector.finish();
        best = best.min(worked().saturating_sub(begun).as_millis());
        let codes: Vec<&str> = batch.refused.iter().map(|refused| refused.found.rule.code).take(2).collect();
        let found: Vec<&str> = batch.findings.keys().copied().take(3).collect();
        said = format!(
            "{} reports, {} records, {codes:?} {found:?}",
            batch.totals.reports, batch.totals.records
        );
    }
    let verdict = if best > TIME || held() > MEMORY { "OVER" } else { "" };
    let mebibytes = |octets: u64| octets as f64 / f64::from(1 << 20);
    println!(
        "{name:<28} {:>5} KiB {best:>5} ms {:>7.1} MiB (before: {:.1}) {verdict:<5} {said}",
        octets.len() >> 10,
        mebibytes(held()),
        mebibytes(started)
    );
}

/// How long this process has worked.
fn worked() -> Duration {
    static BEGUN: OnceLock<Instant> = OnceLock::new();
    let elapsed = BEGUN.get_or_init(Instant::now).elapsed();
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|time| time.parse().ok()).map_or(elapsed, Duration::from_nanos)
}

fn all(args: &[String]) {
    let program = std::env::current_exe().expect("this program has a path");
    for name in CASES {
        let status = Command::new(&program).arg(name).args(args).status().expect("this program runs");
        assert!(status.success(), "{name}");
    }
}

/// The most that this process has held, where Linux tells.
fn held() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() << 10
}
