//! Laws of aggregate reports, their containers and batches of them.

use std::io::{Cursor, Read};

use dmarc_core::diagnostics::Diagnostic;
use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{self, Draft, Item, Outcome, Record, Report, Schema};
use dmarc_core::report::batch::{Batch, Collector, Keep};
use dmarc_core::report::failure::{self, Privacy};
use dmarc_core::report::tls;

/// Small limits, so that short inputs reach them.
pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.text_octets = 400;
    limits.element_depth = 12;
    limits.records = 20;
    limits.findings = 30;
    limits.sources = 3;
    limits.entries = 6;
    limits.unpacked_octets = 100_000;
    limits
}

/// A stream that hands out few octets at a time.
pub(crate) struct Chunks<'a> {
    pub(crate) octets: &'a [u8],
    pub(crate) size: usize,
}

impl Read for Chunks<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = self.size.clamp(1, into.len().max(1)).min(into.len());
        self.octets.by_ref().take(size as u64).read(into)
    }
}

fn check_findings<'a>(found: impl IntoIterator<Item = &'a Diagnostic>) {
    for one in found {
        for arg in one.rule.args {
            assert!(one.argument(arg).is_some(), "{} lacks {arg}", one.rule.code);
        }
        if let Some(place) = &one.place {
            assert!(place.line >= 1 && place.column >= 1, "{} lies outside", one.rule.code);
        }
    }
}

fn records(outcome: &Outcome) -> Vec<&Record> {
    outcome.reports.iter().flat_map(|report| &report.records).collect()
}

/// Whatever the octets: an unpacked document is read without a panic, and alike however it is cut
/// into blocks. Cut off anywhere, it gives the first of the same records and never the open one.
pub fn aggregate(octets: &[u8]) {
    let whole = aggregate::read(octets, &limits());
    for report in &whole.reports {
        check_findings(report.findings.kept());
        assert!(report.findings.kept().len() <= limits().findings);
        assert!(report.complete || !report.findings.is_empty(), "a break is told");
        assert!(report.records.len() as u64 <= limits().records);
    }
    check_findings(&whole.refused);
    assert!(!whole.reports.is_empty() || whole.refused.is_some(), "every input is accounted for");
    for size in [1, 7] {
        assert_eq!(aggregate::read(Chunks { octets, size }, &limits()), whole, "blocks of {size}");
    }
    one_way(octets);
    let all = records(&whole);
    let step = octets.len() / 16 + 1;
    for end in (0..octets.len()).step_by(step) {
        let cut = aggregate::read(&octets[..end], &limits());
        let kept = records(&cut);
        assert!(kept.len() <= all.len(), "a cut adds no record");
        for (one, other) in kept.iter().zip(&all) {
            assert_eq!(one, other, "cut at {end}");
        }
    }
    let items = aggregate::Reader::new(octets, &limits()).filter(|item| matches!(item, Item::Record(_)));
    assert_eq!(items.count(), all.len());
}

/// Plain tokens that lie ready are taken straight from the text; in blocks of one octet none does,
/// so that quick-xml reads them all. Both ways must come to the same.
fn one_way(octets: &[u8]) {
    // The first octets always come in one block, for the encoding.
    let mut padded = format!("<!--{}-->", " ".repeat(600)).into_bytes();
    padded.extend(octets);
    for limits in [limits(), Limits::default()] {
        let short = aggregate::read(&padded[..], &limits);
        let long = aggregate::read(Chunks { octets: &padded, size: 1 }, &limits);
        assert_eq!(short, long, "taken from the text, and by quick-xml");
    }
}

/// What may be found in a report that each of the changes below leaves as it is.
const HARMLESS: &[&str] = &[
    "report/missing-element",
    "report/duplicate-element",
    "report/empty-element",
    "report/unknown-value",
    "report/value-spelling",
    "report/invalid-count",
    "report/invalid-ip",
    "report/invalid-domain",
    "report/invalid-time",
    "report/time-form",
    "report/no-records",
    "report/long-period",
    "report/schema-missing",
    "report/schema-element",
    "report/schema-namespace",
    "report/element-order",
    "report/unfounded-pass",
    "report/unaligned-pass",
    "report/unfounded-fail",
    "report/short-of-policy",
    "report/beyond-policy",
    "report/enforced-despite-pass",
    "report/outside-policy-domain",
    "report/repeated-element",
    "report/element-name",
];

