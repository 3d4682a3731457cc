//! The mail test of Internet.nl, release 1.11.2 (July 2026), emulated: its verdicts in its own units, beside what
//! the RFCs say.
//!
//! What it calls a notice is a warning here, and what it calls information is said as a reason of a pass. Where
//! the two part, the reasons say why. Left out: what it tests besides SPF, DKIM, DMARC and the null MX.

mod count;
mod dkim;
mod dmarc;
mod grammar;
mod spf;

use super::{Guidance, ProfileId, Requirement, prescription};
use crate::assessment::found::Found;
use crate::assessment::profile::{RuleVerdict, Ruling};
use crate::dns;
use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::DomainName;

pub(super) const GUIDANCE: Guidance = Guidance {
    id: ProfileId::InternetNl,
    name: "Internet.nl",
    version: "1.11.2",
    date: "2026-07",
    requirements: REQUIREMENTS,
};

const REQUIREMENTS: &[Requirement] = &[
    prescription("INTERNETNL-DMARC", "DMARC existence", dmarc::existence),
    prescription("INTERNETNL-DMARC-POLICY", "DMARC policy", dmarc::policy),
    prescription("INTERNETNL-DKIM", "DKIM existence", dkim::existence),
    prescription("INTERNETNL-SPF", "SPF existence", spf::existence),
    prescription("INTERNETNL-SPF-POLICY", "SPF policy", spf::policy),
    prescription("INTERNETNL-NULL-MX", "null MX", dkim::null_mx),
];

/// TXT records at a name.
type Texts = Found<Vec<Vec<u8>>>;

/// What it looks at besides what every check of a domain looks at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::assessment) struct Seen {
    /// TXT at `_dmarc` of the domain.
    own: Texts,
    /// The organizational domain by the public suffix list, with the TXT records at its `_dmarc`. Only looked up
    /// where the domain has no record of its own; `None` where it is its own organizational domain.
    organization: Option<(DomainName, Texts)>,
    /// Whether the public suffix is not known here.
    suffix_unknown: bool,
}

impl Seen {
    pub(in crate::assessment) fn look_up(
        domain: &DomainName,
        inquiry: &mut Inquiry<'_>,
    ) -> Result<Self, Unknown> {
        let own = texts_at(domain, inquiry)?;
        let mut seen = Self { own, organization: None, suffix_unknown: false };
        let has_own = seen.own.records().is_some_and(|texts| texts.iter().any(|text| dmarc::begins(text)));
        if has_own || !seen.own.is_settled() {
            return Ok(seen);
        }
        let answer = inquiry.ask(Question::PublicSuffix { name: domain.clone() })?;
        let Answer::PublicSuffix(suffix) = answer else {
            seen.suffix_unknown = true;
            return Ok(seen);
        };
        let organization = domain.rightmost(suffix.label_count() + 1);
        if organization != *domain && domain.is_below(&organization) {
            let texts = texts_at(&organization, inquiry)?;
            seen.organization = Some((organization, texts));
        }
        Ok(seen)
    }
}

fn texts_at(domain: &DomainName, inquiry: &mut Inquiry<'_>) -> Result<Texts, Unknown> {
    // A name that would be too long does not exist.
    let Ok(name) = domain.prepend("_dmarc") else { return Ok(Found::NxDomain) };
    let answer = inquiry.ask(Question::txt(name))?;
    Ok(Found::from_answer(answer, |set| set.records.iter().filter_map(dns::Record::joined_text).collect()))
}

/// The ruling with our own verdict beside it.
fn beside(ruling: Ruling, ours: RuleVerdict) -> Ruling {
    Ruling { ours: Some(ours), ..ruling }
}

/// Pass or fail.
const fn by(met: bool) -> RuleVerdict {
    if met { RuleVerdict::Pass } else { RuleVerdict::Fail }
}
