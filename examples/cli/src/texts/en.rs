//! English.

use dmarc_core::diagnostics::{Language, escape};
use dmarc_core::name::NameError;

use super::{Domain, Help, Meanings, Problems, Record, Reports, Severities, Spf, Texts, Usage};

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
        spf: "Shows what an SPF policy costs and whom it authorizes, and how it could be written instead",
        dkim: "Looks up the DKIM keys of a domain, and says what verifiers do with them",
        key_name: "SELECTOR._domainkey.DOMAIN, or a domain",
        selector: "Selectors to look at",
        message: "Says whether a message passes DMARC, and why",
        edition: "Standard that receivers follow: rfc9989 (default) or rfc7489",
        lang: "Language of the answer: en (default) or nl",
        format: "Form of the answer: text (default) or json",
        fail_on: "Findings that make the exit status 1: error (default), warning or never. For `reports` the default is: inputs that were refused",
        text: "Text of the record, or - for one record per line of standard input; an MTA-STS policy there is one text of all lines",
        kind: "What the text should be: auto (default), dmarc, spf, dkim, dkim-signature, mta-sts, mta-sts-policy, tls-rpt or tlsa",
        paths: "Reports, and folders that hold them at any depth",
        findings: "Print every finding as a line of JSON with its place, and nothing else",
        names: "Domains to judge",
        zone: "Zone files that answer instead of the network",
        snapshot: "Snapshot of the DNS, or evidence from --save, that answers instead of the network",
        resolver: "Name server to ask: system (default) or an address, such as 192.0.2.53 or [2001:db8::53]:5353",
        trust_ad: "Believe the name server about DNSSEC: it validates, and says so with the AD bit (default: what a server on this machine calls validated is; nothing else is known)",
        reports_option: "Aggregate reports about the domains: files and folders",
        save: "File to keep the evidence in; --snapshot on it gives the same verdict again",
        sends: "Whether the domain sends mail: yes or no (default: what records and reports show)",
        receives: "Whether the domain takes mail: yes or no (default: what records show)",
        signed_message: "Messages of the domain, or their headers: the DKIM keys that their signatures name are looked up",
        subdomain: "A name below the domain to look at as well; may be given several times",
        now: "Time to judge at, in seconds since 1970 (default: the clock)",
        policy: "Domain, text of a record (v=spf1 …), or - for one record per line of standard input, answered in lines of JSON",
        as_text: "Take the argument for the text of a record, whatever it looks like",
        at: "Domain at which the text is to be published, for terms that mean the domain itself",
        ip: "Address of a client: what does it get?",
        mail_from: "Its reverse-path (default: postmaster at the domain; '' for the empty one)",
        helo: "Its HELO or EHLO name",
        compare: "Other domain or text to compare with: which addresses are added and removed?",
        rewrite: "Propose other ways to write the policy, each with its count and what it changes",
        count: "What counts: lookups=N, voids=N, mx-hosts=N, p-macro=yes|no, void-unit=answers|terms; repeatable",
        file: "Message or its header, as it was received, or - for standard input",
        from: "Domain in the From field, where no message is given; several times for several authors",
        authserv_id: "Receiver whose Authentication-Results fields are believed (default: that of the topmost field)",
        spf_result: "What SPF found for the domain of MAIL FROM, such as example.com=pass",
        dkim_result: "What DKIM found for a signature by its d=, such as example.com=pass; several times for several",
        random: "Random number that decides where pct holds for a share of the mail (rfc7489)",
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
        no_command: "say what to do: record, reports, domain, spf, dkim or message",
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
        no_names: "name a domain, or give evidence of --save with --snapshot",
        no_message: "give a message, - for one on standard input, or its author with --from",
        no_policy: "name a domain, give the text of a record, or - for records on standard input",
        as_text: "if it is the text of a record, say so with --text",
        more_in_file: |path, count| format!("`{path}` has {count} more findings"),
        not_a_name: |name, reason| format!("`{name}` is not a domain name: {reason}"),
        name_reason: |error| match error {
            NameError::Empty => "there is nothing".to_owned(),
            NameError::EmptyLabel => "there are two dots in a row, or one at the start".to_owned(),
            NameError::LongLabel { label } => {
                format!("the part `{}` is longer than 63 characters", escape(label, 80))
            }
            NameError::Long => "longer than 253 characters".to_owned(),
            _ => "it holds a character that no name can have".to_owned(),
        },
        not_an_address: "give the domain alone, without an address or a path",
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
        unknown: "Not a record",
        usable: "receivers act on it as written",
        usable_with_findings: "receivers can use it, but not all of it works as written",
        acts_as_none: "receivers act as if it said p=none: they take no action and send reports",
        unusable: "receivers cannot use it and act as if there were no policy",
        not_a_record: "no record of a kind that is known here; receivers skip it",
        not_dmarc: "this is not a DMARC record; receivers skip it",
        not_spf: "this is not an SPF record; receivers skip it",
        mta_sts: "MTA-STS record",
        mta_sts_policy: "MTA-STS policy",
        tls_rpt: "TLS-RPT record",
        tlsa: "TLSA record",
        transport_usable: "senders act on it",
        transport_unusable: "senders act as if it were not there",
        dkim: "DKIM key",
        signature: "DKIM signature",
        signature_usable: "a verifier gets as far as the key; whether it is valid takes the message",
        signature_unusable: "this signature is never valid",
        not_signature: "this is no DKIM signature",
        not_dkim: "this is not a DKIM key record; verifiers skip it",
        dkim_usable: "verifiers can use the key",
        dkim_unusable: "verifiers cannot use the key: no signature with it is valid",
        dkim_key: |kind, bits, testing, strict| {
            let testing = if testing { ", for testing only" } else { "" };
            let strict = if strict { ", not for subdomains" } else { "" };
            format!("{kind}, {bits} bits{testing}{strict}")
        },
        spf_usable: "receivers can evaluate it",
        spf_unusable: "receivers stop with a permanent error (permerror)",
        tag: "Tag",
        published: "Published",
        effective: "In effect",
        meaning: "Meaning",
        meanings: Meanings {
            p: "failing mail from the domain itself",
            sp: "from its existing subdomains",
            np: "from subdomains that do not exist",
            none: "take no action",
            quarantine: "treat as suspicious",
            reject: "refuse",
            adkim_r: "a DKIM signature of the same organization will do",
            adkim_s: "the DKIM domain must be exactly that of the sender",
            aspf_r: "an SPF domain of the same organization will do",
            aspf_s: "the SPF domain must be exactly that of the sender",
            rua: "where aggregate reports go",
            no_rua: "nobody is told how the domain is used",
            ruf: "where failure reports go",
            no_ruf: "nobody asks for failure reports",
            fo: "when failure reports are sent",
            t_y: "test: receivers are asked to act one step less strictly",
            t_n: "no test: the policy is meant",
            psd_y: "a public suffix, such as a registry",
            psd_n: "the top of an organization",
            psd_u: "not said: receivers find the organization themselves",
            pct: "percentage of the mail that the policy is applied to",
            ri: "seconds between aggregate reports",
            rf: "format of failure reports",
            unknown_here: "not a tag of this standard, ignored",
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
    transport: super::transport::en::TRANSPORT,
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
    policy: super::policy::en::POLICY,
    keys: super::keys::EN,
    message: super::message::EN,
    reports: Reports {
        headline: |reports| super::counted(reports, "report", "reports"),
        period: |begin, end| format!("{begin} to {end}"),
        reading: "Reading",
        what: "",
        count: "Count",
        of_which: "Of which",
        inputs: "Inputs",
        reports: "Reports",
        records: "Records",
        messages: "Messages",
        refused_part: |count| format!("{count} refused"),
        incomplete_part: |count| format!("{count} incomplete"),
        skipped_part: |count| format!("{count} other files in archives skipped"),
        duplicate_part: |count| format!("{count} seen before"),
        uncounted_part: |count| format!("{count} without a readable count"),
        lost_part: |count| format!("and {count} more that could not be read"),
        reporters: "Reporters",
        reporter: "Reporter",
        unnamed: "(no name)",
        first: "First day",
        last: "Last day",
        sources: "Sources with most mail",
        failing: "Sources with most mail that fails",
        source: "Source",
        dkim: "DKIM",
        spf: "SPF",
        dmarc: "DMARC",
        from: "In the name of",
        other_sources: |sources, messages, passed| {
            format!("And {sources} other sources with {messages} messages, of which {passed} pass DMARC.")
        },
        more_names: |count| format!(" and {count} more"),
        refused: "Refused",
        findings: "Found in the reports",
        severity: "Severity",
        finding: "Finding",
        findings_hint: "--findings prints each with its place.",
        findings_left_out: |count| {
            format!("{count} more findings of the same reports were counted and are not shown")
        },
    },
    domain: Domain {
        open: "not protected: receivers are asked to take no action on mail that fails",
        half: "protected in part: receivers are asked to treat mail that fails as suspicious",
        closed: "protected: receivers are asked to refuse mail that fails",
        no_policy: "not protected: there is no DMARC policy",
        not_known: "it is not known which DMARC policy holds",
        under: |edition, when| {
            format!(
                "as seen by receivers that follow {}, at {when}",
                edition.to_uppercase().replace("RFC", "RFC ")
            )
        },
        at_domain: "the record of the domain itself",
        at_organization: "the record of the organizational domain",
        at_public_suffix: "the record of the public suffix domain",
        no_dmarc: "No DMARC record was found, here or above.",
        several: |name, count| format!("{name} has {count} such records: receivers use none of them."),
        failed: |name, reason| format!("The lookup of {name} failed: {reason}."),
        unknown_here: |name| format!("Nothing is known about {name} here."),
        whose: "Mail from",
        policy: "Policy",
        by_tag: "By tag",
        dkim_match: "DKIM match",
        spf_match: "SPF match",
        action: "What receivers are asked",
        existing: "existing subdomains",
        nonexistent: "subdomains that do not exist",
        strict: "strict",
        relaxed: "relaxed",
        no_spf: "No SPF record.",
        mail_hosts: "Mail hosts (MX)",
        null_mx: "The domain takes no mail (null MX).",
        no_mx: "No MX records.",
        reports: "Aggregate reports",
        reports_summary: |reports, reporters, messages| {
            let reports = super::counted(reports, "report", "reports");
            let reporters = super::counted(reporters, "reporter", "reporters");
            format!("{reports} from {reporters} about {}", super::counted(messages, "message", "messages"))
        },
        passed: |dmarc, dkim, spf| {
            format!("{dmarc} of the messages pass DMARC: {dkim} by DKIM, {spf} by SPF")
        },
        inputs_refused: |refused, inputs| {
            format!("Not readable: {refused} of {inputs} inputs; `dmarc-check reports` says why.")
        },
        prescriptions: |id, version| format!("Prescriptions ({} {version})", id.to_uppercase()),
        verdict: "Verdict",
        requirement: "Prescription",
        about: "It asks that",
        pass: "✔ met",
        fail: "✘ not met",
        warn: "! attention",
        not_applicable: "– not applicable",
        undetermined: "? undetermined",
        missing: |evidence| format!("needed to tell: {evidence}"),
        cost: |asked, rounds| {
            let questions = super::counted(asked, "question", "questions");
            format!("{questions} in {}.", super::counted(rounds, "round", "rounds"))
        },
        requirements: [
            ("MAIL-ALG-01", "the NCSC fact sheets are read"),
            ("MAIL-BESCHERM-001", "a domain without mail is closed"),
            ("MAIL-BESCHERM-002", "each mail stream has its own (sub)domain"),
            ("MAIL-BESCHERM-003", "SPF, DKIM and DMARC all apply"),
            ("MAIL-BESCHERM-004", "SPF names the senders and ends in ~all or -all"),
            ("MAIL-BESCHERM-005", "all outgoing mail is signed with DKIM"),
            ("MAIL-BESCHERM-006", "a second DKIM key is ready, keys are renewed"),
            ("MAIL-BESCHERM-007", "the policy is quarantine or reject"),
            ("MAIL-BESCHERM-008", "alignment is at least relaxed"),
            ("MAIL-BESCHERM-009", "aggregate reports are asked for and read"),
            ("MAIL-BESCHERM-010", "inbound mail is checked"),
            ("MAIL-BEVEILIG-001", "mail servers offer TLS"),
            ("MAIL-BEVEILIG-002", "mail servers are protected by DANE"),
        ],
        evidence_kinds: [
            ("dns", "DNS answers"),
            ("dns:dmarc", "the DMARC record"),
            ("dns:txt", "the TXT records"),
            ("dns:mx", "the MX records"),
            ("dns:spf-includes", "the SPF records that are included"),
            ("dns:spf-redirect", "the SPF record that it redirects to"),
            ("dns:authorization", "the agreement of the reporting address"),
            ("dns:selectors", "the keys of the DKIM selectors in use"),
            ("dns:tlsa", "TLSA records"),
            ("dns:dnssec", "whether the records are signed with DNSSEC"),
            ("https:mta-sts", "the MTA-STS policy file"),
            ("reports", "aggregate reports"),
            ("reports:selectors", "which DKIM selectors the reports name"),
            ("reports:tls", "TLS reports"),
            ("streams", "mail streams from reports"),
            ("smtp", "what the mail servers say"),
            ("message", "headers of received mail"),
            ("context", "what only you know"),
            ("context:sends", "whether the domain sends mail"),
            ("context:receives", "whether it receives mail"),
            ("context:known-senders", "which senders are yours"),
            ("context:tls-guidelines", "the TLS guidelines"),
        ],
    },
    severities: Severities { error: "error", warning: "warning", notice: "notice" },
};
