//! Who sends, what that is, and what to do about it: streams as a table, what changed, and readiness.

use std::collections::BTreeMap;

use dmarc_core::assessment::readiness::{Readiness, Verdict};
use dmarc_core::diagnostics::escape;
use dmarc_core::streams::{Change, ChangeKind, Class, Evidence, Judged, Stream};
use dmarc_core::time::UnixTime;

use crate::output::Paint;
use crate::table::{Column, Rows, Tone, number, share};
use crate::texts::Texts;

/// Most rows of a table.
const SHOWN: usize = 12;
/// Most characters of a name.
const NAME: usize = 80;
/// A trend is told from this factor on, and below its inverse.
const TREND: f64 = 1.25;

/// One row: a stream, or several of a class whose hosts nobody needs to know one by one.
struct Row<'a> {
    name: String,
    class: Class,
    action: &'static str,
    messages: u64,
    dkim: u64,
    spf: u64,
    trend: Option<f64>,
    evidence: &'a [Evidence],
}

/// The streams with most messages; with what each rests on if `details` is asked for.
pub(crate) fn table(streams: &[Stream], texts: &Texts, paint: Paint, details: bool) -> String {
    if streams.is_empty() {
        return String::new();
    }
    let words = &texts.streams;
    let rows = rows(streams, texts);
    let mut table = Rows::new(
        paint,
        &[
            (words.name, Column::Text),
            (words.what, Column::Text),
            (texts.reports.messages, Column::Number),
            (texts.reports.spf, Column::Number),
            (texts.reports.dkim, Column::Number),
            (words.trend, Column::Text),
            (words.to_do, Column::Text),
        ],
    );
    for row in rows.iter().take(SHOWN) {
        table.row([
            (row.name.as_str(), Tone::Plain),
            ((words.class)(row.class), tone(row.class)),
            (number(row.messages, texts.thousands).as_str(), Tone::Plain),
            (share(row.spf, row.messages).as_str(), Tone::Plain),
            (share(row.dkim, row.messages).as_str(), Tone::Plain),
            (trend(row.trend), Tone::Aside),
            (row.action, Tone::Care),
        ]);
    }
    let mut text = format!("\n{}\n{}", paint.paint(Paint::HEADING, words.heading), table.text());
    if let Some(rest) = rows.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let messages = rest.iter().map(|row| row.messages).fold(0, u64::saturating_add);
        let count = number(rest.len() as u64, texts.thousands);
        text.push_str(&format!("\n  {}\n", (words.more)(&count, &number(messages, texts.thousands))));
    }
    if streams.iter().any(|stream| stream.named.is_some()) {
        text.push_str(&format!("  {}\n", paint.paint(Paint::ASIDE, words.named)));
    }
    if details {
        text.push_str(&evidence(&rows, texts, paint));
    }
    text
}

/// A row of the table, for a page.
pub(crate) struct Shown {
    pub(crate) name: String,
    pub(crate) class: &'static str,
    pub(crate) messages: u64,
    pub(crate) spf: u64,
    pub(crate) dkim: u64,
    pub(crate) action: &'static str,
}

/// The rows of the table.
pub(crate) fn rows_of(streams: &[Stream], texts: &Texts) -> Vec<Shown> {
    let shown = |row: Row<'_>| Shown {
        name: row.name,
        class: (texts.streams.class)(row.class),
        messages: row.messages,
        spf: row.spf,
        dkim: row.dkim,
        action: row.action,
    };
    rows(streams, texts).into_iter().map(shown).collect()
}

/// The first day of each week, with the messages that pass and those that do not.
pub(crate) fn by_week(judged: &Judged) -> Vec<(String, u64, u64)> {
    let mut weeks: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for part in judged.nodes.iter().flat_map(|node| node.streams.values()) {
        for (week, messages) in &part.weeks {
            let sum = weeks.entry(*week).or_default();
            sum.0 = sum.0.saturating_add(*messages);
        }
        for (week, messages) in &part.passing_weeks {
            let sum = weeks.entry(*week).or_default();
            sum.1 = sum.1.saturating_add(*messages);
        }
    }
    // Weeks are counted from the first Monday of 1970, the fifth of January.
    let day = |week: i64| UnixTime(week.saturating_mul(7 * 86_400).saturating_add(4 * 86_400)).day();
    weeks
        .into_iter()
        .map(|(week, (all, passing))| (day(week), passing, all.saturating_sub(passing)))
        .collect()
}

