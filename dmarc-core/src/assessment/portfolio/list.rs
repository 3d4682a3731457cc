//! A list of domains, one per line: names with their lines, and what is wrong with the rest.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::name::DomainName;
use crate::text::lossy;

/// Domains that are taken from a list.
const DOMAINS: usize = 100_000;
/// Problems that are kept; further ones are counted.
const PROBLEMS: usize = 1_000;
/// Characters of a line that are kept.
const LINE: usize = 200;

/// What is wrong with a line, or worth knowing of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ListProblem {
    /// It is no domain name.
    NotAName {
        /// Line, from 1.
        line: usize,
        /// Its text.
        text: String,
    },
    /// The name stands there already; it is judged once.
    Duplicate {
        /// Line, from 1.
        line: usize,
        /// The name.
        domain: DomainName,
        /// Where it stood first.
        first: usize,
    },
    /// The name stands below another of the list, so that it may inherit from it; both are judged.
    Below {
        /// Line, from 1.
        line: usize,
        /// The name.
        domain: DomainName,
        /// The nearest name above it.
        of: DomainName,
    },
    /// There are more names than are taken.
    TooMany {
        /// The first line that is left out, from 1.
        line: usize,
    },
}

/// The domains of a list, each once, in order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct DomainList {
    /// The domains.
    pub domains: Vec<DomainName>,
    /// What is wrong with the list.
    pub problems: Vec<ListProblem>,
    /// Problems beyond those that are kept.
    pub problems_left_out: usize,
    /// Lines, blank ones and comments included.
    pub lines: usize,
}

impl DomainList {
    /// Reads a list. Blank lines count for nothing, nor what follows `#`; of a line with commas or blanks the
    /// first column counts, so that an export of a spreadsheet will do.
    ///
    /// ```
    /// use dmarc_core::assessment::DomainList;
    ///
    /// let list = DomainList::parse(b"example.com # main\nmail.example.com\n\nexample.com\nnot a name!\n");
    /// assert_eq!(list.domains.len(), 2);
    /// assert_eq!(list.problems.len(), 3);
    /// ```
    #[must_use]
    pub fn parse(octets: &[u8]) -> Self {
        let octets = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
        Self::of_lines(octets.split(|octet| *octet == b'\n'))
    }

    /// The same from lines: the place of each counts as its number.
    #[must_use]
    pub fn of_lines<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut list = Self::default();
        let mut seen: BTreeMap<DomainName, usize> = BTreeMap::new();
        for (index, line) in lines.into_iter().enumerate() {
            let number = index + 1;
            let text = lossy(line);
            let text = text.split_once('#').map_or(text.as_ref(), |(before, _)| before).trim();
            if text.is_empty() {
                continue;
            }
            list.lines = number;
            let first = text.split([',', ';', '\t', ' ']).next().unwrap_or_default().trim_matches('"');
            let name = DomainName::parse(first).ok().filter(|name| is_domain(first, name));
            let Some(name) = name.filter(|_| !text.contains('!')) else {
                list.note(ListProblem::NotAName { line: number, text: text.chars().take(LINE).collect() });
                continue;
            };
            if let Some(first) = seen.get(&name) {
                list.note(ListProblem::Duplicate { line: number, domain: name, first: *first });
                continue;
            }
            if list.domains.len() >= DOMAINS {
                list.note(ListProblem::TooMany { line: number });
                break;
            }
            seen.insert(name.clone(), number);
            list.domains.push(name);
        }
        for (domain, line) in &seen {
            let above = (2..domain.label_count()).rev().map(|count| domain.rightmost(count));
            if let Some(of) = above.into_iter().find(|above| seen.contains_key(above)) {
                list.note(ListProblem::Below { line: *line, domain: domain.clone(), of });
            }
        }
        list.problems.sort_by_key(ListProblem::line);
        list
    }

    fn note(&mut self, problem: ListProblem) {
        if self.problems.len() < PROBLEMS {
            self.problems.push(problem);
        } else {
            self.problems_left_out += 1;
        }
    }
}

/// Whether a text is a name that mail is sent as, and no address or path.
fn is_domain(text: &str, name: &DomainName) -> bool {
    name.label_count() > 1
        && !text.contains(['@', '/', ':', '*'])
        && text.parse::<std::net::IpAddr>().is_err()
}

impl ListProblem {
    /// Its line, from 1.
    #[must_use]
    pub const fn line(&self) -> usize {
        match self {
            Self::NotAName { line, .. }
            | Self::Duplicate { line, .. }
            | Self::Below { line, .. }
            | Self::TooMany { line } => *line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DomainList, ListProblem};

    #[test]
    fn a_list_is_read_and_what_is_wrong_is_told() {
        let list = DomainList::parse(
            b"\xef\xbb\xbfExample.com\r\n# a comment\n\nmail.example.com,IT\ninfo@example.com\n192.0.2.1\nexample.COM\ncom\n",
        );
        let names: Vec<String> = list.domains.iter().map(ToString::to_string).collect();
        assert_eq!(names, ["example.com", "mail.example.com"]);
        let lines: Vec<usize> = list.problems.iter().map(ListProblem::line).collect();
        assert_eq!(lines, [4, 5, 6, 7, 8]);
        assert!(matches!(&list.problems[0], ListProblem::Below { of, .. } if of.as_str() == "example.com"));
        assert!(matches!(&list.problems[3], ListProblem::Duplicate { first: 1, .. }));
    }

    #[test]
    fn any_octets_are_a_list() {
        assert_eq!(DomainList::parse(b"").domains.len(), 0);
        assert_eq!(DomainList::parse(b"\xff\xfe\0,\0#\xff").domains.len(), 0);
    }
}
