//! Sentences of the report on a domain, and of the portfolio.

use dmarc_core::assessment::{ListProblem, PolicyInEffect};

/// What they say.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) profile: &'static str,
    pub(crate) phase: &'static str,
    pub(crate) known_sender: &'static str,
    pub(crate) explain: &'static str,
    pub(crate) received: &'static str,
    pub(crate) authserv_id: &'static str,
    pub(crate) context: &'static str,
    pub(crate) details: &'static str,
    pub(crate) portfolio: &'static str,
    pub(crate) list: &'static str,
    pub(crate) guidance: &'static str,
    pub(crate) names: [(&'static str, &'static str); 4],
    pub(crate) step: fn(step: &str) -> String,
    pub(crate) plan_hint: fn(domain: &str) -> String,
    pub(crate) actions: &'static str,
    pub(crate) no_actions: &'static str,
    pub(crate) more_actions: fn(count: usize) -> String,
    pub(crate) details_hint: &'static str,
    pub(crate) source: &'static str,
    pub(crate) evidence: &'static str,
    pub(crate) explanation: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) prescription: &'static str,
    pub(crate) advice: &'static str,
    pub(crate) ours: fn(verdict: &str) -> String,
    pub(crate) title: fn(domain: &str) -> String,
    pub(crate) summary: &'static str,
    pub(crate) made_by: fn(version: &str) -> String,
    pub(crate) evidence_file: fn(path: &str) -> String,
    pub(crate) no_evidence_file: &'static str,
    pub(crate) chart_verdicts: fn(profile: &str) -> String,
    pub(crate) chart_weeks: &'static str,
    pub(crate) passing: &'static str,
    pub(crate) not_passing: &'static str,
    pub(crate) records: &'static str,
    pub(crate) findings: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) what: &'static str,
    pub(crate) to_do: &'static str,
    pub(crate) contents: &'static str,
    pub(crate) portfolio_title: &'static str,
    pub(crate) strict: fn(strict: &str, known: &str, share: &str) -> String,
    pub(crate) nothing_known: &'static str,
    pub(crate) in_part: fn(count: &str) -> String,
    pub(crate) strict_means: &'static str,
    pub(crate) policies: &'static str,
    pub(crate) policy: fn(policy: PolicyInEffect) -> &'static str,
    pub(crate) domains: &'static str,
    pub(crate) domain: &'static str,
    pub(crate) share: &'static str,
    pub(crate) inherited: &'static str,
    pub(crate) without_mail: &'static str,
    pub(crate) inherits_from: fn(domain: &str) -> String,
    pub(crate) worst: &'static str,
    pub(crate) not_met: &'static str,
    pub(crate) errors: &'static str,
    pub(crate) more_domains: fn(count: &str) -> String,
    pub(crate) list_heading: &'static str,
    pub(crate) line: fn(line: usize) -> String,
    pub(crate) problem: fn(problem: &ListProblem) -> String,
    pub(crate) more_problems: fn(count: &str) -> String,
    pub(crate) nothing_listed: &'static str,
    pub(crate) reading: &'static str,
}

impl Report {
    /// A profile in words.
    pub(crate) fn name<'a>(&self, id: &'a str) -> &'a str {
        self.names.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| name)
    }
}

