//! Which DKIM keys signed the mail of a domain, summed over reports.
//!
//! Anybody can write any domain and selector into a signature that fails. Only mail that passed DMARC counts:
//! its sender is one that the domain knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::DomainName;
use crate::report::aggregate::{Head, Record};

/// Keys that are counted per report, and per policy domain; senders use a handful, rotation some dozens.
const KEYS: usize = 500;
/// Signatures of one message that are counted.
const SIGNATURES: usize = 50;
/// Longest domain or selector that is kept, in octets: no name is longer.
const TEXT: usize = crate::name::MAX_NAME;

/// A key by which mail was signed that passed DMARC.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Signer {
    /// Domain of the signature (`d=`).
    pub domain: DomainName,
    /// Selector of the key (`s=`).
    pub selector: DomainName,
    /// Messages.
    pub messages: u64,
    /// First second of the first report that names it, in epoch seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
    /// Last second of the last report that names it, in epoch seconds.
    pub last: Option<i64>,
}

/// Keys per policy domain.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Signers {
    domains: BTreeMap<DomainName, BTreeMap<(DomainName, DomainName), Sum>>,
}

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Sum {
    messages: u64,
    first: Option<i64>,
    last: Option<i64>,
}

impl Signers {
    /// Adds the keys of a report, whose head is whole by now.
    pub(super) fn take(&mut self, head: &Head, report: ReportSigners) {
        let policy_domain = head.policy.as_ref().and_then(|policy| policy.domain.as_deref());
        let Some(policy_domain) = policy_domain.and_then(|name| DomainName::parse(name).ok()) else { return };
        let end = head.metadata.as_ref().and_then(|metadata| metadata.end.as_ref()?.time);
        let last = end.map(|end| end.0.saturating_sub(1));
        let begin = head.metadata.as_ref().and_then(|metadata| metadata.begin.as_ref()?.time);
        let first = begin.map(|begin| begin.0);
        for (domain, selectors) in report.domains {
            // Others sign for the domain too; their keys are not its own.
            let Ok(domain) = DomainName::parse(&domain) else { continue };
            if !domain.is_within(&policy_domain) {
                continue;
            }
            let into = self.domains.entry(policy_domain.clone()).or_default();
            for (selector, messages) in selectors {
                let Ok(selector) = DomainName::parse(&selector) else { continue };
                let key = (domain.clone(), selector);
                if into.len() >= KEYS && !into.contains_key(&key) {
                    continue;
                }
                let sum = into.entry(key).or_default();
                sum.messages = sum.messages.saturating_add(messages);
                sum.first = [sum.first, first].into_iter().flatten().min();
                sum.last = sum.last.max(last);
            }
        }
    }

    /// Those of a domain and of the names below it, the one with most messages first.
    #[must_use]
    pub fn of(&self, domain: &DomainName) -> Vec<Signer> {
        let mut all: BTreeMap<&(DomainName, DomainName), Sum> = BTreeMap::new();
        let within = self.domains.values().flatten().filter(|((signer, _), _)| signer.is_within(domain));
        for (key, sum) in within {
            let into = all.entry(key).or_default();
            into.messages = into.messages.saturating_add(sum.messages);
            into.first = [into.first, sum.first].into_iter().flatten().min();
            into.last = into.last.max(sum.last);
        }
        let signer = |((domain, selector), sum): (&(DomainName, DomainName), Sum)| Signer {
            domain: domain.clone(),
            selector: selector.clone(),
            messages: sum.messages,
            first: sum.first,
            last: sum.last,
        };
        let mut signers: Vec<Signer> = all.into_iter().map(signer).collect();
        signers.sort_by_key(|signer| std::cmp::Reverse(signer.messages));
        signers.truncate(KEYS);
        signers
    }
}

/// The keys of the report that is being read, as written.
#[derive(Debug, Default)]
pub(crate) struct ReportSigners {
    domains: BTreeMap<String, BTreeMap<String, u64>>,
    keys: usize,
}

impl ReportSigners {
    /// Domain, selector and messages of each, as written.
    pub(crate) fn signed(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        self.domains.iter().flat_map(|(domain, selectors)| {
            selectors.iter().map(move |(selector, messages)| (domain.as_str(), selector.as_str(), *messages))
        })
    }

