//! What happens to mail on its way: hosts that send it on, and mailing lists.

use std::net::IpAddr;

use super::dice::Dice;
use super::dns::Dns;

/// A host that sends mail on to another mailbox.
pub(super) struct Forwarder {
    pub(super) addresses: Vec<IpAddr>,
    /// The domain of its own envelope senders (SRS); without one it keeps the sender's.
    pub(super) srs: Option<String>,
    /// Where it sends to: one reporter, for most.
    pub(super) reporter: usize,
    pub(super) arc: bool,
    /// Part of all that is sent on.
    pub(super) weight: f64,
}

/// A mailing list that keeps the author's address.
pub(super) struct MailingList {
    pub(super) domain: String,
    pub(super) address: IpAddr,
    pub(super) modifies: bool,
    pub(super) signs: bool,
    /// Takes the signatures of others off.
    pub(super) strips: bool,
    pub(super) weight: f64,
}

pub(super) fn forwarders(
    dice: &mut Dice,
    taken: &mut Vec<u32>,
    dns: &mut Dns,
    reporters: usize,
) -> Vec<Forwarder> {
    let count = dice.between(8..=50);
    (0..count)
        .map(|_| {
            let large = dice.chance(0.1);
            let network = dice.network(taken);
            let hosts = if large { 6 } else { 1 };
            let srs = dice.chance(0.55).then(|| format!("{}.example", dice.word(9)));
            if let Some(domain) = &srs {
                dns.publish(domain, spf_of(network));
            }
            Forwarder {
                addresses: dice.addresses(network, hosts),
                srs,
                reporter: if dice.chance(0.7) { 0 } else { dice.index(reporters.min(4)) },
                arc: dice.chance(0.25),
                weight: if large { 10.0 } else { dice.scale(0.3, 3.0) },
            }
        })
        .collect()
}

pub(super) fn lists(dice: &mut Dice, taken: &mut Vec<u32>, dns: &mut Dns) -> Vec<MailingList> {
    let count = dice.between(1..=6);
    (0..count)
        .map(|_| {
            let domain = format!("lists.{}.example", dice.word(7));
            let network = dice.network(taken);
            dns.publish(&domain, spf_of(network));
            let signs = dice.chance(0.6);
            if signs {
                dns.publish_key(&domain, "list");
            }
            let address = dice.addresses(network, 1)[0];
            let (modifies, weight) = (dice.chance(0.75), dice.scale(0.5, 3.0));
            MailingList { domain, address, modifies, signs, strips: false, weight }
        })
        .collect()
}

/// An SPF record of one network.
pub(super) fn spf_of(network: u32) -> String {
    format!("v=spf1 ip4:{}/24 -all", std::net::Ipv4Addr::from(network))
}
