//! Writing of failure reports: the mail of RFC 5965, 2, with the fields of RFC 6591, 3 and RFC 9991, 4.
//!
//! What is written is what the standards allow or is not written at all: each field that they demand is there, and
//! no value can bring a line of its own. The mail is of seven bits throughout. Left out: to whom and how often
//! reports may be sent (RFC 9991, 2 and 5), and reports on ADSP, which is historic.

mod draft;
mod fields;
mod mail;
mod redact;

pub use draft::{Draft, DraftDkim, DraftPrivacy, DraftSample, DraftSpf};

use super::parts::SamplePart;
use super::sample;
use crate::name::DomainName;
use crate::report::aggregate::{WriteError, Written};
use crate::time::UnixTime;

/// The first second of the year 10000: a date has four digits for its year (RFC 5322, 3.3).
const END_OF_TIME: i64 = 253_402_300_800;

impl Draft {
    /// Writes the report: a whole mail, ready to be sent.
    ///
    /// ```
    /// use dmarc_core::limits::Limits;
    /// use dmarc_core::report::failure::{self, Draft};
    ///
    /// let draft: Draft = serde_json::from_str(r#"{
    ///     "from": "dmarc@receiver.example", "to": ["ruf@example.com"], "date": 1709208000,
    ///     "user_agent": "Sample/1.0", "auth_failure": "dmarc", "identity_alignment": ["dkim", "spf"],
    ///     "authentication_results": "receiver.example; dmarc=fail header.from=example.com",
    ///     "reported_domain": ["example.com"], "source_ip": "192.0.2.1",
    ///     "message": "From: a@example.com\r\nSubject: Hello\r\n\r\nText\r\n" }"#).unwrap();
    /// let written = draft.write().unwrap();
    /// assert_eq!(written.subject, "FW: Hello");
    /// let read = failure::read(written.document.as_bytes(), &Limits::default()).unwrap();
    /// assert_eq!(read.report.sample.header_from.as_deref(), Some("example.com"));
    /// ```
    ///
    /// # Errors
    /// [`WriteError`] with the field that the standards would not allow.
    pub fn write(&self) -> Result<Written, WriteError> {
        let draft = self.clone().redacted(&self.choice()?);
        draft.check()?;
        let domain = domain_of("from", &draft.from)?;
        let (about, sample) = draft.sample()?;
        let description = draft.description.clone().unwrap_or_else(|| draft.words());
        let parts = [
            mail::part("text/plain", description.as_bytes()),
            format!(
                "Content-Type: message/feedback-report\r\nContent-Transfer-Encoding: 7bit\r\n\r\n{}",
                draft.fields()?
            ),
            mail::part(
                if draft.sample == DraftSample::Full { "message/rfc822" } else { "text/rfc822-headers" },
                &sample,
            ),
        ];
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        // RFC 5965, 2f: "the difference MUST be limited to only a typical forwarding prefix".
        let subject = format!("FW: {}", about.unwrap_or_default()).trim_end().to_owned();
        let key = mail::digest(&[&[draft.from.as_str(), &date(draft.date)], parts.as_slice()].concat());
        let boundary = mail::boundary(&parts);
        let id = draft.message_id.clone().unwrap_or_else(|| format!("{key}@{domain}"));
        let mut document = String::new();
        for (name, value) in [
            ("From", draft.from.clone()),
            ("To", draft.to.join(", ")),
            ("Date", date(draft.date)),
            ("Subject", mail::spoken(&subject)),
            ("Message-ID", format!("<{id}>")),
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("MIME-Version", "1.0".to_owned()),
            (
                "Content-Type",
                format!("multipart/report; report-type=feedback-report; boundary=\"{boundary}\""),
            ),
        ] {
            let field = mail::field(name, &value);
            document.push_str(&field.ok_or_else(|| invalid(&name.to_ascii_lowercase(), &value))?);
        }
        document.push_str("\r\n");
        for part in parts {
            document.push_str(&format!("--{boundary}\r\n{part}"));
        }
        document.push_str(&format!("--{boundary}--\r\n"));
        let reported = draft.reported_domain.first().map(|name| domain_name("reported_domain", name));
        let reported = reported.transpose()?.unwrap_or_default();
        Ok(Written { document, file_name: format!("{domain}!{reported}!{}!{key}.eml", draft.date), subject })
    }

    /// What the message is about, and as much of it as goes into the report.
    fn sample(&self) -> Result<(Option<String>, Vec<u8>), WriteError> {
        let head = header(&self.message);
        let octets = match self.sample {
            DraftSample::Full => self.message.clone(),
            DraftSample::Headers => head.to_vec(),
        };
        let starts_with_field = crate::message::fields(head).into_iter().next().is_some();
        if !starts_with_field {
            return Err(WriteError::Missing { element: "message" });
        }
        let part = SamplePart::of_prose(head);
        Ok((sample::read(&part).subject, octets))
    }

    /// The words of RFC 9991, Appendix A.
    fn words(&self) -> String {
        let from = self.source_ip.map(|ip| format!("\r\nreceived from IP {ip}")).unwrap_or_default();
        let when = self.arrival.map(|time| format!("\r\non {}", date(time))).unwrap_or_default();
        format!("This is an authentication failure report for an email message{from}{when}.\r\n")
    }
}

/// The header of a message, up to its empty line.
fn header(message: &[u8]) -> &[u8] {
    let mut end = 0;
    for line in message.split_inclusive(|octet| *octet == b'\n') {
        if line.trim_ascii().is_empty() {
            break;
        }
        end += line.len();
    }
    message.get(..end).unwrap_or_default()
}

fn date(time: i64) -> String {
    UnixTime(time).rfc5322()
}

fn invalid(element: &str, value: &str) -> WriteError {
    // The names of the elements are those of the draft.
    let known = ["from", "to", "date", "subject", "message_id"];
    let element = known.into_iter().find(|known| *known == element).unwrap_or("report");
    WriteError::Invalid { element, value: value.to_owned() }
}

/// A domain as A-labels.
fn domain_name(element: &'static str, text: &str) -> Result<String, WriteError> {
    match DomainName::parse(text) {
        Ok(name) if !name.is_root() && name.as_str().bytes().all(is_part) => Ok(name.as_str().to_owned()),
        _ => Err(WriteError::Invalid { element, value: text.to_owned() }),
    }
}

/// What a name of a host or of a key consists of; nothing that means something to a mail or a file system.
fn is_part(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'.')
}

/// The domain of an address.
fn domain_of(element: &'static str, address: &str) -> Result<String, WriteError> {
    let (_, domain) = address.rsplit_once('@').unwrap_or_default();
    domain_name(element, domain)
}
