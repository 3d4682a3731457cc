//! The parts of a failure report in a mail.

use std::borrow::Cow;

use super::prose;
use crate::report::container::mime::{Entity, Label, base64};

/// Octets of the fields that are looked at; real ones have some kilobytes, of which a body in base64 is most.
const FIELDS: usize = 4 << 20;
/// Parts that are looked at.
const PARTS: usize = 100;

/// The message that failed, or its header.
#[derive(Clone, Debug)]
pub(crate) struct SamplePart {
    pub(super) octets: Vec<u8>,
    /// Whether its label says that it is a header alone.
    pub(super) headers_only: bool,
    /// Its label, where that is none of the standard's.
    pub(super) label: Option<String>,
}

/// What a failure report is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Parts {
    /// The fields; `None` if there are none.
    pub(super) fields: Option<Vec<u8>>,
    /// Whether they were in base64 without a label.
    pub(super) was_base64: bool,
    /// The label of the fields, where that is not the standard's.
    pub(super) label: Option<String>,
    /// The same as prose.
    pub(super) prose: Option<Vec<u8>>,
    pub(super) sample: Option<SamplePart>,
}

fn squashed(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

/// Whether a text begins with a field that only failure reports have.
fn begins_as_fields(content: &[u8]) -> bool {
    let start = content.trim_ascii_start();
    start.get(..14).is_some_and(|start| start.eq_ignore_ascii_case(b"Feedback-Type:"))
}

impl Parts {
    /// The parts of a multipart, if it is a failure report by its label or by one of its parts.
    pub(in crate::report) fn find(entity: &Entity<'_>) -> Option<Self> {
        let by_label = entity
            .parameter("report-type")
            .is_some_and(|kind| squashed(&kind.to_ascii_lowercase()) == "feedbackreport");
        let is_report = entity.media().is_some_and(|(kind, form)| kind == "multipart" && form == "report");
        let mut parts = Self::default();
        let mut words: Option<Vec<u8>> = None;
        for part in entity.parts().take(PARTS) {
            let part = Entity::new(part);
            let media = part.media();
            let (kind, form) = media.as_ref().map_or(("", ""), |(kind, form)| (kind.as_str(), form.as_str()));
            let squashed = squashed(form);
            if parts.fields.is_none() && squashed.contains("feedbackreport") {
                parts.take_fields(&part.decoded());
                parts.label =
                    (form != "feedback-report" || kind != "message").then(|| format!("{kind}/{form}"));
            } else if squashed.contains("rfc822") || squashed == "global" && kind == "message" {
                parts.sample.get_or_insert_with(|| SamplePart::new(&part, kind, form));
            } else if part.label(false) == Label::Text {
                let content = part.decoded();
                if (by_label || is_report) && parts.fields.is_none() && begins_as_fields(&content) {
                    parts.take_fields(&content);
                    parts.label = Some(if kind.is_empty() {
                        "text/plain".to_owned()
                    } else {
                        format!("{kind}/{form}")
                    });
                } else if parts.fields.is_some() && parts.sample.is_none() && looks_like_header(&content) {
                    parts.sample = Some(SamplePart::new(&part, "text", "plain"));
                } else if words.is_none() {
                    words = Some(content.into_owned());
                }
            }
        }
        if parts.fields.is_none() && !by_label {
            return None;
        }
        if parts.fields.is_none() {
            parts.prose = words.filter(|words| prose::is_report(words));
            if let Some(prose) = &parts.prose
                && parts.sample.is_none()
            {
                parts.sample = prose::sample(prose);
            }
        }
        Some(parts)
    }

    /// A report that is prose alone.
    pub(in crate::report) fn of_prose(content: &[u8]) -> Option<Self> {
        prose::is_report(content).then(|| Self {
            sample: prose::sample(content),
            prose: Some(content.get(..FIELDS.min(content.len())).unwrap_or_default().to_vec()),
            ..Self::default()
        })
    }

    fn take_fields(&mut self, content: &[u8]) {
        let content = content.get(..FIELDS.min(content.len())).unwrap_or_default();
        let mut content = Cow::Borrowed(content);
        if !content.contains(&b':') {
            let decoded = base64(&content);
            if decoded.contains(&b':') {
                self.was_base64 = true;
                content = Cow::Owned(decoded);
            }
        }
        self.fields = Some(content.into_owned());
    }
}

/// Whether a text begins with two header fields.
fn looks_like_header(content: &[u8]) -> bool {
    let lines = content.trim_ascii_start().split(|octet| *octet == b'\n').take(2);
    let is_field = |line: &[u8]| {
        let name = line.split(|octet| *octet == b':').next().unwrap_or_default();
        name.len() < line.len() && name.iter().all(|octet| octet.is_ascii_alphanumeric() || *octet == b'-')
            || line.first().is_some_and(u8::is_ascii_whitespace)
    };
    lines.filter(|line| is_field(line)).count() == 2
}

impl SamplePart {
    fn new(part: &Entity<'_>, kind: &str, form: &str) -> Self {
        let standard = [
            ("message", "rfc822"),
            ("message", "global"),
            ("text", "rfc822-headers"),
            ("message", "global-headers"),
        ];
        Self {
            octets: part.decoded().into_owned(),
            headers_only: form.contains("header") || kind == "text",
            label: (!standard.contains(&(kind, form))).then(|| format!("{kind}/{form}")),
        }
    }

    pub(super) fn of_prose(octets: &[u8]) -> Self {
        Self { octets: octets.to_vec(), headers_only: false, label: None }
    }
}
