//! Every sentence of this program, per language. A sentence that a language lacks does not compile.

pub(crate) mod change;
mod en;
mod keys;
pub(crate) mod message;
mod nl;
pub(crate) mod plan;
pub(crate) mod policy;
pub(crate) mod report;
pub(crate) mod senders;
pub(crate) mod streams;
pub(crate) mod tables;
mod transport;
pub(crate) mod writing;

use dmarc_core::assessment::RuleVerdict;
use dmarc_core::diagnostics::{Language, Severity};
use dmarc_core::name::NameError;

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

/// Explanations of commands and options.
#[derive(Debug)]
pub(crate) struct Help {
    pub(crate) usage: &'static str,
    pub(crate) commands: &'static str,
    pub(crate) arguments: &'static str,
    pub(crate) options: &'static str,
    pub(crate) about: &'static str,
    pub(crate) exit_codes: &'static str,
    pub(crate) record: &'static str,
    pub(crate) reports: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) spf: &'static str,
    pub(crate) dkim: &'static str,
    pub(crate) key_name: &'static str,
    pub(crate) selector: &'static str,
    pub(crate) message: &'static str,
    pub(crate) edition: &'static str,
    pub(crate) lang: &'static str,
    pub(crate) format: &'static str,
    pub(crate) fail_on: &'static str,
    pub(crate) text: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) paths: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) report_write: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) head: &'static str,
    pub(crate) output: &'static str,
    pub(crate) privacy: &'static str,
    pub(crate) privacy_key: &'static str,
    pub(crate) names: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) snapshot: &'static str,
    pub(crate) resolver: &'static str,
    pub(crate) trust_ad: &'static str,
    pub(crate) reports_option: &'static str,
    pub(crate) save: &'static str,
    pub(crate) sends: &'static str,
    pub(crate) receives: &'static str,
    pub(crate) signed_message: &'static str,
    pub(crate) mta_sts_policy: &'static str,
    pub(crate) fetch: &'static str,
    pub(crate) subdomain: &'static str,
    pub(crate) now: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) as_text: &'static str,
    pub(crate) at: &'static str,
    pub(crate) ip: &'static str,
    pub(crate) mail_from: &'static str,
    pub(crate) helo: &'static str,
    pub(crate) compare: &'static str,
    pub(crate) rewrite: &'static str,
    pub(crate) count: &'static str,
    pub(crate) file: &'static str,
    pub(crate) from: &'static str,
    pub(crate) authserv_id: &'static str,
    pub(crate) spf_result: &'static str,
    pub(crate) dkim_result: &'static str,
    pub(crate) random: &'static str,
    pub(crate) version: &'static str,
    pub(crate) help: &'static str,
}

/// Mistakes in what was typed.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) unknown_option: fn(option: &str) -> String,
    pub(crate) unknown_command: fn(command: &str) -> String,
    pub(crate) unexpected: fn(argument: &str) -> String,
    pub(crate) value: fn(option: &str, value: &str) -> String,
    pub(crate) no_value: fn(option: &str) -> String,
    pub(crate) missing: fn(arguments: &str) -> String,
    pub(crate) no_command: &'static str,
    pub(crate) conflict: fn(option: &str, other: &str) -> String,
    pub(crate) repeated: fn(option: &str) -> String,
    pub(crate) other: fn(detail: &str) -> String,
    pub(crate) possible: fn(values: &str) -> String,
    pub(crate) meant: fn(suggestion: &str) -> String,
    pub(crate) see_help: &'static str,
}

/// Why a job could not be done.
#[derive(Debug)]
pub(crate) struct Problems {
    pub(crate) not_found: fn(path: &str) -> String,
    pub(crate) no_permission: fn(path: &str) -> String,
    pub(crate) unreadable: fn(path: &str, reason: &str) -> String,
    pub(crate) not_a_file: fn(path: &str) -> String,
    pub(crate) too_large: fn(path: &str, mebibytes: u64) -> String,
    pub(crate) no_files: fn(path: &str) -> String,
    pub(crate) empty_input: &'static str,
    pub(crate) long_line: fn(number: u64, mebibytes: usize) -> String,
    pub(crate) not_usable: fn(path: &str, reason: &str) -> String,
    pub(crate) no_names: &'static str,
    pub(crate) no_policy: &'static str,
    pub(crate) no_message: &'static str,
    pub(crate) not_a_name: fn(name: &str, reason: &str) -> String,
    pub(crate) name_reason: fn(error: &NameError) -> String,
    pub(crate) not_an_address: &'static str,
    pub(crate) as_text: &'static str,
    pub(crate) more_in_file: fn(path: &str, count: usize) -> String,
    pub(crate) resolver: fn(reason: &str) -> String,
    pub(crate) not_saved: fn(path: &str, reason: &str) -> String,
    pub(crate) stream: fn(reason: &str) -> String,
}

/// What `record` says.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) line: fn(number: u64) -> String,
    pub(crate) dmarc: &'static str,
    pub(crate) spf: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) usable: &'static str,
    pub(crate) usable_with_findings: &'static str,
    pub(crate) acts_as_none: &'static str,
    pub(crate) unusable: &'static str,
    pub(crate) not_a_record: &'static str,
    pub(crate) not_dmarc: &'static str,
    pub(crate) not_spf: &'static str,
    pub(crate) dkim: &'static str,
    pub(crate) not_dkim: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) signature_usable: &'static str,
    pub(crate) signature_unusable: &'static str,
    pub(crate) not_signature: &'static str,
    pub(crate) mta_sts: &'static str,
    pub(crate) mta_sts_policy: &'static str,
    pub(crate) tls_rpt: &'static str,
    pub(crate) tlsa: &'static str,
    pub(crate) transport_usable: &'static str,
    pub(crate) transport_unusable: &'static str,
    pub(crate) dkim_usable: &'static str,
    pub(crate) dkim_unusable: &'static str,
    /// Type, bits, and what the flags say.
    pub(crate) dkim_key: fn(kind: &str, bits: u64, testing: bool, strict: bool) -> String,
    pub(crate) spf_usable: &'static str,
    pub(crate) spf_unusable: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) published: &'static str,
    pub(crate) effective: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) meanings: Meanings,
    pub(crate) findings: &'static str,
    pub(crate) no_findings: &'static str,
    pub(crate) more_findings: fn(count: usize) -> String,
    pub(crate) count: fn(errors: usize, warnings: usize, notices: usize) -> String,
}

