//! What is to say about the way that mail takes: MX records, hosts, TLSA, MTA-STS and TLS reports.

use crate::diagnostics::{Diagnostic, Parsed, Subject};
use crate::name::DomainName;
use crate::text::lossy;
use crate::transport::certificate::Certificate;
use crate::transport::mta_sts_policy::rules::{MEDIA_TYPE, NOT_FETCHED, REDIRECT, STATUS};
use crate::transport::mx::{self, Delivery};
use crate::transport::tlsa::rules::LOOKUP_FAILED as TLSA_FAILED;
use crate::transport::tlsa::{Record, Shown};
use crate::transport::{mta_sts, tls_rpt};

use super::domain::DomainReport;
use super::found::Found;
use super::mail::{Chosen, Fetched, MailHost};
use super::rules::{
    CERTIFICATE_EXPIRED, CERTIFICATE_NAME, LOOKUP_FAILED, NO_STARTTLS, UNREADABLE_OBSERVATION,
};

/// A finding with the text that its span is about.
pub(super) type Said = (Diagnostic, Vec<u8>);

fn about(name: &DomainName, record_type: &str, index: Option<usize>) -> Subject {
    Subject { name: Some(name.to_string()), record_type: Some(record_type.to_owned()), index }
}

/// Every finding.
pub(super) fn findings(report: &DomainReport, found: &mut Vec<Said>) {
    let mail = &report.mail;
    let bare = |diagnostic: Diagnostic| (diagnostic, Vec::new());
    match &mail.mx {
        Found::Records(mx) => {
            let subject = about(&report.domain, "MX", None);
            let said = mx::findings(&report.domain, &mx.exchanges);
            found.extend(said.into_iter().map(|one| bare(one.about(subject.clone()))));
        }
        Found::Failed(reason) => {
            let name = report.domain.to_string();
            found.push(bare(LOOKUP_FAILED.anywhere().arg("name", name).arg("reason", reason.as_str())));
        }
        _ => {}
    }
    if mail.delivery == Some(Delivery::Implicit) {
        found.push(bare(mx::IMPLICIT.anywhere().arg("domain", report.domain.to_string())));
    }
    for host in &mail.hosts {
        addresses(report, host, found);
        tlsa(report, host, found);
        observed(report, host, found);
    }
    for (host, reason) in &report.observations.unreadable {
        let diagnostic = UNREADABLE_OBSERVATION.anywhere().arg("host", host.as_str());
        found.push(bare(diagnostic.arg("reason", reason.as_str())));
    }
    let several = &mta_sts::SEVERAL_RECORDS;
    texts(&mail.mta_sts.record, several, |text| mta_sts::Record::parse(text).diagnostics, found);
    let several = &tls_rpt::SEVERAL_RECORDS;
    texts(&mail.tls_rpt, several, |text| tls_rpt::Record::parse(text).diagnostics, found);
    fetched(report, found);
}

fn addresses(report: &DomainReport, host: &MailHost, found: &mut Vec<Said>) {
    let subject = || about(&report.domain, "MX", None);
    let name = host.host.to_string();
    let mut push = |diagnostic: Diagnostic| found.push((diagnostic.about(subject()), Vec::new()));
    if host.has_address() == Some(false) && !mx::is_address(&host.host) {
        push(mx::NO_ADDRESS.anywhere().arg("host", name.as_str()));
    }
    if let (Some(target), true) = (host.aliases.last(), report.mail.delivery == Some(Delivery::Hosts)) {
        push(mx::ALIAS.anywhere().arg("host", name.as_str()).arg("target", target.to_string()));
    }
    let all: Vec<_> = host.all_addresses().collect();
    // One that cannot be reached beside others that can is a private view of the zone at most.
    if !all.is_empty() && all.iter().all(|address| mx::is_unreachable(*address)) {
        let address = all.first().map(ToString::to_string).unwrap_or_default();
        push(mx::UNREACHABLE.anywhere().arg("host", name.as_str()).arg("address", address));
    }
    for answer in &host.addresses {
        if let Found::Failed(reason) = answer {
            let diagnostic = LOOKUP_FAILED.anywhere().arg("name", name.as_str());
            push(diagnostic.arg("reason", reason.as_str()));
            break;
        }
    }
}

fn tlsa(report: &DomainReport, host: &MailHost, found: &mut Vec<Said>) {
    let set = match &host.tlsa {
        Found::Records(set) => set,
        Found::Failed(reason) => {
            let name = format!("_25._tcp.{}", host.host);
            let diagnostic = TLSA_FAILED.anywhere().arg("name", name).arg("reason", reason.as_str());
            found.push((diagnostic, Vec::new()));
            return;
        }
        _ => return,
    };
    for (index, record) in set.records.iter().enumerate() {
        let text = record.to_presentation();
        for diagnostic in Record::parse(&text).diagnostics {
            let diagnostic = diagnostic.about(about(&set.name, "TLSA", Some(index)));
            found.push((diagnostic, text.clone().into_bytes()));
        }
    }
    let names = reference_names(report, host);
    let chain = report.observations.of(&host.host).map(|seen| seen.chain.as_slice());
    let shown = chain.map(|chain| Shown { chain, names: &names });
    let subject = about(&set.name, "TLSA", None);
    let said = set.findings(shown.as_ref());
    found.extend(said.into_iter().map(|one| (one.about(subject.clone()), Vec::new())));
}

