//! Builders of the columns of one record.

use std::any::Any;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BinaryBuilder, BooleanBuilder, Int8Builder, Int32Builder, Int64Builder, ListBuilder,
    StringBuilder,
};
use arrow_array::{ArrayRef, StructArray};
use arrow_schema::Fields;

use super::texts::Texts;
use super::{schema, values};
use crate::name::DomainName;
use crate::report::address::push_address;
use crate::report::aggregate::{Coded, Record, SourceIp, Word};

/// Columns of records, under way.
pub(super) struct Columns {
    ordinal: Int32Builder,
    source_ip: [Texts; 3],
    source_ip_bytes: BinaryBuilder,
    ip_version: Int8Builder,
    count: Int64Builder,
    count_raw: Texts,
    verdicts: [Texts; 6],
    dmarc_pass: BooleanBuilder,
    identifiers: [Texts; 4],
    header_from_org: Texts,
    /// `is_subdomain`, and what alignment comes to.
    alignment: [BooleanBuilder; 4],
    best: [Texts; 6],
    dkim: ListBuilder<Rows<6>>,
    spf: ListBuilder<Rows<6>>,
    reasons: ListBuilder<Rows<4>>,
    arc: [Texts; 2],
    finding_codes: ListBuilder<StringBuilder>,
    /// An address that is being written.
    written: String,
}

impl Columns {
    pub(super) fn new() -> Self {
        Self {
            ordinal: Int32Builder::with_capacity(0),
            source_ip: texts(),
            source_ip_bytes: BinaryBuilder::with_capacity(0, 0),
            ip_version: Int8Builder::with_capacity(0),
            count: Int64Builder::with_capacity(0),
            count_raw: Texts::new(),
            verdicts: texts(),
            dmarc_pass: BooleanBuilder::with_capacity(0),
            identifiers: texts(),
            header_from_org: Texts::new(),
            alignment: std::array::from_fn(|_| BooleanBuilder::with_capacity(0)),
            best: texts(),
            dkim: ListBuilder::new(Rows::of_results(schema::dkim())),
            spf: ListBuilder::new(Rows::of_results(schema::spf())),
            reasons: ListBuilder::new(Rows::of_texts(schema::reasons())),
            arc: texts(),
            finding_codes: ListBuilder::new(StringBuilder::with_capacity(0, 0)),
            written: String::new(),
        }
    }

    /// Rows so far.
    pub(super) fn len(&self) -> usize {
        self.ordinal.len()
    }

    /// Adds a row for a record.
    pub(super) fn push(&mut self, record: &Record) {
        self.ordinal.append_value(i32::try_from(record.ordinal).unwrap_or(i32::MAX));
        self.push_source(record);
        self.count.append_option(record.messages().and_then(|count| i64::try_from(count).ok()));
        self.count_raw.append_option(record.count.as_ref().and_then(|count| count.raw.as_deref()));
        let [disposition, disposition_raw, dkim, dkim_raw, spf, spf_raw] = &mut self.verdicts;
        push_coded(disposition, disposition_raw, record.disposition());
        push_coded(dkim, dkim_raw, record.dkim_verdict());
        push_coded(spf, spf_raw, record.spf_verdict());
        self.dmarc_pass.append_option(record.dmarc_pass());
        self.push_identifiers(record);
        self.push_results(record);
        self.push_reasons(record);
        for rule in &record.rules {
            self.finding_codes.values().append_value(rule.code);
        }
        self.finding_codes.append(true);
    }

    fn push_source(&mut self, record: &Record) {
        let source = record.source_ip.as_ref();
        let address = source.and_then(SourceIp::address);
        let [text, raw, prefix] = &mut self.source_ip;
        raw.append_option(source.and_then(SourceIp::differing));
        if let Some(address) = address {
            self.written.clear();
            push_address(&mut self.written, address);
            text.append_value(&self.written);
            values::prefix(&mut self.written, address);
            prefix.append_value(&self.written);
        } else {
            text.append_null();
            prefix.append_null();
        }
        self.source_ip_bytes.append_option(address.map(values::address_octets));
        self.ip_version.append_option(address.map(values::version));
    }

