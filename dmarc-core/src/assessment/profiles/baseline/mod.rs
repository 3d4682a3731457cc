//! What the RFCs ask and advise: 9989, 9990 and 7489 (DMARC), 7208 (SPF), 6376 and 8301 (DKIM), 7505 (null MX).

mod dkim;
mod dmarc;
mod spf;

use super::{Facts, Guidance, ProfileId, Requirement, advice, prescription};
use crate::assessment::profile::Ruling;
use crate::assessment::profiles::evidence::is_quiet;

pub(super) const GUIDANCE: Guidance = Guidance {
    id: ProfileId::Baseline,
    name: "RFC baseline",
    version: "1",
    date: "2026",
    requirements: REQUIREMENTS,
};

const REQUIREMENTS: &[Requirement] = &[
    prescription("BASELINE-SPF-RECORD", "RFC 7208, 4.5 and 4.6", spf::record),
    prescription("BASELINE-SPF-LOOKUPS", "RFC 7208, 4.6.4", spf::lookups),
    advice("BASELINE-SPF-VOID", "RFC 7208, 4.6.4", spf::voids),
    advice("BASELINE-SPF-END", "RFC 7208, 4.7", spf::end),
    advice("BASELINE-SPF-PTR", "RFC 7208, 5.5", spf::pointers),
    advice("BASELINE-DKIM-KEY", "RFC 8301, 3.2", dkim::keys),
    advice("BASELINE-DKIM-SIGNED", "RFC 9989, 7.4", dkim::signed),
    prescription("BASELINE-DMARC-RECORD", "RFC 9989, 4.7 and 4.8", dmarc::record),
    advice("BASELINE-DMARC-POLICY", "RFC 9989, 5.1", dmarc::policy),
    advice("BASELINE-DMARC-BELOW", "RFC 9989, 4.7", dmarc::below),
    advice("BASELINE-DMARC-REPORTS", "RFC 9989, 5.1.3", dmarc::reports),
    prescription("BASELINE-DMARC-DESTINATION", "RFC 9990, 4", dmarc::destinations),
    advice("BASELINE-DMARC-ROLLOUT", "RFC 9989, 7.4", dmarc::rollout),
    advice("BASELINE-NULL-MX", "RFC 7505, 3", dkim::null_mx),
];

/// Not applicable to a domain that sends no mail; else the ruling.
fn sending(facts: &Facts<'_>, ruling: impl FnOnce() -> Ruling) -> Ruling {
    let quiet = facts.report.sends.value == Some(false) || is_quiet(facts.report) == Some(true);
    if quiet { Ruling::not_applicable() } else { ruling() }
}
