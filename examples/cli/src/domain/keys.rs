//! DKIM keys and names below the domain, as a person reads them.

use dmarc_core::dkim::{Keys, Presence, PublicKey, State};

use super::text::Page;
use crate::table::{Column, Rows, Tone};

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
        let columns =
            [(words.selector, Column::Text), (words.key, Column::Text), (words.state, Column::Text)];
        let mut rows = Rows::new(self.paint, &columns);
        for (selector, keys) in &found.selectors {
            let selector = selector.to_string();
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
            rows.row([
                (selector.as_str(), Tone::Plain),
                (key.as_deref().unwrap_or("-"), Tone::Plain),
                (state, tone),
            ]);
        }
        text.push_str(&rows.text());
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
