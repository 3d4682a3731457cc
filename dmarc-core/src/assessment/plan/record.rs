//! The DMARC record of the next stage, made from the one that stands: what it says beside its policy is kept, and
//! repaired where a repair is clearly meant.

use std::collections::BTreeMap;

use crate::dmarc::{Edition, Policy, Record, RecordBuilder, Verdict};
use crate::text::lossy;

use super::stage::Stage;

/// Rounds of fixes; one mends what another hid.
const ROUNDS: usize = 8;
/// Tags that a stage decides.
const DECIDED: [&str; 6] = ["v", "p", "sp", "np", "pct", "t"];
/// Tags that are kept, in the order in which they are written.
const KEPT: [&str; 7] = ["psd", "adkim", "aspf", "rua", "ruf", "fo", "ri"];

/// What a record says beside its policy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Kept {
    tags: BTreeMap<&'static str, String>,
    /// Tags that nobody knows, as they stand.
    further: Vec<(String, String)>,
}

impl Kept {
    /// What a text says, after the fixes that are clearly meant; nothing if it is no record even then.
    pub(super) fn of(octets: &[u8], edition: Edition) -> Self {
        let mended = mended(octets, edition);
        let Some(record) = Record::read(&mended, edition) else { return Self::default() };
        let mut kept = Self::default();
        for tag in record.tags() {
            let name = tag.name.to_ascii_lowercase();
            if DECIDED.contains(&name.as_str()) {
                continue;
            }
            match KEPT.iter().find(|known| **known == name) {
                Some(known) => {
                    let value = match *known {
                        "rua" => addresses(&tag.value, record.rua().iter().map(|uri| uri.uri.as_str())),
                        "ruf" => addresses(&tag.value, record.ruf().iter().map(|uri| uri.uri.as_str())),
                        _ => Some(tag.value.clone()).filter(|value| is_valid(known, value)),
                    };
                    kept.tags.remove(known);
                    kept.tags.extend(value.map(|value| (*known, value)));
                }
                // `rf` has one value, which is the default.
                None if name == "rf" => {}
                None if kept.further.iter().all(|(known, _)| *known != tag.name) => {
                    kept.further.push((tag.name.clone(), tag.value.clone()));
                }
                None => {}
            }
        }
        kept
    }

    /// What several records say: each tag of the first that has it, and all their addresses.
    pub(super) fn of_all(texts: &[Vec<u8>], edition: Edition) -> Self {
        texts.iter().map(|text| Self::of(text, edition)).fold(Self::default(), |mut sum, one| {
            for (name, value) in one.tags {
                match sum.tags.get_mut(name) {
                    None => {
                        sum.tags.insert(name, value);
                    }
                    Some(known) if matches!(name, "rua" | "ruf") => {
                        let new: Vec<&str> = value
                            .split(',')
                            .filter(|uri| !known.split(',').any(|have| have == *uri))
                            .collect();
                        let new: String = new.iter().map(|uri| format!(",{uri}")).collect();
                        known.push_str(&new);
                    }
                    Some(_) => {}
                }
            }
            for (name, value) in one.further {
                if sum.further.iter().all(|(known, _)| *known != name) {
                    sum.further.push((name, value));
                }
            }
            sum
        })
    }

    /// Where aggregate reports go.
    pub(super) fn rua(&self) -> Option<&str> {
        self.tags.get("rua").map(String::as_str)
    }

    /// Sends aggregate reports to an address; what is none changes nothing.
    pub(super) fn send_to(&mut self, address: &str) {
        let built = RecordBuilder::new(Edition::Rfc9989, Policy::None).rua(address).build();
        let uri = built.ok().and_then(|built| Some(built.text().split_once("rua=")?.1.to_owned()));
        if let Some(uri) = uri {
            self.tags.insert("rua", uri);
        }
    }

    /// Without what says something of another name's place.
    pub(super) fn of_another(mut self) -> Self {
        self.tags.remove("psd");
        self
    }

    /// Leaves out what a public suffix must not publish (RFC 9991, 2).
    pub(super) fn without_ruf(&mut self) {
        self.tags.remove("ruf");
        self.tags.remove("fo");
    }

