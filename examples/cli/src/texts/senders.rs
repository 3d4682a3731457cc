//! Sentences on the SPF record and the DKIM keys against what reports show.

use dmarc_core::assessment::TermUse;
use dmarc_core::spf::analysis::Unresolved;

/// What `domain` says of records against reports.
#[derive(Debug)]
pub(crate) struct Senders {
    pub(crate) heading: &'static str,
    pub(crate) term: &'static str,
    pub(crate) passing: &'static str,
    pub(crate) usage: &'static str,
    pub(crate) last_seen: &'static str,
    pub(crate) seen: fn(TermUse, days: &str) -> String,
    pub(crate) unresolved: fn(Unresolved) -> &'static str,
    pub(crate) more_terms: fn(terms: &str) -> String,
    pub(crate) not_safe: fn(covered: &str, days: &str) -> String,
    pub(crate) outside: fn(stream: &str, messages: &str, addresses: &str) -> String,
    pub(crate) undetermined: fn(messages: &str) -> String,
    pub(crate) address: &'static str,
    pub(crate) by_terms: &'static str,
}

/// English.
pub(super) const EN: Senders = Senders {
    heading: "Who uses the SPF record",
    term: "Term",
    passing: "Pass",
    usage: "In the reports",
    last_seen: "Last seen",
    seen: |seen, days| match seen {
        TermUse::Needed => "needed: mail passes by it alone".to_owned(),
        TermUse::DkimToo => "used by mail that passes by DKIM too".to_owned(),
        TermUse::NotUsed => "mail comes from there, but not with this domain in MAIL FROM".to_owned(),
        TermUse::NotSeen => format!("not seen in {days} days"),
        _ => "cannot be told".to_owned(),
    },
    unresolved: |why| match why {
        Unresolved::Depends => "it depends on the client or the sender",
        Unresolved::Failure => "a lookup fails",
        Unresolved::NotKnown => "it could not be looked up",
        Unresolved::NoRecord => "it leads to no record that can be used",
        _ => "receivers stop at a term before it",
    },
    more_terms: |terms| format!("And {terms} more terms; the JSON has them all."),
    not_safe: |covered, days| {
        format!(
            "Reports cover {covered} days; a term counts as not seen after {days}. Not seen does not mean not needed: mail that goes out less often is not in them."
        )
    },
    outside: |stream, messages, addresses| {
        format!("{stream}: {messages} messages from addresses that no term authorizes: {addresses}")
    },
    undetermined: |messages| {
        format!("Of {messages} messages it cannot be told which term authorizes their address.")
    },
    address: "Address",
    by_terms: "Decided by",
};

/// Dutch.
pub(super) const NL: Senders = Senders {
    heading: "Wie het SPF-record gebruikt",
    term: "Term",
    passing: "Slaagt",
    usage: "In de rapporten",
    last_seen: "Laatst gezien",
    seen: |seen, days| match seen {
        TermUse::Needed => "nodig: mail slaagt alleen hierdoor".to_owned(),
        TermUse::DkimToo => "gebruikt door mail die ook met DKIM slaagt".to_owned(),
        TermUse::NotUsed => "er komt mail vandaan, maar niet met dit domein in MAIL FROM".to_owned(),
        TermUse::NotSeen => format!("niet gezien in {days} dagen"),
        _ => "niet te zeggen".to_owned(),
    },
    unresolved: |why| match why {
        Unresolved::Depends => "het hangt af van de client of de afzender",
        Unresolved::Failure => "een opzoeking mislukt",
        Unresolved::NotKnown => "het was niet op te zoeken",
        Unresolved::NoRecord => "het leidt niet naar een bruikbaar record",
        _ => "ontvangers stoppen bij een eerdere term",
    },
    more_terms: |terms| format!("En nog {terms} termen; in de JSON staan ze allemaal."),
    not_safe: |covered, days| {
        format!(
            "De rapporten beslaan {covered} dagen; een term geldt na {days} dagen als niet gezien. Niet gezien is niet hetzelfde als niet nodig: mail die minder vaak uitgaat staat er niet in."
        )
    },
    outside: |stream, messages, addresses| {
        format!("{stream}: {messages} berichten van adressen die geen term toestaat: {addresses}")
    },
    undetermined: |messages| {
        format!("Van {messages} berichten is niet te zeggen welke term hun adres toestaat.")
    },
    address: "Adres",
    by_terms: "Beslist door",
};
