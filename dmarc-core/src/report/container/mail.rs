//! Mail: each part of each message, and messages within messages (RFC 5322, 2045, 2046).

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read};

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::kind::{self, Form, Kind};
use super::mbox::{Mail, Mailbox};
use super::meter::HARMLESS;
use super::mime::{Entity, Label};
use super::{
    HEAD, MAIL_TOO_LARGE, MEMBER, OTHER_PART, Spot, TOO_MANY_ENTRIES, TOO_MANY_MAILS, Visitor, Walk, finding,
};
use crate::limits::Limits;
use crate::report::failure::Parts;

/// A byte order mark in front of a text says that it is UTF-8, whatever its XML declaration says:
/// the mail's own charset has been applied already.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// Multiparts within each other; real mail has four.
const MULTIPARTS: u32 = 20;

/// The parts of one message that were met so far.
struct Message<'a> {
    spot: &'a Spot,
    /// Parts of any kind, the mail itself among them.
    parts: u32,
    /// Parts that hold something else than parts.
    leaves: u32,
}

fn message_name(number: u32) -> String {
    format!("message {number}")
}

/// The mails of an input that is a mailbox. Each is as good as an input of its own and has a budget of its own; but what
/// may come out whatever went in is given to all of them together, lest many small mails make a bomb.
pub(crate) struct Mails<'a> {
    limits: &'a Limits,
    number: u32,
    spare: u64,
}

impl<'a> Mails<'a> {
    pub(crate) const fn new(limits: &'a Limits) -> Self {
        Self { limits, number: 0, spare: HARMLESS }
    }

    /// Walks through the next mail; tells whether another one may follow.
    pub(crate) fn next(&mut self, mail: &Mail<'_>, visitor: &mut dyn Visitor) -> bool {
        let limits = self.limits;
        if self.number >= limits.mails {
            visitor.refused("", TOO_MANY_MAILS.anywhere().arg("limit", limits.mails));
            return false;
        }
        self.number += 1;
        visitor.begin(mail.size());
        let name = message_name(self.number);
        match (mail, Spot::default().inner(limits)) {
            (Mail::TooLarge, _) => {
                visitor.refused(&name, MAIL_TOO_LARGE.anywhere().arg("limit", limits.input_octets));
            }
            (Mail::Whole(_), Err(found)) => visitor.refused(&name, found),
            (Mail::Whole(octets), Ok(outer)) => {
                let walk = Walk::with_spare(octets, limits, self.spare);
                walk.mail(octets, &outer.member(&name), visitor);
                self.spare = walk.meter.spare();
                walk.tell_why_stopped(&name, visitor);
            }
        }
        true
    }
}

