//! Whether a destination outside the organization has agreed to receive reports (RFC 9990, 4;
//! RFC 7489, 7.1).

use serde::Serialize;

use crate::evaluation::{Answer, Inquiry, Question, Unknown};
use crate::name::DomainName;

use super::alignment::Organization;
use super::{Edition, Record, ReportUri, TagName};

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
    /// Its agreement names an address at another host: reports go to neither (RFC 9990, 4 step 9).
    OverrideElsewhere,
    /// The lookup failed.
    Failed,
    /// It cannot be looked up here.
    NotKnown,
}

impl Authorization {
    /// The word that all languages use.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::SameOrganization => "same-organization",
            Self::Authorized => "authorized",
            Self::NotAuthorized => "not-authorized",
            Self::OverrideElsewhere => "override-elsewhere",
            Self::Failed => "failed",
            Self::NotKnown => "not-known",
        }
    }
}

/// What a host says about reports on a policy domain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Agreement {
    /// Whether reports may go there.
    pub authorization: Authorization,
    /// URIs that take the place of the one in the policy record, all at the same host; `None` if the
    /// host names none, or whether they count is not known.
    pub addresses: Option<Vec<String>>,
}

impl From<Authorization> for Agreement {
    fn from(authorization: Authorization) -> Self {
        Self { authorization, addresses: None }
    }
}

/// The name at which a host agrees to receive reports about a policy domain; `None` if it would be too
/// long, and then there is no agreement (RFC 9990, 4 step 4).
#[must_use]
pub fn agreement_name(policy_domain: &DomainName, host: &DomainName) -> Option<DomainName> {
    host.prepend(&format!("{policy_domain}._report._dmarc")).ok()
}

/// The record with which a host agrees, as a line of a zone file; `None` if its name would be too long.
#[must_use]
pub fn agreement_line(policy_domain: &DomainName, host: &DomainName) -> Option<String> {
    agreement_name(policy_domain, host).map(|name| format!("{name}. IN TXT \"v=DMARC1;\""))
}

/// Finds out whether reports about `policy_domain` that a tag (`rua` or `ruf`) asks for may go to
/// `host`, and to which addresses.
///
/// # Errors
/// [`Unknown`] while an answer is open.
pub fn agreement(
    policy_domain: &DomainName,
    host: &DomainName,
    tag: TagName,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Agreement, Unknown> {
    if host == policy_domain {
        return Ok(Authorization::SameOrganization.into());
    }
    let Some(name) = agreement_name(policy_domain, host) else {
        return Ok(match same_organization(policy_domain, host, edition, inquiry)? {
            Some(true) => Authorization::SameOrganization.into(),
            _ => Authorization::NotAuthorized.into(),
        });
    };
    let (same, answer) = inquiry.both(
        |inquiry| same_organization(policy_domain, host, edition, inquiry),
        |inquiry| inquiry.ask(Question::txt(name)),
    )?;
    if same == Some(true) {
        return Ok(Authorization::SameOrganization.into());
    }
    let authorization = match answer {
        Answer::Records(set) => {
            // Step 6: the version tag decides; "p" is not needed.
            let texts = set.records.iter().filter_map(crate::dns::Record::joined_text);
            let records: Vec<_> = texts.filter(|text| Record::is_record(text)).collect();
            match records.as_slice() {
                [] if same.is_none() => Authorization::NotKnown,
                [] => Authorization::NotAuthorized,
                [record] => return Ok(overridden(record, host, tag, edition, same.is_some())),
                // Which of several overrides holds, the RFC does not say: none.
                _ => Authorization::Authorized,
            }
        }
        Answer::Failure { .. } | Answer::NotAnswered => Authorization::Failed,
        Answer::NotPossible => Authorization::NotKnown,
        _ if same.is_none() => Authorization::NotKnown,
        _ => Authorization::NotAuthorized,
    };
    Ok(authorization.into())
}

/// Step 9: what the only record of a host that agrees says about the address. `external` is false where
/// host and policy domain may yet belong to one organization, and the record would not count.
fn overridden(record: &[u8], host: &DomainName, tag: TagName, edition: Edition, external: bool) -> Agreement {
    let record = Record::parse(record, edition).value;
    let uris = record.as_ref().map_or(&[][..], |record| match tag {
        TagName::Rua => record.rua(),
        TagName::Ruf => record.ruf(),
        _ => &[],
    });
    if uris.iter().any(|uri| host_of(uri).as_ref() != Some(host)) {
        let elsewhere = if external { Authorization::OverrideElsewhere } else { Authorization::NotKnown };
        return elsewhere.into();
    }
    let addresses = (external && !uris.is_empty()).then(|| uris.iter().map(|uri| uri.uri.clone()).collect());
    Agreement { authorization: Authorization::Authorized, addresses }
}

/// The host of an address: that of the mailbox, or of the authority of another URI.
fn host_of(uri: &ReportUri) -> Option<DomainName> {
    if let Some(host) = uri.destination() {
        return Some(host.clone());
    }
    let (_, rest) = uri.uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    DomainName::parse(host).ok()
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
