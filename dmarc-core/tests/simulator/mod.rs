//! Organizations that nobody has: what is sent in their name, and what reporters tell of it.
//!
//! Each message is made by somebody, and that is known: a sender, set up well or badly, a host that sends on,
//! a mailing list, a gateway, somebody who forges. SPF is evaluated over what the world publishes, DKIM by
//! whether the key is there and the message unchanged. Reporters see shares of it, a week at a time, and some
//! lag, lie or stop. Nothing here knows how streams are told apart.

#![allow(dead_code, reason = "each test program uses its own part")]

mod attackers;
mod dice;
mod dns;
mod harder;
mod reporters;
mod routes;
mod senders;
mod traffic;
mod xml;

use std::collections::BTreeMap;

use self::attackers::Attack;
use self::dice::Dice;
pub(crate) use self::dns::Dns;
use self::harder::Part;
use self::reporters::Reporter;
use self::routes::{Forwarder, MailingList};
use self::senders::{Change, Networks, Sender, Signature};
use self::traffic::Traffic;
use self::xml::Published;

/// The first address of a network of 256.
fn network(address: std::net::IpAddr) -> std::net::IpAddr {
    match address {
        std::net::IpAddr::V4(address) => std::net::IpAddr::V4((u32::from(address) & !0xff).into()),
        other @ std::net::IpAddr::V6(_) => other,
    }
}

/// A Monday in 2026.
pub(crate) const FIRST: i64 = 1_767_571_200;
pub(crate) const WEEK: i64 = 7 * 86_400;

/// What a message is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) enum Class {
    AuthenticatedBoth,
    AuthenticatedDkim,
    AuthenticatedSpf,
    ForwardedIntact,
    ForwardedModified,
    Misconfigured,
    Broken,
    RecipientGateway,
    Unauthorised,
}

impl Class {
    pub(crate) const ALL: [Self; 9] = [
        Self::AuthenticatedBoth,
        Self::AuthenticatedDkim,
        Self::AuthenticatedSpf,
        Self::ForwardedIntact,
        Self::ForwardedModified,
        Self::Misconfigured,
        Self::Broken,
        Self::RecipientGateway,
        Self::Unauthorised,
    ];
}

/// Who made the messages of a record, and what they are.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Truth {
    pub(crate) class: Class,
    /// A sender of the organization, by its name; null if it is forged.
    pub(crate) sender: Option<String>,
}

/// A report as it arrives.
pub(crate) struct Report {
    pub(crate) name: String,
    /// Week in which it arrives.
    pub(crate) arrives: u32,
    pub(crate) xml: String,
    /// Of each record in order, and its messages.
    pub(crate) truths: Vec<(Truth, u64)>,
}

/// One organization, and everybody who sends in its name.
pub(crate) struct World {
    pub(crate) domain: String,
    pub(crate) dns: Dns,
    pub(crate) weeks: u32,
    pub(crate) senders: Vec<Sender>,
    reporters: Vec<Reporter>,
    forwarders: Vec<Forwarder>,
    lists: Vec<MailingList>,
    attacks: Vec<Attack>,
    dice: Dice,
    /// Part of personal mail that is sent on, and that goes to lists.
    forwarded: f64,
    listed: f64,
    pub(crate) week: u32,
    /// What makes it harder; nothing in the worlds that figures are compared by.
    harder: Option<harder::Harder>,
    /// Messages of senders of the organization by what they are and when they were sent: all of them, and those
    /// that the policy stopped.
    pub(crate) fates: BTreeMap<(Truth, u32), (u64, u64)>,
}

/// What receivers of one edition are asked to do with mail that fails.
struct Asked {
    policy: &'static str,
    /// Part of it that this holds for.
    percent: u8,
}

