//! In English.

use super::Transport;

pub(in crate::texts) const TRANSPORT: Transport = Transport {
    preference: "Preference",
    host: "Host",
    addresses: "Addresses",
    dane: "DANE",
    starttls: "STARTTLS",
    authenticated: "senders check the certificate",
    encrypted: "senders insist on TLS, unchecked",
    opportunistic: "none",
    deferred: "senders hold mail back",
    dane_unknown: "not known",
    no_match: "the certificate does not match",
    yes: "yes",
    no: "no",
    implicit: "No MX records: senders deliver to the address of the domain itself.",
    nowhere: "No MX records and no address: mail has nowhere to go.",
    left_out: |count| format!("{count} more hosts were not looked up."),
    stance: |sends, receives| {
        let of = |value: Option<bool>, yes: &'static str, no: &'static str, open: &'static str| match value {
            Some(true) => yes,
            Some(false) => no,
            None => open,
        };
        format!(
            "{}; {}",
            of(sends, "sends mail", "sends no mail", "may send mail"),
            of(receives, "takes mail", "takes no mail", "may take mail")
        )
    },
    no_mta_sts: "No MTA-STS record.",
    sts_unusable: "Senders act as if there were no policy.",
    sts_status: |url, status| format!("{url} answers with status {status}."),
    sts_not_fetched: |url| format!("The policy at {url} was not fetched: give --fetch or --mta-sts-policy."),
    sts_policy: |mode, days| format!("mode {mode}, kept for {}", crate::texts::counted(days, "day", "days")),
    sts_mode: |mode| match mode {
        "enforce" => "Senders deliver only to the hosts named here, with a valid certificate:",
        "testing" => "Senders report hosts that are not named here, and deliver all the same:",
        _ => "Senders act as if there were no policy.",
    },
    no_tls_rpt: "No TLS-RPT record: nobody reports failures.",
    tls_rpt_unusable: "Reporters act as if it were not there.",
    key_present: "There is a key that verifiers can use.",
    key_absent: "There is no key.",
    key_open: "Whether there are keys is not known: name selectors with --selector, or give --reports or --message.",
    selector: "Selector",
    key: "Key",
    known_from: "Known from",
    known_by: |source| match source {
        "context" => "you",
        "messages" => "a message",
        _ => "reports",
    },
    known_by_reports: |last| format!("reports until {last}"),
    state: "State",
    key_usable: "usable",
    key_revoked: "revoked",
    key_none: "no key",
    key_unusable: "not usable",
    subdomains: "Subdomains",
    subdomain: "Name",
    takes_mail: "Takes mail",
    destinations: "Where reports go",
    tag: "Tag",
    address: "Address",
    accepted: "Accepted there",
    authorization: |word| match word {
        "same-organization" => "own organization",
        "authorized" => "yes",
        "not-authorized" => "no",
        "override-elsewhere" => "no: it names an address elsewhere",
        _ => "not known",
    },
    publish: |host| format!("{host} has to publish:"),
    replaced: |addresses| format!("it takes them at {addresses}"),
};
