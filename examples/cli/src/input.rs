//! Files, folders and the clock. Only regular files are read, and never more than the limit.

use std::fs::{self, File, Metadata};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use dmarc_core::name::DomainName;
use dmarc_core::report::batch::is_mailbox;
use walkdir::{DirEntry, WalkDir};

use crate::problem::Problem;

/// Octets of a file that are read in one go.
const BUFFER: usize = 64 << 10;
/// The folders of a Maildir, and the one of mails that are still being delivered.
const MAILDIR: [&str; 3] = ["cur", "new", "tmp"];
const IN_DELIVERY: &str = "tmp";
/// How files begin that mail servers keep in a Maildir beside the mails.
const SERVER_FILES: [&str; 6] = [".", "dovecot", "courier", "maildir", "subscriptions", "mailboxlist"];

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

/// Opens folders, recursively and in sorted order; of a Maildir the mails that were delivered. Links within them are not followed: a link may lead
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
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.depth() == 0 || !is_of_mail_server(entry)) {
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

/// Whether an entry is there for the mail server: in a Maildir, mails that are still being delivered, and lists.
fn is_of_mail_server(entry: &DirEntry) -> bool {
    let Some(folder) = entry.path().parent() else { return false };
    let name = entry.file_name().to_string_lossy();
    let may_be = if entry.file_type().is_dir() {
        name == IN_DELIVERY
    } else {
        SERVER_FILES.iter().any(|start| name.starts_with(start))
    };
    may_be && MAILDIR.iter().all(|name| folder.join(name).is_dir())
}

/// Opens a regular file of at most `limit` octets, or a mailbox of any size.
pub(crate) fn open(path: &Path, limit: u64) -> Result<BufReader<File>, Problem> {
    let unreadable = |error| Problem::Unreadable { path: path.to_owned(), error };
    let metadata = fs::metadata(path).map_err(unreadable)?;
    admit(path, &metadata, u64::MAX)?;
    let mut file = BufReader::with_capacity(BUFFER, File::open(path).map_err(unreadable)?);
    let head = file.fill_buf().map_err(unreadable)?;
    if !is_mailbox(head) {
        admit(path, &metadata, limit)?;
    }
    Ok(file)
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
