//! The SPF record on the way: what is mended so that nobody loses a pass by it.

use crate::diagnostics::Severity;
use crate::spf::analysis::Conventions;
use crate::spf::{self, Qualifier};
use crate::text::lossy;

use super::super::domain::{DomainReport, SpfFound};
use super::super::found::Found;
use super::Blocked;
use super::publication::Publication;
use super::rules::{NO_SPF, OPEN_SPF, SEVERAL_SPF, SPF_LOOKUPS, UNRESOLVED, UNUSABLE_SPF};
use crate::transport::mx::Delivery;

/// Rounds of fixes; one mends what another hid.
const ROUNDS: usize = 8;
/// RFC 7208, 4.6.4.
const LOOKUPS: usize = 10;

/// What is wrong, and what mends it.
#[derive(Default)]
pub(super) struct Repair {
    pub(super) blocked: Vec<Blocked>,
    pub(super) publish: Vec<Publication>,
    /// Whether mail that passes now may fail then.
    pub(super) takes_away: bool,
    /// Whether something is not known.
    pub(super) open: bool,
}

/// What there is to mend for a domain that sends.
pub(super) fn repair(report: &DomainReport) -> Repair {
    let domain = report.domain.to_string();
    let mut repair = Repair::default();
    match &report.spf {
        Found::Records(found) => match found.indexes.as_slice() {
            [] => missing(report, &mut repair),
            [index] => {
                let text = found.texts.get(*index).map(Vec::as_slice).unwrap_or_default();
                one(report, found, text, &mut repair);
            }
            several => {
                let reason = SEVERAL_SPF.anywhere().arg("domain", domain).arg("count", several.len());
                repair.blocked.push(Blocked::about(reason));
                join(report, found, &mut repair);
            }
        },
        Found::NoData | Found::NxDomain => missing(report, &mut repair),
        Found::Failed(_) | Found::NotKnown => {
            repair.open = true;
            repair.blocked.push(Blocked::about(UNRESOLVED.anywhere().arg("name", domain)));
        }
    }
    repair
}

fn missing(report: &DomainReport, repair: &mut Repair) {
    repair.blocked.push(Blocked::about(NO_SPF.anywhere().arg("domain", report.domain.to_string())));
    // Softfail harms nobody's DMARC: a pass can only be gained.
    let text = match report.mail.delivery {
        Some(Delivery::Hosts) => "v=spf1 mx ~all",
        _ => "v=spf1 ~all",
    };
    repair.publish.push(Publication::txt(&report.domain, Some(text.to_owned()), None));
}

fn one(report: &DomainReport, found: &SpfFound, text: &[u8], repair: &mut Repair) {
    let domain = report.domain.to_string();
    let usable = found.record.as_ref().filter(|record| record.is_usable());
    let Some(record) = usable else {
        repair.blocked.push(Blocked::about(UNUSABLE_SPF.anywhere().arg("domain", domain)));
        let mended = mended(text);
        let counts = |record: spf::Record| record.is_usable() && record.lookup_terms() <= LOOKUPS;
        if spf::Record::read(&mended).is_some_and(counts) {
            replace(report, text, lossy(&mended), repair);
        }
        return;
    };
    // All that it leads to, where that is known; else what it asks for itself.
    let below = report.policies.as_ref().and_then(|policies| policies.sum(&Conventions::default()));
    let lookups = below.unwrap_or_default().max(record.lookup_terms() as u64);
    if lookups > LOOKUPS as u64 {
        let reason = SPF_LOOKUPS.anywhere().arg("domain", domain.as_str()).arg("count", lookups);
        repair.blocked.push(Blocked::about(reason));
        // Another end does not make it count: it has to get shorter first.
        return;
    }
    if record.redirect().is_some() && record.all().is_none() {
        return;
    }
    let words: Vec<String> =
        lossy(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let is_all = |word: &&String| {
        matches!(word.to_ascii_lowercase().as_str(), "all" | "+all" | "-all" | "~all" | "?all")
    };
    let reason =
        |found: &str| Blocked::about(OPEN_SPF.anywhere().arg("domain", domain.as_str()).arg("found", found));
    match record.all() {
        Some(Qualifier::Fail | Qualifier::Softfail) => {}
        Some(qualifier) => {
            let written = words.iter().find(is_all).map_or("all", String::as_str);
            repair.blocked.push(reason(written));
            repair.takes_away = qualifier == Qualifier::Pass;
            let words: Vec<&str> =
                words.iter().map(|word| if is_all(&word) { "~all" } else { word.as_str() }).collect();
            replace(report, text, words.join(" "), repair);
        }
        None => {
            repair.blocked.push(reason("-"));
            replace(report, text, format!("{} ~all", words.join(" ")), repair);
        }
    }
}

fn replace(report: &DomainReport, old: &[u8], new: String, repair: &mut Repair) {
    if new.as_bytes() != old {
        repair.publish.push(Publication::txt(&report.domain, Some(new), Some(lossy(old))));
    }
}

/// One record with the terms of all, where each of them can be read.
fn join(report: &DomainReport, found: &SpfFound, repair: &mut Repair) {
    let texts: Vec<&Vec<u8>> = found.indexes.iter().filter_map(|index| found.texts.get(*index)).collect();
    let mut terms: Vec<String> = Vec::new();
    for text in &texts {
        let Some(record) = spf::Record::read(text).filter(spf::Record::is_usable) else { return };
        if record.redirect().is_some() {
            return;
        }
        for word in lossy(text).split(' ').skip(1).filter(|word| !word.is_empty()) {
            let bare = word.trim_start_matches(['+', '-', '~', '?']);
            if !bare.eq_ignore_ascii_case("all") && !terms.iter().any(|known| known == word) {
                terms.push(word.to_owned());
            }
        }
    }
    let text = ["v=spf1".to_owned()].into_iter().chain(terms).chain(["~all".to_owned()]).collect::<Vec<_>>();
    let text = text.join(" ");
    let fine =
        spf::Record::read(&text).is_some_and(|record| record.is_usable() && record.lookup_terms() <= LOOKUPS);
    let Some((last, others)) = texts.split_last().filter(|_| fine) else { return };
    let gone = others.iter().map(|old| Publication::txt(&report.domain, None, Some(lossy(old))));
    repair.publish.extend(gone);
    repair.publish.push(Publication::txt(&report.domain, Some(text), Some(lossy(last))));
}

fn mended(octets: &[u8]) -> Vec<u8> {
    let mut text = octets.to_vec();
    for _ in 0..ROUNDS {
        let found = spf::Record::parse(&text).diagnostics;
        let errors = found.iter().filter(|one| one.severity == Severity::Error);
        let fix = errors.filter_map(|one| one.fix.as_ref()).find(|fix| fix.apply(&text) != text);
        let Some(fix) = fix else { break };
        text = fix.apply(&text);
    }
    text
}
