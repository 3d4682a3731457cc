//! What can only be said of a zone file as a whole: its apex, and what stands side by side.

use std::collections::BTreeSet;

use super::records::{Record, RecordType};
use super::rules::{ALIAS_CONFLICT, DUPLICATE_RECORD, NO_APEX, NO_SOA, OUT_OF_ZONE};
use super::tree::{self, Key, Tree};
use super::zone::{Node, Zone};
use super::zone_findings::Findings;
use super::zone_lexer::token_at;
use super::zone_reader::Reader;
use crate::diagnostics::{Parsed, Span};
use crate::name::DomainName;

/// Makes a zone of what was read.
pub(super) fn finish(reader: Reader<'_>) -> Parsed<Zone> {
    let Reader { octets, mut nodes, mut records, partial, soa, origins, mut found, .. } = reader;
    let (apex, minimum) = match soa {
        Some((apex, Record::Soa { minimum, .. })) => (apex, Some(minimum)),
        _ => match named(origins, &mut nodes) {
            Some(origin) => {
                found.push(NO_SOA.at(Span::empty(0)).arg("apex", origin.to_string()));
                (origin, None)
            }
            None => {
                found.push(NO_APEX.at(Span::empty(0)));
                return Parsed { value: None, diagnostics: found.finish(octets) };
            }
        },
    };
    let apex_key = Key::of(&apex);
    for (key, node) in nodes.iter_mut() {
        if !tree::is_within(key, apex_key.as_str()) {
            let span = token_at(octets, node.at);
            found.push(OUT_OF_ZONE.at(span).arg("name", tree::name(key)).arg("apex", apex.to_string()));
            records = records.saturating_sub(node.entries.len());
            continue;
        }
        remove_duplicates(key, node, octets, &mut found);
        check_alias(key, node, octets, &mut found);
        for entry in &mut node.entries {
            // A time to live that is nowhere stated: name servers take the minimum of the SOA record.
            entry.ttl = entry.ttl.or(minimum);
        }
    }
    nodes.retain(|key| tree::is_within(key, apex_key.as_str()));
    Parsed { value: Some(Zone { apex, nodes, partial, records }), diagnostics: found.finish(octets) }
}

/// What the zone is called without a SOA record. A caller may only guess; where no record stands below
/// that name, the file knows better.
fn named(origins: (Option<DomainName>, Option<DomainName>), nodes: &mut Tree<Node>) -> Option<DomainName> {
    let holds = |origin: &DomainName, nodes: &mut Tree<Node>| {
        let apex = Key::of(origin);
        nodes.iter_mut().any(|(key, _)| tree::is_within(key, apex.as_str()))
    };
    match origins {
        (Some(given), Some(first)) if !holds(&given, nodes) => Some(first),
        (given, first) => given.or(first),
    }
}

/// RFC 2181, 5: a set holds no record twice.
fn remove_duplicates(key: &str, node: &mut Node, octets: &[u8], found: &mut Findings) {
    if node.entries.len() < 2 {
        return;
    }
    let mut seen = BTreeSet::new();
    let keep: Vec<bool> = node.entries.iter().map(|entry| seen.insert(&entry.record)).collect();
    if keep.iter().all(|keep| *keep) {
        return;
    }
    let mut index = 0;
    let at = node.at;
    node.entries.retain(|entry| {
        let keep = keep.get(index).copied().unwrap_or(true);
        index += 1;
        if !keep {
            let (name, record_type) = (tree::name(key), entry.record.record_type().to_string());
            let finding = DUPLICATE_RECORD.at(token_at(octets, at));
            found.push(finding.arg("name", name).arg("record_type", record_type));
        }
        keep
    });
}

/// RFC 1034, 3.6.2: "If a CNAME RR is present at a node, no other data should be present".
fn check_alias(key: &str, node: &Node, octets: &[u8], found: &mut Findings) {
    let aliases = node.entries.iter().filter(|entry| entry.record.record_type() == RecordType::Cname).count();
    let other = node.extras.as_ref().is_some_and(|extras| extras.other);
    if aliases > 0 && (other || node.entries.len() > 1) {
        found.push(ALIAS_CONFLICT.at(token_at(octets, node.at)).arg("name", tree::name(key)));
    }
}
