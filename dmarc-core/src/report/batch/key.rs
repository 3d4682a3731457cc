//! The key of a report: a digest of what it says, so that packing, blanks and encoding do not
//! matter.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::report::address::push_address;
use crate::report::aggregate::{Coded, Extension, Head, Record, SourceIp, Word};

/// Octets of the digest that are kept: 128 bits.
pub(super) const OCTETS: usize = 16;

/// A digest of the records of a report, in their order.
pub(super) type Records = [u8; OCTETS];

/// Octets of a record in canonical form, but for the longest ones.
const USUAL: usize = 1 << 10;

/// A digest over the content of a report, in canonical form.
///
/// Each value goes in with its length; an absent one differs from an empty one. Lists go in with
/// their length.
pub(super) struct Key {
    records: Sha256,
    /// One record in canonical form.
    record: Vec<u8>,
    /// A number or an address that is being written.
    written: String,
    any: bool,
}

impl Key {
    pub(super) fn new() -> Self {
        Self { records: Sha256::new(), record: Vec::with_capacity(USUAL), written: String::new(), any: false }
    }

    pub(super) fn record(&mut self, record: &Record) {
        self.record.clear();
        canonical(record, &mut self.record, &mut self.written);
        self.records.update(&self.record);
        self.any = true;
    }

    /// The key, once the head is whole as well; and what the records alone say, if there are any.
    pub(super) fn finish(self, head: &Head) -> (String, Option<Records>) {
        let Self { records, record: mut to, any, .. } = self;
        to.clear();
        text(&mut to, head.version.as_deref());
        to.push(u8::from(head.metadata.is_some()));
        if let Some(metadata) = &head.metadata {
            text(&mut to, metadata.org_name.as_deref());
            text(&mut to, metadata.email.as_deref());
            text(&mut to, metadata.report_id.as_deref());
            text(&mut to, metadata.begin.as_ref().map(|time| time.raw.as_str()));
            text(&mut to, metadata.end.as_ref().map(|time| time.raw.as_str()));
            text(&mut to, metadata.generator.as_deref());
            for list in [&metadata.extra_contact_info, &metadata.errors] {
                length(&mut to, list.len());
                for item in list {
                    text(&mut to, Some(item));
                }
            }
        }
        to.push(u8::from(head.policy.is_some()));
        if let Some(policy) = &head.policy {
            text(&mut to, policy.domain.as_deref());
            for value in [&policy.p, &policy.sp, &policy.np] {
                coded(&mut to, value.as_ref());
            }
            for value in [&policy.adkim, &policy.aspf] {
                coded(&mut to, value.as_ref());
            }
            text(&mut to, policy.pct.as_ref().map(|pct| pct.raw.as_str()));
            text(&mut to, policy.fo.as_deref());
            coded(&mut to, policy.testing.as_ref());
            coded(&mut to, policy.discovery_method.as_ref());
        }
        extensions(&mut to, &head.extensions);
        let records = records.finalize();
        let digest = Sha256::new().chain_update(&to).chain_update(records).finalize();
        let records = any.then_some(records).and_then(|records| records.first_chunk().copied());
        (hex(digest.iter().take(OCTETS)), records)
    }
}

/// A record in canonical form.
fn canonical(record: &Record, to: &mut Vec<u8>, written: &mut String) {
    source(to, record.source_ip.as_ref(), written);
    let count = record.count.as_ref();
    match count.and_then(|count| count.value) {
        Some(count) => {
            written.clear();
            let _never_fails = write!(written, "{count}");
            text(to, Some(written));
        }
        None => text(to, count.and_then(|count| count.raw.as_deref())),
    }
    to.push(u8::from(record.policy_evaluated.is_some()));
    if let Some(evaluated) = &record.policy_evaluated {
        coded(to, evaluated.disposition.as_ref());
        coded(to, evaluated.dkim.as_ref());
        coded(to, evaluated.spf.as_ref());
        length(to, evaluated.reasons.len());
        for reason in &evaluated.reasons {
            coded(to, reason.reason_type.as_ref());
            text(to, reason.comment.as_deref());
            text(to, reason.lang.as_deref());
        }
    }
    to.push(u8::from(record.identifiers.is_some()));
    if let Some(identifiers) = &record.identifiers {
        text(to, identifiers.header_from.as_deref());
        text(to, identifiers.envelope_from.as_deref());
        text(to, identifiers.envelope_to.as_deref());
    }
    to.push(u8::from(record.auth_results.is_some()));
    let Some(results) = &record.auth_results else { return extensions(to, &record.extensions) };
    length(to, results.dkim.len());
    for dkim in &results.dkim {
        text(to, dkim.domain.as_deref());
        text(to, dkim.selector.as_deref());
        coded(to, dkim.result.as_ref());
        text(to, dkim.human_result.as_deref());
    }
    length(to, results.spf.len());
    for spf in &results.spf {
        text(to, spf.domain.as_deref());
        coded(to, spf.scope.as_ref());
        coded(to, spf.result.as_ref());
        text(to, spf.human_result.as_deref());
    }
    extensions(to, &record.extensions);
}

/// An address in its canonical form, or the text as written.
fn source(to: &mut Vec<u8>, source: Option<&SourceIp>, written: &mut String) {
    let Some(address) = source.and_then(SourceIp::address) else {
        return text(to, source.map(|source| source.differing().unwrap_or_default()));
    };
    written.clear();
    push_address(written, address);
    text(to, Some(written));
}

/// Extensions, where there are any: most reports have none.
fn extensions(to: &mut Vec<u8>, extensions: &[Extension]) {
    if !extensions.is_empty() {
        length(to, extensions.len());
        extensions.iter().for_each(|extension| text(to, Some(&extension.xml)));
    }
}

pub(super) fn hex<'a>(octets: impl Iterator<Item = &'a u8>) -> String {
    octets
        .flat_map(|octet| [octet >> 4, octet & 15])
        .filter_map(|half| char::from_digit(u32::from(half), 16))
        .collect()
}

fn length(to: &mut Vec<u8>, length: usize) {
    to.extend((length as u64).to_be_bytes());
}

fn text(to: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => to.push(0),
        Some(text) => {
            to.push(1);
            length(to, text.len());
            to.extend(text.as_bytes());
        }
    }
}

fn coded<T: Word>(to: &mut Vec<u8>, value: Option<&Coded<T>>) {
    text(to, value.map(Coded::raw));
}
