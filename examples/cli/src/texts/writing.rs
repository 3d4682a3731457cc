//! Sentences of `report write`.

/// What the options of `report write` do.
#[derive(Debug)]
pub(crate) struct Writing {
    pub(crate) kind: &'static str,
    pub(crate) schema: &'static str,
    pub(crate) org_name: &'static str,
    pub(crate) email: &'static str,
    pub(crate) submitter: &'static str,
    pub(crate) report_id: &'static str,
    pub(crate) begin: &'static str,
    pub(crate) end: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) policy: &'static str,
    pub(crate) unique_id: &'static str,
}

/// English.
pub(super) const EN: Writing = Writing {
    kind: "Kind of the report: aggregate (default), failure or tls",
    schema: "Schema of an aggregate report: rfc9990 (default) or rfc7489",
    org_name: "Who reports",
    email: "Address of who reports; a failure report is sent from it",
    submitter: "Domain of who reports (default: that of --email)",
    report_id: "Key of the report, by who reports",
    begin: "Begin of the period, in seconds since 1970",
    end: "End of the period, in seconds since 1970",
    domain: "Domain that the report is about",
    policy: "Policy that was found at that domain: none, quarantine or reject",
    unique_id: "Letters and digits that tell the file from others of the same period, at the end of its name",
};

/// Dutch.
pub(super) const NL: Writing = Writing {
    kind: "Soort rapport: aggregate (standaard), failure of tls",
    schema: "Schema van een verzamelrapport: rfc9990 (standaard) of rfc7489",
    org_name: "Wie rapporteert",
    email: "Adres van wie rapporteert; een foutrapport wordt vanaf dit adres verstuurd",
    submitter: "Domein van wie rapporteert (standaard: dat van --email)",
    report_id: "Kenmerk van het rapport, door wie rapporteert",
    begin: "Begin van de periode, in seconden sinds 1970",
    end: "Einde van de periode, in seconden sinds 1970",
    domain: "Domein waar het rapport over gaat",
    policy: "Beleid dat op dat domein is gevonden: none, quarantine of reject",
    unique_id: "Letters en cijfers die het bestand onderscheiden van andere over dezelfde periode, aan het eind van de naam",
};
