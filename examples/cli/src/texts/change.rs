//! Sentences of `change`.

/// What `change` says.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) about: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) name: &'static str,
    pub(crate) set: &'static str,
    pub(crate) reports: &'static str,
    pub(crate) signs: &'static str,
    pub(crate) max_loss: &'static str,
    pub(crate) not_signs: fn(text: &str) -> String,
    pub(crate) not_set: fn(text: &str) -> String,
    pub(crate) several_records: fn(name: &str) -> String,
    pub(crate) no_record: fn(name: &str) -> String,
    pub(crate) not_known: fn(name: &str) -> String,
    pub(crate) record: fn(name: &str, text: &str) -> String,
    pub(crate) heading: fn(edition: &str) -> String,
    pub(crate) loss: fn(messages: &str, share: &str) -> String,
    pub(crate) by_change: fn(messages: &str) -> String,
    pub(crate) by_misconfigured: fn(messages: &str) -> String,
    pub(crate) by_broken: fn(messages: &str) -> String,
    pub(crate) by_forwarded: fn(messages: &str) -> String,
    pub(crate) by_accidents: fn(messages: &str) -> String,
    pub(crate) agrees: fn(uri: &str) -> String,
    pub(crate) publish: fn(host: &str) -> String,
    pub(crate) stopped: fn(messages: &str) -> String,
    pub(crate) passes: fn(gained: &str, lost: &str) -> String,
    pub(crate) undecided: fn(messages: &str) -> String,
    pub(crate) yardstick: fn(share: &str) -> String,
    pub(crate) nothing: &'static str,
    pub(crate) passed_before: &'static str,
    pub(crate) passed_after: &'static str,
    pub(crate) newly: &'static str,
    pub(crate) open: &'static str,
    pub(crate) more: fn(streams: &str, messages: &str) -> String,
    pub(crate) left_out: fn(messages: &str) -> String,
}

/// English.
pub(super) const EN: Change = Change {
    about: "Rehearse a change of DNS records against the reports: which mail would pass, and which would be quarantined or rejected",
    from: "Zone files or a snapshot (.json) with the records as they are",
    to: "Zone files or a snapshot (.json) with the records as they would be",
    name: "Domain: the reports about it and the names below it are replayed, and --set is about its DMARC record",
    set: "A tag of the DMARC record with another value: p, sp, np, t, pct, adkim or aspf; without a value (sp=) it is taken away. In place of --to",
    reports: "Files and folders with reports",
    signs: "A sender that will sign from now on, with the key that it uses: SENDER is the name in its stream. The key has to be among the records of --to",
    max_loss: "Most messages of your own senders that may be newly quarantined or rejected, as a number or a share (0.5%); above it the exit code is 1",
    not_signs: |text| format!("{text} is not SENDER=SELECTOR._domainkey.DOMAIN"),
    not_set: |text| {
        format!(
            "{text} is not a tag with a value that it takes: p, sp, np (none, quarantine, reject), t (y, n), pct (0 to 100), adkim, aspf (r, s)"
        )
    },
    several_records: |name| format!("there are several DMARC records at {name}: remove all but one"),
    no_record: |name| format!("there is no DMARC record at {name}: set p to publish one"),
    not_known: |name| format!("the records of --from do not say what stands at {name}"),
    record: |name, text| format!("{name} would be: {text}"),
    heading: |edition| {
        format!("The change, for receivers that follow {}", edition.to_uppercase().replace("RFC", "RFC "))
    },
    loss: |messages, share| {
        format!(
            "{messages} messages of your own senders would be quarantined or rejected that are not now ({share} of theirs)"
        )
    },
    by_change: |messages| format!("{messages} of them pass now, and would fail by this change"),
    by_misconfigured: |messages| format!("{messages} come from senders that are set up wrongly"),
    by_broken: |messages| format!("{messages} come from senders that passed before and do not now"),
    by_forwarded: |messages| format!("{messages} are sent on by others, which no sender can mend"),
    by_accidents: |messages| format!("{messages} are accidents of senders whose other mail passes"),
    agrees: |uri| format!("reports would go to {uri}, and its host agrees"),
    publish: |host| format!("To be published by {host}:"),
    stopped: |messages| format!("{messages} unauthorised messages would be stopped that are not now"),
    passes: |gained, lost| {
        format!("{gained} messages would pass that fail now; {lost} would fail that pass now")
    },
    undecided: |messages| format!("{messages} messages cannot be decided by these records"),
    yardstick: |share| format!("Reporters enforced {share} of what the records as they are ask to"),
    nothing: "Nothing changes for any stream.",
    passed_before: "Passes",
    passed_after: "Then",
    newly: "Newly stopped",
    open: "Undecided",
    more: |streams, messages| format!("And {streams} more streams, with {messages} messages newly stopped."),
    left_out: |messages| format!("{messages} messages are beyond the rows that are told apart."),
};

