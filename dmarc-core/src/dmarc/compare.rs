//! How readers of the two editions differ on one text.

use serde::Serialize;

use super::effective::{Effective, Verdict};
use super::record::Record;
use super::{Edition, TagName};

/// One point where the two readers part.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Difference {
    /// `verdict`, or the tag whose effective value differs.
    pub field: &'static str,
    /// What a reader of RFC 7489 acts on; null where it knows no such tag.
    pub rfc7489: serde_json::Value,
    /// What a reader of RFC 9989 acts on; null where it knows no such tag.
    pub rfc9989: serde_json::Value,
}

/// Compares how readers of the two editions take a text. Tags that only one of them knows count as a
/// difference where they are written in the record.
#[must_use]
pub fn compare(octets: &[u8]) -> Vec<Difference> {
    let [old, new] = Edition::ALL.map(|edition| Record::parse(octets, edition).value);
    let verdict = |record: &Option<Record>| record.as_ref().map_or(Verdict::NotARecord, Record::verdict);
    let mut differences = Vec::new();
    if verdict(&old) != verdict(&new) {
        differences.push(Difference {
            field: "verdict",
            rfc7489: verdict(&old).as_str().into(),
            rfc9989: verdict(&new).as_str().into(),
        });
    }
    let written = |tag: TagName| {
        let record = new.as_ref().or(old.as_ref());
        record.is_some_and(|record| record.published().get(tag).is_some())
    };
    let values = |record: &Option<Record>| {
        let effective: Option<&Effective> = record.as_ref().and_then(Record::effective);
        serde_json::to_value(effective).unwrap_or_default()
    };
    let (old_values, new_values) = (values(&old), values(&new));
    for tag in TagName::ALL {
        let field = tag.as_str();
        let (one, other) = (&old_values[field], &new_values[field]);
        let shared = Edition::ALL.iter().all(|edition| tag.is_in(*edition));
        if one != other && (shared || written(tag)) {
            differences.push(Difference { field, rfc7489: one.clone(), rfc9989: other.clone() });
        }
    }
    differences
}
