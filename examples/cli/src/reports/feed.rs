//! Files into a collector, one at a time, with a progress bar where somebody looks on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use dmarc_core::diagnostics::escape;
use dmarc_core::limits::Limits;
use dmarc_core::report::batch::Collector;
use indicatif::{ProgressBar, ProgressStyle};

use crate::input::{self, Found};
use crate::problem::Problem;
use crate::texts::Texts;

/// Fewer files are read before a bar is worth drawing.
const WORTH_A_BAR: usize = 20;
/// Most characters of a path in the bar.
const SHOWN: usize = 40;

/// Why each file was refused that could not be read, by its path.
pub(crate) type Unreadable = BTreeMap<String, Problem>;

/// Reads every file that was found at these paths.
///
/// A path that leads nowhere is refused by name and stops nothing; only if there is no file at all
/// is there nothing to do.
pub(crate) fn all(
    texts: &Texts,
    paths: &[PathBuf],
    found: Found,
    collector: &mut Collector,
    mut read_one: impl FnMut(&mut Collector, String, &[u8]) -> Result<(), Problem>,
) -> Result<Unreadable, Problem> {
    let limits = Limits::default();
    let Found { files, problems } = found;
    let mut unreadable = Unreadable::new();
    let mut refuse = |collector: &mut Collector, path: String, problem: Problem| {
        collector.unreadable(path.clone(), &problem.sentence(texts));
        unreadable.insert(path, problem);
    };
    let bar = bar(texts, files.len());
    let mut read = 0_usize;
    for path in &files {
        let name = path.to_string_lossy().into_owned();
        bar.set_message(escape(&path.file_name().unwrap_or_default().to_string_lossy(), SHOWN));
        match input::read(path, limits.input_octets) {
            Ok(octets) => {
                read_one(collector, name, &octets)?;
                read += 1;
            }
            Err(problem) => refuse(collector, name, problem),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    for (path, problem) in problems {
        refuse(collector, path.to_string_lossy().into_owned(), problem);
    }
    if read == 0 {
        let first = paths.first().cloned().unwrap_or_default();
        return Err(unreadable.into_values().next().unwrap_or(Problem::NoFiles { path: first }));
    }
    Ok(unreadable)
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
