//! What a redirect stands for, written as terms with an `all` behind them (RFC 7208, 6.1).

use std::collections::BTreeSet;

use super::flatten::reason;
use super::{LeftReason, edit, of_record};
use crate::spf::analysis::Analysis;
use crate::spf::analysis::ends::Outcome;
use crate::spf::analysis::policies::is_redirect;
use crate::spf::analysis::sets::{AddressSet, Family};
use crate::spf::analysis::tree::leads_to;
use crate::spf::record::Record;
use crate::spf::terms::{Qualifier, Term};

/// The addresses of each result but one, and that one for all others. No address is in two of them, so
/// their order does not matter.
pub(super) struct Redirected {
    pub(super) parts: Vec<(Qualifier, [AddressSet; 2])>,
    pub(super) rest: Qualifier,
}

/// What a redirect gives now, or why that cannot be written down. Where it would change the
/// explanation of a `fail` it is left: that of the target counts (RFC 7208, 6.2).
pub(super) fn redirected(
    analysis: &Analysis,
    record: &Record,
    term: &Term,
) -> Result<Redirected, LeftReason> {
    if record.explanation().is_some() || explains(analysis, term) {
        return Err(LeftReason::Explanation);
    }
    let text = format!("v=spf1 {}", edit::text(record, term));
    let alone = of_record(analysis, Record::read(text).ok_or(LeftReason::Error)?);
    let results = [Outcome::Pass, Outcome::Softfail, Outcome::Neutral, Outcome::Fail];
    if let Some(reason) = reason(&alone, &results) {
        return Err(reason);
    }
    let mut parts: Vec<(Qualifier, [AddressSet; 2])> =
        [Qualifier::Pass, Qualifier::Softfail, Qualifier::Neutral, Qualifier::Fail]
            .map(|qualifier| {
                let part = |family| alone.surface_without_limits(family).part(Outcome::from(qualifier));
                (qualifier, Family::ALL.map(part))
            })
            .into();
    let networks = |sets: &[AddressSet; 2]| -> usize { sets.iter().map(|set| set.networks().len()).sum() };
    // The one that takes most networks to write down is the rest.
    let (rest, _) =
        parts.iter().enumerate().max_by_key(|(_, (_, sets))| networks(sets)).ok_or(LeftReason::Error)?;
    let (rest, _) = parts.remove(rest);
    parts.retain(|(_, sets)| sets.iter().any(|set| !set.is_empty()));
    Ok(Redirected { parts, rest })
}

/// Whether a record on the way of redirects has an explanation.
fn explains(analysis: &Analysis, term: &Term) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = leads_to(term, &analysis.domain).unwrap_or_default();
    while let Some(name) = open.pop() {
        let Some(record) = analysis.policies.state(&name).record() else { continue };
        if record.explanation().is_some() {
            return true;
        }
        if !seen.insert(name.clone()) {
            continue;
        }
        let redirects = record.terms().iter().filter(|term| is_redirect(term));
        open.extend(redirects.flat_map(|term| leads_to(term, &name).unwrap_or_default()));
    }
    false
}
