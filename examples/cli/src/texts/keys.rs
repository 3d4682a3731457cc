//! Sentences of `dkim`.

/// What `dkim` says.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) present: &'static str,
    pub(crate) absent: &'static str,
    pub(crate) undetermined: &'static str,
    pub(crate) selector: &'static str,
    pub(crate) state: &'static str,
    pub(crate) key: &'static str,
    pub(crate) usable: &'static str,
    pub(crate) revoked: &'static str,
    pub(crate) unknown_key_type: &'static str,
    pub(crate) too_small: &'static str,
    pub(crate) not_for_mail: &'static str,
    pub(crate) no_usable_hash: &'static str,
    pub(crate) invalid: &'static str,
    pub(crate) several: &'static str,
    pub(crate) no_key: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) not_known: &'static str,
    pub(crate) no_selectors: &'static str,
}

/// English.
pub(super) const EN: Keys = Keys {
    present: "it publishes DKIM keys",
    absent: "it publishes no DKIM keys: nobody can sign for it",
    undetermined: "whether it publishes DKIM keys cannot be told",
    selector: "Selector",
    state: "Verifiers",
    key: "Key",
    usable: "can use it",
    revoked: "fail every signature: revoked",
    unknown_key_type: "do not know this type of key",
    too_small: "must not use it: too small",
    not_for_mail: "cannot use it for mail",
    no_usable_hash: "cannot use it: only SHA-1 is allowed",
    invalid: "cannot read it",
    several: "may take any of several keys",
    no_key: "find no key",
    failed: "get no answer",
    not_known: "not known here",
    no_selectors: "No selector was named. The DNS does not list them: they stand in the s= tag of DKIM-Signature fields and in \
                   reports. Name them as `SELECTOR._domainkey.DOMAIN` or with --selector.",
};

/// Dutch.
pub(super) const NL: Keys = Keys {
    present: "publiceert DKIM-sleutels",
    absent: "publiceert geen DKIM-sleutels: niemand kan ervoor ondertekenen",
    undetermined: "of het DKIM-sleutels publiceert, is niet te zeggen",
    selector: "Selector",
    state: "Controleurs",
    key: "Sleutel",
    usable: "kunnen hem gebruiken",
    revoked: "keuren elke handtekening af: ingetrokken",
    unknown_key_type: "kennen dit type sleutel niet",
    too_small: "mogen hem niet gebruiken: te klein",
    not_for_mail: "kunnen hem niet voor mail gebruiken",
    no_usable_hash: "kunnen hem niet gebruiken: alleen SHA-1 is toegestaan",
    invalid: "kunnen hem niet lezen",
    several: "kunnen een van meerdere sleutels nemen",
    no_key: "vinden geen sleutel",
    failed: "krijgen geen antwoord",
    not_known: "hier niet bekend",
    no_selectors: "U noemde geen selector. De DNS somt ze niet op: ze staan in de tag s= van DKIM-Signature-velden en in \
                   rapporten. Noem ze als `SELECTOR._domainkey.DOMEIN` of met --selector.",
};
