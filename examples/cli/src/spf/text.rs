//! A policy as a person reads it.

use anstyle::Style;
use dmarc_core::assessment::SpfReport;
use dmarc_core::diagnostics::{Diagnostic, View, escape};
use dmarc_core::evaluation::{Cost, Question};
use dmarc_core::spf::analysis::{Family, Outcome, PolicyVerdict, Reason};

use super::{NAMELESS, changes, client, surface, tree};
use crate::output::Paint;
use crate::table::{Column, Rows, Tone};
use crate::texts::Texts;
use crate::{Context, findings};

/// Most characters of a record that are shown.
const RECORD: usize = 4_000;
/// Open questions that are named; the JSON has all of them.
const OPEN: usize = 10;

/// Headline, record, counts, tree, surface, what is open, client, comparison, rewrites, findings, cost.
pub(super) fn of(
    report: &SpfReport,
    found: &[(Diagnostic, Vec<u8>)],
    cost: Cost,
    context: &Context,
) -> String {
    let page = Page { report, texts: context.texts, paint: context.out.paint };
    let has_record = report.analysis.policies.state(&report.analysis.domain).record().is_some();
    let mut text = page.headline();
    if has_record {
        text.push_str(&page.counts());
        text.push_str(&page.heading(page.texts.policy.tree));
        text.push_str(&tree::text(&report.analysis, found, page.texts, page.paint));
        text.push_str(&page.heading(page.texts.policy.surface));
        text.push_str(&surface::text(&report.analysis, page.texts, page.paint));
    }
    text.push_str(&page.open());
    if let Some((check, evaluated)) = &report.check_host {
        text.push_str(&client::text(&report.analysis, check, evaluated, page.texts, page.paint));
    }
    text.push_str(&changes::comparison(report, page.texts, page.paint));
    text.push_str(&changes::rewrites(report, page.texts, page.paint));
    text.push_str(&page.findings(found, context));
    let asked = (page.texts.domain.cost)(cost.asked, cost.rounds);
    text.push_str(&format!("\n{}\n", page.paint.paint(Paint::ASIDE, &asked)));
    text
}

/// What every section needs.
struct Page<'a> {
    report: &'a SpfReport,
    texts: &'static Texts,
    paint: Paint,
}

