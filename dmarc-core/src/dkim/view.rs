//! A key record as the JSON that all languages show.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::diagnostics::{Catalog, Parsed, View};
use crate::evaluation::Cost;
use crate::name::DomainName;
use crate::text::lossy;

use super::key::{Key, State};
use super::material::PublicKey;
use super::selector::{Keys, Selectors, key_name};
use super::tags::Tag;
use super::words::Name;

/// Each tag as written; null where it is absent.
#[derive(Serialize)]
pub(crate) struct Published<'a> {
    v: Option<&'a str>,
    k: Option<&'a str>,
    p: Option<&'a str>,
    h: Option<&'a str>,
    s: Option<&'a str>,
    t: Option<&'a str>,
    n: Option<&'a str>,
    /// Tags that key records do not have.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    other: BTreeMap<&'a str, &'a str>,
}

/// What a verifier acts on.
#[derive(Serialize)]
pub(crate) struct Effective<'a> {
    k: &'a str,
    bits: usize,
    exponent: Option<u64>,
    form: Option<&'static str>,
    h: Option<Vec<&'a str>>,
    s: Vec<&'a str>,
    testing: bool,
    strict: bool,
    n: Option<&'a str>,
}

impl Selectors {
    /// `dmarc-check/dkim/1`, with the sentences of `catalog`.
    #[must_use]
    pub fn view(&self, cost: Cost, catalog: &Catalog) -> Value {
        let found = self.findings();
        let mut view = self.keys_view();
        view["schema"] = json!("dmarc-check/dkim/1");
        view["domain"] = json!(self.domain);
        view["domainkey"] =
            json!({ "name": format!("_domainkey.{}", self.domain), "status": self.above.status() });
        view["diagnostics"] = found.iter().map(|(one, text)| json!(View::new(one, catalog, text))).collect();
        view["questions"] = json!({ "rounds": cost.rounds, "asked": cost.asked });
        view
    }

    /// The keys, as they also stand in the view of a domain.
    pub(crate) fn keys_view(&self) -> Value {
        let shown = |(selector, keys): &(DomainName, Keys)| {
            at_selector(selector, key_name(selector, &self.domain).as_ref(), keys)
        };
        json!({
            "presence": self.presence().as_str(),
            "selectors": self.selectors.iter().map(shown).collect::<Vec<_>>(),
            "wildcard": {
                "name": format!("*._domainkey.{}", self.domain),
                "status": self.wildcard.status(),
                "state": self.wildcard.state().map(State::as_str),
            },
        })
    }
}

fn at_selector(selector: &DomainName, name: Option<&DomainName>, keys: &Keys) -> Value {
    let records = match keys {
        Keys::Records(records) => Some(records),
        _ => None,
    };
    let record = |(text, parsed): &(Vec<u8>, Parsed<Key>)| {
        let key = parsed.value.as_ref();
        let (published, effective) = key.map(views).unzip();
        json!({
            "text": lossy(text),
            "state": key.map(|key| key.state().as_str()),
            "published": published,
            "effective": effective.flatten(),
        })
    };
    json!({
        "selector": selector,
        "name": name,
        "status": keys.status(),
        "state": keys.state().map(State::as_str),
        "records": records.map(|records| records.iter().map(record).collect::<Vec<_>>()),
    })
}

/// Each tag as written.
pub(crate) fn tags_as_written(tags: &[Tag]) -> BTreeMap<&str, &str> {
    tags.iter().map(|tag| (tag.name.as_str(), tag.value.as_str())).collect()
}

/// What is written in a record, and what a verifier acts on if it can use it.
pub(crate) fn views(key: &Key) -> (Published<'_>, Option<Effective<'_>>) {
    let tag = |name: &str| key.tags().iter().find(|tag| tag.name == name).map(|tag| tag.value.as_str());
    let other = key
        .tags()
        .iter()
        .filter(|tag| !["v", "k", "p", "h", "s", "t", "n"].contains(&tag.name.as_str()))
        .map(|tag| (tag.name.as_str(), tag.value.as_str()))
        .collect();
    let published = Published {
        v: tag("v"),
        k: tag("k"),
        p: tag("p"),
        h: tag("h"),
        s: tag("s"),
        t: tag("t"),
        n: tag("n"),
        other,
    };
    let public_key = key.public_key().filter(|_| key.state() == State::Usable);
    let effective = public_key.map(|public_key| Effective {
        k: key.kind().as_str(),
        bits: public_key.bits(),
        exponent: match public_key {
            PublicKey::Rsa(rsa) => rsa.exponent,
            PublicKey::Ed25519(_) => None,
        },
        form: match public_key {
            PublicKey::Rsa(rsa) => Some(rsa.form.as_str()),
            PublicKey::Ed25519(_) => None,
        },
        h: key.hashes().map(|all| all.iter().map(Name::as_str).collect()),
        s: key.services().iter().map(Name::as_str).collect(),
        testing: key.flags().contains(&super::Flag::Testing),
        strict: key.flags().contains(&super::Flag::Strict),
        n: key.notes(),
    });
    (published, effective)
}