fn rows<'a>(streams: &'a [Stream], texts: &Texts) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut together: BTreeMap<Class, Row<'a>> = BTreeMap::new();
    for stream in streams {
        let row = Row {
            name: name(stream),
            class: stream.class,
            action: (texts.streams.action)(stream.action),
            messages: stream.messages,
            dkim: stream.dkim,
            spf: stream.spf,
            trend: stream.trend,
            evidence: &stream.evidence,
        };
        let alone = !matches!(
            stream.class,
            Class::ForwardedIntact | Class::ForwardedModified | Class::Unauthorised | Class::Unknown
        );
        if alone {
            rows.push(row);
            continue;
        }
        match together.get_mut(&stream.class) {
            None => {
                together.insert(stream.class, row);
            }
            Some(sum) => {
                sum.messages = sum.messages.saturating_add(row.messages);
                sum.dkim = sum.dkim.saturating_add(row.dkim);
                sum.spf = sum.spf.saturating_add(row.spf);
                sum.trend = None;
            }
        }
    }
    let hosts = |class: Class| {
        let of = streams.iter().filter(|stream| stream.class == class);
        of.map(|stream| stream.hosts).fold(0, u64::saturating_add)
    };
    let several = |class: Class| streams.iter().filter(|stream| stream.class == class).count() > 1;
    for (class, mut row) in together {
        if several(class) {
            row.name = (texts.streams.of_hosts)(&number(hosts(class), texts.thousands));
        }
        rows.push(row);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.messages));
    rows
}

/// What a stream is called: the firm behind it, or what its key names.
fn name(stream: &Stream) -> String {
    let known = known(&stream.key);
    match (&stream.named, stream.provider) {
        // Between marks, so that nobody takes it for something that reports show.
        (Some(named), _) => format!("“{}”: {known}", escape(&named.name, NAME)),
        (None, Some(provider)) => format!("{}: {known}", escape(provider, NAME)),
        (None, None) => known,
    }
}

/// What a key names, as a person writes it.
pub(crate) fn known(key: &str) -> String {
    let (kind, known) = key.split_once(':').unwrap_or(("", key));
    let known = match kind {
        "dkim" => known.strip_suffix("/*").map_or_else(|| known.replacen('/', " (", 1) + ")", str::to_owned),
        "network" | "gateway" | "via" if known.parse::<std::net::Ipv4Addr>().is_ok() => format!("{known}/24"),
        "network" | "gateway" | "via" if known.parse::<std::net::Ipv6Addr>().is_ok() => format!("{known}/48"),
        _ => known.to_owned(),
    };
    escape(&known, NAME)
}

const fn tone(class: Class) -> Tone {
    match class {
        Class::AuthenticatedBoth | Class::AuthenticatedDkimOnly => Tone::Good,
        Class::AuthenticatedSpfOnly | Class::Unknown => Tone::Care,
        Class::Misconfigured | Class::Broken | Class::Unauthorised => Tone::Bad,
        _ => Tone::Aside,
    }
}

fn trend(trend: Option<f64>) -> &'static str {
    match trend {
        Some(trend) if trend >= TREND => "↑",
        Some(trend) if trend <= 1.0 / TREND => "↓",
        Some(_) => "→",
        None => "",
    }
}

