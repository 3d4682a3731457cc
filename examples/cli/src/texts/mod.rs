//! Every sentence of this program, per language. A sentence that a language lacks does not compile.

mod en;
mod nl;

use dmarc_core::diagnostics::Language;

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
    /// What it says of SPF records.
    pub(crate) spf: Spf,
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
    pub(crate) edition: &'static str,
    pub(crate) lang: &'static str,
    pub(crate) format: &'static str,
    pub(crate) fail_on: &'static str,
    pub(crate) text: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) paths: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) names: &'static str,
    pub(crate) zone: &'static str,
    pub(crate) snapshot: &'static str,
    pub(crate) resolver: &'static str,
    pub(crate) reports_option: &'static str,
    pub(crate) save: &'static str,
    pub(crate) now: &'static str,
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
    pub(crate) not_a_name: fn(name: &str, reason: &str) -> String,
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

/// What each tag of a DMARC record is about.
#[derive(Debug)]
pub(crate) struct Meanings {
    pub(crate) p: &'static str,
    pub(crate) sp: &'static str,
    pub(crate) np: &'static str,
    pub(crate) adkim: &'static str,
    pub(crate) aspf: &'static str,
    pub(crate) rua: &'static str,
    pub(crate) ruf: &'static str,
    pub(crate) fo: &'static str,
    pub(crate) t: &'static str,
    pub(crate) psd: &'static str,
    pub(crate) pct: &'static str,
    pub(crate) ri: &'static str,
    pub(crate) rf: &'static str,
}

impl Meanings {
    /// The tags in the order in which one reads them.
    pub(crate) fn by_tag(&self) -> [(&'static str, &'static str); 13] {
        [
            ("p", self.p),
            ("sp", self.sp),
            ("np", self.np),
            ("t", self.t),
            ("pct", self.pct),
            ("adkim", self.adkim),
            ("aspf", self.aspf),
            ("rua", self.rua),
            ("ruf", self.ruf),
            ("fo", self.fo),
            ("psd", self.psd),
            ("ri", self.ri),
            ("rf", self.rf),
        ]
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
    /// Whom a mechanism or modifier is about; with or without a domain of its own.
    pub(crate) fn who_of(&self, name: Option<&str>, elsewhere: bool) -> &'static str {
        match (name, elsewhere) {
            (Some("all"), _) => self.all,
            (Some("include"), _) => self.include,
            (Some("a"), false) => self.a_here,
            (Some("a"), true) => self.a_there,
            (Some("mx"), false) => self.mx_here,
            (Some("mx"), true) => self.mx_there,
            (Some("ptr"), _) => self.ptr,
            (Some("ip4" | "ip6"), _) => self.address,
            (Some("exists"), _) => self.exists,
            (Some("redirect"), _) => self.redirect,
            (Some("exp"), _) => self.exp,
            (Some(_), _) => self.modifier,
            (None, _) => self.invalid,
        }
    }
}

/// Counts with their nouns, those that are not 0: `2 errors, 1 warning`.
pub(crate) fn joined(counts: &[(usize, &str, &str)]) -> String {
    let parts: Vec<String> = counts
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    parts.join(", ")
}