/// The key of a report is that of what it says, whatever encodes it, packs it, spaces it or stands before its
/// names. Gives how many reports could be judged: of odd ones nobody can say that another form is the same.
pub fn same_key(octets: &[u8]) -> u32 {
    let Ok(text) = std::str::from_utf8(octets) else { return 0 };
    let (declaration, body) = text.split_once("?>").map_or(("", text), |(before, body)| (before, body));
    let is_plain = body.trim_start().starts_with("<feedback>") && !body.contains(['"', '\'', '&', '\0']);
    if !is_plain
        || !["", "<?xml version=\"1.0\""].contains(&declaration)
        || body.contains("<!")
        || body.contains("<?")
    {
        return 0;
    }
    let read = |octets: &[u8]| {
        let mut collector = Collector::new(&Limits::default(), Keep::Sums);
        collector.feed("x", octets);
        collector.finish()
    };
    let batch = read(octets);
    let [entry] = batch.reports.as_slice() else { return 0 };
    let is_sound = entry.findings.counts().all(|found| HARMLESS.contains(&found.rule.code));
    if !is_sound || !entry.complete || !entry.extensions.is_empty() || !batch.refused.is_empty() {
        return 0;
    }
    let utf16 = |text: &str, octets: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("\u{feff}{text}").encode_utf16().flat_map(octets).collect()
    };
    let mut gzip = Vec::new();
    flate2::read::GzEncoder::new(octets, flate2::Compression::fast()).read_to_end(&mut gzip).expect("packed");
    let prefixed = body.replace("</", "\0").replace('<', "<x:").replace('\0', "</x:");
    let forms = [
        format!("\u{feff}{text}").into_bytes(),
        utf16(body, u16::to_le_bytes),
        utf16(body, u16::to_be_bytes),
        gzip,
        body.replace('>', "><!-- > -->").into_bytes(),
        body.replace('<', "\r\n\t <").into_bytes(),
        prefixed.replacen("<x:feedback>", "<x:feedback xmlns:x='urn:z'>", 1).into_bytes(),
    ];
    for (index, form) in forms.iter().enumerate() {
        let again = read(form);
        let keys: Vec<&str> = again.reports.iter().map(|entry| entry.report_key.as_str()).collect();
        assert_eq!(keys, [entry.report_key.as_str()], "form {index} of {text}");
        assert_eq!(again.totals.messages_out, batch.totals.messages_out, "form {index}");
    }
    1
}

/// Limits that nothing small reaches.
fn wide() -> Limits {
    let mut limits = Limits::default();
    limits.text_octets = 10 << 20;
    limits.element_depth = 100_000;
    limits
}

/// What is written is read as one report, and written from there again word by word.
fn check_written(draft: &Draft, written: &str) -> Report {
    let mut outcome = aggregate::read(written.as_bytes(), &wide());
    assert!(outcome.refused.is_none() && outcome.reports.len() == 1, "{written}");
    let report = outcome.reports.remove(0);
    assert!(report.complete, "{written}");
    assert_eq!(report.head.extensions.len(), draft.extensions.len(), "{written}");
    assert_eq!(report.records.len(), draft.records.len());
    for (record, row) in report.records.iter().zip(&draft.records) {
        assert_eq!(record.extensions.len(), row.extensions.len(), "{written}");
    }
    report
}

/// Whatever the octets: a report that can be written says what it said when it is read again, and an extension
/// never reaches beyond its place. Gives how many reports were written.
pub fn aggregate_roundtrip(octets: &[u8]) -> u32 {
    let mut reports = 0;
    for report in aggregate::read(octets, &Limits::default()).reports {
        let Ok(draft) = Draft::of(&report, "receiver.example") else { continue };
        let Ok(written) = draft.write() else { continue };
        reports += 1;
        let again = check_written(&draft, &written.document);
        assert_eq!(again.head.extensions, report.head.extensions);
        for (one, other) in again.records.iter().zip(&report.records) {
            assert_eq!(one.extensions, other.extensions);
            assert_eq!((one.messages(), one.header_from()), (other.messages(), other.header_from()));
            assert_eq!(one.dmarc_pass(), other.dmarc_pass());
        }
        let second = Draft::of(&again, "receiver.example").expect("what was written can be written");
        if draft.schema == Some(Schema::Rfc9990) {
            assert_eq!(second, draft);
        }
        assert_eq!(second.write().expect("it can be written again"), written);
    }
    let Ok(text) = std::str::from_utf8(octets) else { return reports };
    let mut draft = sample();
    draft.extensions = vec![text.to_owned()];
    draft.records[0].extensions = vec![text.to_owned(), "<z xmlns=\"urn:z\"/>".to_owned()];
    let Ok(written) = draft.write() else { return reports };
    let read = check_written(&draft, &written.document);
    assert_eq!(read.head.extensions[0], read.records[0].extensions[0]);
    assert!(read.head.extensions[0].namespace.is_some(), "{text}");
    // In one form from now on.
    let draft = Draft::of(&read, "receiver.example").expect("what was written can be written");
    let written = draft.write().expect("the one form can be written");
    let again = check_written(&draft, &written.document);
    assert_eq!(again.head.extensions, read.head.extensions);
    assert_eq!(again.records[0].extensions, read.records[0].extensions);
    reports + 1
}

