//! Threads that read inputs, each every so many-th of them; what comes of it is taken in the order of the inputs, so
//! that the batch and its tables are the same for any number of threads.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use dmarc_core::report::aggregate::{Head, Record};
use dmarc_core::report::arrow::RecordTableBuilder;
use dmarc_core::report::batch::{Apart, Collector, Entry, Part, Sink};
use pyo3::PyResult;
use pyo3::pybacked::PyBackedBytes;

use crate::errors;
use crate::reading::reason;

/// Most threads: each may hold a large file.
const THREADS: usize = 64;
/// Inputs that a thread may be ahead.
const AHEAD: usize = 64;
/// Records that are handed over at once; a thread that reads a large report waits with more until its turn comes.
const RECORDS: usize = 512;

/// An input.
pub(crate) struct Job {
    pub(crate) name: String,
    pub(crate) octets: Octets,
}

/// What is in an input.
pub(crate) enum Octets {
    /// Held by Python.
    Python(PyBackedBytes),
    /// A copy.
    Owned(Vec<u8>),
    /// A file that is still to be read.
    File(PathBuf),
    /// Nothing, and why.
    Unreadable(String),
}

impl Octets {
    /// Does something with the octets, or says why there are none. A file that is too large is read as far as it takes
    /// to see that it is.
    pub(crate) fn with<T>(&self, limit: u64, work: impl FnOnce(&[u8]) -> T) -> Result<T, String> {
        match self {
            Self::Python(octets) => Ok(work(octets)),
            Self::Owned(octets) => Ok(work(octets)),
            Self::Unreadable(reason) => Err(reason.clone()),
            Self::File(path) => Ok(work(&load(path, limit)?)),
        }
    }

    /// The same, with the octets of a file.
    pub(crate) fn loaded(self, limit: u64) -> Self {
        match self {
            Self::File(path) => load(&path, limit).map_or_else(Self::Unreadable, Self::Owned),
            octets => octets,
        }
    }
}

fn load(path: &Path, limit: u64) -> Result<Vec<u8>, String> {
    let mut octets = Vec::new();
    let read = File::open(path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut octets));
    read.map_err(|error| reason(&error))?;
    Ok(octets)
}

/// What was read of an input: a record; `None` once the records of a report are all there.
type Step = Option<Record>;

/// Steps of an input, and at its end what else was read of it.
struct Message {
    steps: Vec<Step>,
    end: Option<Result<Part, String>>,
}

/// Hands on what is read.
struct Handing<'a> {
    steps: Vec<Step>,
    to: &'a SyncSender<Message>,
}

impl Handing<'_> {
    fn step(&mut self, step: Step) {
        self.steps.push(step);
        if self.steps.len() >= RECORDS {
            // Nobody takes it any more once something went wrong.
            let _ = self.to.send(Message { steps: mem::take(&mut self.steps), end: None });
        }
    }
}

impl Sink for Handing<'_> {
    fn record(&mut self, _: &Head, record: &Record) {
        self.step(Some(record.clone()));
    }

    fn take(&mut self, _: &Head, record: Record) {
        self.step(Some(record));
    }

    fn last(&mut self) {
        self.step(None);
    }

    // It is told again when the input is collected.
    fn report(&mut self, _: &Entry) {}
}

/// One thread.
struct Lane {
    jobs: Sender<Job>,
    results: Receiver<Message>,
}

/// The threads, and the inputs that they have.
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
    next: usize,
    /// Names of the inputs under way, and the threads that have them, in order.
    waiting: VecDeque<(String, usize)>,
}

impl Lanes {
    /// Threads that wait for inputs.
    pub(crate) fn new(threads: usize, apart: &Apart, limit: u64) -> Self {
        let lane = |_| {
            let (jobs, inbox) = channel::<Job>();
            let (outbox, results) = sync_channel(AHEAD);
            let apart = apart.clone();
            thread::spawn(move || {
                for job in inbox {
                    let mut handing = Handing { steps: Vec::new(), to: &outbox };
                    let read =
                        job.octets.with(limit, |octets| apart.read(job.name.as_str(), octets, &mut handing));
                    if outbox.send(Message { steps: handing.steps, end: Some(read) }).is_err() {
                        return;
                    }
                }
            });
            Lane { jobs, results }
        };
        let lanes = (0..threads.min(THREADS)).map(lane).collect();
        Self { lanes, next: 0, waiting: VecDeque::new() }
    }

    /// Gives an input to the next thread, and takes what is ready in its turn.
    pub(crate) fn give(
        &mut self,
        job: Job,
        collector: &mut Collector,
        table: &mut RecordTableBuilder,
    ) -> PyResult<()> {
        if self.waiting.len() >= AHEAD * self.lanes.len() {
            self.take(collector, table)?;
        }
        let at = self.next % self.lanes.len().max(1);
        self.next += 1;
        let name = job.name.clone();
        let lane = self.lanes.get(at).ok_or_else(broken)?;
        lane.jobs.send(job).map_err(|_| broken())?;
        self.waiting.push_back((name, at));
        Ok(())
    }

    /// Takes the input whose turn it is.
    fn take(&mut self, collector: &mut Collector, table: &mut RecordTableBuilder) -> PyResult<()> {
        let Some((name, at)) = self.waiting.pop_front() else { return Ok(()) };
        let lane = self.lanes.get(at).ok_or_else(broken)?;
        loop {
            let Message { steps, end } = lane.results.recv().map_err(|_| broken())?;
            for step in steps {
                match step {
                    Some(record) => table.push(&record),
                    None => table.next_report(),
                }
            }
            match end {
                None => {}
                Some(Ok(part)) => {
                    collector.collect(part).iter().for_each(|entry| table.report(entry));
                    return Ok(());
                }
                Some(Err(reason)) => {
                    collector.unreadable(name, &reason);
                    return Ok(());
                }
            }
        }
    }

    /// Takes all that is under way.
    pub(crate) fn finish(
        mut self,
        collector: &mut Collector,
        table: &mut RecordTableBuilder,
    ) -> PyResult<()> {
        while !self.waiting.is_empty() {
            self.take(collector, table)?;
        }
        Ok(())
    }
}

/// A thread that ended before its work did, which no input can bring about.
fn broken() -> pyo3::PyErr {
    errors::internal(&"a thread that reads reports ended")
}