impl World {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mut taken = Vec::new();
        let mut dns = Dns::default();
        let domain = format!("{}.example", dice.word(8));
        let weeks = dice.between(8..=20) as u32;
        let networks = Networks::publish(&mut dice, &mut taken, &mut dns);
        let senders = senders::senders(&mut dice, &mut taken, &mut dns, &networks, &domain, weeks);
        let reporters = reporters::reporters(&mut dice, &mut taken, weeks);
        let forwarders = routes::forwarders(&mut dice, &mut taken, &mut dns, reporters.len());
        let lists = routes::lists(&mut dice, &mut taken, &mut dns);
        let attacks = attackers::attacks(&mut dice, &mut taken, &mut dns, &networks, &domain, weeks);
        let (forwarded, listed) = (dice.scale(0.005, 0.06), dice.scale(0.003, 0.04));
        let policy = *dice.pick(&["none", "none", "none", "quarantine"]);
        dns.publish(&format!("_dmarc.{domain}"), format!("v=DMARC1; p={policy}; rua=mailto:dmarc@{domain}"));
        let mut world = Self {
            domain,
            dns,
            weeks,
            senders,
            reporters,
            forwarders,
            lists,
            attacks,
            dice,
            forwarded,
            listed,
            week: 0,
            harder: None,
            fates: BTreeMap::new(),
        };
        world.publish_spf();
        world
    }

    /// The organization's SPF records, from the terms of its senders.
    pub(crate) fn publish_spf(&mut self) {
        let mut terms: BTreeMap<String, Vec<String>> = BTreeMap::from([(self.domain.clone(), Vec::new())]);
        for sender in &self.senders {
            if let Some(term) = &sender.term {
                let of = terms.entry(sender.envelope.clone()).or_default();
                if !of.contains(term) {
                    of.push(term.clone());
                }
            }
        }
        for (name, terms) in terms {
            let text = ["v=spf1".to_owned()].into_iter().chain(terms).chain(["~all".to_owned()]);
            self.dns.publish(&name, text.collect::<Vec<_>>().join(" "));
        }
    }

    /// The next week: what is sent in it, as reports; nothing once the world ends.
    pub(crate) fn week(&mut self) -> Option<Vec<Report>> {
        if self.week == self.weeks {
            return None;
        }
        self.change();
        let traffic = Traffic::of(self);
        let reports = self.report(traffic);
        self.week += 1;
        Some(reports)
    }

    /// All weeks at once, in the order in which the reports arrive.
    pub(crate) fn reports(&mut self) -> Vec<Report> {
        let mut reports: Vec<Report> = std::iter::from_fn(|| self.week()).flatten().collect();
        reports.sort_by_key(|report| report.arrives);
        reports
    }

    /// What happens to senders this week.
    fn change(&mut self) {
        for sender in &mut self.senders {
            let Some((_, change)) = sender.change.take_if(|(week, _)| *week == self.week) else { continue };
            let own = |signature: &&mut Signature| signature.domain.ends_with(&self.domain);
            match change {
                Change::KeyRemoved => {
                    for signature in sender.signatures.iter_mut().filter(own) {
                        self.dns.remove_key(&signature.domain, &signature.selector);
                    }
                }
                Change::TermRemoved => sender.term = None,
                Change::NewSelector => {
                    for signature in sender.signatures.iter_mut().filter(own) {
                        signature.selector += "b";
                        self.dns.publish_key(&signature.domain, &signature.selector);
                    }
                }
                Change::SignsAtLast => {
                    let signature =
                        Signature { domain: sender.header_from.clone(), selector: "own1".to_owned() };
                    self.dns.publish_key(&signature.domain, &signature.selector);
                    sender.signatures.push(signature);
                }
            }
        }
        self.publish_spf();
    }

    fn report(&mut self, mut traffic: Traffic) -> Vec<Report> {
        let begin = FIRST + i64::from(self.week) * WEEK;
        let (p, sp) = self.policy();
        let more = ["np", "pct", "t"].map(|name| self.tag(name));
        let [np, pct, t] = more.each_ref().map(Option::as_deref);
        let mut reports = Vec::new();
        let mut harder = self.harder.take();
        for (at, reporter) in self.reporters.iter().enumerate() {
            let rows = std::mem::take(&mut traffic.seen[at]);
            if rows.is_empty() || self.week >= reporter.stops {
                continue;
            }
            let parts = match &mut harder {
                Some(harder) => harder.parts(&self.domain, at, begin, rows),
                None => vec![Part { domain: self.domain.clone(), begin, end: begin + WEEK, rows }],
            };
            for Part { domain, begin, end, rows } in parts {
                let published = Published { domain: &domain, p: &p, sp: sp.as_deref(), np, pct, t };
                let truths = rows.iter().map(|((_, truth), count)| (truth.clone(), *count)).collect();
                let rows: Vec<_> = rows.into_iter().map(|((row, _), count)| (row, count)).collect();
                let results = reporter.lie != reporters::Lie::NoResults;
                reports.push(Report {
                    name: format!("{}!{domain}!{begin}!{end}.xml", reporter.org.replace(' ', "-")),
                    arrives: self.week + reporter.lag,
                    xml: xml::report(reporter, &published, begin, end - 1, results, &rows),
                    truths,
                });
            }
        }
        self.harder = harder;
        reports
    }

    /// The published `p` and `sp`.
    fn policy(&self) -> (String, Option<String>) {
        (self.tag("p").unwrap_or_else(|| "none".to_owned()), self.tag("sp"))
    }

    /// A tag of the published record.
    pub(crate) fn tag(&self, name: &str) -> Option<String> {
        self.tag_at(&self.domain, name)
    }

    fn tag_at(&self, domain: &str, name: &str) -> Option<String> {
        let text = self.dns.text(&format!("_dmarc.{domain}"))?;
        text.split(';')
            .filter_map(|part| part.trim().split_once('='))
            .find_map(|(tag, value)| (tag.trim() == name).then(|| value.trim().to_owned()))
    }

    /// What a receiver is asked to do with failing mail of an author domain: by its own policy, or else by that of the
    /// organization. The newer ones know `t` and no `pct`, the others it is the other way round.
    fn asked(&self, author: &str, newer: bool) -> Asked {
        let own = self.tag_at(author, "p");
        let above = || self.tag("sp").filter(|_| author != self.domain).or_else(|| self.tag("p"));
        let from = if own.is_some() { author } else { self.domain.as_str() };
        let policy = match own.clone().or_else(above).unwrap_or_default().as_str() {
            "reject" => "reject",
            "quarantine" => "quarantine",
            _ => "none",
        };
        if newer {
            let softened = if policy == "reject" { "quarantine" } else { "none" };
            let policy = if self.tag_at(from, "t").as_deref() == Some("y") { softened } else { policy };
            return Asked { policy, percent: 100 };
        }
        let percent = self.tag_at(from, "pct").and_then(|pct| pct.parse().ok()).unwrap_or(100);
        Asked { policy, percent }
    }

    /// More weeks: whoever reports until the end goes on.
    pub(crate) fn prolong(&mut self, weeks: u32) {
        for reporter in self.reporters.iter_mut().filter(|reporter| reporter.stops == self.weeks) {
            reporter.stops = weeks;
        }
        self.weeks = self.weeks.max(weeks);
    }

    /// The senders that a stream of reports may be, by what it is known by: a signature, an envelope domain, the name
    /// of a firm, an address.
    pub(crate) fn behind(&self, stream: &str) -> Vec<usize> {
        let (kind, known) = stream.split_once(':').unwrap_or(("", stream));
        let family = |selector: &str| selector.chars().filter(char::is_ascii_alphabetic).collect::<String>();
        let within = |name: &str, of: &str| name == of || name.ends_with(&format!(".{of}"));
        let is = |sender: &Sender| match kind {
            "dkim" => known.rsplit_once('/').is_some_and(|(domain, of)| {
                let mut signatures = sender.signatures.iter();
                signatures.any(|one| one.domain == domain && (of == "*" || family(&one.selector) == of))
            }),
            "spf" => sender.envelope == known,
            "foreign" => {
                within(&sender.envelope, known)
                    || sender.signatures.iter().any(|signature| within(&signature.domain, known))
            }
            "network" => known.parse().is_ok_and(|known: std::net::IpAddr| {
                sender
                    .addresses
                    .iter()
                    .any(|address| *address == known || network(*address) == network(known))
            }),
            _ => false,
        };
        (0..self.senders.len()).filter(|at| is(&self.senders[*at])).collect()
    }

    /// A sender signs as the organization from now on, with a key that is there.
    pub(crate) fn sign(&mut self, at: usize) {
        let sender = &mut self.senders[at];
        let own = |signature: &&Signature| signature.domain.ends_with(&self.domain);
        if sender.signatures.iter().any(|signature| own(&signature)) {
            for signature in sender.signatures.iter().filter(own) {
                self.dns.publish_key(&signature.domain, &signature.selector);
            }
            return;
        }
        let signature = Signature { domain: sender.header_from.clone(), selector: format!("mended{at}") };
        self.dns.publish_key(&signature.domain, &signature.selector);
        sender.signatures.push(signature);
    }

    /// A sender bounces to a name of the organization from now on, whose SPF record names it.
    pub(crate) fn authorize(&mut self, at: usize) {
        let sender = &mut self.senders[at];
        if !sender.envelope.ends_with(&self.domain) {
            sender.envelope = format!("mended{at}.{}", self.domain);
        }
        if sender.term.is_none() {
            let first = network(sender.addresses[0]);
            sender.term = Some(format!("ip4:{first}/24"));
        }
        self.publish_spf();
    }

    /// Whether a sender is to come that has sent nothing yet.
    pub(crate) fn is_new(&self, at: usize) -> bool {
        let sender = &self.senders[at];
        sender.begins > 0 && !(sender.begins..self.week).any(|week| sender.sends(week))
    }
}
