//! A verdict on a domain as a person reads it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dmarc_core::assessment::readiness::readiness;
use dmarc_core::assessment::{
    DomainReport, Found, Judgement, Outcome as Assessed, Profile, ReportState, RuleVerdict,
};
use dmarc_core::diagnostics::{View, escape};
use dmarc_core::dmarc::discovery::{Discovery, Existence, FoundAt, Requested};
use dmarc_core::dmarc::{Alignment, Effective, Policy};
use dmarc_core::text::lossy;

use super::screen::headline;
use crate::output::Paint;
use crate::table::{Column, Rows, Tone, day, moment, number, share};
use crate::texts::Texts;
use crate::{Context, findings, senders, streams};

/// Most characters of a record that are shown.
pub(super) const RECORD: usize = 1_000;

/// One screen; with `details` the records, policy, reports, prescriptions with their evidence, findings and cost.
pub(super) fn of(assessed: &Assessed, context: &Context, details: bool) -> String {
    let Some(report) = assessed.domain() else { return String::new() };
    let page = Page { report, texts: context.texts, paint: context.out.paint };
    let mut text = page.headline();
    if !details {
        text.push_str(&page.screen(assessed, context));
        return text;
    }
    text.push_str(&page.dmarc());
    text.push_str(&page.destinations());
    text.push_str(&page.spf());
    text.push_str(&page.keys());
    text.push_str(&page.mail_hosts());
    text.push_str(&page.mta_sts());
    text.push_str(&page.tls_rpt());
    text.push_str(&page.subdomains());
    if let Some(reports) = &report.reports {
        text.push_str(&page.reports(reports, details));
    }
    for profile in &report.profiles {
        text.push_str(&page.profile(profile, context));
    }
    text.push_str(&page.findings(context));
    let cost = assessed.cost();
    let asked = (page.texts.domain.cost)(cost.asked, cost.rounds);
    let _always_fits = writeln!(text, "\n{}", page.paint.paint(Paint::ASIDE, &asked));
    text
}

/// What every section needs.
pub(super) struct Page<'a> {
    pub(super) report: &'a DomainReport,
    pub(super) texts: &'static Texts,
    pub(super) paint: Paint,
}

