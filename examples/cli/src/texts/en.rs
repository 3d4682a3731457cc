//! English.

use dmarc_core::diagnostics::Language;

use super::{Help, Meanings, Problems, Record, Spf, Texts, Usage};

pub(super) const TEXTS: Texts = Texts {
    language: Language::En,
    thousands: ',',
    help: Help {
        usage: "Usage",
        commands: "Commands",
        arguments: "Arguments",
        options: "Options",
        about: "Reads DMARC and SPF records and reports, and says what receivers do with them and what is wrong with them.",
        exit_codes: "Exit status: 0 all is well, 1 findings at the level of --fail-on, 2 the job could not be done.",
        record: "Explains the text of one record, or of many from standard input",
        reports: "Reads aggregate reports: files and folders, packed or not",
        domain: "Judges a domain by its records in the DNS and by its reports",
        edition: "Standard that receivers follow: rfc9989 (default) or rfc7489",
        lang: "Language of the answer: en (default) or nl",
        format: "Form of the answer: text (default) or json",
        fail_on: "Findings that make the exit status 1: error (default), warning or never. For `reports` the default is: inputs that were refused",
        text: "Text of the record, or - for one record per line of standard input",
        kind: "What the text should be: auto (default), dmarc or spf",
        paths: "Reports, and folders that hold them at any depth",
        findings: "Print every finding as a line of JSON with its place, and nothing else",
        names: "Domains to judge",
        zone: "Zone files that answer instead of the network",
        snapshot: "Snapshot of the DNS, or evidence from --save, that answers instead of the network",
        resolver: "Name server to ask: system (default) or an address, such as 192.0.2.53 or [2001:db8::53]:5353",
        reports_option: "Aggregate reports about the domains: files and folders",
        save: "File to keep the evidence in; --snapshot on it gives the same verdict again",
        now: "Time to judge at, in seconds since 1970 (default: the clock)",
        version: "Print the version (--version: of the parts as well)",
        help: "Print this help",
    },
    usage: Usage {
        unknown_option: |option| format!("there is no option `{option}`"),
        unknown_command: |command| format!("there is no command `{command}`"),
        unexpected: |argument| format!("`{argument}` is one argument too many"),
        value: |option, value| format!("`{value}` is no value for {option}"),
        no_value: |option| format!("{option} needs a value"),
        missing: |arguments| format!("something is missing: {arguments}"),
        no_command: "say what to do: record, reports or domain",
        conflict: |option, other| format!("{option} and {other} do not go together"),
        repeated: |option| format!("{option} can be given once only"),
        other: |detail| detail.to_owned(),
        possible: |values| format!("possible values: {values}"),
        meant: |suggestion| format!("did you mean {suggestion}?"),
        see_help: "--help explains the commands and options",
    },
    problems: Problems {
        not_found: |path| {
            format!("there is no file or folder `{path}`; check the spelling and the folder you are in")
        },
        no_permission: |path| {
            format!(
                "you may not read `{path}`; ask its owner for permission, or run this as a user who has it"
            )
        },
        unreadable: |path, reason| format!("`{path}` cannot be read: {reason}"),
        not_a_file: |path| {
            format!(
                "`{path}` is not a regular file (a folder, pipe or device); save its content to a file first"
            )
        },
        too_large: |path, limit| {
            format!(
                "`{path}` is larger than {limit} MiB, which no report or zone needs; split it or leave it out"
            )
        },
        no_files: |path| {
            format!("there is no file to read in `{path}`; give the folder in which the reports are saved")
        },
        empty_input: "standard input was empty; give one record per line",
        long_line: |number, limit| {
            format!("line {number} is longer than {limit} MiB; only its beginning was looked at")
        },
        not_usable: |path, reason| format!("`{path}` cannot be used: {reason}"),
        not_a_name: |name, reason| format!("`{name}` is not a domain name: {reason}"),
        resolver: |reason| {
            format!(
                "no name server answered ({reason}); name one with --resolver, or give the records with --zone or --snapshot"
            )
        },
        not_saved: |path, reason| format!("the evidence could not be written to `{path}`: {reason}"),
        stream: |reason| format!("standard input or output failed: {reason}"),
    },
    record: Record {
        line: |number| format!("Line {number}"),
        dmarc: "DMARC record",
        spf: "SPF record",
        unknown: "Unknown record",
        usable: "receivers act on it as written",
        usable_with_findings: "receivers can use it, but not all of it works as written",
        acts_as_none: "receivers act as if it said p=none: they take no action and send reports",
        unusable: "receivers cannot use it and act as if there were no policy",
        not_a_record: "this is not a DMARC or SPF record; receivers skip it",
        not_dmarc: "this is not a DMARC record; receivers skip it",
        not_spf: "this is not an SPF record; receivers skip it",
        spf_usable: "receivers can evaluate it",
        spf_unusable: "receivers stop with a permanent error (permerror)",
        tag: "Tag",
        published: "Published",
        effective: "In effect",
        meaning: "Meaning",
        meanings: Meanings {
            p: "mail in the name of the domain itself that fails",
            sp: "the same for its existing subdomains",
            np: "the same for subdomains that do not exist",
            adkim: "how closely the DKIM domain must match (r relaxed, s strict)",
            aspf: "how closely the SPF domain must match (r relaxed, s strict)",
            rua: "where aggregate reports go",
            ruf: "where failure reports go",
            fo: "when failure reports are sent",
            t: "test mode: y asks receivers to apply one step less",
            psd: "whether this is a public suffix (y, n, u: find out)",
            pct: "percentage of the mail that the policy is applied to",
            ri: "seconds between aggregate reports",
            rf: "format of failure reports",
        },
        findings: "Findings",
        no_findings: "Nothing to remark.",
        more_findings: |count| format!("And {count} more; --format json lists them all."),
        count: |errors, warnings, notices| {
            super::joined(&[
                (errors, "error", "errors"),
                (warnings, "warning", "warnings"),
                (notices, "notice", "notices"),
            ])
        },
    },
    spf: Spf {
        term: "Term",
        result: "Result",
        who: "For whom",
        pass: "pass",
        fail: "fail",
        softfail: "softfail",
        neutral: "neutral",
        all: "every other sender",
        include: "whoever passes under the record of that domain",
        a_here: "the addresses of this domain",
        a_there: "the addresses of that name",
        mx_here: "the mail hosts of this domain",
        mx_there: "the mail hosts of that domain",
        ptr: "hosts whose reverse name lies in the domain (do not use)",
        address: "these addresses",
        exists: "senders for whom that name exists",
        redirect: "all others: the record of that domain decides",
        exp: "explanation that is given with a fail",
        modifier: "unknown modifier, ignored",
        invalid: "not understood: evaluation stops with permerror",
        lookups: |count| {
            format!(
                "Terms of this record that need a DNS lookup: {count}. With those of included records at most 10 may be needed."
            )
        },
    },
};
