//! What an SPF policy costs, and how it ends, with the records that it leads to.

use crate::assessment::domain::DomainReport;
use crate::name::DomainName;
use crate::spf::analysis::{Conventions, Policies, PolicyState};
use crate::spf::{DomainSpec, Qualifier, Record};

/// Terms that query DNS, at most (RFC 7208, 4.6.4).
pub(super) const LIMIT: u64 = 10;
/// Redirects that are followed; each costs a lookup, so that more are an error anyway.
const REDIRECTS: usize = 11;

/// How a policy ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum End {
    /// In `all`, its own or that of the record that `redirect` leads to.
    All(Qualifier),
    /// In nothing.
    None,
    /// It is not known: the other record cannot be looked up here.
    Unknown,
}

/// How the policy of the domain ends.
pub(super) fn end(report: &DomainReport) -> End {
    let Some(policies) = &report.policies else { return End::Unknown };
    follow(policies, policies.root(), REDIRECTS)
}

fn follow(policies: &Policies, name: &DomainName, left: usize) -> End {
    let record = match policies.state(name) {
        PolicyState::Record(record) => record,
        PolicyState::None | PolicyState::Several { .. } => return End::None,
        _ => return End::Unknown,
    };
    match (record.all(), record.redirect(), left.checked_sub(1)) {
        (Some(all), _, _) => End::All(all),
        (None, None, _) => End::None,
        (None, Some(spec), Some(left)) => match plain(spec) {
            Some(target) => follow(policies, &target, left),
            None => End::Unknown,
        },
        (None, Some(_), None) => End::None,
    }
}

/// The name that a spec without macros is.
pub(super) fn plain(spec: &DomainSpec) -> Option<DomainName> {
    let text = spec.as_macro_string();
    if text.is_literal() { DomainName::parse(&text.to_string()).ok() } else { None }
}

/// Terms that query DNS, over all that can be reached; `None` if that is not known, or the policy leads back to
/// itself.
pub(super) fn lookups(report: &DomainReport) -> Option<u64> {
    report.policies.as_ref()?.sum(&Conventions::default())
}

/// Whether the terms of the record itself are too many already.
pub(super) fn exceeds(report: &DomainReport) -> bool {
    let record = report.spf.records().and_then(|spf| spf.record.as_ref());
    record.map_or(0, Record::lookup_terms) as u64 > LIMIT
}
