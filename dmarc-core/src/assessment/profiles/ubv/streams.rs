//! MAIL-BESCHERM-002: each mail stream has a (sub)domain of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::of_senders;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::SHARED_DOMAIN;
use crate::assessment::profiles::Facts;
use crate::streams::{Class, Stream};

/// Share of the mail of a domain below which a stream is no stream of its own: an accident, or a trial.
const SHARE: f64 = 0.005;

pub(super) fn separate(facts: &Facts<'_>) -> Ruling {
    of_senders(facts, || {
        let Some(judged) = facts.judged else { return Ruling::undetermined(["streams"]) };
        let own = judged.streams.iter().filter(|stream| sends(stream));
        let mut of: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
        for stream in own {
            for name in &stream.header_from {
                let sum = of.entry(name).or_default().entry(known(stream)).or_default();
                *sum = sum.saturating_add(stream.messages);
            }
        }
        if of.is_empty() {
            return Ruling::undetermined(["streams"]);
        }
        let mut ruling = Ruling::pass();
        for (name, streams) in of {
            let all: u64 = streams.values().copied().fold(0, u64::saturating_add);
            let counts = |messages: u64| all > 0 && messages as f64 / all as f64 >= SHARE;
            let large: BTreeSet<&str> =
                streams.iter().filter(|(_, messages)| counts(**messages)).map(|(key, _)| *key).collect();
            let listed: Vec<String> = large.iter().map(|key| (*key).to_owned()).collect();
            ruling.evidence.push(Evidence::reports(format!("streams from {name}"), listed.join(", ")));
            if listed.len() > 1 {
                ruling = ruling.because(SHARED_DOMAIN.anywhere().arg("domain", name).arg("streams", listed));
            }
        }
        ruling.settle(RuleVerdict::Warn)
    })
}

/// Whether a stream is sent by the organization or for it: mail that was sent on began as one of those.
fn sends(stream: &Stream) -> bool {
    matches!(
        stream.class,
        Class::AuthenticatedBoth
            | Class::AuthenticatedDkimOnly
            | Class::AuthenticatedSpfOnly
            | Class::Misconfigured
            | Class::Broken
    )
}

/// What a stream is known by: the firm behind it, if there is one, so that two of its ways are one sender.
fn known(stream: &Stream) -> &str {
    stream.provider.unwrap_or(&stream.key)
}
