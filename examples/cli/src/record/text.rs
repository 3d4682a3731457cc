//! One record as a person reads it.

use anstyle::Style;
use dmarc_core::diagnostics::{Severity, escape};
use dmarc_core::dmarc::Verdict;
use dmarc_core::inspect::RecordView;
use serde_json::Value;

use crate::findings;
use crate::output::Paint;
use crate::table::{Column, Rows, Tone};
use crate::texts::{Meanings, Texts};

/// Most characters of the record that are shown in one piece.
const SHOWN: usize = 1_000;
/// Most lines of a policy file that are shown one by one.
const LINES: usize = 40;

/// Headline, record, policy in effect, findings.
pub(crate) fn of(
    view: &RecordView,
    source: &[u8],
    number: Option<u64>,
    texts: &Texts,
    paint: Paint,
) -> String {
    let words = &texts.record;
    let mut text = String::new();
    if let Some(number) = number {
        text.push_str(&paint.paint(Paint::HEADING, &(words.line)(number)));
        text.push_str(": ");
    }
    let kind = match view.kind {
        "dmarc" => words.dmarc,
        "spf" => words.spf,
        "dkim" => words.dkim,
        "dkim-signature" => words.signature,
        "mta-sts" => words.mta_sts,
        "mta-sts-policy" => words.mta_sts_policy,
        "tls-rpt" => words.tls_rpt,
        "tlsa" => words.tlsa,
        _ => words.unknown,
    };
    let (style, verdict) = verdict(view, texts);
    text.push_str(&format!("{}: {}\n", paint.paint(Paint::HEADING, kind), paint.paint(style, verdict)));
    // A policy file has lines; every other kind is one line.
    let lines = if view.kind == "mta-sts-policy" { LINES } else { 1 };
    for line in view.input.trim_end_matches(['\r', '\n']).splitn(lines, '\n') {
        let line = if lines > 1 { line.trim_end_matches('\r') } else { line };
        if !view.input.is_empty() {
            text.push_str(&format!("  {}\n", escape(line, SHOWN)));
        }
    }
    if let Some(table) = policy(view, texts, paint) {
        text.push_str(&format!("\n{table}"));
    }
    text.push('\n');
    text.push_str(&findings::text(&view.diagnostics, source, texts, paint));
    text
}

/// The verdict in words.
fn verdict(view: &RecordView, texts: &Texts) -> (Style, &'static str) {
    let words = &texts.record;
    let erroneous = view.diagnostics.iter().any(|found| found.severity == Severity::Error);
    match (view.verdict, view.kind) {
        (Verdict::Usable, "spf") => (Paint::GOOD, words.spf_usable),
        (Verdict::Unusable, "spf") => (Paint::BAD, words.spf_unusable),
        (Verdict::Usable, "mta-sts" | "mta-sts-policy" | "tls-rpt" | "tlsa") => {
            (Paint::GOOD, words.transport_usable)
        }
        (_, "mta-sts" | "mta-sts-policy" | "tls-rpt" | "tlsa") => (Paint::BAD, words.transport_unusable),
        (Verdict::Usable, "dkim") => (Paint::GOOD, words.dkim_usable),
        (Verdict::Unusable, "dkim") => (Paint::BAD, words.dkim_unusable),
        (Verdict::NotARecord, "dkim") => (Paint::BAD, words.not_dkim),
        (Verdict::Usable, "dkim-signature") => (Paint::GOOD, words.signature_usable),
        (Verdict::Unusable, "dkim-signature") => (Paint::BAD, words.signature_unusable),
        (Verdict::NotARecord, "dkim-signature") => (Paint::BAD, words.not_signature),
        (Verdict::Usable, _) if erroneous => (Paint::CARE, words.usable_with_findings),
        (Verdict::Usable, _) => (Paint::GOOD, words.usable),
        (Verdict::ActsAsNone, _) => (Paint::CARE, words.acts_as_none),
        (Verdict::Unusable, _) => (Paint::BAD, words.unusable),
        (Verdict::NotARecord, "dmarc") => (Paint::BAD, words.not_dmarc),
        (Verdict::NotARecord, "spf") => (Paint::BAD, words.not_spf),
        (Verdict::NotARecord, _) => (Paint::BAD, words.not_a_record),
    }
}

