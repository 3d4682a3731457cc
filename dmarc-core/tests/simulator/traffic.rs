//! The messages of one week, by the reporter that sees them.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::attackers::{Envelope, Kind};
use super::reporters::Lie;
use super::senders::{Sender, Signature};
use super::xml::Row;
use super::{Class, Truth, World};

/// Part of direct mail whose signature breaks on the way, or whose key could not be asked for.
const ACCIDENTS: f64 = 0.003;

/// Counts by what a reporter tells of them and what they are.
pub(super) struct Traffic {
    pub(super) seen: Vec<BTreeMap<(Row, Truth), u64>>,
}

/// A message before it is received.
struct Message<'a> {
    header_from: &'a str,
    envelope: &'a str,
    signatures: &'a [Signature],
    /// Nothing changed it.
    intact: bool,
}

impl Traffic {
    pub(super) fn of(world: &mut World) -> Self {
        let mut traffic = Self { seen: world.reporters.iter().map(|_| BTreeMap::new()).collect() };
        let mut senders = std::mem::take(&mut world.senders);
        for sender in &mut senders {
            traffic.send(world, sender);
        }
        world.senders = senders;
        let attacks = std::mem::take(&mut world.attacks);
        for attack in &attacks {
            if (attack.begins..attack.ends).contains(&world.week) {
                let messages = world.dice.about(attack.weekly);
                traffic.forge(world, &attack.kind, messages);
            }
        }
        world.attacks = attacks;
        traffic
    }

    /// What a sender sends this week.
    fn send(&mut self, world: &mut World, sender: &mut Sender) {
        if !sender.sends(world.week) {
            return;
        }
        let class = nominal(world, sender);
        sender.passed |= !matches!(class, Class::Misconfigured | Class::Broken);
        let messages = world.dice.about(sender.weekly);
        let weights: Vec<f64> = world.reporters.iter().map(|reporter| reporter.weight).collect();
        for (reporter, messages) in world.dice.divide(messages, &weights).into_iter().enumerate() {
            self.deliver(world, sender, class, reporter, messages);
        }
        if sender.personal {
            self.send_on(world, sender, sender.weekly);
        }
    }

    fn deliver(&mut self, world: &mut World, sender: &Sender, class: Class, reporter: usize, messages: u64) {
        let message = Message {
            header_from: &sender.header_from,
            envelope: &sender.envelope,
            signatures: &sender.signatures,
            intact: true,
        };
        let made_by = Some(sender.name.clone());
        if let Some((addresses, modifies)) =
            world.reporters[reporter].gateway.as_ref().map(|gate| (gate.addresses.clone(), gate.modifies))
        {
            let truth = Truth { class: Class::RecipientGateway, sender: made_by };
            let message = Message { intact: !modifies, ..message };
            for (address, count) in spread(world, &addresses, messages) {
                self.receive(world, reporter, address, &message, &truth, count);
            }
            return;
        }
        let truth = Truth { class, sender: made_by };
        for (address, count) in spread(world, &sender.addresses, messages) {
            let broken = world.dice.of(count, ACCIDENTS);
            self.receive(world, reporter, address, &message, &truth, count - broken);
            let damaged = Message { intact: false, ..message };
            self.receive(world, reporter, address, &damaged, &truth, broken);
        }
    }