/// What each tag of a DMARC record comes to.
#[derive(Debug)]
pub(crate) struct Meanings {
    pub(crate) p: &'static str,
    pub(crate) sp: &'static str,
    pub(crate) np: &'static str,
    pub(crate) none: &'static str,
    pub(crate) quarantine: &'static str,
    pub(crate) reject: &'static str,
    pub(crate) adkim_r: &'static str,
    pub(crate) adkim_s: &'static str,
    pub(crate) aspf_r: &'static str,
    pub(crate) aspf_s: &'static str,
    pub(crate) rua: &'static str,
    pub(crate) no_rua: &'static str,
    pub(crate) ruf: &'static str,
    pub(crate) no_ruf: &'static str,
    pub(crate) fo: &'static str,
    pub(crate) t_y: &'static str,
    pub(crate) t_n: &'static str,
    pub(crate) psd_y: &'static str,
    pub(crate) psd_n: &'static str,
    pub(crate) psd_u: &'static str,
    pub(crate) pct: &'static str,
    pub(crate) ri: &'static str,
    pub(crate) rf: &'static str,
    pub(crate) unknown_here: &'static str,
}

impl Meanings {
    /// The tags in the order in which one reads them.
    pub(crate) const TAGS: [&'static str; 13] =
        ["p", "sp", "np", "t", "pct", "adkim", "aspf", "rua", "ruf", "fo", "psd", "ri", "rf"];

    /// What a value in effect comes to; `-` is a tag that the edition does not know, or an empty list.
    pub(crate) fn of(&self, tag: &str, value: &str) -> String {
        let about = match (tag, value) {
            ("p", _) => self.p,
            ("sp", _) => self.sp,
            ("np", "-") | ("t", "-") | ("pct", "-") | ("psd", "-") | ("ri", "-") | ("rf", "-") => {
                self.unknown_here
            }
            ("np", _) => self.np,
            ("adkim", "s") => self.adkim_s,
            ("adkim", _) => self.adkim_r,
            ("aspf", "s") => self.aspf_s,
            ("aspf", _) => self.aspf_r,
            ("rua", "-") => self.no_rua,
            ("rua", _) => self.rua,
            ("ruf", "-") => self.no_ruf,
            ("ruf", _) => self.ruf,
            ("fo", _) => self.fo,
            ("t", "y") => self.t_y,
            ("t", _) => self.t_n,
            ("psd", "y") => self.psd_y,
            ("psd", "n") => self.psd_n,
            ("psd", _) => self.psd_u,
            ("pct", _) => self.pct,
            ("ri", _) => self.ri,
            _ => self.rf,
        };
        match (tag, self.action(value)) {
            ("p" | "sp" | "np", Some(action)) => format!("{about}: {action}"),
            _ => about.to_owned(),
        }
    }

    /// What receivers are asked to do with mail that fails.
    pub(crate) fn action(&self, policy: &str) -> Option<&'static str> {
        match policy {
            "none" => Some(self.none),
            "quarantine" => Some(self.quarantine),
            "reject" => Some(self.reject),
            _ => None,
        }
    }
}

/// What `record` says of SPF records.
#[derive(Debug)]
pub(crate) struct Spf {
    pub(crate) term: &'static str,
    pub(crate) result: &'static str,
    pub(crate) who: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) softfail: &'static str,
    pub(crate) neutral: &'static str,
    pub(crate) all: &'static str,
    pub(crate) include: &'static str,
    pub(crate) a_here: &'static str,
    pub(crate) a_there: &'static str,
    pub(crate) mx_here: &'static str,
    pub(crate) mx_there: &'static str,
    pub(crate) ptr: &'static str,
    pub(crate) address: &'static str,
    pub(crate) exists: &'static str,
    pub(crate) redirect: &'static str,
    pub(crate) exp: &'static str,
    pub(crate) modifier: &'static str,
    pub(crate) invalid: &'static str,
    pub(crate) lookups: fn(count: u64) -> String,
}

impl Spf {
    /// Whom a mechanism is about, with or without a domain of its own.
    pub(crate) fn who_of(&self, mechanism: Option<&str>, elsewhere: bool) -> &'static str {
        match (mechanism, elsewhere) {
            (Some("all"), _) => self.all,
            (Some("include"), _) => self.include,
            (Some("a"), false) => self.a_here,
            (Some("a"), true) => self.a_there,
            (Some("mx"), false) => self.mx_here,
            (Some("mx"), true) => self.mx_there,
            (Some("ptr"), _) => self.ptr,
            (Some("ip4" | "ip6"), _) => self.address,
            (Some("exists"), _) => self.exists,
            _ => self.invalid,
        }
    }

    /// What a modifier says. One with the name of a mechanism, such as `include=`, is unknown all the same.
    pub(crate) fn modifier_of(&self, name: &str) -> &'static str {
        match name {
            "redirect" => self.redirect,
            "exp" => self.exp,
            _ => self.modifier,
        }
    }
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