/// What is published and what comes of it.
fn policy(view: &RecordView, texts: &Texts, paint: Paint) -> Option<String> {
    match view.kind {
        "dmarc" => dmarc(view, texts, paint),
        "spf" => spf(view, texts, paint),
        "dkim" => dkim(view, texts),
        "tlsa" => tlsa(view),
        _ => None,
    }
}

fn dmarc(view: &RecordView, texts: &Texts, paint: Paint) -> Option<String> {
    let effective = view.effective.as_object()?;
    let words = &texts.record;
    let mut rows = Rows::new(
        paint,
        &[
            (words.tag, Column::Text),
            (words.published, Column::Text),
            (words.effective, Column::Text),
            (words.meaning, Column::Text),
        ],
    );
    for tag in Meanings::TAGS {
        let published = &view.published[tag];
        let value = effective.get(tag).unwrap_or(&Value::Null);
        // A tag that the edition does not know matters only to whoever published it.
        if value.is_null() && published.is_null() {
            continue;
        }
        let acts = shown(value);
        let written = shown(published);
        let tone = match (tag, acts.as_str()) {
            ("p" | "sp" | "np", "none") => Tone::Care,
            ("p" | "sp" | "np", _) => Tone::Good,
            _ => Tone::Plain,
        };
        rows.row([
            (tag, Tone::Plain),
            (written.as_str(), if published.is_null() { Tone::Aside } else { Tone::Plain }),
            (acts.as_str(), tone),
            (words.meanings.of(tag, &acts).as_str(), Tone::Aside),
        ]);
    }
    Some(rows.text())
}

fn spf(view: &RecordView, texts: &Texts, paint: Paint) -> Option<String> {
    let terms = view.published["terms"].as_array()?;
    let words = &texts.spf;
    let mut rows = Rows::new(
        paint,
        &[(words.term, Column::Text), (words.result, Column::Text), (words.who, Column::Text)],
    );
    for term in terms {
        let (mechanism, modifier) = (term["mechanism"].as_str(), term["modifier"].as_str());
        let (result, tone) = match (mechanism.is_some(), term["qualifier"].as_str()) {
            (false, _) => ("", Tone::Plain),
            (true, Some("-")) => (words.fail, Tone::Bad),
            (true, Some("~")) => (words.softfail, Tone::Care),
            (true, Some("?")) => (words.neutral, Tone::Aside),
            (true, _) => (words.pass, Tone::Good),
        };
        let who = match modifier {
            Some(modifier) => words.modifier_of(modifier),
            None => words.who_of(mechanism, term["value"].is_string()),
        };
        rows.row([
            (term["text"].as_str().unwrap_or_default(), Tone::Plain),
            (result, tone),
            (who, if mechanism.or(modifier).is_some() { Tone::Aside } else { Tone::Bad }),
        ]);
    }
    let mut text = rows.text();
    if let Some(count) = view.effective["lookup_terms"].as_u64() {
        text.push_str(&format!("\n  {}\n", (words.lookups)(count)));
    }
    Some(text)
}

fn dkim(view: &RecordView, texts: &Texts) -> Option<String> {
    let key = view.effective.as_object()?;
    let flag = |name: &str| key.get(name).and_then(Value::as_bool).unwrap_or_default();
    let kind = key.get("k")?.as_str()?;
    let shown = (texts.record.dkim_key)(kind, key.get("bits")?.as_u64()?, flag("testing"), flag("strict"));
    Some(format!("  {shown}\n"))
}

/// A value of the view in a cell.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "y".to_owned(),
        Value::Bool(false) => "n".to_owned(),
        Value::Array(list) if list.is_empty() => "-".to_owned(),
        Value::Array(list) => list.iter().map(shown).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The parameters by their acronyms.
fn tlsa(view: &RecordView) -> Option<String> {
    let name = |key: &str| view.effective[key].as_str();
    let names = [name("usage_name")?, name("selector_name")?, name("matching_name")?];
    Some(format!("  {}\n", names.join(", ")))
}
