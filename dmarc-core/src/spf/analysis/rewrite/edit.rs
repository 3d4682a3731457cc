//! Records changed term by term; what is not changed stays byte for byte.

use std::collections::BTreeMap;

use crate::diagnostics::Span;
use crate::spf::analysis::sets::AddressSet;
use crate::spf::record::Record;
use crate::spf::terms::{Qualifier, Term};
use crate::text::lossy;

/// The text of a term.
pub(super) fn text(record: &Record, term: &Term) -> String {
    lossy(term.span.of(record.as_octets()))
}

/// The text of a term without its qualifier.
pub(super) fn mechanism_text(record: &Record, term: &Term) -> String {
    let start = term.name_span().start;
    lossy(Span::new(start, term.span.end).of(record.as_octets()))
}

/// The record with some terms replaced; one that is replaced by nothing goes with the blanks before
/// it.
pub(super) fn replaced(record: &Record, changes: &BTreeMap<usize, String>) -> String {
    let octets = record.as_octets();
    let mut done = record.version_span().end;
    let mut result = lossy(Span::new(0, done).of(octets));
    for (index, term) in record.terms().iter().enumerate() {
        match changes.get(&index) {
            None => result.push_str(&lossy(Span::new(done, term.span.end).of(octets))),
            Some(replacement) if replacement.is_empty() => {}
            Some(replacement) => {
                result.push(' ');
                result.push_str(replacement);
            }
        }
        done = term.span.end;
    }
    result.push_str(&lossy(Span::new(done, octets.len()).of(octets)));
    result
}

/// The record without some terms.
pub(super) fn without(record: &Record, terms: impl IntoIterator<Item = usize>) -> String {
    replaced(record, &terms.into_iter().map(|index| (index, String::new())).collect())
}

/// The terms that stand for sets of addresses, as the fewest networks.
pub(super) fn networks<'a>(
    sets: impl IntoIterator<Item = &'a AddressSet>,
    qualifier: Qualifier,
) -> Vec<String> {
    let sign = if qualifier == Qualifier::Pass { "" } else { qualifier.sign() };
    sets.into_iter()
        .flat_map(AddressSet::networks)
        .map(|network| {
            let name = if network.first.is_ipv4() { "ip4" } else { "ip6" };
            format!("{sign}{name}:{network}")
        })
        .collect()
}
