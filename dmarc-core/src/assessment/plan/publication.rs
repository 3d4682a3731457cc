//! Records to publish, each as whole lines of a zone file.

use serde::Serialize;

use crate::name::DomainName;
use crate::syntax::strings;

/// One change of the DNS.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Publication {
    /// The name.
    pub name: String,
    /// `TXT` or `MX`.
    #[serde(rename = "type")]
    pub record_type: &'static str,
    /// The record: the whole text of a TXT record, or the data of another; null where it goes.
    pub value: Option<String>,
    /// The record that goes; null where there is none.
    pub replaces: Option<String>,
}

impl Publication {
    pub(super) fn txt(name: &DomainName, value: Option<String>, replaces: Option<String>) -> Self {
        Self { name: name.to_string(), record_type: "TXT", value, replaces }
    }

    pub(super) fn mx(name: &DomainName, value: Option<String>, replaces: Option<String>) -> Self {
        Self { name: name.to_string(), record_type: "MX", value, replaces }
    }

    /// The line of a zone file that publishes it: texts in quotes, in strings of at most 255 octets. `None` where
    /// a record only goes.
    #[must_use]
    pub fn zone_line(&self) -> Option<String> {
        self.value.as_deref().map(|value| self.line(value))
    }

    /// The line of a zone file that goes.
    #[must_use]
    pub fn old_line(&self) -> Option<String> {
        self.replaces.as_deref().map(|value| self.line(value))
    }

    fn line(&self, value: &str) -> String {
        let data = match self.record_type {
            "TXT" => strings::quote(&strings::split(value.as_bytes())),
            _ => value.to_owned(),
        };
        format!("{}. IN {} {data}", self.name, self.record_type)
    }

    /// What undoes it.
    fn undone(&self) -> Self {
        Self { value: self.replaces.clone(), replaces: self.value.clone(), ..self.clone() }
    }
}

/// What undoes them: what was added goes first, so that no name has two records in between.
pub(super) fn undo(publish: &[Publication]) -> Vec<Publication> {
    let (back, gone): (Vec<_>, Vec<_>) =
        publish.iter().rev().map(Publication::undone).partition(|each| each.value.is_some());
    gone.into_iter().chain(back).collect()
}

/// The same as lines of a zone file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub(super) struct Lines {
    /// What is published; null where a record only goes.
    zone_line: Option<String>,
    /// What goes.
    old_line: Option<String>,
}

pub(super) fn lines(publications: &[Publication]) -> Vec<Lines> {
    let each = |one: &Publication| Lines { zone_line: one.zone_line(), old_line: one.old_line() };
    publications.iter().map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_published_in_strings() {
        let name = DomainName::parse("_dmarc.example.com").unwrap();
        let text = format!("v=DMARC1; p=none; rua=mailto:{}@example.com", "a".repeat(300));
        let line = Publication::txt(&name, Some(text), None).zone_line().unwrap();
        assert!(line.starts_with("_dmarc.example.com. IN TXT \"v=DMARC1; p=none; rua=mailto:aaa"));
        assert_eq!(line.matches('"').count(), 4);
    }

    #[test]
    fn what_is_undone_is_as_it_was() {
        let name = DomainName::parse("example.com").unwrap();
        let text = |text: &str| Some(text.to_owned());
        let publish = [
            Publication::txt(&name, None, text("v=spf1 mx ~all")),
            Publication::txt(&name, text("v=spf1 a mx ~all"), text("v=spf1 a ~all")),
        ];
        let undone = undo(&publish);
        assert_eq!(undone[0].value, text("v=spf1 a ~all"));
        assert_eq!((&undone[1].value, &undone[1].replaces), (&text("v=spf1 mx ~all"), &None));
    }
}
