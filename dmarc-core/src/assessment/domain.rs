//! All facts of one domain, from answers and reports.

use crate::diagnostics::{Diagnostic, Subject};
use crate::dkim::{SelectorCheck, Selectors};
use crate::dmarc::discovery::{self, Discovered, Discovery};
use crate::dmarc::walk::LocationState;
use crate::dmarc::{self, Edition};
use crate::dns;
use crate::evaluation::{Answer, Check, Inquiry, Question, RecordSet, Unknown};
use crate::name::{AuthorDomain, DomainName};
use crate::spf;
use crate::spf::analysis::{Conventions, Policies};
use crate::streams::Judged;
use crate::text::lossy;
use crate::time::UnixTime;

use super::attribution::Attribution;
use super::coherence::{self, Stance};
use super::context::Context;
use super::destination::{self, Destination};
use super::found::Found;
use super::inventory::Inventory;
use super::mail::{self, MailFacts};
use super::mail_findings;
use super::observation::Observations;
use super::profile::Profile;
use super::profiles::{self, ProfileId};
use super::report_findings;
use super::reports::ReportState;
use super::rules::{LOOKUP_FAILED, MISPLACED_DMARC, NO_DMARC, NO_SPF, NOT_KNOWN};
use super::selectors::Known;
use super::subdomains::{self, Subdomain};

/// The check of one domain.
#[derive(Clone, Debug)]
pub struct DomainCheck {
    /// The domain.
    pub domain: DomainName,
    /// Edition of DMARC that receivers are taken to follow.
    pub edition: Edition,
    /// When the answers hold.
    pub now: Option<UnixTime>,
    /// What only the operator knows.
    pub context: Context,
    /// What reports say about the domain, summed; `None` if no reports were given.
    pub reports: Option<ReportState>,
    /// What was seen at its mail hosts.
    pub observations: Observations,
    /// The profiles that are judged.
    pub profiles: Vec<ProfileId>,
}

/// The TXT records of a domain, as SPF reads them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SpfFound {
    /// Every TXT record, joined.
    pub texts: Vec<Vec<u8>>,
    /// Which of them are SPF records.
    pub indexes: Vec<usize>,
    /// The record, if there is exactly one.
    pub record: Option<spf::Record>,
    /// Whether the resolver validated the answer; `None` if it does not say.
    pub secure: Option<bool>,
}

/// What is known about one domain.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainReport {
    /// The domain.
    pub domain: DomainName,
    /// The edition that was followed.
    pub edition: Edition,
    /// When the answers hold.
    pub now: Option<UnixTime>,
    /// What only the operator knows.
    pub context: Context,
    /// What reports say about the domain, summed; `None` if no reports were given.
    pub reports: Option<ReportState>,
    /// The policy that holds.
    pub discovered: Discovered,
    /// The TXT records at `_dmarc` of the domain itself, joined.
    pub dmarc_texts: Found<Vec<Vec<u8>>>,
    /// Its TXT records, as SPF reads them.
    pub spf: Found<SpfFound>,
    /// The way that mail for it takes.
    pub mail: MailFacts,
    /// What was seen at its mail hosts.
    pub observations: Observations,
    /// Whether it sends mail.
    pub sends: Stance,
    /// Whether it takes mail.
    pub receives: Stance,
    /// Its DKIM keys, as far as selectors are known.
    pub keys: Selectors,
    /// The selectors that were asked for, and where they are known from.
    pub selectors: Known,
    /// Names below it that the operator named or reports mention.
    pub subdomains: Vec<Subdomain>,
    /// Names below it beyond those that were looked up.
    pub subdomains_left_out: usize,
    /// Where reports go.
    pub destinations: Vec<Destination>,
    /// Who sends, what that is, and what changed; `None` if no reports were given.
    pub judged: Option<Judged>,
    /// Which term of the SPF record authorizes each reported source; `None` without sources.
    pub attribution: Option<Attribution>,
    /// Its SPF policy, with the records that it leads to; `None` if nobody asked for what needs them.
    pub policies: Option<Policies>,
    /// What Internet.nl looks at besides; `None` unless that profile is judged.
    pub(super) internet_nl: Option<profiles::internet_nl::Seen>,
    /// Keys against the signatures that reports name; `None` if no reports were given.
    pub dkim_inventory: Option<Inventory>,
    /// Judged requirements.
    pub profiles: Vec<Profile>,
    /// What was found, by record.
    pub diagnostics: Vec<(Diagnostic, Vec<u8>)>,
}

