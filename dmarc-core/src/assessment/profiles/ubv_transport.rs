//! The rules of UBV 1.0, chapter 4: TLS between mail servers, and its protection by DANE.

use crate::assessment::domain::DomainReport;
use crate::assessment::found::Found;
use crate::assessment::mail::MailHost;
use crate::assessment::mail_findings::reference_names;
use crate::assessment::profile::{Evidence, Judgement, Level, RuleVerdict};
use crate::assessment::rules::{MX_UNSIGNED, NO_DANE, NO_STARTTLS, STS_INSTEAD};
use crate::diagnostics::Diagnostic;
use crate::transport::mta_sts_policy::Mode;
use crate::transport::tlsa::{Dane, Shown};

/// Whether a rule for domains with mail concerns this one.
fn concerns(report: &DomainReport) -> bool {
    report.receives.value != Some(false) || report.sends.value != Some(false)
}

/// What is missing for the half of a rule that is about sending.
fn outbound(report: &DomainReport) -> Option<&'static str> {
    (report.sends.value != Some(false)).then_some("reports:tls")
}

/// MAIL-BEVEILIG-001: every mail host offers STARTTLS.
pub(super) fn tls(report: &DomainReport, evidence: Vec<Evidence>) -> Judgement {
    const ID: &str = "MAIL-BEVEILIG-001";
    let level = Level::Prescription;
    if !concerns(report) {
        return Judgement::new(ID, level, RuleVerdict::NotApplicable).with(evidence);
    }
    let mut judgement = Judgement::new(ID, level, RuleVerdict::Undetermined);
    let mut open = report.mail.hosts.is_empty() || report.mail.hosts_left_out > 0;
    for host in &report.mail.hosts {
        let name = host.host.to_string();
        match report.observations.of(&host.host).and_then(|seen| seen.starttls) {
            Some(offered) => {
                let seen = if offered { "STARTTLS" } else { "no STARTTLS" };
                judgement.evidence.push(Evidence::smtp(name.clone(), seen));
                if !offered {
                    judgement = judgement.because(NO_STARTTLS.anywhere().arg("host", name));
                }
            }
            None => open = true,
        }
    }
    if !judgement.reasons.is_empty() {
        judgement.verdict = RuleVerdict::Fail;
        return judgement;
    }
    if open && report.receives.value != Some(false) {
        judgement.missing.push("smtp");
    }
    judgement.missing.extend(outbound(report));
    // Which versions and algorithms are good enough says a list that the caller holds.
    judgement.missing.push("context:tls-guidelines");
    judgement
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
pub(super) fn dane(report: &DomainReport, evidence: Vec<Evidence>) -> Judgement {
    const ID: &str = "MAIL-BEVEILIG-002";
    let level = Level::Prescription;
    if !concerns(report) {
        return Judgement::new(ID, level, RuleVerdict::NotApplicable).with(evidence);
    }
    let mut judgement = Judgement::new(ID, level, RuleVerdict::Undetermined).with(evidence);
    let mail = &report.mail;
    if report.receives.value != Some(false) {
        let mut reasons: Vec<Diagnostic> = Vec::new();
        let mut open = mail.hosts.is_empty() || mail.hosts_left_out > 0;
        for host in &mail.hosts {
            judgement.evidence.extend(tlsa_evidence(host));
            match protected(report, host) {
                Protected::Yes => {}
                Protected::No => reasons.push(NO_DANE.anywhere().arg("host", host.host.to_string())),
                Protected::Open => open = true,
            }
        }
        // Hosts that are protected help nobody who was led to others.
        let signed = mail.mx.records().and_then(|mx| mx.secure);
        if reasons.is_empty() && signed == Some(false) {
            reasons.push(MX_UNSIGNED.anywhere().arg("domain", report.domain.to_string()));
        }
        if !reasons.is_empty() {
            judgement.verdict = RuleVerdict::Fail;
            judgement.reasons = reasons;
            let enforced = mail.mta_sts.policy().is_some_and(|policy| {
                policy.mode == Mode::Enforce && mail.hosts.iter().all(|host| policy.allows(&host.host))
            });
            if enforced {
                judgement.verdict = RuleVerdict::Warn;
                judgement =
                    judgement.because(STS_INSTEAD.anywhere().arg("domain", report.domain.to_string()));
            } else if mail.mta_sts.is_in_force().is_none() {
                judgement.verdict = RuleVerdict::Undetermined;
                judgement.missing.push("https:mta-sts");
            }
            return judgement;
        }
        if open {
            judgement.missing.push("dns:tlsa");
        } else if signed.is_none() {
            judgement.missing.push("dns:dnssec");
        }
    }
    judgement.missing.extend(outbound(report));
    if judgement.missing.is_empty() {
        judgement.verdict = RuleVerdict::Pass;
    }
    judgement
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