impl Page<'_> {
    pub(super) fn heading(&self, title: &str) -> String {
        format!("\n{}\n", self.paint.paint(Paint::HEADING, title))
    }

    fn headline(&self) -> String {
        let words = &self.texts.domain;
        let (style, sentence) = headline(self.report, self.texts);
        let name = self.report.domain.to_unicode();
        let name = if name == self.report.domain.as_str() {
            name
        } else {
            format!("{} ({})", escape(&name, 300), self.report.domain)
        };
        let when = self.report.now.and_then(|now| moment(now.0)).unwrap_or_default();
        let under = (words.under)(self.report.edition.as_str(), &when);
        format!(
            "{}: {}\n{}\n",
            self.paint.paint(Paint::HEADING, &name),
            self.paint.paint(style, sentence),
            self.paint.paint(Paint::ASIDE, &under)
        )
    }

    fn dmarc(&self) -> String {
        let words = &self.texts.domain;
        let discovered = &self.report.discovered;
        let mut text = self.heading("DMARC");
        match &discovered.discovery {
            Discovery::Record(found) => {
                let at = match found.found_at {
                    FoundAt::Domain => words.at_domain,
                    FoundAt::OrganizationalDomain => words.at_organization,
                    _ => words.at_public_suffix,
                };
                let name = format!("_dmarc.{}", found.policy_domain);
                let _always_fits = writeln!(text, "  {name}: {at}");
                let _always_fits = writeln!(text, "  {}", escape(&lossy(&found.text), RECORD));
                text.push('\n');
                text.push_str(&self.policies(found.record.effective()));
            }
            Discovery::NoRecord => text.push_str(&self.aside(words.no_dmarc)),
            Discovery::SeveralRecords { name, count } => {
                text.push_str(&self.aside(&(words.several)(&format!("_dmarc.{name}"), *count)));
            }
            Discovery::Failed { name, reason } => {
                text.push_str(&self.aside(&(words.failed)(&format!("_dmarc.{name}"), &escape(reason, 80))));
            }
            Discovery::NotKnown { name } => {
                text.push_str(&self.aside(&(words.unknown_here)(&format!("_dmarc.{name}"))));
            }
            _ => {}
        }
        text
    }

    pub(super) fn aside(&self, sentence: &str) -> String {
        format!("  {sentence}\n")
    }

    /// What is asked of receivers: for the domain, and for names below it.
    fn policies(&self, values: Option<&Effective>) -> String {
        let words = &self.texts.domain;
        let discovered = &self.report.discovered;
        let mut rows = Rows::new(
            self.paint,
            &[
                (words.whose, Column::Text),
                (words.policy, Column::Text),
                (words.by_tag, Column::Text),
                (words.dkim_match, Column::Text),
                (words.spf_match, Column::Text),
                (words.action, Column::Text),
            ],
        );
        let below = discovered.subdomains.as_ref().and_then(|found| found.record.effective());
        let name = self.report.domain.to_string();
        for (whose, requested, values) in [
            (name.as_str(), discovered.policy(), values),
            (words.existing, discovered.subdomain_policy(Existence::Exists), below),
            (words.nonexistent, discovered.subdomain_policy(Existence::DoesNotExist), below),
        ] {
            let alignment = |pick: fn(&Effective) -> Alignment| match values.map(pick) {
                Some(Alignment::Strict) => words.strict,
                Some(_) => words.relaxed,
                None => "-",
            };
            let (dkim, spf) = (alignment(|values| values.adkim), alignment(|values| values.aspf));
            let Some(requested) = requested else {
                rows.row([(whose, Tone::Plain), ("-", Tone::Aside)]);
                continue;
            };
            let (policy, tone) = shown(&requested);
            let action = self.texts.record.meanings.action(requested.applied.as_str()).unwrap_or_default();
            rows.row([
                (whose, Tone::Plain),
                (policy.as_str(), tone),
                (requested.tag, Tone::Aside),
                (dkim, Tone::Plain),
                (spf, Tone::Plain),
                (action, tone),
            ]);
        }
        rows.text()
    }

    fn spf(&self) -> String {
        let words = &self.texts.domain;
        let mut text = self.heading("SPF");
        let name = self.report.domain.to_string();
        match &self.report.spf {
            Found::Records(spf) if !spf.indexes.is_empty() => {
                for index in &spf.indexes {
                    let record = spf.texts.get(*index).map(|text| lossy(text)).unwrap_or_default();
                    let _always_fits = writeln!(text, "  {}", escape(&record, RECORD));
                }
                let sentence = match &spf.record {
                    None => (words.several)(&name, spf.indexes.len()),
                    Some(record) if record.is_usable() => self.texts.record.spf_usable.to_owned(),
                    Some(_) => self.texts.record.spf_unusable.to_owned(),
                };
                text.push_str(&self.aside(&sentence));
            }
            other => text.push_str(&self.without(other, words.no_spf, &name)),
        }
        text
    }

    /// Why there are no records.
    pub(super) fn without<T>(&self, found: &Found<T>, none: &str, name: &str) -> String {
        let words = &self.texts.domain;
        match found {
            Found::Failed(reason) => self.aside(&(words.failed)(name, &escape(reason, 80))),
            Found::NotKnown => self.aside(&(words.unknown_here)(name)),
            _ => self.aside(none),
        }
    }

    fn reports(&self, state: &ReportState, details: bool) -> String {
        let reports = state.view();
        let words = &self.texts.domain;
        let count = |count| number(count, self.texts.thousands);
        let mut text = self.heading(words.reports);
        let mut sentence = (words.reports_summary)(
            &count(reports.reports),
            &count(reports.reporters),
            &count(reports.messages),
        );
        if let (Some(begin), Some(end)) =
            (reports.begin.and_then(day), reports.end.and_then(|end| day(end.saturating_sub(1))))
        {
            sentence.push_str(&format!(", {}", (self.texts.reports.period)(&begin, &end)));
        }
        text.push_str(&self.aside(&sentence));
        if reports.inputs_refused > 0 {
            let sentence = (words.inputs_refused)(&count(reports.inputs_refused), &count(reports.inputs));
            text.push_str(&self.aside(&self.paint.paint(Paint::CARE, &sentence)));
        }
        if reports.messages > 0 {
            let passed = |part| share(part, reports.messages);
            let sentence = (words.passed)(
                &passed(reports.aligned),
                &passed(reports.dkim.pass),
                &passed(reports.spf.pass),
            );
            text.push_str(&self.aside(&sentence));
        }
        let Some(judged) = &self.report.judged else { return text };
        text.push_str(&streams::table(&judged.streams, self.texts, self.paint, details));
        text.push_str(&streams::changes(&judged.changes, self.texts, self.paint));
        text.push_str(&streams::readiness(&readiness(judged), self.texts, self.paint));
        if let Some(found) = &self.report.attribution {
            text.push_str(&senders::attribution(found, self.texts, self.paint, details));
        }
        if let Some(found) = &self.report.dkim_inventory {
            text.push_str(&senders::inventory(found, self.texts, self.paint));
        }
        text
    }

    fn profile(&self, profile: &Profile, context: &Context) -> String {
        let words = &self.texts.domain;
        let mut text = self.heading(&(words.prescriptions)(profile.id, profile.version));
        let mut rows = Rows::new(
            self.paint,
            &[(words.verdict, Column::Text), (words.requirement, Column::Text), (words.about, Column::Text)],
        );
        for judgement in &profile.rules {
            let (verdict, tone) = match judgement.verdict {
                RuleVerdict::Pass => (words.pass, Tone::Good),
                RuleVerdict::Fail => (words.fail, Tone::Bad),
                RuleVerdict::Warn => (words.warn, Tone::Care),
                RuleVerdict::NotApplicable => (words.not_applicable, Tone::Aside),
                RuleVerdict::Undetermined => (words.undetermined, Tone::Aside),
            };
            let mut why = reasons(judgement, context);
            if let Some(explanation) = &judgement.explanation {
                why.push(format!("{}: {explanation}", self.texts.report.explanation));
            }
            if let Some(ours) = judgement.ours.filter(|ours| *ours != judgement.verdict) {
                why.push((self.texts.report.ours)(words.verdict_of(ours)));
            }
            if !judgement.missing.is_empty() {
                let missing: Vec<&str> = judgement.missing.iter().map(|kind| words.evidence(kind)).collect();
                why.push((words.missing)(&missing.join(", ")));
            }
            let cells = [
                (verdict, tone),
                (judgement.id, Tone::Plain),
                (context.catalog.requirement(judgement.id), Tone::Plain),
            ];
            rows.noted_row(cells, &why.join("; "));
        }
        text.push_str(&rows.text());
        text.push_str(&self.evidence(profile, context));
        text
    }

    /// What each verdict of a profile rests on.
    fn evidence(&self, profile: &Profile, context: &Context) -> String {
        let catalog = &context.catalog;
        let words = &self.texts.report;
        let mut text = format!("\n  {}\n", self.paint.paint(Paint::HEADING, words.evidence));
        for judgement in profile.rules.iter().filter(|judgement| !judgement.evidence.is_empty()) {
            text.push_str(&self.aside(&format!("{} ({})", judgement.id, catalog.phrase(&judgement.source))));
            for evidence in judgement.evidence.iter().map(|one| one.said(catalog)) {
                let line = escape(&format!("{}: {}", evidence.subject, evidence.value), RECORD);
                text.push_str(&format!("    {}\n", self.paint.paint(Paint::ASIDE, &line)));
            }
        }
        text
    }

    fn findings(&self, context: &Context) -> String {
        let views: Vec<(View, &[u8])> = self
            .report
            .diagnostics
            .iter()
            .map(|(found, source)| (View::new(found, &context.catalog, source), source.as_slice()))
            .collect();
        format!("\n{}", findings::about_many(&views, self.texts, self.paint))
    }
}

/// Why a requirement is not met: one sentence per rule; the JSON has every case.
fn reasons(judgement: &Judgement, context: &Context) -> Vec<String> {
    let mut told = BTreeSet::new();
    let first = judgement.reasons.iter().filter(|reason| told.insert(reason.rule.code));
    first.map(|reason| context.catalog.message(reason)).collect()
}

/// A policy in a cell, and what tone it deserves.
fn shown(requested: &Requested) -> (String, Tone) {
    let tone = match requested.applied {
        Policy::None => Tone::Bad,
        Policy::Quarantine => Tone::Care,
        _ => Tone::Good,
    };
    let mut text = requested.policy.as_str().to_owned();
    if requested.applied != requested.policy {
        text.push_str(&format!(" (t=y: {})", requested.applied.as_str()));
    }
    if let Some(pct) = requested.pct.filter(|pct| *pct < 100) {
        text.push_str(&format!(" ({pct}%)"));
    }
    (text, tone)
}
