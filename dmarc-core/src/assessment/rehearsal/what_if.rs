//! The simple what-if: the records as they are, with other values for tags of one DMARC record.

use std::collections::BTreeMap;

use serde::Serialize;

use super::RehearsalError;
use crate::dmarc::{BuildError, Edition, Record, RecordBuilder, Selection};
use crate::dns;
use crate::evaluation::{Answer, Facts, Question};
use crate::name::DomainName;
use crate::text::lossy;

/// Tags by which a record changes what becomes of mail (RFC 9989, 4.7; `pct`: RFC 7489, 6.3).
pub const WHAT_IF_TAGS: [&str; 7] = ["p", "sp", "np", "t", "pct", "adkim", "aspf"];

/// Octets of a string of a TXT record (RFC 1035, 3.3.14).
const STRING: usize = 255;

/// A DMARC record as it is and as it would be.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct RecordChange {
    /// Where it stands.
    pub name: DomainName,
    /// As it is; null where there is none.
    pub from: Option<String>,
    /// As it would be.
    pub to: String,
}

/// The facts with other values for tags of the DMARC record of a domain; `None` takes a tag away. A domain without a
/// record gets one, if `p` is among the tags.
///
/// # Errors
/// A tag or value that does not exist; a domain that has several records, none and no `p` for a new one, or of whose
/// record nothing is known.
pub fn what_if(
    facts: &Facts,
    domain: &DomainName,
    set: &BTreeMap<String, Option<String>>,
) -> Result<(Facts, RecordChange), RehearsalError> {
    for (tag, value) in set {
        check_tag(tag, value.as_deref())?;
    }
    let too_long = |_| RehearsalError::NotKnown { name: domain.clone() };
    let name = DomainName::parse(&format!("_dmarc.{domain}")).map_err(too_long)?;
    let texts: Vec<Vec<u8>> = match facts.look_up(&Question::txt(name.clone())) {
        Some(Answer::Records(set)) => set.records.iter().filter_map(dns::Record::joined_text).collect(),
        Some(Answer::NoData | Answer::NxDomain) => Vec::new(),
        _ => return Err(RehearsalError::NotKnown { name }),
    };
    let from = match Record::select(&texts) {
        Selection::None => None,
        Selection::One(index) => texts.get(index).map(|text| lossy(text)),
        Selection::Several(_) => return Err(RehearsalError::SeveralRecords { name }),
    };
    if from.is_none() && !set.get("p").is_some_and(Option::is_some) {
        return Err(RehearsalError::NoRecord { name });
    }
    let to = edited(from.as_deref().unwrap_or("v=DMARC1"), set);
    let strings = to.as_bytes().chunks(STRING).map(<[u8]>::to_vec).collect();
    let mut facts = facts.clone();
    facts.insert(Question::txt(name.clone()), Answer::records(vec![dns::Record::Txt(strings)]));
    Ok((facts, RecordChange { name, from, to }))
}

/// Whether a tag takes a value.
///
/// # Errors
/// A tag that is not among [`WHAT_IF_TAGS`], or a value that it does not take.
pub fn check_tag(tag: &str, value: Option<&str>) -> Result<(), BuildError> {
    if !WHAT_IF_TAGS.contains(&tag) {
        return Err(BuildError::UnknownTag { tag: tag.to_owned() });
    }
    let Some(value) = value else { return Ok(()) };
    // The grammar of a value is the same in both editions.
    RecordBuilder::from_tags(Edition::Rfc9989, [(tag, vec![value.to_owned()])]).map(drop)
}

/// The text with other values. `p` stands behind the version, as RFC 7489, 6.4 wants it; what is new comes last.
fn edited(text: &str, set: &BTreeMap<String, Option<String>>) -> String {
    let mut segments = text.split(';').map(str::trim);
    let version = segments.next().unwrap_or_default();
    let tag = |segment: &str| segment.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut done: Vec<&str> = Vec::new();
    let mut parts: Vec<String> = vec![version.to_owned()];
    let value = |tag: &str| set.get(tag).and_then(Option::as_deref);
    if let Some(policy) = value("p") {
        parts.push(format!("p={policy}"));
        done.push("p");
    }
    for segment in segments.filter(|segment| !segment.is_empty()) {
        match set.get_key_value(&tag(segment)) {
            None => parts.push(segment.to_owned()),
            Some((tag, value)) => {
                if let Some(value) = value
                    && !done.contains(&tag.as_str())
                {
                    parts.push(format!("{tag}={value}"));
                    done.push(tag);
                }
            }
        }
    }
    for tag in WHAT_IF_TAGS.iter().filter(|tag| !done.contains(tag)) {
        if let Some(value) = value(tag) {
            parts.push(format!("{tag}={value}"));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(tags: &[(&str, &str)]) -> BTreeMap<String, Option<String>> {
        let value = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
        tags.iter().map(|(tag, text)| ((*tag).to_owned(), value(text))).collect()
    }

    #[test]
    fn a_tag_is_set_where_it_stands_taken_away_or_put_last() {
        let of = |text, tags: &[_]| edited(text, &set(tags));
        let text = "v=DMARC1;p=none; SP=none ; rua=mailto:d@example.com;";
        assert_eq!(
            of(text, &[("p", "reject"), ("sp", "quarantine"), ("aspf", "s")]),
            "v=DMARC1; p=reject; sp=quarantine; rua=mailto:d@example.com; aspf=s"
        );
        assert_eq!(of(text, &[("sp", "")]), "v=DMARC1; p=none; rua=mailto:d@example.com");
        assert_eq!(of("v=DMARC1; adkim=s; p=none", &[("p", "reject")]), "v=DMARC1; p=reject; adkim=s");
    }

    #[test]
    fn a_value_that_does_not_exist_is_refused() {
        let domain = DomainName::parse("example.com").unwrap();
        let of = |tags: &[_]| what_if(&Facts::new(), &domain, &set(tags)).unwrap_err().code();
        assert_eq!(of(&[("p", "rejct")]), "build/value");
        assert_eq!(of(&[("pct", "101")]), "build/value");
        assert_eq!(of(&[("rua", "mailto:a@example.com")]), "build/unknown-tag");
        assert_eq!(of(&[("p", "reject")]), "rehearsal/not-known");
    }
}