    /// The record of a stage. `sp` and `np` are written where they differ from what they default to.
    pub(super) fn at(&self, stage: &Stage, sp: Option<Policy>, np: Option<Policy>) -> String {
        let mut text = format!("v=DMARC1; p={}", stage.policy.as_str());
        let mut tag = |name: &str, value: &str| text.push_str(&format!("; {name}={value}"));
        let below = sp.unwrap_or(stage.policy);
        if below != stage.policy {
            tag("sp", below.as_str());
        }
        if let Some(np) = np.filter(|np| *np != below) {
            tag("np", np.as_str());
        }
        if stage.test {
            tag("t", "y");
        }
        if stage.pct < 100 {
            tag("pct", &stage.pct.to_string());
        }
        for name in KEPT {
            if let Some(value) = self.tags.get(name) {
                tag(name, value);
            }
        }
        for (name, value) in &self.further {
            tag(name, value);
        }
        text
    }
}

/// Applies every fix, then those that this made visible.
fn mended(octets: &[u8], edition: Edition) -> Vec<u8> {
    let mut text = octets.to_vec();
    for _ in 0..ROUNDS {
        let found = Record::parse(&text, edition).diagnostics;
        let Some(fix) = found.iter().find_map(|one| one.fix.as_ref().filter(|fix| fix.apply(&text) != text))
        else {
            break;
        };
        text = fix.apply(&text);
    }
    text
}

/// The addresses that count: as written if all do.
fn addresses<'a>(written: &str, valid: impl Iterator<Item = &'a str>) -> Option<String> {
    let valid: Vec<&str> = valid.collect();
    let count = written.split(',').filter(|part| !part.trim().is_empty()).count();
    if valid.is_empty() {
        return None;
    }
    let whole: Vec<&str> = written.split(',').map(str::trim).collect();
    Some(if count == valid.len() && whole.len() == count { whole.join(",") } else { valid.join(",") })
}

fn is_valid(name: &str, value: &str) -> bool {
    // Whichever edition knows it.
    [Edition::Rfc9989, Edition::Rfc7489].into_iter().any(|edition| {
        RecordBuilder::from_tags(edition, [(name, vec![value.to_owned()])])
            .is_ok_and(|builder| builder.build().is_ok())
    })
}

/// Whether a text asks receivers for the same as another, under both editions.
pub(super) fn is_same(one: &[u8], other: &str) -> bool {
    [Edition::Rfc9989, Edition::Rfc7489].into_iter().all(|edition| {
        let read = |octets: &[u8]| {
            let record = Record::read(octets, edition)?;
            (record.verdict() == Verdict::Usable).then(|| record.effective().cloned()).flatten()
        };
        read(one).is_some_and(|values| Some(values) == read(other.as_bytes()))
    })
}

/// A record as it is shown.
pub(super) fn shown(octets: &[u8]) -> String {
    lossy(octets)
}

#[cfg(test)]
mod tests {
    use super::super::stage::ladder;
    use super::*;

    fn at(text: &str, edition: Edition, index: usize) -> String {
        Kept::of(text.as_bytes(), edition).at(&ladder(edition)[index], None, None)
    }

    #[test]
    fn what_stands_beside_the_policy_is_kept() {
        let text = "v=DMARC1; p=none; adkim=s; rua=mailto:a@example.com!10m, mailto:b@example.net; fo=1; x=y; \
                    ruf=mailto:c@example.com; ri=3600";
        assert_eq!(
            at(text, Edition::Rfc9989, 1),
            "v=DMARC1; p=quarantine; t=y; adkim=s; rua=mailto:a@example.com!10m,mailto:b@example.net; \
             ruf=mailto:c@example.com; fo=1; ri=3600; x=y"
        );
        assert_eq!(at("v=DMARC1; p=none", Edition::Rfc7489, 1), "v=DMARC1; p=quarantine; pct=10");
    }

    #[test]
    fn what_is_meant_is_repaired_and_what_is_not_is_dropped() {
        let text =
            "v=DMARC1; p=quarantaine; apsf=s; adkim=x; rua=mailto:a@example.com, b@example.com; fo=0:1";
        let record = at(text, Edition::Rfc9989, 0);
        assert!(record.starts_with("v=DMARC1; p=none; aspf=s; rua=mailto:a@example.com"), "{record}");
        assert!(Record::parse(&record, Edition::Rfc9989).into_result().is_ok(), "{record}");
        assert_eq!(at("nothing", Edition::Rfc9989, 0), "v=DMARC1; p=none");
    }

    #[test]
    fn addresses_of_several_records_are_joined() {
        let texts = [
            b"v=DMARC1; p=none; rua=mailto:a@example.com".to_vec(),
            b"v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com".to_vec(),
        ];
        let kept = Kept::of_all(&texts, Edition::Rfc9989);
        assert_eq!(kept.rua(), Some("mailto:a@example.com,mailto:b@example.com"));
    }
}
