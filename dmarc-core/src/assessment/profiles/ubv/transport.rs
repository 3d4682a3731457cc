//! The rules of UBV 1.0, chapter 4: TLS between mail servers, and its protection by DANE.

use crate::assessment::context::TlsLevel;
use crate::assessment::domain::DomainReport;
use crate::assessment::found::Found;
use crate::assessment::mail::MailHost;
use crate::assessment::mail_findings::reference_names;
use crate::assessment::profile::{Evidence, RuleVerdict, Ruling};
use crate::assessment::profile_rules::{OUTBOUND_NO_DANE, OUTBOUND_NO_TLS, TLS_INSUFFICIENT};
use crate::assessment::profiles::Facts;
use crate::assessment::profiles::evidence::mx_evidence;
use crate::assessment::rules::{MX_UNSIGNED, NO_DANE, NO_STARTTLS, STS_INSTEAD};
use crate::diagnostics::Rule;
use crate::transport::mta_sts_policy::Mode;
use crate::transport::tlsa::{Dane, Shown};

/// Whether a rule for domains with mail concerns this one.
fn concerns(report: &DomainReport) -> bool {
    report.receives.value != Some(false) || report.sends.value != Some(false)
}

/// Adds what the operator says of sending, or what is missing for that half of a rule.
fn outbound(
    mut ruling: Ruling,
    report: &DomainReport,
    says: Option<bool>,
    subject: &str,
    rule: &'static Rule,
) -> Ruling {
    if report.sends.value == Some(false) {
        return ruling;
    }
    match says {
        None => ruling.missing.push("reports:tls"),
        Some(does) => {
            ruling.evidence.push(Evidence::context(subject, if does { "yes" } else { "no" }));
            if !does {
                ruling = ruling.because(rule.anywhere().arg("domain", report.domain.to_string()));
            }
        }
    }
    ruling
}

/// MAIL-BEVEILIG-001: every mail host offers STARTTLS, of a version that the guidelines do not refuse.
pub(super) fn tls(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    if !concerns(report) {
        return Ruling::not_applicable().with(mx_evidence(report));
    }
    let mut ruling = Ruling::pass();
    let mut open = report.mail.hosts.is_empty() || report.mail.hosts_left_out > 0;
    let mut unclassified = false;
    for host in &report.mail.hosts {
        let name = host.host.to_string();
        let Some(seen) = report.observations.of(&host.host) else {
            open = true;
            continue;
        };
        match seen.starttls {
            Some(offered) => {
                let shown = if offered { "STARTTLS" } else { "no STARTTLS" };
                let protocol = seen.protocol.as_ref().map(|protocol| format!(", {protocol}"));
                let shown = format!("{shown}{}", protocol.unwrap_or_default());
                ruling.evidence.push(Evidence::smtp(name.clone(), shown));
                if !offered {
                    ruling = ruling.because(NO_STARTTLS.anywhere().arg("host", name));
                    continue;
                }
            }
            None => {
                open = true;
                continue;
            }
        }
        // Which versions are good enough says a list that the caller holds.
        let protocol = seen.protocol.as_deref().unwrap_or_default();
        match report.context.tls_levels.get(protocol) {
            Some(TlsLevel::Insufficient) => {
                let reason = TLS_INSUFFICIENT.anywhere().arg("host", name).arg("protocol", protocol);
                ruling = ruling.because(reason);
            }
            Some(_) => {}
            None => unclassified = true,
        }
    }
    if !ruling.reasons.is_empty() {
        return ruling.settle(RuleVerdict::Fail);
    }
    let receives = report.receives.value != Some(false);
    if open && receives {
        ruling.missing.push("smtp");
    }
    ruling =
        outbound(ruling, report, report.context.sends_with_tls, "outbound mail uses TLS", &OUTBOUND_NO_TLS);
    if receives && (open || unclassified) {
        ruling.missing.push("context:tls-guidelines");
    }
    ruling.settle(RuleVerdict::Fail)
}

/// What DNS and observations say about DANE at one host.
enum Protected {
    Yes,
    No,
    Open,
}

fn protected(report: &DomainReport, host: &MailHost) -> Protected {
    let names = reference_names(report, host);
    let seen = report.observations.of(&host.host);
    let shown = seen.map(|seen| Shown { chain: &seen.chain, names: &names });
    let matched = host.tlsa.records().zip(shown.as_ref()).and_then(|(set, shown)| set.matches(shown));
    match host.dane() {
        Dane::Authenticated if matched == Some(false) => Protected::No,
        Dane::Authenticated => Protected::Yes,
        Dane::Encrypted | Dane::Opportunistic => Protected::No,
        _ => Protected::Open,
    }
}

/// MAIL-BEVEILIG-002: every mail host has DANE records that senders can use; MTA-STS where that cannot be.
pub(super) fn dane(facts: &Facts<'_>) -> Ruling {
    let report = facts.report;
    if !concerns(report) {
        return Ruling::not_applicable().with(mx_evidence(report));
    }
    let mut ruling = Ruling::pass().with(mx_evidence(report));
    let mail = &report.mail;
    if report.receives.value != Some(false) {
        let mut open = mail.hosts.is_empty() || mail.hosts_left_out > 0;
        for host in &mail.hosts {
            ruling.evidence.extend(tlsa_evidence(host));
            match protected(report, host) {
                Protected::Yes => {}
                Protected::No => {
                    ruling = ruling.because(NO_DANE.anywhere().arg("host", host.host.to_string()));
                }
                Protected::Open => open = true,
            }
        }
        // Hosts that are protected help nobody who was led to others.
        let signed = mail.mx.records().and_then(|mx| mx.secure);
        if ruling.reasons.is_empty() && signed == Some(false) {
            ruling = ruling.because(MX_UNSIGNED.anywhere().arg("domain", report.domain.to_string()));
        }
        if !ruling.reasons.is_empty() {
            ruling.verdict = RuleVerdict::Fail;
            let enforced = mail.mta_sts.policy().is_some_and(|policy| {
                policy.mode == Mode::Enforce && mail.hosts.iter().all(|host| policy.allows(&host.host))
            });
            if enforced {
                ruling.verdict = RuleVerdict::Warn;
                ruling = ruling.because(STS_INSTEAD.anywhere().arg("domain", report.domain.to_string()));
            } else if mail.mta_sts.is_in_force().is_none() {
                ruling.verdict = RuleVerdict::Undetermined;
                ruling.missing.push("https:mta-sts");
            }
            return ruling;
        }
        if open {
            ruling.missing.push("dns:tlsa");
        } else if signed.is_none() {
            ruling.missing.push("dns:dnssec");
        }
    }
    let says = report.context.verifies_dane;
    outbound(ruling, report, says, "outbound mail verifies DANE", &OUTBOUND_NO_DANE).settle(RuleVerdict::Fail)
}

fn tlsa_evidence(host: &MailHost) -> Vec<Evidence> {
    let subject = format!("_25._tcp.{} TLSA", host.host);
    match &host.tlsa {
        Found::Records(set) => {
            let state = match set.secure {
                Some(true) => "signed",
                Some(false) => "not signed",
                None => "signature unknown",
            };
            let record = |one: &crate::transport::tlsa::Association| {
                Evidence::dns(subject.clone(), format!("{} ({state})", one.to_presentation()))
            };
            set.records.iter().map(record).collect()
        }
        other => vec![Evidence::dns(subject, other.status())],
    }
}
