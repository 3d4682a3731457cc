//! Reports without fields, as the mail servers Exim and the gateways that are built on it write them:
//! lines of a name and a value, a line of dashes or the word `detected.`, and the message or its header.

use super::parts::SamplePart;
use crate::report::aggregate::quote;

/// How every such report begins.
const START: &str = "A message claiming to be from you has failed";
/// Octets that are looked at for it.
const HEAD: usize = 16 << 10;

fn head(content: &[u8]) -> &[u8] {
    content.get(..HEAD.min(content.len())).unwrap_or_default()
}

/// Whether a text is such a report.
pub(super) fn is_report(content: &[u8]) -> bool {
    memchr::memmem::find(head(content), START.as_bytes()).is_some()
}

/// Where the message begins: behind a line of dashes that tells of a copy, or behind `detected.`
fn behind(content: &[u8]) -> Option<usize> {
    let line_end = |at: usize| {
        let rest = content.get(at..).unwrap_or_default();
        memchr::memchr(b'\n', rest).map_or(content.len(), |end| at + end + 1)
    };
    if let Some(at) = memchr::memmem::find(content, b"------ This is a copy of") {
        // Exim says on a second line of dashes how much of it there is.
        let mut at = line_end(at);
        if content.get(at..).unwrap_or_default().starts_with(b"------") {
            at = line_end(at);
        }
        return Some(at);
    }
    memchr::memmem::find(content, b"detected.").map(|at| at + b"detected.".len())
}

/// The message that a report in prose quotes.
pub(super) fn sample(content: &[u8]) -> Option<SamplePart> {
    let sample = content.get(behind(content)?..)?.trim_ascii_start();
    (!sample.is_empty()).then(|| SamplePart::of_prose(sample))
}

/// The lines of a name and a value, by their names in lower case.
pub(super) fn lines(content: &[u8]) -> Vec<(String, String)> {
    let end = behind(content).unwrap_or(content.len());
    let text = crate::text::lossy(head(content.get(..end).unwrap_or_default()));
    let pair = |line: &str| {
        let (name, value) = line.split_once(':')?;
        let name = name.trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic() || c == ' ');
        is_name.then(|| (name.to_ascii_lowercase(), quote(value.trim())))
    };
    text.lines().filter_map(pair).collect()
}