/// English.
pub(super) const EN: Report = Report {
    profile: "Guidance to judge by: ubv, forum, internet-nl or baseline; may be given again (default: all)",
    phase: "Phase of the rollout (UBV 1.0, chapter 5): 1 insight, 2 SPF and DKIM, 3 enforcement, 4 monitoring; in the first three p=none is allowed",
    known_sender: "Sender that may send for the domain: the name of its SPF record, or a network; may be given again",
    explain: "Why a requirement is not met, by its identifier: MAIL-BESCHERM-007=\"the supplier follows in May\"; it stands beside the verdict",
    received: "Messages that the domain received, of which the header is enough: what its servers checked",
    authserv_id: "Name under which your own servers write Authentication-Results (default: that of the topmost field)",
    context: "JSON file with what only you know: sends, receives, phase, selectors, known_senders, explanations, and more",
    details: "Show everything: the records, what each verdict and stream rests on, and every finding with its place",
    portfolio: "Judge a list of domains: the share with a strict policy, totals per requirement, what to mend first",
    list: "List of domains, one per line; # begins a comment, and of several columns the first counts",
    guidance: "Guidance",
    names: [
        ("ubv", "Edustandaard UBV"),
        ("forum", "Forum Standaardisatie"),
        ("internet-nl", "Internet.nl (emulated)"),
        ("baseline", "RFCs"),
    ],
    step: |step| format!("Step on the way to p=reject (Forum Standaardisatie): {step} of 6."),
    plan_hint: |domain| format!("`dmarc-check plan {domain}` says what to publish next."),
    actions: "What to do first",
    no_actions: "Nothing: no requirement fails, and no record has an error.",
    more_actions: |count| format!("And {count} more; --details shows all."),
    details_hint: "--details shows the records, what each verdict rests on, and every finding.",
    source: "Source",
    evidence: "Evidence",
    explanation: "Explanation (comply or explain)",
    missing: "Needed to decide",
    prescription: "prescription",
    advice: "advice",
    ours: |verdict| format!("by the RFCs: {verdict}"),
    title: |domain| format!("E-mail security of {domain}"),
    summary: "Summary",
    made_by: |version| {
        format!("Made by dmarc-check {version}. Nothing in this page is loaded from elsewhere.")
    },
    evidence_file: |path| {
        format!(
            "The evidence is in {path}: DNS answers, sums of the reports and what the operator said. `dmarc-check domain --snapshot {path}` gives the same verdicts again."
        )
    },
    no_evidence_file: "No evidence file was saved with this report; --evidence FILE does that.",
    chart_verdicts: |profile| format!("Verdicts of {profile}"),
    chart_weeks: "Messages per week",
    passing: "passes DMARC",
    not_passing: "does not pass",
    records: "Records",
    findings: "Findings in the records",
    rule: "Rule",
    what: "What",
    to_do: "What to do",
    contents: "Contents",
    portfolio_title: "E-mail security of a list of domains",
    strict: |strict, known, share| format!("{strict} of {known} domains have a strict DMARC policy: {share}"),
    nothing_known: "Of no domain it is known which policy holds",
    in_part: |count| {
        format!("Of these, {count} hold in part only: t=y, pct below 100, or a weaker policy for subdomains.")
    },
    strict_means: "Strict means a policy in effect of quarantine or reject.",
    policies: "Policies",
    policy: |policy| match policy {
        PolicyInEffect::Reject => "reject",
        PolicyInEffect::Quarantine => "quarantine",
        PolicyInEffect::None => "none",
        PolicyInEffect::NoPolicy => "no policy",
        PolicyInEffect::Undetermined => "not known",
    },
    domains: "Domains",
    domain: "Domain",
    share: "Share",
    inherited: "with the policy of a domain above",
    without_mail: "without mail in either direction",
    inherits_from: |domain| format!("from {domain}"),
    worst: "Worst first",
    not_met: "Not met",
    errors: "Errors",
    more_domains: |count| format!("And {count} more; --format csv lists all."),
    list_heading: "About the list",
    line: |line| format!("line {line}"),
    problem: |problem| match problem {
        ListProblem::NotAName { text, .. } => format!("is no domain name, and is left out: {text}"),
        ListProblem::Duplicate { domain, first, .. } => {
            format!("{domain} stands in line {first} already, and is judged once")
        }
        ListProblem::Below { domain, of, .. } => {
            format!("{domain} stands below {of}, which is listed too; both are judged")
        }
        ListProblem::TooMany { .. } => "from here on domains are left out: there are too many".to_owned(),
        _ => "is left out".to_owned(),
    },
    more_problems: |count| format!("And {count} more lines like these."),
    nothing_listed: "The list names no domain.",
    reading: "Judging domains",
};