impl Check for DomainCheck {
    type Report = DomainReport;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<DomainReport, Unknown> {
        let Parts {
            known,
            discovered,
            destinations,
            texts,
            mail,
            keys,
            policies,
            internet_nl,
            below,
            subdomains_left_out,
        } = self.gather(inquiry)?;
        let mut report = DomainReport {
            domain: self.domain.clone(),
            edition: self.edition,
            now: self.now,
            context: self.context.clone(),
            reports: self.reports.clone(),
            discovered,
            dmarc_texts: at_dmarc(&self.domain, inquiry),
            spf: Found::from_answer(texts, |set| spf_found(&set)),
            mail,
            observations: self.observations.clone(),
            sends: Stance::UNKNOWN,
            receives: Stance::UNKNOWN,
            keys,
            selectors: known,
            subdomains: below,
            subdomains_left_out,
            destinations,
            judged: self
                .reports
                .as_ref()
                .map(|reports| reports.judged_with(&self.context.thresholds, &self.context.senders())),
            dkim_inventory: None,
            attribution: None,
            policies,
            internet_nl,
            profiles: Vec::new(),
            diagnostics: Vec::new(),
        };
        report.attribution = report.attributed();
        report.dkim_inventory = Inventory::of(&report);
        report.sends = coherence::sends(&report);
        report.receives = coherence::receives(&report);
        report.diagnostics = findings(&report);
        report.profiles = profiles::judge(&report, &self.profiles);
        Ok(report)
    }

    fn probe(&self, inquiry: &mut Inquiry<'_>) -> Result<(), Unknown> {
        self.gather(inquiry).map(drop)
    }
}

/// What was asked for.
struct Parts {
    known: Known,
    discovered: Discovered,
    destinations: Vec<Destination>,
    texts: Answer,
    mail: MailFacts,
    keys: Selectors,
    policies: Option<Policies>,
    internet_nl: Option<profiles::internet_nl::Seen>,
    below: Vec<Subdomain>,
    subdomains_left_out: usize,
}

impl DomainCheck {
    /// Asks for everything.
    fn gather(&self, inquiry: &mut Inquiry<'_>) -> Result<Parts, Unknown> {
        let author = AuthorDomain::new(self.domain.clone());
        let known = Known::of(&self.domain, &self.context, self.reports.as_ref());
        let (names, subdomains_left_out) =
            subdomains::names(&self.domain, &self.context.subdomains, self.reports.as_ref());
        let ((discovered, destinations), (texts, (mail, ((keys, (policies, internet_nl)), below)))) = inquiry
            .both(
                |inquiry| self.policy(&author, inquiry),
                |inquiry| {
                    inquiry.both(
                        |inquiry| inquiry.ask(Question::txt(self.domain.clone())),
                        |inquiry| {
                            inquiry.both(
                                |inquiry| mail::gather(&self.domain, inquiry),
                                |inquiry| {
                                    inquiry.both(
                                        |inquiry| {
                                            inquiry.both(
                                                |inquiry| self.keys(&known, inquiry),
                                                |inquiry| {
                                                    inquiry.both(
                                                        |inquiry| self.policies(inquiry),
                                                        |inquiry| self.internet_nl(inquiry),
                                                    )
                                                },
                                            )
                                        },
                                        |inquiry| {
                                            let parts = names.iter().map(|(name, reported)| {
                                                move |inquiry: &mut Inquiry<'_>| {
                                                    subdomains::look_up(
                                                        name,
                                                        *reported,
                                                        self.edition,
                                                        inquiry,
                                                    )
                                                }
                                            });
                                            inquiry.all(parts)
                                        },
                                    )
                                },
                            )
                        },
                    )
                },
            )?;
        Ok(Parts {
            known,
            discovered,
            destinations,
            texts,
            mail,
            keys,
            policies,
            internet_nl,
            below,
            subdomains_left_out,
        })
    }

    fn policy(
        &self,
        author: &AuthorDomain,
        inquiry: &mut Inquiry<'_>,
    ) -> Result<(Discovered, Vec<Destination>), Unknown> {
        let discovered = discovery::discover(author, self.edition, inquiry)?;
        let Discovery::Record(found) = &discovered.discovery else { return Ok((discovered, Vec::new())) };
        let destinations = destination::look_up(&found.record, &found.policy_domain, self.edition, inquiry)?;
        Ok((discovered, destinations))
    }

    /// The SPF policy with all that it leads to: for the profiles, and for the sources that reports name.
    fn policies(&self, inquiry: &mut Inquiry<'_>) -> Result<Option<Policies>, Unknown> {
        let reported = self.reports.as_ref().is_some_and(|reports| !reports.sources.is_empty());
        if self.profiles.is_empty() && !reported {
            return Ok(None);
        }
        Policies::fetch(&self.domain, None, &Conventions::default(), inquiry).map(Some)
    }

    fn internet_nl(&self, inquiry: &mut Inquiry<'_>) -> Result<Option<profiles::internet_nl::Seen>, Unknown> {
        if !self.profiles.contains(&ProfileId::InternetNl) {
            return Ok(None);
        }
        profiles::internet_nl::Seen::look_up(&self.domain, inquiry).map(Some)
    }

    fn keys(&self, known: &Known, inquiry: &mut Inquiry<'_>) -> Result<Selectors, Unknown> {
        let selectors = known.origins.keys().cloned().collect();
        SelectorCheck { domain: self.domain.clone(), selectors }.run(inquiry)
    }
}

