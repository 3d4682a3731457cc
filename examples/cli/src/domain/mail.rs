//! The way that mail takes, as a person reads it.

use std::fmt::Write as _;

use dmarc_core::assessment::{Chosen, Fetched, Found, MailHost};
use dmarc_core::diagnostics::escape;
use dmarc_core::text::lossy;
use dmarc_core::transport::mta_sts_policy::Mode;
use dmarc_core::transport::mx::Delivery;
use dmarc_core::transport::tlsa::{Dane, Shown};

use super::text::{Page, RECORD};
use crate::output::Paint;
use crate::table::{Column, Rows, Tone};

/// Addresses of a host that are shown.
const ADDRESSES: usize = 4;
/// Hosts of a policy that are shown.
const PATTERNS: usize = 20;
const DAY: u32 = 86_400;

impl Page<'_> {
    /// MX records with their hosts.
    pub(super) fn mail_hosts(&self) -> String {
        let words = &self.texts.domain;
        let transport = &self.texts.transport;
        let mail = &self.report.mail;
        let mut text = self.heading(words.mail_hosts);
        let name = self.report.domain.to_string();
        match (&mail.mx, mail.delivery) {
            (Found::Records(mx), _) if mx.is_null() => text.push_str(&self.aside(words.null_mx)),
            (_, Some(Delivery::Nowhere)) => text.push_str(&self.aside(transport.nowhere)),
            (_, Some(Delivery::Implicit)) => {
                text.push_str(&self.aside(transport.implicit));
                text.push_str(&self.hosts());
            }
            (Found::Records(_), _) => text.push_str(&self.hosts()),
            (other, _) => text.push_str(&self.without(other, words.no_mx, &name)),
        }
        if mail.hosts_left_out > 0 {
            text.push_str(&self.aside(&(transport.left_out)(&mail.hosts_left_out.to_string())));
        }
        let stance = (transport.stance)(self.report.sends.value, self.report.receives.value);
        text.push_str(&self.aside(&self.paint.paint(Paint::ASIDE, &format!("{name}: {stance}"))));
        text
    }

    fn hosts(&self) -> String {
        let words = &self.texts.transport;
        let mail = &self.report.mail;
        let seen = mail.hosts.iter().any(|host| self.report.observations.of(&host.host).is_some());
        let mut columns = vec![
            (words.preference, Column::Number),
            (words.host, Column::Text),
            (words.addresses, Column::Text),
            (words.dane, Column::Text),
        ];
        if seen {
            columns.push((words.starttls, Column::Text));
        }
        let mut rows = Rows::new(self.paint, &columns);
        for host in &mail.hosts {
            let exchanges = mail.mx.records().map(|mx| mx.exchanges.as_slice()).unwrap_or_default();
            let preference = exchanges.iter().find(|one| one.host == host.host);
            let preference = preference.map_or_else(|| "-".to_owned(), |one| one.preference.to_string());
            let name = host.host.to_string();
            let addresses = addresses(host);
            let (dane, tone) = self.dane(host);
            let mut cells = vec![
                (preference.as_str(), Tone::Plain),
                (name.as_str(), Tone::Plain),
                (addresses.as_str(), Tone::Plain),
                (dane, tone),
            ];
            if seen {
                let starttls = self.report.observations.of(&host.host).and_then(|seen| seen.starttls);
                cells.push(match starttls {
                    Some(true) => (words.yes, Tone::Good),
                    Some(false) => (words.no, Tone::Bad),
                    None => ("-", Tone::Aside),
                });
            }
            rows.row(cells);
        }
        rows.text()
    }

    fn dane(&self, host: &MailHost) -> (&'static str, Tone) {
        let words = &self.texts.transport;
        let names = [host.host.clone(), self.report.domain.clone()];
        let seen = self.report.observations.of(&host.host);
        let shown = seen.map(|seen| Shown { chain: &seen.chain, names: &names });
        let matched = host.tlsa.records().zip(shown.as_ref()).and_then(|(set, shown)| set.matches(shown));
        match host.dane() {
            Dane::Authenticated if matched == Some(false) => (words.no_match, Tone::Bad),
            Dane::Authenticated => (words.authenticated, Tone::Good),
            Dane::Encrypted => (words.encrypted, Tone::Care),
            Dane::Deferred => (words.deferred, Tone::Bad),
            Dane::Opportunistic => (words.opportunistic, Tone::Plain),
            _ => (words.dane_unknown, Tone::Aside),
        }
    }

    /// MTA-STS: the record, and what the policy asks.
    pub(super) fn mta_sts(&self) -> String {
        let words = &self.texts.transport;
        let sts = &self.report.mail.mta_sts;
        let mut text = self.heading("MTA-STS");
        text.push_str(&self.record(&sts.record, words.no_mta_sts));
        if sts.record.record.as_ref().is_some_and(|record| record.id().is_none()) {
            text.push_str(&self.aside(words.sts_unusable));
        }
        let sentence = match (&sts.fetched, sts.policy()) {
            (_, Some(policy)) => {
                let days = policy.max_age / DAY;
                let line = (words.sts_policy)(policy.mode.as_str(), days);
                text.push_str(&self.aside(&format!("{}: {line}", sts.url)));
                text.push_str(&self.aside((words.sts_mode)(policy.mode.as_str())));
                let patterns = policy.mx.iter().filter(|_| policy.mode != Mode::None).take(PATTERNS);
                for pattern in patterns {
                    let _always_fits = writeln!(text, "    {}", pattern.as_str());
                }
                return text;
            }
            (Some(Fetched::Response { status, .. }), _) if *status != 200 => {
                (words.sts_status)(&sts.url, *status)
            }
            (Some(Fetched::Response { .. }), _) => words.sts_unusable.to_owned(),
            (Some(Fetched::Failed(reason)), _) => (self.texts.domain.failed)(&sts.url, &escape(reason, 80)),
            (Some(Fetched::NotKnown), _) => (words.sts_not_fetched)(&sts.url),
            (None, _) => return text,
        };
        text.push_str(&self.aside(&sentence));
        text
    }

    /// The record that asks for TLS reports.
    pub(super) fn tls_rpt(&self) -> String {
        let words = &self.texts.transport;
        let chosen = &self.report.mail.tls_rpt;
        let mut text = self.heading("TLS-RPT");
        text.push_str(&self.record(chosen, words.no_tls_rpt));
        if chosen.record.as_ref().is_some_and(|record| record.rua().is_empty()) {
            text.push_str(&self.aside(words.tls_rpt_unusable));
        }
        text
    }

    fn record<T>(&self, chosen: &Chosen<T>, none: &str) -> String {
        let name = chosen.name.to_string();
        match (chosen.text(), &chosen.texts) {
            (Some(record), _) => {
                format!("  {name}\n  {}\n", escape(&lossy(record), RECORD))
            }
            (None, _) if chosen.indexes.len() > 1 => {
                self.aside(&(self.texts.domain.several)(&name, chosen.indexes.len()))
            }
            (None, Found::Records(_)) => self.aside(none),
            (None, other) => self.without(other, none, &name),
        }
    }
}

fn addresses(host: &MailHost) -> String {
    let all: Vec<String> = host.all_addresses().map(|address| address.to_string()).collect();
    match all.len() {
        0 => "-".to_owned(),
        count if count > ADDRESSES => {
            format!("{}, … ({count})", all.iter().take(ADDRESSES).cloned().collect::<Vec<_>>().join(", "))
        }
        _ => all.join(", "),
    }
}
