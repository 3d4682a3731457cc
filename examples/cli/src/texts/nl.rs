//! Dutch, with `u`, for an administrator.

use dmarc_core::diagnostics::{Language, escape};
use dmarc_core::name::NameError;

use super::{Domain, Help, Meanings, Problems, Record, Reports, Severities, Spf, Texts, Usage};

pub(super) const TEXTS: Texts = Texts {
    language: Language::Nl,
    thousands: '.',
    help: Help {
        usage: "Gebruik",
        commands: "Opdrachten",
        arguments: "Argumenten",
        options: "Opties",
        about: "Leest DMARC- en SPF-records en -rapporten, en zegt wat ontvangers ermee doen en wat eraan mankeert.",
        exit_codes: "Exitcode: 0 alles in orde, 1 bevindingen op het niveau van --fail-on, 2 de opdracht kon niet worden uitgevoerd.",
        record: "Legt de tekst van één record uit, of van vele via de standaardinvoer",
        reports: "Leest rapporten over DMARC, over losse fouten en over TLS: bestanden en mappen, ingepakt of niet",
        domain: "Beoordeelt een domein op zijn records in de DNS en op zijn rapporten",
        spf: "Toont wat een SPF-beleid kost en wie het toelaat, en hoe het anders kan worden geschreven",
        dkim: "Vraagt de DKIM-sleutels van een domein op, en zegt wat controleurs ermee doen",
        key_name: "SELECTOR._domainkey.DOMEIN, of een domein",
        selector: "Selectors om te bekijken",
        message: "Zegt of een bericht slaagt voor DMARC, en waarom",
        edition: "Standaard die ontvangers volgen: rfc9989 (standaardkeuze) of rfc7489",
        lang: "Taal van het antwoord: en (standaardkeuze) of nl",
        format: "Vorm van het antwoord: text (standaardkeuze) of json; bij `domain` en `portfolio` ook csv of html, één pagina die op zichzelf staat; bij `reports` ook jsonl, csv of parquet, met één rij per record",
        fail_on: "Bevindingen die exitcode 1 geven: error (standaardkeuze), warning of never. Bij `reports` is de standaardkeuze: geweigerde invoer",
        text: "Tekst van het record, of - voor één record per regel van de standaardinvoer; een MTA-STS-beleid is daar één tekst van alle regels",
        kind: "Wat de tekst moet zijn: auto (standaardkeuze), dmarc, spf, dkim, dkim-signature, mta-sts, mta-sts-policy, tls-rpt of tlsa",
        paths: "Rapporten, en mappen waarin ze op welke diepte dan ook staan: XML, JSON, gzip, zlib, ZIP, e-mail, mailboxen (mbox) en Maildir-mappen (cur en new; tmp blijft buiten beschouwing)",
        findings: "Toon elke bevinding als JSON-regel met haar plaats, en verder niets",
        report_write: "Schrijft een rapport voor anderen uit wat een ontvanger weet",
        rows: "Records van een verzamelrapport, of beleid uit een TLS-rapport: één JSON-object per regel; of het bericht waar een foutrapport over gaat",
        head: "Al het andere van het rapport, als JSON-object",
        output: "Map voor het ingepakte rapport; de naam ervan en het onderwerp van het bericht worden getoond",
        privacy: "Wat er met lokale delen van adressen en onderwerpen in foutrapporten gebeurt: keep (standaard), hash of drop",
        privacy_key: "Sleutel van de hashes: dezelfde sleutel geeft dezelfde hashes",
        names: "Domeinen om te beoordelen",
        zone: "Zonebestanden die antwoorden in plaats van het netwerk",
        snapshot: "Momentopname van de DNS, of bewijs van --save, die antwoordt in plaats van het netwerk",
        resolver: "Naamserver om te vragen: system (standaardkeuze) of een adres, zoals 192.0.2.53 of [2001:db8::53]:5353",
        trust_ad: "Geloof de naamserver over DNSSEC: hij valideert, en zegt dat met de AD-bit (standaard: wat een server op deze machine gevalideerd noemt, is dat; meer is niet bekend)",
        reports_option: "Verzamelrapporten over de domeinen: bestanden en mappen",
        save: "Bestand om het bewijs in te bewaren; --snapshot daarop geeft hetzelfde oordeel opnieuw",
        sends: "Of het domein mail verstuurt: yes of no (standaardkeuze: wat records en rapporten laten zien)",
        receives: "Of het domein mail ontvangt: yes of no (standaardkeuze: wat de records laten zien)",
        signed_message: "Berichten van het domein, of hun kopregels: de DKIM-sleutels die hun handtekeningen noemen, worden opgezocht",
        mta_sts_policy: "MTA-STS-beleidsbestand van het domein, in plaats van dat op zijn webserver",
        fetch: "Haal het MTA-STS-beleid via HTTPS op bij de webserver van het domein, als er een naamserver wordt gevraagd",
        subdomain: "Een naam onder het domein om ook te bekijken; mag vaker",
        now: "Tijdstip van het oordeel, in seconden sinds 1970 (standaardkeuze: de klok)",
        policy: "Domein, tekst van een record (v=spf1 …), of - voor één record per regel van de standaardinvoer, met regels JSON als antwoord",
        as_text: "Neem het argument als de tekst van een record, hoe het er ook uitziet",
        at: "Domein waarop de tekst wordt gepubliceerd, voor termen die het domein zelf bedoelen",
        ip: "Adres van een client: welke uitslag krijgt die?",
        mail_from: "De afzender van de envelop (standaardkeuze: postmaster van het domein; '' voor de lege)",
        helo: "De naam die de client noemt in HELO of EHLO",
        compare: "Ander domein of andere tekst om mee te vergelijken: welke adressen komen erbij en vallen af?",
        rewrite: "Stel andere schrijfwijzen voor, elk met het aantal vragen en wat er verandert",
        count: "Wat meetelt: lookups=N, voids=N, mx-hosts=N, p-macro=yes|no, void-unit=answers|terms; meermaals",
        file: "Bericht of alleen de kop ervan, zoals het ontvangen is, of - voor de standaardinvoer",
        from: "Domein in het veld From, waar geen bericht is gegeven; meermaals voor verschillende auteurs",
        authserv_id: "Ontvanger wiens velden Authentication-Results worden geloofd (zonder: die van het bovenste veld)",
        spf_result: "Wat SPF vond voor het domein van MAIL FROM, bijvoorbeeld example.com=pass",
        dkim_result: "Wat DKIM vond voor een handtekening, met haar d=, bijvoorbeeld example.com=pass; meermaals voor meer",
        random: "Willekeurig getal dat beslist waar pct voor een deel van de mail geldt (rfc7489)",
        version: "Toon de versie (--version: ook die van de onderdelen)",
        help: "Toon deze uitleg",
    },
    usage: Usage {
        unknown_option: |option| format!("de optie `{option}` bestaat niet"),
        unknown_command: |command| format!("de opdracht `{command}` bestaat niet"),
        unexpected: |argument| format!("`{argument}` is één argument te veel"),
        value: |option, value| format!("`{value}` is geen waarde voor {option}"),
        no_value: |option| format!("{option} heeft een waarde nodig"),
        missing: |arguments| format!("er ontbreekt iets: {arguments}"),
        no_command: "geef aan wat u wilt doen: record, reports, domain, spf, dkim of message",
        conflict: |option, other| format!("{option} en {other} gaan niet samen"),
        repeated: |option| format!("{option} kunt u maar één keer opgeven"),
        other: |detail| detail.to_owned(),
        possible: |values| format!("mogelijke waarden: {values}"),
        meant: |suggestion| format!("bedoelde u {suggestion}?"),
        see_help: "--help legt de opdrachten en opties uit",
    },
    problems: Problems {
        not_found: |path| {
            format!(
                "het bestand of de map `{path}` bestaat niet; controleer de spelling en in welke map u zit"
            )
        },
        no_permission: |path| {
            format!(
                "u mag `{path}` niet lezen; vraag de eigenaar om toestemming, of voer dit uit als een gebruiker die het wel mag"
            )
        },
        unreadable: |path, reason| format!("`{path}` kan niet worden gelezen: {reason}"),
        not_a_file: |path| {
            format!(
                "`{path}` is geen gewoon bestand (maar een map, pipe of apparaat); bewaar de inhoud eerst in een bestand"
            )
        },
        too_large: |path, limit| {
            format!(
                "`{path}` is groter dan {limit} MiB, meer dan een rapport of zone nodig heeft; splits het op of laat het weg"
            )
        },
        no_files: |path| {
            format!(
                "er staat geen bestand om te lezen in `{path}`; geef de map waarin de rapporten zijn bewaard"
            )
        },
        empty_input: "de standaardinvoer was leeg; geef één record per regel",
        long_line: |number, limit| {
            format!("regel {number} is langer dan {limit} MiB; alleen het begin is bekeken")
        },
        not_usable: |path, reason| format!("`{path}` is niet bruikbaar: {reason}"),
        no_names: "noem een domein, of geef bewijs van --save met --snapshot",
        no_message: "geef een bericht, - voor een bericht op de standaardinvoer, of de auteur met --from",
        no_policy: "noem een domein, geef de tekst van een record, of - voor records op de standaardinvoer",
        as_text: "is het de tekst van een record, zeg dat dan met --text",
        more_in_file: |path, count| format!("`{path}` heeft nog {count} bevindingen"),
        not_a_name: |name, reason| format!("`{name}` is geen domeinnaam: {reason}"),
        name_reason: |error| match error {
            NameError::Empty => "er staat niets".to_owned(),
            NameError::EmptyLabel => "er staan twee punten achter elkaar, of een punt vooraan".to_owned(),
            NameError::LongLabel { label } => {
                format!("het deel `{}` is langer dan 63 tekens", escape(label, 80))
            }
            NameError::Long => "langer dan 253 tekens".to_owned(),
            _ => "er staat een teken in dat niet in een naam kan".to_owned(),
        },
        not_an_address: "geef alleen het domein, zonder adres of pad",
        resolver: |reason| {
            format!(
                "geen naamserver gaf antwoord ({reason}); noem er een met --resolver, of geef de records met --zone of --snapshot"
            )
        },
        not_saved: |path, reason| format!("het bewijs kon niet naar `{path}` worden geschreven: {reason}"),
        stream: |reason| format!("de standaardinvoer of -uitvoer liet het afweten: {reason}"),
    },
    record: Record {
        line: |number| format!("Regel {number}"),
        dmarc: "DMARC-record",
        spf: "SPF-record",
        unknown: "Geen record",
        usable: "ontvangers handelen ernaar zoals het er staat",
        usable_with_findings: "ontvangers kunnen het gebruiken, maar niet alles werkt zoals het er staat",
        acts_as_none: "ontvangers handelen alsof er p=none staat: ze grijpen niet in en sturen wel rapporten",
        unusable: "ontvangers kunnen het niet gebruiken en handelen alsof er geen beleid is",
        not_a_record: "geen record van een soort die hier bekend is; ontvangers slaan het over",
        not_dmarc: "dit is geen DMARC-record; ontvangers slaan het over",
        not_spf: "dit is geen SPF-record; ontvangers slaan het over",
        mta_sts: "MTA-STS-record",
        mta_sts_policy: "MTA-STS-beleid",
        tls_rpt: "TLS-RPT-record",
        tlsa: "TLSA-record",
        transport_usable: "verzenders handelen ernaar",
        transport_unusable: "verzenders handelen alsof het er niet is",
        dkim: "DKIM-sleutel",
        signature: "DKIM-handtekening",
        signature_usable: "een controleur komt toe aan de sleutel; of zij geldig is, weet alleen wie de mail heeft",
        signature_unusable: "deze handtekening is nooit geldig",
        not_signature: "dit is geen DKIM-handtekening",
        not_dkim: "dit is geen DKIM-sleutelrecord; controleurs slaan het over",
        dkim_usable: "controleurs kunnen de sleutel gebruiken",
        dkim_unusable: "controleurs kunnen de sleutel niet gebruiken: geen handtekening ermee is geldig",
        dkim_key: |kind, bits, testing, strict| {
            let testing = if testing { ", alleen om te proberen" } else { "" };
            let strict = if strict { ", niet voor subdomeinen" } else { "" };
            format!("{kind}, {bits} bits{testing}{strict}")
        },
        spf_usable: "ontvangers kunnen het toepassen",
        spf_unusable: "ontvangers stoppen met een blijvende fout (permerror)",
        tag: "Tag",
        published: "Gepubliceerd",
        effective: "Geldt als",
        meaning: "Betekenis",
        meanings: Meanings {
            p: "mail van het domein zelf die niet slaagt",
            sp: "van bestaande subdomeinen",
            np: "van subdomeinen die niet bestaan",
            none: "niet ingrijpen",
            quarantine: "als verdacht behandelen",
            reject: "weigeren",
            adkim_r: "een DKIM-handtekening van dezelfde organisatie volstaat",
            adkim_s: "het DKIM-domein moet precies dat van de afzender zijn",
            aspf_r: "een SPF-domein van dezelfde organisatie volstaat",
            aspf_s: "het SPF-domein moet precies dat van de afzender zijn",
            rua: "waar verzamelrapporten heen gaan",
            no_rua: "niemand hoort hoe het domein wordt gebruikt",
            ruf: "waar foutrapporten heen gaan",
            no_ruf: "niemand vraagt om foutrapporten",
            fo: "wanneer foutrapporten worden gestuurd",
            t_y: "proef: ontvangers wordt gevraagd één stap minder streng te zijn",
            t_n: "geen proef: het beleid is gemeend",
            psd_y: "een publiek achtervoegsel, zoals dat van een register",
            psd_n: "de top van een organisatie",
            psd_u: "niet vermeld: ontvangers zoeken de organisatie zelf op",
            pct: "percentage van de mail waarop het beleid wordt toegepast",
            ri: "seconden tussen verzamelrapporten",
            rf: "vorm van foutrapporten",
            unknown_here: "geen tag van deze standaard, genegeerd",
        },
        findings: "Bevindingen",
        no_findings: "Niets op aan te merken.",
        more_findings: |count| format!("En nog {count}; --format json noemt ze allemaal."),
        count: |errors, warnings, notices| {
            super::joined(&[
                (errors, "fout", "fouten"),
                (warnings, "waarschuwing", "waarschuwingen"),
                (notices, "opmerking", "opmerkingen"),
            ])
        },
    },
    transport: super::transport::nl::TRANSPORT,
    spf: Spf {
        term: "Term",
        result: "Uitslag",
        who: "Voor wie",
        pass: "pass",
        fail: "fail",
        softfail: "softfail",
        neutral: "neutral",
        all: "elke andere afzender",
        include: "wie slaagt volgens het record van dat domein",
        a_here: "de adressen van dit domein",
        a_there: "de adressen van die naam",
        mx_here: "de mailservers van dit domein",
        mx_there: "de mailservers van dat domein",
        ptr: "machines met een omgekeerde naam in het domein (niet gebruiken)",
        address: "deze adressen",
        exists: "afzenders voor wie die naam bestaat",
        redirect: "alle anderen: het record van dat domein beslist",
        exp: "uitleg die bij een fail wordt gegeven",
        modifier: "onbekende modifier, genegeerd",
        invalid: "niet te begrijpen: de beoordeling stopt met permerror",
        lookups: |count| {
            format!(
                "Termen van dit record die een DNS-vraag kosten: {count}. Samen met die van ingesloten records mogen het er hoogstens 10 zijn."
            )
        },
    },
    policy: super::policy::nl::POLICY,
    keys: super::keys::NL,
    message: super::message::NL,
    reports: Reports {
        headline: |reports| super::counted(reports, "rapport", "rapporten"),
        period: |begin, end| format!("{begin} tot en met {end}"),
        reading: "Lezen",
        what: "",
        count: "Aantal",
        of_which: "Waarvan",
        inputs: "Bestanden",
        reports: "Rapporten",
        records: "Records",
        messages: "Berichten",
        refused_part: |count| format!("{count} geweigerd"),
        incomplete_part: |count| format!("{count} onvolledig"),
        skipped_part: |count| format!("{count} andere bestanden in archieven overgeslagen"),
        duplicate_part: |count| format!("{count} al eerder gezien"),
        conflict_part: |count| format!("{count} in tegenspraak met een eerder rapport, niet meegeteld"),
        resent_part: |count| format!("{count} opnieuw verstuurd onder een ander kenmerk, niet meegeteld"),
        overlap_part: |count| format!("{count} over een periode die overlapt"),
        uncounted_part: |count| format!("{count} zonder leesbaar aantal"),
        lost_part: |count| format!("en nog {count} die niet te lezen waren"),
        reporters: "Rapporteurs",
        reporter: "Rapporteur",
        unnamed: "(zonder naam)",
        first: "Eerste dag",
        last: "Laatste dag",
        sources: "Bronnen met de meeste mail",
        failing: "Bronnen met de meeste mail die niet slaagt",
        source: "Bron",
        dkim: "DKIM",
        spf: "SPF",
        dmarc: "DMARC",
        from: "Uit naam van",
        other_sources: |sources, messages, passed| {
            format!("En nog {sources} bronnen met {messages} berichten, waarvan {passed} slaagt voor DMARC.")
        },
        more_names: |count| format!(" en nog {count}"),
        failure_reports: "Foutrapporten",
        tls_reports: "TLS-rapporten",
        sessions: "Sessies",
        failed_part: |count| format!("{count} mislukt"),
        failed: "Mislukt",
        succeeded: "Gelukt",
        outcome: "Aflevering",
        domain: "Domein",
        policy: "Beleid",
        reason: "Waarom sessies mislukten",
        host: "Server",
        refused: "Geweigerd",
        findings: "Gevonden in de rapporten",
        severity: "Ernst",
        finding: "Bevinding",
        findings_hint: "--findings toont ze stuk voor stuk, met hun plaats.",
        findings_left_out: |count| {
            format!("nog {count} bevindingen in dezelfde rapporten zijn geteld en niet getoond")
        },
    },
    change: super::change::NL,
    plan: super::plan::NL,
    streams: super::streams::NL,
    senders: super::senders::NL,
    tables: super::tables::NL,
    writing: super::writing::NL,
    report: super::report::NL,
    domain: Domain {
        open: "niet beschermd: ontvangers wordt gevraagd niet in te grijpen bij mail die niet slaagt",
        half: "deels beschermd: ontvangers wordt gevraagd mail die niet slaagt als verdacht te behandelen",
        closed: "beschermd: ontvangers wordt gevraagd mail die niet slaagt te weigeren",
        no_policy: "niet beschermd: er is geen DMARC-beleid",
        not_known: "niet bekend is welk DMARC-beleid geldt",
        under: |edition, when| {
            format!(
                "zoals gezien door ontvangers die {} volgen, op {when}",
                edition.to_uppercase().replace("RFC", "RFC ")
            )
        },
        at_domain: "het record van het domein zelf",
        at_organization: "het record van het organisatiedomein",
        at_public_suffix: "het record van het publieke achtervoegsel",
        no_dmarc: "Er is geen DMARC-record gevonden, hier noch hoger.",
        several: |name, count| {
            format!("{name} heeft {count} zulke records: ontvangers gebruiken er geen van.")
        },
        failed: |name, reason| format!("Het opzoeken van {name} is mislukt: {reason}."),
        unknown_here: |name| format!("Over {name} is hier niets bekend."),
        whose: "Mail van",
        policy: "Beleid",
        by_tag: "Uit tag",
        dkim_match: "DKIM-match",
        spf_match: "SPF-match",
        action: "Wat ontvangers wordt gevraagd",
        existing: "bestaande subdomeinen",
        nonexistent: "subdomeinen die niet bestaan",
        strict: "strikt",
        relaxed: "ruim",
        no_spf: "Geen SPF-record.",
        mail_hosts: "Mailservers (MX)",
        null_mx: "Het domein neemt geen mail aan (null-MX).",
        no_mx: "Geen MX-records.",
        reports: "Verzamelrapporten",
        reports_summary: |reports, reporters, messages| {
            let reports = super::counted(reports, "rapport", "rapporten");
            let reporters = super::counted(reporters, "rapporteur", "rapporteurs");
            format!("{reports} van {reporters} over {}", super::counted(messages, "bericht", "berichten"))
        },
        passed: |dmarc, dkim, spf| {
            format!("{dmarc} van de berichten slaagt voor DMARC: {dkim} door DKIM, {spf} door SPF")
        },
        inputs_refused: |refused, inputs| {
            format!("Niet te lezen: {refused} van de {inputs} bestanden; `dmarc-check reports` zegt waarom.")
        },
        prescriptions: |id, version| format!("Voorschriften ({} {version})", id.to_uppercase()),
        verdict: "Oordeel",
        requirement: "Voorschrift",
        about: "Het vraagt dat",
        pass: "✔ voldoet",
        fail: "✘ voldoet niet",
        warn: "! let op",
        not_applicable: "– niet van toepassing",
        undetermined: "? niet te bepalen",
        missing: |evidence| format!("nodig om dit te bepalen: {evidence}"),
        cost: |asked, rounds| {
            let questions = super::counted(asked, "vraag", "vragen");
            format!("{questions} in {}.", super::counted(rounds, "ronde", "ronden"))
        },
        evidence_kinds: [
            ("dns", "DNS-antwoorden"),
            ("dns:dmarc", "het DMARC-record"),
            ("dns:txt", "de TXT-records"),
            ("dns:mx", "de MX-records"),
            ("dns:spf-includes", "de SPF-records die worden ingesloten"),
            ("dns:spf-redirect", "het SPF-record waarnaar wordt verwezen"),
            ("dns:authorization", "de instemming van het rapportadres"),
            ("dns:selectors", "de sleutels van de DKIM-selectors die in gebruik zijn"),
            ("dns:tlsa", "TLSA-records"),
            ("dns:dnssec", "of de records met DNSSEC ondertekend zijn"),
            ("https:mta-sts", "het MTA-STS-beleidsbestand"),
            ("reports", "verzamelrapporten"),
            ("reports:selectors", "welke DKIM-selectors de rapporten noemen"),
            ("reports:tls", "TLS-rapporten"),
            ("streams", "mailstromen uit rapporten"),
            ("smtp", "wat de mailservers zeggen"),
            ("message", "headers van ontvangen mail"),
            ("context", "wat alleen u weet"),
            ("context:sends", "of het domein mail verstuurt"),
            ("context:receives", "of het mail ontvangt"),
            ("context:known-senders", "welke afzenders van u zijn"),
            ("context:tls-guidelines", "de TLS-richtlijnen"),
        ],
    },
    severities: Severities { error: "fout", warning: "waarschuwing", notice: "opmerking" },
};
