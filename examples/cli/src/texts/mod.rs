//! Every sentence of this program, per language. A sentence that a language lacks does not compile.

pub(crate) mod change;
mod en;
mod help;
mod keys;
pub(crate) mod message;
mod nl;
pub(crate) mod plan;
pub(crate) mod policy;
mod records;
pub(crate) mod report;
pub(crate) mod senders;
pub(crate) mod streams;
pub(crate) mod tables;
mod transport;
pub(crate) mod writing;

use dmarc_core::assessment::RuleVerdict;
use dmarc_core::diagnostics::{Language, Severity};

pub(crate) use self::help::{Help, Problems, Usage};
pub(crate) use self::records::{Meanings, Record, Spf};
use crate::table::Tone;

/// The sentences of a language.
pub(crate) fn of(language: Language) -> &'static Texts {
    match language {
        Language::Nl => &nl::TEXTS,
        _ => &en::TEXTS,
    }
}

/// All sentences of one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The language they are in.
    pub(crate) language: Language,
    /// Sign between thousands.
    pub(crate) thousands: char,
    /// What the commands and options do.
    pub(crate) help: Help,
    /// Mistakes in what was typed.
    pub(crate) usage: Usage,
    /// Why a job could not be done.
    pub(crate) problems: Problems,
    /// What `record` says.
    pub(crate) record: Record,
    /// What `domain` says of the way that mail takes.
    pub(crate) transport: transport::Transport,
    /// What it says of SPF records.
    pub(crate) spf: Spf,
    /// What `spf` says of policies.
    pub(crate) policy: policy::Policy,
    /// What `dkim` says.
    pub(crate) keys: keys::Keys,
    /// What `message` says.
    pub(crate) message: message::Message,
    /// What `reports` says.
    pub(crate) reports: Reports,
    /// What `change` says.
    pub(crate) change: change::Change,
    /// What `plan` says.
    pub(crate) plan: plan::Plan,
    /// What `reports` and `domain` say of who sends.
    pub(crate) streams: streams::Streams,
    /// What `domain` says of records against reports.
    pub(crate) senders: senders::Senders,
    /// What `reports` says of tables and of reporters.
    pub(crate) tables: tables::Tables,
    /// What the options of `report write` do.
    pub(crate) writing: writing::Writing,
    /// What `domain` says.
    pub(crate) domain: Domain,
    /// What the report on a domain and the portfolio say.
    pub(crate) report: report::Report,
    /// Names of the severities.
    pub(crate) severities: Severities,
}

impl Texts {
    /// The name of a severity, and how it reads.
    pub(crate) fn severity(&self, severity: Option<Severity>) -> (&'static str, Tone) {
        match severity {
            Some(Severity::Error) => (self.severities.error, Tone::Bad),
            Some(Severity::Warning) => (self.severities.warning, Tone::Care),
            _ => (self.severities.notice, Tone::Aside),
        }
    }
}

/// Names of the severities.
#[derive(Debug)]
pub(crate) struct Severities {
    pub(crate) error: &'static str,
    pub(crate) warning: &'static str,
    pub(crate) notice: &'static str,
}

/// What `reports` says.
#[derive(Debug)]
pub(crate) struct Reports {
    pub(crate) headline: fn(reports: &str) -> String,
    pub(crate) period: fn(begin: &str, end: &str) -> String,
    pub(crate) reading: &'static str,
    pub(crate) what: &'static str,
    pub(crate) count: &'static str,
    pub(crate) of_which: &'static str,
    pub(crate) inputs: &'static str,
    pub(crate) reports: &'static str,
    pub(crate) records: &'static str,
    pub(crate) messages: &'static str,
    pub(crate) refused_part: fn(count: &str) -> String,
    pub(crate) incomplete_part: fn(count: &str) -> String,
    pub(crate) skipped_part: fn(count: &str) -> String,
    pub(crate) duplicate_part: fn(count: &str) -> String,
    pub(crate) conflict_part: fn(count: &str) -> String,
    pub(crate) resent_part: fn(count: &str) -> String,
    pub(crate) overlap_part: fn(count: &str) -> String,
    pub(crate) uncounted_part: fn(count: &str) -> String,
    pub(crate) lost_part: fn(count: &str) -> String,
    pub(crate) reporters: &'static str,
    pub(crate) reporter: &'static str,
    pub(crate) unnamed: &'static str,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) sources: &'static str,
    pub(crate) failing: &'static str,
    pub(crate) source: &'static str,
    pub(crate) dkim: &'static str,
    pub(crate) spf: &'static str,
    pub(crate) dmarc: &'static str,
    pub(crate) from: &'static str,
    pub(crate) other_sources: fn(sources: &str, messages: &str, passed: &str) -> String,
    pub(crate) more_names: fn(count: usize) -> String,
    pub(crate) failure_reports: &'static str,
    pub(crate) tls_reports: &'static str,
    pub(crate) sessions: &'static str,
    pub(crate) failed_part: fn(count: &str) -> String,
    pub(crate) failed: &'static str,
    pub(crate) succeeded: &'static str,
    pub(crate) outcome: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) host: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) severity: &'static str,
    pub(crate) finding: &'static str,
    pub(crate) findings_hint: &'static str,
    /// Findings that were counted and not kept.
    pub(crate) findings_left_out: fn(&str) -> String,
}

