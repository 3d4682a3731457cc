//! What a receiver acts on, and how strict that is.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};

use crate::diagnostics::Effect;

use super::Edition;
use super::value::{Alignment, FailureOption, Policy, PublicSuffixFlag};

/// The values that a receiver acts on, after defaults and inheritance. Tags that the edition does not
/// know are `None`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Effective {
    /// For the domain itself.
    pub p: Policy,
    /// For subdomains; under RFC 9989 for those that exist.
    pub sp: Policy,
    /// For subdomains that do not exist (RFC 9989).
    pub np: Option<Policy>,
    /// Alignment asked of DKIM.
    pub adkim: Alignment,
    /// Alignment asked of SPF.
    pub aspf: Alignment,
    /// When failure reports are wanted, whether or not there is a `ruf`.
    pub fo: Vec<FailureOption>,
    /// Place in the tree (RFC 9989).
    pub psd: Option<PublicSuffixFlag>,
    /// Test mode (RFC 9989).
    #[serde(serialize_with = "yes_or_no")]
    pub t: Option<bool>,
    /// Share of mail that the policy holds for, in percent (RFC 7489).
    pub pct: Option<u8>,
    /// Seconds between aggregate reports (RFC 7489).
    pub ri: Option<u32>,
    /// Format of failure reports (RFC 7489).
    pub rf: Option<&'static str>,
    /// Valid addresses for aggregate reports, without size limits.
    pub rua: Vec<String>,
    /// Valid addresses for failure reports, without size limits.
    pub ruf: Vec<String>,
}

#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn yes_or_no<S: Serializer>(value: &Option<bool>, serializer: S) -> Result<S::Ok, S::Error> {
    value.map(|yes| if yes { "y" } else { "n" }).serialize(serializer)
}

impl Effective {
    /// How the policy for some mail is applied: one level less in test mode.
    #[must_use]
    pub fn applied(&self, policy: Policy) -> Policy {
        if self.t == Some(true) { policy.softened() } else { policy }
    }
}

/// Compares two states of one text, `None` where no policy applies: what a change does.
///
/// Each of p, sp, np (with `t`), pct, adkim and aspf is compared by itself. No DMARC at all counts as
/// less strict than `p=none`: publishing a record is never without effect.
#[must_use]
pub(super) fn effect(before: Option<&Effective>, after: Option<&Effective>) -> Effect {
    let (before, after) = match (before, after) {
        (None, None) => return Effect::None,
        (None, Some(_)) => return Effect::Stricter,
        (Some(_), None) => return Effect::Looser,
        (Some(before), Some(after)) => (before, after),
    };
    let policies = |of: &Effective| [of.applied(of.p), of.applied(of.sp), of.applied(of.np.unwrap_or(of.sp))];
    let enforced = |of: &Effective| policies(of).iter().any(|policy| *policy > Policy::None);
    let mut orders: Vec<Ordering> =
        policies(after).iter().zip(policies(before)).map(|(after, before)| after.cmp(&before)).collect();
    if enforced(before) && enforced(after) {
        orders.push(after.pct.unwrap_or(100).cmp(&before.pct.unwrap_or(100)));
    }
    orders.push(after.adkim.cmp(&before.adkim));
    orders.push(after.aspf.cmp(&before.aspf));
    if before.psd != after.psd {
        // It moves the organizational domain: more names align in one place, fewer in another.
        return Effect::Mixed;
    }
    orders.into_iter().map(Effect::from).fold(Effect::None, Effect::and)
}

/// The verdict on a text as a policy record.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Receivers act on its policy.
    Usable,
    /// Receivers act as if it said `p=none` (RFC 9989, 4.10.1; RFC 7489, 6.6.3).
    ActsAsNone,
    /// A record that gives receivers no policy.
    Unusable,
    /// Ignored, as if it were not there.
    NotARecord,
}

impl Verdict {
    /// `usable`, `acts-as-none`, `unusable` or `not-a-record`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::ActsAsNone => "acts-as-none",
            Self::Unusable => "unusable",
            Self::NotARecord => "not-a-record",
        }
    }
}

/// The defaults of an edition (RFC 7489, 6.3; RFC 9989, 4.7) for a policy.
#[must_use]
pub(super) fn defaults(policy: Policy, edition: Edition) -> Effective {
    let new = edition == Edition::Rfc9989;
    Effective {
        p: policy,
        sp: policy,
        np: new.then_some(policy),
        adkim: Alignment::Relaxed,
        aspf: Alignment::Relaxed,
        fo: vec![FailureOption::All],
        psd: new.then_some(PublicSuffixFlag::U),
        t: new.then_some(false),
        pct: (!new).then_some(100),
        ri: (!new).then_some(86_400),
        rf: (!new).then_some("afrf"),
        rua: Vec::new(),
        ruf: Vec::new(),
    }
}
