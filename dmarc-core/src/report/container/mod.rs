//! What reports come packed in: gzip, zlib, ZIP, mail and mailboxes, in each other, told by content.
//!
//! Nothing is told by name or label, since both are often wrong. Unpacking is a stream: memory
//! does not grow with what comes out. Every limit has a code of its own, and what came out before
//! it is kept. Formats: RFC 1952 (gzip), RFC 1950 (zlib), APPNOTE (ZIP), RFC 5322 and 2045 (mail).

mod gzip;
mod kind;
mod mail;
mod mbox;
mod meter;
pub(in crate::report) mod mime;
mod zip;

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, BufReader, Read};

use self::gzip::Gzip;
use self::kind::{Form, Kind};
pub(crate) use self::mail::Mails;
pub(crate) use self::mbox::{Mailbox, is_mailbox};
use self::meter::HARMLESS;
pub(crate) use self::meter::Meter;
use super::Interruption;
use super::failure::Parts;
use crate::diagnostics::{Diagnostic, Rule, document, rfc, rules};
use crate::limits::Limits;

rules! {
    /// An input over the limit.
    INPUT_TOO_LARGE = "container/input-too-large", Error, rfc(9990, "8"), [limit];
    /// What comes out of an input is over the limit.
    UNPACKED_TOO_LARGE = "container/unpacked-too-large", Error, rfc(9990, "8"), [limit];
    /// Too much comes out for what went in.
    RATIO = "container/ratio", Error, rfc(9990, "8"), [limit];
    /// Containers within containers over the limit.
    TOO_DEEP = "container/too-deep", Error, rfc(9990, "8"), [limit];
    /// Members of an archive, or parts of a mail, over the limit.
    TOO_MANY_ENTRIES = "container/too-many-entries", Error, rfc(9990, "8"), [limit];
    /// A mail of a mailbox over the limit.
    MAIL_TOO_LARGE = "container/mail-too-large", Error, rfc(9990, "8"), [limit];
    /// Mails of a mailbox over the limit.
    TOO_MANY_MAILS = "container/too-many-mails", Error, rfc(9990, "8"), [limit];
    /// An archive within an archive over the limit.
    MEMBER_TOO_LARGE = "container/member-too-large", Error, rfc(9990, "8"), [limit];
    /// Packed data that ends too early: what came out is kept.
    CUT = "container/truncated", Error, rfc(1952, "2.2"), [form];
    /// Packed data that is damaged: what came out before is kept.
    DAMAGED = "container/damaged", Error, rfc(1952, "2.3.1"), [form, detail];
    /// Something behind the packed data.
    TRAILING_JUNK = "container/trailing-junk", Notice, rfc(1952, "2.2"), [form];
    /// A member that needs a password.
    ENCRYPTED = "container/encrypted", Error, document("APPNOTE", "4.4.4"), [];
    /// A member in a compression that is not read.
    METHOD = "container/unsupported-method", Error, document("APPNOTE", "4.4.5"), [method];
    /// A container that is not read.
    UNSUPPORTED = "container/unsupported", Error, rfc(9990, "3.5.2"), [form];
    /// A container in which nothing is a report.
    NO_REPORT = "container/no-report", Error, rfc(9990, "3.5.2"), [];
    /// A file name that tells another domain or period than the report in it, which counts.
    FILE_NAME = "container/file-name", Notice, rfc(9990, "3.5.2"), [named, found];
    /// A directory in an archive.
    DIRECTORY = "container/directory", Notice, document("APPNOTE", "4.3.8"), [];
    /// A file that an operating system put into an archive.
    SYSTEM_FILE = "container/system-file", Notice, document("APPNOTE", "4.3.8"), [];
    /// A text or another part of a mail that is no report.
    OTHER_PART = "container/other-part", Notice, rfc(9990, "3.5.2"), [];
}

