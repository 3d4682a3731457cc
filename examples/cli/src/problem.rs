//! Why a job could not be done: a code that programs match on, and a sentence that helps.

use std::io;
use std::path::{Path, PathBuf};

use dmarc_core::assessment::rehearsal::RehearsalError;
use dmarc_core::diagnostics::escape;
use dmarc_core::name::NameError;

use crate::texts::Texts;

/// Most characters of a name or reason that a sentence quotes.
const QUOTED: usize = 200;

/// Something that stands in the way.
#[derive(Debug)]
pub(crate) enum Problem {
    /// A file or folder that is not there or cannot be opened or read.
    Unreadable { path: PathBuf, error: io::Error },
    /// A pipe, a device or a socket: reading it might never end.
    NotAFile { path: PathBuf },
    /// A file above the limit.
    TooLarge { path: PathBuf, limit: u64 },
    /// Folders without a single file.
    NoFiles { path: PathBuf },
    /// Standard input that ended at once.
    EmptyInput,
    /// A line of standard input that is only looked at in part.
    LongLine { number: u64, limit: usize },
    /// A zone file or snapshot that is not one.
    NotUsable { path: PathBuf, reason: String },
    /// Neither a domain nor evidence about one.
    NoNames,
    /// Neither a domain, a record nor a hyphen.
    NoPolicy,
    /// Neither a message nor an author.
    NoMessage,
    /// A text that is no domain name; without an error one that could be, but holds an address.
    NotAName { name: String, error: Option<NameError> },
    /// A text that is neither a domain name nor the text of a record.
    NotAPolicy { text: String, error: Box<Problem> },
    /// Options that exclude each other.
    NotTogether { option: &'static str, other: &'static str },
    /// No resolver to ask.
    Resolver { reason: String },
    /// A form that this program was built without.
    #[cfg(not(feature = "parquet"))]
    NoParquet,
    /// A sender that is to sign, and not how.
    NotSigns { text: String },
    /// A tag or value that does not exist.
    NotSet { text: String },
    /// A record whose tags cannot be set.
    NotRehearsed { error: RehearsalError },
    /// Evidence that cannot be written.
    NotSaved { path: PathBuf, error: io::Error },
    /// Standard input or output that broke.
    Stream { error: io::Error },
}

impl Problem {
    /// What programs match on.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { error, .. } => match error.kind() {
                io::ErrorKind::NotFound => "input/not-found",
                io::ErrorKind::PermissionDenied => "input/no-permission",
                _ => "input/unreadable",
            },
            Self::NotAFile { .. } => "input/not-a-file",
            Self::TooLarge { .. } => "input/too-large",
            Self::NoFiles { .. } => "input/no-files",
            Self::EmptyInput => "input/empty",
            Self::LongLine { .. } => "input/long-line",
            Self::NotUsable { .. } => "input/not-usable",
            Self::NoNames | Self::NoPolicy | Self::NoMessage => "usage/missing-argument",
            Self::NotTogether { .. } => "usage/conflict",
            Self::NotAName { .. } | Self::NotAPolicy { .. } => "input/not-a-name",
            Self::Resolver { .. } => "resolver/not-usable",
            #[cfg(not(feature = "parquet"))]
            Self::NoParquet => "usage/no-parquet",
            Self::NotSigns { .. } | Self::NotSet { .. } => "usage/invalid-value",
            Self::NotRehearsed { error } => error.code(),
            Self::NotSaved { .. } => "output/not-saved",
            Self::Stream { .. } => "output/broken",
        }
    }

    /// One sentence on what is wrong and what to do.
    pub(crate) fn sentence(&self, texts: &Texts) -> String {
        let problems = &texts.problems;
        match self {
            Self::Unreadable { path, error } => match error.kind() {
                io::ErrorKind::NotFound => (problems.not_found)(&quoted(path)),
                io::ErrorKind::PermissionDenied => (problems.no_permission)(&quoted(path)),
                _ => (problems.unreadable)(&quoted(path), &reason(error)),
            },
            Self::NotAFile { path } => (problems.not_a_file)(&quoted(path)),
            Self::TooLarge { path, limit } => (problems.too_large)(&quoted(path), limit >> 20),
            Self::NoFiles { path } => (problems.no_files)(&quoted(path)),
            Self::EmptyInput => problems.empty_input.to_owned(),
            Self::LongLine { number, limit } => (problems.long_line)(*number, limit >> 20),
            Self::NotUsable { path, reason } => (problems.not_usable)(&quoted(path), &escape(reason, QUOTED)),
            Self::NoNames => problems.no_names.to_owned(),
            Self::NoPolicy => problems.no_policy.to_owned(),
            Self::NoMessage => problems.no_message.to_owned(),
            Self::NotAName { name, error } => {
                let reason = error.as_ref().map(problems.name_reason);
                let reason = reason.as_deref().unwrap_or(problems.not_an_address);
                (problems.not_a_name)(&escape(name, QUOTED), reason)
            }
            Self::NotTogether { option, other } => (texts.usage.conflict)(option, other),
            Self::NotAPolicy { text, error } => match error.as_ref() {
                _ if !text.contains([' ', '=', ':']) => error.sentence(texts),
                error => format!("{}; {}", error.sentence(texts), problems.as_text),
            },
            Self::Resolver { reason } => (problems.resolver)(&escape(reason, QUOTED)),
            #[cfg(not(feature = "parquet"))]
            Self::NoParquet => texts.tables.no_parquet.to_owned(),
            Self::NotSigns { text } => (texts.change.not_signs)(&quoted(Path::new(text))),
            Self::NotSet { text } => (texts.change.not_set)(&quoted(Path::new(text))),
            Self::NotRehearsed { error } => match error {
                RehearsalError::SeveralRecords { name } => (texts.change.several_records)(name.as_str()),
                RehearsalError::NoRecord { name } => (texts.change.no_record)(name.as_str()),
                RehearsalError::NotKnown { name } => (texts.change.not_known)(name.as_str()),
                error => error.to_string(),
            },
            Self::NotSaved { path, error } => (problems.not_saved)(&quoted(path), &reason(error)),
            Self::Stream { error } => (problems.stream)(&reason(error)),
        }
    }
}

/// A path as text that a terminal can show.
pub(crate) fn quoted(path: &Path) -> String {
    escape(&path.to_string_lossy(), QUOTED)
}

fn reason(error: &io::Error) -> String {
    escape(&error.to_string(), QUOTED)
}
