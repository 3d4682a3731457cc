//! Which term of the SPF record authorizes each reported source, and which terms no report shows in use.
//!
//! Reports name addresses; the policy says for each of them which term takes it, and by which includes. What is
//! not seen in use may be in use all the same: a yearly mailing is in no window of weeks. So nothing here is
//! called safe to remove. Terms are followed beyond the limit of ten lookups (RFC 7208, 4.6.4): a policy above
//! it is what such a list is wanted for.

mod work;

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde::Serialize;

use self::work::Work;
use super::reports::ReportState;
use crate::name::DomainName;
use crate::spf::analysis::{Analysis, Cause, Conventions, Outcome, Policies, Unresolved};
use crate::streams::{Class, Judged};
use crate::time::UnixTime;

/// Lookups and void lookups that are followed, so that what stands beyond ten is attributed too.
const FOLLOWED: u32 = 64;
/// Terms that are listed, by the way to them; real policies have some dozens.
const TERMS: usize = 500;
/// Addresses that are listed, those with most messages first.
const ADDRESSES: usize = 500;
/// Streams and addresses that are named of one term or stream.
const NAMED: usize = 20;
const DAY: i64 = 86_400;

/// What reports show of the use of a term.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TermUse {
    /// Mail passes by it alone.
    Needed,
    /// Mail passes by it, and by DKIM too.
    DkimToo,
    /// Mail comes from its addresses, and none of it passes SPF in the domain's name.
    NotUsed,
    /// No mail was seen from its addresses in the last days.
    NotSeen,
    /// It is not known which addresses it has.
    Unresolved,
}

/// A term, with the mail from the addresses that it authorizes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct TermSeen {
    /// The term as it is written.
    pub term: String,
    /// The name of the record that it stands in.
    pub name: DomainName,
    /// The includes and redirects that lead to it, as written.
    pub chain: Vec<String>,
    /// What reports show of its use.
    #[serde(rename = "use")]
    pub seen: TermUse,
    /// Why it is not known whom it authorizes.
    pub unresolved: Option<Unresolved>,
    /// Addresses that were seen, and messages from them; with those of the terms that it leads to.
    pub addresses: u64,
    /// Messages from these.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub aligned: u64,
    /// Messages for which DKIM passes and aligns.
    pub dkim: u64,
    /// Messages for which SPF passes and aligns.
    pub spf: u64,
    /// Messages that pass by SPF alone, with the domain itself in `MAIL FROM`: at most so many need the term.
    pub spf_alone: u64,
    /// Streams that come from there, most messages first; at most twenty.
    pub streams: Vec<String>,
    /// Last day (UTC) of the last report that shows one of its addresses.
    pub last_day: Option<String>,
}

/// One reported address, and the term that takes it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AddressSeen {
    /// The address.
    pub address: IpAddr,
    /// What the policy gives it, with the domain itself in `MAIL FROM`.
    pub result: Outcome,
    /// Why, where that is not a match.
    pub cause: Option<Cause>,
    /// The terms from the record of the domain inward; empty if no term decides. Where an earlier term may
    /// match too, that depends on the sender, it is the one that is sure to.
    pub chain: Vec<String>,
    /// Messages.
    pub messages: u64,
    /// Messages that pass DMARC.
    pub aligned: u64,
    /// Last day (UTC) of the last report that names it.
    pub last_day: Option<String>,
}

/// A sender that no term authorizes.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct OutsideSender {
    /// Its key.
    pub stream: String,
    /// What it is.
    pub class: Class,
    /// Messages from these addresses, at most: streams tell networks apart, not hosts.
    pub messages: u64,
    /// Those for which DKIM passes and aligns, at most.
    pub dkim: u64,
    /// Those with the domain itself in `MAIL FROM`, at most: a term would help them.
    pub own_envelope: u64,
    /// Its addresses; at most twenty.
    pub addresses: Vec<IpAddr>,
}

/// Reported sources against the SPF record of the domain.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Attribution {
    /// What stands at the domain: `record`, or why there is none.
    pub status: &'static str,
    /// The record.
    pub text: Option<String>,
    /// Days without mail after which a term counts as not seen.
    pub unseen_days: u64,
    /// Days that reports cover, each counted once: what is shorter than `unseen_days` shows less.
    pub covered_days: u64,
    /// Last day (UTC) of the last report.
    pub until: Option<String>,
    /// Lookups that some client costs, `None` where it is not known; receivers stop at ten.
    pub most_lookups: Option<u32>,
    /// Each term that can authorize somebody, in the order in which they are evaluated.
    pub terms: Vec<TermSeen>,
    /// The reported addresses, most messages first.
    pub addresses: Vec<AddressSeen>,
    /// Addresses beyond those.
    pub addresses_left_out: u64,
    /// Messages by what the policy gives their address.
    pub messages: BTreeMap<Outcome, u64>,
    /// Messages whose report names no address.
    pub messages_without_address: u64,
    /// Senders of the organization that no term authorizes.
    pub outside: Vec<OutsideSender>,
}

impl Attribution {
    pub(super) fn of(
        policies: &Policies,
        conventions: &Conventions,
        reports: &ReportState,
        judged: &Judged,
    ) -> Self {
        let followed = Conventions {
            lookups: conventions.lookups.max(FOLLOWED),
            voids: FOLLOWED,
            ..conventions.clone()
        };
        let analysis = Analysis::of(policies.clone(), &followed);
        let mut work = Work::new(&analysis, policies.root().as_str());
        let (places, mut addresses, messages, messages_without_address) = work.addresses(reports);
        let since = reports.end.map(|end| end.saturating_sub(days(judged.thresholds.unseen_days)));
        let outside = work.streams(reports, judged, &places, since);
        let terms = work.terms(since);
        addresses.sort_by_key(|seen| (std::cmp::Reverse(seen.messages), seen.address));
        let addresses_left_out = addresses.len().saturating_sub(ADDRESSES) as u64;
        addresses.truncate(ADDRESSES);
        let state = policies.state(policies.root());
        Self {
            status: state.as_str(),
            text: state.record().map(ToString::to_string),
            unseen_days: judged.thresholds.unseen_days,
            covered_days: reports.traces.covered_days(),
            until: reports.end.map(|end| UnixTime(end.saturating_sub(1)).day()),
            most_lookups: analysis.ipv4.most.max(analysis.ipv6.most),
            terms,
            addresses,
            addresses_left_out,
            messages,
            messages_without_address,
            outside,
        }
    }
}

/// Days as seconds.
pub(super) fn days(days: u64) -> i64 {
    i64::try_from(days).unwrap_or(i64::MAX).saturating_mul(DAY)
}

/// Whether something was seen in the last days; what has no date may be of any.
pub(super) fn is_recent(last: Option<i64>, since: Option<i64>) -> bool {
    last.is_none_or(|last| since.is_none_or(|since| last >= since))
}
