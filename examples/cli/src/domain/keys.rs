//! DKIM keys, names below the domain and where reports go, as a person reads them.

use dmarc_core::diagnostics::escape;
use dmarc_core::dkim::{Keys, Presence, PublicKey, State};
use dmarc_core::dmarc::external::Authorization;
use dmarc_core::name::DomainName;

use super::text::{Page, RECORD};
use crate::table::{Column, Rows, Tone, day};

impl Page<'_> {
    /// Keys at the selectors that are known.
    pub(super) fn keys(&self) -> String {
        let words = &self.texts.transport;
        let found = &self.report.keys;
        let mut text = self.heading("DKIM");
        text.push_str(&self.aside(match found.presence() {
            Presence::Present => words.key_present,
            Presence::Absent => words.key_absent,
            _ => words.key_open,
        }));
        if found.selectors.is_empty() {
            return text;
        }
        let columns = [
            (words.selector, Column::Text),
            (words.key, Column::Text),
            (words.state, Column::Text),
            (words.known_from, Column::Text),
        ];
        let mut rows = Rows::new(self.paint, &columns);
        for (name, keys) in &found.selectors {
            let selector = name.to_string();
            let key = keys.keys().find_map(|key| {
                let bits = key.public_key().map(PublicKey::bits)?;
                Some(format!("{} {bits}", key.kind()))
            });
            let (state, tone) = match (keys, keys.state()) {
                (_, Some(State::Usable)) => (words.key_usable, Tone::Good),
                (_, Some(State::Revoked)) => (words.key_revoked, Tone::Aside),
                (Keys::Failed(_) | Keys::NotKnown, _) => (words.dane_unknown, Tone::Aside),
                (Keys::NoData | Keys::NxDomain, _) => (words.key_none, Tone::Bad),
                _ => (words.key_unusable, Tone::Bad),
            };
            let from = self.known_from(name);
            rows.row([
                (selector.as_str(), Tone::Plain),
                (key.as_deref().unwrap_or("-"), Tone::Plain),
                (state, tone),
                (from.as_str(), Tone::Aside),
            ]);
        }
        text.push_str(&rows.text());
        text
    }

    /// Where a selector is known from.
    fn known_from(&self, selector: &DomainName) -> String {
        let words = &self.texts.transport;
        let Some(origin) = self.report.selectors.origins.get(selector) else { return String::new() };
        let word = |source: &'static str| match (source, origin.reports) {
            ("reports", Some((_, Some(last)))) => (words.known_by_reports)(&day(last).unwrap_or_default()),
            _ => (words.known_by)(source).to_owned(),
        };
        origin.words().into_iter().map(word).collect::<Vec<_>>().join(", ")
    }

    /// Where reports about the domain go, and what the hosts elsewhere say to that; nothing if there are none.
    pub(super) fn destinations(&self) -> String {
        let words = &self.texts.transport;
        if self.report.destinations.is_empty() {
            return String::new();
        }
        let columns =
            [(words.tag, Column::Text), (words.address, Column::Text), (words.accepted, Column::Text)];
        let mut rows = Rows::new(self.paint, &columns);
        for one in &self.report.destinations {
            let tone = match one.authorization {
                Authorization::SameOrganization | Authorization::Authorized => Tone::Good,
                Authorization::NotAuthorized | Authorization::OverrideElsewhere => Tone::Bad,
                _ => Tone::Aside,
            };
            let uri = escape(&one.uri, RECORD);
            let note = one.replacement.as_ref().map_or_else(String::new, |addresses| {
                (words.replaced)(&escape(&addresses.join(", "), RECORD))
            });
            let accepted = (words.authorization)(one.authorization.as_str());
            rows.noted_row([(one.tag, Tone::Plain), (uri.as_str(), Tone::Plain), (accepted, tone)], &note);
        }
        let mut text = format!("{}{}", self.heading(words.destinations), rows.text());
        // Ready to be copied, so a line of its own that is never broken.
        for (host, line) in
            self.report.destinations.iter().filter_map(|one| Some((&one.host, one.publish.as_ref()?)))
        {
            text.push_str(&self.aside(&(words.publish)(host.as_str())));
            text.push_str(&self.aside(&format!("  {line}")));
        }
        text
    }

    /// Names below the domain; nothing if there are none.
    pub(super) fn subdomains(&self) -> String {
        let words = &self.texts.transport;
        if self.report.subdomains.is_empty() {
            return String::new();
        }
        let mut rows = Rows::new(
            self.paint,
            &[
                (words.subdomain, Column::Text),
                (self.texts.domain.policy, Column::Text),
                ("SPF", Column::Text),
                (words.takes_mail, Column::Text),
            ],
        );
        for one in &self.report.subdomains {
            let name = one.name.to_string();
            let policy = one.discovered.policy().map_or("-", |policy| policy.policy.as_str());
            let spf = match one.lacks_spf() {
                Some(true) => (words.no, Tone::Bad),
                Some(false) => (words.yes, Tone::Good),
                None => ("?", Tone::Aside),
            };
            let takes = match one.mx.records() {
                Some(true) => words.yes,
                Some(false) => words.no,
                None => "-",
            };
            rows.row([(name.as_str(), Tone::Plain), (policy, Tone::Plain), spf, (takes, Tone::Plain)]);
        }
        format!("{}{}", self.heading(words.subdomains), rows.text())
    }
}