    /// Mail to people who have it sent on, and to lists.
    fn send_on(&mut self, world: &mut World, sender: &Sender, weekly: f64) {
        let made_by = Some(sender.name.clone());
        let own = sender.signatures.iter().any(|signature| {
            super::Dns::has_key(&world.dns, &signature.domain, &signature.selector)
                && related(&signature.domain, &sender.header_from)
        });
        let messages = world.dice.about(weekly * world.forwarded);
        let weights: Vec<f64> = world.forwarders.iter().map(|forwarder| forwarder.weight).collect();
        for (at, messages) in world.dice.divide(messages, &weights).into_iter().enumerate() {
            let (addresses, srs, reporter, arc) = {
                let forwarder = &world.forwarders[at];
                (forwarder.addresses.clone(), forwarder.srs.clone(), forwarder.reporter, forwarder.arc)
            };
            // Without a signature of the author's nothing is left that aligns.
            let class = if own { Class::ForwardedIntact } else { Class::ForwardedModified };
            let truth = Truth { class, sender: made_by.clone() };
            let message = Message {
                header_from: &sender.header_from,
                envelope: srs.as_deref().unwrap_or(&sender.envelope),
                signatures: &sender.signatures,
                intact: true,
            };
            for (address, count) in spread(world, &addresses, messages) {
                self.receive_with(world, reporter, address, &message, &truth, count, arc);
            }
        }
        let messages = world.dice.about(weekly * world.listed);
        let weights: Vec<f64> = world.lists.iter().map(|list| list.weight).collect();
        for (at, messages) in world.dice.divide(messages, &weights).into_iter().enumerate() {
            let list = &world.lists[at];
            let strips = list.strips;
            let mut signatures = if strips { Vec::new() } else { sender.signatures.clone() };
            let (domain, address, modifies, signs) =
                (list.domain.clone(), list.address, list.modifies, list.signs);
            if signs {
                signatures.push(Signature { domain: domain.clone(), selector: "list".to_owned() });
            }
            let intact = !modifies && own && !strips;
            let class = if intact { Class::ForwardedIntact } else { Class::ForwardedModified };
            let truth = Truth { class, sender: made_by.clone() };
            let message = Message {
                header_from: &sender.header_from,
                envelope: &domain,
                signatures: &signatures,
                intact,
            };
            let weights: Vec<f64> = world.reporters.iter().map(|reporter| reporter.weight).collect();
            for (reporter, count) in world.dice.divide(messages, &weights).into_iter().enumerate() {
                if world.reporters[reporter].gateway.is_none() {
                    self.receive(world, reporter, address, &message, &truth, count);
                }
            }
        }
    }

    fn forge(&mut self, world: &mut World, kind: &Kind, messages: u64) {
        let truth = Truth { class: Class::Unauthorised, sender: None };
        let domain = world.domain.clone();
        let weights: Vec<f64> = world.reporters.iter().map(|reporter| reporter.weight).collect();
        let mut left = messages;
        while left > 0 {
            let (address, author, envelope, signatures, most) = match kind {
                Kind::Bots { envelope, signature, author } => {
                    let (network, envelope) = match envelope {
                        Envelope::Own => (world.dice.network(&mut Vec::new()), author.clone()),
                        Envelope::Other(name) => (world.dice.network(&mut Vec::new()), name.clone()),
                        // A stolen account lasts a week or two.
                        Envelope::Stolen(accounts) => {
                            let at = world.week as usize * 3 + world.dice.index(6);
                            accounts[at % accounts.len()].clone()
                        }
                    };
                    let address = world.dice.addresses(network, 1)[0];
                    (
                        address,
                        author.clone(),
                        envelope,
                        signature.iter().cloned().collect(),
                        world.dice.between(1..=20),
                    )
                }
                Kind::Rented { addresses, domain: own, signs } => {
                    let signatures = if *signs {
                        vec![Signature { domain: own.clone(), selector: "mail".to_owned() }]
                    } else {
                        Vec::new()
                    };
                    let most = (messages / addresses.len() as u64).max(1);
                    (*world.dice.pick(addresses), domain.clone(), own.clone(), signatures, most)
                }
                Kind::Host { address, envelope } => {
                    let envelope = match envelope {
                        Envelope::Other(name) => name.clone(),
                        _ => domain.clone(),
                    };
                    (*address, domain.clone(), envelope, Vec::new(), left)
                }
                Kind::Account { address, bounces, signature } => {
                    (*address, domain.clone(), bounces.clone(), vec![signature.clone()], left)
                }
            };
            let count = most.min(left);
            left -= count;
            let message =
                Message { header_from: &author, envelope: &envelope, signatures: &signatures, intact: true };
            for (reporter, count) in world.dice.divide(count, &weights).into_iter().enumerate() {
                let gate = world.reporters[reporter].gateway.as_ref().map(|gate| gate.addresses[0]);
                let truth = match gate {
                    Some(_) => Truth { class: Class::RecipientGateway, sender: None },
                    None => truth.clone(),
                };
                self.receive(world, reporter, gate.unwrap_or(address), &message, &truth, count);
            }
        }
    }

    fn receive(
        &mut self,
        world: &mut World,
        reporter: usize,
        ip: IpAddr,
        message: &Message<'_>,
        truth: &Truth,
        count: u64,
    ) {
        self.receive_with(world, reporter, ip, message, truth, count, false);
    }