impl DomainReport {
    fn attributed(&self) -> Option<Attribution> {
        let (reports, judged) = self.reports.as_ref().zip(self.judged.as_ref())?;
        Some(Attribution::of(self.policies.as_ref()?, &Conventions::default(), reports, judged))
    }
}

/// What discovery saw at the domain's own name.
fn at_dmarc(domain: &DomainName, inquiry: &Inquiry<'_>) -> Found<Vec<Vec<u8>>> {
    let own = dmarc::walk::question(domain);
    let answer = own.as_ref().and_then(|question| inquiry.used().get(question).copied());
    let texts = |set: RecordSet| set.records.iter().filter_map(dns::Record::joined_text).collect();
    answer.map_or(Found::NotKnown, |answer| Found::from_answer(answer.clone(), texts))
}

fn spf_found(set: &RecordSet) -> SpfFound {
    let texts: Vec<Vec<u8>> = set.records.iter().filter_map(dns::Record::joined_text).collect();
    let records: Vec<(usize, spf::Record)> = texts
        .iter()
        .enumerate()
        .filter_map(|(index, text)| Some((index, spf::Record::read(text)?)))
        .collect();
    let indexes = records.iter().map(|(index, _)| *index).collect();
    let record = match records.as_slice() {
        [(_, record)] => Some(record.clone()),
        _ => None,
    };
    SpfFound { texts, indexes, record, secure: set.authentic }
}

/// What is to say about the facts, each with the text that its span is about.
fn findings(report: &DomainReport) -> Vec<(Diagnostic, Vec<u8>)> {
    let mut found = Vec::new();
    policy_findings(report, &mut found);
    neighbors(report, &mut found);
    found.extend(report.destinations.iter().filter_map(Destination::finding).map(|one| (one, Vec::new())));
    let domain = report.domain.to_string();
    let subject =
        |kind: &str, index| Subject { name: Some(domain.clone()), record_type: Some(kind.to_owned()), index };
    match &report.spf {
        Found::Records(spf) => {
            for diagnostic in spf::Record::select(&spf.texts).diagnostics {
                let index = diagnostic.subject.as_ref().and_then(|subject| subject.index);
                let text = index.and_then(|index| spf.texts.get(index)).cloned().unwrap_or_default();
                found.push((diagnostic.about(subject("TXT", index)), text));
            }
            if spf.indexes.is_empty() {
                found.push((NO_SPF.anywhere().arg("domain", domain.as_str()), Vec::new()));
            }
        }
        Found::NoData | Found::NxDomain => {
            found.push((NO_SPF.anywhere().arg("domain", domain.as_str()), Vec::new()));
        }
        Found::Failed(reason) => found.push(failed(&domain, reason)),
        Found::NotKnown => found.push(not_known(&domain)),
    }
    mail_findings::findings(report, &mut found);
    found.extend(report.selectors.findings(&report.keys));
    found.extend(report_findings::findings(report).into_iter().map(|one| (one, Vec::new())));
    found.extend(coherence::findings(report).into_iter().map(|one| (one, Vec::new())));
    found.extend(report.context.findings(report).into_iter().map(|one| (one, Vec::new())));
    found.sort_by(|a, b| {
        (&a.0.subject, a.0.span, a.0.rule.code, &a.0.args).cmp(&(
            &b.0.subject,
            b.0.span,
            b.0.rule.code,
            &b.0.args,
        ))
    });
    found.dedup();
    found
}

