//! Whether a destination outside the organization has agreed to receive reports (RFC 9990, 4;
//! RFC 7489, 7.1).

use serde::Serialize;

use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::DomainName;

use super::alignment::Organization;
use super::{Edition, Record};

/// Whether reports about a policy domain may go to a host.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Authorization {
    /// Both belong to one organization: no agreement is needed.
    SameOrganization,
    /// The host has published its agreement.
    Authorized,
    /// It has not: reports do not go there.
    NotAuthorized,
    /// The lookup failed.
    Failed,
    /// It cannot be looked up here.
    NotKnown,
}

/// The name at which a host agrees to receive reports about a policy domain; `None` if it would be too
/// long, and then there is no agreement (RFC 9990, 4 step 4).
#[must_use]
pub fn agreement_name(policy_domain: &DomainName, host: &DomainName) -> Option<DomainName> {
    host.prepend(&format!("{policy_domain}._report._dmarc")).ok()
}

/// Finds out whether reports about `policy_domain` may go to `host`.
///
/// # Errors
/// [`Unknown`] while an answer is open.
pub fn authorization(
    policy_domain: &DomainName,
    host: &DomainName,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Authorization, Unknown> {
    if host == policy_domain {
        return Ok(Authorization::SameOrganization);
    }
    let Some(name) = agreement_name(policy_domain, host) else {
        return Ok(match same_organization(policy_domain, host, edition, inquiry)? {
            Some(true) => Authorization::SameOrganization,
            _ => Authorization::NotAuthorized,
        });
    };
    let (same, answer) = inquiry.both(
        |inquiry| same_organization(policy_domain, host, edition, inquiry),
        |inquiry| inquiry.ask(Question::txt(name)),
    )?;
    if same == Some(true) {
        return Ok(Authorization::SameOrganization);
    }
    Ok(match answer {
        // Step 6: the version tag decides; "p" is not needed.
        Answer::Records(set)
            if set
                .records
                .iter()
                .filter_map(crate::dns::Record::joined_text)
                .any(|text| Record::is_record(&text)) =>
        {
            Authorization::Authorized
        }
        Answer::Failure { .. } | Answer::NotAnswered => Authorization::Failed,
        Answer::NotPossible => Authorization::NotKnown,
        _ if same.is_none() => Authorization::NotKnown,
        _ => Authorization::NotAuthorized,
    })
}

/// Whether two names have one organizational domain; `None` where that cannot be known.
fn same_organization(
    one: &DomainName,
    other: &DomainName,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Option<bool>, Unknown> {
    let (one, other) = inquiry.both(
        |inquiry| Organization::of(one, edition, inquiry),
        |inquiry| Organization::of(other, edition, inquiry),
    )?;
    Ok(one.is_shared(&other))
}
