//! Who forges the organization's name.

use std::net::IpAddr;

use super::dice::Dice;
use super::dns::Dns;
use super::routes::spf_of;
use super::senders::{Networks, Signature};

/// Forged mail of one campaign.
pub(super) struct Attack {
    pub(super) begins: u32,
    pub(super) ends: u32,
    /// Messages a week.
    pub(super) weekly: f64,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    /// Many hosts of others, a few messages each.
    Bots { envelope: Envelope, signature: Option<Signature>, author: String },
    /// A rented network with a name of its own, which passes SPF and DKIM.
    Rented { addresses: Vec<IpAddr>, domain: String, signs: bool },
    /// One host.
    Host { address: IpAddr, envelope: Envelope },
    /// An account at a firm that sends for others.
    Account { address: IpAddr, bounces: String, signature: Signature },
}

/// What forged mail says in `MAIL FROM`.
#[derive(Clone)]
pub(super) enum Envelope {
    /// The forged name itself.
    Own,
    /// A name that has no SPF record, or one without these hosts.
    Other(String),
    /// Other people's accounts, by their network: each has its own name, which passes.
    Stolen(Vec<(u32, String)>),
}

pub(super) fn attacks(
    dice: &mut Dice,
    taken: &mut Vec<u32>,
    dns: &mut Dns,
    networks: &Networks,
    domain: &str,
    weeks: u32,
) -> Vec<Attack> {
    let count = dice.between(1..=6);
    (0..count)
        .map(|_| {
            let last = u64::from(weeks) - 1;
            let begins = dice.between(0..=last) as u32;
            let (lasts, weekly, kind) = match dice.between(0..=9) {
                0..=4 => {
                    let envelope = match dice.between(0..=9) {
                        0..=4 => Envelope::Own,
                        5..=7 => Envelope::Other(format!("{}.example", dice.word(10))),
                        _ => Envelope::Stolen((0..70).map(|_| stolen(dice, taken, dns)).collect()),
                    };
                    let signature = dice
                        .chance(0.15)
                        .then(|| Signature { domain: domain.to_owned(), selector: dice.word(5) });
                    let author = if dice.chance(0.25) {
                        format!("{}.{domain}", dice.word(5))
                    } else {
                        domain.to_owned()
                    };
                    let kind = Kind::Bots { envelope, signature, author };
                    (dice.between(1..=u64::from(weeks)), dice.scale(10.0, 3_000.0), kind)
                }
                5 | 6 => {
                    let network = dice.network(taken);
                    let domain = format!("{}.example", dice.word(11));
                    dns.publish(&domain, spf_of(network));
                    let signs = dice.chance(0.6);
                    if signs {
                        dns.publish_key(&domain, "mail");
                    }
                    let hosts = dice.between(5..=30);
                    let kind = Kind::Rented { addresses: dice.addresses(network, hosts), domain, signs };
                    (dice.between(1..=3), dice.scale(50.0, 3_000.0), kind)
                }
                7 | 8 => {
                    let network = dice.network(taken);
                    let envelope = if dice.chance(0.6) {
                        Envelope::Own
                    } else {
                        Envelope::Other(format!("{}.example", dice.word(10)))
                    };
                    let kind = Kind::Host { address: dice.addresses(network, 1)[0], envelope };
                    (dice.between(1..=6), dice.scale(5.0, 800.0), kind)
                }
                _ => {
                    let (address, provider) = networks.customer(dice);
                    let signature = Signature {
                        domain: provider.domain.to_owned(),
                        selector: provider.selector.to_owned(),
                    };
                    let kind = Kind::Account { address, bounces: provider.bounces.to_owned(), signature };
                    (dice.between(1..=2), dice.scale(5.0, 150.0), kind)
                }
            };
            Attack { begins, ends: begins + lasts as u32, weekly, kind }
        })
        .collect()
}

/// A host of somebody else, under its own name.
fn stolen(dice: &mut Dice, taken: &mut Vec<u32>, dns: &mut Dns) -> (u32, String) {
    let (network, name) = (dice.network(taken), format!("{}.example", dice.word(12)));
    dns.publish(&name, spf_of(network));
    (network, name)
}
