//! The verdicts on a domain as CSV: one line per requirement.

use std::io;

use dmarc_core::assessment::Outcome as Assessed;

use crate::{Context, cells};

const HEADER: [&str; 11] = [
    "domain",
    "profile",
    "version",
    "requirement",
    "level",
    "verdict",
    "title",
    "reasons",
    "missing",
    "explanation",
    "evidence",
];

/// The lines; the header only before the first domain.
pub(super) fn of(assessed: &Assessed, context: &Context, first: bool) -> io::Result<Vec<u8>> {
    let Some(report) = assessed.domain() else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for profile in &report.profiles {
        for judgement in &profile.rules {
            let reasons = judgement.reasons.iter();
            let reasons = reasons.map(|one| format!("{} [{}]", context.catalog.message(one), one.rule.code));
            let evidence = judgement.evidence.iter().map(|one| format!("{}: {}", one.subject, one.value));
            rows.push(vec![
                report.domain.to_string(),
                profile.id.to_owned(),
                profile.version.to_owned(),
                judgement.id.to_owned(),
                judgement.level.as_str().to_owned(),
                judgement.verdict.as_str().to_owned(),
                context.catalog.requirement(judgement.id).to_owned(),
                reasons.collect::<Vec<_>>().join("; "),
                judgement.missing.join(" "),
                judgement.explanation.clone().unwrap_or_default(),
                evidence.collect::<Vec<_>>().join("; "),
            ]);
        }
    }
    let mut octets = cells::lines(&HEADER, &rows)?;
    if !first {
        let header = octets.iter().position(|octet| *octet == b'\n').map_or(0, |end| end + 1);
        octets.drain(..header);
    }
    Ok(octets)
}