fn failed(name: &str, reason: &str) -> (Diagnostic, Vec<u8>) {
    (LOOKUP_FAILED.anywhere().arg("name", name).arg("reason", reason), Vec::new())
}

fn not_known(name: &str) -> (Diagnostic, Vec<u8>) {
    (NOT_KNOWN.anywhere().arg("name", name), Vec::new())
}

/// What is to say about the policy record and the way to it.
fn policy_findings(report: &DomainReport, found: &mut Vec<(Diagnostic, Vec<u8>)>) {
    let below = |name: &DomainName| format!("_dmarc.{name}");
    let subject = |name: &DomainName, index| Subject {
        name: Some(below(name)),
        record_type: Some("TXT".to_owned()),
        index,
    };
    match &report.discovered.discovery {
        Discovery::Record(record) => {
            for diagnostic in dmarc::Record::parse(&record.text, report.edition).diagnostics {
                let diagnostic = diagnostic.about(subject(&record.policy_domain, Some(record.index)));
                found.push((diagnostic, record.text.to_vec()));
            }
        }
        Discovery::NoRecord => {
            found.push((NO_DMARC.anywhere().arg("domain", report.domain.to_string()), Vec::new()));
        }
        Discovery::SeveralRecords { .. } | Discovery::Failed { .. } | Discovery::NotKnown { .. } => {}
    }
    for location in &report.discovered.visited {
        match &location.state {
            LocationState::Several { count } => found.push((
                dmarc::rules::SEVERAL_RECORDS
                    .anywhere()
                    .arg("count", *count)
                    .about(subject(&location.name, None)),
                Vec::new(),
            )),
            LocationState::Failed { reason } => found.push(failed(&below(&location.name), reason)),
            LocationState::NotKnown => found.push(not_known(&below(&location.name))),
            _ => {}
        }
    }
}

/// Texts at `_dmarc` that were meant as a record, and a record at the domain itself.
fn neighbors(report: &DomainReport, found: &mut Vec<(Diagnostic, Vec<u8>)>) {
    if let Some(texts) = report.dmarc_texts.records() {
        let texts = texts.iter().enumerate();
        for (index, text) in texts.filter(|(_, text)| !dmarc::Record::is_record(text)) {
            if !lossy(text).to_ascii_lowercase().contains("dmarc") {
                continue;
            }
            let subject = Subject {
                name: Some(format!("_dmarc.{}", report.domain)),
                record_type: Some("TXT".to_owned()),
                index: Some(index),
            };
            for diagnostic in dmarc::Record::parse(text, report.edition).diagnostics {
                found.push((diagnostic.about(subject.clone()), text.clone()));
            }
        }
    }
    if let Some(spf) = report.spf.records() {
        for (index, text) in spf.texts.iter().enumerate() {
            if dmarc::Record::is_record(text) {
                let subject = Subject {
                    name: Some(report.domain.to_string()),
                    record_type: Some("TXT".to_owned()),
                    index: Some(index),
                };
                let diagnostic =
                    MISPLACED_DMARC.at(0..text.len()).arg("domain", report.domain.to_string()).about(subject);
                found.push((diagnostic, text.clone()));
            }
        }
    }
}
