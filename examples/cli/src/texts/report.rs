//! Sentences of the report on a domain, and of the portfolio.

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
};
