//! The picture of a policy: every record with its terms, what each costs, and where receivers stop.

use anstyle::Style;
use dmarc_core::diagnostics::{Diagnostic, Span, escape};
use dmarc_core::spf::analysis::{Again, Analysis, PolicyNode, TermNode};

use super::NAMELESS;
use super::grid::{self, Cell, Line};
use crate::output::Paint;
use crate::table::Column;
use crate::texts::Texts;
use crate::texts::policy::Policy;

/// Most characters of a term that are shown; the whole record stands above the picture, or in the JSON.
const TERM: usize = 64;
/// Ranges in a row from which on they are drawn as one line.
const RANGES: usize = 3;
/// Lines of the picture that are drawn; a policy of others may have thousands.
const LINES: usize = 400;

/// The picture, with its titles.
pub(super) fn text(
    analysis: &Analysis,
    found: &[(Diagnostic, Vec<u8>)],
    texts: &Texts,
    paint: Paint,
) -> String {
    let words = &texts.policy;
    let title = |title: &str| Cell::styled(title, Paint::HEADING);
    let root = analysis.tree();
    let mut picture = Picture {
        words,
        limit: analysis.conventions.lookups.into(),
        reached: 0,
        endless: is_endless(&root),
        found,
        lines: vec![Line::Cells(vec![
            title(words.term),
            title(words.own),
            title(words.below),
            title(words.so_far),
        ])],
    };
    let notes = picture.about(&root);
    let name = if root.name.as_str() == NAMELESS { words.nameless } else { root.name.as_str() };
    picture.push(Cell::styled(escape(name, TERM), Paint::HEADING), Costs::default(), notes);
    picture.terms(&root, "", true);
    let more = picture.lines.len().saturating_sub(LINES);
    picture.lines.truncate(LINES);
    if more > 0 {
        picture.lines.push(Line::Across(Cell::styled((texts.record.more_findings)(more), Paint::ASIDE)));
    }
    let columns = [Column::Text, Column::Number, Column::Number, Column::Number, Column::Text];
    grid::text(&columns, &picture.lines, paint)
}

struct Picture<'a> {
    words: &'a Policy,
    limit: u64,
    /// The greatest count so far.
    reached: u64,
    /// Whether a count that is not known is one without end.
    endless: bool,
    found: &'a [(Diagnostic, Vec<u8>)],
    lines: Vec<Line>,
}

/// What a line says about lookups.
#[derive(Default)]
struct Costs {
    own: String,
    below: String,
    running: String,
    over: bool,
}