/// Octets that are looked at to tell what an input is.
pub(crate) const HEAD: usize = 1 << 10;
/// Members of one input over all its containers, so many times the limit on entries of each.
const ARCHIVES: u32 = 5;
/// Characters of a member's name that are told.
const NAME: usize = 255;
/// Largest archive or mail within a container: it must be held as a whole.
const MEMBER: u64 = 16 << 20;

/// Takes what a container holds.
pub(crate) trait Visitor {
    /// A mail of so many octets begins that is as good as an input of its own.
    fn begin(&mut self, octets: u64);
    /// An unpacked document; `member` if it was one of several things in a container.
    fn document(&mut self, path: &str, input: &mut dyn Read, member: bool, walk: &Walk<'_>);
    /// Something that cannot be read.
    fn refused(&mut self, path: &str, found: Diagnostic);
    /// A mail, or a part of one, that is a failure report.
    fn failure(&mut self, path: &str, parts: &Parts, walk: &Walk<'_>);
    /// A member that is no report.
    fn skipped(&mut self, path: &str, rule: &'static Rule);
}

/// One walk through an input.
pub(crate) struct Walk<'a> {
    limits: &'a Limits,
    meter: Meter<'a>,
    notes: RefCell<Vec<Diagnostic>>,
    members: Cell<u32>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(octets: &[u8], limits: &'a Limits) -> Self {
        Self::with_spare(octets, limits, HARMLESS)
    }

    /// A walk of which some octets may come out whatever went in.
    fn with_spare(octets: &[u8], limits: &'a Limits, spare: u64) -> Self {
        let meter = Meter::new(octets.len() as u64, limits, spare);
        Self { limits, meter, notes: RefCell::default(), members: Cell::new(0) }
    }

    /// What was found in the packing since the last call, that did not stop the reading.
    pub(crate) fn take_notes(&self) -> Vec<Diagnostic> {
        self.notes.take()
    }

    /// Ends the walk: nothing more is unpacked.
    pub(crate) fn stop(&self, found: Diagnostic) {
        self.meter.stop(found);
    }

    /// Walks through an input.
    pub(crate) fn input(&self, octets: &[u8], visitor: &mut dyn Visitor) {
        if octets.len() as u64 > self.limits.input_octets {
            return visitor.refused("", INPUT_TOO_LARGE.anywhere().arg("limit", self.limits.input_octets));
        }
        self.slice(octets, &Spot::default(), visitor);
        self.tell_why_stopped("", visitor);
    }

    fn tell_why_stopped(&self, path: &str, visitor: &mut dyn Visitor) {
        if let Some(found) = self.meter.untold() {
            visitor.refused(path, found);
        }
    }

    /// Goes to a member of a container. Each is told of, so that there is an end to them.
    fn enter(&self, spot: &Spot, name: &str) -> Spot {
        self.members.set(self.members.get().saturating_add(1));
        let limit = self.limits.entries.saturating_mul(ARCHIVES);
        if self.members.get() > limit {
            self.meter.stop(TOO_MANY_ENTRIES.anywhere().arg("limit", limit));
        }
        let cut = name.char_indices().nth(NAME).map_or(name.len(), |(at, _)| at);
        spot.member(name.get(..cut).unwrap_or(name))
    }

    fn slice(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        match kind::tell(octets.get(..HEAD.min(octets.len())).unwrap_or_default()) {
            Kind::Form(form @ (Form::Zip | Form::Mail | Form::Mbox)) => match spot.inner(self.limits) {
                Err(found) => visitor.refused(&spot.path, found),
                Ok(inner) => match form {
                    Form::Zip => self.zip(octets, &inner, visitor),
                    Form::Mbox => self.mbox(&mut &*octets, &inner, visitor),
                    _ => self.mail(octets, &inner, visitor),
                },
            },
            kind => self.stream(&mut &*octets, kind, spot, visitor),
        }
    }

    /// Tells what a stream is, and walks through it.
    fn unknown(&self, input: &mut dyn BufRead, spot: &Spot, visitor: &mut dyn Visitor) {
        let mut head = Vec::new();
        let told = Read::take(&mut *input, HEAD as u64).read_to_end(&mut head);
        let kind = kind::tell(&head);
        if let Err(error) = told {
            // What came out before the break may be the start of a report.
            let mut broken = io::Cursor::new(head).chain(Broken(Some(error)));
            return self.stream(&mut BufReader::new(&mut broken), kind, spot, visitor);
        }
        self.stream(&mut io::Cursor::new(head).chain(input), kind, spot, visitor);
    }

    fn stream(&self, input: &mut dyn BufRead, kind: Kind, spot: &Spot, visitor: &mut dyn Visitor) {
        let form = match kind {
            Kind::Document => return visitor.document(&spot.path, input, spot.member, self),
            Kind::Foreign(_) if spot.member => return visitor.skipped(&spot.path, &UNSUPPORTED),
            Kind::Unsupported(form) | Kind::Foreign(form) => {
                return visitor.refused(&spot.path, UNSUPPORTED.anywhere().arg("form", form));
            }
            Kind::Form(form) => form,
        };
        let inner = match spot.inner(self.limits) {
            Ok(inner) => inner,
            Err(found) => return visitor.refused(&spot.path, found),
        };
        match form {
            Form::Gzip => {
                let gzip = Gzip::new(input, |octets| {
                    if !octets.is_empty() {
                        self.notes.borrow_mut().push(TRAILING_JUNK.anywhere().arg("form", "gzip"));
                    }
                });
                self.unknown(&mut BufReader::new(self.meter.read(gzip)), &inner, visitor);
            }
            Form::Zlib => {
                let zlib = gzip::Told::new(flate2::bufread::ZlibDecoder::new(input), "zlib");
                self.unknown(&mut BufReader::new(self.meter.read(zlib)), &inner, visitor);
            }
            Form::Mbox => self.mbox(input, &inner, visitor),
            Form::Zip | Form::Mail => match hold(input) {
                Ok(octets) => self.slice(&octets, spot, visitor),
                Err(found) => visitor.refused(&spot.path, found),
            },
        }
    }
}

/// Where a walk stands in the nesting.
#[derive(Clone, Debug, Default)]
struct Spot {
    path: String,
    depth: u32,
    /// Whether it is one of several things in a container.
    member: bool,
}

impl Spot {
    fn inner(&self, limits: &Limits) -> Result<Self, Diagnostic> {
        if self.depth >= limits.container_depth {
            return Err(TOO_DEEP.anywhere().arg("limit", limits.container_depth));
        }
        Ok(Self { depth: self.depth + 1, ..self.clone() })
    }

    fn member(&self, name: &str) -> Self {
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}/{name}", self.path) };
        Self { path, depth: self.depth, member: true }
    }
}

/// Reads an archive within a container, which cannot be streamed.
fn hold(input: &mut dyn BufRead) -> Result<Vec<u8>, Diagnostic> {
    let mut octets = Vec::new();
    loop {
        // Growing by a step instead of doubling keeps the peak near the size itself.
        octets.reserve_exact(1 << 20);
        match Read::take(&mut *input, 1 << 20).read_to_end(&mut octets) {
            Ok(0) => return Ok(octets),
            Ok(_) if octets.len() as u64 > MEMBER => {
                return Err(MEMBER_TOO_LARGE.anywhere().arg("limit", MEMBER));
            }
            Ok(_) => {}
            Err(error) => return Err(finding(&error)),
        }
    }
}

/// The finding behind an error of a stream.
pub(in crate::report) fn finding(error: &io::Error) -> Diagnostic {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Interruption>()) {
        Some(Interruption(found)) => found.clone(),
        None => DAMAGED.anywhere().arg("form", "stream").arg("detail", error.to_string()),
    }
}

/// A stream that broke.
pub(in crate::report) struct Broken(pub(in crate::report) Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
