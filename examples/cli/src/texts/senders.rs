//! Sentences on the SPF record and the DKIM keys against what reports show.

use dmarc_core::assessment::{KeyUse, TermUse};
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
    pub(crate) keys: &'static str,
    pub(crate) selector: &'static str,
    pub(crate) key: &'static str,
    pub(crate) key_use: fn(KeyUse, days: &str) -> String,
    pub(crate) retire: &'static str,
    pub(crate) weak: &'static str,
    pub(crate) not_looked_up: &'static str,
    pub(crate) failing: fn(family: &str, domain: &str, messages: &str) -> String,
    pub(crate) failing_without_key: fn(family: &str, domain: &str, messages: &str) -> String,
    pub(crate) names_option: &'static str,
    pub(crate) known_option: &'static str,
    pub(crate) thresholds_option: &'static str,
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
    keys: "Which DKIM keys are in use",
    selector: "Selector",
    key: "Key",
    key_use: |seen, days| match seen {
        KeyUse::InUse => "in use".to_owned(),
        KeyUse::Idle => format!("was in use, not seen in {days} days"),
        KeyUse::NeverSeen => "not in any report".to_owned(),
        KeyUse::Missing => "signs mail, and has no usable key".to_owned(),
        KeyUse::Gone => "gone, and no longer in use".to_owned(),
        _ => "could not be looked up".to_owned(),
    },
    retire: "another key took over: one to retire",
    weak: "shorter than 2048 bits",
    not_looked_up: "not looked up",
    failing: |family, domain, messages| {
        format!("Signatures of {domain} ({family}) fail on {messages} messages.")
    },
    failing_without_key: |family, domain, messages| {
        format!(
            "Signatures of {domain} ({family}) fail on {messages} messages, and never pass: forged, or without a key."
        )
    },
    names_option: "File with names of networks or hosts, as CSV (network,name,asn,type or domain,name,type) or JSON; streams show them as yours",
    known_option: "File with senders that are yours or not, as CSV (network or domain,ours|not-ours,name) or JSON",
    thresholds_option: "Numbers that the classes of streams rest on, as a file or as JSON: {\"unseen_days\": 90}",
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
    keys: "Welke DKIM-sleutels in gebruik zijn",
    selector: "Selector",
    key: "Sleutel",
    key_use: |seen, days| match seen {
        KeyUse::InUse => "in gebruik".to_owned(),
        KeyUse::Idle => format!("was in gebruik, niet gezien in {days} dagen"),
        KeyUse::NeverSeen => "in geen enkel rapport".to_owned(),
        KeyUse::Missing => "ondertekent mail, en heeft geen bruikbare sleutel".to_owned(),
        KeyUse::Gone => "weg, en niet meer in gebruik".to_owned(),
        _ => "was niet op te zoeken".to_owned(),
    },
    retire: "een andere sleutel nam het over: deze kan met pensioen",
    weak: "korter dan 2048 bits",
    not_looked_up: "niet opgezocht",
    failing: |family, domain, messages| {
        format!("Handtekeningen van {domain} ({family}) falen op {messages} berichten.")
    },
    failing_without_key: |family, domain, messages| {
        format!(
            "Handtekeningen van {domain} ({family}) falen op {messages} berichten en slagen nooit: vervalst, of zonder sleutel."
        )
    },
    names_option: "Bestand met namen van netwerken of hosts, als CSV (netwerk,naam,asn,type of domein,naam,type) of JSON; stromen tonen ze als de uwe",
    known_option: "Bestand met verzenders die wel of niet van u zijn, als CSV (netwerk of domein,ours|not-ours,naam) of JSON",
    thresholds_option: "Getallen waarop de klassen van stromen berusten, als bestand of als JSON: {\"unseen_days\": 90}",
};
