//! Worlds that are harder to tell: lists that take signatures off, senders in networks that others send from too,
//! daily reports beside weekly ones, and a name below the domain with a policy of its own.
//!
//! They are made of the other worlds, which stay what they are.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use super::attackers::Kind;
use super::dice::Dice;
use super::xml::Row;
use super::{Truth, WEEK, World};

const DAY: i64 = 86_400;

/// What a world has besides.
pub(super) struct Harder {
    dice: Dice,
    /// Which reporters report every day.
    daily: Vec<bool>,
    /// A name below the domain where a policy stands too.
    below: Option<String>,
}

/// Part of what a reporter saw in a week: what goes into one report.
pub(super) struct Part {
    pub(super) domain: String,
    pub(super) begin: i64,
    pub(super) end: i64,
    pub(super) rows: BTreeMap<(Row, Truth), u64>,
}

impl World {
    /// The world of a seed, made harder.
    pub(crate) fn harder(seed: u64) -> Self {
        let mut world = Self::new(seed);
        let mut dice = Dice::new(seed ^ 0x6861_7264_6572);
        for list in &mut world.lists {
            list.strips = dice.chance(0.35);
        }
        share_networks(&mut world, &mut dice);
        let daily = world.reporters.iter().map(|_| dice.chance(0.5)).collect();
        let mut below: Vec<&String> = world
            .senders
            .iter()
            .map(|sender| &sender.header_from)
            .filter(|author| **author != world.domain)
            .collect();
        below.sort();
        below.dedup();
        let below = (!below.is_empty() && dice.chance(0.6)).then(|| (*dice.pick(&below)).clone());
        if let Some(name) = &below {
            let text = format!("v=DMARC1; p=none; rua=mailto:dmarc@{}", world.domain);
            world.dns.publish(&format!("_dmarc.{name}"), text);
        }
        world.harder = Some(Harder { dice, daily, below });
        world.publish_spf();
        world
    }
}

/// Moves forwarders, lists and forgers next door to senders, which are then allowed host by host.
fn share_networks(world: &mut World, dice: &mut Dice) {
    let mut homes = Vec::new();
    for sender in &mut world.senders {
        let own = sender.term.as_ref().is_some_and(|term| term.starts_with("ip4:"));
        let shared = sender.term.as_ref().is_some_and(|term| term.starts_with("include:"));
        let Some(IpAddr::V4(first)) = sender.addresses.first().copied() else { continue };
        if own {
            let hosts = sender.addresses.iter().map(|host| format!("ip4:{host}"));
            sender.term = Some(hosts.collect::<Vec<_>>().join(" "));
        }
        if !shared {
            homes.push(u32::from(first) & !0xff);
        }
    }
    if homes.is_empty() {
        return;
    }
    // Hosts that nobody else is given: others are drawn at random, so these may rarely meet one of them.
    let mut next = 201_u32;
    let mut host = |dice: &mut Dice| {
        let home = *dice.pick(&homes);
        next = if next >= 250 { 201 } else { next + 1 };
        IpAddr::V4(Ipv4Addr::from(home + next))
    };
    for forwarder in world.forwarders.iter_mut().filter(|forwarder| forwarder.addresses.len() == 1) {
        if dice.chance(0.25) {
            let address = host(dice);
            forwarder.addresses = vec![address];
            if let Some(domain) = &forwarder.srs {
                world.dns.publish(domain, format!("v=spf1 ip4:{address} -all"));
            }
        }
    }
    for list in &mut world.lists {
        if dice.chance(0.25) {
            list.address = host(dice);
            world.dns.publish(&list.domain, format!("v=spf1 ip4:{} -all", list.address));
        }
    }
    for attack in &mut world.attacks {
        if let Kind::Host { address, .. } = &mut attack.kind
            && dice.chance(0.5)
        {
            *address = host(dice);
        }
    }
}

impl Harder {
    /// What a reporter saw, by policy and, where it reports every day, by day.
    pub(super) fn parts(
        &mut self,
        domain: &str,
        reporter: usize,
        begin: i64,
        rows: BTreeMap<(Row, Truth), u64>,
    ) -> Vec<Part> {
        let mut parts: BTreeMap<(String, i64), BTreeMap<(Row, Truth), u64>> = BTreeMap::new();
        for ((row, truth), count) in rows {
            let policy = self.below.as_ref().filter(|below| row.header_from == **below);
            let policy = policy.map_or(domain, String::as_str).to_owned();
            let counts = if self.daily[reporter] { self.dice.divide(count, &[1.0; 7]) } else { vec![count] };
            for (day, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                let day = begin + day as i64 * DAY;
                *parts
                    .entry((policy.clone(), day))
                    .or_default()
                    .entry((row.clone(), truth.clone()))
                    .or_default() += count;
            }
        }
        let length = if self.daily[reporter] { DAY } else { WEEK };
        parts
            .into_iter()
            .map(|((domain, begin), rows)| Part { domain, begin, end: begin + length, rows })
            .collect()
    }
}