    /// Counts the signatures of a record.
    pub(super) fn add(&mut self, record: &Record) {
        let Some(results) = record.auth_results.as_ref().filter(|results| !results.dkim.is_empty()) else {
            return;
        };
        if record.dmarc_pass() != Some(true) {
            return;
        }
        let messages = record.messages().unwrap_or_default();
        for (index, result) in results.dkim.iter().take(SIGNATURES).enumerate() {
            let (Some(domain), Some(selector)) = (result.domain.as_deref(), result.selector.as_deref())
            else {
                continue;
            };
            // A message counts once per key, however often it was signed with it.
            let again = results.dkim.iter().take(index);
            if again.rev().any(|one| one.domain == result.domain && one.selector == result.selector) {
                continue;
            }
            self.count(domain, selector, messages);
        }
    }

    fn count(&mut self, domain: &str, selector: &str, messages: u64) {
        if let Some(sum) = self.domains.get_mut(domain).and_then(|selectors| selectors.get_mut(selector)) {
            *sum = sum.saturating_add(messages);
        } else if self.keys < KEYS && domain.len() <= TEXT && selector.len() <= TEXT {
            self.keys += 1;
            let selectors = self.domains.entry(domain.to_owned()).or_default();
            selectors.insert(selector.to_owned(), messages);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::report::batch::{Input, read};

    /// A report on `example.com` with a record for each verdict and its signatures.
    fn report(id: &str, records: &[(&str, &[(&str, &str)])]) -> String {
        let record = |(verdict, signatures): &(&str, &[(&str, &str)])| {
            let signature = |(domain, selector): &(&str, &str)| {
                format!(
                    "<dkim><domain>{domain}</domain><selector>{selector}</selector><result>pass</result></dkim>"
                )
            };
            let signatures: String = signatures.iter().map(signature).collect();
            format!(
                "<record><row><source_ip>192.0.2.1</source_ip><count>2</count><policy_evaluated><dkim>{verdict}</dkim>\
                 <spf>fail</spf></policy_evaluated></row><auth_results>{signatures}</auth_results></record>"
            )
        };
        let records: String = records.iter().map(record).collect();
        format!(
            "<feedback><report_metadata><report_id>{id}</report_id><date_range><begin>1790000000</begin>\
             <end>1790086400</end></date_range></report_metadata><policy_published><domain>example.com</domain>\
             </policy_published>{records}</feedback>"
        )
    }

    fn signers(reports: &[String]) -> Vec<(String, u64)> {
        let inputs = reports.iter().map(|report| Input::new("report.xml", report.as_bytes()));
        let batch = read(inputs, &Limits::default());
        let signers = batch.signers.of(&"example.com".parse().unwrap());
        let shown = |one: Signer| (format!("{}/{}", one.selector, one.domain), one.messages);
        signers.into_iter().map(shown).collect()
    }

    #[test]
    fn keys_of_the_domain_are_summed_over_reports_but_not_over_duplicates() {
        let one = report("1", &[("pass", &[("Example.COM.", "s1"), ("esp.test", "x")])]);
        let two = report(
            "2",
            &[("pass", &[("example.com", "s1"), ("example.com", "s1"), ("a.example.com", "s2")])],
        );
        let expected = [("s1/example.com".to_owned(), 4), ("s2/a.example.com".to_owned(), 2)];
        assert_eq!(signers(&[one.clone(), two.clone(), one, two]), expected);
    }

    #[test]
    fn mail_that_fails_names_no_key() {
        assert_eq!(signers(&[report("1", &[("fail", &[("example.com", "forged")])])]), []);
    }

    #[test]
    fn a_report_that_names_many_keys_is_bounded() {
        let names: Vec<String> = (0..20).map(|number| format!("s{number}")).collect();
        let many: Vec<Vec<(&str, &str)>> =
            (0..50).map(|_| names.iter().map(|name| ("example.com", name.as_str())).collect()).collect();
        let domains: Vec<String> = (0..50).map(|number| format!("d{number}.example.com")).collect();
        let many: Vec<(&str, Vec<(&str, &str)>)> = many
            .into_iter()
            .zip(&domains)
            .map(|(keys, domain)| {
                ("pass", keys.into_iter().map(|(_, name)| (domain.as_str(), name)).collect())
            })
            .collect();
        let records: Vec<(&str, &[(&str, &str)])> =
            many.iter().map(|(verdict, keys)| (*verdict, keys.as_slice())).collect();
        assert_eq!(signers(&[report("1", &records)]).len(), KEYS);
    }
}
