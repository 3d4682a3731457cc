//! What a caller saw when it connected to mail hosts. Probing stays with the caller; here it is read.
//!
//! ```json
//! { "mx.example.com": { "starttls": true, "protocol": "TLSv1.3", "certificates": ["MIIB…", "MIIB…"] } }
//! ```
//!
//! Certificates are DER in base64 or PEM, that of the host first. What cannot be read is left out, and said.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::Deserialize;
use serde_json::Value;

use crate::name::DomainName;
use crate::transport::certificate::Certificate;

/// Certificates of a chain that are read; real ones have under five.
const CHAIN: usize = 20;
/// Hosts that are read.
const HOSTS: usize = 100;

/// What was seen at one host.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Observation {
    /// Whether it offers STARTTLS; `None` if nobody looked.
    pub starttls: Option<bool>,
    /// The version of TLS that was agreed on, in the words of whoever looked.
    pub protocol: Option<String>,
    /// Its certificates, its own first.
    pub chain: Vec<Certificate>,
}

/// What was seen, by host.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Observations {
    hosts: BTreeMap<DomainName, Observation>,
    /// What could not be read: which host, and why.
    pub unreadable: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Written {
    #[serde(default)]
    starttls: Option<bool>,
    #[serde(default)]
    protocol: Option<String>,
    #[serde(default)]
    certificates: Vec<String>,
}

impl Observations {
    /// Reads what the `smtp` key of a snapshot or request holds.
    #[must_use]
    pub fn read(value: Option<&Value>) -> Self {
        let mut found = Self::default();
        let Some(value) = value else { return found };
        let Value::Object(hosts) = value else {
            found.unreadable.push(("smtp".to_owned(), "not an object of hosts".to_owned()));
            return found;
        };
        for (host, seen) in hosts.iter().take(HOSTS) {
            let reason = match (DomainName::parse(host), Written::deserialize(seen)) {
                (Err(error), _) => error.to_string(),
                (_, Err(error)) => error.to_string(),
                (Ok(name), Ok(written)) => match chain(&written.certificates) {
                    Err(reason) => reason,
                    Ok(chain) => {
                        let Written { starttls, protocol, .. } = written;
                        found.hosts.insert(name, Observation { starttls, protocol, chain });
                        continue;
                    }
                },
            };
            found.unreadable.push((host.clone(), reason));
        }
        found
    }

    /// What was seen at a host.
    #[must_use]
    pub fn of(&self, host: &DomainName) -> Option<&Observation> {
        self.hosts.get(host)
    }
}

fn chain(texts: &[String]) -> Result<Vec<Certificate>, String> {
    let one = |text: &String| {
        let body: String = text
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .flat_map(str::chars)
            .filter(|character| !character.is_ascii_whitespace())
            .collect();
        let der = BASE64.decode(body).map_err(|error| format!("certificate: {error}"))?;
        Certificate::from_der(&der).map_err(|error| error.to_string())
    };
    texts.iter().take(CHAIN).map(one).collect()
}