impl Page<'_> {
    fn heading(&self, title: &str) -> String {
        format!("\n{}\n", self.paint.paint(Paint::HEADING, title))
    }

    fn headline(&self) -> String {
        let words = &self.texts.policy;
        let analysis = &self.report.analysis;
        let (style, sentence) = self.verdict();
        let name = if analysis.domain.as_str() == NAMELESS {
            words.nameless.to_owned()
        } else {
            let unicode = analysis.domain.to_unicode();
            if unicode == analysis.domain.as_str() {
                unicode
            } else {
                format!("{} ({})", escape(&unicode, 300), analysis.domain)
            }
        };
        let mut text =
            format!("{}: {}\n", self.paint.paint(Paint::HEADING, &name), self.paint.paint(style, &sentence));
        if let Some(record) = analysis.policies.state(&analysis.domain).record() {
            text.push_str(&format!("  {}\n", escape(&record.to_string(), RECORD)));
        }
        text
    }

    /// What receivers make of it, in words.
    fn verdict(&self) -> (Style, String) {
        let words = &self.texts.policy;
        let analysis = &self.report.analysis;
        let everyone = |outcome| {
            Family::ALL.into_iter().all(|family| {
                let surface = analysis.surface(family);
                surface.parts().all(|(found, _)| found == outcome)
            })
        };
        let most = [analysis.ipv4.most, analysis.ipv6.most].into_iter().flatten().max();
        match analysis.verdict {
            PolicyVerdict::Valid => (Paint::GOOD, (words.valid)(most)),
            PolicyVerdict::Permerror if everyone(Outcome::Permerror) => {
                (Paint::BAD, words.permerror_all.to_owned())
            }
            PolicyVerdict::Permerror => (Paint::BAD, words.permerror_some.to_owned()),
            PolicyVerdict::Temperror => (Paint::CARE, words.temperror.to_owned()),
            PolicyVerdict::None => (Paint::BAD, words.none.to_owned()),
            _ => (Paint::CARE, words.undetermined.to_owned()),
        }
    }

    fn counts(&self) -> String {
        let words = &self.texts.policy;
        let analysis = &self.report.analysis;
        let conventions = &analysis.conventions;
        let mut text = self.heading(words.counts_title);
        let mut rows = Rows::new(
            self.paint,
            &[
                ("", Column::Text),
                (words.least, Column::Number),
                (words.most, Column::Number),
                (words.limit, Column::Number),
                (words.most_by, Column::Text),
            ],
        );
        let unknown = if tree::is_endless(&analysis.tree()) { "∞" } else { "?" };
        let number = |count: Option<u64>| count.map_or_else(|| unknown.to_owned(), |count| count.to_string());
        let tone = |count: Option<u64>, limit: u32| match count {
            Some(count) if count <= u64::from(limit) => Tone::Good,
            _ => Tone::Bad,
        };
        for family in Family::ALL {
            let interval = analysis.interval(family);
            let (least, most) = (interval.least.map(u64::from), interval.most.map(u64::from));
            let by = interval.most_by.map(|address| address.to_string()).unwrap_or_default();
            let by = if interval.exact { by } else { words.bounds.to_owned() };
            rows.row([
                ((words.lookups_of)(name(family)).as_str(), Tone::Plain),
                (least.map_or_else(|| "?".to_owned(), |least| least.to_string()).as_str(), Tone::Plain),
                (number(most).as_str(), tone(most, conventions.lookups)),
                (conventions.lookups.to_string().as_str(), Tone::Aside),
                (by.as_str(), Tone::Aside),
            ]);
        }
        let sum = number(analysis.sum);
        rows.row([
            (words.sum, Tone::Plain),
            ("", Tone::Plain),
            (sum.as_str(), tone(analysis.sum, conventions.lookups)),
            (conventions.lookups.to_string().as_str(), Tone::Aside),
            ("", Tone::Plain),
        ]);
        for family in Family::ALL {
            let interval = analysis.interval(family);
            let most = interval.most_voids.map(u64::from);
            let by = interval.most_voids_by.filter(|_| most != Some(0)).map(|address| address.to_string());
            rows.row([
                ((words.voids_of)(name(family)).as_str(), Tone::Plain),
                ("", Tone::Plain),
                (number(most).as_str(), tone(most, conventions.voids)),
                (conventions.voids.to_string().as_str(), Tone::Aside),
                (by.unwrap_or_default().as_str(), Tone::Aside),
            ]);
        }
        text.push_str(&rows.text());
        text
    }

    /// What the counts and the surface leave open.
    fn open(&self) -> String {
        let words = &self.texts.policy;
        let open = self.report.analysis.open();
        if open.is_empty() {
            return String::new();
        }
        let mut text = self.heading(words.open);
        for open in open.iter().take(OPEN) {
            let reason = match open.reason {
                Reason::Macro => words.open_macro,
                Reason::Ptr => words.open_ptr,
                Reason::NotVisited => words.open_not_visited,
                Reason::TooLarge => words.open_too_large,
                _ => words.open_not_known,
            };
            let what = match (&open.term, &open.question) {
                (Some(term), Some(Question::Dns { name, record_type })) if name.as_str() != NAMELESS => {
                    format!("{} ({name} {})", escape(term, 120), record_type.as_str())
                }
                (Some(term), _) => escape(term, 120),
                (None, _) => open.policy.to_string(),
            };
            text.push_str(&format!("  {what}: {reason}\n"));
        }
        if let Some(more) = open.len().checked_sub(OPEN).filter(|more| *more > 0) {
            text.push_str(&format!("  {}\n", (self.texts.record.more_findings)(more)));
        }
        text
    }

    fn findings(&self, found: &[(Diagnostic, Vec<u8>)], context: &Context) -> String {
        let views: Vec<(View, &[u8])> = found
            .iter()
            .map(|(found, source)| (View::new(found, &context.catalog, source), source.as_slice()))
            .collect();
        format!("\n{}", findings::about_many(&views, self.texts, self.paint))
    }
}

const fn name(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "IPv4",
        Family::Ipv6 => "IPv6",
    }
}