    fn push_identifiers(&mut self, record: &Record) {
        let [header_from, header_from_raw, envelope_from, envelope_to] = &mut self.identifiers;
        push_domain(header_from, header_from_raw, record.header_from());
        let identifiers = record.identifiers.as_ref();
        envelope_from.append_option(identifiers.and_then(|names| names.envelope_from.as_deref()));
        envelope_to.append_option(identifiers.and_then(|names| names.envelope_to.as_deref()));
        let alignment = &record.alignment;
        self.header_from_org.append_option(alignment.header_from_org.as_deref().map(DomainName::as_str));
        let values = [alignment.is_subdomain, alignment.dkim, alignment.spf, alignment.consistent];
        for (column, value) in self.alignment.iter_mut().zip(values) {
            column.append_option(value);
        }
    }

    fn push_results(&mut self, record: &Record) {
        let results = record.auth_results.as_ref();
        let (dkim, spf) =
            results.map_or((&[][..], &[][..]), |results| (results.dkim.as_slice(), results.spf.as_slice()));
        for result in dkim {
            let rows = self.dkim.values();
            let [domain, domain_raw, selector, word, word_raw, human_result] = &mut rows.texts;
            push_domain(domain, domain_raw, result.domain.as_deref());
            selector.append_option(result.selector.as_deref());
            push_coded(word, word_raw, result.result.as_ref());
            human_result.append_option(result.human_result.as_deref());
            rows.push_aligned(result.aligned);
        }
        self.dkim.append(true);
        for result in spf {
            let rows = self.spf.values();
            let [domain, domain_raw, scope, word, word_raw, human_result] = &mut rows.texts;
            push_domain(domain, domain_raw, result.domain.as_deref());
            scope.append_option(result.scope.as_ref().map(|scope| scope.value().as_str()));
            push_coded(word, word_raw, result.result.as_ref());
            human_result.append_option(result.human_result.as_deref());
            rows.push_aligned(result.aligned);
        }
        self.spf.append(true);

        let [dkim_domain, dkim_selector, dkim_result, spf_domain, spf_scope, spf_result] = &mut self.best;
        let best = values::best_signature(dkim);
        dkim_domain
            .append_option(best.and_then(|best| best.domain.as_deref()).map(|text| values::domain(text).0));
        dkim_selector.append_option(best.and_then(|best| best.selector.as_deref()));
        dkim_result
            .append_option(best.and_then(|best| best.result.as_ref()).map(|word| word.value().as_str()));
        let first = values::first_spf(spf);
        spf_domain.append_option(
            first.and_then(|first| first.domain.as_deref()).map(|text| values::domain(text).0),
        );
        spf_scope
            .append_option(first.and_then(|first| first.scope.as_ref()).map(|word| word.value().as_str()));
        spf_result
            .append_option(first.and_then(|first| first.result.as_ref()).map(|word| word.value().as_str()));
    }

    fn push_reasons(&mut self, record: &Record) {
        let reasons =
            record.policy_evaluated.as_ref().map_or(&[][..], |evaluated| evaluated.reasons.as_slice());
        for reason in reasons {
            let rows = self.reasons.values();
            let [reason_type, type_raw, comment, lang] = &mut rows.texts;
            push_coded(reason_type, type_raw, reason.reason_type.as_ref());
            comment.append_option(reason.comment.as_deref());
            lang.append_option(reason.lang.as_deref());
            rows.len += 1;
        }
        self.reasons.append(true);
        let arc = reasons.iter().find_map(|reason| values::arc(reason.comment.as_deref()?));
        let [result, domain] = &mut self.arc;
        result.append_option(arc.map(|(result, _)| result));
        domain.append_option(arc.and_then(|(_, domain)| domain).map(|text| values::domain(text).0));
    }