/// Dutch.
pub(super) const NL: Change = Change {
    about: "Oefen een wijziging van DNS-records met de rapporten: welke mail zou slagen, en welke in quarantaine gaan of geweigerd worden",
    from: "Zonebestanden of een momentopname (.json) met de records zoals ze zijn",
    to: "Zonebestanden of een momentopname (.json) met de records zoals ze zouden worden",
    name: "Domein: de rapporten erover en over de namen eronder worden nagespeeld, en --set gaat over zijn DMARC-record",
    set: "Een tag van het DMARC-record met een andere waarde: p, sp, np, t, pct, adkim of aspf; zonder waarde (sp=) vervalt hij. In plaats van --to",
    reports: "Bestanden en mappen met rapporten",
    signs: "Een verzender die voortaan ondertekent, met de sleutel die hij gebruikt: SENDER is de naam in zijn stroom. De sleutel moet bij de records van --to staan",
    max_loss: "Hoeveel berichten van uw eigen verzenders hoogstens nieuw in quarantaine mogen gaan of geweigerd mogen worden, als aantal of als deel (0.5%); daarboven is de exitcode 1",
    not_signs: |text| format!("{text} is geen SENDER=SELECTOR._domainkey.DOMAIN"),
    not_set: |text| {
        format!(
            "{text} is geen tag met een waarde die hij kent: p, sp, np (none, quarantine, reject), t (y, n), pct (0 tot 100), adkim, aspf (r, s)"
        )
    },
    several_records: |name| format!("er staan meer DMARC-records op {name}: verwijder ze op één na"),
    no_record: |name| format!("er staat geen DMARC-record op {name}: stel p in om er een te publiceren"),
    not_known: |name| format!("de records van --from zeggen niet wat er op {name} staat"),
    record: |name, text| format!("{name} zou worden: {text}"),
    heading: |edition| {
        format!("De wijziging, bij ontvangers die {} volgen", edition.to_uppercase().replace("RFC", "RFC "))
    },
    loss: |messages, share| {
        format!(
            "{messages} berichten van uw eigen verzenders zouden in quarantaine gaan of geweigerd worden, en nu niet ({share} van hun mail)"
        )
    },
    by_change: |messages| format!("{messages} daarvan slagen nu en zouden door deze wijziging falen"),
    by_misconfigured: |messages| format!("{messages} komen van verzenders die verkeerd zijn ingericht"),
    by_broken: |messages| format!("{messages} komen van verzenders die eerst slaagden en nu niet meer"),
    by_forwarded: |messages| {
        format!("{messages} worden door anderen doorgestuurd; daar kan geen verzender iets aan doen")
    },
    by_accidents: |messages| {
        format!("{messages} zijn ongelukjes van verzenders waarvan de andere mail slaagt")
    },
    agrees: |uri| format!("rapporten zouden naar {uri} gaan, en die host stemt daarmee in"),
    publish: |host| format!("Te publiceren door {host}:"),
    stopped: |messages| format!("{messages} onbevoegde berichten zouden worden tegengehouden, en nu niet"),
    passes: |gained, lost| {
        format!("{gained} berichten zouden slagen die nu falen; {lost} zouden falen die nu slagen")
    },
    undecided: |messages| format!("Over {messages} berichten is met deze records niets te zeggen"),
    yardstick: |share| format!("Rapporteurs voerden {share} uit van wat de huidige records vragen"),
    nothing: "Voor geen enkele stroom verandert er iets.",
    passed_before: "Slaagt",
    passed_after: "Straks",
    newly: "Nieuw tegengehouden",
    open: "Onbeslist",
    more: |streams, messages| {
        format!("En nog {streams} stromen, met {messages} berichten die nieuw worden tegengehouden.")
    },
    left_out: |messages| {
        format!("{messages} berichten vallen buiten de rijen die uit elkaar worden gehouden.")
    },
};