/// A report that can be written.
fn sample() -> Draft {
    let text = r#"{ "submitter": "receiver.example", "org_name": "Receiver", "email": "dmarc@receiver.example",
        "report_id": "1", "begin": 1700006400, "end": 1700092799, "domain": "example.com", "p": "none",
        "records": [{ "source_ip": "192.0.2.1", "count": 3, "disposition": "none", "dkim": "pass", "spf": "fail",
            "header_from": "example.com" }] }"#;
    serde_json::from_str(text).expect("a draft")
}

fn batch(octets: &[u8], limits: &Limits) -> Batch {
    let mut collector = Collector::new(limits, Keep::Records);
    collector.feed("input", octets);
    collector.finish()
}

/// Whatever the octets: what goes in comes out or is refused, and every sum agrees with its parts.
pub fn conservation(octets: &[u8]) -> Batch {
    let batch = batch(octets, &limits());
    let totals = batch.totals;
    assert!(totals.records <= totals.records_in, "{totals:?}");
    assert!(totals.messages_out <= totals.messages_in, "{totals:?}");
    assert!(totals.records_uncounted <= totals.records_in, "{totals:?}");
    assert_eq!(totals.messages_in - totals.messages_out, totals.messages_refused);
    assert_eq!(totals.inputs, 1);
    assert!(totals.inputs_refused + totals.inputs_incomplete <= 1);
    assert_eq!(totals.reports, batch.reports.len() as u64);
    assert_eq!(totals.failure_reports, batch.failure_reports.len() as u64);
    assert_eq!(totals.tls_reports, batch.tls_reports.len() as u64);
    let answers = batch.reports.len() + batch.failure_reports.len() + batch.tls_reports.len();
    assert!(answers > 0 || !batch.refused.is_empty(), "every input is accounted for");
    assert_eq!(totals.sessions_in.saturating_sub(totals.sessions_out), totals.sessions_refused);
    for entry in &batch.failure_reports {
        check_findings(entry.findings.kept());
        assert_eq!(entry.key.len(), 32);
    }
    for entry in &batch.tls_reports {
        check_findings(entry.findings.kept());
        assert_eq!(entry.key.len(), 32);
    }
    let add = |sum: u64, more: u64| sum.saturating_add(more);
    assert_eq!(totals.messages_out, batch.reports.iter().map(|entry| entry.messages).fold(0, add));
    assert_eq!(totals.records, batch.reports.iter().map(|entry| entry.records).sum::<u64>());
    for entry in &batch.reports {
        assert_eq!(entry.kept.len() as u64, entry.records);
        let messages = entry.kept.iter().filter_map(Record::messages).fold(0, add);
        assert_eq!(messages, entry.messages);
        for tallies in [&entry.dispositions, &entry.dkim, &entry.spf] {
            assert_eq!(tallies.iter().map(|(_, messages)| messages).fold(0, add), messages);
        }
        check_findings(entry.findings.kept());
        assert_eq!(entry.report_key.len(), 32);
    }
    let first = batch.reports.iter().filter(|entry| entry.counts());
    let sources = batch.sources.view();
    assert_eq!(
        sources.iter().map(|source| source.messages).fold(0, add),
        first.map(|entry| entry.messages).fold(0, add),
        "every message has a source"
    );
    check_findings(batch.refused.iter().map(|refused| &refused.found));
    batch
}

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(octets, flate2::Compression::fast())
        .read_to_end(&mut packed)
        .expect("octets in memory are packed");
    packed
}

fn zlib(octets: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::ZlibEncoder::new(octets, flate2::Compression::fast())
        .read_to_end(&mut packed)
        .expect("octets in memory are packed");
    packed
}

/// A ZIP with one member, as it is or packed.
fn zip(octets: &[u8], deflate: bool) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(octets);
    let mut data = octets.to_vec();
    if deflate {
        data.clear();
        flate2::read::DeflateEncoder::new(octets, flate2::Compression::fast())
            .read_to_end(&mut data)
            .expect("octets in memory are packed");
    }
    let mut head = Vec::new();
    for field in [20, 0, if deflate { 8_u16 } else { 0 }, 0, 0x21] {
        head.extend(field.to_le_bytes());
    }
    for field in [crc.sum(), length(&data), length(octets), 1] {
        head.extend(field.to_le_bytes());
    }
    let local = [b"PK\x03\x04", &head[..], b"a", &data].concat();
    let central = [b"PK\x01\x02\x14\0", &head[..], &[0; 14], b"a"].concat();
    let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    end.extend(length(&central).to_le_bytes());
    end.extend(length(&local).to_le_bytes());
    [&local[..], &central, &end, &[0, 0]].concat()
}