/// The names that a certificate may be for (RFC 7672, 3.2.2): the host, and the domain if its MX records
/// are signed.
pub(super) fn reference_names(report: &DomainReport, host: &MailHost) -> Vec<DomainName> {
    let mut names = vec![host.host.clone()];
    names.extend(host.aliases.last().filter(|_| host.secure == Some(true)).cloned());
    if report.mail.mx.records().is_some_and(|mx| mx.secure == Some(true)) {
        names.push(report.domain.clone());
    }
    names
}

fn observed(report: &DomainReport, host: &MailHost, found: &mut Vec<Said>) {
    let Some(seen) = report.observations.of(&host.host) else { return };
    let name = host.host.to_string();
    let mut push = |diagnostic: Diagnostic| found.push((diagnostic, Vec::new()));
    if seen.starttls == Some(false) {
        push(NO_STARTTLS.anywhere().arg("host", name.as_str()));
    }
    // Only MTA-STS asks for the name and the time of a certificate; DANE has its own rules.
    let strict = report.mail.mta_sts.policy().is_some_and(|policy| policy.allows(&host.host));
    let Some(leaf) = seen.chain.first().filter(|_| strict) else { return };
    if !is_for(leaf, &host.host) {
        let names = leaf.dns_names().to_vec();
        push(CERTIFICATE_NAME.anywhere().arg("host", name.as_str()).arg("names", names));
    }
    let ended = leaf.valid_until().zip(report.now).is_some_and(|(until, now)| until < now);
    if ended {
        push(CERTIFICATE_EXPIRED.anywhere().arg("host", name.as_str()));
    }
}

/// Whether a certificate is for a host as MTA-STS compares them (RFC 8461, 4.2).
pub(super) fn is_for(leaf: &Certificate, host: &DomainName) -> bool {
    leaf.dns_names().iter().any(|name| {
        crate::transport::mta_sts_policy::Pattern::parse(name).is_some_and(|pattern| pattern.matches(host))
    })
}

/// What is to say about TXT records of which one is to be chosen.
fn texts<T>(
    chosen: &Chosen<T>,
    several: &'static crate::diagnostics::Rule,
    parse: impl Fn(&[u8]) -> Vec<Diagnostic>,
    found: &mut Vec<Said>,
) {
    let list: &[Vec<u8>] = match &chosen.texts {
        Found::Records(list) => list,
        Found::Failed(reason) => {
            let diagnostic = LOOKUP_FAILED.anywhere().arg("name", chosen.name.to_string());
            found.push((diagnostic.arg("reason", reason.as_str()), Vec::new()));
            return;
        }
        _ => return,
    };
    if chosen.indexes.len() > 1 {
        let diagnostic = several.anywhere().arg("count", chosen.indexes.len());
        found.push((diagnostic.about(about(&chosen.name, "TXT", None)), Vec::new()));
    }
    for (index, text) in list.iter().enumerate() {
        // What was meant as a record, and is none, says why.
        let alike = || lossy(text).to_ascii_lowercase().replace([' ', '\t'], "");
        let is_meant = chosen.indexes.is_empty() && (alike().contains("sts") || alike().contains("tlsrpt"));
        if chosen.indexes.contains(&index) || is_meant {
            let subject = about(&chosen.name, "TXT", Some(index));
            found.extend(parse(text).into_iter().map(|one| (one.about(subject.clone()), text.clone())));
        }
    }
}

fn fetched(report: &DomainReport, found: &mut Vec<Said>) {
    let sts = &report.mail.mta_sts;
    let url = sts.url.as_str();
    let mut push = |diagnostic: Diagnostic, text: &[u8]| found.push((diagnostic, text.to_vec()));
    match &sts.fetched {
        Some(Fetched::Failed(reason)) => {
            push(NOT_FETCHED.anywhere().arg("url", url).arg("reason", reason.as_str()), b"");
        }
        Some(Fetched::Response { status, content_type, body, file }) => {
            match file {
                None => {
                    let rule = if (300..400).contains(status) { &REDIRECT } else { &STATUS };
                    push(rule.anywhere().arg("url", url).arg("status", *status), b"");
                }
                Some(Parsed { diagnostics, .. }) => {
                    let subject = Subject { name: Some(url.to_owned()), record_type: None, index: None };
                    for diagnostic in diagnostics {
                        push(diagnostic.clone().about(subject.clone()), body);
                    }
                }
            }
            let media = content_type.as_deref().unwrap_or_default();
            let bare = media.split(';').next().unwrap_or_default().trim();
            if file.is_some() && !bare.eq_ignore_ascii_case("text/plain") {
                push(MEDIA_TYPE.anywhere().arg("url", url).arg("found", media), b"");
            }
        }
        _ => {}
    }
}
