//! Inputs of every form, read in several threads and collected in their order.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::Organizations;
use dmarc_core::report::batch::{Collector, Keep};
use dmarc_core::report::failure::Privacy;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyString, PyTuple};

use crate::convert;
use crate::lanes::{Block, Job, Lanes, Octets, Read};

/// When a file is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum When {
    /// As soon as its path is given.
    Now,
    /// In the thread whose turn it is.
    Later,
}

/// A batch under way.
pub(crate) struct Reading {
    limits: Limits,
    read: Read,
    octets_given: u64,
    threads: usize,
    /// How many inputs are still to come, if that is known.
    to_come: Option<usize>,
    /// Inputs that are not given to anybody yet.
    block: Block,
    lanes: Option<Lanes>,
}

impl Reading {
    pub(crate) fn new(
        limits: Limits,
        privacy: Privacy,
        organizations: Organizations,
        digests: bool,
        rows: bool,
        threads: usize,
    ) -> Self {
        let collector = Collector::new(&limits, Keep::Findings)
            .with_privacy(privacy)
            .with_organizations(organizations)
            .with_digests(digests)
            .with_rows(rows);
        let read = Read::new(collector);
        Self { limits, read, octets_given: 0, threads, to_come: None, block: Block::default(), lanes: None }
    }

    /// Says how many more inputs will come.
    pub(crate) fn expect(&mut self, inputs: usize) {
        self.to_come = Some(self.to_come.unwrap_or_default().saturating_add(inputs));
    }

    /// Takes an input that is octets, a path or a file; whether it is one. A path that comes out of an iterable is read
    /// before the next one is asked for: whoever made the file may take it away again.
    pub(crate) fn feed(&mut self, report: &Bound<'_, PyAny>, when: When) -> PyResult<bool> {
        let py = report.py();
        py.check_signals()?;
        let job = if let Ok(octets) = report.cast::<PyBytes>() {
            Job { name: self.next_name(), octets: Octets::Python(PyBackedBytes::from(octets.clone())) }
        } else if let Some(path) = path_of(report)? {
            return py.detach(|| self.take_path(path, when)).map(|()| true);
        } else if let Some(octets) = convert::bytes(report)? {
            Job { name: self.next_name(), octets: Octets::Owned(octets) }
        } else if report.hasattr("read")? {
            let octets = convert::octets(&report.call_method0("read")?)?;
            let name = report.getattr_opt("name")?.and_then(|name| name.extract::<String>().ok());
            let name = name.unwrap_or_else(|| self.next_name());
            Job { name, octets: Octets::Owned(octets) }
        } else {
            return Ok(false);
        };
        self.take_from(py, job).map(|()| true)
    }

    /// Takes a pair of name and octets, or of name and why there are none; whether it is one.
    pub(crate) fn feed_pair(&mut self, report: &Bound<'_, PyAny>) -> PyResult<bool> {
        let Ok(pair) = report.cast::<PyTuple>() else { return Ok(false) };
        let Ok((name, given)) = pair.extract::<(String, Bound<'_, PyAny>)>() else { return Ok(false) };
        let py = report.py();
        py.check_signals()?;
        let octets = if let Ok(octets) = given.cast::<PyBytes>() {
            Octets::Python(PyBackedBytes::from(octets.clone()))
        } else if let Some(octets) = convert::bytes(&given)? {
            Octets::Owned(octets)
        } else if given.is_instance_of::<PyException>() {
            Octets::Unreadable(given.str()?.to_string_lossy().into_owned())
        } else {
            return Ok(false);
        };
        self.take_from(py, Job { name, octets }).map(|()| true)
    }

    /// A name for octets that came without one.
    fn next_name(&mut self) -> String {
        self.octets_given += 1;
        format!("bytes {}", self.octets_given)
    }

    /// Takes a file, or every file below a folder, in the order of their names.
    fn take_path(&mut self, path: PathBuf, when: When) -> PyResult<()> {
        let name = path.to_string_lossy().into_owned();
        if !path.is_dir() {
            let octets = Octets::File(path);
            let octets = if when == When::Now { octets.loaded(self.limits.input_octets) } else { octets };
            return self.take(Job { name, octets });
        }
        match entries(&path) {
            Ok(entries) => {
                self.expect(entries.len());
                entries.into_iter().try_for_each(|entry| self.take_path(entry, when))
            }
            Err(error) => self.take(Job { name, octets: Octets::Unreadable(reason(&error)) }),
        }
    }

    /// Takes an input that Python gave. Python is let go on only while a block is read: most inputs just join one.
    fn take_from(&mut self, py: Python<'_>, job: Job) -> PyResult<()> {
        if self.push(job) { py.detach(|| self.end_block(false)) } else { Ok(()) }
    }

    /// Takes an input; a full block of them is read.
    fn take(&mut self, job: Job) -> PyResult<()> {
        if self.push(job) { self.end_block(false) } else { Ok(()) }
    }

    /// Adds an input to the block; whether that is full.
    fn push(&mut self, job: Job) -> bool {
        self.block.push(job);
        self.to_come = self.to_come.map(|inputs| inputs.saturating_sub(1));
        self.block.is_full(self.to_come)
    }

    /// Reads a block: here, or in another thread if there is more than this one.
    fn end_block(&mut self, last: bool) -> PyResult<()> {
        let Self { limits, read, threads, lanes, .. } = self;
        let block = std::mem::take(&mut self.block);
        // One block needs no other thread.
        let threads = if last { 1 } else { *threads };
        let lanes = lanes.get_or_insert_with(|| Lanes::new(threads, read.apart(), limits.input_octets));
        lanes.give(block, read)
    }

    /// What was read.
    pub(crate) fn finish(mut self) -> PyResult<Read> {
        if !self.block.is_empty() {
            self.end_block(true)?;
        }
        if let Some(lanes) = self.lanes.take() {
            lanes.finish(&mut self.read)?;
        }
        Ok(self.read)
    }
}

/// What the system says, without its number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

/// The path that a str or an os.PathLike is.
fn path_of(object: &Bound<'_, PyAny>) -> PyResult<Option<PathBuf>> {
    if object.is_instance_of::<PyString>() || object.hasattr("__fspath__")? {
        return object.extract().map(Some);
    }
    Ok(None)
}

/// Files and folders in a folder, by name. A link to a folder is left out: it may lead back up.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let leads_up = path.is_symlink() && path.is_dir();
        // A pipe or a device would be waited for.
        let is_special = path.metadata().is_ok_and(|what| !what.is_file() && !what.is_dir());
        if !leads_up && !is_special {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
