//! A key record as the JSON that all languages show.

use std::collections::BTreeMap;

use serde::Serialize;

use super::key::{Key, Name, State};
use super::material::PublicKey;

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
