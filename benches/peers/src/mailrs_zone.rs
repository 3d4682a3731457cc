//! The zone as a resolver of mailrs-spf.

use std::collections::HashMap;
use std::net::IpAddr;

use async_trait::async_trait;
use dmarc_core::dns::{Record, RecordType, Snapshot};
use dmarc_core::evaluation::{Answer, Facts, Question};
use mailrs_spf::{SpfError, SpfResolver};

/// Answers by name; what is not there is an empty answer.
#[derive(Default)]
pub(crate) struct Zone {
    texts: HashMap<String, Vec<String>>,
    addresses: [HashMap<String, Vec<IpAddr>>; 2],
    hosts: HashMap<String, Vec<(u16, String)>>,
}

impl Zone {
    pub(crate) fn of(snapshot: &Snapshot) -> Result<Self, Box<dyn std::error::Error>> {
        let facts = Facts::from_snapshot(snapshot);
        let mut zone = Self::default();
        for text in snapshot.names.keys() {
            for record_type in [RecordType::Txt, RecordType::A, RecordType::Aaaa, RecordType::Mx] {
                let question = Question::dns(text.parse()?, record_type);
                let Some(Answer::Records(set)) = facts.look_up(&question) else { continue };
                for record in set.records {
                    zone.add(text.clone(), record)?;
                }
            }
        }
        Ok(zone)
    }

    fn add(&mut self, name: String, record: Record) -> Result<(), Box<dyn std::error::Error>> {
        let [ipv4, ipv6] = &mut self.addresses;
        match record {
            Record::A(address) => ipv4.entry(name).or_default().push(address.into()),
            Record::Aaaa(address) => ipv6.entry(name).or_default().push(address.into()),
            Record::Mx { preference, exchange } => {
                self.hosts.entry(name).or_default().push((preference, exchange.to_string()));
            }
            Record::Txt(strings) => {
                self.texts.entry(name).or_default().push(String::from_utf8(strings.concat())?);
            }
            _ => {}
        }
        Ok(())
    }
}

#[async_trait]
impl SpfResolver for Zone {
    async fn lookup_txt(&self, domain: &str) -> Result<Vec<String>, SpfError> {
        Ok(self.texts.get(domain).cloned().unwrap_or_default())
    }

    async fn lookup_a(&self, domain: &str) -> Result<Vec<IpAddr>, SpfError> {
        Ok(self.addresses[0].get(domain).cloned().unwrap_or_default())
    }

    async fn lookup_aaaa(&self, domain: &str) -> Result<Vec<IpAddr>, SpfError> {
        Ok(self.addresses[1].get(domain).cloned().unwrap_or_default())
    }

    async fn lookup_mx(&self, domain: &str) -> Result<Vec<(u16, String)>, SpfError> {
        Ok(self.hosts.get(domain).cloned().unwrap_or_default())
    }
}
