//! Files, folders and the clock. Only regular files are read, and never more than the limit.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use dmarc_core::name::DomainName;
use walkdir::WalkDir;

use crate::problem::Problem;

/// What lies at the paths that were given: files in sorted order, and what could not be opened.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Files, to be read one at a time; what is not a regular file is refused when read.
    pub(crate) files: Vec<PathBuf>,
    /// What could not be opened at all.
    pub(crate) problems: Vec<(PathBuf, Problem)>,
}

/// A domain name as it was typed.
pub(crate) fn name(text: &str) -> Result<DomainName, Problem> {
    let not_a_name = |error| Problem::NotAName { name: text.to_owned(), error };
    // DNS allows these signs; whoever types them means something else.
    if text.contains(['@', '/', ':']) {
        return Err(not_a_name(None));
    }
    DomainName::parse(text).map_err(|error| not_a_name(Some(error)))
}

/// Seconds since 1970; the only clock in the house.
pub(crate) fn clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Opens folders, recursively and in sorted order. Links within them are not followed: a link may lead
/// out of the folder, or back into it.
pub(crate) fn find(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        match fs::metadata(path) {
            Err(error) => {
                found.problems.push((path.clone(), Problem::Unreadable { path: path.clone(), error }));
            }
            Ok(metadata) if metadata.is_dir() => walk(path, &mut found),
            Ok(_) => found.files.push(path.clone()),
        }
    }
    found
}

fn walk(folder: &Path, found: &mut Found) {
    for entry in WalkDir::new(folder).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => found.files.push(entry.into_path()),
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_owned();
                let error = io::Error::from(error);
                found.problems.push((path.clone(), Problem::Unreadable { path, error }));
            }
        }
    }
}

/// Reads a regular file of at most `limit` octets.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Problem> {
    let unreadable = |error| Problem::Unreadable { path: path.to_owned(), error };
    // Looked at before it is opened: opening a pipe waits for somebody to write.
    let metadata = fs::metadata(path).map_err(unreadable)?;
    admit(path, &metadata, limit)?;
    let file = File::open(path).map_err(unreadable)?;
    let expected = usize::try_from(metadata.len()).unwrap_or(0);
    let mut octets = Vec::with_capacity(expected);
    // A file may grow while it is read.
    let read = file.take(limit.saturating_add(1)).read_to_end(&mut octets).map_err(unreadable)?;
    if read as u64 > limit {
        return Err(Problem::TooLarge { path: path.to_owned(), limit });
    }
    Ok(octets)
}

fn admit(path: &Path, metadata: &Metadata, limit: u64) -> Result<(), Problem> {
    if !metadata.is_file() {
        return Err(Problem::NotAFile { path: path.to_owned() });
    }
    if metadata.len() > limit {
        return Err(Problem::TooLarge { path: path.to_owned(), limit });
    }
    Ok(())
}
