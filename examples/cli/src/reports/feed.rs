//! Files into a collector: read on every core, collected in their order, with a progress bar where somebody
//! looks on.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use dmarc_core::diagnostics::escape;
use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Apart, Collector, Part};
use indicatif::{ProgressBar, ProgressStyle};

use crate::input::{self, Found};
use crate::problem::Problem;
use crate::texts::Texts;

/// Fewer files are read before a bar is worth drawing.
const WORTH_A_BAR: usize = 20;
/// Most characters of a path in the bar.
const SHOWN: usize = 40;
/// Most threads: each may hold a large file.
const THREADS: usize = 8;
/// Files, or pieces of one, that a thread may be ahead.
const AHEAD: usize = 16;

/// Why each file was refused that could not be read, by its path.
pub(crate) type Unreadable = BTreeMap<String, Problem>;

/// A file that was opened.
pub(crate) type Opened = BufReader<File>;

/// Reads every file that was found at these paths. `read` reads one, in any thread, and hands on piece by piece what is
/// to be collected and what else it made of it; `seen` gets the latter, in the order of the files.
///
/// A path that leads nowhere is refused by name and stops nothing; only if there is no file at all
/// is there nothing to do.
pub(crate) fn all<T: Send>(
    texts: &Texts,
    paths: &[PathBuf],
    found: Found,
    collector: &mut Collector,
    read: impl Fn(&Apart, String, Opened, &mut dyn FnMut(Part, T) -> Going) -> Result<(), Problem> + Sync,
    mut seen: impl FnMut(T) -> Result<(), Problem>,
) -> Result<Unreadable, Problem> {
    let limits = Limits::default();
    let Found { files, problems } = found;
    let mut unreadable = Unreadable::new();
    let mut refuse = |collector: &mut Collector, path: String, problem: Problem| {
        collector.unreadable(path.clone(), &problem.sentence(texts));
        unreadable.insert(path, problem);
    };
    let bar = bar(texts, files.len());
    let apart = collector.apart();
    let work = |path: &Path, hand_on: &mut dyn FnMut(Outcome<T>) -> Going| {
        let name = path.to_string_lossy().into_owned();
        match input::open(path, limits.input_octets) {
            Err(problem) => hand_on(Outcome::Refused(problem)),
            Ok(file) => match read(&apart, name, file, &mut |part, more| {
                hand_on(Outcome::Piece(Box::new(part), more))
            }) {
                Ok(()) => Going::On,
                Err(problem) => hand_on(Outcome::Failed(problem)),
            },
        }
    };
    let mut any = false;
    in_order(&files, work, |path, outcome| {
        bar.set_message(escape(&path.file_name().unwrap_or_default().to_string_lossy(), SHOWN));
        match outcome {
            None => bar.inc(1),
            Some(Outcome::Piece(part, more)) => {
                collector.collect(*part);
                seen(more)?;
                any = true;
            }
            Some(Outcome::Refused(problem)) => {
                refuse(collector, path.to_string_lossy().into_owned(), problem);
            }
            Some(Outcome::Failed(problem)) => return Err(problem),
        }
        Ok(())
    })?;
    bar.finish_and_clear();
    for (path, problem) in problems {
        refuse(collector, path.to_string_lossy().into_owned(), problem);
    }
    if !any {
        let first = paths.first().cloned().unwrap_or_default();
        return Err(unreadable.into_values().next().unwrap_or(Problem::NoFiles { path: first }));
    }
    Ok(unreadable)
}

/// Whether anybody still takes what is read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Going {
    On,
    Stopped,
}

/// What came of reading a file, or a piece of it.
enum Outcome<T> {
    Piece(Box<Part>, T),
    /// The file cannot be read.
    Refused(Problem),
    /// Nothing can be read any more.
    Failed(Problem),
}

/// Works on files in several threads, each on every so many-th of them; what comes of it is taken in the order
/// of the files, and `None` behind each.
fn in_order<R: Send>(
    files: &[PathBuf],
    work: impl Fn(&Path, &mut dyn FnMut(R) -> Going) -> Going + Sync,
    mut take: impl FnMut(&Path, Option<R>) -> Result<(), Problem>,
) -> Result<(), Problem> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(THREADS).min(files.len());
    if threads < 2 {
        return files.iter().try_for_each(|path| {
            let mut taken = Ok(());
            work(path, &mut |result| {
                taken = take(path, Some(result));
                if taken.is_ok() { Going::On } else { Going::Stopped }
            });
            taken?;
            take(path, None)
        });
    }
    thread::scope(|scope| {
        let work = &work;
        let lanes: Vec<Receiver<Option<R>>> = (0..threads)
            .map(|lane| {
                let (send, receive) = sync_channel(AHEAD);
                scope.spawn(move || {
                    for path in files.iter().skip(lane).step_by(threads) {
                        // Nobody takes it any more once something went wrong.
                        let hand_on = |result| match send.send(result) {
                            Ok(()) => Going::On,
                            Err(_) => Going::Stopped,
                        };
                        let going = work(path, &mut |result| hand_on(Some(result)));
                        if going == Going::Stopped || hand_on(None) == Going::Stopped {
                            return;
                        }
                    }
                });
                receive
            })
            .collect();
        for (path, lane) in files.iter().zip(lanes.iter().cycle()) {
            // A thread that ended early has panicked, and the scope says so.
            while let Ok(result) = lane.recv() {
                let ended = result.is_none();
                take(path, result)?;
                if ended {
                    break;
                }
            }
        }
        drop(lanes);
        Ok(())
    })
}

/// A bar on standard error; indicatif draws it on a terminal only.
fn bar(texts: &Texts, files: usize) -> ProgressBar {
    if files < WORTH_A_BAR {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    let template = format!("{} {{bar:30}} {{pos}}/{{len}} {{wide_msg}}", texts.reports.reading);
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    bar
}
