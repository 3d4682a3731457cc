//! Laws of DMARC policy records.

use std::collections::BTreeMap;

use dmarc_core::diagnostics::{
    Catalog, Diagnostic, Effect, Labels, Language, Parsed, Severity, Span, render,
};
use dmarc_core::dmarc::{Edition, Effective, Policy, Record, TagName, Verdict, compare};
use dmarc_core::inspect::{self, RecordKind};

use crate::spf::{UNCOVERED, check_fix, is_place};

/// Fixes applied one after another before the law counts as broken.
const STEPS: usize = 400;

/// Whatever the octets: places lie in the text and on character boundaries, findings are in order and
/// none stands twice, verdict and findings agree, and printing a record and reading it gives it back.
pub fn record(octets: &[u8]) {
    for edition in Edition::ALL {
        let parsed = Record::parse(octets, edition);
        findings(octets, &parsed.diagnostics);
        agrees(&parsed);
        if let Some(record) = &parsed.value {
            assert!(Record::is_record(octets));
            prints(record, edition);
        }
    }
    let _ = compare(octets);
}

/// Every kind of record and both languages show whatever they are given.
pub fn shown(octets: &[u8]) {
    for language in [Language::En, Language::Nl] {
        let catalog = Catalog::embedded(language);
        for kind in [RecordKind::Auto, RecordKind::Dmarc, RecordKind::Spf] {
            for edition in Edition::ALL {
                let view = inspect::record(octets, kind, edition, &catalog);
                assert_eq!(view.published.is_null(), view.verdict == Verdict::NotARecord);
            }
        }
        for found in Record::parse(octets, Edition::Rfc9989).diagnostics {
            let text = render(&found, &catalog, octets, &Labels::of(language));
            assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "a control reaches the screen");
        }
    }
}

pub(crate) fn findings(octets: &[u8], found: &[Diagnostic]) {
    let mut last: Option<(Span, &str)> = None;
    for one in found {
        let span = one.span.expect("a finding about one text has a place");
        assert!(is_place(octets, span), "{} has no place: {span:?}", one.rule.code);
        let key = (span, one.rule.code);
        let more = one.rule.code == "dmarc/too-many-findings";
        assert!(more || last.is_none_or(|last| last < key), "order, or twice: {last:?} {key:?}");
        last = Some(key);
        check_fix(octets, one);
        let declared = one.args.iter().map(|(name, _)| *name);
        assert!(declared.eq(one.rule.args.iter().copied()), "{} lacks an argument", one.rule.code);
        if let Some(fix) = &one.fix {
            assert!(fix.effect.is_some(), "{}: nobody computed the effect", one.rule.code);
            assert_ne!(fix.apply(octets), octets, "{}: a fix that changes nothing", one.rule.code);
        }
    }
}

fn agrees(parsed: &Parsed<Record>) {
    let worst = parsed.diagnostics.iter().map(|found| found.severity).max();
    match &parsed.value {
        None => assert_eq!(worst, Some(Severity::Error), "no record, and nothing says why"),
        Some(record) => {
            assert_eq!(record.effective().is_none(), record.verdict() == Verdict::Unusable);
            match record.verdict() {
                Verdict::Unusable => assert_eq!(worst, Some(Severity::Error), "nothing says why"),
                Verdict::ActsAsNone => assert!(worst >= Some(Severity::Warning), "nothing says why"),
                _ => {}
            }
            if let (Verdict::ActsAsNone, Some(values)) = (record.verdict(), record.effective()) {
                assert!(values.p == Policy::None && values.sp == Policy::None && !values.rua.is_empty());
            }
        }
    }
}

fn prints(record: &Record, edition: Edition) {
    let text = record.to_string();
    let again = Record::parse(&text, edition).value.unwrap_or_else(|| panic!("no record: {text:?}"));
    assert_eq!(again.verdict(), record.verdict(), "{text:?}");
    assert_eq!(again.effective(), record.effective(), "{text:?}");
    for tag in TagName::ALL {
        assert_eq!(again.published().get(tag), record.published().get(tag), "{text:?}");
    }
    assert_eq!(again.to_string(), text);
}

