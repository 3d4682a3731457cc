//! What the world publishes, and what SPF and DKIM make of it.

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;

use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Evaluation, Facts, Step};
use dmarc_core::limits::Limits;
use dmarc_core::spf::{CheckHost, SpfResult};

/// A key of 2048 bits that nobody has the other half of.
const KEY: &str = "v=DKIM1; k=rsa; p=\
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAkzqKEN6Sp7ErWakaQ4iqToBqE2fm10TdPiEu0tpgSSpQSYufC0nd\
    z3eN0kSViA1IOfv5XPTojrHOj+3gRjuN4KY1Klrmi/+ui/BAAzsUrnrruwLUvonl9my/5tv1yr8l5d02SICqkSHqrrPA6NyB\
    Ixk4xjMOG0qBtInpSyOauivy2FyJE5ybvFDAzSMQLCkJ5FCG4jxVK/O3SG6BfJubO4OPhAoBiIJrLENPgP7a9PiKieA5qgiS\
    SceSqttt5aFtY7MimAdeJqxGarkTtC5Ls9lioOtUjUedH92/lpmDpZyCha7+Gd6y/KecLC51aYP1n2lS3iG+KFv21sUezUOI\
    UQIDAQAB";

/// TXT records of every name that anybody in the world asks for.
#[derive(Clone, Default)]
pub(crate) struct Dns {
    texts: BTreeMap<String, Vec<String>>,
    known: HashMap<(IpAddr, String), &'static str>,
    facts: Option<Facts>,
}

impl Dns {
    pub(crate) fn publish(&mut self, name: &str, text: String) {
        if self.text(name) != Some(text.as_str()) {
            self.texts.insert(name.to_owned(), vec![text]);
            self.forget();
        }
    }

    pub(crate) fn publish_key(&mut self, domain: &str, selector: &str) {
        self.publish(&key_name(domain, selector), KEY.to_owned());
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.texts.remove(name);
        self.forget();
    }

    pub(crate) fn remove_key(&mut self, domain: &str, selector: &str) {
        self.remove(&key_name(domain, selector));
    }

    pub(crate) fn has_key(&self, domain: &str, selector: &str) -> bool {
        self.texts.contains_key(&key_name(domain, selector))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.texts.get(name)?.first().map(String::as_str)
    }

    fn forget(&mut self) {
        self.known.clear();
        self.facts = None;
    }

    /// The result of SPF for a client that says `MAIL FROM` with this domain.
    pub(crate) fn spf(&mut self, ip: IpAddr, domain: &str) -> &'static str {
        if let Some(known) = self.known.get(&(ip, domain.to_owned())) {
            return known;
        }
        let facts = self.facts.get_or_insert_with(|| facts(&self.texts)).clone();
        let check = CheckHost::mail_from(ip, format!("sender@{domain}"), domain);
        let result = match Evaluation::with_facts(check, facts, Limits::default()).step() {
            Step::Done(found) => found.result.map_or("none", SpfResult::as_str),
            Step::Ask(questions) => unreachable!("a complete snapshot was asked {questions:?}"),
        };
        self.known.insert((ip, domain.to_owned()), result);
        result
    }

    /// All of it, as the command line reads it.
    pub(crate) fn snapshot(&self) -> String {
        snapshot(&self.texts)
    }
}

fn key_name(domain: &str, selector: &str) -> String {
    format!("{selector}._domainkey.{domain}")
}

fn snapshot(texts: &BTreeMap<String, Vec<String>>) -> String {
    let names: BTreeMap<&str, _> =
        texts.iter().map(|(name, texts)| (name.as_str(), serde_json::json!({ "TXT": texts }))).collect();
    serde_json::json!({ "complete": true, "names": names }).to_string()
}

fn facts(texts: &BTreeMap<String, Vec<String>>) -> Facts {
    Facts::from_snapshot(Snapshot::from_json(snapshot(texts), &Limits::default()).expect("a snapshot"))
}