impl Picture<'_> {
    fn push(&mut self, term: Cell, costs: Costs, notes: Vec<(String, Style)>) {
        let style = if costs.over { Paint::BAD } else { Style::new() };
        let mut cells = vec![
            term,
            Cell::new(costs.own),
            Cell::styled(costs.below, Paint::ASIDE),
            Cell::styled(costs.running, style),
        ];
        // One note has the style of all: that of the worst.
        let style = notes.iter().map(|(_, style)| *style).find(|style| *style == Paint::BAD);
        let style = style.or_else(|| notes.first().map(|(_, style)| *style)).unwrap_or_default();
        let notes: Vec<String> = notes.into_iter().map(|(note, _)| note).collect();
        cells.push(Cell::styled(notes.join(", "), style));
        self.lines.push(Line::Cells(cells));
    }

    /// The terms of a record, below the line that names it.
    fn terms(&mut self, policy: &PolicyNode, before: &str, is_root: bool) {
        let mut index = 0;
        while let Some(term) = policy.terms.get(index) {
            let row = if is_root { 1 } else { ranges(policy.terms.get(index..).unwrap_or_default()) };
            let next = index + row.max(1);
            let (branch, further) =
                if next < policy.terms.len() { ("├─ ", "│  ") } else { ("└─ ", "   ") };
            let branch = format!("{before}{branch}");
            let last = policy.terms.get(next.saturating_sub(1));
            match last.filter(|_| row >= RANGES) {
                Some(last) => {
                    let shown =
                        format!("{branch}{} … {}", escape(&term.text, TERM), escape(&last.text, TERM));
                    let note = vec![((self.words.ranges)(row), Paint::ASIDE)];
                    self.push(Cell::styled(shown, Paint::ASIDE), Costs::default(), note);
                }
                None => self.term(policy, term, &branch, &format!("{before}{further}")),
            }
            index = next;
        }
    }

    fn term(&mut self, policy: &PolicyNode, term: &TermNode, branch: &str, before: &str) {
        let over = term.own > 0 && term.running.is_some_and(|running| running > self.limit);
        if over && self.reached <= self.limit {
            let sentence = format!(
                "{branch_blank}{}",
                (self.words.limit_passed)(self.limit),
                branch_blank = before_limit(branch)
            );
            self.lines.push(Line::Across(Cell::styled(sentence, Paint::BAD)));
        }
        if let Some(running) = term.running {
            self.reached = self.reached.max(running);
        }
        let mut notes = self.notes(policy, term);
        let leads = term.below != Some(0) || !term.policies.is_empty();
        let costs = Costs {
            own: if term.own > 0 { term.own.to_string() } else { String::new() },
            below: if leads { self.count(term.below) } else { String::new() },
            running: if term.own > 0 { self.count(term.running) } else { String::new() },
            over,
        };
        let style = match term {
            _ if !term.reached => Paint::ASIDE.strikethrough(),
            TermNode { own: 0, .. } => Paint::ASIDE,
            _ => Style::new(),
        };
        // A term of the usual kind leads to one record, which needs no line of its own.
        let single = match term.policies.as_slice() {
            [one] => Some(one),
            _ => None,
        };
        if let Some(policy) = single {
            notes.extend(self.about(policy));
            if !term.text.to_ascii_lowercase().contains(policy.name.as_str()) {
                notes.insert(0, (format!("→ {}", escape(policy.name.as_str(), TERM)), Paint::ASIDE));
            }
        }
        self.push(Cell::styled(format!("{branch}{}", escape(&term.text, TERM)), style), costs, notes);
        if let Some(policy) = single {
            return self.terms(policy, before, false);
        }
        for (index, policy) in term.policies.iter().enumerate() {
            let last = index + 1 == term.policies.len();
            let (branch, further) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let about = self.about(policy);
            let name = format!("{before}{branch}{}", escape(policy.name.as_str(), TERM));
            self.push(Cell::new(name), Costs::default(), about);
            self.terms(policy, &format!("{before}{further}"), false);
        }
    }

    /// A count; one without end, or one that is not known.
    fn count(&self, count: Option<u64>) -> String {
        match count {
            Some(count) => count.to_string(),
            None if self.endless => "∞".to_owned(),
            None => "?".to_owned(),
        }
    }

    /// What is to say about a term by itself.
    fn notes(&self, policy: &PolicyNode, term: &TermNode) -> Vec<(String, Style)> {
        let words = self.words;
        let mut notes = Vec::new();
        let mut note = |text: &str, style| notes.push((text.to_owned(), style));
        if !term.reached {
            note(words.dead, Paint::CARE);
        }
        if let Some(count) = term.mail_hosts.filter(|count| *count > 0) {
            note(&(words.mail_hosts)(count), Paint::ASIDE);
        }
        match (term.voids_ipv4, term.voids_ipv6) {
            (0, 0) => {}
            (1.., 0) => note(&(words.void_for)("IPv4", term.voids_ipv4), Paint::ASIDE),
            (0, 1..) => note(&(words.void_for)("IPv6", term.voids_ipv6), Paint::ASIDE),
            (one, other) => note(&(words.void)(one.max(other)), Paint::CARE),
        }
        for (found, _) in self.found {
            let name = found.subject.as_ref().and_then(|subject| subject.name.as_deref());
            if name == Some(policy.name.as_str()) && found.span.is_some_and(|span| is_at(span, term.span)) {
                match found.rule.code {
                    "spf/duplicate-term" => note(words.duplicate, Paint::CARE),
                    "spf/subsumed-range" => note(words.covered, Paint::CARE),
                    _ => {}
                }
            }
        }
        if term.depends {
            note(words.depends, Paint::ASIDE);
        }
        notes
    }

    /// What is to say about a record.
    fn about(&self, policy: &PolicyNode) -> Vec<(String, Style)> {
        let words = self.words;
        let mut notes = Vec::new();
        let mut note = |text: &str, style| notes.push((text.to_owned(), style));
        match policy.again {
            Some(Again::Loop) => note(words.endless, Paint::BAD),
            Some(Again::Duplicate) => note(words.named_twice, Paint::CARE),
            Some(Again::Diamond) => note(words.seen_above, Paint::CARE),
            _ => {}
        }
        match policy.status {
            "record" => {}
            "no-record" => note(words.no_record, Paint::BAD),
            "several-records" => note(words.several_records, Paint::BAD),
            "failure" => note(words.failure, Paint::BAD),
            "not-visited" => note(words.not_visited, Paint::CARE),
            _ => note(words.not_known, Paint::CARE),
        }
        if policy.usable == Some(false) {
            note(words.unusable, Paint::BAD);
        }
        notes
    }
}

/// The lines of the branches that go on, without the one that begins.
fn before_limit(branch: &str) -> String {
    branch.replace("├─ ", "│  ").replace("└─ ", "│  ")
}

fn is_at(found: Span, term: Span) -> bool {
    found.start >= term.start && found.end <= term.end
}

/// Whether a policy leads back to itself somewhere.
pub(super) fn is_endless(policy: &PolicyNode) -> bool {
    policy.again == Some(Again::Loop) || policy.terms.iter().flat_map(|term| &term.policies).any(is_endless)
}

/// How many plain ranges with one qualifier stand in a row.
fn ranges(terms: &[TermNode]) -> usize {
    let kind = |term: &TermNode| {
        let text = term.text.to_ascii_lowercase();
        let name = text.trim_start_matches(['+', '-', '~', '?']);
        let plain = term.reached && (name.starts_with("ip4:") || name.starts_with("ip6:"));
        plain.then(|| text.len() - name.len()).map(|sign| text.get(..sign).unwrap_or_default().to_owned())
    };
    let Some(first) = terms.first().and_then(kind) else { return 0 };
    terms.iter().take_while(|term| kind(term).as_ref() == Some(&first)).count()
}
