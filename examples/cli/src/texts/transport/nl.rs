//! In het Nederlands.

use super::Transport;

pub(in crate::texts) const TRANSPORT: Transport = Transport {
    preference: "Voorkeur",
    host: "Server",
    addresses: "Adressen",
    dane: "DANE",
    starttls: "STARTTLS",
    authenticated: "verzenders controleren het certificaat",
    encrypted: "verzenders eisen TLS, zonder controle",
    opportunistic: "geen",
    deferred: "verzenders houden mail vast",
    dane_unknown: "niet bekend",
    no_match: "het certificaat past niet",
    yes: "ja",
    no: "nee",
    implicit: "Geen MX-records: verzenders leveren af op het adres van het domein zelf.",
    nowhere: "Geen MX-records en geen adres: mail kan nergens heen.",
    left_out: |count| format!("{count} andere servers zijn niet opgevraagd."),
    stance: |sends, receives| {
        let of = |value: Option<bool>, yes: &'static str, no: &'static str, open: &'static str| match value {
            Some(true) => yes,
            Some(false) => no,
            None => open,
        };
        format!(
            "{}; {}",
            of(sends, "verstuurt mail", "verstuurt geen mail", "verstuurt misschien mail"),
            of(receives, "ontvangt mail", "ontvangt geen mail", "ontvangt misschien mail")
        )
    },
    no_mta_sts: "Geen MTA-STS-record.",
    sts_unusable: "Verzenders handelen alsof er geen beleid is.",
    sts_status: |url, status| format!("{url} antwoordt met status {status}."),
    sts_not_fetched: |url| {
        format!("Het beleid bij {url} is niet opgehaald: geef --fetch of --mta-sts-policy.")
    },
    sts_policy: |mode, days| format!("modus {mode}, {} bewaard", crate::texts::counted(days, "dag", "dagen")),
    sts_mode: |mode| match mode {
        "enforce" => {
            "Verzenders leveren alleen af bij de servers die hier staan, met een geldig certificaat:"
        }
        "testing" => "Verzenders melden servers die hier niet staan, en leveren toch af:",
        _ => "Verzenders handelen alsof er geen beleid is.",
    },
    no_tls_rpt: "Geen TLS-RPT-record: niemand meldt het als het misgaat.",
    tls_rpt_unusable: "Rapporteurs handelen alsof het er niet is.",
    key_present: "Er is een sleutel die controleurs kunnen gebruiken.",
    key_absent: "Er is geen sleutel.",
    key_open: "Of er sleutels zijn, is niet bekend: noem selectors met --selector, of geef --reports of --message.",
    selector: "Selector",
    key: "Sleutel",
    known_from: "Bekend van",
    known_by: |source| match source {
        "context" => "u",
        "messages" => "een bericht",
        _ => "rapporten",
    },
    known_by_reports: |last| format!("rapporten tot en met {last}"),
    state: "Toestand",
    key_usable: "bruikbaar",
    key_revoked: "ingetrokken",
    key_none: "geen sleutel",
    key_unusable: "niet bruikbaar",
    subdomains: "Subdomeinen",
    subdomain: "Naam",
    takes_mail: "Ontvangt mail",
    destinations: "Waar rapporten heen gaan",
    tag: "Tag",
    address: "Adres",
    accepted: "Daar geaccepteerd",
    authorization: |word| match word {
        "same-organization" => "eigen organisatie",
        "authorized" => "ja",
        "not-authorized" => "nee",
        "override-elsewhere" => "nee: er staat een adres elders",
        _ => "niet bekend",
    },
    publish: |host| format!("{host} moet publiceren:"),
    replaced: |addresses| format!("rapporten komen daar aan op {addresses}"),
};
