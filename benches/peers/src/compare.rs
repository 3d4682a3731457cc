//! Two ways to do a thing, timed in turns.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// Time of one batch: long beside the clock, short beside what else the machine does.
const BATCH: Duration = Duration::from_micros(500);
/// Batches of each side, at most.
const ROUNDS: usize = 400;
/// Time after which there are batches enough.
const ENOUGH: Duration = Duration::from_secs(10);

/// Prints the time of `ours` divided by that of `theirs`, each the least of many batches taken in
/// turns: what else the machine does only ever adds.
pub(crate) fn compare(what: &str, aim: Option<f64>, mut ours: impl FnMut(), mut theirs: impl FnMut()) {
    let (our_batch, their_batch) = (calls(&mut ours), calls(&mut theirs));
    let (mut our_least, mut their_least) = (f64::INFINITY, f64::INFINITY);
    let start = Instant::now();
    for _ in 0..ROUNDS {
        if start.elapsed() > ENOUGH {
            break;
        }
        our_least = our_least.min(per_call(&mut ours, our_batch));
        their_least = their_least.min(per_call(&mut theirs, their_batch));
    }
    let ratio = our_least / their_least;
    let verdict = match aim {
        Some(aim) if ratio <= aim => format!("aim {aim}, met"),
        Some(aim) => format!("aim {aim}, MISSED"),
        None => String::new(),
    };
    println!("{what:<52} {ratio:>6.2}  ({our_least:.0} ns / {their_least:.0} ns)  {verdict}");
}

/// Prints how often a thing can be done in a second, by the least time of many batches.
pub(crate) fn per_second(what: &str, mut call: impl FnMut()) {
    let batch = calls(&mut call);
    let least = (0..ROUNDS).map(|_| per_call(&mut call, batch)).fold(f64::INFINITY, f64::min);
    println!("{what:<52} {:>6.0} thousand a second", 1e6 / least);
}

/// The least of several measurements.
pub(crate) fn least(times: usize, mut measure: impl FnMut() -> Duration) -> Duration {
    (0..times).map(|_| measure()).min().unwrap_or_default()
}

/// Runs a future whose answers are all at hand; no executor takes part.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
    }
}

/// How many calls fill a batch.
fn calls(call: &mut impl FnMut()) -> u32 {
    let mut calls = 1;
    loop {
        let start = Instant::now();
        (0..calls).for_each(|_| call());
        if start.elapsed() >= BATCH || calls >= 1 << 20 {
            return calls;
        }
        calls *= 2;
    }
}

fn per_call(call: &mut impl FnMut(), calls: u32) -> f64 {
    let start = Instant::now();
    (0..calls).for_each(|_| call());
    start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
}