/// Applying fixes until none is left ends; each application lowers the count of its rule, or makes
/// the text a record, but for a few that uncover another mistake; a fix without effect leaves the policy of both editions as it is.
pub fn fixes(octets: &[u8]) {
    for edition in Edition::ALL {
        let mut text = octets.to_vec();
        let (mut steps, mut uncovered) = (0, 0);
        loop {
            let parsed = Record::parse(&text, edition);
            let Some(found) = parsed.diagnostics.iter().find(|found| found.fix.is_some()) else { break };
            let fix = found.fix.as_ref().expect("it was just looked for");
            let after = fix.apply(&text);
            let again = Record::parse(&after, edition);
            let count = |all: &[Diagnostic]| all.iter().filter(|each| each.rule == found.rule).count();
            let becomes_record = parsed.value.is_none() && again.value.is_some();
            let helps = becomes_record || count(&again.diagnostics) < count(&parsed.diagnostics);
            uncovered += usize::from(!helps);
            assert!(
                uncovered <= UNCOVERED,
                "{} ({edition}) in {:?}, then {:?}",
                found.rule.code,
                String::from_utf8_lossy(&text),
                String::from_utf8_lossy(&after),
            );
            if fix.effect == Some(Effect::None) {
                for each in Edition::ALL {
                    let policies = [&text, &after].map(|text| policy(text, each));
                    assert_eq!(
                        policies[0],
                        policies[1],
                        "{} in {:?}",
                        found.rule.code,
                        String::from_utf8_lossy(&text)
                    );
                }
            }
            steps += 1;
            assert!(steps < STEPS, "fixes go on and on: {:?}", String::from_utf8_lossy(octets));
            text = after;
        }
    }
}

/// What a receiver does with mail that fails, and what it asks of mail that passes.
fn policy(octets: &[u8], edition: Edition) -> Option<(Vec<Policy>, String)> {
    let record = Record::parse(octets, edition).value?;
    let of = record.effective()?;
    let applied = [of.p, of.sp, of.np.unwrap_or(of.sp)].map(|policy| of.applied(policy)).to_vec();
    let enforced = applied.iter().any(|policy| *policy > Policy::None);
    let Effective { adkim, aspf, psd, pct, .. } = of;
    Some((applied, format!("{adkim:?} {aspf:?} {psd:?} {:?}", pct.filter(|_| enforced))))
}

/// What the builder gives out reads as it was asked for; it refuses the rest.
pub fn built(tags: &BTreeMap<String, serde_json::Value>, edition: Edition) {
    let Ok(built) = inspect::build(tags, edition) else { return };
    let parsed = Record::parse(&built.text, edition);
    let serious = parsed.diagnostics.iter().find(|found| found.severity == Severity::Error);
    assert!(serious.is_none(), "{:?} in {:?}", serious.map(|found| found.rule.code), built.text);
    let record = parsed.value.expect("a record");
    assert_eq!(record.verdict(), Verdict::Usable, "{:?}", built.text);
    for (name, value) in tags {
        let tag = TagName::known(name).expect("it was built");
        let published = record.published().get(tag);
        match value {
            serde_json::Value::Array(list) if tag.is_uri_list() => {
                let uris = if tag == TagName::Rua { record.rua() } else { record.ruf() };
                assert_eq!(uris.len(), list.len(), "{:?}", built.text);
            }
            serde_json::Value::String(text) if !tag.is_uri_list() => {
                assert!(
                    published.is_some_and(|written| written.eq_ignore_ascii_case(text)),
                    "{:?}",
                    built.text
                );
            }
            serde_json::Value::Number(number) => assert_eq!(published, Some(number.to_string().as_str())),
            _ => {}
        }
    }
    // The strings of a zone file are quoted, and at most 255 octets long; they join to the record.
    let strings: Vec<&str> = built.strings.trim_matches('"').split("\" \"").collect();
    assert!(strings.iter().all(|string| string.replace('\\', "").len() <= 255));
    assert_eq!(strings.concat().replace("\\\"", "\"").replace("\\\\", "\\"), built.text);
}
