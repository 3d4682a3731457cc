//! What a domain requests for a message that fails, and what the receiver does (RFC 9989, 4.7, 5.4 and 7.4;
//! RFC 7489, 6.3, 6.6.4 and 6.7). The two are kept apart: a receiver may know better.

use serde::{Deserialize, Serialize};

use super::discovery::{Discovered, Existence, Found};
use super::effective::Verdict;
use super::evaluate::DmarcResult;
use super::value::Policy;
use super::{Record, TagName};

/// What is asked for a message that fails.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Asked {
    /// The policy as published, by the tag that holds for the author.
    pub published: Policy,
    /// What is left of it: one level less in test mode (`t`, RFC 9989), or where `pct` does not select the
    /// message (RFC 7489).
    pub requested: Policy,
    /// The tag that supplied the value.
    pub tag: TagName,
    /// Why less is requested than published.
    pub reason: Option<ReasonKind>,
    /// Share of failing mail that the policy holds for, in percent (RFC 7489).
    pub pct: Option<u8>,
}

impl Asked {
    /// By the record that holds.
    pub(super) fn new(found: &Found, discovered: &Discovered, random: Option<u32>) -> Option<Self> {
        let values = found.record.effective()?;
        // Where existence is not known, the two candidates have been found equal.
        let asked = found.policy(discovered.existence.unwrap_or(Existence::Exists))?;
        let tag = supplier(&found.record, asked.tag);
        // RFC 7489, 6.6.4. A share of nothing selects no message, whatever the random number.
        let sampled =
            values.pct.is_none_or(|pct| random.map_or(pct > 0, |random| random % 100 < u32::from(pct)));
        let (requested, reason) = if !sampled {
            (asked.policy.softened(), Some(ReasonKind::SampledOut))
        } else if asked.applied != asked.policy {
            (asked.applied, Some(ReasonKind::PolicyTestMode))
        } else {
            (asked.policy, None)
        };
        let reason = reason.filter(|_| asked.policy > Policy::None);
        Some(Self { published: asked.policy, requested, tag, reason, pct: values.pct })
    }
}

/// The tag that supplies the value, where a tag that is absent inherits it.
fn supplier(record: &Record, tag: &str) -> TagName {
    if record.verdict() == Verdict::ActsAsNone {
        // RFC 9989, 4.10.1: "act as if a record containing "p=none" was retrieved".
        return TagName::P;
    }
    let published = record.published();
    let has = |tag| published.get(tag).is_some();
    match tag {
        "np" if has(TagName::Np) => TagName::Np,
        "np" | "sp" if has(TagName::Sp) => TagName::Sp,
        _ => TagName::P,
    }
}

/// Why a receiver did something else than the published policy says (RFC 9990, 3.1.1.6; RFC 7489,
/// appendix C).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReasonKind {
    /// The message was forwarded, as the receiver knows (RFC 7489 only).
    Forwarded,
    /// A policy of the receiver.
    LocalPolicy,
    /// The message came through a mailing list.
    MailingList,
    /// Something else.
    Other,
    /// Test mode is on (RFC 9990 only).
    PolicyTestMode,
    /// `pct` did not select the message (RFC 7489 only).
    SampledOut,
    /// A forwarder that the receiver trusts.
    TrustedForwarder,
}

impl ReasonKind {
    /// The word of the report format, such as `policy_test_mode`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forwarded => "forwarded",
            Self::LocalPolicy => "local_policy",
            Self::MailingList => "mailing_list",
            Self::Other => "other",
            Self::PolicyTestMode => "policy_test_mode",
            Self::SampledOut => "sampled_out",
            Self::TrustedForwarder => "trusted_forwarder",
        }
    }
}

/// A reason, with a text for the reader of reports.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Reason {
    /// What kind of reason.
    #[serde(rename = "type")]
    pub kind: ReasonKind,
    /// The text.
    pub comment: Option<String>,
}

/// What a receiver does instead of what is requested.
#[derive(Clone, Debug, Eq, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// What it does.
    pub disposition: Policy,
    /// Why.
    #[serde(rename = "type")]
    pub kind: ReasonKind,
    /// A text for the reader of reports.
    #[serde(default)]
    pub comment: Option<String>,
}

/// What the receiver does with the message.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Disposition {
    /// What the domain requests for this message: nothing, unless it fails.
    pub requested: Policy,
    /// What is done: what is requested, unless the receiver overrides it. RFC 9989, 7.4: a receiver that
    /// knows nothing else is to treat `reject` as `quarantine`; that is its own choice, made as an override.
    pub applied: Policy,
    /// Why that differs from what is published.
    pub reasons: Vec<Reason>,
}

impl Disposition {
    pub(super) fn new(result: Option<DmarcResult>, asked: Option<&Asked>, overrides: &[Override]) -> Self {
        let asked = asked.filter(|_| result == Some(DmarcResult::Fail));
        let requested = asked.map_or(Policy::None, |asked| asked.requested);
        let mut reasons: Vec<Reason> = asked
            .and_then(|asked| asked.reason)
            .map(|kind| Reason { kind, comment: None })
            .into_iter()
            .collect();
        let mut applied = requested;
        for each in overrides.iter().filter(|_| asked.is_some()) {
            applied = each.disposition;
            reasons.push(Reason { kind: each.kind, comment: each.comment.clone() });
        }
        Self { requested, applied, reasons }
    }
}
