//! Inputs read in blocks, by threads where there are several; what comes of it is taken in the order of the inputs, so
//! that the batch and its tables are the same for any number of threads.
//!
//! Sums over inputs are made one block after another, which no second thread can help with. They wait until somebody asks
//! for them, or until many blocks do.

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use dmarc_core::report::arrow::{RecordTable, RecordTableBuilder};
use dmarc_core::report::batch::{Apart, Batch, Collector, Part};
use pyo3::PyResult;
use pyo3::pybacked::PyBackedBytes;

use crate::errors;
use crate::reading::reason;

/// Most threads: each may hold a large file.
const THREADS: usize = 64;
/// Blocks that may wait for each other thread before this one reads as well.
const AHEAD: usize = 4;

/// Inputs of a block, and their octets: enough that taking turns costs little, and few enough that all threads have work.
const INPUTS: usize = 32;
/// Inputs of the last blocks, so that no thread waits long for another one.
const LAST_INPUTS: usize = 8;
const OCTETS: usize = 256 << 10;
/// Blocks that were read and wait to be summed: a few thousand inputs, or so many megabytes.
const WAITING: usize = 64;
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

    /// Whether it is time to read it, where so many inputs are still to come, as far as is known. The number of threads
    /// has no part in it, since a table has a batch of rows for each block.
    pub(crate) fn is_full(&self, to_come: Option<usize>) -> bool {
        let inputs = to_come.map_or(INPUTS, |inputs| (inputs / 4).clamp(LAST_INPUTS, INPUTS));
        self.jobs.len() >= inputs || self.octets >= OCTETS
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
    fn collect(self, collector: &mut Collector, table: &mut Option<RecordTable>) {
        for piece in self.pieces {
            match piece {
                Ok(part) => {
                    collector.collect(part);
                }
                Err((name, reason)) => collector.unreadable(name, &reason),
            }
        }
        match table {
            Some(table) => table.append(self.rows),
            None => *table = Some(self.rows),
        }
    }
}

/// What was read, in the order of the inputs, of which the last blocks are not summed yet.
pub(crate) struct Read {
    collector: Collector,
    /// None, until there is a block.
    table: Option<RecordTable>,
    waiting: VecDeque<Pieces>,
}

impl Read {
    pub(crate) const fn new(collector: Collector) -> Self {
        Self { collector, table: None, waiting: VecDeque::new() }
    }

    /// What reads inputs for it.
    pub(crate) fn apart(&self) -> Apart {
        self.collector.apart()
    }

    /// Takes the next block.
    pub(crate) fn take(&mut self, pieces: Pieces) {
        self.waiting.push_back(pieces);
        if self.waiting.len() > WAITING {
            self.sum_one();
        }
    }

    fn sum_one(&mut self) {
        if let Some(pieces) = self.waiting.pop_front() {
            pieces.collect(&mut self.collector, &mut self.table);
        }
    }

    /// The sums of all of it.
    pub(crate) fn finish(mut self) -> (Batch, RecordTable) {
        while !self.waiting.is_empty() {
            self.sum_one();
        }
        (self.collector.finish(), self.table.unwrap_or_else(RecordTable::empty))
    }
}

/// A block to be read, and where what was read of it goes.
type Task = (Block, Sender<Pieces>);

/// Blocks that nobody reads yet.
#[derive(Default)]
struct Queue {
    tasks: Mutex<Tasks>,
    changed: Condvar,
}

#[derive(Default)]
struct Tasks {
    tasks: VecDeque<Task>,
    /// Whether none will come any more.
    ended: bool,
}

impl Queue {
    fn tasks(&self) -> MutexGuard<'_, Tasks> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next block, waited for; none at the end.
    fn next(&self) -> Option<Task> {
        let mut tasks = self.tasks();
        loop {
            match tasks.tasks.pop_front() {
                Some(task) => return Some(task),
                None if tasks.ended => return None,
                None => tasks = self.changed.wait(tasks).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }
}

/// The threads that read, of which the one that has the inputs is one.
pub(crate) struct Lanes {
    queue: Arc<Queue>,
    threads: usize,
    apart: Apart,
    limit: u64,
    /// Where what was read of each block comes out, in the order of the inputs.
    waiting: VecDeque<Receiver<Pieces>>,
}

impl Lanes {
    /// Threads that wait for inputs. Each takes the next block as soon as it is free.
    pub(crate) fn new(threads: usize, apart: Apart, limit: u64) -> Self {
        let queue = Arc::new(Queue::default());
        let threads = threads.min(THREADS);
        for _ in 1..threads {
            let (queue, apart) = (Arc::clone(&queue), apart.clone());
            thread::spawn(move || {
                while let Some(task) = queue.next() {
                    read(task, &apart, limit);
                }
            });
        }
        Self { queue, threads, apart, limit, waiting: VecDeque::new() }
    }

    /// Gives a block to the next thread that is free. Reads one here as well, if the others have enough.
    pub(crate) fn give(&mut self, block: Block, into: &mut Read) -> PyResult<()> {
        let (outbox, result) = channel();
        self.waiting.push_back(result);
        let ahead = {
            let mut tasks = self.queue.tasks();
            tasks.tasks.push_back((block, outbox));
            tasks.tasks.len()
        };
        self.queue.changed.notify_one();
        let others = self.threads.saturating_sub(1);
        if ahead > AHEAD * others {
            self.help();
        }
        // What was read is as much ahead of the block whose turn it is.
        if self.waiting.len() > 2 * AHEAD * self.threads {
            self.take(into)?;
        }
        Ok(())
    }

    /// Reads a block here; whether there was one.
    fn help(&self) -> bool {
        let task = self.queue.tasks().tasks.pop_front();
        task.map(|task| read(task, &self.apart, self.limit)).is_some()
    }

    /// Takes the block whose turn it is.
    fn take(&mut self, into: &mut Read) -> PyResult<()> {
        let Some(result) = self.waiting.pop_front() else { return Ok(()) };
        into.take(result.recv().map_err(|_| broken())?);
        Ok(())
    }

    /// Takes all that is under way.
    pub(crate) fn finish(mut self, into: &mut Read) -> PyResult<()> {
        while self.help() {}
        while !self.waiting.is_empty() {
            self.take(into)?;
        }
        Ok(())
    }
}

impl Drop for Lanes {
    /// Lets the threads end, also where the reading was given up.
    fn drop(&mut self) {
        let mut tasks = self.queue.tasks();
        tasks.tasks.clear();
        tasks.ended = true;
        self.queue.changed.notify_all();
    }
}

fn read((block, outbox): Task, apart: &Apart, limit: u64) {
    // Nobody waits for it if the reading was given up.
    let _ = outbox.send(block.read(apart, limit));
}

/// A thread that ended before its work did, which no input can bring about.
fn broken() -> pyo3::PyErr {
    errors::internal(&"a thread that reads reports ended")
}
