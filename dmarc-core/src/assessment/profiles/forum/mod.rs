//! Forum Standaardisatie (2019), "Opdrachtomschrijving implementatie strikte DMARC policy": six steps to a strict
//! policy, and the settings for domains without mail.
//!
//! The document has no numbers: these identifiers name the step and what is demanded. Its `pct` is judged where the
//! edition has it.

mod policy;
mod quiet;
mod records;
mod streams;

use super::{Facts, Guidance, ProfileId, Requirement, advice, prescription};
use crate::assessment::profile::Ruling;
use crate::assessment::profiles::evidence::is_quiet;

pub(super) const GUIDANCE: Guidance = Guidance {
    id: ProfileId::Forum,
    name: "Forum Standaardisatie",
    version: "1",
    date: "2019",
    requirements: REQUIREMENTS,
};

const REQUIREMENTS: &[Requirement] = &[
    prescription("FORUM-1-SPF", "step 1", records::spf),
    prescription("FORUM-1-DKIM", "step 1", records::dkim),
    prescription("FORUM-1-DMARC", "step 1", records::dmarc),
    advice("FORUM-1-IDENTIFIERS", "step 1", streams::identifiers),
    advice("FORUM-1-ROTATION", "step 1", records::rotation),
    prescription("FORUM-2-REPORTS", "step 2", streams::reports),
    prescription("FORUM-2-STREAMS", "step 2", streams::inventory),
    prescription("FORUM-3-STREAMS", "step 3", streams::repaired),
    prescription("FORUM-3-DKIM", "step 3", streams::signed),
    prescription("FORUM-4-QUARANTINE", "step 4", policy::quarantine),
    prescription("FORUM-5-REJECT", "step 5", policy::reject),
    prescription("FORUM-6-MONITORING", "step 6", streams::monitored),
    prescription("FORUM-NO-MAIL-MX", "domains without mail", quiet::mx),
    prescription("FORUM-NO-MAIL-SPF", "domains without mail", quiet::spf),
    prescription("FORUM-NO-MAIL-DMARC", "domains without mail", quiet::dmarc),
    prescription("FORUM-NO-MAIL-DKIM", "domains without mail", quiet::dkim),
];

/// Not applicable to a domain without mail; else the ruling.
fn with_mail(facts: &Facts<'_>, ruling: impl FnOnce() -> Ruling) -> Ruling {
    if is_quiet(facts.report) == Some(true) { Ruling::not_applicable() } else { ruling() }
}

/// Not applicable to a domain without outbound mail; else the ruling.
fn sending(facts: &Facts<'_>, ruling: impl FnOnce() -> Ruling) -> Ruling {
    let quiet = facts.report.sends.value == Some(false) || is_quiet(facts.report) == Some(true);
    if quiet { Ruling::not_applicable() } else { ruling() }
}