/// Dutch.
pub(super) const NL: Report = Report {
    profile: "Waaraan wordt getoetst: ubv, forum, internet-nl of baseline; mag vaker worden opgegeven (standaard: alles)",
    phase: "Fase van de invoering (UBV 1.0, hoofdstuk 5): 1 inzicht, 2 SPF en DKIM, 3 handhaven, 4 borgen; in de eerste drie mag p=none",
    known_sender: "Verzender die voor het domein mag versturen: de naam van zijn SPF-record, of een netwerk; mag vaker worden opgegeven",
    explain: "Waarom aan een voorschrift niet wordt voldaan, bij zijn kenmerk: MAIL-BESCHERM-007=\"de leverancier volgt in mei\"; dit komt naast het oordeel te staan",
    received: "Berichten die het domein ontving; de header is genoeg: wat de eigen servers hebben gecontroleerd",
    authserv_id: "Naam waarmee uw eigen servers Authentication-Results schrijven (standaard: die van het bovenste veld)",
    context: "JSON-bestand met wat alleen u weet: sends, receives, phase, selectors, known_senders, explanations en meer",
    details: "Toon alles: de records, waarop elk oordeel en elke mailstroom berust, en elke bevinding met haar plaats",
    portfolio: "Toets een lijst domeinen: het aandeel met een strikt beleid, totalen per voorschrift, wat als eerste te herstellen",
    list: "Lijst met domeinen, één per regel; # begint een opmerking, en van meer kolommen telt de eerste",
    guidance: "Richtlijn",
    names: [
        ("ubv", "Edustandaard UBV"),
        ("forum", "Forum Standaardisatie"),
        ("internet-nl", "Internet.nl (nagebootst)"),
        ("baseline", "RFC's"),
    ],
    step: |step| format!("Stap op weg naar p=reject (Forum Standaardisatie): {step} van 6."),
    plan_hint: |domain| format!("`dmarc-check plan {domain}` zegt wat u hierna publiceert."),
    actions: "Wat u als eerste doet",
    no_actions: "Niets: aan elk voorschrift dat te bepalen is, wordt voldaan, en geen record bevat fouten.",
    more_actions: |count| format!("En nog {count}; --details toont alles."),
    details_hint: "--details toont de records, waarop elk oordeel berust, en elke bevinding.",
    source: "Bron",
    evidence: "Bewijs",
    explanation: "Uitleg (pas toe of leg uit)",
    missing: "Nodig om dit te bepalen",
    prescription: "voorschrift",
    advice: "advies",
    ours: |verdict| format!("volgens de RFC's: {verdict}"),
    title: |domain| format!("E-mailbeveiliging van {domain}"),
    summary: "Samenvatting",
    made_by: |version| format!("Gemaakt met dmarc-check {version}. Deze pagina laadt niets van elders."),
    evidence_file: |path| {
        format!(
            "Het bewijs staat in {path}: DNS-antwoorden, sommen van de rapporten en wat de beheerder heeft opgegeven. `dmarc-check domain --snapshot {path}` geeft opnieuw dezelfde oordelen."
        )
    },
    no_evidence_file: "Bij dit rapport is geen bewijsbestand bewaard; --evidence BESTAND doet dat.",
    chart_verdicts: |profile| format!("Oordelen volgens {profile}"),
    chart_weeks: "Berichten per week",
    passing: "slaagt voor DMARC",
    not_passing: "slaagt niet",
    records: "Records",
    findings: "Bevindingen bij de records",
    rule: "Regel",
    what: "Wat",
    to_do: "Wat te doen",
    contents: "Inhoud",
    portfolio_title: "E-mailbeveiliging van een lijst domeinen",
    strict: |strict, known, share| {
        format!("{strict} van de {known} domeinen hebben een strikt DMARC-beleid: {share}")
    },
    nothing_known: "Van geen enkel domein is bekend welk beleid geldt",
    in_part: |count| {
        format!(
            "Daarvan gelden er {count} maar ten dele: t=y, pct onder de 100, of soepeler beleid voor subdomeinen."
        )
    },
    strict_means: "Strikt wil zeggen: het geldende beleid is quarantine of reject.",
    policies: "Beleid",
    policy: |policy| match policy {
        PolicyInEffect::Reject => "reject",
        PolicyInEffect::Quarantine => "quarantine",
        PolicyInEffect::None => "none",
        PolicyInEffect::NoPolicy => "geen beleid",
        PolicyInEffect::Undetermined => "niet bekend",
    },
    domains: "Domeinen",
    domain: "Domein",
    share: "Aandeel",
    inherited: "met het beleid van een hoger domein",
    without_mail: "zonder mail, uit of in",
    inherits_from: |domain| format!("van {domain}"),
    worst: "Slechtste eerst",
    not_met: "Niet voldaan",
    errors: "Fouten",
    more_domains: |count| format!("En nog {count}; --format csv noemt ze alle."),
    list_heading: "Over de lijst",
    line: |line| format!("regel {line}"),
    problem: |problem| match problem {
        ListProblem::NotAName { text, .. } => format!("is geen domeinnaam en telt niet mee: {text}"),
        ListProblem::Duplicate { domain, first, .. } => {
            format!("{domain} staat al in regel {first} en wordt één keer getoetst")
        }
        ListProblem::Below { domain, of, .. } => {
            format!("{domain} valt onder {of}, dat ook in de lijst staat; beide worden getoetst")
        }
        ListProblem::TooMany { .. } => "vanaf hier tellen domeinen niet mee: het zijn er te veel".to_owned(),
        _ => "telt niet mee".to_owned(),
    },
    more_problems: |count| format!("En nog {count} van zulke regels."),
    nothing_listed: "De lijst noemt geen enkel domein.",
    reading: "Domeinen toetsen",
};
