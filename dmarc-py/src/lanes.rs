//! Inputs read in blocks, by threads where there are several; what comes of it is taken in the order of the inputs, so
//! that the batch and its tables are the same for any number of threads.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use dmarc_core::report::arrow::{RecordTable, RecordTableBuilder};
use dmarc_core::report::batch::{Apart, Collector, Part};
use pyo3::PyResult;
use pyo3::pybacked::PyBackedBytes;

use crate::errors;
use crate::reading::reason;

/// Most threads: each may hold a large file.
const THREADS: usize = 64;
/// Blocks that a thread may be ahead.
const AHEAD: usize = 4;

/// Inputs of a block, and their octets: enough that taking turns costs little, and few enough that all threads have work.
const INPUTS: usize = 32;
const OCTETS: usize = 256 << 10;
/// Octets of a file in a usual folder.
const USUAL: usize = 4 << 10;

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

    /// How many they are; a file that is still to be read counts as one of usual size.
    fn len(&self) -> usize {
        match self {
            Self::Python(octets) => octets.len(),
            Self::Owned(octets) => octets.len(),
            Self::File(_) => USUAL,
            Self::Unreadable(_) => 0,
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

/// Inputs that are read one after another.
#[derive(Default)]
pub(crate) struct Block {
    jobs: Vec<Job>,
    octets: usize,
}

impl Block {
    pub(crate) fn push(&mut self, job: Job) {
        self.octets = self.octets.saturating_add(job.octets.len());
        self.jobs.push(job);
    }

    pub(crate) fn is_full(&self) -> bool {
        self.jobs.len() >= INPUTS || self.octets >= OCTETS
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Reads them.
    pub(crate) fn read(self, apart: &Apart, limit: u64) -> Pieces {
        let mut rows = RecordTableBuilder::new().with_classes();
        let read = |job: Job| {
            let part = job.octets.with(limit, |octets| apart.read(&job.name, octets, &mut rows));
            part.map_err(|reason| (job.name, reason))
        };
        Pieces { pieces: self.jobs.into_iter().map(read).collect(), rows: rows.finish() }
    }
}

/// What was read of an input, but for its records; or its name, and why nothing was.
type Piece = Result<Part, (String, String)>;

/// What was read of a block.
pub(crate) struct Pieces {
    pieces: Vec<Piece>,
    rows: RecordTable,
}

impl Pieces {
    /// Adds them behind what was read before.
    pub(crate) fn collect(self, collector: &mut Collector, table: &mut RecordTable) {
        for piece in self.pieces {
            match piece {
                Ok(part) => {
                    collector.collect(part);
                }
                Err((name, reason)) => collector.unreadable(name, &reason),
            }
        }
        table.append(self.rows);
    }
}

/// One thread.
struct Lane {
    blocks: Sender<Block>,
    results: Receiver<Pieces>,
}

/// The threads, and the blocks that they have.
pub(crate) struct Lanes {
    lanes: Vec<Lane>,
    next: usize,
    /// The threads that have a block, in the order of the inputs.
    waiting: VecDeque<usize>,
}

impl Lanes {
    /// Threads that wait for inputs.
    pub(crate) fn new(threads: usize, apart: &Apart, limit: u64) -> Self {
        let lane = |_| {
            let (blocks, inbox) = channel::<Block>();
            let (outbox, results) = channel();
            let apart = apart.clone();
            thread::spawn(move || {
                for block in inbox {
                    if outbox.send(block.read(&apart, limit)).is_err() {
                        return;
                    }
                }
            });
            Lane { blocks, results }
        };
        let lanes = (0..threads.min(THREADS)).map(lane).collect();
        Self { lanes, next: 0, waiting: VecDeque::new() }
    }

    /// Gives a block to the next thread, and takes what is ready in its turn.
    pub(crate) fn give(
        &mut self,
        block: Block,
        collector: &mut Collector,
        table: &mut RecordTable,
    ) -> PyResult<()> {
        if self.waiting.len() >= AHEAD * self.lanes.len() {
            self.take(collector, table)?;
        }
        let at = self.next % self.lanes.len().max(1);
        self.next += 1;
        let lane = self.lanes.get(at).ok_or_else(broken)?;
        lane.blocks.send(block).map_err(|_| broken())?;
        self.waiting.push_back(at);
        Ok(())
    }

    /// Takes the block whose turn it is.
    fn take(&mut self, collector: &mut Collector, table: &mut RecordTable) -> PyResult<()> {
        let Some(at) = self.waiting.pop_front() else { return Ok(()) };
        let lane = self.lanes.get(at).ok_or_else(broken)?;
        lane.results.recv().map_err(|_| broken())?.collect(collector, table);
        Ok(())
    }

    /// Takes all that is under way.
    pub(crate) fn finish(mut self, collector: &mut Collector, table: &mut RecordTable) -> PyResult<()> {
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
