//! Dutch, with `u`, for an administrator.

use dmarc_core::spf::Became;
use dmarc_core::spf::analysis::rewrite::{Kind, LeftReason, Risk};

use super::super::counted;
use super::{Policy, Why};

pub(in crate::texts) const POLICY: Policy = Policy {
    nameless: "SPF-record",
    valid: |most| match most {
        Some(most) => {
            format!(
                "elke afzender krijgt een uitslag, na hoogstens {}",
                counted(most, "DNS-vraag", "DNS-vragen")
            )
        }
        None => "elke afzender krijgt een uitslag".to_owned(),
    },
    permerror_all: "ontvangers stoppen met een blijvende fout (permerror), wie er ook verstuurt",
    permerror_some: "bij sommige afzenders stoppen ontvangers met een blijvende fout (permerror)",
    temperror: "bij sommige afzenders stoppen ontvangers met een tijdelijke fout (temperror)",
    none: "er is geen SPF-record: ontvangers weten niet wie mag versturen",
    undetermined: "wat ontvangers ervan maken, volgt niet uit wat hier bekend is",
    counts_title: "DNS-vragen",
    least: "Minst",
    most: "Meest",
    limit: "Grens",
    most_by: "Meest bij",
    bounds: "grenzen; zie wat open blijft",
    lookups_of: |family| format!("afzenders met {family}"),
    voids_of: |family| format!("zonder antwoord, {family}"),
    sum: "alle termen samen",
    tree: "Beleid",
    term: "Term",
    own: "Zelf",
    below: "Eronder",
    so_far: "Tot hier",
    limit_passed: |limit| format!("──── de grens van {limit}: wie verder komt, stopt met permerror ────"),
    ranges: |count| format!("{count} reeksen"),
    dead: "nooit bereikt",
    mail_hosts: |count| counted(count, "mailserver", "mailservers"),
    void: |count| {
        if count > 1 { format!("levert niets op ({count} keer)") } else { "levert niets op".to_owned() }
    },
    void_for: |family, count| {
        if count > 1 {
            format!("levert niets op voor {family} ({count} keer)")
        } else {
            format!("levert niets op voor {family}")
        }
    },
    duplicate: "staat er twee keer",
    covered: "valt binnen een ruimere reeks",
    depends: "hangt af van de afzender",
    endless: "lus: leidt naar zichzelf terug",
    named_twice: "twee keer genoemd in dit record",
    seen_above: "zoals hierboven, telt opnieuw",
    no_record: "daar staat geen SPF-record",
    several_records: "daar staan meerdere SPF-records",
    failure: "opzoeken mislukt",
    not_visited: "niet meer bekeken",
    not_known: "hier niet bekend",
    unusable: "kapot: permerror",
    surface: "Adressen per uitslag",
    result: "Uitslag",
    ipv4_unlimited: "IPv4 zonder grenzen",
    ipv6_unlimited: "IPv6 zonder grenzen",
    all_addresses: "alle",
    may_send: |ranges| format!("Deze slagen: {ranges}"),
    open: "Blijft open",
    open_macro: "staat voor de afzender en verschilt dus per bericht",
    open_ptr: "vraagt naar de naam van de afzender, en daar gaan anderen over",
    open_not_known: "het antwoord is hier niet bekend",
    open_not_visited: "het beleid gaat verder dan er wordt gekeken",
    open_too_large: "het beleid is te groot om het voor elke afzender tot het eind te volgen",
    client: |ip, sender, helo| match helo {
        "" => format!("{ip} met mail van {sender}"),
        _ => format!("{ip} met mail van {sender}, als {helo}"),
    },
    other_domain: |domain| format!("De afzender is van een ander domein: het beleid van {domain} beslist."),
    not_known_result: "niet bekend",
    by_term: |term, domain| format!(" door {term} in het record van {domain}"),
    no_term: "geen term past",
    spent: |lookups, limit, voids, void_limit| {
        format!("DNS-vragen: {lookups} van {limit}. Zonder antwoord: {voids} van {void_limit}.")
    },
    explanation: |domain, text| format!("{domain} geeft als uitleg, in eigen woorden: \"{text}\""),
    step: "Stap",
    voids: "Niets",
    became: |became| match became {
        Became::Match => "past",
        Became::NoMatch => "past niet",
        Became::OtherFamily => "andere adresfamilie",
        Became::NothingFound => "levert niets op",
        Became::ImpossibleName => "geen mogelijke naam",
        Became::NonAsciiLocalPart => "lokale deel is geen ASCII",
        Became::Ended => "beëindigt de beoordeling",
        _ => "",
    },
    why: Why {
        invalid_domain: |domain| format!("`{domain}` is geen domein dat een beleid kan hebben"),
        no_record: |domain| format!("{domain} heeft geen SPF-record"),
        several_records: |domain| format!("{domain} heeft meerdere SPF-records"),
        syntax_error: |domain| format!("het record van {domain} is kapot"),
        target: |domain| format!("{domain}, waar het beleid heen leidt, heeft geen bruikbaar record"),
        lookups: |limit| format!("meer dan {limit} DNS-vragen"),
        voids: |limit| format!("meer dan {limit} vragen zonder antwoord"),
        mail_hosts: |domain, limit| format!("{domain} heeft meer dan {limit} mailservers"),
        failed: |question, reason| format!("het opzoeken van {question} is mislukt ({reason})"),
        not_known: |question| format!("het antwoord op {question} is hier niet bekend"),
    },
    compared: |with| format!("Vergeleken met {with}"),
    equal: "Gelijk: elk adres krijgt van beide dezelfde uitslag.",
    not_comparable: "Sommige uitslagen hangen af van de afzender of van antwoorden die niet bekend zijn: dat de twee gelijk zijn, is niet te bewijzen.",
    as_they_read: "Zoals ze er staan, als er geen grenzen waren:",
    with_limits: "Zoals ontvangers ze toepassen, met de grenzen:",
    moved: |family, count, from, to| format!("{from} wordt {to}, aantal {family}-adressen: {count}"),
    rewrites: "Andere schrijfwijzen",
    rewrites_intro: "In de volgorde waarin u ze het best probeert; elke bouwt voort op de eerdere die niets veranderen.",
    no_rewrites: "Er is niets voor te stellen.",
    kind: |kind| match kind {
        Kind::RemoveIdle => {
            "Haal weg wat niets doet: termen die nooit worden bereikt, dubbel staan of niets opleveren"
        }
        Kind::RemoveBroken => "Haal weg wat het beleid breekt: termen die naar geen bruikbaar record leiden",
        Kind::RemoveCovered => "Haal termen weg waarvan andere termen de adressen ook hebben",
        Kind::RemoveUnused => "Haal termen weg die volgens de rapporten nergens voor nodig waren",
        Kind::MoveToSubdomain => "Geef verzenders een eigen subdomein",
        Kind::MergeRanges => "Voeg reeksen samen",
        Kind::Flatten => "Schrijf de adressen van andere namen uit (flattening)",
        _ => "Herschrijf",
    },
    count: "DNS-vragen",
    counts: |before, after, voids_before, voids_after| {
        format!("hoogstens {before} → {after}, zonder antwoord {voids_before} → {voids_after}")
    },
    fits: "binnen de grenzen",
    does_not_fit: "nog over een grens",
    not_for_all: "maar niet van elke afzender staat de uitslag vast",
    terms: "Termen",
    left: "Blijft staan",
    left_reason: |reason| match reason {
        LeftReason::Query => "vraagt bij elk bericht opnieuw",
        LeftReason::Error => "leidt tot een fout",
        LeftReason::Explanation => "de uitleg zou verloren gaan",
        _ => "waar het voor staat is niet bekend",
    },
    proof: "Bewijs",
    proven_equal: "bewezen gelijk: elk IPv4- en IPv6-adres krijgt wat het beleid zegt zoals het er staat",
    not_equal: "niet gelijk; dit zijn de verschillen",
    equality_not_known: "niet te bewijzen: sommige uitslagen hangen af van de afzender of van antwoorden die niet bekend zijn",
    risks: "Risico",
    no_risk: "geen",
    risk: |risk| match risk {
        Risk::AnswersChange => "het geldt zolang de antwoorden blijven wat ze zijn",
        Risk::AddressesGoStale => {
            "adressen van anderen verouderen, en mail gaat ongemerkt verloren: vergelijk regelmatig"
        }
        Risk::MailLost => "wie nu mag versturen, mag dat straks niet meer",
        Risk::SenderMustChange => "de verzender moet eerst het subdomein in zijn envelopafzender gebruiken",
        _ => "",
    },
    publish: "Publiceer",
    size: |octets, strings| {
        let strings = counted(strings, "string", "strings");
        format!("{octets} octetten, {strings}")
    },
    drift: "Zodra u een hiervan hebt gepubliceerd, toont dit wat anderen sindsdien hebben veranderd",
};
