//! Where messages come from, beside the stream that they belong to: what a record of the domain is held against.

use std::net::IpAddr;

use super::class::Class;
use super::facts::Item;
use super::judge::{Judged, organization};
use super::key::{Check, Key, Signed};
use super::trace::{HOSTS, Trace};
use super::traces::Traces;

/// Records that look alike, by where they come from and how they pass.
pub(crate) struct Origin<'a> {
    /// The stream, as its key.
    pub(crate) stream: &'a str,
    /// What that is.
    pub(crate) class: Class,
    /// The network, or the address where nothing passes.
    pub(crate) network: Option<IpAddr>,
    /// Addresses that were kept.
    pub(crate) hosts: &'a [IpAddr],
    /// Whether there may be more.
    pub(crate) more_hosts: bool,
    /// The author domain.
    pub(crate) author: &'a str,
    /// The domain that SPF was checked for; `None` if no report says.
    pub(crate) envelope: Option<&'a str>,
    /// Whether DKIM passes and aligns, and SPF.
    pub(crate) dkim: bool,
    pub(crate) spf: bool,
    pub(crate) messages: u64,
    /// Signatures: domain, the selector without what rotates, and whether it passed; `None` if nobody could say.
    pub(crate) signatures: Vec<(&'a str, &'a str, Option<bool>)>,
    /// Last second of the last report.
    pub(crate) last: Option<i64>,
}

/// All that was judged, by where it comes from.
pub(crate) fn origins<'a>(traces: &'a Traces, judged: &'a Judged) -> impl Iterator<Item = Origin<'a>> {
    let domains: Vec<&str> = traces.domains().map(|(domain, _)| domain).collect();
    traces.domains().flat_map(move |(domain, seen)| {
        let organization = organization(&domains, domain);
        let origin = move |(text, trace): (&'a String, &'a Trace)| {
            let class = judged.look_up(domain, text)?;
            let item = Item::new(Key::parse(text)?, trace, organization);
            let signature = |each: &Signed<'a>| {
                let passed = match each.result {
                    Check::Pass => Some(true),
                    Check::Fail => Some(false),
                    Check::Temporary | Check::Unknown => None,
                };
                (each.domain, each.family, passed)
            };
            Some(Origin {
                stream: class.stream,
                class: class.class,
                network: item.key.network,
                hosts: &trace.hosts,
                more_hosts: trace.hosts.len() >= HOSTS,
                author: item.key.author,
                envelope: item.key.envelope,
                dkim: item.dkim,
                spf: item.spf,
                messages: trace.messages,
                signatures: item.key.signatures.iter().map(signature).collect(),
                last: trace.last,
            })
        };
        seen.traces.iter().filter_map(origin)
    })
}
