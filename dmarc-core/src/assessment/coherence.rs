//! Whether the records of a domain agree with each other and with what the domain does.
//!
//! What is not known stays open: a finding needs every fact that it names.

use crate::diagnostics::{Diagnostic, Severity};
use crate::dkim::{Keys, State};
use crate::dmarc::Policy;
use crate::spf::Qualifier;
use crate::text::lossy;
use crate::transport::mta_sts_policy::Mode;
use crate::transport::mx::Delivery;
use crate::transport::tlsa::Dane;

use super::domain::DomainReport;
use super::found::Found;
use super::rules::{
    DESTINATION_TAKES_NO_MAIL, INSECURE_MX, MTA_STS_HOST_MISSING, MTA_STS_PATTERN_IDLE, MTA_STS_WITHOUT_MAIL,
    NO_TLS_RPT, NOT_SIGNED, NULL_MX_ADVISED, NULL_MX_SENDS, QUIET_POLICY_NONE, RECEIVES_WITH_NULL_MX,
    SENDS_WITHOUT_PERMISSION, SUBDOMAIN_WITHOUT_SPF, SUBDOMAINS_LEFT_OUT, WILDCARD_KEY,
};

/// What a domain does, and how that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stance {
    /// Yes, no, or unknown.
    pub value: Option<bool>,
    /// `context`, `reports`, `spf`, `mx` or `none`.
    pub evidence: &'static str,
}

impl Stance {
    pub(super) const UNKNOWN: Self = Self { value: None, evidence: "none" };

    const fn new(value: bool, evidence: &'static str) -> Self {
        Self { value: Some(value), evidence }
    }

    /// `yes`, `no` or `unknown`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self.value {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        }
    }
}

/// Whether the domain sends mail.
///
/// The operator knows best; reports of mail that passed prove it; a record that allows nobody says no.
/// A record that allows somebody proves nothing.
pub(super) fn sends(report: &DomainReport) -> Stance {
    if let Some(sends) = report.context.sends {
        return Stance::new(sends, "context");
    }
    if report.reports.as_ref().is_some_and(|state| state.view().aligned > 0) {
        return Stance::new(true, "reports");
    }
    if is_closed(report) { Stance::new(false, "spf") } else { Stance::UNKNOWN }
}

/// Whether the domain takes mail.
pub(super) fn receives(report: &DomainReport) -> Stance {
    if let Some(receives) = report.context.receives {
        return Stance::new(receives, "context");
    }
    match report.mail.delivery {
        Some(Delivery::Hosts) => Stance::new(true, "mx"),
        Some(Delivery::Null | Delivery::Nowhere) => Stance::new(false, "mx"),
        // An address is there for many reasons.
        _ => Stance::UNKNOWN,
    }
}

/// Whether SPF says exactly `v=spf1 -all`, up to case and blanks.
pub(super) fn is_closed(report: &DomainReport) -> bool {
    let record = report.spf.records().and_then(|spf| spf.record.as_ref());
    record.is_some_and(|record| {
        let text = lossy(record.as_octets()).to_ascii_lowercase();
        text.split(' ').filter(|word| !word.is_empty()).eq(["v=spf1", "-all"])
    })
}

/// Whether SPF lets somebody send in the name of the domain; `None` if that is not known.
fn authorizes(report: &DomainReport) -> Option<bool> {
    let spf = match &report.spf {
        Found::Records(spf) => spf,
        other => return other.is_settled().then_some(false),
    };
    let Some(record) = spf.record.as_ref().filter(|record| record.is_usable()) else { return Some(false) };
    let passes = record.directives().any(|(_, directive)| directive.qualifier() == Qualifier::Pass);
    if passes {
        return Some(true);
    }
    // What the other record says is not read here.
    if record.redirect().is_some() { None } else { Some(false) }
}

/// Every finding, without a text of its own.
pub(super) fn findings(report: &DomainReport) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    null_mx(report, &mut found);
    policy(report, &mut found);
    strict_transport(report, &mut found);
    signatures(report, &mut found);
    let wildcard = &report.keys.wildcard;
    // Revoked throughout is what a domain without mail may say; anything else answers for every selector.
    if matches!(wildcard, Keys::Records(_)) && wildcard.state() != Some(State::Revoked) {
        let name = format!("*._domainkey.{}", report.domain);
        found.push(WILDCARD_KEY.anywhere().arg("name", name));
    }
    let bare = report.subdomains.iter().filter(|one| one.lacks_spf() == Some(true));
    found.extend(bare.map(|one| SUBDOMAIN_WITHOUT_SPF.anywhere().arg("name", one.name.to_string())));
    if report.subdomains_left_out > 0 {
        let diagnostic = SUBDOMAINS_LEFT_OUT.anywhere().arg("count", report.subdomains_left_out);
        found.push(diagnostic.arg("limit", super::subdomains::NAMES));
    }
    found
}

