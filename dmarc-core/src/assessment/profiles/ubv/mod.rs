//! Edustandaard UBV 1.0 (2021): numbered prescriptions and advices for trustworthy mail traffic.
//!
//! Its identifiers are kept. Chapter 5 allows deviations while the rollout is under way: the phases are those of
//! the context.

mod inbound;
mod policy;
mod quiet;
mod senders;
pub(super) mod signatures;
mod streams;
mod transport;

use super::{Facts, Guidance, ProfileId, Requirement, advice, prescription};
use crate::assessment::profile::Ruling;

pub(super) const GUIDANCE: Guidance = Guidance {
    id: ProfileId::Ubv,
    name: "UBV",
    version: "1.0",
    date: "2021-12-23",
    requirements: REQUIREMENTS,
};

const REQUIREMENTS: &[Requirement] = &[
    advice("MAIL-ALG-01", "2.2.1", |_| Ruling::not_applicable()),
    prescription("MAIL-BESCHERM-001", "3.0", quiet::closed),
    advice("MAIL-BESCHERM-002", "3.1", streams::separate),
    prescription("MAIL-BESCHERM-003", "3.2", senders::applied),
    prescription("MAIL-BESCHERM-004", "3.2.1", senders::authorized),
    prescription("MAIL-BESCHERM-005", "3.2.2", signatures::signed),
    advice("MAIL-BESCHERM-006", "3.2.2", signatures::renewed),
    prescription("MAIL-BESCHERM-007", "3.2.3", policy::enforced),
    prescription("MAIL-BESCHERM-008", "3.2.3", policy::aligned),
    advice("MAIL-BESCHERM-009", "3.2.4", policy::reported),
    prescription("MAIL-BESCHERM-010", "3.3", inbound::checked),
    prescription("MAIL-BEVEILIG-001", "4.1", transport::tls),
    prescription("MAIL-BEVEILIG-002", "4.2", transport::dane),
];

/// Not applicable to a domain that sends no mail; else the ruling.
fn of_senders(facts: &Facts<'_>, ruling: impl FnOnce() -> Ruling) -> Ruling {
    if facts.report.sends.value == Some(false) {
        return Ruling::not_applicable().with(super::evidence::spf_evidence(facts.report));
    }
    ruling()
}
