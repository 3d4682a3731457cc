//! Where reports about a domain go, and whether they may (RFC 9990, 4).

use serde::Serialize;

use crate::diagnostics::Diagnostic;
use crate::dmarc::external::{self, Agreement, Authorization};
use crate::dmarc::{Edition, PublicSuffixFlag, Record, TagName};
use crate::evaluation::{Inquiry, Unknown};
use crate::name::DomainName;

use super::mail;
use super::rules::{AGREEMENT_TOO_LONG, AUTHORIZATION_UNKNOWN, NOT_AUTHORIZED, OVERRIDE_ELSEWHERE};

/// An address for reports, and whether reports may go there.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Destination {
    /// `rua` or `ruf`.
    pub tag: &'static str,
    /// The URI.
    pub uri: String,
    /// Its host.
    pub host: DomainName,
    /// Whether reports may go there.
    pub authorization: Authorization,
    /// URIs at the same host that the host puts in the place of `uri`; null if it names none, or whether
    /// they count is not known.
    #[serde(rename = "override")]
    pub replacement: Option<Vec<String>>,
    /// Where the host has not agreed: the record to publish there, as a line of a zone file. Null if
    /// nothing is missing, or its name would be too long.
    pub publish: Option<String>,
    /// Whether the host takes mail; null if that is not known, or it is no matter of mail.
    pub takes_mail: Option<bool>,
    /// Where the host agrees; `None` if that name would be too long.
    #[serde(skip)]
    pub(super) agreement_name: Option<DomainName>,
}

impl Destination {
    /// Why reports do not go there, or may not.
    pub(super) fn finding(&self) -> Option<Diagnostic> {
        let rule = match (&self.authorization, &self.agreement_name) {
            (Authorization::SameOrganization | Authorization::Authorized, _) => return None,
            (Authorization::NotAuthorized, Some(_)) => &NOT_AUTHORIZED,
            (Authorization::NotAuthorized, None) => {
                let host = self.host.to_string();
                return Some(AGREEMENT_TOO_LONG.anywhere().arg("uri", self.uri.as_str()).arg("host", host));
            }
            (Authorization::OverrideElsewhere, _) => &OVERRIDE_ELSEWHERE,
            (Authorization::NotKnown | Authorization::Failed, _) => &AUTHORIZATION_UNKNOWN,
        };
        let name = self.agreement_name.as_ref().map_or_else(String::new, ToString::to_string);
        Some(rule.anywhere().arg("uri", self.uri.as_str()).arg("name", name))
    }
}

/// The destinations of a policy record. A public suffix gets no failure reports (RFC 9991, 2).
pub(super) fn look_up(
    record: &Record,
    policy_domain: &DomainName,
    edition: Edition,
    inquiry: &mut Inquiry<'_>,
) -> Result<Vec<Destination>, Unknown> {
    let ruf = if record.psd() == PublicSuffixFlag::Y { &[] } else { record.ruf() };
    let addresses = [(TagName::Rua, record.rua()), (TagName::Ruf, ruf)];
    let parts = addresses.iter().flat_map(|(tag, uris)| {
        uris.iter().filter_map(|uri| Some((*tag, uri.uri.as_str(), uri.destination()?)))
    });
    let checks = parts.map(|(tag, uri, host)| {
        move |inquiry: &mut Inquiry<'_>| {
            let is_mail = uri.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
            let (agreement, takes_mail) = inquiry.both(
                |inquiry| external::agreement(policy_domain, host, tag, edition, inquiry),
                |inquiry| if is_mail { mail::takes_mail(host, inquiry) } else { Ok(None) },
            )?;
            Ok(destination(policy_domain, (tag, uri, host), agreement, takes_mail))
        }
    });
    inquiry.all(checks.collect::<Vec<_>>())
}

fn destination(
    policy_domain: &DomainName,
    (tag, uri, host): (TagName, &str, &DomainName),
    agreement: Agreement,
    takes_mail: Option<bool>,
) -> Destination {
    let missing = agreement.authorization == Authorization::NotAuthorized;
    Destination {
        tag: tag.as_str(),
        uri: uri.to_owned(),
        host: host.clone(),
        authorization: agreement.authorization,
        replacement: agreement.addresses,
        publish: missing.then(|| external::agreement_line(policy_domain, host)).flatten(),
        takes_mail,
        agreement_name: external::agreement_name(policy_domain, host),
    }
}