fn length(octets: &[u8]) -> u32 {
    u32::try_from(octets.len()).expect("inputs are short")
}

/// Whatever the document: it says the same in each packing. Cut packings are told.
pub fn packing(octets: &[u8]) {
    // Only what is told to be a document may gain a layer: the others count their depth.
    if octets.first() != Some(&b'<') {
        return;
    }
    let mut limits = limits();
    limits.unpacked_octets = 10 << 20;
    let plain = batch(octets, &limits);
    let keys = |batch: &Batch| -> Vec<String> {
        batch.reports.iter().map(|entry| entry.report_key.clone()).collect()
    };
    let mut two = gzip(&octets[..octets.len() / 2]);
    two.extend(gzip(&octets[octets.len() / 2..]));
    let packings = [gzip(octets), zlib(octets), two, zip(octets, true), zip(octets, false)];
    for (packed, in_zip) in packings.iter().zip([false, false, false, true, true]) {
        let unpacked = batch(packed, &limits);
        assert_eq!(keys(&unpacked), keys(&plain));
        // What is no report is left out of a ZIP, and refused otherwise.
        if !in_zip || plain.refused.is_empty() {
            assert_eq!(unpacked.totals, plain.totals);
        }
        let complete = |batch: &Batch| batch.reports.iter().all(|entry| entry.complete);
        assert_eq!(complete(&unpacked), complete(&plain));
        let cut = batch(&packed[..packed.len() - 9], &limits);
        assert!(cut.totals.records <= plain.totals.records);
        let told = cut.totals.inputs_refused + cut.totals.inputs_incomplete > 0
            || cut.findings.keys().any(|code| code.starts_with("container/"));
        assert!(told, "a cut is told");
    }
}

/// Whatever the octets: they are walked through as an input, and as a member of a mail, without a
/// panic, and accounted for.
pub fn container(octets: &[u8]) {
    conservation(octets);
    let mut mail = b"From: a@example.com\nContent-Type: application/octet-stream\n\n".to_vec();
    mail.extend(octets);
    conservation(&mail);
    // A stream that ends in the middle of its first octets is an input as well.
    let mut some = Vec::new();
    Cursor::new(octets).take(40).read_to_end(&mut some).expect("octets in memory are read");
    conservation(&some);
}

/// Whatever the octets: a report on TLS is read without a panic, no session is made up, and a plain tree of the
/// same text holds the same totals.
pub fn tls_report(octets: &[u8]) {
    conservation(octets);
    let Ok(read) = tls::read(octets, &limits()) else { return };
    check_findings(read.findings.kept());
    assert!(read.complete || !read.findings.is_empty(), "a break is told");
    for end in (0..octets.len()).step_by(octets.len() / 8 + 1) {
        let Ok(cut) = tls::read(&octets[..end], &limits()) else { continue };
        assert!(cut.report.policies.len() <= read.report.policies.len(), "a cut adds no policy");
        for (one, other) in cut.report.policies.iter().zip(&read.report.policies) {
            assert_eq!(one, other, "cut at {end}");
        }
    }
    // What has no finding at all is what any reader of JSON sees.
    let Ok(serde_json::Value::Object(tree)) = serde_json::from_slice(octets) else { return };
    if read.findings.is_empty() {
        let totals = |name: &str| -> u64 {
            let policies = tree["policies"].as_array().expect("policies are a list");
            policies.iter().filter_map(|policy| policy["summary"][name].as_u64()).fold(0, u64::saturating_add)
        };
        assert_eq!(read.report.successful_sessions(), totals("total-successful-session-count"));
        assert_eq!(read.report.failed_sessions(), totals("total-failure-session-count"));
        assert_eq!(read.report.organization.as_deref(), tree["organization-name"].as_str().map(str::trim));
    }
}

/// Whatever the octets: a failure report is read without a panic, and nothing of a local-part is left where they
/// are dropped.
pub fn failure(octets: &[u8]) {
    conservation(octets);
    let mut mail = b"Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n".to_vec();
    mail.extend(octets);
    for input in [octets, &mail] {
        let Some(read) = failure::read(input, &limits()) else { continue };
        check_findings(read.findings.kept());
        assert!(read.complete || !read.findings.is_empty(), "a break is told");
        let mut report = read.report;
        Privacy::Drop.apply(&mut report);
        let view = report.view();
        assert_eq!(view.subject, None);
        for text in view.original_mail_from.iter().chain(&view.original_rcpt_to) {
            let behind_a_letter =
                text.split('@').rev().skip(1).any(|part| part.ends_with(char::is_alphanumeric));
            assert!(!behind_a_letter, "{text}");
        }
        let once = report.clone();
        Privacy::Drop.apply(&mut report);
        assert_eq!(report, once, "what is dropped stays dropped");
    }
}