    /// `record_ordinal`, and behind it the columns of [`schema::of_the_record`]; nothing for one of absent texts only.
    /// Starts anew.
    pub(super) fn finish(&mut self) -> Vec<Option<ArrayRef>> {
        let texts = Texts::finish_unless_absent;
        let mut columns = vec![finished(&mut self.ordinal)];
        columns.extend(self.source_ip.iter_mut().map(texts));
        columns.push(finished(&mut self.source_ip_bytes));
        columns.push(finished(&mut self.ip_version));
        columns.push(finished(&mut self.count));
        columns.push(texts(&mut self.count_raw));
        columns.extend(self.verdicts.iter_mut().map(texts));
        columns.push(finished(&mut self.dmarc_pass));
        columns.extend(self.identifiers.iter_mut().map(texts));
        columns.push(texts(&mut self.header_from_org));
        columns.extend(self.alignment.iter_mut().map(finished));
        columns.extend(self.best.iter_mut().map(texts));
        columns.push(finished(&mut self.dkim));
        columns.push(finished(&mut self.spf));
        columns.push(finished(&mut self.reasons));
        columns.extend(self.arc.iter_mut().map(texts));
        columns.push(finished(&mut self.finding_codes));
        columns
    }
}

fn texts<const N: usize>() -> [Texts; N] {
    std::array::from_fn(|_| Texts::new())
}

fn finished(column: &mut impl ArrayBuilder) -> Option<ArrayRef> {
    Some(ArrayBuilder::finish(column))
}

fn push_domain(name: &mut Texts, raw: &mut Texts, written: Option<&str>) {
    let read = written.map(values::domain);
    raw.append_option(read.as_ref().and_then(|(_, differing)| *differing));
    name.append_option(read.map(|(name, _)| name));
}

fn push_coded<T: Word>(word: &mut Texts, raw: &mut Texts, coded: Option<&Coded<T>>) {
    word.append_option(coded.map(|coded| coded.value().as_str()));
    raw.append_option(coded.and_then(Coded::differing));
}

/// Structs of some texts, and of `aligned` where the fields have it.
struct Rows<const TEXTS: usize> {
    fields: Fields,
    texts: [Texts; TEXTS],
    aligned: Option<BooleanBuilder>,
    len: usize,
}

impl<const TEXTS: usize> Rows<TEXTS> {
    fn of_texts(fields: Fields) -> Self {
        Self { fields, texts: texts(), aligned: None, len: 0 }
    }

    fn of_results(fields: Fields) -> Self {
        Self { aligned: Some(BooleanBuilder::with_capacity(0)), ..Self::of_texts(fields) }
    }

    /// Ends a row with its last value.
    fn push_aligned(&mut self, value: Option<bool>) {
        if let Some(aligned) = &mut self.aligned {
            aligned.append_option(value);
        }
        self.len += 1;
    }

    fn array(&self, columns: Vec<ArrayRef>) -> ArrayRef {
        // Each row appends one value to each column, so that all have the length of the rows.
        Arc::new(StructArray::new(self.fields.clone(), columns, None))
    }
}

impl<const TEXTS: usize> ArrayBuilder for Rows<TEXTS> {
    fn len(&self) -> usize {
        self.len
    }

    fn finish(&mut self) -> ArrayRef {
        let mut columns: Vec<ArrayRef> = self.texts.iter_mut().map(Texts::finish).collect();
        columns.extend(self.aligned.as_mut().map(|aligned| Arc::new(aligned.finish()) as ArrayRef));
        self.len = 0;
        self.array(columns)
    }

    fn finish_cloned(&self) -> ArrayRef {
        let mut columns: Vec<ArrayRef> = self.texts.iter().map(Texts::finish_cloned).collect();
        columns.extend(self.aligned.as_ref().map(|aligned| Arc::new(aligned.finish_cloned()) as ArrayRef));
        self.array(columns)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn as_any_mut(&mut self) -> &mut dyn Any {
        self
    }

    fn into_box_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