impl Walk<'_> {
    pub(super) fn mail(&self, octets: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        self.entity(octets, false, 0, &mut Message { spot, parts: 0, leaves: 0 }, visitor);
    }

    /// Walks through a mailbox within a container, whose mails share the budget of the input.
    pub(super) fn mbox(&self, input: &mut dyn BufRead, spot: &Spot, visitor: &mut dyn Visitor) {
        let mut mailbox = Mailbox::new(input, MEMBER);
        let mut number: u32 = 0;
        loop {
            let mail = match mailbox.next() {
                Ok(Some(mail)) => mail,
                Ok(None) => return,
                Err(error) => return visitor.refused(&spot.path, finding(&error)),
            };
            if number >= self.limits.mails {
                return visitor
                    .refused(&spot.path, TOO_MANY_MAILS.anywhere().arg("limit", self.limits.mails));
            }
            number += 1;
            let spot = self.enter(spot, &message_name(number));
            match mail {
                Mail::Whole(octets) => self.mail(octets, &spot, visitor),
                Mail::TooLarge => {
                    visitor.refused(&spot.path, MAIL_TOO_LARGE.anywhere().arg("limit", MEMBER));
                }
            }
            if self.meter.is_stopped() {
                return;
            }
        }
    }

    /// Walks through a mail or a part of one.
    fn entity(
        &self,
        octets: &[u8],
        digest: bool,
        depth: u32,
        message: &mut Message<'_>,
        visitor: &mut dyn Visitor,
    ) {
        let entity = Entity::new(octets);
        message.parts += 1;
        let label = entity.label(digest);
        if label == Label::Multipart && depth < MULTIPARTS {
            // What its parts hold is told by the failure report, and is no report of its own.
            if let Some(parts) = Parts::find(&entity) {
                return visitor.failure(&message.spot.path, &parts, self);
            }
            for part in entity.parts() {
                if message.parts > self.limits.entries {
                    let found = TOO_MANY_ENTRIES.anywhere().arg("limit", self.limits.entries);
                    return visitor.refused(&message.spot.path, found);
                }
                self.entity(part, entity.is_digest(), depth + 1, message, visitor);
                if self.meter.is_stopped() {
                    return;
                }
            }
            return;
        }
        message.leaves += 1;
        let number = message.leaves;
        // The number as well, since two attachments may have the same name.
        let name = match entity.name() {
            Some(name) => format!("attachment {number}/{name}"),
            None => format!("part {number}"),
        };
        let inner = self.enter(message.spot, &name);
        let content = entity.decoded();
        match label {
            Label::Message => match inner.inner(self.limits) {
                Ok(deeper) => self.mail(&content, &deeper, visitor),
                Err(found) => visitor.refused(&inner.path, found),
            },
            Label::Text | Label::Html => match Parts::of_prose(&content) {
                Some(parts) if label == Label::Text => visitor.failure(&message.spot.path, &parts, self),
                _ => self.text(&entity, &content, &inner, visitor),
            },
            Label::Multipart | Label::Other => self.slice(&content, &inner, visitor),
        }
    }

    /// A part that is labeled as text: a report perhaps, as such or packed, or words for people.
    fn text(&self, entity: &Entity<'_>, content: &[u8], spot: &Spot, visitor: &mut dyn Visitor) {
        let html = entity.label(false) == Label::Html;
        match kind::tell(content.get(..HEAD.min(content.len())).unwrap_or_default()) {
            Kind::Document if looks_like_xml(content, html) || looks_like_json(content) => {
                let text = in_charset(content, entity.charset());
                let mut marked = match text {
                    None => (&[][..]).chain(content),
                    Some(ref text) => MARK.chain(text.as_ref()),
                };
                self.unknown(&mut BufReader::new(self.meter.read(&mut marked)), spot, visitor);
            }
            Kind::Form(Form::Gzip | Form::Zip) => self.slice(content, spot, visitor),
            // Words for people may look like another form by chance; an attachment has a name.
            Kind::Form(_) | Kind::Unsupported(_) if entity.name().is_some() => {
                self.slice(content, spot, visitor);
            }
            _ => visitor.skipped(&spot.path, &OTHER_PART),
        }
    }
}

/// Whether a text is marked up, and not as a web page.
fn looks_like_xml(content: &[u8], html: bool) -> bool {
    let start = content.strip_prefix(MARK).unwrap_or(content).trim_ascii_start();
    if html {
        return start.starts_with(b"<?xml") || start.starts_with(b"<feedback");
    }
    matches!(start, [b'<', ..] | [0, b'<', ..] | [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
}

/// Whether a text begins as a JSON object does.
fn looks_like_json(content: &[u8]) -> bool {
    let start = content.strip_prefix(MARK).unwrap_or(content).trim_ascii_start();
    start.strip_prefix(b"{").is_some_and(|inner| inner.trim_ascii_start().starts_with(b"\""))
}

/// The text in UTF-8, if it is known which charset it is in (RFC 7303, 3.2: a byte order mark comes
/// first, then the charset of the mail, then the XML declaration). A charset that the octets belie
/// is none.
fn in_charset<'a>(content: &'a [u8], charset: Option<&str>) -> Option<Cow<'a, [u8]>> {
    if Encoding::for_bom(content).is_some() {
        return None;
    }
    let encoding = Encoding::for_label(charset?.as_bytes())?;
    if encoding == UTF_8 {
        return std::str::from_utf8(content).is_ok().then_some(Cow::Borrowed(content));
    }
    // The label that is put on any text, of any charset.
    if encoding == WINDOWS_1252 && charset?.trim().to_ascii_lowercase().contains("ascii") {
        return None;
    }
    let (text, malformed) = encoding.decode_without_bom_handling(content);
    (!malformed).then(|| match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    })
}
