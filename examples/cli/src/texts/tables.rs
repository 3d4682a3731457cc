//! Sentences of `reports` on tables of records and on reporters.

/// What `reports` says of tables and of reporters.
#[derive(Debug)]
pub(crate) struct Tables {
    pub(crate) output: &'static str,
    pub(crate) reporters_option: &'static str,
    pub(crate) zone_option: &'static str,
    pub(crate) snapshot_option: &'static str,
    #[cfg(not(feature = "parquet"))]
    pub(crate) no_parquet: &'static str,
    /// Failure reports and reports on TLS, which have tables of their own.
    pub(crate) other_kinds: fn(reports: &str) -> String,
    pub(crate) schema: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) conforms: &'static str,
    /// Kinds of findings, the most frequent first.
    pub(crate) found: &'static str,
    pub(crate) nothing_found: &'static str,
    pub(crate) more_found: fn(count: usize) -> String,
    pub(crate) no_reports: &'static str,
}

/// English.
pub(super) const EN: Tables = Tables {
    output: "File for the answer. In csv, lists are JSON, and a text that a spreadsheet would take for a formula (it begins with =, +, -, @, \
             a tab or a return, and is no number) has an apostrophe in front",
    reporters_option: "Show per reporter which schema it follows, how many of its reports are whole and as the schema has them, and which mistakes they have",
    zone_option: "Zone files from which organizational domains follow, for alignment worked out anew (default: a public suffix list)",
    snapshot_option: "Snapshot of the DNS from which organizational domains follow, for alignment worked out anew (default: a public suffix list)",
    #[cfg(not(feature = "parquet"))]
    no_parquet: "this program was built without Parquet; take jsonl or csv, or build it with `--features parquet`",
    other_kinds: |reports| {
        format!("{reports} failure reports or reports on TLS are not in this table; --format json has them")
    },
    schema: "Schema",
    whole: "Whole",
    conforms: "Conforms",
    found: "Found most often",
    nothing_found: "nothing",
    more_found: |count| format!("and {count} more kinds"),
    no_reports: "There is no aggregate report among these files.",
};

/// Dutch.
pub(super) const NL: Tables = Tables {
    output: "Bestand voor het antwoord. In csv zijn lijsten JSON, en krijgt een tekst die een rekenblad voor een formule zou houden (hij begint \
             met =, +, -, @, een tab of een return, en is geen getal) een apostrof ervoor",
    reporters_option: "Toon per rapporteur welk schema die volgt, hoeveel rapporten volledig en volgens het schema zijn, en welke fouten ze hebben",
    zone_option: "Zonebestanden waaruit organisatiedomeinen volgen, voor de herberekende domeinovereenstemming (standaard: een lijst van publieke achtervoegsels)",
    snapshot_option: "Momentopname van de DNS waaruit organisatiedomeinen volgen, voor de herberekende domeinovereenstemming (standaard: een lijst van publieke achtervoegsels)",
    #[cfg(not(feature = "parquet"))]
    no_parquet: "dit programma is zonder Parquet gebouwd; neem jsonl of csv, of bouw het met `--features parquet`",
    other_kinds: |reports| {
        format!(
            "{reports} foutrapporten of TLS-rapporten staan niet in deze tabel; --format json heeft ze wel"
        )
    },
    schema: "Schema",
    whole: "Volledig",
    conforms: "Conform",
    found: "Het vaakst gevonden",
    nothing_found: "niets",
    more_found: |count| format!("en nog {count} soorten"),
    no_reports: "Er is geen verzamelrapport onder deze bestanden.",
};