/// What `domain` says.
#[derive(Debug)]
pub(crate) struct Domain {
    pub(crate) open: &'static str,
    pub(crate) half: &'static str,
    pub(crate) closed: &'static str,
    pub(crate) no_policy: &'static str,
    pub(crate) not_known: &'static str,
    pub(crate) under: fn(edition: &str, when: &str) -> String,
    pub(crate) at_domain: &'static str,
    pub(crate) at_organization: &'static str,
    pub(crate) at_public_suffix: &'static str,
    pub(crate) no_dmarc: &'static str,
    pub(crate) several: fn(name: &str, count: usize) -> String,
    pub(crate) failed: fn(name: &str, reason: &str) -> String,
    pub(crate) unknown_here: fn(name: &str) -> String,
    pub(crate) whose: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) by_tag: &'static str,
    pub(crate) dkim_match: &'static str,
    pub(crate) spf_match: &'static str,
    pub(crate) action: &'static str,
    pub(crate) existing: &'static str,
    pub(crate) nonexistent: &'static str,
    pub(crate) strict: &'static str,
    pub(crate) relaxed: &'static str,
    pub(crate) no_spf: &'static str,
    pub(crate) mail_hosts: &'static str,
    pub(crate) null_mx: &'static str,
    pub(crate) no_mx: &'static str,
    pub(crate) reports: &'static str,
    pub(crate) reports_summary: fn(reports: &str, reporters: &str, messages: &str) -> String,
    pub(crate) passed: fn(dmarc: &str, dkim: &str, spf: &str) -> String,
    pub(crate) inputs_refused: fn(refused: &str, inputs: &str) -> String,
    pub(crate) prescriptions: fn(id: &str, version: &str) -> String,
    pub(crate) verdict: &'static str,
    pub(crate) requirement: &'static str,
    pub(crate) about: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) warn: &'static str,
    pub(crate) not_applicable: &'static str,
    pub(crate) undetermined: &'static str,
    pub(crate) missing: fn(evidence: &str) -> String,
    pub(crate) cost: fn(asked: u32, rounds: u32) -> String,
    pub(crate) evidence_kinds: [(&'static str, &'static str); 22],
}

impl Domain {
    /// A verdict in a word.
    pub(crate) const fn verdict_of(&self, verdict: RuleVerdict) -> &'static str {
        match verdict {
            RuleVerdict::Pass => self.pass,
            RuleVerdict::Warn => self.warn,
            RuleVerdict::Fail => self.fail,
            RuleVerdict::NotApplicable => self.not_applicable,
            RuleVerdict::Undetermined => self.undetermined,
        }
    }

    /// A kind of evidence in words; its name if there are none.
    pub(crate) fn evidence<'a>(&self, kind: &'a str) -> &'a str {
        self.evidence_kinds.iter().find(|(known, _)| *known == kind).map_or(kind, |(_, text)| text)
    }
}

/// Counts with their nouns, those that are not 0: `2 errors, 1 warning`.
pub(crate) fn joined(counts: &[(usize, &str, &str)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    parts.join(", ")
}

/// A count with its noun.
pub(crate) fn counted(count: impl std::fmt::Display, one: &str, many: &str) -> String {
    let count = count.to_string();
    format!("{count} {}", if count == "1" { one } else { many })
}
