//! The selectors of a domain that somebody named: the operator, a message, or reports.
//!
//! Each costs a question, and tells a name server which mail its asker saw. So their number is limited: those
//! of the operator come first, then those of messages, then those of reports by their messages.

use std::collections::BTreeMap;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::diagnostics::Diagnostic;
use crate::dkim::rules::NO_KEY_AT_SELECTOR;
use crate::dkim::{Selectors, Signature, key_name};
use crate::dmarc::SIGNATURES;
use crate::message;
use crate::name::DomainName;
use crate::time::UnixTime;

use super::context::Context;
use super::reports::ReportState;
use super::rules::{SEEN_KEY_GONE, SELECTORS_LEFT_OUT};

/// Selectors that are asked for.
const SELECTORS: usize = 50;
/// Messages that are read; a check of one domain needs one of each of its senders.
const MESSAGES: usize = 1_000;

/// The key that a signature names.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize, Deserialize)]
pub struct SigningKey {
    /// Domain of the signature (`d=`).
    pub domain: DomainName,
    /// Selector of the key (`s=`).
    pub selector: DomainName,
}

impl SigningKey {
    /// The keys that the signatures of a message name, each once. Its header is enough; nothing is verified.
    ///
    /// ```
    /// use dmarc_core::assessment::SigningKey;
    ///
    /// let keys = SigningKey::of_message(b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=mail; b=\r\n\r\n");
    /// assert_eq!(keys[0].selector.as_str(), "mail");
    /// ```
    #[must_use]
    pub fn of_message(octets: &[u8]) -> Vec<Self> {
        let fields = message::fields(octets);
        let signatures = fields.iter().filter(|field| field.is("DKIM-Signature")).take(SIGNATURES);
        let key = |field: &message::Field| {
            let signature = Signature::parse(field.value.trim_ascii()).value?;
            Some(Self { domain: signature.domain()?.clone(), selector: signature.selector()?.clone() })
        };
        let mut keys: Vec<Self> = signatures.filter_map(key).collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// Deserializes messages as the keys that their signatures name.
pub(super) fn of_messages<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SigningKey>, D::Error> {
    let messages = Vec::<String>::deserialize(deserializer)?;
    if messages.len() > MESSAGES {
        return Err(D::Error::custom(format!("more than {MESSAGES} messages")));
    }
    Ok(messages.iter().flat_map(|message| SigningKey::of_message(message.as_bytes())).collect())
}

/// Where a selector is known from.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Origin {
    /// The operator named it.
    pub context: bool,
    /// A message was signed with it.
    pub messages: bool,
    /// Reports say so: of how many messages, and until when, in epoch seconds.
    pub reports: Option<(u64, Option<i64>)>,
}

impl Origin {
    /// `context`, `messages` and `reports`: those that hold.
    #[must_use]
    pub fn words(&self) -> Vec<&'static str> {
        let all =
            [(self.context, "context"), (self.messages, "messages"), (self.reports.is_some(), "reports")];
        all.into_iter().filter(|(holds, _)| *holds).map(|(_, word)| word).collect()
    }
}

/// The selectors that are asked for, and how many are not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Known {
    /// Each selector, with where it is known from.
    pub origins: BTreeMap<DomainName, Origin>,
    /// Selectors beyond the limit.
    pub left_out: usize,
}

impl Known {
    pub(super) fn of(domain: &DomainName, context: &Context, reports: Option<&ReportState>) -> Self {
        let mut known = Self::default();
        for selector in &context.selectors {
            known.note(selector, |origin| origin.context = true);
        }
        for key in context.signed.iter().filter(|key| key.domain == *domain) {
            known.note(&key.selector, |origin| origin.messages = true);
        }
        let signers = reports.map(|state| state.signers.as_slice()).unwrap_or_default();
        for signer in signers.iter().filter(|signer| signer.domain == *domain) {
            known.note(&signer.selector, |origin| origin.reports = Some((signer.messages, signer.last)));
        }
        known
    }

    fn note(&mut self, selector: &DomainName, mark: impl FnOnce(&mut Origin)) {
        if self.origins.len() >= SELECTORS && !self.origins.contains_key(selector) {
            self.left_out = self.left_out.saturating_add(1);
            return;
        }
        mark(self.origins.entry(selector.clone()).or_default());
    }

    /// What there is to say about the keys, each with the text that its span is about.
    ///
    /// A selector that only mail knows may have been retired since: then a missing key is no mistake.
    pub(super) fn findings(&self, keys: &Selectors) -> Vec<(Diagnostic, Vec<u8>)> {
        let retired: Vec<String> = self
            .origins
            .iter()
            .filter(|(_, origin)| !origin.context)
            .filter_map(|(selector, _)| Some(key_name(selector, &keys.domain)?.to_string()))
            .collect();
        let mut found = keys.findings();
        for (one, _) in &mut found {
            let name = one.subject.as_ref().and_then(|subject| subject.name.clone());
            if let Some(name) = name.filter(|name| one.rule == &NO_KEY_AT_SELECTOR && retired.contains(name))
            {
                let diagnostic = SEEN_KEY_GONE.anywhere().arg("name", name);
                *one = Diagnostic { subject: one.subject.take(), ..diagnostic };
            }
        }
        if self.left_out > 0 {
            let diagnostic = SELECTORS_LEFT_OUT.anywhere().arg("count", self.left_out);
            found.push((diagnostic.arg("limit", SELECTORS), Vec::new()));
        }
        found
    }

    /// The keys of the view, each with where its selector is known from.
    pub(super) fn view(&self, keys: &Selectors) -> Value {
        let mut view = keys.keys_view();
        for (at, (selector, _)) in keys.selectors.iter().enumerate() {
            let origin = self.origins.get(selector).cloned().unwrap_or_default();
            let reported = origin.reports.map(|(messages, last)| {
                json!({ "messages": messages, "last_day": last.map(|last| UnixTime(last).day()) })
            });
            view["selectors"][at]["sources"] = json!(origin.words());
            view["selectors"][at]["reported"] = json!(reported);
        }
        view["left_out"] = self.left_out.into();
        view
    }
}
