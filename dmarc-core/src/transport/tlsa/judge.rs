//! What is to say about parameters and data that could be read.

use sha2::{Digest, Sha256, Sha512};
use spki::SubjectPublicKeyInfoRef;
use spki::der::Decode as _;

use crate::diagnostics::{Diagnostic, Span};
use crate::transport::certificate::Certificate;

use super::rules::{
    ANCHOR_KEY, DIGEST_AS_FULL, DIGEST_LENGTH, FULL_DATA, MISSING_DATA, NOT_DECODABLE, PKIX_USAGE, PRIVATE,
    UNASSIGNED, WHOLE_CERTIFICATE,
};
use super::{Association, END_ENTITY, MATCHINGS, SELECTORS, TRUST_ANCHOR, USAGES, name_of};

/// Where the parts stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places {
    pub usage: Span,
    pub selector: Span,
    pub matching: Span,
    pub data: Span,
}

impl Places {
    /// All parts at one place.
    pub(super) const fn all_at(place: Span) -> Self {
        Self { usage: place, selector: place, matching: place, data: place }
    }
}

/// Octets that a matching type gives; `None` if it gives what the certificate has.
pub(super) fn digest_octets(matching: u8) -> Option<usize> {
    match matching {
        1 => Some(<Sha256 as Digest>::output_size()),
        2 => Some(<Sha512 as Digest>::output_size()),
        _ => None,
    }
}

/// Why a record cannot be used, whatever its usage.
pub(super) fn fault(association: &Association) -> Option<Diagnostic> {
    faults(association, &Places::all_at(Span::empty(0))).into_iter().find(|found| found.rule != &PKIX_USAGE)
}

/// What keeps a mail server from using a record.
pub(super) fn faults(association: &Association, places: &Places) -> Vec<Diagnostic> {
    let Association { usage, selector, matching, data } = association;
    let mut found = Vec::new();
    for (parameter, value, names, place) in [
        ("usage", *usage, &USAGES[..], places.usage),
        ("selector", *selector, &SELECTORS[..], places.selector),
        ("matching type", *matching, &MATCHINGS[..], places.matching),
    ] {
        match name_of(names, value) {
            None => found.push(UNASSIGNED.at(place).arg("parameter", parameter).arg("value", value)),
            Some(_) if value == super::PRIVATE => found.push(PRIVATE.at(place).arg("parameter", parameter)),
            Some(_) => {}
        }
    }
    if let (0 | 1, Some(name)) = (*usage, association.usage_name()) {
        found.push(PKIX_USAGE.at(places.usage).arg("usage", name));
    }
    if data.is_empty() {
        found.push(MISSING_DATA.at(places.data));
    } else {
        found.extend(data_fault(association, places));
    }
    found
}

fn data_fault(association: &Association, places: &Places) -> Option<Diagnostic> {
    let octets = association.data.len();
    // A digest of the other length: the matching type is wrong, not the digest.
    let other =
        |octets: usize| [1_u8, 2].into_iter().find(|matching| digest_octets(*matching) == Some(octets));
    if let Some(expected) = digest_octets(association.matching) {
        if octets == expected {
            return None;
        }
        let found = DIGEST_LENGTH
            .at(places.data)
            .arg("matching", association.matching_name().unwrap_or_default())
            .arg("octets", octets)
            .arg("expected", expected);
        return Some(match other(octets) {
            Some(meant) => found.fix(places.matching, meant.to_string()),
            None => found,
        });
    }
    if association.matching != 0 {
        return None;
    }
    let decodes = match association.selector {
        0 => Certificate::from_der(&association.data).is_ok(),
        1 => SubjectPublicKeyInfoRef::from_der(&association.data).is_ok(),
        _ => return None,
    };
    if decodes {
        return None;
    }
    Some(match other(octets) {
        Some(meant) => {
            DIGEST_AS_FULL.at(places.data).arg("octets", octets).fix(places.matching, meant.to_string())
        }
        None => {
            NOT_DECODABLE.at(places.data).arg("selector", association.selector_name().unwrap_or_default())
        }
    })
}

/// What could be better about a record that can be used.
pub(super) fn advice(association: &Association, places: &Places) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if association.matching == 0 {
        found.push(FULL_DATA.at(places.matching));
    }
    match (association.usage, association.selector) {
        (END_ENTITY, 0) => found.push(WHOLE_CERTIFICATE.at(places.selector)),
        (TRUST_ANCHOR, 1) => found.push(ANCHOR_KEY.at(places.selector)),
        _ => {}
    }
    found
}