    /// What a reporter makes of some equal messages.
    #[expect(clippy::too_many_arguments, reason = "each is one fact of the delivery")]
    fn receive_with(
        &mut self,
        world: &mut World,
        reporter: usize,
        ip: IpAddr,
        message: &Message<'_>,
        truth: &Truth,
        count: u64,
        arc: bool,
    ) {
        if count == 0 {
            return;
        }
        let spf = world.dns.spf(ip, message.envelope);
        let dkim: Vec<_> = message
            .signatures
            .iter()
            .map(|signature| {
                let result = if !world.dns.has_key(&signature.domain, &signature.selector) {
                    "permerror"
                } else if message.intact || signature.selector == "list" {
                    "pass"
                } else {
                    "fail"
                };
                (signature.domain.clone(), signature.selector.clone(), result)
            })
            .collect();
        let by_dkim =
            dkim.iter().any(|(domain, _, result)| *result == "pass" && related(domain, message.header_from));
        let by_spf = spf == "pass" && related(message.envelope, message.header_from);
        let told = &world.reporters[reporter];
        let by_dkim = by_dkim && told.lie != Lie::NoDkim;
        let by_spf = by_spf || (told.lie == Lie::RawSpf && spf == "pass");
        let mut reason = None;
        let mut disposition = "none";
        let mut count = count;
        if !by_dkim && !by_spf {
            let asked = world.asked(message.header_from, told.newer);
            disposition = if told.honors { asked.policy } else { "none" };
            if arc && told.arc {
                (disposition, reason) = ("none", Some(("local_policy", "arc=pass")));
            } else if told.honors && disposition != "none" && asked.percent < 100 {
                let selected = world.dice.of(count, f64::from(asked.percent) / 100.0);
                let row = Row {
                    ip,
                    header_from: message.header_from.to_owned(),
                    envelope: message.envelope.to_owned(),
                    disposition: softened(disposition),
                    dkim_verdict: "fail",
                    spf_verdict: "fail",
                    reason: Some(("sampled_out", "")),
                    dkim: dkim.clone(),
                    spf: (message.envelope.to_owned(), spf),
                };
                self.write(world, reporter, row, truth, count - selected);
                count = selected;
            }
        }
        let told = &world.reporters[reporter];
        if told.says_forwarded
            && matches!(truth.class, Class::ForwardedIntact | Class::ForwardedModified)
            && world.dice.chance(0.5)
        {
            (disposition, reason) = ("none", Some(("forwarded", "")));
        }
        let row = Row {
            ip,
            header_from: message.header_from.to_owned(),
            envelope: message.envelope.to_owned(),
            disposition,
            dkim_verdict: if by_dkim { "pass" } else { "fail" },
            spf_verdict: if by_spf { "pass" } else { "fail" },
            reason,
            dkim,
            spf: (message.envelope.to_owned(), spf),
        };
        self.write(world, reporter, row, truth, count);
    }

    fn write(&mut self, world: &mut World, reporter: usize, row: Row, truth: &Truth, count: u64) {
        if count == 0 {
            return;
        }
        if truth.sender.is_some() {
            let fate = world.fates.entry((truth.clone(), world.week)).or_default();
            fate.0 += count;
            fate.1 += if row.disposition == "none" { 0 } else { count };
        }
        *self.seen[reporter].entry((row, truth.clone())).or_default() += count;
    }
}

/// One level less.
fn softened(policy: &'static str) -> &'static str {
    if policy == "reject" { "quarantine" } else { "none" }
}

/// What direct and unharmed mail of a sender is, as the DNS stands.
fn nominal(world: &mut World, sender: &Sender) -> Class {
    let by_dkim = sender.signatures.iter().any(|signature| {
        related(&signature.domain, &sender.header_from)
            && world.dns.has_key(&signature.domain, &signature.selector)
    });
    let by_spf = related(&sender.envelope, &sender.header_from)
        && world.dns.spf(sender.addresses[0], &sender.envelope) == "pass";
    match (by_dkim, by_spf) {
        (true, true) => Class::AuthenticatedBoth,
        (true, false) => Class::AuthenticatedDkim,
        (false, true) => Class::AuthenticatedSpf,
        (false, false) if sender.passed => Class::Broken,
        (false, false) => Class::Misconfigured,
    }
}

/// Whether two names share an organizational domain, which has two labels in these worlds.
fn related(one: &str, other: &str) -> bool {
    fn organization(name: &str) -> &str {
        name.rmatch_indices('.').nth(1).map_or(name, |(at, _)| &name[at + 1..])
    }
    organization(one) == organization(other)
}

/// Divides messages over hosts.
fn spread(world: &mut World, addresses: &[IpAddr], messages: u64) -> Vec<(IpAddr, u64)> {
    let counts = world.dice.divide(messages, &vec![1.0; addresses.len()]);
    addresses.iter().copied().zip(counts).filter(|(_, count)| *count > 0).collect()
}