fn null_mx(report: &DomainReport, found: &mut Vec<Diagnostic>) {
    let domain = || report.domain.to_string();
    let (sends, receives) = (report.sends.value, report.receives.value);
    let is_null = report.mail.delivery == Some(Delivery::Null);
    if is_null && (sends == Some(true) || (sends.is_none() && authorizes(report) == Some(true))) {
        found.push(NULL_MX_SENDS.anywhere().arg("domain", domain()));
    }
    if is_null && report.context.receives == Some(true) {
        found.push(RECEIVES_WITH_NULL_MX.anywhere().arg("domain", domain()));
    }
    let takes = matches!(report.mail.delivery, Some(Delivery::Hosts | Delivery::Implicit));
    if takes && sends == Some(false) && receives != Some(true) && report.context.receives == Some(false) {
        found.push(NULL_MX_ADVISED.anywhere().arg("domain", domain()));
    }
    if sends == Some(true) && is_closed(report) {
        found.push(SENDS_WITHOUT_PERMISSION.anywhere().arg("domain", domain()));
    }
}

fn policy(report: &DomainReport, found: &mut Vec<Diagnostic>) {
    let quiet = report.sends.value == Some(false) && report.receives.value == Some(false);
    let none = report.discovered.policy().is_some_and(|policy| policy.policy == Policy::None);
    if quiet && none {
        found.push(QUIET_POLICY_NONE.anywhere().arg("domain", report.domain.to_string()));
    }
    let silent = report.destinations.iter().filter(|one| one.takes_mail == Some(false));
    found.extend(silent.map(|one| {
        DESTINATION_TAKES_NO_MAIL.anywhere().arg("uri", one.uri.as_str()).arg("host", one.host.to_string())
    }));
}

fn strict_transport(report: &DomainReport, found: &mut Vec<Diagnostic>) {
    let mail = &report.mail;
    let receives = report.receives.value;
    let in_force = mail.mta_sts.policy().filter(|policy| policy.mode != Mode::None);
    if let Some(policy) = in_force {
        for host in mail.hosts.iter().filter(|host| !policy.allows(&host.host)) {
            let mut diagnostic = MTA_STS_HOST_MISSING
                .anywhere()
                .arg("host", host.host.to_string())
                .arg("mode", policy.mode.as_str());
            if policy.mode == Mode::Testing {
                diagnostic.severity = Severity::Warning;
            }
            found.push(diagnostic);
        }
        if mail.delivery == Some(Delivery::Hosts) && mail.hosts_left_out == 0 {
            let idle = |pattern: &&crate::transport::mta_sts_policy::Pattern| {
                !mail.hosts.iter().any(|host| pattern.matches(&host.host))
            };
            let idle = policy.mx.iter().filter(idle);
            found.extend(idle.map(|one| MTA_STS_PATTERN_IDLE.anywhere().arg("pattern", one.as_str())));
        }
        if receives == Some(false) {
            found.push(MTA_STS_WITHOUT_MAIL.anywhere().arg("domain", report.domain.to_string()));
        }
    }
    let protected = in_force.is_some() || mail.hosts.iter().any(|host| host.dane() == Dane::Authenticated);
    if protected && mail.tls_rpt.texts.is_settled() && mail.tls_rpt.indexes.is_empty() {
        found.push(NO_TLS_RPT.anywhere().arg("domain", report.domain.to_string()));
    }
}

/// What DNSSEC protects, and what it does not (UBV 2.1; RFC 7672, 2.2.1).
fn signatures(report: &DomainReport, found: &mut Vec<Diagnostic>) {
    let domain = report.domain.to_string();
    let mx_secure = report.mail.mx.records().and_then(|mx| mx.secure);
    let names: Vec<String> = [
        (format!("{domain} MX"), mx_secure),
        (format!("{domain} TXT"), report.spf.records().and_then(|spf| spf.secure)),
    ]
    .into_iter()
    .filter(|(_, secure)| *secure == Some(false))
    .map(|(name, _)| name)
    .collect();
    if !names.is_empty() {
        found.push(NOT_SIGNED.anywhere().arg("names", names));
    }
    if mx_secure == Some(false) && report.mail.hosts.iter().any(|host| host.dane() == Dane::Authenticated) {
        found.push(INSECURE_MX.anywhere().arg("domain", domain));
    }
}
