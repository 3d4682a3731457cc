//! What `domain` says of the way that mail takes.

pub(super) mod en;
pub(super) mod nl;

/// The sentences of one language.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) preference: &'static str,
    pub(crate) host: &'static str,
    pub(crate) addresses: &'static str,
    /// Heading of what DANE asks of senders.
    pub(crate) dane: &'static str,
    pub(crate) starttls: &'static str,
    pub(crate) authenticated: &'static str,
    pub(crate) encrypted: &'static str,
    pub(crate) opportunistic: &'static str,
    pub(crate) deferred: &'static str,
    pub(crate) dane_unknown: &'static str,
    pub(crate) no_match: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) implicit: &'static str,
    pub(crate) nowhere: &'static str,
    pub(crate) left_out: fn(count: &str) -> String,
    /// Whether the domain sends and takes mail, each yes, no or unknown.
    pub(crate) stance: fn(sends: Option<bool>, receives: Option<bool>) -> String,
    pub(crate) no_mta_sts: &'static str,
    pub(crate) sts_unusable: &'static str,
    pub(crate) sts_status: fn(url: &str, status: u16) -> String,
    pub(crate) sts_not_fetched: fn(url: &str) -> String,
    /// Mode and days.
    pub(crate) sts_policy: fn(mode: &str, days: u32) -> String,
    pub(crate) sts_mode: fn(mode: &str) -> &'static str,
    pub(crate) no_tls_rpt: &'static str,
    pub(crate) tls_rpt_unusable: &'static str,
    pub(crate) key_present: &'static str,
    pub(crate) key_absent: &'static str,
    pub(crate) key_open: &'static str,
    pub(crate) selector: &'static str,
    pub(crate) key: &'static str,
    /// Heading of where a selector is known from.
    pub(crate) known_from: &'static str,
    /// The words for `context`, `messages` and `reports`.
    pub(crate) known_by: fn(source: &str) -> &'static str,
    /// The last day of the last report.
    pub(crate) known_by_reports: fn(last: &str) -> String,
    pub(crate) state: &'static str,
    pub(crate) key_usable: &'static str,
    pub(crate) key_revoked: &'static str,
    pub(crate) key_none: &'static str,
    pub(crate) key_unusable: &'static str,
    pub(crate) subdomains: &'static str,
    pub(crate) subdomain: &'static str,
    pub(crate) takes_mail: &'static str,
    /// Where reports about the domain go.
    pub(crate) destinations: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) address: &'static str,
    pub(crate) accepted: &'static str,
    /// What the host of an address says, by the word of the view.
    pub(crate) authorization: fn(word: &str) -> &'static str,
    /// Before the line that the host has to publish.
    pub(crate) publish: fn(host: &str) -> String,
    /// Addresses that the host puts in the place of the one in the record.
    pub(crate) replaced: fn(addresses: &str) -> String,
}
