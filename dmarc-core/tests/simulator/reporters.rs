//! Who reports, how much of the mail each sees, and what each does wrong.

use std::net::IpAddr;

use super::dice::Dice;

/// What a reporter does that its reports do not tell.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Lie {
    /// Its reports are right.
    None,
    /// Its verdict on SPF is the raw result, aligned or not.
    RawSpf,
    /// It calls every DKIM verdict a failure.
    NoDkim,
    /// It shows verdicts and no results.
    NoResults,
}

/// The gateway of another firm in front of a receiver: everything seems to come from there.
pub(super) struct Gateway {
    pub(super) addresses: Vec<IpAddr>,
    /// Rewrites links or adds a banner, which breaks signatures.
    pub(super) modifies: bool,
}

pub(super) struct Reporter {
    pub(super) org: String,
    /// Part of all mail that it receives.
    pub(super) weight: f64,
    /// Says `sealer` of a forwarded message in a comment.
    pub(super) arc: bool,
    /// Says `forwarded` as its reason.
    pub(super) says_forwarded: bool,
    pub(super) envelope_from: bool,
    pub(super) selectors: bool,
    pub(super) newer: bool,
    /// Weeks after which it reports no more.
    pub(super) stops: u32,
    /// Weeks between the mail and the report.
    pub(super) lag: u32,
    /// Honors the policy of others.
    pub(super) honors: bool,
    pub(super) lie: Lie,
    pub(super) gateway: Option<Gateway>,
}

/// The reporters of one world: few see most of the mail.
pub(super) fn reporters(dice: &mut Dice, taken: &mut Vec<u32>, weeks: u32) -> Vec<Reporter> {
    let count = dice.between(6..=16);
    let mut reporters: Vec<Reporter> = (0..count)
        .map(|rank| {
            let small = rank >= 4;
            let gateway = small && dice.chance(0.3);
            Reporter {
                org: match rank {
                    0 => "google.com".to_owned(),
                    1 => "Enterprise Outlook".to_owned(),
                    2 => "Yahoo".to_owned(),
                    _ => format!("{}.example", dice.word(8)),
                },
                weight: 1.0 / (rank + 1) as f64,
                arc: rank == 0,
                says_forwarded: dice.chance(0.15),
                envelope_from: rank != 0 && dice.chance(0.6),
                selectors: rank < 3 || dice.chance(0.8),
                newer: dice.chance(0.25),
                stops: if dice.chance(0.08) { dice.between(2..=u64::from(weeks)) as u32 } else { weeks },
                lag: if dice.chance(0.1) { dice.between(1..=3) as u32 } else { 0 },
                honors: dice.chance(0.9),
                lie: match dice.between(0..=39) {
                    0 if small => Lie::RawSpf,
                    1 if small => Lie::NoDkim,
                    2 if small => Lie::NoResults,
                    _ => Lie::None,
                },
                gateway: gateway.then(|| {
                    let network = dice.network(taken);
                    let count = dice.between(1..=6);
                    Gateway { addresses: dice.addresses(network, count), modifies: dice.chance(0.35) }
                }),
            }
        })
        .collect();
    let all: f64 = reporters.iter().map(|reporter| reporter.weight).sum();
    reporters.iter_mut().for_each(|reporter| reporter.weight /= all);
    reporters
}
