//! What stands around reports, and what breaks them: the part of [`Reader`] that says why reading ends.

use std::io::Read;

use quick_xml::errors::{Error as XmlError, SyntaxError};

use super::log::quote;
use super::read::Reader;
use super::rules;
use crate::diagnostics::Diagnostic;
use crate::report::Interruption;
use crate::report::source::{At, TokenTooLong};

/// Octets of a text that is no XML, of which a finding quotes the start.
const QUOTED: usize = 1 << 10;

impl<R: Read> Reader<R> {
    /// Something outside of any report.
    pub(super) fn junk(&mut self, text: &str) {
        // Some writers pad with NUL octets.
        if text.trim_matches(|c: char| c.is_whitespace() || c == '\0').is_empty() && !text.contains('\0') {
            return;
        }
        if !self.started {
            if self.leading.len() < 400 {
                self.leading.push_str(&quote(text));
            }
            return;
        }
        let source = self.xml.get_ref();
        let Some(ended) = &mut self.ended else { return };
        let found = self.build.log.breaking(&rules::TRAILING_JUNK, source.event_at());
        ended.findings.add(&rules::TRAILING_JUNK, || found.arg("text", quote(text.trim())));
    }

    pub(super) fn doctype(&mut self, text: &str) {
        let name = text.trim_start().get(..4).unwrap_or_default();
        let rule =
            if name.eq_ignore_ascii_case("html") && !self.started { &rules::HTML } else { &rules::DOCTYPE };
        let found = self.build.log.breaking(rule, self.xml.get_ref().event_at());
        self.stop(found);
    }

    pub(super) fn end_of_input(&mut self) {
        if !self.build.log.stack.is_empty() {
            let element = self.build.log.stack.last().map(|open| quote(open.name())).unwrap_or_default();
            let found = self.build.log.breaking(&rules::TRUNCATED, self.xml.get_ref().event_at());
            return self.stop(found.arg("element", element));
        }
        if self.started {
            return self.finish();
        }
        let at = self.xml.get_ref().event_at();
        let found = self.no_xml(at);
        self.stop(found);
    }

    /// What an input is that does not start as XML, although there may be tags further on.
    pub(super) fn no_xml(&self, at: At) -> Diagnostic {
        let leading = self.leading.trim();
        if leading.is_empty() {
            self.build.log.breaking(&rules::EMPTY, at)
        } else if leading.starts_with(['{', '[']) {
            self.build.log.breaking(&rules::JSON, at)
        } else {
            let leading = quote(leading);
            self.build.log.breaking(&rules::NOT_XML, at).arg("start", leading)
        }
    }

    /// Whether an error is only the last `>` that is missing; the report is closed then.
    pub(super) fn mends(&mut self, error: &XmlError, buffer: &[u8]) -> bool {
        if !matches!(error, XmlError::Syntax(SyntaxError::UnclosedTag)) || self.build.log.stack.len() != 1 {
            return false;
        }
        let Some(name) = buffer.strip_prefix(b"</") else { return false };
        let name = String::from_utf8_lossy(name.trim_ascii());
        let local = name.rsplit(':').next().unwrap_or_default();
        if !self.build.log.stack.last().is_some_and(|open| open.closes(local)) {
            return false;
        }
        self.find(&rules::MISSING_BRACKET, |found| found);
        self.close();
        self.finish();
        true
    }

    pub(super) fn fail(&mut self, error: &XmlError, buffer: &[u8]) {
        self.note_encoding();
        let at = self.xml.get_ref().event_at();
        let log = &self.build.log;
        let inside = !log.stack.is_empty();
        let open = log.stack.last().map(|open| quote(open.name())).unwrap_or_default();
        let found = match error {
            XmlError::Io(io) => match io.get_ref() {
                Some(inner)
                    if inner.is::<TokenTooLong>()
                        && !inside
                        && !self.started
                        && !buffer.starts_with(b"<") =>
                {
                    let text = buffer.get(..QUOTED.min(buffer.len())).unwrap_or_default();
                    log.breaking(&rules::NOT_XML, at).arg("start", quote(crate::text::lossy(text).trim()))
                }
                Some(inner) if inner.is::<TokenTooLong>() => {
                    log.breaking(&rules::TEXT_TOO_LONG, at).arg("limit", self.limits.text_octets)
                }
                Some(inner) => match inner.downcast_ref::<Interruption>() {
                    Some(Interruption(found)) => {
                        Diagnostic { place: log.breaking(found.rule, at).place, ..found.clone() }
                    }
                    None => log.breaking(&rules::UNREADABLE, at).arg("detail", quote(&io.to_string())),
                },
                None => log.breaking(&rules::UNREADABLE, at).arg("detail", quote(&io.to_string())),
            },
            XmlError::Syntax(SyntaxError::InvalidBangMarkup) if inside => {
                log.breaking(&rules::SYNTAX, at).arg("detail", "<!")
            }
            // Markup that never ends is a cut, inside of a report.
            XmlError::Syntax(_) if inside => log.breaking(&rules::TRUNCATED, at).arg("element", open),
            other if inside || self.started => {
                log.breaking(&rules::SYNTAX, at).arg("detail", quote(&other.to_string()))
            }
            _ => log.breaking(&rules::NOT_XML, at).arg("start", quote(self.leading.trim())),
        };
        self.stop(found);
    }
}
