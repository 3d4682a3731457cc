//! How sources, streams and terms are brought together.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;

use super::super::reports::ReportState;
use super::{ADDRESSES, AddressSeen, NAMED, OutsideSender, TERMS, TermSeen, TermUse, is_recent};
use crate::report::batch::{Outcomes, Source, Tallies};
use crate::spf::analysis::{Analysis, Cause, End, Outcome, Step, Verdict};
use crate::streams::{Class, Judged, Origin, network, origins, total};
use crate::text::lossy;
use crate::time::UnixTime;

/// What is summed of one term.
#[derive(Default)]
struct Sum<'a> {
    addresses: u64,
    messages: u64,
    aligned: u64,
    dkim: u64,
    spf: u64,
    alone: u64,
    /// Messages that pass without DKIM: no more can need SPF.
    without_dkim: u64,
    /// Whether mail of the last days passes by it alone, and whether any passes by DKIM too.
    alone_now: bool,
    with_dkim_now: bool,
    streams: HashMap<&'a str, u64>,
    last: Option<i64>,
}

pub(super) type Places = HashMap<IpAddr, Place>;

/// What the policy gives an address, and what came from there.
pub(super) struct Place {
    outcome: Outcome,
    steps: Vec<Step>,
    source: Source,
}

impl Place {
    /// Whether messages of an origin may have come from here, where its hosts were not all kept.
    fn may_send(&self, origin: &Origin<'_>) -> bool {
        let agrees = |passes: bool, outcomes: &Outcomes| {
            if passes { outcomes.pass > 0 } else { outcomes.fail > 0 || outcomes.unknown > 0 }
        };
        let Source { dkim, spf, header_from, .. } = &self.source;
        agrees(origin.dkim, dkim)
            && agrees(origin.spf, spf)
            && header_from.iter().any(|author| author == origin.author)
    }
}

pub(super) struct Work<'a> {
    analysis: &'a Analysis,
    domain: &'a str,
    /// By the way to a term.
    sums: BTreeMap<Vec<Step>, Sum<'a>>,
}

impl<'a> Work<'a> {
    pub(super) const fn new(analysis: &'a Analysis, domain: &'a str) -> Self {
        Self { analysis, domain, sums: BTreeMap::new() }
    }

    /// What each address gets, and its messages under every term on the way.
    pub(super) fn addresses(
        &mut self,
        reports: &ReportState,
    ) -> (Places, Vec<AddressSeen>, BTreeMap<Outcome, u64>, u64) {
        let (mut places, mut seen) = (Places::new(), Vec::new());
        let mut messages: BTreeMap<Outcome, u64> = BTreeMap::new();
        let mut without = 0_u64;
        for (text, mut source) in reports.sources.all() {
            // Only sums are needed from here on.
            (source.reporters, source.dispositions) = (Vec::new(), Tallies::default());
            let verdict = text.parse::<IpAddr>().ok().and_then(|ip| Some((ip, self.analysis.address(ip)?)));
            let Some((address, verdict)) = verdict else {
                without = without.saturating_add(source.messages);
                continue;
            };
            let sum = messages.entry(verdict.outcome).or_default();
            *sum = sum.saturating_add(source.messages);
            let (steps, cause) = deciding(&verdict);
            if verdict.outcome == Outcome::Pass {
                for length in 1..=steps.len() {
                    let sum = self.sums.entry(steps.iter().take(length).cloned().collect()).or_default();
                    sum.addresses += 1;
                    sum.messages = sum.messages.saturating_add(source.messages);
                    sum.aligned = sum.aligned.saturating_add(source.aligned);
                    sum.dkim = sum.dkim.saturating_add(source.dkim.pass);
                    sum.spf = sum.spf.saturating_add(source.spf.pass);
                    sum.without_dkim =
                        sum.without_dkim.saturating_add(source.aligned.saturating_sub(source.dkim.pass));
                    sum.last = sum.last.max(source.last);
                }
            }
            seen.push(AddressSeen {
                address,
                result: verdict.outcome,
                cause: cause.filter(|cause| *cause != Cause::Match),
                chain: self.chain(&steps),
                messages: source.messages,
                aligned: source.aligned,
                last_day: source.last.map(|last| UnixTime(last).day()),
            });
            places.insert(address, Place { outcome: verdict.outcome, steps, source });
        }
        (places, seen, messages, without)
    }

