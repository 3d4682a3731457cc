//! Sentences of `plan`.

/// What `plan` says.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) about: &'static str,
    pub(crate) name: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) rua: &'static str,
    pub(crate) window: &'static str,
    pub(crate) max_loss: &'static str,
    pub(crate) title: &'static str,
    pub(crate) steps_label: &'static str,
    pub(crate) steps: [&'static str; 6],
    pub(crate) step: fn(step: u8, name: &str) -> String,
    pub(crate) unknown: &'static str,
    pub(crate) quiet: &'static str,
    pub(crate) quiet_done: &'static str,
    pub(crate) under: fn(edition: &str, day: &str) -> String,
    pub(crate) blocked: &'static str,
    pub(crate) publish: &'static str,
    pub(crate) publish_to: fn(step: u8, name: &str) -> String,
    pub(crate) nothing: &'static str,
    pub(crate) then: &'static str,
    pub(crate) gone: &'static str,
    pub(crate) loss: &'static str,
    pub(crate) lost: fn(messages: &str, share: &str, weeks: Option<u64>) -> String,
    pub(crate) residual: fn(messages: &str) -> String,
    pub(crate) more: fn(streams: usize) -> String,
    pub(crate) watch: &'static str,
    pub(crate) after: &'static str,
    pub(crate) earliest: fn(day: &str) -> String,
    pub(crate) back: &'static str,
    pub(crate) notes: &'static str,
}

impl Plan {
    /// What a step is called.
    pub(crate) fn step_name(&self, step: u8) -> &'static str {
        let at = usize::from(step).saturating_sub(1);
        self.steps.get(at).copied().unwrap_or_default()
    }
}

/// English.
pub(super) const EN: Plan = Plan {
    about: "The next safe move towards p=reject: where the domain stands, what holds it up, which records to publish, and how to go back",
    name: "The domain",
    accept: "A stream, by its key in the JSON, whose mail may be lost: it is not yours, or not worth waiting for",
    rua: "Where aggregate reports go, if the record names no address",
    window: "Days of reports before the first policy (28; Forum Standaardisatie says 6 to 8 weeks)",
    max_loss: "Share of your own mail that a step may lose, beside what nobody can mend (0.1%)",
    title: "The next safe move",
    steps_label: "Steps on the way to p=reject (Forum Standaardisatie)",
    steps: ["publish records", "read reports", "mend senders", "quarantine", "reject", "keep watching"],
    step: |step, name| format!("step {step} of 6, {name}"),
    unknown: "where it stands cannot be told",
    quiet: "it has no mail, and does not say so in full",
    quiet_done: "it has no mail, and says so",
    under: |edition, day| format!("stages for receivers that follow {edition}, counted from {day}"),
    blocked: "What holds the next step up",
    publish: "Publish now",
    publish_to: |step, name| format!("Publish now: to step {step}, {name}"),
    nothing: "Nothing: leave the records as they are.",
    then: "Publish once nothing holds it up",
    gone: "goes",
    loss: "What that loses",
    lost: |messages, share, weeks| match weeks {
        Some(weeks) => {
            format!(
                "{messages} messages of your own in the last {weeks} weeks would be stopped ({share} of your mail)"
            )
        }
        None => format!(
            "{messages} messages of your own in these reports would be stopped ({share} of your mail)"
        ),
    },
    residual: |messages| format!("{messages} of them were sent on by others, which no sender can mend"),
    more: |streams| format!("and {streams} more"),
    watch: "Watch",
    after: "The step after that",
    earliest: |day| format!("not before {day}, and when"),
    back: "To go back",
    notes: "Worth knowing",
};

/// Dutch.
pub(super) const NL: Plan = Plan {
    about: "De volgende veilige stap naar p=reject: waar het domein staat, wat het ophoudt, welke records u publiceert en hoe u teruggaat",
    name: "Het domein",
    accept: "Een stroom, met zijn sleutel uit de JSON, waarvan mail verloren mag gaan: hij hoort niet bij u, of is het wachten niet waard",
    rua: "Waar rapporten heen gaan, als het record geen adres noemt",
    window: "Dagen rapporten vóór het eerste beleid (28; Forum Standaardisatie zegt 6 tot 8 weken)",
    max_loss: "Welk deel van uw eigen mail een stap mag kosten, naast wat niemand kan herstellen (0.1%)",
    title: "De volgende veilige stap",
    steps_label: "Stappen op weg naar p=reject (Forum Standaardisatie)",
    steps: [
        "records publiceren",
        "rapporten lezen",
        "verzenders herstellen",
        "quarantaine",
        "weigeren",
        "blijven volgen",
    ],
    step: |step, name| format!("stap {step} van 6, {name}"),
    unknown: "waar het staat, is niet te zeggen",
    quiet: "het heeft geen mail en zegt dat niet volledig",
    quiet_done: "het heeft geen mail en zegt dat ook",
    under: |edition, day| format!("stappen voor ontvangers die {edition} volgen, geteld vanaf {day}"),
    blocked: "Wat de volgende stap ophoudt",
    publish: "Publiceer nu",
    publish_to: |step, name| format!("Publiceer nu: naar stap {step}, {name}"),
    nothing: "Niets: laat de records zoals ze zijn.",
    then: "Publiceer zodra niets het meer ophoudt",
    gone: "vervalt",
    loss: "Wat dat kost",
    lost: |messages, share, weeks| match weeks {
        Some(weeks) => format!(
            "{messages} eigen berichten in de laatste {weeks} weken zouden worden tegengehouden ({share} van uw mail)"
        ),
        None => format!(
            "{messages} eigen berichten in deze rapporten zouden worden tegengehouden ({share} van uw mail)"
        ),
    },
    residual: |messages| {
        format!("{messages} daarvan zijn door anderen doorgestuurd; dat kan geen verzender herstellen")
    },
    more: |streams| format!("en nog {streams}"),
    watch: "Let op",
    after: "De stap daarna",
    earliest: |day| format!("niet vóór {day}, en als"),
    back: "Om terug te gaan",
    notes: "Goed om te weten",
};