/// What the streams of the table rest on.
fn evidence(rows: &[Row<'_>], texts: &Texts, paint: Paint) -> String {
    let words = &texts.streams;
    let mut text = format!("\n{}\n", paint.paint(Paint::HEADING, words.details));
    for row in rows.iter().take(SHOWN) {
        text.push_str(&format!("  {}: {}\n", row.name, (words.class)(row.class)));
        for evidence in row.evidence.iter().take(3) {
            let network = evidence.network.map_or_else(|| "-".to_owned(), |network| network.to_string());
            let checks =
                format!("SPF {} {}", escape(evidence.envelope.as_deref().unwrap_or("-"), NAME), evidence.spf);
            let signatures: Vec<String> =
                evidence.dkim.iter().map(|each| format!("DKIM {}", escape(each, NAME))).collect();
            let messages = number(evidence.messages, texts.thousands);
            let rule = format!(
                "{} ({})",
                (words.because)(evidence.because),
                (words.confidence)(evidence.confidence)
            );
            text.push_str(&format!("    {messages} × {network}: {rule}\n"));
            let mut line = [vec![checks], signatures].concat().join(", ");
            if let Some(example) = &evidence.example {
                line.push_str(&format!("; {}", (words.example)(&example.report_key, example.record_ordinal)));
            }
            text.push_str(&format!("      {}\n", paint.paint(Paint::ASIDE, &line)));
        }
    }
    text
}

/// What changed, worst first.
pub(crate) fn changes(changes: &[Change], texts: &Texts, paint: Paint) -> String {
    if changes.is_empty() {
        return String::new();
    }
    let words = &texts.streams;
    let mut rows = Rows::new(
        paint,
        &[
            (words.since, Column::Text),
            (words.event, Column::Text),
            (words.concerns, Column::Text),
            (texts.reports.messages, Column::Number),
        ],
    );
    for change in changes.iter().take(SHOWN) {
        rows.row([
            (change.since.as_str(), Tone::Aside),
            ((words.change)(change.kind), Tone::Plain),
            (subject(change, texts).as_str(), Tone::Plain),
            (number(change.messages, texts.thousands).as_str(), Tone::Plain),
        ]);
    }
    format!("\n{}\n{}", paint.paint(Paint::HEADING, words.changes), rows.text())
}

/// What changed, in words: a stream by its name, a selector with its domain, policies as they are published.
fn subject(change: &Change, texts: &Texts) -> String {
    let words = &texts.streams;
    match change.kind {
        ChangeKind::BrokenStream | ChangeKind::NewStream => known(&change.subject),
        ChangeKind::NewSelector | ChangeKind::SelectorGone => match change.subject.split_once('/') {
            Some((selector, domain)) => (words.selector_of)(&escape(selector, NAME), &escape(domain, NAME)),
            None => escape(&change.subject, NAME),
        },
        ChangeKind::PolicySeenDifferently => {
            let policies = change.subject.split(", ").map(|policy| match policy.split_once('/') {
                Some((p, "")) => format!("p={}", escape(p, NAME)),
                Some((p, sp)) => format!("p={} sp={}", escape(p, NAME), escape(sp, NAME)),
                None => escape(policy, NAME),
            });
            policies.collect::<Vec<_>>().join(" / ")
        }
        _ => escape(&change.subject, NAME),
    }
}

/// Whether each policy can be made stricter, and what holds it up.
pub(crate) fn readiness(nodes: &[Readiness], texts: &Texts, paint: Paint) -> String {
    if nodes.is_empty() {
        return String::new();
    }
    let words = &texts.streams;
    let mut rows = Rows::new(
        paint,
        &[
            (words.policy, Column::Text),
            ("p=quarantine", Column::Text),
            ("p=reject", Column::Text),
            (words.reasons, Column::Text),
        ],
    );
    let mut below = String::new();
    for node in nodes {
        let name =
            if node.node == "self" { node.policy_domain.clone() } else { (words.below)(&node.policy_domain) };
        let reasons: Vec<&str> = node.reasons.iter().map(|reason| (words.reason)(*reason)).collect();
        let cell = |verdict: Verdict| {
            let tone = match verdict {
                Verdict::Ready => Tone::Good,
                Verdict::ReadyWithLosses | Verdict::NotEnoughData => Tone::Care,
                Verdict::NotReady => Tone::Bad,
            };
            ((words.verdict)(verdict), tone)
        };
        rows.row([
            (name.as_str(), Tone::Plain),
            cell(node.quarantine),
            cell(node.reject),
            (reasons.join("; ").as_str(), Tone::Aside),
        ]);
        for open in node.open.iter().take(SHOWN) {
            let messages = number(open.failing, texts.thousands);
            below.push_str(&format!("  {}\n", (words.open)(&known(&open.stream), &messages)));
        }
    }
    let main = nodes.iter().max_by_key(|node| node.base);
    if let Some(main) = main {
        if main.residual > 0 {
            let weekly = number(main.residual_per_week.round() as u64, texts.thousands);
            below.push_str(&format!("  {}\n", (words.residual)(&weekly)));
        }
        let days = number(main.days.unsigned_abs(), texts.thousands);
        let covered = (words.covered)(&days, &number(main.reporters as u64, texts.thousands));
        below.push_str(&format!("  {covered} {}\n", words.blind));
    }
    format!("\n{}\n{}\n{below}", paint.paint(Paint::HEADING, words.readiness), rows.text())
}