    /// The streams of each term, and those that have none.
    pub(super) fn streams(
        &mut self,
        reports: &'a ReportState,
        judged: &'a Judged,
        places: &Places,
        since: Option<i64>,
    ) -> Vec<OutsideSender> {
        let mut networks: HashMap<IpAddr, Vec<IpAddr>> = HashMap::new();
        for address in places.keys() {
            networks.entry(network(*address)).or_default().push(*address);
        }
        let mut outside: BTreeMap<(&str, Class), OutsideSender> = BTreeMap::new();
        let mut outside_hosts: BTreeMap<(&str, Class), BTreeSet<IpAddr>> = BTreeMap::new();
        // What is known to come from each address: the rest comes from where hosts were not all kept.
        let mut explained: HashMap<IpAddr, u64> = HashMap::new();
        for origin in origins(&reports.traces, judged) {
            for host in origin.hosts {
                let known = explained.entry(*host).or_default();
                *known = known.saturating_add(origin.messages);
            }
        }
        for origin in origins(&reports.traces, judged) {
            let mut hosts: BTreeSet<IpAddr> = origin.hosts.iter().copied().collect();
            if let Some(network) = origin.network.filter(|_| origin.more_hosts) {
                let open = |host: &&IpAddr| {
                    places.get(host).is_some_and(|place| {
                        explained.get(host).is_none_or(|known| *known < place.source.messages)
                            && place.may_send(&origin)
                    })
                };
                hosts.extend(networks.get(&network).into_iter().flatten().filter(open));
            }
            let own = origin.envelope.is_none_or(|envelope| envelope == self.domain);
            let mut ways: BTreeSet<&[Step]> = BTreeSet::new();
            let mut without = Vec::new();
            for host in &hosts {
                let Some(place) = places.get(host) else { continue };
                match place.outcome {
                    Outcome::Pass => {
                        let steps = &place.steps;
                        ways.extend((1..=steps.len()).filter_map(|length| steps.get(..length)));
                    }
                    Outcome::Fail | Outcome::Softfail | Outcome::Neutral | Outcome::None => {
                        without.push(*host);
                    }
                    // Of what is broken or not known, nothing can be said.
                    _ => {}
                }
            }
            for way in ways {
                let Some(sum) = self.sums.get_mut(way) else { continue };
                let messages = sum.streams.entry(origin.stream).or_default();
                *messages = messages.saturating_add(origin.messages);
                if own && origin.spf {
                    let now = is_recent(origin.last, since);
                    if origin.dkim {
                        sum.with_dkim_now |= now;
                    } else {
                        sum.alone = sum.alone.saturating_add(origin.messages);
                        sum.alone_now |= now;
                    }
                }
            }
            if !without.is_empty() && is_sender(&origin) {
                let into = outside.entry((origin.stream, origin.class)).or_insert_with(|| OutsideSender {
                    stream: origin.stream.to_owned(),
                    class: origin.class,
                    messages: 0,
                    dkim: 0,
                    own_envelope: 0,
                    addresses: Vec::new(),
                });
                into.messages = into.messages.saturating_add(origin.messages);
                into.dkim = into.dkim.saturating_add(if origin.dkim { origin.messages } else { 0 });
                into.own_envelope = into.own_envelope.saturating_add(if own { origin.messages } else { 0 });
                outside_hosts.entry((origin.stream, origin.class)).or_default().extend(without);
            }
        }
        let mut outside: Vec<OutsideSender> = outside
            .into_iter()
            .map(|(key, mut sender)| {
                let hosts = outside_hosts.remove(&key).unwrap_or_default();
                // A network is told apart as a whole; no more can come from some of its hosts than these sent.
                let sent =
                    hosts.iter().filter_map(|host| places.get(host)).map(|place| place.source.messages);
                let most = total(sent);
                for part in [&mut sender.messages, &mut sender.dkim, &mut sender.own_envelope] {
                    *part = most.min(*part);
                }
                sender.addresses = hosts.into_iter().take(NAMED).collect();
                sender
            })
            .collect();
        outside.sort_by(|one, other| (other.messages, &one.stream).cmp(&(one.messages, &other.stream)));
        outside.truncate(ADDRESSES);
        outside
    }

    pub(super) fn terms(&mut self, since: Option<i64>) -> Vec<TermSeen> {
        let ways = self.analysis.ways(TERMS);
        let seen = ways.into_iter().filter_map(|way| {
            let sum = self.sums.remove(&way.steps).unwrap_or_default();
            let recent = sum.addresses > 0 && is_recent(sum.last, since);
            let (own, before) = way.steps.split_last()?;
            let spf_alone = sum.alone.min(sum.without_dkim);
            let use_of = if sum.alone_now && spf_alone > 0 {
                TermUse::Needed
            } else if sum.with_dkim_now {
                TermUse::DkimToo
            } else if way.open.is_some() {
                TermUse::Unresolved
            } else if recent {
                TermUse::NotUsed
            } else {
                TermUse::NotSeen
            };
            let mut streams: Vec<(&str, u64)> = sum.streams.into_iter().collect();
            streams.sort_by(|one, other| (other.1, one.0).cmp(&(one.1, other.0)));
            Some(TermSeen {
                term: way.text,
                name: own.policy.clone(),
                chain: self.chain(before),
                seen: use_of,
                unresolved: way.open,
                addresses: sum.addresses,
                messages: sum.messages,
                aligned: sum.aligned,
                dkim: sum.dkim,
                spf: sum.spf,
                spf_alone,
                streams: streams.into_iter().take(NAMED).map(|(stream, _)| stream.to_owned()).collect(),
                last_day: sum.last.map(|last| UnixTime(last).day()),
            })
        });
        seen.collect()
    }

    /// Terms as they are written.
    fn chain(&self, steps: &[Step]) -> Vec<String> {
        let term = |step: &Step| {
            let record = self.analysis.policies.state(&step.policy).record()?;
            Some(lossy(record.terms().get(step.term)?.span.of(record.as_octets())))
        };
        steps.iter().filter_map(term).collect()
    }
}

/// The terms that decide, and why where they do not match; of several that may, the one that is sure to.
fn deciding(verdict: &Verdict) -> (Vec<Step>, Option<Cause>) {
    let sure = |(_, end, _): &&(Outcome, End, _)| end.cause != Cause::MayMatch;
    let mut sure = verdict.ends.iter().filter(sure);
    match (sure.next(), sure.next(), verdict.outcome) {
        (_, _, Outcome::Undetermined) => {}
        (Some((_, end, _)), None, _) => return (end.steps.clone(), Some(end.cause)),
        _ => {}
    }
    (Vec::new(), Some(Cause::MayMatch))
}

/// Whether these are sent by, or for, the organization and come from there.
fn is_sender(origin: &Origin<'_>) -> bool {
    matches!(
        origin.class,
        Class::AuthenticatedBoth
            | Class::AuthenticatedDkimOnly
            | Class::AuthenticatedSpfOnly
            | Class::Misconfigured
            | Class::Broken
    )
}
